/* Threads put together from rows. A name is a word made of the thread and the key that signed: two keys with
 * one word in a thread are told apart by a number, in the order of the log, so that all members see the same
 * names. Numbers are worked out over the whole thread each time, since a batch may come late. */
#include "speak/board.h"

#include <stdio.h>
#include <stdlib.h>

#include "anon/batches.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "base/vec.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "ui/word_list.h"

#include "base/banned.h"

enum { NAMES_SHOWN = 8, SHORT_WORD = 3, TITLE_COLUMNS = 240 /* 120 characters, each two wide */ };

static bool read_all(const struct err *inner, struct err *err)
{
    return inner->code == E_NONE || fail(err, inner->code, "%s", inner->text);
}

static bool get_id(struct stmt *q, int column, uint8_t out[static 16], struct err *err)
{
    struct span id = db_text(q, column);
    if (id.n != 16)
        return fail(err, E_FORMAT, tr("err.speak.row", "A row of the board that is kept here is damaged."));
    memcpy(out, id.p, 16);
    return true;
}

static bool keep(struct arena *arena, struct span text, struct span *out, struct err *err)
{
    *out = arena_span(arena, text.p ? text : SPAN(""));
    return out->p || fail_memory(err);
}

/* What heads a thread: a title whole, the first line of a post that has none up to the length a title may
 * have. A line can be as long as a post, and would fill the list of threads. */
static bool keep_title(struct arena *arena, struct span text, struct span *out, struct err *err)
{
    struct span front = utf8_front(text, TITLE_COLUMNS);
    if (front.n == text.n)
        return keep(arena, text, out, err);
    AUTO_BUF struct buf cut;
    buf_init(&cut, front.n + 8);
    buf_add(&cut, span_trim(front));
    buf_add_text(&cut, "…");
    return buf_ok(&cut, err) && keep(arena, buf_span(&cut), out, err);
}

/* Own acts ------------------------------------------------------------------------------------------- */
/* What was written on this computer: ids of items, and of what "me too" was said to. */
struct own {
    struct ids {
        uint8_t (*at)[16];
        size_t n, room;
    } items, metoo;
};

static bool own_add(struct arena *arena, struct own *own, const struct outbox_act *act, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    uint8_t target[16];
    if (act->tries) {
        uint8_t(*id)[16] = VEC_PUSH(arena, &own->items);
        if (!id)
            return fail_memory(err);
        memcpy(*id, act->item, 16);
    }
    if (!span_is(act->kind, "metoo") || act->state == ACT_REFUSED || act->state == ACT_GIVEN_UP ||
        !canon_read(act->act, ITEM_LARGE, &o, &none) || !canon_hex(o, "target", target, 16, &none))
        return true;
    uint8_t(*id)[16] = VEC_PUSH(arena, &own->metoo);
    if (!id)
        return fail_memory(err);
    memcpy(*id, target, 16);
    return true;
}

