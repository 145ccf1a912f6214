/* respite arena lab: what did not change first, then what did, then the board. */
#include "arena/blind_cmd.h"

#include "anon/anon_cmd.h"
#include "arena/blind_mine.h"
#include "arena/rank_draw.h"
#include "base/vec.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 64 << 20, COLUMNS = 80 };

const struct cli_option blind_options[] = {
    {"offline", NULL, N_("blind.opt.offline", "show what is here; fetch nothing")},
    {"csv", NULL, N_("rank.opt.csv", "the board as CSV")},
    {0}};

static void say(struct buf *out, const char *text)
{
    if (text)
        wrap_text(out, text, COLUMNS, 0);
}

static const char *trust_name(enum blind_trust trust)
{
    static const char *const names[] = {"none", "good", "not in the record", "differs"};
    return names[trust];
}

static void head(struct app *app, const struct blind_mine *m, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    words_say(&line, tr("blind.head", "The lab's blind arena: board {n}, of {date}."),
              {"n", say_number(app->arena, m->doc.n)}, {"date", say_day_year(app->arena, m->doc.day)});
    say(out, buf_text(&line));
    say(out, blind_trust_said(m->trust));
}

static void next(struct app *app, const struct blind_mine *m, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    words_say(&line, tr("arena.next", "Next board: {date}. Never in a quiet week."),
              {"date", say_day_year(app->arena, m->doc.next)});
    if (m->doc.next)
        say(out, buf_text(&line));
}

static bool text(struct app *app, const struct blind_mine *m, struct buf *out, struct err *err)
{
    if (m->trust == BLIND_NONE) {
        say(out, tr("blind.none", "The lab has published no board of its arena yet."));
        return true;
    }
    head(app, m, out);
    if (m->compared && !compare_text(app->arena, &m->changed, out, err))
        return false;
    if (!m->ranked)
        say(out, tr("empty.arena", "Not enough votes to say anything. That is an answer too."));
    else if (!rank_text(app->arena, &m->votes, &m->ranking, out, err))
        return false;
    next(app, m, out);
    return buf_ok(out, err);
}

static bool json(const struct blind_mine *m, struct buf *out, struct err *err)
{
    char day[16];
    AUTO_JSON json_t *o = json_pack("{s:s,s:I}", "trust", trust_name(m->trust), "n", (json_int_t)m->doc.n);
    if (!o)
        return fail_memory(err);
    if (m->trust != BLIND_NONE &&
        (json_object_set_new(o, "day", json_string(day_text(m->doc.day, day))) != 0 ||
         (m->doc.next && json_object_set_new(o, "next", json_string(day_text(m->doc.next, day))) != 0) ||
         (m->ranked && json_object_set_new(o, "board", rank_json(&m->votes, &m->ranking)) != 0) ||
         (m->compared && json_object_set_new(o, "changed", compare_json(&m->changed)) != 0)))
        return fail_memory(err);
    return json_write_exact(o, out, err);
}

static bool show(struct app *app, struct blind_mine *m, struct buf *out, struct err *err)
{
    if (cli_has(app->cli, "json"))
        return json(m, out, err);
    if (!cli_has(app->cli, "csv"))
        return text(app, m, out, err);
    return m->ranked ? rank_csv(&m->ranking, out, err)
                     : fail(err, E_MISSING, "%s",
                            tr("empty.arena", "Not enough votes to say anything. That is an answer too."));
}

int cmd_arena_lab(struct app *app)
{
    struct err err = {0};
    struct known *known;
    struct blind_mine m = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    bool ok = known_need(app, &known, &err) &&
              (cli_has(app->cli, "offline") || blind_mine_look(app, known, &err)) &&
              blind_mine_load(app, known, &m, &err) && show(app, &m, &out, &err) && cmd_print(&out, &err);
    bool differs = m.trust == BLIND_ABSENT || m.trust == BLIND_OTHER;
    blind_mine_free(&m);
    return ok ? differs : cmd_failed(&err);
}

bool blind_verify(struct app *app, struct findings *out, struct err *err)
{
    struct known *known;
    struct blind_mine m = {0};
    if (!known_load(app->db, app->arena, &known, err) || (known && !blind_mine_load(app, known, &m, err)))
        return false;
    enum blind_trust trust = m.trust;
    blind_mine_free(&m);
    const char *why = trust == BLIND_GOOD ? NULL : blind_trust_said(trust);
    struct finding *f = why ? VEC_PUSH(app->arena, out) : NULL;
    if (why && !f)
        return fail_memory(err);
    if (f)
        *f = (struct finding){.name = "arena", .ok = false, .text = why};
    return true;
}
