#ifndef REST_QUIET_H
#define REST_QUIET_H
/* Quiet weeks of one's own: days on which jobs that make noise hold their tongue (io/sched.h keeps them and
 * what they held). */
#include "io/sched.h"
#include "ui/room.h"

/* Plan one. E_USAGE with a sentence when the days are the wrong way round, over already, or more than ninety.
 */
MUST bool quiet_plan(struct app *app, day_t from, day_t to, struct quiet *out, struct err *err);
/* End the ones that hold `day`; *ended counts. */
MUST bool quiet_end(struct app *app, day_t day, size_t *ended, struct err *err);
/* "Quiet week, 9 to 15 February." in the arena. */
const char *quiet_text(struct app *app, const struct quiet *q);

#define QUIET_HELD \
    tr("quiet.held", "Nothing shows up by itself until it ends. Help now stays open, and so does " \
                     "anything you open on purpose.")
#define QUIET_AFTER \
    tr("quiet.after", "When it ends you get one page with what truly moved. You will not have to catch up.")

void page_quiet_plan(struct app *app, const struct request *request, struct reply *reply);
void page_quiet_end(struct app *app, const struct request *request, struct reply *reply);
#endif
