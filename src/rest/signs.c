/* Signs of work: their classes, and whose they are. Pure. */
#include "rest/signs.h"

#include "base/banned.h"

const char *class_key(enum sign_class class)
{
    static const char *const key[CLASS_N] = {"others", "bots",         "clock", "merge_click",
                                             "agents", "zone_unknown", NULL};
    return key[class];
}

ptrdiff_t mails_find(const struct mails *mails, struct span mail)
{
    for (size_t i = 0; i < mails->n; i++)
        if (span_eq_nocase(mails->at[i], mail))
            return (ptrdiff_t)i;
    return -1;
}

bool mails_hold(const struct mails *mails, struct span mail)
{
    return mails_find(mails, mail) >= 0;
}

bool mail_ok(struct span mail)
{
    const char *at = mail.n ? memchr(mail.p, '@', mail.n) : NULL;
    for (size_t i = 0; i < mail.n; i++)
        if ((unsigned char)mail.p[i] <= ' ' || mail.p[i] == 0x7f || mail.p[i] == '<' || mail.p[i] == '>')
            return false;
    return at && at != mail.p && at + 1 < mail.p + mail.n && mail.n <= 320;
}

enum { DOUBT_SECONDS = 30 * 86400 };

static bool elsewhere(const struct sign *s)
{
    return s->class == CLASS_COUNTED && s->when.zone != 0;
}

void signs_doubt_zones(struct signs *signs, bool (*utc_here)(int64_t epoch))
{
    size_t next = 0;          /* the first sign of another zone at or after the present one */
    int64_t last = INT64_MIN; /* time of the last one before it */
    for (size_t i = 0; i < signs->n; i++) {
        struct sign *s = &signs->at[i];
        if (elsewhere(s)) {
            last = s->when.epoch;
            continue;
        }
        if (s->class != CLASS_COUNTED)
            continue;
        if (next < i)
            next = i;
        while (next < signs->n && !elsewhere(&signs->at[next]))
            next++;
        bool before = last != INT64_MIN && s->when.epoch - last <= DOUBT_SECONDS;
        bool after = next < signs->n && signs->at[next].when.epoch - s->when.epoch <= DOUBT_SECONDS;
        if ((before || after) && !utc_here(s->when.epoch))
            s->class = CLASS_ZONE_UNKNOWN;
    }
}
