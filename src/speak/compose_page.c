/* Writing (screen c): a thread or an answer. Before anything is put into the outbox the page shows what would
 * hide the writer and what would not; the comparison with one's own words runs here, and with commit messages
 * on a click alone. */
#include <inttypes.h>
#include <stdio.h>

#include "anon/item.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "io/clock.h"
#include "speak/before.h"
#include "speak/board.h"
#include "speak/board_draw.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/drafts.h"
#include "speak/hints.h"
#include "speak/hints_draw.h"
#include "speak/post.h"
#include "speak/write.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

struct view {
    const struct known *known;
    struct before before;
    struct writing writing;
    int64_t note;                /* the note it is, or 0 */
    struct span thread_title;    /* of an answer */
    bool name_to_keep, compared; /* compared: with commit messages too */
    struct hints hints;
    bool hinted;       /* the person has seen the hints of this text */
    const char *taken; /* what is taken out of it, or NULL */
    struct board_parts parts;
    const char *problem;
};

/* Reading --------------------------------------------------------------------------------------------------
 */
static int64_t number_of(struct span text)
{
    uint64_t n;
    return text.p && scan_u64(&text, &n, INT64_MAX) && scan_end(&text) ? (int64_t)n : 0;
}

static struct span given(struct span value)
{
    return value.p ? value : SPAN("");
}

/* An answer stays one: a value that names no thread leads to none, and never to the whole lab. */
static bool answers(struct span value, uint8_t thread[static 16])
{
    memset(thread, 0, 16);
    return id_of(value, thread) || value.n > 0;
}

static void form_to_view(const struct form *form, struct view *v)
{
    v->writing = (struct writing){.text = given(form_value(form, "text")),
                                  .part = given(form_value(form, "room")),
                                  .title = SPAN(""),
                                  .keep_name = form_has(form, "keep", "1"),
                                  .now = form_has(form, "when", "now")};
    v->writing.is_reply = answers(form_value(form, "reply"), v->writing.thread);
    v->note = number_of(form_value(form, "note"));
    v->hinted = form_has(form, "hinted", "1");
}

/* A note that is opened, or the thread that is answered. */
static bool query_to_view(struct app *app, const struct request *request, struct view *v, struct err *err)
{
    struct drafts notes = {0};
    v->writing.text = v->writing.part = v->writing.title = SPAN("");
    v->note = number_of(request_query(request, "note"));
    if (v->note && !drafts_list(app->db, app->arena, v->note, &notes, err))
        return false;
    if (notes.n != 1) {
        v->note = 0;
        v->writing.is_reply = answers(request_query(request, "reply"), v->writing.thread);
        return true;
    }
    v->writing.text = notes.at[0].text;
    v->writing.part = notes.at[0].part;
    v->writing.is_reply = notes.at[0].is_reply;
    memcpy(v->writing.thread, notes.at[0].thread, sizeof v->writing.thread);
    return true;
}

static bool thread_load(struct app *app, struct view *v, struct err *err)
{
    struct board_thread thread;
    bool there;
    if (!board_keep(app->db, err))
        return false;
    if (!v->writing.is_reply)
        return board_parts(app->db, app->arena, 12, &v->parts, err);
    if (!board_thread(app->db, app->arena, v->writing.thread, 0, 0, &thread, &there, err))
        return false;
    v->thread_title = thread.title;
    return (there ||
            fail(err, E_MISSING,
                 tr("err.speak.no_thread", "There is no such thread here. It may be one that you have "
                                           "not fetched yet, or one that never was."))) &&
           name_to_keep(app->db, v->writing.thread, app->now, &v->name_to_keep, err);
}

/* The form -------------------------------------------------------------------------------------------------
 */
static void fields_draw(struct html *h, const struct view *v)
{
    char hex[33], number[24];
    /* Enter in a field presses the first button of a form: this one, which reads nothing and sends nothing.
     */
    html_raw(h, "<button class=\"unseen\" name=\"do\" value=\"look\" tabindex=\"-1\" aria-hidden=\"true\">");
    html_text(h, tr("board.write", "Write"));
    html_raw(h, "</button>\n");
    if (v->writing.is_reply) {
        item_hex(v->writing.thread, hex);
        form_hidden(h, "reply", hex);
    }
    snprintf(number, sizeof number, "%" PRId64, v->note);
    form_hidden(h, "note", number);
    if (v->hints.n || v->taken)
        form_hidden(h, "hinted", "1");
    html_raw(h, "<p><label for=\"text\">");
    html_text(h, tr("write.text", "Plain text; a link is shown as text, not opened"));
    html_raw(h, "</label><textarea id=\"text\" name=\"text\" rows=\"8\" maxlength=\"16000\">\n");
    html_span(h, v->writing.text);
    html_raw(h, "</textarea></p>\n");
    if (v->writing.is_reply)
        return;
    html_raw(h, "<p><label for=\"room\">");
    html_text(h, tr("write.part", "A part of the board, if it belongs to one (may stay empty)"));
    html_raw(
        h, "</label><br><input id=\"room\" name=\"room\" type=\"text\" maxlength=\"40\" autocomplete=\"off\" "
           "list=\"parts\" value=\"");
    html_span(h, v->writing.part);
    html_raw(h, "\"></p>\n<datalist id=\"parts\">");
    for (size_t i = 0; i < v->parts.n; i++) {
        html_raw(h, "<option value=\"");
        said_line(h, v->parts.at[i]);
        html_raw(h, "\"></option>");
    }
    html_raw(h, "</datalist>\n");
}

