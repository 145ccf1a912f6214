/* Posts. Titles and rooms are one line; a text has lines. That characters are plain is looked at here too,
 * since a composer wants the sentence; the board has looked already. */
#include "speak/post.h"

#include "anon/item.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "ui/problem.h"

#include "base/banned.h"

static bool get_line(const json_t *act, const char *key, size_t most, struct span *out, struct err *err)
{
    if (!json_get_text(act, key, most * 4, out, err))
        return false;
    if (utf8_length(*out) > most)
        return fail(err, E_LIMIT,
                    tr("err.speak.line_long", "“%s” has more than %zu characters. Please make it shorter."),
                    key, most);
    return plain_ok(*out, false, err);
}

bool post_check(const json_t *act, struct post *out, struct err *err)
{
    static const char *const keys[] = {"title", "text", "room", NULL};
    struct post post;
    if (!canon_only(act, keys, err) || !get_line(act, "title", POST_TITLE, &post.title, err) ||
        !get_line(act, "room", POST_ROOM, &post.room, err))
        return false;
    const json_t *text = json_object_get(act, "text");
    if (json_is_string(text))
        post.text = (struct span){json_string_value(text), json_string_length(text)};
    if (!json_is_string(text) || span_trim(post.text).n == 0)
        return fail(err, E_FORMAT, tr("err.speak.empty", "There is no text in this post yet."));
    if (plain_json_size(post.text) > POST_TEXT)
        return fail(
            err, E_LIMIT,
            tr("err.speak.text_long",
               "The text takes more than %d bytes, which is what fits one post. Please make it shorter, "
               "or make two posts of it."),
            POST_TEXT);
    if (!plain_ok(post.text, true, err))
        return false;
    *out = post;
    return true;
}

json_t *post_act(const struct post *post)
{
    json_t *act = json_object();
    if (act && json_object_set_new(act, "title", json_stringn(post->title.p, post->title.n)) == 0 &&
        json_object_set_new(act, "text", json_stringn(post->text.p, post->text.n)) == 0 &&
        json_object_set_new(act, "room", json_stringn(post->room.p, post->room.n)) == 0)
        return act;
    json_decref(act);
    return NULL;
}

bool post_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct err why = {0};
    struct post post;
    (void)app;
    (void)db;
    if (post_check(item->act, &post, &why))
        return true;
    return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
}
