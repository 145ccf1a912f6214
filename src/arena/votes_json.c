/* Votes of JSON: a list of battles, lines of records, a raw log, or one object of counts. A record is cut out
 * of the stream by its brackets; of its members the few that are wanted are read, conversations are passed
 * over unless prompts or style are asked for and nothing shorter says them. */
#include <ctype.h>
#include <stdio.h>

#include "arena/style.h"
#include "arena/vote_category.h"
#include "arena/votes_read.h"
#include "base/words.h"
#include "codec/json_scan.h"
#include "codec/scan.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { PROMPT_MOST = 10000, TEXT_MOST = 16 << 20, COUNT_MOST = 1 << 30 };

/* Texts of one record, without their escapes. */
struct texts {
    struct buf a, b, winner, cluster[CLUSTERS_MOST], other;
};

static void texts_init(struct texts *t)
{
    buf_init(&t->a, TEXT_MOST);
    buf_init(&t->b, TEXT_MOST);
    buf_init(&t->winner, TEXT_MOST);
    buf_init(&t->cluster[0], TEXT_MOST);
    buf_init(&t->cluster[1], TEXT_MOST);
    buf_init(&t->other, TEXT_MOST);
}

static void texts_reset(struct texts *t)
{
    buf_reset(&t->a);
    buf_reset(&t->b);
    buf_reset(&t->winner);
    buf_reset(&t->cluster[0]);
    buf_reset(&t->cluster[1]);
    buf_reset(&t->other);
}

static void texts_clear(struct texts *t)
{
    buf_clear(&t->a);
    buf_clear(&t->b);
    buf_clear(&t->winner);
    buf_clear(&t->cluster[0]);
    buf_clear(&t->cluster[1]);
    buf_clear(&t->other);
}

static bool broken(struct votes *v, uint64_t line, struct err *err)
{
    if (v->ask.skip_bad)
        return votes_leave(v, LEFT_BROKEN, line), true;
    return fail(err, E_FORMAT,
                tr("err.arena.json",
                   "The record that begins on line %llu cannot be read as a vote. --skip-bad "
                   "leaves such records out."),
                (unsigned long long)line);
}

/* ---- prompts and answers ---- */

/* Append what a turn says: "content" is a text, or a list of {type, text}. */
static void turn_text(struct span turn, struct buf *out)
{
    struct span content, part, text;
    bool bad;
    if (!json_find(turn, "content", &content))
        return;
    if (json_text(content, out) || content.n == 0 || content.p[0] != '[')
        return;
    while (json_element(&content, &part, &bad))
        if (json_find(part, "text", &text))
            json_text(text, out);
}

static bool turn_is(struct span turn, const char *role)
{
    struct span r;
    return json_find(turn, "role", &r) && r.n >= 2 && span_is(span_first(span_from(r, 1), r.n - 2), role);
}

static void turns(struct span conversation, const char *role, struct buf *out)
{
    struct span turn;
    bool bad;
    if (conversation.n == 0 || conversation.p[0] != '[')
        return;
    while (json_element(&conversation, &turn, &bad))
        if (turn_is(turn, role)) {
            turn_text(turn, out);
            buf_add_byte(out, '\n');
        }
}

/* All that the person wrote, cut and with runs of blanks made one, in small letters: the same prompt sent
 * again is the same cluster. */
static void prompt_of(struct span record, struct buf *out)
{
    struct span conversation;
    AUTO_BUF struct buf raw;
    buf_init(&raw, TEXT_MOST);
    if (!json_find(record, "conversation_a", &conversation))
        return;
    turns(conversation, "user", &raw);
    struct span text = span_first(span_trim(buf_span(&raw)), PROMPT_MOST);
    for (size_t i = 0; i < text.n; i++) {
        bool blank = isspace((unsigned char)text.p[i]);
        if (!blank)
            buf_add_byte(out, (char)tolower((unsigned char)text.p[i]));
        else if (i && !isspace((unsigned char)text.p[i - 1]))
            buf_add_byte(out, ' ');
    }
}

