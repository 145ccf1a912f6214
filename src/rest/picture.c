/* The read line of flow (i), up to the drawing. */
#include "rest/picture.h"

#include <math.h>
#include <stdio.h>

#include "io/clock.h"
#include "num/conformal.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { BASELINE_WEEKS = 26 };

day_t this_monday(const struct app *app)
{
    return day_monday(moment_day(clock_local(app->now)));
}

/* The first Monday that matters to a picture. */
static day_t far_monday(day_t first, int weeks)
{
    day_t before = first - 7 * weeks, baseline = first + 7 * (weeks - 1) - 7 * BASELINE_WEEKS;
    return before < baseline ? before : baseline;
}

int64_t picture_since(day_t first, int weeks)
{
    int64_t since = clock_day_start(far_monday(first, weeks) - 1); /* a day more: zones reach over the edge */
    return since > 0 ? since : 1;
}

bool picture_chosen(struct app *app, struct repo_set *out, struct err *err)
{
    struct repo_rows rows = {0};
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    int64_t *ids = arena_array(app->arena, rows.n, sizeof *ids);
    size_t n = 0;
    if (!ids)
        return fail_memory(err);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.at[i].chosen == CHOSEN_YES)
            ids[n++] = rows.at[i].id;
    *out = (struct repo_set){ids, n};
    return true;
}

/* The day a shallow history begins, over all repositories of the set: before the latest of them not all is
 * known. */
static bool find_cut(struct app *app, struct repo_set repos, day_t *cut, struct err *err)
{
    struct repo_rows rows = {0};
    *cut = INT32_MIN;
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        for (size_t k = 0; k < repos.n; k++)
            if (rows.at[i].id == repos.at[k] && rows.at[i].cut != INT64_MIN) {
                day_t day = moment_day(clock_local(rows.at[i].cut));
                if (day > *cut)
                    *cut = day;
            }
    return true;
}

static void count_classes(const struct signs *signs, const struct picture *p, int64_t counts[CLASS_N],
                          int64_t *events)
{
    for (size_t i = 0; i < signs->n; i++) {
        const struct sign *s = &signs->at[i];
        day_t day = moment_day(s->when);
        bool inside = day >= p->first && day < p->first + 7 * p->weeks;
        /* a time that cannot be has the commit's own where that can be: those without any belong to every
         * picture */
        bool nowhere = s->class == CLASS_CLOCK && (s->when.epoch <= 0 || day > p->today + 1);
        if (s->presence || (!inside && !nowhere))
            continue;
        counts[s->class]++;
        *events += s->class == CLASS_COUNTED || s->class == CLASS_ZONE_UNKNOWN;
    }
}

/* `today`: a Sunday that has not come says nothing. */
static struct stretch sum_weeks(const struct week_hours *weeks, int n, day_t today)
{
    struct stretch s = {0};
    int evenings = 0, known = 0;
    for (int i = 0; i < n; i++) {
        s.sundays += weeks[i].sunday;
        s.sundays_of += weeks[i].sunday || (weeks[i].known && weeks[i].monday + 6 <= today);
        s.seen += weeks[i].known && weeks[i].signs > 0;
        evenings += weeks[i].late;
        known += weeks[i].known;
    }
    s.late = known ? (double)evenings / known : 0;
    return s;
}

bool picture_load(struct app *app, struct repo_set repos, day_t first, int weeks, struct picture *out,
                  struct err *err)
{
    struct signs signs = {0};
    struct picture p = {
        .today = moment_day(clock_local(app->now)), .first = first, .weeks = weeks, .repos = (int)repos.n};
    const char *agents;
    day_t far = far_monday(first, weeks);
    int all = (first - far) / 7 + weeks;
    struct week_hours *every = arena_array(app->arena, (size_t)all, sizeof *every);
    if (!every)
        return fail_memory(err);
    if (!setting_get(app->db, app->arena, "rest.agents", "no", &agents, err) ||
        !wish_load(app->db, app->arena, &p.wish, err) || !find_cut(app, repos, &p.cut, err) ||
        !signs_load(app->db, app->arena, repos, clock_day_start(far) - 8 * 86400,
                    clock_day_start(first + 7 * weeks) + 8 * 86400, strcmp(agents, "yes") == 0, &signs,
                    err) ||
        !others_load(app->db, repos, first, weeks, &p.excluded[CLASS_OTHERS], err))
        return false;
    if (!hours_weeks(app->arena, &signs, far, all, CONFORMAL_SEED_Q, p.cut, every) ||
        !hours_punch(app->arena, &signs, first, weeks, p.punch))
        return fail_memory(err);
    p.week = every + (all - weeks);
    p.before = p.week - weeks;
    int before_last = all - 2, usual_from = before_last > BASELINE_WEEKS ? before_last - BASELINE_WEEKS : 0;
    p.usual = hours_usual_evenings(every + usual_from, before_last - usual_from);
    p.unrested = hours_days_without_rest(&signs, first + 7 * (weeks - 2));
    count_classes(&signs, &p, p.excluded, &p.events);
    p.shown = sum_weeks(p.week, weeks, p.today);
    p.earlier = sum_weeks(p.before, weeks, p.today);
    *out = p;
    return true;
}

/* "9 of 12 Sundays" */
static const char *sundays_text(struct app *app, const struct stretch *s)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 256);
    words_say(&out,
              trn("card.sundays", "{n} of {of} Sunday", "{n} of {of} Sundays", (unsigned long)s->sundays_of),
              {"n", say_number(app->arena, s->sundays)}, {"of", say_number(app->arena, s->sundays_of)});
    return buf_keep(&out, app->arena);
}

