#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H
/* Shared by the fuzz targets. A target reads any bytes, must not fall over, and checks with must() what holds
 * for all of them: spans lie inside the input, what was read and written again reads the same, block sizes
 * make no difference. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
            abort(); \
        } \
    } while (0)

/* Nothing of `part` lies outside `all`; an empty part may point anywhere. */
static inline bool inside(struct span part, struct span all)
{
    return part.n == 0 || (part.p >= all.p && part.p + part.n <= all.p + all.n);
}

/* The sentence that a refusal owes. */
static inline bool said(const struct err *err)
{
    return err->code != E_NONE && err->text[0] && strlen(err->text) < sizeof err->text;
}
#endif
