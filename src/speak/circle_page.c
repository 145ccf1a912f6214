/* One circle: who is in by made-up names, who asks, when they meet, and the letters. What is done here goes
 * into the outbox; the page says for each what the lab can read of it. */
#include <inttypes.h>
#include <stdio.h>

#include "anon/item.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "io/clock.h"
#include "speak/board_draw.h"
#include "speak/board_pages.h"
#include "speak/circles_pages.h"
#include "speak/leave_draw.h"
#include "speak/letters_pages.h"
#include "speak/moderate_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

struct view {
    struct circles_here here;
    const struct circle *c;
    const struct circle_own *own;
    struct meets meets;
    struct circle_saids said;
    struct span text;
    const char *path, *problem;
    bool now, file; /* file: the calendar is asked for, not the page */
};

static bool is_in(const struct view *v)
{
    return v->own && v->own->place == PLACE_IN;
}

static bool view_load(struct app *app, const struct request *request, const struct known *known,
                      struct view *v, struct err *err)
{
    if (!circles_load(app, known, v->now, &v->here, err))
        return false;
    struct span hex = span_from(request->path, sizeof "/circles/" - 1);
    v->file = span_ends(hex, SPAN(".ics"));
    v->c = circle_by_id(&v->here, v->file ? span_first(hex, hex.n - 4) : hex);
    v->path = arena_text(app->arena, request->path);
    if (!v->c || !v->path)
        return fail(err, E_MISSING,
                    tr("err.circles.none",
                       "There is no circle of that number here. `respite circles` lists them, each with the "
                       "first digits that name it."));
    v->own = circle_mine(&v->here, v->c);
    return !v->own || (circle_meets_load(app->db, v->own->seed, &v->meets, err) &&
                       circle_read(app, v->own, &v->said, err));
}

/* Its public words ----------------------------------------------------------------------------------- */
/* Under them: to tell the moderators, unless they decided already or one wrote them oneself. */
static void flag_draw(struct html *h, const struct moderate_state *hidden, bool own,
                      const uint8_t id[static 16])
{
    if (hidden || own)
        return;
    html_raw(h, "<div class=\"buttons\">");
    flag_link_draw(h, id);
    html_raw(h, "</div>\n");
}

static void theme_draw(struct html *h, struct app *app, const struct view *v)
{
    const struct moderate_state *hidden = circle_hidden(&v->here, v->c->id);
    decided_draw(h, app, v->c->id, hidden);
    if (v->c->theme.n) {
        hidden_open(h, hidden);
        html_raw(h, "<p class=\"lead\">");
        said_line(h, v->c->theme);
        html_raw(h, "</p>\n");
        circle_line_draw(h, v->c->line);
        hidden_close(h, hidden);
    }
    bit_small(h, circle_size_said(app, v->c));
    flag_draw(h, hidden, v->own && !v->own->has_circle, v->c->id);
}

/* People --------------------------------------------------------------------------------------------- */
static void about_button(struct html *h, struct app *app, const struct view *v, const uint8_t pk[static 32],
                         const char *act, const char *label)
{
    char hex[65];
    hash_hex(pk, hex);
    form_open(h, app, v->path);
    form_hidden(h, "about", hex);
    form_button(h, "do", act, label, false);
    form_close(h);
}

static const char *with_name(struct app *app, const char *pattern, const struct circle_member *m)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    words_say(&out, pattern, {"name", circle_name(app->arena, m->word, m->number)},
              {"date", say_day(app->arena, m->since)});
    return buf_keep(&out, app->arena);
}

static void people_draw(struct html *h, struct app *app, const struct view *v)
{
    bit_heading(h, tr("circles.people", "Who is in"));
    html_raw(h, "<ul class=\"lines plain\">\n");
    for (size_t i = 0; i < v->c->n; i++) {
        const struct circle_member *m = &v->c->member[i];
        bool own = v->own && memcmp(v->own->pk, m->pk, 32) == 0;
        bit_item(h, with_name(app,
                              own ? tr("circles.you", "{name}, that is you, since {date}")
                                  : tr("circles.member", "{name}, since {date}"),
                              m));
    }
    html_raw(h, "</ul>\n");
}

