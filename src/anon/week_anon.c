/* This week's row about the lab. It draws what is kept here and asks nobody anything. */
#include "anon/week_anon.h"

#include <inttypes.h>

#include "anon/confirmed.h"
#include "anon/follow.h"
#include "anon/head_words.h"
#include "base/vec.h"
#include "base/words.h"
#include "io/clock.h"

#include "base/banned.h"

static bool say_line(struct app *app, struct week *week, const struct buf *text, const char *path,
                     struct err *err)
{
    const char *kept = buf_keep(text, app->arena);
    return buf_ok(text, err) && (week_line(app, week, NULL, kept, path) || fail_memory(err));
}

/* The words, and whether somebody outside the lab has seen the same. */
static bool say_head(struct app *app, struct week *week, const uint8_t head[static 32], struct err *err)
{
    AUTO_BUF struct buf words, out;
    struct confirmed c;
    const char *by;
    buf_init(&words, 400);
    buf_init(&out, 1000);
    if (!head_words(app->db, head, &words, err) || !buf_ok(&words, err) ||
        !confirmed_load(app->db, app->arena, head, &c, err) || !confirmed_say(&c, app->arena, &by, err))
        return false;
    words_say(&out, tr("post.words", "This week's record in four words: {words}"),
              {"words", buf_text(&words)});
    return say_line(app, week, &out, "/lab", err) &&
           (!by || week_line(app, week, NULL, by, NULL) || fail_memory(err));
}

bool week_lab(struct app *app, struct week *week, struct err *err)
{
    struct known *known;
    struct history *issuer = NULL, *board = NULL;
    const char *stopped;
    uint8_t head[32];
    if (!known_load(app->db, app->arena, &known, err) || !known)
        return err->code == E_NONE;
    if (!follow_stopped(app->db, app->arena, &stopped, err) ||
        (stopped && !week_line(app, week, NULL, stopped, "/lab")) ||
        !follow_load(app->db, known, &issuer, &board, err))
        return err->code ? false : fail_memory(err);
    bool done =
        !history_head(issuer, board, epoch_of(app->now), NULL, head) || say_head(app, week, head, err);
    history_free(issuer);
    history_free(board);
    return done;
}

static bool book_quiet(struct app *app, const struct history *h, struct bookings *out, struct err *err)
{
    day_t today = moment_day(clock_local(app->now)), from, to;
    for (size_t i = 0; h && i < h->others.n; i++) {
        if (!history_quiet(&h->others.at[i], &from, &to) || to < today)
            continue;
        struct booking *b = VEC_PUSH(app->arena, out);
        if (!b)
            return fail_memory(err);
        *b = (struct booking){.uid = arena_printf(app->arena, "lab-quiet-%" PRIu64, h->others.at[i].index),
                              .from = from,
                              .until = to,
                              .days = true,
                              .summary = tr("counsel.away", "Away")};
    }
    return arena_ok(app->arena) || fail_memory(err);
}

bool feed_lab(struct app *app, struct bookings *out, struct err *err)
{
    struct known *known;
    struct history *issuer = NULL, *board = NULL;
    if (!known_load(app->db, app->arena, &known, err) || !known)
        return err->code == E_NONE;
    bool done = follow_load(app->db, known, &issuer, &board, err) &&
                book_quiet(app, board ? board : issuer, out, err);
    history_free(issuer);
    history_free(board);
    return done;
}
