/* Cards taken over, and the list of listeners. A card is somebody's word about themselves, signed; whether
 * they are who they say is the record's. */
#include "speak/cards.h"

#include <stdlib.h>

#include "anon/epoch.h"
#include "anon/item.h"
#include "base/vec.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "crypt/hash.h"
#include "crypt/key_words.h"
#include "speak/card.h"
#include "ui/word_list.h"

#include "base/banned.h"

enum { LIST_TEXT = 2048, FOLD_MOST = 1024 };

/* Taking over -------------------------------------------------------------------------------------------- */
static void join(const struct span *list, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        buf_add_text(out, i ? ", " : "");
        buf_add(out, list[i]);
    }
}

static bool put(struct db *db, const struct card *c, struct err *err)
{
    AUTO_BUF struct buf languages, topics;
    buf_init(&languages, LIST_TEXT);
    buf_init(&topics, LIST_TEXT);
    join(c->language, c->languages, &languages);
    join(c->topic, c->topics, &topics);
    return buf_ok(&languages, err) && buf_ok(&topics, err) &&
           db_run(db, err,
                  "insert into card(listener, week, n, box_pk, paused, languages, topics) values ($1, $2, "
                  "$3, $4, $5, $6, $7) on conflict(listener, week) do update set n = $3, box_pk = $4, paused "
                  "= $5, languages = $6, topics = $7 where card.n < $3",
                  V_BLOB(span_bytes(c->listener, 32)), V_INT(c->week), V_INT(c->n),
                  V_BLOB(span_bytes(c->box_pk, 32)), V_INT(c->paused), V_STR(buf_text(&languages)),
                  V_STR(buf_text(&topics))) &&
           db_run(db, err, "delete from card where week < $1", V_INT(c->week - 4 * EPOCH_NEXT));
}

bool card_take(struct db *db, const struct kept_item *item, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct err odd = {0};
    struct card card;
    struct span lab;
    bool good = false;
    if (!json_read(item->json, ITEM_LARGE, "card", &o, &odd) || !json_get_text(o, "lab", 256, &lab, &odd) ||
        !card_read(json_object_get(o, "act"), &card, &odd) || !card_good(&card, lab, &good, &odd))
        return odd.code != E_MEMORY || fail_memory(err);
    /* The day of its batch bounds its week: a card dated ahead would push out those that come. */
    day_t week = epoch_of((int64_t)item->day * 86400);
    bool near = card.week <= week + EPOCH_NEXT && card.week >= week - EPOCH_NEXT;
    return !good || !near || put(db, &card, err);
}

bool card_last(struct db *db, const uint8_t listener[static 32], day_t week, int64_t *n, struct err *err)
{
    return db_number(db, n, 0, err, "select n from card where listener = $1 and week = $2",
                     V_BLOB(span_bytes(listener, 32)), V_INT(week));
}

/* The list ------------------------------------------------------------------------------------------------
 */
const char *key_in_words(struct arena *arena, const uint8_t pk[static 32])
{
    uint8_t hash[32];
    uint16_t word[KEY_WORDS];
    AUTO_BUF struct buf words;
    buf_init(&words, 400);
    hash_sha256(span_bytes(pk, 32), hash);
    key_words_six(hash, word);
    (void)word_list_say(&words, words_lang(), word, KEY_WORDS);
    return buf_keep(&words, arena);
}

/* A name for a key that has none: its word, as in a thread of nothing. */
static const char *made_up(struct arena *arena, const uint8_t pk[static 32])
{
    static const uint8_t none[16];
    const char *name = arena_text(arena, name_word(words_lang(), item_name(none, pk)));
    return name ? name : "";
}

static const char *clean(struct arena *arena, struct span name)
{
    AUTO_BUF struct buf out;
    buf_init(&out, FOLD_MOST);
    utf8_clean(&out, name);
    return buf_keep(&out, arena);
}

