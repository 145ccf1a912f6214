/* For who has a moderator's key on this computer: what waits, and deciding about one post. */
#include <stdio.h>

#include "anon/errand.h"
#include "anon/item.h"
#include "codec/utf8.h"
#include "crypt/secret.h"
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

enum { DECIDE_SECONDS = 45, ARGUMENT_MOST = 16384 };

static void decide_link(struct html *h, const uint8_t id[static 16])
{
    char hex[33];
    item_hex(id, hex);
    html_raw(h, "<a class=\"button\" href=\"/board/decide?post=");
    html_text(h, hex);
    html_raw(h, "\">");
    html_text(h, tr("desk.decide", "Decide"));
    html_raw(h, "</a>\n");
}

/* What waits -------------------------------------------------------------------------------------------- */
static void words_draw(struct html *h, struct app *app, const uint8_t id[static 16])
{
    struct board_words words;
    struct err none = {0};
    bool there = false;
    bool ok = board_words(app->db, app->arena, id, &words, &there, &none) && there;
    if (ok) {
        html_raw(h, "<p class=\"small\">");
        about_draw(h, app, &words);
        html_raw(h, "</p>\n");
    }
    html_raw(h, "<blockquote>");
    if (ok && !words.gone)
        said_text(h, words.text);
    else
        bit_paragraph(h, tr("moderate.no_words", "(its words are not here)"));
    html_raw(h, "</blockquote>\n");
}

static void flagged_draw(struct html *h, struct app *app, const struct desk_flagged *f)
{
    html_raw(h, "<li>");
    words_draw(h, app, f->target);
    html_raw(h, "<ul>\n");
    for (int i = 0; i < FLAG_REASONS; i++) {
        if (!f->n[i])
            continue;
        html_raw(h, "<li>");
        html_say(h, tr("moderate.flags", "{n} × {reason}"), {"n", say_number(app->arena, f->n[i])},
                 {"reason", flag_say((enum flag_reason)i)});
        html_raw(h, "</li>\n");
    }
    for (size_t i = 0; i < f->notes; i++) {
        html_raw(h, "<li>");
        said_line(h, f->note[i]);
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
    decide_link(h, f->target);
    html_raw(h, "</li>\n");
}

static void part_open(struct html *h, const char *text)
{
    html_raw(h, "<h3>");
    html_text(h, text);
    html_raw(h, "</h3>\n<ul class=\"plain\">\n");
}

static void desk_lists(struct html *h, struct app *app, const struct moderate_desk *d)
{
    if (d->flagged.n)
        part_open(h,
                  tr("moderate.flagged", "What members wrote to the moderators. No other member reads it."));
    for (size_t i = 0; i < d->flagged.n; i++)
        flagged_draw(h, app, &d->flagged.at[i]);
    if (d->flagged.n)
        html_raw(h, "</ul>\n");
    if (d->held.n)
        part_open(h,
                  tr("moderate.held", "Posts of a new name in a thread where somebody is muted. Without a "
                                      "decision they appear by themselves, after three times that new posts "
                                      "did."));
    for (size_t i = 0; i < d->held.n; i++) {
        html_raw(h, "<li><blockquote>");
        said_text(h, d->held.at[i].text);
        html_raw(h, "</blockquote>\n");
        decide_link(h, d->held.at[i].id);
        html_raw(h, "</li>\n");
    }
    if (d->held.n)
        html_raw(h, "</ul>\n");
    if (d->open.n)
        part_open(h, tr("moderate.open", "Members ask for this to be undone:"));
    for (size_t i = 0; i < d->open.n; i++) {
        html_raw(h, "<li>");
        words_draw(h, app, d->open.at[i].target);
        said_text(h, d->open.at[i].appeal->text);
        decide_link(h, d->open.at[i].target);
        html_raw(h, "</li>\n");
    }
    if (d->open.n)
        html_raw(h, "</ul>\n");
    if (!d->flagged.n && !d->held.n && !d->open.n)
        bit_paragraph(h, tr("moderate.nothing", "Nothing waits for a moderator."));
}

static bool has_key(struct app *app, bool *there, struct err *err)
{
    struct moderate_self self;
    bool ok = moderate_self_load(app->db, app->arena, &self, there, err);
    secret_wipe(&self.key, sizeof self.key);
    return ok;
}

bool desk_draw(struct html *h, struct app *app, struct err *err)
{
    struct moderate_desk desk;
    bool there;
    if (!has_key(app, &there, err))
        return false;
    if (!there)
        return true;
    if (!desk_load(app->db, app->arena, &desk, err))
        return false;
    bit_heading(h, tr("desk.title", "For you as a moderator"));
    desk_lists(h, app, &desk);
    form_open(h, app, "/board/moderation");
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, NULL, NULL, tr("board.look", "Look now"), false);
    html_raw(h, "</div>\n");
    form_close(h);
    if (desk.at) {
        html_raw(h, "<p class=\"small\">");
        html_say(h, tr("desk.as_of", "As of {date}."),
                 {"date", say_day(app->arena, moment_day(clock_local(desk.at)))});
        html_raw(h, "</p>\n");
    }
    return true;
}

