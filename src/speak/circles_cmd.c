/* circles: those there are, one of them, and taking part. What others wrote is cleaned for a terminal. A list
 * shows what is here; --look asks the lab. */
#include "speak/circles_cmd.h"
#include "speak/as_of.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/anon_cmd.h"
#include "anon/item.h"
#include "anon/mark.h"
#include "anon/outbox_db.h"
#include "anon/turn.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "codec/utf8.h"
#include "speak/circle_talk.h"
#include "speak/moderate_pages.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 16 << 20, COLUMNS = 80, LINE_MOST = 64 * 1024, TYPED = 256 * 1024, SHOWN = 50, DIGITS = 8 };

const struct cli_option circles_options[] = {
    {"find", "WORDS", N_("circles.opt.find", "those whose theme has these words")},
    {"hidden", NULL, N_("circles.opt.hidden", "show hidden words too, each with its reason")},
    {"look", NULL, N_("circles.opt.look", "fetch what is new first; the lab sees that you are on")},
    {"now", NULL, N_("circles.opt.now", "let it leave at once, not at a drawn moment")},
    {"theme", "THEME", N_("circles.opt.open", "open a circle around it; TEXT is a line beside")},
    {"join", NULL, N_("circles.opt.ask", "ask to join; everybody in the lab can read TEXT")},
    {"say-yes", "NAME", N_("circles.opt.yes", "say yes to somebody who asks to join")},
    {"say-no", "NAME", N_("circles.opt.no", "say that somebody who is in should not be")},
    {"leave", NULL, N_("circles.opt.leave", "leave it, or take an ask back; no reason is needed")},
    {"meet", "TIME",
     N_("circles.opt.meet", "tell the others when: \"2026-12-02 15:00\"; \"none\": not at all")},
    {"minutes", "N", N_("circles.opt.minutes", "how long a meeting lasts (60)")},
    {"every", "WEEKS", N_("circles.opt.every", "how many weeks lie between two meetings (1)")},
    {"times", "N", N_("circles.opt.times", "how many meetings there are (4)")},
    {"feed", "on|off", N_("circles.opt.feed", "let its meetings stand in your own calendar feed")},
    {"ics", NULL, N_("circles.opt.calendar", "print its meetings as a calendar file (.ics)")},
    {0}};

/* Saying --------------------------------------------------------------------------------------------- */
static void say(struct buf *out, const char *text, size_t indent)
{
    AUTO_BUF struct buf line;
    if (!text || !*text)
        return;
    buf_init(&line, LINE_MOST);
    for (size_t i = 0; i < indent; i++)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, text);
    wrap_text(out, buf_text(&line), COLUMNS, indent);
}

static void say_others(struct buf *out, struct span text, size_t indent)
{
    struct span line;
    while (text.n) {
        AUTO_BUF struct buf clean;
        buf_init(&clean, LINE_MOST);
        span_cut(&text, '\n', &line);
        utf8_clean(&clean, line);
        say(out, buf_text(&clean), indent);
    }
}

static const char *digits_of(struct arena *arena, const struct circle *c)
{
    char hex[33];
    item_hex(c->id, hex);
    return arena_text(arena, (struct span){hex, DIGITS});
}

/* Why they are hidden, and whether they are shown all the same. */
static bool say_hidden(struct app *app, const struct moderate_state *hidden, size_t indent, struct buf *out)
{
    bool shown = !hidden || cli_has(app->cli, "hidden");
    if (hidden)
        say(out, decided_say(app, hidden), indent);
    if (!shown && !hidden->dropped)
        say(out, tr("circles.hidden.how", "To read it: respite circles --hidden"), indent);
    return shown;
}

static void say_theme(struct app *app, const struct circles_here *h, const struct circle *c, struct buf *out)
{
    const struct moderate_state *hidden = circle_hidden(h, c->id);
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MOST);
    buf_printf(&line, "%s  ", digits_of(app->arena, c));
    if (hidden && !(cli_has(app->cli, "hidden") && c->theme.n))
        buf_add_text(&line, tr("circles.words_hidden", "(a circle whose words are hidden)"));
    else
        utf8_clean(&line, c->theme);
    say(out, buf_text(&line), 0);
    if (say_hidden(app, hidden, DIGITS + 2, out))
        say_others(out, c->line, DIGITS + 2);
    say(out, circle_size_said(app, c), DIGITS + 2);
}

