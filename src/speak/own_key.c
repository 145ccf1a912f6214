/* Keys and the lines that are passed from hand to hand: listener to voucher to whoever keeps the lab. Each
 * signs what was there before, so nobody on the way can change a name or a term. */
#include "speak/own_key.h"

#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "speak/moderate_key.h"

#include "base/banned.h"

static bool find(struct db *db, struct arena *arena, const char *what, struct own_key *out, bool *there,
                 struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select seed, line from own_key where what = $1", V_STR(what)))
        return false;
    *there = db_next(q, &inner) && db_text(q, 0).n == 32;
    if (!*there)
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    sign_key_init(&out->key, (const uint8_t *)db_text(q, 0).p);
    sign_public(&out->key, out->pk);
    out->line = arena_span(arena, db_text(q, 1));
    return out->line.p || fail_memory(err);
}

bool own_key_load(struct db *db, struct arena *arena, const char *what, struct own_key *out, bool *there,
                  struct err *err)
{
    *out = (struct own_key){0};
    return find(db, arena, what, out, there, err);
}

/* The key, drawn when there is none. */
static bool key_of(struct db *db, struct arena *arena, const char *what, struct own_key *out, struct err *err)
{
    uint8_t seed[32];
    bool there;
    if (!own_key_load(db, arena, what, out, &there, err) || there)
        return err->code == E_NONE;
    rand_bytes(seed, sizeof seed);
    sign_key_init(&out->key, seed);
    sign_public(&out->key, out->pk);
    bool ok = db_run(db, err, "insert into own_key(what, seed, pk, line) values ($1, $2, $3, '')",
                     V_STR(what), V_BLOB(span_bytes(seed, sizeof seed)), V_BLOB(span_bytes(out->pk, 32)));
    secret_wipe(seed, sizeof seed);
    return ok;
}

static bool line_keep(struct db *db, struct arena *arena, const char *what, const struct buf *line,
                      struct own_key *out, struct err *err)
{
    out->line = arena_span(arena, buf_span(line));
    return (out->line.p || fail_memory(err)) &&
           db_run(db, err, "update own_key set line = $2 where what = $1", V_STR(what), V_TEXT(out->line));
}

bool own_key_line(struct db *db, struct arena *arena, const char *what, struct entry *entry,
                  struct own_key *out, struct err *err)
{
    struct entry read;
    AUTO_BUF struct buf line;
    buf_init(&line, PERSON_LINE);
    return key_of(db, arena, what, out, err) && entry_prove(entry, &out->key, err) &&
           person_line_write(entry, &line, err) &&
           person_line_read(buf_span(&line), entry->kind, 0, arena, &read, err) &&
           line_keep(db, arena, what, &line, out, err);
}

bool voucher_line(struct db *db, struct arena *arena, struct span name, day_t from, day_t to,
                  struct own_key *out, struct err *err)
{
    struct entry e = {.kind = ENTRY_VOUCHER, .person = {.name = name, .from = from, .to = to}};
    return own_key_line(db, arena, "voucher", &e, out, err);
}

/* What a listener asks -------------------------------------------------------------------------------------
 */
/* The entry as JSON, but for what others add. */
static bool asked_json(const struct entry *e, json_t **out, struct err *err)
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, ENTRY_MOST);
    if (!entry_write(e, &bytes, err) || !canon_read(buf_span(&bytes), ENTRY_MOST, out, err))
        return false;
    (void)json_object_del(*out, "at");
    (void)json_object_del(*out, "voucher");
    (void)json_object_del(*out, "vsig");
    return true;
}

