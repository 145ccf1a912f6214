/* Circles, loaded and acted in. */
#include "speak/circles.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/epoch.h"
#include "anon/follow.h"
#include "anon/item.h"
#include "anon/outbox_db.h"
#include "anon/spend.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/scan.h"
#include "crypt/hash.h"
#include "crypt/rand.h"
#include "crypt/secret.h"
#include "io/clock.h"
#include "speak/away.h"
#include "speak/board_keep.h"
#include "speak/box_key.h"
#include "speak/speak_cmd.h"
#include "ui/lang.h"
#include "ui/word_list.h"

#include "base/banned.h"

enum { DAY = 86400, TYPED_MOST = 8192, OWN_MOST = 16 };

static bool tidy_work(struct db *db, void *arg, struct err *err)
{
    return circle_tidy(db, arg, err);
}

bool circles_load(struct app *app, const struct known *known, bool at_once, struct circles_here *out,
                  struct err *err)
{
    struct circle_rows rows = {0};
    struct mailbox_news news;
    int64_t lab_now;
    *out = (struct circles_here){.known = known, .now = app->now};
    out->decided = ARENA_NEW(app->arena, struct moderate_states);
    if (!out->decided)
        return fail_memory(err);
    if (!board_keep(app->db, err) || !before_load(app, known, at_once, &out->before, err) ||
        !mailbox_look(app->db, known, out->before.issuer, out->before.board, app->now, &news, err) ||
        !mailbox_clock(app->db, app->now, &lab_now, err))
        return false;
    out->today = (day_t)(lab_now / DAY);
    return circle_rows_load(app->db, app->arena, &rows, err) &&
           circles_fold(&rows, out->today, app->arena, &out->all, err) &&
           circle_owns_load(app->db, known, &out->all, app->arena, &out->own, err) &&
           moderate_states(app->db, app->arena, out->decided, err) &&
           db_write(app->db, tidy_work, &out->own, err);
}

void circles_clear(struct circles_here *h)
{
    before_clear(&h->before);
}

const char *circles_hindered(const struct circles_here *h, bool at_once)
{
    const struct before *b = &h->before;
    return b->hindered && (!b->waits || at_once || h->known->trial) ? b->hindered : NULL;
}

/* Finding -------------------------------------------------------------------------------------------- */
static bool has_word(struct span text, struct span word)
{
    for (size_t i = 0; word.n && i + word.n <= text.n; i++)
        if (span_eq_nocase((struct span){text.p + i, word.n}, word))
            return true;
    return word.n == 0;
}

static bool fits(const struct circles_here *h, const struct circle *c, const char *words)
{
    struct span rest = span_of(words), word;
    if (c->n == 0)
        return false;
    if (rest.n && circle_hidden(h, c->id))
        return false;
    while (rest.n) {
        span_cut(&rest, ' ', &word);
        if (!has_word(c->theme, word) && !has_word(c->line, word))
            return false;
    }
    return true;
}

static bool push(struct app *app, struct circle_list *out, const struct circle *c, struct err *err)
{
    const struct circle **at = VEC_PUSH(app->arena, out);
    if (!at)
        return fail_memory(err);
    *at = c;
    return true;
}

bool circles_find(struct app *app, const struct circles_here *h, const char *words, struct circle_list *out,
                  struct err *err)
{
    for (int begun = 1; begun >= 0; begun--)
        for (size_t i = h->all.n; i-- > 0;) {
            const struct circle *c = &h->all.at[i];
            if ((c->n >= CIRCLE_LEAST) == (begun == 1) && fits(h, c, words) && !push(app, out, c, err))
                return false;
        }
    return true;
}

static bool no_circle(struct err *err)
{
    return fail(
        err, E_MISSING,
        tr("err.circles.none",
           "There is no circle of that number here. `respite circles` lists them, each with the first "
           "digits that name it."));
}

