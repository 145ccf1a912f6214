/* Reading an entry of the record. Each kind has its list of members and its reader: what is not listed is not
 * taken, so that nothing hides in an entry. Texts are copied into the arena; numbers are bounded so that
 * sums of them cannot overflow. Writing is anon/entry_write.c. */
#include "anon/entry.h"

#include "anon/hours.h"
#include "anon/token.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "crypt/merkle.h"
#include "crypt/sign.h"

#include "base/banned.h"

enum {
    WHERE_MOST = 240,
    NAME_MOST = 120,
    URL_MOST = 256,
    VKEY_MOST = 400,
    NOTE_MOST = 32768,
    REASON_MOST = 2000
};
enum { MEMBERS_MOST = 1000000, VOUCHERS_MOST = 64, DAY_SECONDS = 86400, MINUTES = 1440 };
#define TIME_MOST ((int64_t)DAY_MAX * DAY_SECONDS)
#define COUNT_MOST ((int64_t)1 << 40)

struct reading {
    const json_t *o;
    struct arena *arena;
    struct err *err;
};

static bool fail_kind(struct err *err, const char *what)
{
    return fail(err, E_FORMAT, tr("err.anon.entry", "“%s” of an entry is not of its form."), what);
}

/* Small readers -------------------------------------------------------------------------------------- */
static bool has(const struct reading *r, const char *key)
{
    return json_object_get(r->o, key) != NULL;
}

static bool keep_text(const struct reading *r, struct span text, struct span *out)
{
    char *copy = arena_text(r->arena, text);
    if (!copy)
        return fail_memory(r->err);
    *out = (struct span){copy, text.n};
    return true;
}

/* One line, as it stands. */
static bool get_text(const struct reading *r, const char *key, size_t most, struct span *out)
{
    struct span text;
    if (!json_get_text(r->o, key, most, &text, r->err))
        return false;
    if (text.n && memchr(text.p, '\n', text.n))
        return fail_kind(r->err, key);
    return keep_text(r, text, out);
}

static bool get_texts(const struct reading *r, const char *key, size_t most, struct entry_texts *out)
{
    const json_t *list, *v;
    size_t i;
    if (!json_get_array(r->o, key, ENTRY_LIST, &list, r->err))
        return false;
    json_array_foreach(list, i, v)
    {
        struct span text = {json_string_value(v), json_string_length(v)};
        if (!text.p || text.n == 0 || text.n > most || memchr(text.p, '\n', text.n))
            return fail_kind(r->err, key);
        if (!keep_text(r, text, &out->at[i]))
            return false;
        out->n = i + 1;
    }
    return true;
}

static bool get_int(const struct reading *r, const char *key, int64_t least, int64_t most, int64_t *out)
{
    return json_get_int(r->o, key, least, most, out, r->err);
}

/* Two ascending minutes of a day. */
static bool get_minutes(const struct reading *r, const char *key, int64_t *from, int64_t *to)
{
    const json_t *list;
    if (!json_get_array(r->o, key, 2, &list, r->err))
        return false;
    const json_t *a = json_array_get(list, 0), *b = json_array_get(list, 1);
    if (!json_is_integer(a) || !json_is_integer(b) || json_integer_value(a) < 0 ||
        json_integer_value(b) <= json_integer_value(a) || json_integer_value(b) > MINUTES)
        return fail_kind(r->err, key);
    *from = json_integer_value(a);
    *to = json_integer_value(b);
    return true;
}

static bool get_epoch(const struct reading *r, const char *key, day_t *out)
{
    struct span text;
    if (!json_get_text(r->o, key, EPOCH_TEXT, &text, r->err))
        return false;
    return epoch_read(text, out) || fail_kind(r->err, key);
}

static bool get_day(const struct reading *r, const char *key, day_t *out)
{
    char again[16];
    struct err none = {0};
    struct span text;
    if (!json_get_text(r->o, key, 10, &text, r->err))
        return false;
    return (day_read(text, out, &none) && span_is(text, day_text(*out, again))) || fail_kind(r->err, key);
}