/* The crowd and the record, live. */
static void facts_draw(struct html *h, struct app *app, const struct view *v)
{
    const struct before *b = &v->before;
    char head[65];
    bit_paragraph(h, before_crowd(app, b));
    if (b->words) {
        bit_words(h, tr("post.words", "This week's record in four words: {words}"), b->words);
        bit_small(h, b->confirmed_by);
        if (!b->confirmed.enough)
            bit_small(h, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."));
        if (!b->confirmed.colleague) {
            hash_hex(b->head, head);
            form_hidden(h, "head", head);
            form_button(h, "do", "seen", tr("post.words.same", "A colleague sees the same words"), false);
        }
    }
}

static void choice(struct html *h, const char *name, const char *value, bool on, const char *label)
{
    html_raw(h, "<label><input type=\"radio\" name=\"");
    html_text(h, name);
    html_raw(h, "\" value=\"");
    html_text(h, value);
    html_raw(h, "\"");
    if (on)
        html_raw(h, " checked");
    html_raw(h, "> ");
    html_text(h, label);
    html_raw(h, "</label><br>\n");
}

static void when_draw(struct html *h, const struct view *v)
{
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("write.when", "When"));
    html_raw(h, "</legend>\n");
    choice(h, "when", "later", !v->writing.now,
           tr("post.when", "some time in the next 12 sending hours (Monday to Friday, 9:00 to 18:00)"));
    choice(h, "when", "now", v->writing.now, tr("post.when.now", "now"));
    bit_small(h, tr("post.now", "Now means: whoever watches the server sees it arrive this minute, from this "
                                "address."));
    html_raw(h, "</fieldset>\n");
    if (!v->name_to_keep)
        return;
    html_raw(h, "<p><label><input type=\"checkbox\" name=\"keep\" value=\"1\"");
    if (v->writing.keep_name)
        html_raw(h, " checked");
    html_raw(h, "> ");
    html_text(h, tr("write.keep", "Keep the name I had in this thread in an earlier week"));
    html_raw(h, "</label></p>\n");
    bit_small(h, tr("write.keep.what", "The longer a name lives, the fewer people it can be."));
}

static void who_draw(struct html *h, const struct app *app, const struct view *v)
{
    if (v->writing.is_reply)
        return;
    html_raw(h, "<p>");
    html_text(h, tr("write.who", "Everyone in the lab can read it."));
    if (has_page(app, "/letters")) {
        bit_gap(h);
        html_raw(h, "<a href=\"/letters\">");
        html_text(h, tr("write.one", "Write to one listener instead"));
        html_raw(h, "</a>");
    }
    html_raw(h, "</p>\n");
}

static void buttons_draw(struct html *h, const struct view *v)
{
    const struct before *b = &v->before;
    bool open = !b->hindered || b->waits;
    bit_notice(h, b->hindered);
    html_raw(h, "<div class=\"buttons\">");
    if (open)
        form_button(h, "do", "post", tr("post.go", "Post"), true);
    form_button(h, "do", "note", tr("post.note", "Keep as a note for myself"), false);
    bit_button(h, "/board", tr("post.no", "Not today"));
    html_raw(h, "</div>\n");
}

static void trust_draw(struct html *h, struct app *app, const struct view *v)
{
    bit_heading(h, tr("trust.title", "Why you may trust this"));
    html_raw(h, "<ul>\n");
    bit_item(h, tr("trust.1", "Your computer asked the lab for this week's passes, like everyone's did."));
    bit_item(h, tr("trust.2", "It hid each pass before asking, so the lab signed it without seeing it."));
    bit_item(h, before_key(app, &v->before));
    bit_item(h, tr("trust.3", "When you post, the pass shows you are a member and nothing else."));
    bit_item(
        h, tr("trust.4", "If the whole server were published tomorrow, your name would not be beside this."));
    html_raw(h, "</ul>\n");
    bit_small(h, tr("trust.check", "Check it yourself: `respite verify`, `respite sent`, and the source."));
    bit_paragraph(
        h, tr("trust.limits",
              "What it cannot hide: your way of writing; facts only you know; a screen someone can see; "
              "a computer your employer watches; being one of very few; from whoever watches the running "
              "server, when it arrives and from which address."));
}

static void title_draw(struct html *h, const struct view *v)
{
    html_raw(h, "<h1>");
    html_text(h, v->writing.is_reply ? tr("board.answer", "Answer") : tr("board.write", "Write"));
    html_raw(h, "</h1>\n");
    if (!v->writing.is_reply)
        return;
    html_raw(h, "<p class=\"lead\">");
    html_text(h, tr("board.quote", "“"));
    if (v->thread_title.n)
        said_line(h, v->thread_title);
    else
        html_text(h, tr("board.untitled", "(a thread whose first post is gone)"));
    html_text(h, tr("board.unquote", "”"));
    html_raw(h, "</p>\n");
}

