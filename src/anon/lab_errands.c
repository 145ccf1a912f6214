/* The errands of the pages about the lab. They run outside the sandbox, each in a process of its own. */
#include "anon/lab_errands.h"

#include "anon/again.h"
#include "anon/join.h"
#include "anon/mark.h"
#include "codec/b64.h"
#include "codec/json.h"

#include "base/banned.h"

enum { ANSWER_MOST = 64 << 10, TEXT_MOST = 2000 };

/* The proxy that was chosen in the settings, or NULL. */
static bool via_of(struct app *app, const char **via, struct err *err)
{
    if (!setting_get(app->db, app->arena, "via", "", via, err))
        return false;
    if (!**via)
        *via = NULL;
    return true;
}

static bool look_at(struct app *app, const char *url, struct join_plan *plan, struct err *err)
{
    const char *via;
    return via_of(app, &via, err) && join_look(app->db, app->arena, url, via, app->now, plan, err);
}

static bool run_look(struct app *app, const char *url, struct buf *answer, struct err *err)
{
    struct join_plan plan;
    if (!look_at(app, url, &plan, err))
        return false;
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:I,s:b,s:s}", "name", plan.known.name, "by",
                                    plan.known.by, "issuer_vkey", plan.known.issuer_vkey, "board_vkey",
                                    plan.known.board_vkey, "members", (json_int_t)plan.members, "trial",
                                    plan.known.trial, "broken", plan.broken ? plan.broken : "");
    return o ? json_write(o, answer, err) : fail_memory(err);
}

bool lab_found_read(struct span answer, struct arena *arena, struct lab_found *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct span name, by, issuer, board, broken;
    if (!json_read(answer, ANSWER_MOST, "look", &o, err) ||
        !json_get_text(o, "name", TEXT_MOST, &name, err) || !json_get_text(o, "by", TEXT_MOST, &by, err) ||
        !json_get_text(o, "issuer_vkey", TEXT_MOST, &issuer, err) ||
        !json_get_text(o, "board_vkey", TEXT_MOST, &board, err) ||
        !json_get_text(o, "broken", 4 * TEXT_MOST, &broken, err))
        return false;
    *out = (struct lab_found){.name = arena_text(arena, name),
                              .by = arena_text(arena, by),
                              .issuer_vkey = arena_text(arena, issuer),
                              .board_vkey = arena_text(arena, board),
                              .broken = arena_text(arena, broken),
                              .members = json_integer_value(json_object_get(o, "members")),
                              .trial = json_is_true(json_object_get(o, "trial"))};
    return (out->name && out->by && out->broken && out->issuer_vkey && out->board_vkey) || fail_memory(err);
}

/* The lab is asked again before the invitation goes to it: what was shown may be an hour old, and its keys
 * are held against the invitation once more. */
static bool run_join(struct app *app, const char *url, struct buf *answer, struct err *err)
{
    struct join_plan plan;
    (void)answer;
    return look_at(app, url, &plan, err) && mark_step(app->db, app->paths, err) &&
           join_do(app->db, app->arena, &plan, NULL, app->now, err);
}

static bool run_leave(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    (void)argument, (void)answer;
    return known_load(app->db, app->arena, &known, err) && (!known || join_leave(app, known, err));
}

/* A stopped log, asked once more; the rest is fetched when it goes on. */
static bool run_again(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    struct follow_broken broken = {.said = ""};
    bool there = false;
    AUTO_BUF struct buf leaf;
    buf_init(&leaf, 100);
    (void)argument;
    if (!known_load(app->db, app->arena, &known, err) || (known && !again(app, known, &broken, &there, err)))
        return false;
    if (there)
        b64_add(&leaf, span_bytes(broken.leaf, sizeof broken.leaf), B64_URL_BARE);
    AUTO_JSON json_t *o = json_pack("{s:s,s:s}", "broken", there ? broken.said : "", "leaf", buf_text(&leaf));
    return o ? json_write(o, answer, err) : fail_memory(err);
}

bool lab_again_read(struct span answer, struct arena *arena, struct lab_again *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct span broken, leaf;
    if (!json_read(answer, ANSWER_MOST, "again", &o, err) ||
        !json_get_text(o, "broken", 8 * TEXT_MOST, &broken, err) || !json_get_text(o, "leaf", 64, &leaf, err))
        return false;
    *out = (struct lab_again){arena_text(arena, broken), arena_text(arena, leaf)};
    return (out->broken && out->leaf) || fail_memory(err);
}

static bool run_go_on(struct app *app, const char *text, struct buf *answer, struct err *err)
{
    struct known *known;
    uint8_t leaf[32];
    (void)answer;
    if (!b64_exact(span_of(text), B64_URL_BARE, leaf, sizeof leaf))
        return fail(err, E_USAGE, "%s",
                    tr("err.lab.go_on", "What to go on from was not said. Look again first."));
    return known_load(app->db, app->arena, &known, err) && (!known || again_go_on(app, known, leaf, err));
}

static bool run_try(struct app *app, const char *via, struct buf *answer, struct err *err)
{
    struct known *known;
    (void)answer;
    return known_load(app->db, app->arena, &known, err) && (!known || join_try(app->db, known, via, err));
}

const struct errand_row lab_errands[] = {
    {ERRAND_LOOK, run_look},
    {ERRAND_JOIN, run_join},
    {ERRAND_LEAVE, run_leave},
    {ERRAND_AGAIN, run_again},
    {ERRAND_GO_ON, run_go_on},
    {ERRAND_TRY, run_try},
    {0},
};
