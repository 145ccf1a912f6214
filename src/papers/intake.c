/* Files of papers: what they are, and one item after the other. JSON that is a list (or an object that holds
 * one) is cut by its brackets, JSON lines by their ends, so that a bad line costs that line alone. */
#include "papers/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "codec/json_scan.h"
#include "codec/scan.h"
#include "io/xml.h"

#include "base/banned.h"

enum { RECORD = 4 << 20 /* bytes of JSON */, WHOLE = 64 << 20 /* of what is held whole */ };

struct intake {
    struct lines *lines;
    enum intake_form form;
    char path[400];
    struct buf ahead; /* JSON that is cut; a file that is held whole */
    size_t at;
    bool by_lines, list, ended;
    uint64_t number;
    enum record_json kind; /* of the last object */
    char venue[40];        /* of the file's name */
    int year;
    struct xml_file *xml;
    struct feed feed;
    struct bibtex bib;
    struct arena *held;
    struct deadlines deadlines;
};

/* ---- what it is ---- */

static struct span past_blanks(struct span in)
{
    scan_lit(&in, SPAN("\xEF\xBB\xBF"));
    json_blank(&in);
    return in;
}

static bool has_entry(struct span in)
{
    for (ptrdiff_t at; (at = span_find(in, SPAN("@"))) >= 0; in = span_from(in, (size_t)at + 1)) {
        size_t n = (size_t)at + 1, word = n;
        while (n < in.n && ((in.p[n] >= 'a' && in.p[n] <= 'z') || (in.p[n] >= 'A' && in.p[n] <= 'Z')))
            n++;
        bool starts = at == 0 || in.p[at - 1] == '\n' || in.p[at - 1] == ' ';
        if (starts && n > word && n < in.n && (in.p[n] == '{' || in.p[n] == '('))
            return true;
    }
    return false;
}

static bool is_id(struct span line)
{
    AUTO_BUF struct buf room;
    struct paper_id id;
    buf_init(&room, 4096);
    return paper_id_read(line, &room, &id, NULL);
}

/* A line that holds something: comments begin with "#". */
static bool first_line(struct span in, struct span *line)
{
    while (in.n) {
        span_cut(&in, '\n', line);
        *line = span_trim(*line);
        if (line->n && line->p[0] != '#')
            return true;
    }
    return false;
}

static bool find_form(struct span peek, enum intake_form *form)
{
    struct span in = past_blanks(peek), line;
    if (in.n == 0 || memchr(in.p, 0, in.n))
        return false;
    if (in.p[0] == '<')
        *form = INTAKE_ATOM;
    else if (in.p[0] == '{' || in.p[0] == '[')
        *form = INTAKE_JSON;
    else if (!span_starts(in, SPAN("%PDF")) && has_entry(in))
        *form = INTAKE_BIBTEX;
    else if (span_find(in, SPAN("title:")) >= 0 && span_find(in, SPAN("deadline")) >= 0)
        *form = INTAKE_DEADLINES;
    else if (first_line(in, &line) && is_id(line))
        *form = INTAKE_IDS;
    else
        return false;
    return true;
}

/* ---- JSON: lines, a list, an object that holds one ---- */

/* The list under one of the names by which answers of services hold their records; where it begins within
 * `in`, whose end may be cut off. 0: there is none. */
static size_t list_within(struct span in)
{
    static const char *const names[] = {"notes", "data", "papers", "records", "results"};
    const char *start = in.p;
    if (!scan_byte(&in, '{'))
        return 0;
    for (;;) {
        struct span key, value;
        json_blank(&in);
        scan_byte(&in, ',');
        json_blank(&in);
        if (!scan_byte(&in, '"') || !scan_until(&in, '"', &key, 1000))
            return 0;
        json_blank(&in);
        if (!scan_byte(&in, ':'))
            return 0;
        json_blank(&in);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (in.n && in.p[0] == '[' && span_is(key, names[i]))
                return (size_t)(in.p - start) + 1;
        if (!json_value(&in, &value))
            return 0;
    }
}

