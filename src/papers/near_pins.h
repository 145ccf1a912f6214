#ifndef PAPERS_NEAR_PINS_H
#define PAPERS_NEAR_PINS_H
/* Drafts whose path is kept, and how the reader sorted the papers near them. A path and the reader's own
 * marks are all that is kept: no word of the draft. */
#include "ui/room.h"

enum { NEAR_TASK = 1, NEAR_METHOD = 2, NEAR_CLAIM = 4, NEAR_PINS = 20 };

struct near_pin {
    int64_t id;
    const char *path; /* absolute */
};
/* All of them, by id, in app->arena. */
MUST bool near_pins(struct app *app, struct near_pin out[static NEAR_PINS], size_t *n, struct err *err);
/* Keep the path of a file that is there; nothing new when it is kept already. E_MISSING, E_LIMIT. */
MUST bool near_pin(struct app *app, const char *path, struct err *err);
/* The same for a path that a person typed into the page, which may not be readable there yet: it must be
 * absolute;
 * ~/ stands for the home folder. *id is its number. */
MUST bool near_pin_page(struct app *app, const char *path, int64_t *id, struct err *err);
/* E_MISSING when it is not kept. */
MUST bool near_unpin(struct app *app, const char *path, struct err *err);
MUST bool near_unpin_id(struct db *db, int64_t id, struct err *err);
/* NEAR_TASK, NEAR_METHOD and NEAR_CLAIM that the reader gave a paper for this draft; 0: none. */
MUST bool near_sorted(struct db *db, int64_t pin, int64_t paper, unsigned *marks, struct err *err);
MUST bool near_sort(struct db *db, int64_t pin, int64_t paper, unsigned marks, struct err *err);
/* For the room's table: pinned drafts must be readable for the page. */
bool near_reads(struct app *app, struct trees *out, struct err *err);
#endif
