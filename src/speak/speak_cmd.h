#ifndef SPEAK_SPEAK_CMD_H
#define SPEAK_SPEAK_CMD_H
/* post, board, letters, listen; and of the lab: listener. */
#include "ui/room.h"

extern const struct cli_option post_options[], board_options[], letters_options[], listen_options[];
int cmd_post(struct app *app);
int cmd_board(struct app *app);
int cmd_letters(struct app *app);
int cmd_listen(struct app *app);
int cmd_lab_listener(struct app *app);

/* All that comes in on standard input, up to the ceiling of `out`. */
MUST bool input_read(struct buf *out, struct err *err);

/* A post or thread as a person names it on the command line: its 32 digits, or the first of them (at least
 * four) when that is one post here. E_USAGE, E_MISSING. */
MUST bool post_named(struct app *app, const char *text, uint8_t id[static 16], struct err *err);
#endif
