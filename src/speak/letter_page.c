/* One conversation, and the first letter of one. The words leave as a closed letter; before that the page
 * shows what would hide the writer and what would not, as for a post. */
#include <inttypes.h>
#include <stdio.h>

#include "codec/scan.h"
#include "crypt/hash.h"
#include "speak/board_draw.h"
#include "speak/board_pages.h"
#include "speak/counsel_letters.h"
#include "speak/hints_draw.h"
#include "speak/leave_draw.h"
#include "speak/letters_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

/* Pieces ----------------------------------------------------------------------------------------------------
 */
void letter_fields(struct html *h, struct span text, bool now)
{
    /* Enter in a field presses the first button of a form: this one, which reads nothing and sends nothing.
     */
    html_raw(h, "<button class=\"unseen\" name=\"do\" value=\"look\" tabindex=\"-1\" aria-hidden=\"true\">");
    html_text(h, tr("letters.send", "Send"));
    html_raw(h, "</button>\n<p><label for=\"text\">");
    html_text(h, tr("letters.text", "Plain text; no one but the one you write to can read it"));
    html_raw(h, "</label><textarea id=\"text\" name=\"text\" rows=\"8\" maxlength=\"16000\">\n");
    html_span(h, text);
    html_raw(h, "</textarea></p>\n");
    leave_when_draw(h, now);
}

/* The check of one's own words, for who is not known by name to whom they write. */
struct check {
    struct hints hints;
    bool compared, hinted; /* with commit messages too; the person has seen the hints of this text */
    bool entered;          /* Enter was pressed in a field: the page again, and nothing read or sent */
};

static void check_read(const struct form *form, struct check *c)
{
    c->hinted = form_has(form, "hinted", "1");
    c->compared = form_has(form, "do", "compare");
    c->entered = form_has(form, "do", "look");
}

/* *wait: the page is shown again, with what was found. */
static bool check_do(struct app *app, const struct known *known, struct span text, struct check *c,
                     bool *wait, struct err *err)
{
    *wait = c->compared || c->entered;
    if (c->entered || (c->hinted && !c->compared))
        return true;
    if (!hints_find(app, known, text, 0, c->compared, &c->hints, err))
        return false;
    *wait |= c->hints.n > 0;
    return true;
}

static void check_draw(struct html *h, struct app *app, const struct check *c)
{
    if (c->hints.n)
        form_hidden(h, "hinted", "1");
    hints_draw(h, app, &c->hints, c->compared,
               tr("letters.match.free", "You can send it as it is: this is told to you and to nobody else."));
}

/* One conversation
 * -------------------------------------------------------------------------------------------- */
struct view {
    struct letters l;
    const struct conversation *c;
    struct letters_kept kept;
    struct span text;
    bool now;
    struct check check;
    const char *problem, *path, *hindered; /* hindered: with a counsellor, why nothing can be written */
};

static bool view_load(struct app *app, const struct request *request, const struct known *known,
                      struct view *v, struct err *err)
{
    struct span rest = span_from(request->path, sizeof "/letters/" - 1);
    uint64_t id;
    if (!letters_load(app, known, v->now, &v->l, err))
        return false;
    if (scan_u64(&rest, &id, INT64_MAX) && scan_end(&rest))
        v->c = letters_one(&v->l, (int64_t)id);
    v->path = arena_text(app->arena, request->path);
    if (!v->c)
        return fail(err, E_MISSING, tr("err.letters.none", "There is no conversation of that number."));
    return letters_list(app->db, app->arena, v->c->id, v->l.today, &v->kept, err) &&
           counsel_letter_hindered(app, letters_log(&v->l), v->c, &v->hindered, err);
}

static bool letter_draw(struct html *h, struct app *app, const struct view *v, const struct letter_kept *k,
                        struct err *err)
{
    const char *said;
    bool again;
    if (!letter_state(app, k, &said, &again, err))
        return false;
    bit_small(h, letter_gap(k));
    html_raw(h, "<article class=\"post\">\n<p class=\"small\">");
    html_text(h, k->own ? tr("letters.you", "You") : conversation_name(app->arena, v->c));
    if (k->day) {
        html_raw(h, " · ");
        said_day(h, app, k->day);
    }
    html_raw(h, "</p>\n");
    said_text(h, k->text);
    if (k->asks) {
        const struct helper *to = letters_helper(&v->l, k->ask);
        html_raw(h, "<p class=\"small\">");
        html_say(h, tr("letters.asks", "Asks whether to pass this on together, to {name}."),
                 {"name", to ? to->name : key_in_words(app->arena, k->ask)});
        html_raw(h, "</p>\n");
    }
    bit_small(h, said);
    html_raw(h, "</article>\n");
    if (again) {
        form_open(h, app, v->path);
        form_button(h, "do", "resend", tr("mine.again", "Post it again"), false);
        form_close(h);
    }
    return true;
}