static bool own_load(struct db *db, struct arena *arena, struct own *own, struct err *err)
{
    struct outbox all = {0};
    if (!outbox_list(db, arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!own_add(arena, own, &all.at[i], err))
            return false;
    return true;
}

static bool has(const struct ids *ids, const uint8_t id[static 16])
{
    for (size_t i = 0; i < ids->n; i++)
        if (memcmp(ids->at[i], id, 16) == 0)
            return true;
    return false;
}

/* Names ---------------------------------------------------------------------------------------------- */
struct writer {
    uint8_t pk[32], word;
    int number; /* 1: the first of this word in the thread */
    bool replied;
};
struct writers {
    struct writer *at;
    size_t n, room;
};

static const struct writer *writer_of(const struct writers *all, struct span pk)
{
    for (size_t i = 0; i < all->n; i++)
        if (pk.n == 32 && memcmp(all->at[i].pk, pk.p, 32) == 0)
            return &all->at[i];
    return NULL;
}

static bool writer_add(struct arena *arena, struct writers *all, const uint8_t thread[static 16],
                       struct span pk, bool replied, struct err *err)
{
    struct writer *known = (struct writer *)(uintptr_t)writer_of(all, pk);
    if (known || pk.n != 32) {
        if (known)
            known->replied |= replied;
        return true;
    }
    struct writer *w = VEC_PUSH(arena, all);
    if (!w)
        return fail_memory(err);
    memcpy(w->pk, pk.p, 32);
    w->word = item_name(thread, w->pk);
    w->number = 1;
    w->replied = replied;
    for (size_t i = 0; i + 1 < all->n; i++)
        w->number += all->at[i].word == w->word;
    return true;
}

/* What a quiet time holds of the table post as `x`, when $2 asks for it. */
#define NOT_HELD \
    "($2 = 0 or not exists(select 1 from held h where h.source = 'board' and h.key = x.id and h.state = 0))"

static bool writers_load(struct db *db, struct arena *arena, const uint8_t thread[static 16], bool rest,
                         struct writers *out, int64_t *posts, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *posts = 0;
    if (!db_query(db, &q, err,
                  "select pk, begins, gone from post x where thread = $1 and " NOT_HELD " order by idx",
                  V_BLOB(span_bytes(thread, 16)), V_INT(rest)))
        return false;
    for (; db_next(q, &inner); ++*posts)
        if (!writer_add(arena, out, thread, db_text(q, 0), !db_int(q, 1) && !db_int(q, 2), err))
            return false;
    return read_all(&inner, err);
}

static const char *name_of(struct arena *arena, const struct writer *w)
{
    AUTO_BUF struct buf name;
    buf_init(&name, 256);
    if (!w)
        return "-";
    buf_add(&name, name_word(words_lang(), w->word));
    if (w->number > 1)
        buf_printf(&name, " %d", w->number);
    return arena_text(arena, buf_span(&name));
}

static bool names_fill(struct arena *arena, const struct writers *all, struct board_thread *t,
                       struct err *err)
{
    const char **names = arena_array(arena, NAMES_SHOWN + 1, sizeof *names);
    size_t n = 0;
    if (!names)
        return fail_memory(err);
    for (size_t i = 0; i < all->n; i++) {
        if (!all->at[i].replied)
            continue;
        if (n == NAMES_SHOWN)
            t->names_more++;
        else if (!(names[n++] = name_of(arena, &all->at[i])))
            return fail_memory(err);
    }
    t->names = names;
    return true;
}

/* Posts ---------------------------------------------------------------------------------------------- */
struct reading {
    struct db *db;
    struct arena *arena;
    bool rest;
    struct own own;
    struct moderate_states *decided; /* in the arena: posts point into it */
};

static bool reading_begin(struct reading *r, struct err *err)
{
    r->decided = ARENA_NEW(r->arena, struct moderate_states);
    return (r->decided || fail_memory(err)) && own_load(r->db, r->arena, &r->own, err) &&
           moderate_states(r->db, r->arena, r->decided, err);
}

/* Columns: idx, id, day, pk, text, gone, how many "me too". */
static bool read_post(struct reading *r, struct stmt *q, const struct writers *writers,
                      struct board_post *out, struct err *err)
{
    struct span pk = db_text(q, 3);
    out->index = db_int(q, 0);
    out->day = (day_t)db_int(q, 2);
    out->gone = db_int(q, 5) != 0;
    out->metoo = db_int(q, 6);
    if (pk.n == 32)
        memcpy(out->pk, pk.p, 32);
    out->name = name_of(r->arena, writer_of(writers, pk));
    if (!out->name)
        return fail_memory(err);
    if (!get_id(q, 1, out->id, err) || !keep(r->arena, db_text(q, 4), &out->text, err))
        return false;
    out->decided = moderate_of(r->decided, out->id);
    out->own = has(&r->own.items, out->id);
    out->metoo_here = has(&r->own.metoo, out->id);
    return true;
}

static bool posts_load(struct reading *r, struct board_thread *t, const struct writers *writers, int64_t most,
                       struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(r->db, &q, err,
                  "select x.idx, x.id, x.day, x.pk, x.text, x.gone, coalesce(m.n, 0) from post x left join "
                  "metoo m on m.target = x.id where x.thread = $1 and " NOT_HELD
                  " order by x.idx limit $3 offset $4",
                  V_BLOB(span_bytes(t->id, 16)), V_INT(r->rest), V_INT(most), V_INT(t->first_post)))
        return false;
    while (db_next(q, &inner)) {
        struct board_post *post = VEC_PUSH(r->arena, &t->posts);
        if (!post)
            return fail_memory(err);
        if (!read_post(r, q, writers, post, err))
            return false;
    }
    return read_all(&inner, err);
}

