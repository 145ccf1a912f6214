/* What the lab can count: members, invitations, who collected passes (everybody gets the same), acts by week.
 * Who used a pass is not there to be counted. */
#include "anon/stats.h"

#include <time.h>

#include "anon/batch.h"
#include "anon/lab.h"
#include "anon/token.h"
#include "codec/json.h"
#include "crypt/brsa.h"
#include "crypt/rand.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { BENCH_SECONDS = 3, WEEKS = 16 };

struct week_count {
    day_t epoch;
    int64_t n;
};
/* Of a half that this lab does not have nothing is said. */
struct counts {
    bool issuer, board;
    int64_t members, invitations, waiting;
    struct week_count collected[2], spent[WEEKS];
    size_t spent_n;
};

static bool count_members(struct app *app, struct counts *out, struct err *err)
{
    if (!db_number(app->db, &out->members, 0, err, "select count(*) from member") ||
        !db_number(app->db, &out->invitations, 0, err, "select count(*) from invite where member is null"))
        return false;
    for (size_t i = 0; i < 2; i++) {
        struct week_count *week = &out->collected[i];
        week->epoch = epoch_of(app->now) + (day_t)i * EPOCH_NEXT;
        if (!db_number(app->db, &week->n, 0, err,
                       "select count(*) from issued i join issuer_key k on k.key_id = i.key_id where k.epoch "
                       "= $1 and "
                       "i.member not like 'counsellor/%'",
                       V_INT(week->epoch)))
            return false;
    }
    return true;
}

/* A record that has not begun has no weeks yet. */
static bool count_acts(struct app *app, struct counts *out, struct err *err)
{
    const struct history *issuer, *board;
    struct batch_facts facts;
    struct err why = {0};
    if (!db_number(app->db, &out->waiting, 0, err, "select count(*) from waiting") ||
        !lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    bool known = batch_facts_of(issuer, board ? board : issuer, app->now, app->arena, &facts, &why);
    lab_facts_done(app->lab);
    if (!known)
        return why.code == E_MISSING || fail(err, why.code, "%s", why.text);
    for (size_t i = 0; i < facts.keys; i++)
        if (!facts.key[i].survey && facts.key[i].spend_to > app->now && out->spent_n < WEEKS)
            out->spent[out->spent_n++] = (struct week_count){facts.key[i].epoch, facts.key[i].spent};
    return true;
}

static bool count(struct app *app, struct counts *out, struct err *err)
{
    *out = (struct counts){.issuer = app->lab->role & ISSUER, .board = app->lab->role & BOARD};
    return (!out->issuer || count_members(app, out, err)) && (!out->board || count_acts(app, out, err));
}

static void say_weeks(struct app *app, const char *pattern, const struct week_count *week, size_t n,
                      struct buf *out)
{
    char epoch[16];
    for (size_t i = 0; i < n; i++) {
        words_say(out, pattern, {"epoch", epoch_text(week[i].epoch, epoch)},
                  {"n", say_number(app->arena, week[i].n)});
        buf_add_byte(out, '\n');
    }
}

static void say_one(struct app *app, const char *pattern, int64_t n, struct buf *out)
{
    buf_add_text(out, say_counted(app->arena, pattern, n));
    buf_add_byte(out, '\n');
}

static void say_counts(struct app *app, const struct counts *c, struct buf *out)
{
    if (c->issuer) {
        say_one(app, trn("lab.stats.members", "{n} member.", "{n} members.", (unsigned long)c->members),
                c->members, out);
        say_one(app,
                trn("lab.stats.invited", "{n} invitation is open.", "{n} invitations are open.",
                    (unsigned long)c->invitations),
                c->invitations, out);
        say_weeks(app, tr("lab.stats.collected", "{epoch}: {n} collected their passes."), c->collected, 2,
                  out);
    }
    if (c->board) {
        say_weeks(app, tr("lab.stats.spent", "{epoch}: {n} passes spent."), c->spent, c->spent_n, out);
        say_one(app,
                trn("lab.stats.waiting", "{n} act waits for the next batch.",
                    "{n} acts wait for the next batch.", (unsigned long)c->waiting),
                c->waiting, out);
    }
}

static bool put_weeks(json_t *o, const char *key, const struct week_count *week, size_t n)
{
    json_t *list = json_array();
    char epoch[16];
    for (size_t i = 0; list && i < n; i++)
        if (json_array_append_new(list, json_pack("{s:s,s:I}", "epoch", epoch_text(week[i].epoch, epoch), "n",
                                                  (json_int_t)week[i].n)) != 0) {
            json_decref(list);
            return false;
        }
    return list && json_object_set_new(o, key, list) == 0;
}

static bool counts_json(const struct counts *c, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_object();
    bool good = o != NULL;
    if (good && c->issuer)
        good = json_object_set_new(o, "members", json_integer(c->members)) == 0 &&
               json_object_set_new(o, "invitations", json_integer(c->invitations)) == 0 &&
               put_weeks(o, "collected", c->collected, 2);
    if (good && c->board)
        good = json_object_set_new(o, "waiting", json_integer(c->waiting)) == 0 &&
               put_weeks(o, "spent", c->spent, c->spent_n);
    return good ? json_write(o, out, err) : fail_memory(err);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Signatures a second on one core, as they are given out: checked one by one. */
static bool bench(double *rate, struct err *err)
{
    struct brsa_secret *secret = NULL;
    struct brsa_signer *signer = NULL;
    uint8_t blinded[TOKEN_SIG], sig[TOKEN_SIG];
    bool done = brsa_secret_make(&secret, err) && brsa_signer_new(secret, &signer, err);
    double began = seconds(), now = began;
    long n = 0;
    for (; done && now - began < BENCH_SECONDS; n++, now = seconds()) {
        rand_bytes(blinded, sizeof blinded);
        blinded[0] &= 0x7f;
        done = brsa_sign(signer, (struct span){(const char *)blinded, sizeof blinded}, sig, err);
    }
    brsa_signer_free(signer);
    brsa_secret_free(secret);
    *rate = (double)n / (now - began);
    return done;
}

static bool say_bench(struct app *app, struct buf *out, struct err *err)
{
    double rate;
    if (!bench(&rate, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:f}", "signs_per_second", rate);
        return o ? json_write(o, out, err) : fail_memory(err);
    }
    words_say(out, tr("lab.stats.bench", "One core of this machine signs {n} passes a second."),
              {"n", say_number(app->arena, (int64_t)(rate + 0.5))});
    buf_add_byte(out, '\n');
    return buf_ok(out, err);
}

static bool say(struct app *app, struct buf *out, struct err *err)
{
    struct counts c;
    if (cli_has(app->cli, "bench-issue"))
        return say_bench(app, out, err);
    if (!count(app, &c, err))
        return false;
    if (cli_has(app->cli, "json"))
        return counts_json(&c, out, err);
    say_counts(app, &c, out);
    return buf_ok(out, err);
}

int cmd_lab_stats(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    return say(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
