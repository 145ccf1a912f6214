/* What the lab can count: members, invitations, who collected passes (everybody gets the same), acts by week.
 * Who used a pass is not there to be counted. */
#include "anon/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "anon/board_room.h"
#include "anon/lab.h"
#include "anon/token.h"
#include "codec/json.h"
#include "crypt/brsa.h"
#include "crypt/rand.h"

#include "base/banned.h"

enum { BENCH_SECONDS = 3 };

struct counts {
    int64_t members, invitations;
    struct {
        day_t epoch;
        int64_t collected;
    } week[2];
};

static bool count(struct app *app, struct counts *out, struct err *err)
{
    if (!db_number(app->db, &out->members, 0, err, "select count(*) from member") ||
        !db_number(app->db, &out->invitations, 0, err, "select count(*) from invite where member is null"))
        return false;
    for (size_t i = 0; i < 2; i++) {
        out->week[i].epoch = epoch_of(app->now) + (day_t)i * EPOCH_NEXT;
        if (!db_number(
                app->db, &out->week[i].collected, 0, err,
                "select count(*) from issued i join issuer_key k on k.key_id = i.key_id where k.epoch = $1",
                V_INT(out->week[i].epoch)))
            return false;
    }
    return true;
}

static const char *number(int64_t n, char out[static 24])
{
    snprintf(out, 24, "%" PRId64, n);
    return out;
}

static void say_counts(const struct counts *c, struct buf *out)
{
    char n[24], epoch[16];
    words_say(out, trn("lab.stats.members", "{n} member.", "{n} members.", (unsigned long)c->members),
              {"n", number(c->members, n)});
    buf_add_byte(out, '\n');
    words_say(out,
              trn("lab.stats.invited", "{n} invitation is open.", "{n} invitations are open.",
                  (unsigned long)c->invitations),
              {"n", number(c->invitations, n)});
    buf_add_byte(out, '\n');
    for (size_t i = 0; i < 2; i++) {
        words_say(out, tr("lab.stats.collected", "{epoch}: {n} collected their passes."),
                  {"epoch", epoch_text(c->week[i].epoch, epoch)}, {"n", number(c->week[i].collected, n)});
        buf_add_byte(out, '\n');
    }
}

static json_t *counts_json(const struct counts *c)
{
    json_t *weeks = json_array();
    char epoch[16];
    for (size_t i = 0; weeks && i < 2; i++)
        if (json_array_append_new(weeks, json_pack("{s:s,s:I}", "epoch", epoch_text(c->week[i].epoch, epoch),
                                                   "collected", (json_int_t)c->week[i].collected)) != 0) {
            json_decref(weeks);
            return NULL;
        }
    return json_pack("{s:I,s:I,s:o?}", "members", (json_int_t)c->members, "invitations",
                     (json_int_t)c->invitations, "weeks", weeks);
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
    char text[32];
    if (!bench(&rate, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:f}", "signs_per_second", rate);
        return o ? json_write(o, out, err) : fail_memory(err);
    }
    snprintf(text, sizeof text, "%.0f", rate);
    words_say(out, tr("lab.stats.bench", "One core of this machine signs {n} passes a second."), {"n", text});
    buf_add_byte(out, '\n');
    return buf_ok(out, err);
}

static bool say(struct app *app, struct buf *out, struct err *err)
{
    struct counts c = {0};
    if (cli_has(app->cli, "bench-issue"))
        return say_bench(app, out, err);
    if ((app->lab->role & ISSUER) && !count(app, &c, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = counts_json(&c);
        return o ? json_write(o, out, err) : fail_memory(err);
    }
    if (app->lab->role & ISSUER)
        say_counts(&c, out);
    return !(app->lab->role & BOARD) || board_stats(app, out, err);
}

int cmd_lab_stats(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    return say(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
