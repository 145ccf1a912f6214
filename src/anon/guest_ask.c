/* A signed request of a guest, written and read with the same code at both ends. */
#include "anon/guest_ask.h"

#include <string.h>

#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

static const char *const names[] = {
    [GUEST_READ] = "read", [GUEST_LETTERS] = "letters", [GUEST_PASSES] = "passes"};
enum { NAMES = sizeof names / sizeof *names };

static bool ask_text(json_t *o, struct buf *out, struct err *err)
{
    buf_add_text(out, "respite/slots/v1\n");
    return canon_write(o, out, err) && buf_ok(out, err);
}

bool guest_ask_write(const struct guest_ask *ask, struct span lab, const struct sign_key *key,
                     struct buf *out, struct err *err)
{
    uint8_t pk[32], sig[64];
    AUTO_BUF struct buf text;
    AUTO_JSON json_t *o = json_pack("{s:I,s:s,s:s%,s:i}", "at", (json_int_t)ask->at, "do", names[ask->what],
                                    "lab", lab.p, lab.n, "v", 1);
    buf_init(&text, GUEST_BODY);
    sign_public(key, pk);
    if (!o || !canon_put_b64(o, "pk", pk, sizeof pk) ||
        (ask->what == GUEST_LETTERS && json_object_set_new(o, "n", json_integer(ask->n)) != 0) ||
        (ask->what == GUEST_PASSES && !canon_put_b64(o, "request", ask->request.p, ask->request.n)))
        return fail_memory(err);
    if (!ask_text(o, &text, err))
        return false;
    sign(key, buf_span(&text), sig);
    return (canon_put_b64(o, "sig", sig, sizeof sig) || fail_memory(err)) && canon_write(o, out, err);
}

static bool read_what(const json_t *o, enum guest_do *out, struct err *err)
{
    struct span text;
    if (!json_get_text(o, "do", 8, &text, err))
        return false;
    for (size_t i = 0; i < NAMES; i++)
        if (span_is(text, names[i])) {
            *out = (enum guest_do)i;
            return true;
        }
    return fail(err, E_FORMAT, tr("err.guest.do", "This is no request of a counsellor."));
}

static bool read_request(const json_t *o, struct arena *arena, struct span *out, struct err *err)
{
    struct span text;
    size_t n = 0;
    if (!json_get_text(o, "request", GUEST_BODY, &text, err))
        return false;
    char *room = arena_get(arena, text.n + 1);
    if (!room)
        return fail_memory(err);
    if (!b64_read(text, B64, room, text.n, &n))
        return fail(err, E_FORMAT, tr("err.guest.do", "This is no request of a counsellor."));
    *out = (struct span){room, n};
    return true;
}

static bool read_more(const json_t *o, struct arena *arena, struct guest_ask *out, struct err *err)
{
    static const char *const keys[][9] = {
        [GUEST_READ] = {"at", "do", "lab", "pk", "sig", "v", NULL},
        [GUEST_LETTERS] = {"at", "do", "lab", "n", "pk", "sig", "v", NULL},
        [GUEST_PASSES] = {"at", "do", "lab", "pk", "request", "sig", "v", NULL},
    };
    return canon_only(o, keys[out->what], err) &&
           (out->what != GUEST_LETTERS || json_get_int(o, "n", 1, CANON_END - 1, &out->n, err)) &&
           (out->what != GUEST_PASSES || read_request(o, arena, &out->request, err));
}

bool guest_ask_read(const json_t *o, struct span lab, struct arena *arena, struct guest_ask *out, bool *good,
                    struct err *err)
{
    struct span named;
    int64_t v;
    AUTO_BUF struct buf text;
    buf_init(&text, GUEST_BODY);
    *good = false;
    *out = (struct guest_ask){0};
    if (!read_what(o, &out->what, err) || !read_more(o, arena, out, err) ||
        !json_get_int(o, "v", 1, 1, &v, err) || !json_get_text(o, "lab", 256, &named, err) ||
        !json_get_int(o, "at", 0, CANON_END - 1, &out->at, err) ||
        !canon_b64(o, "pk", out->pk, sizeof out->pk, err) ||
        !canon_b64(o, "sig", out->sig, sizeof out->sig, err))
        return false;
    AUTO_JSON json_t *bare = json_copy((json_t *)(uintptr_t)o);
    if (!bare || json_object_del(bare, "sig") != 0)
        return fail_memory(err);
    if (!ask_text(bare, &text, err))
        return false;
    *good = span_eq(named, lab) && sign_good(out->pk, buf_span(&text), out->sig);
    return true;
}
