/* The log's side of witnessing. A row for each witness holds the size it signed last, as far as is known
 * here; when that is wrong it says so (409), and the next turn begins from what it said. */
#include "anon/witness_ask.h"

#include "anon/lab.h"
#include "anon/send_public.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/scan.h"
#include "crypt/merkle.h"

#include "base/banned.h"

enum { WAIT = 600, BODY_MOST = 1 << 16, ANSWER_MOST = 1 << 16, LIST_MOST = 16 };

struct asked {
    const char *url;
    uint64_t size;
};
struct asked_list {
    struct asked *at;
    size_t n, room;
};

bool witness_ask_put(struct db *db, const char *url, struct err *err)
{
    int64_t n;
    if (!db_run(db, err,
                "insert into witness_asked(url, size, at) values ($1, 0, 0) on conflict(url) do nothing",
                V_STR(url)) ||
        !db_number(db, &n, 0, err, "select count(*) from witness_asked"))
        return false;
    return n <= LIST_MOST ||
           fail(err, E_LIMIT, tr("err.anon.witness_many", "A lab can ask up to %d witnesses."), LIST_MOST);
}

bool witness_ask_any(struct db *db, bool *any, struct err *err)
{
    int64_t n;
    if (!db_number(db, &n, 0, err, "select count(*) from witness_asked"))
        return false;
    *any = n > 0;
    return true;
}

/* Whose turn it is: those that the log has outgrown and nobody asked of late. */
static bool list_due(struct app *app, uint64_t size, struct asked_list *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    if (!db_query(
            app->db, &q, err,
            "select url, size from witness_asked where size < $1 and (at <= $2 or at > $3) order by url",
            V_INT((int64_t)size), V_INT(app->now - WAIT), V_INT(app->now)))
        return false;
    while (db_next(q, &mine)) {
        struct asked *at = VEC_PUSH(app->arena, out);
        if (!at)
            return fail_memory(err);
        *at = (struct asked){arena_text(app->arena, db_text(q, 0)), (uint64_t)db_int(q, 1)};
        if (!at->url)
            return fail_memory(err);
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

/* One row's change, through the writer of a serving lab. */
struct turn {
    const struct asked *asked;
    int64_t now;
    uint64_t size;
    bool ours;
};

static bool take_turn(struct db *db, void *arg, struct err *err)
{
    struct turn *t = arg;
    if (!db_run(db, err,
                "update witness_asked set at = $1 where url = $2 and size = $3 and (at <= $4 or at > $1)",
                V_INT(t->now), V_STR(t->asked->url), V_INT((int64_t)t->asked->size), V_INT(t->now - WAIT)))
        return false;
    t->ours = db_changed(db) == 1;
    return true;
}

static bool note_size(struct db *db, void *arg, struct err *err)
{
    const struct turn *t = arg;
    return db_run(db, err, "update witness_asked set size = $1 where url = $2", V_INT((int64_t)t->size),
                  V_STR(t->asked->url));
}

static bool change(struct app *app, db_work *work, struct turn *turn, struct err *err)
{
    return app->lab->writer ? writer_do(app->lab->writer, work, turn, err)
                            : db_write(app->db, work, turn, err);
}

/* "old <size>", the proof, the checkpoint. */
static bool write_request(struct app *app, uint64_t old, const struct checkpoint *head, struct span note,
                          struct buf *out, struct err *err)
{
    uint8_t proof[MERKLE_PROOF_MOST][32];
    size_t n = 0;
    if (old > 0 && !tlog_consistency(app->db, old, head->size, proof, &n, err))
        return false;
    buf_printf(out, "old %llu\n", (unsigned long long)old);
    for (size_t i = 0; i < n; i++) {
        b64_add(out, (struct span){(const char *)proof[i], 32}, B64);
        buf_add_byte(out, '\n');
    }
    buf_add_byte(out, '\n');
    buf_add(out, note);
    return buf_ok(out, err);
}

static bool other_size(struct app *app, struct turn *turn, struct span answer, uint64_t ours, struct err *err)
{
    if (!scan_u64(&answer, &turn->size, INT64_MAX) || !scan_byte(&answer, '\n') || !scan_end(&answer))
        return fail(err, E_FORMAT,
                    tr("err.anon.witness_answer", "The witness at %s gave an answer that is not "
                                                  "of its form."),
                    turn->asked->url);
    if (turn->size > ours)
        return fail(
            err, E_REFUSED,
            tr("err.anon.witness_longer",
               "The witness at %s has signed a longer log of this lab (%llu entries) than there is in "
               "the database (%llu). Stop the lab and look where its newest database is."),
            turn->asked->url, (unsigned long long)turn->size, (unsigned long long)ours);
    return change(app, note_size, turn, err);
}

static bool ask_one(struct app *app, const struct asked *asked, const struct checkpoint *head,
                    struct span note, witness_post *post, void *arg, struct err *err)
{
    struct turn turn = {.asked = asked, .now = app->now, .size = head->size};
    int status = 0;
    AUTO_BUF struct buf body, answer;
    buf_init(&body, BODY_MOST);
    buf_init(&answer, ANSWER_MOST);
    if (!change(app, take_turn, &turn, err))
        return false;
    if (!turn.ours) /* another process asks */
        return true;
    if (!write_request(app, asked->size, head, note, &body, err) ||
        !post(arg, asked->url, buf_span(&body), &status, &answer, err))
        return false;
    if (status == 200)
        return change(app, note_size, &turn, err);
    if (status == 409)
        return other_size(app, &turn, buf_span(&answer), head->size, err);
    return fail(err, E_REFUSED,
                tr("err.anon.witness_no",
                   "The witness at %s did not sign the lab's log (%d). Ask those who run "
                   "it whether they know the log's key."),
                asked->url, status);
}

bool witness_ask(struct app *app, witness_post *post, void *arg, struct err *err)
{
    struct span note;
    struct checkpoint head;
    struct asked_list due = {0};
    struct err none = {0};
    if (!tlog_checkpoint(app->db, app->arena, &note, &none))
        return none.code == E_MISSING || fail(err, none.code, "%s", none.text);
    if (!tlog_own(&app->lab->log, note, app->arena, &head, err) || !list_due(app, head.size, &due, err))
        return false;
    bool done = true;
    for (size_t i = 0; i < due.n; i++) { /* one that does not sign keeps nobody from asking the next */
        struct err mine = {0};
        if (!ask_one(app, &due.at[i], &head, note, post, arg, &mine))
            done = fail(err, mine.code, "%s", mine.text);
    }
    return done;
}

static bool post_public(void *arg, const char *base, struct span body, int *status, struct buf *answer,
                        struct err *err)
{
    struct app *app = arg;
    struct httpc_answer a = {0};
    bool done = public_post(app->db, NULL, base, "/witness/add-checkpoint", "text/plain; charset=utf-8", body,
                            &a, err);
    if (done) {
        *status = a.status;
        buf_add(answer, buf_span(&a.body));
    }
    buf_clear(&a.body);
    return done && buf_ok(answer, err);
}

bool witness_ask_beat(struct app *app, struct err *err)
{
    return witness_ask(app, post_public, app, err);
}