/* ---- style ---- */

static double sum_of(struct span object)
{
    struct span key, value;
    bool bad;
    double sum = 0, x;
    if (object.n == 0 || object.p[0] != '{')
        return json_number(object, &x) ? x : 0;
    while (json_member(&object, &key, &value, &bad))
        if (json_number(value, &x))
            sum += x;
    return sum;
}

/* Counts that the publisher made, for side 'a' or 'b'. */
static bool counted_style(struct span meta, char side, struct style_counts *out)
{
    char key[40];
    struct span value;
    double *to[] = {&out->length, &out->headers, &out->lists, &out->bold};
    static const char *const named[] = {"sum_assistant_%c_tokens", "header_count_%c", "list_count_%c",
                                        "bold_count_%c"};
    for (int i = 0; i < STYLE_MOST; i++) {
        const char *at = strchr(named[i], '%');
        snprintf(key, sizeof key, "%.*s%c%s", (int)(at - named[i]), named[i], side, at + 2);
        if (!json_find(meta, key, &value))
            return false;
        *to[i] = sum_of(value);
    }
    return true;
}

static bool measured_style(struct span record, const char *conversation, struct style_counts *out,
                           struct buf *work)
{
    struct span turns_of;
    if (!json_find(record, conversation, &turns_of))
        return false;
    buf_reset(work);
    turns(turns_of, "assistant", work);
    style_count(buf_span(work), out);
    return !work->failed;
}

static bool style_of(struct span record, struct buf *work, float out[static STYLE_MOST])
{
    struct style_counts a = {0}, b = {0};
    struct span meta;
    if (!(json_find(record, "conv_metadata", &meta) && counted_style(meta, 'a', &a) &&
          counted_style(meta, 'b', &b))) {
        a = b = (struct style_counts){0};
        if (!measured_style(record, "conversation_a", &a, work) ||
            !measured_style(record, "conversation_b", &b, work))
            return false;
    }
    style_compare(&a, &b, out);
    return true;
}

/* ---- one record ---- */

/* The text or number under `key`, as text. */
static bool plain(struct span record, const char *key, struct buf *out)
{
    struct span value;
    if (!json_find(record, key, &value))
        return false;
    if (!json_text(value, out) && !out->failed && value.p[0] != '{' && value.p[0] != '[' &&
        !span_is(value, "null"))
        buf_add(out, value);
    return true;
}

static void row_name(struct span record, struct buf *out)
{
    if (plain(record, "question_id", out) || plain(record, "id", out))
        return;
    uint64_t hash = labels_hash(record);
    buf_add(out, span_bytes(&hash, sizeof hash));
}

static void day_name(struct votes *v, struct span record, struct buf *out)
{
    int64_t day;
    AUTO_BUF struct buf time;
    buf_init(&time, TEXT_MOST);
    if ((plain(record, "tstamp", &time) || plain(record, "timestamp", &time)) &&
        votes_day(buf_span(&time), &day, &v->time_kind))
        buf_printf(out, "%lld", (long long)day);
}

static void cluster_of(struct votes *v, struct span record, int which, struct buf *out)
{
    const char *name = v->ask.cluster[which];
    static const char *const voters[] = {"judge", "worker", "voter", "user", "annotator", "ip", NULL},
                             *const sessions[] = {"evaluation_session_id", "session", "session_id", NULL};
    const char *const *more = strcmp(name, "voter") == 0     ? voters
                              : strcmp(name, "session") == 0 ? sessions
                                                             : (const char *const[]){name, NULL};
    for (; *more; more++)
        if (plain(record, *more, out)) {
            v->cluster_column[which] = *more;
            return;
        }
    if (strcmp(name, "row") == 0) {
        row_name(record, out);
        return;
    }
    if (strcmp(name, "day") == 0 || (which == 0 && v->ask.or_day)) {
        day_name(v, record, out);
        v->cluster_column[which] = "day";
        return;
    }
    if (strcmp(name, "prompt") == 0) {
        prompt_of(record, out);
        v->cluster_column[which] = "prompt";
    }
}

