/* Counsellors (screen h): whose hours are open, in which words a key can be compared and where; taking a
 * time, with words or without; giving it back. Opening a page asks nobody anything. */
#include "speak/counsel_pages.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/errand.h"
#include "anon/item.h"
#include "speak/as_of.h"
#include "speak/board_errands.h"
#include "speak/board_pages.h"
#include "speak/counsel.h"
#include "speak/counsel_cmd.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LOOK_SECONDS = 45, ROWS_SHOWN = 20 };

/* Pieces ------------------------------------------------------------------------------------------------- */
static void heading(struct html *h, const char *text)
{
    html_raw(h, "<h1>");
    html_text(h, text);
    html_raw(h, "</h1>\n");
}

static void help_draw(struct html *h)
{
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, "/help", tr("nav.help", "Help now"));
    html_raw(h, "</div>\n");
}

static void who_draw(struct html *h, struct app *app, const struct counsellor *w)
{
    html_raw(h, "<p class=\"head\"><strong>");
    html_text(h, w->name);
    html_raw(h, "</strong> <span class=\"small\">");
    html_say(h, tr("counsel.employed", "employed by {employer}, in the record since {date}"),
             {"employer", w->employer}, {"date", say_day(app->arena, w->since)});
    html_raw(h, "</span></p>\n");
    bit_words(h, tr("listen.words", "The key in six words: {words}"), w->words);
    html_raw(h, "<p class=\"small\">");
    html_say(h, tr("counsel.compare", "Compare them at {where}."), {"where", w->where});
    html_raw(h, "</p>\n");
}

static void slot_draw(struct html *h, struct app *app, const struct counsel_slot *s)
{
    char hex[33];
    item_hex(s->slot, hex);
    html_raw(h, "<li><span>");
    html_text(h, time_said(app->arena, s->from));
    html_raw(h, "</span> <span class=\"small\">");
    html_text(h, counsel_how(app->arena, s->by));
    html_raw(h, "</span> <a class=\"button\" href=\"/counsellors/take?slot=");
    html_text(h, hex);
    html_raw(h, "\">");
    html_text(h, tr("counsel.take", "Take this time"));
    html_raw(h, "<span class=\"unseen\"> ");
    html_text(h, time_said(app->arena, s->from));
    html_raw(h, "</span></a></li>\n");
}

/* The first few of each: the others are further off. */
static void slots_draw(struct html *h, struct app *app, const struct counsellor *w)
{
    size_t shown = 0;
    for (size_t i = 0; i < w->n && shown < ROWS_SHOWN; i++) {
        if (w->at[i].taken)
            continue;
        if (!shown++)
            html_raw(h, "<ul class=\"lines plain times\">\n");
        slot_draw(h, app, &w->at[i]);
    }
    if (shown)
        html_raw(h, "</ul>\n");
    else
        bit_paragraph(h, tr("counsel.full", "No open hours at the moment."));
}

/* One's own ---------------------------------------------------------------------------------------------- */
static bool runs(const struct counsel_mine *m)
{
    return m->state == COUNSEL_HAS || m->state == COUNSEL_WAITS;
}

static void mine_row(struct html *h, struct app *app, const struct counsel_mine *m)
{
    char hex[33];
    item_hex(m->slot, hex);
    html_raw(h, "<li>");
    html_say(h, tr("counsel.yours", "Yours: {time}, {how}, with {name}."),
             {"time", time_said(app->arena, m->begins)}, {"how", counsel_how(app->arena, m->how)},
             {"name", m->name});
    if (runs(m))
        bit_small(h, counsel_named(app->arena, m));
    bit_small(h, counsel_state_said(app->arena, m));
    if (counsel_can_write(m)) {
        char path[40];
        snprintf(path, sizeof path, "/letters/%" PRId64, m->conversation);
        html_raw(h, "<p><a href=\"");
        html_text(h, path);
        html_raw(h, "\">");
        html_say(h, tr("letters.write.to", "Write to {name}"), {"name", m->name});
        html_raw(h, "</a></p>\n");
    }
    if (runs(m)) {
        html_raw(h, "<div class=\"buttons\">");
        form_open(h, app, "/counsellors/back");
        form_hidden(h, "slot", hex);
        form_button(h, NULL, NULL, tr("counsel.give", "Give it back (no reason needed)"), false);
        form_close(h);
        html_raw(h, "<a href=\"/counsellors/");
        html_text(h, hex);
        html_raw(h, ".ics\">");
        html_text(h, tr("counsel.calendar", "A file for your own calendar"));
        html_raw(h, "</a></div>\n");
        bit_small(h, tr("counsel.calendar.what", "The file says “away” and nothing else. Who can look into "
                                                 "that calendar can compare it with the open hours."));
    }
    html_raw(h, "</li>\n");
}

