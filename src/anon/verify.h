#ifndef ANON_VERIFY_H
#define ANON_VERIFY_H
/* Whether the lab keeps its word, as far as this computer can tell (PROTOCOL section 5, `respite verify`):
 * all of it from what is kept here. Nothing is sent. */
#include "anon/known.h"
#include "ui/room.h"

struct verify_line {
    const char *text;
    bool remark; /* a remark changes nothing about the answer */
};
struct verify_report {
    struct {
        struct verify_line *at;
        size_t n, room;
    } lines;
    size_t findings;    /* of the lines, those that are no remarks */
    uint64_t entries;   /* of the record, as kept here */
    int witnesses;      /* outside the lab, that have confirmed this week's record */
    int64_t fetched_at; /* Unix seconds; 0: nothing was fetched yet */
};
/* Lines live in app->arena. False: it could not be looked at. */
MUST bool verify(struct app *app, const struct known *known, struct verify_report *out, struct err *err);
#endif
