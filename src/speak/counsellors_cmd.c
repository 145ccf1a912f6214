/* counsellors: whose hours are open, taking a time and giving it back. A list shows what is here; --look asks
 * the lab. Taking and giving back leave at once, because the person asks for it. */
#include <stdio.h>

#include "anon/anon_cmd.h"
#include "anon/item.h"
#include "anon/mark.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "speak/as_of.h"
#include "speak/counsel.h"
#include "speak/counsel_cmd.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/word_list.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 20, LINE_MOST = 16 * 1024, COLUMNS = 80 };

const struct cli_option counsellors_options[] = {
    {"look", NULL,
     N_("letters.opt.look", "fetch what is new first; the lab then sees that this computer was on")},
    {"give-back", "N", N_("counsellors.opt.back", "give the time of this number back; no reason is needed")},
    {"calendar", "N",
     N_("counsellors.opt.calendar", "print the time of this number as a calendar file (.ics)")},
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

/* The list ----------------------------------------------------------------------------------------------- */
static void say_slots(struct app *app, const struct counsellor *w, struct buf *out)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct counsel_slot *s = &w->at[i];
        AUTO_BUF struct buf line;
        buf_init(&line, LINE_MOST);
        buf_printf(&line, "%zu  %s  %s%s", s->number, time_said(app->arena, s->from),
                   counsel_how(app->arena, s->by), s->taken ? "  " : "");
        if (s->taken)
            buf_add_text(&line, tr("counsel.taken", "taken"));
        say(out, buf_text(&line), 2);
    }
}

static void say_counsellor(struct app *app, const struct counsellor *w, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    words_say(&line, tr("counsel.who", "{name}, employed by {employer}. In the record since {date}."),
              {"name", w->name}, {"employer", w->employer}, {"date", say_day(app->arena, w->since)});
    say(out, buf_text(&line), 0);
    buf_reset(&line);
    words_say(&line, tr("listen.words", "The key in six words: {words}"), {"words", w->words});
    say(out, buf_text(&line), 2);
    buf_reset(&line);
    words_say(&line, tr("counsel.compare", "Compare them at {where}."), {"where", w->where});
    say(out, buf_text(&line), 2);
    say_slots(app, w, out);
}

static void say_mine(struct app *app, const struct counsel_mine *m, struct buf *out)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    words_say(&line, tr("counsel.yours", "Yours: {time}, {how}, with {name}."),
              {"time", time_said(app->arena, m->begins)}, {"how", counsel_how(app->arena, m->how)},
              {"name", m->name});
    say(out, buf_text(&line), 0);
    say(out, counsel_named(app->arena, m), 2);
    say(out, counsel_state_said(app->arena, m), 2);
    if (counsel_can_write(m)) {
        buf_reset(&line);
        words_say(&line, tr("counsel.write", "To write to them: respite letters {n} TEXT"),
                  {"n", say_number(app->arena, m->conversation)});
        say(out, buf_text(&line), 2);
    }
}

static bool list_said(struct app *app, const struct counsel *c, struct err *err)
{
    AUTO_BUF struct buf out;
    struct as_of when;
    buf_init(&out, OUT_MOST);
    if (!as_of_load(app, &when, err))
        return false;
    for (size_t i = 0; i < c->mine.n; i++)
        say_mine(app, &c->mine.at[i], &out);
    for (size_t i = 0; i < c->all.n; i++)
        say_counsellor(app, &c->all.at[i], &out);
    if (c->this_week == 0)
        say(&out, when.at ? counsel_none(app, c) : tr("counsel.wait", "If you cannot wait: Help now."), 0);
    if (c->this_week == 0)
        say(&out, tr("help.how", "Help now, here: respite helpnow"), 0);
    say(&out, counsel_what(), 0);
    as_of_say(&when, cli_has(app->cli, "look"), "respite counsellors --look", &out);
    return cmd_print(&out, err);
}

/* JSON --------------------------------------------------------------------------------------------------- */
static bool put_slot(const struct counsel_slot *s, json_t *list, struct err *err)
{
    char hex[33], at[24];
    item_hex(s->slot, hex);
    json_t *o = json_pack("{s:I,s:s,s:s,s:I,s:I,s:o,s:b}", "n", (json_int_t)s->number, "slot", hex, "time",
                          time_text(s->from, at), "from", (json_int_t)s->from, "to", (json_int_t)s->to, "by",
                          json_shown(s->by), "taken", s->taken);
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

static bool put_counsellor(const struct counsellor *w, json_t *list, struct err *err)
{
    json_t *slots = json_array();
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:o}", "name", w->name, "employer", w->employer, "where",
                          w->where, "words", w->words, "times", slots);
    if (!o || json_array_append_new(list, o) != 0)
        return fail_memory(err);
    for (size_t i = 0; i < w->n; i++)
        if (!put_slot(&w->at[i], slots, err))
            return false;
    return true;
}