/* FastChat's public rules: names hidden, and chosen where the same prompt came too often. */
static bool wanted(struct votes *v, struct span record, uint64_t line)
{
    struct span value, sampled;
    bool yes;
    if (json_find(record, "anony", &value) && json_bool(value, &yes) && !yes)
        return votes_leave(v, LEFT_NOT_ANON, line), false;
    if (v->ask.category && !category_has_record(v->ask.category, record))
        return votes_leave(v, LEFT_CATEGORY, line), false;
    if (json_find(record, "dedup_tag", &value) && json_find(value, "sampled", &sampled) &&
        json_bool(sampled, &yes) && !yes)
        return votes_leave(v, LEFT_SAMPLED, line), false;
    return true;
}

static bool finish(struct votes *v, struct span record, struct texts *t, struct vote *vote, uint64_t line,
                   struct err *err)
{
    for (int c = 0; c < v->ask.clusters; c++) {
        cluster_of(v, record, c, &t->cluster[c]);
        vote->cluster[c] = buf_span(&t->cluster[c]);
    }
    if (v->ask.style && !style_of(record, &t->other, vote->style))
        return votes_leave(v, LEFT_STYLE, line), true;
    v->has_style = v->has_style || v->ask.style;
    vote->many = 1;
    return votes_add(v, vote, line, err);
}

static bool battle(struct votes *v, struct span record, struct texts *t, uint64_t line, struct err *err)
{
    struct vote vote = {0};
    if (!plain(record, "model_a", &t->a) || !plain(record, "model_b", &t->b) ||
        !plain(record, "winner", &t->winner))
        return broken(v, line, err);
    if (!wanted(v, record, line))
        return true;
    if (!votes_outcome(buf_span(&t->winner), &vote.outcome))
        return votes_bad_outcome(v, buf_span(&t->winner), line, err);
    vote.a = buf_span(&t->a);
    vote.b = buf_span(&t->b);
    return finish(v, record, t, &vote, line, err);
}

/* The name within element `which` of a list: a text, or an object's model_name. */
static void name_in(struct span list, int which, struct buf *out)
{
    struct span value;
    bool bad;
    if (list.n == 0 || list.p[0] != '[')
        return;
    for (int i = 0; json_element(&list, &value, &bad); i++)
        if (i == which && !json_text(value, out))
            plain(value, "model_name", out);
}

static bool log_outcome(struct span type, enum vote_outcome *out)
{
    static const char *const types[] = {"\"leftvote\"", "\"rightvote\"", "\"tievote\"", "\"bothbad_vote\""};
    for (int i = 0; i < 4; i++)
        if (span_is(type, types[i])) {
            *out = (enum vote_outcome)i;
            return true;
        }
    return false;
}

/* A line of the raw log: in a blind battle `models` is empty and `states` knows who answered. */
static bool log_line(struct votes *v, struct span record, struct texts *t, uint64_t line, struct err *err)
{
    struct vote vote = {0};
    struct span type, models = {NULL, 0}, states = {NULL, 0};
    if (!json_find(record, "type", &type))
        return broken(v, line, err);
    if (!log_outcome(type, &vote.outcome))
        return votes_leave(v, LEFT_NOT_VOTE, line), true;
    json_find(record, "models", &models);
    json_find(record, "states", &states);
    if (v->ask.category)
        return votes_leave(v, LEFT_CATEGORY, line), true; /* a log has no prompts to judge by */
    name_in(models, 0, &t->a);
    name_in(models, 1, &t->b);
    if (t->a.n || t->b.n)
        return votes_leave(v, LEFT_NOT_ANON, line), true;
    name_in(states, 0, &t->a);
    name_in(states, 1, &t->b);
    vote.a = buf_span(&t->a);
    vote.b = buf_span(&t->b);
    return finish(v, record, t, &vote, line, err);
}

