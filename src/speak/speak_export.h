#ifndef SPEAK_SPEAK_EXPORT_H
#define SPEAK_SPEAK_EXPORT_H
/* The room's part in an export: speak.json, what was posted from this computer, notes, and the numbers kept
 * for Help now. Letters are in no copy: they are gone after 14 days. */
#include "ui/room.h"

MUST bool speak_export(struct app *app, const char *dir, struct err *err);
#endif
