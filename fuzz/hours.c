/* A counsellor's hours as they come from a lab, the body that brings them or asks who came, the act that
 * takes a time, and the line of a counsellor's key: what is taken is written again as it was, and nothing
 * else is. */
#include "fuzz/fuzz.h"

#include "anon/hours.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "speak/counsel_lab.h"
#include "speak/moderate_key.h"

#include "base/banned.h"

#define LAB SPAN("lab.example")

static void try_hours(const json_t *o)
{
    struct err err = {0};
    struct hours h;
    bool good;
    AUTO_BUF struct buf again, bytes;
    buf_init(&again, HOURS_RECORD);
    buf_init(&bytes, HOURS_RECORD);
    if (!hours_get(o, &h, &err)) {
        must(said(&err));
        return;
    }
    must(h.slots <= HOURS_SLOTS && h.n >= 1);
    for (size_t i = 0; i < h.slots; i++)
        must(h.slot[i].from < h.slot[i].to && h.slot[i].by.n > 0 &&
             (!i || h.slot[i - 1].to <= h.slot[i].from));
    must(hours_good(&h, &good, &err));
    if (canon_write(o, &bytes, &err)) {
        must(hours_write(&h, &again, &err));
        must(span_eq(buf_span(&bytes), buf_span(&again)));
    }
}

/* What a guest asks for: what is read is, without its signature, what was signed. */
static void try_asks(const json_t *o)
{
    struct err err = {0}, odd = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct guest_ask ask;
    uint8_t slot[16], box[1024];
    bool good = false;
    if (!guest_ask_read(o, LAB, arena, &ask, &good, &err))
        must(said(&err));
    else
        must(ask.what == GUEST_READ || (ask.what == GUEST_LETTERS && ask.n >= 1) ||
             (ask.what == GUEST_PASSES && ask.request.n < GUEST_BODY));
    if (!slot_act_read(o, slot, box, &odd))
        must(said(&odd));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0}, why = {0}, other = {0};
    struct span bytes = {(const char *)data, size};
    struct hours h;
    struct entry entry;
    AUTO_JSON json_t *o = NULL, *record = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    if (json_read(bytes, GUEST_BODY, "body", &o, &err)) {
        try_hours(o);
        try_hours(json_object_get(o, "hours"));
        try_asks(o);
    } else {
        must(said(&err));
    }
    if (!hours_read(bytes, &record, &h, &why))
        must(said(&why));
    if (!person_line_read(bytes, ENTRY_COUNSELLOR, 1, arena, &entry, &other))
        must(said(&other));
    else
        must(entry.counsellor.employer.n > 0 && entry.counsellor.where.n > 0);
    return 0;
}