static void say_row(struct app *app, const struct circles_here *h, const struct circle *c, struct buf *out)
{
    const struct circle_own *own = circle_mine(h, c);
    say_theme(app, h, c, out);
    if (own)
        say(out, circle_place_said(own->place), DIGITS + 2);
}

/* Those of one's own that are not published, so that no list has them. */
static bool say_pending(struct app *app, const struct circles_here *h, struct buf *out, struct err *err)
{
    for (size_t i = 0; i < h->own.n; i++) {
        const struct circle_own *own = &h->own.at[i];
        const char *state;
        bool refused;
        if (own->place != PLACE_OPENS && own->place != PLACE_ASKS)
            continue;
        if (!circle_act_state(app, own->outbox, &state, &refused, err))
            return false;
        say(out, circle_place_said(own->place), 0);
        say(out, state, 2);
    }
    return true;
}

/* JSON ----------------------------------------------------------------------------------------------- */
/* Hidden words stay; that they are hidden, and why, stands beside them, as of a post. */
static json_t *with_reason(json_t *o, const struct moderate_state *hidden)
{
    if (o && hidden &&
        (json_object_set_new(o, "reason", json_shown(hidden->reason)) != 0 ||
         json_object_set_new(o, "entry", json_integer(hidden->entry)) != 0)) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static json_t *circle_json(struct app *app, const struct circles_here *h, const struct circle *c)
{
    const struct circle_own *own = circle_mine(h, c);
    char hex[33], day[16];
    const struct moderate_state *hidden = circle_hidden(h, c->id);
    (void)app;
    item_hex(c->id, hex);
    return with_reason(json_pack("{s:s,s:o,s:o,s:s,s:I,s:b,s:b,s:s,s:b}", "id", hex, "theme",
                                 json_shown(c->theme), "line", json_shown(c->line), "day",
                                 day_text(c->day, day), "members", (json_int_t)c->n, "full",
                                 c->n == CIRCLE_MOST, "begun", c->n >= CIRCLE_LEAST, "place",
                                 own ? circle_place_name(own->place) : "none", "hidden", hidden != NULL),
                       hidden);
}

static bool add(json_t *list, json_t *o, struct err *err)
{
    return (o && json_array_append_new(list, o) == 0) || fail_memory(err);
}

static bool list_json(struct app *app, const struct circles_here *h, const struct circle_list *all,
                      struct buf *out, struct err *err)
{
    json_t *list = json_array(), *pending = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o,s:o}", "circles", list, "pending", pending);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < all->n; i++)
        if (!add(list, circle_json(app, h, all->at[i]), err))
            return false;
    for (size_t i = 0; i < h->own.n; i++) {
        const struct circle_own *own = &h->own.at[i];
        const char *state;
        bool refused;
        if (own->place != PLACE_OPENS && own->place != PLACE_ASKS)
            continue;
        if (!circle_act_state(app, own->outbox, &state, &refused, err) ||
            !add(pending, json_pack("{s:s,s:b}", "place", circle_place_name(own->place), "refused", refused),
                 err))
            return false;
    }
    return json_write(o, out, err);
}

static bool people_json(struct app *app, const struct circles_here *h, const struct circle *c, json_t *o,
                        struct err *err)
{
    const struct circle_own *own = circle_mine(h, c);
    json_t *in = json_array(), *asks = json_array();
    char day[16];
    if (json_object_set_new(o, "people", in) != 0 || json_object_set_new(o, "asks", asks) != 0)
        return fail_memory(err);
    for (size_t i = 0; i < c->n; i++) {
        const struct circle_member *m = &c->member[i];
        if (!add(in,
                 json_pack("{s:s,s:s,s:b}", "name", circle_name(app->arena, m->word, m->number), "since",
                           day_text(m->since, day), "own", own && memcmp(own->pk, m->pk, 32) == 0),
                 err))
            return false;
    }
    for (size_t i = 0; i < c->askers.n; i++) {
        const struct circle_asker *a = &c->askers.at[i];
        const struct moderate_state *hidden = circle_hidden(h, a->id);
        char hex[33];
        item_hex(a->id, hex);
        json_t *one = json_pack("{s:s,s:s,s:o,s:s,s:I,s:I,s:b,s:b}", "id", hex, "name",
                                circle_name(app->arena, a->who.word, a->who.number), "line",
                                json_shown(a->line), "day", day_text(a->who.since, day), "yes",
                                (json_int_t)circle_yes(c, a), "need", (json_int_t)c->need, "own",
                                own && memcmp(own->pk, a->who.pk, 32) == 0, "hidden", hidden != NULL);
        if (!add(asks, with_reason(one, hidden), err))
            return false;
    }
    return true;
}

