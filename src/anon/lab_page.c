/* The Lab page (screen x): what the record says of the lab this node is in, as it was last fetched; or, in no
 * lab, how one joins. Opening it asks nobody anything. */
#include <stdio.h>

#include "anon/confirmed.h"
#include "anon/errand.h"
#include "anon/follow.h"
#include "anon/head_words.h"
#include "anon/lab_errands.h"
#include "anon/lab_people.h"
#include "anon/pages.h"
#include "anon/spend_rule.h"
#include "anon/wallet.h"
#include "crypt/hash.h"
#include "io/clock.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LEAVE_SECONDS = 30, AGAIN_SECONDS = 60 };

/* All that the page shows, loaded before a line of it is drawn. */
struct view {
    struct history *issuer, *board;
    const struct known *known;
    const struct entry_rules *rules; /* NULL: none were read yet */
    struct lab_again again;          /* what looking again found; its texts NULL: nobody looked */
    const char *stopped;             /* the sentence with which following the record stopped, or NULL */
    day_t epoch;
    int64_t members, holders, fetched_at; /* -1 or 0: not known, not fetched */
    const char *words;                    /* four, of this week's record; NULL: it is not here yet */
    struct confirmed confirmed;
    const char *by; /* who confirmed it, in a line, or NULL */
    char head[65];  /* of it, in hex: a click is about this one and no other */
};

static void view_clear(struct view *v)
{
    history_free(v->issuer);
    history_free(v->board);
}

static bool head_load(struct app *app, struct view *v, struct err *err)
{
    AUTO_BUF struct buf words;
    uint8_t head[32];
    buf_init(&words, 400);
    if (!history_head(v->issuer, v->board, v->epoch, NULL, head))
        return true;
    hash_hex(head, v->head);
    if (!head_words(app->db, head, &words, err) || !buf_ok(&words, err) ||
        !confirmed_load(app->db, app->arena, head, &v->confirmed, err) ||
        !confirmed_say(&v->confirmed, app->arena, &v->by, err))
        return false;
    v->words = buf_keep(&words, app->arena);
    return true;
}

/* What the last look at a stopped record found, if it was one that can be agreed to. */
static bool again_load(struct app *app, struct view *v, struct err *err)
{
    struct errand e;
    if (!v->stopped)
        return true;
    return errand_last(app->db, app->arena, ERRAND_AGAIN, &e, err) &&
           (e.state != ERRAND_DONE || !e.id || lab_again_read(span_of(e.text), app->arena, &v->again, err));
}

static bool view_load(struct app *app, const struct known *known, struct view *v, struct err *err)
{
    int64_t checked_at, n;
    bool mine;
    *v = (struct view){.known = known, .epoch = epoch_of(app->now)};
    if (!follow_load(app->db, known, &v->issuer, &v->board, err))
        return false;
    v->rules = history_rules(v->issuer, v->epoch);
    v->members = history_members(v->issuer, v->epoch);
    return follow_holders(app->db, known, v->epoch, &v->holders, &mine, &checked_at, err) &&
           wallet_count(app->db, v->issuer, v->epoch, &n, &v->fetched_at, err) &&
           follow_stopped(app->db, app->arena, &v->stopped, err) && again_load(app, v, err) &&
           head_load(app, v, err);
}

static void people_draw(struct html *h, struct app *app, const struct view *v)
{
    html_raw(h, "<p>");
    if (v->members == 0) { /* the list with this member on it comes later */
        html_text(h, tr("lab.no_list", "The lab's list of members is not here yet."));
    } else if (v->holders >= 0) {
        html_say(h, tr("lab.holders", "{n} members. {h} collected this week's passes."),
                 {"n", say_number(app->arena, v->members)}, {"h", say_number(app->arena, v->holders)});
        bit_gap(h);
        html_text(h, tr("post.crowd.small", "The lab could have invented some."));
    } else {
        html_say(h,
                 trn("lab.members", "{n} member. Who collected this week's passes is not fetched yet.",
                     "{n} members. How many collected this week's passes is not fetched yet.",
                     (unsigned long)v->members),
                 {"n", say_number(app->arena, v->members)});
    }
    html_raw(h, "</p>\n");
    bit_paragraph(h, v->fetched_at
                         ? tr("lab.collected", "Your computer has collected this week's passes.")
                         : tr("lab.not_collected", "Your computer has not collected this week's passes."));
}

static void meaning_draw(struct html *h)
{
    html_raw(h, "<details><summary>");
    html_text(h, tr("lab.meaning", "What this means"));
    html_raw(h, "</summary>\n");
    bit_paragraph(h, tr("lab.meaning.1",
                        "The four words stand for everything in the lab's record up to the beginning of this "
                        "week. Computers that were shown the same record have the same words."));
    bit_paragraph(h, tr("lab.meaning.2",
                        "If a colleague's words differ, the lab keeps one record for you and another for "
                        "them. Then please talk to someone you trust before you write."));
    html_raw(h, "</details>\n");
}

/* Why following has stopped, and the person's two ways on: to look again; and, when the lab has owned to a
 * loss, to go on behind it. */
