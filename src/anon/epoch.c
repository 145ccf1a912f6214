/* Epochs and their windows: the table of PROTOCOL section 3, general keys. */
#include "anon/epoch.h"

#include "base/err.h"

#include "base/banned.h"

enum { DAY = 86400 };

day_t epoch_of(int64_t time)
{
    int64_t day = time / DAY - (time % DAY < 0);
    return day_monday((day_t)day);
}

int64_t epoch_start(day_t epoch)
{
    return (int64_t)epoch * DAY;
}

bool epoch_read(struct span text, day_t *out)
{
    char again[16];
    day_t day;
    struct err none = {0};
    if (text.n != EPOCH_TEXT || !day_read(text, &day, &none) || !span_is(text, isoweek_text(day, again)))
        return false;
    *out = day;
    return true;
}

char *epoch_text(day_t epoch, char out[static 16])
{
    return isoweek_text(epoch, out);
}

struct windows epoch_windows(day_t epoch)
{
    int64_t start = epoch_start(epoch);
    return (struct windows){.issue_from = start - (EPOCH_NEXT - 1) * DAY,
                            .issue_to = start + EPOCH_SECONDS,
                            .spend_from = start,
                            .spend_to = start + EPOCH_SECONDS + EPOCH_GRACE};
}
