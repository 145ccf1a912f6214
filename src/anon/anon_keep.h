#ifndef ANON_ANON_KEEP_H
#define ANON_ANON_KEEP_H
/* What keeping the data as a whole means for passes: they are in no copy, and are not used from one. */
#include "ui/room.h"

bool anon_start(struct app *app, struct err *err);
bool anon_doctor(struct app *app, struct findings *findings, struct err *err);
bool anon_copied(struct app *app, struct db *copy, struct err *err);
bool anon_restored(struct app *app, struct db *copy, struct err *err);
#endif
