/* Dates of feeds: what is read is a day of the calendar. */
#include "fuzz/fuzz.h"

#include "codec/date.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    day_t day;
    int64_t moment;
    struct span text = {(const char *)data, size};
    if (date_read(text, &day))
        must(day >= DAY_MIN && day <= DAY_MAX && day_of(day_ymd(day)) == day);
    (void)!date_moment(text, &moment);
    return 0;
}
