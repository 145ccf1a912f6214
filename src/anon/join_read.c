/* Answers to one who joins. */
#include "anon/join_read.h"

#include <string.h>

#include "anon/epoch.h"
#include "anon/lab_key.h"
#include "base/words.h"
#include "codec/json.h"

#include "base/banned.h"

static bool text_of(const json_t *o, const char *key, struct arena *arena, const char **out, struct err *err)
{
    struct span text;
    if (!json_get_text(o, key, 1024, &text, err))
        return false;
    *out = arena_text(arena, text);
    return *out || fail_memory(err);
}

static bool list_of(const json_t *o, const char *key, struct arena *arena, const char **out, struct err *err)
{
    const json_t *list;
    if (!json_get_array(o, key, KNOWN_LIST, &list, err))
        return false;
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        struct span text = {json_string_value(one), json_string_length(one)}, url, host;
        struct err odd = {0};
        if (!text.p || !lab_url_read(text, &url, &host, &odd))
            return fail(err, E_FORMAT, tr("err.join.lab", "The lab does not say what it is."));
        if (!(out[i] = arena_text(arena, url)))
            return fail_memory(err);
    }
    out[n] = NULL;
    return n > 0 || fail(err, E_FORMAT, tr("err.join.lab", "The lab does not say what it is."));
}

bool join_lab_read(struct span body, struct arena *arena, struct known *out, const char **origin,
                   const char **vkey, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (!json_read(body, JOIN_ANSWER_MOST, "/v1/lab", &o, err) || !text_of(o, "origin", arena, origin, err) ||
        !text_of(o, "vkey", arena, vkey, err) || !list_of(o, "issuer", arena, out->issuer, err) ||
        !list_of(o, "board", arena, out->board, err))
        return false;
    const char *roles = json_string_value(json_object_get(o, "roles"));
    out->split = !roles || strcmp(roles, "both") != 0;
    out->trial = json_is_true(json_object_get(o, "trial"));
    return true;
}

/* 0: it says none. */
static day_t epoch_said(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    day_t epoch;
    return text && epoch_read(span_of(text), &epoch) ? epoch : 0;
}

bool join_answer_read(struct span body, struct arena *arena, struct known *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (!json_read(body, JOIN_ANSWER_MOST, "/v1/join", &o, err) ||
        !text_of(o, "member", arena, &out->member, err))
        return false;
    out->since = epoch_said(o, "since");
    out->passes = epoch_said(o, "passes");
    return true;
}

bool join_member_read(struct span body, struct arena *arena, const char **name, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    return json_read(body, JOIN_ANSWER_MOST, "/v1/member", &o, err) && text_of(o, "name", arena, name, err);
}
