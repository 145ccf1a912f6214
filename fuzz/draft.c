/* Drafts in all forms: what is taken out of one is of its own bytes or a letter made of them, is bounded, and
 * goes through the stems. The first byte is the kind. */
#include "fuzz/fuzz.h"

#include "papers/draft.h"
#include "papers/stems.h"

#include "base/banned.h"

static size_t words_of(struct span text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == ' ';
    return n + (text.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *arena = arena_new();
    AUTO_STEMS struct stems stems = {0};
    struct stems_place place[STEMS_PLACES];
    struct draft d;
    struct err err = {0};
    if (size < 1 || size > 1 << 16)
        return 0;
    struct span bytes = {(const char *)data + 1, size - 1};
    if (!draft_parse(arena, bytes, (enum draft_kind)(data[0] % DRAFT_PDF), &d, &err)) {
        must(said(&err));
        return 0;
    }
    must(d.title.n + d.text.n > 0 && words_of(d.title) <= DRAFT_TITLE_WORDS &&
         words_of(d.text) <= DRAFT_WORDS);
    must(stems_init(&stems, &err) && stems_add(&stems, d.title, d.text, DRAFT_WORDS, &err));
    size_t n = stems_places(&stems, &stems.paper[0], NULL, stems.of.n, place), sum = 0;
    for (size_t i = 0; i < n; i++) {
        must(i == 0 || place[i].stem > place[i - 1].stem);
        sum += place[i].title + place[i].abstract;
    }
    must(sum <= stems.stems);
    return 0;
}
