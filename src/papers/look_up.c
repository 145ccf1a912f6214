/* respite papers search: the words you type stay here. */
#include "papers/look_up.h"

#include <string.h>

#include "base/words.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "papers/papers_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 16 << 20, COLUMNS = 80, ID_MOST = 100, AHEAD = 12 };

const struct cli_option search_options[] = {
    {"all", NULL, N_("search.opt.all", "papers that have all of the words, not any")},
    {"top", "N", N_("search.opt.top", "how many: the nearest 20, unless you say")},
    {"date", "DAYS", N_("search.opt.date", "from these days: 2026, 2026-10, 2026-W40, 2026-09..2026-11")},
    {0}};

/* A paper named by its id stands first. */
static bool put_first(struct app *app, struct span words, size_t most, struct look_up *out, struct err *err)
{
    int64_t paper = 0;
    words = span_trim(words);
    if (words.n > ID_MOST || span_find(words, SPAN(" ")) >= 0)
        return true;
    if (span_find(words, SPAN(".")) < 0 && span_find(words, SPAN("/")) < 0)
        return true;
    if (!shown_find(app->db, words, &paper, err))
        return false;
    if (!paper)
        return true;
    size_t at = 0;
    while (at < out->n && out->hit[at].paper != (uint32_t)paper)
        at++;
    if (at == out->n) /* it is new: it takes a place more, or the last one's */
        at = out->n < most ? out->n++ : out->n - 1;
    memmove(out->hit + 1, out->hit, at * sizeof *out->hit);
    out->hit[0] = (struct search_hit){(uint32_t)paper, out->n > 1 ? out->hit[1].score : 0};
    return true;
}

static bool run(struct app *app, struct span words, bool all, size_t most, struct look_up *out,
                struct err *err)
{
    const char *days = app->cli ? cli_value(app->cli, "date") : NULL;
    if (!search_read(&out->search, &out->index, words, err) ||
        (days && !search_days(span_of(days), &out->search.from, &out->search.to, err)))
        return false;
    if (all)
        search_all(&out->search);
    double began = clock_took();
    if (!search_run(&out->search, &out->index, most, out->hit, &out->n, err))
        return false;
    out->ms = clock_took() - began;
    return put_first(app, words, most, out, err);
}

bool look_up(struct app *app, struct span words, bool all, size_t most, struct look_up *out, struct err *err)
{
    size_t n = 0;
    *out = (struct look_up){0};
    if (!shown_count(app->db, &out->papers, err) || !index_open(&out->index, app->db, err) ||
        !run(app, words, all, most, out, err))
        return false;
    out->shown = arena_array(app->arena, out->n + 1, sizeof *out->shown);
    if (!out->shown)
        return fail_memory(err);
    for (size_t i = 0; i < out->n; i++) {
        struct err inner = {0};
        if (shown_load(app, out->hit[i].paper, &out->shown[n], &inner))
            out->hit[n++] = out->hit[i];
        else if (inner.code != E_MISSING) /* taken out since: the index knows at its next merge */
            return fail(err, inner.code, "%s", inner.text);
    }
    out->n = n;
    return true;
}

void look_up_clear(struct look_up *out)
{
    index_close(&out->index);
}

static bool words_given(struct app *app, struct buf *out, struct err *err)
{
    for (size_t i = 0; i < app->cli->words_n; i++) {
        const char *word = app->cli->words[i];
        bool phrase = strchr(word, ' ') && !strpbrk(word, "\":") && app->cli->words_n > 1;
        buf_printf(out, "%s%s%s%s", i ? " " : "", phrase ? "\"" : "", word, phrase ? "\"" : "");
    }
    return buf_ok(out, err);
}

static bool as_json(const struct look_up *l, const char *words, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_pack("{s:[],s:f,s:I}", "hits", "ms", l->ms, "papers", (json_int_t)l->papers);
    if (!o || json_object_set_new(o, "query", json_shown(span_of(words))))
        return fail_memory(err);
    for (size_t i = 0; i < l->n; i++) {
        json_t *one = shown_json(&l->shown[i]);
        json_object_set_new(one, "score", json_real((double)l->hit[i].score / SCORE_ONE));
        if (json_array_append_new(json_object_get(o, "hits"), one))
            return fail_memory(err);
    }
    return json_write(o, out, err);
}

static void as_text(struct app *app, struct look_up *l, const char *words, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 1 << 20);
    words_say(&line,
              tr("search.head", "{n} papers, searched on this computer. The words you type stay here."),
              {"n", say_number(app->arena, l->papers)});
    wrap_text(out, buf_text(&line), COLUMNS, 0);
    for (size_t i = 0; i < l->n; i++) {
        const struct shown *s = &l->shown[i];
        const char *excerpt = shown_excerpt(app->arena, l->index.stems, &l->search, s->abstract);
        buf_reset(&line);
        buf_printf(&line, "%-10s  %s", s->date, s->title);
        wrap_text(out, buf_text(&line), COLUMNS, AHEAD);
        buf_reset(&line);
        buf_printf(&line, "%*s%s  %s", (int)AHEAD, "", s->id, shown_authors(app->arena, s->authors));
        wrap_text(out, buf_text(&line), COLUMNS, AHEAD);
        if (*excerpt) {
            buf_reset(&line);
            buf_printf(&line, "%*s%s", (int)AHEAD, "", excerpt);
            wrap_text(out, buf_text(&line), COLUMNS, AHEAD);
        }
    }
    buf_reset(&line);
    if (!l->papers)
        words_say(&line, tr("trends.empty", "There are no papers here yet. `respite papers import FILE` "
                                            "takes some in, `respite papers fetch` asks for those of your "
                                            "categories."));
    else if (l->n)
        words_say(&line, tr("search.end", "End of the list: the nearest {k}. Other words give another list."),
                  {"k", say_number(app->arena, (int64_t)l->n)});
    else
        words_say(&line, tr("empty.search", "Nothing found for “{q}”."), {"q", words});
    wrap_text(out, buf_text(&line), COLUMNS, 0);
}

int cmd_papers_search(struct app *app)
{
    struct err err = {0};
    long most;
    AUTO_BUF struct buf words, out;
    struct look_up AUTO_LOOK_UP l = {0};
    buf_init(&words, 1 << 16);
    buf_init(&out, OUT_MOST);
    if (!cli_number(app->cli, "top", FOUND_USUAL, 1, SEARCH_MOST, &most, &err) ||
        !words_given(app, &words, &err) ||
        !look_up(app, buf_span(&words), cli_has(app->cli, "all"), (size_t)most, &l, &err))
        return cmd_failed(&err);
    if (!cli_has(app->cli, "json"))
        as_text(app, &l, buf_text(&words), &out);
    else if (!as_json(&l, buf_text(&words), &out, &err))
        return cmd_failed(&err);
    return cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
