/* Calls to models' endpoints. Nothing about who asked goes with them: no user, no metadata, no wish to keep.
 * What comes back is made plain text here, so that no invisible character can tell which model wrote it. */
#include "arena/models.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/words.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "io/httpc.h"

#include "base/banned.h"

enum {
    FILE_MOST = 1 << 20,
    TEXT_MOST = 2000,
    CONNECT = 5,
    FIRST = 60,
    BETWEEN = 30,
    WHOLE = 180,
    WIRE_MOST = 64 << 10, /* of what comes with a status that is no success */
    TOKENS = 1024,
    WARMTH = 70,
};

/* The file -------------------------------------------------------------------------------------------- */
static bool get_text(struct arena *arena, const json_t *o, const char *key, const char **out, struct err *err)
{
    struct span text;
    if (!json_get_text(o, key, TEXT_MOST, &text, err))
        return false;
    *out = arena_text(arena, text);
    return *out || fail_memory(err);
}

static bool read_model(struct arena *arena, const json_t *o, struct model *m, struct err *err)
{
    const json_t *words, *word;
    size_t i;
    if (!get_text(arena, o, "name", &m->name, err) || !get_text(arena, o, "url", &m->url, err) ||
        !get_text(arena, o, "model", &m->id, err) || !get_text(arena, o, "key", &m->key, err) ||
        !json_get_array(o, "words", MODEL_WORDS, &words, err) || !model_name_ok(span_of(m->name), err))
        return false;
    json_array_foreach(words, i, word)
    {
        m->word[m->words] = json_is_string(word) ? arena_text(arena, span_of(json_string_value(word))) : "";
        if (!m->word[m->words++])
            return fail_memory(err);
    }
    return true;
}

static bool only_ours(const char *path, struct err *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 077))
        return fail(
            err, E_REFUSED,
            tr("err.arena.models_mode", "%s holds keys, and other users can read it. Run: chmod 600 %s"),
            path, path);
    return true;
}

bool models_load(const struct paths *paths, struct arena *arena, struct models *out, struct err *err)
{
    AUTO_BUF struct buf bytes;
    AUTO_JSON json_t *o = NULL;
    const json_t *list, *one;
    size_t i;
    const char *dir = file_join(arena, paths->data, "lab");
    *out = (struct models){.max_tokens = TOKENS, .temperature = WARMTH};
    out->path = dir ? file_join(arena, dir, "models.json") : NULL;
    buf_init(&bytes, FILE_MOST);
    if (!out->path)
        return fail_memory(err);
    if (!file_exists(out->path))
        return true;
    if (!only_ours(out->path, err) || !file_read(out->path, &bytes, err) ||
        !json_read(buf_span(&bytes), FILE_MOST, "models.json", &o, err) ||
        !json_get_int(o, "max_tokens", 1, 1 << 20, &out->max_tokens, err) ||
        !json_get_int(o, "temperature", 0, 200, &out->temperature, err) ||
        !json_get_array(o, "models", MODELS_LIST, &list, err))
        return false;
    json_array_foreach(list, i, one)
    {
        if (!read_model(arena, one, &out->at[out->n++], err))
            return false;
    }
    return true;
}

bool models_save(const struct models *models, struct err *err)
{
    AUTO_BUF struct buf bytes;
    json_t *list = json_array();
    AUTO_JSON json_t *o = json_pack("{s:I,s:I,s:o}", "max_tokens", (json_int_t)models->max_tokens,
                                    "temperature", (json_int_t)models->temperature, "models", list);
    buf_init(&bytes, FILE_MOST);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < models->n; i++) {
        const struct model *m = &models->at[i];
        json_t *words = json_array(), *one = json_pack("{s:s,s:s,s:s,s:s,s:o}", "name", m->name, "url",
                                                       m->url, "model", m->id, "key", m->key, "words", words);
        if (!one || json_array_append_new(list, one) != 0)
            return fail_memory(err);
        for (size_t k = 0; k < m->words; k++)
            if (json_array_append_new(words, json_string(m->word[k])) != 0)
                return fail_memory(err);
    }
    return json_write(o, &bytes, err) && file_write(models->path, buf_span(&bytes), err);
}

struct model *models_named(struct models *models, struct span name)
{
    for (size_t i = 0; i < models->n; i++)
        if (span_is(name, models->at[i].name))
            return &models->at[i];
    return NULL;
}

bool model_name_ok(struct span name, struct err *err)
{
    bool ok = name.n >= 1 && name.n <= MODEL_NAME && span_trim(name).n == name.n;
    for (size_t i = 0; ok && i < name.n; i++)
        ok = name.p[i] >= 0x20 && name.p[i] < 0x7f;
    return ok || fail(err, E_USAGE,
                      tr("err.arena.model_name",
                         "The name of a model has 1 to %d characters: letters, digits and signs of ASCII."),
                      MODEL_NAME);
}

