/* Asking witnesses outside the lab. What one of them shows counts when the lab's own key and the key that the
 * person named have both signed it; then it is held against the copy of the log that is here: the same root
 * at its size confirms, another one convicts. A checkpoint of a size that is not here yet is kept until it
 * is, so that a lab cannot outrun the comparison. */
#include "anon/outside.h"

#include <stdio.h>

#include "anon/follow.h"
#include "anon/follow_again.h"
#include "anon/lab_key.h"
#include "anon/peer.h"
#include "anon/send_public.h"
#include "base/words.h"
#include "codec/note_sig.h"
#include "crypt/hash.h"
#include "crypt/sign.h"

#include "base/banned.h"

enum { LOGS = 2, KEY_MOST = 600 };

/* Whom ------------------------------------------------------------------------------------------------ */
bool outside_list(struct db *db, struct arena *arena, struct outsides *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *out = (struct outsides){0};
    if (!db_query(db, &q, err, "select name, vkey, url, said from outside order by name"))
        return false;
    while (out->n < CONFIRMED_MOST && db_next(q, &mine)) {
        struct outside *at = &out->at[out->n++];
        *at = (struct outside){arena_text(arena, db_text(q, 0)), arena_text(arena, db_text(q, 1)),
                               arena_text(arena, db_text(q, 2)), arena_text(arena, db_text(q, 3))};
        if (!at->name || !at->vkey || !at->url || !at->said)
            return fail_memory(err);
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

static bool key_of(struct span vkey, struct note_sig_key *key, struct err *err)
{
    uint8_t id[4];
    struct err mine = {0};
    if (vkey.n <= KEY_MOST && note_sig_key_read(vkey, key, &mine) && key->kind == NOTE_SIG_COSIGNS) {
        sign_key_id(key->name, NOTE_SIG_COSIGNS, key->pk, id);
        if (memcmp(id, key->id, sizeof id) == 0)
            return true;
    }
    return fail(err, E_USAGE,
                tr("err.outside.key",
                   "This is not the key of a witness. It looks like name+8 digits+base64; whoever runs the "
                   "witness shows it, a lab with `respite lab witness`."));
}

/* Whether the key is one of the lab itself: of its log, or named as one of that log. */
static bool is_of(const char *log_vkey, const struct note_sig_key *key)
{
    struct note_sig_key own;
    struct err none = {0};
    return log_vkey && note_sig_key_read(span_of(log_vkey), &own, &none) &&
           (memcmp(own.pk, key->pk, sizeof own.pk) == 0 ||
            (span_starts(key->name, own.name) &&
             (key->name.n == own.name.n || key->name.p[own.name.n] == '/')));
}

static bool is_the_labs(const struct known *known, const struct note_sig_key *key)
{
    return is_of(known->issuer_vkey, key) || is_of(known->board_vkey, key);
}

static bool on_the_list(const char *const *bases, const char *url)
{
    for (; *bases; bases++)
        if (strcmp(*bases, url) == 0)
            return true;
    return false;
}

struct adding {
    const char *vkey, *url;
    struct note_sig_key key;
};

static bool add_work(struct db *db, void *arg, struct err *err)
{
    const struct adding *a = arg;
    int64_t n, same;
    if (!db_run(db, err,
                "insert into outside(name, vkey, url) values ($1, $2, $3) on conflict(name) do update set "
                "url = $3, said = '' where outside.vkey = $2",
                V_TEXT(a->key.name), V_STR(a->vkey), V_STR(a->url)) ||
        !db_number(db, &n, 0, err, "select count(*) from outside") ||
        !db_number(db, &same, 0, err, "select count(*) from outside where name = $1 and vkey = $2",
                   V_TEXT(a->key.name), V_STR(a->vkey)))
        return false;
    if (same != 1)
        return fail(err, E_REFUSED,
                    tr("err.outside.other",
                       "%.*s is here with another key already. A witness keeps its key: ask those who run it "
                       "what happened, or remove the one that is here first."),
                    SPAN_ARG(a->key.name));
    return n <= CONFIRMED_MOST ||
           fail(err, E_LIMIT, tr("err.outside.many", "There is room for %d witnesses. Remove one first."),
                CONFIRMED_MOST);
}

bool outside_add(struct db *db, struct arena *arena, const struct known *known, const char *vkey,
                 const char *url, struct err *err)
{
    struct adding a = {.vkey = vkey};
    struct span base, origin;
    if (!key_of(span_of(vkey), &a.key, err) || !lab_url_read(span_of(url), &base, &origin, err))
        return false;
    a.url = arena_text(arena, base);
    if (!a.url)
        return fail_memory(err);
    if (known &&
        (is_the_labs(known, &a.key) || on_the_list(known->issuer, a.url) || on_the_list(known->board, a.url)))
        return fail(err, E_REFUSED,
                    tr("err.outside.own",
                       "That is the lab itself. A witness outside it is run by somebody else: another lab, a "
                       "union, a university."));
    return db_write(db, add_work, &a, err);
}

struct removing {
    const char *name;
    bool there;
};

static bool remove_work(struct db *db, void *arg, struct err *err)
{
    struct removing *r = arg;
    if (!db_run(db, err, "delete from outside where name = $1", V_STR(r->name)))
        return false;
    r->there = db_changed(db) == 1;
    return db_run(db, err, "delete from outside_note where name = $1", V_STR(r->name)) &&
           db_run(db, err, "delete from confirmed where who = $1", V_STR(r->name));
}

bool outside_remove(struct db *db, const char *name, bool *there, struct err *err)
{
    struct removing r = {.name = name};
    if (!db_write(db, remove_work, &r, err))
        return false;
    *there = r.there;
    return true;
}

/* What one has signed --------------------------------------------------------------------------------- */
struct asking {
    struct db *db;
    const struct known *known;
    struct arena *arena;
    const struct outside *witness;
    struct note_sig_key key;
    int64_t now;
    uint64_t good[LOGS]; /* of each log, the largest size that was signed and is the one here */
};
/* A checkpoint that both have signed, and one that waits to be compared: size 0 is none. */
struct shown {
    struct checkpoint head;
    struct span note;
};
struct kept_note {
    uint64_t good;
    struct shown waits;
};

static const char *origin_of(const struct known *known, int log)
{
    return log == FOLLOW_BOARD ? known->board_log : known->issuer_log;
}

static bool note_load(struct asking *a, int log, struct kept_note *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0}, none = {0};
    struct note_sig note;
    *out = (struct kept_note){0};
    if (!db_query(a->db, &q, err, "select good, note from outside_note where name = $1 and log = $2",
                  V_STR(a->witness->name), V_INT(log)))
        return false;
    if (!db_next(q, &mine))
        return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
    out->good = (uint64_t)db_int(q, 0);
    out->waits.note = arena_span(a->arena, db_text(q, 1));
    if (!out->waits.note.p)
        return fail_memory(err);
    if (!note_sig_read(out->waits.note, a->arena, &note, &none) ||
        !checkpoint_read(note.text, &out->waits.head, &none))
        out->waits = (struct shown){0};
    return none.code != E_MEMORY || fail_memory(err);
}

static bool note_keep(struct asking *a, int log, const struct kept_note *k, struct err *err)
{
    struct span note = k->waits.head.size ? k->waits.note : SPAN("");
    return db_run(a->db, err,
                  "insert into outside_note(name, log, good, note) values ($1, $2, $3, $4) on conflict(name, "
                  "log) do update set good = $3, note = $4",
                  V_STR(a->witness->name), V_INT(log), V_INT((int64_t)k->good), V_BLOB(note));
}

/* Signed by the lab and by this witness: else it is worth nothing, to either side. */
static bool note_good(struct asking *a, int log, struct span bytes, struct shown *out, struct err *err)
{
    struct note_sig note;
    struct note_sig_claim claim;
    struct err mine = {0};
    bool board = log == FOLLOW_BOARD;
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST + 100);
    bool good = peer_note(bytes, span_of(origin_of(a->known, log)),
                          span_of(board ? a->known->board_vkey : a->known->issuer_vkey), a->arena, &out->head,
                          &mine) &&
                note_sig_read(bytes, a->arena, &note, &mine) &&
                note_sig_claim(&note, &a->key, &scratch, &claim, &mine) &&
                sign_good(a->key.pk, claim.message, claim.sig);
    out->note = bytes;
    if (mine.code == E_MEMORY)
        return fail_memory(err);
    return good ||
           fail(err, E_FORMAT,
                tr("err.outside.signature",
                   "What it showed is not signed by the lab and by this witness. It does not count."));
}

