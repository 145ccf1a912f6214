#ifndef PAPERS_PAPERS_EXPORT_H
#define PAPERS_PAPERS_EXPORT_H
/* The room's part in an export: papers.json, what the reader said of papers, followed and took out. */
#include "ui/room.h"

MUST bool papers_export(struct app *app, const char *dir, struct err *err);
#endif
