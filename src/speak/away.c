/* The calendar file that says "Away". */
#include "speak/away.h"

#include "base/words.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { UID_BYTES = 16, OF_MOST = 64 };

/* "20261126T130000Z" */
static void moment_put(struct buf *out, int64_t at)
{
    struct ymd d = day_ymd((day_t)(at / 86400));
    int second = (int)(at % 86400);
    buf_printf(out, "%04d%02d%02dT%02d%02d%02dZ\r\n", d.year, d.month, d.day, second / 3600, second / 60 % 60,
               second % 60);
}

static void uid_put(struct buf *out, const struct known *known, struct span of)
{
    uint8_t both[32 + OF_MOST], hash[32];
    of = span_first(of, OF_MOST);
    memcpy(both, known->threads, 32);
    memcpy(both + 32, of.p, of.n);
    hash_tagged(SPAN("respite/away/v1\n"), span_bytes(both, 32 + of.n), hash);
    secret_wipe(both, sizeof both);
    for (int i = 0; i < UID_BYTES; i++)
        buf_printf(out, "%02x", hash[i]);
}

void away_begin(struct buf *out)
{
    buf_add_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Respite//EN\r\n");
}

void away_event(struct buf *out, const struct known *known, struct span of, int64_t from, int64_t until)
{
    buf_add_text(out, "BEGIN:VEVENT\r\nUID:");
    uid_put(out, known, of);
    buf_add_text(out, "\r\nDTSTAMP:");
    moment_put(out, from);
    buf_add_text(out, "DTSTART:");
    moment_put(out, from);
    buf_add_text(out, "DTEND:");
    moment_put(out, until);
    buf_printf(out, "SUMMARY:%s\r\nCLASS:PRIVATE\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n",
               tr("counsel.away", "Away"));
}

void away_end(struct buf *out)
{
    buf_add_text(out, "END:VCALENDAR\r\n");
}