/* "about three evenings a week": an average, said as a whole number, never as a figure finer than it is. */
static const char *evenings_text(struct app *app, double late)
{
    struct buf AUTO_BUF out;
    unsigned long about = (unsigned long)floor(late + 0.5);
    if (late <= 0)
        return tr("card.evenings.none", "no evening");
    if (about == 0)
        return tr("card.evenings.few", "less than one evening a week");
    buf_init(&out, 256);
    words_say(&out, trn("card.evenings", "about {k} evening a week", "about {k} evenings a week", about),
              {"k", say_number(app->arena, (int64_t)about)});
    return buf_keep(&out, app->arena);
}

const char *picture_card(struct app *app, const struct picture *p)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 4096);
    words_say(&out, tr("card.signs", "There were signs of work on {sundays}, and after 21:00 on {evenings}."),
              {"sundays", sundays_text(app, &p->shown)}, {"evenings", evenings_text(app, p->shown.late)});
    if (p->earlier.seen > 0) {
        if (words_lang() == LANG_EN) /* Chinese sentences follow each other without a blank */
            buf_add_byte(&out, ' ');
        words_say(&out, tr("card.before", "Before that: on {sundays}, and on {evenings}."),
                  {"sundays", sundays_text(app, &p->earlier)},
                  {"evenings", evenings_text(app, p->earlier.late)});
    }
    return buf_keep(&out, app->arena);
}

const char *picture_excluded(struct app *app, const struct picture *p)
{
    struct buf AUTO_BUF out;
    bool any = false;
    buf_init(&out, 4096);
    for (enum sign_class c = CLASS_BOTS; c < CLASS_COUNTED; c++) {
        int64_t n = p->excluded[c];
        if (n == 0)
            continue;
        const char *pattern =
            c == CLASS_BOTS
                ? trn("apart.bots", "{n} commit by a program", "{n} commits by programs", (unsigned long)n)
            : c == CLASS_CLOCK ? trn("apart.clock", "{n} with a time that cannot be",
                                     "{n} with times that cannot be", (unsigned long)n)
            : c == CLASS_MERGE_CLICK
                ? trn("apart.merge", "{n} merge click", "{n} merge clicks", (unsigned long)n)
            : c == CLASS_AGENTS
                ? trn("apart.agents", "{n} marked by a coding agent", "{n} marked by coding agents",
                      (unsigned long)n)
                : trn("apart.zone", "{n} with an unknown zone", "{n} with an unknown zone", (unsigned long)n);
        buf_add_text(&out, any ? tr("apart.comma", ", ") : tr("apart.head", "Set apart: "));
        words_say(&out, pattern, {"n", say_number(app->arena, n)});
        any = true;
    }
    buf_add_text(&out, tr("sentence.end", "."));
    return any ? buf_keep(&out, app->arena) : NULL;
}

const char *picture_clicks(const struct picture *p)
{
    if (p->events > 0 || p->excluded[CLASS_MERGE_CLICK] == 0)
        return NULL;
    return tr("apart.clicks",
              "All commits of yours in these weeks carry the time of a merge click, not of the work. "
              "Branches on which the "
              "work was done show it: a clone that holds them, read here, fills this picture.");
}

const char *picture_cut(struct app *app, const struct picture *p)
{
    struct buf AUTO_BUF out = {0};
    if (p->cut == INT32_MIN || p->cut < far_monday(p->first, p->weeks))
        return NULL;
    buf_init(&out, 1024);
    words_say(
        &out,
        tr("card.cut",
           "The history here is cut at {day} (a shallow clone). Weeks before it are unknown, not empty."),
        {"day", say_day_year(app->arena, p->cut)});
    return buf_keep(&out, app->arena);
}

const struct week_hours *picture_last_week(const struct picture *p)
{
    return &p->week[p->weeks -
                    2]; /* the week before the one that is on; weeks before those shown lie below */
}

const char *picture_evenings(struct app *app, const struct picture *p)
{
    const struct week_hours *last = picture_last_week(p);
    struct buf AUTO_BUF out;
    buf_init(&out, 1024);
    if (!last->known)
        return NULL;
    if (last->signs == 0 && last->evenings == 0)
        return tr("week.nothing", "Nothing seen: no sign of work in the commits that are here.");
    words_say(&out,
              p->usual.weeks
                  ? tr("week.evenings", "Signs of work on {n} of 7 evenings. Your own usual: {a} to {b}.")
                  : tr("week.evenings.plain", "Signs of work on {n} of 7 evenings."),
              {"n", say_number(app->arena, last->evenings)}, {"a", say_number(app->arena, p->usual.low)},
              {"b", say_number(app->arena, p->usual.high)});
    return buf_keep(&out, app->arena);
}

const char *picture_longest(struct app *app, const struct picture *p)
{
    const struct week_hours *last = picture_last_week(p);
    struct buf AUTO_BUF out;
    buf_init(&out, 1024);
    if (!last->known || !last->rest.any || last->rest.open)
        return NULL;
    words_say(&out, tr("rest.lately", "Longest rest last week: at most {h} hours ({a}, {b})."),
              {"h", say_number(app->arena, (last->rest.seconds + 3599) / 3600)},
              {"a", say_weekday_clock(app->arena, last->rest.from)},
              {"b", say_weekday_clock(app->arena, last->rest.to)});
    return buf_keep(&out, app->arena);
}
