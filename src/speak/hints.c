/* Grams: one word, two words beside each other, four Chinese characters in a row. Those of the draft are put
 * in a table; each text that was written before is read once and ticks what it holds. Shared grams that touch
 * are one run; a run is told of when it holds a word that is not common. */
#include "speak/hints.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "codec/utf8.h"
#include "speak/drafts.h"
#include "ui/assets.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { GRAMS_MOST = 60000, HAN_RUN = 4, WORD_LEAST = 3, HAN_FIRST = 0x2E80 };

/* Words ---------------------------------------------------------------------------------------------- */
struct word {
    struct span at;
    bool han; /* one Chinese character (kana, hangul): words there have no blanks between */
};

static bool in_word(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '\'' || (c >= 0xC0 && c < 0x2000);
}

static bool is_han(int32_t c)
{
    return c >= HAN_FIRST && !(c >= 0x3000 && c <= 0x303F) && !(c >= 0xFF00 && c <= 0xFF65);
}

/* The next word of *rest; *rest goes on behind it. Marks around a word are not of it. */
static bool word_next(struct span *rest, struct word *out)
{
    while (rest->n) {
        struct span start = *rest, before = *rest;
        int32_t c = utf8_next(rest);
        if (is_han(c)) {
            *out = (struct word){{start.p, start.n - rest->n}, true};
            return true;
        }
        if (!in_word(c))
            continue;
        while (rest->n) {
            before = *rest;
            if (!in_word(utf8_next(rest))) {
                *rest = before;
                break;
            }
        }
        struct span word = {start.p, start.n - rest->n};
        while (word.n && (word.p[0] == '-' || word.p[0] == '\''))
            word = span_from(word, 1);
        while (word.n && (word.p[word.n - 1] == '-' || word.p[word.n - 1] == '\''))
            word.n--;
        if (!word.n)
            continue;
        *out = (struct word){word, false};
        return true;
    }
    return false;
}

static struct span lowered(struct arena *arena, struct span text)
{
    struct span out = arena_span(arena, text);
    char *p = (char *)(uintptr_t)out.p;
    for (size_t i = 0; p && i < out.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] - 'A' + 'a');
    return out;
}

static bool is_common(struct span word)
{
    struct span rest = asset_find(SPAN("common.txt"))->bytes, line;
    char low[24];
    if (word.n >= sizeof low)
        return false;
    for (size_t i = 0; i < word.n; i++)
        low[i] = (char)(word.p[i] >= 'A' && word.p[i] <= 'Z' ? word.p[i] - 'A' + 'a' : word.p[i]);
    while (span_cut(&rest, '\n', &line))
        if (span_eq(line, (struct span){low, word.n}))
            return true;
    return false;
}

static bool all_digits(struct span word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return true;
}

/* A word by which one may be known. A year or a time says little. */
static bool tells(struct span word)
{
    return word.n >= WORD_LEAST && !(all_digits(word) && word.n <= 4) && !is_common(word);
}

/* Grams ---------------------------------------------------------------------------------------------- */
/* The gram that ends with the newest word of `last` (a ring of HAN_RUN), as a key; one word when `alone`. */
struct ring {
    struct word word[HAN_RUN];
    size_t n;
};

static void ring_put(struct ring *r, struct word w)
{
    r->word[r->n++ % HAN_RUN] = w;
}

static const struct word *ring_back(const struct ring *r, size_t back)
{
    return back < r->n ? &r->word[(r->n - 1 - back) % HAN_RUN] : NULL;
}

/* A key of the pair or of the four, in `key`; where it begins. False: there is none. */
static bool gram_of(const struct ring *r, struct buf *key, const char **from)
{
    const struct word *newest = ring_back(r, 0), *before = ring_back(r, 1);
    buf_reset(key);
    if (!newest->han) {
        if (!before || before->han)
            return false;
        buf_add(key, before->at);
        buf_add_byte(key, ' ');
        buf_add(key, newest->at);
        *from = before->at.p;
        return true;
    }
    for (size_t back = HAN_RUN; back-- > 0;) {
        const struct word *w = ring_back(r, back);
        const struct word *next = back ? ring_back(r, back - 1) : NULL;
        if (!w || !w->han || (next && next->at.p != w->at.p + w->at.n))
            return false;
        buf_add(key, w->at);
        if (back == HAN_RUN - 1)
            *from = w->at.p;
    }
    return true;
}

