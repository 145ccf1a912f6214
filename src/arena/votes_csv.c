/* Votes of a CSV: model_a,model_b,winner and optional columns, or evalica's left,right,winner. The separator
 * is the one the header row uses. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena/vote_category.h"
#include "arena/votes_read.h"
#include "base/words.h"
#include "codec/csv.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { NONE = -1, ROW = -2, DAY = -3 };

struct columns {
    int a, b, winner, style[STYLE_MOST], cluster[CLUSTERS_MOST]; /* cluster: ROW and DAY are made */
    int id, time, category, language, prompt;
    size_t last; /* the highest of those needed */
};

static const char *const style_names[STYLE_MOST] = {"len_diff", "header_diff", "list_diff", "bold_diff"};

static int column(const struct csv_record *head, const char *name)
{
    for (size_t i = 0; i < head->n; i++)
        if (span_is(span_trim(head->field[i]), name))
            return (int)i;
    return NONE;
}

/* The first of the names that the head has. */
static int one_of(const struct csv_record *head, const char *const *names)
{
    for (; *names; names++)
        if (column(head, *names) != NONE)
            return column(head, *names);
    return NONE;
}

/* "voter" is the column that says who voted, by whatever name. */
static int cluster_column(const struct csv_record *head, const char *name, const char **found)
{
    static const char *const voters[] = {"judge", "worker", "voter", "user", "annotator", NULL},
                             *const sessions[] = {"session", "evaluation_session_id", "session_id", NULL};
    const char *const *more = strcmp(name, "voter") == 0     ? voters
                              : strcmp(name, "session") == 0 ? sessions
                                                             : (const char *const[]){name, NULL};
    for (; *more; more++)
        if (column(head, *more) != NONE) {
            *found = *more;
            return column(head, *more);
        }
    return NONE;
}

static bool missing(const char *what, const struct csv_record *head, struct err *err)
{
    AUTO_BUF struct buf have;
    buf_init(&have, 16 << 10);
    for (size_t i = 0; i < head->n && have.n < 200; i++) {
        if (i)
            buf_add_text(&have, ", ");
        utf8_clean(&have, span_first(head->field[i], 40));
    }
    return fail(err, E_FORMAT, tr("err.arena.column", "The first row names no column “%s”. It names: %s."),
                what, buf_text(&have));
}

static void need(struct columns *c, int at)
{
    if (at != NONE && (size_t)at > c->last)
        c->last = (size_t)at;
}

/* What tells of a category: a column that names it, a language, or the prompt itself. */
static bool find_category(struct votes *v, const struct csv_record *head, struct columns *c, struct err *err)
{
    c->category = v->ask.category ? column(head, "category") : NONE;
    c->language = v->ask.category ? column(head, "language") : NONE;
    c->prompt = v->ask.category ? column(head, "prompt") : NONE;
    need(c, c->category);
    need(c, c->language);
    need(c, c->prompt);
    bool none = c->category == NONE && c->language == NONE && c->prompt == NONE;
    return !v->ask.category || !none || missing("category", head, err);
}

static bool of_category(const struct votes *v, const struct columns *c, const struct csv_record *r)
{
    const struct span none = {NULL, 0};
    struct category_row row = {c->category == NONE ? none : r->field[c->category],
                               c->language == NONE ? none : r->field[c->language],
                               c->prompt == NONE ? none : r->field[c->prompt]};
    return !v->ask.category || category_has_row(v->ask.category, &row);
}

static bool find_style(struct votes *v, const struct csv_record *head, struct columns *c, struct err *err)
{
    v->has_style = true;
    for (int f = 0; f < STYLE_MOST; f++) {
        c->style[f] = column(head, style_names[f]);
        v->has_style = v->has_style && c->style[f] != NONE;
    }
    if (!v->ask.style)
        return true;
    for (int f = 0; f < STYLE_MOST; f++) {
        if (c->style[f] == NONE)
            return missing(style_names[f], head, err);
        need(c, c->style[f]);
    }
    return true;
}

static bool find_columns(struct votes *v, const struct csv_record *head, struct columns *c, struct err *err)
{
    *c = (struct columns){
        .a = column(head, "model_a"), .b = column(head, "model_b"), .winner = column(head, "winner")};
    v->format = VOTES_CSV;
    if (c->a == NONE && column(head, "left") != NONE) {
        c->a = column(head, "left");
        c->b = column(head, "right");
        v->format = VOTES_EVALICA;
    }
    if (c->a == NONE || c->b == NONE || c->winner == NONE)
        return missing(c->a == NONE ? "model_a" : c->b == NONE ? "model_b" : "winner", head, err);
    need(c, c->a);
    need(c, c->b);
    need(c, c->winner);
    c->id = one_of(head, (const char *const[]){"question_id", "vote_id", NULL});
    c->time = one_of(head, (const char *const[]){"tstamp", "timestamp", "time", "date", "day", NULL});
    for (int k = 0; k < v->ask.clusters; k++) {
        const char *name = v->ask.cluster[k];
        c->cluster[k] = strcmp(name, "row") == 0 ? ROW : cluster_column(head, name, &v->cluster_column[k]);
        if (c->cluster[k] == NONE && c->time != NONE &&
            (strcmp(name, "day") == 0 || (k == 0 && v->ask.or_day))) {
            c->cluster[k] = DAY;
            v->cluster_column[k] = "day";
            need(c, c->time);
        }
        if (c->cluster[k] == NONE)
            return missing(v->ask.cluster[k], head, err);
        if (c->cluster[k] == ROW && c->id != NONE)
            need(c, c->id);
        else if (c->cluster[k] >= 0)
            need(c, c->cluster[k]);
    }
    return find_category(v, head, c, err) && find_style(v, head, c, err);
}

