/* libical as a reader of what we write. It is made for one thread at a time. */
#include "io/ical.h"

#include <libical/ical.h>

#include "base/buf.h"
#include "base/words.h"
#include "io/load.h"

#include "base/banned.h"

/* clang-format off */
#define ICAL_CALLS(X) \
    X(icalparser_parse_string) X(icalcomponent_isa) X(icalcomponent_count_components) \
    X(icalcomponent_count_errors) X(icalrestriction_check) X(icalcomponent_free)
/* clang-format on */
static struct {
    ICAL_CALLS(LOAD_POINTER)
} ical;
static const char *const ical_names[] = {ICAL_CALLS(LOAD_NAME) NULL};
static struct library libical = LIBRARY("libical.so.3", "libical3", ical_names, &ical);
static pthread_mutex_t one_thread = PTHREAD_MUTEX_INITIALIZER;

enum { TEXT_MOST = 8 << 20 };

static bool is_good(const char *text, size_t events)
{
    icalcomponent *all = ical.icalparser_parse_string(text);
    bool good = all && ical.icalcomponent_isa(all) == ICAL_VCALENDAR_COMPONENT &&
                ical.icalcomponent_count_components(all, ICAL_VEVENT_COMPONENT) == (int)events &&
                ical.icalcomponent_count_errors(all) == 0 && ical.icalrestriction_check(all);
    if (all)
        ical.icalcomponent_free(all);
    return good;
}

bool ical_check(struct span text, size_t events, struct err *err)
{
    AUTO_BUF struct buf ended;
    buf_init(&ended, TEXT_MOST);
    buf_add(&ended, text);
    if (!buf_ok(&ended, err) || !library_load(&libical, err))
        return false;
    pthread_mutex_lock(&one_thread);
    bool good = is_good(buf_text(&ended), events);
    pthread_mutex_unlock(&one_thread);
    return good || fail(err, E_FORMAT, "%s",
                        tr("err.io.ical", "The calendar that was made cannot be read by other programs."));
}
