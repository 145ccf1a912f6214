#ifndef TEST_TEST_H
#define TEST_TEST_H
/* Included first by every unit test: cmocka in the order it wants, and two helpers. A test is
 *     void test_<file>__<what_must_hold>(void **state)
 * at the left margin; tools/gentests.awk finds it. Files for tests stand in TEST_DATA (test/data). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* ours (base/err.h) is meant; cmocka's fail_msg calls its own, so it is not used */

#include "base/err.h"
#include "base/span.h"

/* Fails with the sentence when `ok` is false. */
#define assert_ok(ok, err) \
    do { \
        if (!(ok)) { \
            print_error("%s\n", (err)->text); \
            _fail(__FILE__, __LINE__); \
        } \
    } while (0)
#define assert_span(s, text) assert_true(span_is((s), (text)))
#endif
