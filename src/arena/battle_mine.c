/* The act `prompt` begins a thread of its own in the outbox, so that its key is made of 16 bytes drawn for
 * it; the vote is signed by the same key, which is how the lab knows that it comes from who asked. Both are
 * sent at once: that a battle waits for nobody is said before the first one. */
#include "arena/battle_mine.h"

#include <time.h>

#include "anon/battle_road.h"
#include "anon/follow.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "io/proc.h"

#include "base/banned.h"

enum { POLL_SECONDS = 5, DAY = 86400, TEXT_MOST = 1 << 20 };

const char *battle_choice_said(int choice)
{
    switch (choice) {
    case CHOICE_A:
        return tr("battle.left", "Left");
    case CHOICE_B:
        return tr("battle.right", "Right");
    case CHOICE_TIE:
        return tr("battle.equal", "Equally good");
    case CHOICE_BAD:
        return tr("battle.neither", "Neither");
    default:
        return tr("battle.no", "Not today");
    }
}

const char *battle_why_said(enum battle_why why)
{
    switch (why) {
    case WHY_NAMED:
        return tr("battle.why.named", "One answer named its writer, so this vote counts for no board.");
    case WHY_EMPTY:
        return tr("battle.why.empty", "One answer was empty, so this vote counts for no board.");
    case WHY_REFUSED:
        return tr("battle.why.refused", "One model declined to answer, so this vote counts for no board.");
    case WHY_CUT:
        return tr("battle.why.cut", "One answer was cut at its longest, so this vote counts for no board.");
    default:
        return NULL;
    }
}

/* Rows --------------------------------------------------------------------------------------------------- */
static bool acts_load(struct db *db, struct arena *arena, struct battle_mine *m, struct err *err)
{
    struct outbox prompt = {0}, vote = {0};
    if (!outbox_list(db, arena, m->prompt_act, &prompt, err) ||
        (m->vote_act && !outbox_list(db, arena, m->vote_act, &vote, err)))
        return false;
    m->failed = !prompt.n || prompt.at->state == ACT_REFUSED || prompt.at->state == ACT_GIVEN_UP;
    m->sent = !m->failed && prompt.at->tries > 0;
    m->taken = m->sent && prompt.at->state == ACT_KEPT;
    m->voted = vote.n && vote.at->state == ACT_KEPT;
    m->vote_sent = vote.n && vote.at->tries > 0;
    m->vote_refused = vote.n && (vote.at->state == ACT_REFUSED || vote.at->state == ACT_GIVEN_UP);
    if (!vote.n) { /* it never left, and may be given anew */
        m->vote_act = 0;
        m->choice = -1;
    }
    return true;
}

bool battle_mine_load(struct db *db, struct arena *arena, struct battle_mine *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct battle_mine){.choice = -1};
    if (!db_query(
            db, &q, err,
            "select prompt, answer_a, answer_b, name_a, name_b, prompt_act, vote_act, state, choice, why "
            "from battle_mine"))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    const char **texts[] = {&out->prompt, &out->answer_a, &out->answer_b, &out->name_a, &out->name_b};
    for (int i = 0; i < 5; i++)
        if (!(*texts[i] = arena_text(arena, db_text(q, i))))
            return fail_memory(err);
    out->there = true;
    out->prompt_act = db_int(q, 5);
    out->vote_act = db_int(q, 6);
    out->state = (enum battle_state)db_int(q, 7);
    out->choice = (int)db_int(q, 8);
    out->why = (enum battle_why)db_int(q, 9);
    return acts_load(db, arena, out, err);
}

/* The acts hold the prompt too. One that is under way (a vote whose answer was lost) stays until it ends. */
static bool drop_work(struct db *db, void *arg, struct err *err)
{
    int64_t prompt, vote;
    (void)arg;
    return db_number(db, &prompt, 0, err, "select prompt_act from battle_mine") &&
           db_number(db, &vote, 0, err, "select vote_act from battle_mine") &&
           outbox_forget(db, prompt, err) && outbox_forget(db, vote, err) &&
           db_run(db, err, "delete from battle_mine");
}

bool battle_mine_drop(struct db *db, struct err *err)
{
    return db_write(db, drop_work, NULL, err);
}

bool battle_mine_copied(struct db *copy, struct err *err)
{
    return db_run(copy, err, "delete from battle_mine") && outbox_drop_kind(copy, "prompt", err) &&
           outbox_drop_kind(copy, "vote", err);
}

/* Into the outbox ---------------------------------------------------------------------------------------- */
struct putting {
    const struct known *known;
    struct spend_wish wish;
    int64_t now, act;
    struct span prompt;
    int choice;
};

static bool ask_work(struct db *db, void *arg, struct err *err)
{
    struct putting *w = arg;
    return spend(db, w->known, &w->wish, w->now, &w->act, err) && outbox_told(db, w->act, err) &&
           battle_mine_drop(db, err) &&
           db_run(db, err, "insert into battle_mine(one, prompt, prompt_act) values (1, $1, $2)",
                  V_TEXT(w->prompt), V_INT(w->act));
}

