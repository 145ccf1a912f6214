/* Answers to one who joins, and of the board about its batches, behind a letter that says which: texts are
 * whole, addresses are those that a node may ask. */
#include "fuzz/fuzz.h"

#include "anon/batch_read.h"
#include "anon/join_read.h"
#include "anon/lab_key.h"

#include "base/banned.h"

static void try_lab(struct span body, struct arena *arena)
{
    struct known known = {0};
    struct err err = {0}, none = {0};
    const char *origin = NULL, *vkey = NULL;
    if (!join_lab_read(body, arena, &known, &origin, &vkey, &err)) {
        must(said(&err));
        return;
    }
    must(origin && vkey && known.issuer[0] && known.board[0]);
    for (size_t i = 0; known.issuer[i] || known.board[i]; i++) {
        struct span url, host;
        must(i < KNOWN_LIST);
        must(!known.issuer[i] || lab_url_read(span_of(known.issuer[i]), &url, &host, &none));
        if (!known.issuer[i] || !known.board[i])
            break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct err err = {0};
    struct known known = {0};
    const char *text = NULL;
    int64_t first[3] = {-1, -1, -1};
    if (!arena || size < 1)
        return 0;
    struct span body = {(const char *)data + 1, size - 1};
    switch (data[0]) {
    case 'l':
        try_lab(body, arena);
        break;
    case 'j':
        must(join_answer_read(body, arena, &known, &err) ? known.member != NULL : said(&err));
        break;
    case 'm':
        must(join_member_read(body, arena, &text, &err) ? text != NULL : said(&err));
        break;
    case 'b':
        must(batches_first_read(body, first, &err) ? first[0] >= 0 && first[1] >= 0 && first[2] >= 0
                                                   : said(&err));
        break;
    default:
        break;
    }
    return 0;
}
