/* Lists of deadlines: days are days, moments lie within the calendar. */
#include "fuzz/fuzz.h"

#include "codec/deadline.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct deadlines d;
    struct err err = {0};
    if (!deadlines_read(arena, (struct span){(const char *)data, size}, &d, &err)) {
        must(said(&err));
        return 0;
    }
    for (size_t i = 0; i < d.n; i++) {
        int minutes;
        must(d.at[i].title.n > 0 && d.at[i].wall < (int64_t)(DAY_MAX + 2) * 86400);
        must(!deadline_zone(d.at[i].zone, &minutes) || (minutes >= -14 * 60 - 59 && minutes <= 14 * 60 + 59));
    }
    return 0;
}
