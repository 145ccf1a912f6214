/* Each step is one transaction. Which model wrote what is in no answer before the vote is kept; and both
 * answers go out in one piece, padded, once both are whole: how fast and in what rhythm they were written,
 * and how long they are on the wire, would name them. */
#include "arena/battle.h"

#include "anon/battle_road.h"
#include "anon/item.h"
#include "anon/lab.h"
#include "arena/battle_run.h"
#include "arena/battle_tag.h"
#include "arena/style.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/scan.h"
#include "ui/problem.h"

#include "base/banned.h"

enum { DAY = 86400, EXPIRE_DAYS = 1, FORGET_DAYS = 3 };

static const char *const states[BATTLE_STATES] = {"asked", "answering", "ready", "voted", "expired", "void"};
static const char *const choices[CHOICES] = {"a", "b", "tie", "both_bad"};

const char *battle_state_name(enum battle_state state)
{
    return states[state];
}

bool battle_state_read(struct span name, enum battle_state *out)
{
    for (int i = 0; i < BATTLE_STATES; i++)
        if (span_is(name, states[i])) {
            *out = (enum battle_state)i;
            return true;
        }
    return false;
}

const char *battle_choice_name(enum battle_choice choice)
{
    return choices[choice];
}

bool battle_choice_read(struct span name, enum battle_choice *out)
{
    for (int i = 0; i < CHOICES; i++)
        if (span_is(name, choices[i])) {
            *out = (enum battle_choice)i;
            return true;
        }
    return false;
}

/* Acts ------------------------------------------------------------------------------------------------- */
bool prompt_check(const json_t *act, struct span *text, bool *hard, struct err *err)
{
    static const char *const keys[] = {"category", "text", NULL};
    const json_t *v = json_object_get(act, "text");
    struct span said = {json_string_value(v), json_string_length(v)}, category;
    if (!canon_only(act, keys, err) || !json_get_text(act, "category", 8, &category, err))
        return false;
    if (category.n && !span_is(category, "hard"))
        return fail(err, E_FORMAT, tr("err.arena.category", "The category of a prompt is “hard”, or empty."));
    if (!json_is_string(v) || span_trim(said).n == 0)
        return fail(err, E_FORMAT, tr("err.arena.prompt_empty", "Write what the models are to be asked."));
    if (plain_json_size(said) > BATTLE_TEXT)
        return fail(
            err, E_LIMIT,
            tr("err.arena.prompt_long", "The prompt takes more than %d bytes. Please make it shorter."),
            BATTLE_TEXT);
    *text = said;
    *hard = category.n > 0;
    return plain_ok(said, true, err);
}

bool vote_check(const json_t *act, uint8_t battle[static 16], enum battle_choice *choice, struct err *err)
{
    static const char *const keys[] = {"battle", "choice", NULL};
    struct span said;
    return canon_only(act, keys, err) && canon_hex(act, "battle", battle, 16, err) &&
           json_get_text(act, "choice", 8, &said, err) &&
           (battle_choice_read(said, choice) ||
            fail(err, E_FORMAT, tr("err.arena.choice", "The choice is one of a, b, tie, both_bad.")));
}

static bool refuse(const struct err *why, struct problem *p, struct err *err)
{
    return why->code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
}

bool prompt_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err)
{
    struct err why = {0};
    struct span text;
    bool hard;
    int64_t models, today = app->now / DAY;
    uint8_t handle[16];
    if (!prompt_check(item->act, &text, &hard, &why))
        return refuse(&why, p, err);
    if (!db_number(
            db, &models, 0, err,
            "select count(*) from arena_model where from_day <= $1 and (to_day is null or to_day >= $1)",
            V_INT(today)))
        return false;
    if (models < BATTLE_MODELS)
        return problem(p, PROBLEM_CLOSED, NULL);
    battle_handle(item->salt, handle);
    if (!db_run(db, err,
                "insert into battle(handle, pk, state, day, prompt, hard) values ($1, $2, $3, $4, $5, $6) on "
                "conflict do nothing",
                V_BLOB(span_bytes(handle, 16)), V_BLOB(span_bytes(item->pk, 32)), V_INT(BATTLE_ASKED),
                V_INT(today), V_TEXT(text), V_INT(hard)))
        return false;
    if (db_changed(db) != 1)
        return problem(p, PROBLEM_TAKEN, NULL);
    battle_wake();
    return true;
}

