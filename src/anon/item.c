/* Acts: reading what came over the wire, and making what is to go. An act is canonical, and of its members
 * only "v" comes after "sig": so the bytes that were signed are the act's own without one piece near its end,
 * and need not be written again. */
#include "anon/item.h"

#include "anon/entry.h"
#include "anon/epoch.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { KIND_MOST = 16, LAB_MOST = 128, SIG_TEXT = 88, THREAD = 16 };
#define TAG "respite/act/v1\n"
#define TAIL "\"v\":1}"
#define SIG_PIECE (sizeof "\"sig\":\"\"," - 1 + SIG_TEXT)

void item_free(struct item *item)
{
    json_decref(item->json);
    item->json = NULL;
    item->act = NULL;
}

bool item_unpad(struct span body, struct span *bytes, struct problem *p)
{
    if (body.n != ITEM_SMALL && body.n != ITEM_MIDDLE && body.n != ITEM_LARGE)
        return problem(p, PROBLEM_BAD_SIZE, NULL);
    while (body.n > 0 && body.p[body.n - 1] == ' ')
        body.n--;
    *bytes = body;
    return true;
}

/* Want of memory is ours, anything else is the sender's. */
static bool refuse(struct problem *p, enum problem_type type, const char *name, const struct err *why,
                   struct err *err)
{
    return why->code == E_MEMORY ? fail_memory(err) : problem(p, type, name);
}

static bool read_members(struct item *item, struct problem *p, struct err *err)
{
    const struct {
        const char *key;
        uint8_t *out;
        size_t n;
    } bytes[] = {{"salt", item->salt, sizeof item->salt},
                 {"pass", item->pass, sizeof item->pass},
                 {"head", item->head, sizeof item->head},
                 {"pk", item->pk, sizeof item->pk},
                 {"sig", item->sig, sizeof item->sig}};
    struct err why = {0};
    int64_t v;
    if (!json_get_int(item->json, "v", 1, 1, &v, &why))
        return refuse(p, PROBLEM_BAD_FIELD, "v", &why, err);
    if (!json_get_text(item->json, "kind", KIND_MOST, &item->kind, &why) || item->kind.n == 0)
        return refuse(p, PROBLEM_BAD_FIELD, "kind", &why, err);
    if (!json_get_text(item->json, "lab", LAB_MOST, &item->lab, &why) || item->lab.n == 0)
        return refuse(p, PROBLEM_BAD_FIELD, "lab", &why, err);
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
        if (!canon_b64(item->json, bytes[i].key, bytes[i].out, bytes[i].n, &why))
            return refuse(p, PROBLEM_BAD_FIELD, bytes[i].key, &why, err);
    item->act = json_object_get(item->json, "act");
    return json_is_object(item->act) || problem(p, PROBLEM_BAD_FIELD, "act");
}

static bool sig_good(const struct item *item, struct problem *p, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, sizeof TAG + ITEM_LARGE);
    buf_add(&text, SPAN(TAG));
    buf_add(&text, span_first(item->bytes, item->bytes.n - SIG_PIECE - (sizeof TAIL - 1)));
    buf_add(&text, SPAN(TAIL));
    if (!buf_ok(&text, err))
        return false;
    return sign_good(item->pk, buf_span(&text), item->sig) || problem(p, PROBLEM_BAD_SIG, NULL);
}

bool item_read(struct span bytes, struct item *out, struct problem *p, struct err *err)
{
    static const char *const keys[] = {"act", "head", "kind", "lab", "pass", "pk", "salt", "sig", "v", NULL};
    struct err why = {0};
    *out = (struct item){.bytes = bytes};
    if (!canon_read(bytes, ITEM_LARGE, &out->json, &why) || !canon_only(out->json, keys, &why))
        return refuse(p, PROBLEM_BAD_JSON, NULL, &why, err);
    if (!read_members(out, p, err) || !sig_good(out, p, err))
        return false;
    hash_sha256(bytes, out->c);
    entry_act_leaf(out->c, NULL, out->leaf);
    memcpy(out->id, out->leaf, sizeof out->id);
    return true;
}

