/* From words to acts. The node looks with the same code as the board will (speak/post.c), and at what the
 * board cannot know: whether the thread is here, whether the post is one's own, whether "me too" was said. */
#include "speak/write.h"

#include "anon/item.h"
#include "anon/spend.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "speak/board.h"
#include "speak/board_keep.h"
#include "speak/moderate.h"
#include "speak/post.h"
#include "ui/lang.h"

#include "base/banned.h"

/* Threads and replies -------------------------------------------------------------------------------- */
static bool tidy(struct span typed, bool lines, struct arena *arena, struct span *out, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, WRITE_MOST);
    if (typed.n > WRITE_MOST)
        return fail(err, E_LIMIT,
                    tr("err.speak.much", "That is more text than fits any post (%d bytes). Please make it "
                                         "shorter, or make several posts of it."),
                    POST_TEXT);
    if (!plain_tidy(typed, lines, &text, err))
        return false;
    *out = arena_span(arena, text.n ? buf_span(&text) : SPAN(""));
    return out->p || fail_memory(err);
}

const char *writing_taken(struct arena *arena, const struct writing *w)
{
    struct plain_taken text = plain_taken(w->text), title = plain_taken(w->title);
    size_t signs = text.signs + title.signs, joined = text.joins + title.joins;
    AUTO_BUF struct buf said;
    buf_init(&said, 1024);
    if (signs + joined == 0)
        return NULL;
    words_say(&said,
              joined
                  ? trn("post.taken_joins",
                        "{n} invisible character is taken out, since such can be marks; an emoji made of "
                        "several parts is shown as its parts.",
                        "{n} invisible characters are taken out, since such can be marks; an emoji made of "
                        "several parts is shown as its parts.",
                        (unsigned long)(signs + joined))
                  : trn("post.taken",
                        "{n} invisible character is taken out, since such can be marks; your words read "
                        "the same without it.",
                        "{n} invisible characters are taken out, since such can be marks; your words read "
                        "the same without them.",
                        (unsigned long)signs),
              {"n", say_number(arena, (int64_t)(signs + joined))});
    return buf_keep(&said, arena);
}

static bool thread_here(struct db *db, struct arena *arena, const uint8_t id[static 16], struct err *err)
{
    struct board_thread thread;
    bool there;
    return board_keep(db, err) && board_thread(db, arena, id, 0, 0, &thread, &there, err) &&
           (there || fail(err, E_MISSING,
                          tr("err.speak.no_thread", "There is no such thread here. It may be one that you "
                                                    "have not fetched yet, or one that never was.")));
}

static bool make_act(struct db *db, struct arena *arena, const struct writing *w, json_t **act,
                     struct err *err)
{
    struct post post, read;
    struct span text;
    uint8_t thread[16];
    if (!tidy(w->text, true, arena, &post.text, err) || !tidy(w->title, false, arena, &post.title, err) ||
        !tidy(w->part, false, arena, &post.room, err) ||
        (w->is_reply && !thread_here(db, arena, w->thread, err)))
        return false;
    *act = w->is_reply ? reply_act(w->thread, post.text) : post_act(&post);
    if (!*act)
        return fail_memory(err);
    return w->is_reply ? reply_check(*act, thread, &text, err) : post_check(*act, &read, err);
}

/* Under a name that was muted in its thread the board takes nothing, so no pass goes for it. Which name that
 * is, this computer knows by what it wrote there: this week's, or the one that is kept. */
