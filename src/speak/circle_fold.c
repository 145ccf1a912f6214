/* Circles from acts. Lists are short: eight places, and asks are cut at a number, so each step looks them
 * through. */
#include "speak/circle_fold.h"

#include "anon/epoch.h"
#include "anon/item.h"
#include "base/map.h"
#include "base/vec.h"

#include "base/banned.h"

enum { WEEK = 7 };

/* Looking -------------------------------------------------------------------------------------------- */
struct circle *circle_find(const struct circles *all, const uint8_t id[static 16])
{
    for (size_t i = all->n; i-- > 0;)
        if (memcmp(all->at[i].id, id, 16) == 0)
            return &all->at[i];
    return NULL;
}

const struct circle_member *circle_member(const struct circle *c, const uint8_t pk[static 32])
{
    for (size_t i = 0; i < c->n; i++)
        if (memcmp(c->member[i].pk, pk, 32) == 0)
            return &c->member[i];
    return NULL;
}

const struct circle_asker *circle_asker(const struct circle *c, const uint8_t pk[static 32])
{
    for (size_t i = 0; i < c->askers.n; i++)
        if (memcmp(c->askers.at[i].who.pk, pk, 32) == 0)
            return &c->askers.at[i];
    return NULL;
}

size_t circle_yes(const struct circle *c, const struct circle_asker *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->yes_n; i++)
        n += circle_member(c, a->yes[i]) != NULL;
    return n;
}

static const struct circle_past *past_of(const struct circle *c, const uint8_t pk[static 32])
{
    for (size_t i = 0; i < c->past.n; i++)
        if (memcmp(c->past.at[i].pk, pk, 32) == 0)
            return &c->past.at[i];
    return NULL;
}

bool circle_was_in(const struct circle *c, const uint8_t pk[static 32])
{
    return circle_member(c, pk) || past_of(c, pk);
}

/* Changing ------------------------------------------------------------------------------------------- */
struct folding {
    struct arena *arena;
    struct circle *c;
    struct circle_member before[CIRCLE_MOST]; /* who was in before this batch */
    size_t before_n;
    const struct circle_row *row;
    size_t n; /* rows of this batch and circle */
};

static bool was(const struct folding *f, const uint8_t pk[static 32])
{
    for (size_t i = 0; i < f->before_n; i++)
        if (memcmp(f->before[i].pk, pk, 32) == 0)
            return true;
    return false;
}

/* The made-up name, and the how-many-eth of it this is among all who ever were in or asked. */
static void name(struct circle *c, struct circle_member *m)
{
    m->word = item_name(c->id, m->pk);
    m->number = 1;
    for (size_t i = 0; i < c->n; i++)
        m->number += c->member[i].word == m->word;
    for (size_t i = 0; i < c->past.n; i++)
        m->number += c->past.at[i].word == m->word;
    for (size_t i = 0; i < c->askers.n; i++)
        m->number += c->askers.at[i].who.word == m->word;
}

static bool out_of(struct arena *arena, struct circle *c, const uint8_t pk[static 32], day_t day)
{
    for (size_t i = 0; i < c->n; i++) {
        if (memcmp(c->member[i].pk, pk, 32) != 0)
            continue;
        struct circle_past *past = VEC_PUSH(arena, &c->past);
        if (!past)
            return false;
        *past = (struct circle_past){.until = day, .word = c->member[i].word, .number = c->member[i].number};
        memcpy(past->pk, pk, 32);
        memmove(&c->member[i], &c->member[i + 1], (c->n - i - 1) * sizeof c->member[0]);
        c->n--;
        return true;
    }
    return true;
}

static void asker_out(struct circle *c, const uint8_t pk[static 32])
{
    for (size_t i = 0; i < c->askers.n; i++) {
        if (memcmp(c->askers.at[i].who.pk, pk, 32) != 0)
            continue;
        memmove(&c->askers.at[i], &c->askers.at[i + 1], (c->askers.n - i - 1) * sizeof c->askers.at[0]);
        c->askers.n--;
        return;
    }
}

/* Who gave no sign of life for too long; asks that are too old. */
static bool lapse(struct arena *arena, struct circle *c, day_t today)
{
    day_t least = epoch_of((int64_t)today * 86400) - CIRCLE_STAY_WEEKS * WEEK;
    for (size_t i = 0; i < c->n;) {
        uint8_t pk[32];
        memcpy(pk, c->member[i].pk, 32);
        if (c->member[i].week >= least)
            i++;
        else if (!out_of(arena, c, pk, today))
            return false;
    }
    while (c->askers.n && c->askers.at[0].who.since + CIRCLE_ASK_DAYS < today)
        asker_out(c, c->askers.at[0].who.pk);
    c->need = c->n >= 2 ? 2 : 1;
    return true;
}