static bool said_yes(const struct view *v, const struct circle_asker *a)
{
    for (size_t i = 0; v->own && i < a->yes_n; i++)
        if (memcmp(a->yes[i], v->own->pk, 32) == 0)
            return true;
    return false;
}

static void asker_draw(struct html *h, struct app *app, const struct view *v, const struct circle_asker *a)
{
    char yes[24], need[24];
    const struct moderate_state *hidden = circle_hidden(&v->here, a->id);
    snprintf(yes, sizeof yes, "%zu", circle_yes(v->c, a));
    snprintf(need, sizeof need, "%zu", v->c->need);
    html_raw(h, "<li><p>");
    html_say(h, tr("circles.asker", "{name} asks to join. {yes} of {need} said yes."),
             {"name", circle_name(app->arena, a->who.word, a->who.number)}, {"yes", yes}, {"need", need});
    html_raw(h, "</p>\n");
    decided_draw(h, app, a->id, hidden);
    if (a->line.n) {
        hidden_open(h, hidden);
        circle_line_draw(h, a->line);
        hidden_close(h, hidden);
        flag_draw(h, hidden, v->own && memcmp(v->own->pk, a->who.pk, 32) == 0, a->id);
    }
    if (is_in(v) && said_yes(v, a))
        bit_small(h, tr("circles.yes.said", "You said yes."));
    else if (is_in(v) && v->c->n < CIRCLE_MOST)
        about_button(h, app, v, a->who.pk, "yes",
                     with_name(app, tr("circles.yes", "Yes to {name}"), &a->who));
    html_raw(h, "</li>\n");
}

static void askers_draw(struct html *h, struct app *app, const struct view *v)
{
    if (!v->c->askers.n)
        return;
    bit_heading(h, tr("circles.askers", "Who asks to join"));
    if (is_in(v))
        bit_paragraph(h,
                      tr("circles.newcomer",
                         "A newcomer may be anyone in the lab, also a manager. Names here are made up. What "
                         "was said before stays with those who were in."));
    html_raw(h, "<ul class=\"lines plain\">\n");
    for (size_t i = 0; i < v->c->askers.n; i++)
        asker_draw(h, app, v, &v->c->askers.at[i]);
    html_raw(h, "</ul>\n");
    if (is_in(v))
        bit_small(h, tr("circles.no_answer", "Not answering needs no reason: an ask is gone after 14 days."));
}

/* Letters and meetings ------------------------------------------------------------------------------- */
static void letter_draw(struct html *h, struct app *app, const struct circle_said *s)
{
    html_raw(h, "<article class=\"post\">\n<p class=\"small\">");
    html_text(h, s->own ? tr("letters.you", "You") : s->name);
    if (s->day) {
        html_raw(h, " · ");
        said_day(h, app, s->day);
    }
    html_raw(h, "</p>\n");
    if (s->text.n)
        said_text(h, s->text);
    else
        bit_small(h, tr("circles.told", "About when to meet."));
    if (s->waits)
        bit_small(h,
                  tr("circles.letter.waits", "It waits or is on its way; each of the others gets one of its "
                                             "own, at another moment."));
    if (s->failed)
        bit_small(h, tr("circles.letter.failed", "The board did not take one of these letters."));
    html_raw(h, "</article>\n");
}