static bool fetch_note(struct asking *a, int log, struct shown *out, struct err *err)
{
    uint8_t hash[32];
    char hex[65], path[100];
    AUTO_BUF struct buf body;
    buf_init(&body, NOTE_SIG_MOST);
    hash_sha256(span_of(origin_of(a->known, log)), hash);
    hash_hex(hash, hex);
    snprintf(path, sizeof path, "/witness/%s/checkpoint", hex);
    if (!public_get(a->db, a->known->via, a->witness->url, path, NULL, NOTE_SIG_MOST, &body, NULL, err))
        return false;
    struct span bytes = arena_span(a->arena, buf_span(&body));
    return bytes.p ? note_good(a, log, bytes, out, err) : fail_memory(err);
}

/* Both are signed by the lab, and they differ: this is what a witness is for. */
static bool convict(struct asking *a, int log, const struct shown *s, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    words_say(&text,
              tr("err.outside.forked",
                 "The witness {name} has signed another record of this lab than the one this computer was "
                 "shown, and the lab has signed both. Both signed states are kept. Please talk to someone "
                 "you trust before you write."),
              {"name", a->witness->name});
    return buf_ok(&text, err) && follow_stop(a->db, log, STOP_FORK, a->now, s->note, buf_text(&text), err) &&
           fail(err, E_REFUSED, "%s", buf_text(&text));
}

