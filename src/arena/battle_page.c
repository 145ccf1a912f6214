/* One page for all of a battle: what it shows follows from where the battle is. The buttons of the vote are
 * on it when both answers are, and not before; names when the vote is kept, and not before. */
#include "arena/battle_page.h"

#include "anon/errand.h"
#include "arena/battle_mine.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { WAIT_SECONDS = 12 };
static const char path[] = "/arena/battle";

bool errand_battle(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    (void)answer;
    if (!known_load(app->db, app->arena, &known, err) || !known)
        return err->code == E_NONE;
    if (strcmp(argument, "again") == 0 && !battle_mine_again(app, known, err))
        return false;
    return battle_mine_go(app, known, BATTLE_SECONDS, err);
}

/* Parts -------------------------------------------------------------------------------------------------- */
static void who_draw(struct html *h)
{
    bit_paragraph(h, tr("battle.who",
                        "It goes at once, with a pass, not a name. The lab and the models read it. "
                        "The names appear after your vote."));
    bit_small(h, tr("battle.watch", "At once means: whoever watches the network or the server sees that this "
                                    "computer asks now."));
}

static void ask_draw(struct html *h, const struct app *app, const char *prompt)
{
    form_open(h, app, path);
    html_raw(h, "<p><label for=\"text\">");
    html_text(h, tr("battle.prompt", "Your prompt"));
    html_raw(h, "</label><textarea id=\"text\" name=\"text\" rows=\"6\" maxlength=\"16000\">\n");
    html_text(h, prompt ? prompt : "");
    html_raw(h, "</textarea></p>\n<p><label><input type=\"checkbox\" name=\"hard\" value=\"1\"> ");
    html_text(h, tr("battle.hard", "It is a hard one (boards can show hard prompts apart)"));
    html_raw(h, "</label></p>\n");
    who_draw(h);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "ask", tr("battle.ask", "Ask both now"), true);
    bit_button(h, "/", battle_choice_said(-1));
    html_raw(h, "</div>\n");
    form_close(h);
}

static void prompt_draw(struct html *h, const struct battle_mine *m)
{
    html_raw(h, "<p class=\"small\">");
    html_text(h, tr("battle.prompt", "Your prompt"));
    html_raw(h, "</p>\n<blockquote class=\"said\">");
    html_text(h, m->prompt);
    html_raw(h, "</blockquote>\n");
}

static void answer_draw(struct html *h, const char *side, const char *name, const char *text)
{
    html_raw(h, "<section class=\"answer\"><h2>");
    if (*name)
        html_say(h, tr("battle.side", "{side}: {name}"), {"side", side}, {"name", name});
    else
        html_text(h, side);
    html_raw(h, "</h2>\n<div class=\"said\">");
    html_text(h, *text ? text : tr("battle.empty", "(an empty answer)"));
    html_raw(h, "</div></section>\n");
}

static void answers_draw(struct html *h, const struct battle_mine *m)
{
    html_raw(h, "<div class=\"answers\">\n");
    answer_draw(h, battle_choice_said(CHOICE_A), m->name_a, m->answer_a);
    answer_draw(h, battle_choice_said(CHOICE_B), m->name_b, m->answer_b);
    html_raw(h, "</div>\n");
}

static void put_away(struct html *h)
{
    form_button(h, "do", "drop", battle_choice_said(-1), false);
}

static void vote_draw(struct html *h, const struct app *app)
{
    form_open(h, app, path);
    html_raw(h, "<div class=\"buttons\">");
    for (int i = 0; i < CHOICES; i++)
        form_button(h, "vote", battle_choice_name((enum battle_choice)i), battle_choice_said(i), false);
    put_away(h);
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("battle.after", "The names appear after your vote."));
    bit_small(h, tr("priv.vote", "Your vote carries a pass, not a name."));
}

static void one_button(struct html *h, const struct app *app, const char *value, const char *label)
{
    form_open(h, app, path);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", value, label, true);
    put_away(h);
    html_raw(h, "</div>\n");
    form_close(h);
}

/* States ------------------------------------------------------------------------------------------------- */
static void over_draw(struct html *h, const struct app *app, const struct battle_mine *m)
{
    prompt_draw(h, m);
    answers_draw(h, m);
    if (m->choice >= 0) {
        html_raw(h, "<p>");
        html_say(h, tr("battle.yours", "Your vote: {choice}."), {"choice", battle_choice_said(m->choice)});
        html_raw(h, "</p>\n");
    }
    bit_small(h, battle_why_said(m->why));
    bit_small(h,
              tr("battle.erased", "The lab has erased the prompt and both answers. They stand here until the "
                                  "next question, or until you put them away."));
    form_open(h, app, path);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "drop", tr("battle.away", "Put it away"), false);
    html_raw(h, "</div>\n");
    form_close(h);
}

