/* Sentences about counsellors' times, for page and terminal. */
#include "codec/utf8.h"
#include "io/clock.h"
#include "speak/counsel.h"
#include "speak/counsel_cmd.h"
#include "ui/lang.h"
#include "ui/word_list.h"

#include "base/banned.h"

const char *counsel_how(struct arena *arena, struct span by)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    utf8_clean(&out, by);
    return buf_keep(&out, arena);
}

const char *counsel_state_name(enum counsel_state state)
{
    static const char *const names[] = {
        [COUNSEL_WAITS] = "waits",      [COUNSEL_HAS] = "yours",   [COUNSEL_LOST] = "not-taken",
        [COUNSEL_BACK] = "given-waits", [COUNSEL_GIVEN] = "given", [COUNSEL_WITHDRAWN] = "withdrawn"};
    return names[state];
}

const char *counsel_state_said(struct arena *arena, const struct counsel_mine *m)
{
    (void)arena;
    switch (m->state) {
    case COUNSEL_HAS:
        return NULL;
    case COUNSEL_WAITS:
        return tr("counsel.waits", "The board could not be reached. It is tried again on another day; until "
                                   "then somebody else may take it.");
    case COUNSEL_LOST:
        return m->status == 409 ? tr("counsel.lost", "Somebody took it first, so it is not yours.")
                                : tr("counsel.not_taken", "The board did not take it, so it is not yours.");
    case COUNSEL_BACK:
        return tr("counsel.back_waits", "Giving it back could not be sent yet. It is tried again on another "
                                        "day.");
    case COUNSEL_GIVEN:
        return tr("counsel.given", "Given back.");
    default:
        return tr("counsel.withdrawn", "The counsellor has closed this time. It has nothing to do with you.");
    }
}

bool counsel_can_write(const struct counsel_mine *m)
{
    return m->conversation && (m->state == COUNSEL_HAS || m->state == COUNSEL_WITHDRAWN);
}

const char *counsel_none(struct app *app, const struct counsel *c)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    if (!c->next)
        return tr("counsel.none_at_all", "No open hours. If you cannot wait: Help now.");
    words_say(&out,
              tr("counsel.none", "No open hours this week. The next are on {date}. If you cannot wait: "
                                 "Help now."),
              {"date", say_day(app->arena, moment_day(clock_local(c->next)))});
    return buf_keep(&out, app->arena);
}

const char *counsel_what(void)
{
    return tr("counsel.what", "You take a time with a pass. The counsellor sees a made-up name and the time, "
                              "nothing else. You say who you are if you want to, when you want.");
}

const char *counsel_named(struct arena *arena, const struct counsel_mine *m)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1024);
    words_say(&out, tr("counsel.named", "To the counsellor you are {name}."),
              {"name", arena_text(arena, name_word(words_lang(), m->named))});
    return buf_keep(&out, arena);
}
