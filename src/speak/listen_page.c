/* The listener's page (screen f): available or paused, who wrote, and how one becomes a listener. */
#include <inttypes.h>
#include <stdio.h>

#include "io/clock.h"
#include "speak/board_draw.h"
#include "speak/board_pages.h"
#include "speak/letters_pages.h"
#include "speak/own_key.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { DAYS_OPEN = 28, SHOWN = 30 };

struct view {
    struct letters l;
    const char *problem;
};

/* Who wrote
 * --------------------------------------------------------------------------------------------------- */
static bool first_line(struct app *app, const struct view *v, int64_t id, struct span *out, struct err *err)
{
    struct letters_kept kept = {0};
    *out = SPAN("");
    if (!letters_list(app->db, app->arena, id, v->l.today, &kept, err))
        return false;
    if (kept.n) {
        struct span text = kept.at[0].text;
        span_cut(&text, '\n', out);
    }
    return true;
}

static bool row_draw(struct html *h, struct app *app, const struct view *v, const struct conversation *c,
                     struct err *err)
{
    struct span line;
    char path[40];
    if (!first_line(app, v, c->id, &line, err))
        return false;
    snprintf(path, sizeof path, "/letters/%" PRId64, c->id);
    html_raw(h, "<li><a href=\"");
    html_text(h, path);
    html_raw(h, "\">");
    html_text(h, conversation_name(app->arena, c));
    html_raw(h, "</a> <span class=\"small\">");
    if (c->waits) {
        html_say(h, tr("listen.row", "waiting since {date}"), {"date", say_day(app->arena, c->last)});
        html_raw(h, " ");
        html_text(h, tr("board.quote", "“"));
        said_line(h, line);
        html_text(h, tr("board.unquote", "”"));
    } else {
        html_say(h, tr("letters.last", "the last letter is of {date}"),
                 {"date", say_day(app->arena, c->last)});
    }
    html_raw(h, "</span></li>\n");
    return true;
}

static bool rows_draw(struct html *h, struct app *app, const struct view *v, struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < v->l.all.n && n < SHOWN; i++) {
        const struct conversation *c = &v->l.all.at[i];
        if (c->side != MAILBOX_HELPER || c->over)
            continue;
        if (!n++)
            html_raw(h, "<ul class=\"lines plain\">\n");
        if (!row_draw(h, app, v, c, err))
            return false;
    }
    if (n)
        html_raw(h, "</ul>\n");
    else
        bit_paragraph(h, tr("listen.nobody", "Nobody has written."));
    if (n == SHOWN)
        bit_small(h, tr("listen.more", "These are the newest; `respite letters` lists all of them."));
    return true;
}

/* How one stands
 * ---------------------------------------------------------------------------------------------- */
static void entry_draw(struct html *h, struct app *app, const struct letters *l)
{
    bit_words(h, tr("listen.words", "The key in six words: {words}"), l->key_words);
    html_raw(h, "<p class=\"small\">");
    if (!l->entry)
        html_text(h, tr("listen.unvouched",
                        "Nobody has vouched for you in the record yet. Your card stands last, "
                        "with a warning."));
    else
        html_say(h,
                 l->entry->from > app->now
                     ? tr("listen.vouched.from", "Vouched for by {name}; it counts from {date}.")
                     : tr("listen.vouched.since", "Vouched for by {name} since {date}."),
                 {"name", arena_text(app->arena, l->entry->voucher)},
                 {"date", say_day(app->arena, moment_day(clock_local(l->entry->from)))});
    html_raw(h, "</p>\n");
    if (l->entry || !*l->key_line)
        return;
    bit_small(h, tr("listen.ask.next",
                    "Give this line to somebody who may vouch for listeners, and read the six "
                    "words to them. Your key stays on this computer."));
    html_raw(h, "<pre><code>");
    html_text(h, l->key_line);
    html_raw(h, "</code></pre>\n");
}

static void field(struct html *h, const char *name, const char *label, struct span value, const char *type)
{
    html_raw(h, "<p><label for=\"");
    html_text(h, name);
    html_raw(h, "\">");
    html_text(h, label);
    html_raw(h, "</label> <input id=\"");
    html_text(h, name);
    html_raw(h, "\" name=\"");
    html_text(h, name);
    html_raw(h, "\" type=\"");
    html_text(h, type);
    html_raw(h, "\" autocomplete=\"off\" maxlength=\"250\" value=\"");
    html_span(h, value);
    html_raw(h, "\"></p>\n");
}