static bool fill(struct app *app, const struct history *log, struct helper *h, struct err *err)
{
    const struct history_person *p = history_in_force(log, ENTRY_LISTENER, h->pk, app->now);
    h->vouched = p != NULL;
    h->words = key_in_words(app->arena, h->pk);
    h->name = p && p->person.name.n ? clean(app->arena, p->person.name) : made_up(app->arena, h->pk);
    if (p) {
        h->voucher = clean(app->arena, p->voucher);
        h->since = (day_t)(p->from / 86400);
    }
    return arena_ok(app->arena) || fail_memory(err);
}

static bool read_row(struct stmt *q, struct app *app, struct helper *h, struct err *err)
{
    struct span pk = db_text(q, 0), box_pk = db_text(q, 3);
    if (pk.n != 32 || box_pk.n != 32)
        return fail(err, E_FORMAT,
                    tr("err.letters.row", "What is kept here of letters is damaged. `respite "
                                          "restore` puts a backup back."));
    memcpy(h->pk, pk.p, 32);
    memcpy(h->box_pk, box_pk.p, 32);
    h->week = (day_t)db_int(q, 1);
    h->n = db_int(q, 2);
    h->paused = db_int(q, 4) != 0;
    h->languages = arena_span(app->arena, db_text(q, 5));
    h->topics = arena_span(app->arena, db_text(q, 6));
    h->own = db_int(q, 7) != 0;
    return (h->languages.p && h->topics.p) || fail_memory(err);
}

static int by_trust_and_name(const void *x, const void *y)
{
    const struct helper *a = x, *b = y;
    if (a->vouched != b->vouched)
        return a->vouched ? -1 : 1;
    int order = strcmp(a->name, b->name);
    return order ? order : memcmp(a->pk, b->pk, 32);
}

bool helpers_list(struct app *app, const struct history *log, struct helpers *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    day_t week = epoch_of(app->now);
    *out = (struct helpers){0};
    if (!db_query(
            app->db, &q, err,
            "select listener, week, n, box_pk, paused, languages, topics, exists (select 1 from own_key "
            "where what = 'listener' and pk = listener) from card c where week between $1 and $2 and "
            "week = (select max(week) from card d where d.listener = c.listener and d.week <= $2)",
            V_INT(week - EPOCH_NEXT), V_INT(week)))
        return false;
    while (db_next(q, &inner)) {
        struct helper *h = VEC_PUSH(app->arena, out);
        if (!h)
            return fail_memory(err);
        if (!read_row(q, app, h, err) || !fill(app, log, h, err))
            return false;
        out->vouched += h->vouched;
    }
    if (out->n)
        qsort(out->at, out->n, sizeof *out->at, by_trust_and_name);
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Naming one ----------------------------------------------------------------------------------------------
 */
static bool same_name(const char *a, const char *b)
{
    AUTO_BUF struct buf x, y;
    buf_init(&x, FOLD_MOST);
    buf_init(&y, FOLD_MOST);
    utf8_fold(&x, span_of(a));
    utf8_fold(&y, span_of(b));
    return x.n > 0 && span_eq(buf_span(&x), buf_span(&y));
}

/* "river pencil" of "river pencil olive autumn harbor ocean" */
static bool begins_words(const struct helper *h, struct span text)
{
    return span_find(text, SPAN(" ")) > 0 && span_starts(span_of(h->words), text);
}

bool helper_named(struct app *app, const struct helpers *all, const char *text, const struct helper **out,
                  struct err *err)
{
    struct span rest = span_of(text);
    uint64_t number = 0;
    size_t found = 0;
    bool counted = scan_u64(&rest, &number, SIZE_MAX) && scan_end(&rest);
    (void)app;
    *out = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (counted ? number == i + 1
                    : same_name(all->at[i].name, text) || begins_words(&all->at[i], span_of(text))) {
            *out = &all->at[i];
            found++;
        }
    if (found > 1)
        return fail(err, E_USAGE,
                    tr("err.letters.two_names", "More than one listener has this name. Say the number that "
                                                "`respite letters` shows, or the words of the key."));
    return found == 1 ||
           fail(err, E_MISSING,
                tr("err.letters.no_listener", "There is no listener of that name here. `respite "
                                              "letters` lists those that have a card."));
}
