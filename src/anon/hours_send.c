/* What a counsellor sends and asks. The board's refusals are said in words of this side. */
#include "anon/hours_send.h"

#include "anon/join_read.h"
#include "anon/lab_key.h"
#include "anon/send_public.h"
#include "base/words.h"

#include "base/banned.h"

#define PATH "/v1/counsellors"

bool hours_board(struct db *db, const char *via, const char *address, struct arena *arena,
                 struct hours_board *out, struct err *err)
{
    struct known lab = {0};
    struct span url, origin;
    const char *log, *vkey;
    AUTO_BUF struct buf body;
    buf_init(&body, JOIN_ANSWER_MOST);
    if (!lab_url_read(span_trim(span_of(address)), &url, &origin, err))
        return false;
    const char *base = arena_text(arena, url);
    if (!base)
        return fail_memory(err);
    if (!public_get(db, via, base, "/v1/lab", NULL, JOIN_ANSWER_MOST, &body, NULL, err) ||
        !join_lab_read(buf_span(&body), arena, &lab, &log, &vkey, err) ||
        !lab_url_read(span_of(lab.board[0]), &url, &origin, err))
        return false;
    out->url = lab.board[0];
    out->origin = arena_text(arena, origin);
    out->trial = lab.trial;
    return out->origin || fail_memory(err);
}

bool hours_refused(int status, struct err *err)
{
    switch (status) {
    case 403:
        return fail(err, E_REFUSED,
                    tr("err.counsel.403",
                       "The board does not take this key: it is in no entry of the record, not in force yet "
                       "(72 hours after the entry), past its term, or ended."));
    case 409:
        return fail(err, E_BUSY,
                    tr("err.counsel.409",
                       "The board has newer hours of yours for that week, from another computer or from "
                       "before this one's data was put back. Please try again in a minute."));
    case 400:
        return fail(err, E_FORMAT,
                    tr("err.counsel.400",
                       "The board did not take this. Most often this computer's clock is minutes off: set it "
                       "by the network. Hours are not taken either for a week that is over or more than "
                       "eight weeks ahead, or past the end of your term."));
    default:
        return fail(err, E_SYSTEM,
                    tr("err.counsel.busy", "The board could not take this now (%d). Please try again later."),
                    status);
    }
}

bool hours_post(struct db *db, const char *via, const char *board, struct span body, size_t most,
                struct buf *out, struct err *err)
{
    struct httpc_answer answer = {0};
    bool done = public_post(db, via, board, PATH, "application/json", body, &answer, err) &&
                (answer.status == 200 || answer.status == 201 || hours_refused(answer.status, err));
    if (done && answer.body.n > most)
        done = fail(err, E_LIMIT, tr("err.counsel.much", "The board's answer is longer than it may be."));
    if (done) {
        buf_add(out, buf_span(&answer.body));
        done = buf_ok(out, err);
    }
    buf_clear(&answer.body);
    return done;
}