/* Base64 of 1 to ENTRY_MOST bytes, whatever they are. */
static bool get_bytes(const struct reading *r, const char *key, size_t most, struct span *out)
{
    struct span text;
    if (!json_get_text(r->o, key, b64_size(B64, most), &text, r->err))
        return false;
    char *bytes = arena_get(r->arena, most);
    if (!bytes)
        return fail_memory(r->err);
    *out = (struct span){bytes, 0};
    return (b64_read(text, B64, bytes, most, &out->n) && out->n > 0) || fail_kind(r->err, key);
}

/* Either "epoch" or "survey", not both. */
static bool get_subject(const struct reading *r, bool survey, day_t *epoch, uint8_t id[static 16])
{
    if (has(r, survey ? "epoch" : "survey"))
        return fail_kind(r->err, survey ? "epoch" : "survey");
    return survey ? canon_hex(r->o, "survey", id, 16, r->err) : get_epoch(r, "epoch", epoch);
}

/* Kinds ---------------------------------------------------------------------------------------------- */
static bool voucher_good(const json_t *v)
{
    static const char *const keys[] = {"name", "pk", NULL};
    struct err none = {0};
    struct span name;
    uint8_t pk[32];
    return canon_only(v, keys, &none) && json_get_text(v, "name", NAME_MOST, &name, &none) &&
           canon_b64(v, "pk", pk, sizeof pk, &none);
}

static bool read_genesis(const struct reading *r, struct entry *out)
{
    struct entry_genesis *g = &out->genesis;
    const json_t *list, *v;
    size_t i;
    int64_t protocol;
    if (!get_int(r, "protocol", 1, INT64_MAX, &protocol))
        return false;
    if (protocol > 1)
        return fail(
            r->err, E_NEWER,
            tr("err.anon.newer",
               "This lab speaks a newer protocol than this Respite. Please bring Respite up to date."));
    if (!json_get_array(r->o, "vouchers", VOUCHERS_MOST, &list, r->err))
        return false;
    json_array_foreach(list, i, v)
    {
        if (!voucher_good(v))
            return fail_kind(r->err, "vouchers");
    }
    if (!json_is_boolean(json_object_get(r->o, "trial")))
        return fail_kind(r->err, "trial");
    g->trial = json_is_true(json_object_get(r->o, "trial"));
    if (!get_text(r, "lab", NAME_MOST, &g->lab) || !get_text(r, "by", NAME_MOST, &g->by) ||
        !get_text(r, "roles", 8, &g->roles) || !get_text(r, "zone", 64, &g->zone) ||
        !get_text(r, "origin_info", 4096, &g->origin_info) ||
        !get_text(r, "promise", VKEY_MOST, &g->promise) || !get_texts(r, "issuer", URL_MOST, &g->issuer) ||
        !get_texts(r, "board", URL_MOST, &g->board) || !get_texts(r, "log", VKEY_MOST, &g->log))
        return false;
    if (!span_is(g->roles, "both") && !span_is(g->roles, "issuer") && !span_is(g->roles, "board"))
        return fail_kind(r->err, "roles");
    return (g->log.n >= 1 && g->log.n <= 2) || fail_kind(r->err, "log");
}

static bool read_slots(const struct reading *r, struct entry_rules *rules)
{
    const json_t *list, *v;
    size_t i;
    if (!json_get_array(r->o, "slots", sizeof rules->slot / sizeof *rules->slot, &list, r->err))
        return false;
    json_array_foreach(list, i, v)
    {
        int64_t hour = json_integer_value(v);
        if (!json_is_integer(v) || hour < 0 || hour > 23 || (i > 0 && hour <= rules->slot[i - 1]))
            return fail_kind(r->err, "slots");
        rules->slot[i] = hour;
        rules->slots = i + 1;
    }
    return rules->slots > 0 || fail_kind(r->err, "slots");
}

