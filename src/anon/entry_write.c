/* Writing an entry of the record: as JSON values, then in their canonical form. */
#include "anon/entry.h"

#include "anon/item.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

/* Each sets one member; false when there is no memory. */
static bool put(json_t *o, const char *key, json_t *v)
{
    return v && json_object_set_new(o, key, v) == 0;
}

static json_t *text_of(struct span s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

static bool put_text(json_t *o, const char *key, struct span s)
{
    return put(o, key, text_of(s));
}

static bool put_int(json_t *o, const char *key, int64_t n)
{
    return put(o, key, json_integer(n));
}

static bool put_epoch(json_t *o, day_t epoch)
{
    char text[16];
    return put_text(o, "epoch", span_of(epoch_text(epoch, text)));
}

static bool put_id(json_t *o, const uint8_t id[static 16])
{
    char hex[33];
    item_hex(id, hex);
    return put_text(o, "survey", span_of(hex));
}

static bool put_subject(json_t *o, bool survey, day_t epoch, const uint8_t id[static 16])
{
    return survey ? put_id(o, id) : put_epoch(o, epoch);
}

static bool put_texts(json_t *o, const char *key, const struct entry_texts *texts)
{
    json_t *list = json_array();
    bool done = list != NULL;
    for (size_t i = 0; done && i < texts->n; i++)
        done = json_array_append_new(list, text_of(texts->at[i])) == 0;
    return put(o, key, list) && done;
}

static bool put_ints(json_t *o, const char *key, const int64_t *at, size_t n)
{
    json_t *list = json_array();
    bool done = list != NULL;
    for (size_t i = 0; done && i < n; i++)
        done = json_array_append_new(list, json_integer(at[i])) == 0;
    return put(o, key, list) && done;
}

static bool write_genesis(json_t *o, const struct entry *e)
{
    const struct entry_genesis *g = &e->genesis;
    return put_text(o, "lab", g->lab) && put_text(o, "by", g->by) && put_text(o, "roles", g->roles) &&
           put_text(o, "zone", g->zone) && put_text(o, "origin_info", g->origin_info) &&
           put_text(o, "promise", g->promise) && put_texts(o, "issuer", &g->issuer) &&
           put_texts(o, "board", &g->board) && put_texts(o, "log", &g->log) && put_int(o, "protocol", 1) &&
           put(o, "trial", json_boolean(g->trial)) && put(o, "vouchers", json_array());
}

static bool write_rules(json_t *o, const struct entry *e)
{
    const struct entry_rules *r = &e->rules;
    return (r->batch ? put_int(o, "batch", r->batch) : put_ints(o, "slots", r->slot, r->slots)) &&
           put_int(o, "floor", r->floor) && put_int(o, "quota", r->quota) &&
           put_int(o, "letters", r->letters) && put_int(o, "retention", r->retention) &&
           put_ints(o, "fetch", (const int64_t[]){r->fetch_from, r->fetch_to}, 2) &&
           put_ints(o, "send", (const int64_t[]){r->send_from, r->send_to}, 2) &&
           canon_put_b64(o, "policy", r->policy, sizeof r->policy) &&
           put_texts(o, "witnesses", &r->witnesses);
}

static bool write_key(json_t *o, const struct entry *e)
{
    const struct entry_key *k = &e->key;
    return put(o, "use", json_string(k->survey ? "survey" : "general")) &&
           put_subject(o, k->survey, k->epoch, k->id_of) && put_int(o, "issue_from", k->windows.issue_from) &&
           put_int(o, "issue_to", k->windows.issue_to) && put_int(o, "spend_from", k->windows.spend_from) &&
           put_int(o, "spend_to", k->windows.spend_to) && canon_put_b64(o, "spki", k->spki, sizeof k->spki) &&
           canon_put_b64(o, "challenge", k->challenge.p, k->challenge.n) &&
           (k->survey || canon_put_b64(o, "crowd", k->crowd, sizeof k->crowd));
}

static bool write_list(json_t *o, const struct entry *e)
{
    const struct entry_list *l = &e->list;
    return put_epoch(o, l->epoch) && put_int(o, e->kind == ENTRY_OPEN ? "holders" : "members", l->n) &&
           canon_put_b64(o, "root", l->root, sizeof l->root);
}

static bool write_close(json_t *o, const struct entry *e)
{
    const struct entry_close *c = &e->close;
    return put_subject(o, c->survey, c->epoch, c->id_of) &&
           (c->spent >= 0 ? put_int(o, "spent", c->spent)
                          : put_int(o, "issued", c->issued) && put_int(o, "members", c->members) &&
                                (c->counsellors == 0 || put_int(o, "counsellors", c->counsellors)));
}

static bool write_batch(json_t *o, const struct entry *e)
{
    const struct entry_batch *b = &e->batch;
    char text[16];
    json_t *keys = json_object();
    bool done = put(o, "keys", keys);
    for (size_t i = 0; done && i < b->keys; i++)
        done = put_int(keys, epoch_text(b->key[i].epoch, text), b->key[i].n);
    return done && put_text(o, "series", b->series) && put_int(o, "n", b->n) && put_int(o, "slot", b->slot) &&
           put_int(o, "count", b->count) && put_text(o, "day", span_of(day_text(b->day, text))) &&
           (!span_is(b->series, "answers") || put_id(o, b->survey));
}

static bool write_act(json_t *o, const struct entry *e)
{
    return canon_put_b64(o, "c", e->act.c, 32) && (e->kind == ENTRY_ACT || put_id(o, e->act.survey));
}

static bool write_peer(json_t *o, const struct entry *e)
{
    return (!e->peer.has_epoch || put_epoch(o, e->peer.epoch)) && put_text(o, "note", e->peer.note);
}

static bool write_break(json_t *o, const struct entry *e)
{
    return put_text(o, "reason", e->broken.reason) && put_int(o, "size", (int64_t)e->broken.size) &&
           canon_put_b64(o, "root", e->broken.root, sizeof e->broken.root);
}

static bool put_day(json_t *o, const char *key, day_t day)
{
    char text[16];
    return put_text(o, key, span_of(day_text(day, text)));
}

static bool write_person(json_t *o, const struct entry *e)
{
    const struct entry_person *p = &e->person;
    return put_text(o, "name", p->name) && put_day(o, "from", p->from) && put_day(o, "to", p->to) &&
           canon_put_b64(o, "pk", p->pk, sizeof p->pk) &&
           canon_put_b64(o, "proof", p->proof, sizeof p->proof);
}

static bool write_listener(json_t *o, const struct entry *e)
{
    const struct entry_listener *l = &e->listener;
    struct entry person = {.kind = e->kind, .person = l->person};
    json_t *by = json_object();
    return put(o, "voucher", by) && put_text(by, "name", l->voucher) &&
           canon_put_b64(by, "pk", l->voucher_pk, sizeof l->voucher_pk) && write_person(o, &person) &&
           canon_put_b64(o, "vsig", l->vsig, sizeof l->vsig);
}

static bool write_counsellor(json_t *o, const struct entry *e)
{
    const struct entry_counsellor *c = &e->counsellor;
    struct entry person = {.kind = e->kind, .person = c->person};
    return write_person(o, &person) && put_text(o, "employer", c->employer) && put_text(o, "where", c->where);
}

static bool write_hours(json_t *o, const struct entry *e)
{
    const struct entry_hours *h = &e->hours;
    char week[16];
    return put_text(o, "week", span_of(epoch_text(h->week, week))) && put_int(o, "slots", h->slots) &&
           canon_put_b64(o, "c", h->c, sizeof h->c) &&
           canon_put_b64(o, "counsellor", h->counsellor, sizeof h->counsellor);
}

static bool write_end(json_t *o, const struct entry *e)
{
    return put_text(o, "what", e->end.what) && put_text(o, "reason", e->end.reason) &&
           canon_put_b64(o, "pk", e->end.pk, sizeof e->end.pk);
}

static bool write_moderation(json_t *o, const struct entry *e)
{
    return moderation_put(o, &e->moderation) &&
           canon_put_b64(o, "sig", e->moderation.sig, sizeof e->moderation.sig);
}

static const struct {
    const char *t;
    bool timeless;
    bool (*write)(json_t *o, const struct entry *e);
} kinds[] = {
    [ENTRY_GENESIS] = {"genesis", false, write_genesis},
    [ENTRY_RULES] = {"rules", false, write_rules},
    [ENTRY_KEY] = {"key", false, write_key},
    [ENTRY_ROSTER] = {"roster", false, write_list},
    [ENTRY_OPEN] = {"open", false, write_list},
    [ENTRY_CLOSE] = {"close", false, write_close},
    [ENTRY_BATCH] = {"batch", true, write_batch},
    [ENTRY_ACT] = {"act", true, write_act},
    [ENTRY_ANSWER] = {"answer", true, write_act},
    [ENTRY_PEER] = {"peer", false, write_peer},
    [ENTRY_BREAK] = {"break", false, write_break},
    [ENTRY_MODERATOR] = {"moderator", false, write_person},
    [ENTRY_VOUCHER] = {"voucher", false, write_person},
    [ENTRY_LISTENER] = {"listener", false, write_listener},
    [ENTRY_COUNSELLOR] = {"counsellor", false, write_counsellor},
    [ENTRY_HOURS] = {"hours", false, write_hours},
    [ENTRY_END] = {"end", false, write_end},
    [ENTRY_MODERATION] = {"moderation", false, write_moderation},
};

bool entry_write(const struct entry *entry, struct buf *out, struct err *err)
{
    if ((size_t)entry->kind >= sizeof kinds / sizeof *kinds || !kinds[entry->kind].t)
        return fail(
            err, E_FORMAT,
            tr("err.anon.entry_kind", "Entries of this kind are written by the part that makes them."));
    size_t before = out->n;
    AUTO_JSON json_t *o = json_object();
    if (!o || !put(o, "t", json_string(kinds[entry->kind].t)) ||
        (!kinds[entry->kind].timeless && !put_int(o, "at", entry->at)) || !kinds[entry->kind].write(o, entry))
        return fail_memory(err);
    if (!canon_write(o, out, err))
        return false;
    if (out->n - before <= ENTRY_MOST)
        return true;
    out->n = before;
    out->p[before] = '\0';
    return fail(err, E_LIMIT, tr("err.anon.entry_long", "An entry of the record is longer than %d bytes."),
                ENTRY_MOST);
}

struct entry_person *entry_person_of(struct entry *entry)
{
    return entry->kind == ENTRY_LISTENER     ? &entry->listener.person
           : entry->kind == ENTRY_COUNSELLOR ? &entry->counsellor.person
                                             : &entry->person;
}

bool entry_prove(struct entry *entry, const struct sign_key *key, struct err *err)
{
    struct entry_person *p = entry_person_of(entry);
    struct entry person = {.kind = entry->kind, .person = *p};
    AUTO_JSON json_t *o = json_object();
    AUTO_BUF struct buf text;
    struct span t = span_of(kinds[entry->kind].t);
    buf_init(&text, ENTRY_MOST);
    sign_public(key, p->pk);
    memcpy(person.person.pk, p->pk, sizeof p->pk);
    if (!o || !put_text(o, "t", t) ||
        !(entry->kind == ENTRY_COUNSELLOR ? write_counsellor(o, entry) : write_person(o, &person)))
        return fail_memory(err);
    if (!entry_proof_text(o, t, &text, err))
        return false;
    sign(key, buf_span(&text), p->proof);
    return true;
}

/* What a voucher signs: the whole entry but for its time and this signature. */
static bool vouch_text(const struct entry *entry, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_object();
    buf_add_text(out, "respite/vouch/v1\n");
    if (!o || !put_text(o, "t", SPAN("listener")) || !write_listener(o, entry))
        return fail_memory(err);
    (void)json_object_del(o, "vsig");
    return canon_write(o, out, err) && buf_ok(out, err);
}

bool entry_vouch(struct entry *entry, const struct sign_key *key, struct err *err)
{
    struct entry_listener *l = &entry->listener;
    AUTO_BUF struct buf text;
    buf_init(&text, ENTRY_MOST);
    sign_public(key, l->voucher_pk);
    if (!vouch_text(entry, &text, err))
        return false;
    sign(key, buf_span(&text), l->vsig);
    return true;
}

bool entry_vouched(const struct entry *entry, bool *good, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, ENTRY_MOST);
    if (!vouch_text(entry, &text, err))
        return false;
    *good = sign_good(entry->listener.voucher_pk, buf_span(&text), entry->listener.vsig);
    return true;
}