static void mine_draw(struct html *h, struct app *app, const struct counsel *c)
{
    if (c->mine.n == 0)
        return;
    bit_heading(h, tr("counsel.mine", "Your times"));
    html_raw(h, "<ul class=\"lines plain\">\n");
    for (size_t i = 0; i < c->mine.n; i++)
        mine_row(h, app, &c->mine.at[i]);
    html_raw(h, "</ul>\n");
}

/* The list ----------------------------------------------------------------------------------------------- */
static void look_draw(struct html *h, struct app *app)
{
    html_raw(h, "<div class=\"buttons\">");
    form_open(h, app, "/counsellors/look");
    form_button(h, NULL, NULL, tr("look.now", "Look now"), false);
    form_close(h);
    html_raw(h, "</div>\n");
    bit_small(h, tr("look.now.what", "The lab then sees that this computer was on this minute."));
}

static void all_draw(struct html *h, struct app *app, const struct counsel *c, const struct as_of *when)
{
    if (c->this_week == 0 && when->at)
        bit_paragraph(h, counsel_none(app, c));
    for (size_t i = 0; i < c->all.n; i++) {
        html_raw(h, "<section class=\"counsellor\">\n");
        who_draw(h, app, &c->all.at[i]);
        slots_draw(h, app, &c->all.at[i]);
        html_raw(h, "</section>\n");
    }
    bit_paragraph(h, counsel_what());
    if (c->this_week || !when->at)
        bit_paragraph(h, tr("counsel.wait", "If you cannot wait: Help now."));
    help_draw(h);
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct counsel c = {0};
    struct as_of when;
    if (!board_known(app, request, reply, &known))
        return;
    if (!counsel_load(app, known, &c, &err) || !as_of_load(app, &when, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else {
        frame_open(&h, app, request, reply, tr("counsel.title", "Counsellors"), "/board");
        heading(&h, tr("counsel.title", "Counsellors"));
        bit_problem(&h, problem);
        mine_draw(&h, app, &c);
        as_of_draw(&h, &when);
        all_draw(&h, app, &c, &when);
        look_draw(&h, app);
        frame_close(&h, app, NULL);
    }
    counsel_clear(&c);
}

void page_counsellors(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL);
}

void page_counsellors_look(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand look = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!errand_do(app, ERRAND_BOARD_LOOK, "", LOOK_SECONDS, &look, &err) || look.state == ERRAND_FAILED)
        draw(app, request, reply, err.code ? err.text : look.text);
    else
        reply_to(reply, request, "/counsellors");
}

/* Taking ------------------------------------------------------------------------------------------------- */
struct view {
    struct counsel c;
    const struct counsellor *whose;
    const struct counsel_slot *slot;
    struct span words;
    const char *problem;
};

