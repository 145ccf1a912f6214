/* respite papers import FILE…: files of papers, whatever their form. */
#include "base/note.h"
#include "codec/json.h"
#include "papers/import.h"

#include "base/banned.h"

const struct cli_option import_options[] = {
    {"dry-run", NULL, N_("papers.import.opt.dry", "read all of it and keep nothing")}, {0}};

static void say(void *arg, const char *sentence)
{
    (void)arg;
    complaint("%s", sentence);
}

static void number(const struct app *app, char out[24], int64_t n)
{
    (void)app;
    snprintf(out, 24, "%lld", (long long)n);
}

/* "public.jsonl.gz (JSON lines): 24,285 records, 24,283 new, 0 changed, 2 as they were." */
static void draw(struct app *app, struct buf *out, const char *path, const struct import_sums *s, bool dry)
{
    char records[24], added[24], changed[24], same[24], bad[24], other[24];
    number(app, records, s->records);
    number(app, added, dry ? s->records - s->known : s->kept.added);
    number(app, changed, s->kept.changed);
    number(app, same, dry ? s->known : s->kept.same + s->skipped);
    number(app, bad, s->bad);
    if (s->records || (!s->feeds && !s->deadlines))
        words_say(out,
                  dry ? tr("papers.import.dry",
                           "{file} ({form}): {records} records, {added} new, {same} here "
                           "already. Nothing was kept.")
                      : tr("papers.import.done", "{file} ({form}): {records} records, {added} new, {changed} "
                                                 "changed, {same} as they were."),
                  {"file", path}, {"form", s->form}, {"records", records}, {"added", added},
                  {"changed", changed}, {"same", same});
    if (s->feeds) {
        number(app, other, s->feeds);
        words_say(
            out,
            trn("papers.import.feeds", "{file}: {n} feed. Categories of arXiv among them are chosen now.",
                "{file}: {n} feeds. Categories of arXiv among them are chosen now.", (unsigned long)s->feeds),
            {"file", path}, {"n", other});
    }
    if (s->deadlines) {
        number(app, other, s->deadlines);
        words_say(out,
                  trn("papers.import.deadlines", "{file}: {n} deadline.", "{file}: {n} deadlines.",
                      (unsigned long)s->deadlines),
                  {"file", path}, {"n", other});
    }
    buf_add_byte(out, '\n');
    if (s->bad) {
        words_say(out,
                  trn("papers.import.bad", "{n} could not be read and was left out.",
                      "{n} could not be read and were left out.", (unsigned long)s->bad),
                  {"n", bad});
        buf_add_byte(out, '\n');
    }
}

static json_t *sums_json(const char *path, const struct import_sums *s, bool dry)
{
    return json_pack(
        "{s:o,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "file", json_shown(span_of(path)), "form",
        s->form, "records", (json_int_t)s->records, "added",
        (json_int_t)(dry ? s->records - s->known : s->kept.added), "changed", (json_int_t)s->kept.changed,
        "same", (json_int_t)(dry ? s->known : s->kept.same + s->skipped), "joined",
        (json_int_t)s->kept.joined, "bad", (json_int_t)s->bad, "left_out", (json_int_t)s->left_out, "feeds",
        (json_int_t)s->feeds, "deadlines", (json_int_t)s->deadlines, "kept", !dry);
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
