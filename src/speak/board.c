/* Threads put together from items. A name is a word made of the thread and the key that signed: two keys with
 * one word in a thread are told apart by a number. */
#include "speak/board.h"

#include <stdio.h>

#include "anon/item.h"
#include "base/vec.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "ui/word_list.h"

#include "base/banned.h"

struct writer {
    uint8_t pk[32], word;
    size_t thread;
    int number; /* 1: the first of this word in the thread */
};
struct building {
    struct db *db;
    struct arena *arena;
    struct board_threads *out;
    struct {
        struct writer *at;
        size_t n, room;
    } writers;
};

static struct span text_of(const json_t *act, const char *key)
{
    const json_t *v = json_object_get(act, key);
    return (struct span){json_string_value(v), json_string_length(v)};
}

static bool keep(struct building *b, struct span text, struct span *out, struct err *err)
{
    *out = arena_span(b->arena, text.p ? text : SPAN(""));
    return out->p || fail_memory(err);
}

/* The word and number of this key in this thread. */
static bool number_of(struct building *b, size_t thread, const uint8_t pk[static 32], struct writer *out,
                      struct err *err)
{
    uint8_t word = item_name(b->out->at[thread].id, pk);
    int number = 1;
    for (size_t i = 0; i < b->writers.n; i++) {
        const struct writer *w = &b->writers.at[i];
        if (w->thread != thread || w->word != word)
            continue;
        if (memcmp(w->pk, pk, sizeof w->pk) == 0) {
            *out = *w;
            return true;
        }
        number++;
    }
    struct writer *w = VEC_PUSH(b->arena, &b->writers);
    if (!w)
        return fail_memory(err);
    *w = (struct writer){.word = word, .thread = thread, .number = number};
    memcpy(w->pk, pk, sizeof w->pk);
    *out = *w;
    return true;
}

static bool name_of(struct building *b, size_t thread, const uint8_t pk[static 32], const char **out,
                    struct err *err)
{
    struct writer w = {0};
    AUTO_BUF struct buf name;
    buf_init(&name, 256);
    if (!number_of(b, thread, pk, &w, err))
        return false;
    buf_add(&name, name_word(words_lang(), w.word));
    if (w.number > 1)
        buf_printf(&name, " %d", w.number);
    *out = arena_text(b->arena, buf_span(&name));
    return *out || fail_memory(err);
}

static bool add_post(struct building *b, size_t thread, const struct kept_item *item, const json_t *act,
                     struct err *err)
{
    struct board_post *post = VEC_PUSH(b->arena, &b->out->at[thread].posts);
    if (!post)
        return fail_memory(err);
    memcpy(post->id, item->id, sizeof post->id);
    post->day = item->day;
    return name_of(b, thread, item->pk, &post->name, err) &&
           keep(b, text_of(act, "text"), &post->text, err) && items_metoo(b->db, item->id, &post->metoo, err);
}

/* Without a title, its first line. */
static struct span title_of(const json_t *act)
{
    struct span title = text_of(act, "title"), text = text_of(act, "text"), line;
    if (title.n)
        return title;
    span_cut(&text, '\n', &line);
    return line;
}

static bool add_thread(struct building *b, const struct kept_item *item, const json_t *act, struct err *err)
{
    struct board_thread *thread = VEC_PUSH(b->arena, b->out);
    if (!thread)
        return fail_memory(err);
    memcpy(thread->id, item->id, sizeof thread->id);
    thread->day = item->day;
    return keep(b, title_of(act), &thread->title, err) && add_post(b, b->out->n - 1, item, act, err);
}

static bool add_item(struct building *b, const struct kept_item *item, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    bool begins = span_is(item->kind, "thread");
    if (!begins && !span_is(item->kind, "reply"))
        return true;
    if (!canon_read(item->json, ITEM_LARGE, &o, err))
        return false;
    const json_t *act = json_object_get(o, "act");
    if (begins)
        return add_thread(b, item, act, err);
    for (size_t i = 0; i < b->out->n; i++)
        if (memcmp(b->out->at[i].id, item->thread, sizeof item->thread) == 0)
            return add_post(b, i, item, act, err);
    return true; /* of a thread that is not here: it was taken back */
}

static void turn(struct board_threads *all)
{
    for (size_t i = 0; i < all->n / 2; i++) {
        struct board_thread other = all->at[i];
        all->at[i] = all->at[all->n - 1 - i];
        all->at[all->n - 1 - i] = other;
    }
}

bool board_load(struct db *db, struct arena *arena, struct board_threads *out, struct err *err)
{
    struct building b = {.db = db, .arena = arena, .out = out};
    struct kept_items all = {0};
    if (!items_list(db, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!add_item(&b, &all.at[i], err))
            return false;
    turn(out);
    return true;
}
