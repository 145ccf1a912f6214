/* Joining a lab (screen b): what was found behind an invitation, in two columns what the lab will and will
 * not know, and the click that joins. Everything shown came with the click on "Look"; this page asks nobody
 * anything. */
#include "anon/errand.h"
#include "anon/head_words.h"
#include "anon/join.h"
#include "anon/lab_errands.h"
#include "anon/pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LOOK_SECONDS = 45, JOIN_SECONDS = 90, URL_MOST = 700 };

static void will_know_draw(struct html *h)
{
    html_raw(h, "<section><h2>");
    html_text(h, tr("join.know", "The lab will know"));
    html_raw(h, "</h2>\n<ul>\n");
    bit_item(h, tr("join.know.1", "that you are a member"));
    bit_item(h, tr("join.know.2", "your name, as it stands in your invitation"));
    bit_item(h, tr("join.know.3",
                   "that your computer collected this week's passes (everyone gets the same number)"));
    html_raw(h, "</ul>\n");
    bit_paragraph(h, tr("join.watch", "Whoever watches the running server also sees when, and from which "
                                      "address, your computer asks."));
    html_raw(h, "<p><a href=\"/sees\">");
    html_text(h, tr("join.more", "More about what the lab can see"));
    html_raw(h, "</a></p>\n</section>\n");
}

static void will_not_know_draw(struct html *h)
{
    html_raw(h, "<section><h2>");
    html_text(h, tr("join.notknow", "The lab will not know"));
    html_raw(h, "</h2>\n<ul>\n");
    bit_item(h, tr("join.notknow.1", "which posts, votes or answers are yours, or whether you wrote any"));
    bit_item(h, tr("join.notknow.2", "your hours, check-ins, notes, leave plans, drafts and reading"));
    html_raw(h, "</ul>\n</section>\n");
}

static void small_draw(struct html *h, struct app *app, int64_t members)
{
    if (members == 0 || members >= JOIN_FEW)
        return;
    html_raw(h, "<p class=\"notice\" role=\"note\">");
    html_say(
        h,
        trn("join.small",
            "This lab has {n} member. In a group this small people can often guess who wrote something.",
            "This lab has {n} members. In a group this small people can often guess who wrote something.",
            (unsigned long)members),
        {"n", say_number(app->arena, members)});
    html_raw(h, "</p>\n");
}

static void lab_draw(struct html *h, struct app *app, const struct lab_found *found, const char *words)
{
    html_raw(h, "<h1>");
    html_say(h, tr("join.title", "Join “{lab}”?"), {"lab", found->name});
    html_raw(h, "</h1>\n");
    if (found->trial)
        bit_notice(h, tr("trial.bar", "Trial lab. Nothing here is protected as in a real one."));
    html_raw(h, "<p>");
    if (*found->by) {
        html_say(h, tr("join.by", "Run by {name}."), {"name", found->by});
        bit_gap(h);
    }
    if (found->members)
        html_say(h, trn("join.members", "{n} member.", "{n} members.", (unsigned long)found->members),
                 {"n", say_number(app->arena, found->members)});
    else
        html_text(h, tr("join.members.none", "It has no members yet."));
    html_raw(h, "</p>\n");
    bit_words(h, tr("join.words", "The key in six words: {words}"), words);
    bit_paragraph(h, tr("join.words.compare",
                        "Compare these words with the poster on your lab's wall, or ask a colleague."));
    if (*found->broken)
        bit_notice(h, found->broken);
    small_draw(h, app, found->members);
}

static void found_draw(struct html *h, struct app *app, const struct lab_found *found, const char *words)
{
    lab_draw(h, app, found, words);
    html_raw(h, "<div class=\"two\">\n");
    will_know_draw(h);
    will_not_know_draw(h);
    html_raw(h, "</div>\n");
    bit_paragraph(h, tr("join.leave", "You can leave at any time. Your posts stay, because no one can tell "
                                      "which are yours."));
    form_open(h, app, "/lab/join");
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "join", tr("join.go", "Join"), false);
    form_button(h, "do", "later", tr("join.later", "Not now"), false);
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("join.before", "Looking named nobody. Nothing about you is sent before you press Join."));
}

