/* One thread looks for battles; each gets two threads of its own, one a model, and is written down when both
 * have answered. Nothing is in a transaction while a model is waited for: a battle is claimed in one, and its
 * answers are kept in another, which looks that the claim is its own. A process that dies leaves a claim
 * behind; whoever comes next finds that its holder is gone and makes the battle void, and its member may ask
 * once more without a pass. */
#include "arena/battle_run.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "anon/battle_road.h"
#include "anon/lab.h"
#include "arena/battle.h"
#include "arena/battle_draw.h"
#include "arena/battle_tag.h"
#include "arena/models.h"
#include "base/note.h"
#include "io/clock.h"

#include "base/banned.h"

enum {
    AT_ONCE = 4,   /* battles of one process at a time */
    LOOK_MS = 100, /* after a wake-up: until the act is committed */
    LOOKS = 20,
    IDLE_SECONDS = 5, /* otherwise: another process may have taken the act */
    ALIVE_SECONDS = 60,
    DAY = 86400,
    STACK = 1024 * 1024,
    CHANCE = 1000000,
};

/* Of this process, made by the first beat and never ended but with it. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t asked;
    bool runs;
    int looks, busy;
    char holder[33];
    char db_url[1024], data[4096];
} self = {.lock = PTHREAD_MUTEX_INITIALIZER, .asked = PTHREAD_COND_INITIALIZER};

void battle_wake(void)
{
    pthread_mutex_lock(&self.lock);
    self.looks = LOOKS;
    pthread_cond_signal(&self.asked);
    pthread_mutex_unlock(&self.lock);
}

/* One battle -------------------------------------------------------------------------------------------- */
struct running {
    struct arena *arena;
    struct db *db;
    struct models models;
    uint8_t handle[16];
    struct span prompt;
    struct battle_pair pair;
    bool there;
    int64_t now;
};

struct asking {
    const struct models *models;
    const struct model *model;
    struct span prompt;
    struct model_answer answer;
    struct err err;
    bool got;
};

static void *ask(void *arg)
{
    struct asking *a = arg;
    a->got = model_ask(a->models, a->model, a->prompt, &a->answer, &a->err);
    return NULL;
}

/* The sentence is for who runs the lab: it names the model, never what was asked. */
static void say_failed(const struct asking *a)
{
    if (!a->got)
        complaint(tr("arena.model_failed", "The model %s did not answer twice: %s"), a->model->name,
                  a->err.text);
}

static bool names_itself(const struct asking *a)
{
    struct span text = buf_span(&a->answer.text);
    if (battle_names(text, span_of(a->model->name)))
        return true;
    for (size_t i = 0; i < a->model->words; i++)
        if (battle_names(text, span_of(a->model->word[i])))
            return true;
    return false;
}

static enum battle_why why_not(const struct asking *a, const struct asking *b)
{
    const struct model_answer *x = &a->answer, *y = &b->answer;
    if (!span_trim(buf_span(&x->text)).n || !span_trim(buf_span(&y->text)).n)
        return WHY_EMPTY;
    if (x->refusal || y->refusal || x->finish == CHAT_FILTER || y->finish == CHAT_FILTER)
        return WHY_REFUSED;
    if ((x->finish == CHAT_LENGTH) != (y->finish == CHAT_LENGTH))
        return WHY_CUT;
    return names_itself(a) || names_itself(b) ? WHY_NAMED : WHY_NONE;
}

/* Both, side by side; with no thread to be had, one after the other. */
static void ask_both(struct asking *a, struct asking *b)
{
    pthread_t other;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    bool aside = pthread_create(&other, &attr, ask, b) == 0;
    pthread_attr_destroy(&attr);
    ask(a);
    if (aside)
        pthread_join(other, NULL);
    else
        ask(b);
}

struct keeping {
    const struct running *r;
    const struct asking *a, *b;
    enum battle_state state;
};

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct keeping *k = arg;
    bool ready = k->state == BATTLE_READY;
    return db_run(
        db, err,
        "update battle set state = $2, a = $3, b = $4, answer_a = $5, answer_b = $6, why = $7, "
        "chance = $8, holder = '' where handle = $1 and state = $9 and holder = $10",
        V_BLOB(span_bytes(k->r->handle, 16)), V_INT(k->state), V_STR(ready ? k->a->model->name : ""),
        V_STR(ready ? k->b->model->name : ""), V_TEXT(ready ? buf_span(&k->a->answer.text) : SPAN("")),
        V_TEXT(ready ? buf_span(&k->b->answer.text) : SPAN("")),
        V_INT(ready ? why_not(k->a, k->b) : WHY_NONE), V_INT((int64_t)(k->r->pair.chance * CHANCE + 0.5)),
        V_INT(BATTLE_ANSWERING), V_STR(self.holder));
}

