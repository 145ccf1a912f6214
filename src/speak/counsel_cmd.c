/* counsel: being a counsellor, on a computer that need not be in the lab. The key and the line for whoever
 * keeps the lab; opening and closing times; who took one. Each asks the lab's board when the person asks. */
#include "speak/counsel_cmd.h"

#include "anon/hours_send.h"
#include "anon/item.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "speak/counsel_own.h"
#include "ui/lang.h"
#include "ui/word_list.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 20, LINE_MOST = 16 * 1024, COLUMNS = 80, DAY = 86400, NAME_MOST = 480 };

const struct cli_option counsel_options[] = {
    {"key", "NAME", N_("counsel.opt.key", "make your key, and the line to give to whoever keeps the lab")},
    {"at", "ADDRESS", N_("counsel.opt.at", "with --key: the lab, https://lab.example")},
    {"employer", "NAME", N_("counsel.opt.employer", "with --key: who employs you; everybody reads it")},
    {"where", "PLACE",
     N_("counsel.opt.where",
        "with --key: where members can compare your key, outside the lab: a page of yours, a telephone")},
    {"weeks", "N", N_("counsel.opt.weeks", "with --key: for so many weeks, at most 53; 26 unless said")},
    {"open", NULL, N_("counsel.opt.open", "open these times: 2026-11-26T14:00, by this computer's clock")},
    {"minutes", "N", N_("counsel.opt.minutes", "with --open: how long each is, 50 unless said")},
    {"by", "HOW", N_("counsel.opt.by", "with --open: how you meet: a telephone number, a room")},
    {"close", NULL, N_("counsel.opt.close", "close these times; whoever took one sees that it is gone")},
    {"look", NULL, N_("counsel.opt.look", "ask the lab who took a time")},
    {0}};

static void say(struct buf *out, const char *text, size_t indent)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    for (size_t i = 0; i < indent; i++)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, text ? text : "");
    if (text)
        wrap_text(out, buf_text(&line), COLUMNS, indent);
}

static const char *clean(struct arena *arena, struct span text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LINE_MOST);
    utf8_clean(&out, text);
    return buf_keep(&out, arena);
}

/* The key ------------------------------------------------------------------------------------------------ */
static bool line_of(struct app *app, const char *option, const char *missing, struct span *out,
                    struct err *err)
{
    const char *given = cli_value(app->cli, option);
    AUTO_BUF struct buf tidy;
    buf_init(&tidy, 4 * NAME_MOST);
    if (!given || !*given)
        return fail(err, E_USAGE, "%s", missing);
    if (!plain_tidy(span_first(span_of(given), NAME_MOST), false, &tidy, err))
        return false;
    if (tidy.n == 0)
        return fail(err, E_USAGE, "%s", missing);
    *out = arena_span(app->arena, buf_span(&tidy));
    return out->p || fail_memory(err);
}

static bool entry_of(struct app *app, struct counsel_entry *out, struct err *err)
{
    const char *usage =
        tr("err.counsel.usage",
           "A counsellor's line needs a name, the lab, who employs you and where the key can be compared: "
           "`respite counsel --key NAME --at ADDRESS --employer NAME --where PLACE`.");
    const char *lab = cli_value(app->cli, "at"), *via;
    struct hours_board board;
    long weeks;
    *out = (struct counsel_entry){0};
    if (!lab || !*lab)
        return fail(err, E_USAGE, "%s", usage);
    if (!line_of(app, "key", usage, &out->name, err) ||
        !line_of(app, "employer", usage, &out->employer, err) ||
        !line_of(app, "where", usage, &out->place, err) ||
        !cli_number(app->cli, "weeks", 26, 1, 53, &weeks, err) ||
        !setting_get(app->db, app->arena, "via", "", &via, err) ||
        !hours_board(app->db, *via ? via : NULL, lab, app->arena, &board, err))
        return false;
    out->from = (day_t)(app->now / DAY);
    out->to = out->from + (day_t)weeks * 7 - 1;
    out->board = board.url;
    out->origin = board.origin;
    out->trial = board.trial;
    return true;
}

static bool key_said(struct app *app, struct err *err)
{
    struct counsel_self self;
    AUTO_BUF struct buf out, words;
    buf_init(&out, LINE_MOST);
    buf_init(&words, 4096);
    if (!counsel_self_load(app, &self, err))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:s,s:s}", "line", self.line, "words", self.words);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say(&out,
        tr("counsel.key.next", "Give this line to whoever keeps the lab: respite lab counsellor LINE. Put "
                               "the six words where you "
                               "said they can be compared. Your key stays on this computer."),
        0);
    buf_printf(&out, "\n%s\n\n", self.line);
    words_say(&words, tr("listen.words", "The key in six words: {words}"), {"words", self.words});
    say(&out, buf_text(&words), 0);
    if (!self.trial)
        say(&out, tr("counsel.key.wait", "It counts 72 hours after it is in the record."), 0);
    return cmd_print(&out, err);
}

static bool make_key(struct app *app, struct err *err)
{
    struct counsel_entry want;
    return entry_of(app, &want, err) && counsel_key(app, &want, err) && key_said(app, err);
}

/* Times -------------------------------------------------------------------------------------------------- */
struct changing {
    struct app *app;
    bool open;
    long minutes;
    struct span by;
};

static bool change_work(struct db *db, void *arg, struct err *err)
{
    const struct changing *c = arg;
    (void)db;
    for (size_t i = 0; i < c->app->cli->words_n; i++) {
        int64_t at;
        if (!time_read(span_of(c->app->cli->words[i]), &at, err) ||
            !(c->open ? counsel_open(c->app, at, c->minutes, c->by, err) : counsel_close(c->app, at, err)))
            return false;
    }
    return true;
}

