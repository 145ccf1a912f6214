/* Talk to a listener (screen w): who is vouched for, behind a second click who is not, and one's own
 * conversations. Opening it asks nobody anything; "Look now" does. */
#include "speak/letters_pages.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/errand.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "crypt/hash.h"
#include "speak/as_of.h"
#include "speak/board_draw.h"
#include "speak/board_errands.h"
#include "speak/board_pages.h"
#include "speak/help.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { LOOK_SECONDS = 45, SHOWN = 30 };

const char *languages_said(struct app *app, struct span list)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    while (list.n) {
        struct span word;
        span_cut(&list, ',', &word);
        if (out.n)
            buf_add_text(&out, tr("board.comma", ", "));
        utf8_clean(&out, span_of(help_say(app->arena, span_trim(word))));
    }
    return buf_keep(&out, app->arena);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c - 'a' + 10;
}

bool key_of_hex(struct span hex, uint8_t out[static 32])
{
    struct span digits;
    if (!hex.p || !scan_hex(&hex, &digits, 64, 64) || !scan_end(&hex))
        return false;
    for (size_t i = 0; i < 32; i++)
        out[i] = (uint8_t)(digit(digits.p[2 * i]) << 4 | digit(digits.p[2 * i + 1]));
    return true;
}

/* Listeners -------------------------------------------------------------------------------------------------
 */
void helper_draw(struct html *h, struct app *app, const struct helper *one)
{
    html_raw(h, "<p class=\"head\"><strong>");
    html_text(h, one->name);
    html_raw(h, "</strong> <span class=\"small\">");
    html_text(h, languages_said(app, one->languages));
    if (one->topics.n) {
        html_raw(h, " · ");
        said_line(h, one->topics);
    }
    html_raw(h, "</span></p>\n<p class=\"small\">");
    if (one->vouched)
        html_say(h, tr("card.vouched", "Vouched for by {name} since {date}. Key in six words: {words}"),
                 {"name", one->voucher}, {"date", say_day(app->arena, one->since)}, {"words", one->words});
    else
        html_text(h, tr("card.unvouched", "Nobody has vouched for this card. It may be anyone, also a "
                                          "manager."));
    html_raw(h, "</p>\n");
}

static void helper_row(struct html *h, struct app *app, const struct helper *one)
{
    char hex[65];
    html_raw(h, "<li class=\"listener\">");
    helper_draw(h, app, one);
    if (one->paused) {
        bit_small(h, tr("letters.paused", "Paused."));
    } else if (one->own) {
        bit_small(h, tr("letters.own", "This is your own card."));
    } else {
        hash_hex(one->pk, hex);
        html_raw(h, "<p><a class=\"button\" href=\"/letters/write?to=");
        html_text(h, hex);
        html_raw(h, "\">");
        html_say(h, tr("letters.write.to", "Write to {name}"), {"name", one->name});
        html_raw(h, "</a></p>\n");
    }
    html_raw(h, "</li>\n");
}

static void wait_draw(struct html *h, const struct letters *l, const struct as_of *when)
{
    for (size_t i = 0; i < l->helpers.vouched; i++)
        if (!l->helpers.at[i].paused)
            return;
    bit_paragraph(h, when->at ? tr("listen.wait",
                                   "No listener is free right now. One usually answers within a day. If "
                                   "you cannot wait: Help now.")
                              : tr("counsel.wait", "If you cannot wait: Help now."));
    html_raw(h, "<div class=\"buttons\">");
    bit_button(h, "/help", tr("nav.help", "Help now"));
    html_raw(h, "</div>\n");
}

static void helpers_draw(struct html *h, struct app *app, const struct letters *l, const struct as_of *when,
                         bool all)
{
    size_t n = all ? l->helpers.n : l->helpers.vouched;
    wait_draw(h, l, when);
    if (l->helpers.vouched) {
        html_raw(h, "<ul class=\"plain\">\n");
        for (size_t i = 0; i < l->helpers.vouched; i++)
            helper_row(h, app, &l->helpers.at[i]);
        html_raw(h, "</ul>\n");
    }
    if (n > l->helpers.vouched) {
        html_raw(h, "<ul class=\"plain\" id=\"unvouched\">\n");
        for (size_t i = l->helpers.vouched; i < n; i++)
            helper_row(h, app, &l->helpers.at[i]);
        html_raw(h, "</ul>\n");
    } else if (l->helpers.n > l->helpers.vouched) {
        html_raw(h, "<p><a href=\"/letters?all=1#unvouched\">");
        html_text(h, tr("card.unvouched.show", "Show cards nobody has vouched for"));
        html_raw(h, "</a></p>\n");
    }
    bit_small(h,
              tr("letters.two", "A listener has two conversations at a time. No one sees how many write."));
}