static bool talk_json(const struct circle_own *own, const struct meets *meets,
                      const struct circle_saids *said, json_t *o, struct err *err)
{
    json_t *times = json_array(), *letters = json_array();
    if (json_object_set_new(o, "meetings", times) != 0 || json_object_set_new(o, "letters", letters) != 0 ||
        json_object_set_new(o, "in_feed", json_boolean(own->feed)) != 0)
        return fail_memory(err);
    for (size_t i = 0; i < meets->count; i++)
        if (!add(times,
                 json_pack("{s:I,s:I}", "from", (json_int_t)meets->at[i].from, "until",
                           (json_int_t)meets->at[i].until),
                 err))
            return false;
    for (size_t i = 0; i < said->n; i++) {
        const struct circle_said *s = &said->at[i];
        char day[16] = "";
        if (s->day)
            day_text(s->day, day);
        if (!add(letters,
                 json_pack("{s:b,s:s,s:s,s:o,s:I,s:I}", "own", s->own, "name", s->name, "day", day, "text",
                           json_shown(s->text), "to", (json_int_t)s->to, "waiting", (json_int_t)s->waits),
                 err))
            return false;
    }
    return true;
}

/* One ------------------------------------------------------------------------------------------------ */
static void say_people(struct app *app, const struct circles_here *h, const struct circle *c, struct buf *out)
{
    const struct circle_own *own = circle_mine(h, c);
    for (size_t i = 0; i < c->n; i++) {
        const struct circle_member *m = &c->member[i];
        AUTO_BUF struct buf line;
        buf_init(&line, 1000);
        words_say(
            &line,
            own && memcmp(own->pk, m->pk, 32) == 0 ? tr("circles.you", "{name}, that is you, since {date}")
                                                   : tr("circles.member", "{name}, since {date}"),
            {"name", circle_name(app->arena, m->word, m->number)}, {"date", say_day(app->arena, m->since)});
        say(out, buf_text(&line), 2);
    }
    for (size_t i = 0; i < c->askers.n; i++) {
        const struct circle_asker *a = &c->askers.at[i];
        AUTO_BUF struct buf line;
        char yes[24], need[24];
        buf_init(&line, 1000);
        snprintf(yes, sizeof yes, "%zu", circle_yes(c, a));
        snprintf(need, sizeof need, "%zu", c->need);
        words_say(&line, tr("circles.asker", "{name} asks to join. {yes} of {need} said yes."),
                  {"name", circle_name(app->arena, a->who.word, a->who.number)}, {"yes", yes},
                  {"need", need});
        say(out, buf_text(&line), 2);
        if (say_hidden(app, circle_hidden(h, a->id), 4, out))
            say_others(out, a->line, 4);
    }
    if (c->askers.n && own && own->place == PLACE_IN)
        say(out,
            tr("circles.newcomer",
               "A newcomer may be anyone in the lab, also a manager. Names here are made up. "
               "What was said before stays with those who were in."),
            2);
}

