/* Asking a feed's server, with manners. */
#include "papers/fetch.h"

#include <stdio.h>
#include <time.h>

#include "base/words.h"
#include "io/clock.h"
#include "io/httpc.h"
#include "io/proc.h"
#include "num/rng.h"

#include "base/banned.h"

enum { STEP_MS = 100, SECONDS = 120 };

static bool wait_ms(int64_t ms, struct err *err)
{
    int64_t end = clock_boot_ms() + ms;
    for (int64_t left; (left = end - clock_boot_ms()) > 0;) {
        int64_t step = left < STEP_MS ? left : STEP_MS;
        if (proc_stopped())
            return fail(err, E_STOPPED, "%s", tr("err.papers.stopped", "Stopped. What was fetched is kept."));
        nanosleep(&(struct timespec){.tv_nsec = (long)step * 1000000L}, NULL);
    }
    return true;
}

/* What another process asked last is known to the second. */
static bool wait_for_gap(struct fetch_door *door, struct err *err)
{
    int64_t ended;
    if (door->ended_ms)
        return wait_ms(door->ended_ms + FETCH_GAP_MS - clock_boot_ms(), err);
    if (!db_number(door->db, &ended, 0, err, "select ended from paper_fetched"))
        return false;
    int64_t since = clock_now() - ended;
    if (since < 0)
        since = 0; /* the clock was set back: the whole gap */
    return ended == 0 || since > FETCH_GAP_MS / 1000 || wait_ms(FETCH_GAP_MS + 1000 - since * 1000, err);
}

static bool note_end(struct fetch_door *door, struct err *err)
{
    door->ended_ms = clock_boot_ms();
    door->requests++;
    return db_run(
        door->db, err,
        "insert into paper_fetched (one, ended) values (1, $1) on conflict(one) do update set ended "
        "= excluded.ended",
        V_INT(clock_now()));
}

/* 3 s, 6 s, 12 s …, up to a quarter longer so that not all who were turned away come back at once. */
static unsigned pause_of(unsigned tries)
{
    struct rng rng;
    unsigned seconds = 3u << tries;
    rng_seed(&rng, (uint64_t)clock_boot_ms());
    seconds += (unsigned)rng_below(&rng, seconds / 4 + 1);
    return seconds < FETCH_PAUSE_MOST ? seconds : FETCH_PAUSE_MOST;
}

static bool says_later(int status)
{
    return status == 429 || status == 408 || status >= 500;
}

static bool refused(const char *url, int status, struct err *err)
{
    struct span rest = span_of(url), path;
    span_cut(&rest, '?', &path);
    return fail(err, says_later(status) ? E_BUSY : E_REFUSED,
                tr("err.papers.status", "%.*s answered with status %d. What was fetched before is kept."),
                SPAN_ARG(path), status);
}

/* Pause before the next try; false when that would be too long. */
static bool pause(struct fetch_door *door, bool asked, unsigned seconds, unsigned *waited, struct err *err)
{
    if (*waited + seconds > door->wait_most)
        return fail(err, E_BUSY,
                    tr("err.papers.later", "The server asks to wait %u seconds. What was fetched before is "
                                           "kept; the rest comes with the next fetch."),
                    seconds);
    *waited += seconds;
    if (door->waits)
        door->waits(door->arg, asked, seconds);
    return wait_ms((int64_t)seconds * 1000, err);
}

static bool ask(struct fetch_door *door, const char *url, const char *modified, const char *etag,
                struct httpc_answer *answer, struct err *err)
{
    const struct httpc_options options = {.kind = HTTPC_FEED,
                                          .db = door->db,
                                          .via = door->via,
                                          .answer_most = FETCH_ANSWER,
                                          .seconds = SECONDS};
    const struct httpc_request request = {.url = url,
                                          .accept = "application/xml, text/xml, */*",
                                          .since = modified && *modified ? modified : NULL,
                                          .etag = etag && *etag ? etag : NULL};
    struct err ended = {0};
    bool done = httpc_send(&options, &request, answer, err);
    if (note_end(door, &ended))
        return done;
    if (done)
        buf_clear(&answer->body);
    err_clear(err);
    return fail(err, ended.code, "%s", ended.text);
}

static void hand_over(struct httpc_answer *from, struct fetch_answer *to)
{
    *to = (struct fetch_answer){.unchanged = from->status == 304, .body = from->body};
    snprintf(to->modified, sizeof to->modified, "%s", from->modified);
    snprintf(to->etag, sizeof to->etag, "%s", from->etag);
}

bool fetch_get(struct fetch_door *door, const char *url, const char *modified, const char *etag,
               struct fetch_answer *answer, struct err *err)
{
    unsigned waited = 0;
    for (unsigned tries = 0;; tries++) {
        struct httpc_answer a;
        struct err why = {0};
        unsigned seconds = pause_of(tries);
        bool answered = false;
        if (!wait_for_gap(door, err))
            return false;
        if ((answered = ask(door, url, modified, etag, &a, &why))) {
            if (a.status == 200 || a.status == 304) {
                hand_over(&a, answer);
                return true;
            }
            buf_clear(&a.body);
            if (!says_later(a.status) || tries + 1 >= FETCH_TRIES)
                return refused(url, a.status, err);
            if (a.retry_after >= 0)
                seconds = (unsigned)(a.retry_after < FETCH_RETRY_MOST ? a.retry_after : FETCH_RETRY_MOST);
        } else if (why.code != E_SYSTEM || tries + 1 >= FETCH_TRIES || proc_stopped()) {
            return fail(err, why.code, "%s", why.text);
        }
        if (!pause(door, answered, seconds, &waited, err))
            return false;
    }
}
