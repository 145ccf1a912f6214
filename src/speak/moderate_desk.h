#ifndef SPEAK_MODERATE_DESK_H
#define SPEAK_MODERATE_DESK_H
/* What waits for a moderator: what members wrote about posts, posts that are held back, appeals. The board
 * tells the first two to whoever signs with a moderator's key; they are kept here as they came, until the
 * next time, for the page and the terminal. And deciding. */
#include "anon/known.h"
#include "speak/moderate.h"
#include "speak/moderate_act.h"
#include "speak/moderate_key.h"
#include "ui/room.h"

struct desk_flagged {
    uint8_t target[16];
    int64_t n[FLAG_REASONS];
    struct span *note;
    size_t notes;
};
struct desk_held {
    uint8_t id[16], thread[16];
    struct span text;
};
struct moderate_desk {
    int64_t at; /* when it came, Unix seconds; 0: never */
    struct {
        struct desk_flagged *at;
        size_t n, room;
    } flagged;
    struct {
        struct desk_held *at;
        size_t n, room;
    } held;
    struct moderate_acts open; /* appeals that nobody answered */
};
enum { DESK_FLAGGED = 1000, DESK_NOTES = 1000, DESK_HELD = 32 };
/* Read the board's answer, strict and bounded: E_FORMAT, E_LIMIT. */
MUST bool desk_read(struct span json, struct arena *arena, struct moderate_desk *out, struct err *err);
/* As kept here, with the appeals of the record. */
MUST bool desk_load(struct db *db, struct arena *arena, struct moderate_desk *out, struct err *err);
/* Ask the board, in a turn of its own (anon/turn.h), after a look at the record; keep what came. */
MUST bool desk_fetch(struct app *app, const struct known *known, struct err *err);

/* Whether these words stand in a thread, where a made-up name can be muted: all but those of circles. */
MUST bool desk_can_mute(struct db *db, struct arena *arena, const uint8_t id[static 16], bool *yes,
                        struct err *err);
/* Decide about a post, or the words of a circle: sign for their present state and send; the record is looked
 * at afterwards. *index: the entry. E_MISSING without a key here. */
struct desk_decision {
    enum moderation_do act;
    uint8_t target[16];
    struct span reason; /* as typed: it is tidied */
};
MUST bool desk_decide(struct app *app, const struct known *known, const struct desk_decision *decision,
                      int64_t *index, struct err *err);
/* The same as an argument of an errand: "hide <id> <reason>". */
MUST bool desk_decision_read(struct arena *arena, struct span text, struct desk_decision *out,
                             struct err *err);

#define ERRAND_DESK_LOOK "moderate look"
#define ERRAND_DESK_DECIDE "moderate decide"
bool errand_desk_look(struct app *app, const char *argument, struct buf *answer, struct err *err);
bool errand_desk_decide(struct app *app, const char *argument, struct buf *answer, struct err *err);
#endif