/* The row of a thread's first post; *there: it is here. */
static bool first_load(struct reading *r, struct board_thread *t, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(r->db, &q, err, "select title, part, day from post where id = $1 and begins = 1",
                  V_BLOB(span_bytes(t->id, 16))))
        return false;
    *there = db_next(q, &inner);
    if (!*there)
        return read_all(&inner, err);
    t->day = (day_t)db_int(q, 2);
    t->decided = moderate_of(r->decided, t->id);
    return keep_title(r->arena, db_text(q, 0), &t->title, err) &&
           keep(r->arena, db_text(q, 1), &t->part, err);
}

static bool thread_fill(struct reading *r, struct board_thread *t, int64_t most, bool *there, struct err *err)
{
    struct writers writers = {0};
    return first_load(r, t, there, err) &&
           (!*there || (writers_load(r->db, r->arena, t->id, r->rest, &writers, &t->posts_all, err) &&
                        names_fill(r->arena, &writers, t, err) && posts_load(r, t, &writers, most, err)));
}

bool board_thread(struct db *db, struct arena *arena, const uint8_t id[static 16], int64_t skip, int64_t most,
                  struct board_thread *out, bool *there, struct err *err)
{
    struct reading r = {.db = db, .arena = arena};
    *out = (struct board_thread){.first_post = skip};
    memcpy(out->id, id, 16);
    return reading_begin(&r, err) && thread_fill(&r, out, most, there, err);
}

bool board_one(struct db *db, struct arena *arena, const uint8_t id[static 16], struct board_post *out,
               uint8_t thread[static 16], bool *there, struct err *err)
{
    struct reading r = {.db = db, .arena = arena};
    struct writers writers = {0};
    struct err inner = {0};
    int64_t n;
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct board_post){0};
    if (!reading_begin(&r, err) ||
        !db_query(
            db, &q, err,
            "select p.idx, p.id, p.day, p.pk, p.text, p.gone, coalesce(m.n, 0), p.thread from post p join "
            "post b on b.id = p.thread and b.begins = 1 left join metoo m on m.target = p.id where p.id = $1",
            V_BLOB(span_bytes(id, 16))))
        return false;
    *there = db_next(q, &inner);
    if (!*there)
        return read_all(&inner, err);
    return get_id(q, 7, thread, err) && writers_load(db, arena, thread, false, &writers, &n, err) &&
           read_post(&r, q, &writers, out, err);
}

/* The list ------------------------------------------------------------------------------------------- */
/* A question to the index of words: each word as a phrase of its letters. "": no word is long enough for it,
 * so the texts themselves are looked through. */
static void match_of(const char *words, struct buf *out)
{
    struct span rest = span_of(words), word;
    while (rest.n) {
        span_cut(&rest, ' ', &word);
        size_t letters = 0;
        for (size_t i = 0; i < word.n; i++)
            letters += ((unsigned char)word.p[i] & 0xC0) != 0x80;
        if (letters < SHORT_WORD)
            continue;
        buf_add_text(out, out->n ? " \"" : "\"");
        for (size_t i = 0; i < word.n; i++) {
            if (word.p[i] == '"')
                buf_add_byte(out, '"');
            buf_add_byte(out, word.p[i]);
        }
        buf_add_byte(out, '"');
    }
}

/* The shortest words cannot be asked of the index: up to four are looked for in the text itself, in small
 * letters (of ASCII), as lower() makes them. */
enum { SHORT_WORDS = 4 };
static void short_words(struct arena *arena, const char *words, struct val out[static SHORT_WORDS])
{
    struct span rest = span_of(words), word;
    size_t n = 0;
    for (size_t i = 0; i < SHORT_WORDS; i++)
        out[i] = V_BLOB(SPAN(""));
    while (rest.n && n < SHORT_WORDS) {
        span_cut(&rest, ' ', &word);
        size_t letters = 0;
        for (size_t i = 0; i < word.n; i++)
            letters += ((unsigned char)word.p[i] & 0xC0) != 0x80;
        char *low = letters > 0 && letters < SHORT_WORD ? arena_text(arena, word) : NULL;
        if (!low)
            continue;
        for (size_t i = 0; i < word.n; i++)
            low[i] = (char)(low[i] >= 'A' && low[i] <= 'Z' ? low[i] - 'A' + 'a' : low[i]);
        out[n++] = V_BLOB(span_bytes(low, word.n));
    }
}

/* No letters of ASCII: then large and small ones are no matter, and the text is looked through as it is. */
static bool has_case(const char *words)
{
    for (; *words; words++)
        if ((*words >= 'a' && *words <= 'z') || (*words >= 'A' && *words <= 'Z'))
            return true;
    return false;
}