/* What a model wrote, as plain text ------------------------------------------------------------------- */
static bool is_control(int32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* A code point alone is refused as a whole text would be: invisible, private, unassigned, a mark of
 * direction. */
static bool is_plain(struct span one)
{
    struct err none = {0};
    return plain_ok(one, true, &none) || span_starts(one, SPAN("\xcc")) || span_starts(one, SPAN("\xcd"));
}

static bool make_plain(struct span text, struct buf *out, struct err *err)
{
    AUTO_BUF struct buf clean;
    struct err why = {0};
    buf_init(&clean, 4 * MODEL_ANSWER);
    while (text.n) {
        struct span before = text;
        int32_t code = utf8_next(&text);
        struct span one = span_first(before, before.n - text.n);
        if (code == '\t')
            buf_add(&clean, SPAN("    "));
        else if (code == '\n' || code == ' ' || (code >= 0x21 && code < 0x7f))
            buf_add(&clean, one);
        else if (code >= 0 && !is_control(code) && (is_plain(one) || plain_tidy(one, true, &clean, &why)))
            buf_add(&clean, is_plain(one) ? one : SPAN(""));
        err_clear(&why);
    }
    return buf_ok(&clean, err) && plain_tidy(buf_span(&clean), true, out, err);
}

/* One call -------------------------------------------------------------------------------------------- */
static bool write_body(const struct models *models, const struct model *m, struct span prompt,
                       struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_pack(
        "{s:s,s:[{s:s,s:s#}],s:b,s:{s:b},s:I,s:f}", "model", m->id, "messages", "role", "user", "content",
        prompt.p, (int)prompt.n, "stream", 1, "stream_options", "include_usage", 1, "max_tokens",
        (json_int_t)models->max_tokens, "temperature", (double)models->temperature / 100);
    return o ? json_write(o, out, err) : fail_memory(err);
}

struct hearing {
    struct chat chat;
    struct err err;
};

/* Nothing more is read once the answer says that it is whole, or that it failed. */
static bool hear(void *arg, struct span piece)
{
    struct hearing *h = arg;
    return !chat_feed(&h->chat, piece, &h->err) || h->chat.done;
}

enum outcome { GOT, FAILED, LATER };

static bool send(const struct model *m, struct span body, unsigned seconds, struct hearing *h,
                 struct httpc_answer *answer, struct err *err)
{
    char url[TEXT_MOST + 40], key[TEXT_MOST + 10];
    snprintf(url, sizeof url, "%s/v1/chat/completions", m->url);
    snprintf(key, sizeof key, "Bearer %s", m->key);
    return httpc_send(&(struct httpc_options){.kind = HTTPC_MODEL,
                                              .answer_most = WIRE_MOST * 256,
                                              .seconds = seconds,
                                              .connect_seconds = CONNECT,
                                              .first_seconds = FIRST,
                                              .between_seconds = BETWEEN,
                                              .take = hear,
                                              .arg = h},
                      &(struct httpc_request){.url = url,
                                              .accept = "text/event-stream, application/json",
                                              .authorization = *m->key ? key : NULL,
                                              .content_type = "application/json",
                                              .body = body},
                      answer, err);
}

/* A stream that stalls after it said why it ended is whole: some servers never close. */
static bool whole_anyway(struct hearing *h, bool sent, struct err *err)
{
    if (sent || h->chat.finish == CHAT_OPEN || h->err.code)
        return sent;
    err_clear(err);
    return true;
}

static enum outcome call(const struct model *m, struct span body, unsigned seconds, struct model_answer *out,
                         int64_t *wait, struct err *err)
{
    struct hearing h = {0};
    struct httpc_answer answer = {0};
    enum outcome what = FAILED;
    chat_init(&h.chat, MODEL_ANSWER);
    bool sent = whole_anyway(&h, send(m, body, seconds, &h, &answer, err), err);
    if (sent && answer.status >= 400) {
        what = answer.status == 429 || answer.status == 503 ? LATER : FAILED;
        *wait = answer.retry_after;
        (void)chat_failed(buf_span(&answer.body), err);
    } else if (sent && h.err.code) {
        (void)fail(err, h.err.code, "%s", h.err.text);
    } else if (sent && chat_end(&h.chat, err) && make_plain(buf_span(&h.chat.text), &out->text, err)) {
        out->finish = h.chat.finish;
        out->refusal = h.chat.refusal;
        what = GOT;
    }
    buf_clear(&answer.body);
    chat_clear(&h.chat);
    return what;
}

void model_answer_clear(struct model_answer *answer)
{
    buf_clear(&answer->text);
}

bool model_ask(const struct models *models, const struct model *model, struct span prompt,
               struct model_answer *out, struct err *err)
{
    AUTO_BUF struct buf body;
    int64_t end = clock_boot_ms() + WHOLE * 1000L, wait = -1;
    buf_init(&body, 1 << 20);
    *out = (struct model_answer){.finish = CHAT_OPEN};
    buf_init(&out->text, 4 * MODEL_ANSWER);
    if (!write_body(models, model, prompt, &body, err))
        return false;
    for (int attempt = 0; attempt < 2; attempt++) {
        int64_t left = (end - clock_boot_ms()) / 1000;
        if (left < 1)
            return err->code ? false : fail(err, E_SYSTEM, "The model did not answer in time.");
        err_clear(err);
        buf_reset(&out->text);
        enum outcome what = call(model, buf_span(&body), (unsigned)left, out, &wait, err);
        if (what == GOT)
            return true;
        if (err->code == E_MEMORY || (what == LATER && wait * 1000 > end - clock_boot_ms()))
            return false;
        if (what == LATER && wait > 0)
            nanosleep(&(struct timespec){.tv_sec = wait}, NULL);
    }
    return false;
}