static bool name_muted(struct db *db, struct arena *arena, const struct writing *w, int64_t now, bool *muted,
                       struct err *err)
{
    struct outbox all = {0};
    uint8_t about[16];
    *muted = false;
    if (!outbox_list(db, arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n && !*muted; i++) {
        const struct outbox_act *act = &all.at[i];
        struct moderate_state state;
        bool begins = span_is(act->kind, "thread") && memcmp(act->item, w->thread, 16) == 0;
        bool replies =
            span_is(act->kind, "reply") && act_about(act, about) && memcmp(about, w->thread, 16) == 0;
        if (act->state != ACT_KEPT || !(begins || replies) ||
            !(w->keep_name || act->key_epoch == epoch_of(now)))
            continue;
        if (!moderate_state(db, arena, act->item, &state, err))
            return false;
        *muted = state.muted;
    }
    return true;
}

bool writing_check(struct db *db, struct arena *arena, const struct writing *writing, struct err *err)
{
    AUTO_JSON json_t *act = NULL;
    return make_act(db, arena, writing, &act, err);
}

bool writing_put(struct db *db, struct arena *arena, const struct known *known, const struct writing *writing,
                 int64_t now, int64_t *outbox, struct err *err)
{
    AUTO_JSON json_t *act = NULL;
    bool muted = false;
    if (!make_act(db, arena, writing, &act, err) ||
        (writing->is_reply && !name_muted(db, arena, writing, now, &muted, err)))
        return false;
    if (muted)
        return fail(err, E_REFUSED,
                    tr("err.speak.muted",
                       "The moderators muted the name you have in this thread, and the board "
                       "takes nothing under it. You can ask for it to be undone."));
    struct spend_wish wish = {.kind = writing->is_reply ? "reply" : "thread",
                              .act = act,
                              .new_thread = !writing->is_reply,
                              .keep_key = writing->is_reply && writing->keep_name,
                              .now = writing->now};
    memcpy(wish.thread, writing->thread, sizeof wish.thread);
    return spend(db, known, &wish, now, outbox, err);
}

bool name_to_keep(struct db *db, const uint8_t thread[static 16], int64_t now, bool *yes, struct err *err)
{
    uint8_t key[16];
    day_t epoch = epoch_of(now), last;
    if (!outbox_thread(db, thread, key, err) || !outbox_key_epoch(db, key, epoch, &last, err))
        return false;
    *yes = last != epoch;
    return true;
}

/* Me too, and taking back ---------------------------------------------------------------------------- */
static bool post_here(struct db *db, struct arena *arena, const uint8_t id[static 16], struct board_post *out,
                      uint8_t thread[static 16], struct err *err)
{
    bool there;
    if (!board_keep(db, err) || !board_one(db, arena, id, out, thread, &there, err))
        return false;
    if (!there)
        return fail(err, E_MISSING, tr("err.speak.no_post", "There is no such post here."));
    return !out->gone ||
           fail(err, E_REFUSED, tr("err.speak.post_gone", "The words of this post are gone already."));
}

bool metoo_put(struct db *db, struct arena *arena, const struct known *known, const uint8_t target[static 16],
               bool at_once, int64_t now, int64_t *outbox, struct err *err)
{
    struct board_post post;
    uint8_t thread[16];
    if (!post_here(db, arena, target, &post, thread, err))
        return false;
    if (post.metoo_here)
        return fail(err, E_REFUSED,
                    tr("err.speak.metoo_twice", "You have said “me too” to this post; it counts once."));
    AUTO_JSON json_t *act = target_act(target);
    if (!act)
        return fail_memory(err);
    return spend(db, known,
                 &(struct spend_wish){.kind = "metoo", .act = act, .one_time = true, .now = at_once}, now,
                 outbox, err);
}

/* The act that made the post, in the outbox; and that it was not taken back before. */
static bool own_act(struct db *db, struct arena *arena, const uint8_t target[static 16],
                    const struct outbox_act **out, struct err *err)
{
    struct outbox *all = ARENA_NEW(arena, struct outbox);
    uint8_t about[16];
    *out = NULL;
    if (!all)
        return fail_memory(err);
    if (!outbox_list(db, arena, -1, all, err))
        return false;
    for (size_t i = 0; i < all->n; i++) {
        const struct outbox_act *act = &all->at[i];
        if (span_is(act->kind, "retract") && act->state != ACT_REFUSED && act->state != ACT_GIVEN_UP &&
            act_about(act, about) && memcmp(about, target, 16) == 0)
            return fail(err, E_REFUSED,
                        tr("err.speak.back_twice", "This post is on its way back already. Its words go when "
                                                   "new posts appear."));
        if (act->tries && act->has_thread && memcmp(act->item, target, 16) == 0)
            *out = act;
    }
    return *out || fail(err, E_REFUSED,
                        tr("err.speak.not_own", "This post was not written on this computer, so it cannot be "
                                                "taken back from here."));
}

bool retract_put(struct db *db, struct arena *arena, const struct known *known,
                 const uint8_t target[static 16], bool at_once, int64_t now, int64_t *outbox, struct err *err)
{
    const struct outbox_act *own;
    struct board_post post;
    uint8_t thread[16];
    bool there;
    if (!own_act(db, arena, target, &own, err) || !board_keep(db, err) ||
        !board_one(db, arena, target, &post, thread, &there, err))
        return false;
    if (there && post.gone)
        return fail(err, E_REFUSED, tr("err.speak.post_gone", "The words of this post are gone already."));
    AUTO_JSON json_t *act = target_act(target);
    if (!act)
        return fail_memory(err);
    struct spend_wish wish = {.kind = "retract", .act = act, .key_epoch = own->key_epoch, .now = at_once};
    memcpy(wish.thread, own->thread, sizeof wish.thread);
    return spend(db, known, &wish, now, outbox, err);
}

/* Once it was to leave ------------------------------------------------------------------------------- */
bool act_left(struct db *db, struct arena *arena, int64_t outbox, const char *left, const char **said,
              struct err *err)
{
    struct outbox one = {0};
    if (!outbox_list(db, arena, outbox, &one, err))
        return false;
    if (one.n != 1)
        return fail(err, E_MISSING, tr("err.anon.outbox_none", "Nothing of that number waits to be sent."));
    if (one.at->state == ACT_REFUSED || one.at->state == ACT_GIVEN_UP)
        return fail(err, E_REFUSED,
                    tr("err.speak.not_taken", "It was not taken. `respite post --resend %s` sends it again."),
                    say_number(arena, outbox));
    *said = one.at->state == ACT_KEPT
                ? left
                : tr("post.tried", "The board could not be reached, or did not take it. It is tried again on "
                                   "another day, at most three times in all.");
    return true;
}

/* Reading acts --------------------------------------------------------------------------------------- */
bool act_text(struct arena *arena, const struct outbox_act *act, struct span *out, struct err *err)
{
    AUTO_JSON json_t *o = NULL;
    if (!canon_read(act->act, ITEM_LARGE, &o, err))
        return false;
    const json_t *text = json_object_get(o, "text");
    *out = arena_span(arena, json_is_string(text)
                                 ? (struct span){json_string_value(text), json_string_length(text)}
                                 : SPAN(""));
    return out->p || fail_memory(err);
}

bool act_about(const struct outbox_act *act, uint8_t out[static 16])
{
    AUTO_JSON json_t *o = NULL;
    struct err none = {0};
    return canon_read(act->act, ITEM_LARGE, &o, &none) &&
           canon_hex(o, span_is(act->kind, "reply") ? "thread" : "target", out, 16, &none);
}
