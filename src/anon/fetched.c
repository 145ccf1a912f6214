/* The last public fetch: two numbers in one setting. */
#include "anon/fetched.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/words.h"
#include "codec/scan.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { MINUTE = 60, DAY = 86400, CLOCKS = 5 * MINUTE };

#define NAME "lab.fetched"

bool fetched_note(struct db *db, int64_t now, int64_t date, struct err *err)
{
    char text[64];
    int64_t ahead = date > 0 ? date - now : 0;
    snprintf(text, sizeof text, "%" PRId64 " %s%" PRId64, now, ahead < 0 ? "-" : "+",
             ahead < 0 ? -ahead : ahead);
    return setting_put(db, NAME, text, err);
}

bool fetched_last(struct db *db, int64_t *at, int64_t *ahead, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    const char *text;
    uint64_t when, by;
    if (!arena)
        return fail_memory(err);
    if (!setting_get(db, arena, NAME, "", &text, err))
        return false;
    struct span in = span_of(text);
    *at = *ahead = 0;
    if (!scan_u64(&in, &when, INT64_MAX) || !scan_byte(&in, ' '))
        return true;
    bool behind = scan_byte(&in, '-');
    if ((!behind && !scan_byte(&in, '+')) || !scan_u64(&in, &by, INT64_MAX) || !scan_end(&in))
        return true;
    *at = (int64_t)when;
    *ahead = behind ? -(int64_t)by : (int64_t)by;
    return true;
}

bool fetched_clock(struct db *db, struct arena *arena, const char **off, struct err *err)
{
    int64_t at, ahead;
    AUTO_BUF struct buf said;
    buf_init(&said, 4096);
    *off = NULL;
    if (!fetched_last(db, &at, &ahead, err))
        return false;
    int64_t apart = ahead < 0 ? -ahead : ahead;
    if (apart <= CLOCKS)
        return true;
    if (apart < 2 * DAY)
        words_say(&said,
                  tr("spend.clock",
                     "This computer's clock and the lab's are {n} minutes apart. Nothing is sent "
                     "until they agree: set this one by the network."),
                  {"n", say_number(arena, apart / MINUTE)});
    else
        words_say(&said,
                  tr("spend.clock.days", "This computer's clock and the lab's are {n} days apart. Nothing is "
                                         "sent until they agree: set this one by the network."),
                  {"n", say_number(arena, (apart + DAY / 2) / DAY)});
    *off = buf_keep(&said, arena);
    return *off || fail_memory(err);
}
