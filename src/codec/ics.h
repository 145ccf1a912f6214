#ifndef CODEC_ICS_H
#define CODEC_ICS_H
/* Lines of a calendar file (RFC 5545): CRLF, folded at 75 octets without cutting a character. `name` is ours
 * ("SUMMARY", "DTSTART"), values may come from anywhere. A moment or day outside the years 1 to 9999 is put
 * at the nearer end. */
#include "base/buf.h"
#include "base/day.h"

enum { ICS_OCTETS = 75 };
/* NAME:value, as it stands: for values that need no escaping ("BEGIN", "VEVENT"). */
void ics_line(struct buf *out, const char *name, struct span value);
/* A text: backslash, semicolon, comma and line ends escaped; other control bytes and bytes that are not UTF-8
 * are left out. */
void ics_text(struct buf *out, const char *name, struct span text);
/* "DTSTART:20261126T130000Z", seconds since 1970. */
void ics_moment(struct buf *out, const char *name, int64_t at);
/* "DTSTART;VALUE=DATE:20261126" */
void ics_day(struct buf *out, const char *name, day_t day);
#endif