/* Making --------------------------------------------------------------------------------------------- */
static json_t *draft_json(const struct item_draft *draft, const uint8_t pass[static 32],
                          const uint8_t head[static 32], const uint8_t pk[static 32])
{
    json_t *o = json_object();
    if (o && json_object_set_new(o, "v", json_integer(1)) == 0 &&
        json_object_set_new(o, "kind", json_stringn(draft->kind.p, draft->kind.n)) == 0 &&
        json_object_set_new(o, "lab", json_stringn(draft->lab.p, draft->lab.n)) == 0 &&
        json_object_set(o, "act", draft->act) == 0 &&
        canon_put_b64(o, "salt", draft->salt, sizeof draft->salt) && canon_put_b64(o, "pass", pass, 32) &&
        canon_put_b64(o, "head", head, 32) && canon_put_b64(o, "pk", pk, 32))
        return o;
    json_decref(o);
    return NULL;
}

bool item_make(const struct item_draft *draft, const uint8_t pass[static 32], const uint8_t head[static 32],
               const struct sign_key *key, struct buf *out, struct err *err)
{
    uint8_t pk[32], sig[64];
    sign_public(key, pk);
    AUTO_JSON json_t *o = draft_json(draft, pass, head, pk);
    AUTO_BUF struct buf text;
    buf_init(&text, sizeof TAG + 2 * ITEM_LARGE);
    if (!o)
        return fail_memory(err);
    buf_add(&text, SPAN(TAG));
    if (!canon_write(o, &text, err))
        return false;
    if (text.n - (sizeof TAG - 1) + SIG_PIECE > ITEM_LARGE)
        return fail(err, E_LIMIT,
                    tr("err.anon.item_long", "This is longer than the %d bytes that the lab's board takes."),
                    ITEM_LARGE);
    sign(key, buf_span(&text), sig);
    return canon_put_b64(o, "sig", sig, sizeof sig) ? canon_write(o, out, err) : fail_memory(err);
}

bool item_pad(struct buf *body, size_t least, struct err *err)
{
    static const size_t sizes[] = {ITEM_SMALL, ITEM_MIDDLE, ITEM_LARGE};
    size_t i = 0;
    while (i < 3 && (sizes[i] < body->n || sizes[i] < least))
        i++;
    if (i == 3)
        return fail(err, E_LIMIT,
                    tr("err.anon.item_long", "This is longer than the %d bytes that the lab's board takes."),
                    ITEM_LARGE);
    size_t n = sizes[i] - body->n;
    char *room = buf_space(body, n);
    if (!room)
        return buf_ok(body, err);
    memset(room, ' ', n);
    buf_grew(body, n);
    return true;
}

/* Names ---------------------------------------------------------------------------------------------- */
void item_thread_key(const uint8_t secret[static 32], const uint8_t thread[static 16], day_t epoch,
                     struct sign_key *out)
{
    static const char tag[] = "respite/thread/v1";
    char info[sizeof tag - 1 + THREAD + EPOCH_TEXT], text[16];
    uint8_t seed[32];
    memcpy(info, tag, sizeof tag - 1);
    memcpy(info + sizeof tag - 1, thread, THREAD);
    memcpy(info + sizeof tag - 1 + THREAD, epoch_text(epoch, text), EPOCH_TEXT);
    hash_hkdf(secret, (struct span){info, sizeof info}, seed);
    sign_key_init(out, seed);
    secret_wipe(seed, sizeof seed);
}

uint8_t item_name(const uint8_t thread[static 16], const uint8_t pk[static 32])
{
    char both[THREAD + 32];
    uint8_t hash[32];
    memcpy(both, thread, THREAD);
    memcpy(both + THREAD, pk, 32);
    hash_tagged(SPAN("respite/name/v1\n"), (struct span){both, sizeof both}, hash);
    return hash[0];
}

void item_hex(const uint8_t id[static 16], char out[static 33])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < THREAD; i++) {
        out[2 * i] = digits[id[i] >> 4];
        out[2 * i + 1] = digits[id[i] & 15];
    }
    out[2 * (size_t)THREAD] = '\0';
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c - 'a' + 10;
}

bool item_hex_read(struct span text, uint8_t id[static 16])
{
    struct span in = text, digits;
    if (!scan_hex(&in, &digits, 2 * (size_t)THREAD, 2 * (size_t)THREAD) || !scan_end(&in))
        return false;
    for (size_t i = 0; i < THREAD; i++)
        id[i] = (uint8_t)(digit(digits.p[2 * i]) << 4 | digit(digits.p[2 * i + 1]));
    return true;
}
