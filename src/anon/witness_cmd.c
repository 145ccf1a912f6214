/* `respite lab witness`: tell this lab which logs to witness, and show the key it does so with. */
#include "anon/witness.h"

#include "anon/lab_key.h"
#include "anon/witness_ask.h"
#include "base/note.h"
#include "codec/json.h"
#include "crypt/merkle.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 20 };

const struct cli_option witness_options[] = {
    {"ask", "URL",
     N_("lab.witness.opt.ask", "ask the lab at this address to witness this one's log; again for more")},
    {"db", "URL", N_("lab.witness.opt.db", "postgresql://…: the database that the lab's processes share")},
    {0}};

/* A vkey of a log, whose name is its origin. */
static bool log_key(const char *text, struct note_sig_key *key, struct err *err)
{
    uint8_t id[4];
    struct err mine = {0};
    if (note_sig_key_read(span_of(text), key, &mine) && key->kind == NOTE_SIG_PLAIN) {
        sign_key_id(key->name, NOTE_SIG_PLAIN, key->pk, id);
        if (memcmp(id, key->id, sizeof id) == 0)
            return true;
    }
    return fail(err, E_USAGE,
                tr("err.lab.witness_key", "This is not the key of a log. It looks like name+8 digits+base64, "
                                          "and its lab shows it at /v1/lab as “vkey”."));
}

struct adding {
    const char *vkey;
    struct note_sig_key key;
};

static bool add(struct db *db, void *arg, struct err *err)
{
    const struct adding *a = arg;
    int64_t same = 0;
    uint8_t root[32];
    merkle_empty(root);
    if (!db_run(db, err,
                "insert into witnessed(origin, vkey, size, root, note) values ($1, $2, 0, $3, $4) "
                "on conflict(origin) do nothing",
                V_TEXT(a->key.name), V_STR(a->vkey), V_BLOB(((struct span){(const char *)root, sizeof root})),
                V_BLOB(SPAN(""))) ||
        !db_number(db, &same, 0, err, "select count(*) from witnessed where origin = $1 and vkey = $2",
                   V_TEXT(a->key.name), V_STR(a->vkey)))
        return false;
    return same == 1 || fail(err, E_REFUSED,
                             tr("err.lab.witness_other",
                                "%.*s is witnessed with another key already. A log keeps its key; "
                                "please ask its lab what happened."),
                             SPAN_ARG(a->key.name));
}

static bool own_key(struct app *app, const char **out, struct err *err)
{
    struct sign_key key;
    struct note_sig_key by;
    AUTO_BUF struct buf text;
    buf_init(&text, 1024);
    if (!witness_key(app, &key, &by, err))
        return false;
    note_sig_key_write(&text, &by);
    *out = buf_keep(&text, app->arena);
    return buf_ok(&text, err);
}

/* "logs" of the answer: [{"origin","vkey","size"}] */
static bool list_logs(struct app *app, json_t *logs, struct buf *text, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    char size[24];
    if (!db_query(app->db, &q, err, "select origin, vkey, size from witnessed order by origin"))
        return false;
    while (db_next(q, &mine)) {
        struct span origin = db_text(q, 0), vkey = db_text(q, 1);
        json_t *row = json_pack("{s:s%,s:s%,s:I}", "origin", origin.p, origin.n, "vkey", vkey.p, vkey.n,
                                "size", (json_int_t)db_int(q, 2));
        if (!row || json_array_append_new(logs, row) != 0)
            return fail_memory(err);
        snprintf(size, sizeof size, "%lld", (long long)db_int(q, 2));
        words_say(text, tr("lab.witness.log", "{origin}, seen up to entry {size}\n"),
                  {"origin", arena_text(app->arena, origin)}, {"size", size});
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

/* Whom this lab asks. */
static bool list_asked(struct app *app, json_t *asked, struct buf *text, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    char size[24];
    if (!db_query(app->db, &q, err, "select url, size from witness_asked order by url"))
        return false;
    while (db_next(q, &mine)) {
        struct span url = db_text(q, 0);
        json_t *row = json_pack("{s:s%,s:I}", "url", url.p, url.n, "size", (json_int_t)db_int(q, 1));
        if (!row || json_array_append_new(asked, row) != 0)
            return fail_memory(err);
        snprintf(size, sizeof size, "%lld", (long long)db_int(q, 1));
        words_say(
            text,
            tr("lab.witness.asked", "Asked to witness this lab's log: {url}, signed up to entry {size}\n"),
            {"url", arena_text(app->arena, url)}, {"size", size});
    }
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

static bool ask_work(struct db *db, void *arg, struct err *err)
{
    return witness_ask_put(db, arg, err);
}

/* Each --ask. */
static bool ask_those(struct app *app, struct err *err)
{
    for (size_t i = 0; i < app->cli->given_n; i++) {
        struct span url, origin;
        if (strcmp(app->cli->given[i].name, "ask") != 0)
            continue;
        if (!lab_url_read(span_of(app->cli->given[i].value), &url, &origin, err))
            return false;
        char *copy = arena_text(app->arena, url);
        if (!copy)
            return fail_memory(err);
        if (!db_write(app->db, ask_work, copy, err))
            return false;
    }
    return true;
}

static bool show(struct app *app, struct err *err)
{
    const char *vkey;
    AUTO_BUF struct buf text;
    AUTO_JSON json_t *logs = json_array(), *asked = json_array(), *all = NULL;
    buf_init(&text, OUT_MOST);
    if (!own_key(app, &vkey, err))
        return false;
    words_say(
        &text,
        tr("lab.witness.key", "The key this lab witnesses with, for the members of other labs:\n{vkey}\n"),
        {"vkey", vkey});
    if (!logs || !asked)
        return fail_memory(err);
    if (!list_logs(app, logs, &text, err) || !list_asked(app, asked, &text, err))
        return false;
    if (cli_has(app->cli, "ask"))
        buf_add_text(&text,
                     tr("lab.witness.restart", "A lab that is being served asks from its next start on.\n"));
    if (cli_has(app->cli, "json")) {
        buf_reset(&text);
        all = json_pack("{s:s,s:O,s:O}", "vkey", vkey, "logs", logs, "asked", asked);
        if (!all)
            return fail_memory(err);
        if (!json_write(all, &text, err))
            return false;
    }
    return cmd_print(&text, err);
}

int cmd_lab_witness(struct app *app)
{
    struct err err = {0};
    for (size_t i = 0; i < app->cli->words_n; i++) {
        struct adding a = {.vkey = app->cli->words[i]};
        if (!log_key(a.vkey, &a.key, &err) || !db_write(app->db, add, &a, &err))
            return cmd_failed(&err);
    }
    return ask_those(app, &err) && show(app, &err) ? 0 : cmd_failed(&err);
}
