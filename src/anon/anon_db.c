/* The tables of a node that is a member of a lab. */
#include "anon/anon_db.h"

#include "anon/hours_fetch.h"
#include "anon/outbox_db.h"
#include "ui/room.h"

#include "base/banned.h"

const struct migration anon_migrations[] = {
    /* known: the lab, and the secrets of being its member. machine_seen: since when this machine is up
     * without a break, as the last tick found it. fetch_moment: when a day's fetches are due. errand: what a
     * page wants done on the network, which it has no way to itself (anon/errand.h). */
    {1, NODE,
     "create table known(name text primary key, value blob not null) without rowid;"
     "create table machine_seen(one integer primary key check (one = 1), boot text not null, asleep_ms "
     "bigint "
     "not null, awake_since bigint not null);"
     "create table fetch_moment(day integer not null, n integer not null, moment bigint not null, done "
     "integer not null default 0, primary key(day, n)) without rowid;"
     "create table errand(id integer primary key, what text not null, argument text not null, state integer "
     "not null default 0, text text not null default '')"},
    /* The record as followed, per log (0: the issuer's, or the only one; 1: the board's). log_head: the
     * newest checkpoint that fitted.
     * log_evidence: what did not fit, with the checkpoint kept and the one that came. log_list: lists of
     * members (0) and holders (1) of an epoch as last fetched and checked; size: of the record they were
     * checked against. log_line: cosignatures of epoch heads as they stood there. crowd: keys for reading.
     * head_words: four words of an epoch's head, slow to compute. */
    {2, NODE,
     "create table log_head(log integer primary key, size bigint not null, first_size bigint not null, at "
     "bigint not null, note blob not null);"
     "create table log_entry(log integer not null, idx bigint not null, entry blob not null, leaf blob not "
     "null, primary key(log, idx)) without rowid;"
     "create table log_evidence(id integer primary key, log integer not null, at bigint not null, kept blob, "
     "came blob, why text not null);"
     "create table log_list(epoch integer not null, kind integer not null, idx bigint not null, n bigint not "
     "null, mine bigint not null, at bigint not null, primary key(epoch, kind)) without rowid;"
     "create table log_line(epoch integer not null, origin text not null, line text not null, primary "
     "key(epoch, origin, line)) without rowid;"
     "create table crowd(epoch integer primary key, key blob not null);"
     "create table head_words(head blob primary key, words blob not null) without rowid"},
    /* withdrawal: a request for passes, kept before it leaves: body and what finishes it (pending), and when
     * the passes were here. pass: those that are left; one that was taken is gone. cosigned: epoch heads this
     * node has signed. */
    {3, NODE,
     "create table withdrawal(key_id blob primary key, epoch integer not null, survey integer not null, n "
     "integer not null, body blob, pending blob, at bigint not null default 0, wrong text not null default "
     "'') without rowid;"
     "create table pass(nonce blob primary key, key_id blob not null, token blob not null) without rowid;"
     "create table cosigned(epoch integer not null, origin text not null, head blob not null, at bigint not "
     "null, primary key(epoch, origin)) without rowid"},
    /* What stands in anon/outbox_db.h. */
    {4, NODE, OUTBOX_TABLES},
    {5, NODE, RECEIPT_TABLES},
    {6, NODE, ITEM_TABLES},
    /* An errand's answer is wanted in the language of the page. */
    {7, NODE, "alter table errand add column lang integer not null default 0"},
    /* What the room of the board has taken over into its own tables (anon/batches.h). */
    {8, NODE,
     "alter table item add column taken integer not null default 0;"
     "create index item_new on item(series, idx) where taken = 0;"
     "alter table gone add column taken integer not null default 0;"
     "create index gone_new on gone(idx) where taken = 0"},
    /* confirmed: who has confirmed which head ('': a colleague, by the person's click). outside: witnesses
     * outside the lab; outside_note: of each and each log, up to which size it confirms the one here, and a
     * checkpoint that waits to be compared. log_evidence: kind, of anon/follow.h; over: when the person went
     * on from it. log_broken: breaks of the record that the person agreed to, with the size that was lost;
     * log_lost: entries that were here and are in no record any more. */
    {9, NODE,
     "create table confirmed(head blob not null, who text not null, primary key(head, who)) without rowid;"
     "create table outside(name text primary key, vkey text not null, url text not null, said text not null "
     "default '') without rowid;"
     "create table outside_note(name text not null, log integer not null, good bigint not null, note blob "
     "not null, primary key(name, log)) without rowid;"
     "alter table log_evidence add column kind integer not null default 0;"
     "alter table log_evidence add column over bigint not null default 0;"
     "create table log_broken(log integer not null, idx bigint not null, size bigint not null, at bigint not "
     "null, primary key(log, idx)) without rowid;"
     "create table log_lost(log integer not null, idx bigint not null, at bigint not null, entry blob not "
     "null, primary key(log, idx, at)) without rowid"},
    /* Checkpoints out of letters that are longer than the record here (anon/seen_head.h). */
    {10, NODE, "create table seen_head(note text primary key) without rowid"},
    {11, NODE, HOURS_TABLES},
    {0}};
