/* respite rest feed: whether it is on, its address, and the same as a file. */
#include "app/feed.h"
#include "codec/json.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 16, COLUMNS = 80 };

static bool say(struct app *app, size_t events, const char *file, struct buf *out, struct err *err)
{
    struct feed feed;
    AUTO_BUF struct buf line;
    buf_init(&line, OUT_MOST);
    if (!feed_load(app->db, app->arena, &feed, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o =
            json_pack("{s:b,s:s?,s:I,s:o}", "on", feed.on, "address", feed_address(app, &feed), "entries",
                      (json_int_t)events, "file", file ? json_shown(span_of(file)) : json_null());
        return o ? json_write(o, out, err) : fail_memory(err);
    }
    if (file)
        words_say(&line, tr("feed.file", "Written: {file}. "),
                  {"file", path_shown(app->arena, app->paths, file)});
    words_say(&line, feed.on ? tr("feed.on", "The calendar feed is on. It says “away”, never why.")
                             : tr("feed.off", "The calendar feed is off. `respite rest feed on` gives it an "
                                              "address."));
    wrap_text(out, buf_text(&line), COLUMNS, 0);
    if (feed.on) {
        buf_printf(out, "  %s\n", feed_address(app, &feed));
        wrap_text(out,
                  tr("feed.while", "It answers while the page is open. `respite rest feed FILE.ics` writes "
                                   "the same into a file."),
                  COLUMNS, 0);
    }
    return buf_ok(out, err);
}

static bool feed(struct app *app, struct buf *out, struct err *err)
{
    const char *word = app->cli->words_n ? app->cli->words[0] : "";
    struct span text = SPAN("");
    struct feed now;
    size_t events = 0;
    bool on = strcmp(word, "on") == 0, off = strcmp(word, "off") == 0, new = strcmp(word, "new") == 0;
    bool file = span_ends(span_of(word), SPAN(".ics"));
    if (app->cli->words_n > 1 || (*word && !on && !off && !new && !file))
        return fail(err, E_USAGE, "%s",
                    tr("err.feed.words",
                       "Say on, off or new, or name a file that ends in .ics, as in `respite rest "
                       "feed on`."));
    if ((on || off || new) && !feed_switch(app, on ? FEED_ON : off ? FEED_OFF : FEED_NEW, err))
        return false;
    if (!feed_load(app->db, app->arena, &now, err) ||
        ((now.on || file) && !feed_refresh(app, &text, &events, err)) ||
        (file && !file_write(word, text, err)))
        return false;
    return say(app, events, file ? word : NULL, out, err);
}

int cmd_rest_feed(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    return feed(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