/* A box key of a week that has not come is one of the next week at most: nobody stays by it any longer. */
static day_t in_time(day_t week, day_t day)
{
    day_t most = epoch_of((int64_t)day * 86400) + EPOCH_NEXT;
    return week < most ? week : most;
}

/* One batch ------------------------------------------------------------------------------------------ */
static void open_it(struct circle *c, const struct circle_row *r)
{
    struct circle_member *m = &c->member[0];
    memcpy(m->pk, r->pk, 32);
    memcpy(m->box_pk, r->act.box_pk, 32);
    m->since = r->day;
    m->week = in_time(r->act.week, r->day);
    name(c, m);
    c->n = 1;
    c->theme = r->act.theme;
    c->line = r->act.line;
    c->day = r->day;
}

static bool leave(struct folding *f, const struct circle_row *r)
{
    asker_out(f->c, r->pk);
    return !was(f, r->pk) || out_of(f->arena, f->c, r->pk, r->day);
}

static bool has_no(const struct circle *c, const uint8_t by[static 32], const uint8_t about[static 32])
{
    for (size_t i = 0; i < c->no.n; i++)
        if (memcmp(c->no.at[i].by, by, 32) == 0 && memcmp(c->no.at[i].about, about, 32) == 0)
            return true;
    return false;
}

/* More than half of the others, and two at least, no longer want this one in. */
static bool say_no(struct folding *f, const struct circle_row *r)
{
    struct circle *c = f->c;
    const uint8_t *about = r->act.about;
    size_t no = 0;
    if (r->act.yes || !was(f, r->pk) || !was(f, about) || memcmp(r->pk, about, 32) == 0)
        return true;
    if (!has_no(c, r->pk, about)) {
        struct circle_no *one = VEC_PUSH(f->arena, &c->no);
        if (!one)
            return false;
        memcpy(one->by, r->pk, 32);
        memcpy(one->about, about, 32);
    }
    for (size_t i = 0; i < f->before_n; i++)
        no += has_no(c, f->before[i].pk, about);
    return no < 2 || no * 2 <= f->before_n - 1 || out_of(f->arena, c, about, r->day);
}

static bool stay(struct folding *f, const struct circle_row *r)
{
    for (size_t i = 0; i < f->c->n; i++) {
        struct circle_member *m = &f->c->member[i];
        if (memcmp(m->pk, r->pk, 32) != 0 || r->act.week <= m->week || !was(f, r->pk))
            continue;
        m->week = in_time(r->act.week, r->day);
        memcpy(m->box_pk, r->act.box_pk, 32);
    }
    return true;
}

static bool ask(struct folding *f, const struct circle_row *r)
{
    struct circle *c = f->c;
    if (circle_was_in(c, r->pk) || circle_asker(c, r->pk))
        return true;
    struct circle_member m = {.since = r->day, .week = in_time(r->act.week, r->day)};
    memcpy(m.pk, r->pk, 32);
    memcpy(m.box_pk, r->act.box_pk, 32);
    name(c, &m);
    if (c->askers.n == CIRCLE_ASKS)
        asker_out(c, c->askers.at[0].who.pk);
    struct circle_asker *a = VEC_PUSH(f->arena, &c->askers);
    if (!a)
        return false;
    *a = (struct circle_asker){.who = m, .line = r->act.line};
    memcpy(a->id, r->id, 16);
    return true;
}

/* A yes counts for who asked before this batch: whoever said it has read that. */
static bool say_yes(struct folding *f, const struct circle_row *r)
{
    struct circle *c = f->c;
    struct circle_asker *a = (struct circle_asker *)(uintptr_t)circle_asker(c, r->act.about);
    if (!r->act.yes || !was(f, r->pk) || !circle_member(c, r->pk) || !a)
        return true;
    for (size_t i = 0; i < a->yes_n; i++)
        if (memcmp(a->yes[i], r->pk, 32) == 0)
            return true;
    size_t kept = 0;
    for (size_t i = 0; i < a->yes_n; i++)
        if (circle_member(c, a->yes[i]))
            memmove(a->yes[kept++], a->yes[i], 32);
    a->yes_n = kept;
    if (a->yes_n < CIRCLE_MOST)
        memcpy(a->yes[a->yes_n++], r->pk, 32);
    if (circle_yes(c, a) < (f->before_n >= 2 ? 2 : 1))
        return true;
    c->surplus |= c->n == CIRCLE_MOST;
    if (c->n == CIRCLE_MOST)
        return true;
    struct circle_member *m = &c->member[c->n++];
    *m = a->who;
    m->since = r->day;
    asker_out(c, r->act.about);
    return true;
}