static void draw(struct app *app, const struct request *request, struct reply *reply, struct view *v)
{
    struct err err = {0};
    struct html h = {&reply->body};
    before_clear(&v->before);
    if (!before_load(app, v->known, v->writing.now, &v->before, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("board.write", "Write"), "/board");
    title_draw(&h, v);
    bit_problem(&h, v->problem);
    form_open(&h, app, "/write");
    fields_draw(&h, v);
    if (v->taken)
        bit_paragraph(&h, v->taken);
    hints_draw(&h, app, &v->hints, v->compared,
               tr("post.match.free", "You can post it as it is: this is told to you and to nobody else."));
    facts_draw(&h, app, v);
    when_draw(&h, v);
    who_draw(&h, app, v);
    buttons_draw(&h, v);
    form_close(&h);
    trust_draw(&h, app, v);
    frame_close(&h, app, NULL);
}

void page_compose(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    struct view v = {0};
    if (!board_known(app, request, reply, &known))
        return;
    v.known = known;
    if (!query_to_view(app, request, &v, &err) || !thread_load(app, &v, &err))
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    else
        draw(app, request, reply, &v);
    before_clear(&v.before);
}

/* What its buttons do --------------------------------------------------------------------------------------
 */
static bool note_keep(struct app *app, struct view *v, struct err *err)
{
    struct draft draft = {.id = v->note,
                          .day = moment_day(clock_local(app->now)),
                          .text = v->writing.text,
                          .part = v->writing.part,
                          .is_reply = v->writing.is_reply};
    memcpy(draft.thread, v->writing.thread, sizeof draft.thread);
    return draft_put(app->db, &draft, &v->note, err);
}

/* The words have not changed hands: what was a note and is posted is a note no more. */
static bool note_over(struct app *app, const struct view *v, struct err *err)
{
    bool there;
    return !v->note || draft_drop(app->db, v->note, &there, err);
}

/* In, when nothing hinders, and the hints of this text were seen or there are none. */
static bool put(struct app *app, struct view *v, int64_t *outbox, bool *wait, struct err *err)
{
    *wait = false;
    if (!writing_check(app->db, app->arena, &v->writing, err) ||
        !before_load(app, v->known, v->writing.now, &v->before, err))
        return false;
    const struct before *b = &v->before;
    if (b->hindered && !b->waits)
        return fail(err, E_REFUSED, "%s", b->hindered);
    if (!v->hinted && !hints_find(app, v->known, v->writing.text, v->note, false, &v->hints, err))
        return false;
    v->taken = v->hinted ? NULL : writing_taken(app->arena, &v->writing);
    *wait = v->hints.n > 0 || v->taken;
    return *wait || (writing_put(app->db, app->arena, v->known, &v->writing, app->now, outbox, err) &&
                     note_over(app, v, err));
}

static void post(struct app *app, const struct request *request, struct reply *reply, struct view *v)
{
    struct err err = {0};
    int64_t outbox;
    bool wait;
    if (!put(app, v, &outbox, &wait, &err)) {
        v->problem = err.text;
        draw(app, request, reply, v);
    } else if (wait) {
        draw(app, request, reply, v);
    } else {
        board_sent(app, request, reply, v->known, outbox, v->writing.now, "/board/mine");
    }
}

static void note(struct app *app, const struct request *request, struct reply *reply, struct view *v)
{
    struct err err = {0};
    if (note_keep(app, v, &err)) {
        reply_to(reply, request, "/board/mine");
        return;
    }
    v->problem = err.text;
    draw(app, request, reply, v);
}

/* The head whose words were on the page, if it is the one of now: a page may have been open since before. */
static bool seen_note(struct app *app, struct view *v, struct span shown, struct err *err)
{
    char hex[65];
    if (!before_load(app, v->known, v->writing.now, &v->before, err))
        return false;
    hash_hex(v->before.head, hex);
    return !v->before.words || !span_is(shown, hex) || spend_confirm(app->db, v->before.head, err);
}

static void again(struct app *app, const struct request *request, struct reply *reply, struct view *v,
                  const struct form *form)
{
    struct err err = {0};
    v->compared = form_has(form, "do", "compare");
    bool ok = hints_find(app, v->known, v->writing.text, v->note, v->compared, &v->hints, &err);
    if (ok && form_has(form, "do", "seen"))
        ok = seen_note(app, v, form_value(form, "head"), &err);
    if (!ok)
        v->problem = err.text;
    draw(app, request, reply, v);
}

void page_compose_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct view v = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    v.known = known;
    form_to_view(&form, &v);
    if (!thread_load(app, &v, &err))
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    else if (form_has(&form, "do", "post"))
        post(app, request, reply, &v);
    else if (form_has(&form, "do", "note"))
        note(app, request, reply, &v);
    else
        again(app, request, reply, &v, &form);
    before_clear(&v.before);
}
