#ifndef ANON_MARK_H
#define ANON_MARK_H
/* Whether this data is where it was, as it was (PROTOCOL section 3, Backups): a copied folder or an older
 * state of it holds passes that may have been used elsewhere, and two posts with one pass belong together. A
 * file outside the data folder holds the machine and a counter, the database the same and its place. There is
 * one such file for the data, named after its place, and passes are spent where it is; so a folder that was
 * moved (its old place holds no data any more) takes the file along, by a rename, which of several copies
 * one alone can do. */
#include "io/db.h"
#include "io/file.h"

/* E_REFUSED, saying what to do, when they differ. True also when this data was never marked, or was moved.
 * Nothing is changed. */
MUST bool mark_check(struct db *db, const struct paths *paths, struct err *err);
/* Before anything is spent: check, then count on, in both. Makes the mark the first time; of data that was
 * moved, the file is at the new place from here on. */
MUST bool mark_step(struct db *db, const struct paths *paths, struct err *err);
/* `copy` is to take the place of this data (restore): what differed before counts no more. */
MUST bool mark_anew(struct db *copy, const struct paths *paths, struct err *err);
/* The data is removed, and the file of its mark with it. */
MUST bool mark_forget(const struct paths *paths, struct err *err);
#endif