static void facts_draw(struct html *h, struct app *app, const struct counsel *c)
{
    const struct before *b = &c->before;
    bit_paragraph(h, before_crowd(app, b));
    if (!b->words)
        return;
    bit_words(h, tr("post.words", "This week's record in four words: {words}"), b->words);
    bit_small(h, b->confirmed_by);
    if (!b->confirmed.enough)
        bit_small(h, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."));
}

static void take_form(struct html *h, struct app *app, const struct view *v)
{
    char hex[33];
    item_hex(v->slot->slot, hex);
    form_open(h, app, "/counsellors/take");
    form_hidden(h, "slot", hex);
    html_raw(h, "<p><label for=\"words\">");
    html_text(h, tr("counsel.words", "A few words for the counsellor, who alone can read them (may stay "
                                     "empty)"));
    html_raw(h, "</label><textarea id=\"words\" name=\"words\" rows=\"4\" maxlength=\"640\">\n");
    html_span(h, v->words);
    html_raw(h, "</textarea></p>\n");
    facts_draw(h, app, &v->c);
    bit_small(h,
              tr("counsel.now", "It leaves at once: whoever watches the server sees something of fixed size "
                                "arrive this minute, from this address."));
    bit_notice(h, counsel_hindered(&v->c));
    html_raw(h, "<div class=\"buttons\">");
    if (!counsel_hindered(&v->c))
        form_button(h, NULL, NULL, tr("counsel.take", "Take this time"), true);
    bit_button(h, "/counsellors", tr("counsel.not_today", "Not today"));
    html_raw(h, "</div>\n");
    form_close(h);
}

static void take_draw(struct html *h, struct app *app, const struct request *request, struct reply *reply,
                      const struct view *v)
{
    frame_open(h, app, request, reply, tr("counsel.take", "Take this time"), "/board");
    heading(h, time_said(app->arena, v->slot->from));
    bit_problem(h, v->problem);
    html_raw(h, "<p class=\"lead\">");
    html_text(h, counsel_how(app->arena, v->slot->by));
    html_raw(h, "</p>\n");
    who_draw(h, app, v->whose);
    bit_paragraph(h, counsel_what());
    take_form(h, app, v);
    frame_close(h, app, NULL);
}

/* The page of one time, or the list when it is not open. */
static void take_page(struct app *app, const struct request *request, struct reply *reply, struct span slot,
                      struct span words, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct view v = {.words = words, .problem = problem};
    uint8_t id[16];
    if (!board_known(app, request, reply, &known))
        return;
    if (!counsel_load(app, known, &v.c, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else {
        if (item_hex_read(slot, id))
            v.slot = counsel_slot_of(&v.c, id, &v.whose);
        if (v.slot && !v.slot->taken)
            take_draw(&h, app, request, reply, &v);
        else
            draw(app, request, reply,
                 problem ? problem : tr("err.counsel.gone", "This time is not open any more."));
    }
    counsel_clear(&v.c);
}

void page_counsel_take(struct app *app, const struct request *request, struct reply *reply)
{
    take_page(app, request, reply, request_query(request, "slot"), SPAN(""), NULL);
}

/* Send the act that was put into the outbox, and look what came of it. */
static bool send(struct app *app, int64_t outbox, const uint8_t slot[static 16], struct err *err)
{
    struct errand errand = {0};
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, outbox);
    if (!errand_do(app, ERRAND_BOARD_SEND, number, LOOK_SECONDS, &errand, err))
        return false;
    return errand.state == ERRAND_FAILED ? fail(err, E_SYSTEM, "%s", errand.text)
                                         : counsel_after(app, slot, err);
}

static bool act_on(struct app *app, const struct known *known, bool take, struct span slot, struct span words,
                   struct err *err)
{
    struct counsel c = {0};
    uint8_t id[16];
    int64_t outbox = 0;
    if (!item_hex_read(slot, id))
        return fail(err, E_MISSING, tr("err.counsel.gone", "This time is not open any more."));
    bool ok = counsel_load(app, known, &c, err) && (take ? counsel_take_slot(app, &c, id, words, &outbox, err)
                                                         : counsel_give(app, &c, id, &outbox, err));
    counsel_clear(&c);
    return ok && (!outbox || send(app, outbox, id, err));
}

static void posted(struct app *app, const struct request *request, struct reply *reply, bool take)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    struct span slot = form_value(&form, "slot"), words = form_value(&form, "words");
    if (act_on(app, known, take, slot, words.p ? words : SPAN(""), &err))
        reply_to(reply, request, "/counsellors");
    else if (take)
        take_page(app, request, reply, slot, words.p ? words : SPAN(""), err.text);
    else
        draw(app, request, reply, err.text);
}

void page_counsel_take_do(struct app *app, const struct request *request, struct reply *reply)
{
    posted(app, request, reply, true);
}

void page_counsel_back(struct app *app, const struct request *request, struct reply *reply)
{
    posted(app, request, reply, false);
}

/* The calendar file -------------------------------------------------------------------------------------- */
void page_counsel_calendar(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct known *known;
    struct counsel c = {0};
    struct span hex = span_from(request->path, sizeof "/counsellors/" - 1);
    uint8_t id[16];
    if (!board_known(app, request, reply, &known))
        return;
    bool named = span_ends(hex, SPAN(".ics")) && item_hex_read(span_first(hex, hex.n - 4), id);
    const struct counsel_mine *m =
        named && counsel_load(app, known, &c, &err) ? counsel_mine_of(&c, id) : NULL;
    if (m && counsel_calendar(&c, m, &reply->body, &err)) {
        reply->type = "text/calendar; charset=utf-8";
        reply_header(reply, request->arena, "Content-Disposition", "attachment; filename=\"away.ics\"");
        reply_header(reply, request->arena, "Cache-Control", "no-store");
    } else {
        if (!err.code)
            (void)fail(&err, E_MISSING, tr("err.counsel.not_yours", "You have not taken this time."));
        buf_reset(&reply->body);
        reply_error(app, request, reply, err.code == E_MISSING ? 404 : 500, &err);
    }
    counsel_clear(&c);
}

/* This week ---------------------------------------------------------------------------------------------- */
bool week_counsel(struct app *app, struct week *week, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(app->db, &q, err,
                  "select begins, how, name from counsel_mine where until > $1 and back = 0 order by begins",
                  V_INT(app->now)))
        return false;
    while (db_next(q, &inner)) {
        AUTO_BUF struct buf line;
        buf_init(&line, 4096);
        words_say(&line, tr("counsel.yours", "Yours: {time}, {how}, with {name}."),
                  {"time", time_said(app->arena, db_int(q, 0))},
                  {"how", counsel_how(app->arena, db_text(q, 1))},
                  {"name", arena_text(app->arena, db_text(q, 2))});
        if (!buf_ok(&line, err))
            return false;
        if (!week_line(app, week, NULL, buf_text(&line), "/counsellors"))
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}
