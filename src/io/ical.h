#ifndef IO_ICAL_H
#define IO_ICAL_H
/* What other programs make of a calendar file: libical, loaded when first asked (io/load.h). */
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

/* True when libical reads `text` as one calendar of `events` events and complains about nothing in it.
 * E_FORMAT; E_MISSING: libical is not installed. */
MUST bool ical_check(struct span text, size_t events, struct err *err);
#endif