static void find_json_shape(struct intake *in, struct span peek)
{
    struct span text = past_blanks(peek), line = text, value, rest;
    size_t skipped = peek.n - text.n;
    if (text.p[0] == '[') {
        in->list = true;
        in->at = skipped + 1;
        return;
    }
    size_t within = list_within(text);
    if (within) {
        in->list = true;
        in->at = skipped + within;
        return;
    }
    rest = text;
    bool has_end = span_cut(&rest, '\n', &line);
    struct span whole = line;
    in->by_lines = (has_end || json_value(&whole, &value)) && line.n && line.p[0] == '{' &&
                   span_find(span_first(span_trim(line), 2), SPAN("{\"")) == 0;
    if (in->by_lines && !json_value(&line, &value) && has_end) {
        /* The first line is no whole object: one that is spread over lines, or a bad line? The next says. */
        struct span next;
        span_cut(&rest, '\n', &next);
        in->by_lines = span_starts(span_trim(next), SPAN("{"));
    }
}

static bool more(struct intake *in, struct err *err)
{
    struct span piece;
    if (in->at > in->ahead.n / 2) {
        buf_drop(&in->ahead, in->at);
        in->at = 0;
    }
    if (!lines_piece(in->lines, &piece, err)) {
        in->ended = true;
        return err->code == E_NONE;
    }
    buf_add(&in->ahead, piece);
    return in->ahead.over
               ? fail(err, E_LIMIT, tr("err.papers.record_long", "%s: record %llu is longer than %d bytes."),
                      in->path, (unsigned long long)in->number + 1, RECORD)
               : buf_ok(&in->ahead, err);
}

static struct span waiting(const struct intake *in)
{
    return span_from(buf_span(&in->ahead), in->at);
}

/* To where the next object begins; false at the end. */
static bool to_object(struct intake *in, struct err *err)
{
    for (;;) {
        struct span rest = waiting(in);
        while (rest.n && (rest.p[0] == ',' || rest.p[0] == ' ' || (rest.p[0] >= '\t' && rest.p[0] <= '\r'))) {
            rest = span_from(rest, 1);
            in->at++;
        }
        if (rest.n && rest.p[0] == ']')
            return false;
        if (rest.n && rest.p[0] != '{')
            return fail(err, E_FORMAT,
                        tr("err.papers.no_object", "%s: after record %llu something stands that is no "
                                                   "record."),
                        in->path, (unsigned long long)in->number);
        if (rest.n)
            return true;
        if (in->ended)
            return in->list ? fail(err, E_FORMAT,
                                   tr("err.papers.list_open", "%s breaks off after record %llu; the records "
                                                              "before were read."),
                                   in->path, (unsigned long long)in->number)
                            : false;
        if (!more(in, err))
            return false;
    }
}

static bool cut_object(struct intake *in, struct span *object, struct err *err)
{
    struct json_cut cut = {0};
    size_t n;
    if (!to_object(in, err))
        return false;
    while (!json_cut_next(&cut, waiting(in), &n)) {
        if (in->ended)
            return fail(err, E_FORMAT,
                        tr("err.papers.list_open", "%s breaks off after record %llu; the records before "
                                                   "were read."),
                        in->path, (unsigned long long)in->number);
        if (!more(in, err))
            return false;
    }
    *object = span_first(waiting(in), n);
    in->at += n;
    return true;
}

static bool line_of(struct intake *in, struct span *line, struct err *err)
{
    do
        if (!lines_next(in->lines, line, err))
            return false;
    while (span_trim(*line).n == 0);
    in->number = lines_number(in->lines);
    if (in->number == 1)
        scan_lit(line, SPAN("\xEF\xBB\xBF"));
    *line = span_trim(*line);
    return true;
}

static void judge(struct intake_item *out, bool read, const struct err *why)
{
    struct err check = {0};
    if (out->what == INTAKE_LEFT_OUT)
        return;
    if (read && paper_check(&out->record, &check)) {
        out->what = INTAKE_RECORD;
        return;
    }
    out->what = INTAKE_BAD;
    out->why = read ? check : *why;
}

static bool next_json(struct intake *in, struct arena *arena, struct intake_item *out, struct err *err)
{
    struct span object;
    struct err why = {0};
    bool left_out = false;
    if (in->by_lines ? !line_of(in, &object, err) : !cut_object(in, &object, err))
        return false;
    in->number += !in->by_lines;
    enum record_json kind = record_json_kind(object);
    if (kind != JSON_OTHER)
        in->kind = kind;
    bool read = record_of_json(arena, kind == JSON_OTHER ? JSON_CORPUS : kind, object, span_of(in->venue),
                               in->year, &out->record, &left_out, &why);
    if (!read && why.code == E_MEMORY)
        return fail_memory(err);
    if (left_out)
        out->what = INTAKE_LEFT_OUT;
    judge(out, read, &why);
    return true;
}

/* ---- the others ---- */

