/* The door of the node. */
#include "app/door.h"

#include <stdio.h>

#include "crypt/rand.h"
#include "crypt/secret.h"
#include "io/file.h"

#include "base/banned.h"

enum { KEY_BYTES = 16, KEY_HEX = 2 * KEY_BYTES };

void door_open(struct door *door, uint16_t port)
{
    door->port = port;
    snprintf(door->cookie_name, sizeof door->cookie_name, "respite_%u", (unsigned)port);
    snprintf(door->origin, sizeof door->origin, "http://127.0.0.1:%u", (unsigned)port);
    rand_hex(door->session, 32);
    rand_bytes(door->form_key, sizeof door->form_key);
}

bool door_key(struct arena *arena, const char *data_dir, uint16_t port, const char **url, struct err *err)
{
    char key[KEY_HEX + 1], text[128];
    const char *path = file_join(arena, data_dir, "key");
    rand_hex(key, KEY_BYTES);
    if (!path)
        return fail_memory(err);
    if (!file_write(path, (struct span){key, KEY_HEX}, err))
        return false;
    snprintf(text, sizeof text, "http://127.0.0.1:%u/?key=%s", (unsigned)port, key);
    *url = arena_text(arena, span_of(text));
    secret_wipe(key, sizeof key);
    return *url || fail_memory(err);
}

/* True once: the key in the file “key” is the one shown, and is gone then. */
static bool key_fits(const char *data_dir, struct arena *arena, struct span shown)
{
    struct buf AUTO_BUF kept;
    struct err err = {0};
    const char *path = file_join(arena, data_dir, "key");
    buf_init(&kept, 256);
    if (!path || !file_read(path, &kept, &err) || kept.n != KEY_HEX || shown.n != KEY_HEX ||
        !secret_eq(kept.p, shown.p, KEY_HEX))
        return false;
    return file_remove(path, &err);
}

static void plain(struct reply *reply, const struct request *request, int status, const char *text)
{
    buf_reset(&reply->body);
    reply->status = status;
    reply->type = "text/plain; charset=utf-8";
    reply_header(reply, request->arena, "X-Content-Type-Options", "nosniff");
    buf_add_text(&reply->body, text);
    buf_add_byte(&reply->body, '\n');
}

/* The cookie is Strict, and a browser does not send a Strict cookie along a redirect that another program
 * began: so the key is answered by a page that goes on by itself. */
static void welcome(const struct door *door, const struct request *request, struct reply *reply)
{
    char cookie[160];
    snprintf(cookie, sizeof cookie, "%s=%s; HttpOnly; SameSite=Strict; Path=/", door->cookie_name,
             door->session);
    reply->status = 200;
    reply->type = "text/html; charset=utf-8";
    reply_header(reply, request->arena, "Set-Cookie", arena_text(request->arena, span_of(cookie)));
    reply_header(reply, request->arena, "Content-Security-Policy",
                 "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    reply_header(reply, request->arena, "Referrer-Policy", "no-referrer");
    reply_header(reply, request->arena, "X-Content-Type-Options", "nosniff");
    buf_add_text(
        &reply->body,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Respite</title>"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta http-equiv=\"refresh\" content=\"0;url=/\"></head><body><main><h1>Respite</h1>"
        "<p><a href=\"/\">Go on. <span lang=\"zh-Hans\">继续。</span></a></p></main></body></html>\n");
}

static bool has_cookie(const struct door *door, const struct request *request)
{
    struct span cookie = request_cookie(request, door->cookie_name);
    return cookie.n == 64 && secret_eq(cookie.p, door->session, 64);
}

/* Our own page sent it: browsers say so in Origin, and newer ones in Sec-Fetch-Site, which no page can forge.
 */
static bool is_own_page(const struct door *door, const struct request *request)
{
    struct span site = request_header(request, "Sec-Fetch-Site");
    return span_is(request_header(request, "Origin"), door->origin) &&
           (site.n == 0 || span_is(site, "same-origin"));
}

bool door_let_in(const struct door *door, const char *data_dir, const struct request *request,
                 struct reply *reply)
{
    bool post = span_is(request->method, "POST");
    struct span key = request_query(request, "key");
    if (!post && key.n && span_is(request->path, "/")) {
        if (key_fits(data_dir, request->arena, key))
            welcome(door, request, reply);
        else if (has_cookie(door, request)) /* the same link again, in the browser that is in already */
            return true;
        else
            plain(reply, request, 403,
                  tr("door.used",
                     "This link was used already, or is not from here. Type `respite` again for a new one."));
        return false;
    }
    if (!has_cookie(door, request)) {
        plain(
            reply, request, 403,
            tr("door.closed",
               "This page is for the person who started Respite. Type `respite` in a terminal for a link."));
        return false;
    }
    if (post && !is_own_page(door, request)) {
        plain(reply, request, 403, tr("door.foreign", "This came from another page, so nothing was done."));
        return false;
    }
    return true;
}
