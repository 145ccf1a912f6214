/* respite papers import FILE…: files of papers, whatever their form. */
#include "base/note.h"
#include "codec/json.h"
#include "papers/import.h"
#include "ui/lang.h"

#include "base/banned.h"

const struct cli_option import_options[] = {
    {"dry-run", NULL, N_("papers.import.opt.dry", "read all of it and keep nothing")}, {0}};

static void say(void *arg, const char *sentence)
{
    (void)arg;
    complaint("%s", sentence);
}

/* Records that a dry run would add: those of plain ids bring no paper. */
static int64_t added_by(const struct import_sums *s, bool dry)
{
    return dry ? s->records - s->known - s->kept.absent : s->kept.added;
}

static void draw_records(struct app *app, struct buf *out, const char *path, const struct import_sums *s,
                         bool dry)
{
    struct arena *a = app->arena;
    unsigned long n = (unsigned long)s->records;
    words_say(
        out,
        dry ? trn("papers.import.dry",
                  "{file} ({form}): {records} record, {added} new, {same} here already. Nothing was kept.",
                  "{file} ({form}): {records} records, {added} new, {same} here already. Nothing was kept.",
                  n)
            : trn("papers.import.done",
                  "{file} ({form}): {records} record, {added} new, {changed} changed, {same} as they were.",
                  "{file} ({form}): {records} records, {added} new, {changed} changed, {same} as they were.",
                  n),
        {"file", path}, {"form", s->form}, {"records", say_number(a, s->records)},
        {"added", say_number(a, added_by(s, dry))}, {"changed", say_number(a, s->kept.changed)},
        {"same", say_number(a, dry ? s->known : s->kept.same + s->skipped)});
    if (!s->kept.absent)
        return;
    buf_add_byte(out, ' ');
    words_say(out,
              trn("papers.import.absent",
                  "{n} id is of no paper here; it counts as yours once the paper comes.",
                  "{n} ids are of no paper here; they count as yours once the papers come.",
                  (unsigned long)s->kept.absent),
              {"n", say_number(a, s->kept.absent)});
}

/* "public.jsonl.gz (JSON lines): 24,285 records, 24,283 new, 0 changed, 2 as they were." */
static void draw(struct app *app, struct buf *out, const char *path, const struct import_sums *s, bool dry)
{
    if (s->records || (!s->feeds && !s->deadlines))
        draw_records(app, out, path, s, dry);
    if (s->feeds)
        words_say(
            out,
            trn("papers.import.feeds", "{file}: {n} feed. Categories of arXiv among them are chosen now.",
                "{file}: {n} feeds. Categories of arXiv among them are chosen now.", (unsigned long)s->feeds),
            {"file", path}, {"n", say_number(app->arena, s->feeds)});
    if (s->deadlines)
        words_say(out,
                  trn("papers.import.deadlines", "{file}: {n} deadline.", "{file}: {n} deadlines.",
                      (unsigned long)s->deadlines),
                  {"file", path}, {"n", say_number(app->arena, s->deadlines)});
    buf_add_byte(out, '\n');
    if (s->bad) {
        words_say(out,
                  trn("papers.import.bad", "{n} could not be read and was left out.",
                      "{n} could not be read and were left out.", (unsigned long)s->bad),
                  {"n", say_number(app->arena, s->bad)});
        buf_add_byte(out, '\n');
    }
}

static json_t *sums_json(const char *path, const struct import_sums *s, bool dry)
{
    return json_pack("{s:o,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "file",
                     json_shown(span_of(path)), "form", s->form, "records", (json_int_t)s->records, "added",
                     (json_int_t)added_by(s, dry), "changed", (json_int_t)s->kept.changed, "same",
                     (json_int_t)(dry ? s->known : s->kept.same + s->skipped), "joined",
                     (json_int_t)s->kept.joined, "absent", (json_int_t)s->kept.absent, "bad",
                     (json_int_t)s->bad, "left_out", (json_int_t)s->left_out, "feeds", (json_int_t)s->feeds,
                     "deadlines", (json_int_t)s->deadlines, "kept", !dry);
}

static bool import_all(struct app *app, struct buf *out, struct err *err)
{
    bool dry = cli_has(app->cli, "dry-run"), json = cli_has(app->cli, "json");
    AUTO_JSON json_t *list = json_array();
    if (app->cli->words_n == 0)
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.no_file", "Name a file: respite papers import library.bib."));
    for (size_t i = 0; i < app->cli->words_n; i++) {
        struct import_sums sums;
        const char *path = app->cli->words[i];
        if (!import_file(app, path, dry, cli_has(app->cli, "quiet") ? NULL : say, NULL, &sums, err))
            return false;
        if (!json)
            draw(app, out, path, &sums, dry);
        else if (json_array_append_new(list, sums_json(path, &sums, dry)) != 0)
            return fail_memory(err);
    }
    if (!json)
        return true;
    AUTO_JSON json_t *o = json_pack("{s:O}", "files", list);
    return (o || fail_memory(err)) && json_write(o, out, err);
}

int cmd_papers_import(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    bool done = import_all(app, &out, &err);
    struct err print = {0};
    if (!cmd_print(&out, &print) && done)
        return cmd_failed(&print);
    return done ? 0 : cmd_failed(&err);
}
