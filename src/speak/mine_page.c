/* What one wrote: acts that wait, that left, that were not taken; and notes. All of it stays on this
 * computer. */
#include <inttypes.h>
#include <stdio.h>

#include "anon/item.h"
#include "anon/known.h"
#include "anon/outbox_db.h"
#include "anon/receipts.h"
#include "anon/spend.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "crypt/key_words.h"
#include "speak/act_words.h"
#include "speak/board_draw.h"
#include "speak/board_pages.h"
#include "speak/drafts.h"
#include "speak/write.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"
#include "ui/word_list.h"

#include "base/banned.h"

enum { ACTS_SHOWN = 50 };

struct view {
    struct outbox acts;
    struct drafts notes;
    struct receipts receipts;
};

static bool view_load(struct app *app, struct view *v, struct err *err)
{
    *v = (struct view){0};
    return outbox_list(app->db, app->arena, -1, &v->acts, err) &&
           drafts_list(app->db, app->arena, -1, &v->notes, err) &&
           receipts_list(app->db, app->arena, &v->receipts, err);
}

/* Acts -----------------------------------------------------------------------------------------------------
 */
static const struct receipt *receipt_of(const struct view *v, const struct outbox_act *act)
{
    for (size_t i = 0; i < v->receipts.n; i++)
        if (memcmp(v->receipts.at[i].leaf, act->leaf, 32) == 0)
            return &v->receipts.at[i];
    return NULL;
}

static void receipt_draw(struct html *h, struct app *app, const struct outbox_act *act,
                         const struct receipt *r)
{
    uint8_t hash[32];
    uint16_t word[KEY_WORDS];
    AUTO_BUF struct buf words;
    buf_init(&words, 400);
    if (r->state == RECEIPT_PROVEN) {
        bit_small(h, tr("mine.proven", "It is in the lab's record."));
        return;
    }
    html_raw(h, "<p class=\"small\">");
    html_say(h,
             tr("post.done",
                "It will be in the lab's public record by the end of {day}. These six words prove "
                "it; they are kept here only."),
             {"day", say_day(app->arena, r->day)});
    html_raw(h, "</p>\n");
    hash_sha256(span_bytes(act->item, sizeof act->item), hash);
    key_words_six(hash, word);
    if (word_list_say(&words, words_lang(), word, KEY_WORDS))
        bit_words(h, "{words}", buf_text(&words));
}

static void state_draw(struct html *h, struct app *app, const struct view *v, const struct outbox_act *act)
{
    const struct receipt *r = receipt_of(v, act);
    switch (act->state) {
    case ACT_WAITING:
        bit_small(h, tr("mine.waits", "It waits on this computer, and leaves at a moment that was drawn."));
        break;
    case ACT_TRIED:
        bit_small(h,
                  tr("post.tried", "The board could not be reached, or did not take it. It is tried again on "
                                   "another day, at most three times in all."));
        break;
    case ACT_KEPT:
        if (r)
            receipt_draw(h, app, act, r);
        break;
    case ACT_REFUSED:
        bit_small(h, tr("post.refused", "The board refused this post. It is kept here, and can be posted "
                                        "again with another pass."));
        break;
    case ACT_GIVEN_UP:
        bit_small(h, tr("post.failed", "The board did not take this post in three tries. It is kept here."));
        break;
    }
}

static void act_buttons(struct html *h, struct app *app, const struct outbox_act *act)
{
    char number[24];
    bool ended = act->state == ACT_REFUSED || act->state == ACT_GIVEN_UP, waits = act->state == ACT_WAITING;
    if (!ended && !waits)
        return;
    snprintf(number, sizeof number, "%" PRId64, act->id);
    form_open(h, app, "/board/mine");
    html_raw(h, "<div class=\"buttons\">");
    if (waits) {
        form_button(h, "send", number, tr("mine.send", "Send it now"), false);
        form_button(h, "cancel", number, tr("mine.cancel", "Do not send it"), false);
    } else {
        form_button(h, "again", number, tr("mine.again", "Post it again"), false);
    }
    html_raw(h, "</div>\n");
    form_close(h);
}

static bool act_draw(struct html *h, struct app *app, const struct view *v, const struct outbox_act *act,
                     struct err *err)
{
    struct span text;
    if (!act_text(app->arena, act, &text, err))
        return false;
    html_raw(h, "<article class=\"post\">\n<p class=\"small\">");
    html_text(h, act_kind_said(act));
    html_raw(h, "</p>\n");
    said_text(h, text);
    state_draw(h, app, v, act);
    act_buttons(h, app, act);
    html_raw(h, "</article>\n");
    return true;
}

