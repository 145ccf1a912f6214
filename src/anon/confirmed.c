/* Who has confirmed which head: one row for each. */
#include "anon/confirmed.h"

#include "base/words.h"

#include "base/banned.h"

bool confirmed_add(struct db *db, const uint8_t head[static 32], const char *who, struct err *err)
{
    return db_run(db, err, "insert into confirmed(head, who) values ($1, $2) on conflict do nothing",
                  V_BLOB(span_bytes(head, 32)), V_STR(who));
}

bool confirmed_load(struct db *db, struct arena *arena, const uint8_t head[static 32], struct confirmed *out,
                    struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err mine = {0};
    *out = (struct confirmed){0};
    if (!db_query(db, &q, err,
                  "select who from confirmed where head = $1 and (who in ('', '(letter)') or who in (select "
                  "name from outside)) order by who",
                  V_BLOB(span_bytes(head, 32))))
        return false;
    while (db_next(q, &mine)) {
        struct span who = db_text(q, 0);
        if (who.n == 0)
            out->colleague = true;
        else if (span_is(who, CONFIRMED_LETTER))
            out->letter = true;
        else if (out->witnesses < CONFIRMED_MOST &&
                 !(out->witness[out->witnesses++] = arena_text(arena, who)))
            return fail_memory(err);
    }
    out->enough = out->colleague || out->letter || out->witnesses >= CONFIRMED_NEEDED;
    return mine.code == E_NONE || fail(err, mine.code, "%s", mine.text);
}

bool confirmed_say(const struct confirmed *c, struct arena *arena, const char **out, struct err *err)
{
    AUTO_BUF struct buf who, line;
    buf_init(&who, 4096);
    buf_init(&line, 8192);
    *out = NULL;
    if (!c->colleague && !c->letter && c->witnesses == 0)
        return true;
    if (c->colleague)
        buf_add_text(&who, tr("lab.colleague", "a colleague"));
    if (c->letter) {
        if (who.n)
            buf_add_text(&who, tr("lab.confirmed.and", "; "));
        buf_add_text(&who, tr("lab.letter", "a letter"));
    }
    for (size_t i = 0; i < c->witnesses; i++) {
        if (who.n)
            buf_add_text(&who, tr("lab.confirmed.and", "; "));
        buf_add_text(&who, c->witness[i]);
    }
    words_say(&line, tr("lab.confirmed", "Confirmed by: {who}"), {"who", buf_text(&who)});
    if (!buf_ok(&who, err) || !buf_ok(&line, err))
        return false;
    *out = buf_keep(&line, arena);
    return *out || fail_memory(err);
}
