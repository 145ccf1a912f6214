/* The rules of PROTOCOL that one log can be held to by itself. A sentence says what the lab did; who shows it
 * adds which entry of the record it was. */
#include "anon/history_check.h"

#include "anon/token.h"
#include "base/words.h"
#include "codec/note_sig.h"
#include "crypt/sign.h"

#include "base/banned.h"

enum {
    HOUR = 3600,
    DAY = 86400,
    CLOCKS = 300,     /* by which two clocks may differ */
    ZONE = 14 * HOUR, /* by which a lab's day may begin before UTC's */
    FETCH_FROM = 600, /* minutes of the day: PROTOCOL 3, When a node speaks */
    FETCH_TO = 960,
    SEND_FROM = 540,
    SEND_TO = 1080,
    FULL_LEAST = 320, /* acts of the largest size that fill a batch of 8 MiB */
    QUOTA = 64,
};

/* Place and time ------------------------------------------------------------------------------------- */
/* Whether entries of this kind may stand in the log of an operator with these roles. */
static bool belongs(struct span roles, enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_KEY:
    case ENTRY_ROSTER:
    case ENTRY_OPEN:
        return !span_is(roles, "board");
    case ENTRY_BATCH:
    case ENTRY_ACT:
    case ENTRY_ANSWER:
    case ENTRY_SURVEY:
    case ENTRY_MODERATOR:
    case ENTRY_VOUCHER:
    case ENTRY_LISTENER:
    case ENTRY_COUNSELLOR:
    case ENTRY_HOURS:
    case ENTRY_END:
    case ENTRY_MODERATION:
        return !span_is(roles, "issuer");
    default:
        return true;
    }
}

void check_place(struct history *h, const struct entry *e)
{
    if (h->tree.size == 0 && e->kind != ENTRY_GENESIS)
        history_find(h,
                     tr("err.anon.h_no_genesis", "The record does not begin by saying which lab it is of."));
    if (h->has_genesis && !belongs(h->genesis.roles, e->kind))
        history_find(h,
                     tr("err.anon.h_role", "An entry of type “%.*s” stands in the record of an operator who "
                                           "may not write it."),
                     SPAN_ARG(e->t));
    if (h->due > 0 && e->kind != ENTRY_ACT && e->kind != ENTRY_ANSWER) {
        history_find(h,
                     tr("err.anon.h_batch_short",
                        "A batch has fewer entries than it says it has: %llu are not there."),
                     (unsigned long long)h->due);
        h->due = 0;
    }
}

void check_time(struct history *h, const struct entry *e)
{
    if (e->kind == ENTRY_BATCH || e->kind == ENTRY_ACT || e->kind == ENTRY_ANSWER)
        return;
    int64_t least = (h->last_at > h->before ? h->last_at : h->before) - HOUR;
    if (e->at < least)
        history_find(h, tr("err.anon.h_back_dated", "The lab dated an entry before others that were there "
                                                    "already."));
    if (h->now > 0 && e->at > h->now + CLOCKS)
        history_find(h, tr("err.anon.h_ahead", "The lab dated an entry later than now."));
    if (e->at > h->last_at)
        h->last_at = e->at;
}

int64_t came_at(const struct history *h, int64_t at)
{
    int64_t least = (h->last_at > h->before ? h->last_at : h->before) - HOUR;
    return at > least ? at : least;
}

/* Rules ---------------------------------------------------------------------------------------------- */
/* A window may be narrowed and not widened. */
static void narrow(struct history *h, int64_t *from, int64_t *to, int64_t first, int64_t last)
{
    if (*from >= first && *to <= last)
        return;
    history_find(h, tr("err.anon.h_wide", "The lab's rules ask for fetching or sending at hours that the "
                                          "protocol keeps free. They are not followed in that."));
    if (*to <= first || *from >= last) {
        *from = first;
        *to = last;
    }
    *from = *from < first ? first : *from;
    *to = *to > last ? last : *to;
}

