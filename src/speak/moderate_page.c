/* What the moderators did: every decision with its reason, who signed it, its day, and what came of appeals.
 * The list is the record's own; nothing can be left out of it here. */
#include <stdio.h>

#include "anon/errand.h"
#include "anon/item.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/board_draw.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/moderate_desk.h"
#include "speak/moderate_pages.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { ACTS_PAGE = 20, LOOK_SECONDS = 45 };

/* Under what was decided about --------------------------------------------------------------------------- */
/* The reason as people read it inside a sentence: cleaned, without the point at its end. */
static const char *reason_said(struct app *app, struct span reason)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 8192);
    utf8_clean(&clean, span_trim(reason));
    struct span text = buf_span(&clean);
    if (text.n && text.p[text.n - 1] == '.')
        text.n--;
    else if (text.n >= 3 && memcmp(text.p + text.n - 3, "。", 3) == 0)
        text.n -= 3;
    return arena_text(app->arena, text);
}

const char *decided_say(struct app *app, const struct moderate_state *decided)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 16384);
    const char *reason = decided && decided->entry >= 0 ? reason_said(app, decided->reason) : NULL;
    if (!reason)
        return NULL;
    if (decided->dropped)
        words_say(&line,
                  tr("board.dropped",
                     "Removed by the moderators for being unlawful: {reason}. Signed, in the "
                     "record."),
                  {"reason", reason});
    else if (decided->hidden)
        words_say(&line, tr("board.hidden", "Hidden by the moderators: {reason}. Signed, in the record."),
                  {"reason", reason});
    else if (decided->muted)
        words_say(&line,
                  tr("board.muted",
                     "The moderators muted this made-up name in this thread: {reason}. Signed, "
                     "in the record."),
                  {"reason", reason});
    else
        return NULL;
    return arena_text(app->arena, buf_span(&line));
}

void flag_link_draw(struct html *h, const uint8_t id[static 16])
{
    char hex[33];
    item_hex(id, hex);
    html_raw(h, "<a class=\"button\" href=\"/board/flag?post=");
    html_text(h, hex);
    html_raw(h, "\">");
    html_text(h, tr("board.flag", "Tell the moderators"));
    html_raw(h, "</a>\n");
}

void hidden_open(struct html *h, bool hidden)
{
    if (!hidden)
        return;
    html_raw(h, "<details><summary>");
    html_text(h, tr("board.hidden.show", "Show it"));
    html_raw(h, "</summary>");
}

void hidden_close(struct html *h, bool hidden)
{
    if (hidden)
        html_raw(h, "</details>\n");
}

void decided_draw(struct html *h, struct app *app, const uint8_t id[static 16],
                  const struct moderate_state *decided)
{
    char hex[33];
    const char *said = decided_say(app, decided);
    if (!said)
        return;
    item_hex(id, hex);
    bit_notice(h, said);
    html_raw(h, "<p class=\"small\"><a href=\"/board/appeal?post=");
    html_text(h, hex);
    html_raw(h, "\">");
    html_text(h, tr("board.undo", "Ask for it to be undone"));
    html_raw(h, "</a> · <a href=\"/board/moderation#d");
    html_int(h, decided->entry);
    html_raw(h, "\">");
    html_text(h, tr("board.decided", "What the moderators did"));
    html_raw(h, "</a></p>\n");
}

/* The list ---------------------------------------------------------------------------------------------- */
static const char *end_said(enum appeal_end end)
{
    switch (end) {
    case APPEAL_UNDONE:
        return tr("mod.appeal.undone", "It was undone.");
    case APPEAL_STAYS:
        return tr("mod.appeal.stays", "The moderators looked again, and it stays.");
    default:
        return tr("mod.appeal.open", "Not answered yet.");
    }
}

static void appeal_draw(struct html *h, struct app *app, const struct moderate_appeal *a)
{
    html_raw(h, "<li>");
    said_day(h, app, a->day);
    html_raw(h, " ");
    html_text(h, tr("mod.appeal.asked", "Somebody asked for it to be undone:"));
    if (a->hidden) {
        html_raw(h, "<details><summary>");
        html_text(h, tr("mod.appeal.hidden", "Hidden by the moderators. Show it"));
        html_raw(h, "</summary>");
    }
    if (a->text.n)
        said_text(h, a->text);
    else
        bit_paragraph(h, tr("moderate.no_words", "(its words are not here)"));
    if (a->hidden)
        html_raw(h, "</details>");
    bit_paragraph(h, end_said(a->end));
    html_raw(h, "</li>\n");
}

void about_draw(struct html *h, struct app *app, const struct board_words *words)
{
    html_raw(h, "<a href=\"");
    html_text(h, words->path);
    html_raw(h, "\">");
    html_text(h, board_words_about(app->arena, words));
    html_raw(h, "</a>");
}

