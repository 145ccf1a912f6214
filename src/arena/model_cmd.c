/* A model's name and days enter the record before its first battle; where it is reached, and with which key,
 * stays in a file of this machine. What the record says first is what counts: a model that is in the file
 * alone takes part in nothing. */
#include "arena/model_cmd.h"

#include <unistd.h>

#include "anon/lab.h"
#include "arena/battle.h"
#include "arena/models.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/clock.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, DAY = 86400, OUT_MOST = 1 << 20, KEY_MOST = 2000, ENTRY_ROOM = 4096 };

const struct cli_option lab_model_options[] = {
    {"db", "URL", N_("lab.opt.db", "the lab's database, when it is not its own file")},
    {"url", "URL",
     N_("model.opt.url", "with add: where it is reached; the call goes to URL/v1/chat/completions")},
    {"id", "ID", N_("model.opt.id", "with add: what its server calls it; the name unless said otherwise")},
    {"key-file", "FILE",
     N_("model.opt.key", "with add: a file that holds the key of its server; - reads the input")},
    {"names", "LIST",
     N_("model.opt.names", "with add: words that name it or its maker, with commas between: an answer that "
                           "holds one counts for no board")},
    {0}};

/* The record -------------------------------------------------------------------------------------------- */
struct logging {
    const struct lab *lab;
    const char *name;
    day_t from, to; /* to: 0 while it takes part */
    int64_t now;
};

static bool put_day(json_t *o, const char *key, day_t day)
{
    char text[16];
    return json_object_set_new(o, key, json_string(day_text(day, text))) == 0;
}

static bool entry(const struct logging *w, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_pack("{s:I,s:s,s:s}", "at", (json_int_t)w->now, "name", w->name, "t", "model");
    if (!o || !put_day(o, "from", w->from) || (w->to && !put_day(o, "to", w->to)))
        return fail_memory(err);
    return canon_write(o, out, err);
}

static bool log_work(struct db *db, void *arg, struct err *err)
{
    struct logging *w = arg;
    AUTO_BUF struct buf bytes;
    uint64_t at;
    buf_init(&bytes, ENTRY_ROOM);
    return entry(w, &bytes, err) &&
           tlog_append(db, &w->lab->log, (const struct span[]){buf_span(&bytes)}, 1, &at, err) &&
           db_run(db, err,
                  "insert into arena_model(name, from_day, to_day, idx) values ($1, $2, $3, $4) on "
                  "conflict(name) do update set from_day = $2, to_day = $3, idx = $4",
                  V_STR(w->name), V_INT(w->from), w->to ? V_INT(w->to) : V_NULL, V_INT((int64_t)at));
}

static bool has_record(struct app *app, struct err *err)
{
    uint64_t size;
    return tlog_size(app->db, &size, err) &&
           (size > 0 ||
            fail(err, E_REFUSED,
                 tr("err.lab.no_record", "The lab has no record yet: it begins when `respite lab serve` "
                                         "starts for the first time. Start it, then try again.")));
}

/* *from: 0 when it is not in the record, *to: 0 while it takes part. */
static bool standing(struct app *app, const char *name, day_t *from, day_t *to, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    *from = *to = 0;
    if (!db_query(app->db, &q, err, "select from_day, to_day from arena_model where name = $1", V_STR(name)))
        return false;
    if (db_next(q, &inner)) {
        *from = (day_t)db_int(q, 0);
        *to = db_is_null(q, 1) ? 0 : (day_t)db_int(q, 1);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

static bool logged(struct app *app, struct logging *w, struct err *err)
{
    return db_write(app->db, log_work, w, err) && tlog_head_keep(app->db, app->lab->head_file, err);
}

static bool done(struct app *app, const char *text, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (cli_has(app->cli, "json"))
        buf_add_text(&out, "{\"ok\":true}\n");
    else
        wrap_text(&out, text, COLUMNS, 0);
    return cmd_print(&out, err);
}

/* add ---------------------------------------------------------------------------------------------------- */
static bool key_given(struct app *app, const char **out, struct err *err)
{
    const char *file = cli_value(app->cli, "key-file");
    AUTO_BUF struct buf key;
    buf_init(&key, KEY_MOST);
    *out = "";
    if (!file)
        return true;
    if (!file_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, &key, err))
        return false;
    struct span text = span_trim(buf_span(&key));
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= 0x20 || text.p[i] > 0x7e)
            return fail(err, E_FORMAT,
                        tr("err.arena.key", "The key holds a blank or a character that no key has."));
    *out = arena_text(app->arena, text);
    return *out || fail_memory(err);
}