static void meets_draw(struct html *h, struct app *app, const struct view *v)
{
    size_t n = 0;
    bit_heading(h, tr("circles.meetings", "Meetings"));
    for (size_t i = 0; i < v->meets.count; i++) {
        if (v->meets.at[i].until <= app->now)
            continue;
        if (!n++)
            html_raw(h, "<ul class=\"lines plain\">\n");
        bit_item(h, meet_said(app->arena, &v->meets.at[i]));
    }
    if (n)
        html_raw(h, "</ul>\n");
    else
        bit_paragraph(h, tr("circles.no_meetings", "No meeting is told at the moment."));
    form_open(h, app, v->path);
    html_raw(h, "<p>");
    form_button(h, "do", v->own->feed ? "feed_off" : "feed_on",
                v->own->feed ? tr("circles.feed.take_out", "Take them out of my calendar feed")
                             : tr("circles.feed.put_in", "Show them in my own calendar feed"),
                false);
    html_raw(h, "</p>\n");
    form_close(h);
    if (n) {
        html_raw(h, "<div class=\"buttons\"><a class=\"button\" href=\"");
        html_text(h, v->path);
        html_raw(h, ".ics\">");
        html_text(h, tr("counsel.calendar", "A file for your own calendar"));
        html_raw(h, "</a></div>\n");
    }
    bit_small(h,
              tr("circles.feed.what", "Feed and file say “away”, never why. The feed is this computer's, and "
                                      "off until you turn it on in the settings."));
}

static void number_field(struct html *h, const char *name, const char *label, int64_t least, int64_t most,
                         int64_t value)
{
    html_raw(h, "<p><label for=\"");
    html_text(h, name);
    html_raw(h, "\">");
    html_text(h, label);
    html_raw(h, "</label> <input type=\"number\" id=\"");
    html_text(h, name);
    html_raw(h, "\" name=\"");
    html_text(h, name);
    html_raw(h, "\" min=\"");
    html_int(h, least);
    html_raw(h, "\" max=\"");
    html_int(h, most);
    html_raw(h, "\" value=\"");
    html_int(h, value);
    html_raw(h, "\"></p>\n");
}

static void meet_form(struct html *h, struct app *app, const struct view *v)
{
    html_raw(h, "<details><summary>");
    html_text(h, tr("circles.meet.tell", "Tell the others when to meet"));
    html_raw(h, "</summary>\n");
    form_open(h, app, v->path);
    html_raw(h, "<p><label for=\"from\">");
    html_text(h, tr("circles.meet.from", "The first meeting, by this computer's clock"));
    html_raw(h, "</label> <input type=\"datetime-local\" id=\"from\" name=\"from\"></p>\n");
    number_field(h, "minutes", tr("circles.meet.minutes", "Minutes"), 5, 720, 60);
    number_field(h, "every", tr("circles.meet.every", "Weeks between two"), 1, 4, 1);
    number_field(h, "times", tr("circles.meet.times", "How many"), 1, MEETS_MOST, 4);
    leave_when_draw(h, v->now);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "meet", tr("circles.meet.send", "Tell them"), false);
    form_button(h, "do", "no_meet", tr("circles.meet.none", "Tell them that there are none"), false);
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("circles.meet.what", "The times go by letter, one to each: nobody else can read when you "
                                         "meet."));
    html_raw(h, "</details>\n");
}

static void write_form(struct html *h, struct app *app, const struct view *v, const char *hindered)
{
    bit_heading(h, tr("circles.write", "A letter to all of them"));
    if (v->c->n < 2) {
        bit_paragraph(h, tr("err.circles.alone", "Nobody else is in this circle yet."));
        return;
    }
    form_open(h, app, v->path);
    letter_fields(h, v->text, v->now);
    leave_facts_draw(h, app, &v->here.before);
    bit_notice(h, hindered);
    html_raw(h, "<div class=\"buttons\">");
    if (!hindered)
        form_button(h, "do", "write", tr("letters.send", "Send"), true);
    bit_button(h, "/circles", tr("post.no", "Not today"));
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h,
              tr("circles.write.what",
                 "Each of the others gets one of its own, closed with their key, at a moment of its own. The "
                 "lab sees closed letters like all others, and not that these belong together. “Now” sends "
                 "them one after the other: whoever watches the server can then count them."));
}

/* In and out ----------------------------------------------------------------------------------------- */
static void leave_form(struct html *h, struct app *app, const struct view *v)
{
    form_open(h, app, v->path);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "leave",
                v->own->place == PLACE_IN ? tr("circles.leave", "Leave this circle")
                                          : tr("circles.ask.back", "Take my ask back"),
                false);
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("circles.leave.what",
                    "No reason is asked for. Letters that come after that cannot be opened "
                    "here any more."));
}

