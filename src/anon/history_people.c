/* People of the record who have keys of their own: moderators, vouchers, listeners and counsellors, and what
 * moderators and counsellors sign. A key
 * counts 72 hours after it was logged, so that members can see it before it is used; a lab that wants a
 * decision quickly cannot make a moderator for it. */
#include "anon/history_check.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/note_sig.h"

#include "base/banned.h"

enum { DAY = 86400, YOUNG = 3 * DAY, TERM_MOST = 53 * 7 /* days */, LISTENER_MOST = 26 * 7 };

/* Whether the lab signs its record with this key, or its promises. */
static bool is_labs(const struct history *h, const uint8_t pk[static 32])
{
    struct err none = {0};
    struct note_sig_key key;
    const struct entry_genesis *g = &h->genesis;
    for (size_t i = 0; i <= g->log.n; i++) {
        struct span vkey = i < g->log.n ? g->log.at[i] : g->promise;
        if (vkey.n && note_sig_key_read(vkey, &key, &none) && memcmp(key.pk, pk, sizeof key.pk) == 0)
            return true;
    }
    return false;
}

/* A listener is one whom a voucher in force has vouched for, and not themselves. */
static bool check_vouched(struct history *h, const struct entry *e)
{
    const struct entry_listener *l = &e->listener;
    struct err none = {0};
    bool good = false, is_signed = false;
    if (!entry_vouched(e, &is_signed, &none)) {
        arena_lose(h->arena);
        return false;
    }
    if (!is_signed)
        return history_find(h,
                            tr("err.anon.h_vouch_sig",
                               "The record names who vouched for a listener, and they have not signed it."));
    const struct history_person *by = history_in_force(h, ENTRY_VOUCHER, l->voucher_pk, came_at(h, e->at));
    good = by && memcmp(l->voucher_pk, l->person.pk, 32) != 0 && span_eq(by->person.name, l->voucher);
    return good || history_find(h, tr("err.anon.h_vouch_key",
                                      "A listener was vouched for by nobody who may vouch: a key that is not "
                                      "in force, the listener's own, or under another name."));
}

void take_person(struct history *h, const struct entry *e)
{
    bool listener = e->kind == ENTRY_LISTENER;
    const struct entry_person *p = entry_person_of((struct entry *)(uintptr_t)e);
    int most = listener ? LISTENER_MOST : TERM_MOST;
    int64_t came = came_at(h, e->at), begins = (int64_t)p->from * DAY;
    struct history_person person = {.kind = e->kind, .person = *p, .index = h->tree.size, .good = true};
    person.from = history_exempt(h) ? e->at : came + YOUNG;
    person.from = person.from > begins ? person.from : begins;
    person.until = ((int64_t)p->to + 1) * DAY;
    if (listener) {
        person.voucher = e->listener.voucher;
        memcpy(person.voucher_pk, e->listener.voucher_pk, sizeof person.voucher_pk);
        person.good = check_vouched(h, e);
    }
    if (e->kind == ENTRY_COUNSELLOR) {
        person.employer = e->counsellor.employer;
        person.where = e->counsellor.where;
    }
    if (is_labs(h, p->pk))
        person.good =
            history_find(h, tr("err.anon.h_person_lab",
                               "The key of a moderator, voucher, listener or counsellor is the lab's own."));
    if (p->to - p->from > most)
        person.good = history_find(h,
                                   tr("err.anon.h_person_term",
                                      "The term of a moderator, voucher, listener or counsellor is "
                                      "longer than %d weeks."),
                                   most / 7);
    struct history_person *at = VEC_PUSH(h->arena, &h->people);
    if (at)
        *at = person;
}

static bool is_kind(const struct history_person *p, struct span what)
{
    return span_is(what, p->kind == ENTRY_MODERATOR    ? "moderator"
                         : p->kind == ENTRY_VOUCHER    ? "voucher"
                         : p->kind == ENTRY_COUNSELLOR ? "counsellor"
                                                       : "listener");
}

/* Ends all terms of the key up to here. Those of kinds that are not read here are left to their room. */
void take_end(struct history *h, const struct entry *e)
{
    for (size_t i = 0; i < h->people.n; i++) {
        struct history_person *p = &h->people.at[i];
        if (!is_kind(p, e->end.what) || memcmp(p->person.pk, e->end.pk, sizeof e->end.pk) != 0 ||
            p->until <= e->at)
            continue;
        p->until = e->at;
        p->ended = true;
    }
}

/* Whether the record itself is signed is seen when it comes (anon/hours_fetch.h); here, who may have hours.
 */
