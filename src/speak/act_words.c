/* Words for kinds and states of acts. */
#include "speak/act_words.h"

#include "anon/spend.h"
#include "ui/lang.h"

#include "base/banned.h"

const char *act_kind_said(const struct outbox_act *act)
{
    static const struct {
        const char *kind;
        struct words words;
    } all[] = {{"thread", N_("mine.thread", "a thread")},
               {"reply", N_("mine.reply", "an answer")},
               {"metoo", N_("mine.metoo", "“me too”")},
               {"retract", N_("mine.retract", "taking a post back")},
               {"flag", N_("mine.flag", "telling the moderators")},
               {"appeal", N_("mine.appeal", "asking for it to be undone")},
               {"letter", N_("mine.letter", "a letter")},
               {"card", N_("mine.card", "a listener's card")},
               {"slot", N_("mine.slot", "taking a counsellor's time")},
               {"circle", N_("mine.circle", "opening a circle")},
               {"circle_ask", N_("mine.circle_ask", "asking to join a circle")},
               {"circle_say", N_("mine.circle_say", "a yes or a no in a circle")},
               {"circle_stay", N_("mine.circle_stay", "this week's key of a circle")},
               {"circle_leave", N_("mine.circle_leave", "leaving a circle")}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (span_is(act->kind, all[i].kind))
            return words_of(all[i].words);
    return tr("mine.other", "something else");
}

const char *act_state_said(enum act_state state)
{
    switch (state) {
    case ACT_WAITING:
        return tr("mine.state.waits", "waits");
    case ACT_TRIED:
        return tr("mine.state.tried", "is tried again");
    case ACT_KEPT:
        return tr("mine.state.left", "has left");
    case ACT_REFUSED:
    case ACT_GIVEN_UP:
        break;
    }
    return tr("mine.state.not_taken", "was not taken");
}