static bool take_ids(struct arena *arena, struct stmt *q, struct board_threads *out,
                     const struct board_ask *ask, struct err *err)
{
    struct err inner = {0};
    for (out->all = 0; db_next(q, &inner); out->all++) {
        if (out->all < ask->skip || (ask->most >= 0 && (int64_t)out->n >= ask->most))
            continue;
        struct board_thread *t = VEC_PUSH(arena, out);
        if (!t)
            return fail_memory(err);
        if (!get_id(q, 0, t->id, err))
            return false;
    }
    return read_all(&inner, err);
}

/* Threads whose words are all gone, of which nothing is left to read, are not listed. */
static bool list_all(struct db *db, struct arena *arena, const struct board_ask *ask,
                     struct board_threads *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    return db_query(
               db, &q, err,
               "select p.thread from (select thread, max(idx) as last, min(gone) as gone from post x "
               "where " NOT_HELD
               " group by thread) p join post b on b.id = p.thread and b.begins = 1 where p.gone = 0 and "
               "($1 is null or b.part = $1) order by p.last desc",
               ask->part ? V_STR(ask->part) : V_NULL, V_INT(ask->rest)) &&
           take_ids(arena, q, out, ask, err);
}

static bool list_found(struct db *db, struct arena *arena, const struct board_ask *ask,
                       struct board_threads *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    AUTO_BUF struct buf match;
    struct val s[SHORT_WORDS];
    buf_init(&match, 4096);
    match_of(ask->words, &match);
    short_words(arena, ask->words, s);
    if (!buf_ok(&match, err))
        return false;
    struct val part = ask->part ? V_STR(ask->part) : V_NULL, cases = V_INT(has_case(ask->words));
    if (match.n == 0)
        return db_query(db, &q, err,
                        "select f.thread from (select thread, max(idx) as last from (select thread, idx, "
                        "cast(case when $6 then lower(title || ' ' || text) when title = '' then text else "
                        "title || ' ' || text end as blob) as said from post where gone = 0) where "
                        "instr(said, $2) and ($3 = x'' or instr(said, $3)) and ($4 = x'' or instr(said, $4)) "
                        "and ($5 = x'' or instr(said, $5)) group by thread) f join post b on b.id = f.thread "
                        "and b.begins = 1 where ($1 is null or b.part = $1) order by f.last desc",
                        part, s[0], s[1], s[2], s[3], cases) &&
               take_ids(arena, q, out, ask, err);
    return db_query(db, &q, err,
                    "select f.thread from (select thread, max(idx) as last from (select p.thread, p.idx, "
                    "cast(case when $7 then lower(p.title || ' ' || p.text) when p.title = '' then p.text "
                    "else p.title || ' ' || p.text end as blob) as said from post_words w join post p on "
                    "p.idx = w.rowid where post_words match $2) where ($3 = x'' or instr(said, $3)) and ($4 "
                    "= x'' or instr(said, $4)) and ($5 = x'' or instr(said, $5)) and ($6 = x'' or "
                    "instr(said, $6)) group by thread) f join post b on b.id = f.thread and b.begins = 1 "
                    "where ($1 is null or b.part = $1) order by f.last desc",
                    part, V_TEXT(buf_span(&match)), s[0], s[1], s[2], s[3], cases) &&
           take_ids(arena, q, out, ask, err);
}

static bool is_question(const char *words)
{
    return words && span_trim(span_of(words)).n > 0;
}

bool board_list(struct db *db, struct arena *arena, const struct board_ask *ask, struct board_threads *out,
                struct err *err)
{
    struct reading r = {.db = db, .arena = arena, .rest = ask->rest && !is_question(ask->words)};
    *out = (struct board_threads){0};
    if (!reading_begin(&r, err) || !(is_question(ask->words) ? list_found(db, arena, ask, out, err)
                                                             : list_all(db, arena, ask, out, err)))
        return false;
    for (size_t i = 0; i < out->n; i++) {
        bool there;
        if (!thread_fill(&r, &out->at[i], ask->posts_most, &there, err))
            return false;
    }
    return true;
}

bool board_parts(struct db *db, struct arena *arena, int64_t most, struct board_parts *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select part from post where part <> '' group by part order by max(idx) desc limit $1",
                  V_INT(most)))
        return false;
    while (db_next(q, &inner)) {
        struct span *part = VEC_PUSH(arena, out);
        if (!part)
            return fail_memory(err);
        if (!keep(arena, db_text(q, 0), part, err))
            return false;
    }
    return read_all(&inner, err);
}
