#ifndef ARENA_ARENA_CMD_H
#define ARENA_ARENA_CMD_H
/* Commands of the room, for its table. */
#include "ui/room.h"

extern const struct cli_option rank_options[], compare_options[], screen_options[], add_options[],
    arena_board_options[];
int cmd_arena_rank(struct app *app);
int cmd_arena_compare(struct app *app);
int cmd_arena_screen(struct app *app);
int cmd_arena_add(struct app *app);
int cmd_arena_board(struct app *app);

/* What the commands share: a word out of a list ("half", "davidson" …), its place in *out. */
MUST bool cmd_one_of(const struct cli *cli, const char *name, const char *const *words, int *out,
                     struct err *err);
extern const char *const cmd_ties_words[], *const cmd_bad_words[];
/* A kept board as of its last day on or before `day`, in the form asked for. E_MISSING: none. */
MUST bool kept_show(struct app *app, const char *name, day_t day, struct buf *out, struct err *err);
#endif