/* Places of the draft by gram: map → index of the gram. */
struct gram {
    struct span key;
    int64_t texts; /* that hold it */
    int64_t last;  /* the text it was ticked for last, so that it counts once */
};
struct grams {
    struct arena *arena;
    struct map map;
    struct {
        struct gram *at;
        size_t n, room;
    } list;
};

static bool gram_add(struct grams *g, struct span key, struct err *err)
{
    if (map_find(&g->map, key))
        return true;
    struct span kept = arena_span(g->arena, key);
    struct gram *gram = kept.p ? VEC_PUSH(g->arena, &g->list) : NULL;
    if (!gram)
        return fail_memory(err);
    *gram = (struct gram){.key = kept, .last = -1};
    int64_t *at = map_at(&g->map, kept);
    if (at)
        *at = (int64_t)g->list.n; /* 0: none */
    return true;                  /* a draft of more grams than the table takes is compared in part */
}

static void gram_tick(struct grams *g, struct span key, int64_t text)
{
    int64_t *at = map_find(&g->map, key);
    if (!at || *at == 0 || g->list.at[*at - 1].last == text)
        return;
    g->list.at[*at - 1].last = text;
    g->list.at[*at - 1].texts++;
}

static bool draft_grams(struct grams *g, struct span low, struct err *err)
{
    struct ring ring = {.n = 0};
    struct word w;
    const char *from;
    AUTO_BUF struct buf key;
    buf_init(&key, 64 * 1024);
    while (word_next(&low, &w)) {
        ring_put(&ring, w);
        if (!w.han && !gram_add(g, w.at, err))
            return false;
        if (gram_of(&ring, &key, &from) && !gram_add(g, buf_span(&key), err))
            return false;
    }
    return buf_ok(&key, err);
}

static bool tick_text(struct grams *g, struct span text, int64_t number, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct ring ring = {.n = 0};
    struct word w;
    const char *from;
    AUTO_BUF struct buf key;
    buf_init(&key, 64 * 1024);
    struct span low = arena ? lowered(arena, text) : (struct span){0};
    if (!low.p)
        return fail_memory(err);
    while (word_next(&low, &w)) {
        ring_put(&ring, w);
        if (!w.han)
            gram_tick(g, w.at, number);
        if (gram_of(&ring, &key, &from))
            gram_tick(g, buf_span(&key), number);
    }
    return true;
}

static int64_t texts_of(const struct grams *g, struct span key)
{
    const int64_t *at = map_find(&g->map, key);
    return at && *at ? g->list.at[*at - 1].texts : 0;
}

/* Runs ----------------------------------------------------------------------------------------------- */
struct run {
    const char *from, *to; /* in the draft, lowered */
    int64_t in;            /* the fewest texts that any gram of it is in */
    bool tells;
};
struct finding_runs {
    struct arena *arena;
    struct hints *out;
    struct span draft, low;
    enum hint_where where;
    int64_t of;
    struct run run;
    struct span said; /* every run that was told of, lowered, a line each */
};

/* Tell of the run that ended, once. */
static bool run_end(struct finding_runs *f, struct err *err)
{
    struct run run = f->run;
    f->run = (struct run){0};
    if (!run.from || !run.tells)
        return true;
    struct span low = {run.from, (size_t)(run.to - run.from)};
    struct span words = {f->draft.p + (run.from - f->low.p), low.n};
    AUTO_BUF struct buf shown;
    buf_init(&shown, 64 * 1024);
    utf8_clean(&shown, words);
    for (size_t i = 0; i < f->out->n; i++)
        if (f->out->at[i].where == f->where && span_eq_nocase(span_of(f->out->at[i].words), buf_span(&shown)))
            return true;
    if (f->out->n == HINTS_MOST) {
        f->out->more = true;
        return true;
    }
    struct hint *hint = VEC_PUSH(f->arena, f->out);
    if (!hint)
        return fail_memory(err);
    *hint = (struct hint){
        .words = arena_text(f->arena, buf_span(&shown)), .where = f->where, .in = run.in, .of = f->of};
    return hint->words || fail_memory(err);
}

