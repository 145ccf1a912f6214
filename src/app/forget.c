/* forget --all: everything of Respite on this computer is removed, after the person typed the word for it. */
#include <stdio.h>
#include <unistd.h>

#include "anon/mark.h"
#include "app/keep.h"
#include "app/schema.h"
#include "base/vec.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "io/file.h"

#include "base/banned.h"

enum { NAMES_SHOWN = 8 };

const struct cli_option forget_options[] = {
    {"all", NULL, N_("cli.forget.all", "Everything that is here.")},
    {0},
};

bool forget_word(struct span typed)
{
    struct span word = span_trim(typed);
    return span_eq_nocase(word, SPAN("delete")) || span_is(word, "删除");
}

/* ---- what is ours ---- */

/* Whatever Respite has a name for in its data folder. Nothing else is ever removed. */
static const char *const files[] = {"lock",      "use",      "errands",    "key",        "port",
                                    "open.html", "bots.txt", "agents.txt", "papers.atom"};
static const char *const databases[] = {"respite.db", "example.db"}; /* and respite.db-wal, respite.db.… */

/* ".XXXXXX": file_write() was cut short. One in small letters alone is taken for a person's word: key.backup.
 */
static bool is_leftover(const char *end)
{
    bool by_chance = false;
    if (end[0] != '.' || strlen(end) != 7)
        return false;
    for (int i = 1; i < 7; i++) {
        bool small = end[i] >= 'a' && end[i] <= 'z';
        bool other = (end[i] >= '0' && end[i] <= '9') || (end[i] >= 'A' && end[i] <= 'Z');
        if (!small && !other)
            return false;
        by_chance |= other;
    }
    return by_chance;
}

static bool name_is_ours(const char *name)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t n = strlen(files[i]);
        if (strncmp(name, files[i], n) == 0 && (name[n] == '\0' || is_leftover(name + n)))
            return true;
    }
    for (size_t i = 0; i < sizeof databases / sizeof *databases; i++) {
        size_t n = strlen(databases[i]);
        if (strncmp(name, databases[i], n) == 0 && (name[n] == '\0' || name[n] == '-' || name[n] == '.'))
            return true;
    }
    return false;
}

/* What is in the folder, parted. `*folder` is where it really is. */
static bool part(struct app *app, char **folder, struct file_entries *ours, struct file_entries *left,
                 struct err *err)
{
    struct file_entries all = {0};
    if (!file_real(app->arena, app->paths->data, folder, err) || !file_list(app->arena, *folder, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        bool mine = !all.at[i].is_dir && name_is_ours(all.at[i].name);
        struct file_entry *to = mine ? VEC_PUSH(app->arena, ours) : VEC_PUSH(app->arena, left);
        if (!to)
            return fail_memory(err);
        *to = all.at[i];
    }
    return true;
}

static bool holds_our_database(struct app *app, bool *ours, struct err *err)
{
    struct err why = {0};
    struct db *db = NULL;
    *ours = db_open_read(&db, app->paths->db, &why) && schema_is_ours(db, "", &why);
    db_close(db);
    return why.code != E_MEMORY || fail_memory(err);
}

/* The home folder is the data folder, or in it. */
static bool holds_the_home(struct app *app, const char *data, bool *holds, struct err *err)
{
    struct err why = {0};
    char *home;
    size_t n = strlen(data);
    *holds = file_real(app->arena, app->paths->home, &home, &why) &&
             span_starts(span_of(home), span_of(data)) && (home[n] == '/' || home[n] == '\0');
    return why.code != E_MEMORY || fail_memory(err);
}

/* A folder named by mistake with --data must survive this. */
bool forget_look(struct app *app, struct file_entries *left, struct err *err)
{
    struct file_entries ours = {0}, others = {0};
    const char *lock = file_join(app->arena, app->paths->data, "lock");
    char *data;
    bool home, database;
    if (!lock)
        return fail_memory(err);
    if (!part(app, &data, &ours, &others, err) || !holds_the_home(app, data, &home, err) ||
        !holds_our_database(app, &database, err))
        return false;
    bool alone = others.n == 0 && (file_exists(app->paths->db) || file_exists(lock));
    if (home || span_is(span_of(data), "/") || (!alone && !database))
        return fail(err, E_REFUSED,
                    tr("err.forget.other",
                       "“%s” does not look like a data folder of Respite, so nothing was removed."),
                    path_shown(app->arena, app->paths, app->paths->data));
    *left = others;
    return true;
}

/* ---- removing it ---- */

bool forget_files(struct app *app, struct err *err)
{
    struct file_entries ours = {0}, others = {0};
    char *folder;
    if (!part(app, &folder, &ours, &others, err))
        return false;
    for (size_t i = 0; i < ours.n; i++) {
        const char *path = file_join(app->arena, folder, ours.at[i].name);
        if (!path)
            return fail_memory(err);
        if (!file_unlink(path, err))
            return false;
    }
    return mark_forget(app->paths, err);
}

bool forget_folder(struct app *app, struct err *err)
{
    struct span named = span_of(app->paths->data);
    while (named.n > 1 && named.p[named.n - 1] == '/') /* "link/" is where the link leads */
        named.n--;
    const char *path = arena_text(app->arena, named);
    char *folder;
    if (!path)
        return fail_memory(err);
    return file_real(app->arena, path, &folder, err) && file_remove_empty(folder, err) &&
           (!file_is_link(path) || file_unlink(path, err));
}

const char *forget_left_text(struct app *app, const struct file_entries *left)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    for (size_t i = 0; i < left->n && i < NAMES_SHOWN; i++) {
        buf_add_text(&text, i ? ", " : "");
        utf8_clean(&text, span_of(left->at[i].name));
    }
    if (left->n > NAMES_SHOWN)
        buf_add_text(&text, ", …");
    return buf_keep(&text, app->arena);
}

