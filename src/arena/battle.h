#ifndef ARENA_BATTLE_H
#define ARENA_BATTLE_H
/* The lab's blind arena, on the board's side (ARENA section 14): a prompt that came with a pass, two answers
 * shown at once and without names, a vote that came with another. What is kept of a battle is what is needed
 * until its vote; then words go, and the vote stands under a random key with its day alone. */
#include <jansson.h>

#include "ui/room.h"

/* Migration of the room "arena": `{n, BOARD, BATTLE_TABLES}`.
 *
 * arena_model: names and days, as the record has them; to_day: the last one, null while it takes part.
 * battle: from the prompt to the vote, keyed by its handle; pk: of the act, and the only key that may vote;
 * a, b: the models, left and right; kept as long as names may be asked for. holder: the process that asks the
 * models. battle_holder: processes that are there, and until when that is believed.
 * battle_vote: what is left of a battle. len … bold: how the answers differ, in thousandths. why: 0, or the
 * reason that it is none for the board. chance: of this pair in this order, in millionths. n, shown: the
 * board that published it, and the day it stands there with. arena_published: boards as they were published.
 */
#define BATTLE_TABLES \
    "create table arena_model(name text primary key, from_day integer not null, to_day integer, idx " \
    "integer " \
    "not null) without rowid;" \
    "create table battle(handle blob primary key, pk blob not null, state integer not null, day integer " \
    "not " \
    "null, prompt text not null, hard integer not null, holder text not null default '', a text not null " \
    "default '', b text not null default '', answer_a text not null default '', answer_b text not null " \
    "default '', why integer not null default 0, chance integer not null default 0) without rowid;" \
    "create table battle_holder(holder text primary key, until integer not null) without rowid;" \
    "create table battle_vote(id blob primary key, a text not null, b text not null, outcome integer not " \
    "null, len integer not null, headers integer not null, lists integer not null, bold integer not null, " \
    "tags integer not null, why integer not null, chance integer not null, day integer not null, n " \
    "integer, " \
    "shown integer) without rowid;" \
    "create table arena_published(n integer primary key, day integer not null, digest blob not null, idx " \
    "integer not null, bytes blob not null)"

enum battle_state {
    BATTLE_ASKED,
    BATTLE_ANSWERING,
    BATTLE_READY,
    BATTLE_VOTED,
    BATTLE_EXPIRED, /* a day later at the earliest: no time is kept */
    BATTLE_VOID,    /* a model failed twice, or the lab was started anew meanwhile: may be asked once more */
    BATTLE_STATES
};
const char *battle_state_name(enum battle_state state);
bool battle_state_read(struct span name, enum battle_state *out);
/* Why a vote is none for the board; the member is answered all the same. */
enum battle_why {
    WHY_NONE,
    WHY_NAMED,   /* an answer names its writer, or who made it */
    WHY_EMPTY,   /* there is none */
    WHY_REFUSED, /* the model, or its server, declined */
    WHY_CUT,     /* one of the two was cut at the length that both have */
    WHY_COUNT
};
enum battle_choice { CHOICE_A, CHOICE_B, CHOICE_TIE, CHOICE_BAD, CHOICES };
const char *battle_choice_name(enum battle_choice choice); /* "a", "b", "tie", "both_bad" */
bool battle_choice_read(struct span name, enum battle_choice *out);

enum { BATTLE_TEXT = 16000, BATTLE_PAGE = 4096, BATTLE_MODELS = 2 };
/* What stands in the acts; the sentence of `err` is for a person. */
MUST bool prompt_check(const json_t *act, struct span *text, bool *hard, struct err *err);
MUST bool vote_check(const json_t *act, uint8_t battle[static 16], enum battle_choice *choice,
                     struct err *err);
bool prompt_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err);
bool vote_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err);
/* GET /v1/battles/<handle>, and POST there: a void one is asked anew. */
void api_battle(struct app *app, const struct request *request, struct reply *reply);
void api_battle_again(struct app *app, const struct request *request, struct reply *reply);

/* Within db_write: what is due by the day (`today`, UTC): words of what nobody voted on go, and what is over
 * goes whole. */
MUST bool battle_days(struct db *db, day_t today, struct err *err);
/* Take battles out of a copy of the lab's database: their words are nobody's to keep. Votes stay; of them
 * there is the day alone. */
bool battle_lab_copied(struct app *app, struct db *copy, struct err *err);
#endif
