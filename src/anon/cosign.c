/* A member's line is taken when its key is the one sent at joining, and it is over the head of that epoch and
 * of no later state: that would show how far the member has read. */
#include "anon/cosign.h"

#include "anon/issuer_base.h"
#include "anon/member.h"
#include "anon/peer.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/hash.h"

#include "base/banned.h"

enum { LINE_MOST = 800, ORIGIN_MOST = 200 };

bool cosign_vkey_good(struct span vkey)
{
    struct note_sig_key key;
    struct err none = {0};
    uint8_t id[4];
    char hex[65], tail[12] = "/m/";
    if (vkey.n > MEMBER_VKEY_MOST || !note_sig_key_read(vkey, &key, &none) || key.kind != NOTE_SIG_COSIGNS)
        return false;
    sign_key_id(key.name, NOTE_SIG_COSIGNS, key.pk, id);
    hash_hex(key.pk, hex); /* its hex digits, it is 32 bytes too */
    memcpy(tail + 3, hex, 8);
    return memcmp(id, key.id, sizeof id) == 0 && span_ends(key.name, (struct span){tail, 11});
}

struct cosign {
    day_t epoch;
    struct span origin, line;
    struct note_sig_key key;
    bool kept;
};

static bool read_body(const struct request *request, struct arena *arena, struct cosign *out,
                      struct problem *p, struct err *err)
{
    static const char *const keys[] = {"epoch", "line", "origin", NULL};
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    struct span epoch, origin, line;
    if (!issuer_body(request, keys, &o, p, err))
        return false;
    if (!json_get_text(o, "epoch", EPOCH_TEXT, &epoch, &none) || !epoch_read(epoch, &out->epoch))
        return problem(p, PROBLEM_BAD_FIELD, "epoch");
    if (!json_get_text(o, "origin", ORIGIN_MOST, &origin, &none))
        return problem(p, PROBLEM_BAD_FIELD, "origin");
    if (!json_get_text(o, "line", LINE_MOST, &line, &none))
        return problem(p, PROBLEM_BAD_FIELD, "line");
    out->origin = arena_span(arena, origin);
    out->line = arena_span(arena, line);
    return (out->origin.p && out->line.p) || fail_memory(err);
}

/* The three lines of the log at `origin`, as far as it is here. */
static bool lines_of(struct app *app, const struct cosign *c, struct buf *out, bool *known, struct err *err)
{
    const struct history *issuer, *board;
    uint8_t head[32];
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    bool own = span_is(c->origin, app->lab->log.origin);
    *known = history_head(own ? issuer : app->lab->peer, NULL, c->epoch, out, head);
    lab_facts_done(app->lab);
    return true;
}

/* The three lines that are signed: of this log, or in a lab of two operators of the board's, which has no
 * members. A member may have read on in the board's log while it waits to be asked for here. */
static bool head_text(struct app *app, const struct cosign *c, struct buf *out, struct problem *p,
                      struct err *err)
{
    const struct lab *lab = app->lab;
    bool own = span_is(c->origin, lab->log.origin), known,
         other = lab->role == ISSUER && lab->board_log && span_is(c->origin, lab->board_log);
    if (!own && !other)
        return problem(p, PROBLEM_BAD_FIELD, "origin");
    if (!lines_of(app, c, out, &known, err))
        return false;
    if (!known && other && peer_look_for(app) && !lines_of(app, c, out, &known, err))
        return false;
    return known ? buf_ok(out, err) : problem(p, PROBLEM_BAD_FIELD, "epoch");
}

/* As a note of that text and this one line. */
static bool line_good(struct app *app, const struct cosign *c, struct span text, struct problem *p)
{
    struct buf AUTO_BUF note, scratch;
    struct note_sig read;
    struct note_sig_claim claim;
    struct err none = {0};
    buf_init(&note, NOTE_SIG_MOST);
    buf_init(&scratch, NOTE_SIG_MOST);
    note_sig_write(&note, text);
    buf_add(&note, c->line);
    buf_add_byte(&note, '\n');
    return (buf_ok(&note, &none) && note_sig_read(buf_span(&note), app->arena, &read, &none) &&
            read.lines == 1 && span_eq(read.text, text) &&
            note_sig_claim(&read, &c->key, &scratch, &claim, &none) &&
            sign_good(c->key.pk, claim.message, claim.sig)) ||
           problem(p, PROBLEM_BAD_SIG, NULL);
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct cosign *c = arg;
    if (!db_run(db, err,
                "insert into cosigned(epoch, origin, name, line) values ($1, $2, $3, $4) on conflict do "
                "nothing",
                V_INT(c->epoch), V_TEXT(c->origin), V_TEXT(c->key.name), V_TEXT(c->line)))
        return false;
    c->kept = db_changed(db) == 1;
    return true;
}

static bool cosign(struct app *app, const struct request *request, struct problem *p, struct err *err)
{
    struct member m;
    struct cosign c = {0};
    struct buf AUTO_BUF text;
    struct err none = {0};
    buf_init(&text, NOTE_SIG_MOST);
    if (!member_auth(app, request, &m, p, err) || !read_body(request, app->arena, &c, p, err) ||
        !head_text(app, &c, &text, p, err))
        return false;
    if (!note_sig_key_read(span_of(m.witness), &c.key, &none))
        return problem(p, PROBLEM_BAD_SIG, NULL);
    if (!line_good(app, &c, buf_span(&text), p) || !issuer_write(app, 0, keep_work, &c, err))
        return false;
    return c.kept || problem(p, PROBLEM_TAKEN, NULL);
}

void api_cosign(struct app *app, const struct request *request, struct reply *reply)
{
    struct problem p = {0};
    struct err err = {0};
    if (cosign(app, request, &p, &err))
        reply->status = 204;
    else
        issuer_refuse(app, IDENTIFIED, request, &p, reply);
}

bool cosign_lines(struct db *db, day_t epoch, struct buf *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(db, &q, err,
                  "select origin, line from cosigned where epoch = $1 order by epoch, origin, name",
                  V_INT(epoch)))
        return false;
    for (bool first = true; db_next(q, &mine); first = false) {
        struct span origin = db_text(q, 0), line = db_text(q, 1);
        AUTO_JSON json_t *o = json_pack("{s:s%,s:s%}", "line", line.p, line.n, "origin", origin.p, origin.n);
        if (!o)
            return fail_memory(err);
        if (!first)
            buf_add_byte(out, ',');
        if (!canon_write(o, out, err))
            return false;
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}
