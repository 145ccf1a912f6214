/* Gathering, making and serving the calendar feed. Its digits are all that guards it, since a calendar
 * program has no cookie: they are compared in constant time, and every wrong request looks the same. */
#include "app/feed.h"

#include "app/node.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "io/ical.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

static bool gather(struct app *app, struct bookings *out, struct err *err)
{
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct feed_row *row = (*room)->feed; row && row->fill; row++)
            if (!row->fill(app, out, err))
                return false;
    return true;
}

/* In the language that was set, whoever asks: words that change with who asked would be changes. */
static bool gather_kept(struct app *app, struct err *err)
{
    const char *setting;
    struct bookings all = {0};
    enum lang before = words_lang(), lang = lang_guess();
    if (!setting_get(app->db, app->arena, "lang", "", &setting, err))
        return false;
    (void)lang_read(setting, &lang);
    words_set(lang);
    bool done = gather(app, &all, err) && feed_keep(app->db, &all, app->now, err);
    words_set(before);
    return done;
}

bool feed_refresh(struct app *app, struct span *out, size_t *events, struct err *err)
{
    struct feed feed;
    size_t n;
    AUTO_BUF struct buf text;
    buf_init(&text, FEED_MOST);
    if (!gather_kept(app, err) || !feed_load(app->db, app->arena, &feed, err) ||
        !feed_write(app->db, feed.seed, &text, &n, err) || !ical_check(buf_span(&text), n, err))
        return false;
    if (feed.on && !span_eq(feed.text, buf_span(&text)) &&
        !feed_made(app->db, buf_span(&text), app->now, err))
        return false;
    if (events)
        *events = n;
    if (out)
        *out = arena_span(app->arena, buf_span(&text));
    return !out || out->p || fail_memory(err);
}

bool feed_switch(struct app *app, enum feed_turn turn, struct err *err)
{
    struct feed feed;
    char token[FEED_TOKEN + 1], seed[sizeof feed.seed];
    rand_hex(token, FEED_TOKEN / 2);
    rand_hex(seed, sizeof seed / 2);
    if (!feed_load(app->db, app->arena, &feed, err))
        return false;
    if (turn == FEED_ON && feed.on)
        return true;
    bool done = feed_put(app->db, turn == FEED_OFF ? NULL : token, *feed.seed ? feed.seed : seed, err) &&
                (turn == FEED_OFF || feed_refresh(app, NULL, NULL, err));
    secret_wipe(token, sizeof token);
    return done;
}

const char *feed_address(struct app *app, const struct feed *feed)
{
    return feed->on ? arena_printf(app->arena, "http://127.0.0.1:%u/feed/%s.ics", node_port(app), feed->token)
                    : NULL;
}

bool job_feed(struct app *app, struct err *err)
{
    struct feed feed;
    return feed_load(app->db, app->arena, &feed, err) && (!feed.on || feed_refresh(app, NULL, NULL, err));
}

/* ---- the route ---- */

static void not_here(const struct request *request, struct reply *reply)
{
    buf_reset(&reply->body);
    reply->status = 404;
    reply->type = "text/plain; charset=utf-8";
    reply_header(reply, request->arena, "X-Content-Type-Options", "nosniff");
    buf_add_text(&reply->body, tr("feed.not_here", "There is nothing here."));
    buf_add_byte(&reply->body, '\n');
}

void page_feed(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct feed feed;
    struct span name = span_from(request->path, sizeof "/feed/" - 1);
    char asked[FEED_TOKEN] = {0};
    bool formed = name.n == FEED_TOKEN + 4 && span_ends(name, SPAN(".ics"));
    if (formed)
        memcpy(asked, name.p, FEED_TOKEN);
    if (!feed_load(app->db, app->arena, &feed, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    bool same = secret_eq(asked, feed.token, FEED_TOKEN);
    if (!(same & formed & feed.on & (feed.text.n > 0))) {
        not_here(request, reply);
        return;
    }
    reply->status = 200;
    reply->type = "text/calendar; charset=utf-8";
    reply_header(reply, request->arena, "X-Content-Type-Options", "nosniff");
    reply_header(reply, request->arena, "Content-Disposition", "attachment; filename=\"respite.ics\"");
    buf_add(&reply->body, feed.text);
}