static void vote_under_way(struct html *h, const struct app *app, const struct battle_mine *m)
{
    prompt_draw(h, m);
    answers_draw(h, m);
    bit_paragraph(h, m->vote_refused
                         ? tr("battle.refused", "The lab did not take the vote. It may have come too late.")
                         : tr("battle.sent",
                              "The vote has left, and the lab has not said that it has it. It goes "
                              "again on another day."));
    one_button(h, app, "go", tr("battle.look", "Look again"));
}

static void state_draw(struct html *h, const struct app *app, const struct battle_mine *m)
{
    if (m->state == BATTLE_VOTED) {
        over_draw(h, app, m);
    } else if (m->vote_act) {
        vote_under_way(h, app, m);
    } else if (m->state == BATTLE_READY) {
        prompt_draw(h, m);
        answers_draw(h, m);
        vote_draw(h, app);
    } else if (m->state == BATTLE_VOID) {
        prompt_draw(h, m);
        bit_paragraph(h, tr("battle.void",
                            "A model did not answer, or the lab was started anew meanwhile. You may "
                            "ask again; it takes no other pass."));
        one_button(h, app, "again", tr("battle.again", "Ask again"));
    } else if (m->state == BATTLE_EXPIRED) {
        bit_paragraph(h, tr("battle.expired", "The answers waited for a day and are gone."));
        ask_draw(h, app, m->prompt);
    } else {
        prompt_draw(h, m);
        bit_paragraph(h, tr("battle.waits",
                            "Two models are being asked. Both answers come together, when both are "
                            "whole; that can take three minutes."));
        one_button(h, app, "go", tr("battle.look", "Look again"));
    }
}

static void body_draw(struct html *h, struct app *app, const struct battle_mine *m, int models,
                      const char *prompt)
{
    if (m->there && !m->failed && !prompt)
        state_draw(h, app, m);
    else if (models < BATTLE_MODELS)
        bit_paragraph(h, tr("battle.none",
                            "The lab has no two models to compare, by its record. Whoever runs it "
                            "adds them with `respite lab model add`."));
    else {
        if (m->there && m->failed && !prompt)
            bit_notice(h, tr("battle.failed",
                             "The prompt did not reach the lab. It is kept here and goes nowhere "
                             "by itself."));
        ask_draw(h, app, prompt ? prompt : m->there ? m->prompt : "");
    }
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *prompt,
                 const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct battle_mine m = {0};
    int models = 0;
    if (!known_load(app->db, app->arena, &known, &err) ||
        (known && (!battle_mine_load(app->db, app->arena, &m, &err) ||
                   !battle_mine_models(app, known, &models, &err)))) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("battle.title", "Compare two answers"), "/arena/lab");
    html_raw(&h, "<h1>");
    html_text(&h, tr("battle.title", "Compare two answers"));
    html_raw(&h, "</h1>\n");
    bit_problem(&h, problem);
    if (known)
        body_draw(&h, app, &m, models, prompt);
    else
        bit_paragraph(&h, tr("empty.lab", "You are not in a lab. Everything else works without one."));
    frame_close(&h, app, NULL);
}

void page_battle(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL, NULL);
}

/* Buttons ------------------------------------------------------------------------------------------------ */
static void go(struct app *app, const struct request *request, struct reply *reply, const char *what)
{
    struct err err = {0};
    struct errand done = {0};
    if (!errand_do(app, ERRAND_BATTLE, what, WAIT_SECONDS, &done, &err) || done.state == ERRAND_FAILED)
        draw(app, request, reply, NULL, err.code ? err.text : done.text);
    else
        reply_to(reply, request, path);
}

static void ask(struct app *app, const struct request *request, struct reply *reply,
                const struct known *known, const struct form *form)
{
    struct err err = {0};
    struct span text = form_value(form, "text");
    const char *prompt = arena_text(app->arena, text.p ? text : SPAN(""));
    if (battle_mine_ask(app, known, text.p ? text : SPAN(""), form_has(form, "hard", "1"), &err))
        go(app, request, reply, "go");
    else
        draw(app, request, reply, prompt ? prompt : "", err.text);
}

static void vote(struct app *app, const struct request *request, struct reply *reply,
                 const struct known *known, struct span name)
{
    struct err err = {0};
    enum battle_choice choice;
    if (battle_choice_read(name, &choice) && battle_mine_vote(app, known, choice, &err))
        go(app, request, reply, "go");
    else
        draw(app, request, reply, NULL, err.code ? err.text : NULL);
}

void page_battle_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!known_load(app->db, app->arena, &known, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    struct span named = form_value(&form, "vote");
    if (!known)
        reply_to(reply, request, path);
    else if (named.p)
        vote(app, request, reply, known, named);
    else if (form_has(&form, "do", "ask"))
        ask(app, request, reply, known, &form);
    else if (form_has(&form, "do", "go") || form_has(&form, "do", "again"))
        go(app, request, reply, form_has(&form, "do", "go") ? "go" : "again");
    else if (!form_has(&form, "do", "drop") || battle_mine_drop(app->db, &err))
        reply_to(reply, request, path);
    else
        draw(app, request, reply, NULL, err.text);
}
