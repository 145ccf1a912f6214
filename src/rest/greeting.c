/* One line for the terminal: what was read, or what would be. Nothing is read for it. */
#include "rest/greeting.h"

#include "rest/find.h"
#include "rest/picture.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { WEEKS_SHOWN = 12 };

/* Before the first page was sent: what lies here. */
static const char *found_here(struct app *app)
{
    struct found found = {0};
    struct err none = {0};
    for (size_t i = 0; app->here && app->here[i]; i++)
        if (!find_repos(app->arena, app->here[i], app->paths->home, true, &found, &none))
            return NULL;
    if (found.n == 0)
        return tr("read.nogit", "no git history here. `respite FOLDER` reads one.");
    return say_counted(app->arena,
                       trn("read.found",
                           "nothing yet: {n} folder with git history is here, and the page asks first.",
                           "nothing yet: {n} folders with git history are here, and the page asks first.",
                           (unsigned long)found.n),
                       (int64_t)found.n);
}

const char *rest_greeting(struct app *app)
{
    struct repo_set set;
    struct picture p;
    struct err none = {0};
    struct buf AUTO_BUF out;
    const char *started;
    buf_init(&out, 1024);
    if (!setting_get(app->db, app->arena, "rest.started", "", &started, &none))
        return NULL;
    if (!started[0])
        return found_here(app);
    if (!picture_chosen(app, &set, &none) ||
        !picture_load(app, set, this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN, &p, &none))
        return NULL;
    words_say(
        &out, tr("read.so", "{folders}, {commits}, {weeks}"),
        {"folders",
         say_counted(app->arena,
                     trn("hours.cli.folders", "{n} folder", "{n} folders", (unsigned long)p.repos), p.repos)},
        {"commits",
         say_counted(app->arena,
                     trn("first.commits", "{n} commit by you", "{n} commits by you", (unsigned long)p.events),
                     p.events)},
        {"weeks",
         say_counted(app->arena, trn("hours.cli.weeks", "{n} week", "{n} weeks", (unsigned long)p.weeks),
                     p.weeks)});
    return buf_keep(&out, app->arena);
}
