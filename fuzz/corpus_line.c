/* A line of a corpus: whatever it is, it gives a paper whose texts lie within bounds, or a sentence. */
#include "fuzz/fuzz.h"

#include "papers/corpus.h"
#include "papers/texts.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct corpus_texts t;
    struct corpus_paper p;
    struct err err = {0};
    corpus_texts_init(&t);
    if (corpus_read((struct span){(const char *)data, size}, &t, &p, &err)) {
        AUTO_TEXTS struct texts texts;
        must(p.title.n > 0 && p.title.n <= CORPUS_TITLE && p.abstract.n <= CORPUS_TEXT);
        must(p.year >= 1900 && p.year <= 2199);
        texts_init(&texts);
        must(texts_add(&texts, &p, &err) && texts_settle(&texts, &err));
        must(texts.n == 1 && texts_before(&texts, p.year) == 0 && texts_before(&texts, p.year + 1) == 1);
    } else {
        must(said(&err));
    }
    corpus_texts_clear(&t);
    return 0;
}
