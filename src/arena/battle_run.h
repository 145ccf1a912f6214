#ifndef ARENA_BATTLE_RUN_H
#define ARENA_BATTLE_RUN_H
/* Asking the models: threads of the lab's serving process that wait for battles, so that neither requests nor
 * what is due wait for a slow model. */
#include "ui/room.h"

/* A battle was asked for: whoever waits for one looks. Any thread; also before it is committed. */
void battle_wake(void);
/* The job: what is over by its day, what a process that is gone left half done; and the threads are there. */
MUST bool battle_beat(struct app *app, struct err *err);
/* Whether this lab has models to connect to. */
MUST bool battle_connects(struct app *app, bool *out, struct err *err);
#endif