static bool read_rules(const struct reading *r, struct entry *out)
{
    struct entry_rules *rules = &out->rules;
    if (has(r, "batch") && has(r, "slots"))
        return fail_kind(r->err, "batch");
    if (has(r, "batch") ? !get_int(r, "batch", 1, 3600, &rules->batch) : !read_slots(r, rules))
        return false;
    return get_int(r, "floor", 0, MEMBERS_MOST, &rules->floor) && get_int(r, "quota", 1, 64, &rules->quota) &&
           get_int(r, "letters", 1, 24, &rules->letters) &&
           get_int(r, "retention", 1, 3660, &rules->retention) &&
           get_minutes(r, "fetch", &rules->fetch_from, &rules->fetch_to) &&
           get_minutes(r, "send", &rules->send_from, &rules->send_to) &&
           canon_b64(r->o, "policy", rules->policy, 32, r->err) &&
           get_texts(r, "witnesses", VKEY_MOST, &rules->witnesses);
}

static bool read_key(const struct reading *r, struct entry *out)
{
    struct entry_key *key = &out->key;
    struct windows *w = &key->windows;
    struct span use;
    if (!json_get_text(r->o, "use", 8, &use, r->err))
        return false;
    key->survey = span_is(use, "survey");
    if (!key->survey && !span_is(use, "general"))
        return fail_kind(r->err, "use");
    if (key->survey && has(r, "crowd"))
        return fail_kind(r->err, "crowd");
    if (!get_subject(r, key->survey, &key->epoch, key->id_of) ||
        !get_int(r, "issue_from", 0, TIME_MOST, &w->issue_from) ||
        !get_int(r, "issue_to", 0, TIME_MOST, &w->issue_to) ||
        !get_int(r, "spend_from", 0, TIME_MOST, &w->spend_from) ||
        !get_int(r, "spend_to", 0, TIME_MOST, &w->spend_to) ||
        (!key->survey && !canon_b64(r->o, "crowd", key->crowd, 32, r->err)) ||
        !canon_b64(r->o, "spki", key->spki, sizeof key->spki, r->err) ||
        !get_bytes(r, "challenge", CHALLENGE_MOST, &key->challenge))
        return false;
    spki_key_id(key->spki, key->key_id);
    challenge_digest(key->challenge, key->digest);
    return true;
}

static bool read_roster(const struct reading *r, struct entry *out)
{
    struct entry_list *list = &out->list;
    return get_epoch(r, "epoch", &list->epoch) && get_int(r, "members", 0, MEMBERS_MOST, &list->n) &&
           canon_b64(r->o, "root", list->root, 32, r->err);
}

static bool read_open(const struct reading *r, struct entry *out)
{
    struct entry_list *list = &out->list;
    return get_epoch(r, "epoch", &list->epoch) && get_int(r, "holders", 0, MEMBERS_MOST, &list->n) &&
           canon_b64(r->o, "root", list->root, 32, r->err);
}

static bool read_close(const struct reading *r, struct entry *out)
{
    struct entry_close *close = &out->close;
    close->survey = has(r, "survey");
    close->members = close->issued = close->spent = -1;
    if (!get_subject(r, close->survey, &close->epoch, close->id_of))
        return false;
    if (has(r, "spent"))
        return has(r, "issued") || has(r, "members") || has(r, "counsellors")
                   ? fail_kind(r->err, "spent")
                   : get_int(r, "spent", 0, COUNT_MOST, &close->spent);
    return get_int(r, "issued", 0, COUNT_MOST, &close->issued) &&
           get_int(r, "members", 0, MEMBERS_MOST, &close->members) &&
           (!has(r, "counsellors") || get_int(r, "counsellors", 1, MEMBERS_MOST, &close->counsellors));
}

/* Members come in their canonical order, which is that of time. */
static bool read_keys(const struct reading *r, struct entry_batch *batch)
{
    json_t *keys = json_object_get(r->o, "keys");
    if (!json_is_object(keys) || json_object_size(keys) > sizeof batch->key / sizeof *batch->key)
        return fail_kind(r->err, "keys");
    const char *name;
    json_t *v;
    json_object_foreach(keys, name, v)
    {
        day_t epoch;
        int64_t n = json_integer_value(v);
        if (!epoch_read(span_of(name), &epoch) || !json_is_integer(v) || n < 1 || n > ENTRY_ACTS_MOST)
            return fail_kind(r->err, "keys");
        size_t at = batch->keys++;
        for (; at > 0 && batch->key[at - 1].epoch > epoch; at--)
            batch->key[at] = batch->key[at - 1];
        batch->key[at].epoch = epoch;
        batch->key[at].n = n;
    }
    return true;
}

