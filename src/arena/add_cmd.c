/* respite arena add BOARD FILE…: votes onto a kept board. */
#include "arena/arena_cmd.h"
#include "arena/kept.h"
#include "arena/rank_draw.h"
#include "arena/votes_read.h"
#include "io/clock.h"

#include "base/banned.h"

enum { OUT_MOST = 256 << 20 };

const struct cli_option add_options[] = {
    {"ties", "KIND", N_("add.opt.ties", "for a new board: half (as usual), davidson, rao-kupper")},
    {"both-bad", "HOW", N_("add.opt.both_bad", "for a new board: apart (as usual), or tie")},
    {"skip-bad", NULL, N_("rank.opt.skip_bad", "leave out and count rows that cannot be read")},
    {0}};

static bool begin(struct app *app, struct votes *votes, day_t today, struct rank_ask *ask, double **start,
                  struct err *err)
{
    int ties = 0, bad = 0;
    bool found;
    struct votes_ask votes_ask = {.skip_bad = cli_has(app->cli, "skip-bad")};
    if (app->cli->words_n < 1)
        return fail(
            err, E_USAGE,
            tr("err.arena.no_add", "Name a board and a file of votes: respite arena add BOARD FILE."));
    if (!cmd_one_of(app->cli, "ties", cmd_ties_words, &ties, err) ||
        !cmd_one_of(app->cli, "both-bad", cmd_bad_words, &bad, err))
        return false;
    *ask = (struct rank_ask){
        .ties = ties == 3 ? BT_HALF : (enum bt_ties)ties, .bad_is_tie = bad == 1, .seed = 1};
    return votes_begin(votes, app->arena, &votes_ask, err) &&
           kept_load(app->db, app->arena, app->cli->words[0], today, votes, start, ask, &found, err);
}

static bool add(struct app *app, struct votes *votes, struct buf *out, struct err *err)
{
    struct rank_ask ask;
    struct ranking r;
    double *start;
    day_t today = moment_day(clock_local(app->now));
    if (app->cli->words_n == 1)
        return kept_show(app, app->cli->words[0], today, out, err);
    if (!begin(app, votes, today, &ask, &start, err))
        return false;
    ask.start = start;
    ask.start_n = start ? votes->models.n : 0;
    for (size_t i = 1; i < app->cli->words_n; i++)
        if (!votes_read(votes, app->cli->words[i], !cli_has(app->cli, "quiet"), err))
            return false;
    if (!rank_make(app->arena, votes, &ask, &r, err) || !rank_warnings(app->arena, votes, &r, err) ||
        !kept_save(app->db, app->arena, app->cli->words[0], today, votes, &r, err) ||
        !kept_watch(app->db, app->arena, app->cli->words[0], today, app->now, err))
        return false;
    if (!cli_has(app->cli, "json"))
        return rank_text(app->arena, votes, &r, out, err);
    AUTO_JSON json_t *o = rank_json(votes, &r);
    return json_write_exact(o, out, err);
}

int cmd_arena_add(struct app *app)
{
    struct err err = {0};
    struct votes AUTO_VOTES votes = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return add(app, &votes, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