/* The question of the helper: yes, in words of one's own; or not. */
static void asked_draw(struct html *h, struct app *app, const struct view *v, const struct letter_kept *asked)
{
    const struct helper *to = letters_helper(&v->l, asked->ask);
    bit_heading(h, tr("letters.pass.title", "Pass it on together?"));
    if (to)
        helper_draw(h, app, to);
    bit_paragraph(h, tr("letters.pass.what",
                        "What you write here goes to them as a first letter, with new keys. "
                        "Nothing of this conversation goes along, and they will not know "
                        "who you are unless you say so."));
    form_open(h, app, v->path);
    html_raw(h, "<p><label for=\"words\">");
    html_text(h, tr("letters.pass.words", "What they are to know"));
    html_raw(h,
             "</label><textarea id=\"words\" name=\"words\" rows=\"4\" maxlength=\"16000\"></textarea></p>\n"
             "<div class=\"buttons\">");
    form_button(h, "do", "agree", tr("letters.pass.yes", "Yes, write to them"), false);
    form_button(h, "do", "decline", tr("letters.pass.no", "No"), false);
    html_raw(h, "</div>\n");
    form_close(h);
}

/* To whom a helper can pass a conversation on: those vouched for who are not this computer's own. */
static void pass_draw(struct html *h, struct app *app, const struct view *v)
{
    bool some = false;
    char hex[65];
    if (v->c->side != MAILBOX_HELPER || v->c->waits || v->c->over || mailbox_with_counsellor(v->c->role))
        return;
    for (size_t i = 0; i < v->l.helpers.vouched; i++)
        some |= !v->l.helpers.at[i].own && !v->l.helpers.at[i].paused;
    if (!some)
        return;
    bit_heading(h, tr("listen.pass.title", "Pass on together (with their yes)"));
    form_open(h, app, v->path);
    html_raw(h, "<p><label for=\"pass\">");
    html_text(h, tr("listen.pass.to", "To"));
    html_raw(h, "</label> <select id=\"pass\" name=\"pass\">");
    for (size_t i = 0; i < v->l.helpers.vouched; i++) {
        const struct helper *to = &v->l.helpers.at[i];
        if (to->own || to->paused)
            continue;
        hash_hex(to->pk, hex);
        html_raw(h, "<option value=\"");
        html_text(h, hex);
        html_raw(h, "\">");
        html_text(h, to->name);
        html_raw(h, "</option>");
    }
    html_raw(h, "</select></p>\n<p><label for=\"words\">");
    html_text(h, tr("listen.pass.words", "A few words with the question (may stay empty)"));
    html_raw(h, "</label><textarea id=\"words\" name=\"words\" rows=\"3\"></textarea></p>\n<div "
                "class=\"buttons\">");
    form_button(h, "do", "pass", tr("listen.pass.ask", "Ask them"), false);
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("listen.you", "You are not alone with this either."));
}

static void answer_draw(struct html *h, struct app *app, const struct view *v)
{
    const char *hindered = v->hindered ? v->hindered : letters_hindered(&v->l, v->now);
    bool busy = v->c->waits && v->l.busy >= MAILBOX_TWO && !mailbox_with_counsellor(v->c->role);
    if (!v->c->over) {
        bit_heading(h, v->c->silent ? tr("letters.write", "Write") : tr("board.answer", "Answer"));
        form_open(h, app, v->path);
        letter_fields(h, v->text, v->now);
        if (v->c->side == MAILBOX_ASKER)
            check_draw(h, app, &v->check);
        leave_facts_draw(h, app, &v->l.before);
        bit_notice(h, hindered);
        if (busy)
            bit_notice(h,
                       tr("letters.busy", "You have two conversations. This one can be taken on when one of "
                                          "them is over; nobody is told that it waits."));
        html_raw(h, "<div class=\"buttons\">");
        if (!hindered && !busy)
            form_button(h, "do", "send", tr("letters.send", "Send"), true);
        bit_button(h, "/letters", tr("post.no", "Not today"));
        html_raw(h, "</div>\n");
        form_close(h);
    }
    form_open(h, app, v->path);
    if (!v->c->over)
        form_button(h, "do", "end",
                    v->c->waits ? tr("letters.aside", "Put it aside") : tr("letters.end", "End it here"),
                    false);
    form_close(h);
    bit_small(h, tr("letters.end.what", "Nothing is sent for that, and nobody is told."));
}

