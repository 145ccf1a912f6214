/* Public words by their id: posts first, of which there are most, then circles. */
#include "speak/board_words.h"

#include <stdio.h>

#include "anon/item.h"
#include "base/words.h"
#include "speak/board.h"
#include "speak/circle.h"

#include "base/banned.h"

static bool path_of(struct arena *arena, const char *folder, const uint8_t page[static 16],
                    const uint8_t *post, struct board_words *out, struct err *err)
{
    char hex[33], own[33] = "", path[100];
    item_hex(page, hex);
    if (post)
        item_hex(post, own);
    snprintf(path, sizeof path, "%s%s%s%s", folder, hex, post ? "#p" : "", own);
    out->path = arena_text(arena, span_of(path));
    return out->path || fail_memory(err);
}

static bool of_post(struct db *db, struct arena *arena, const uint8_t id[static 16], struct board_words *out,
                    bool *there, struct err *err)
{
    struct board_post post;
    uint8_t thread[16];
    if (!board_one(db, arena, id, &post, thread, there, err))
        return false;
    if (!*there)
        return true;
    out->of = WORDS_POST;
    out->name = post.name;
    out->text = post.text;
    out->gone = post.gone;
    out->decided = post.decided;
    return path_of(arena, "/board/", thread, id, out, err);
}

static bool theme_and_line(struct arena *arena, struct span theme, struct span line, struct span *out,
                           struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4 * (CIRCLE_THEME + CIRCLE_LINE) + 1);
    buf_add(&text, theme);
    if (theme.n && line.n)
        buf_add_byte(&text, '\n');
    buf_add(&text, line);
    if (!buf_ok(&text, err))
        return false;
    *out = arena_span(arena, text.n ? buf_span(&text) : SPAN(""));
    return out->p || fail_memory(err);
}

static bool decided_of(struct db *db, struct arena *arena, struct board_words *out, struct err *err)
{
    struct moderate_state *state = ARENA_NEW(arena, struct moderate_state);
    if (!state)
        return fail_memory(err);
    if (!moderate_state(db, arena, out->id, state, err))
        return false;
    out->decided = state->last >= 0 ? state : NULL;
    return true;
}

static bool of_circle(struct db *db, struct arena *arena, const uint8_t id[static 16],
                      struct board_words *out, bool *there, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct err inner = {0};
    if (!db_query(db, &q, err,
                  "select kind, coalesce(circle, id), theme, line, gone from circle_act where id = $1 and "
                  "kind in ($2, $3)",
                  V_BLOB(span_bytes(id, 16)), V_INT(CIRCLE_OPEN), V_INT(CIRCLE_ASK)))
        return false;
    *there = db_next(q, &inner) && db_text(q, 1).n == 16;
    if (!*there)
        return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
    out->of = db_int(q, 0) == CIRCLE_OPEN ? WORDS_CIRCLE : WORDS_ASK;
    out->gone = db_int(q, 4) != 0;
    return theme_and_line(arena, db_text(q, 2), db_text(q, 3), &out->text, err) &&
           path_of(arena, "/circles/", (const uint8_t *)db_text(q, 1).p, NULL, out, err) &&
           decided_of(db, arena, out, err);
}

bool board_words(struct db *db, struct arena *arena, const uint8_t id[static 16], struct board_words *out,
                 bool *there, struct err *err)
{
    *out = (struct board_words){.text = SPAN("")};
    memcpy(out->id, id, sizeof out->id);
    return of_post(db, arena, id, out, there, err) && (*there || of_circle(db, arena, id, out, there, err));
}

static const char *by_whom(struct arena *arena, const char *name)
{
    AUTO_BUF struct buf said;
    buf_init(&said, 1000);
    words_say(&said, tr("mod.about", "a post by {name}"), {"name", name});
    return buf_keep(&said, arena);
}

const char *board_words_about(struct arena *arena, const struct board_words *words)
{
    switch (words->of) {
    case WORDS_CIRCLE:
        return tr("mod.about.circle", "the words of a circle");
    case WORDS_ASK:
        return tr("mod.about.ask", "the line of somebody who asks to join a circle");
    default:
        return by_whom(arena, words->name);
    }
}