void check_rules(struct history *h, struct entry_rules *rules, bool *usable)
{
    if (rules->batch > 0 && !h->genesis.trial)
        *usable = history_find(h, tr("err.anon.h_trial_rules",
                                     "The lab set itself the fast batches of a trial, and it is no trial."));
    narrow(h, &rules->fetch_from, &rules->fetch_to, FETCH_FROM, FETCH_TO);
    narrow(h, &rules->send_from, &rules->send_to, SEND_FROM, SEND_TO);
}

/* Keys ----------------------------------------------------------------------------------------------- */
/* Of a base URL: what comes after "://". */
static struct span host_of(struct span url)
{
    ptrdiff_t at = span_find(url, SPAN("://"));
    return at < 0 ? url : span_from(url, (size_t)at + 3);
}

/* The context of its passes, and its window, when the survey says one here. */
static bool names_survey(const struct history_survey *s, const struct challenge *c, const struct windows *w)
{
    return c->context_n == sizeof c->context && memcmp(c->context, s->context, sizeof s->context) == 0 &&
           (!s->survey.whole || (w->spend_from == s->survey.opens && w->spend_to == s->survey.closes));
}

bool survey_fits(const struct history_survey *s, const struct history_key *key, bool trial)
{
    struct challenge c;
    struct err none = {0};
    return challenge_read(key->key.challenge, &c, &none) && names_survey(s, &c, &key->key.windows) &&
           (trial || s->at <= key->key.windows.issue_from - DAY);
}

static bool challenge_good(const struct history *h, const struct entry_key *key)
{
    struct challenge c;
    struct err none = {0};
    if (!challenge_read(key->challenge, &c, &none) || c.type != TOKEN_TYPE || h->genesis.issuer.n == 0 ||
        !span_eq(c.issuer, host_of(h->genesis.issuer.at[0])) || !span_eq(c.origins, h->genesis.origin_info))
        return false;
    if (!key->survey)
        return c.context_n == 0;
    if (span_is(h->genesis.roles, "issuer"))
        return c.context_n == sizeof c.context; /* history_match() holds it against the board's log */
    const struct history_survey *survey = history_survey(h, key->id_of);
    return survey && names_survey(survey, &c, &key->windows);
}

static bool same_windows(const struct windows *a, const struct windows *b)
{
    return a->issue_from == b->issue_from && a->issue_to == b->issue_to && a->spend_from == b->spend_from &&
           a->spend_to == b->spend_to;
}

/* Of a survey: issuing ends when spending begins. */
static bool windows_good(const struct entry_key *key)
{
    const struct windows *w = &key->windows;
    if (key->survey)
        return w->issue_from < w->issue_to && w->issue_to == w->spend_from && w->spend_from < w->spend_to;
    struct windows want = epoch_windows(key->epoch);
    return same_windows(w, &want);
}

static bool is_second(const struct history *h, const struct entry_key *key)
{
    for (size_t i = 0; i < h->keys.n; i++) {
        const struct entry_key *other = &h->keys.at[i].key;
        if (memcmp(other->key_id, key->key_id, 32) == 0)
            return true;
        if (other->survey == key->survey &&
            (key->survey ? memcmp(other->id_of, key->id_of, 16) == 0 : other->epoch == key->epoch))
            return true;
    }
    return false;
}

