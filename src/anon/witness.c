/* Witnessing. A request is judged against the row of its log as it stands; then one statement changes the
 * row, and it does so only when the row is the one that was judged: of two requests at the same time, here or
 * in another process, one is told the new size. */
#include "anon/witness.h"

#include <stdio.h>

#include "anon/lab.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "crypt/secret.h"
#include "io/writer.h"
#include "ui/problem.h"

#include "base/banned.h"

enum { SEED = 32, LINE_MOST = 64 };

/* The request ---------------------------------------------------------------------------------------- */
bool witness_request_read(struct span body, struct witness_request *out)
{
    struct span in = body, line;
    *out = (struct witness_request){0};
    if (!scan_lit(&in, SPAN("old ")) || !scan_u64(&in, &out->old, INT64_MAX) || !scan_byte(&in, '\n'))
        return false;
    while (scan_until(&in, '\n', &line, LINE_MOST)) {
        if (line.n == 0) {
            out->note = in;
            return true;
        }
        if (out->n == sizeof out->proof / sizeof *out->proof || !b64_exact(line, B64, out->proof[out->n], 32))
            return false;
        out->n++;
    }
    return false;
}

/* The row of a log ------------------------------------------------------------------------------------ */
struct witnessed {
    struct span origin, vkey;
    uint64_t size;
    uint8_t root[32];
};

static bool row_of(struct db *db, struct arena *arena, struct span origin, struct witnessed *out, bool *there,
                   struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(db, &q, err, "select vkey, size, root from witnessed where origin = $1", V_TEXT(origin)))
        return false;
    *there = db_next(q, &mine);
    if (mine.code)
        return fail(err, mine.code, "%s", mine.text);
    if (!*there)
        return true;
    struct span root = db_text(q, 2);
    *out = (struct witnessed){origin, arena_span(arena, db_text(q, 0)), (uint64_t)db_int(q, 1), {0}};
    if (!out->vkey.p)
        return fail_memory(err);
    if (root.n != sizeof out->root)
        return fail(err, E_FORMAT, tr("err.anon.witness_row", "The table of witnessed logs is damaged."));
    memcpy(out->root, root.p, sizeof out->root);
    return true;
}

/* The text signed by the log's key. */
static bool signed_by(const struct note_sig *note, struct span vkey, struct note_sig_key *key,
                      uint8_t sig[static 64], struct err *err)
{
    struct note_sig_claim claim;
    struct err mine = {0};
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST);
    bool good = note_sig_key_read(vkey, key, &mine) && note_sig_claim(note, key, &scratch, &claim, &mine) &&
                sign_good(key->pk, claim.message, claim.sig);
    if (good)
        memcpy(sig, claim.sig, 64);
    if (mine.code == E_MEMORY)
        fail_memory(err);
    return good;
}

static bool continues(const struct witnessed *row, const struct checkpoint *head,
                      const struct witness_request *request)
{
    if (row->size == 0)
        return request->n == 0;
    return merkle_consistent(row->size, head->size, row->root, head->root, request->proof[0], request->n);
}

/* Signing --------------------------------------------------------------------------------------------- */
bool witness_key(struct app *app, struct sign_key *key, struct note_sig_key *public_key, struct err *err)
{
    uint8_t seed[SEED];
    AUTO_BUF struct buf name;
    buf_init(&name, NOTE_SIG_NAME);
    buf_printf(&name, "%s/witness", app->lab->log.origin);
    if (!buf_ok(&name, err))
        return false;
    struct span kept = arena_span(app->arena, buf_span(&name));
    if (!kept.p)
        return fail_memory(err);
    hash_hkdf(app->lab->log.key.secret, SPAN("respite/witness/v1"), seed); /* its first half is the seed */
    sign_key_init(key, seed);
    secret_wipe(seed, sizeof seed);
    *public_key = (struct note_sig_key){.name = kept, .kind = NOTE_SIG_COSIGNS};
    sign_public(key, public_key->pk);
    sign_key_id(kept, NOTE_SIG_COSIGNS, public_key->pk, public_key->id);
    return true;
}

static bool cosign(struct app *app, struct span text, struct buf *line, struct err *err)
{
    struct sign_key key;
    struct note_sig_key by;
    uint8_t sig[64];
    AUTO_BUF struct buf message;
    buf_init(&message, NOTE_SIG_MOST);
    if (!witness_key(app, &key, &by, err))
        return false;
    note_sig_cosigned(&message, (uint64_t)app->now, text);
    if (!message.failed)
        sign(&key, buf_span(&message), sig);
    secret_wipe(&key, sizeof key);
    if (!buf_ok(&message, err))
        return false;
    note_sig_line_write(line, &by, sig, (uint64_t)app->now);
    return buf_ok(line, err);
}

struct keep {
    const struct witnessed *was;
    const struct checkpoint *head;
    struct span note;
    bool kept;
};

static bool keep(struct db *db, void *arg, struct err *err)
{
    struct keep *k = arg;
    if (!db_run(db, err,
                "update witnessed set size = $1, root = $2, note = $3 "
                "where origin = $4 and size = $5 and root = $6",
                V_INT((int64_t)k->head->size), V_BLOB(((struct span){(const char *)k->head->root, 32})),
                V_BLOB(k->note), V_TEXT(k->was->origin), V_INT((int64_t)k->was->size),
                V_BLOB(((struct span){(const char *)k->was->root, 32}))))
        return false;
    k->kept = db_changed(db) == 1;
    return true;
}

