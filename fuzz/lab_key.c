/* The key file of a lab: what is read lies whole in the arena, and its numbers are within their bounds. */
#include "fuzz/fuzz.h"

#include "anon/lab_key.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct lab_key key = {0};
    struct err err = {0}, none = {0};
    if (!arena)
        return 0;
    if (!lab_key_from((struct span){(const char *)data, size}, arena, &key, &err)) {
        must(said(&err));
        return 0;
    }
    must(key.role == ISSUER || key.role == BOARD || key.role == LAB);
    must(key.quota >= 1 && key.quota <= LAB_QUOTA && key.issuers <= LAB_LIST && key.boards <= LAB_LIST);
    must(key.name.n <= LAB_NAME_MOST && key.by.n <= LAB_NAME_MOST && key.zone.n <= LAB_NAME_MOST);
    for (size_t i = 0; i < key.issuers; i++) {
        struct span url, origin;
        must(lab_url_read(key.issuer[i], &url, &origin, &none) && origin.n <= LAB_ORIGIN_MOST);
    }
    return 0;
}