/* A vote ------------------------------------------------------------------------------------------------ */
struct standing {
    bool there;
    enum battle_state state;
    struct span pk, prompt, a, b, answer_a, answer_b; /* in the arena */
    int64_t hard, why, chance;
};

static bool standing_load(struct db *db, struct arena *arena, const uint8_t handle[static 16],
                          struct standing *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct standing){0};
    if (!db_query(db, &q, err,
                  "select state, pk, prompt, a, b, answer_a, answer_b, hard, why, chance from battle where "
                  "handle = $1",
                  V_BLOB(span_bytes(handle, 16))))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    struct span *texts[] = {&out->pk, &out->prompt, &out->a, &out->b, &out->answer_a, &out->answer_b};
    for (int i = 0; i < 6; i++)
        if (!(*texts[i] = arena_span(arena, db_text(q, i + 1))).p)
            return fail_memory(err);
    out->there = true;
    out->state = (enum battle_state)db_int(q, 0);
    out->hard = db_int(q, 7);
    out->why = db_int(q, 8);
    out->chance = db_int(q, 9);
    return true;
}

static int64_t thousandths(float x)
{
    return (int64_t)(x * 1000 + (x < 0 ? -0.5f : 0.5f));
}

/* The day and a random key, and nothing that leads back. */
static bool vote_keep(struct db *db, const struct standing *s, enum battle_choice choice, int64_t day,
                      struct err *err)
{
    uint8_t id[16];
    struct style_counts a = {0}, b = {0};
    float by[4];
    unsigned tags = battle_tags(s->prompt, s->hard != 0);
    battle_random(id, sizeof id);
    style_count(s->answer_a, &a);
    style_count(s->answer_b, &b);
    style_compare(&a, &b, by);
    if (battle_is_long(s->prompt, s->answer_a) || battle_is_long(s->prompt, s->answer_b))
        tags |= TAG_LONG;
    return db_run(db, err,
                  "insert into battle_vote(id, a, b, outcome, len, headers, lists, bold, tags, why, chance, "
                  "day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                  V_BLOB(span_bytes(id, 16)), V_TEXT(s->a), V_TEXT(s->b), V_INT(choice),
                  V_INT(thousandths(by[0])), V_INT(thousandths(by[1])), V_INT(thousandths(by[2])),
                  V_INT(thousandths(by[3])), V_INT(tags), V_INT(s->why), V_INT(s->chance), V_INT(day));
}

bool vote_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct err why = {0};
    struct standing s;
    uint8_t handle[16];
    enum battle_choice choice;
    if (!arena)
        return fail_memory(err);
    if (!vote_check(item->act, handle, &choice, &why))
        return refuse(&why, p, err);
    /* Taken first, so that of two votes at once one finds it voted. */
    if (!db_run(db, err, "update battle set state = $2 where handle = $1 and state = $3 and pk = $4",
                V_BLOB(span_bytes(handle, 16)), V_INT(BATTLE_VOTED), V_INT(BATTLE_READY),
                V_BLOB(span_bytes(item->pk, 32))))
        return false;
    bool ours = db_changed(db) == 1;
    if (!standing_load(db, arena, handle, &s, err))
        return false;
    if (!s.there || !span_eq(s.pk, span_bytes(item->pk, 32)))
        return problem(p, PROBLEM_BAD_FIELD, "battle");
    if (!ours)
        return problem(p, s.state == BATTLE_VOTED ? PROBLEM_TAKEN : PROBLEM_CLOSED, NULL);
    return vote_keep(db, &s, choice, app->now / DAY, err) &&
           db_run(db, err,
                  "update battle set prompt = '', answer_a = '', answer_b = '', chance = 0 where handle = $1",
                  V_BLOB(span_bytes(handle, 16)));
}