static bool read_batch(const struct reading *r, struct entry *out)
{
    struct entry_batch *batch = &out->batch;
    if (!get_text(r, "series", 8, &batch->series))
        return false;
    bool answers = span_is(batch->series, "answers");
    if (!answers && !span_is(batch->series, "board") && !span_is(batch->series, "letters"))
        return fail_kind(r->err, "series");
    if (answers != has(r, "survey"))
        return fail_kind(r->err, "survey");
    if (answers && !canon_hex(r->o, "survey", batch->survey, sizeof batch->survey, r->err))
        return false;
    return get_int(r, "n", 0, COUNT_MOST, &batch->n) && get_int(r, "slot", 0, MINUTES, &batch->slot) &&
           get_int(r, "count", 0, ENTRY_ACTS_MOST, &batch->count) && get_day(r, "day", &batch->day) &&
           read_keys(r, batch);
}

static bool read_act(const struct reading *r, struct entry *out)
{
    return canon_b64(r->o, "c", out->act.c, 32, r->err);
}

static bool read_answer(const struct reading *r, struct entry *out)
{
    return canon_b64(r->o, "c", out->act.c, 32, r->err) &&
           canon_hex(r->o, "survey", out->act.survey, 16, r->err);
}

static bool read_any(const struct reading *r, struct entry *out)
{
    (void)r;
    (void)out;
    return true;
}

/* Its members are those of pulse/, which reads them strictly. */
static bool read_survey(const struct reading *r, struct entry *out)
{
    struct entry_survey *s = &out->survey;
    const json_t *group = json_object_get(r->o, "group");
    struct err none = {0};
    s->whole = json_is_object(group) && json_get_int(r->o, "opens", 0, TIME_MOST, &s->opens, &none) &&
               json_get_int(r->o, "closes", 0, TIME_MOST, &s->closes, &none) &&
               json_get_int(group, "roster", 0, CANON_END - 1, &s->roster, &none) &&
               json_get_int(group, "n", 0, MEMBERS_MOST, &s->n, &none) &&
               canon_b64(group, "root", s->root, 32, &none);
    return none.code != E_MEMORY || fail_memory(r->err);
}

static bool read_peer(const struct reading *r, struct entry *out)
{
    struct span note;
    out->peer.has_epoch = has(r, "epoch");
    return (!out->peer.has_epoch || get_epoch(r, "epoch", &out->peer.epoch)) &&
           json_get_text(r->o, "note", NOTE_MOST, &note, r->err) && keep_text(r, note, &out->peer.note);
}

static bool read_break(const struct reading *r, struct entry *out)
{
    struct span reason;
    int64_t size;
    if (!json_get_text(r->o, "reason", REASON_MOST, &reason, r->err) ||
        !keep_text(r, reason, &out->broken.reason) || !get_int(r, "size", 0, CANON_END - 1, &size) ||
        !canon_b64(r->o, "root", out->broken.root, 32, r->err))
        return false;
    out->broken.size = (uint64_t)size;
    return true;
}

/* One line that people read, without what cannot be seen. */
static bool get_line(const struct reading *r, const char *key, size_t most, struct span *out)
{
    return get_text(r, key, most, out) &&
           ((span_trim(*out).n > 0 && plain_ok(*out, false, r->err)) || fail_kind(r->err, key));
}

static bool read_person(const struct reading *r, struct entry *out)
{
    struct entry_person *p = &out->person;
    return get_line(r, "name", NAME_MOST, &p->name) && canon_b64(r->o, "pk", p->pk, 32, r->err) &&
           canon_b64(r->o, "proof", p->proof, 64, r->err) && get_day(r, "from", &p->from) &&
           get_day(r, "to", &p->to) && (p->from <= p->to || fail_kind(r->err, "to"));
}