static bool acts_draw(struct html *h, struct app *app, const struct view *v, struct err *err)
{
    size_t shown = 0;
    for (size_t i = v->acts.n; i-- > 0 && shown < ACTS_SHOWN;) {
        if (v->acts.at[i].told)
            continue;
        if (!act_draw(h, app, v, &v->acts.at[i], err))
            return false;
        shown++;
    }
    if (!shown)
        bit_paragraph(h, tr("mine.none", "Nothing was posted from this computer."));
    if (shown == ACTS_SHOWN)
        bit_small(h, tr("mine.newest", "These are the newest. `respite post --waiting` lists all of them."));
    return true;
}

/* Notes ----------------------------------------------------------------------------------------------------
 */
static void note_draw(struct html *h, struct app *app, const struct draft *d)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, d->id);
    html_raw(h, "<article class=\"post\">\n<p class=\"small\">");
    said_day(h, app, d->day);
    html_raw(h, "</p>\n");
    said_text(h, d->text);
    form_open(h, app, "/board/mine");
    html_raw(h, "<div class=\"buttons\"><a class=\"button\" href=\"/write?note=");
    html_text(h, number);
    html_raw(h, "\">");
    html_text(h, tr("note.open", "Open it"));
    html_raw(h, "</a>\n");
    form_button(h, "drop", number, tr("note.drop", "Remove it"), false);
    html_raw(h, "</div>\n");
    form_close(h);
    html_raw(h, "</article>\n");
}

static void notes_draw(struct html *h, struct app *app, const struct view *v)
{
    if (!v->notes.n)
        return;
    bit_heading(h, tr("note.title", "Notes for myself"));
    html_raw(h, "<p class=\"private\">");
    html_text(h, tr("priv.card", "Stays on this computer."));
    html_raw(h, "</p>\n");
    for (size_t i = 0; i < v->notes.n; i++)
        note_draw(h, app, &v->notes.at[i]);
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct view v;
    if (!view_load(app, &v, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_open(&h, app, request, reply, tr("board.mine", "What you wrote"), "/board");
    html_raw(&h, "<h1>");
    html_text(&h, tr("board.mine", "What you wrote"));
    html_raw(&h, "</h1>\n");
    bit_problem(&h, problem);
    if (!acts_draw(&h, app, &v, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    notes_draw(&h, app, &v);
    html_raw(&h, "<div class=\"buttons\">");
    bit_button(&h, "/board", tr("board.all", "All threads"));
    html_raw(&h, "</div>\n");
    frame_close(&h, app, NULL);
}

void mine_again(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    draw(app, request, reply, problem);
}

void page_mine(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL);
}

/* Doing ----------------------------------------------------------------------------------------------------
 */
static bool number_of(const struct form *form, const char *name, int64_t *out)
{
    struct span text = form_value(form, name);
    uint64_t n;
    if (!text.p || !scan_u64(&text, &n, INT64_MAX) || !scan_end(&text))
        return false;
    *out = (int64_t)n;
    return true;
}

static bool drop(struct app *app, int64_t id, struct err *err)
{
    bool there;
    return draft_drop(app->db, id, &there, err);
}

static bool cancel(struct app *app, int64_t id, struct err *err)
{
    bool there;
    return outbox_cancel(app->db, id, &there, err) &&
           (there ||
            fail(err, E_REFUSED,
                 tr("err.speak.cancel", "Nothing of that number waits to leave; what has left cannot be "
                                        "called back. A post can be taken back.")));
}

void page_mine_do(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct known *known;
    int64_t id, outbox = 0;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    bool ok = true, send = number_of(&form, "send", &outbox);
    if (number_of(&form, "drop", &id))
        ok = drop(app, id, &err);
    else if (number_of(&form, "cancel", &id))
        ok = cancel(app, id, &err);
    else if (number_of(&form, "again", &id) && board_known(app, request, reply, &known))
        ok = spend_again(app->db, known, id, app->now, &outbox, &err);
    if (reply->status == 303)
        return;
    if (!ok)
        draw(app, request, reply, err.text);
    else if (outbox && board_known(app, request, reply, &known))
        board_sent(app, request, reply, known, outbox, send, "/board/mine");
    else if (reply->status != 303)
        reply_to(reply, request, "/board/mine");
}
