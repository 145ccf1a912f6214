/* respite papers near FILE: the papers here that are nearest to a draft. The draft stays where it is; nothing
 * of it is kept. respite papers vectors: learn now what is else learned in idle time. */
#include <math.h>

#include "base/note.h"
#include "io/clock.h"
#include "io/proc.h"
#include "papers/near_cmd.h"
#include "papers/near_draw.h"
#include "papers/near_pins.h"
#include "papers/search.h"
#include "papers/vec_learn.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 4 << 20, COLUMNS = 80, IN = 12, SLICE_MS = 5000 };

const struct cli_option near_options[] = {
    {"more", NULL, N_("near.opt.more", "the nearest 50, not 10")},
    {"since", "DATE", N_("near.opt.since", "begin with the papers of DATE (2026-11-25, 2026-W48, 2026-09)")},
    {"pin", NULL, N_("near.opt.pin", "keep the path, so that the page and This week read the draft again")},
    {"unpin", NULL, N_("near.opt.unpin", "forget the path and how its papers were sorted")},
    {0}};
const struct cli_option vectors_options[] = {
    {"again", NULL, N_("vectors.opt.again", "begin anew, whatever was learned before")}, {0}};

static json_t *hit_json(const struct near_hit *hit)
{
    json_t *o = shown_json(&hit->shown), *shared = json_array();
    for (size_t i = 0; shared && i < hit->shared_n; i++)
        json_array_append_new(shared, json_shown(span_of(hit->shared[i])));
    if (o && shared && json_object_set_new(o, "p", isnan(hit->p) ? json_null() : json_real(hit->p)) == 0 &&
        json_object_set(o, "shared", shared) == 0) {
        json_decref(shared);
        return o;
    }
    json_decref(shared);
    json_decref(o);
    return NULL;
}

static const char *way_word(enum near_way way)
{
    static const char *const words[NEAR_WAYS] = {"abstract", "title", "words", "words of a title"};
    return words[way];
}

static bool to_json(const struct near_found *f, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o =
        json_pack("{s:[],s:f,s:I,s:I,s:s}", "hits", "miss_rate", f->miss_rate, "papers",
                  (json_int_t)f->papers, "cases", (json_int_t)near_known(), "way", way_word(f->way));
    const char *why = near_why(f);
    char day[16];
    bool ok = o != NULL;
    for (size_t i = 0; ok && i < f->n; i++)
        ok = json_array_append_new(json_object_get(o, "hits"), hit_json(&f->at[i])) == 0;
    if (ok && f->since != INT32_MIN)
        ok = json_object_set_new(o, "since", json_string(day_text((day_t)f->since, day))) == 0;
    if (ok && why)
        ok = json_object_set_new(o, "p_reason", json_string(why)) == 0;
    return ok ? json_write(o, out, err) : fail_memory(err);
}

/* `text` behind `ahead`, which fills the room of the indent; nothing where there is no text. */
static void line_of(struct buf *out, const char *ahead, const char *text, size_t indent)
{
    AUTO_BUF struct buf whole;
    buf_init(&whole, OUT_MOST);
    if (!text)
        return;
    buf_printf(&whole, "%-*.*s%s", (int)indent, (int)indent, ahead, text);
    wrap_text(out, buf_text(&whole), COLUMNS, indent);
}

static void line(struct buf *out, const char *text, size_t indent)
{
    line_of(out, "", text, indent);
}

static void to_text(struct app *app, const struct near_found *f, struct buf *out)
{
    line(out, near_head(app->arena, f), 0);
    buf_add_byte(out, '\n');
    for (size_t i = 0; i < f->n; i++) {
        const struct near_hit *hit = &f->at[i];
        line_of(out, hit->shown.date, hit->shown.title, IN);
        line(out, shown_authors(app->arena, hit->shown.authors), IN);
        line(out, near_shared(app->arena, hit), IN);
        line(out, near_odds_said(app->arena, hit), IN);
    }
    buf_add_byte(out, '\n');
    line(out, near_missed(app->arena, f), 0);
    line(out, near_why(f), 0);
    line(out, near_about_odds(f), 0);
}

/* The first day of what --since names; all days without it. */
static bool since(const char *text, int32_t *day, struct err *err)
{
    int32_t last = INT32_MAX;
    *day = INT32_MIN;
    if (!text)
        return true;
    if (!strstr(text, "..") && search_days(span_of(text), day, &last, err))
        return true;
    err_clear(err);
    return fail(
        err, E_USAGE,
        tr("err.papers.near_date",
           "“%.60s” names no day to begin with. Write --since 2026-10-02, 2026-W40, 2026-10 or 2026."),
        text);
}

static bool look(struct app *app, const char *path, struct buf *out, struct err *err)
{
    struct draft draft;
    struct near_found found;
    struct near_asked asked = {.year = day_ymd(moment_day(clock_local(app->now))).year,
                               .most = cli_has(app->cli, "more") ? NEAR_MORE : NEAR_SHOWN};
    if (!since(cli_value(app->cli, "since"), &asked.since, err) ||
        !draft_read(app->arena, path, &draft, err) || !near_find(app, &draft, asked, &found, err))
        return false;
    if (cli_has(app->cli, "pin") && !near_pin(app, path, err))
        return false;
    if (cli_has(app->cli, "json"))
        return to_json(&found, out, err);
    to_text(app, &found, out);
    return buf_ok(out, err);
}

static bool near(struct app *app, struct buf *out, struct err *err)
{
    const char *path = app->cli->words_n == 1 ? app->cli->words[0] : NULL;
    if (!path)
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.near_one",
                       "Name one draft: respite papers near draft.tex. It is read here and "
                       "not kept."));
    if (!cli_has(app->cli, "unpin"))
        return look(app, path, out, err);
    if (!near_unpin(app, path, err))
        return false;
    line(out, tr("near.unpinned", "The path is forgotten."), 0);
    return buf_ok(out, err);
}

int cmd_papers_near(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    return near(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}

/* ---- vectors ---- */

static bool forget(struct db *db, void *arg, struct err *err)
{
    (void)arg;
    return vec_learn_forget(db, err) && db_run(db, err, "delete from seg_vec") &&
           db_run(db, err, "delete from vec_model");
}

static void say_progress(struct app *app, const struct vec_progress *p)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 12);
    words_say(&text, tr("vectors.step", "{n} of {all} batches"),
              {"n", say_number(app->arena, (int64_t)p->done)},
              {"all", say_number(app->arena, (int64_t)p->of)});
    if (!cli_has(app->cli, "quiet") && !cli_has(app->cli, "json"))
        complaint("%s", buf_text(&text));
}

static bool vectors(struct app *app, struct buf *out, struct err *err)
{
    struct vec_progress p = {0};
    day_t today = moment_day(clock_local(app->now));
    if (cli_has(app->cli, "again") && !db_write(app->db, forget, NULL, err))
        return false;
    while (!p.ready) {
        if (!vec_learn(app->db, today, SLICE_MS, 0, &p, err))
            return false;
        if (!p.ready && p.of)
            say_progress(app, &p);
        if (proc_stopped())
            return fail(err, E_STOPPED, "%s",
                        tr("err.papers.vec_stopped",
                           "Stopped. What was learned so far is kept and goes on from "
                           "there."));
    }
    if (cli_has(app->cli, "json"))
        buf_add_text(out, "{\"ready\": true}\n");
    else
        line(out, tr("vectors.done", "Learned. `respite papers near FILE` compares by meaning from now on."),
             0);
    return buf_ok(out, err);
}

int cmd_papers_vectors(struct app *app)
{
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    return vectors(app, &out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