bool circle_named(struct app *app, const struct circles_here *h, const char *text, const struct circle **out,
                  struct err *err)
{
    struct span rest = span_of(text), digits;
    uint64_t n;
    *out = NULL;
    if (rest.n < 4 && scan_u64(&rest, &n, 999) && scan_end(&rest)) {
        struct circle_list all = {0};
        if (!circles_find(app, h, NULL, &all, err))
            return false;
        *out = n > 0 && n <= all.n ? all.at[n - 1] : NULL;
        return *out || no_circle(err);
    }
    rest = span_of(text);
    if (!scan_hex(&rest, &digits, 4, 32) || !scan_end(&rest))
        return fail(err, E_USAGE,
                    tr("err.circles.usage",
                       "A circle is named by its number in the list, or by the first four "
                       "or more of its digits: `respite circles 3fa2`."));
    for (size_t i = 0; i < h->all.n; i++) {
        char hex[33];
        item_hex(h->all.at[i].id, hex);
        if (!span_starts(span_of(hex), digits))
            continue;
        if (*out)
            return fail(err, E_MISSING,
                        tr("err.circles.two", "More than one circle begins with %.*s. A few more digits tell "
                                              "which."),
                        SPAN_ARG(digits));
        *out = &h->all.at[i];
    }
    return *out || no_circle(err);
}

const struct circle *circle_by_id(const struct circles_here *h, struct span hex)
{
    uint8_t id[16];
    return item_hex_read(hex, id) ? circle_find(&h->all, id) : NULL;
}

const struct circle_own *circle_mine(const struct circles_here *h, const struct circle *c)
{
    return circle_own_of(&h->own, c);
}

const struct moderate_state *circle_hidden(const struct circles_here *h, const uint8_t id[static 16])
{
    const struct moderate_state *s = moderate_of(h->decided, id);
    return s && (s->hidden || s->dropped) ? s : NULL;
}

/* Names ---------------------------------------------------------------------------------------------- */
const char *circle_name(struct arena *arena, uint8_t word, int number)
{
    AUTO_BUF struct buf name;
    buf_init(&name, 256);
    buf_add(&name, name_word(words_lang(), word));
    if (number > 1)
        buf_printf(&name, " %d", number);
    return buf_keep(&name, arena);
}

const char *circle_name_of(struct arena *arena, const struct circle *c, const uint8_t pk[static 32])
{
    const struct circle_member *m = circle_member(c, pk);
    const struct circle_asker *a = circle_asker(c, pk);
    if (m)
        return circle_name(arena, m->word, m->number);
    if (a)
        return circle_name(arena, a->who.word, a->who.number);
    for (size_t i = 0; i < c->past.n; i++)
        if (memcmp(c->past.at[i].pk, pk, 32) == 0)
            return circle_name(arena, c->past.at[i].word, c->past.at[i].number);
    return "-";
}

static bool called(struct span name, const struct circle_member *m)
{
    for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
        char number[16];
        struct span word = name_word((enum lang)lang, m->word);
        snprintf(number, sizeof number, "%d", m->number);
        if (name.n < word.n || !span_eq_nocase(span_first(name, word.n), word))
            continue;
        struct span rest = span_trim(span_from(name, word.n));
        if (rest.n == 0 ? m->number == 1 : span_is(rest, number))
            return true;
    }
    return false;
}

bool circle_who(struct app *app, const struct circle *c, const char *name, uint8_t pk[static 32],
                struct err *err)
{
    struct span text = span_trim(span_of(name));
    (void)app;
    for (size_t i = 0; i < c->n + c->askers.n; i++) {
        const struct circle_member *m = i < c->n ? &c->member[i] : &c->askers.at[i - c->n].who;
        if (called(text, m)) {
            memcpy(pk, m->pk, 32);
            return true;
        }
    }
    return fail(err, E_MISSING,
                tr("err.circles.who", "Nobody of that name is in this circle or asks to join it."));
}

/* Acts ----------------------------------------------------------------------------------------------- */
static bool tidy_line(struct app *app, struct span typed, struct span *out, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, TYPED_MOST);
    if (typed.n > TYPED_MOST / 2)
        return fail(
            err, E_LIMIT,
            tr("err.circle.long",
               "A theme has at most %d characters, and the line beside it %d. Please make it shorter."),
            CIRCLE_THEME, CIRCLE_LINE);
    if (!plain_tidy(typed, true, &text, err))
        return false;
    char *line = arena_text(app->arena, buf_span(&text));
    if (!line)
        return fail_memory(err);
    for (size_t i = 0; line[i]; i++) /* one line: what was typed in several becomes one */
        if (line[i] == '\n')
            line[i] = ' ';
    *out = span_trim(span_of(line));
    if (!out->n)
        *out = SPAN("");
    return true;
}