/* Hold one against the log that is here; *here: it reaches that far. */
static bool compare(struct asking *a, int log, const struct shown *s, struct kept_note *k, bool *here,
                    struct err *err)
{
    uint8_t root[32];
    if (!follow_root(a->db, log, s->head.size, root, here, err))
        return false;
    if (!*here)
        return true;
    bool lost = false, fits = memcmp(root, s->head.root, sizeof root) == 0;
    if (fits && s->head.size > k->good)
        k->good = s->head.size;
    if (fits)
        return true;
    /* The lab has said that such a record is lost, and the person went on from there. */
    return follow_was_lost(a->db, log, s->head.size, &lost, err) && (lost || convict(a, log, s, err));
}

/* Of one log: what waited, and what it has signed now. E_REFUSED of `err`: the lab is convicted; any other
 * failure is of this computer. *said: what was wrong with the answer. */
static bool ask_log(struct asking *a, int log, struct err *said, struct err *err)
{
    struct kept_note k;
    struct shown now;
    bool here;
    if (!note_load(a, log, &k, err))
        return false;
    if (k.waits.head.size) {
        if (!compare(a, log, &k.waits, &k, &here, err))
            return false;
        if (here)
            k.waits = (struct shown){0};
    }
    if (fetch_note(a, log, &now, said)) {
        if (!compare(a, log, &now, &k, &here, err))
            return false;
        if (!here && !k.waits.head.size)
            k.waits = now;
    }
    a->good[log] = k.good;
    return note_keep(a, log, &k, err);
}

/* Which heads that makes certain ---------------------------------------------------------------------- */
static uint64_t head_size(const struct history *h, day_t epoch)
{
    for (size_t i = 0; i < h->heads.n; i++)
        if (h->heads.at[i].epoch == epoch)
            return h->heads.at[i].size;
    return UINT64_MAX;
}

static bool confirm_heads(struct asking *a, const struct history *issuer, const struct history *board,
                          struct err *err)
{
    for (size_t i = 0; i < issuer->heads.n; i++) {
        day_t epoch = issuer->heads.at[i].epoch;
        uint8_t head[32];
        if (head_size(issuer, epoch) > a->good[FOLLOW_ISSUER] ||
            (board && head_size(board, epoch) > a->good[FOLLOW_BOARD]) ||
            !history_head(issuer, board, epoch, NULL, head))
            continue;
        if (!confirmed_add(a->db, head, a->witness->name, err))
            return false;
    }
    return true;
}

/* Named in the lab's rules: then it is one of the lab's own. */
static bool in_rules(const struct history *h, const struct note_sig_key *key)
{
    for (size_t i = 0; h && i < h->rules.n; i++)
        for (size_t k = 0; k < h->rules.at[i].rules.witnesses.n; k++) {
            struct note_sig_key named;
            struct err none = {0};
            if (note_sig_key_read(h->rules.at[i].rules.witnesses.at[k], &named, &none) &&
                memcmp(named.pk, key->pk, sizeof named.pk) == 0)
                return true;
        }
    return false;
}

static bool say(struct asking *a, const char *said, struct err *err)
{
    return db_run(a->db, err, "update outside set said = $1 where name = $2", V_STR(said),
                  V_STR(a->witness->name));
}

/* It is one of the lab's: nothing that it signed counts, and it need not be asked. */
static bool set_apart(struct asking *a, struct err *err)
{
    return db_run(a->db, err, "delete from confirmed where who = $1", V_STR(a->witness->name)) &&
           say(a,
               tr("err.outside.rules",
                  "The lab names it as a witness of its own, so it does not count as one outside the lab."),
               err);
}

static bool ask_one(struct asking *a, const struct history *issuer, const struct history *board,
                    struct err *err)
{
    struct err said = {0};
    if (!key_of(span_of(a->witness->vkey), &a->key, err))
        return false;
    if (is_the_labs(a->known, &a->key) || in_rules(issuer, &a->key) || in_rules(board, &a->key))
        return set_apart(a, err);
    bool done = ask_log(a, FOLLOW_ISSUER, &said, err) &&
                (!a->known->split || ask_log(a, FOLLOW_BOARD, &said, err)) &&
                confirm_heads(a, issuer, board, err);
    if (said.code == E_MEMORY || said.code == E_STOPPED)
        return fail(err, said.code, "%s", said.text);
    return done && say(a, said.code ? said.text : "", err);
}

bool outside_fetch(struct db *db, const struct known *known, const struct history *issuer,
                   const struct history *board, int64_t now, struct err *err)
{
    struct outsides all;
    struct arena *AUTO_ARENA arena = arena_new();
    if (!arena)
        return fail_memory(err);
    if (!outside_list(db, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        struct asking a = {.db = db, .known = known, .arena = arena, .witness = &all.at[i], .now = now};
        if (!ask_one(&a, issuer, board, err))
            return false;
    }
    return true;
}
