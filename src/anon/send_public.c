/* Requests as anybody, each on a connection of its own. */
#include "anon/send_public.h"

#include <stdio.h>

#include "base/words.h"
#include "codec/auth_header.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { URL_ROOM = 600 };

static bool join_url(const char *base, const char *path, char url[static URL_ROOM], struct err *err)
{
    int n = snprintf(url, URL_ROOM, "%s%s", base, path);
    return (n > 0 && n < URL_ROOM) || fail(err, E_LIMIT,
                                           tr("err.anon.url", "The address of the lab is longer "
                                                              "than Respite takes."));
}

/* What was asked, in words. */
static const char *asked(struct span path)
{
    if (span_starts(path, SPAN("/log/")))
        return tr("anon.asked.log", "its public record");
    if (span_starts(path, SPAN("/v1/rosters/")))
        return tr("anon.asked.roster", "its lists of members and holders");
    if (span_starts(path, SPAN("/v1/batches")))
        return tr("anon.asked.batch", "what was published");
    if (span_starts(path, SPAN("/v1/counsellors")))
        return tr("anon.asked.hours", "its counsellors' open hours");
    if (span_starts(path, SPAN("/v1/lab")))
        return tr("anon.asked.lab", "what it says of itself");
    if (span_starts(path, SPAN("/witness/")))
        return tr("anon.asked.witness", "what it has seen of the lab's record");
    return tr("anon.asked.page", "a page");
}

static bool status_ok(const struct httpc_answer *answer, const char *base, const char *path, struct err *err)
{
    if (answer->status == 200)
        return true;
    if (answer->status == 404 || answer->status == 410)
        return fail(err, E_MISSING,
                    tr("err.anon.public_none", "%.200s was asked for %s and does not have it."), base,
                    asked(span_of(path)));
    return fail(err, E_REFUSED,
                tr("err.anon.public",
                   "%.200s was asked for %s and did not give it (%d). Try again later, or ask "
                   "those who run it."),
                base, asked(span_of(path)), answer->status);
}

bool public_get(struct db *db, const char *via, const char *base, const char *path, const uint8_t *crowd,
                size_t most, struct buf *body, int64_t *date, struct err *err)
{
    char url[URL_ROOM];
    struct buf AUTO_BUF credential;
    struct httpc_answer answer = {0};
    buf_init(&credential, 128);
    if (!join_url(base, path, url, err))
        return false;
    if (crowd)
        auth_key_write(&credential, AUTH_CROWD, crowd);
    bool done =
        buf_ok(&credential, err) &&
        httpc_send(&(struct httpc_options){.kind = HTTPC_PUBLIC, .db = db, .via = via, .answer_most = most},
                   &(struct httpc_request){.url = url, .authorization = crowd ? buf_text(&credential) : NULL},
                   &answer, err);
    if (credential.n)
        secret_wipe(credential.p, credential.n);
    done = done && status_ok(&answer, base, path, err);
    if (done) {
        buf_add(body, buf_span(&answer.body));
        done = buf_ok(body, err);
    }
    if (done && date)
        *date = answer.date;
    buf_clear(&answer.body);
    return done;
}

bool public_post(struct db *db, const char *via, const char *base, const char *path, const char *type,
                 struct span body, struct httpc_answer *answer, struct err *err)
{
    return public_post_for(db, via, base, path, type, body, 0, answer, err);
}

bool public_post_for(struct db *db, const char *via, const char *base, const char *path, const char *type,
                     struct span body, size_t most, struct httpc_answer *answer, struct err *err)
{
    char url[URL_ROOM];
    return join_url(base, path, url, err) &&
           httpc_send(
               &(struct httpc_options){.kind = HTTPC_PUBLIC, .db = db, .via = via, .answer_most = most},
               &(struct httpc_request){.url = url, .content_type = type, .body = body}, answer, err);
}
