/* Joining from the terminal: both columns first, then the question. */
#include "anon/join_cmd.h"

#include "anon/join.h"
#include "anon/mark.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

const struct cli_option join_options[] = {
    {"via", "PROXY",
     N_("join.opt.via", "reach the lab through this proxy: socks5h://127.0.0.1:9050 is Tor's")},
    {"name", "NAME", N_("join.opt.name", "another name than the one in the invitation")},
    {"leave", NULL, N_("join.opt.leave", "leave the lab")},
    {0}};

static void line(struct buf *out, const char *text, size_t indent)
{
    wrap_text(out, text, 80, indent);
}

static void item(struct buf *out, const char *text)
{
    buf_add_text(out, "- ");
    line(out, text, 2);
}

/* Screen (b) of the design, in the terminal. */
static void say_plan(struct arena *arena, const struct join_plan *plan, struct buf *out)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    words_say(out, tr("join.title", "Join “{lab}”?"), {"lab", plan->known.name});
    buf_add_byte(out, '\n');
    if (plan->known.by[0]) {
        words_say(out, tr("join.by", "Run by {name}."), {"name", plan->known.by});
        buf_add_byte(out, '\n');
    }
    words_say(&text, tr("join.words", "The key in six words: {words}"), {"words", plan->words});
    line(out, buf_text(&text), 0);
    line(out,
         tr("join.words.compare",
            "Compare these words with the poster on your lab's wall, or ask a colleague."),
         0);
    if (plan->known.trial)
        line(out, tr("trial.bar", "Trial lab. Nothing here is protected as in a real one."), 0);
    if (plan->broken)
        line(out, plan->broken, 0);
    buf_add_text(out, "\n");
    line(out, tr("join.know", "The lab will know"), 0);
    item(out, tr("join.know.1", "that you are a member"));
    item(out, tr("join.know.2", "your name, as it stands in your invitation"));
    item(out, tr("join.know.3",
                 "that your computer collected this week's passes (everyone gets the same number)"));
    line(out,
         tr("join.watch",
            "Whoever watches the running server also sees when, and from which address, your computer asks."),
         2);
    line(out, tr("join.notknow", "The lab will not know"), 0);
    item(out, tr("join.notknow.1", "which posts, votes or answers are yours, or whether you wrote any"));
    item(out, tr("join.notknow.2", "your hours, check-ins, notes, leave plans, drafts and reading"));
    if (plan->members > 0 && plan->members < JOIN_FEW) {
        buf_reset(&text);
        words_say(
            &text,
            trn("join.small",
                "This lab has {n} member. In a group this small people can often guess who wrote something.",
                "This lab has {n} members. In a group this small people can often guess who wrote something.",
                (unsigned long)plan->members),
            {"n", say_number(arena, plan->members)});
        line(out, buf_text(&text), 0);
    }
    line(out,
         tr("join.leave",
            "You can leave at any time. Your posts stay, because no one can tell which are yours."),
         0);
}

static void say_later(const struct join_plan *plan, struct buf *out)
{
    AUTO_BUF struct buf text;
    char day[16];
    buf_init(&text, 4096);
    words_say(
        &text,
        tr("join.later_passes",
           "The lab says that somebody of this name left it a short while ago. So you stand in its lists "
           "from next week on, and have passes for the week of {date} and those after it. If it was not "
           "you who left, ask them."),
        {"date", day_text(plan->known.passes, day)});
    line(out, buf_text(&text), 0);
}

static bool say_joined(struct app *app, const struct join_plan *plan, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:b}", "lab", plan->known.name, "member",
                                        plan->known.member, "words", plan->words, "trial", plan->known.trial);
        if (!o || !json_write(o, &out, err))
            return o ? false : fail_memory(err);
    } else {
        bool later = plan->known.passes > epoch_of(app->now);
        words_say(&out,
                  later ? tr("join.done.later", "You are a member of “{lab}”.")
                        : tr("join.done", "You are a member of “{lab}”. This week's passes are here."),
                  {"lab", plan->known.name});
        buf_add_byte(&out, '\n');
        if (later)
            say_later(plan, &out);
    }
    return cmd_print(&out, err);
}

static bool ask(struct app *app, const struct join_plan *plan, bool *yes, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    *yes = true;
    if (cli_has(app->cli, "json") && cli_has(app->cli, "yes"))
        return true;
    say_plan(app->arena, plan, &out);
    if (!cmd_print(&out, err))
        return false;
    *yes = cli_has(app->cli, "yes") || cli_agrees(app->cli, tr("join.ask", "Join this lab?"));
    return true;
}

/* The look, the question and the joining are one turn: another look in between would drop the record that
 * this one is about. */
static bool join_in_turn(struct app *app, struct err *err)
{
    struct join_plan plan;
    const char *via = cli_value(app->cli, "via"), *name = cli_value(app->cli, "name");
    bool yes;
    if (!join_look(app->db, app->arena, app->cli->words[0], via, app->now, &plan, err) ||
        !ask(app, &plan, &yes, err))
        return false;
    if (!yes)
        return join_forget(app->db, err) &&
               fail(err, E_REFUSED,
                    tr("join.no", "You did not join; nothing was sent that says who you are. --yes joins "
                                  "without a question."));
    return mark_step(app->db, app->paths, err) && join_do(app->db, app->arena, &plan, name, app->now, err) &&
           say_joined(app, &plan, err);
}

static bool join(struct app *app, struct err *err)
{
    if (app->cli->words_n != 1)
        return fail(
            err, E_USAGE,
            tr("err.join.usage",
               "`respite join` takes one invitation, in quotation marks: respite join 'https://…/join#…'."));
    if (!turn_take(app, TURN_SECONDS, err))
        return false;
    bool done = join_in_turn(app, err);
    turn_end();
    return done;
}

static bool leave(struct app *app, struct err *err)
{
    struct known *known;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    if (!known)
        return fail(err, E_REFUSED, tr("err.join.none", "You are not in a lab."));
    if (!cli_has(app->cli, "yes") &&
        !cli_agrees(app->cli,
                    tr("join.leave.ask", "Leave the lab, and remove what is kept of it on this computer?")))
        return fail(err, E_REFUSED,
                    tr("join.leave.no", "Nothing was changed. --yes leaves without a question."));
    if (!turn_take(app, TURN_SECONDS, err))
        return false;
    bool left = join_leave(app, known, err);
    turn_end();
    if (!left)
        return false;
    line(&out,
         tr("join.left", "You have left the lab. What was kept of it here is gone; your posts stay in its "
                         "record, without a name."),
         0);
    return cmd_print(&out, err);
}

int cmd_join(struct app *app)
{
    struct err err = {0};
    bool done = cli_has(app->cli, "leave") ? leave(app, &err) : join(app, &err);
    return done ? 0 : cmd_failed(&err);
}