static void say_talk(struct app *app, const struct meets *meets, const struct circle_saids *said,
                     struct buf *out)
{
    for (size_t i = 0; i < meets->count; i++)
        if (meets->at[i].until > app->now)
            say(out, meet_said(app->arena, &meets->at[i]), 2);
    for (size_t i = 0; i < said->n; i++) {
        const struct circle_said *s = &said->at[i];
        AUTO_BUF struct buf line;
        buf_init(&line, 1000);
        const char *who = s->own ? tr("letters.you", "You") : s->name;
        if (s->day)
            words_say(&line, tr("said.name_day", "{name}, {day}"), {"name", who},
                      {"day", say_day(app->arena, s->day)});
        else
            buf_add_text(&line, who);
        say(out, buf_text(&line), 0);
        say_others(out, s->text, 4);
        if (!s->text.n)
            say(out, tr("circles.told", "About when to meet."), 4);
        if (s->waits)
            say(out,
                tr("circles.letter.waits", "It waits or is on its way; each of the others gets one of its "
                                           "own, at another moment."),
                4);
        if (s->failed)
            say(out, tr("circles.letter.failed", "The board did not take one of these letters."), 4);
    }
}

static bool read_one(struct app *app, const struct circles_here *h, const struct circle *c, struct err *err)
{
    const struct circle_own *own = circle_mine(h, c);
    struct meets meets = {0};
    struct circle_saids said = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (own && (!circle_meets_load(app->db, own->seed, &meets, err) || !circle_read(app, own, &said, err)))
        return false;
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o = circle_json(app, h, c);
        return (o || fail_memory(err)) && people_json(app, h, c, o, err) &&
               (!own || talk_json(own, &meets, &said, o, err)) && json_write(o, &out, err) &&
               cmd_print(&out, err);
    }
    say_row(app, h, c, &out);
    say_people(app, h, c, &out);
    if (own)
        say_talk(app, &meets, &said, &out);
    say(&out, tr("letters.days", "Letters are removed from both computers 14 days after the last one."), 0);
    return cmd_print(&out, err);
}

static bool list_all(struct app *app, const struct circles_here *h, struct err *err)
{
    const char *words = cli_value(app->cli, "find");
    struct circle_list all = {0};
    struct as_of when;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!circles_find(app, h, words, &all, err))
        return false;
    if (cli_has(app->cli, "json"))
        return list_json(app, h, &all, &out, err) && cmd_print(&out, err);
    if (!as_of_load(app, &when, err) || !say_pending(app, h, &out, err))
        return false;
    for (size_t i = 0; i < all.n && i < SHOWN; i++)
        say_row(app, h, all.at[i], &out);
    if (all.n == 0 && when.at)
        say(&out,
            words ? tr("circles.none.found", "There is no circle with these words here.")
                  : tr("circles.none", "There is no circle here yet. One begins with a theme."),
            0);
    say(&out,
        all.n > SHOWN ? tr("circles.more", "These are the first 50. --find WORDS looks through all.")
                      : tr("circles.end", "That is all."),
        0);
    as_of_say(&when, cli_has(app->cli, "look"), "respite circles --look", &out);
    return cmd_print(&out, err);
}

/* Acting --------------------------------------------------------------------------------------------- */
static bool text_of(struct app *app, size_t from, struct buf *out, struct err *err)
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

static bool said_so(struct app *app, const char *sentence, size_t letters, size_t away, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LINE_MOST);
    if (cli_has(app->cli, "json")) {
        AUTO_JSON json_t *o =
            json_pack("{s:b,s:I,s:I}", "ok", 1, "letters", (json_int_t)letters, "away", (json_int_t)away);
        return (o || fail_memory(err)) && json_write(o, &out, err) && cmd_print(&out, err);
    }
    say(&out, sentence, 0);
    if (away)
        say(&out,
            say_counted(app->arena,
                        trn("circles.away", "{n} of the others gave no sign for weeks, and gets none.",
                            "{n} of the others gave no sign for weeks, and get none.", (unsigned long)away),
                        (int64_t)away),
            0);
    return cmd_print(&out, err);
}

