/* Telling the moderators about public words, and asking for something to be undone. Both leave like a post:
 * with a pass, under a key used once, at a drawn moment. */
#include "anon/item.h"
#include "speak/before.h"
#include "speak/board_draw.h"
#include "speak/board_keep.h"
#include "speak/board_pages.h"
#include "speak/moderate_pages.h"
#include "speak/moderate_tell.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

bool words_asked(struct app *app, const struct request *request, struct reply *reply, struct span hex,
                 struct board_words *out)
{
    struct err err = {0};
    uint8_t id[16];
    bool there = false;
    if (id_of(hex, id) &&
        (!board_keep(app->db, &err) || !board_words(app->db, app->arena, id, out, &there, &err))) {
        reply_error(app, request, reply, 500, &err);
        return false;
    }
    if (there)
        return true;
    (void)fail(&err, E_MISSING, tr("err.speak.no_post", "There is no such post here."));
    reply_error(app, request, reply, 404, &err);
    return false;
}

static void quote(struct html *h, const struct board_words *w)
{
    html_raw(h, "<blockquote>");
    if (w->gone)
        bit_paragraph(h, tr("moderate.no_words", "(its words are not here)"));
    else
        said_text(h, w->text);
    html_raw(h, "</blockquote>\n");
}

static void open_form(struct html *h, struct app *app, const char *path, const struct board_words *w)
{
    char hex[33];
    item_hex(w->id, hex);
    form_open(h, app, path);
    form_hidden(h, "post", hex);
}

static void end_form(struct html *h, const char *label, const char *back)
{
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, NULL, NULL, label, true);
    bit_button(h, back, tr("post.no", "Not today"));
    html_raw(h, "</div>\n");
    form_close(h);
}

/* Flag -------------------------------------------------------------------------------------------------- */
static void flag_draw(struct html *h, struct app *app, const struct board_words *w)
{
    html_raw(h, "<h1>");
    html_text(h, tr("flag.title", "Tell the moderators about these words"));
    html_raw(h, "</h1>\n");
    quote(h, w);
    open_form(h, app, "/board/flag", w);
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("flag.why", "Why"));
    html_raw(h, "</legend>\n");
    for (int i = 0; i < FLAG_REASONS; i++) {
        html_raw(h, "<label><input type=\"radio\" name=\"reason\" value=\"");
        html_text(h, flag_name((enum flag_reason)i));
        html_raw(h, "\" required> ");
        html_text(h, flag_say((enum flag_reason)i));
        html_raw(h, "</label><br>\n");
    }
    html_raw(h, "</fieldset>\n<p><label for=\"note\">");
    html_text(h, tr("flag.note", "A line for them, if you want to"));
    html_raw(h, "</label><br><input id=\"note\" name=\"text\" type=\"text\" maxlength=\"280\" size=\"48\" "
                "autocomplete=\"off\"></p>\n");
    bit_small(h,
              tr("flag.who_reads",
                 "The moderators read the line and how many said so; so can whoever runs the server. No "
                 "member sees it, and nobody sees that it was you. It is sent like a post: with a pass, at "
                 "a drawn moment."));
    end_form(h, tr("flag.send", "Tell them"), w->path);
}

void page_flag(struct app *app, const struct request *request, struct reply *reply)
{
    struct html h = {&reply->body};
    struct known *known;
    struct board_words words;
    if (!board_known(app, request, reply, &known) ||
        !words_asked(app, request, reply, request_query(request, "post"), &words))
        return;
    frame_open(&h, app, request, reply, tr("flag.title", "Tell the moderators about these words"), "/board");
    flag_draw(&h, app, &words);
    frame_close(&h, app, NULL);
}

/* Appeal ------------------------------------------------------------------------------------------------ */
static void appeal_draw(struct html *h, struct app *app, const struct board_words *w)
{
    html_raw(h, "<h1>");
    html_text(h, tr("appeal.title", "Ask for it to be undone"));
    html_raw(h, "</h1>\n");
    bit_notice(h, decided_say(app, w->decided));
    quote(h, w);
    open_form(h, app, "/board/appeal", w);
    html_raw(h, "<p><label for=\"text\">");
    html_text(h, tr("appeal.why", "Why it should be undone"));
    html_raw(
        h,
        "</label><br><textarea id=\"text\" name=\"text\" rows=\"6\" cols=\"60\" required></textarea></p>\n");
    bit_small(
        h, tr("appeal.who_reads",
              "Everybody can read it, beside the decision, and what came of it. The words need not be your "
              "own. It is sent like a post: with a pass, at a drawn moment, under no name."));
    end_form(h, tr("appeal.send", "Ask for it"), w->path);
}

void page_appeal(struct app *app, const struct request *request, struct reply *reply)
{
    struct html h = {&reply->body};
    struct known *known;
    struct board_words words;
    struct err err = {0};
    if (!board_known(app, request, reply, &known) ||
        !words_asked(app, request, reply, request_query(request, "post"), &words))
        return;
    if (!decided_say(app, words.decided)) {
        (void)fail(&err, E_REFUSED,
                   tr("err.speak.nothing_stands",
                      "The moderators have taken nothing away here, so there is nothing to undo."));
        reply_error(app, request, reply, 409, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("appeal.title", "Ask for it to be undone"), "/board");
    appeal_draw(&h, app, &words);
    frame_close(&h, app, NULL);
}

/* Sending ----------------------------------------------------------------------------------------------- */
/* Nothing is put into the outbox that the crowd is too small for. */
static bool may_tell(struct app *app, const struct known *known, struct err *err)
{
    struct before b;
    bool ok = before_load(app, known, true, &b, err);
    if (ok && before_locked(&b))
        ok = fail(err, E_REFUSED, "%s", b.hindered);
    before_clear(&b);
    return ok;
}

static void tell(struct app *app, const struct request *request, struct reply *reply, bool is_flag)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    struct board_words words;
    struct telling t = {.is_flag = is_flag, .entry = -1};
    int64_t outbox;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!board_known(app, request, reply, &known) ||
        !words_asked(app, request, reply, form_value(&form, "post"), &words))
        return;
    memcpy(t.target, words.id, sizeof t.target);
    t.text = form_value(&form, "text");
    t.entry = words.decided ? words.decided->entry : -1;
    if (is_flag && !flag_named(form_value(&form, "reason"), &t.reason))
        t.reason = FLAG_OTHER;
    if (!may_tell(app, known, &err) ||
        !telling_put(app->db, app->arena, known, &t, false, app->now, &outbox, &err))
        reply_error(app, request, reply, 409, &err);
    else
        board_sent(app, request, reply, known, outbox, false, is_flag ? words.path : "/board/moderation");
}

void page_flag_do(struct app *app, const struct request *request, struct reply *reply)
{
    tell(app, request, reply, true);
}

void page_appeal_do(struct app *app, const struct request *request, struct reply *reply)
{
    tell(app, request, reply, false);
}
