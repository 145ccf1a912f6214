/* respite arena rank: from vote files to a board on the terminal. */
#include "arena/arena_cmd.h"

#include "arena/rank_draw.h"
#include "arena/votes_read.h"

#include "base/banned.h"

enum { OUT_MOST = 256 << 20, CATEGORY_LEAST = 300 };

const struct cli_option rank_options[] = {
    {"ties", "KIND", N_("rank.opt.ties", "half (as usual), davidson, rao-kupper, or auto")},
    {"both-bad", "HOW", N_("rank.opt.both_bad", "apart (as usual), or tie")},
    {"style", NULL, N_("rank.opt.style", "take out what length and layout of the answers add")},
    {"side", NULL, N_("rank.opt.side", "take out the advantage of the left (or home) side")},
    {"category", "NAME", N_("rank.opt.category", "votes of one alone: code, math, hard, or a column's word")},
    {"cluster", "COLUMN",
     N_("rank.opt.cluster",
        "votes that hang together: voter, session, prompt, or a column's name; two with a comma")},
    {"ci", "KIND",
     N_("rank.opt.ci", "sandwich (as usual), or bootstrap: intervals from 100 refits of drawn votes")},
    {"anchor", "NAME", N_("rank.opt.anchor", "this model's rating is 1000; else the mean is")},
    {"csv", NULL, N_("rank.opt.csv", "the board as CSV")},
    {"svg", NULL, N_("rank.opt.svg", "the board as a picture, SVG")},
    {"skip-bad", NULL, N_("rank.opt.skip_bad", "leave out and count rows that cannot be read")},
    {"seed", "N", N_("rank.opt.seed", "of the simulations; the same number gives the same places")},
    {0}};

const char *const cmd_ties_words[] = {"half", "davidson", "rao-kupper", "auto", NULL},
                  *const cmd_bad_words[] = {"apart", "tie", NULL};

bool cmd_one_of(const struct cli *cli, const char *name, const char *const *words, int *out, struct err *err)
{
    const char *given = cli_value(cli, name);
    AUTO_BUF struct buf list;
    buf_init(&list, 4096);
    if (!given)
        return true;
    for (int i = 0; words[i]; i++) {
        if (strcmp(given, words[i]) == 0) {
            *out = i;
            return true;
        }
        buf_printf(&list, "%s%s", i ? ", " : "", words[i]);
    }
    return fail(err, E_USAGE, tr("err.arena.option", "--%s takes one of: %s."), name, buf_text(&list));
}

/* "voter", or "voter,prompt". */
static bool clusters_asked(struct app *app, struct votes_ask *ask, struct err *err)
{
    const char *given = cli_value(app->cli, "cluster");
    struct span rest = span_of(given ? given : ""), name;
    while (rest.n) {
        span_cut(&rest, ',', &name);
        if (name.n == 0 || ask->clusters == CLUSTERS_MOST)
            return fail(err, E_USAGE,
                        tr("err.arena.cluster",
                           "--cluster takes the name of a column, or of two with a comma between."));
        if (!(ask->cluster[ask->clusters++] = arena_text(app->arena, name)))
            return fail_memory(err);
    }
    return true;
}

static bool asked(struct app *app, struct votes_ask *votes, struct rank_ask *rank, struct err *err)
{
    static const char *const intervals[] = {"sandwich", "bootstrap", NULL};
    int ties = 0, both = 0, ci = 0;
    long seed;
    *votes = (struct votes_ask){.skip_bad = cli_has(app->cli, "skip-bad"),
                                .style = cli_has(app->cli, "style"),
                                .side = cli_has(app->cli, "side"),
                                .category = cli_value(app->cli, "category")};
    if (app->cli->words_n == 0)
        return fail(err, E_USAGE, tr("err.arena.no_file", "Name a file of votes: respite arena rank FILE."));
    if (!cmd_one_of(app->cli, "ties", cmd_ties_words, &ties, err) ||
        !cmd_one_of(app->cli, "both-bad", cmd_bad_words, &both, err) ||
        !cmd_one_of(app->cli, "ci", intervals, &ci, err) || !clusters_asked(app, votes, err) ||
        !cli_number(app->cli, "seed", 1, 0, 2147483647, &seed, err))
        return false;
    *rank = (struct rank_ask){.ties = ties == 3 ? BT_HALF : (enum bt_ties)ties,
                              .ties_auto = ties == 3,
                              .bad_is_tie = both == 1,
                              .bootstrap = ci == 1,
                              .anchor = cli_value(app->cli, "anchor"),
                              .seed = (uint64_t)seed};
    return true;
}

static bool read_all(struct app *app, struct votes *v, struct err *err)
{
    for (size_t i = 0; i < app->cli->words_n; i++)
        if (!votes_read(v, app->cli->words[i], !cli_has(app->cli, "quiet"), err))
            return false;
    return true;
}

/* A category is a board only when it has the votes for one and all of its models stand on one scale. */
static bool category_may_show(const struct votes *votes, const struct ranking *r, struct err *err)
{
    double effective = 0;
    for (size_t i = 0; i < r->rated; i++)
        effective += r->at[i].effective / 2;
    if (!votes->ask.category || (effective >= CATEGORY_LEAST && r->rated == r->n))
        return true;
    return fail(
        err, E_MISSING,
        tr("err.arena.category",
           "The category “%.100s” has %.0f votes that count between %zu models on one scale, of %zu. A "
           "category is shown from %d on, and when all its models are on one scale."),
        votes->ask.category, effective, r->rated, r->n, CATEGORY_LEAST);
}

static bool category_has_votes(const struct votes *votes, struct err *err)
{
    const struct ranking none = {.n = 0};
    return votes->pairs > 0 || category_may_show(votes, &none, err);
}

static bool rank(struct app *app, struct votes *votes, struct buf *out, struct err *err)
{
    struct votes_ask votes_ask;
    struct rank_ask ask;
    struct ranking r;
    if (!asked(app, &votes_ask, &ask, err) || !votes_begin(votes, app->arena, &votes_ask, err) ||
        !read_all(app, votes, err) || !category_has_votes(votes, err) ||
        !rank_make(app->arena, votes, &ask, &r, err) || !category_may_show(votes, &r, err) ||
        !rank_warnings(app->arena, votes, &r, err))
        return false;
    if (cli_has(app->cli, "csv"))
        return rank_csv(&r, out, err);
    if (cli_has(app->cli, "svg"))
        return rank_svg(app->arena, &r, out, err);
    if (!cli_has(app->cli, "json"))
        return rank_text(app->arena, votes, &r, out, err);
    AUTO_JSON json_t *o = rank_json(votes, &r);
    return json_write_exact(o, out, err);
}

int cmd_arena_rank(struct app *app)
{
    struct err err = {0};
    struct votes AUTO_VOTES votes = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return rank(app, &votes, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