static void draw(struct app *app, const struct request *request, struct reply *reply, struct view *v)
{
    struct err err = {0};
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, conversation_name(app->arena, v->c), "/board");
    html_raw(&h, "<h1>");
    html_text(&h, conversation_name(app->arena, v->c));
    html_raw(&h, "</h1>\n");
    bit_problem(&h, v->problem);
    if (mailbox_with_counsellor(v->c->role) && v->c->side == MAILBOX_ASKER)
        bit_small(&h,
                  tr("counsel.letters.what", "You took a time with this counsellor. They read what you write "
                                             "here under your made-up name; the lab sees a closed letter, "
                                             "and not to whom."));
    else if (v->c->side == MAILBOX_HELPER && !mailbox_with_counsellor(v->c->role))
        bit_small(&h, tr("listen.role", "You do not need to solve it, advise, or take notes. Listening is "
                                        "enough."));
    for (size_t i = 0; i < v->kept.n; i++)
        if (!letter_draw(&h, app, v, &v->kept.at[i], &err)) {
            buf_reset(&reply->body);
            reply_error(app, request, reply, 500, &err);
            return;
        }
    const struct letter_kept *asked = letters_asked(&v->kept);
    if (asked && v->c->side == MAILBOX_ASKER)
        asked_draw(&h, app, v, asked);
    answer_draw(&h, app, v);
    pass_draw(&h, app, v);
    bit_small(&h, letters_days(v->c));
    frame_close(&h, app, NULL);
}

void page_letter(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    struct view v = {.text = SPAN("")};
    if (!board_known(app, request, reply, &known))
        return;
    if (!view_load(app, request, known, &v, &err))
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    else
        draw(app, request, reply, &v);
    letters_clear(&v.l);
}

/* What its buttons do
 * ------------------------------------------------------------------------------------------ */
static bool do_pass(struct app *app, struct view *v, const struct form *form, int64_t *outbox,
                    struct err *err)
{
    uint8_t pk[32];
    const struct helper *to = key_of_hex(form_value(form, "pass"), pk) ? letters_helper(&v->l, pk) : NULL;
    struct span words = form_value(form, "words");
    if (!to)
        return fail(err, E_MISSING,
                    tr("err.letters.no_listener",
                       "There is no listener of that name here. `respite letters` lists those "
                       "that have a card."));
    return letters_pass_on(app, &v->l, v->c->id, to, words.p ? words : SPAN(""), v->now, outbox, err);
}

static bool do_agree(struct app *app, struct view *v, const struct form *form, int64_t *outbox,
                     struct err *err)
{
    const struct letter_kept *asked = letters_asked(&v->kept);
    struct span words = form_value(form, "words");
    int64_t begun;
    if (!asked)
        return fail(err, E_MISSING,
                    tr("err.letters.no_question", "No letter of this conversation asks to pass it on."));
    return letters_agree(app, &v->l, v->c->id, asked, words.p ? words : SPAN(""), v->now, &begun, outbox,
                         err);
}

/* An answer by who is known by no name is looked at before it leaves. */
static bool do_answer(struct app *app, struct view *v, int64_t *outbox, bool *again, struct err *err)
{
    if (v->c->side == MAILBOX_ASKER && !check_do(app, v->l.known, v->text, &v->check, again, err))
        return false;
    const char *hindered = *again ? NULL : letters_hindered(&v->l, v->now);
    if (hindered)
        return fail(err, E_REFUSED, "%s", hindered);
    return *again || letters_answer(app, &v->l, v->c, v->text, v->now, outbox, err);
}

/* *outbox: what is to be sent, or -1. *again: the page is to be shown once more. */
static bool do_it(struct app *app, struct view *v, const struct form *form, int64_t *outbox, bool *again,
                  struct err *err)
{
    bool there;
    int n;
    *outbox = -1;
    *again = v->check.entered;
    if (*again)
        return true;
    if (form_has(form, "do", "end"))
        return mailbox_end(app->db, v->c->id, &there, err);
    if (form_has(form, "do", "decline")) {
        const struct letter_kept *asked = letters_asked(&v->kept);
        return !asked || mailbox_told(app->db, v->c->id, asked->n, err);
    }
    if (form_has(form, "do", "resend"))
        return letters_resend(app, &v->l, v->c->id, &n, outbox, err);
    bool pass = form_has(form, "do", "pass");
    if (!pass && !form_has(form, "do", "agree"))
        return do_answer(app, v, outbox, again, err);
    const char *hindered = letters_hindered(&v->l, v->now);
    if (hindered)
        return fail(err, E_REFUSED, "%s", hindered);
    return pass ? do_pass(app, v, form, outbox, err) : do_agree(app, v, form, outbox, err);
}