static bool read_listener(const struct reading *r, struct entry *out)
{
    static const char *const keys[] = {"name", "pk", NULL};
    struct entry_listener *l = &out->listener;
    struct entry_person *p = &l->person;
    const json_t *voucher = json_object_get(r->o, "voucher");
    const struct reading by = {voucher, r->arena, r->err};
    if (!json_is_object(voucher))
        return fail_kind(r->err, "voucher");
    return get_text(r, "name", NAME_MOST, &p->name) && plain_ok(p->name, false, r->err) &&
           canon_b64(r->o, "pk", p->pk, 32, r->err) && canon_b64(r->o, "proof", p->proof, 64, r->err) &&
           get_day(r, "from", &p->from) && get_day(r, "to", &p->to) &&
           (p->from <= p->to || fail_kind(r->err, "to")) && canon_only(voucher, keys, r->err) &&
           get_line(&by, "name", NAME_MOST, &l->voucher) &&
           canon_b64(voucher, "pk", l->voucher_pk, 32, r->err) &&
           canon_b64(r->o, "vsig", l->vsig, 64, r->err);
}

static bool read_counsellor(const struct reading *r, struct entry *out)
{
    struct entry person = {.kind = out->kind};
    struct entry_counsellor *c = &out->counsellor;
    if (!read_person(r, &person) || !get_line(r, "employer", NAME_MOST, &c->employer) ||
        !get_line(r, "where", WHERE_MOST, &c->where))
        return false;
    c->person = person.person;
    return true;
}

static bool read_hours(const struct reading *r, struct entry *out)
{
    struct entry_hours *h = &out->hours;
    return canon_b64(r->o, "c", h->c, 32, r->err) &&
           canon_b64(r->o, "counsellor", h->counsellor, 32, r->err) && get_epoch(r, "week", &h->week) &&
           get_int(r, "slots", 0, HOURS_SLOTS, &h->slots);
}

static bool read_end(const struct reading *r, struct entry *out)
{
    return get_text(r, "what", 32, &out->end.what) && canon_b64(r->o, "pk", out->end.pk, 32, r->err) &&
           get_line(r, "reason", REASON_MOST, &out->end.reason);
}

static bool read_moderation(const struct reading *r, struct entry *out)
{
    return moderation_get(r->o, &out->moderation, r->err) &&
           keep_text(r, out->moderation.reason, &out->moderation.reason);
}

/* keys: NULL takes any. */
static const struct kind {
    const char *t;
    enum entry_kind kind;
    bool timeless;
    const char *const *keys;
    bool (*read)(const struct reading *r, struct entry *out);
} kinds[] = {
#define KEYS(...) ((const char *const[]){"t", __VA_ARGS__, NULL})
    {"genesis", ENTRY_GENESIS, false,
     KEYS("at", "board", "by", "issuer", "lab", "log", "origin_info", "promise", "protocol", "roles", "trial",
          "vouchers", "zone"),
     read_genesis},
    {"rules", ENTRY_RULES, false,
     KEYS("at", "batch", "slots", "fetch", "floor", "letters", "policy", "quota", "retention", "send",
          "witnesses"),
     read_rules},
    {"key", ENTRY_KEY, false,
     KEYS("at", "challenge", "crowd", "epoch", "survey", "issue_from", "issue_to", "spend_from", "spend_to",
          "spki", "use"),
     read_key},
    {"roster", ENTRY_ROSTER, false, KEYS("at", "epoch", "members", "root"), read_roster},
    {"open", ENTRY_OPEN, false, KEYS("at", "epoch", "holders", "root"), read_open},
    {"close", ENTRY_CLOSE, false, KEYS("at", "counsellors", "epoch", "survey", "issued", "members", "spent"),
     read_close},
    {"batch", ENTRY_BATCH, true, KEYS("count", "day", "keys", "n", "series", "slot", "survey"), read_batch},
    {"act", ENTRY_ACT, true, KEYS("c"), read_act},
    {"answer", ENTRY_ANSWER, true, KEYS("c", "survey"), read_answer},
    {"survey", ENTRY_SURVEY, false, NULL, read_survey},
    {"peer", ENTRY_PEER, false, KEYS("at", "epoch", "note"), read_peer},
    {"break", ENTRY_BREAK, false, KEYS("at", "reason", "root", "size"), read_break},
    {"moderator", ENTRY_MODERATOR, false, KEYS("at", "from", "name", "pk", "proof", "to"), read_person},
    {"voucher", ENTRY_VOUCHER, false, KEYS("at", "from", "name", "pk", "proof", "to"), read_person},
    {"listener", ENTRY_LISTENER, false, KEYS("at", "from", "name", "pk", "proof", "to", "voucher", "vsig"),
     read_listener},
    {"counsellor", ENTRY_COUNSELLOR, false,
     KEYS("at", "employer", "from", "name", "pk", "proof", "to", "where"), read_counsellor},
    {"hours", ENTRY_HOURS, false, KEYS("at", "c", "counsellor", "slots", "week"), read_hours},
    {"end", ENTRY_END, false, KEYS("at", "pk", "reason", "what"), read_end},
    {"moderation", ENTRY_MODERATION, false, KEYS("at", "do", "pk", "prev", "reason", "sig", "target"),
     read_moderation},
};
static const struct kind other = {.t = "", .kind = ENTRY_OTHER, .read = read_any};