bool check_key(struct history *h, const struct entry_key *key, int64_t at)
{
    bool good = true;
    uint8_t n[SPKI_MODULUS];
    char week[16];
    const char *what = key->survey ? tr("anon.h_survey", "a survey") : epoch_text(key->epoch, week);
    if (at < came_at(h, at)) /* back-dated: that was said */
        good = false;
    if (is_second(h, key))
        good = history_find(h,
                            tr("err.anon.h_second_key",
                               "The lab made a second key for the passes of %s. Passes of a key that not "
                               "everybody has would tell who used them."),
                            what);
    if (!spki_read((struct span){(const char *)key->spki, sizeof key->spki}, n))
        good =
            history_find(h, tr("err.anon.h_spki", "The key for the passes of %s is not a sound one."), what);
    if (!challenge_good(h, key))
        good = history_find(h,
                            tr("err.anon.h_challenge",
                               "The passes of %s would be for other addresses than those of this lab."),
                            what);
    if (!windows_good(key))
        good = history_find(h,
                            tr("err.anon.h_windows",
                               "The key for the passes of %s has other times than the protocol gives it."),
                            what);
    if (!history_exempt(h) && came_at(h, at) > key->windows.issue_from - DAY)
        good = history_find(h,
                            tr("err.anon.h_key_late",
                               "The key for the passes of %s came less than a day before it was used, so "
                               "that there was no time to compare it."),
                            what);
    return good;
}

/* Lists ---------------------------------------------------------------------------------------------- */
bool check_roster(struct history *h, const struct entry_list *roster, int64_t at)
{
    char week[16];
    const struct history_list *before = history_roster(h, roster->epoch);
    epoch_text(roster->epoch, week);
    if (before && roster->n < before->list.n)
        return history_find(h,
                            tr("err.anon.h_roster_shrank",
                               "The list of members of %s became shorter, from %lld to %lld. It may only "
                               "grow until the week is over."),
                            week, (long long)before->list.n, (long long)roster->n);
    if (before && roster->n == before->list.n && memcmp(roster->root, before->list.root, 32) != 0)
        return history_find(h,
                            tr("err.anon.h_roster_other",
                               "The list of members of %s was changed for another of the same length."),
                            week);
    if (!before && !history_exempt(h) && at > epoch_start(roster->epoch))
        history_find(h,
                     tr("err.anon.h_roster_late", "The list of members of %s came after the week had begun."),
                     week);
    if (before && at > epoch_windows(roster->epoch).spend_to)
        return history_find(
            h, tr("err.anon.h_roster_over", "The list of members of %s was changed after the week was over."),
            week);
    return true;
}

bool check_open(struct history *h, const struct entry_list *open, int64_t at)
{
    char week[16];
    epoch_text(open->epoch, week);
    int64_t members = history_members(h, open->epoch);
    if (!history_roster(h, open->epoch))
        return history_find(h,
                            tr("err.anon.h_open_alone",
                               "The record counts who holds passes of %s without a list of members."),
                            week);
    if (open->n > members)
        return history_find(h,
                            tr("err.anon.h_open_many",
                               "The record says that %lld members hold passes of %s; the lab has %lld."),
                            (long long)open->n, week, (long long)members);
    if (at < epoch_start(open->epoch))
        return history_find(
            h, tr("err.anon.h_open_early", "Who holds passes of %s was counted before the week began."),
            week);
    if (!h->genesis.trial && history_open(h, open->epoch))
        return history_find(
            h, tr("err.anon.h_open_twice", "Who holds passes of %s was counted a second time."), week);
    return true;
}

/* Sums ----------------------------------------------------------------------------------------------- */
static bool same_subject(const struct entry_close *a, const struct entry_close *b)
{
    return a->survey == b->survey && (a->survey ? memcmp(a->id_of, b->id_of, 16) == 0 : a->epoch == b->epoch);
}

/* The other half of a close, or one that is there already. */
static const struct entry_close *half(const struct history *h, const struct entry_close *of, bool spent)
{
    for (size_t i = 0; i < h->closes.n; i++) {
        const struct entry_close *close = &h->closes.at[i].close;
        if (same_subject(close, of) && (close->spent >= 0) == spent)
            return close;
    }
    return NULL;
}

static int64_t quota_of(const struct history *h, const struct entry_close *close)
{
    const struct entry_rules *rules = close->survey ? NULL : history_rules(h, close->epoch);
    return close->survey ? 1 : rules ? rules->quota : QUOTA;
}

