/* Looking into a request, adding to a reply: the pure half of io/httpd.h. */
#include "base/vec.h"
#include "io/httpd.h"

#include "base/banned.h"

struct span request_header(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->headers.n; i++)
        if (span_eq_nocase(r->headers.at[i].name, span_of(name)))
            return r->headers.at[i].value;
    return (struct span){NULL, 0};
}

struct span request_query(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->query.n; i++)
        if (span_is(r->query.at[i].name, name))
            return r->query.at[i].value.p ? r->query.at[i].value : SPAN("");
    return (struct span){NULL, 0};
}

/* "a=1; b=2": the value of `name` in one Cookie header (RFC 6265, 4.2). */
static bool cookie_in(struct span line, const char *name, struct span *value)
{
    struct span pair, key;
    while (line.n) {
        span_cut(&line, ';', &pair);
        pair = span_trim(pair);
        if (span_cut(&pair, '=', &key) && span_is(key, name)) {
            *value = pair.p ? pair : SPAN("");
            return true;
        }
    }
    return false;
}

struct span request_cookie(const struct request *r, const char *name)
{
    struct span value = {NULL, 0};
    for (size_t i = 0; i < r->headers.n; i++)
        if (span_eq_nocase(r->headers.at[i].name, SPAN("Cookie")) &&
            cookie_in(r->headers.at[i].value, name, &value))
            break;
    return value;
}

static bool plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

void reply_header(struct reply *reply, struct arena *arena, const char *name, const char *value)
{
    if (!name || !value || !*name || !plain(name) || !plain(value))
        return;
    struct pair *p = VEC_PUSH(arena, &reply->headers);
    if (p)
        *p = (struct pair){span_of(name), span_of(value)};
    else
        reply->body.failed = true; /* a page without a header it wanted is not sent: 500 */
}