/* Into the outbox they went: send them when they are to leave at once, and say how it stands. */
static bool after(struct app *app, const struct circles_here *h, const int64_t *ids, size_t n, size_t away,
                  bool letters, struct err *err)
{
    bool now = cli_has(app->cli, "now") || h->known->trial, kept = n > 0;
    int sent;
    for (size_t i = 0; i < n; i++) {
        const char *state;
        bool refused;
        struct outbox one = {0};
        if (now && !turn_spend(app, h->known, ids[i], &sent, err))
            return false;
        if (!circle_act_state(app, ids[i], &state, &refused, err) ||
            !outbox_list(app->db, app->arena, ids[i], &one, err))
            return false;
        if (refused)
            return fail(err, E_REFUSED, "%s", state);
        kept = kept && one.n == 1 && one.at->state == ACT_KEPT;
    }
    const char *said = kept ? letters
                                  ? tr("circles.letters.left", "They have left, one for each of the others.")
                                  : tr("circles.on_board", "It has left, and is published with the next "
                                                           "batch.")
                            : tr("post.leaves", "It leaves some time in the next 12 sending hours (Monday to "
                                                "Friday, 9:00 to 18:00).");
    return said_so(app, said, letters ? n : 0, away, err);
}

static bool ready(struct app *app, const struct circles_here *h, struct err *err)
{
    const char *hindered = circles_hindered(h, cli_has(app->cli, "now"));
    return !hindered || fail(err, E_REFUSED, "%s", hindered);
}

static bool open_one(struct app *app, const struct circles_here *h, struct err *err)
{
    int64_t outbox;
    AUTO_BUF struct buf line;
    buf_init(&line, TYPED);
    return ready(app, h, err) && text_of(app, 0, &line, err) &&
           circles_open(app, h, span_of(cli_value(app->cli, "theme")), buf_span(&line),
                        cli_has(app->cli, "now"), &outbox, err) &&
           after(app, h, &outbox, 1, 0, false, err);
}

static bool ask(struct app *app, const struct circles_here *h, const struct circle *c, struct err *err)
{
    int64_t outbox;
    AUTO_BUF struct buf line;
    buf_init(&line, TYPED);
    return ready(app, h, err) && text_of(app, 1, &line, err) &&
           circles_ask(app, h, c, buf_span(&line), cli_has(app->cli, "now"), &outbox, err) &&
           after(app, h, &outbox, 1, 0, false, err);
}

static bool say_of(struct app *app, const struct circles_here *h, const struct circle *c, bool yes,
                   struct err *err)
{
    int64_t outbox;
    uint8_t pk[32];
    return ready(app, h, err) &&
           circle_who(app, c, cli_value(app->cli, yes ? "say-yes" : "say-no"), pk, err) &&
           circles_say(app, h, c, pk, yes, cli_has(app->cli, "now"), &outbox, err) &&
           after(app, h, &outbox, 1, 0, false, err);
}

static bool not_in(struct err *err)
{
    return fail(err, E_REFUSED, tr("err.circles.not_in", "You are not in this circle."));
}

static bool leave(struct app *app, const struct circles_here *h, const struct circle_own *own,
                  struct err *err)
{
    int64_t outbox;
    if (!own)
        return not_in(err);
    if (!circles_leave(app, h, own, cli_has(app->cli, "now"), &outbox, err))
        return false;
    return outbox < 0 ? said_so(app, tr("circles.dropped", "It had not left this computer. Nothing is sent."),
                                0, 0, err)
                      : after(app, h, &outbox, 1, 0, false, err);
}

static bool number(struct app *app, const char *option, int64_t otherwise, int64_t *out, struct err *err)
{
    struct span text = span_of(cli_value(app->cli, option));
    uint64_t n;
    *out = otherwise;
    if (!text.n)
        return true;
    if (!scan_u64(&text, &n, 10000) || !scan_end(&text))
        return fail(err, E_USAGE, tr("err.circles.number", "--%s is followed by a number."), option);
    *out = (int64_t)n;
    return true;
}

/* A letter to all the others, with or without the times of meetings. */
static bool tell(struct app *app, const struct circles_here *h, const struct circle_own *own, struct err *err)
{
    struct circle_outs out;
    struct meets meets = {0};
    struct meet_wish wish = {.when = span_of(cli_value(app->cli, "meet"))};
    bool meet = cli_has(app->cli, "meet"), none = meet && span_is(wish.when, "none");
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED);
    if (!own)
        return not_in(err);
    if (!ready(app, h, err) || !text_of(app, 1, &text, err) ||
        !number(app, "minutes", 60, &wish.minutes, err) || !number(app, "every", 1, &wish.every, err) ||
        !number(app, "times", 4, &wish.times, err) ||
        (meet && !none && !meets_of(&wish, app->now, &meets, err)))
        return false;
    return circle_write(app, h, own, text.n ? buf_span(&text) : SPAN(""), meet ? &meets : NULL,
                        cli_has(app->cli, "now"), &out, err) &&
           after(app, h, out.id, out.n, out.away, true, err);
}