static void act_draw(struct html *h, struct app *app, const struct moderate_act *a)
{
    struct board_words words;
    struct err none = {0};
    bool there;
    html_raw(h, "<li id=\"d");
    html_int(h, a->index);
    html_raw(h, "\"><p class=\"head\">");
    said_day(h, app, a->day);
    html_raw(h, " <strong>");
    html_text(h, moderate_say(a->act));
    html_raw(h, "</strong> ");
    if (board_words(app->db, app->arena, a->target, &words, &there, &none) && there)
        about_draw(h, app, &words);
    html_raw(h, "</p>\n<p class=\"said\">");
    said_line(h, a->reason);
    html_raw(h, "</p>\n<p class=\"small\">");
    AUTO_BUF struct buf who;
    buf_init(&who, 4096);
    utf8_clean(&who, a->who);
    html_say(h, tr("mod.signed", "Signed by {name}; entry {n} of the record."), {"name", buf_text(&who)},
             {"n", say_number(app->arena, a->index)});
    html_raw(h, "</p>\n");
    if (a->appeals) {
        html_raw(h, "<ul class=\"plain\">\n");
        for (size_t i = 0; i < a->appeals; i++)
            appeal_draw(h, app, &a->appeal[i]);
        html_raw(h, "</ul>\n");
    }
    html_raw(h, "</li>\n");
}

static void moderators_draw(struct html *h, struct app *app, const struct moderators *all)
{
    bit_heading(h, tr("lab.mods", "Moderators"));
    if (!all->n) {
        bit_paragraph(h, tr("mod.nobody", "Nobody moderates this board."));
        return;
    }
    html_raw(h, "<ul>\n");
    for (size_t i = 0; i < all->n; i++) {
        const struct moderator *m = &all->at[i];
        AUTO_BUF struct buf name;
        buf_init(&name, 4096);
        utf8_clean(&name, m->name);
        html_raw(h, "<li>");
        html_say(h,
                 m->from > app->now ? tr("lab.mods.from", "{name}, from {date}")
                                    : tr("lab.mods.since", "{name}, since {date}"),
                 {"name", buf_text(&name)}, {"date", say_day(app->arena, moment_day(clock_local(m->from)))});
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
    bit_small(h, tr("mod.what",
                    "A moderator signs with a key of their own, which counts 72 hours after it is in "
                    "the record. They can hide a post, or the words of a circle, behind a reason, mute a "
                    "made-up name in one thread, and undo both. What is hidden can be read all the same."));
}

struct view {
    struct moderators people;
    struct moderate_acts acts;
    int64_t page;
};

static bool view_load(struct app *app, const struct request *request, struct view *v, struct err *err)
{
    *v = (struct view){.page = page_of(request)};
    v->page = v->page ? v->page : 1;
    return board_keep(app->db, err) && moderators_load(app->db, app->arena, app->now, &v->people, err) &&
           moderate_list(app->db, app->arena, (v->page - 1) * ACTS_PAGE, ACTS_PAGE, &v->acts, err);
}

static bool view_draw(struct html *h, struct app *app, const struct view *v, struct err *err)
{
    html_raw(h, "<h1>");
    html_text(h, tr("mod.title", "What the moderators did"));
    html_raw(h, "</h1>\n");
    if (!desk_draw(h, app, err))
        return false;
    moderators_draw(h, app, &v->people);
    bit_heading(h, tr("mod.all", "Every decision"));
    if (!v->acts.n)
        bit_paragraph(h, tr("mod.none", "Nothing was hidden, muted or removed."));
    else
        html_raw(h, "<ul class=\"threads plain\">\n");
    for (size_t i = 0; i < v->acts.n; i++)
        act_draw(h, app, &v->acts.at[i]);
    if (v->acts.n)
        html_raw(h, "</ul>\n");
    said_pages(h, app, "/board/moderation", "", v->page, (v->acts.all + ACTS_PAGE - 1) / ACTS_PAGE);
    return true;
}

void page_moderation(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct view v;
    if (!board_known(app, request, reply, &known))
        return;
    if (!view_load(app, request, &v, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("mod.title", "What the moderators did"), "/board");
    if (view_draw(&h, app, &v, &err)) {
        frame_close(&h, app, tr("board.end", "That is all. It is fine to only read."));
        return;
    }
    buf_reset(&reply->body);
    reply_error(app, request, reply, 500, &err);
}

void page_moderation_look(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand done;
    struct known *known;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    if (!errand_do(app, ERRAND_DESK_LOOK, "", LOOK_SECONDS, &done, &err) ||
        (done.state == ERRAND_FAILED && !fail(&err, E_REFUSED, "%s", done.text)))
        reply_error(app, request, reply, 409, &err);
    else
        reply_to(reply, request, "/board/moderation");
}
