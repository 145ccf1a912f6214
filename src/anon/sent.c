/* The rows of `sent` in words. What a request was is told from its method and path, which the protocol fixes
 * (PROTOCOL section 8): nothing more is kept of it. */
#include "anon/sent.h"

#include "base/vec.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { TEXT_MOST = 4096 };

/* The first that fits. `method` NULL: any. */
static const struct {
    const char *method, *path;
    struct words what;
} known_as[] = {
    {NULL, "/v1/lab", N_("sent.what.lab", "what the lab says of itself")},
    {NULL, "/log/checkpoint", N_("sent.what.checkpoint", "the record's newest state")},
    {NULL, "/log/tile/", N_("sent.what.tile", "a piece of the record")},
    {NULL, "/v1/join", N_("sent.what.join", "joining, with your invitation")},
    {NULL, "/token-request", N_("sent.what.passes", "this week's passes, as everyone")},
    {"DELETE", "/v1/member", N_("sent.what.leave", "leaving the lab")},
    {NULL, "/v1/member", N_("sent.what.member", "what stands in the lab beside your name")},
    {NULL, "/v1/epochs/", N_("sent.what.crowd", "the key that all members read with")},
    {NULL, "/v1/cosignatures", N_("sent.what.cosign", "a signature under this week's record")},
    {NULL, "/v1/rosters/", N_("sent.what.rosters", "the lists of members and of pass holders, as hashes")},
    {NULL, "/v1/acts", N_("sent.what.act", "something of yours without a name, padded, with a pass")},
    {NULL, "/v1/batches/letters/", N_("sent.what.letters", "all new letters, whoever they are for")},
    {NULL, "/v1/batches/answers/", N_("sent.what.answers", "the passes that came with answers")},
    {NULL, "/v1/batches", N_("sent.what.batch", "all new posts")},
};

const char *sent_what(struct span method, struct span path)
{
    for (size_t i = 0; i < sizeof known_as / sizeof *known_as; i++)
        if ((!known_as[i].method || span_is(method, known_as[i].method)) &&
            span_starts(path, span_of(known_as[i].path)))
            return words_of(known_as[i].what);
    return NULL;
}

static const char *kind_shown(struct span kind)
{
    if (span_is(kind, "identified"))
        return tr("sent.identified", "identified");
    if (span_is(kind, "anonymous"))
        return tr("sent.anonymous", "anonymous");
    return tr("sent.public", "public");
}

/* A copy that can be shown, whatever the bytes are. */
static const char *shown(struct arena *arena, struct span text)
{
    AUTO_BUF struct buf clean;
    buf_init(&clean, TEXT_MOST);
    utf8_clean(&clean, text);
    return buf_keep(&clean, arena);
}

static bool row_read(struct stmt *q, struct arena *arena, struct sent_row *row)
{
    struct span address = db_text(q, 1), path = {NULL, 0};
    ptrdiff_t scheme = span_find(address, SPAN("://"));
    address = span_from(address, scheme < 0 ? 0 : (size_t)scheme + 3);
    ptrdiff_t slash = span_find(address, SPAN("/"));
    if (slash >= 0) {
        path = span_from(address, (size_t)slash);
        address = span_first(address, (size_t)slash);
    }
    row->day = (day_t)db_int(q, 0);
    row->bytes = db_int(q, 4);
    row->to = shown(arena, address);
    row->kind = kind_shown(db_text(q, 2));
    row->what = sent_what(db_text(q, 3), path);
    if (!row->what)
        row->what = shown(arena, path);
    return arena_ok(arena);
}

bool sent_load(struct db *db, struct arena *arena, size_t most, struct sent_rows *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err, "select day, address, kind, method, bytes from sent order by id desc limit $1",
                  V_INT((int64_t)most)))
        return false;
    while (db_next(q, &inner)) {
        struct sent_row *row = VEC_PUSH(arena, out);
        if (!row || !row_read(q, arena, row))
            return fail_memory(err);
    }
    return !inner.code || fail(err, inner.code, "%s", inner.text);
}

bool sent_remove(struct db *db, day_t day, struct err *err)
{
    return db_run(db, err, "delete from sent where day < $1", V_INT(day));
}