static void stopped_draw(struct html *h, struct app *app, const struct view *v)
{
    bool broken = v->again.broken && *v->again.broken;
    if (!v->stopped)
        return;
    bit_notice(h, broken ? v->again.broken : v->stopped);
    bit_small(h, tr("lab.stopped", "Your computer does not ask this lab by itself any more. What it found is "
                                   "kept."));
    form_open(h, app, "/lab/again");
    if (broken) {
        bit_paragraph(h,
                      tr("again.what", "If you go on, your passes and receipts stay; receipts of posts that "
                                       "were lost are shown as lost."));
        html_raw(h, "<input type=\"hidden\" name=\"leaf\" value=\"");
        html_text(h, v->again.leaf);
        html_raw(h, "\">");
    }
    html_raw(h, "<div class=\"buttons\">");
    if (broken)
        form_button(h, "do", "on", tr("again.go_on", "Go on from the new record"), false);
    form_button(h, "do", "again", tr("again.look", "Look again"), false);
    html_raw(h, "</div>\n");
    form_close(h);
}

static void record_draw(struct html *h, struct app *app, const struct view *v)
{
    stopped_draw(h, app, v);
    if (!v->words) {
        bit_paragraph(h, tr("lab.no_words", "The lab's record of this week is not here yet."));
        return;
    }
    bit_words(h, tr("post.words", "This week's record in four words: {words}"), v->words);
    bit_paragraph(h, v->by);
    if (!v->confirmed.enough)
        bit_small(h, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."));
    if (!v->confirmed.colleague) {
        form_open(h, app, "/lab/seen");
        html_raw(h, "<input type=\"hidden\" name=\"head\" value=\"");
        html_text(h, v->head);
        html_raw(h, "\">");
        form_button(h, NULL, NULL, tr("post.words.same", "A colleague sees the same words"), false);
        form_close(h);
    }
    meaning_draw(h);
}

/* "6:00, 12:00 and 18:00": when new posts appear; NULL in a trial lab, which has no such hours. */
static const char *slots_text(struct app *app, const struct entry_rules *rules)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1000);
    if (!rules->slots)
        return NULL;
    for (size_t i = 0; i < rules->slots; i++) {
        if (i)
            buf_add_text(&text, i + 1 == rules->slots ? tr("lab.and", " and ") : tr("lab.comma", ", "));
        buf_add_text(&text, say_clock(app->arena, (int)rules->slot[i] * 60));
    }
    return buf_keep(&text, app->arena);
}

static void rules_draw(struct html *h, struct app *app, const struct entry_rules *rules)
{
    const char *slots = slots_text(app, rules);
    bit_heading(h, tr("lab.rules", "Rules"));
    html_raw(h, "<ul>\n<li>");
    html_say(h, tr("lab.rules.floor", "Posts leave when {k} members hold this week's passes."),
             {"k", say_number(app->arena, rules->floor)});
    html_raw(h, "</li>\n<li>");
    if (slots)
        html_say(h, tr("lab.rules.slots", "New posts appear together, at {times}."), {"times", slots});
    else
        html_say(h,
                 trn("lab.rules.batch", "New posts appear together, every {n} second.",
                     "New posts appear together, every {n} seconds.", (unsigned long)rules->batch),
                 {"n", say_number(app->arena, rules->batch)});
    html_raw(h, "</li>\n</ul>\n");
}

static void joined_draw(struct html *h, struct app *app, const struct view *v)
{
    html_raw(h, "<h1>");
    html_text(h, v->known->name);
    html_raw(h, "</h1>\n<p class=\"lead\">");
    if (*v->known->by)
        html_say(h, tr("join.by", "Run by {name}."), {"name", v->known->by});
    html_raw(h, "</p>\n");
    people_draw(h, app, v);
    record_draw(h, app, v);
    lab_people_draw(h, app, v->board ? v->board : v->issuer);
    if (v->rules)
        rules_draw(h, app, v->rules);
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, "/sees", tr("foot.sees", "What the lab can see"));
    bit_button(h, "/lab/leave", tr("lab.leave", "Leave"));
    html_raw(h, "</div>\n");
}

/* In no lab: the field for an invitation, and what [Look] does, said before it is done. */
static void none_draw(struct html *h, struct app *app, const char *problem, const char *url)
{
    html_raw(h, "<h1>");
    html_text(h, tr("nav.lab", "Lab"));
    html_raw(h, "</h1>\n");
    bit_problem(h, problem);
    bit_paragraph(h, tr("empty.lab", "You are not in a lab. Everything else works without one."));
    if (app->example) {
        bit_small(h, tr("lab.example", "While the example data is here, no lab can be joined."));
        return;
    }
    form_open(h, app, "/lab/look");
    html_raw(h, "<p><label for=\"url\">");
    html_text(h, tr("lab.invitation", "Somebody gave you an invitation? Paste its link here."));
    html_raw(h, "</label><br><input id=\"url\" name=\"url\" type=\"text\" maxlength=\"700\" required "
                "autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" value=\"");
    html_text(h, url);
    html_raw(h, "\"></p>\n");
    bit_small(h, tr("lab.look.what", "Look asks the lab's server what the lab says of itself, without naming "
                                     "you: the invitation is not sent. The server sees when, and from which "
                                     "address, your computer asks. Nothing is sent before you look."));
    form_button(h, NULL, NULL, tr("lab.look", "Look"), false);
    form_close(h);
}

