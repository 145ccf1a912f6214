/* What crosses the wire about a counsellor's times, read and written with the same code at both ends: the act
 * that takes one, and the counsellor's asking. */
#include "anon/item.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/box.h"
#include "speak/counsel_lab.h"

#include "base/banned.h"

json_t *slot_act(const uint8_t slot[static 16], struct span box)
{
    char hex[33];
    item_hex(slot, hex);
    json_t *act = json_pack("{s:s}", "slot", hex);
    if (act && canon_put_b64(act, "box", box.p, box.n))
        return act;
    json_decref(act);
    return NULL;
}

bool slot_act_read(const json_t *act, uint8_t slot[static 16], uint8_t box[static 1024], struct err *err)
{
    static const char *const keys[] = {"box", "slot", NULL};
    return canon_only(act, keys, err) && canon_hex(act, "slot", slot, 16, err) &&
           canon_b64(act, "box", box, BOX_SMALL, err);
}

/* The counsellor's asking ----------------------------------------------------------------------------- */
static bool ask_text(json_t *o, struct buf *out, struct err *err)
{
    buf_add_text(out, "respite/slots/v1\n");
    return canon_write(o, out, err) && buf_ok(out, err);
}

bool counsel_ask_write(struct span lab, int64_t at, const struct sign_key *key, struct buf *out,
                       struct err *err)
{
    uint8_t pk[32], sig[64];
    AUTO_BUF struct buf text;
    AUTO_JSON json_t *o =
        json_pack("{s:I,s:s,s:s%,s:i}", "at", (json_int_t)at, "do", "read", "lab", lab.p, lab.n, "v", 1);
    buf_init(&text, COUNSEL_BODY);
    sign_public(key, pk);
    if (!o || !canon_put_b64(o, "pk", pk, sizeof pk))
        return fail_memory(err);
    if (!ask_text(o, &text, err))
        return false;
    sign(key, buf_span(&text), sig);
    return (canon_put_b64(o, "sig", sig, sizeof sig) || fail_memory(err)) && canon_write(o, out, err);
}

bool counsel_ask_read(const json_t *o, struct span lab, struct counsel_ask *out, bool *good, struct err *err)
{
    static const char *const keys[] = {"at", "do", "lab", "pk", "sig", "v", NULL};
    struct span named, act;
    int64_t v;
    AUTO_BUF struct buf text;
    buf_init(&text, COUNSEL_BODY);
    *good = false;
    if (!canon_only(o, keys, err) || !json_get_int(o, "v", 1, 1, &v, err) ||
        !json_get_text(o, "do", 8, &act, err) || !json_get_text(o, "lab", 256, &named, err) ||
        !json_get_int(o, "at", 0, CANON_END - 1, &out->at, err) ||
        !canon_b64(o, "pk", out->pk, sizeof out->pk, err) ||
        !canon_b64(o, "sig", out->sig, sizeof out->sig, err))
        return false;
    AUTO_JSON json_t *bare = json_copy((json_t *)(uintptr_t)o);
    if (!bare || json_object_del(bare, "sig") != 0)
        return fail_memory(err);
    if (!ask_text(bare, &text, err))
        return false;
    *good = span_is(act, "read") && span_eq(named, lab) && sign_good(out->pk, buf_span(&text), out->sig);
    return true;
}