/* What the batches say was spent. */
static int64_t counted(const struct history *h, const struct entry_close *close)
{
    int64_t sum = 0;
    if (!close->survey)
        return history_spent(h, close->epoch);
    for (size_t i = 0; i < h->batches.n; i++) {
        const struct entry_batch *batch = &h->batches.at[i].batch;
        if (span_is(batch->series, "answers") && memcmp(batch->survey, close->id_of, 16) == 0)
            sum += batch->count;
    }
    return sum;
}

static void check_issued(struct history *h, const struct entry_close *close, const char *what)
{
    if (!close->survey && close->members != history_members(h, close->epoch))
        history_find(
            h, tr("err.anon.h_close_members", "The sums of %s are for %lld members; the record lists %lld."),
            what, (long long)close->members, (long long)history_members(h, close->epoch));
    if (close->issued > (close->members + close->counsellors) * quota_of(h, close))
        history_find(h,
                     tr("err.anon.h_close_issued",
                        "The lab gave out %lld passes of %s, more than its %lld members may have."),
                     (long long)close->issued, what, (long long)close->members);
    if (!span_is(h->genesis.roles, "issuer") && !history_counsellors_hold(h, close))
        history_find(h,
                     tr("err.anon.h_close_counsellors",
                        "The lab gave passes of %s to %lld counsellors, more than its record has."),
                     what, (long long)close->counsellors);
}

void check_close(struct history *h, const struct entry_close *close)
{
    char week[16];
    bool spent = close->spent >= 0;
    const char *what = close->survey ? tr("anon.h_survey", "a survey") : epoch_text(close->epoch, week);
    const struct entry_close *other = half(h, close, !spent);
    if (!belongs(h->genesis.roles, spent ? ENTRY_BATCH : ENTRY_KEY))
        history_find(
            h, tr("err.anon.h_close_role", "An operator wrote the sums of %s that are the other's to write."),
            what);
    if (half(h, close, spent))
        history_find(h, tr("err.anon.h_close_twice", "The sums of %s were written a second time."), what);
    if (!spent)
        check_issued(h, close, what);
    else if (close->spent != counted(h, close))
        history_find(h,
                     tr("err.anon.h_close_spent",
                        "The lab says that %lld passes of %s were used; the batches hold %lld."),
                     (long long)close->spent, what, (long long)counted(h, close));
    int64_t used = spent ? close->spent : other ? other->spent : 0;
    int64_t issued = spent ? (other ? other->issued : INT64_MAX) : close->issued;
    if (used > issued)
        history_find(h,
                     tr("err.anon.h_close_more",
                        "More passes of %s were used than were given out: %lld of %lld. Somebody made acts "
                        "that no member wrote."),
                     what, (long long)used, (long long)issued);
}

/* Batches -------------------------------------------------------------------------------------------- */
static const struct entry_batch *last_of(const struct history *h, struct span series)
{
    for (size_t i = h->batches.n; i-- > 0;)
        if (span_eq(h->batches.at[i].batch.series, series))
            return &h->batches.at[i].batch;
    return NULL;
}

static int64_t slots_of(const struct entry_rules *rules, struct span series)
{
    if (rules->batch > 0)
        return 1;
    return span_is(series, "letters") ? (24 + rules->letters - 1) / rules->letters : (int64_t)rules->slots;
}

/* The day's slots come in their order, each once, or again while it is full. */
static void check_slots(struct history *h, const struct entry_batch *batch, const struct entry_batch *before)
{
    char day[16];
    const struct entry_rules *rules = history_rules(h, day_monday(batch->day));
    day_text(batch->day, day);
    if (h->genesis.trial || span_is(batch->series, "answers"))
        return;
    bool again = before && before->day == batch->day && before->slot >= batch->slot &&
                 (before->slot > batch->slot || before->count < FULL_LEAST);
    if (again || (rules && batch->slot >= slots_of(rules, batch->series)))
        history_find(h,
                     tr("err.anon.h_slots",
                        "On %s the lab published more often than its rules say, and smaller crowds with "
                        "it."),
                     day);
}