static bool next_id(struct intake *in, struct arena *arena, struct intake_item *out, struct err *err)
{
    struct span line;
    struct err why = {0};
    do
        if (!line_of(in, &line, err))
            return false;
    while (line.p[0] == '#');
    bool read = record_of_id(arena, line, &out->record, &why);
    out->record.named = true;
    judge(out, read, &why);
    return true;
}

static bool next_bibtex(struct intake *in, struct arena *arena, struct intake_item *out, struct err *err)
{
    struct bibtex_entry *entry = ARENA_NEW(arena, struct bibtex_entry);
    struct err why = {0};
    if (!entry)
        return fail_memory(err);
    bool read = bibtex_next(&in->bib, arena, entry, &why);
    if (!read && why.code == E_NONE)
        return false;
    in->number = entry->line;
    read = read && record_of_bibtex(arena, entry, &out->record, &why);
    if (!read && why.code == E_MEMORY)
        return fail_memory(err);
    out->record.named = true;
    judge(out, read, &why);
    return true;
}

static bool next_feed(struct intake *in, struct arena *arena, struct intake_item *out, struct err *err)
{
    struct feed_entry *entry = ARENA_NEW(arena, struct feed_entry);
    struct err why = {0};
    if (!entry)
        return fail_memory(err);
    if (!feed_next(&in->feed, entry, &why))
        return why.code ? fail(err, why.code, tr("err.papers.in_file", "%s: %s."), in->path, why.text)
                        : false;
    in->number = xml_line(in->xml);
    if (in->form == INTAKE_OPML) {
        out->what = INTAKE_FEED;
        out->address = arena_span(arena, entry->id);
        return out->address.p || fail_memory(err);
    }
    judge(out, record_of_feed(arena, in->feed.form, entry, &out->record, &why), &why);
    return true;
}

static bool next_deadline(struct intake *in, struct intake_item *out)
{
    if (in->number >= in->deadlines.n + in->deadlines.odd)
        return false;
    bool odd = in->number >= in->deadlines.n;
    out->what = odd ? INTAKE_LEFT_OUT : INTAKE_DEADLINE;
    if (!odd)
        out->deadline = in->deadlines.at[in->number];
    in->number++;
    return true;
}

bool intake_next(struct intake *in, struct arena *arena, struct intake_item *out, struct err *err)
{
    *out = (struct intake_item){.what = INTAKE_RECORD};
    switch (in->form) {
    case INTAKE_JSON:
        return next_json(in, arena, out, err);
    case INTAKE_BIBTEX:
        return next_bibtex(in, arena, out, err);
    case INTAKE_IDS:
        return next_id(in, arena, out, err);
    case INTAKE_DEADLINES:
        return next_deadline(in, out);
    default:
        return next_feed(in, arena, out, err);
    }
}

/* ---- opening ---- */

static bool xml_from_lines(void *arg, struct span *piece, struct err *err)
{
    struct intake *in = arg;
    *piece = (struct span){"", 0};
    return lines_piece(in->lines, piece, err) || err->code == E_NONE;
}

/* The root's name tells the forms of XML apart. */
static enum intake_form xml_form(struct span peek)
{
    static const struct {
        const char *mark;
        enum intake_form form;
    } marks[] = {{"<rss", INTAKE_RSS},   {"<OAI-PMH", INTAKE_OAI},     {"<record", INTAKE_OAI},
                 {"<opml", INTAKE_OPML}, {"<ListRecords", INTAKE_OAI}, {"<GetRecord", INTAKE_OAI}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_find(span_first(peek, 4096), span_of(marks[i].mark)) >= 0)
            return marks[i].form;
    return INTAKE_ATOM;
}

static bool open_xml(struct intake *in, struct span peek, struct err *err)
{
    in->form = xml_form(peek);
    if (!xml_open(&in->xml, xml_from_lines, in, err))
        return false;
    feed_begin(&in->feed, xml_events(in->xml));
    return true;
}

static bool hold(struct intake *in, struct err *err)
{
    struct span piece;
    buf_clear(&in->ahead);
    buf_init(&in->ahead, WHOLE);
    while (lines_piece(in->lines, &piece, err))
        buf_add(&in->ahead, piece);
    if (err->code)
        return false;
    if (in->ahead.over)
        return fail(err, E_LIMIT, tr("err.papers.file_long", "%s is longer than %d MB."), in->path,
                    WHOLE >> 20);
    in->held = arena_new();
    return buf_ok(&in->ahead, err) && (in->held || fail_memory(err));
}

