/* Letters. What is inside is canonical JSON like everything that is signed, for one reason: there is one way
 * of writing it, so nothing but its members can tell anything. */
#include "speak/letter.h"

#include "anon/item.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "crypt/box.h"
#include "crypt/secret.h"
#include "ui/problem.h"

#include "base/banned.h"

/* Inside --------------------------------------------------------------------------------------------- */
static bool put_text(json_t *o, const char *key, struct span text)
{
    return json_object_set_new(o, key, json_stringn(text.n ? text.p : "", text.n)) == 0;
}

bool letter_write(const struct letter *l, struct buf *out, struct err *err)
{
    AUTO_JSON json_t *o = json_pack("{s:i,s:I}", "v", 1, "n", (json_int_t)l->n);
    if (!o || !put_text(o, "text", l->text) || !put_text(o, "head", l->head) ||
        !canon_put_b64(o, "pk", l->pk, sizeof l->pk) ||
        (l->has_k && !canon_put_b64(o, "k", l->k, sizeof l->k)) ||
        (l->has_ask && !canon_put_b64(o, "ask", l->ask, sizeof l->ask)))
        return fail_memory(err);
    return letter_circle_put(o, &l->circle, err) && canon_write(o, out, err);
}

size_t letter_room(const struct letter *l)
{
    size_t over = l->has_k ? BOX_SEALED_OVER : BOX_OVER, fixed = 0;
    struct letter empty = *l;
    struct err none = {0};
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, BOX_LARGE);
    empty.text = SPAN("");
    if (letter_write(&empty, &bytes, &none))
        fixed = bytes.n;
    size_t room = BOX_LARGE - over - 1;
    return fixed && fixed < room ? room - fixed : 0;
}

static bool keep(struct arena *arena, struct span text, struct span *out, struct err *err)
{
    *out = arena_span(arena, text.n ? text : SPAN(""));
    return out->p || fail_memory(err);
}

static bool get_texts(const json_t *o, bool may_be_empty, struct arena *arena, struct letter *l,
                      struct err *err)
{
    struct span text, head;
    if (!json_get_text(o, "text", BOX_LARGE, &text, err) ||
        !json_get_text(o, "head", LETTER_HEAD, &head, err))
        return false;
    if (span_trim(text).n == 0 && !may_be_empty && !json_object_get(o, "ask") && !l->circle.meets.n)
        return fail(err, E_FORMAT, tr("err.letter.empty", "There is no text in this letter yet."));
    return plain_ok(text, true, err) && keep(arena, text, &l->text, err) && keep(arena, head, &l->head, err);
}

static bool get_key(const json_t *o, const char *key, bool *has, uint8_t out[static 32], struct err *err)
{
    *has = json_object_get(o, key) != NULL;
    return !*has || canon_b64(o, key, out, 32, err);
}

static bool read(struct span bytes, bool may_be_empty, struct arena *arena, struct letter *out,
                 struct err *err)
{
    static const char *const keys[] = {"ask", "circle", "head", "k", "n", "pk", "text", "v", NULL};
    AUTO_JSON json_t *o = NULL;
    struct letter l = {0};
    int64_t v, n;
    if (!canon_read(bytes, BOX_LARGE, &o, err) || !canon_only(o, keys, err) ||
        !json_get_int(o, "v", 1, 1, &v, err) || !json_get_int(o, "n", 0, LETTER_N_MOST, &n, err) ||
        !canon_b64(o, "pk", l.pk, sizeof l.pk, err) || !get_key(o, "k", &l.has_k, l.k, err) ||
        !get_key(o, "ask", &l.has_ask, l.ask, err) || !letter_circle_get(o, &l.circle, err) ||
        !get_texts(o, may_be_empty, arena, &l, err))
        return false;
    l.n = (uint64_t)n;
    *out = l;
    return true;
}

bool letter_read(struct span bytes, struct arena *arena, struct letter *out, struct err *err)
{
    return read(bytes, false, arena, out, err);
}

bool letter_read_slot(struct span bytes, struct arena *arena, struct letter *out, struct err *err)
{
    return read(bytes, true, arena, out, err);
}

/* The act -------------------------------------------------------------------------------------------- */
json_t *letter_act(const uint8_t to[static 16], struct span box)
{
    char hex[33];
    item_hex(to, hex);
    json_t *act = json_pack("{s:s}", "to", hex);
    if (act && canon_put_b64(act, "box", box.p, box.n))
        return act;
    json_decref(act);
    return NULL;
}

static bool is_class(size_t n)
{
    return n == BOX_SMALL || n == BOX_MIDDLE || n == BOX_LARGE;
}

bool letter_act_read(const json_t *act, uint8_t to[static 16], struct buf *box, struct err *err)
{
    static const char *const keys[] = {"box", "to", NULL};
    struct span text;
    size_t n = 0;
    if (!canon_only(act, keys, err) || !canon_hex(act, "to", to, 16, err) ||
        !json_get_text(act, "box", b64_size(B64, BOX_LARGE), &text, err))
        return false;
    char *room = buf_space(box, BOX_LARGE);
    if (!room)
        return buf_ok(box, err);
    if (!b64_read(text, B64, room, BOX_LARGE, &n) || !is_class(n))
        return fail(err, E_FORMAT, tr("err.letter.class", "A letter has 1,024, 4,096 or 16,384 bytes."));
    buf_grew(box, n);
    return true;
}

bool letter_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err)
{
    struct err why = {0};
    uint8_t to[16];
    AUTO_BUF struct buf box;
    (void)app;
    (void)db;
    buf_init(&box, BOX_LARGE);
    if (letter_act_read(item->act, to, &box, &why))
        return true;
    return why.code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
}
