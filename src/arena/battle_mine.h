#ifndef ARENA_BATTLE_MINE_H
#define ARENA_BATTLE_MINE_H
/* A member's battle, on the node: one at a time. Prompt, answers and vote stand here until the next one, or
 * until the person puts it away; backups hold none. */
#include "anon/known.h"
#include "anon/spend.h"
#include "arena/battle.h"
#include "ui/room.h"

/* Migration of the room "arena": `{n, NODE, BATTLE_MINE_TABLES}`. prompt_act, vote_act: their numbers in the
 * outbox, vote_act 0 before the vote. state: as the lab said last. warned: the person has read that a battle
 * goes at once. */
#define BATTLE_MINE_TABLES \
    "create table battle_mine(one integer primary key check (one = 1), prompt text not null, prompt_act " \
    "integer not null, vote_act integer not null default 0, state integer not null default 0, answer_a " \
    "text " \
    "not null default '', answer_b text not null default '', choice integer not null default -1, name_a " \
    "text " \
    "not null default '', name_b text not null default '', why integer not null default 0)"

struct battle_mine {
    bool there;
    bool sent;   /* the prompt has left this computer */
    bool taken;  /* and the lab has said that it has it */
    bool failed; /* it did not leave, or the lab does not have it */
    const char *prompt, *answer_a, *answer_b, *name_a, *name_b;
    enum battle_state state;
    enum battle_why why;
    int choice;            /* enum battle_choice, or -1 */
    bool vote_sent, voted; /* the vote has left this computer; and the lab has said that it has it */
    bool vote_refused;     /* or that it will not */
    int64_t prompt_act, vote_act;
};
MUST bool battle_mine_load(struct db *db, struct arena *arena, struct battle_mine *out, struct err *err);
/* Put a prompt into the outbox, in place of the battle before. Nothing leaves here. */
MUST bool battle_mine_ask(struct app *app, const struct known *known, struct span prompt, bool hard,
                          struct err *err);
/* The same of the vote: the answers must be here. */
MUST bool battle_mine_vote(struct app *app, const struct known *known, enum battle_choice choice,
                           struct err *err);
/* On the network, for a person who asked: send what waits of this battle, then ask the lab every 5 seconds,
 * at most `seconds` (60), until both answers are here or, after the vote, the names. */
MUST bool battle_mine_go(struct app *app, const struct known *known, int seconds, struct err *err);
/* Ask the models anew, of a battle that is void. */
MUST bool battle_mine_again(struct app *app, const struct known *known, struct err *err);
/* Put it away, with its acts. */
MUST bool battle_mine_drop(struct db *db, struct err *err);
/* Take it out of a copy of the data. */
MUST bool battle_mine_copied(struct db *copy, struct err *err);
/* How many models of the lab take part now, by the record as it is here. */
MUST bool battle_mine_models(struct app *app, const struct known *known, int *out, struct err *err);
/* The five ways out of a battle, as they are written everywhere: enum battle_choice, then "Not today". */
const char *battle_choice_said(int choice);
const char *battle_why_said(enum battle_why why); /* NULL for WHY_NONE */
enum { BATTLE_SECONDS = 60 };
#endif