static const struct kind *kind_of(struct span t)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_is(t, kinds[i].t))
            return &kinds[i];
    return &other;
}

/* A key that stands in an entry has signed the entry as it would be without "at" and "proof" (a
 * listener: and without who vouched, which comes after). */
bool entry_proof_text(json_t *o, struct span t, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *bare = json_copy(o);
    buf_printf(out, "respite/%.*s/v1\n", SPAN_ARG(t));
    if (!bare)
        return fail_memory(err);
    (void)json_object_del(bare, "at");
    (void)json_object_del(bare, "proof");
    (void)json_object_del(bare, "voucher");
    (void)json_object_del(bare, "vsig");
    return canon_write(bare, out, err) && buf_ok(out, err);
}

static bool proof_good(const json_t *o, struct span t, struct err *err)
{
    uint8_t pk[32], sig[64];
    if (!json_object_get(o, "proof"))
        return true;
    if (!canon_b64(o, "pk", pk, sizeof pk, err) || !canon_b64(o, "proof", sig, sizeof sig, err))
        return false;
    AUTO_BUF struct buf text;
    buf_init(&text, 2 * ENTRY_MOST);
    if (!entry_proof_text((json_t *)(uintptr_t)o, t, &text, err))
        return false;
    return sign_good(pk, buf_span(&text), sig) ||
           fail(err, E_FORMAT, tr("err.anon.entry_proof", "The key in an entry has not signed that entry."));
}

bool entry_read(struct span bytes, struct arena *arena, struct entry *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (!canon_read(bytes, ENTRY_MOST, &o, err))
        return false;
    if (!json_is_object(o))
        return fail_kind(err, "t");
    struct reading r = {o, arena, err};
    struct entry e = {.bytes = bytes};
    if (!get_text(&r, "t", 32, &e.t))
        return false;
    const struct kind *kind = kind_of(e.t);
    e.kind = kind->kind;
    if ((kind->keys && !canon_only(o, kind->keys, err)) ||
        (!kind->timeless && !get_int(&r, "at", 0, TIME_MOST, &e.at)) || !kind->read(&r, &e) ||
        !proof_good(o, e.t, err))
        return false;
    *out = e;
    return true;
}

void entry_act_leaf(const uint8_t c[static 32], struct buf *out, uint8_t leaf[static 32])
{
    char text[] = "{\"c\":\"############################################\",\"t\":\"act\"}";
    struct span entry = {text, sizeof text - 1};
    b64_put(text + sizeof "{\"c\":\"" - 1, (struct span){(const char *)c, 32}, B64);
    merkle_leaf(entry, leaf);
    if (out)
        buf_add(out, entry);
}
