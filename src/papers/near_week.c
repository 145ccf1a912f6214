/* This week: papers that came in the last seven days and are among the ten nearest to a pinned draft. A draft
 * that cannot be read has no line: its page says why. */
#include <inttypes.h>

#include "io/clock.h"
#include "papers/near.h"
#include "papers/near_pages.h"
#include "papers/near_pins.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { DRAFTS = 3, DAYS = 7, SENTENCE = 1 << 13 };

/* How many of the nearest are of these days. */
static size_t fresh(const struct near_found *f, day_t today)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        struct err none = {0};
        day_t day;
        const char *date = f->at[i].shown.date;
        n += strlen(date) == 10 && day_read(span_of(date), &day, &none) && day > today - DAYS && day <= today;
    }
    return n;
}

static bool line_of(struct app *app, struct week *week, const struct near_pin *pin, day_t today,
                    struct err *err)
{
    struct draft draft;
    struct near_found found;
    struct err why = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, SENTENCE);
    if (!draft_read(app->arena, pin->path, &draft, &why) ||
        !near_find(app, &draft, (struct near_asked){day_ymd(today).year, NEAR_SHOWN, INT32_MIN}, &found,
                   &why))
        return why.code != E_MEMORY || fail_memory(err);
    size_t n = fresh(&found, today);
    if (n == 0)
        return true;
    const char *slash = strrchr(pin->path, '/');
    words_say(&text,
              trn("week.near", "{n} new paper touches your draft {name}.",
                  "{n} new papers touch your draft {name}.", n),
              {"n", say_number(app->arena, (int64_t)n)}, {"name", slash ? slash + 1 : pin->path});
    return buf_ok(&text, err) && (week_line(app, week, NULL, buf_text(&text),
                                            arena_printf(app->arena, "/near?draft=%" PRId64, pin->id)) ||
                                  fail_memory(err));
}

bool week_near(struct app *app, struct week *week, struct err *err)
{
    struct near_pin pin[NEAR_PINS];
    size_t n;
    day_t today = moment_day(clock_local(app->now));
    if (!near_pins(app, pin, &n, err))
        return false;
    for (size_t i = 0; i < n && i < DRAFTS; i++)
        if (!line_of(app, week, &pin[i], today, err))
            return false;
    return true;
}
