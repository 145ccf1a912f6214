/* What the room gives to This week (a board that changed beyond chance, never in a quiet week: what is held
 * is not among what was let go), and to What moved (the boards). */
#include "arena/pages.h"
#include "io/clock.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { SHOWN_MOST = 3 };

static const char *line_of(struct app *app, const struct told *t)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (t->moved == 0)
        words_say(&line, tr("week.board.order", "{board}: an order changed beyond chance since {day}."),
                  {"board", arena_name(app->arena, t->name)}, {"day", say_day(app->arena, t->base)});
    else
        words_say(&line,
                  trn("week.board", "{board}: {n} of {k} models changed beyond chance since {day}.",
                      "{board}: {n} of {k} models changed beyond chance since {day}.",
                      (unsigned long)t->moved),
                  {"board", arena_name(app->arena, t->name)}, {"n", say_number(app->arena, t->moved)},
                  {"k", say_number(app->arena, t->models)}, {"day", say_day(app->arena, t->base)});
    return buf_keep(&line, app->arena);
}

bool week_arena(struct app *app, struct week *week, struct err *err)
{
    struct tolds told = {0};
    if (!kept_told(app->db, app->arena, clock_day_start(week->monday), &told, err))
        return false;
    for (size_t i = 0; i < told.n && i < SHOWN_MOST; i++) {
        const struct told *t = &told.at[i];
        if (!week_line(app, week, tr("arena.title", "Arena"), line_of(app, t),
                       changes_path(app->arena, t->name, t->base, t->day)))
            return fail_memory(err);
    }
    return true;
}
