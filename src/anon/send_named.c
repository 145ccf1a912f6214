/* Requests as this member. */
#include "anon/send_named.h"

#include <stdio.h>

#include "base/words.h"
#include "codec/auth_header.h"
#include "crypt/secret.h"

#include "base/banned.h"

bool named_send(struct db *db, const struct known *known, const char *method, const char *path,
                const char *type, const char *accept, struct span body, struct httpc_answer *answer,
                struct err *err)
{
    char url[600];
    struct buf AUTO_BUF credential;
    int n = snprintf(url, sizeof url, "%s%s", known->issuer[0], path);
    buf_init(&credential, 128);
    if (n < 0 || n >= (int)sizeof url)
        return fail(err, E_LIMIT, tr("err.anon.url", "The address of the lab is longer than Respite takes."));
    auth_key_write(&credential, AUTH_BEARER, known->secret);
    bool done = buf_ok(&credential, err) &&
                httpc_send(&(struct httpc_options){.kind = HTTPC_IDENTIFIED, .db = db, .via = known->via},
                           &(struct httpc_request){.url = url,
                                                   .method = method,
                                                   .accept = accept,
                                                   .authorization = buf_text(&credential),
                                                   .content_type = type,
                                                   .body = body},
                           answer, err);
    if (credential.n)
        secret_wipe(credential.p, credential.n);
    return done;
}
