#ifndef PAPERS_PAPERS_CMD_H
#define PAPERS_PAPERS_CMD_H
/* Commands of the room, for its table. */
#include "ui/room.h"

extern const struct cli_option authors_options[];
int cmd_papers_authors(struct app *app);
extern const struct cli_option trends_options[];
extern const struct cli_option search_options[];
int cmd_papers_search(struct app *app);
int cmd_papers_trends(struct app *app);
extern const struct cli_option deadlines_options[];
int cmd_papers_deadlines(struct app *app);
extern const struct cli_option digest_options[];
int cmd_papers_digest(struct app *app);
extern const struct cli_option profile_options[];
int cmd_papers_profile(struct app *app);
#endif
