/* BibTeX: any bytes give entries within bounds, or a sentence, and come to an end. */
#include "fuzz/fuzz.h"

#include "codec/bibtex.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct bibtex b;
    struct bibtex_entry e;
    size_t entries = 0;
    bibtex_begin(&b, (struct span){(const char *)data, size}, arena);
    for (;;) {
        struct err err = {0};
        if (!bibtex_next(&b, arena, &e, &err)) {
            if (err.code == E_NONE)
                break;
            must(said(&err));
        } else {
            must(e.fields <= BIBTEX_FIELDS);
            struct span names = bibtex_field(&e, "author"), name;
            while (bibtex_name(&names, &name))
                must(name.n <= BIBTEX_VALUE);
        }
        must(++entries <= size);
    }
    return 0;
}
