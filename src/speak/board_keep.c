/* Taking over. Items come in the order of the log within one fetch, but a batch that was missing can come
 * later than its successors: a row stands by the index of its leaf, not by when it came. */
#include "speak/board_keep.h"

#include "anon/batches.h"
#include "anon/item.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "io/clock.h"
#include "speak/board_rest.h"
#include "speak/cards.h"
#include "speak/circle_keep.h"
#include "speak/moderate.h"

#include "base/banned.h"

enum { AT_ONCE = 512 };

static struct span text_of(const json_t *act, const char *key)
{
    const json_t *v = json_object_get(act, key);
    return json_is_string(v) ? (struct span){json_string_value(v), json_string_length(v)} : SPAN("");
}

/* Without a title, the first line. */
static struct span title_of(const json_t *act)
{
    struct span title = text_of(act, "title"), text = text_of(act, "text"), line = SPAN("");
    if (span_trim(title).n)
        return title;
    while (text.n && span_trim(line).n == 0)
        span_cut(&text, '\n', &line);
    return line;
}

static bool put_words(struct db *db, uint64_t index, struct span title, struct span text, struct err *err)
{
    return db_run(db, err, "insert into post_words(rowid, title, text) values ($1, $2, $3)",
                  V_INT((int64_t)index), V_TEXT(title), V_TEXT(text));
}

struct keeping {
    struct arena *arena;
    size_t items;
    struct board_arrivals arrivals;
};

/* One post, if it is one: other kinds have their own rooms. What has no words is no post. */
static bool put_item(struct db *db, struct keeping *k, const struct kept_item *item, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    bool begins = span_is(item->kind, "thread");
    struct err why = {0};
    if (span_is(item->kind, "appeal"))
        return moderate_take_appeal(db, item, err);
    if (span_is(item->kind, "card"))
        return card_take(db, item, err);
    bool circle;
    if (!circle_take(db, item, &circle, err) || circle)
        return err->code == E_NONE;
    if (!begins && !span_is(item->kind, "reply"))
        return true;
    if (!canon_read(item->json, ITEM_LARGE, &o, &why))
        return why.code != E_MEMORY || fail_memory(err);
    const json_t *act = json_object_get(o, "act");
    struct span title = begins ? title_of(act) : SPAN(""), text = text_of(act, "text");
    const uint8_t *thread = begins ? item->id : item->thread;
    if (!text.n)
        return true;
    if (!db_run(db, err,
                "insert into post(idx, id, thread, begins, day, pk, title, part, text) values ($1, $2, $3, "
                "$4, $5, $6, $7, $8, $9) on conflict do nothing",
                V_INT((int64_t)item->index), V_BLOB(span_bytes(item->id, 16)), V_BLOB(span_bytes(thread, 16)),
                V_INT(begins), V_INT(item->day), V_BLOB(span_bytes(item->pk, 32)), V_TEXT(title),
                V_TEXT(text_of(act, "room")), V_TEXT(text)))
        return false;
    return db_changed(db) != 1 || (put_words(db, item->index, title, text, err) &&
                                   board_arrived(db, k->arena, item->id, &k->arrivals, err));
}

/* The words of what is gone go out of the rows and out of the index; what was never seen here is noted, since
 * others may have answered it. */
static bool put_gone(struct db *db, const struct gone_item *g, bool *some, struct err *err)
{
    struct val id = V_BLOB(span_bytes(g->id, 16));
    if (!moderate_gone_appeal(db, g->id, err) || !circle_gone(db, g->id, err) ||
        !db_run(db, err,
                "insert into post_words(post_words, rowid, title, text) select 'delete', idx, title, text "
                "from post where id = $1 and gone = 0",
                id))
        return false;
    *some |= db_changed(db) > 0;
    return db_run(db, err, "update post set gone = 1, title = '', text = '' where id = $1", id) &&
           (db_changed(db) > 0 ||
            db_run(db, err,
                   "insert into post(idx, id, thread, begins, day, pk, title, part, text, gone) values ($1, "
                   "$2, $2, 1, 0, x'', '', '', '', 1) on conflict do nothing",
                   V_INT((int64_t)g->index), id));
}

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct keeping *k = arg;
    struct kept_items items = {0};
    struct gone_items gone = {0};
    bool some = false;
    if (!items_new(db, k->arena, AT_ONCE, &items, err) || !gone_new(db, k->arena, &gone, err))
        return false;
    for (size_t i = 0; i < items.n; i++)
        if (!put_item(db, k, &items.at[i], err))
            return false;
    for (size_t i = 0; i < gone.n; i++)
        if (!put_gone(db, &gone.at[i], &some, err))
            return false;
    k->items = items.n;
    if (!board_received(db, &k->arrivals, clock_now(), err))
        return false;
    /* what was deleted stays in the index's old pieces until they are merged */
    return items_taken(db, &items, &gone, err) &&
           (!some || db_run(db, err, "insert into post_words(post_words) values ('optimize')"));
}

static bool is_new(struct db *db, bool *yes, struct err *err)
{
    int64_t n;
    if (!db_number(
            db, &n, 0, err,
            "select exists(select 1 from item where taken = 0 and series = 'board') or exists(select 1 "
            "from gone where taken = 0)"))
        return false;
    *yes = n != 0;
    return true;
}

bool board_keep(struct db *db, struct err *err)
{
    bool more;
    if (!moderate_keep(db, err) || !is_new(db, &more, err))
        return false;
    while (more) {
        struct arena *AUTO_ARENA arena = arena_new();
        struct keeping k = {.arena = arena};
        if (!arena)
            return fail_memory(err);
        if (!db_write(db, keep_work, &k, err))
            return false;
        more = k.items == AT_ONCE;
    }
    return true;
}

bool board_forget(struct db *db, struct err *err)
{
    return db_run(db, err, "insert into post_words(post_words) values ('delete-all')") &&
           db_run(db, err, "delete from post") && board_rest_forget(db, err) && moderate_forget(db, err);
}
