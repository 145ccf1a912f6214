/* Writing a calendar file. */
#include "codec/ics.h"

#include <stdio.h>

#include "codec/utf8.h"

#include "base/banned.h"

enum { VALUE_MOST = 1 << 16, DAY = 86400 };

/* Octets of the first of `rest`, at most `room`, cut before a character that does not fit. */
static size_t fold_at(struct span rest, size_t room)
{
    if (rest.n <= room)
        return rest.n;
    size_t n = room;
    while (n > 0 && ((unsigned char)rest.p[n] & 0xC0) == 0x80)
        n--;
    return n ? n : room; /* no character is that long: bytes that are none */
}

/* What was meant for `out` did not fit, or found no memory. */
static void lose(struct buf *out, const struct buf *part)
{
    out->failed = true;
    out->over = part->over;
}

void ics_line(struct buf *out, const char *name, struct span value)
{
    AUTO_BUF struct buf all;
    buf_init(&all, VALUE_MOST);
    buf_printf(&all, "%s:", name);
    buf_add(&all, value);
    struct span rest = buf_span(&all);
    size_t room = ICS_OCTETS;
    if (all.failed)
        lose(out, &all);
    while (rest.n) {
        size_t n = fold_at(rest, room);
        buf_add(out, span_first(rest, n));
        rest = span_from(rest, n);
        buf_add_text(out, rest.n ? "\r\n " : "\r\n");
        room = ICS_OCTETS - 1; /* the blank before counts */
    }
}

void ics_text(struct buf *out, const char *name, struct span text)
{
    AUTO_BUF struct buf value;
    buf_init(&value, VALUE_MOST);
    while (text.n) {
        struct span at = text;
        int32_t code = utf8_next(&text);
        if (code == '\n')
            buf_add_text(&value, "\\n");
        else if (code == '\\' || code == ';' || code == ',')
            buf_printf(&value, "\\%c", (char)code);
        else if (code >= 0x20 && code != 0x7F)
            buf_add(&value, span_first(at, at.n - text.n));
    }
    if (value.failed)
        lose(out, &value);
    ics_line(out, name, buf_span(&value));
}

static struct ymd date_of(day_t day)
{
    return day_ymd(day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : day);
}

void ics_moment(struct buf *out, const char *name, int64_t at)
{
    const int64_t least = (int64_t)DAY_MIN * DAY, most = (int64_t)DAY_MAX * DAY + DAY - 1;
    at = at < least ? least : at > most ? most : at;
    day_t day = moment_day((struct moment){at, 0});
    struct ymd d = day_ymd(day);
    int second = (int)(at - (int64_t)day * DAY);
    char text[64];
    snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", d.year, d.month, d.day, second / 3600,
             second / 60 % 60, second % 60);
    ics_line(out, name, span_of(text));
}

void ics_day(struct buf *out, const char *name, day_t day)
{
    struct ymd d = date_of(day);
    char text[64], with[64];
    snprintf(with, sizeof with, "%s;VALUE=DATE", name);
    snprintf(text, sizeof text, "%04d%02d%02d", d.year, d.month, d.day);
    ics_line(out, with, span_of(text));
}