/* ---- the command ---- */

/* Ask for the word. False with E_USAGE where nobody can be asked, E_REFUSED when another word came. */
static bool agreed(struct app *app, struct err *err)
{
    char typed[64];
    if (cli_has(app->cli, "yes"))
        return true;
    if (cli_has(app->cli, "no-input") || !isatty(STDIN_FILENO))
        return fail(err, E_USAGE, "%s",
                    tr("err.forget.ask", "This removes everything and nobody can be asked here, so nothing "
                                         "was removed. --yes agrees to it."));
    fprintf(stderr, "%s\n%s\n> ", path_shown(app->arena, app->paths, app->paths->data),
            tr("priv.delete",
               "This removes everything here and cannot be undone. Export first? Type the word “delete”."));
    fflush(stderr);
    if (fgets(typed, sizeof typed, stdin) && forget_word(span_of(typed)))
        return true;
    return fail(err, E_REFUSED, "%s",
                tr("err.forget.other_word", "That was another word, so nothing was removed."));
}

static bool forget_run(struct app *app, bool *was_there, struct file_entries *left, struct err *err)
{
    if (!cli_has(app->cli, "all") || app->cli->words_n)
        return fail(
            err, E_USAGE, "%s",
            tr("err.forget.usage", "This removes everything, so it is written out: respite forget --all."));
    *was_there = file_is_dir(app->paths->data);
    if (!*was_there)
        return true;
    struct keep_hold hold;
    if (!forget_look(app, left, err) || !agreed(app, err) || !keep_lock(app, &hold, err))
        return false;
    bool ok = forget_files(app, err) && (left->n || forget_folder(app, err));
    keep_unlock(&hold);
    return ok;
}

static json_t *forget_json(bool was_there, const struct file_entries *left)
{
    json_t *names = json_array();
    for (size_t i = 0; names && i < left->n; i++)
        if (json_array_append_new(names, json_shown(span_of(left->at[i].name))) != 0) {
            json_decref(names);
            return NULL;
        }
    return names ? json_pack("{s:b,s:b,s:o}", "ok", 1, "removed", was_there, "left", names) : NULL;
}

int cmd_forget(struct app *app)
{
    struct err err = {0};
    struct file_entries left = {0};
    AUTO_BUF struct buf text;
    bool was_there = false;
    const char *data = path_shown(app->arena, app->paths, app->paths->data);
    buf_init(&text, 1 << 16);
    if (!forget_run(app, &was_there, &left, &err))
        return cmd_failed(&err);
    if (!was_there)
        words_say(&text, tr("forget.none", "There is nothing to remove: {data} is not there.\n"),
                  {"data", data});
    else if (left.n)
        words_say(&text,
                  tr("forget.left",
                     "Removed: the files of Respite in {data}\nLeft there, since they are not Respite's: "
                     "{names}\n"),
                  {"data", data}, {"names", forget_left_text(app, &left)});
    else
        words_say(&text, tr("forget.removed", "Removed: {data}\n"), {"data", data});
    if (was_there)
        words_say(&text, tr("forget.gone", "Nothing of Respite's data is left on this computer. The program "
                                           "goes with `apt remove respite`, or with the folder it was built "
                                           "in.\n"));
    return keep_said(app, forget_json(was_there, &left), &text);
}
