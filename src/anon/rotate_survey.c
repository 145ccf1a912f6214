/* A survey and the key for its answers: in one log written together; in a lab of two operators the board
 * writes the survey, and the issuer the key when it has read that. So the board alone decides what is asked,
 * and the issuer alone who may answer: those in the list of its own record that the survey names. */
#include "anon/rotate_survey.h"

#include "anon/adding.h"
#include "anon/issuer_base.h"
#include "base/words.h"
#include "crypt/merkle.h"

#include "base/banned.h"

enum { DAY = 86400, LIVE_MOST = 8 }; /* surveys that have a key and are not over: at most */

struct survey {
    struct app *app;
    struct span entry; /* of the survey, when it is to be logged too */
    uint8_t id[16], context[32];
    int64_t roster, opens, closes;
    uint64_t size; /* of the log that this was decided by; 0: no matter */
    struct issuer_key key;
};

static bool no_group(struct err *err)
{
    return fail(err, E_MISSING,
                tr("err.rotate.group", "The record has no list of members at the place that this survey "
                                       "names for its group."));
}

static bool add_key(struct adding *a, struct survey *s, struct err *err)
{
    struct buf AUTO_BUF challenge;
    int64_t from = a->now + (a->lab->trial ? 0 : DAY);
    struct entry e = {.kind = ENTRY_KEY,
                      .at = a->now,
                      .key = {.survey = true, .windows = {from, s->opens, s->opens, s->closes}}};
    buf_init(&challenge, CHALLENGE_MOST);
    memcpy(e.key.id_of, s->id, 16);
    memcpy(e.key.spki, s->key.spki, SPKI_SIZE);
    if (!adding_challenge(a->lab, s->context, &challenge, err))
        return false;
    e.key.challenge = buf_span(&challenge);
    return (!s->entry.n || adding_bytes(a, s->entry, err)) && adding_entry(a, &e, err) &&
           issuer_key_save(a->db, a->lab, &s->key, 0, s->roster, err);
}

static bool key_work(struct db *db, void *arg, struct err *err)
{
    struct survey *s = arg;
    struct arena *AUTO_ARENA arena = arena_new();
    uint64_t size, first;
    int64_t there;
    struct adding *a = ARENA_NEW(arena, struct adding);
    if (!a)
        return fail_memory(err);
    *a = (struct adding){.db = db, .lab = s->app->lab, .arena = arena, .now = s->app->now};
    if (!tlog_hold(db, &size, err) ||
        !db_number(db, &there, 0, err, "select count(*) from roster_list where idx = $1 and kind = 'roster'",
                   V_INT(s->roster)))
        return false;
    if (s->size && s->size != size)
        return true; /* the next beat looks again */
    return there ? add_key(a, s, err) && adding_done(a, &first, err) : no_group(err);
}

static bool make_and_write(struct app *app, struct survey *s, bool taken[static 256], struct err *err)
{
    s->app = app;
    if (!issuer_key_make(taken, &s->key, err))
        return false;
    bool done = issuer_write(app, 0, key_work, s, err);
    issuer_key_clear(&s->key);
    return done;
}

/* The board's half ----------------------------------------------------------------------------------- */
static bool entry_work(struct db *db, void *arg, struct err *err)
{
    const struct survey *s = arg;
    uint64_t size, first;
    return tlog_hold(db, &size, err) && tlog_append(db, &s->app->lab->log, &s->entry, 1, &first, err);
}

static bool has_list(const struct history *h, int64_t index)
{
    for (size_t i = 0; i < h->rosters.n; i++)
        if ((int64_t)h->rosters.at[i].index == index)
            return true;
    return false;
}

bool rotate_survey_key(struct app *app, const struct rotate_survey *survey, uint8_t id[static 16],
                       struct err *err)
{
    const struct history *issuer, *board;
    struct survey s = {.app = app,
                       .entry = survey->entry,
                       .roster = (int64_t)survey->roster,
                       .opens = survey->opens,
                       .closes = survey->closes};
    uint8_t leaf[32];
    bool taken[256] = {false};
    merkle_leaf(survey->entry, leaf);
    memcpy(s.id, leaf, 16);
    survey_context(survey->entry, s.context);
    if (!lab_facts(app->lab, app->db, &issuer, &board, err))
        return false;
    issuer_key_taken(issuer, app->now, taken);
    bool there = has_list(issuer, s.roster);
    lab_facts_done(app->lab);
    if (!(board && !there ? no_group(err)
          : board         ? issuer_write(app, 0, entry_work, &s, err)
                          : make_and_write(app, &s, taken, err)))
        return false;
    memcpy(id, s.id, 16);
    return true;
}

/* The issuer's half ---------------------------------------------------------------------------------- */
static bool has_key(const struct history *own, const uint8_t id[static 16])
{
    for (size_t i = 0; i < own->keys.n; i++)
        if (own->keys.at[i].key.survey && memcmp(own->keys.at[i].key.id_of, id, 16) == 0)
            return true;
    return false;
}

static size_t live(const struct history *own, int64_t now)
{
    size_t n = 0;
    for (size_t i = 0; i < own->keys.n; i++)
        n += own->keys.at[i].key.survey && now < own->keys.at[i].key.windows.spend_to;
    return n;
}

/* Its group is one of our lists, just as the survey says. */
static bool group_good(const struct history *own, const struct entry_survey *s)
{
    for (size_t i = 0; i < own->rosters.n; i++) {
        const struct history_list *list = &own->rosters.at[i];
        if ((int64_t)list->index == s->roster)
            return list->list.n == s->n && memcmp(list->list.root, s->root, 32) == 0;
    }
    return false;
}

static bool wanted(const struct history *own, const struct history_survey *s, int64_t now)
{
    const struct entry_survey *e = &s->survey;
    int64_t from = now + (own->genesis.trial ? 0 : DAY);
    return e->whole && from < e->opens && e->opens < e->closes && group_good(own, e) && !has_key(own, s->id);
}

/* The first that is wanted; false when there is none. */
static bool next_survey(struct app *app, struct survey *out, bool taken[static 256], bool *any,
                        struct err *err)
{
    const struct history *own, *board;
    *any = false;
    if (!lab_facts(app->lab, app->db, &own, &board, err))
        return false;
    const struct history *other = app->lab->peer;
    for (size_t i = 0; !*any && i < other->surveys.n && live(own, app->now) < LIVE_MOST; i++) {
        const struct history_survey *s = &other->surveys.at[i];
        *any = wanted(own, s, app->now);
        if (!*any)
            continue;
        *out = (struct survey){.roster = s->survey.roster,
                               .opens = s->survey.opens,
                               .closes = s->survey.closes,
                               .size = own->tree.size};
        memcpy(out->id, s->id, 16);
        memcpy(out->context, s->context, 32);
    }
    issuer_key_taken(own, app->now, taken);
    lab_facts_done(app->lab);
    return true;
}

bool rotate_surveys(struct app *app, struct err *err)
{
    struct survey s;
    bool any = app->lab->role == ISSUER;
    for (int i = 0; any && i < LIVE_MOST; i++) {
        bool taken[256] = {false};
        if (!next_survey(app, &s, taken, &any, err) || (any && !make_and_write(app, &s, taken, err)))
            return false;
    }
    return true;
}