static bool change(struct app *app, struct err *err)
{
    struct counsel_self self;
    struct changing c = {.app = app, .open = cli_has(app->cli, "open")};
    int weeks;
    const char *by = cli_value(app->cli, "by");
    if (!counsel_self_load(app, &self, err) ||
        !cli_number(app->cli, "minutes", COUNSEL_MINUTES, 5, 480, &c.minutes, err))
        return false;
    if (!self.has_key || !self.there)
        return counsel_no_key(err);
    if (c.open && app->cli->words_n && !by)
        return fail(err, E_USAGE,
                    tr("err.counsel.by",
                       "Say how you meet, as in `--by \"telephone 030 1234\"` or `--by \"room 2.14\"`."));
    c.by = span_of(by ? by : "");
    return db_write(app->db, change_work, &c, err) && counsel_publish(app, &weeks, err);
}

/* How things stand --------------------------------------------------------------------------------------- */
static bool time_json(struct app *app, const struct counsel_time *t, json_t *list, struct err *err)
{
    char at[24], hex[33];
    item_hex(t->slot, hex);
    json_t *o = json_pack("{s:s,s:s,s:I,s:I,s:o,s:b,s:b}", "slot", hex, "time", time_text(t->begins, at),
                          "from", (json_int_t)t->begins, "to", (json_int_t)t->until, "by", json_shown(t->by),
                          "open", t->shown, "taken", t->came);
    (void)app;
    if (!o || json_array_append_new(list, o) != 0)
        return fail_memory(err);
    return !t->came ||
           (json_object_set_new(o, "name", json_shown(name_word(words_lang(), t->named))) == 0 &&
            json_object_set_new(o, "words", json_shown(t->words)) == 0 &&
            json_object_set_new(o, "letters", json_integer(t->conversation)) == 0) ||
           fail_memory(err);
}

static bool state_json(struct app *app, const struct counsel_self *s, struct buf *out, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *o =
        json_pack("{s:b,s:s,s:s,s:o}", "counsellor", s->has_key && s->there, "lab", s->there ? s->origin : "",
                  "words", s->has_key ? s->words : "", "times", list);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < s->times.n; i++)
        if (!time_json(app, &s->times.at[i], list, err))
            return false;
    return json_write(o, out, err);
}

static void time_print(struct app *app, const struct counsel_time *t, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    words_say(&line, tr("counsel.row", "{time}, {n} minutes, {how}"),
              {"time", time_said(app->arena, t->begins)},
              {"n", say_number(app->arena, (t->until - t->begins) / 60)}, {"how", clean(app->arena, t->by)});
    say(out, buf_text(&line), 0);
    if (!t->shown)
        say(out, tr("counsel.not_shown", "The board does not have it yet: respite counsel --open"), 3);
    if (!t->came) {
        say(out, tr("counsel.free", "Nobody has taken it."), 3);
        return;
    }
    buf_reset(&line);
    words_say(&line, tr("counsel.came", "Taken by {name}."),
              {"name", clean(app->arena, name_word(words_lang(), t->named))});
    say(out, buf_text(&line), 3);
    if (t->words.n)
        say(out, clean(app->arena, t->words), 5);
}

static bool state_said(struct app *app, struct err *err)
{
    struct counsel_self s;
    AUTO_BUF struct buf out, line;
    buf_init(&out, OUT_MOST);
    buf_init(&line, 4096);
    if (!counsel_self_load(app, &s, err))
        return false;
    if (cli_has(app->cli, "json"))
        return state_json(app, &s, &out, err) && cmd_print(&out, err);
    if (!s.has_key || !s.there) {
        say(&out,
            tr("counsel.none_yet", "You are not a counsellor. To become one: respite counsel --key NAME --at "
                                   "ADDRESS --employer NAME --where PLACE"),
            0);
        return cmd_print(&out, err);
    }
    words_say(&line, tr("counsel.at", "{name}, at {lab}. The key in six words: {words}"),
              {"name", clean(app->arena, span_of(s.name))}, {"lab", s.origin}, {"words", s.words});
    say(&out, buf_text(&line), 0);
    for (size_t i = 0; i < s.times.n; i++)
        time_print(app, &s.times.at[i], &out);
    if (s.times.n == 0)
        say(&out,
            tr("counsel.no_times", "No times are open. To open some: respite counsel --open --by HOW "
                                   "2026-11-26T14:00"),
            0);
    say(&out,
        tr("counsel.over", "Who came is forgotten, here and at the lab, when the time is over; letters stay "
                           "here 14 days: respite counsel letters"),
        0);
    return cmd_print(&out, err);
}

int cmd_counsel(struct app *app)
{
    struct err err = {0};
    bool changes = cli_has(app->cli, "open") || cli_has(app->cli, "close"), ok;
    if (app->cli->words_n && !changes)
        ok = fail(&err, E_USAGE,
                  tr("err.counsel.words", "Times come with --open or --close, as in `respite counsel --open "
                                          "--by HOW 2026-11-26T14:00`."));
    else
        ok = counsel_forget(app, &err);
    if (ok && cli_has(app->cli, "key"))
        ok = make_key(app, &err);
    else if (ok)
        ok = (!changes || change(app, &err)) && (!cli_has(app->cli, "look") || counsel_fetch(app, &err)) &&
             state_said(app, &err);
    return ok ? 0 : cmd_failed(&err);
}
