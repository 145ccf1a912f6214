/* A comparison for programs, and for people: what did not change comes first. */
#include <math.h>
#include <stdio.h>

#include "arena/compare.h"
#include "base/words.h"
#include "codec/utf8.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { WIDTH = 80, LISTED_MOST = 20 };

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *change_json(const struct change *m)
{
    static const char *const names[CAUSES] = {"method", "withdrawn", "new_votes", "newcomers"};
    json_t *o = json_object(), *causes = json_object();
    for (int k = 0; k < CAUSES; k++)
        json_object_set_new(causes, names[k], m->causes_known ? number(m->cause[k]) : json_null());
    json_object_set_new(o, "name", json_shown(m->name));
    json_object_set_new(o, "delta", number(m->delta));
    json_object_set_new(o, "se", number(m->se));
    json_object_set_new(o, "low", number(m->low));
    json_object_set_new(o, "high", number(m->high));
    json_object_set_new(o, "significant", json_boolean(m->significant));
    json_object_set_new(o, "causes", causes);
    json_object_set_new(o, "old_place", json_integer((json_int_t)m->old_place));
    json_object_set_new(o, "new_place", json_integer((json_int_t)m->new_place));
    return o;
}

static json_t *names_json(const struct span *name, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_shown(name[i]));
    return list;
}

static json_t *swaps_json(const struct comparison *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->swaps; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "above", json_shown(c->at[c->swap[i].above].name));
        json_object_set_new(o, "below", json_shown(c->at[c->swap[i].below].name));
        json_object_set_new(o, "significant", json_boolean(c->swap[i].significant));
        json_array_append_new(list, o);
    }
    return list;
}

json_t *compare_json(const struct comparison *c)
{
    json_t *o = json_object(), *list = json_array();
    for (size_t i = 0; i < c->n; i++)
        json_array_append_new(list, change_json(&c->at[i]));
    json_object_set_new(o, "changes", list);
    json_object_set_new(o, "swaps", json_integer((json_int_t)c->swaps));
    json_object_set_new(o, "swaps_significant", json_integer((json_int_t)c->swaps_significant));
    json_object_set_new(o, "swapped", swaps_json(c));
    json_object_set_new(o, "newcomers", names_json(c->newcomer, c->newcomers));
    json_object_set_new(o, "withdrawn", names_json(c->withdrawn, c->withdrawns));
    json_object_set_new(o, "votes_shared", json_integer((json_int_t)c->shared));
    json_object_set_new(o, "votes_vanished", json_integer((json_int_t)c->vanished));
    json_object_set_new(o, "votes_added", json_integer((json_int_t)c->added));
    json_object_set_new(o, "looks", json_string(c->daily ? "any number" : "one"));
    json_object_set_new(o, "method_known", json_boolean(c->method_known));
    return o;
}

static const char *name_of(struct arena *arena, struct span name)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4096);
    utf8_clean(&clean, name);
    return buf_keep(&clean, arena);
}

static const char *points(struct arena *arena, double x)
{
    char text[32];
    snprintf(text, sizeof text, "%+.0f", x);
    const char *kept = arena_text(arena, span_of(text));
    return kept ? kept : "";
}

#define say(out, pattern, ...) \
    do { \
        AUTO_BUF struct buf line_; \
        buf_init(&line_, 1 << 16); \
        words_say(&line_, pattern __VA_OPT__(, ) __VA_ARGS__); \
        sayings_add(arena, out, &line_); \
    } while (0)

static void say_unchanged(struct arena *arena, const struct comparison *c, struct sayings *out)
{
    size_t still = 0, places = 0;
    for (size_t i = 0; i < c->n; i++) {
        still += !c->at[i].significant;
        places += c->at[i].old_place == c->at[i].new_place;
    }
    say(out,
        tr("changed.still",
           "Not changed: {n} of {k} models, as far as votes can tell. {p} stand at the same place."),
        {"n", say_number(arena, (int64_t)still)}, {"k", say_number(arena, (int64_t)c->n)},
        {"p", say_number(arena, (int64_t)places)});
}