/* ---- counts ---- */

static bool add_count(struct votes *v, const struct labels *names, int64_t i, int64_t j, enum vote_outcome y,
                      int64_t many, struct err *err)
{
    if (many == 0)
        return true;
    return votes_add(v, &(struct vote){.a = names->text[i], .b = names->text[j], .outcome = y, .many = many},
                     1, err);
}

static bool counts_broken(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.arena.counts", "The file's pair counts do not fit its list of models."));
}

/* A list of whole numbers, exactly `n` or, with `least`, at least that many. */
static size_t numbers(struct span list, int64_t *out, size_t most)
{
    struct span value;
    bool bad;
    size_t n = 0;
    if (list.n == 0 || list.p[0] != '[')
        return 0;
    while (json_element(&list, &value, &bad)) {
        if (n == most || !json_int(value, &out[n]))
            return 0;
        n++;
    }
    return bad ? 0 : n;
}

static bool leaderbot(struct votes *v, struct span models, struct span pairs, struct span counts,
                      struct texts *t, struct err *err)
{
    struct labels names;
    struct span value, x, y;
    uint32_t number;
    bool bad, ok = true;
    labels_init(&names, v->arena, true, MODELS_MOST);
    while (ok && json_element(&models, &value, &bad)) {
        buf_reset(&t->a);
        ok = json_text(value, &t->a) ? labels_at(&names, buf_span(&t->a), &number, err) : counts_broken(err);
    }
    while (ok && json_element(&pairs, &x, &bad)) {
        int64_t ij[2], n[4] = {0};
        bool fits = json_element(&counts, &y, &bad) && numbers(x, ij, 2) == 2 && numbers(y, n, 4) >= 3;
        for (int k = 0; fits && k < 2; k++)
            fits = ij[k] >= 0 && ij[k] < (int64_t)names.n;
        for (int k = 0; fits && k < 4; k++)
            fits = n[k] >= 0 && n[k] <= COUNT_MOST;
        ok = fits || counts_broken(err);
        for (int k = 0; ok && k < 4; k++)
            ok = add_count(v, &names, ij[0], ij[1], (enum vote_outcome)k, n[k], err);
    }
    labels_clear(&names);
    return ok;
}

static bool choix(struct votes *v, struct span items, struct span data, struct err *err)
{
    struct labels names;
    struct span value;
    uint32_t number;
    int64_t n, ij[2];
    bool bad, ok = json_int(items, &n) && n >= 0 && n <= MODELS_MOST;
    labels_init(&names, v->arena, true, MODELS_MOST);
    for (int64_t i = 0; ok && i < n; i++) {
        char name[24];
        snprintf(name, sizeof name, "%lld", (long long)i);
        ok = labels_at(&names, span_of(name), &number, err);
    }
    while (ok && json_element(&data, &value, &bad)) {
        ok = (numbers(value, ij, 2) == 2 && ij[0] >= 0 && ij[0] < n && ij[1] >= 0 && ij[1] < n) ||
             counts_broken(err);
        ok = ok && add_count(v, &names, ij[0], ij[1], VOTE_A, 1, err);
    }
    labels_clear(&names);
    return ok || (err->code == E_NONE && counts_broken(err));
}

/* One object that holds it all, if it is one. */
static bool counts(struct votes *v, struct span record, struct texts *t, bool *was, struct err *err)
{
    struct span one, two, three;
    bool leader =
        json_find(record, "models", &one) && json_find(record, "X", &two) && json_find(record, "Y", &three);
    *was = leader || (json_find(record, "n_items", &one) && json_find(record, "data", &two));
    if (!*was)
        return true;
    v->format = leader ? VOTES_LEADERBOT : VOTES_CHOIX;
    v->counted = true;
    if (v->ask.style || v->ask.side || v->ask.clusters || v->ask.keep || v->ask.category)
        return fail(err, E_USAGE,
                    tr("err.arena.counted", "This file holds counts, not votes: there is no style in it, no "
                                            "voters, no sides and no prompts."));
    return leader ? leaderbot(v, one, two, three, t, err) : choix(v, one, two, err);
}

