/* Cards as bytes. What is signed is the act without its signature and with the lab, so that a card of one lab
 * is none in another. */
#include "speak/card.h"

#include "anon/epoch.h"
#include "anon/item.h"
#include "anon/lab.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "ui/problem.h"
#include "ui/room.h"

#include "base/banned.h"

enum { SIGNED_MOST = 8192 };

/* Writing -------------------------------------------------------------------------------------------- */
static bool put_list(json_t *o, const char *key, const struct span *list, size_t n)
{
    json_t *a = json_array();
    for (size_t i = 0; a && i < n; i++)
        if (json_array_append_new(a, json_stringn(list[i].p, list[i].n)) != 0) {
            json_decref(a);
            return false;
        }
    return a && json_object_set_new(o, key, a) == 0;
}

static json_t *bare(const struct card *c)
{
    char week[16];
    json_t *o = json_pack("{s:I,s:s,s:s}", "n", (json_int_t)c->n, "state", c->paused ? "paused" : "open",
                          "week", epoch_text(c->week, week));
    if (o && canon_put_b64(o, "listener", c->listener, 32) && canon_put_b64(o, "box_pk", c->box_pk, 32) &&
        put_list(o, "languages", c->language, c->languages) && put_list(o, "topics", c->topic, c->topics))
        return o;
    json_decref(o);
    return NULL;
}

static bool signed_text(const struct card *c, struct span lab, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = bare(c);
    buf_add_text(out, "respite/card/v1\n");
    if (!o || json_object_set_new(o, "lab", json_stringn(lab.p, lab.n)) != 0)
        return fail_memory(err);
    return canon_write(o, out, err) && buf_ok(out, err);
}

bool card_sign(struct card *c, struct span lab, const struct sign_key *key, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, SIGNED_MOST);
    sign_public(key, c->listener);
    if (!signed_text(c, lab, &text, err))
        return false;
    sign(key, buf_span(&text), c->lsig);
    return true;
}

bool card_good(const struct card *c, struct span lab, bool *good, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, SIGNED_MOST);
    if (!signed_text(c, lab, &text, err))
        return false;
    *good = sign_good(c->listener, buf_span(&text), c->lsig);
    return true;
}

json_t *card_act(const struct card *c)
{
    json_t *o = bare(c);
    if (o && canon_put_b64(o, "lsig", c->lsig, sizeof c->lsig))
        return o;
    json_decref(o);
    return NULL;
}

/* Reading -------------------------------------------------------------------------------------------- */
static bool word_good(struct span word, struct err *err)
{
    if (span_trim(word).n == 0 || span_trim(word).n != word.n)
        return fail(err, E_FORMAT,
                    tr("err.card.word", "Languages and topics are words with commas between them."));
    if (word.n > CARD_WORD * (size_t)4 || utf8_length(word) > CARD_WORD)
        return fail(err, E_LIMIT, tr("err.card.long", "A topic or language has at most %d characters."),
                    CARD_WORD);
    return plain_ok(word, false, err);
}

static bool get_list(const json_t *act, const char *key, struct span list[static CARD_LIST], size_t *n,
                     struct err *err)
{
    const json_t *a, *v;
    size_t i;
    *n = 0;
    if (!json_get_array(act, key, CARD_LIST, &a, err))
        return false;
    json_array_foreach(a, i, v)
    {
        struct span word = {json_string_value(v), json_string_length(v)};
        if (!word.p)
            return fail(err, E_FORMAT,
                        tr("err.card.word", "Languages and topics are words with commas between them."));
        if (!word_good(word, err))
            return false;
        list[(*n)++] = word;
    }
    return true;
}

static bool get_state(const json_t *act, struct card *c, struct err *err)
{
    struct span state, week;
    if (!json_get_text(act, "state", 6, &state, err) || !json_get_text(act, "week", EPOCH_TEXT, &week, err))
        return false;
    c->paused = span_is(state, "paused");
    return ((c->paused || span_is(state, "open")) && epoch_read(week, &c->week)) ||
           fail(err, E_FORMAT, tr("err.card.form", "This is not the card of a listener."));
}

bool card_read(const json_t *act, struct card *out, struct err *err)
{
    static const char *const keys[] = {"box_pk", "languages", "listener", "lsig", "n",
                                       "state",  "topics",    "week",     NULL};
    struct card c = {0};
    if (!canon_only(act, keys, err) || !get_state(act, &c, err) ||
        !json_get_int(act, "n", 1, CARD_N_MOST, &c.n, err) ||
        !canon_b64(act, "listener", c.listener, sizeof c.listener, err) ||
        !canon_b64(act, "box_pk", c.box_pk, sizeof c.box_pk, err) ||
        !canon_b64(act, "lsig", c.lsig, sizeof c.lsig, err) ||
        !get_list(act, "languages", c.language, &c.languages, err) ||
        !get_list(act, "topics", c.topic, &c.topics, err))
        return false;
    *out = c;
    return true;
}

bool card_list(struct span text, struct span list[static CARD_LIST], size_t *n, struct err *err)
{
    *n = 0;
    while (text.n) {
        struct span word;
        span_cut(&text, ',', &word);
        word = span_trim(word);
        if (!word.n)
            continue;
        if (*n == CARD_LIST)
            return fail(err, E_LIMIT, tr("err.card.many", "A card has room for %d topics and %d languages."),
                        CARD_LIST, CARD_LIST);
        if (!word_good(word, err))
            return false;
        list[(*n)++] = word;
    }
    return true;
}

bool card_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct err why = {0};
    struct card card;
    bool good;
    day_t now = epoch_of(app->now);
    (void)db;
    if (!card_read(item->act, &card, &why))
        return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
    if (card.week < now - EPOCH_NEXT || card.week > now + EPOCH_NEXT)
        return problem(p, PROBLEM_BAD_FIELD, "week");
    if (!card_good(&card, item->lab, &good, err))
        return false;
    return good || problem(p, PROBLEM_BAD_FIELD, "lsig");
}
