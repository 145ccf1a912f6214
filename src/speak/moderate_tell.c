/* From what a person types to an act that waits. */
#include "speak/moderate_tell.h"

#include "anon/spend.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "speak/board_keep.h"
#include "speak/board_words.h"
#include "speak/moderate.h"

#include "base/banned.h"

enum { TYPED_MOST = 64 * 1024 };

static bool make_flag(const struct telling *t, struct span text, json_t **act, struct err *err)
{
    struct flag flag = {.reason = t->reason, .note = text}, read;
    memcpy(flag.target, t->target, sizeof flag.target);
    *act = flag_act(&flag);
    return *act ? flag_check(*act, &read, err) : fail_memory(err);
}

static bool make_appeal(const struct telling *t, struct span text, json_t **act, struct err *err)
{
    struct span said;
    int64_t entry;
    if (t->entry < 0)
        return fail(err, E_REFUSED,
                    tr("err.speak.nothing_stands",
                       "The moderators have taken nothing away here, so there is nothing to undo."));
    *act = appeal_act(t->entry, text);
    return *act ? appeal_check(*act, &entry, &said, err) : fail_memory(err);
}

static bool words_here(struct db *db, struct arena *arena, const uint8_t id[static 16], struct err *err)
{
    struct board_words words;
    bool there;
    return board_keep(db, err) && board_words(db, arena, id, &words, &there, err) &&
           (there || fail(err, E_MISSING, tr("err.speak.no_post", "There is no such post here."))) &&
           (!words.gone ||
            fail(err, E_REFUSED, tr("err.speak.post_gone", "The words of this post are gone already.")));
}

bool telling_put(struct db *db, struct arena *arena, const struct known *known, const struct telling *telling,
                 bool at_once, int64_t now, int64_t *outbox, struct err *err)
{
    AUTO_JSON json_t *act = NULL;
    AUTO_BUF struct buf tidy;
    buf_init(&tidy, TYPED_MOST);
    if (telling->text.n > TYPED_MOST / 2)
        return fail(err, E_LIMIT,
                    tr("err.speak.appeal_long", "The text takes more than %d bytes. Please make it shorter."),
                    APPEAL_TEXT);
    if ((telling->is_flag && !words_here(db, arena, telling->target, err)) ||
        !plain_tidy(telling->text, !telling->is_flag, &tidy, err))
        return false;
    struct span text = tidy.n ? buf_span(&tidy) : SPAN("");
    return (telling->is_flag ? make_flag(telling, text, &act, err) : make_appeal(telling, text, &act, err)) &&
           spend(db, known,
                 &(struct spend_wish){.kind = telling->is_flag ? "flag" : "appeal",
                                      .act = act,
                                      .one_time = true,
                                      .now = at_once},
                 now, outbox, err);
}