struct acting {
    const struct known *known;
    struct circle_own *own;
    struct circle_act act;
    bool at_once, first; /* first: its key and box key begin here */
    int64_t now, outbox;
};

/* Within db_write: complete the act with the week's box key, and put it into the outbox under the key of this
 * circle. */
static bool act_work(struct db *db, void *arg, struct err *err)
{
    struct acting *a = arg;
    struct circle_act checked;
    struct err why = {0};
    bool box = a->act.kind == CIRCLE_OPEN || a->act.kind == CIRCLE_ASK || a->act.kind == CIRCLE_STAY;
    if (box) {
        struct box_key key;
        a->act.week = epoch_of(a->now);
        if (!box_key_of(db, a->own->role, a->act.week, &key, err))
            return false;
        memcpy(a->act.box_pk, key.pk, 32);
        secret_wipe(key.secret, sizeof key.secret);
        a->own->week = a->act.week;
    }
    AUTO_JSON json_t *o = circle_act_write(&a->act);
    if (!o)
        return fail_memory(err);
    if (!circle_act_read(a->act.kind, o, &checked, &why))
        return fail(err, why.code, "%s", why.text);
    struct spend_wish wish = {
        .kind = circle_kind_name(a->act.kind), .act = o, .now = a->at_once, .key_epoch = a->own->key_epoch};
    memcpy(wish.thread, a->own->seed, 16);
    if (!spend(db, a->known, &wish, a->now, &a->outbox, err) || !outbox_told(db, a->outbox, err))
        return false;
    if (a->first)
        a->own->outbox = a->outbox;
    else if (a->act.kind == CIRCLE_STAY)
        a->own->sign = a->outbox;
    return !(box || a->own->left) || circle_own_put(db, a->own, err);
}

static bool act(struct app *app, const struct circles_here *h, struct acting *a, int64_t *outbox,
                struct err *err)
{
    a->known = h->known;
    a->now = app->now;
    if (!db_write(app->db, act_work, a, err))
        return false;
    *outbox = a->outbox;
    return true;
}

static bool begin(struct app *app, const struct circles_here *h, struct circle_own *own, struct err *err)
{
    char role[48], hex[33];
    size_t n = 0;
    for (size_t i = 0; i < h->own.n; i++)
        n += h->own.at[i].place < PLACE_LEAVES && !h->own.at[i].refused;
    if (n >= OWN_MOST)
        return fail(err, E_LIMIT,
                    tr("err.circles.many",
                       "You are in, or ask for, %d circles. Another one can begin when you "
                       "have left one."),
                    OWN_MOST);
    rand_bytes(own->seed, sizeof own->seed);
    item_hex(own->seed, hex);
    snprintf(role, sizeof role, "circle:%s", hex);
    own->role = arena_text(app->arena, span_of(role));
    own->key_epoch = epoch_of(app->now);
    own->began = app->now;
    return own->role || fail_memory(err);
}

bool circles_open(struct app *app, const struct circles_here *h, struct span theme, struct span line,
                  bool at_once, int64_t *outbox, struct err *err)
{
    struct circle_own own = {0};
    struct acting a = {.own = &own, .act = {.kind = CIRCLE_OPEN}, .at_once = at_once, .first = true};
    return tidy_line(app, theme, &a.act.theme, err) && tidy_line(app, line, &a.act.line, err) &&
           begin(app, h, &own, err) && act(app, h, &a, outbox, err);
}

struct dropping {
    const struct circle_own *own;
    bool gone;
};

/* What had not left the computer, or was not taken, is taken back, and nobody hears of it. */
static bool drop_work(struct db *db, void *arg, struct err *err)
{
    struct dropping *d = arg;
    if (!outbox_cancel(db, d->own->outbox, &d->gone, err))
        return false;
    d->gone |= d->own->refused;
    return !d->gone ||
           (db_run(db, err, "delete from box_key where role = $1", V_STR(d->own->role)) &&
            db_run(db, err, "delete from circle_mine where seed = $1", V_BLOB(span_bytes(d->own->seed, 16))));
}