/* ---- the stream ---- */

static bool one_record(struct votes *v, struct span record, struct texts *t, bool first, bool list,
                       uint64_t line, struct err *err)
{
    struct span any;
    bool was = false;
    texts_reset(t);
    if (record.p[0] != '{')
        return broken(v, line, err);
    if (first && !list && !counts(v, record, t, &was, err))
        return false;
    if (was)
        return true;
    if (first)
        v->format = list                                                                     ? VOTES_FASTCHAT
                    : json_find(record, "type", &any) && !json_find(record, "model_a", &any) ? VOTES_LOG
                                                                                             : VOTES_LINES;
    bool ok = v->format == VOTES_LOG ? log_line(v, record, t, line, err) : battle(v, record, t, line, err);
    if (ok &&
        (t->a.failed || t->b.failed || t->winner.failed || t->cluster[0].failed || t->cluster[1].failed))
        return fail_memory(err);
    return ok;
}

static struct span ahead(const struct votes_feed *feed)
{
    return span_from(buf_span(&feed->in), feed->at);
}

/* Past white space and commas between records; *more says whether a record begins. A list that stops without
 * its bracket, or something that is no record, is an error. */
static bool to_record(struct votes_feed *feed, bool list, uint64_t *line, bool *more, struct err *err)
{
    struct span in;
    for (;;) {
        for (in = ahead(feed); in.n && (isspace((unsigned char)in.p[0]) || in.p[0] == ',');
             in = span_from(in, 1)) {
            *line += in.p[0] == '\n';
            feed->at++;
        }
        if (in.n || feed->end)
            break;
        if (!votes_more(feed, err))
            return false;
    }
    *more = in.n > 0 && !(list && in.p[0] == ']');
    if (*more && in.p[0] != '{' && in.p[0] != '[')
        return fail(err, E_FORMAT,
                    tr("err.arena.no_record", "On line %llu there is something that is no record."),
                    (unsigned long long)*line);
    if (list && in.n == 0)
        return fail(err, E_FORMAT, tr("err.arena.open_list", "The file breaks off: its list is not closed."));
    return true;
}

/* The whole record that begins here. */
static bool cut_record(struct votes_feed *feed, uint64_t line, struct span *record, struct err *err)
{
    struct json_cut cut = {0};
    size_t n;
    while (!json_cut_next(&cut, ahead(feed), &n)) {
        if (feed->end)
            return fail(err, E_FORMAT,
                        tr("err.arena.open_record", "The record that begins on line %llu breaks off."),
                        (unsigned long long)line);
        if (!votes_more(feed, err))
            return false;
    }
    *record = span_first(ahead(feed), n);
    feed->at += n;
    return true;
}

static bool records(struct votes *v, struct votes_feed *feed, struct texts *t, struct err *err)
{
    uint64_t line = 1;
    bool more;
    struct span front = buf_span(&feed->in), record = {0};
    feed->at += scan_lit(&front, SPAN("\xEF\xBB\xBF")) ? 3 : 0;
    if (!to_record(feed, false, &line, &more, err))
        return false;
    bool list = more && ahead(feed).p[0] == '[';
    feed->at += list;
    for (bool first = true;; first = false) {
        if (!to_record(feed, list, &line, &more, err))
            return false;
        if (!more)
            return true;
        if (!cut_record(feed, line, &record, err) || !one_record(v, record, t, first, list, line, err))
            return false;
        const char *end = record.p + record.n;
        for (const char *p = record.p; (p = memchr(p, '\n', (size_t)(end - p))); p++)
            line++;
    }
}

bool votes_read_json(struct votes *v, struct votes_feed *feed, struct err *err)
{
    struct texts t;
    texts_init(&t);
    bool ok = records(v, feed, &t, err);
    texts_clear(&t);
    return ok;
}
