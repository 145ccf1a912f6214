/* Gathering entries for one append, so that what belongs together is under one checkpoint. */
#include "anon/adding.h"

#include "anon/crowd.h"
#include "base/words.h"

#include "base/banned.h"

bool adding_bytes(struct adding *a, struct span entry, struct err *err)
{
    if (a->n == ADDING_MOST)
        return fail(err, E_LIMIT, tr("err.rotate.many", "More is due at once than one append holds."));
    a->entry[a->n] = arena_span(a->arena, entry);
    if (!a->entry[a->n].p)
        return fail_memory(err);
    a->n++;
    return true;
}

bool adding_entry(struct adding *a, const struct entry *entry, struct err *err)
{
    struct buf AUTO_BUF bytes;
    buf_init(&bytes, ENTRY_MOST);
    return entry_write(entry, &bytes, err) && adding_bytes(a, buf_span(&bytes), err);
}

static bool add_list(struct adding *a, enum roster_kind kind, day_t epoch, const struct leaves *leaves,
                     struct err *err)
{
    struct entry e = {.kind = kind == ROSTER_MEMBERS ? ENTRY_ROSTER : ENTRY_OPEN,
                      .at = a->now,
                      .list = {.epoch = epoch, .n = (int64_t)leaves->n}};
    roster_root(leaves, e.list.root);
    if (!adding_entry(a, &e, err))
        return false;
    a->list[a->lists].kind = kind;
    a->list[a->lists].epoch = epoch;
    a->list[a->lists].leaves = *leaves;
    a->list[a->lists++].entry = a->n - 1;
    return true;
}

bool adding_roster(struct adding *a, day_t epoch, bool first, struct leaves *leaves, struct err *err)
{
    struct leaves old;
    return roster_logged(a->db, ROSTER_MEMBERS, epoch, a->arena, &old, err) &&
           roster_members(a->db, epoch, a->arena, leaves, err) &&
           ((!first && leaves->n == old.n) || add_list(a, ROSTER_MEMBERS, epoch, leaves, err));
}

bool adding_open(struct adding *a, day_t epoch, const uint8_t key_id[static 32], bool late, bool first,
                 const struct leaves *roster, struct err *err)
{
    struct leaves old, now;
    return roster_logged(a->db, ROSTER_HOLDERS, epoch, a->arena, &old, err) &&
           roster_holders(a->db, epoch, key_id, late, roster, a->arena, &now, err) &&
           ((!first && now.n == old.n) || add_list(a, ROSTER_HOLDERS, epoch, &now, err));
}

bool adding_challenge(const struct lab *lab, const uint8_t *context, struct buf *out, struct err *err)
{
    struct challenge c = {.type = TOKEN_TYPE,
                          .issuer = span_of(lab->issuer_name),
                          .origins = span_of(lab->origin_info),
                          .context_n = context ? 32 : 0};
    if (context)
        memcpy(c.context, context, 32);
    challenge_write(&c, out);
    return buf_ok(out, err);
}

bool adding_key(struct adding *a, const struct issuer_key *key, day_t epoch, struct err *err)
{
    struct buf AUTO_BUF challenge;
    struct entry e = {
        .kind = ENTRY_KEY, .at = a->now, .key = {.epoch = epoch, .windows = epoch_windows(epoch)}};
    buf_init(&challenge, CHALLENGE_MOST);
    memcpy(e.key.spki, key->spki, SPKI_SIZE);
    crowd_hash(key->crowd, e.key.crowd);
    if (!adding_challenge(a->lab, NULL, &challenge, err))
        return false;
    e.key.challenge = buf_span(&challenge);
    return adding_entry(a, &e, err) && issuer_key_save(a->db, a->lab, key, epoch, -1, err);
}

bool adding_done(struct adding *a, uint64_t *first, struct err *err)
{
    *first = 0;
    if (a->n == 0)
        return true;
    if (!tlog_append(a->db, &a->lab->log, a->entry, a->n, first, err))
        return false;
    for (size_t i = 0; i < a->lists; i++)
        if (!roster_keep(a->db, a->list[i].kind, a->list[i].epoch, *first + a->list[i].entry,
                         &a->list[i].leaves, err))
            return false;
    return true;
}
