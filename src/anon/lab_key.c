/* The key file: read strictly, written whole, never readable for others. */
#include "anon/lab_key.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "codec/b64.h"
#include "codec/json.h"
#include "crypt/secret.h"
#include "io/file.h"

#include "base/banned.h"

enum { KEY_MOST = 64 * 1024, MEMBERS = 14 };

const char *lab_key_path(struct arena *arena, const struct paths *paths)
{
    const char *dir = file_join(arena, paths->data, "lab");
    return dir ? file_join(arena, dir, "lab.key") : NULL;
}

/* ---- addresses ---- */

static bool host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* host, host:port, [v6] or [v6]:port; *host is without the port. */
static bool host_read(struct span origin, struct span *host)
{
    struct span rest = origin;
    size_t n = 0;
    if (span_starts(origin, SPAN("["))) {
        ptrdiff_t end = span_find(origin, SPAN("]"));
        for (ptrdiff_t i = 1; i < end; i++)
            if (!(host_byte(origin.p[i]) || origin.p[i] == ':'))
                return false;
        if (end < 2)
            return false;
        n = (size_t)end + 1;
    } else {
        while (n < origin.n && host_byte(origin.p[n]))
            n++;
    }
    *host = span_first(origin, n);
    rest = span_from(origin, n);
    if (n == 0 || rest.n == 0)
        return n > 0;
    if (rest.p[0] != ':' || rest.n < 2 || rest.n > 6)
        return false;
    long port = 0;
    for (size_t i = 1; i < rest.n; i++) {
        if (rest.p[i] < '0' || rest.p[i] > '9')
            return false;
        port = port * 10 + (rest.p[i] - '0');
    }
    return port >= 1 && port <= 65535;
}

static bool plain_http_fine(struct span host)
{
    bool digits = true;
    for (size_t i = 0; i < host.n; i++)
        digits = digits && ((host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.');
    return span_is(host, "localhost") || span_is(host, "[::1]") ||
           (digits && span_starts(host, SPAN("127."))) || span_ends(host, SPAN(".onion"));
}

bool lab_url_read(struct span text, struct span *url, struct span *origin, struct err *err)
{
    struct span host = {0}, rest = text;
    bool tls = span_starts(text, SPAN("https://")), plain = span_starts(text, SPAN("http://"));
    while (rest.n && rest.p[rest.n - 1] == '/')
        rest.n--;
    struct span found = span_from(rest, tls ? 8 : 7);
    if ((!tls && !plain) || found.n == 0 || !host_read(found, &host))
        return fail(err, E_USAGE,
                    tr("err.lab.url", "“%.*s” is not an address of a lab. Write https://, the name in small "
                                      "letters and, where it is not 443, the port: https://lab.example."),
                    SPAN_ARG(span_first(text, 200)));
    if (found.n > LAB_ORIGIN_MOST)
        return fail(err, E_USAGE,
                    tr("err.lab.url_long", "The name in this address is longer than %d letters, which is "
                                           "the most a pass can hold. Choose a shorter one."),
                    LAB_ORIGIN_MOST);
    if (plain && !plain_http_fine(host))
        return fail(err, E_USAGE,
                    tr("err.lab.url_plain", "“%.*s” is not encrypted. Members' computers take http:// for "
                                            "this machine and for .onion names alone; give an https:// "
                                            "address."),
                    SPAN_ARG(span_first(text, 200)));
    *url = rest;
    *origin = found;
    return true;
}

const char *lab_vkey(struct arena *arena, const char *name, const struct sign_key *key)
{
    struct note_sig_key v = {.name = span_of(name), .kind = NOTE_SIG_PLAIN};
    struct buf AUTO_BUF text;
    buf_init(&text, 1024);
    sign_public(key, v.pk);
    sign_key_id(v.name, NOTE_SIG_PLAIN, v.pk, v.id);
    note_sig_key_write(&text, &v);
    return text.failed ? NULL : arena_text(arena, buf_span(&text));
}

/* ---- the file ---- */

static const char *const role_names[] = {[ISSUER] = "issuer", [BOARD] = "board", [LAB] = "both"};

static bool role_read(struct span text, enum role *out)
{
    *out = span_is(text, "both")     ? LAB
           : span_is(text, "issuer") ? ISSUER
           : span_is(text, "board")  ? BOARD
                                     : (enum role)0;
    return *out != 0;
}

static bool damaged(struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.lab.key",
                   "The key file of the lab is damaged. Put back a copy of lab.key; without it "
                   "the lab cannot go on."));
}

