/* Letters in a terminal. What others wrote is cleaned for it and never obeyed by it. */
#include "speak/letters_say.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/anon_cmd.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "speak/letters.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { COLUMNS = 80, LINE_MOST = 64 * 1024 };

void say_line(struct buf *out, const char *text, size_t indent)
{
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    for (size_t i = 0; i < indent; i++)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, text ? text : "");
    if (text)
        wrap_text(out, buf_text(&line), COLUMNS, indent);
}

static void say_words_of_others(struct buf *out, struct span text, size_t indent)
{
    struct span line;
    while (text.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, LINE_MOST);
        span_cut(&text, '\n', &line);
        utf8_clean(&clean, line);
        say_line(out, buf_text(&clean), indent);
    }
}

static const char *day_said(struct app *app, day_t day)
{
    return say_day(app->arena, day);
}

void talk_say(struct app *app, const struct conversation *c, struct buf *out)
{
    AUTO_BUF struct buf line;
    char id[24];
    buf_init(&line, 4096);
    snprintf(id, sizeof id, "%" PRId64, c->id);
    if (c->silent)
        words_say(&line, tr("letters.row.time", "{id}  {name}  a time was taken; nothing was written yet"),
                  {"id", id}, {"name", conversation_name(app->arena, c)});
    else if (c->waits)
        words_say(&line, tr("letters.row.waits", "{id}  {name}  wrote on {date}, and was not answered"),
                  {"id", id}, {"name", conversation_name(app->arena, c)}, {"date", day_said(app, c->last)});
    else
        words_say(&line, tr("letters.row", "{id}  {name}  the last letter is of {date}"), {"id", id},
                  {"name", conversation_name(app->arena, c)}, {"date", day_said(app, c->last)});
    say_line(out, buf_text(&line), 0);
    if (c->over)
        say_line(out, tr("letters.over", "Ended here."), 3);
}

json_t *talk_row_json(struct app *app, const struct conversation *c)
{
    char last[16];
    return json_pack("{s:I,s:s,s:s,s:s,s:b,s:b,s:s}", "id", (json_int_t)c->id, "name",
                     conversation_name(app->arena, c), "role", c->role, "side",
                     c->side == MAILBOX_ASKER ? "asker" : "helper", "waits", c->waits, "ended", c->over,
                     "last", day_text(c->last, last));
}

static bool letter_json(struct app *app, const struct letter_kept *k, json_t *list, struct err *err)
{
    char day[16] = "";
    const char *said;
    bool again;
    if (!letter_state(app, k, &said, &again, err))
        return false;
    if (k->day)
        day_text(k->day, day);
    json_t *o = json_pack("{s:b,s:I,s:s,s:o,s:b,s:b}", "own", k->own, "n", (json_int_t)k->n, "day", day,
                          "text", json_shown(k->text), "asks", k->asks, "gap", k->gap);
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

bool talk_json(struct app *app, const struct conversation *c, const struct letters_kept *kept,
               struct buf *out, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *o = talk_row_json(app, c);
    if (!o || json_object_set_new(o, "letters", list) != 0)
        return fail_memory(err);
    for (size_t i = 0; i < kept->n; i++)
        if (!letter_json(app, &kept->at[i], list, err))
            return false;
    return json_write(o, out, err);
}

bool letter_say(struct app *app, const struct conversation *c, const struct letter_kept *k, const char *asks,
                struct buf *out, struct err *err)
{
    const char *said;
    bool again;
    AUTO_BUF struct buf line;
    buf_init(&line, 8192);
    if (!letter_state(app, k, &said, &again, err))
        return false;
    say_line(out, letter_gap(k), 0);
    const char *who = k->own ? tr("letters.you", "You") : conversation_name(app->arena, c);
    if (k->day)
        words_say(&line, tr("said.name_day", "{name}, {day}"), {"name", who}, {"day", day_said(app, k->day)});
    else
        buf_add_text(&line, who);
    say_line(out, buf_text(&line), 0);
    say_words_of_others(out, k->text, 4);
    say_line(out, said, 4);
    if (asks) {
        buf_reset(&line);
        words_say(&line, tr("letters.asks", "Asks whether to pass this on together, to {name}."),
                  {"name", asks});
        say_line(out, buf_text(&line), 4);
    }
    return true;
}

bool words_typed(struct app *app, size_t from, struct buf *out, struct err *err)
{
    const struct cli *cli = app->cli;
    if (cli->words_n == from + 1 && strcmp(cli->words[from], "-") == 0)
        return input_read(out, err);
    for (size_t i = from; i < cli->words_n; i++) {
        if (i > from)
            buf_add_byte(out, ' ');
        buf_add_text(out, cli->words[i]);
    }
    return buf_ok(out, err);
}

bool ok_said(struct app *app, const char *sentence, int64_t conversation, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LINE_MOST);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = json_pack("{s:b,s:I}", "ok", 1, "id", (json_int_t)conversation);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say_line(&out, sentence, 0);
    return cmd_print(&out, err);
}