bool circles_ask(struct app *app, const struct circles_here *h, const struct circle *c, struct span line,
                 bool at_once, int64_t *outbox, struct err *err)
{
    struct circle_own own = {.has_circle = true};
    const struct circle_own *mine = circle_mine(h, c);
    struct acting a = {.own = &own, .act = {.kind = CIRCLE_ASK}, .at_once = at_once, .first = true};
    if (mine && mine->place < PLACE_OUT && !mine->refused)
        return fail(err, E_REFUSED, "%s", circle_place_said(mine->place));
    if (c->n == CIRCLE_MOST)
        return fail(err, E_REFUSED,
                    tr("err.circles.full", "This circle is full: %d are in. You can open one around the same "
                                           "theme."),
                    CIRCLE_MOST);
    memcpy(own.circle, c->id, 16);
    memcpy(a.act.circle, c->id, 16);
    return tidy_line(app, line, &a.act.line, err) && begin(app, h, &own, err) &&
           (!mine || !mine->refused || db_write(app->db, drop_work, &(struct dropping){mine, false}, err)) &&
           act(app, h, &a, outbox, err);
}

bool circles_say(struct app *app, const struct circles_here *h, const struct circle *c,
                 const uint8_t about[static 32], bool yes, bool at_once, int64_t *outbox, struct err *err)
{
    const struct circle_own *mine = circle_mine(h, c);
    if (!mine || mine->place != PLACE_IN)
        return fail(err, E_REFUSED, tr("err.circles.not_in", "You are not in this circle."));
    struct circle_own own = *mine;
    struct acting a = {.own = &own, .act = {.kind = CIRCLE_SAY, .yes = yes}, .at_once = at_once};
    if (yes ? !circle_asker(c, about) : !circle_member(c, about))
        return fail(err, E_MISSING,
                    yes ? tr("err.circles.no_ask", "Nobody of that name asks to join.")
                        : tr("err.circles.no_member", "Nobody of that name is in this circle."));
    if (!yes && memcmp(about, own.pk, 32) == 0)
        return fail(err, E_REFUSED, tr("err.circles.self", "That is you. You can leave at any time."));
    if (yes && c->n == CIRCLE_MOST)
        return fail(err, E_REFUSED, tr("err.circles.full.yes", "The circle is full: %d are in."),
                    CIRCLE_MOST);
    memcpy(a.act.circle, c->id, 16);
    memcpy(a.act.about, about, 32);
    return act(app, h, &a, outbox, err);
}

bool circles_leave(struct app *app, const struct circles_here *h, const struct circle_own *mine, bool at_once,
                   int64_t *outbox, struct err *err)
{
    struct circle_own own = *mine;
    struct acting a = {.own = &own, .act = {.kind = CIRCLE_LEAVE}, .at_once = at_once};
    struct dropping d = {mine, false};
    *outbox = -1;
    if (mine->place == PLACE_OPENS || mine->place == PLACE_ASKS) {
        if (!db_write(app->db, drop_work, &d, err) || d.gone)
            return err->code == E_NONE;
        return fail(err, E_REFUSED,
                    tr("err.circles.early", "It has left this computer and is not published yet. It can be "
                                            "left once it is."));
    }
    if (mine->place >= PLACE_LEAVES)
        return fail(err, E_REFUSED, "%s", circle_place_said(mine->place));
    own.left = true;
    own.place = PLACE_LEAVES;
    memcpy(a.act.circle, own.circle, 16);
    struct circle_owns one = {&own, 1, 1};
    return act(app, h, &a, outbox, err) && db_write(app->db, tidy_work, &one, err);
}

bool circles_feed(struct app *app, const struct circle_own *mine, bool on, struct err *err)
{
    return db_run(app->db, err, "update circle_mine set feed = $2 where seed = $1",
                  V_BLOB(span_bytes(mine->seed, 16)), V_INT(on));
}

/* The week's key ------------------------------------------------------------------------------------- */
struct renewing {
    const struct known *known;
    const struct circle_own *mine;
    int64_t now;
};