static bool words_given(struct app *app, struct model *m, struct err *err)
{
    const char *given = cli_value(app->cli, "names");
    struct span rest = span_of(given ? given : ""), word;
    m->words = 0;
    while (rest.n) {
        span_cut(&rest, ',', &word);
        if (!(word = span_trim(word)).n)
            continue;
        if (m->words == MODEL_WORDS)
            return fail(err, E_LIMIT, tr("err.arena.words", "--names takes up to %d words."), MODEL_WORDS);
        if (!(m->word[m->words++] = arena_text(app->arena, word)))
            return fail_memory(err);
    }
    return true;
}

static bool url_ok(const char *url, struct err *err)
{
    struct span s = span_of(url);
    bool scheme = span_starts(s, SPAN("https://")) || span_starts(s, SPAN("http://127.")) ||
                  span_starts(s, SPAN("http://localhost")) || span_starts(s, SPAN("http://[::1]"));
    return (scheme && s.n < 400 && !span_ends(s, SPAN("/"))) ||
           fail(err, E_USAGE,
                tr("err.arena.url", "--url takes https://host or, on this machine, http://127.0.0.1:port, "
                                    "without a slash at the end."));
}

static bool model_given(struct app *app, const char *name, struct model *m, struct err *err)
{
    *m = (struct model){.name = name, .url = cli_value(app->cli, "url"), .id = cli_value(app->cli, "id")};
    if (!m->id)
        m->id = name;
    if (!m->url)
        return fail(err, E_USAGE,
                    tr("err.arena.add_usage", "Say where the model is reached: respite lab model "
                                              "add NAME --url URL."));
    return model_name_ok(span_of(name), err) && url_ok(m->url, err) && key_given(app, &m->key, err) &&
           words_given(app, m, err);
}

static bool add(struct app *app, const char *name, struct err *err)
{
    struct models models;
    struct model m;
    day_t from, to;
    if (!model_given(app, name, &m, err) || !has_record(app, err) ||
        !models_load(app->paths, app->arena, &models, err) || !standing(app, name, &from, &to, err))
        return false;
    if (to)
        return fail(err, E_REFUSED,
                    tr("err.arena.was_there",
                       "A model of this name took part before and was withdrawn. Give "
                       "the new one another name, so that their votes are not mixed."));
    struct model *at = models_named(&models, span_of(name));
    if (!at && models.n == MODELS_LIST)
        return fail(err, E_LIMIT, tr("err.arena.models_many", "A lab's arena takes up to %d models."),
                    MODELS_LIST);
    *(at ? at : &models.at[models.n++]) = m;
    struct logging w = {app->lab, name, (day_t)(app->now / DAY), 0, app->now};
    if (!models_save(&models, err) || (!from && !logged(app, &w, err)))
        return false;
    return done(app,
                from
                    ? tr("model.changed", "Changed on this machine. The record has the name and the day from "
                                          "before.")
                    : tr("model.added",
                         "It is in the record, and takes part from now on. A lab that was started without "
                         "models cannot connect to any: then start `respite lab serve` again."),
                err);
}

/* withdraw ---------------------------------------------------------------------------------------------- */
static bool withdraw(struct app *app, const char *name, struct err *err)
{
    struct models models;
    day_t from, to;
    if (!models_load(app->paths, app->arena, &models, err) || !standing(app, name, &from, &to, err))
        return false;
    if (!from || to)
        return fail(err, E_MISSING, tr("err.arena.no_model", "No model of this name takes part: %.80s"),
                    name);
    struct logging w = {app->lab, name, from, (day_t)(app->now / DAY), app->now};
    struct model *at = models_named(&models, span_of(name));
    if (!logged(app, &w, err))
        return false;
    if (at)
        *at = models.at[--models.n];
    return models_save(&models, err) &&
           done(app,
                tr("model.withdrawn", "It is withdrawn, and the record says so. Its votes stay, and boards "
                                      "name it as withdrawn. Its key is gone from this machine."),
                err);
}

