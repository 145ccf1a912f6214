/* What a moderator sends and asks. The board's refusals are said in words of this side: what it sends beside
 * its status is not shown. */
#include "anon/moderation_send.h"

#include "anon/send_public.h"
#include "base/words.h"
#include "codec/json.h"
#include "crypt/secret.h"

#include "base/banned.h"

#define PATH "/v1/moderation"

static bool refused(int status, struct err *err)
{
    switch (status) {
    case 403:
        return fail(err, E_REFUSED,
                    tr("err.mod.403",
                       "The board does not take this key: it is in no entry of the record, not "
                       "in force yet (72 hours after the entry), past its term, or ended."));
    case 409:
        return fail(err, E_BUSY,
                    tr("err.mod.409", "Another decision about this post came before. Look at it again with "
                                      "`respite moderate`, then decide."));
    case 400:
        return fail(err, E_FORMAT,
                    tr("err.mod.400", "The board did not take this: there is no such post any more, or the "
                                      "decision changes nothing there. Look again with `respite moderate`."));
    default:
        return fail(err, E_SYSTEM,
                    tr("err.mod.busy", "The board could not take this now (%d). Please try again later."),
                    status);
    }
}

static bool post(struct db *db, const struct known *known, const struct buf *body,
                 struct httpc_answer *answer, struct err *err)
{
    return public_post(db, known->via, known->board[0], PATH, "application/json", buf_span(body), answer,
                       err) &&
           (answer->status == 200 || answer->status == 201 || refused(answer->status, err));
}

bool moderation_send(struct db *db, const struct known *known, const struct moderation *m, int64_t *index,
                     struct err *err)
{
    struct httpc_answer answer = {0};
    AUTO_BUF struct buf body;
    AUTO_JSON json_t *o = NULL;
    buf_init(&body, MODERATION_BODY);
    bool done = moderation_write(m, span_of(known->board_origin), &body, err) &&
                post(db, known, &body, &answer, err) &&
                json_read(buf_span(&answer.body), MODERATION_BODY, "moderation", &o, err) &&
                json_get_int(o, "index", 0, INT64_MAX, index, err);
    buf_clear(&answer.body);
    return done;
}

bool moderation_fetch(struct db *db, const struct known *known, const struct sign_key *key, int64_t now,
                      struct buf *out, struct err *err)
{
    struct httpc_answer answer = {0};
    AUTO_BUF struct buf body;
    buf_init(&body, MODERATION_BODY);
    bool done = moderation_ask_write(span_of(known->board_origin), now, key, &body, err) &&
                post(db, known, &body, &answer, err);
    if (done) {
        buf_add(out, buf_span(&answer.body));
        done = buf_ok(out, err);
    }
    buf_clear(&answer.body);
    return done;
}
