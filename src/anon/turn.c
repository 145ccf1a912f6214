/* Taking turns: one lock file in the data folder. */
#include "anon/turn.h"

#include <time.h>
#include <unistd.h>

#include "anon/look_now.h"
#include "anon/spend.h"
#include "base/words.h"
#include "io/file.h"
#include "io/proc.h"

#include "base/banned.h"

enum { LOOK_MS = 50 };

/* Of this process: commands and runners have one thread. */
static struct {
    int fd, depth;
} ours;

static bool busy(struct err *err)
{
    err_clear(err);
    return fail(err, E_BUSY,
                tr("err.anon.turn",
                   "Another Respite with this data speaks with the lab at the moment. Nothing "
                   "was sent from here; try again in a minute."));
}

bool turn_take(struct app *app, int seconds, struct err *err)
{
    if (ours.depth > 0) {
        ours.depth++;
        return true;
    }
    const char *path = file_join(app->arena, app->paths->data, "errands");
    if (!path)
        return fail_memory(err);
    for (int left = seconds * 1000; !file_lock(path, &ours.fd, err); left -= LOOK_MS) {
        if (err->code != E_BUSY)
            return false;
        if (left <= 0 || proc_stopped())
            return busy(err);
        err_clear(err);
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    ours.depth = 1;
    return true;
}

void turn_end(void)
{
    if (ours.depth > 0 && --ours.depth == 0)
        close(ours.fd);
}

bool turn_look(struct app *app, const struct known *known, int *items, struct err *err)
{
    if (!turn_take(app, TURN_SECONDS, err))
        return false;
    bool done = look_now(app->db, known, app->now, items, err);
    turn_end();
    return done;
}

bool turn_spend(struct app *app, const struct known *known, int64_t outbox, int *sent, struct err *err)
{
    if (!turn_take(app, TURN_SECONDS, err))
        return false;
    bool done = spend_due(app->db, known, app->now, 0, outbox, sent, err);
    turn_end();
    return done;
}
