/* The tables of a board. Every table that holds anything of a member is without rowid and keyed by a hash or
 * by what is published anyway, and knows a day at most. */
#include "anon/board_db.h"

#include "ui/room.h"

#include "base/banned.h"

/* spent: passes, and the hash of what each was spent on (a retry gets the same answer). summed: keys whose
 * epoch's sum is in the log: nothing more is spent of them. waiting: acts until their batch; item is null for
 * those that enter the log as a leaf alone. batch: bytes as served. thread_item: what batches published, by
 * thread. series: the next number, the last slot looked at, how many slots in a row it was held. issuer_*:
 * the other operator's log, anon/peer.c. roster_copy: its lists, anon/roster_copy.c. */
const struct migration board_migrations[] = {
    {1, BOARD,
     "create table spent(nonce blob primary key, key_id blob not null, c blob not null, day integer not "
     "null) "
     "without rowid;"
     "create table summed(key_id blob primary key) without rowid;"
     "create table waiting(id blob primary key, series text not null, c blob not null, item text, thread "
     "blob, counted blob, token blob not null, key_id blob not null, day integer not null) without rowid;"
     "create table batch(series text not null, n integer not null, day integer not null, first integer not "
     "null, count integer not null, bytes blob not null, primary key(series, n)) without rowid;"
     "create table thread_item(thread blob not null, n integer not null, id blob not null, item text not "
     "null, primary key(thread, n, id)) without rowid;"
     "create table series(name text primary key, n integer not null, slot integer not null, held integer not "
     "null) without rowid"},
    {2, LAB,
     "create table issuer_head(id integer primary key, at integer not null, size integer not null, "
     "first_size "
     "integer not null, note blob not null, evidence blob, epoch integer not null default 0);"
     "create table issuer_entry(n integer primary key, bytes blob not null)"},
    {3, BOARD,
     "create table roster_copy(epoch integer primary key, at integer not null, lists integer not null, bytes "
     "blob not null)"},
    /* placed: published items of the board series, by id (anon/placed.h). takes: of a `retract`, whose
     * content goes when it is published; gone_by: the leaf that took this one's content while it waited. */
    {4, BOARD,
     "alter table waiting add column takes blob;"
     "alter table waiting add column gone_by integer;"
     "create table placed(id blob primary key, n integer not null, kind text not null, thread blob, pk blob, "
     "gone_by integer) without rowid"},
    /* held_back: of those that wait, posts that a moderator is to see first (anon/placed.h). */
    {5, BOARD,
     "create table held_back(id blob primary key, slots integer not null, released integer not null) without "
     "rowid"},
    {0}};