static bool put_mine(struct app *app, const struct counsel_mine *m, json_t *list, struct err *err)
{
    char hex[33], at[24];
    item_hex(m->slot, hex);
    json_t *o =
        json_pack("{s:s,s:s,s:o,s:s,s:o,s:s,s:I}", "slot", hex, "time", time_text(m->begins, at), "by",
                  json_shown(m->how), "with", m->name, "name", json_shown(name_word(words_lang(), m->named)),
                  "state", counsel_state_name(m->state), "letters",
                  counsel_can_write(m) ? (json_int_t)m->conversation : (json_int_t)0);
    (void)app;
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

static bool list_json(struct app *app, const struct counsel *c, struct err *err)
{
    AUTO_BUF struct buf out;
    json_t *all = json_array(), *mine = json_array();
    AUTO_JSON json_t *o =
        json_pack("{s:o,s:o,s:I}", "counsellors", all, "yours", mine, "open", (json_int_t)c->open);
    buf_init(&out, OUT_MOST);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < c->all.n; i++)
        if (!put_counsellor(&c->all.at[i], all, err))
            return false;
    for (size_t i = 0; i < c->mine.n; i++)
        if (!put_mine(app, &c->mine.at[i], mine, err))
            return false;
    return json_write(o, &out, err) && cmd_print(&out, err);
}

/* Acts --------------------------------------------------------------------------------------------------- */
static bool said_so(struct app *app, const char *sentence, const char *state, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LINE_MOST);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:b,s:s}", "ok", 1, "state", state);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say(&out, sentence, 0);
    return cmd_print(&out, err);
}

static bool numbered(const struct counsel *c, const char *text, const struct counsel_slot **out,
                     struct err *err)
{
    struct span rest = span_of(text);
    const struct counsellor *w;
    uint64_t n;
    if (!scan_u64(&rest, &n, SIZE_MAX) || !scan_end(&rest))
        return fail(err, E_USAGE,
                    tr("err.counsel.number",
                       "A time is named by its number in the list: `respite counsellors "
                       "2`, and with words for the counsellor: `respite counsellors 2 "
                       "TEXT`."));
    *out = counsel_numbered(c, (size_t)n, &w);
    return *out || fail(err, E_MISSING, tr("err.counsel.no_number", "There is no time of that number."));
}

static bool text_of(struct app *app, struct buf *out, struct err *err)
{
    const struct cli *cli = app->cli;
    if (cli->words_n == 2 && strcmp(cli->words[1], "-") == 0)
        return input_read(out, err);
    for (size_t i = 1; i < cli->words_n; i++) {
        if (i > 1)
            buf_add_byte(out, ' ');
        buf_add_text(out, cli->words[i]);
    }
    return buf_ok(out, err);
}

static bool send(struct app *app, const struct counsel *c, int64_t outbox, const uint8_t slot[static 16],
                 struct err *err)
{
    int sent;
    return turn_spend(app, c->known, outbox, &sent, err) && counsel_after(app, slot, err);
}

static bool take(struct app *app, const struct counsel *c, struct err *err)
{
    const struct counsel_slot *s;
    int64_t outbox;
    AUTO_BUF struct buf words;
    buf_init(&words, 256 * 1024);
    return numbered(c, app->cli->words[0], &s, err) && text_of(app, &words, err) &&
           counsel_take_slot(app, c, s->slot, buf_span(&words), &outbox, err) &&
           send(app, c, outbox, s->slot, err) &&
           said_so(app,
                   tr("counsel.took", "The time is yours. The counsellor sees a made-up name, the time, "
                                      "and what you wrote."),
                   "yours", err);
}

static bool give_back(struct app *app, const struct counsel *c, struct err *err)
{
    const struct counsel_slot *s;
    int64_t outbox;
    if (!numbered(c, cli_value(app->cli, "give-back"), &s, err) ||
        !counsel_give(app, c, s->slot, &outbox, err) || (outbox && !send(app, c, outbox, s->slot, err)))
        return false;
    return said_so(app,
                   tr("counsel.gave", "Given back. Others can take it from the next time on that the "
                                      "board publishes."),
                   "given", err);
}

static bool calendar(struct app *app, const struct counsel *c, struct err *err)
{
    const struct counsel_slot *s;
    AUTO_BUF struct buf out;
    buf_init(&out, LINE_MOST);
    if (!numbered(c, cli_value(app->cli, "calendar"), &s, err))
        return false;
    const struct counsel_mine *m = counsel_mine_of(c, s->slot);
    if (!m || m->state == COUNSEL_GIVEN || m->state == COUNSEL_BACK)
        return fail(err, E_MISSING, tr("err.counsel.not_yours", "You have not taken this time."));
    return counsel_calendar(c, m, &out, err) && cmd_print(&out, err);
}

static bool run(struct app *app, const struct known *known, struct err *err)
{
    struct counsel c;
    bool ok = counsel_load(app, known, &c, err) && (cli_has(app->cli, "give-back")  ? give_back(app, &c, err)
                                                    : cli_has(app->cli, "calendar") ? calendar(app, &c, err)
                                                    : app->cli->words_n > 0         ? take(app, &c, err)
                                                    : cli_has(app->cli, "json")     ? list_json(app, &c, err)
                                                                                : list_said(app, &c, err));
    counsel_clear(&c);
    return ok;
}

int cmd_counsellors(struct app *app)
{
    struct err err = {0};
    struct known *known;
    int items;
    bool writes = app->cli->words_n > 0 || cli_has(app->cli, "give-back");
    bool ok =
        known_need(app, &known, &err) && (!writes || mark_step(app->db, app->paths, &err)) &&
        (!(cli_has(app->cli, "look") || (writes && known->trial)) || turn_look(app, known, &items, &err)) &&
        run(app, known, &err);
    return ok ? 0 : cmd_failed(&err);
}