static bool feed(struct app *app, const struct circle_own *own, struct err *err)
{
    const char *turn = cli_value(app->cli, "feed");
    bool on = strcmp(turn, "on") == 0;
    if (!on && strcmp(turn, "off") != 0)
        return fail(err, E_USAGE, "%s",
                    tr("err.circles.feed", "Say on or off, as in `respite circles ID --feed on`."));
    if (!own)
        return not_in(err);
    return circles_feed(app, own, on, err) &&
           said_so(app,
                   on ? tr("circles.feed.on", "Its meetings stand in your own calendar feed, as “away”, when "
                                              "that is on: respite rest feed on")
                      : tr("circles.feed.off", "Its meetings stand in no calendar feed."),
                   0, 0, err);
}

static bool calendar(struct app *app, const struct circles_here *h, const struct circle_own *own,
                     struct err *err)
{
    struct meets meets;
    AUTO_BUF struct buf out;
    buf_init(&out, LINE_MOST);
    if (!own)
        return not_in(err);
    return circle_meets_load(app->db, own->seed, &meets, err) && circle_calendar(h, own, &meets, &out, err) &&
           cmd_print(&out, err);
}

static bool with_one(struct app *app, const struct circles_here *h, struct err *err)
{
    const struct cli *cli = app->cli;
    const struct circle *c;
    if (!circle_named(app, h, cli->words[0], &c, err))
        return false;
    const struct circle_own *own = circle_mine(h, c);
    if (cli_has(cli, "join"))
        return ask(app, h, c, err);
    if (cli_has(cli, "say-yes") || cli_has(cli, "say-no"))
        return say_of(app, h, c, cli_has(cli, "say-yes"), err);
    if (cli_has(cli, "leave"))
        return leave(app, h, own, err);
    if (cli_has(cli, "ics"))
        return calendar(app, h, own, err);
    if (cli_has(cli, "feed"))
        return feed(app, own, err);
    if (cli_has(cli, "meet") || cli->words_n > 1)
        return tell(app, h, own, err);
    return read_one(app, h, c, err);
}

/* Those of one's own that no list has can be taken back by --leave alone. */
static bool leave_pending(struct app *app, const struct circles_here *h, struct err *err)
{
    for (size_t i = 0; i < h->own.n; i++)
        if (h->own.at[i].place == PLACE_OPENS || h->own.at[i].place == PLACE_ASKS)
            return leave(app, h, &h->own.at[i], err);
    return fail(err, E_USAGE,
                tr("err.circles.leave", "Which circle is left is said by its number: `respite circles 3fa2 "
                                        "--leave`."));
}

static bool run(struct app *app, const struct known *known, struct err *err)
{
    struct circles_here h;
    const struct cli *cli = app->cli;
    bool ok = circles_load(app, known, cli_has(cli, "now"), &h, err) &&
              (cli_has(cli, "theme")   ? open_one(app, &h, err)
               : cli->words_n > 0      ? with_one(app, &h, err)
               : cli_has(cli, "leave") ? leave_pending(app, &h, err)
                                       : list_all(app, &h, err));
    circles_clear(&h);
    return ok;
}

int cmd_circles(struct app *app)
{
    struct err err = {0};
    struct known *known;
    int items;
    const struct cli *cli = app->cli;
    bool writes = cli->words_n > 1 || cli_has(cli, "theme") || cli_has(cli, "join") ||
                  cli_has(cli, "say-yes") || cli_has(cli, "say-no") || cli_has(cli, "leave") ||
                  cli_has(cli, "meet");
    bool ok = known_need(app, &known, &err) && (!writes || mark_step(app->db, app->paths, &err)) &&
              (!(cli_has(cli, "look") || (writes && known->trial)) || turn_look(app, known, &items, &err)) &&
              run(app, known, &err);
    return ok ? 0 : cmd_failed(&err);
}