static void no_form(struct html *h, struct app *app, const struct view *v)
{
    if (v->c->n < CIRCLE_LEAST)
        return;
    html_raw(h, "<details><summary>");
    html_text(h, tr("circles.no", "Somebody should not be in"));
    html_raw(h, "</summary>\n");
    bit_paragraph(h, tr("circles.no.what",
                        "When more than half of the others say so, two at least, that name is out and reads "
                        "nothing later. Everybody in the lab can read which made-up names said it."));
    html_raw(h, "<div class=\"buttons\">");
    for (size_t i = 0; i < v->c->n; i++)
        if (memcmp(v->c->member[i].pk, v->own->pk, 32) != 0)
            about_button(h, app, v, v->c->member[i].pk, "no",
                         circle_name(app->arena, v->c->member[i].word, v->c->member[i].number));
    html_raw(h, "</div>\n</details>\n");
}

static void ask_form(struct html *h, struct app *app, const struct view *v, const char *hindered)
{
    bit_heading(h, tr("circles.ask.title", "Ask to join"));
    if (v->c->n == CIRCLE_MOST) {
        bit_paragraph(h, tr("circles.ask.full", "It is full. You can open one around the same theme."));
        return;
    }
    form_open(h, app, v->path);
    circle_field(h, "line",
                 tr("circles.ask.line", "A line with it (may stay empty); everybody in the lab can "
                                        "read it"),
                 CIRCLE_LINE, v->text);
    leave_when_draw(h, v->now);
    leave_facts_draw(h, app, &v->here.before);
    bit_notice(h, hindered);
    html_raw(h, "<div class=\"buttons\">");
    if (!hindered)
        form_button(h, "do", "ask", tr("circles.ask", "Ask"), true);
    bit_button(h, "/circles", tr("post.no", "Not today"));
    html_raw(h, "</div>\n");
    form_close(h);
    bit_small(h, tr("circles.ask.what",
                    "You get a made-up name for this circle. Those who are in will not know "
                    "who you are unless you say so, nor will you know who they are: a manager "
                    "can be among them."));
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const struct view *v)
{
    struct html h = {&reply->body};
    const char *hindered = circles_hindered(&v->here, v->now);
    frame_open(&h, app, request, reply, tr("circles.one", "A circle"), "/board");
    html_raw(&h, "<h1>");
    html_text(&h, tr("circles.one", "A circle"));
    html_raw(&h, "</h1>\n");
    theme_draw(&h, app, v);
    if (v->own)
        bit_paragraph(&h, circle_place_said(v->own->place));
    bit_problem(&h, v->problem);
    people_draw(&h, app, v);
    askers_draw(&h, app, v);
    for (size_t i = 0; i < v->said.n; i++) {
        if (i == 0)
            bit_heading(&h, tr("circles.letters", "Letters"));
        letter_draw(&h, app, &v->said.at[i]);
    }
    if (is_in(v)) {
        write_form(&h, app, v, hindered);
        meets_draw(&h, app, v);
        if (v->c->n > 1 && !hindered)
            meet_form(&h, app, v);
        no_form(&h, app, v);
    } else if (!v->own || v->own->place == PLACE_OUT) {
        ask_form(&h, app, v, hindered);
    }
    if (v->own && v->own->place < PLACE_LEAVES)
        leave_form(&h, app, v);
    bit_small(&h, tr("letters.days", "Letters are removed from both computers 14 days after the last one."));
    frame_close(&h, app, NULL);
}

/* /circles/<id>.ics: its meetings, for one's own calendar. */
static void draw_calendar(struct app *app, const struct request *request, struct reply *reply,
                          const struct view *v)
{
    struct err err = {0};
    if (is_in(v) && circle_calendar(&v->here, v->own, &v->meets, &reply->body, &err)) {
        reply->type = "text/calendar; charset=utf-8";
        reply_header(reply, request->arena, "Content-Disposition", "attachment; filename=\"away.ics\"");
        reply_header(reply, request->arena, "Cache-Control", "no-store");
        return;
    }
    if (!err.code)
        (void)fail(&err, E_MISSING, tr("err.circles.not_in", "You are not in this circle."));
    buf_reset(&reply->body);
    reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
}

