#ifndef SPEAK_AWAY_H
#define SPEAK_AWAY_H
/* Times of one's own as a calendar file (RFC 5545). It says that the person is away and nothing else (REST
 * section 7.1): whoever may look into that calendar could compare its hours with others, and the page says
 * so. */
#include "anon/known.h"
#include "base/buf.h"

void away_begin(struct buf *out);
/* One time. `of`: what it is of, at most 64 bytes: the same time of the same thing has the same UID, which
 * says nothing to whoever has not this computer's secret. */
void away_event(struct buf *out, const struct known *known, struct span of, int64_t from, int64_t until);
void away_end(struct buf *out);
#endif
