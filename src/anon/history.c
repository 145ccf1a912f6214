/* The record read from its first entry on. What has a place of its own is copied into lists; the rest leaves
 * no trace but its hash in the tree. Whether an entry may be so is anon/history_check.c. */
#include "anon/history.h"

#include <stdio.h>

#include "anon/history_check.h"
#include "anon/token.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/hash.h"

#include "base/banned.h"

enum { OTHER_ROOM = 4096 };

bool history_new(struct history **out, struct err *err)
{
    struct arena *arena = arena_new();
    struct history *h = arena ? ARENA_NEW(arena, struct history) : NULL;
    if (!h) {
        arena_free(arena);
        return fail_memory(err);
    }
    h->arena = arena;
    *out = h;
    return true;
}

void history_free(struct history *history)
{
    if (history)
        arena_free(history->arena);
}

static void find_at(struct history *h, uint64_t index, const char *text)
{
    if (h->findings.n == HISTORY_FINDINGS)
        return;
    const char *copy = arena_text(h->arena, span_of(text));
    struct history_finding *at = copy ? VEC_PUSH(h->arena, &h->findings) : NULL;
    if (at)
        *at = (struct history_finding){index, copy};
}

bool history_find(struct history *h, const char *format, ...)
{
    char text[sizeof((struct err *)NULL)->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    find_at(h, h->tree.size, text);
    return false;
}

bool history_exempt(const struct history *h)
{
    return h->genesis.trial || h->first || h->tree.size < h->first_size;
}

/* Taking an entry in --------------------------------------------------------------------------------- */
static void take_genesis(struct history *h, const struct entry *e)
{
    if (h->has_genesis) {
        history_find(h, tr("err.anon.h_genesis", "The record says a second time which lab it is of."));
        return;
    }
    h->has_genesis = true;
    h->genesis = e->genesis;
    h->began = e->at;
}

static void take_rules(struct history *h, const struct entry *e)
{
    bool usable = true;
    struct entry_rules rules = e->rules;
    check_rules(h, &rules, &usable);
    __typeof__(h->rules.at) at = usable ? VEC_PUSH(h->arena, &h->rules) : NULL;
    if (!at)
        return;
    at->rules = rules;
    at->index = h->tree.size;
    at->at = e->at;
    at->first = h->first || h->tree.size < h->first_size;
}

static void take_key(struct history *h, const struct entry *e)
{
    bool sound = check_key(h, &e->key, e->at), waits = e->key.survey && span_is(h->genesis.roles, "issuer");
    struct history_key *at = VEC_PUSH(h->arena, &h->keys);
    if (at)
        *at = (struct history_key){e->key, h->tree.size, e->at, sound && !waits, sound, false};
}

static void take_list(struct history *h, const struct entry *e)
{
    bool open = e->kind == ENTRY_OPEN;
    if (!(open ? check_open(h, &e->list, e->at) : check_roster(h, &e->list, e->at)))
        return;
    struct history_list *at = open ? VEC_PUSH(h->arena, &h->opens) : VEC_PUSH(h->arena, &h->rosters);
    if (at)
        *at = (struct history_list){e->list, h->tree.size, e->at};
}

static void take_close(struct history *h, const struct entry *e)
{
    check_close(h, &e->close);
    struct history_close *at = VEC_PUSH(h->arena, &h->closes);
    if (at)
        *at = (struct history_close){e->close, h->tree.size};
}

static void take_batch(struct history *h, const struct entry *e)
{
    check_batch(h, &e->batch);
    struct history_batch *at = VEC_PUSH(h->arena, &h->batches);
    if (at)
        *at = (struct history_batch){e->batch, h->tree.size};
    h->due = (uint64_t)e->batch.count;
    memset(h->last_id, 0, sizeof h->last_id);
}

static void take_survey(struct history *h, const uint8_t leaf[static 32], const struct entry *e)
{
    struct history_survey *at = VEC_PUSH(h->arena, &h->surveys);
    if (!at)
        return;
    memcpy(at->id, leaf, sizeof at->id);
    survey_context(e->bytes, at->context);
    at->index = h->tree.size;
    at->at = e->at;
    at->survey = e->survey;
}

/* No finding: that it goes on is for the person to decide (anon/follow_again.h). */
static void take_break(struct history *h, const struct entry *e)
{
    struct history_break *at = VEC_PUSH(h->arena, &h->breaks);
    if (!at)
        return;
    *at = (struct history_break){
        .index = h->tree.size, .size = e->broken.size, .at = e->at, .reason = e->broken.reason};
    memcpy(at->root, e->broken.root, sizeof at->root);
}

/* Of kinds that a room asks for; the others are its own business when it comes. */
static void take_other(struct history *h, const struct entry *e)
{
    if (!span_is(e->t, "quiet") && !span_is(e->t, "model") && !span_is(e->t, "arena"))
        return;
    struct history_other *at = VEC_PUSH(h->arena, &h->others);
    if (at)
        *at = (struct history_other){arena_span(h->arena, e->t), arena_span(h->arena, e->bytes), h->tree.size,
                                     e->at};
}

bool history_quiet(const struct history_other *e, day_t *from, day_t *to)
{
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    struct span first, last;
    return span_is(e->t, "quiet") && json_read(e->bytes, OTHER_ROOM, "entry", &o, &none) &&
           json_get_text(o, "from", 12, &first, &none) && json_get_text(o, "to", 12, &last, &none) &&
           day_read(first, from, &none) && day_read(last, to, &none) && *from <= *to;
}

static void take(struct history *h, const struct entry *e, const uint8_t leaf[static 32])
{
    h->first = h->tree.size == 0 || (h->first && e->at == h->began);
    check_place(h, e);
    check_time(h, e);
    switch (e->kind) {
    case ENTRY_GENESIS:
        take_genesis(h, e);
        break;
    case ENTRY_RULES:
        take_rules(h, e);
        break;
    case ENTRY_KEY:
        take_key(h, e);
        break;
    case ENTRY_ROSTER:
    case ENTRY_OPEN:
        take_list(h, e);
        break;
    case ENTRY_CLOSE:
        take_close(h, e);
        break;
    case ENTRY_BATCH:
        take_batch(h, e);
        break;
    case ENTRY_ACT:
    case ENTRY_ANSWER:
        check_leaf(h, e, leaf);
        break;
    case ENTRY_SURVEY:
        take_survey(h, leaf, e);
        break;
    case ENTRY_PEER:
        check_peer(h, e);
        break;
    case ENTRY_BREAK:
        take_break(h, e);
        break;
    case ENTRY_MODERATOR:
    case ENTRY_VOUCHER:
    case ENTRY_LISTENER:
    case ENTRY_COUNSELLOR:
        take_person(h, e);
        break;
    case ENTRY_END:
        take_end(h, e);
        break;
    case ENTRY_HOURS:
        take_hours(h, e);
        break;
    case ENTRY_MODERATION:
        take_moderation(h, e);
        break;
    case ENTRY_OTHER:
        take_other(h, e);
        break;
    }
}

/* The epoch whose head this entry makes: its first roster, in a board's own log its first `peer`. */
static bool makes_head(const struct history *h, const struct entry *e, day_t *epoch)
{
    bool board = span_is(h->genesis.roles, "board");
    if (board ? e->kind != ENTRY_PEER || !e->peer.has_epoch : e->kind != ENTRY_ROSTER)
        return false;
    *epoch = board ? e->peer.epoch : e->list.epoch;
    for (size_t i = 0; i < h->heads.n; i++)
        if (h->heads.at[i].epoch == *epoch)
            return false;
    return true;
}

static void add_head(struct history *h, day_t epoch)
{
    struct history_head *at = VEC_PUSH(h->arena, &h->heads);
    if (!at)
        return;
    at->epoch = epoch;
    at->size = h->tree.size;
    merkle_root(&h->tree, at->root);
}

bool history_add(struct history *history, struct span entry, struct err *err)
{
    uint8_t leaf[32];
    struct entry e;
    struct err why = {0};
    day_t epoch;
    struct arena *AUTO_ARENA scratch = arena_new();
    bool read = entry_read(entry, scratch, &e, &why);
    /* What is kept points into its own copy. */
    if (read && e.kind != ENTRY_ACT && e.kind != ENTRY_ANSWER && e.kind != ENTRY_OTHER)
        read = entry_read(entry, history->arena, &e, &why);
    if (why.code == E_MEMORY)
        return fail_memory(err);
    merkle_leaf(entry, leaf);
    if (read)
        take(history, &e, leaf);
    else
        history_find(history, "%s", why.text);
    bool head = read && makes_head(history, &e, &epoch);
    merkle_add(&history->tree, leaf);
    if (head)
        add_head(history, epoch);
    if (!arena_ok(history->arena))
        return fail_memory(err);
    return read || fail(err, why.code, "%s", why.text);
}

/* Asking --------------------------------------------------------------------------------------------- */
const struct entry_rules *history_rules(const struct history *history, day_t epoch)
{
    for (size_t i = history->rules.n; i-- > 0;)
        if (history->genesis.trial || history->rules.at[i].first ||
            history->rules.at[i].at < epoch_start(epoch))
            return &history->rules.at[i].rules;
    return NULL;
}

int64_t history_floor(const struct history *history, day_t epoch)
{
    const struct entry_rules *rules = history_rules(history, epoch);
    return rules && rules->floor > HISTORY_FLOOR ? rules->floor : HISTORY_FLOOR;
}

const struct history_key *history_key(const struct history *history, const uint8_t key_id[static 32])
{
    for (size_t i = 0; i < history->keys.n; i++)
        if (memcmp(history->keys.at[i].key.key_id, key_id, 32) == 0)
            return &history->keys.at[i];
    return NULL;
}

const struct history_key *history_general(const struct history *history, day_t epoch)
{
    for (size_t i = history->keys.n; i-- > 0;) {
        const struct history_key *key = &history->keys.at[i];
        if (key->good && !key->key.survey && key->key.epoch == epoch)
            return key;
    }
    return NULL;
}

const struct history_key *history_survey_key(const struct history *history, const uint8_t id[static 16])
{
    for (size_t i = history->keys.n; i-- > 0;) {
        const struct history_key *key = &history->keys.at[i];
        if (key->good && key->key.survey && memcmp(key->key.id_of, id, 16) == 0)
            return key;
    }
    return NULL;
}

const struct history_list *history_roster(const struct history *history, day_t epoch)
{
    for (size_t i = history->rosters.n; i-- > 0;)
        if (history->rosters.at[i].list.epoch == epoch)
            return &history->rosters.at[i];
    return NULL;
}

const struct history_list *history_open(const struct history *history, day_t epoch)
{
    for (size_t i = history->opens.n; i-- > 0;)
        if (history->opens.at[i].list.epoch == epoch)
            return &history->opens.at[i];
    return NULL;
}

int64_t history_members(const struct history *history, day_t epoch)
{
    int64_t most = 0;
    for (size_t i = 0; i < history->rosters.n; i++) {
        const struct entry_list *list = &history->rosters.at[i].list;
        most = list->epoch == epoch && list->n > most ? list->n : most;
    }
    return most;
}

int64_t history_spent(const struct history *history, day_t epoch)
{
    int64_t sum = 0;
    for (size_t i = 0; i < history->batches.n; i++) {
        const struct entry_batch *batch = &history->batches.at[i].batch;
        for (size_t k = 0; k < batch->keys; k++)
            sum += batch->key[k].epoch == epoch ? batch->key[k].n : 0;
    }
    return sum;
}

static const struct history_close *find_close(const struct history *h, day_t epoch, bool board)
{
    for (size_t i = 0; i < h->closes.n; i++) {
        const struct entry_close *close = &h->closes.at[i].close;
        if (!close->survey && close->epoch == epoch && (close->spent >= 0) == board)
            return &h->closes.at[i];
    }
    return NULL;
}

const struct history_close *history_issued(const struct history *history, day_t epoch)
{
    return find_close(history, epoch, false);
}

const struct history_close *history_closed(const struct history *history, day_t epoch)
{
    return find_close(history, epoch, true);
}

bool history_sums_hold(const struct history *issuer, const struct entry_close *spent)
{
    for (size_t i = 0; i < issuer->closes.n; i++) {
        const struct entry_close *c = &issuer->closes.at[i].close;
        if (c->issued >= 0 && c->survey == spent->survey &&
            (c->survey ? memcmp(c->id_of, spent->id_of, 16) == 0 : c->epoch == spent->epoch))
            return spent->spent <= c->issued;
    }
    return true;
}

const struct history_survey *history_survey(const struct history *history, const uint8_t id[static 16])
{
    for (size_t i = 0; i < history->surveys.n; i++)
        if (memcmp(history->surveys.at[i].id, id, 16) == 0)
            return &history->surveys.at[i];
    return NULL;
}

static void match_key(struct history *issuer, struct history_key *key, const struct history_survey *s,
                      bool all)
{
    const char *why = !s ? tr("err.anon.h_no_survey", "There is a key for the answers to a survey that does "
                                                      "not stand in the board's record.")
                         : tr("err.anon.h_survey_key", "The key for the answers to a survey is not the one "
                                                       "that the survey in the board's record asks for.");
    key->good = s && survey_fits(s, key, issuer->genesis.trial);
    if (key->good || key->said || (!s && !all))
        return;
    key->said = true;
    find_at(issuer, key->index, why);
}

void history_match(struct history *issuer, const struct history *board, bool all)
{
    for (size_t i = 0; i < issuer->keys.n; i++) {
        struct history_key *key = &issuer->keys.at[i];
        if (key->key.survey && key->sound)
            match_key(issuer, key, history_survey(board, key->key.id_of), all);
    }
}

struct span history_origin(const struct history *history)
{
    struct span rest = history->has_genesis ? history->genesis.log.at[0] : SPAN(""), name = {NULL, 0};
    return span_cut(&rest, '+', &name) ? name : (struct span){NULL, 0};
}

/* The three lines of one log. */
static bool add_lines(const struct history *h, day_t epoch, struct buf *out)
{
    for (size_t i = 0; i < h->heads.n; i++) {
        const struct history_head *head = &h->heads.at[i];
        if (head->epoch != epoch)
            continue;
        struct checkpoint lines = {.origin = history_origin(h), .size = head->size};
        memcpy(lines.root, head->root, sizeof lines.root);
        checkpoint_write(out, &lines);
        return !out->failed;
    }
    return false;
}

bool history_head(const struct history *issuer, const struct history *board, day_t epoch, struct buf *text,
                  uint8_t out[static 32])
{
    AUTO_BUF struct buf lines;
    buf_init(&lines, 4096);
    if (!add_lines(issuer, epoch, &lines) || (board && !add_lines(board, epoch, &lines)))
        return false;
    hash_sha256(buf_span(&lines), out);
    if (text)
        buf_add(text, buf_span(&lines));
    return true;
}
