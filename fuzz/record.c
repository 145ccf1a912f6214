/* A record of JSON from outside, whoever's: it gives a record whose texts lie within bounds, or a sentence.
 */
#include "fuzz/fuzz.h"

#include "papers/record.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct paper_record r;
    struct err err = {0};
    bool left_out;
    struct span object = {(const char *)data, size};
    AUTO_BUF struct buf room;
    struct paper_id id;
    buf_init(&room, 4096);
    if (paper_id_read(object, &room, &id, NULL))
        must(id.value.n > 0 && id.value.n <= 300 && id.scheme.n > 0);
    if (!record_of_json(arena, record_json_kind(object), object, SPAN("rest"), 2026, &r, &left_out, &err)) {
        must(said(&err));
        return 0;
    }
    must(r.paper.ids_n <= PAPER_IDS && r.versions_n <= PAPER_VERSIONS);
    must(r.paper.day == PAPER_NO_DAY || (r.paper.day >= DAY_MIN && r.paper.day <= DAY_MAX));
    if (paper_check(&r, &err))
        must(r.paper.title.n <= PAPER_TITLE && (r.paper.title.n || r.says_withdrawn == 1));
    return 0;
}
