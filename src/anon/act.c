/* The one anonymous route. Histories are held while the request is looked at and let go before it waits for
 * the writer; the receipt is made after the commit, so what is promised is on the disk. Every answer has the
 * same size. */
#include "anon/act.h"

#include "anon/kinds.h"
#include "anon/lab.h"
#include "anon/redeem.h"
#include "codec/auth_header.h"
#include "crypt/secret.h"

#include "base/banned.h"

static bool look(struct app *app, const struct request *request, struct redeem *r, struct problem *p,
                 struct err *err)
{
    struct lab *lab = app->lab;
    struct redeem_facts facts = {.board_origin = lab->board_origin};
    uint8_t pass[AUTH_PASS];
    struct span value;
    if (auth_scheme(request_header(request, "Authorization"), &value) != AUTH_PRIVATE_TOKEN)
        return problem(p, PROBLEM_NO_PASS, NULL);
    bool read = auth_pass_read(value, pass);
    if (!lab_facts(lab, app->db, &facts.issuer, &facts.board, err))
        return false;
    bool good = redeem_check(app, &facts, (struct span){(const char *)pass, read ? sizeof pass : 0},
                             request->body, r, p, err);
    lab_facts_done(lab);
    secret_wipe(pass, sizeof pass);
    return good;
}

static bool write_receipt(const struct lab *lab, const struct redeem *r, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf note;
    struct promise promise = {.day = r->promised};
    memcpy(promise.leaf, r->item.leaf, sizeof promise.leaf);
    buf_init(&note, ACT_ANSWER);
    return promise_write(span_of(lab->board_log), &lab->promise, &promise, &note, err) &&
           receipt_write(r->item.id, buf_span(&note), out, err);
}

void api_act(struct app *app, const struct request *request, struct reply *reply)
{
    AUTO_REDEEM struct redeem r = {0};
    struct problem p = {0};
    struct err err = {0};
    static const struct route self = {.path = "/v1/acts", .who = ANONYMOUS};
    if (look(app, request, &r, &p, &err) && redeem(app, &r, &p, &err) &&
        write_receipt(app->lab, &r, &reply->body, &err)) {
        reply->type = "application/json";
        return;
    }
    kind_refuse(app, &self, request, &p, reply);
}
