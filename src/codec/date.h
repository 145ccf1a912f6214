#ifndef CODEC_DATE_H
#define CODEC_DATE_H
/* Dates as feeds write them. */
#include "base/day.h"

/* The day with which the text begins: "2024-08-01", "2024-08-01T17:01:29Z", or RFC 822 ("Mon, 2 Apr 2007
 * 19:18:42 GMT", the week day may be missing, years of two digits too). The day is the one that is written,
 * whatever the zone. False for what is no day of the calendar. */
bool date_read(struct span text, day_t *out);
/* The moment of an RFC 822 date in seconds since 1970, zones "GMT", "UT", "Z", "+0100"; false when it has no
 * time. */
bool date_moment(struct span text, int64_t *out);
#endif
