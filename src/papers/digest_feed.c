/* The Atom file. Its entries change when their pages do, which they never do once stored. */
#include "papers/digest_feed.h"

#include <stdio.h>
#include <unistd.h>

#include "base/words.h"
#include "papers/digest.h"
#include "ui/html.h"

#include "base/banned.h"

enum { PAGES = 12, FEED_MOST = 1 << 20 };

bool digest_feed_on(struct app *app, bool *on, struct err *err)
{
    const char *text;
    if (!setting_get(app->db, app->arena, "papers.feed", "off", &text, err))
        return false;
    *on = strcmp(text, "on") == 0;
    return true;
}

const char *digest_feed_path(struct app *app)
{
    return file_join(app->arena, app->paths->data, "papers.atom");
}

static bool remove_file(struct app *app, struct err *err)
{
    const char *path = digest_feed_path(app);
    return path ? file_remove(path, err) : fail_memory(err);
}

bool digest_feed_put(struct app *app, bool on, struct err *err)
{
    return setting_put(app->db, "papers.feed", on ? "on" : "off", err) && (on || remove_file(app, err));
}

static void add_item(struct html *h, struct app *app, const struct digest_item *item)
{
    html_raw(h, "&lt;li&gt;");
    AUTO_BUF struct buf inner;
    struct html text = {&inner};
    buf_init(&inner, FEED_MOST);
    html_text(&text, item->shown.title);
    html_raw(&text, " (");
    html_text(&text, shown_authors(app->arena, item->shown.authors));
    html_raw(&text, "): ");
    html_text(&text, item->why);
    html_span(h, buf_span(&inner)); /* markup within text: escaped once more */
    html_raw(h, "&lt;/li&gt;");
}

static void add_entry(struct html *h, struct app *app, const struct digest *d)
{
    char week[16], day[16];
    html_raw(h, "<entry><id>urn:respite:papers:");
    html_text(h, isoweek_text(d->monday, week));
    html_raw(h, "</id><title>");
    html_text(h, digest_title(app, d));
    html_raw(h, "</title><updated>");
    html_text(h, day_text(d->to + 1, day));
    html_raw(h, "T00:00:00Z</updated><content type=\"html\">&lt;ol&gt;");
    for (size_t i = 0; i < d->items; i++)
        add_item(h, app, &d->item[i]);
    html_raw(h, "&lt;/ol&gt;");
    html_text(h, digest_others(app, d));
    html_raw(h, " ");
    html_text(h, DIGEST_END);
    html_raw(h, "</content></entry>\n");
}

bool digest_feed_text(struct app *app, struct buf *out, struct err *err)
{
    day_t *monday;
    size_t n;
    char day[16];
    struct html h = {out};
    if (!digest_list(app->db, app->arena, PAGES, &monday, &n, err))
        return false;
    html_raw(&h, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">"
                 "<id>urn:respite:papers</id><author><name>Respite</name></author><title>");
    html_text(&h, tr("digest.title", "Digest"));
    html_raw(&h, "</title><updated>");
    html_text(&h, day_text(n ? monday[0] + 7 : 0, day));
    html_raw(&h, "T00:00:00Z</updated>\n");
    for (size_t i = 0; i < n; i++) {
        struct digest d;
        if (!digest_of(app, monday[i], &d, err))
            return false;
        add_entry(&h, app, &d);
    }
    html_raw(&h, "</feed>\n");
    return buf_ok(out, err);
}

bool digest_feed_write(struct app *app, struct err *err)
{
    bool on;
    AUTO_BUF struct buf text;
    buf_init(&text, FEED_MOST);
    if (!digest_feed_on(app, &on, err))
        return false;
    if (!on)
        return true;
    const char *path = digest_feed_path(app);
    if (!path)
        return fail_memory(err);
    return digest_feed_text(app, &text, err) && file_write(path, buf_span(&text), err);
}