/* Deciding ---------------------------------------------------------------------------------------------- */
static const char *choice_said(enum moderation_do act)
{
    switch (act) {
    case MODERATION_HIDE:
        return tr("desk.hide", "Hide it behind the reason. Everybody can read it all the same.");
    case MODERATION_SHOW:
        return tr("desk.show", "Show it: undo what stands on it, or let it appear.");
    case MODERATION_MUTE:
        return tr("desk.mute", "Mute its made-up name in this thread. What it wrote stays.");
    default:
        return tr("desk.drop", "Remove it, because the law forbids it. The words go from every computer.");
    }
}

/* What is here, or a post that is held back. */
static bool decide_words(struct html *h, struct app *app, const uint8_t id[static 16], struct err *err)
{
    struct moderate_desk desk;
    if (!desk_load(app->db, app->arena, &desk, err))
        return false;
    for (size_t i = 0; i < desk.held.n; i++)
        if (memcmp(desk.held.at[i].id, id, 16) == 0) {
            html_raw(h, "<blockquote>");
            said_text(h, desk.held.at[i].text);
            html_raw(h, "</blockquote>\n");
            return true;
        }
    words_draw(h, app, id);
    return true;
}

static bool decide_draw(struct html *h, struct app *app, const uint8_t id[static 16], struct err *err)
{
    struct moderate_state state;
    bool named;
    char hex[33];
    item_hex(id, hex);
    html_raw(h, "<h1>");
    html_text(h, tr("desk.about", "Decide about these words"));
    html_raw(h, "</h1>\n");
    if (!moderate_state(app->db, app->arena, id, &state, err) ||
        !desk_can_mute(app->db, app->arena, id, &named, err) || !decide_words(h, app, id, err))
        return false;
    bit_notice(h, decided_say(app, &state));
    form_open(h, app, "/board/decide");
    form_hidden(h, "post", hex);
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("desk.what", "What is to be done"));
    html_raw(h, "</legend>\n");
    for (int i = 0; i < MODERATION_DOS; i++) {
        if (i == MODERATION_MUTE && !named)
            continue;
        html_raw(h, "<label><input type=\"radio\" name=\"do\" required value=\"");
        html_text(h, moderation_name((enum moderation_do)i));
        html_raw(h, "\"> ");
        html_text(h, choice_said((enum moderation_do)i));
        html_raw(h, "</label><br>\n");
    }
    html_raw(h, "</fieldset>\n<p><label for=\"reason\">");
    html_text(h, tr("desk.reason", "The reason, which everybody reads"));
    html_raw(h,
             "</label><br><input id=\"reason\" name=\"reason\" type=\"text\" maxlength=\"400\" size=\"48\" "
             "required autocomplete=\"off\"></p>\n");
    bit_small(h,
              tr("desk.signed", "It is signed with your key, enters the record with your name, and leaves at "
                                "once: a moderator is no anonymous member."));
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, NULL, NULL, tr("desk.sign", "Sign and send"), true);
    bit_button(h, "/board/moderation", tr("post.no", "Not today"));
    html_raw(h, "</div>\n");
    form_close(h);
    return true;
}

void page_decide(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    uint8_t id[16];
    if (!board_known(app, request, reply, &known))
        return;
    if (!id_of(request_query(request, "post"), id)) {
        (void)fail(&err, E_MISSING, tr("err.speak.no_post", "There is no such post here."));
        reply_error(app, request, reply, 404, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("desk.about", "Decide about these words"), "/board");
    if (board_keep(app->db, &err) && decide_draw(&h, app, id, &err)) {
        frame_close(&h, app, NULL);
        return;
    }
    buf_reset(&reply->body);
    reply_error(app, request, reply, 500, &err);
}

static bool argument_of(const struct form *form, struct buf *out, struct err *err)
{
    enum moderation_do act;
    uint8_t id[16];
    char hex[33];
    if (!moderation_named(form_value(form, "do"), &act) || !id_of(form_value(form, "post"), id))
        return fail(err, E_FORMAT, tr("err.mod.do", "A decision is one of hide, show, mute, drop."));
    item_hex(id, hex);
    buf_printf(out, "%s %s ", moderation_name(act), hex);
    buf_add(out, form_value(form, "reason"));
    return buf_ok(out, err);
}

void page_decide_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand done;
    struct known *known;
    AUTO_BUF struct buf argument;
    buf_init(&argument, ARGUMENT_MOST);
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known))
        return;
    bool ok = argument_of(&form, &argument, &err) &&
              errand_do(app, ERRAND_DESK_DECIDE, buf_text(&argument), DECIDE_SECONDS, &done, &err);
    if (ok && done.state == ERRAND_FAILED)
        ok = fail(&err, E_REFUSED, "%s", done.text);
    if (ok)
        reply_to(reply, request, "/board/moderation");
    else
        reply_error(app, request, reply, 409, &err);
}
