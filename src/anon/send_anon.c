/* The one anonymous request. What it carries is the act, in one of three sizes, and the pass that pays for
 * it; connection, handle and proxy user are its own and thrown away after it (io/httpc.c). */
#include "anon/send_anon.h"

#include "base/words.h"
#include "codec/auth_header.h"
#include "crypt/secret.h"

#include "base/banned.h"

enum { URL_MOST = 500, HEADER_MOST = 2 * TOKEN_TEXT, ANSWER_MOST = 16 * 1024 };

static bool send_it(struct db *db, const struct known *known, struct span body, const char *authorization,
                    struct httpc_answer *answer, struct err *err)
{
    AUTO_BUF struct buf url;
    buf_init(&url, URL_MOST);
    buf_printf(&url, "%s/v1/acts", known->board[0]);
    if (!buf_ok(&url, err))
        return false;
    struct httpc_options options = {
        .kind = HTTPC_ANONYMOUS, .db = db, .via = known->via, .answer_most = ANSWER_MOST};
    struct httpc_request request = {.url = buf_text(&url),
                                    .accept = "application/json",
                                    .authorization = authorization,
                                    .content_type = "application/json",
                                    .body = body};
    return httpc_send(&options, &request, answer, err);
}

bool anon_send(struct db *db, const struct known *known, struct span body,
               const uint8_t token[static TOKEN_SIZE], struct httpc_answer *answer, struct err *err)
{
    struct buf header;
    if (!known->board[0])
        return fail(err, E_MISSING, tr("err.anon.no_board", "This lab has no board to send to."));
    buf_init(&header, HEADER_MOST);
    auth_pass_write(&header, token);
    bool sent = buf_ok(&header, err) && send_it(db, known, body, buf_text(&header), answer, err);
    if (header.p)
        secret_wipe(header.p, header.n);
    buf_clear(&header);
    return sent;
}
