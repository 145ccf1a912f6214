/* One time with a counsellor as a calendar file. */
#include "speak/away.h"
#include "speak/counsel.h"

#include "base/banned.h"

bool counsel_calendar(const struct counsel *c, const struct counsel_mine *m, struct buf *out, struct err *err)
{
    away_begin(out);
    away_event(out, c->known, span_bytes(m->slot, sizeof m->slot), m->begins, m->until);
    away_end(out);
    return buf_ok(out, err);
}
