#ifndef SPEAK_COUNSEL_CMD_H
#define SPEAK_COUNSEL_CMD_H
/* counsel: being a counsellor; counsel letters: with those who took a time; counsellors: taking one of their
 * times. */
#include "ui/room.h"

extern const struct cli_option counsel_options[], counsel_mail_options[], counsellors_options[];
int cmd_counsel(struct app *app);
int cmd_counsel_mail(struct app *app);
int cmd_counsellors(struct app *app);

/* "2026-11-26T14:00" or with a blank, by this machine's zone. E_USAGE. */
MUST bool time_read(struct span text, int64_t *out, struct err *err);
/* "Wed 26 November 14:00" in this machine's zone, in the arena; and "2026-11-26T14:00". */
const char *time_said(struct arena *arena, int64_t at);
const char *time_text(int64_t at, char out[static 24]);
#endif