/* Reading one ------------------------------------------------------------------------------------------- */
static bool handle_of(const struct request *request, uint8_t out[static 16])
{
    struct span path = request->path;
    return scan_lit(&path, SPAN("/v1/battles/")) && item_hex_read(path, out);
}

static json_t *text_json(struct span s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

/* The same members in every state, so that the form tells nothing but the state; names when it is voted. */
static bool battle_json(const struct standing *s, struct buf *out, struct err *err)
{
    bool ready = s->state == BATTLE_READY, voted = s->state == BATTLE_VOTED;
    AUTO_JSON json_t *o =
        json_pack("{s:i,s:s,s:o,s:o,s:o,s:o,s:i}", "v", 1, "state", states[s->state], "a",
                  text_json(ready ? s->answer_a : SPAN("")), "b", text_json(ready ? s->answer_b : SPAN("")),
                  "name_a", text_json(voted ? s->a : SPAN("")), "name_b", text_json(voted ? s->b : SPAN("")),
                  "why", voted ? (int)s->why : 0);
    if (!o)
        return fail_memory(err);
    if (!canon_write(o, out, err))
        return false;
    while (out->n % BATTLE_PAGE)
        buf_add_byte(out, ' ');
    return buf_ok(out, err);
}

static void answer(struct app *app, const struct request *request, struct reply *reply,
                   const uint8_t handle[static 16])
{
    struct standing s;
    struct err err = {0};
    struct problem p = {.type = PROBLEM_BUSY};
    if (standing_load(app->db, app->arena, handle, &s, &err)) {
        p.type = PROBLEM_NOT_FOUND;
        if (s.there && battle_json(&s, &reply->body, &err)) {
            reply->type = "application/json";
            reply_header(reply, request->arena, "Cache-Control", "no-store");
            return;
        }
        if (err.code)
            p.type = PROBLEM_BUSY;
    }
    buf_reset(&reply->body);
    reply_problem(reply, request, &p, 0);
}

void api_battle(struct app *app, const struct request *request, struct reply *reply)
{
    uint8_t handle[16];
    if (handle_of(request, handle))
        answer(app, request, reply, handle);
    else
        reply_problem(reply, request, &(struct problem){.type = PROBLEM_NOT_FOUND}, 0);
}

static bool again_work(struct db *db, void *arg, struct err *err)
{
    return db_run(db, err, "update battle set state = $2, holder = '' where handle = $1 and state = $3",
                  V_BLOB(span_bytes(arg, 16)), V_INT(BATTLE_ASKED), V_INT(BATTLE_VOID));
}

void api_battle_again(struct app *app, const struct request *request, struct reply *reply)
{
    uint8_t handle[16];
    struct err err = {0};
    if (!handle_of(request, handle)) {
        reply_problem(reply, request, &(struct problem){.type = PROBLEM_NOT_FOUND}, 0);
        return;
    }
    bool done = app->lab->writer ? writer_do(app->lab->writer, again_work, handle, &err)
                                 : db_write(app->db, again_work, handle, &err);
    if (!done) {
        reply_problem(reply, request, &(struct problem){.type = PROBLEM_BUSY}, 0);
        return;
    }
    battle_wake();
    answer(app, request, reply, handle);
}

bool battle_days(struct db *db, day_t today, struct err *err)
{
    return db_run(db, err,
                  "update battle set state = $1, prompt = '', answer_a = '', answer_b = '', a = '', b = '' "
                  "where state not in ($1, $2) and day < $3",
                  V_INT(BATTLE_EXPIRED), V_INT(BATTLE_VOTED), V_INT(today - EXPIRE_DAYS)) &&
           db_run(db, err, "delete from battle where day < $1", V_INT(today - FORGET_DAYS));
}

bool battle_lab_copied(struct app *app, struct db *copy, struct err *err)
{
    int64_t there;
    (void)app;
    return db_number(copy, &there, 0, err,
                     "select count(*) from sqlite_master where type = 'table' and name = 'battle'") &&
           (!there ||
            (db_run(copy, err, "delete from battle") && db_run(copy, err, "delete from battle_holder")));
}