static bool run_add(struct finding_runs *f, const char *from, const char *to, int64_t in, bool tells_much,
                    struct err *err)
{
    if (f->run.from && from > f->run.to && !run_end(f, err))
        return false;
    if (!f->run.from)
        f->run = (struct run){.from = from, .in = in};
    f->run.to = to;
    f->run.tells |= tells_much;
    if (in < f->run.in)
        f->run.in = in;
    return true;
}

static bool find_runs(struct finding_runs *f, const struct grams *g, struct err *err)
{
    struct span rest = f->low;
    struct ring ring = {.n = 0};
    struct word w;
    const char *from;
    AUTO_BUF struct buf key;
    buf_init(&key, 64 * 1024);
    while (word_next(&rest, &w)) {
        ring_put(&ring, w);
        const struct word *before = ring_back(&ring, 1);
        int64_t in = gram_of(&ring, &key, &from) ? texts_of(g, buf_span(&key)) : 0;
        bool much = w.han || tells(w.at) || (before && !before->han && tells(before->at));
        if (in > 0 && !run_add(f, from, w.at.p + w.at.n, in, much, err))
            return false;
        in = w.han ? 0 : texts_of(g, w.at);
        if (in > 0 && tells(w.at) && !run_add(f, w.at.p, w.at.p + w.at.n, in, true, err))
            return false;
    }
    return run_end(f, err);
}

bool hints_shared(struct arena *arena, struct span draft, const struct own_texts *texts,
                  enum hint_where where, struct hints *out, struct err *err)
{
    struct grams g = {.arena = arena};
    struct finding_runs f = {
        .arena = arena, .out = out, .draft = draft, .where = where, .of = (int64_t)texts->n};
    map_init(&g.map, arena, GRAMS_MOST);
    f.low = lowered(arena, draft);
    if (!f.low.p)
        return fail_memory(err);
    if (!draft_grams(&g, f.low, err))
        return false;
    for (size_t i = 0; i < texts->n; i++)
        if (!tick_text(&g, texts->at[i], (int64_t)i, err))
            return false;
    return find_runs(&f, &g, err);
}

/* Names ---------------------------------------------------------------------------------------------- */
/* Each word of a name that is no common one; a Chinese name as it stands. */
static bool names_in(struct app *app, const char *name, enum hint_where where, struct span draft,
                     struct hints *out, struct err *err)
{
    struct span rest = span_of(name ? name : ""), low = lowered(app->arena, draft);
    struct word w, d;
    if (!low.p)
        return fail_memory(err);
    struct own_texts one = {0};
    struct span *text = VEC_PUSH(app->arena, &one);
    if (!text)
        return fail_memory(err);
    bool han = false;
    while (word_next(&rest, &w)) {
        han |= w.han;
        struct span in = low, name_low = lowered(app->arena, w.at);
        if (!name_low.p)
            return fail_memory(err);
        for (bool told = false; !told && !w.han && w.at.n >= 2 && !is_common(w.at) && word_next(&in, &d);)
            if (!d.han && span_eq(d.at, name_low)) {
                struct hint *hint = VEC_PUSH(app->arena, out);
                if (!hint)
                    return fail_memory(err);
                told = true;
                *hint = (struct hint){.words = arena_text(app->arena, w.at), .where = where};
            }
    }
    struct span whole = span_trim(span_of(name ? name : ""));
    if (!han || whole.n < 2 * 3 || span_find(draft, whole) < 0)
        return true;
    struct hint *hint = VEC_PUSH(app->arena, out);
    if (!hint)
        return fail_memory(err);
    *hint = (struct hint){.words = arena_text(app->arena, whole), .where = where};
    return true;
}