void page_letter_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct view v = {.text = SPAN("")};
    int64_t outbox;
    bool again;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    v.now = form_has(&form, "when", "now");
    check_read(&form, &v.check);
    if (form_value(&form, "text").p)
        v.text = form_value(&form, "text");
    if (!view_load(app, request, known, &v, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    } else if (!do_it(app, &v, &form, &outbox, &again, &err)) {
        v.problem = err.text;
        draw(app, request, reply, &v);
    } else if (again) {
        draw(app, request, reply, &v);
    } else if (outbox >= 0) {
        board_sent(app, request, reply, known, outbox, v.now, "/letters");
    } else {
        reply_to(reply, request, "/letters");
    }
    letters_clear(&v.l);
}

/* The first letter
 * --------------------------------------------------------------------------------------------- */
struct first {
    struct letters l;
    const struct helper *to;
    struct span text;
    bool now;
    struct check check;
    const char *problem;
};

static bool first_load(struct app *app, const struct known *known, struct span hex, struct first *f,
                       struct err *err)
{
    uint8_t pk[32];
    if (!letters_load(app, known, f->now, &f->l, err))
        return false;
    f->to = key_of_hex(hex, pk) ? letters_helper(&f->l, pk) : NULL;
    return f->to || fail(err, E_MISSING,
                         tr("err.letters.no_listener",
                            "There is no listener of that name here. `respite letters` lists "
                            "those that have a card."));
}

static void first_draw(struct app *app, const struct request *request, struct reply *reply,
                       const struct first *f)
{
    struct html h = {&reply->body};
    char hex[65];
    const char *hindered = letters_hindered(&f->l, f->now);
    hash_hex(f->to->pk, hex);
    frame_open(&h, app, request, reply, tr("listen.link", "Talk to a listener"), "/board");
    html_raw(&h, "<h1>");
    html_say(&h, tr("letters.write.to", "Write to {name}"), {"name", f->to->name});
    html_raw(&h, "</h1>\n<p class=\"lead\">");
    html_text(&h, tr("letters.unless", "They will not know who you are unless you say so."));
    html_raw(&h, "</p>\n");
    bit_problem(&h, f->problem);
    helper_draw(&h, app, f->to);
    form_open(&h, app, "/letters/write");
    form_hidden(&h, "to", hex);
    letter_fields(&h, f->text, f->now);
    check_draw(&h, app, &f->check);
    leave_facts_draw(&h, app, &f->l.before);
    bit_notice(&h, hindered);
    html_raw(&h, "<div class=\"buttons\">");
    if (!hindered && !f->to->paused)
        form_button(&h, "do", "send", tr("letters.send", "Send"), true);
    bit_button(&h, "/letters", tr("post.no", "Not today"));
    html_raw(&h, "</div>\n");
    form_close(&h);
    bit_small(&h,
              tr("letters.first.what", "The lab sees a closed letter of one of three sizes, and not to whom. "
                                       "There are no receipts: an answer is the first you hear of it."));
    frame_close(&h, app, NULL);
}

void page_letter_write(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    struct first f = {.text = SPAN("")};
    if (!board_known(app, request, reply, &known))
        return;
    if (!first_load(app, known, request_query(request, "to"), &f, &err))
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    else
        first_draw(app, request, reply, &f);
    letters_clear(&f.l);
}

static bool first_do(struct app *app, struct first *f, int64_t *outbox, bool *again, struct err *err)
{
    int64_t id;
    if (!check_do(app, f->l.known, f->text, &f->check, again, err))
        return false;
    const char *hindered = *again ? NULL : letters_hindered(&f->l, f->now);
    if (hindered)
        return fail(err, E_REFUSED, "%s", hindered);
    return *again || letters_first(app, &f->l, f->to, f->text, f->now, &id, outbox, err);
}

void page_letter_write_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct first f = {.text = SPAN("")};
    int64_t outbox;
    bool again;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    f.now = form_has(&form, "when", "now");
    check_read(&form, &f.check);
    if (form_value(&form, "text").p)
        f.text = form_value(&form, "text");
    if (!first_load(app, known, form_value(&form, "to"), &f, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    } else {
        if (!first_do(app, &f, &outbox, &again, &err)) {
            f.problem = err.text;
            first_draw(app, request, reply, &f);
        } else if (again) {
            first_draw(app, request, reply, &f);
        } else {
            board_sent(app, request, reply, known, outbox, f.now, "/letters");
        }
    }
    letters_clear(&f.l);
}