static void keep(const struct running *r, const struct asking *a, const struct asking *b)
{
    struct err err = {0};
    struct keeping k = {r, a, b, a->got && b->got ? BATTLE_READY : BATTLE_VOID};
    if (!db_write(r->db, keep_work, &k, &err))
        complaint("%s", err.text);
}

/* The pair is drawn anew each time a battle is asked: a model that fails is not met for ever. */
static void run(struct running *r)
{
    struct err err = {0};
    struct asking a = {.models = &r->models, .prompt = r->prompt}, b = a;
    if (!models_load(&(struct paths){.data = self.data}, r->arena, &r->models, &err) ||
        !battle_draw(r->db, r->arena, &r->models, (day_t)(r->now / DAY), &r->pair, &err)) {
        complaint("%s", err.text);
    } else {
        a.model = &r->models.at[r->pair.left];
        b.model = &r->models.at[r->pair.right];
        ask_both(&a, &b);
        say_failed(&a);
        say_failed(&b);
    }
    keep(r, &a, &b);
    model_answer_clear(&a.answer);
    model_answer_clear(&b.answer);
}

static void running_free(struct running *r)
{
    db_close(r->db);
    struct arena *arena = r->arena;
    arena_free(arena);
}

static void *run_one(void *arg)
{
    struct running *r = arg;
    words_set(LANG_EN);
    run(r);
    running_free(r);
    mem_give_back();
    pthread_mutex_lock(&self.lock);
    self.busy--;
    pthread_cond_signal(&self.asked);
    pthread_mutex_unlock(&self.lock);
    return NULL;
}

/* Taking one -------------------------------------------------------------------------------------------- */
static bool claim_work(struct db *db, void *arg, struct err *err)
{
    struct running *r = arg;
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    r->there = false;
    if (!db_query(db, &q, err, "select handle, prompt from battle where state = $1 order by handle limit 1",
                  V_INT(BATTLE_ASKED)))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    if (db_text(q, 0).n != 16)
        return fail(err, E_FORMAT, "A row of the arena is damaged.");
    memcpy(r->handle, db_text(q, 0).p, 16);
    r->prompt = arena_span(r->arena, db_text(q, 1));
    if (!r->prompt.p)
        return fail_memory(err);
    db_close_stmt(q);
    q = NULL;
    if (!db_run(db, err, "update battle set state = $2, holder = $3 where handle = $1 and state = $4",
                V_BLOB(span_bytes(r->handle, 16)), V_INT(BATTLE_ANSWERING), V_STR(self.holder),
                V_INT(BATTLE_ASKED)))
        return false;
    r->there = db_changed(db) == 1;
    return true;
}

/* Looking asks for no lock; only when one waits is it claimed. */
static bool any_waits(struct db *db, struct err *err)
{
    int64_t n;
    return db_number(db, &n, 0, err, "select count(*) from battle where state = $1", V_INT(BATTLE_ASKED)) &&
           n > 0;
}

static bool claim(struct db *db, struct running **out, struct err *err)
{
    struct arena *arena = arena_new();
    struct running *r = ARENA_NEW(arena, struct running);
    *out = NULL;
    if (!r)
        return fail_memory(err);
    r->arena = arena;
    bool done = lab_now(db, &r->now, err) && db_write(db, claim_work, r, err) &&
                (!r->there || db_open(&r->db, self.db_url, err));
    if (done && r->there)
        *out = r;
    else
        running_free(r);
    return done;
}

static void start_one(struct running *r)
{
    pthread_t thread;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_mutex_lock(&self.lock);
    self.busy++;
    pthread_mutex_unlock(&self.lock);
    if (pthread_create(&thread, &attr, run_one, r) != 0)
        run_one(r);
    pthread_attr_destroy(&attr);
}

/* Wait until there may be something to do. */
static void wait_asked(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    pthread_mutex_lock(&self.lock);
    if (self.looks > 0) {
        self.looks--;
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
    } else {
        until.tv_sec += IDLE_SECONDS;
    }
    pthread_cond_timedwait(&self.asked, &self.lock, &until);
    while (self.busy >= AT_ONCE)
        pthread_cond_wait(&self.asked, &self.lock);
    pthread_mutex_unlock(&self.lock);
}