/* Conversations ---------------------------------------------------------------------------------------------
 */
static void talk_row(struct html *h, struct app *app, const struct conversation *c)
{
    char path[40];
    snprintf(path, sizeof path, "/letters/%" PRId64, c->id);
    html_raw(h, "<li><a href=\"");
    html_text(h, path);
    html_raw(h, "\">");
    html_text(h, conversation_name(app->arena, c));
    html_raw(h, "</a> <span class=\"small\">");
    if (c->silent)
        html_text(h, tr("letters.silent", "a time was taken; nothing was written yet"));
    else
        html_say(h,
                 c->waits ? tr("letters.since", "wrote on {date}, and was not answered")
                          : tr("letters.last", "the last letter is of {date}"),
                 {"date", say_day(app->arena, c->last)});
    if (c->over) {
        bit_gap(h);
        html_text(h, tr("letters.over", "Ended here."));
    }
    html_raw(h, "</span></li>\n");
}

static void talks_draw(struct html *h, struct app *app, const struct letters *l)
{
    size_t n = 0;
    bit_heading(h, tr("letters.yours", "Your letters"));
    for (size_t i = 0; i < l->all.n && n < SHOWN; i++) {
        if (!n++)
            html_raw(h, "<ul class=\"lines plain\">\n");
        talk_row(h, app, &l->all.at[i]);
    }
    if (n)
        html_raw(h, "</ul>\n");
    else
        bit_paragraph(h, tr("letters.none", "There are no letters here."));
    bit_small(h, tr("letters.days", "Letters are removed from both computers 14 days after the last one."));
    html_raw(h, "<p><a href=\"/listen\">");
    html_text(h, tr("listen.title", "Listening"));
    html_raw(h, "</a></p>\n");
}

static void look_draw(struct html *h, struct app *app)
{
    html_raw(h, "<div class=\"buttons\">");
    form_open(h, app, "/letters/look");
    form_button(h, NULL, NULL, tr("look.now", "Look now"), false);
    form_close(h);
    html_raw(h, "</div>\n");
    bit_small(h, tr("look.now.what", "The lab then sees that this computer was on this minute."));
}

static void draw(struct app *app, const struct request *request, struct reply *reply, const char *problem)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct known *known;
    struct letters l = {0};
    struct as_of when;
    if (!board_known(app, request, reply, &known))
        return;
    if (!letters_load(app, known, false, &l, &err) || !as_of_load(app, &when, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else {
        frame_open(&h, app, request, reply, tr("listen.link", "Talk to a listener"), "/board");
        html_raw(&h, "<h1>");
        html_text(&h, tr("listen.link", "Talk to a listener"));
        html_raw(&h, "</h1>\n<p class=\"lead\">");
        html_text(&h, tr("letters.unless", "They will not know who you are unless you say so."));
        html_raw(&h, "</p>\n");
        bit_problem(&h, problem);
        as_of_draw(&h, &when);
        helpers_draw(&h, app, &l, &when, span_is(request_query(request, "all"), "1"));
        talks_draw(&h, app, &l);
        look_draw(&h, app);
        frame_close(&h, app, NULL);
    }
    letters_clear(&l);
}

void page_letters(struct app *app, const struct request *request, struct reply *reply)
{
    draw(app, request, reply, NULL);
}

void page_letters_look(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand look = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!errand_do(app, ERRAND_BOARD_LOOK, "", LOOK_SECONDS, &look, &err) || look.state == ERRAND_FAILED)
        draw(app, request, reply, err.code ? err.text : look.text);
    else
        reply_to(reply, request, "/letters");
}
