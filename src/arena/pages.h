#ifndef ARENA_PAGES_H
#define ARENA_PAGES_H
/* The room's pages in a node: boards that are kept on this computer. They read what is there and ask nobody.
 */
#include "arena/kept.h"
#include "arena/sayings.h"
#include "ui/html.h"
#include "ui/room.h"

void page_arena(struct app *app, const struct request *request, struct reply *reply);
void page_arena_board(struct app *app, const struct request *request, struct reply *reply);
void page_arena_changes(struct app *app, const struct request *request, struct reply *reply);
void page_arena_screen(struct app *app, const struct request *request, struct reply *reply);
void page_arena_export(struct app *app, const struct request *request, struct reply *reply);
bool week_arena(struct app *app, struct week *week, struct err *err);

/* arena/arena_bits.c: what they share. The board that was asked for by ?name=, and the day by ?day= (or
 * another field); DAY_MAX when none was. False, with a page that says so, when there is none of that name. */
struct asked_board {
    const char *name;
    day_t day;
    struct kept_rows days; /* all of its days, newest first */
};
bool asked_board(struct app *app, const struct request *request, struct reply *reply,
                 struct asked_board *out);
/* A day of the query, or `otherwise`. */
day_t asked_day(const struct request *request, const char *field, day_t otherwise);
/* "/arena/board?name=…&day=2026-11-25"; days of DAY_MAX are left out, names are percent-encoded. In the
 * arena. */
const char *board_path(struct arena *arena, const char *page, const char *name, day_t day);
/* The path from one day to another: "/arena/changes?name=…&old=…&new=…". */
const char *changes_path(struct arena *arena, const char *name, day_t old, day_t new);
/* Sentences from..to-1, a paragraph each. */
void arena_say(struct html *h, const struct sayings *said, size_t from, size_t to);
void arena_link(struct html *h, const char *path, const char *text);
/* A name fit to be shown. */
const char *arena_name(struct arena *arena, const char *name);
#endif