void page_circle(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    struct view v = {.text = SPAN("")};
    if (!board_known(app, request, reply, &known))
        return;
    if (!view_load(app, request, known, &v, &err))
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    else if (v.file)
        draw_calendar(app, request, reply, &v);
    else
        draw(app, request, reply, &v);
    circles_clear(&v.here);
}

/* What its buttons do -------------------------------------------------------------------------------- */
static int64_t number_of(const struct form *form, const char *name)
{
    struct span text = form_value(form, name);
    uint64_t n;
    return text.n && scan_u64(&text, &n, 10000) && scan_end(&text) ? (int64_t)n : -1;
}

static bool do_write(struct app *app, struct view *v, const struct form *form, struct circle_outs *out,
                     struct err *err)
{
    struct meets meets = {0};
    struct meet_wish wish = {.when = form_value(form, "from"),
                             .minutes = number_of(form, "minutes"),
                             .every = number_of(form, "every"),
                             .times = number_of(form, "times")};
    bool meet = form_has(form, "do", "meet"), none = form_has(form, "do", "no_meet");
    if (!v->own)
        return fail(err, E_REFUSED, tr("err.circles.not_in", "You are not in this circle."));
    return (!meet || meets_of(&wish, app->now, &meets, err)) &&
           circle_write(app, &v->here, v->own, meet || none ? SPAN("") : v->text,
                        meet || none ? &meets : NULL, v->now, out, err);
}

static bool do_leave(struct app *app, struct view *v, struct circle_outs *out, struct err *err)
{
    if (!v->own)
        return fail(err, E_REFUSED, tr("err.circles.not_in", "You are not in this circle."));
    if (!circles_leave(app, &v->here, v->own, v->now, &out->id[0], err))
        return false;
    out->n = out->id[0] >= 0;
    return true;
}

/* What is to be sent is in `out` then. */
static bool do_it(struct app *app, struct view *v, const struct form *form, struct circle_outs *out,
                  struct err *err)
{
    uint8_t pk[32];
    bool yes = form_has(form, "do", "yes"), no = form_has(form, "do", "no");
    bool feed_on = form_has(form, "do", "feed_on");
    if ((feed_on || form_has(form, "do", "feed_off")) && v->own)
        return circles_feed(app, v->own, feed_on, err);
    const char *hindered = circles_hindered(&v->here, v->now);
    if (hindered)
        return fail(err, E_REFUSED, "%s", hindered);
    if (form_has(form, "do", "leave"))
        return do_leave(app, v, out, err);
    if (form_has(form, "do", "ask") || yes || no) {
        out->n = 1;
        if ((yes || no) && !key_of_hex(form_value(form, "about"), pk))
            return fail(err, E_MISSING,
                        tr("err.circles.who", "Nobody of that name is in this circle or asks to join it."));
        return yes || no ? circles_say(app, &v->here, v->c, pk, yes, v->now, &out->id[0], err)
                         : circles_ask(app, &v->here, v->c, v->text, v->now, &out->id[0], err);
    }
    return do_write(app, v, form, out, err);
}

void page_circle_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct view v = {.text = SPAN("")};
    struct circle_outs out = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    v.now = form_has(&form, "when", "now");
    struct span text = form_value(&form, form_has(&form, "do", "ask") ? "line" : "text");
    if (text.p)
        v.text = text;
    if (!view_load(app, request, known, &v, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    } else {
        if (!do_it(app, &v, &form, &out, &err))
            v.problem = err.text;
        else if (out.n)
            circle_send(app, known, out.id, out.n, v.now, &v.problem, &err);
        if (v.problem)
            draw(app, request, reply, &v);
        else
            reply_to(reply, request, v.path);
    }
    circles_clear(&v.here);
}