static bool get_text(struct arena *arena, const json_t *o, const char *name, size_t most, struct span *out,
                     struct err *err)
{
    struct span text;
    if (!json_get_text(o, name, most, &text, err))
        return false;
    *out = arena_span(arena, text);
    return out->p || fail_memory(err);
}

/* The text of a secret in the tree is wiped once it was read. */
static bool get_secret(const json_t *o, const char *name, uint8_t out[static 32], struct err *err)
{
    json_t *text = json_object_get(o, name);
    struct span s = {json_string_value(text), json_string_length(text)};
    bool good = text && b64_exact(s, B64, out, 32);
    if (s.p)
        secret_wipe((char *)(uintptr_t)s.p, s.n);
    return good || damaged(err);
}

static bool get_urls(struct arena *arena, const json_t *o, const char *name, struct span *out, size_t *n,
                     struct err *err)
{
    const json_t *list;
    if (!json_get_array(o, name, LAB_LIST, &list, err))
        return false;
    *n = json_array_size(list);
    for (size_t i = 0; i < *n; i++) {
        const json_t *one = json_array_get(list, i);
        struct span origin, text = {json_string_value(one), json_string_length(one)};
        if (!text.p || !lab_url_read(text, &out[i], &origin, err))
            return text.p ? false : damaged(err);
        out[i] = arena_span(arena, out[i]);
        if (!out[i].p)
            return fail_memory(err);
    }
    return true;
}

static bool key_from(struct arena *arena, const json_t *o, struct lab_key *k, struct err *err)
{
    struct span role;
    int64_t version;
    if (json_object_size(o) != MEMBERS)
        return damaged(err);
    k->trial = json_is_true(json_object_get(o, "trial"));
    return json_get_int(o, "v", 1, 1, &version, err) && json_get_text(o, "role", 6, &role, err) &&
           (role_read(role, &k->role) || damaged(err)) &&
           (json_is_boolean(json_object_get(o, "trial")) || damaged(err)) &&
           json_get_int(o, "quota", 1, LAB_QUOTA, &k->quota, err) &&
           get_text(arena, o, "name", LAB_NAME_MOST, &k->name, err) &&
           get_text(arena, o, "by", LAB_NAME_MOST, &k->by, err) &&
           get_text(arena, o, "zone", LAB_NAME_MOST, &k->zone, err) &&
           get_text(arena, o, "peer_log", 512, &k->peer_log, err) &&
           get_text(arena, o, "peer_promise", 512, &k->peer_promise, err) &&
           get_urls(arena, o, "issuer", k->issuer, &k->issuers, err) &&
           get_urls(arena, o, "board", k->board, &k->boards, err) && get_secret(o, "log", k->log, err) &&
           get_secret(o, "promise", k->promise, err) && get_secret(o, "seal", k->seal, err);
}