static bool open_deadlines(struct intake *in, struct err *err)
{
    struct err why = {0};
    return hold(in, err) && (deadlines_read(in->held, buf_span(&in->ahead), &in->deadlines, &why) ||
                             fail(err, why.code, tr("err.papers.in_file", "%s: %s."), in->path, why.text));
}

/* "nips2023.json": Paperlists say venue and year nowhere else. */
static void read_name(struct intake *in, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct span name = span_of(slash ? slash + 1 : path), year;
    size_t n = 0;
    int64_t number;
    while (n < name.n && n < sizeof in->venue - 1 &&
           ((name.p[n] >= 'a' && name.p[n] <= 'z') || (name.p[n] >= 'A' && name.p[n] <= 'Z')))
        n++;
    year = span_first(span_from(name, n), 4);
    if (year.n < 4 || !scan_i64(&year, &number) || year.n || number < 1900 || number > 2199)
        return;
    snprintf(in->venue, sizeof in->venue, "%.*s", (int)n, name.p);
    in->year = (int)number;
}

static bool open_form(struct intake *in, struct err *err)
{
    struct span peek;
    if (!lines_peek(in->lines, &peek, err))
        return err->code == E_NONE ? fail(err, E_FORMAT, tr("err.papers.empty", "%s is empty."), in->path)
                                   : false;
    if (!find_form(peek, &in->form))
        return fail(err, E_FORMAT,
                    tr("err.papers.form",
                       "%s holds none of the forms that Respite reads: Atom, RSS, OAI-PMH, "
                       "OPML, BibTeX, JSON, ids one a line, deadlines in YAML."),
                    in->path);
    switch (in->form) {
    case INTAKE_ATOM:
        return open_xml(in, peek, err);
    case INTAKE_JSON:
        find_json_shape(in, peek);
        if (!in->by_lines) {
            size_t at = in->at;
            in->at = 0;
            if (!more(in, err))
                return false;
            in->at = at;
        }
        return true;
    case INTAKE_BIBTEX:
        if (!hold(in, err))
            return false;
        bibtex_begin(&in->bib, buf_span(&in->ahead), in->held);
        return true;
    case INTAKE_DEADLINES:
        return open_deadlines(in, err);
    default:
        return true;
    }
}

bool intake_open(struct intake **out, const char *path, struct err *err)
{
    struct intake *in = mem_get(sizeof *in);
    if (!in)
        return fail_memory(err);
    snprintf(in->path, sizeof in->path, "%s", path);
    buf_init(&in->ahead, RECORD + (512 << 10));
    read_name(in, path);
    if (lines_open(&in->lines, path, CORPUS_LINE, err) && open_form(in, err)) {
        *out = in;
        return true;
    }
    intake_close(in);
    return false;
}

void intake_close(struct intake *in)
{
    if (!in)
        return;
    if (in->xml) {
        feed_end(&in->feed);
        xml_close(in->xml);
    }
    lines_close(in->lines);
    buf_clear(&in->ahead);
    arena_free(in->held);
    mem_free(in);
}

enum intake_form intake_form(const struct intake *in)
{
    return in->form;
}

const char *intake_form_name(const struct intake *in)
{
    static const char *const forms[] = {[INTAKE_ATOM] = "Atom",   [INTAKE_RSS] = "RSS",
                                        [INTAKE_OAI] = "OAI-PMH", [INTAKE_OPML] = "OPML",
                                        [INTAKE_JSON] = "JSON",   [INTAKE_BIBTEX] = "BibTeX",
                                        [INTAKE_IDS] = "ids",     [INTAKE_DEADLINES] = "deadlines"};
    static const char *const kinds[] = {
        [JSON_OTHER] = "JSON",          [JSON_SNAPSHOT] = "arXiv snapshot", [JSON_OPENREVIEW] = "OpenReview",
        [JSON_S2] = "Semantic Scholar", [JSON_HF] = "Hugging Face",         [JSON_PAPERLISTS] = "Paperlists",
        [JSON_CORPUS] = "JSON lines"};
    return in->form == INTAKE_JSON ? kinds[in->kind] : forms[in->form];
}

uint64_t intake_number(const struct intake *in, bool *is_line)
{
    *is_line = in->form != INTAKE_DEADLINES && (in->form != INTAKE_JSON || in->by_lines);
    return in->number;
}

void intake_progress(const struct intake *in, uint64_t *read, uint64_t *size)
{
    lines_progress(in->lines, read, size);
}