bool listener_ask(struct db *db, struct arena *arena, struct span name, day_t from, day_t to,
                  struct own_key *out, struct err *err)
{
    struct entry e = {.kind = ENTRY_LISTENER,
                      .listener = {.person = {.name = name, .from = from, .to = to}, .voucher = SPAN("-")}};
    struct entry_person read;
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf bytes, line;
    buf_init(&bytes, PERSON_LINE);
    buf_init(&line, PERSON_LINE);
    if (!key_of(db, arena, "listener", out, err) || !entry_prove(&e, &out->key, err) ||
        !asked_json(&e, &o, err) || !canon_write(o, &bytes, err))
        return false;
    b64_add(&line, buf_span(&bytes), B64_URL_BARE);
    return buf_ok(&line, err) && listener_ask_read(buf_span(&line), arena, &read, err) &&
           line_keep(db, arena, "listener", &line, out, err);
}

static bool no_line(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.listen.line", "This is not the line that `respite listen --ask` "
                                      "prints, or a part of it is missing. Please copy it "
                                      "whole."));
}

/* The bytes of a line with what a voucher and the lab add, as an entry; `e` NULL: as they will be. */
static bool whole(struct span line, struct arena *arena, const struct entry_listener *by, struct entry *out,
                  struct err *err)
{
    char bare[PERSON_LINE];
    size_t n;
    AUTO_JSON json_t *o = NULL;
    AUTO_BUF struct buf bytes;
    struct err why = {0};
    buf_init(&bytes, ENTRY_MOST);
    line = span_trim(line);
    if (line.n > PERSON_LINE || !b64_read(line, B64_URL_BARE, bare, sizeof bare, &n) ||
        !canon_read((struct span){bare, n}, sizeof bare, &o, &why) || json_object_get(o, "voucher") ||
        json_object_get(o, "vsig"))
        return why.code == E_MEMORY ? fail_memory(err) : no_line(err);
    json_t *voucher = json_pack("{s:o}", "name", json_stringn(by->voucher.p, by->voucher.n));
    if (!voucher || json_object_set_new(o, "voucher", voucher) != 0 ||
        !canon_put_b64(voucher, "pk", by->voucher_pk, 32) || !canon_put_b64(o, "vsig", by->vsig, 64) ||
        json_object_set_new(o, "at", json_integer(0)) != 0)
        return fail_memory(err);
    if (!canon_write(o, &bytes, err))
        return false;
    struct span copy = arena_span(arena, buf_span(&bytes));
    if (!copy.p)
        return fail_memory(err);
    if (!entry_read(copy, arena, out, &why) || out->kind != ENTRY_LISTENER)
        return why.code == E_MEMORY ? fail_memory(err) : no_line(err);
    return true;
}

bool listener_ask_read(struct span line, struct arena *arena, struct entry_person *out, struct err *err)
{
    static const struct entry_listener nobody = {.voucher = {"-", 1}};
    struct entry e;
    if (!whole(line, arena, &nobody, &e, err))
        return false;
    *out = e.listener.person;
    return true;
}

/* The voucher's own name in the record: of the newest entry of that key. */
static bool own_name(const struct history *log, const uint8_t pk[static 32], struct span *out)
{
    for (size_t i = log->people.n; i-- > 0;) {
        const struct history_person *p = &log->people.at[i];
        if (p->kind == ENTRY_VOUCHER && p->good && memcmp(p->person.pk, pk, 32) == 0) {
            *out = p->person.name;
            return true;
        }
    }
    return false;
}

bool listener_vouch(struct db *db, struct arena *arena, const struct history *log, struct span asked,
                    struct buf *out, struct err *err)
{
    struct own_key own;
    struct entry_listener by = {0};
    struct entry e;
    bool there;
    if (!own_key_load(db, arena, "voucher", &own, &there, err))
        return false;
    if (!there || !own_name(log, own.pk, &by.voucher))
        return fail(err, E_REFUSED,
                    tr("err.listen.no_voucher",
                       "The lab's record does not name you as somebody who may vouch. `respite listen "
                       "--voucher NAME` makes your key and the line for whoever keeps the lab."));
    memcpy(by.voucher_pk, own.pk, sizeof own.pk);
    bool done = whole(asked, arena, &by, &e, err) && entry_vouch(&e, &own.key, err) &&
                person_line_write(&e, out, err);
    secret_wipe(&own.key, sizeof own.key);
    return done;
}
