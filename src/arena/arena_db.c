/* Boards that are kept: a row a board and day, its models and pair counts each as one piece of bytes
 * (arena/kept.c), so that adding votes to a board reads and writes two values. */
#include "arena/arena_db.h"

#include "base/banned.h"

const struct migration arena_migrations[] = {
    {1, 1 /* NODE */,
     "create table arena_board(id integer primary key, name text "
     "not null, day integer not null, ties integer not null, "
     "bad_is_tie integer not null, votes integer not null, models "
     "blob not null, pairs blob not null, unique(name, day));"},
    /* made: the board as it was shown (JSON of arena rank). base: the
     * day a board is compared with until a change is told; change:
     * those told. screen: the last one of a board's votes. */
    {2, 1 /* NODE */,
     "alter table arena_board add column made text; create table "
     "arena_base(name text primary key, day integer not null) without "
     "rowid; create table arena_change(name text not null, day integer "
     "not null, base integer not null, moved integer not null, models "
     "integer not null, primary key(name, day)) without rowid; create "
     "table arena_screen(name text primary key, day integer not null, "
     "made text not null) without rowid;"},
    {0}};
