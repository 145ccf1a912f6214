/* Credentials and challenges. A list of challenges is a list of parameters as well, with commas between both
 * (RFC 9110 section 11.6.1): a name with "=" behind it is a parameter of the scheme that came last, any other
 * name begins a new one. */
#include "codec/auth_header.h"

#include <assert.h>

#include "base/words.h"
#include "codec/b64.h"
#include "codec/scan.h"

#include "base/banned.h"

enum { NAME_MOST = 64, MAX_AGE_MOST = INT32_MAX };

/* ---- small readers ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_blanks(struct span *in)
{
    while (in->n > 0 && is_blank(in->p[0]))
        *in = span_from(*in, 1);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The run of letters, digits and characters of `more` at the front. */
static struct span take_run(struct span *in, struct span more)
{
    size_t n = 0;
    while (n < in->n && (is_letter(in->p[n]) || memchr(more.p, in->p[n], more.n)))
        n++;
    struct span run = span_first(*in, n);
    *in = span_from(*in, n);
    return run;
}

/* RFC 9110's token. */
static bool take_name(struct span *in, struct span *out)
{
    struct span rest = *in;
    *out = take_run(&rest, SPAN("!#$%&'*+-.^_`|~"));
    if (out->n == 0 || out->n > NAME_MOST)
        return false;
    *in = rest;
    return true;
}

/* A quoted text without its quotation marks; what is escaped stays so. */
static bool take_quoted(struct span *in, struct span *out)
{
    size_t n = 1;
    if (in->n == 0 || in->p[0] != '"')
        return false;
    while (n < in->n && in->p[n] != '"')
        n += in->p[n] == '\\' ? 2 : 1;
    if (n >= in->n)
        return false;
    *out = span_first(span_from(*in, 1), n - 1);
    *in = span_from(*in, n + 1);
    return true;
}

/* Quoted, or up to the next comma or blank: base64 ends in "=", which RFC 9110 would have quoted. */
static bool take_value(struct span *in, struct span *out)
{
    if (in->n > 0 && in->p[0] == '"')
        return take_quoted(in, out);
    *out = take_run(in, SPAN("!#$%&'*+-.^_`|~/=:"));
    return out->n > 0;
}

/* Nothing more of this item: the end, or a comma (which stays). */
static bool item_ends(struct span *in)
{
    skip_blanks(in);
    return in->n == 0 || in->p[0] == ',';
}

/* ---- credentials ---- */

static const char *const schemes[] = {
    [AUTH_BEARER] = "Bearer", [AUTH_CROWD] = "Crowd", [AUTH_PRIVATE_TOKEN] = "PrivateToken"};

enum auth_scheme auth_scheme(struct span header, struct span *value)
{
    struct span rest = span_trim(header), word;
    *value = (struct span){NULL, 0};
    if (!scan_word(&rest, &word, NAME_MOST))
        return AUTH_OTHER;
    *value = span_trim(rest);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (span_eq_nocase(word, span_of(schemes[i])))
            return (enum auth_scheme)i;
    return AUTH_OTHER;
}

bool auth_key_read(struct span value, uint8_t key[static AUTH_KEY])
{
    return b64_exact(value, B64_URL_BARE, key, AUTH_KEY);
}

/* Looks at the ends alone: no branch depends on a letter of the pass. */
bool auth_pass_read(struct span value, uint8_t pass[static AUTH_PASS])
{
    struct span name = span_first(value, 6), text = span_from(value, 6);
    if (!span_eq_nocase(name, SPAN("token=")))
        return false;
    if (text.n == b64_size(B64_URL, AUTH_PASS) + 2 && text.p[0] == '"' && text.p[text.n - 1] == '"')
        text = span_first(span_from(text, 1), text.n - 2);
    return b64_exact(text, B64_URL, pass, AUTH_PASS);
}

void auth_key_write(struct buf *out, enum auth_scheme scheme, const uint8_t key[static AUTH_KEY])
{
    assert(scheme == AUTH_BEARER || scheme == AUTH_CROWD);
    buf_space(out, strlen(schemes[scheme]) + 1 + AUTH_KEY_TEXT); /* growing would leave copies behind */
    buf_add_text(out, schemes[scheme]);
    buf_add_byte(out, ' ');
    b64_add(out, (struct span){(const char *)key, AUTH_KEY}, B64_URL_BARE);
}

void auth_pass_write(struct buf *out, const uint8_t pass[static AUTH_PASS])
{
    struct span front = SPAN("PrivateToken token=\"");
    buf_space(out, front.n + b64_size(B64_URL, AUTH_PASS) + 1);
    buf_add(out, front);
    b64_add(out, (struct span){(const char *)pass, AUTH_PASS}, B64_URL);
    buf_add_byte(out, '"');
}

/* ---- challenges ---- */

