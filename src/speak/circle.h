#ifndef SPEAK_CIRCLE_H
#define SPEAK_CIRCLE_H
/* Circles as acts (docs/PROTOCOL.md section 13): small standing groups around a theme. Six kinds, each paid
 * with a pass and published like a post. Whoever takes part signs with a key made for that one circle; what
 * is said in it travels by letters (speak/circle_letter.h) and stands in none of these. */
#include <jansson.h>
#include <stdint.h>

#include "base/day.h"
#include "base/err.h"
#include "base/span.h"

enum {
    CIRCLE_LEAST = 3,       /* from so many on it is a circle: fewer are those who begin one */
    CIRCLE_MOST = 8,        /* then it is full */
    CIRCLE_THEME = 60,      /* characters */
    CIRCLE_LINE = 280,      /* the same: what everybody in the lab reads beside the theme, or beside an ask */
    CIRCLE_ASK_DAYS = 14,   /* an ask nobody answered is gone after so many days; so is its box key */
    CIRCLE_STAY_WEEKS = 4,  /* who gave no sign for more weeks than this has left */
    CIRCLE_FRESH_WEEKS = 2, /* a box key older than so many weeks is written to no more: its secret goes */
    CIRCLE_ASKS = 32,       /* open at a time; a newer one pushes out the oldest */
};
enum circle_kind {
    CIRCLE_OPEN,  /* "circle" {box_pk, line, theme, week}: its item id is the circle's */
    CIRCLE_ASK,   /* "circle_ask" {box_pk, circle, line, week} */
    CIRCLE_SAY,   /* "circle_say" {about: a key, circle, say: "yes" | "no"} */
    CIRCLE_STAY,  /* "circle_stay" {box_pk, circle, week}: a sign of life, and the week's box key */
    CIRCLE_LEAVE, /* "circle_leave" {circle}: of who is in, or of who asked */
    CIRCLE_KINDS
};
struct circle_act {
    enum circle_kind kind;
    uint8_t circle[16]; /* not of CIRCLE_OPEN */
    uint8_t box_pk[32], about[32];
    bool yes;
    day_t week; /* an epoch: the box key is of it */
    struct span theme, line;
};
/* "circle_ask"; CIRCLE_KINDS for what is none of them. */
const char *circle_kind_name(enum circle_kind kind);
enum circle_kind circle_kind_of(struct span name);
/* The act. New reference, NULL when there is no memory. */
json_t *circle_act_write(const struct circle_act *act);
/* Read it: just the members of its kind, within the limits. Spans live as long as `o`. False in one sentence
 * for who wrote it: E_LIMIT for what is too long, E_FORMAT else. */
MUST bool circle_act_read(enum circle_kind kind, const json_t *o, struct circle_act *out, struct err *err);
#endif
