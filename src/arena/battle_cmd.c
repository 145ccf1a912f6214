/* A battle in the terminal: ask, read, vote, and the names. Without a terminal it asks nothing: it shows the
 * answers and ends, and the vote is given with --vote. */
#include "arena/battle_cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "anon/anon_cmd.h"
#include "anon/look_now.h"
#include "anon/turn.h"
#include "arena/battle_mine.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, OUT_MOST = 8 << 20, INPUT_MOST = 1 << 16 };

const struct cli_option battle_options[] = {
    {"vote", "CHOICE",
     N_("battle.opt.vote", "left, right, equal or neither, for the two answers that are here")},
    {"hard", NULL, N_("battle.opt.hard", "tick the prompt as a hard one")},
    {"look", NULL, N_("battle.opt.look", "ask the lab again for the answers, or for the names")},
    {"again", NULL, N_("battle.opt.again", "ask the models anew, of a battle that came to nothing")},
    {"drop", NULL, N_("battle.opt.drop", "put the battle that is here away, without a vote")},
    {0}};

static const char *const words[CHOICES] = {"left", "right", "equal", "neither"};

static void say(struct buf *out, const char *text)
{
    if (text && *text)
        wrap_text(out, text, COLUMNS, 0);
}

/* What a model wrote is cleaned for a terminal, line by line. */
static void say_text(struct buf *out, const char *text)
{
    struct span rest = span_of(text), line;
    while (rest.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, OUT_MOST);
        span_cut(&rest, '\n', &line);
        buf_add_text(&clean, "  ");
        utf8_clean(&clean, line);
        wrap_text(out, buf_text(&clean), COLUMNS, 2);
    }
}

static void say_answer(struct buf *out, int side, const char *name, const char *text)
{
    buf_add_byte(out, '\n');
    if (*name)
        words_say(out, tr("battle.side", "{side}: {name}"), {"side", battle_choice_said(side)},
                  {"name", name});
    else
        buf_add_text(out, battle_choice_said(side));
    buf_add_byte(out, '\n');
    say_text(out, *text ? text : tr("battle.empty", "(an empty answer)"));
}

static void say_answers(struct buf *out, const struct battle_mine *m)
{
    say_answer(out, CHOICE_A, m->name_a, m->answer_a);
    say_answer(out, CHOICE_B, m->name_b, m->answer_b);
    buf_add_byte(out, '\n');
}

static void said(struct buf *out, const struct battle_mine *m)
{
    if (!m->there) {
        say(out,
            tr("battle.cmd.none", "There is no battle here. `respite arena battle TEXT` asks two models."));
    } else if (m->failed) {
        say(out, tr("battle.failed", "The prompt did not reach the lab. It is kept here and goes nowhere by "
                                     "itself."));
    } else if (m->state == BATTLE_VOTED) {
        say_answers(out, m);
        say(out, battle_why_said(m->why));
        say(out, tr("priv.vote", "Your vote carries a pass, not a name."));
    } else if (m->vote_act) {
        say(out, m->vote_refused
                     ? tr("battle.refused", "The lab did not take the vote. It may have come too late.")
                     : tr("battle.sent",
                          "The vote has left, and the lab has not said that it has it. It goes again "
                          "on another day."));
    } else if (m->state == BATTLE_READY) {
        say_answers(out, m);
        say(out, tr("battle.cmd.vote",
                    "Vote with `respite arena battle --vote left`, right, equal or neither. The "
                    "names appear after your vote."));
    } else if (m->state == BATTLE_VOID) {
        say(out,
            tr("battle.cmd.void", "A model did not answer, or the lab was started anew meanwhile. `respite "
                                  "arena battle --again` asks anew; it takes no other pass."));
    } else if (m->state == BATTLE_EXPIRED) {
        say(out, tr("battle.expired", "The answers waited for a day and are gone."));
    } else {
        say(out,
            tr("battle.cmd.waits", "Two models are being asked. `respite arena battle --look` asks for both "
                                   "answers again."));
    }
}

static bool json(const struct battle_mine *m, struct buf *out, struct err *err)
{
    const char *state = !m->there         ? "none"
                        : m->failed       ? "failed"
                        : m->vote_refused ? "refused"
                                          : battle_state_name(m->state);
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "state", state, "prompt",
                                    m->there ? m->prompt : "", "a", m->there ? m->answer_a : "", "b",
                                    m->there ? m->answer_b : "", "name_a", m->there ? m->name_a : "",
                                    "name_b", m->there ? m->name_b : "", "counts", m->why == WHY_NONE);
    if (!o || (m->choice >= 0 && json_object_set_new(o, "vote", json_string(words[m->choice])) != 0))
        return fail_memory(err);
    return json_write(o, out, err);
}