static void check_numbers(struct history *h, const struct entry_batch *batch,
                          const struct entry_batch *before)
{
    int64_t next = before ? before->n + 1 : 1;
    if (batch->n != next)
        history_find(
            h, tr("err.anon.h_batch_number", "Batch %lld of “%.*s” came where number %lld was to come."),
            (long long)batch->n, SPAN_ARG(batch->series), (long long)next);
    if ((before && batch->day < before->day) || (int64_t)batch->day * DAY + ZONE + DAY < h->last_at - HOUR)
        history_find(h, tr("err.anon.h_batch_day", "The lab dated a batch before what was there already."));
}

void check_batch(struct history *h, const struct entry_batch *batch)
{
    const struct entry_batch *before = last_of(h, batch->series);
    int64_t sum = 0;
    char week[16];
    check_numbers(h, batch, before);
    check_slots(h, batch, before);
    for (size_t i = 0; i < batch->keys; i++) {
        struct entry_close epoch = {.epoch = batch->key[i].epoch};
        sum += batch->key[i].n;
        if (half(h, &epoch, true))
            history_find(h,
                         tr("err.anon.h_batch_closed",
                            "A batch holds acts with passes of %s after the sums of that week."),
                         epoch_text(epoch.epoch, week));
        if (span_is(h->genesis.roles, "both") && !history_general(h, epoch.epoch))
            history_find(h,
                         tr("err.anon.h_batch_keyless",
                            "A batch holds acts with passes of %s, a week that has no good key."),
                         epoch_text(epoch.epoch, week));
    }
    if (sum != (span_is(batch->series, "answers") ? 0 : batch->count))
        history_find(h,
                     tr("err.anon.h_batch_sum",
                        "A batch says that it holds %lld acts, and that they were paid with %lld passes."),
                     (long long)batch->count, (long long)sum);
    int64_t began = (int64_t)batch->day * DAY - ZONE; /* of a lab east of all */
    if (began > h->last_at)
        h->last_at = began;
}

void check_leaf(struct history *h, const struct entry *e, const uint8_t id[static 16])
{
    const struct entry_batch *batch = h->batches.n ? &h->batches.at[h->batches.n - 1].batch : NULL;
    if (h->due == 0 || !batch) {
        history_find(h, tr("err.anon.h_leaf_alone", "An act stands in the record outside a batch."));
        return;
    }
    bool first = h->due == (uint64_t)batch->count, answers = span_is(batch->series, "answers");
    if (answers != (e->kind == ENTRY_ANSWER) || (answers && memcmp(e->act.survey, batch->survey, 16) != 0))
        history_find(h, tr("err.anon.h_leaf_other", "An act stands in a batch that is for others."));
    if (!first && memcmp(h->last_id, id, 16) >= 0)
        history_find(h,
                     tr("err.anon.h_order",
                        "The acts of a batch are not in the order that says nothing: it may show which came "
                        "first."));
    memcpy(h->last_id, id, 16);
    h->due--;
}

/* The other operator's checkpoint, in a split lab signed with the key that genesis names for it. */
void check_peer(struct history *h, const struct entry *e)
{
    struct err none = {0};
    struct note_sig note;
    struct note_sig_key key;
    struct note_sig_claim claim;
    struct checkpoint head;
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf scratch;
    buf_init(&scratch, NOTE_SIG_MOST);
    bool good = note_sig_read(e->peer.note, arena, &note, &none) && checkpoint_read(note.text, &head, &none);
    if (good && e->peer.has_epoch)
        good = h->genesis.log.n == 2 && note_sig_key_read(h->genesis.log.at[1], &key, &none) &&
               note_sig_claim(&note, &key, &scratch, &claim, &none) &&
               sign_good(key.pk, claim.message, claim.sig);
    if (none.code == E_MEMORY)
        arena_lose(h->arena);
    else if (!good)
        history_find(h, tr("err.anon.h_peer",
                           "The record holds a head of the other operator's log that it did not sign."));
}