static void say_changed(struct arena *arena, const struct comparison *c, struct sayings *out)
{
    size_t moved = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct change *m = &c->at[i];
        if (!m->significant || ++moved > LISTED_MOST)
            continue;
        say(out, tr("changed.moved", "Changed: {name}, {d} points ({a} to {b})."),
            {"name", name_of(arena, m->name)}, {"d", points(arena, m->delta)}, {"a", points(arena, m->low)},
            {"b", points(arena, m->high)});
    }
    for (size_t i = 0, n = 0; i < c->swaps && n < LISTED_MOST; i++) {
        const struct swap *s = &c->swap[i];
        if (!s->significant)
            continue;
        n++;
        moved++;
        say(out, tr("changed.overtook", "{a} overtook {b}."), {"a", name_of(arena, c->at[s->above].name)},
            {"b", name_of(arena, c->at[s->below].name)});
    }
    if (moved == 0)
        say(out, tr("changed.none", "Nothing that can be told from chance."));
}

static void say_swaps(struct arena *arena, const struct comparison *c, struct sayings *out)
{
    size_t open = c->swaps - c->swaps_significant, n = 0;
    for (size_t i = 0; i < c->swaps && n < 3; i++)
        if (!c->swap[i].significant) {
            n++;
            say(out, tr("changed.places", "{a} and {b} changed places; the votes cannot tell them apart."),
                {"a", name_of(arena, c->at[c->swap[i].above].name)},
                {"b", name_of(arena, c->at[c->swap[i].below].name)});
        }
    if (open > n)
        say(out, tr("changed.more", "So did {n} more pairs."), {"n", say_number(arena, (int64_t)(open - n))});
}

static void say_why(struct arena *arena, const struct comparison *c, struct sayings *out)
{
    if (c->places_moved == 0)
        return;
    say(out,
        tr("changed.why",
           "{n} of {m} places moved: {a} because {k} models are new, {b} inside their intervals, {c} because "
           "the method changed."),
        {"n", say_number(arena, (int64_t)c->places_moved)}, {"m", say_number(arena, (int64_t)c->n)},
        {"a", say_number(arena, (int64_t)c->by_newcomers)}, {"k", say_number(arena, (int64_t)c->newcomers)},
        {"b", say_number(arena, (int64_t)(c->places_moved - c->by_newcomers - c->by_method))},
        {"c", say_number(arena, (int64_t)c->by_method)});
}

static void say_models(struct arena *arena, const struct comparison *c, struct sayings *out)
{
    for (size_t i = 0; i < c->newcomers && i < LISTED_MOST; i++) {
        size_t at = rank_named(&c->new, c->newcomer[i]);
        const struct ranked *m = &c->new.at[at];
        say(out, tr("changed.new", "New: {name}, {n} votes so far."), {"name", name_of(arena, m->name)},
            {"n", say_number(arena, m->votes)});
    }
    for (size_t i = 0; i < c->withdrawns && i < LISTED_MOST; i++)
        say(out, tr("changed.withdrawn", "No longer there: {name}."),
            {"name", name_of(arena, c->withdrawn[i])});
    if (c->withdrawns)
        say(out,
            tr("changed.selection", "Who shows several variants and keeps the best of them gains by chance; "
                                    "nothing is taken off for it here."));
}

bool compare_say(struct arena *arena, const struct comparison *c, struct sayings *out)
{
    say_unchanged(arena, c, out);
    out->head = out->n;
    say_changed(arena, c, out);
    say_swaps(arena, c, out);
    say_why(arena, c, out);
    say_models(arena, c, out);
    if (c->vanished)
        say(out, tr("changed.vanished", "{n} of the old votes are not among the new ones."),
            {"n", say_number(arena, (int64_t)c->vanished)});
    if (!c->method_known)
        say(out, tr("changed.method",
                    "How the old board was made is not known; both are made the same way here, so a "
                    "change of method cannot be told apart."));
    if (c->daily)
        say(out,
            tr("changed.daily", "You may look at this every day; the error rate stated holds all the same."));
    return !out->failed;
}

bool compare_text(struct arena *arena, const struct comparison *c, struct buf *out, struct err *err)
{
    struct sayings said = {0};
    if (!compare_say(arena, c, &said))
        return fail_memory(err);
    for (size_t i = 0; i < said.n; i++)
        wrap_text(out, said.at[i], WIDTH, 0);
    return buf_ok(out, err);
}
