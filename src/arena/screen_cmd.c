/* respite arena screen FILE. */
#include "arena/arena_cmd.h"
#include "arena/screen_kept.h"
#include "arena/votes_read.h"
#include "io/clock.h"

#include "base/banned.h"

enum { OUT_MOST = 256 << 20 };

const struct cli_option screen_options[] = {
    {"voter", "COLUMN",
     N_("screen.opt.voter", "the column that says who voted; else judge, worker or the like is looked for")},
    {"rate", "PERCENT",
     N_("screen.opt.level", "of those named, at most so many in a hundred are honest, on average; 5")},
    {"keep", "BOARD", N_("screen.opt.keep", "keep what was found under this board's name, for its page")},
    {"skip-bad", NULL, N_("rank.opt.skip_bad", "leave out and count rows that cannot be read")},
    {0}};

static bool screen(struct app *app, struct votes *votes, struct buf *out, struct err *err)
{
    struct screening s;
    long level;
    const char *voter = cli_value(app->cli, "voter");
    struct votes_ask ask = {.clusters = 1,
                            .cluster = {voter ? voter : "voter"},
                            .cluster_texts = true,
                            .or_day = !voter,
                            .skip_bad = cli_has(app->cli, "skip-bad")};
    if (app->cli->words_n == 0)
        return fail(err, E_USAGE,
                    tr("err.arena.no_screen", "Name a file of votes: respite arena screen FILE."));
    if (!cli_number(app->cli, "rate", 5, 1, 50, &level, err) || !votes_begin(votes, app->arena, &ask, err))
        return false;
    for (size_t i = 0; i < app->cli->words_n; i++)
        if (!votes_read(votes, app->cli->words[i], !cli_has(app->cli, "quiet"), err))
            return false;
    const char *board = cli_value(app->cli, "keep");
    if (!screen_make(app->arena, votes, (double)level / 100, 1, &s, err) ||
        (board && !screen_keep(app->db, board, moment_day(clock_local(app->now)), &s, err)))
        return false;
    if (!cli_has(app->cli, "json"))
        return screen_text(app->arena, &s, out, err);
    AUTO_JSON json_t *o = screen_json(&s);
    return json_write_exact(o, out, err);
}

int cmd_arena_screen(struct app *app)
{
    struct err err = {0};
    struct votes AUTO_VOTES votes = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return screen(app, &votes, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
