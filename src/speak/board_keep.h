#ifndef SPEAK_BOARD_KEEP_H
#define SPEAK_BOARD_KEEP_H
/* The board as this computer keeps it: one row a post, taken over from the items that were fetched and held
 * against the record (anon/batches.h), with an index for searching. Everything that lists or reads the board
 * on a node asks these rows. */
#include "base/err.h"
#include "io/db.h"

/* Migration of the room "speak": `{n, NODE, BOARD_TABLES}`.
 *
 * post: idx: the index of its leaf, so that rows stand in the order of the log; thread: the id of the
 * thread's first post; begins: it is that one; title: of a first post as lists show it; part: the part of the
 * board it was written for; gone: its words are not shown any more (then title and text are empty). A reply
 * whose thread never came has a row and is not shown. post_words: titles and texts, by groups of three
 * letters, which finds words of Chinese too. */
#define BOARD_TABLES \
    "create table post(idx integer primary key, id blob not null unique, thread blob not null, begins " \
    "integer not null, gone integer not null default 0, day integer not null, pk blob not null, part text " \
    "not null, title text not null, text text not null);" \
    "create index post_thread on post(thread, idx, gone);" \
    "create virtual table post_words using fts5(title, text, content='post', content_rowid='idx', " \
    "tokenize='trigram')"

/* Take over what is new. Called before the board is read; costs next to nothing when nothing is. */
MUST bool board_keep(struct db *db, struct err *err);
/* Within db_write: nothing of the board is kept here any more (the lab was left). */
MUST bool board_forget(struct db *db, struct err *err);
#endif
