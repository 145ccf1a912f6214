/* The bodies of POST /v1/moderation, a moderator's line, and what the board answers a moderator: what is
 * taken is written again as it was, and nothing else is. */
#include "fuzz/fuzz.h"

#include "anon/moderation.h"
#include "codec/json.h"
#include "speak/moderate_desk.h"

#include "base/banned.h"

#define LAB SPAN("lab.example")

static void try_decision(const json_t *o, struct span bytes)
{
    struct err err = {0};
    struct moderation m;
    struct span lab;
    bool good;
    AUTO_BUF struct buf again;
    buf_init(&again, MODERATION_BODY);
    if (!moderation_read(o, &m, &lab, &err)) {
        must(said(&err));
        return;
    }
    must(m.prev >= -1 && m.reason.n > 0 && m.act < MODERATION_DOS);
    must(moderation_good(&m, lab, &good, &err) && moderation_write(&m, lab, &again, &err));
    AUTO_JSON json_t *twice = NULL;
    must(json_read(buf_span(&again), MODERATION_BODY, "again", &twice, &err));
    must(json_equal((json_t *)(uintptr_t)o, twice));
    (void)bytes;
}

static void try_ask(const json_t *o)
{
    struct err err = {0};
    struct moderation_ask ask;
    bool good = false;
    if (!moderation_ask_read(o, LAB, &ask, &good, &err))
        must(said(&err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0}, why = {0}, other = {0};
    struct span bytes = {(const char *)data, size};
    struct moderate_desk desk;
    struct entry entry;
    AUTO_JSON json_t *o = NULL;
    struct arena *AUTO_ARENA arena = arena_new();
    if (size <= MODERATION_BODY && json_read(bytes, MODERATION_BODY, "body", &o, &err)) {
        try_decision(o, bytes);
        try_ask(o);
    }
    if (!desk_read(bytes, arena, &desk, &why))
        must(said(&why));
    if (!person_line_read(bytes, ENTRY_MODERATOR, 1, arena, &entry, &other))
        must(said(&other));
    else
        must(entry.person.from <= entry.person.to && entry.person.name.n > 0);
    return 0;
}
