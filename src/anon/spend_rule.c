/* The stop rule (PROTOCOL section 3): when a node spends, and when it does not, whoever asks. */
#include "anon/spend_rule.h"

#include <inttypes.h>
#include <stdio.h>

#include "anon/confirmed.h"
#include "anon/fetched.h"
#include "anon/follow.h"
#include "anon/spend.h"
#include "anon/wallet.h"
#include "base/words.h"

#include "base/banned.h"

enum { DAY = 86400, MINUTE = 60, MARGIN = 15 * MINUTE, LATE_HOLD = DAY };

static bool may_spend(const struct history_key *key, int64_t now)
{
    return now >= key->key.windows.spend_from + MARGIN && now < key->key.windows.spend_to - MARGIN;
}

bool spend_crowd(struct db *db, const struct history *issuer, int64_t now, struct spend_crowd *out,
                 struct err *err)
{
    *out = (struct spend_crowd){.holders = -1};
    for (int back = 0; back < 2; back++) {
        day_t epoch = epoch_of(now) - back * EPOCH_NEXT;
        const struct history_key *key = history_general(issuer, epoch);
        const struct history_list *open = history_open(issuer, epoch);
        int64_t passes, fetched_at;
        if (!key || !may_spend(key, now))
            continue;
        if (!wallet_count(db, issuer, epoch, &passes, &fetched_at, err))
            return false;
        if (passes <= 0)
            continue;
        *out = (struct spend_crowd){.epoch = epoch,
                                    .passes = passes,
                                    .fetched_at = fetched_at,
                                    .holders = open ? open->list.n : -1,
                                    .floor = history_floor(issuer, epoch)};
        return true;
    }
    return true;
}

/* In the arena; NULL when there is no memory. */
static bool say(struct arena *arena, const char **why, const char *pattern, const struct arg *args,
                struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 4096);
    words_fill(&text, pattern, args);
    if (!buf_ok(&text, err))
        return false;
    *why = arena_text(arena, buf_span(&text));
    return *why || fail_memory(err);
}
#define SAY(arena, why, err, pattern, ...) \
    say((arena), (why), (pattern), (const struct arg[]){__VA_ARGS__ __VA_OPT__(, ){0}}, (err))

static const char *number(int64_t n, char out[static 24])
{
    snprintf(out, 24, "%" PRId64, n);
    return out;
}

/* Whether this node has to be in the list that was logged at `at`: 1 yes, -1 no, 0 either way. */
static int belongs(int64_t fetched_at, int64_t at)
{
    if (fetched_at == 1) /* asked for and then dropped (wallet_drop_all): nobody here knows */
        return 0;
    if (fetched_at && fetched_at <= at - MINUTE)
        return 1;
    return !fetched_at || fetched_at > at + MINUTE ? -1 : 0;
}

bool spend_list_lies(struct db *db, const struct known *known, const struct history *issuer, day_t epoch,
                     struct arena *arena, bool *lie, const char **why, struct err *err)
{
    const struct history_list *open = history_open(issuer, epoch);
    int64_t n, checked_at, passes, fetched_at;
    bool mine;
    *lie = false;
    *why = NULL;
    if (!open)
        return SAY(
            arena, why, err,
            tr("spend.not_open", "The lab has not yet said how many members hold this week's passes."));
    if (!follow_holders(db, known, epoch, &n, &mine, &checked_at, err) ||
        !wallet_count(db, issuer, epoch, &passes, &fetched_at, err))
        return false;
    if (n < 0)
        return SAY(arena, why, err,
                   tr("spend.no_list",
                      "The list of those who hold this week's passes is not here yet. `respite "
                      "board` fetches it."));
    int must = belongs(fetched_at, open->at);
    *lie = true;
    if (n != open->list.n || open->list.n > history_members(issuer, epoch))
        return SAY(arena, why, err,
                   tr("spend.list_other",
                      "The lab names more holders of passes for the week than it can have: "
                      "its list and its record differ."));
    if (must > 0 && !mine)
        return SAY(arena, why, err,
                   tr("spend.list_without",
                      "This computer holds passes, and the lab's list of holders leaves it "
                      "out: the list is not true."));
    if (must < 0 && mine)
        return SAY(arena, why, err,
                   tr("spend.list_with",
                      "This computer held no passes then, and the lab's list of holders names "
                      "it: the list is not true."));
    *lie = false;
    return true;
}

