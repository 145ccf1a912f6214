/* The rows of `sent` in words. What a request was is told from its method and path, which the protocol fixes
 * (PROTOCOL section 8): nothing more is kept of it. */
#include "anon/sent.h"

#include <inttypes.h>
#include <stdio.h>

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
    {"POST", "/v1/counsellors", N_("sent.what.counsel", "a counsellor's own request, signed by you")},
    {NULL, "/v1/counsellors", N_("sent.what.hours", "the counsellors' open hours")},
    {NULL, "/witness/", N_("sent.what.witness", "what a witness has seen of the lab's record")},
};

const char *sent_what(struct span method, struct span path)
{
    for (size_t i = 0; i < sizeof known_as / sizeof *known_as; i++)
        if ((!known_as[i].method || span_is(method, known_as[i].method)) &&
            span_starts(path, span_of(known_as[i].path)))
            return words_of(known_as[i].what);
    return NULL;
}

static struct span without_scheme(struct span address)
{
    ptrdiff_t scheme = span_find(address, SPAN("://"));
    return span_from(address, scheme < 0 ? 0 : (size_t)scheme + 3);
}

struct span sent_path(struct span address)
{
    struct span rest = without_scheme(address);
    ptrdiff_t slash = span_find(rest, SPAN("/"));
    return slash < 0 ? (struct span){NULL, 0} : span_from(rest, (size_t)slash);
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
    struct span address = without_scheme(db_text(q, 1)), path = sent_path(address);
    address = span_first(address, address.n - path.n);
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

/* ", " before all but the first. */
static void count_say(struct buf *out, const char *pattern, int64_t n)
{
    char digits[24];
    if (n == 0)
        return;
    if (out->n)
        buf_add_text(out, tr("sent.comma", ", "));
    snprintf(digits, sizeof digits, "%" PRId64, n);
    words_say(out, pattern, {"n", digits});
}

bool sent_week(struct db *db, struct arena *arena, day_t monday, const char **out, struct err *err)
{
    AUTO_BUF struct buf list, text;
    int64_t all, feeds, passes, acts;
    buf_init(&list, TEXT_MOST);
    buf_init(&text, TEXT_MOST);
    if (!db_number(db, &all, 0, err, "select count(*) from sent where day >= $1", V_INT(monday)) ||
        !db_number(db, &feeds, 0, err, "select count(*) from sent where day >= $1 and kind = 'feed'",
                   V_INT(monday)) ||
        !db_number(db, &passes, 0, err,
                   "select count(*) from sent where day >= $1 and kind = 'identified' and address like "
                   "'%/token-request'",
                   V_INT(monday)) ||
        !db_number(db, &acts, 0, err, "select count(*) from sent where day >= $1 and kind = 'anonymous'",
                   V_INT(monday)))
        return false;
    count_say(&list, trn("sent.n.feeds", "{n} feed download", "{n} feed downloads", (unsigned long)feeds),
              feeds);
    count_say(&list,
              trn("sent.n.passes", "{n} pass collection", "{n} pass collections", (unsigned long)passes),
              passes);
    count_say(
        &list,
        trn("sent.n.acts", "{n} request without a name", "{n} requests without a name", (unsigned long)acts),
        acts);
    all -= feeds + passes + acts;
    count_say(&list,
              trn("sent.n.other", "{n} other request to the lab", "{n} other requests to the lab",
                  (unsigned long)all),
              all);
    if (list.n)
        words_say(&text, tr("priv.network", "Only this left your computer this week: {list}."),
                  {"list", buf_text(&list)});
    else
        buf_add_text(&text, tr("priv.network.none", "Nothing left your computer this week."));
    *out = buf_keep(&text, arena);
    return arena_ok(arena) || fail_memory(err);
}

bool sent_remove(struct db *db, day_t day, struct err *err)
{
    return db_run(db, err, "delete from sent where day < $1", V_INT(day));
}