static bool renew_work(struct db *db, void *arg, struct err *err)
{
    struct renewing *r = arg;
    struct circle_own own = *r->mine;
    struct acting a = {.known = r->known, .own = &own, .act = {.kind = CIRCLE_STAY}, .now = r->now};
    bool gone;
    memcpy(a.act.circle, own.circle, 16);
    return (!own.sign || outbox_cancel(db, own.sign, &gone, err)) && act_work(db, &a, err);
}

bool circles_renew(struct app *app, const struct known *known, const struct circle_owns *own, int64_t now,
                   struct err *err)
{
    for (size_t i = 0; i < own->n; i++) {
        struct renewing r = {known, &own->at[i], now};
        if (own->at[i].place == PLACE_IN && own->at[i].week < epoch_of(now) &&
            !db_write(app->db, renew_work, &r, err))
            return false;
    }
    return true;
}

bool job_circles(struct app *app, struct err *err)
{
    struct known *known;
    struct circle_rows rows = {0};
    struct circles all;
    struct circle_owns own = {0};
    int64_t lab_now;
    if (!known_load(app->db, app->arena, &known, err) || !known)
        return err->code == E_NONE;
    return board_keep(app->db, err) && mailbox_clock(app->db, app->now, &lab_now, err) &&
           circle_rows_load(app->db, app->arena, &rows, err) &&
           circles_fold(&rows, (day_t)(lab_now / DAY), app->arena, &all, err) &&
           circle_owns_load(app->db, known, &all, app->arena, &own, err) &&
           db_write(app->db, tidy_work, &own, err) && circles_renew(app, known, &own, app->now, err);
}

/* Sentences ------------------------------------------------------------------------------------------ */
bool circle_act_state(struct app *app, int64_t outbox, const char **out, bool *refused, struct err *err)
{
    struct outbox one = {0};
    *out = NULL;
    *refused = false;
    if (!outbox_list(app->db, app->arena, outbox, &one, err) || one.n != 1)
        return err->code == E_NONE;
    *refused = one.at->state == ACT_REFUSED || one.at->state == ACT_GIVEN_UP;
    *out = *refused ? one.at->status == 409
                          ? tr("circles.taken", "The last place was taken in the meantime.")
                          : tr("circles.refused", "The board did not take it. It may have changed in the "
                                                  "meantime; look for what is new.")
           : one.at->state == ACT_KEPT
               ? tr("circles.on_board", "It has left, and is published with the next batch.")
           : one.at->state == ACT_TRIED
               ? tr("post.tried", "The board could not be reached, or did not take it. It is tried "
                                  "again on another day, at most three times in all.")
               : tr("mine.waits", "It waits on this computer, and leaves at a moment "
                                  "that was drawn.");
    return true;
}

const char *circle_place_name(enum circle_place place)
{
    static const char *const names[] = {"opens", "asks", "asked", "in", "leaves", "out"};
    return names[place];
}

const char *circle_place_said(enum circle_place place)
{
    switch (place) {
    case PLACE_OPENS:
        return tr("circles.place.opens", "You opened it; it is not published yet.");
    case PLACE_ASKS:
        return tr("circles.place.asks", "You asked to join; that is not published yet.");
    case PLACE_ASKED:
        return tr("circles.place.asked",
                  "You asked to join. Those who are in can say yes. An ask that nobody "
                  "answers is gone after 14 days, without a reason.");
    case PLACE_IN:
        return tr("circles.place.in", "You are in.");
    case PLACE_LEAVES:
        return tr("circles.place.leaves", "You left; that is not published yet.");
    default:
        return tr("circles.place.out", "You are not in it any more.");
    }
}

const char *circle_size_said(struct app *app, const struct circle *c)
{
    AUTO_BUF struct buf out;
    char n[24];
    buf_init(&out, 400);
    snprintf(n, sizeof n, "%zu", c->n);
    words_say(&out,
              c->n == CIRCLE_MOST ? tr("circles.full", "{n} are in. It is full.")
              : c->n < CIRCLE_LEAST
                  ? trn("circles.begins", "{n} is in, of up to 8. It begins with three.",
                        "{n} are in, of up to 8. It begins with three.", (unsigned long)c->n)
                  : tr("circles.size", "{n} are in, of up to 8."),
              {"n", n});
    return buf_keep(&out, app->arena);
}

