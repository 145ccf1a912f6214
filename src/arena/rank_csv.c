/* A board as CSV (RFC 4180): a row a model, empty cells where there is no number. */
#include <math.h>

#include "arena/rank_draw.h"

#include "base/banned.h"

static void text(struct buf *out, struct span s)
{
    bool quote = false;
    for (size_t i = 0; i < s.n; i++)
        quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        buf_add(out, s);
        return;
    }
    buf_add_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, s.p[i]);
    }
    buf_add_byte(out, '"');
}

static void number(struct buf *out, bool any, double x)
{
    buf_add_byte(out, ',');
    if (any && isfinite(x))
        buf_printf(out, "%.15g", x);
}

static void count(struct buf *out, bool any, size_t n)
{
    buf_add_byte(out, ',');
    if (any)
        buf_printf(out, "%zu", n);
}

bool rank_csv(const struct ranking *r, struct buf *out, struct err *err)
{
    buf_add_text(out, "name,rating,logit,se,low,high,rank_low,rank_high,tier,votes,both_bad_share,component,"
                      "at_least,at_most\r\n");
    for (size_t i = 0; i < r->n; i++) {
        const struct ranked *m = &r->at[i];
        bool places = m->rated && r->sets_known;
        text(out, m->name);
        number(out, m->rated, m->rating);
        number(out, m->rated, m->logit);
        number(out, m->rated, m->rating_se);
        number(out, m->rated, m->low);
        number(out, m->rated, m->high);
        count(out, places, m->place_low);
        count(out, places, m->place_high);
        count(out, places, m->tier);
        count(out, true, (size_t)m->votes);
        number(out, true, m->bad_share);
        count(out, true, m->component);
        number(out, m->bound == BOUND_LEAST, m->bound_rating);
        number(out, m->bound == BOUND_MOST, m->bound_rating);
        buf_add_text(out, "\r\n");
    }
    return buf_ok(out, err);
}