/* The lab's server has not answered yet. */
static void waiting_draw(struct html *h)
{
    html_raw(h, "<h1>");
    html_text(h, tr("nav.lab", "Lab"));
    html_raw(h, "</h1>\n");
    bit_paragraph(h, tr("join.waiting", "The lab's server has not answered yet."));
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, "/lab/join", tr("join.again", "See whether it has"));
    html_raw(h, "</div>\n");
}

static bool join_draw(struct html *h, struct app *app, const struct errand *look, struct err *err)
{
    struct lab_found found;
    const char *words;
    if (look->state != ERRAND_DONE) {
        waiting_draw(h);
        return true;
    }
    if (!lab_found_read(span_of(look->text), app->arena, &found, err) ||
        !lab_words(found.issuer_vkey, found.board_vkey, app->arena, &words, err))
        return false;
    found_draw(h, app, &found, words);
    return true;
}

void page_join(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct errand join, look;
    if (!errand_last(app->db, app->arena, ERRAND_JOIN, &join, &err) ||
        !errand_last(app->db, app->arena, ERRAND_LOOK, &look, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    bool joining = join.id && join.state <= ERRAND_RUNS;
    if (!joining && (!look.id || look.state == ERRAND_FAILED)) {
        reply_to(reply, request, "/lab");
        return;
    }
    frame_open(&h, app, request, reply, tr("join.go", "Join"), "/lab");
    if (!join_draw(&h, app, joining ? &join : &look, &err))
        reply_error(app, request, reply, 500, &err);
    else
        frame_close(&h, app, NULL);
}

/* The form is ours, and there is no example data about. */
static bool form_good(struct app *app, const struct request *request, struct reply *reply, struct form *form)
{
    struct err err = {0};
    if (form_read(app, request, form, &err)) {
        if (!app->example)
            return true;
        reply_to(reply, request, "/lab");
    } else {
        reply_error(app, request, reply, 403, &err);
    }
    return false;
}

void page_lab_look(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand look = {0};
    if (!form_good(app, request, reply, &form))
        return;
    const char *url = arena_text(app->arena, span_first(span_trim(form_value(&form, "url")), URL_MOST));
    if (!url)
        fail_memory(&err);
    else if (errand_do(app, ERRAND_LOOK, url, LOOK_SECONDS, &look, &err) && look.state != ERRAND_FAILED) {
        reply_to(reply, request, "/lab/join");
        return;
    }
    page_lab_again(app, request, reply, err.code ? err.text : look.text, url);
}

/* The person said no: nothing of the lab or of the invitation stays here. */
static bool forget_work(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return join_forget(db, err) && errand_drop(db, ERRAND_LOOK, err) && errand_drop(db, ERRAND_JOIN, err);
}

static void join_later(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    if (!known_load(app->db, app->arena, &known, &err) ||
        (!known && !db_write(app->db, forget_work, NULL, &err)))
        reply_error(app, request, reply, 500, &err);
    else
        reply_to(reply, request, "/lab");
}

static bool errands_drop(struct app *app, struct err *err)
{
    return errand_drop(app->db, ERRAND_LOOK, err) && errand_drop(app->db, ERRAND_JOIN, err);
}

static void join_now(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct errand look, join = {0};
    if (!errand_last(app->db, app->arena, ERRAND_LOOK, &look, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    if (!look.id) { /* nothing was looked at */
        reply_to(reply, request, "/lab");
        return;
    }
    if (!errand_do(app, ERRAND_JOIN, look.argument, JOIN_SECONDS, &join, &err) ||
        join.state == ERRAND_FAILED) {
        page_lab_again(app, request, reply, err.code ? err.text : join.text, look.argument);
        return;
    }
    if (join.state == ERRAND_DONE && !errands_drop(app, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    reply_to(reply, request, join.state == ERRAND_DONE ? "/lab" : "/lab/join");
}

void page_join_go(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form = {0};
    if (!form_good(app, request, reply, &form))
        return;
    if (form_has(&form, "do", "join"))
        join_now(app, request, reply);
    else
        join_later(app, request, reply);
}
