/* One time as a calendar file. It says that the person is away and nothing else (REST section 7.1). Whoever
 * may look into that calendar could still compare its hours with those that are open to all: the page says
 * so. */
#include <time.h>

#include "crypt/hash.h"
#include "crypt/secret.h"
#include "speak/counsel.h"

#include "base/banned.h"

enum { UID_BYTES = 16 };

/* "20261126T130000Z" */
static void moment_put(struct buf *out, int64_t at)
{
    struct ymd d = day_ymd((day_t)(at / 86400));
    int second = (int)(at % 86400);
    buf_printf(out, "%04d%02d%02dT%02d%02d%02dZ\r\n", d.year, d.month, d.day, second / 3600, second / 60 % 60,
               second % 60);
}

/* The same for the same time, and known to nobody who has not this computer's secret. */
static void uid_put(struct buf *out, const struct known *known, const uint8_t slot[static 16])
{
    uint8_t both[48], hash[32];
    memcpy(both, known->threads, 32);
    memcpy(both + 32, slot, 16);
    hash_tagged(SPAN("respite/away/v1\n"), span_bytes(both, sizeof both), hash);
    secret_wipe(both, sizeof both);
    for (int i = 0; i < UID_BYTES; i++)
        buf_printf(out, "%02x", hash[i]);
}

bool counsel_calendar(const struct counsel *c, const struct counsel_mine *m, struct buf *out, struct err *err)
{
    buf_add_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Respite//EN\r\nBEGIN:VEVENT\r\nUID:");
    uid_put(out, c->known, m->slot);
    buf_add_text(out, "\r\nDTSTAMP:");
    moment_put(out, m->begins);
    buf_add_text(out, "DTSTART:");
    moment_put(out, m->begins);
    buf_add_text(out, "DTEND:");
    moment_put(out, m->until);
    buf_printf(out, "SUMMARY:%s\r\nCLASS:PRIVATE\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
               tr("counsel.away", "Away"));
    return buf_ok(out, err);
}
