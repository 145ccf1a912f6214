/* export DIR: one folder of plain files that can be read without Respite. Each room writes what is the
 * person's own words and plans; signs of work are in no room's export (REST section 8), so this folder can be
 * handed on without telling when somebody worked. */
#include "anon/anon_cmd.h"
#include "anon/log_export.h"
#include "app/keep.h"
#include "codec/json.h"
#include "io/file.h"
#include "ui/lang.h"

#include "base/banned.h"

static bool file_put(struct app *app, const char *dir, const char *name, const struct buf *text,
                     struct err *err)
{
    const char *path = file_join(app->arena, dir, name);
    return buf_ok(text, err) && (path || fail_memory(err)) && file_write(path, buf_span(text), err);
}

static bool settings_write(struct app *app, const char *dir, struct err *err)
{
    AUTO_STMT
    struct stmt *q = NULL;
    AUTO_JSON json_t *all = json_object();
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    if (!all)
        return fail_memory(err);
    if (!db_query(app->db, &q, err, "select name, value from setting order by name"))
        return false;
    struct err inner = {0};
    while (db_next(q, &inner)) {
        const char *name = arena_text(app->arena, db_text(q, 0));
        if (!name || json_object_set_new(all, name, json_shown(db_text(q, 1))) != 0)
            return fail_memory(err);
    }
    if (inner.code)
        return fail(err, inner.code, "%s", inner.text);
    return json_write(all, &text, err) && file_put(app, dir, "settings.json", &text, err);
}

static bool readme_write(struct app *app, const char *dir, struct err *err)
{
    struct file_entries files = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    if (!file_list(app->arena, dir, &files, err))
        return false;
    buf_add_text(&text, tr("export.readme", "# What you wrote in Respite\n\nOne folder of plain files. Any "
                                            "text editor reads them; Respite is not "
                                            "needed.\n\n"));
    for (size_t i = 0; i < files.n; i++)
        buf_printf(&text, "- %s\n", files.at[i].name);
    buf_add_text(&text,
                 tr("export.readme.end",
                    "\nsettings.json holds what you chose on the settings page, "
                    "quiet.json the quiet weeks you planned, papers.json which papers you "
                    "keep and what you follow, speak.json what you posted, your notes and the numbers you "
                    "keep for Help now. Letters are in no copy.\n\n"
                    "Signs of work are not here, so that nobody can read from "
                    "this folder when you worked. They are in a "
                    "backup, which `respite backup FILE` writes.\n"));
    return file_put(app, dir, "README.md", &text, err);
}

static bool folder_ready(struct app *app, const char *dir, struct err *err)
{
    struct file_entries there = {0};
    if (!file_exists(dir))
        return file_make_dir(dir, false, err);
    if (!file_is_dir(dir))
        return fail(err, E_REFUSED, tr("err.export.file", "“%s” is a file. Please name a folder."),
                    path_shown(app->arena, app->paths, dir));
    if (!file_list(app->arena, dir, &there, err))
        return false;
    return there.n == 0 ||
           fail(err, E_REFUSED,
                tr("err.export.full",
                   "“%s” is not empty, and nothing was written. Please name an empty or a new folder."),
                path_shown(app->arena, app->paths, dir));
}

bool export_write(struct app *app, const char *dir, struct err *err)
{
    if (!folder_ready(app, dir, err))
        return false;
    for (const struct room *const *room = app->rooms; *room; room++)
        if ((*room)->export_to && !(*room)->export_to(app, dir, err))
            return false;
    return settings_write(app, dir, err) && readme_write(app, dir, err);
}

/* --log: the lab's record, for who runs the lab. */
static int export_log(struct app *app, const char *path)
{
    struct err err = {0};
    struct known *known;
    struct log_exported done;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    if (app->cli->words_n != 0 || !*path) {
        fail(&err, E_USAGE, tr("err.export.log_usage", "Name one file: respite export --log FILE."));
        return cmd_failed(&err);
    }
    if (!known_need(app, &known, &err) || !log_export(app->db, known, path, &done, &err))
        return cmd_failed(&err);
    words_say(&text,
              tr("export.log.done",
                 "Written: {file}\nThe lab's record with {entries} entries and {batches} batches. Every "
                 "member's computer has the same; nothing in it is about you. `respite lab recover` takes "
                 "it where the lab is kept.\n"),
              {"file", path_shown(app->arena, app->paths, path)},
              {"entries", say_number(app->arena, (int64_t)done.entries)},
              {"batches", say_number(app->arena, done.batches)});
    return keep_said(app,
                     json_pack("{s:b,s:o,s:I,s:I,s:I}", "ok", 1, "file", json_shown(span_of(path)), "logs",
                               (json_int_t)done.logs, "entries", (json_int_t)done.entries, "batches",
                               (json_int_t)done.batches),
                     &text);
}

const struct cli_option export_options[] = {
    {"log", "FILE",
     N_("export.opt.log", "write the lab's record instead, for `respite lab recover` on the lab's machine")},
    {0}};

int cmd_export(struct app *app)
{
    const char *log = cli_value(app->cli, "log");
    if (log)
        return export_log(app, log);
    struct err err = {0};
    AUTO_BUF struct buf text;
    const char *dir;
    buf_init(&text, 1 << 16);
    if (!keep_word(app, tr("err.export.usage", "Name the folder to write into: respite export DIR."), &dir,
                   &err) ||
        !export_write(app, dir, &err))
        return cmd_failed(&err);
    words_say(&text,
              tr("export.done", "Written: {dir}\nPlain files; README.md in it says what each one is. No sign "
                                "of work is among them.\n"),
              {"dir", path_shown(app->arena, app->paths, dir)});
    return keep_said(app, json_pack("{s:b,s:o}", "ok", 1, "folder", json_shown(span_of(dir))), &text);
}
