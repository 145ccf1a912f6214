/* Example data from a seeded generator: a person with long weeks before a deadline and a few late evenings,
 * in two repositories. Every page that shows it says that it is an example. */
#include "rest/example.h"

#include <stdio.h>

#include "io/clock.h"
#include "num/rng.h"
#include "rest/look.h"
#include "rest/picture.h"

#include "base/banned.h"

enum { WEEKS = 27, SEED = 7464 };

static bool add(struct batch *b, struct rng *rng, int64_t at)
{
    static const char digit[] = "0123456789abcdef";
    struct own_commit *c = VEC_PUSH(b->arena, &b->own);
    char id[40];
    for (size_t i = 0; i < sizeof id; i++)
        id[i] = digit[rng_below(rng, 16)];
    struct span copy = arena_span(b->arena, (struct span){id, sizeof id});
    if (!c || !copy.p)
        return false;
    *c = (struct own_commit){
        .id = copy, .when = {at, clock_zone(at)}, .zone_ok = true, .class = CLASS_COUNTED, .who = 1};
    return true;
}

/* How likely an hour of a weekday holds a commit, in percent: mornings slow, afternoons full, some evenings,
 * few weekends. */
static int chance(int weekday, int hour, bool deadline)
{
    bool weekend = weekday >= 5, evening = hour >= 20;
    int base = hour < 9 || hour > 23 ? 0
               : hour < 11           ? 22
               : hour < 13           ? 34
               : hour == 13          ? 12
               : hour < 19           ? 40
               : hour < 21           ? 9
                                     : 16;
    if (weekend)
        base = base * (weekday == 6 ? 2 : 1) / 12;
    return deadline && (evening || weekend) ? base * 2 : base;
}

static bool fill(struct batch *b, struct rng *rng, day_t monday, int64_t now)
{
    for (int w = 0; w < WEEKS; w++)
        for (int d = 0; d < 7; d++)
            for (int hour = 0; hour < 24; hour++) {
                int64_t at =
                    clock_day_start(monday + 7 * w + d) + hour * 3600 + (int64_t)rng_below(rng, 3600);
                bool deadline = w % 9 >= 6, away = w == 11;
                if ((int)rng_below(rng, 100) < chance(d, hour, deadline) && !away && at < now &&
                    !add(b, rng, at))
                    return false;
            }
    return true;
}

static bool save(struct app *app, const char *name, day_t monday, struct rng *rng, struct err *err)
{
    struct repo repo = {.path = name, .common_dir = name, .name = name};
    struct repo_row row;
    struct batch batch = {.arena = app->arena};
    if (!fill(&batch, rng, monday, app->now))
        return fail_memory(err);
    if (!repo_keep(app->db, app->arena, &repo, &row, err) || !repo_choose(app->db, row.id, true, err))
        return false;
    struct repo_news news = {
        .repo = row.id, .batch = &batch, .log_read = true, .cut = INT64_MIN, .tips = SPAN("")};
    return commits_save(app->db, &news, err);
}

bool rest_example(struct app *app, struct err *err)
{
    struct rng rng;
    struct mails mails = {0};
    day_t monday = this_monday(app) - 7 * (WEEKS - 1);
    struct span *mail = VEC_PUSH(app->arena, &mails);
    if (!mail)
        return fail_memory(err);
    *mail = SPAN("somebody@example.org");
    rng_seed(&rng, SEED);
    return identity_save(app->db, &mails, err) && save(app, "attention-sinks", monday, &rng, err) &&
           setting_put(app->db, "rest.started", "1", err);
}
