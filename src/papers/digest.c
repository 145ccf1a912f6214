/* Making the page of a week: its days, its candidates, the choice, and all of it kept in one transaction. */
#include "papers/digest.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/words.h"
#include "io/clock.h"
#include "io/sched.h"
#include "papers/digest_rows.h"
#include "papers/profile.h"

#include "base/banned.h"

enum { CATEGORIES_MOST = 4096 };

struct making {
    struct app *app;
    struct digest *d;
    struct profile profile;
    const struct numbers *ids;
    size_t next; /* of ids */
    struct candidate *candidate;
    struct theme_paper *paper;
    const char **why_text; /* by item */
    size_t n;
    struct map categories;
    struct err *err;
};

static uint64_t first_author(struct span authors)
{
    struct span one;
    span_cut(&authors, '\n', &one);
    one = span_trim(one);
    return one.n ? span_hash(one) | 1 : 0;
}

static bool category_of(struct making *m, struct span list, uint32_t *out)
{
    struct span one;
    span_cut(&list, ' ', &one);
    if (m->categories.n >= CATEGORIES_MOST && !map_find(&m->categories, one)) {
        *out = 0;
        return true;
    }
    int64_t *number = map_at(&m->categories, arena_span(m->app->arena, one));
    if (!number)
        return false;
    if (!*number)
        *number = (int64_t)m->categories.n;
    *out = (uint32_t)*number - 1;
    return true;
}

static bool copy_counts(const struct traits *from, struct traits *to)
{
    *to = (struct traits){.at = mem_get((from->n + 1) * sizeof *to->at), .n = from->n};
    if (to->at && from->n)
        memcpy(to->at, from->at, from->n * sizeof *to->at);
    return to->at != NULL;
}

static bool take(const struct paper *p, void *arg, struct err *err)
{
    struct making *m = arg;
    while (m->next < m->ids->n && m->ids->at[m->next] < p->id)
        m->next++;
    if (m->next == m->ids->n || m->ids->at[m->next] != p->id)
        return true;
    struct candidate *c = &m->candidate[m->n];
    struct theme_paper *t = &m->paper[m->n];
    struct traits_paper texts = {p->title, p->abstract, p->authors, p->categories};
    *c = (struct candidate){.paper = p->id, .first = first_author(p->authors)};
    t->title = arena_span(m->app->arena, p->title);
    m->n++;
    if (!traits_count(m->profile.reader, &texts, &t->counts, err))
        return false;
    if (!copy_counts(&t->counts, &c->traits) || !category_of(m, p->categories, &c->category))
        return fail_memory(err);
    traits_weigh(&c->traits, m->profile.idf);
    t->category = c->category;
    if (m->profile.known)
        c->score = profile_score(&m->profile, p, &c->traits);
    return true;
}

static bool gather(struct making *m, struct err *err)
{
    struct papers_asked asked = {.from = m->d->from - DIGEST_LATE, .to = m->d->to, .texts = true};
    m->candidate = mem_get((m->ids->n + 1) * sizeof *m->candidate);
    m->paper = mem_get((m->ids->n + 1) * sizeof *m->paper);
    if (!m->candidate || !m->paper)
        return fail_memory(err);
    map_init(&m->categories, m->app->arena, CATEGORIES_MOST + 1);
    return papers_each(m->app->db, &asked, take, m, err);
}

static const char *spread_why(struct making *m, const struct candidate *c)
{
    int64_t n = 0;
    const char *name = NULL;
    for (size_t i = 0; i < m->n; i++)
        n += m->candidate[i].category == c->category;
    for (size_t i = 0; i < m->categories.room && !name; i++)
        if (m->categories.at[i].used && m->categories.at[i].value == c->category + 1)
            name = arena_text(m->app->arena, m->categories.at[i].key);
    return arena_printf(m->app->arena, "%c%" PRId64 "\t%s", WHY_USUAL, n, name ? name : "");
}

static bool fill_item(struct making *m, uint32_t at, struct err *err)
{
    struct digest_item *item = &m->d->item[m->d->items++];
    struct candidate *c = &m->candidate[at];
    struct paper p;
    if (!paper_load(m->app->db, m->app->arena, c->paper, &p, err) ||
        !shown_load(m->app, c->paper, &item->shown, err))
        return false;
    item->score = c->score;
    item->reason =
        m->profile.known ? profile_why(&m->profile, m->app->arena, &p, &c->traits) : spread_why(m, c);
    item->why = profile_why_say(m->app->arena, item->reason);
    m->paper[at].left_out = true;
    return true;
}

/* After a gap: of each theme what lasted, where the verdicts that are kept can say so. */
static bool say_lasted(struct making *m, struct err *err)
{
    struct told *told = arena_get(m->app->arena, sizeof *told);
    if (!told)
        return fail_memory(err);
    if (!told_load(m->app->db, m->app->arena, told, err))
        return false;
    for (size_t i = 0; i < m->d->themes; i++) {
        struct digest_theme *t = &m->d->theme[i];
        if (t->words && !told_theme(told, t->words, &t->lasted, err))
            return false;
    }
    return true;
}

static bool fill_themes(struct making *m, struct err *err)
{
    struct theme theme[THEMES_MOST];
    int64_t rest;
    size_t n;
    if (!themes_find(m->app->arena, m->profile.reader, m->paper, m->n, m->categories.n, theme, &n, &rest,
                     err))
        return false;
    for (size_t i = 0; i < n; i++)
        m->d->theme[m->d->themes++] = (struct digest_theme){theme[i].words, theme[i].papers, NULL};
    if (rest)
        m->d->theme[m->d->themes++] = (struct digest_theme){NULL, rest, NULL};
    return m->d->to - m->d->from < 7 || say_lasted(m, err);
}

