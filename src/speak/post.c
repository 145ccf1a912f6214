/* Posts. Titles and rooms are one line; a text has lines. That characters are plain is looked at here too,
 * since a composer wants the sentence; the board has looked already. */
#include "speak/post.h"

#include "anon/item.h"
#include "anon/placed.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "crypt/secret.h"
#include "speak/counsel_lab.h"
#include "speak/moderate_lab.h"
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

static bool get_text(const json_t *act, struct span *out, struct err *err)
{
    const json_t *v = json_object_get(act, "text");
    struct span text = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || span_trim(text).n == 0)
        return fail(err, E_FORMAT, tr("err.speak.empty", "There is no text in this post yet."));
    if (plain_json_size(text) > POST_TEXT)
        return fail(
            err, E_LIMIT,
            tr("err.speak.text_long",
               "The text takes more than %d bytes, which is what fits one post. Please make it shorter, "
               "or make two posts of it."),
            POST_TEXT);
    if (!plain_ok(text, true, err))
        return false;
    *out = text;
    return true;
}

static bool get_id(const json_t *act, const char *key, uint8_t out[static 16], struct err *err)
{
    const json_t *v = json_object_get(act, key);
    return (json_is_string(v) &&
            item_hex_read((struct span){json_string_value(v), json_string_length(v)}, out)) ||
           fail(err, E_FORMAT, tr("err.speak.id", "A post is named by 32 digits and letters from a to f."));
}

bool post_check(const json_t *act, struct post *out, struct err *err)
{
    static const char *const keys[] = {"title", "text", "room", NULL};
    struct post post;
    if (!canon_only(act, keys, err) || !get_line(act, "title", POST_TITLE, &post.title, err) ||
        !get_line(act, "room", POST_ROOM, &post.room, err) || !get_text(act, &post.text, err))
        return false;
    *out = post;
    return true;
}

bool reply_check(const json_t *act, uint8_t thread[static 16], struct span *text, struct err *err)
{
    static const char *const keys[] = {"text", "thread", NULL};
    return canon_only(act, keys, err) && get_id(act, "thread", thread, err) && get_text(act, text, err);
}

bool target_check(const json_t *act, uint8_t target[static 16], struct err *err)
{
    static const char *const keys[] = {"target", NULL};
    return canon_only(act, keys, err) && get_id(act, "target", target, err);
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

json_t *reply_act(const uint8_t thread[static 16], struct span text)
{
    char hex[33];
    item_hex(thread, hex);
    return json_pack("{s:s,s:o}", "thread", hex, "text", json_stringn(text.p, text.n));
}

json_t *target_act(const uint8_t target[static 16])
{
    char hex[33];
    item_hex(target, hex);
    return json_pack("{s:s}", "target", hex);
}

/* On the board --------------------------------------------------------------------------------------- */
/* What a person wrote is refused without its sentence: the node has looked at it with the same code. */
static bool refuse(const struct err *why, const char *field, struct problem *p, struct err *err)
{
    return why->code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, field);
}

bool post_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct err why = {0};
    struct post post;
    (void)app;
    (void)db;
    return post_check(item->act, &post, &why) || refuse(&why, "act", p, err);
}

static bool is_words(const struct placed *placed)
{
    return strcmp(placed->kind, "thread") == 0 || strcmp(placed->kind, "reply") == 0;
}

bool reply_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct err why = {0};
    struct placed thread;
    struct span text;
    uint8_t id[16];
    bool there;
    (void)app;
    if (!reply_check(item->act, id, &text, &why))
        return refuse(&why, "act", p, err);
    if (!placed_find(db, id, &thread, &there, err))
        return false;
    if (!there || (strcmp(thread.kind, "thread") != 0 && *thread.kind))
        return problem(p, PROBLEM_BAD_FIELD, "thread");
    return moderate_reply(db, item->id, id, item->pk, p, err);
}

/* The item that `item` names as its target: *fits: it is on this board, and its words are there. False: a
 * problem, or ours in err. */
static bool find_target(struct db *db, const struct item *item, struct placed *target, bool *fits,
                        struct problem *p, struct err *err)
{
    struct err why = {0};
    uint8_t id[16];
    bool there;
    if (!target_check(item->act, id, &why))
        return refuse(&why, "act", p, err);
    if (!placed_find(db, id, target, &there, err))
        return false;
    *fits = there && !target->gone && is_words(target);
    return true;
}

bool metoo_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct placed target;
    bool fits = false;
    (void)app;
    return find_target(db, item, &target, &fits, p, err) && (fits || problem(p, PROBLEM_BAD_FIELD, "target"));
}

bool retract_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                    struct err *err)
{
    struct err why = {0};
    struct placed target;
    uint8_t id[16];
    bool fits = false, was;
    (void)app;
    if (!target_check(item->act, id, &why))
        return refuse(&why, "act", p, err);
    if (!slot_give_back(db, id, item->pk, item->id, &was, err))
        return false;
    if (was)
        return true;
    return find_target(db, item, &target, &fits, p, err) &&
           ((fits && secret_eq(target.pk, item->pk, sizeof target.pk)) ||
            problem(p, PROBLEM_BAD_FIELD, "target"));
}