static bool show(struct app *app, struct err *err)
{
    struct battle_mine m;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!battle_mine_load(app->db, app->arena, &m, err))
        return false;
    if (!cli_has(app->cli, "json"))
        said(&out, &m);
    else if (!json(&m, &out, err))
        return false;
    return cmd_print(&out, err);
}

/* Asking --------------------------------------------------------------------------------------------------
 */
static bool prompt_given(struct app *app, struct buf *out, struct err *err)
{
    const struct cli *cli = app->cli;
    if (cli->words_n == 1 && strcmp(cli->words[0], "-") == 0)
        return file_read("/dev/stdin", out, err);
    for (size_t i = 0; i < cli->words_n; i++)
        buf_printf(out, "%s%s", i ? " " : "", cli->words[i]);
    return buf_ok(out, err);
}

/* Before the first one, and each time it is not told to be quiet. */
static bool agreed(struct app *app, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, OUT_MOST);
    say(&text,
        tr("battle.who", "It goes at once, with a pass, not a name. The lab and the models read it. The "
                         "names appear after your vote."));
    say(&text, tr("battle.watch", "At once means: whoever watches the network or the server sees that this "
                                  "computer asks now."));
    if (!cli_has(app->cli, "quiet"))
        fprintf(stderr, "%s", buf_text(&text));
    return cli_has(app->cli, "yes") || cli_agrees(app->cli, tr("battle.sure", "Ask both now?")) ||
           fail(err, E_REFUSED,
                tr("err.arena.battle_no", "Nothing was sent. To agree without being asked, say --yes."));
}

static bool enough_models(struct app *app, const struct known *known, struct err *err)
{
    int models;
    if (known->trial) {
        int items;
        if (!turn_look(app, known, &items, err))
            return false;
    }
    return battle_mine_models(app, known, &models, err) &&
           (models >= BATTLE_MODELS ||
            fail(err, E_MISSING,
                 tr("battle.none",
                    "The lab has no two models to compare, by its record. Whoever runs it adds them "
                    "with `respite lab model add`.")));
}

static bool ask(struct app *app, const struct known *known, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, INPUT_MOST);
    return prompt_given(app, &text, err) && enough_models(app, known, err) && agreed(app, err) &&
           battle_mine_ask(app, known, text.n ? buf_span(&text) : SPAN(""), cli_has(app->cli, "hard"), err) &&
           battle_mine_go(app, known, BATTLE_SECONDS, err);
}

static bool vote(struct app *app, const struct known *known, const char *choice, struct err *err)
{
    for (int i = 0; i < CHOICES; i++)
        if (strcmp(choice, words[i]) == 0)
            return battle_mine_vote(app, known, (enum battle_choice)i, err) &&
                   battle_mine_go(app, known, BATTLE_SECONDS, err);
    return fail(err, E_USAGE, tr("err.arena.vote_usage", "--vote takes left, right, equal or neither."));
}

static bool battle(struct app *app, struct err *err)
{
    struct known *known;
    const struct cli *cli = app->cli;
    const char *choice = cli_value(cli, "vote");
    int ways = (cli->words_n > 0) + (choice != NULL) + cli_has(cli, "look") + cli_has(cli, "again") +
               cli_has(cli, "drop");
    if (ways > 1)
        return fail(err, E_USAGE,
                    tr("err.arena.one_thing", "Ask, vote, look, ask again or put away: one of them."));
    if (!known_need(app, &known, err))
        return false;
    if (cli->words_n)
        return ask(app, known, err);
    if (choice)
        return vote(app, known, choice, err);
    if (cli_has(cli, "look"))
        return battle_mine_go(app, known, BATTLE_SECONDS, err);
    if (cli_has(cli, "again"))
        return battle_mine_again(app, known, err) && battle_mine_go(app, known, BATTLE_SECONDS, err);
    return !cli_has(cli, "drop") || battle_mine_drop(app->db, err);
}

int cmd_arena_battle(struct app *app)
{
    struct err err = {0};
    return battle(app, &err) && show(app, &err) ? 0 : cmd_failed(&err);
}
