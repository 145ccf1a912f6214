/* Drawing what others wrote. */
#include "speak/board_draw.h"

#include "anon/item.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { WEEK = 7, PAGE_MOST = 1000000, LINK_MOST = 2000 };

void query_add(struct buf *out, struct span value)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_' || c == '.' || c == '~';
        if (plain) {
            buf_add_byte(out, (char)c);
        } else {
            buf_add_byte(out, '%');
            buf_add_byte(out, hex[c >> 4]);
            buf_add_byte(out, hex[c & 15]);
        }
    }
}

/* Text --------------------------------------------------------------------------------------------------- */
/* How long the address is that `text` begins with; 0: none does. What ends a sentence is not of it. */
static size_t address_at(struct span text)
{
    size_t scheme = span_starts(text, SPAN("https://")) ? 8 : span_starts(text, SPAN("http://")) ? 7 : 0;
    size_t n = scheme;
    while (scheme && n < text.n && n < LINK_MOST) {
        unsigned char c = (unsigned char)text.p[n];
        if (c <= ' ' || c >= 0x7F || c == '<' || c == '>' || c == '"')
            break;
        n++;
    }
    while (n > scheme && span_find(SPAN(".,;:!?)'"), (struct span){text.p + n - 1, 1}) >= 0)
        n--;
    return n > scheme ? n : 0;
}

static void draw_link(struct html *h, struct span address)
{
    AUTO_BUF struct buf to;
    buf_init(&to, 4 * LINK_MOST);
    query_add(&to, address);
    html_raw(h, "<a rel=\"nofollow\" href=\"/board/link?to=");
    html_text(h, buf_text(&to));
    html_raw(h, "\">");
    html_span(h, address);
    html_raw(h, "</a>");
}

static void draw_clean(struct html *h, struct span line)
{
    size_t done = 0;
    for (size_t i = 0; i < line.n; i++) {
        size_t n = line.p[i] == 'h' ? address_at(span_from(line, i)) : 0;
        if (!n)
            continue;
        html_span(h, (struct span){line.p + done, i - done});
        draw_link(h, (struct span){line.p + i, n});
        done = i + n;
        i = done - 1;
    }
    html_span(h, span_from(line, done));
}

void said_line(struct html *h, struct span text)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, TEXT_SHOWN);
    utf8_clean(&clean, text);
    html_text(h, buf_text(&clean));
}

void said_text(struct html *h, struct span text)
{
    struct span line;
    bool open = false;
    while (text.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, TEXT_SHOWN);
        span_cut(&text, '\n', &line);
        if (span_trim(line).n == 0) {
            if (open)
                html_raw(h, "</p>\n");
            open = false;
            continue;
        }
        utf8_clean(&clean, line);
        if (open)
            html_raw(h, "<br>\n");
        else
            html_raw(h, "<p class=\"said\">");
        open = true;
        draw_clean(h, buf_span(&clean));
    }
    if (open)
        html_raw(h, "</p>\n");
}

/* Small pieces ------------------------------------------------------------------------------------------- */
void said_day(struct html *h, struct app *app, day_t day)
{
    char iso[16];
    day_t today = moment_day(clock_local(app->now));
    if (!day)
        return;
    html_raw(h, "<time datetime=\"");
    html_text(h, day_text(day, iso));
    html_raw(h, "\">");
    if (day > today - WEEK && day <= today)
        html_text(h, say_weekday(app->arena, day_weekday(day)));
    else
        html_text(h, say_day(app->arena, day));
    html_raw(h, "</time>");
}

void said_name(struct html *h, const struct board_post *post)
{
    html_raw(h, "<strong>");
    if (post->own)
        html_say(h, tr("board.you", "{name} (you)"), {"name", post->name});
    else
        html_text(h, post->name);
    html_raw(h, "</strong>");
}

void said_metoo(struct html *h, struct app *app, const struct board_post *post)
{
    if (post->metoo && !post->gone)
        html_text(h, say_counted(
                         app->arena,
                         trn("board.metoo", "me too, once", "me too, {n} times", (unsigned long)post->metoo),
                         post->metoo));
}

static void page_link(struct html *h, const char *path, const char *query, int64_t page, const char *label)
{
    html_raw(h, "<a class=\"button\" href=\"");
    html_text(h, path);
    html_raw(h, "?");
    html_text(h, query);
    html_raw(h, "page=");
    html_int(h, page);
    html_raw(h, "\">");
    html_text(h, label);
    html_raw(h, "</a>\n");
}

void said_pages(struct html *h, struct app *app, const char *path, const char *query, int64_t page,
                int64_t pages)
{
    if (pages <= 1)
        return;
    html_raw(h, "<nav class=\"buttons\" aria-label=\"");
    html_text(h, tr("board.pages.nav", "Pages"));
    html_raw(h, "\">");
    if (page > 1)
        page_link(h, path, query, page - 1, tr("board.newer", "The page before"));
    if (page < pages)
        page_link(h, path, query, page + 1, tr("board.older", "The next page"));
    html_raw(h, "</nav>\n<p class=\"small\">");
    html_say(h, tr("board.pages", "Page {n} of {all}."), {"n", say_number(app->arena, page)},
             {"all", say_number(app->arena, pages)});
    html_raw(h, "</p>\n");
}

int64_t page_of(const struct request *request)
{
    struct span text = request_query(request, "page");
    uint64_t page;
    if (!text.p)
        return 1;
    return scan_u64(&text, &page, PAGE_MOST) && scan_end(&text) && page >= 1 ? (int64_t)page : 0;
}

bool id_of(struct span hex, uint8_t id[static 16])
{
    return hex.p && item_hex_read(hex, id);
}

bool has_page(const struct app *app, const char *path)
{
    bool other;
    return route_find(app, SPAN("GET"), span_of(path), &other) != NULL;
}
