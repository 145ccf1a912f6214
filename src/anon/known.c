/* What the node keeps to be a member, one row a value; a list is one text with line ends between. */
#include "anon/known.h"

#include <stddef.h>
#include <stdio.h>

#include "anon/hours_fetch.h"
#include "base/buf.h"
#include "base/words.h"
#include "codec/scan.h"

#include "base/banned.h"

#define TEXT(field) \
    { \
#field, offsetof(struct known, field) \
    }
static const struct {
    const char *name;
    size_t at;
} texts[] = {TEXT(name),       TEXT(by),           TEXT(zone),        TEXT(member),
             TEXT(own_name),   TEXT(issuer_log),   TEXT(issuer_vkey), TEXT(board_log),
             TEXT(board_vkey), TEXT(promise_vkey), TEXT(origin_info), TEXT(board_origin)},
  lists[] = {TEXT(issuer), TEXT(board)}, secrets[] = {TEXT(secret), TEXT(tag), TEXT(witness), TEXT(threads)};
#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { VALUE_MOST = 16 * 1024, TRIAL = 1, SPLIT = 2 };

static bool put(struct db *db, const char *name, struct span value, struct err *err)
{
    return db_run(db, err,
                  "insert into known(name, value) values ($1, $2) on conflict(name) do update set value = $2",
                  V_STR(name), V_BLOB(value));
}

/* {NULL,0} when there is none. */
static bool get(struct db *db, struct arena *arena, const char *name, struct span *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct span){NULL, 0};
    if (!db_query(db, &q, err, "select value from known where name = $1", V_STR(name)))
        return false;
    if (db_next(q, &inner)) {
        *out = arena_span(arena, db_text(q, 0));
        return out->p || fail_memory(err);
    }
    return !inner.code || fail(err, inner.code, "%s", inner.text);
}

static bool damaged(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.anon.known", "What is kept here of the lab is not whole. Put back a backup, or leave "
                                     "the lab with `respite join --leave` and ask for a new invitation."));
}

static bool load_list(struct span text, struct arena *arena, const char **out, struct err *err)
{
    size_t n = 0;
    struct span one;
    while (text.n) {
        span_cut(&text, '\n', &one);
        if (n == KNOWN_LIST)
            return damaged(err);
        if (!(out[n++] = arena_text(arena, one)))
            return fail_memory(err);
    }
    out[n] = NULL;
    return n > 0 || damaged(err);
}

static bool load_all(struct db *db, struct arena *arena, struct known *out, struct err *err)
{
    struct span value;
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (!get(db, arena, texts[i].name, &value, err))
            return false;
        if (!value.p)
            return damaged(err);
        const char *text = arena_text(arena, value);
        if (!text)
            return fail_memory(err);
        memcpy((char *)out + texts[i].at, &text, sizeof text);
    }
    for (size_t i = 0; i < COUNT(lists); i++)
        if (!get(db, arena, lists[i].name, &value, err) ||
            !load_list(value, arena, (const char **)(void *)((char *)out + lists[i].at), err))
            return false;
    for (size_t i = 0; i < COUNT(secrets); i++) {
        if (!get(db, arena, secrets[i].name, &value, err))
            return false;
        if (value.n != 32)
            return damaged(err);
        memcpy((char *)out + secrets[i].at, value.p, 32);
    }
    return true;
}

static bool load_rest(struct db *db, struct arena *arena, struct known *out, struct err *err)
{
    struct span flags, joined, since, passes, in;
    uint64_t at = 0, lists_from = 0, passes_from = 0;
    const char *via;
    if (!get(db, arena, "flags", &flags, err) || !get(db, arena, "joined_at", &joined, err) ||
        !get(db, arena, "since", &since, err) || !get(db, arena, "passes", &passes, err) ||
        !setting_get(db, arena, "via", "", &via, err))
        return false;
    in = joined;
    if (flags.n != 1 || !scan_u64(&in, &at, INT64_MAX) || !scan_end(&in))
        return damaged(err);
    if ((since.p && (!scan_u64(&since, &lists_from, INT32_MAX) || !scan_end(&since))) ||
        (passes.p && (!scan_u64(&passes, &passes_from, INT32_MAX) || !scan_end(&passes))))
        return damaged(err);
    out->since = (day_t)lists_from;
    out->passes = (day_t)passes_from;
    out->trial = flags.p[0] & TRIAL;
    out->split = flags.p[0] & SPLIT;
    out->joined_at = (int64_t)at;
    out->via = *via ? via : NULL;
    return true;
}

