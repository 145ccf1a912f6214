/* The calendar file that says "Away". */
#include "speak/away.h"

#include <stdio.h>

#include "base/words.h"
#include "codec/ics.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { UID_BYTES = 16, OF_MOST = 64 };

static void uid_make(char out[static 2 * UID_BYTES + 1], const struct known *known, struct span of)
{
    uint8_t both[32 + OF_MOST], hash[32];
    of = span_first(of, OF_MOST);
    memcpy(both, known->threads, 32);
    memcpy(both + 32, of.p, of.n);
    hash_tagged(SPAN("respite/away/v1\n"), span_bytes(both, 32 + of.n), hash);
    secret_wipe(both, sizeof both);
    for (int i = 0; i < UID_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

void away_begin(struct buf *out)
{
    ics_line(out, "BEGIN", SPAN("VCALENDAR"));
    ics_line(out, "VERSION", SPAN("2.0"));
    ics_line(out, "PRODID", SPAN("-//Respite//EN"));
}

void away_event(struct buf *out, const struct known *known, struct span of, int64_t from, int64_t until)
{
    char uid[2 * UID_BYTES + 1];
    uid_make(uid, known, of);
    ics_line(out, "BEGIN", SPAN("VEVENT"));
    ics_line(out, "UID", span_of(uid));
    ics_moment(out, "DTSTAMP", from);
    ics_moment(out, "DTSTART", from);
    ics_moment(out, "DTEND", until);
    ics_text(out, "SUMMARY", span_of(tr("counsel.away", "Away")));
    ics_line(out, "CLASS", SPAN("PRIVATE"));
    ics_line(out, "TRANSP", SPAN("OPAQUE"));
    ics_line(out, "END", SPAN("VEVENT"));
}

void away_end(struct buf *out)
{
    ics_line(out, "END", SPAN("VCALENDAR"));
}