/* What only a board that does not keep to the rules lets through. An ask may be too old by the time its
 * writer takes it back. */
static bool is_stranger(const struct circle *c, const struct circle_row *r)
{
    enum circle_kind kind = r->act.kind;
    return kind != CIRCLE_OPEN && kind != CIRCLE_ASK && kind != CIRCLE_LEAVE && !circle_was_in(c, r->pk);
}

static bool step(struct folding *f)
{
    static bool (*const kinds[])(struct folding *, const struct circle_row *) = {leave, say_no, stay, say_yes,
                                                                                 ask};
    static const enum circle_kind which[] = {CIRCLE_LEAVE, CIRCLE_SAY, CIRCLE_STAY, CIRCLE_SAY, CIRCLE_ASK};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t i = 0; i < f->n; i++)
            if (f->row[i].act.kind == which[k] && !kinds[k](f, &f->row[i]))
                return false;
    for (size_t i = 0; i < f->n; i++)
        f->c->stranger |= is_stranger(f->c, &f->row[i]);
    f->c->need = f->c->n >= 2 ? 2 : 1;
    f->c->last = f->row[0].day;
    return true;
}

/* All of them ---------------------------------------------------------------------------------------- */
struct all {
    struct arena *arena;
    struct circles *out;
    struct map index; /* circle id: its place + 1 */
    struct circle_rows group;
    bool *done;
};

static const uint8_t *circle_of(const struct circle_row *r)
{
    return r->act.kind == CIRCLE_OPEN ? r->id : r->act.circle;
}

/* The rows of one batch that are about the circle of the row at `from`. */
static bool gather(struct all *a, const struct circle_row *rows, size_t n, size_t from)
{
    a->group.n = 0;
    for (size_t i = from; i < n; i++) {
        if (a->done[i] || memcmp(circle_of(&rows[i]), circle_of(&rows[from]), 16) != 0)
            continue;
        struct circle_row *r = VEC_PUSH(a->arena, &a->group);
        if (!r)
            return false;
        *r = rows[i];
        a->done[i] = true;
    }
    return true;
}

/* The circle that is opened by one of them, or that was before. *c: NULL when there is none. */
static bool circle_for(struct all *a, struct folding *f)
{
    int64_t *at = map_at(&a->index, arena_span(a->arena, span_bytes(circle_of(f->row), 16)));
    if (!at)
        return false;
    for (size_t i = 0; !*at && i < f->n; i++) {
        if (f->row[i].act.kind != CIRCLE_OPEN)
            continue;
        struct circle *c = VEC_PUSH(a->arena, a->out);
        if (!c)
            return false;
        *c = (struct circle){.theme = SPAN(""), .line = SPAN("")};
        memcpy(c->id, f->row[i].id, 16);
        open_it(c, &f->row[i]);
        *at = (int64_t)a->out->n;
    }
    f->c = *at ? &a->out->at[*at - 1] : NULL;
    return true;
}

static bool step_of(struct all *a)
{
    struct folding f = {.arena = a->arena, .row = a->group.at, .n = a->group.n};
    bool fresh;
    size_t known = a->out->n;
    if (!circle_for(a, &f))
        return false;
    fresh = a->out->n > known;
    if (!f.c || (!fresh && !lapse(f.arena, f.c, f.row->day)))
        return !f.c;
    f.before_n = fresh ? 0 : f.c->n;
    memcpy(f.before, f.c->member, sizeof f.before);
    return step(&f);
}

static bool batch_of(struct all *a, const struct circle_row *rows, size_t n)
{
    a->done = arena_array(a->arena, n, sizeof *a->done);
    if (!a->done)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!a->done[i] && (!gather(a, rows, n, i) || !step_of(a)))
            return false;
    return true;
}

bool circles_fold(const struct circle_rows *rows, day_t today, struct arena *arena, struct circles *out,
                  struct err *err)
{
    struct all a = {.arena = arena, .out = out};
    *out = (struct circles){0};
    map_init(&a.index, arena, SIZE_MAX / 4);
    for (size_t i = 0, n; i < rows->n; i += n) {
        for (n = 1; i + n < rows->n && rows->at[i + n].batch == rows->at[i].batch;)
            n++;
        if (!batch_of(&a, &rows->at[i], n))
            return fail_memory(err);
    }
    for (size_t i = 0; i < out->n; i++)
        if (!lapse(arena, &out->at[i], today))
            return fail_memory(err);
    return true;
}
