/* respite papers profile: no part of it is hidden. */
#include "base/words.h"
#include "codec/json.h"
#include "io/clock.h"
#include "papers/papers_cmd.h"
#include "papers/profile_say.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 20, COLUMNS = 80 };

const struct cli_option profile_options[] = {
    {"keep", "ID", N_("profile.opt.keep", "keep a paper that is here")},
    {"not", "ID", N_("profile.opt.not", "say that a paper is not for you")},
    {"undo", "ID", N_("profile.opt.undo", "take back what was said of a paper")},
    {"author", "NAME", N_("profile.opt.author", "follow an author")},
    {"category", "NAME", N_("profile.opt.category", "follow a category")},
    {"unfollow", "NAME", N_("profile.opt.unfollow", "follow an author or a category no longer")},
    {"remove", "WORD", N_("profile.opt.remove", "take a word out: it counts for nothing")},
    {"restore", "WORD", N_("profile.opt.restore", "let it count again")},
    {"library", "on|off", N_("profile.opt.library", "whether papers of your BibTeX files count as kept")},
    {"reset", NULL, N_("profile.opt.reset", "forget all of it")},
    {0}};

static bool change_all(struct app *app, struct err *err)
{
    for (size_t i = 0; i < app->cli->given_n; i++) {
        const struct cli_given *g = &app->cli->given[i];
        for (const struct cli_option *o = profile_options; o->name; o++)
            if (o->value && g->value && strcmp(g->name, o->name) == 0 &&
                !profile_change(app, g->name, span_of(g->value), err))
                return false;
    }
    if (!cli_has(app->cli, "reset"))
        return true;
    if (!cli_agrees(app->cli, tr("profile.reset.ask", "Forget what was learned from your papers?")))
        return fail(err, E_REFUSED, "%s", tr("err.papers.kept", "Nothing was forgotten. --yes agrees."));
    return profile_forget(app->db, err);
}

static json_t *list_json(const struct own_words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->n; i++)
        json_array_append_new(list, json_shown(words->at[i]));
    return list;
}

static const char *kind_name(enum trait_kind kind)
{
    return kind == TRAIT_AUTHOR ? "author" : kind == TRAIT_CATEGORY ? "category" : "word";
}

static bool as_json(const struct profile *p, const struct profile_shown *s, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_pack("{s:I,s:I,s:[],s:o,s:o,s:o,s:{s:I,s:b}}", "kept", (json_int_t)p->kept,
                                    "not", (json_int_t)p->against, "words", "authors", list_json(&p->authors),
                                    "categories", list_json(&p->categories), "removed", list_json(&p->out),
                                    "library", "papers", (json_int_t)s->library, "on", (int)s->library_on);
    for (size_t i = 0; o && i < s->words; i++)
        json_array_append_new(json_object_get(o, "words"),
                              json_pack("{s:s,s:s,s:f}", "word", s->word[i].words, "kind",
                                        kind_name(s->word[i].kind), "weight", (double)s->word[i].weight));
    return o ? json_write(o, out, err) : fail_memory(err);
}

static void print_list(struct buf *out, const char *pattern, const struct own_words *words)
{
    AUTO_BUF struct buf list, line;
    buf_init(&list, 1 << 16);
    buf_init(&line, 1 << 16);
    for (size_t i = 0; i < words->n; i++)
        buf_printf(&list, "%s%.*s", i ? tr("papers.comma", ", ") : "", SPAN_ARG(words->at[i]));
    if (!words->n)
        return;
    words_say(&line, pattern, {"names", buf_text(&list)});
    wrap_text(out, buf_text(&line), COLUMNS, 2);
}

static void as_text(struct app *app, const struct profile *p, const struct profile_shown *s, struct buf *out)
{
    wrap_text(out, profile_sums(app, p), COLUMNS, 0);
    for (size_t i = 0; i < s->words; i++)
        buf_printf(out, "  %6.3f  %s\n", (double)s->word[i].weight, s->word[i].words);
    print_list(out, tr("profile.authors", "Authors you follow: {names}"), &p->authors);
    print_list(out, tr("profile.categories", "Categories you follow: {names}"), &p->categories);
    print_list(out, tr("profile.out", "Taken out: {names}"), &p->out);
    if (s->library) {
        AUTO_BUF struct buf line;
        buf_init(&line, 1000);
        words_say(&line,
                  s->library_on ? tr("profile.library", "{n} papers of your own lists count as kept.")
                                : tr("profile.library.off", "{n} papers of your own lists do not count."),
                  {"n", say_number(app->arena, s->library)});
        wrap_text(out, buf_text(&line), COLUMNS, 0);
    }
    wrap_text(out,
              tr("profile.end", "That is all of it. It stays here; half of it is forgotten after a year."),
              COLUMNS, 0);
}

int cmd_papers_profile(struct app *app)
{
    struct err err = {0};
    struct profile AUTO_PROFILE p = {0};
    struct profile_shown s;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (app->cli->words_n)
        (void)fail(&err, E_USAGE, "%s",
                   tr("err.papers.words.none", "The profile takes options alone: --keep ID, --author NAME."));
    if (err.code || !change_all(app, &err) ||
        !profile_load(app->db, app->arena, moment_day(clock_local(app->now)), false, &p, &err) ||
        !profile_shown(app, &p, &s, &err))
        return cmd_failed(&err);
    if (!cli_has(app->cli, "json"))
        as_text(app, &p, &s, &out);
    else if (!as_json(&p, &s, &out, &err))
        return cmd_failed(&err);
    return cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
