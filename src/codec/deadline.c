/* Lists of deadlines through libyaml's events. Two forms: `deadline` and `abstract_deadline` in the entry, or
 * a list `deadlines` of {type, date, timezone}. */
#include "codec/deadline.h"

#include <yaml.h>

#include "base/vec.h"
#include "base/words.h"
#include "codec/date.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { DATES = 16, NESTED = 32 };

struct date {
    struct span kind, when, zone;
};
struct entry {
    struct span title, id, place, link, subject, year, zone, start, end;
    struct date date[DATES];
    size_t dates;
};
struct reading {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    struct arena *arena;
    struct deadlines *out;
};

/* ---- events ---- */

static bool next(struct reading *r, struct err *err)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = yaml_parser_parse(&r->parser, &r->event);
    if (r->has_event)
        return true;
    if (r->parser.error == YAML_MEMORY_ERROR)
        return fail_memory(err);
    return fail(err, E_FORMAT, tr("err.codec.yaml", "its YAML cannot be read: line %zu, %s"),
                r->parser.problem_mark.line + 1, r->parser.problem ? r->parser.problem : "?");
}

static bool at(const struct reading *r, yaml_event_type_t type)
{
    return r->event.type == type;
}

/* Past the node whose first event is at hand. */
static bool skip(struct reading *r, struct err *err)
{
    long open = 0;
    for (;;) {
        open += at(r, YAML_SEQUENCE_START_EVENT) || at(r, YAML_MAPPING_START_EVENT);
        open -= at(r, YAML_SEQUENCE_END_EVENT) || at(r, YAML_MAPPING_END_EVENT);
        if (open > NESTED)
            return fail(err, E_LIMIT, "%s", tr("err.codec.yaml_deep", "its YAML is nested too deeply"));
        if (open <= 0)
            return true;
        if (!next(r, err))
            return false;
    }
}

static bool scalar(struct reading *r, struct span *out, struct err *err)
{
    struct span text = {(const char *)r->event.data.scalar.value, r->event.data.scalar.length};
    *out = arena_span(r->arena, span_first(text, DEADLINE_TEXT));
    return out->p || fail_memory(err);
}

/* A text, or a list of texts with blanks between; anything else is empty. */
static bool text(struct reading *r, struct span *out, struct err *err)
{
    AUTO_BUF struct buf all;
    buf_init(&all, DEADLINE_TEXT);
    *out = (struct span){"", 0};
    if (at(r, YAML_SCALAR_EVENT))
        return scalar(r, out, err);
    if (!at(r, YAML_SEQUENCE_START_EVENT))
        return skip(r, err);
    while (next(r, err) && !at(r, YAML_SEQUENCE_END_EVENT)) {
        struct span one = {NULL, 0};
        if (at(r, YAML_SCALAR_EVENT) ? !scalar(r, &one, err) : !skip(r, err))
            return false;
        if (all.n && one.n)
            buf_add_byte(&all, ' ');
        buf_add(&all, one);
    }
    if (all.n)
        *out = arena_span(r->arena, buf_span(&all));
    return err->code == E_NONE && (out->p || fail_memory(err));
}

/* ---- entries ---- */

static void put_date(struct entry *e, struct span kind, struct span when, struct span zone)
{
    if (e->dates < DATES)
        e->date[e->dates++] = (struct date){kind, when, zone};
}

/* One of the list `deadlines`. */
static bool listed(struct reading *r, struct entry *e, struct err *err)
{
    struct span key, value;
    struct date d = {SPAN(""), SPAN(""), SPAN("")};
    if (!at(r, YAML_MAPPING_START_EVENT))
        return skip(r, err);
    while (next(r, err) && !at(r, YAML_MAPPING_END_EVENT)) {
        if (!text(r, &key, err) || !next(r, err) || !text(r, &value, err))
            return false;
        if (span_is(key, "type"))
            d.kind = value;
        else if (span_is(key, "date") || span_is(key, "data"))
            d.when = value;
        else if (span_is(key, "timezone"))
            d.zone = value;
    }
    put_date(e, d.kind, d.when, d.zone);
    return err->code == E_NONE;
}

static bool list(struct reading *r, struct entry *e, struct err *err)
{
    if (!at(r, YAML_SEQUENCE_START_EVENT))
        return skip(r, err);
    while (next(r, err) && !at(r, YAML_SEQUENCE_END_EVENT))
        if (!listed(r, e, err))
            return false;
    return err->code == E_NONE;
}

static bool field(struct reading *r, struct entry *e, struct span key, struct err *err)
{
    struct span value;
    const struct {
        const char *key;
        struct span *to;
    } fields[] = {{"title", &e->title}, {"id", &e->id},        {"link", &e->link}, {"place", &e->place},
                  {"sub", &e->subject}, {"tags", &e->subject}, {"year", &e->year}, {"timezone", &e->zone},
                  {"start", &e->start}, {"end", &e->end}};
    if (span_is(key, "deadlines"))
        return list(r, e, err);
    if (!text(r, &value, err))
        return false;
    if (span_is(key, "deadline"))
        put_date(e, SPAN("paper"), value, SPAN(""));
    else if (span_is(key, "abstract_deadline"))
        put_date(e, SPAN("abstract"), value, SPAN(""));
    else if (span_is(key, "city") && e->place.n == 0)
        e->place = value;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (span_is(key, fields[i].key))
            *fields[i].to = value;
    return true;
}