static bool pick(struct making *m, struct err *err)
{
    uint32_t chosen[CHOOSE_MOST];
    size_t n = 0;
    m->d->known = m->profile.known;
    if (m->profile.known)
        n = choose(m->candidate, m->n, (size_t)m->d->cap, chosen);
    else if (!choose_spread(m->candidate, m->n, m->categories.n, (size_t)m->d->cap, chosen, &n))
        return fail_memory(err);
    for (size_t i = 0; i < n; i++)
        if (!fill_item(m, chosen[i], err))
            return false;
    return m->n == 0 || fill_themes(m, err);
}

static void clear(struct making *m)
{
    for (size_t i = 0; i < m->n; i++) {
        traits_free(&m->candidate[i].traits);
        traits_free(&m->paper[i].counts);
    }
    mem_free(m->candidate);
    mem_free(m->paper);
    profile_clear(&m->profile);
}

/* Work the digest of d->from to d->to out; `*kept` is false where somebody else did meanwhile. */
static bool make(struct app *app, struct digest *d, bool *kept, struct err *err)
{
    struct numbers ids = {0};
    struct making m = {.app = app, .d = d, .ids = &ids, .err = err};
    day_t today = moment_day(clock_local(app->now));
    if (!digest_cap(app->db, app->arena, &d->cap, err) ||
        !digest_candidates(app->db, app->arena, d->from, d->to, &ids, err))
        return false;
    d->papers = (int64_t)ids.n;
    bool done = ids.n == 0 || (profile_load(app->db, app->arena, today, true, &m.profile, err) &&
                               gather(&m, err) && pick(&m, err));
    d->stored = done && d->to < today && ids.n > 0;
    *kept = true;
    if (d->stored)
        done = digest_save(app, d, &ids, kept, err);
    clear(&m);
    return done;
}

/* ---- which days ---- */

static bool was_quiet(struct app *app, day_t day, bool *quiet, struct err *err)
{
    struct quiets q = {0};
    *quiet = false;
    if (!sched_quiets(app->db, app->arena, day, &q, err))
        return false;
    for (size_t i = 0; i < q.n; i++)
        *quiet = *quiet || (q.at[i].from <= day && day <= q.at[i].to);
    return true;
}

/* Weeks before, whose page would have been made in a quiet time and was not, are covered by this one. */
static bool reach_back(struct app *app, struct digest *d, struct err *err)
{
    for (int i = 0; i < DIGEST_GAP; i++) {
        bool quiet, covered;
        if (!was_quiet(app, d->from, &quiet, err) || !digest_covers(app->db, d->from - 7, &covered, err))
            return false;
        if (!quiet || covered)
            return true;
        d->from -= 7;
        d->after_quiet = true;
    }
    return true;
}

static bool of_week(struct app *app, day_t monday, bool since_last, struct digest *out, struct err *err)
{
    bool there, kept;
    const struct digest bare = {.monday = monday, .from = monday, .to = monday + 6};
    *out = bare;
    if (!digest_load(app, monday, out, &there, err))
        return false;
    if (there)
        return true;
    if (!reach_back(app, out, err))
        return false;
    day_t last = out->from;
    if (since_last && !digest_last_before(app->db, monday, &last, err))
        return false;
    if (since_last && last < out->from && last >= monday - 7 * DIGEST_GAP)
        out->from = last;
    if (!make(app, out, &kept, err))
        return false;
    if (kept)
        return true;
    *out = bare;
    return digest_load(app, monday, out, &there, err);
}

static day_t today_of(const struct app *app)
{
    return moment_day(clock_local(app->now));
}

bool digest_of(struct app *app, day_t monday, struct digest *out, struct err *err)
{
    monday = day_monday(monday);
    if (monday > today_of(app))
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.week", "That week is to come. Name one that has begun, or none."));
    return of_week(app, monday, false, out, err);
}

bool digest_stored(struct app *app, struct digest *out, bool *there, struct err *err)
{
    *out = (struct digest){.monday = day_monday(today_of(app)) - 7};
    return digest_load(app, out->monday, out, there, err);
}

bool digest_now(struct app *app, struct digest *out, struct err *err)
{
    day_t today = today_of(app), last = day_monday(today) - 7, until, newest;
    if (!sched_hushed(app->db, app->now, &until, err))
        return false;
    if (until) {
        *out = (struct digest){.monday = last, .from = last, .to = last + 6, .quiet_until = until};
        return digest_cap(app->db, app->arena, &out->cap, err);
    }
    if (!of_week(app, last, true, out, err))
        return false;
    if (out->papers || !digest_newest(app->db, today, &newest, err) || newest == PAPER_NO_DAY)
        return err->code == E_NONE;
    return of_week(app, day_monday(newest), false, out, err);
}

/* ---- jobs ---- */

bool job_papers_received(struct app *app, struct err *err)
{
    struct numbers ids = {0};
    day_t today = today_of(app);
    return digest_candidates(app->db, app->arena, today - DIGEST_LATE, today, &ids, err) &&
           digest_receive(app, &ids, err);
}

bool job_papers_digest(struct app *app, struct err *err)
{
    struct digest d;
    int64_t day;
    if (!digest_day(app->db, app->arena, &day, err))
        return false;
    if (day_weekday(today_of(app)) < day)
        return true;
    day_t last = day_monday(today_of(app)) - 7;
    return of_week(app, last, true, &d, err);
}