static void open_draw(struct html *h, struct app *app, const struct letters *l)
{
    char until[16];
    const struct listening *me = &l->listening;
    const char *hindered = letters_hindered(l, false);
    day_t day = me->open ? me->until : moment_day(clock_local(app->now)) + DAYS_OPEN;
    form_open(h, app, "/listen");
    field(h, "languages", tr("listen.languages", "Languages, as en, zh"),
          me->there ? me->languages : span_of(words_lang() == LANG_ZH ? "zh" : "en"), "text");
    field(h, "topics", tr("listen.topics", "Topics, with commas between (may stay empty)"), me->topics,
          "text");
    field(h, "until", tr("listen.until", "Available to the end of this day"), span_of(day_text(day, until)),
          "date");
    bit_notice(h, hindered);
    html_raw(h, "<div class=\"buttons\">");
    if (!hindered) {
        form_button(h, "do", "open",
                    me->open ? tr("listen.change", "Change the card") : tr("listen.open", "Be available"),
                    true);
        if (me->open)
            form_button(h, "do", "pause", tr("listen.pause", "Pause"), false);
    }
    html_raw(h, "</div>\n");
    form_close(h);
    if (me->open)
        bit_small(h, tr("listen.pause.why", "No reason needed, and no one is told."));
}

static void none_draw(struct html *h, struct app *app)
{
    bit_paragraph(h,
                  tr("listen.what", "A listener answers letters of people in the lab who do not say who they "
                                    "are. Two conversations at a time, as long as you like."));
    form_open(h, app, "/listen");
    field(h, "name",
          tr("listen.name", "The name that stands on your card (may stay empty: then it is made up)"),
          SPAN(""), "text");
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "ask", tr("listen.become", "Make my key"), true);
    html_raw(h, "</div>\n");
    form_close(h);
}

static void state_draw(struct html *h, struct app *app, const struct letters *l)
{
    const struct listening *me = &l->listening;
    html_raw(h, "<p class=\"lead\">");
    if (me->there && me->open)
        html_say(h, tr("listen.available", "You: available until {date}, 2 at a time."),
                 {"date", say_day(app->arena, me->until)});
    else if (me->there)
        html_text(h, tr("listen.paused", "You: paused."));
    html_raw(h, "</p>\n");
}

static bool body_draw(struct html *h, struct app *app, const struct view *v, struct err *err)
{
    const struct letters *l = &v->l;
    if (!l->has_key) {
        none_draw(h, app);
        return true;
    }
    state_draw(h, app, l);
    if (!rows_draw(h, app, v, err))
        return false;
    bit_paragraph(
        h, tr("listen.role", "You do not need to solve it, advise, or take notes. Listening is enough."));
    bit_small(h,
              tr("listen.danger", "If someone may be in danger: pass it on together, with their yes, or show "
                                  "them Help now."));
    bit_small(h, tr("letters.days", "Letters are removed from both computers 14 days after the last one."));
    bit_heading(h, tr("listen.card", "Your card"));
    entry_draw(h, app, l);
    open_draw(h, app, l);
    return true;
}

static void draw(struct app *app, const struct request *request, struct reply *reply,
                 const struct known *known, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct view v = {.problem = problem};
    if (letters_load(app, known, false, &v.l, &err)) {
        frame_open(&h, app, request, reply, tr("listen.title", "Listening"), "/board");
        html_raw(&h, "<h1>");
        html_text(&h, tr("listen.title", "Listening"));
        html_raw(&h, "</h1>\n");
        bit_problem(&h, problem);
        if (body_draw(&h, app, &v, &err))
            frame_close(&h, app, NULL);
        else
            buf_reset(&reply->body);
    }
    if (err.code)
        reply_error(app, request, reply, 500, &err);
    letters_clear(&v.l);
}

void page_listen(struct app *app, const struct request *request, struct reply *reply)
{
    struct known *known;
    if (board_known(app, request, reply, &known))
        draw(app, request, reply, known, NULL);
}

/* What its buttons do
 * ------------------------------------------------------------------------------------------ */
static struct span given(const struct form *form, const char *name)
{
    struct span value = span_trim(form_value(form, name));
    return value.p ? value : SPAN("");
}

static bool card(struct app *app, const struct known *known, const struct form *form, int64_t *outbox,
                 struct err *err)
{
    struct listening want;
    day_t today = moment_day(clock_local(app->now));
    if (!listening_load(app->db, app->arena, &want, err))
        return false;
    want.open = form_has(form, "do", "open");
    if (want.open) {
        want.languages = given(form, "languages");
        want.topics = given(form, "topics");
        if (!day_read(given(form, "until"), &want.until, err))
            return false;
        if (want.until < today || want.until > today + LISTEN_DAYS)
            return fail(err, E_USAGE,
                        tr("err.listen.until", "The last day lies between today and half a year "
                                               "from now."));
    }
    return listen_card(app->db, known, &want, false, app->now, outbox, err);
}

static bool key_make(struct app *app, const struct form *form, struct err *err)
{
    struct own_key own;
    day_t today = (day_t)(app->now / 86400);
    return listener_ask(app->db, app->arena, given(form, "name"), today, today + LISTEN_DAYS - 1, &own, err);
}

void page_listen_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    int64_t outbox;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    if (form_has(&form, "do", "ask")) {
        if (key_make(app, &form, &err))
            reply_to(reply, request, "/listen");
        else
            draw(app, request, reply, known, err.text);
    } else if (card(app, known, &form, &outbox, &err)) {
        board_sent(app, request, reply, known, outbox, false, "/listen");
    } else {
        draw(app, request, reply, known, err.text);
    }
}
