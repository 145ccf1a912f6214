/* What is said of the nearest papers. */
#include "papers/near_draw.h"

#include <math.h>

#include "base/words.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { SENTENCE = 1 << 14 };

static const char *filled(struct arena *arena, const char *pattern, const struct arg *args)
{
    AUTO_BUF struct buf text;
    buf_init(&text, SENTENCE);
    words_fill(&text, pattern, args);
    return buf_keep(&text, arena);
}
#define SAY(arena, pattern, ...) filled((arena), (pattern), (const struct arg[]){__VA_ARGS__, {0}})

const char *near_head(struct arena *arena, const struct near_found *f)
{
    return SAY(arena,
               trn("near.head", "{n} paper here is nearest to your draft.",
                   "The {n} papers here that are nearest to your draft, nearest first.", f->n),
               {"n", say_number(arena, (int64_t)f->n)});
}

const char *near_shared(struct arena *arena, const struct near_hit *hit)
{
    AUTO_BUF struct buf words;
    buf_init(&words, SENTENCE);
    if (!hit->shared_n)
        return NULL;
    for (size_t i = 0; i < hit->shared_n; i++)
        words_say(&words, i ? tr("near.shares.more", ", “{word}”") : tr("near.shares.one", "“{word}”"),
                  {"word", hit->shared[i]});
    return SAY(arena, tr("near.shares", "shares {words}"), {"words", buf_keep(&words, arena)});
}

const char *near_odds_said(struct arena *arena, const struct near_hit *hit)
{
    if (isnan(hit->p))
        return NULL;
    return SAY(arena, tr("near.odds", "odds that it is concurrent work: at least {p} of 100"),
               {"p", say_number(arena, llround(100 * hit->p))});
}

const char *near_missed(struct arena *arena, const struct near_found *f)
{
    int64_t missed = llround(100 * f->miss_rate);
    char since[16];
    if (f->since != INT32_MIN)
        return SAY(
            arena,
            tr("near.miss.since",
               "These are the nearest of {n} papers from {date} on. On {c} known cases of concurrent work "
               "this "
               "search had {x} % of the true matches in its first ten, so it misses {m} %. Papers that are "
               "older, or not in your index, cannot be found. Near is not the same."),
            {"n", say_number(arena, f->papers)}, {"date", day_text((day_t)f->since, since)},
            {"c", say_number(arena, near_known())}, {"x", say_number(arena, 100 - missed)},
            {"m", say_number(arena, missed)});
    return SAY(arena,
               tr("near.miss",
                  "These are the nearest of {n} papers. On {c} known cases of concurrent work this search "
                  "had {x} % of the true matches in its first ten, so it misses {m} %. Papers not in "
                  "your index cannot be found. Near is not the same."),
               {"n", say_number(arena, f->papers)}, {"c", say_number(arena, near_known())},
               {"x", say_number(arena, 100 - missed)}, {"m", say_number(arena, missed)});
}

const char *near_about_odds(const struct near_found *f)
{
    return near_why(f) ? NULL
                       : tr("near.about_odds",
                            "The odds are learned from public cases of concurrent work; a paper of this "
                            "year counts as closer in time, which has no part in the order. "
                            "Concurrent work is usual: cite it.");
}
