#ifndef IO_VIA_H
#define IO_VIA_H
/* A proxy as a person names it. No door: a name is looked at, and nothing is sent. */
#include "base/err.h"

/* Whether `via` names a proxy that httpc_send takes; the sentence says what to write instead. */
MUST bool httpc_via_ok(const char *via, struct err *err);
#endif