void take_hours(struct history *h, const struct entry *e)
{
    const struct history_person *who =
        history_in_force(h, ENTRY_COUNSELLOR, e->hours.counsellor, came_at(h, e->at));
    struct history_hours hours = {.hours = e->hours, .index = h->tree.size, .at = e->at, .good = who != NULL};
    if (!who)
        history_find(h, tr("err.anon.h_hours_key",
                           "Open hours stand in the record under a key that is no counsellor's: unknown, "
                           "logged less than 72 hours before, ended, or past its term."));
    struct history_hours *at = VEC_PUSH(h->arena, &h->hours);
    if (at)
        *at = hours;
}

const struct history_hours *history_hours(const struct history *history, const uint8_t counsellor[static 32],
                                          day_t week)
{
    for (size_t i = history->hours.n; i-- > 0;) {
        const struct history_hours *h = &history->hours.at[i];
        if (h->good && h->hours.week == week && memcmp(h->hours.counsellor, counsellor, 32) == 0)
            return h;
    }
    return NULL;
}

const struct history_person *history_in_force(const struct history *history, enum entry_kind kind,
                                              const uint8_t pk[static 32], int64_t at)
{
    for (size_t i = history->people.n; i-- > 0;) {
        const struct history_person *p = &history->people.at[i];
        if (p->kind == kind && p->good && p->from <= at && at < p->until && memcmp(p->person.pk, pk, 32) == 0)
            return p;
    }
    return NULL;
}

/* Of several terms of one key the first counts. */
static bool is_first(const struct history *h, size_t at, const struct windows *w)
{
    for (size_t i = 0; i < at; i++) {
        const struct history_person *p = &h->people.at[i];
        if (p->kind == ENTRY_COUNSELLOR && p->from < w->issue_to && p->until > w->issue_from &&
            memcmp(p->person.pk, h->people.at[at].person.pk, 32) == 0)
            return false;
    }
    return true;
}

bool history_counsellors_hold(const struct history *history, const struct entry_close *issued)
{
    struct windows w = epoch_windows(issued->epoch);
    int64_t n = 0;
    if (issued->counsellors == 0)
        return true;
    for (size_t i = 0; i < history->people.n; i++) {
        const struct history_person *p = &history->people.at[i];
        n += p->kind == ENTRY_COUNSELLOR && p->good && p->from < w.issue_to && p->until > w.issue_from &&
             is_first(history, i, &w);
    }
    return !issued->survey && issued->counsellors <= n;
}

int64_t history_moderated(const struct history *history, const uint8_t target[static 16])
{
    for (size_t i = history->moderations.n; i-- > 0;)
        if (memcmp(history->moderations.at[i].moderation.target, target, 16) == 0)
            return (int64_t)history->moderations.at[i].index;
    return -1;
}

/* "lab" of acts: the board's first address without its scheme. */
static struct span board_origin(const struct history *h)
{
    struct span url = h->genesis.board.n ? h->genesis.board.at[0] : SPAN("");
    ptrdiff_t at = span_find(url, SPAN("://"));
    return at < 0 ? url : span_from(url, (size_t)at + 3);
}

/* Why the key may not decide at that time. */
static bool find_key(struct history *h, const uint8_t pk[static 32], int64_t at)
{
    for (size_t i = 0; i < h->people.n; i++) {
        const struct history_person *p = &h->people.at[i];
        if (p->kind == ENTRY_MODERATOR && memcmp(p->person.pk, pk, 32) == 0 && at < p->from)
            return history_find(h, tr("err.anon.h_mod_young",
                                      "A moderator decided before their key was in force: the lab took the "
                                      "decision less than 72 hours after it logged the key, or before the "
                                      "term."));
    }
    return history_find(h, tr("err.anon.h_mod_key",
                              "A decision about a post is signed with a key that is no moderator's: unknown, "
                              "ended, or past its term."));
}

void take_moderation(struct history *h, const struct entry *e)
{
    struct err none = {0};
    struct history_moderation m = {.moderation = e->moderation, .index = h->tree.size, .at = e->at, .by = -1};
    const struct history_person *who =
        history_in_force(h, ENTRY_MODERATOR, e->moderation.pk, came_at(h, e->at));
    bool is_signed = false;
    if (!moderation_good(&e->moderation, board_origin(h), &is_signed, &none)) {
        arena_lose(h->arena);
        return;
    }
    m.good = is_signed || history_find(h, tr("err.anon.h_mod_sig",
                                             "A decision about a post is not signed by the key it names."));
    if (who)
        m.by = who - h->people.at;
    else
        m.good = find_key(h, e->moderation.pk, e->at);
    if (e->moderation.prev != history_moderated(h, e->moderation.target))
        m.good = history_find(h, tr("err.anon.h_mod_prev",
                                    "A decision about a post was made for another state of it: it is used a "
                                    "second time, or out of its place."));
    struct history_moderation *at = VEC_PUSH(h->arena, &h->moderations);
    if (at)
        *at = m;
}