/* What has nothing to do with the crowd: a log that does not fit, a clock that is off. */
static bool record_hinders(struct db *db, struct arena *arena, const char **why, struct err *err)
{
    if (!follow_stopped(db, arena, why, err) || *why)
        return *why != NULL;
    return fetched_clock(db, arena, why, err);
}

static bool none_left(const struct history *issuer, int64_t now, struct arena *arena, const char **why,
                      struct err *err)
{
    char day[16];
    (void)issuer;
    return SAY(arena, why, err,
               tr("post.none", "Your computer has no passes for this week. The next ones come in the week of "
                               "{date}."),
               {"date", day_text(epoch_of(now) + EPOCH_NEXT, day)});
}

static bool crowd_hinders(struct db *db, const struct known *known, const struct history *issuer, int64_t now,
                          const struct spend_crowd *crowd, struct arena *arena, const char **why,
                          struct err *err)
{
    char k[24], n[24];
    bool lie;
    if (!known->trial && epoch_start(crowd->epoch) < issuer->began)
        return SAY(arena, why, err,
                   tr("spend.first_week",
                      "This lab began in the middle of a week. Posts can leave from the first "
                      "whole week on."));
    if (!spend_list_lies(db, known, issuer, crowd->epoch, arena, &lie, why, err))
        return false;
    if (*why)
        return true;
    (void)now;
    return crowd->holders >= crowd->floor ||
           SAY(arena, why, err,
               tr("post.floor", "Posts leave when {k} members hold this week's passes. There are {n}."),
               {"k", number(crowd->floor, k)}, {"n", number(crowd->holders, n)});
}

bool spend_hindered(struct db *db, const struct known *known, const struct history *issuer,
                    const struct history *board, int64_t now, bool at_once, struct arena *arena,
                    const char **why, struct err *err)
{
    struct spend_crowd crowd;
    uint8_t head[32];
    *why = NULL;
    if (!record_hinders(db, arena, why, err))
        return false;
    if (*why)
        return true;
    if (!spend_crowd(db, issuer, now, &crowd, err))
        return false;
    if (crowd.passes <= 0)
        return none_left(issuer, now, arena, why, err);
    if (!history_head(issuer, board, crowd.epoch, NULL, head))
        return SAY(arena, why, err,
                   tr("spend.no_head", "The lab's record does not say yet who the members of this week are. "
                                       "`respite board` fetches what is new."));
    if (known->guest) /* who it is stands in the record: no crowd hides that, and no list has to name it */
        return true;
    if (!crowd_hinders(db, known, issuer, now, &crowd, arena, why, err))
        return false;
    bool late = crowd.fetched_at >= epoch_start(crowd.epoch) && now < crowd.fetched_at + LATE_HOLD;
    if (*why || known->trial || at_once || !late)
        return true;
    return SAY(arena, why, err,
               tr("post.late",
                  "Your computer collected this week's passes late. This waits 24 hours, unless you "
                  "send it now."));
}

bool spend_confirm(struct db *db, const uint8_t head[static 32], struct err *err)
{
    return confirmed_add(db, head, CONFIRMED_COLLEAGUE, err);
}

bool spend_confirmed(struct db *db, const uint8_t head[static 32], bool *yes, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct confirmed c;
    if (!arena)
        return fail_memory(err);
    if (!confirmed_load(db, arena, head, &c, err))
        return false;
    *yes = c.enough;
    return true;
}