bool battle_mine_ask(struct app *app, const struct known *known, struct span prompt, bool hard,
                     struct err *err)
{
    AUTO_BUF struct buf text;
    struct span checked;
    bool is_hard;
    buf_init(&text, PLAIN_MOST);
    if (!plain_tidy(prompt, true, &text, err))
        return false;
    AUTO_JSON json_t *act =
        json_pack("{s:s,s:s#}", "category", hard ? "hard" : "", "text", text.n ? text.p : "", (int)text.n);
    if (!act)
        return fail_memory(err);
    struct putting w = {.known = known,
                        .wish = {.kind = "prompt", .act = act, .new_thread = true, .now = true},
                        .now = app->now,
                        .prompt = buf_span(&text)};
    return prompt_check(act, &checked, &is_hard, err) && db_write(app->db, ask_work, &w, err);
}

static bool vote_work(struct db *db, void *arg, struct err *err)
{
    struct putting *w = arg;
    return spend(db, w->known, &w->wish, w->now, &w->act, err) && outbox_told(db, w->act, err) &&
           db_run(db, err, "update battle_mine set vote_act = $1, choice = $2", V_INT(w->act),
                  V_INT(w->choice));
}

/* The act `prompt` as it stands in the outbox: its salt is the handle, its key the one that votes. */
static bool prompt_act(struct db *db, struct arena *arena, const struct battle_mine *m,
                       struct outbox_act *out, struct err *err)
{
    struct outbox one = {0};
    if (!outbox_list(db, arena, m->prompt_act, &one, err))
        return false;
    if (!one.n)
        return fail(err, E_MISSING, tr("err.arena.gone", "This battle is not here any more."));
    *out = *one.at;
    return true;
}

bool battle_mine_vote(struct app *app, const struct known *known, enum battle_choice choice, struct err *err)
{
    struct battle_mine m;
    struct outbox_act prompt;
    uint8_t handle[16];
    char hex[33];
    if (!battle_mine_load(app->db, app->arena, &m, err))
        return false;
    if (!m.there || m.state != BATTLE_READY || m.vote_act)
        return fail(err, E_REFUSED,
                    tr("err.arena.no_vote", "There are no two answers here that wait for a vote."));
    if (!prompt_act(app->db, app->arena, &m, &prompt, err))
        return false;
    battle_handle(prompt.salt, handle);
    item_hex(handle, hex);
    AUTO_JSON json_t *act = json_pack("{s:s,s:s}", "battle", hex, "choice", battle_choice_name(choice));
    if (!act)
        return fail_memory(err);
    struct putting w = {.known = known,
                        .wish = {.kind = "vote", .act = act, .now = true, .key_epoch = prompt.key_epoch},
                        .now = app->now,
                        .choice = (int)choice};
    memcpy(w.wish.thread, prompt.item, sizeof w.wish.thread);
    return db_write(app->db, vote_work, &w, err);
}

/* What the lab answers ------------------------------------------------------------------------------------
 */
static bool get(const json_t *o, const char *key, size_t most, struct span *out, struct err *err)
{
    return json_get_text(o, key, most, out, err) && plain_ok(*out, true, err);
}

static bool take(struct db *db, struct span body, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct span state, a, b, name_a, name_b;
    enum battle_state is;
    int64_t why;
    if (!json_read(body, 2 * TEXT_MOST, "battle", &o, err) || !json_get_text(o, "state", 20, &state, err) ||
        !get(o, "a", TEXT_MOST, &a, err) || !get(o, "b", TEXT_MOST, &b, err) ||
        !get(o, "name_a", 200, &name_a, err) || !get(o, "name_b", 200, &name_b, err) ||
        !json_get_int(o, "why", 0, WHY_COUNT - 1, &why, err))
        return false;
    if (!battle_state_read(state, &is))
        return fail(err, E_FORMAT,
                    tr("err.arena.state", "The lab's answer about the battle cannot be read."));
    /* Once both answers are here they stay: after the vote the lab has them no more. */
    if (is == BATTLE_READY)
        return db_run(db, err, "update battle_mine set state = $1, answer_a = $2, answer_b = $3", V_INT(is),
                      V_TEXT(a), V_TEXT(b));
    return db_run(db, err, "update battle_mine set state = $1, name_a = $2, name_b = $3, why = $4", V_INT(is),
                  V_TEXT(name_a.n ? name_a : SPAN("")), V_TEXT(name_b.n ? name_b : SPAN("")), V_INT(why));
}

