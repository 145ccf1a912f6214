/* A board as a picture: intervals by rating, those with the same places bracketed. */
#include "arena/rank_draw.h"
#include "base/words.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { DRAWN_MOST = 60 };

static const char *place_text(struct arena *arena, const struct ranking *r, const struct ranked *m)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 200);
    if (!r->sets_known)
        return NULL;
    if (m->place_low == m->place_high)
        return say_number(arena, (int64_t)m->place_low);
    words_say(&line, tr("chart.range", "{a} to {b}"), {"a", say_number(arena, (int64_t)m->place_low)},
              {"b", say_number(arena, (int64_t)m->place_high)});
    return buf_keep(&line, arena);
}

static const char *sentence(struct arena *arena, const struct ranking *r, size_t drawn)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    const char *pattern =
        /* xgettext:no-c-format */
        tr("rank.picture", "A bar is the 95 % interval of a rating, a dot the rating itself.");
    if (drawn < r->rated)
        pattern =
            /* xgettext:no-c-format */
            tr("rank.picture.first", "A bar is the 95 % interval of a rating, a dot the rating itself: the "
                                     "first {n} of {k} models.");
    words_say(&line, pattern, {"n", say_number(arena, (int64_t)drawn)},
              {"k", say_number(arena, (int64_t)r->rated)});
    return buf_keep(&line, arena);
}

bool rank_chart(struct arena *arena, const struct ranking *r, struct intervals *out, struct err *err)
{
    size_t n = r->rated < DRAWN_MOST ? r->rated : DRAWN_MOST;
    struct interval_row *row = arena_array(arena, n + 1, sizeof *row);
    if (!row)
        return fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct ranked *m = &r->at[i];
        row[i] = (struct interval_row){.place = place_text(arena, r, m),
                                       .label = rank_name(arena, m->name),
                                       .low = m->low,
                                       .at = m->rating,
                                       .high = m->high,
                                       .group = r->sets_known ? m->tier : 0};
    }
    *out = (struct intervals){.at = row,
                              .n = n,
                              .unit = tr("rank.rating", "rating"),
                              .bracket = tr("arena.tied", "cannot be told apart")};
    out->sentence = n ? sentence(arena, r, n)
                      : tr("empty.arena", "Not enough votes to say anything. That is an answer too.");
    return true;
}

bool rank_svg(struct arena *arena, const struct ranking *r, struct buf *out, struct err *err)
{
    struct intervals c;
    struct html h = {out};
    if (!rank_chart(arena, r, &c, err))
        return false;
    chart_intervals_file(&h, arena, &c);
    return arena_ok(arena) ? buf_ok(out, err) : fail_memory(err); /* else a name may be missing in it */
}
