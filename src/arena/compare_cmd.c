/* respite arena compare OLD NEW. */
#include "arena/arena_cmd.h"
#include "arena/compare.h"
#include "arena/votes_read.h"

#include "base/banned.h"

enum { OUT_MOST = 256 << 20 };

const struct cli_option compare_options[] = {
    {"ties", "KIND", N_("compare.opt.ties", "of the new board: half (as usual), davidson, rao-kupper")},
    {"both-bad", "HOW", N_("compare.opt.both_bad", "of the new board: apart (as usual), or tie")},
    {"old-ties", "KIND", N_("compare.opt.old_ties", "how the old board took ties, when it is known")},
    {"old-both-bad", "HOW",
     N_("compare.opt.old_both_bad", "how the old board took “both are bad”, when it is known")},
    {"style", NULL, N_("rank.opt.style", "take out what length and layout of the answers add")},
    {"cluster", "COLUMN",
     N_("compare.opt.cluster", "votes that hang together: voter, session, prompt, or a column's name")},
    {"once", NULL,
     N_("compare.opt.once", "for one look in all: a sharper test than the one for looking every day")},
    {"skip-bad", NULL, N_("rank.opt.skip_bad", "leave out and count rows that cannot be read")},
    {"seed", "N", N_("rank.opt.seed", "of the simulations; the same number gives the same places")},
    {0}};

static bool asked(const struct app *app, struct votes_ask *votes, struct compare_ask *ask, struct err *err)
{
    int ties = 0, bad = 0, old_ties = 0, old_bad = 0;
    long seed;
    const char *cluster = cli_value(app->cli, "cluster");
    if (app->cli->words_n != 2)
        return fail(err, E_USAGE,
                    tr("err.arena.two_files", "Name two boards: respite arena compare OLD NEW."));
    if (!cmd_one_of(app->cli, "ties", cmd_ties_words, &ties, err) ||
        !cmd_one_of(app->cli, "both-bad", cmd_bad_words, &bad, err))
        return false;
    old_ties = ties, old_bad = bad;
    if (!cmd_one_of(app->cli, "old-ties", cmd_ties_words, &old_ties, err) ||
        !cmd_one_of(app->cli, "old-both-bad", cmd_bad_words, &old_bad, err) ||
        !cli_number(app->cli, "seed", 1, 0, 2147483647, &seed, err))
        return false;
    *votes = (struct votes_ask){.style = cli_has(app->cli, "style"),
                                .skip_bad = cli_has(app->cli, "skip-bad"),
                                .clusters = cluster ? 2 : 1,
                                .cluster = {cluster ? cluster : "row", "row"}};
    *ask = (struct compare_ask){.once = cli_has(app->cli, "once"),
                                .method_known =
                                    cli_has(app->cli, "old-ties") || cli_has(app->cli, "old-both-bad")};
    ask->old = (struct rank_ask){.ties = old_ties == 3 ? BT_HALF : (enum bt_ties)old_ties,
                                 .ties_auto = old_ties == 3,
                                 .bad_is_tie = old_bad == 1,
                                 .seed = (uint64_t)seed};
    ask->new = ask->old;
    ask->new.ties = ties == 3 ? BT_HALF : (enum bt_ties)ties;
    ask->new.ties_auto = ties == 3;
    ask->new.bad_is_tie = bad == 1;
    return true;
}

static bool read_both(struct app *app, struct votes *old, struct votes *new, const struct votes_ask *ask,
                      struct err *err)
{
    bool progress = !cli_has(app->cli, "quiet");
    if (!votes_begin(old, app->arena, ask, err) || !votes_begin(new, app->arena, ask, err) ||
        !votes_read(old, app->cli->words[0], progress, err))
        return false;
    if (ask->clusters)
        votes_share_clusters(new, old);
    return votes_read(new, app->cli->words[1], progress, err);
}

/* Vote by vote; where a file holds counts and nothing that needs votes was asked for, by counts. */
static bool read_votes(struct app *app, struct votes *old, struct votes *new, const struct votes_ask *ask,
                       struct err *err)
{
    struct err why = {0};
    struct votes_ask plain = {.skip_bad = ask->skip_bad};
    if (read_both(app, old, new, ask, &why))
        return true;
    if (!(old->counted || new->counted) || ask->style || ask->clusters > 1)
        return fail(err, why.code, "%s", why.text);
    votes_free(old);
    votes_free(new);
    return read_both(app, old, new, &plain, err);
}

static bool compare(struct app *app, struct votes *old, struct votes *new, struct buf *out, struct err *err)
{
    struct votes_ask votes_ask;
    struct compare_ask ask;
    struct comparison c;
    if (!asked(app, &votes_ask, &ask, err) || !read_votes(app, old, new, &votes_ask, err) ||
        !compare_make(app->arena, old, new, &ask, &c, err))
        return false;
    if (!cli_has(app->cli, "json"))
        return compare_text(app->arena, &c, out, err);
    AUTO_JSON json_t *o = compare_json(&c);
    return json_write_exact(o, out, err);
}

int cmd_arena_compare(struct app *app)
{
    struct err err = {0};
    struct votes AUTO_VOTES old = {0};
    struct votes AUTO_VOTES new = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, OUT_MOST);
    return compare(app, &old, &new, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