static bool fail_header(struct err *err)
{
    return fail(
        err, E_FORMAT,
        tr("err.codec.auth", "What the lab asks for in the WWW-Authenticate header cannot be understood."));
}

/* base64url, padded or not, as bytes in the arena. */
static bool bytes_of(struct span text, struct arena *arena, struct span *out, struct err *err)
{
    size_t n = 0;
    char *room = arena_get(arena, text.n + 1);
    if (!room)
        return fail_memory(err);
    if (!b64_read(text, B64_URL, room, text.n, &n) && !b64_read(text, B64_URL_BARE, room, text.n, &n))
        return fail_header(err);
    *out = (struct span){room, n};
    return n > 0 || fail_header(err);
}

/* A parameter of a PrivateToken challenge: each at most once. */
static bool keep(struct auth_challenge *c, struct span name, struct span value, struct arena *arena,
                 struct err *err)
{
    uint64_t seconds;
    if (span_eq_nocase(name, SPAN("challenge")))
        return c->challenge.n > 0 ? fail_header(err) : bytes_of(value, arena, &c->challenge, err);
    if (span_eq_nocase(name, SPAN("token-key")))
        return c->key.n > 0 ? fail_header(err) : bytes_of(value, arena, &c->key, err);
    if (!span_eq_nocase(name, SPAN("max-age")))
        return true;
    if (c->max_age >= 0 || !scan_u64(&value, &seconds, MAX_AGE_MOST) || !scan_end(&value))
        return fail_header(err);
    c->max_age = (int64_t)seconds;
    return true;
}

/* "= value" behind a name; false when there is none, and nothing is taken. */
static bool take_assigned(struct span *in, struct span *value)
{
    struct span rest = *in;
    skip_blanks(&rest);
    if (!scan_byte(&rest, '='))
        return false;
    skip_blanks(&rest);
    if (!take_value(&rest, value) || !item_ends(&rest))
        return false;
    *in = rest;
    return true;
}

/* Behind the name of a scheme: one token68, which is passed over, or its first parameter, which is left. */
static bool skip_token68(struct span *in)
{
    bool apart = in->n > 0 && is_blank(in->p[0]);
    if (item_ends(in))
        return true;
    struct span rest = *in;
    struct span run = take_run(&rest, SPAN("-._~+/"));
    while (scan_byte(&rest, '='))
        ;
    if (run.n > 0 && item_ends(&rest))
        *in = rest;
    return apart;
}

struct reading {
    struct arena *arena;
    struct auth_challenge *out;
    size_t most, n;
    bool scheme, ours; /* one has begun; it is PrivateToken, out[n - 1] */
};

/* The next item of the header, at a name. */
static bool read_item(struct reading *r, struct span *in, struct err *err)
{
    struct span name, value;
    if (!take_name(in, &name))
        return fail_header(err);
    if (r->scheme && take_assigned(in, &value))
        return !r->ours || keep(&r->out[r->n - 1], name, value, r->arena, err);
    r->scheme = true;
    r->ours = span_eq_nocase(name, SPAN("PrivateToken"));
    if (!skip_token68(in))
        return fail_header(err);
    if (!r->ours)
        return true;
    if (r->n == r->most)
        return fail(err, E_LIMIT,
                    tr("err.codec.auth_many", "The lab asks for a pass in more than %zu ways at once."),
                    r->most);
    r->out[r->n++] = (struct auth_challenge){.max_age = -1};
    return true;
}

bool auth_challenges_read(struct span header, struct arena *arena, struct auth_challenge *out, size_t most,
                          size_t *n, struct err *err)
{
    struct reading r = {.arena = arena, .out = out, .most = most};
    if (header.n > AUTH_HEADER_MOST)
        return fail(err, E_LIMIT,
                    tr("err.codec.auth_long", "The WWW-Authenticate header is longer than %d bytes."),
                    AUTH_HEADER_MOST);
    for (;;) {
        while (header.n > 0 && (is_blank(header.p[0]) || header.p[0] == ','))
            header = span_from(header, 1);
        if (header.n == 0)
            break;
        if (!read_item(&r, &header, err))
            return false;
    }
    for (size_t i = 0; i < r.n; i++)
        if (out[i].challenge.n == 0)
            return fail_header(err);
    *n = r.n;
    return true;
}

static void put_bytes(struct buf *out, const char *name, struct span bytes)
{
    buf_add_text(out, name);
    buf_add_text(out, "=\"");
    b64_add(out, bytes, B64_URL);
    buf_add_byte(out, '"');
}

void auth_challenges_write(struct buf *out, const struct auth_challenge *challenge, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct auth_challenge *c = &challenge[i];
        put_bytes(out, i > 0 ? ", PrivateToken challenge" : "PrivateToken challenge", c->challenge);
        if (c->key.n > 0)
            put_bytes(out, ", token-key", c->key);
        if (c->max_age >= 0)
            buf_printf(out, ", max-age=\"%lld\"", (long long)c->max_age);
    }
}
