/* What the lab says of its board is shown when it is what comes out here; when it is not, that is shown. */
#include "arena/blind_mine.h"

#include "anon/battle_road.h"
#include "anon/follow.h"
#include "anon/turn.h"
#include "codec/canon.h"
#include "codec/json.h"

#include "base/banned.h"

enum { ENTRY_ROOM = 4096, KEPT = 2 };

bool blind_mine_drop(struct db *db, struct err *err)
{
    return db_run(db, err, "delete from blind_mine");
}

const char *blind_trust_said(enum blind_trust trust)
{
    switch (trust) {
    case BLIND_GOOD:
        return tr("blind.good",
                  "It stands in the record, and was worked out again here from the published votes.");
    case BLIND_ABSENT:
        return tr("blind.absent", "The lab shows a board of its arena that is not in its record.");
    case BLIND_OTHER:
        return tr("blind.other",
                  "The lab's board of its arena is not what comes out of the votes it published.");
    default:
        return NULL;
    }
}

void blind_mine_free(struct blind_mine *mine)
{
    votes_free(&mine->votes);
    votes_free(&mine->old);
    votes_free(&mine->new);
}

/* Whether the record has this digest for board number n. */
static bool is_logged(const struct history *h, int64_t n, const uint8_t digest[static 32])
{
    for (size_t i = 0; i < h->others.n; i++) {
        AUTO_JSON json_t *o = NULL;
        struct err none = {0};
        uint8_t has[32];
        int64_t number;
        if (span_is(h->others.at[i].t, "arena") &&
            json_read(h->others.at[i].bytes, ENTRY_ROOM, "entry", &o, &none) &&
            json_get_int(o, "n", 1, INT32_MAX, &number, &none) && number == n &&
            canon_b64(o, "digest", has, sizeof has, &none) && memcmp(has, digest, sizeof has) == 0)
            return true;
    }
    return false;
}

static bool in_record(struct app *app, const struct known *known, int64_t n, struct span bytes, bool *out,
                      struct err *err)
{
    struct history *issuer, *board;
    uint8_t digest[32];
    battle_digest(bytes, digest);
    if (!follow_load(app->db, known, &issuer, &board, err))
        return false;
    *out = is_logged(board ? board : issuer, n, digest);
    history_free(issuer);
    history_free(board);
    return true;
}

/* A ranking that is not to be had is no failure: it says so. */
static bool rank(struct app *app, struct blind_mine *m, struct err *err)
{
    struct err why = {0};
    m->ranked = blind_rank(&m->doc, m->doc.n, app->arena, &m->votes, &m->ranking, &why);
    return why.code != E_MEMORY || fail_memory(err);
}

static bool compare(struct app *app, struct blind_mine *m, struct err *err)
{
    struct err why = {0};
    struct compare_ask ask = {.old = blind_ask(), .new = blind_ask(), .method_known = true};
    if (m->doc.n < 2 || !m->ranked)
        return true;
    m->compared = blind_votes(&m->doc, m->doc.n - 1, BLIND_BY_ROW, app->arena, &m->old, NULL, &why) &&
                  blind_votes(&m->doc, m->doc.n, BLIND_BY_ROW, app->arena, &m->new, &m->old, &why) &&
                  compare_make(app->arena, &m->old, &m->new, &ask, &m->changed, &why);
    return why.code != E_MEMORY || fail_memory(err);
}

static bool trust(struct app *app, const struct known *known, struct blind_mine *m, struct span bytes,
                  struct err *err)
{
    struct blind_figures found = {0};
    struct err why = {0};
    bool logged;
    if (!in_record(app, known, m->doc.n, bytes, &logged, err))
        return false;
    if (!blind_work(&m->doc, app->arena, &found, &why)) {
        if (why.code == E_MEMORY)
            return fail_memory(err);
        found = (struct blind_figures){.style = m->doc.rows >= BLIND_STYLE};
    }
    m->trust = !logged ? BLIND_ABSENT : blind_agrees(&m->doc.figures, &found) ? BLIND_GOOD : BLIND_OTHER;
    return true;
}

bool blind_mine_load(struct app *app, const struct known *known, struct blind_mine *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *out = (struct blind_mine){.trust = BLIND_NONE};
    if (!db_query(app->db, &q, err, "select bytes from blind_mine order by n desc limit 1"))
        return false;
    if (!db_next(q, &inner))
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    struct span bytes = arena_span(app->arena, db_text(q, 0));
    if (!bytes.p)
        return fail_memory(err);
    return blind_read(bytes, app->arena, &out->doc, err) && rank(app, out, err) && compare(app, out, err) &&
           trust(app, known, out, bytes, err);
}

static bool keep(struct db *db, struct span bytes, int64_t n, struct err *err)
{
    return db_run(db, err,
                  "insert into blind_mine(n, bytes) values ($1, $2) on conflict(n) do update set bytes = $2",
                  V_INT(n), V_BLOB(bytes)) &&
           db_run(db, err, "delete from blind_mine where n <= $1", V_INT(n - KEPT));
}

bool blind_mine_look(struct app *app, const struct known *known, struct err *err)
{
    AUTO_BUF struct buf body;
    struct blind_doc doc;
    struct err why = {0};
    int items;
    buf_init(&body, BATTLE_BOARD_MOST);
    if (!turn_look(app, known, &items, err))
        return false;
    if (!battle_board(app->db, known, app->now, &body, &why))
        return why.code == E_MISSING || fail(err, why.code, "%s", why.text);
    return blind_read(buf_span(&body), app->arena, &doc, err) && keep(app->db, buf_span(&body), doc.n, err);
}