const char *meet_said(struct arena *arena, const struct meet *m)
{
    AUTO_BUF struct buf line;
    struct moment from = clock_local(m->from), until = clock_local(m->until);
    buf_init(&line, 400);
    words_say(&line, tr("circles.meet", "{weekday} {date}, {from} to {until}"),
              {"weekday", say_weekday(arena, day_weekday(moment_day(from)))},
              {"date", say_day(arena, moment_day(from))}, {"from", say_clock(arena, moment_minute(from))},
              {"until", say_clock(arena, moment_minute(until))});
    return buf_keep(&line, arena);
}

bool circle_calendar(const struct circles_here *h, const struct circle_own *own, const struct meets *meets,
                     struct buf *out, struct err *err)
{
    away_begin(out);
    for (size_t i = 0; i < meets->count; i++) {
        const struct meet *m = &meets->at[i];
        uint8_t of[16 + sizeof m->from];
        if (m->until <= h->now)
            continue;
        memcpy(of, own->seed, 16);
        memcpy(of + 16, &m->from, sizeof m->from);
        away_event(out, h->known, span_bytes(of, sizeof of), m->from, m->until);
    }
    away_end(out);
    return buf_ok(out, err);
}

/* The calendar feed ---------------------------------------------------------------------------------- */
bool feed_circles(struct app *app, struct bookings *out, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(app->db, &q, err,
                  "select m.seed, t.begins, t.until from circle_mine m join circle_meet t on t.seed = m.seed "
                  "where m.feed = 1 and m.ended = 0 and t.until > $1 order by t.begins, m.seed",
                  V_INT(app->now)))
        return false;
    while (db_next(q, &inner)) {
        struct booking *e = VEC_PUSH(app->arena, out);
        char uid[64];
        uint8_t hash[32];
        if (!e)
            return fail_memory(err);
        /* the same meeting, the same name; nothing that stands in the lab's record */
        hash_sha256(db_text(q, 0), hash);
        snprintf(uid, sizeof uid, "circle-%02x%02x%02x%02x-%" PRId64, hash[0], hash[1], hash[2], hash[3],
                 db_int(q, 1));
        *e = (struct booking){.uid = arena_text(app->arena, span_of(uid)),
                              .from = db_int(q, 1),
                              .until = db_int(q, 2),
                              .summary = tr("counsel.away", "Away")};
        if (!e->uid)
            return fail_memory(err);
    }
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}

/* Verify --------------------------------------------------------------------------------------------- */
static bool found(struct app *app, struct findings *out, const struct circle *c, const char *text,
                  struct err *err)
{
    AUTO_BUF struct buf said;
    char hex[33];
    struct finding *f = VEC_PUSH(app->arena, out);
    buf_init(&said, 1000);
    item_hex(c->id, hex);
    hex[8] = 0;
    words_say(&said, text, {"id", hex});
    const char *kept = buf_keep(&said, app->arena);
    if (!f || !kept)
        return fail_memory(err);
    *f = (struct finding){.name = "circles", .ok = false, .text = kept};
    return true;
}

bool circles_verify(struct app *app, struct findings *out, struct err *err)
{
    struct circle_rows rows = {0};
    struct circles all;
    int64_t unknown;
    if (!board_keep(app->db, err) || !circle_rows_load(app->db, app->arena, &rows, err) ||
        !circles_fold(&rows, (day_t)(app->now / DAY), app->arena, &all, err) ||
        /* acts that were gone before they were fetched: who came in by them is not known here */
        !db_number(app->db, &unknown, 0, err, "select count(*) from post where gone = 1 and day = 0"))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const struct circle *c = &all.at[i];
        if (c->surplus && !found(app, out, c,
                                 tr("verify.circles.surplus",
                                    "The board let more people into the circle {id} than it has places."),
                                 err))
            return false;
        if (c->stranger && !unknown &&
            !found(app, out, c,
                   tr("verify.circles.stranger",
                      "The board let somebody act in the circle {id} who never was in it."),
                   err))
            return false;
    }
    return true;
}