bool known_joined(struct db *db, struct arena *arena, uint64_t size, uint64_t *out, struct err *err)
{
    struct span kept;
    char text[24];
    if (!get(db, arena, "joined_size", &kept, err))
        return false;
    if (kept.p && scan_u64(&kept, out, INT64_MAX) && scan_end(&kept))
        return true;
    *out = size;
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)size);
    return put(db, "joined_size", (struct span){text, (size_t)n}, err);
}

bool known_load(struct db *db, struct arena *arena, struct known **out, struct err *err)
{
    struct span member;
    *out = NULL;
    if (!get(db, arena, "member", &member, err))
        return false;
    if (!member.p)
        return true;
    struct known *known = ARENA_NEW(arena, struct known);
    if (!known)
        return fail_memory(err);
    if (!load_all(db, arena, known, err) || !load_rest(db, arena, known, err))
        return false;
    *out = known;
    return true;
}

static bool save_list(struct db *db, const char *name, const char *const *list, struct err *err)
{
    struct buf AUTO_BUF text;
    buf_init(&text, VALUE_MOST);
    for (; *list; list++)
        buf_printf(&text, "%s%s", text.n ? "\n" : "", *list);
    return buf_ok(&text, err) && put(db, name, buf_span(&text), err);
}

static bool save_work(struct db *db, void *arg, struct err *err)
{
    const struct known *known = arg;
    char joined[24], since[24], passes[24],
        flags = (char)((known->trial ? TRIAL : 0) | (known->split ? SPLIT : 0));
    int n = snprintf(joined, sizeof joined, "%lld", (long long)known->joined_at);
    int m = snprintf(since, sizeof since, "%lld", (long long)known->since),
        k = snprintf(passes, sizeof passes, "%lld", (long long)known->passes);
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *text;
        memcpy(&text, (const char *)known + texts[i].at, sizeof text);
        if (!put(db, texts[i].name, text ? span_of(text) : SPAN(""), err))
            return false;
    }
    for (size_t i = 0; i < COUNT(secrets); i++)
        if (!put(db, secrets[i].name, (struct span){(const char *)known + secrets[i].at, 32}, err))
            return false;
    return save_list(db, "issuer", known->issuer, err) && save_list(db, "board", known->board, err) &&
           put(db, "flags", (struct span){&flags, 1}, err) &&
           put(db, "joined_at", (struct span){joined, (size_t)n}, err) &&
           put(db, "since", (struct span){since, (size_t)m}, err) &&
           put(db, "passes", (struct span){passes, (size_t)k}, err) &&
           setting_put(db, "via", known->via ? known->via : "", err);
}

bool known_save(struct db *db, const struct known *known, struct err *err)
{
    return db_write(db, save_work, (void *)(uintptr_t)known, err);
}

bool known_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from known") && db_run(db, err, "delete from fetch_moment") &&
           db_run(db, err, "delete from errand") && db_run(db, err, "delete from log_head") &&
           db_run(db, err, "delete from log_entry") && db_run(db, err, "delete from log_evidence") &&
           db_run(db, err, "delete from log_list") && db_run(db, err, "delete from log_line") &&
           db_run(db, err, "delete from crowd") && db_run(db, err, "delete from head_words") &&
           db_run(db, err, "delete from withdrawal") && db_run(db, err, "delete from pass") &&
           db_run(db, err, "delete from cosigned") && db_run(db, err, "delete from outbox") &&
           db_run(db, err, "delete from receipt") && db_run(db, err, "delete from kept_batch") &&
           db_run(db, err, "delete from item") && db_run(db, err, "delete from token_seen") &&
           db_run(db, err, "delete from gone") && db_run(db, err, "delete from metoo") &&
           db_run(db, err, "delete from finding") && db_run(db, err, "delete from log_broken") &&
           db_run(db, err, "delete from log_lost") && db_run(db, err, "delete from outside") &&
           db_run(db, err, "delete from outside_note") && db_run(db, err, "delete from confirmed") &&
           db_run(db, err, "delete from seen_head") && hours_forget(db, err);
}
