/* Hours a person would like to keep. */
#include "rest/wish.h"

#include <stdio.h>

#include "codec/scan.h"
#include "ui/lang.h"

#include "base/banned.h"

bool wish_time(struct span text, int *minute)
{
    if (text.n < 5 || text.p[2] != ':')
        return false;
    for (size_t i = 0; i < 5; i++)
        if (i != 2 && (text.p[i] < '0' || text.p[i] > '9'))
            return false;
    int h = (text.p[0] - '0') * 10 + text.p[1] - '0', m = (text.p[3] - '0') * 10 + text.p[4] - '0';
    if (h > 24 || m > 59 || h * 60 + m > 24 * 60)
        return false;
    *minute = h * 60 + m;
    return true;
}

static bool four(struct span *in, int *minute)
{
    uint64_t n;
    if (!scan_byte(in, ' ') || !scan_u64(in, &n, 2400) || n % 100 > 59)
        return false;
    *minute = (int)(n / 100 * 60 + n % 100);
    return true;
}

bool wish_load(struct db *db, struct arena *arena, struct wish *out, struct err *err)
{
    const char *text;
    struct wish w = {0};
    if (!setting_get(db, arena, "rest.hours", "", &text, err))
        return false;
    struct span in = span_of(text);
    while (in.n && in.p[0] >= '1' && in.p[0] <= '7') {
        w.day[in.p[0] - '1'] = true;
        in = span_from(in, 1);
    }
    bool whole = four(&in, &w.from) && four(&in, &w.to) && scan_end(&in) && w.to > w.from;
    *out = whole ? w : WISH_DEFAULT;
    return true;
}

bool wish_save(struct db *db, const struct wish *w, struct err *err)
{
    char text[40], *at = text;
    for (int d = 0; d < 7; d++)
        if (w->day[d])
            *at++ = (char)('1' + d);
    snprintf(at, sizeof text - 8, " %02d%02d %02d%02d", w->from / 60 % 100, w->from % 60, w->to / 60 % 100,
             w->to % 60);
    return setting_put(db, "rest.hours", text, err);
}

/* "Mon-Fri" for three days in a row and more, else a list. */
static void days_text(struct arena *arena, const struct wish *w, struct buf *out)
{
    const char *between = "";
    for (int d = 0; d < 7; d++) {
        int last = d;
        if (!w->day[d])
            continue;
        while (last + 1 < 7 && w->day[last + 1])
            last++;
        buf_add_text(out, between);
        buf_add_text(out, say_weekday(arena, d));
        if (last - d >= 2) {
            words_say(out, tr("wish.to", "-{day}"), {"day", say_weekday(arena, last)});
            d = last;
        }
        between = tr("wish.comma", ", ");
    }
}

const char *wish_text(struct arena *arena, const struct wish *w)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 512);
    days_text(arena, w, &out);
    words_say(&out, tr("wish.hours", " {from} to {to}"), {"from", say_clock(arena, w->from)},
              {"to", say_clock(arena, w->to)});
    return buf_keep(&out, arena);
}