/* All of it ------------------------------------------------------------------------------------------ */
static bool notes(struct app *app, int64_t but, struct own_texts *out, struct err *err)
{
    struct drafts all = {0};
    if (!drafts_list(app->db, app->arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        if (all.at[i].id == but)
            continue;
        struct span *text = VEC_PUSH(app->arena, out);
        if (!text)
            return fail_memory(err);
        *text = all.at[i].text;
    }
    return true;
}

static bool commits_of(struct app *app, struct own_texts *out, struct err *err)
{
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->own_texts && !(*room)->own_texts(app, out, err))
            return false;
    return true;
}

/* In how many posts here the words stand. Fewer than three letters the index cannot tell. */
static bool count_board(struct db *db, struct hint *hint, struct err *err)
{
    AUTO_BUF struct buf match;
    struct err none = {0};
    buf_init(&match, 128 * 1024);
    buf_add_byte(&match, '"');
    for (const char *p = hint->words; *p; p++) {
        if (*p == '"')
            buf_add_byte(&match, '"');
        buf_add_byte(&match, *p);
    }
    buf_add_byte(&match, '"');
    if (utf8_length(span_of(hint->words)) < WORD_LEAST)
        return true;
    return db_number(db, &hint->board, 0, &none, "select count(*) from post_words where post_words match $1",
                     V_TEXT(buf_span(&match))) ||
           none.code != E_MEMORY || fail_memory(err);
}

bool hints_find(struct app *app, const struct known *known, struct span draft, int64_t draft_id, bool commits,
                struct hints *out, struct err *err)
{
    struct own_texts mine = {0}, said = {0};
    *out = (struct hints){0};
    if (known && (!names_in(app, known->own_name, HINT_NAME, draft, out, err) ||
                  !names_in(app, known->name, HINT_LAB, draft, out, err) ||
                  !names_in(app, known->by, HINT_LAB, draft, out, err)))
        return false;
    if (!notes(app, draft_id, &mine, err) || !hints_shared(app->arena, draft, &mine, HINT_NOTES, out, err) ||
        (commits &&
         (!commits_of(app, &said, err) || !hints_shared(app->arena, draft, &said, HINT_COMMITS, out, err))))
        return false;
    out->commits = (int64_t)said.n;
    for (size_t i = 0; i < out->n; i++) {
        if (!out->at[i].words)
            return fail_memory(err);
        if (!count_board(app->db, &out->at[i], err))
            return false;
    }
    return true;
}

void hint_say(struct buf *out, struct arena *arena, const struct hint *hint)
{
    const char *pattern[] = {
        [HINT_NAME] = tr("post.match.name", "“{words}” is in your own name."),
        [HINT_LAB] = tr("post.match.lab", "“{words}” is in the name of the lab, or of who runs it."),
        [HINT_NOTES] = tr("post.match.notes", "“{words}” is also in your notes."),
        [HINT_COMMITS] = tr("post.match", "“{words}” is also in your commit messages."),
    };
    words_say(out, pattern[hint->where], {"words", hint->words});
    if (!hint->of)
        return;
    if (words_lang() == LANG_EN)
        buf_add_byte(out, ' ');
    if (!hint->board) {
        words_say(out, tr("post.match.rarest", "(in {k} of {n}; in no post on the board here)"),
                  {"k", say_number(arena, hint->in)}, {"n", say_number(arena, hint->of)});
        return;
    }
    words_say(out,
              trn("post.match.rare", "(in {k} of {n}; on the board here in {b} post)",
                  "(in {k} of {n}; on the board here in {b} posts)", (unsigned long)hint->board),
              {"k", say_number(arena, hint->in)}, {"n", say_number(arena, hint->of)},
              {"b", say_number(arena, hint->board)});
}