/* "2024-06-15 23:59:00", without seconds, without a time (then the end of the day). */
static bool wall_of(struct span when, int64_t *out)
{
    day_t day;
    uint64_t hour = 23, minute = 59, second = 59;
    when = span_trim(when);
    if (!date_read(when, &day))
        return false;
    struct span rest = span_trim(span_from(when, 10));
    if (rest.n && rest.p[0] == 'T')
        rest = span_from(rest, 1);
    if (rest.n) {
        second = 0;
        if (!scan_u64(&rest, &hour, 24) || !scan_byte(&rest, ':') || !scan_u64(&rest, &minute, 59) ||
            (scan_byte(&rest, ':') && !scan_u64(&rest, &second, 60)))
            return false;
    }
    *out = (int64_t)day * 86400 + (int64_t)(hour * 3600 + minute * 60 + second);
    return true;
}

static day_t day_of_text(struct span text_)
{
    day_t day;
    return text_.n && date_read(text_, &day) ? day : DEADLINE_NO_DAY;
}

static bool keep(struct reading *r, const struct entry *e, struct err *err)
{
    int64_t year = 0;
    struct span digits = e->year;
    bool any = false;
    day_t start = day_of_text(e->start), end = day_of_text(e->end);
    if (!scan_i64(&digits, &year) || digits.n || year < 1900 || year > 2199)
        year = start == DEADLINE_NO_DAY ? 0 : day_ymd(start).year;
    for (size_t i = 0; i < e->dates && e->title.n; i++) {
        int64_t wall;
        if (!wall_of(e->date[i].when, &wall))
            continue;
        struct deadline *d = r->out->n < DEADLINES_MOST ? VEC_PUSH(r->arena, r->out) : NULL;
        if (!d)
            return fail_memory(err);
        *d = (struct deadline){.title = e->title,
                               .id = e->id,
                               .place = e->place,
                               .link = e->link,
                               .subject = e->subject,
                               .kind = e->date[i].kind,
                               .year = (int)year,
                               .wall = wall,
                               .zone = e->date[i].zone.n ? e->date[i].zone : e->zone,
                               .start = start,
                               .end = end < start ? DEADLINE_NO_DAY : end};
        any = true;
    }
    r->out->odd += !any;
    return true;
}

static bool entry(struct reading *r, struct err *err)
{
    const struct span none = SPAN("");
    struct entry e = {none, none, none, none, none, none, none, none, none, {{none, none, none}}, 0};
    if (!at(r, YAML_MAPPING_START_EVENT)) {
        r->out->odd++;
        return skip(r, err);
    }
    while (next(r, err) && !at(r, YAML_MAPPING_END_EVENT)) {
        struct span key;
        if (!text(r, &key, err) || !next(r, err) || !field(r, &e, key, err))
            return false;
    }
    return err->code == E_NONE && keep(r, &e, err);
}

static bool document(struct reading *r, struct err *err)
{
    while (next(r, err) && !at(r, YAML_STREAM_END_EVENT)) {
        if (!at(r, YAML_SEQUENCE_START_EVENT))
            continue;
        while (next(r, err) && !at(r, YAML_SEQUENCE_END_EVENT))
            if (!entry(r, err))
                return false;
        if (err->code)
            return false;
    }
    return err->code == E_NONE;
}

bool deadlines_read(struct arena *arena, struct span bytes, struct deadlines *out, struct err *err)
{
    struct reading r = {.arena = arena, .out = out};
    *out = (struct deadlines){0};
    if (bytes.n > DEADLINES_BYTES)
        return fail(err, E_LIMIT, "%s",
                    tr("err.codec.yaml_long", "it is longer than a list of deadlines is"));
    if (!yaml_parser_initialize(&r.parser))
        return fail_memory(err);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes.p, bytes.n);
    bool done = document(&r, err);
    if (r.has_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return done;
}

/* ---- zones ---- */

bool deadline_zone(struct span zone, int *minutes)
{
    static const struct {
        const char *name;
        int hours;
    } names[] = {{"AoE", -12}, {"UTC", 0},  {"GMT", 0}, {"Z", 0},    {"PST", -8}, {"PDT", -7},
                 {"EST", -5},  {"EDT", -4}, {"CET", 1}, {"CEST", 2}, {"JST", 9},  {"", 0}};
    uint64_t hours, rest = 0;
    zone = span_trim(zone);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_eq_nocase(zone, span_of(names[i].name))) {
            *minutes = names[i].hours * 60;
            return true;
        }
    if (!scan_lit(&zone, SPAN("UTC")) && !scan_lit(&zone, SPAN("GMT")))
        return false;
    zone = span_trim(zone);
    int sign = zone.n && zone.p[0] == '-' ? -1 : 1;
    if ((!scan_byte(&zone, '-') && !scan_byte(&zone, '+')) || !scan_u64(&zone, &hours, 14) ||
        (scan_byte(&zone, ':') && !scan_u64(&zone, &rest, 59)) || zone.n)
        return false;
    *minutes = sign * (int)(hours * 60 + rest);
    return true;
}