void page_lab(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct view v = {0};
    if (!known_load(app->db, app->arena, &known, &err) || (known && !view_load(app, known, &v, &err))) {
        reply_error(app, request, reply, 500, &err);
    } else {
        frame_open(&h, app, request, reply, tr("nav.lab", "Lab"), "/lab");
        if (known)
            joined_draw(&h, app, &v);
        else
            none_draw(&h, app, NULL, NULL);
        frame_close(&h, app, NULL);
    }
    view_clear(&v);
}

void page_lab_again(struct app *app, const struct request *request, struct reply *reply, const char *problem,
                    const char *url)
{
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("nav.lab", "Lab"), "/lab");
    none_draw(&h, app, problem, url);
    frame_close(&h, app, NULL);
}

/* The head whose words were on the page is noted as seen elsewhere too, if it is the one of the week that
 * runs: a page may have been open since before. Nothing is sent. */
static bool seen_note(struct app *app, struct span shown, struct err *err)
{
    struct known *known;
    struct history *issuer = NULL, *board = NULL;
    uint8_t head[32];
    char hex[65];
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    bool ok = !known || follow_load(app->db, known, &issuer, &board, err);
    if (ok && known && history_head(issuer, board, epoch_of(app->now), NULL, head)) {
        hash_hex(head, hex);
        ok = !span_is(shown, hex) || spend_confirm(app->db, head, err);
    }
    history_free(issuer);
    history_free(board);
    return ok;
}

void page_lab_seen(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!seen_note(app, form_value(&form, "head"), &err))
        reply_error(app, request, reply, 500, &err);
    else
        reply_to(reply, request, "/lab");
}

static bool lab_here(struct app *app, const struct request *request, struct reply *reply,
                     struct known **known)
{
    struct err err = {0};
    if (!known_load(app->db, app->arena, known, &err)) {
        reply_error(app, request, reply, 500, &err);
        return false;
    }
    if (!*known)
        reply_to(reply, request, "/lab");
    return *known;
}

/* ---- a record that stopped ---- */

/* Both ask the lab, so both are errands. What did not work is said by the page itself: it stays stopped. */
static bool again_do(struct app *app, const struct form *form, struct err *err)
{
    struct errand done;
    if (!form_has(form, "do", "on"))
        return errand_do(app, ERRAND_AGAIN, "", AGAIN_SECONDS, &done, err);
    const char *leaf = arena_text(app->arena, span_first(form_value(form, "leaf"), 64));
    if (!leaf)
        return fail_memory(err);
    return errand_do(app, ERRAND_GO_ON, leaf, AGAIN_SECONDS, &done, err) &&
           (done.state == ERRAND_RUNS || errand_drop(app->db, ERRAND_AGAIN, err)) &&
           (done.state != ERRAND_FAILED || fail(err, E_REFUSED, "%s", done.text));
}

void page_lab_go_on(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!lab_here(app, request, reply, &known))
        return;
    else if (!again_do(app, &form, &err))
        reply_error(app, request, reply, err.code == E_REFUSED ? 409 : 500, &err);
    else
        reply_to(reply, request, "/lab");
}

/* ---- leaving, which is asked once ---- */

static void leave_draw(struct app *app, const struct request *request, struct reply *reply,
                       const struct known *known, const char *problem)
{
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("lab.leave", "Leave"), "/lab");
    html_raw(&h, "<h1>");
    html_say(&h, tr("lab.leave.title", "Leave “{lab}”?"), {"lab", known->name});
    html_raw(&h, "</h1>\n");
    bit_problem(&h, problem);
    bit_paragraph(&h, tr("join.leave", "You can leave at any time. Your posts stay, because no one can tell "
                                       "which are yours."));
    bit_paragraph(&h,
                  tr("lab.leave.what",
                     "Your computer tells the lab now, and the lab removes the row with your name. What is "
                     "here of the lab goes too: passes, what waits to be sent, and receipts."));
    form_open(&h, app, "/lab/leave");
    html_raw(&h, "<div class=\"buttons\">");
    form_button(&h, NULL, NULL, tr("lab.leave.asked", "Leave now"), false);
    bit_button(&h, "/lab", tr("lab.stay", "Not now"));
    html_raw(&h, "</div>\n");
    form_close(&h);
    frame_close(&h, app, NULL);
}

void page_lab_leave(struct app *app, const struct request *request, struct reply *reply)
{
    struct known *known;
    if (lab_here(app, request, reply, &known))
        leave_draw(app, request, reply, known, NULL);
}

void page_lab_left(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct errand leave = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!lab_here(app, request, reply, &known))
        return;
    if (!errand_do(app, ERRAND_LEAVE, "", LEAVE_SECONDS, &leave, &err) || leave.state == ERRAND_FAILED)
        leave_draw(app, request, reply, known, err.code ? err.text : leave.text);
    else
        reply_to(reply, request, "/lab");
}
