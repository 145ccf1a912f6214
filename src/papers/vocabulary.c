/* Numbers for texts. */
#include "papers/vocabulary.h"

#include "base/ckd.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/words.h"

#include "base/banned.h"

bool rows_room(void *at, size_t n, size_t more, size_t *room, size_t size, struct err *err)
{
    void *rows;
    size_t need, bytes;
    memcpy(&rows, at, sizeof rows);
    if (ckd_add(&need, n, more))
        return fail_memory(err);
    if (need <= *room)
        return true;
    size_t grown = *room + *room / 2 + 64;
    if (grown < need)
        grown = need;
    if (ckd_mul(&bytes, grown, size))
        return fail_memory(err);
    rows = mem_resize(rows, bytes);
    if (!rows)
        return fail_memory(err);
    memcpy(at, &rows, sizeof rows);
    *room = grown;
    return true;
}

/* Where `name` stands in the table, or the empty place where it would. */
static struct vocabulary_slot *place(const struct vocabulary *names, struct span name, uint32_t hash)
{
    size_t at = hash & (names->slots - 1);
    for (;; at = (at + 1) & (names->slots - 1)) {
        struct vocabulary_slot *s = &names->slot[at];
        if (s->number == 0 || (s->hash == hash && span_eq(vocabulary_at(names, s->number - 1), name)))
            return s;
    }
}

static bool widen(struct vocabulary *names, struct err *err)
{
    size_t slots = names->slots ? names->slots * 2 : 256;
    struct vocabulary_slot *slot = mem_get(slots * sizeof *slot);
    if (!slot)
        return fail_memory(err);
    for (size_t i = 0; i < names->slots; i++) {
        size_t at = names->slot[i].hash & (slots - 1);
        if (names->slot[i].number == 0)
            continue;
        while (slot[at].number)
            at = (at + 1) & (slots - 1);
        slot[at] = names->slot[i];
    }
    mem_free(names->slot);
    names->slot = slot;
    names->slots = slots;
    return true;
}

bool vocabulary_add(struct vocabulary *names, struct span name, uint32_t *number, struct err *err)
{
    if (names->n * 4 >= names->slots * 3 && !widen(names, err))
        return false;
    uint32_t hash = (uint32_t)span_hash(name);
    struct vocabulary_slot *at = place(names, name, hash);
    if (at->number) {
        *number = at->number - 1;
        return true;
    }
    if (names->n >= names->most || names->bytes_n + name.n > UINT32_MAX)
        return fail(err, E_LIMIT,
                    tr("err.papers.names", "There are more different words here than there is room for."));
    if (!rows_room(&names->end, names->n, 1, &names->room, sizeof *names->end, err) ||
        !rows_room(&names->bytes, names->bytes_n, name.n + 1, &names->bytes_room, 1, err))
        return false;
    if (name.n)
        memcpy(names->bytes + names->bytes_n, name.p, name.n);
    names->bytes_n += name.n;
    names->end[names->n] = (uint32_t)names->bytes_n;
    *at = (struct vocabulary_slot){hash, (uint32_t)++names->n};
    *number = (uint32_t)names->n - 1;
    return true;
}

uint32_t vocabulary_find(const struct vocabulary *names, struct span name)
{
    return names->slots ? place(names, name, (uint32_t)span_hash(name))->number - 1 : NAME_NONE;
}

void vocabulary_free(struct vocabulary *names)
{
    mem_free(names->bytes);
    mem_free(names->end);
    mem_free(names->slot);
    *names = (struct vocabulary){.most = names->most};
}