static void *look(void *arg)
{
    struct db *db = arg;
    words_set(LANG_EN);
    for (;;) {
        struct running *r = NULL;
        struct err err = {0};
        if (any_waits(db, &err) && claim(db, &r, &err) && r) {
            start_one(r);
            continue;
        }
        if (err.code)
            complaint("%s", err.text);
        wait_asked();
    }
    return NULL;
}

/* The beat ---------------------------------------------------------------------------------------------- */
static bool begin(struct app *app, struct err *err)
{
    uint8_t id[16];
    struct db *own = NULL;
    pthread_t thread;
    pthread_attr_t attr;
    battle_random(id, sizeof id);
    for (int i = 0; i < 16; i++)
        snprintf(self.holder + 2 * i, 3, "%02x", id[i]);
    snprintf(self.db_url, sizeof self.db_url, "%s", app->lab->db_url);
    snprintf(self.data, sizeof self.data, "%s", app->paths->data);
    if (!db_open(&own, self.db_url, err))
        return false;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    self.runs = pthread_create(&thread, &attr, look, own) == 0;
    pthread_attr_destroy(&attr);
    if (self.runs)
        return true;
    db_close(own);
    return fail(err, E_SYSTEM, tr("err.arena.thread", "The machine gives no thread for asking the models."));
}

struct beat {
    int64_t now;
    bool first;
};

/* One process has a file of its own: what another said of itself there, it said before it ended. */
static bool beat_work(struct db *db, void *arg, struct err *err)
{
    const struct beat *b = arg;
    if (b->first && !db_is_pg(db) && !db_run(db, err, "delete from battle_holder"))
        return false;
    return db_run(
               db, err,
               "insert into battle_holder(holder, until) values ($1, $2) on conflict(holder) do update set "
               "until = $2",
               V_STR(self.holder), V_INT(b->now + ALIVE_SECONDS)) &&
           db_run(db, err, "delete from battle_holder where until < $1", V_INT(b->now)) &&
           db_run(
               db, err,
               "update battle set state = $1, holder = '' where state = $2 and holder not in (select holder "
               "from battle_holder)",
               V_INT(BATTLE_VOID), V_INT(BATTLE_ANSWERING)) &&
           battle_days(db, (day_t)(b->now / DAY), err);
}

/* In PostgreSQL rows lie in the order in which they came: after each batch they are written anew by key, as
 * anon/tidy.c does with its own. */
static bool rewrite_pg(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return db_run(db, err, "lock table battle, battle_vote in access exclusive mode") &&
           db_run(db, err, "create temporary table battle_kept on commit drop as select * from battle") &&
           db_run(db, err, "create temporary table vote_kept on commit drop as select * from battle_vote") &&
           db_run(db, err, "truncate battle, battle_vote") &&
           db_run(db, err, "insert into battle select * from battle_kept order by handle") &&
           db_run(db, err, "insert into battle_vote select * from vote_kept order by id");
}

static bool tidy_votes(struct db *db, struct err *err)
{
    static int64_t seen = -1;
    int64_t batch;
    if (!db_is_pg(db))
        return true;
    if (!db_number(db, &batch, 0, err, "select n from series where name = 'board'"))
        return false;
    if (batch == seen)
        return true;
    seen = batch;
    return db_write(db, rewrite_pg, NULL, err) && db_run(db, err, "vacuum battle") &&
           db_run(db, err, "vacuum battle_vote");
}

bool battle_connects(struct app *app, bool *out, struct err *err)
{
    struct models models;
    if (!models_load(app->paths, app->arena, &models, err))
        return false;
    *out = models.n > 0;
    return true;
}

bool battle_beat(struct app *app, struct err *err)
{
    static int64_t written;
    struct beat b = {app->now, !written};
    int64_t models;
    if (!db_number(app->db, &models, 0, err, "select count(*) from arena_model"))
        return false;
    if (!models || (written && app->now >= written && app->now - written < ALIVE_SECONDS / 4))
        return true; /* a lab without models pays nothing for having none */
    if (!written && !begin(app, err))
        return false;
    if (!writer_do(app->lab->writer, beat_work, &b, err) || !tidy_votes(app->db, err))
        return false;
    written = app->now;
    return true;
}