static bool sign_and_keep(struct app *app, const struct witnessed *row, const struct note_sig *note,
                          const struct checkpoint *head, const struct note_sig_key *key,
                          const uint8_t sig[static 64], struct buf *lines, bool *kept, struct err *err)
{
    AUTO_BUF struct buf whole, line;
    buf_init(&whole, NOTE_SIG_MOST);
    buf_init(&line, NOTE_SIG_MOST);
    if (!cosign(app, note->text, &line, err))
        return false;
    note_sig_write(&whole, note->text);
    note_sig_line_write(&whole, key, sig, 0);
    buf_add(&whole, buf_span(&line));
    struct keep k = {.was = row, .head = head, .note = buf_span(&whole)};
    if (!buf_ok(&whole, err) ||
        !(app->lab->writer ? writer_do(app->lab->writer, keep, &k, err) : db_write(app->db, keep, &k, err)))
        return false;
    *kept = k.kept;
    if (k.kept)
        buf_add(lines, buf_span(&line));
    return buf_ok(lines, err);
}

/* What is to be said of it, the row being as it is. */
static enum witness_answer judge(const struct witnessed *row, const struct witness_request *request,
                                 const struct checkpoint *head)
{
    if (request->old > head->size || head->size > INT64_MAX)
        return WITNESS_MALFORMED;
    if (request->old != row->size)
        return WITNESS_OTHER_SIZE;
    return continues(row, head, request) ? WITNESS_SIGNED : WITNESS_NO_PROOF;
}

bool witness_add(struct app *app, struct span body, enum witness_answer *answer, uint64_t *size,
                 struct buf *lines, struct err *err)
{
    struct witness_request request;
    struct note_sig note;
    struct note_sig_key key;
    struct checkpoint head;
    struct witnessed row;
    uint8_t sig[64];
    struct err mine = {0};
    bool there = false, kept = false;
    *answer = WITNESS_MALFORMED;
    if (!witness_request_read(body, &request))
        return true;
    if (!note_sig_read(request.note, app->arena, &note, &mine) || !checkpoint_read(note.text, &head, &mine))
        return mine.code != E_MEMORY || fail_memory(err);
    if (!row_of(app->db, app->arena, head.origin, &row, &there, err))
        return false;
    *answer = there ? WITNESS_NOT_ITS_KEY : WITNESS_UNKNOWN;
    if (!there || !signed_by(&note, row.vkey, &key, sig, &mine))
        return mine.code != E_MEMORY || fail_memory(err);
    *answer = judge(&row, &request, &head);
    *size = row.size;
    if (*answer != WITNESS_SIGNED)
        return true;
    if (!sign_and_keep(app, &row, &note, &head, &key, sig, lines, &kept, err))
        return false;
    if (!kept) { /* somebody was faster */
        *answer = WITNESS_OTHER_SIZE;
        if (!row_of(app->db, app->arena, head.origin, &row, &there, err))
            return false;
        *size = row.size;
    }
    return true;
}

bool witness_checkpoint(struct app *app, struct span hash, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    uint8_t of[32];
    char hex[65];
    if (!db_query(app->db, &q, err, "select origin, note from witnessed where size > 0"))
        return false;
    while (db_next(q, &mine)) {
        hash_sha256(db_text(q, 0), of);
        hash_hex(of, hex);
        if (!span_is(hash, hex))
            continue;
        buf_add(out, db_text(q, 1));
        return buf_ok(out, err);
    }
    if (mine.code)
        return fail(err, mine.code, "%s", mine.text);
    return fail(err, E_MISSING, tr("err.anon.witness_none", "This lab witnesses no log of that name."));
}

/* Pages ----------------------------------------------------------------------------------------------- */
static void refuse(const struct request *request, struct reply *reply, enum problem_type type)
{
    struct problem p = {.type = type};
    reply_problem(reply, request, &p, 0);
}

void page_witness_add(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    enum witness_answer answer;
    uint64_t size = 0;
    reply->type = "text/plain; charset=utf-8";
    if (!witness_add(app, request->body, &answer, &size, &reply->body, &err)) {
        refuse(request, reply, PROBLEM_BUSY);
        return;
    }
    switch (answer) {
    case WITNESS_SIGNED:
        break;
    case WITNESS_MALFORMED:
        refuse(request, reply, PROBLEM_BAD_REQUEST);
        break;
    case WITNESS_NOT_ITS_KEY: /* C2SP wants 403 here, where the list of problems has none */
        reply->status = 403;
        buf_add_text(&reply->body, "The checkpoint is not signed with the key known for its origin.\n");
        break;
    case WITNESS_UNKNOWN:
        refuse(request, reply, PROBLEM_NOT_FOUND);
        break;
    case WITNESS_OTHER_SIZE:
        reply->status = 409;
        reply->type = "text/x.tlog.size";
        buf_printf(&reply->body, "%llu\n", (unsigned long long)size);
        break;
    case WITNESS_NO_PROOF:
        refuse(request, reply, PROBLEM_BAD_PROOF);
        break;
    }
}

/* /witness/<64 hex>/checkpoint */
void page_witness_checkpoint(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct span in = request->path, hash;
    bool form = scan_lit(&in, SPAN("/witness/")) && scan_hex(&in, &hash, 64, 64) &&
                scan_lit(&in, SPAN("/checkpoint")) && scan_end(&in);
    if (form && witness_checkpoint(app, hash, &reply->body, &err))
        reply->type = "text/plain; charset=utf-8";
    else
        refuse(request, reply, !form || err.code == E_MISSING ? PROBLEM_NOT_FOUND : PROBLEM_BUSY);
}