/* list --------------------------------------------------------------------------------------------------- */
static bool row_json(struct stmt *q, const struct model *m, json_t *list)
{
    char from[16], to[16];
    json_t *o = json_pack("{s:o,s:s,s:b}", "name", json_shown(db_text(q, 0)), "from",
                          day_text((day_t)db_int(q, 1), from), "reached", m != NULL);
    return o &&
           (db_is_null(q, 2) ||
            json_object_set_new(o, "to", json_string(day_text((day_t)db_int(q, 2), to))) == 0) &&
           (!m || json_object_set_new(o, "url", json_string(m->url)) == 0) &&
           json_array_append_new(list, o) == 0;
}

static void row_said(struct app *app, struct stmt *q, const struct model *m, struct buf *out)
{
    AUTO_BUF struct buf line;
    const char *name = arena_text(app->arena, db_text(q, 0));
    buf_init(&line, ENTRY_ROOM);
    if (!db_is_null(q, 2))
        words_say(&line, tr("model.row.over", "{name}: from {from} to {to}, withdrawn"), {"name", name},
                  {"from", say_day_year(app->arena, (day_t)db_int(q, 1))},
                  {"to", say_day_year(app->arena, (day_t)db_int(q, 2))});
    else
        words_say(&line,
                  m ? tr("model.row", "{name}: since {from}, at {url}")
                    : tr("model.row.nowhere", "{name}: since {from}; this machine does not know where it is "
                                              "reached, so it takes part in nothing"),
                  {"name", name}, {"from", say_day_year(app->arena, (day_t)db_int(q, 1))},
                  {"url", m ? m->url : ""});
    wrap_text(out, buf_text(&line), COLUMNS, 2);
}

static bool list(struct app *app, struct err *err)
{
    struct models models;
    AUTO_BUF struct buf out;
    AUTO_STMT struct stmt *q = NULL;
    AUTO_JSON json_t *o = json_pack("{s:[]}", "models");
    struct err inner = {0};
    bool json = cli_has(app->cli, "json");
    buf_init(&out, OUT_MOST);
    if (!o)
        return fail_memory(err);
    if (!models_load(app->paths, app->arena, &models, err) ||
        !db_query(app->db, &q, err, "select name, from_day, to_day from arena_model order by name"))
        return false;
    while (db_next(q, &inner)) {
        const struct model *m = db_is_null(q, 2) ? models_named(&models, db_text(q, 0)) : NULL;
        if (!row_json(q, m, json_object_get(o, "models")))
            return fail_memory(err);
        if (!json)
            row_said(app, q, m, &out);
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    if (json)
        return json_write(o, &out, err) && cmd_print(&out, err);
    if (!out.n)
        wrap_text(&out,
                  tr("model.none", "No model takes part. `respite lab model add NAME --url URL` adds one."),
                  COLUMNS, 0);
    return cmd_print(&out, err);
}

int cmd_lab_model(struct app *app)
{
    struct err err = {0};
    const struct cli *cli = app->cli;
    const char *what = cli->words_n ? cli->words[0] : "list";
    bool ok = false;
    if (strcmp(what, "list") == 0 && cli->words_n <= 1)
        ok = list(app, &err);
    else if (strcmp(what, "add") == 0 && cli->words_n == 2)
        ok = add(app, cli->words[1], &err);
    else if (strcmp(what, "withdraw") == 0 && cli->words_n == 2)
        ok = withdraw(app, cli->words[1], &err);
    else
        (void)fail(&err, E_USAGE,
                   tr("err.arena.model_usage",
                      "respite lab model takes: list, add NAME --url URL, or withdraw "
                      "NAME."));
    return ok ? 0 : cmd_failed(&err);
}
