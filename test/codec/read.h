#ifndef TEST_CODEC_READ_H
#define TEST_CODEC_READ_H
/* Files of test/data for the tests of codec/, which itself reads no files. */
#include <stdio.h>

#include "base/buf.h"

/* All of test/data/NAME, appended to `out`; stops the test when it is not there. */
static inline struct span read_data(const char *name, struct buf *out)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t n = 1; n > 0;) {
        char *to = buf_space(out, 4096);
        assert_non_null(to);
        n = fread(to, 1, 4096, file);
        buf_grew(out, n);
    }
    fclose(file);
    return buf_span(out);
}
#endif