/* A decimal number. Plain ones, which are nearly all, are read by hand; the rest by strtod on a copy. */
static bool number(struct span s, float *out)
{
    char copy[64], *end;
    s = span_trim(s);
    double whole = 0, part = 0, unit = 1;
    size_t i = s.n > 0 && s.p[0] == '-', digits = 0;
    for (; i < s.n && isdigit((unsigned char)s.p[i]); i++, digits++)
        whole = whole * 10 + (s.p[i] - '0');
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && isdigit((unsigned char)s.p[i]); i++, digits++, unit *= 10)
            part = part * 10 + (s.p[i] - '0');
    if (i == s.n && digits > 0 && digits <= 17) {
        double x = whole + part / unit;
        *out = (float)(s.p[0] == '-' ? -x : x);
        return true;
    }
    if (s.n == 0 || s.n >= sizeof copy)
        return false;
    memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    *out = strtof(copy, &end);
    return *end == '\0' && end != copy && isfinite(*out);
}

/* Names of clusters that are made of a row. */
struct made {
    uint64_t row;
    char day[24];
};

/* The vote's id, or a hash over the whole row. */
static struct span row_name(const struct columns *c, const struct csv_record *r, struct made *made)
{
    if (c->id >= 0)
        return r->field[c->id];
    made->row = r->n;
    for (size_t i = 0; i < r->n; i++)
        made->row = (made->row ^ labels_hash(r->field[i])) * 0x9e3779b97f4a7c15u + i;
    return span_bytes(&made->row, sizeof made->row);
}

static struct span day_name(struct votes *v, struct span time, struct made *made)
{
    int64_t day;
    if (!votes_day(time, &day, &v->time_kind))
        return (struct span){NULL, 0};
    snprintf(made->day, sizeof made->day, "%lld", (long long)day);
    return span_of(made->day);
}

static bool row(struct votes *v, const struct columns *c, const struct csv_record *r, uint64_t line,
                struct err *err)
{
    struct vote vote = {.many = 1};
    if (r->n <= c->last) {
        if (v->ask.skip_bad)
            return votes_leave(v, LEFT_BROKEN, line), true;
        return fail(err, E_FORMAT,
                    tr("err.arena.short_row", "Line %llu has %zu columns where the first row promises %zu. "
                                              "--skip-bad leaves such rows out."),
                    (unsigned long long)line, r->n, c->last + 1);
    }
    if (!votes_outcome(r->field[c->winner], &vote.outcome) &&
        !votes_outcome(span_trim(r->field[c->winner]), &vote.outcome))
        return votes_bad_outcome(v, r->field[c->winner], line, err);
    if (!of_category(v, c, r))
        return votes_leave(v, LEFT_CATEGORY, line), true;
    vote.a = r->field[c->a];
    vote.b = r->field[c->b];
    struct made made;
    for (int k = 0; k < v->ask.clusters; k++)
        vote.cluster[k] = c->cluster[k] == ROW   ? row_name(c, r, &made)
                          : c->cluster[k] == DAY ? day_name(v, r->field[c->time], &made)
                                                 : r->field[c->cluster[k]];
    for (int f = 0; v->ask.style && f < STYLE_MOST; f++)
        if (!number(r->field[c->style[f]], &vote.style[f]))
            return votes_leave(v, LEFT_STYLE, line), true;
    return votes_add(v, &vote, line, err);
}

static char separator_of(struct span text)
{
    ptrdiff_t end = span_find(text, SPAN("\n"));
    struct span line = end < 0 ? text : span_first(text, (size_t)end);
    char best = ',';
    size_t most = 0;
    for (const char *c = ",;\t|"; *c; c++) {
        size_t n = 0;
        for (size_t i = 0; i < line.n; i++)
            n += line.p[i] == *c;
        if (n > most) {
            most = n;
            best = *c;
        }
    }
    return best;
}

/* Rows of the whole records in `text`; `first`: the header is among them. */
static bool block(struct votes *v, struct csv *csv, struct columns *c, bool first, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct csv_record r = {0};
    if (first && !csv_next(csv, arena, &r, err))
        return fail(err, E_FORMAT,
                    tr("err.arena.no_head", "The file has no first row that names its columns."));
    if (first && !find_columns(v, &r, c, err))
        return false;
    while (csv_next(csv, arena, &r, err))
        if (!row(v, c, &r, csv->line, err))
            return false;
    return err->code == E_NONE;
}

bool votes_read_csv(struct votes *v, struct votes_feed *feed, struct err *err)
{
    struct columns c = {0};
    struct csv csv = {0};
    for (bool first = true;; first = false) {
        size_t whole = 0;
        if (first && feed->in.n == 0 && !votes_more(feed, err))
            return false;
        char separator = first ? separator_of(buf_span(&feed->in)) : csv.separator;
        while (!(whole = csv_whole(buf_span(&feed->in), separator)) && !feed->end)
            if (!votes_more(feed, err))
                return false;
        struct span text = feed->end ? buf_span(&feed->in) : span_first(buf_span(&feed->in), whole);
        if (first)
            csv_init(&csv, text);
        else
            csv_more(&csv, text);
        csv.separator = separator;
        if (!block(v, &csv, &c, first, err))
            return false;
        buf_drop(&feed->in, text.n);
        if (feed->end && feed->in.n == 0)
            return true;
        if (!votes_more(feed, err))
            return false;
    }
}