/* Where the file is: handed over by systemd, or in the data folder, where nobody else may read it. */
static bool find_file(struct arena *arena, const struct paths *paths, const char **out, struct err *err)
{
    const char *handed = getenv("CREDENTIALS_DIRECTORY"),
               *path = handed && *handed ? file_join(arena, handed, "issuer.key") : NULL;
    struct stat st;
    if (path && file_exists(path)) {
        *out = path;
        return true;
    }
    path = lab_key_path(arena, paths);
    if (!path)
        return fail_memory(err);
    if (stat(path, &st) != 0)
        return fail(
            err, E_MISSING,
            tr("err.lab.none", "There is no lab in this data. `respite lab init --name NAME` makes one."));
    if (st.st_mode & 077)
        return fail(err, E_REFUSED,
                    tr("err.lab.key_open",
                       "Other users of this machine may read %.300s, which holds the keys "
                       "of the lab. Take that right away (chmod 600) and start again."),
                    path);
    *out = path;
    return true;
}

bool lab_key_from(struct span text, struct arena *arena, struct lab_key *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    struct lab_key key = {0};
    bool done = json_read(text, KEY_MOST, "lab.key", &o, err) && key_from(arena, o, &key, err);
    if (done)
        *out = key;
    secret_wipe(&key, sizeof key);
    return done;
}

bool lab_key_read(struct arena *arena, const struct paths *paths, struct lab_key *out, struct err *err)
{
    const char *path = NULL;
    struct buf text;
    if (!find_file(arena, paths, &path, err))
        return false;
    buf_init(&text, KEY_MOST);
    bool done = buf_space(&text, KEY_MOST) && file_read(path, &text, err) &&
                lab_key_from(buf_span(&text), arena, out, err);
    if (text.p)
        secret_wipe(text.p, text.room);
    buf_clear(&text);
    return done || (err->code == E_NONE ? fail_memory(err) : false);
}

static void add_string(struct buf *out, const char *name, struct span value)
{
    AUTO_JSON json_t *text = json_stringn(value.p ? value.p : "", value.n);
    struct err none = {0};
    buf_printf(out, "\"%s\":", name);
    if (text && json_write(text, out, &none))
        out->n--; /* the line end */
    else
        out->failed = true;
    buf_add_byte(out, ',');
}

static void add_urls(struct buf *out, const char *name, const struct span *url, size_t n)
{
    buf_printf(out, "\"%s\":[", name);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s\"%.*s\"", i ? "," : "", SPAN_ARG(url[i]));
    buf_add_text(out, "],");
}

static void add_secret(struct buf *out, const char *name, const uint8_t secret[static 32])
{
    buf_printf(out, "\"%s\":\"", name);
    b64_add(out, (struct span){(const char *)secret, 32}, B64);
    buf_add_text(out, "\",");
}

bool lab_key_write(struct arena *arena, const struct paths *paths, const struct lab_key *k, struct err *err)
{
    const char *path = lab_key_path(arena, paths), *dir = file_join(arena, paths->data, "lab");
    struct buf text;
    buf_init(&text, KEY_MOST);
    if (!path || !dir || !buf_space(&text, KEY_MOST)) {
        buf_clear(&text);
        return fail_memory(err);
    }
    buf_add_text(&text, "{");
    add_urls(&text, "board", k->board, k->boards);
    add_string(&text, "by", k->by);
    add_urls(&text, "issuer", k->issuer, k->issuers);
    add_secret(&text, "log", k->log);
    add_string(&text, "name", k->name);
    add_string(&text, "peer_log", k->peer_log);
    add_string(&text, "peer_promise", k->peer_promise);
    add_secret(&text, "promise", k->promise);
    buf_printf(&text, "\"quota\":%lld,\"role\":\"%s\",", (long long)k->quota, role_names[k->role]);
    add_secret(&text, "seal", k->seal);
    buf_printf(&text, "\"trial\":%s,\"v\":1,", k->trial ? "true" : "false");
    add_string(&text, "zone", k->zone);
    text.p[text.n - 1] = '}';
    buf_add_byte(&text, '\n');
    bool done = buf_ok(&text, err) && file_make_dir(paths->data, true, err) &&
                file_make_dir(dir, true, err) && file_write(path, buf_span(&text), err);
    secret_wipe(text.p, text.room);
    buf_clear(&text);
    return done;
}