static bool look(struct app *app, const struct known *known, const struct battle_mine *m, struct err *err)
{
    struct outbox_act prompt;
    uint8_t handle[16];
    AUTO_BUF struct buf body;
    struct err why = {0};
    buf_init(&body, 2 * TEXT_MOST);
    if (!prompt_act(app->db, app->arena, m, &prompt, err))
        return false;
    battle_handle(prompt.salt, handle);
    if (battle_get(app->db, known, handle, app->now, &body, &why))
        return take(app->db, buf_span(&body), err);
    if (why.code != E_MISSING)
        return fail(err, why.code, "%s", why.text);
    /* Its answer was lost, and it had not arrived: a battle does not go out on another day. */
    return m->taken ? db_run(app->db, err, "update battle_mine set state = $1", V_INT(BATTLE_EXPIRED))
                    : outbox_state(app->db, m->prompt_act, ACT_GIVEN_UP, 0, err);
}

static bool waits_for_lab(const struct battle_mine *m)
{
    return m->there && m->sent && !m->failed &&
           (m->state == BATTLE_ASKED || m->state == BATTLE_ANSWERING || (m->voted && !*m->name_a));
}

/* Once at least: what came of an act whose answer was lost is seen there. */
static bool poll(struct app *app, const struct known *known, int seconds, struct err *err)
{
    struct battle_mine m;
    for (int left = seconds;; left -= POLL_SECONDS) {
        if (!battle_mine_load(app->db, app->arena, &m, err) || !look(app, known, &m, err) ||
            !battle_mine_load(app->db, app->arena, &m, err))
            return false;
        if (!waits_for_lab(&m) || left < POLL_SECONDS || proc_stopped())
            return true;
        nanosleep(&(struct timespec){.tv_sec = POLL_SECONDS}, NULL);
    }
}

/* An act of this battle that has not left yet. What stands in its way is said, and it does not wait: it would
 * leave at a moment when nobody looks for its answer. */
static bool send(struct app *app, const struct known *known, int64_t act, bool gone, struct err *err)
{
    int sent;
    bool there;
    struct err none = {0};
    if (!act || gone)
        return true;
    if (mark_step(app->db, app->paths, err) && turn_spend(app, known, act, &sent, err))
        return true;
    (void)!outbox_cancel(app->db, act, &there, &none);
    return false;
}

bool battle_mine_go(struct app *app, const struct known *known, int seconds, struct err *err)
{
    struct battle_mine m;
    if (!battle_mine_load(app->db, app->arena, &m, err))
        return false;
    if (!m.there || m.failed)
        return true;
    if (!send(app, known, m.prompt_act, m.sent, err) ||
        !send(app, known, m.vote_act, m.vote_sent || m.vote_refused, err) ||
        !battle_mine_load(app->db, app->arena, &m, err))
        return false;
    return m.failed || (!waits_for_lab(&m) && !m.vote_sent && m.taken) || poll(app, known, seconds, err);
}

bool battle_mine_again(struct app *app, const struct known *known, struct err *err)
{
    struct battle_mine m;
    struct outbox_act prompt;
    uint8_t handle[16];
    if (!battle_mine_load(app->db, app->arena, &m, err))
        return false;
    if (!m.there || m.state != BATTLE_VOID)
        return fail(err, E_REFUSED, tr("err.arena.not_void", "There is no battle here to be asked again."));
    if (!prompt_act(app->db, app->arena, &m, &prompt, err))
        return false;
    battle_handle(prompt.salt, handle);
    return battle_again(app->db, known, handle, app->now, err) &&
           db_run(app->db, err, "update battle_mine set state = $1", V_INT(BATTLE_ASKED));
}

/* By the record -------------------------------------------------------------------------------------------
 */
static bool takes_part(const struct history *h, size_t at, day_t today)
{
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    const struct history_other *e = &h->others.at[at];
    if (!json_read(e->bytes, TEXT_MOST, "entry", &o, &none))
        return false;
    const char *from = json_string_value(json_object_get(o, "from"));
    day_t first;
    return from && !json_object_get(o, "to") && day_read(span_of(from), &first, &none) && first <= today;
}

/* The last entry of a name counts. */
static bool is_last(const struct history *h, size_t at)
{
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    if (!json_read(h->others.at[at].bytes, TEXT_MOST, "entry", &o, &none))
        return false;
    for (size_t i = at + 1; i < h->others.n; i++) {
        AUTO_JSON json_t *later = NULL;
        if (span_is(h->others.at[i].t, "model") &&
            json_read(h->others.at[i].bytes, TEXT_MOST, "entry", &later, &none) &&
            json_equal(json_object_get(o, "name"), json_object_get(later, "name")))
            return false;
    }
    return true;
}

bool battle_mine_models(struct app *app, const struct known *known, int *out, struct err *err)
{
    struct history *issuer, *board;
    *out = 0;
    if (!follow_load(app->db, known, &issuer, &board, err))
        return false;
    const struct history *h = board ? board : issuer;
    for (size_t i = 0; i < h->others.n; i++)
        *out +=
            span_is(h->others.at[i].t, "model") && takes_part(h, i, (day_t)(app->now / DAY)) && is_last(h, i);
    history_free(issuer);
    history_free(board);
    return true;
}
