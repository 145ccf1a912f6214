/* The facts, loaded; and the sentences that both page and terminal say. */
#include "speak/before.h"

#include "anon/follow.h"
#include "anon/head_words.h"
#include "anon/spend.h"
#include "io/clock.h"
#include "ui/lang.h"

#include "base/banned.h"

void before_clear(struct before *before)
{
    history_free(before->issuer);
    history_free(before->board);
    before->issuer = before->board = NULL;
}

static bool words_load(struct app *app, struct before *b, struct err *err)
{
    AUTO_BUF struct buf words;
    day_t epoch = b->crowd.epoch ? b->crowd.epoch : epoch_of(app->now);
    buf_init(&words, 400);
    if (!history_head(b->issuer, b->board, epoch, NULL, b->head))
        return true;
    if (!head_words(app->db, b->head, &words, err) || !buf_ok(&words, err) ||
        !confirmed_load(app->db, app->arena, b->head, &b->confirmed, err) ||
        !confirmed_say(&b->confirmed, app->arena, &b->confirmed_by, err))
        return false;
    b->words = buf_keep(&words, app->arena);
    return b->words || fail_memory(err);
}

static void key_load(struct app *app, struct before *b)
{
    const struct history_key *key =
        history_general(b->issuer, b->crowd.epoch ? b->crowd.epoch : epoch_of(app->now));
    if (key && key->good) {
        b->key_index = key->index;
        b->key_at = key->at;
    }
}

/* Too few, none, or a record that does not fit: writing would lead nowhere this week. A late fetch, a clock
 * or a list that is not here yet pass. */
bool before_locked(const struct before *b)
{
    return b->crowd.passes > 0 && b->crowd.holders >= 0 && b->crowd.holders < b->crowd.floor;
}

bool before_load(struct app *app, const struct known *known, bool at_once, struct before *out,
                 struct err *err)
{
    *out = (struct before){.known = known};
    if (!follow_load(app->db, known, &out->issuer, &out->board, err) ||
        !spend_crowd(app->db, out->issuer, app->now, &out->crowd, err) ||
        !spend_hindered(app->db, known, out->issuer, out->board, app->now, at_once, app->arena,
                        &out->hindered, err))
        return false;
    out->waits = !before_locked(out) && out->crowd.passes > 0;
    key_load(app, out);
    return words_load(app, out, err);
}

const char *before_crowd(struct app *app, const struct before *b)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (b->crowd.holders < 0)
        return NULL;
    words_say(&line,
              trn("post.crowd", "{n} member collected this week's passes.",
                  "{n} members collected this week's passes.", (unsigned long)b->crowd.holders),
              {"n", say_number(app->arena, b->crowd.holders)});
    if (words_lang() == LANG_EN)
        buf_add_byte(&line, ' ');
    buf_add_text(&line, tr("post.crowd.small", "The lab could have invented some."));
    return buf_keep(&line, app->arena);
}

const char *before_key(struct app *app, const struct before *b)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    if (!b->key_at)
        return tr("trust.no_key", "The key of this week's passes is not in the lab's record here yet.");
    words_say(&line,
              tr("trust.key",
                 "The key that signed them is the same for everyone: entry {n} of the lab's record, "
                 "since {date}."),
              {"n", say_number(app->arena, (int64_t)b->key_index)},
              {"date", say_day(app->arena, moment_day(clock_local(b->key_at)))});
    return buf_keep(&line, app->arena);
}
