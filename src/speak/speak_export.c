/* What a person said and noted, for `respite export`: plain JSON that opens without Respite. Days, no times.
 */
#include "speak/speak_export.h"

#include "anon/item.h"
#include "anon/outbox_db.h"
#include "codec/json.h"
#include "io/clock.h"
#include "io/file.h"
#include "speak/drafts.h"
#include "speak/help_own.h"
#include "speak/write.h"

#include "base/banned.h"

static bool add_posts(struct app *app, json_t *list, struct err *err)
{
    struct outbox all = {0};
    if (!outbox_list(app->db, app->arena, -1, &all, err))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const struct outbox_act *act = &all.at[i];
        struct span text;
        char day[16], about[33] = "";
        uint8_t thread[16];
        bool reply = span_is(act->kind, "reply");
        if (act->told || (!reply && !span_is(act->kind, "thread")))
            continue; /* told: put into the outbox once more, and listed there */
        if (!act_text(app->arena, act, &text, err))
            return false;
        if (reply && act_about(act, thread))
            item_hex(thread, about);
        json_t *o = json_pack("{s:s,s:s,s:s,s:o}", "kind", reply ? "reply" : "thread", "thread", about, "day",
                              day_text(moment_day(clock_local(act->moment)), day), "text", json_shown(text));
        if (!o || json_array_append_new(list, o) != 0)
            return fail_memory(err);
    }
    return true;
}

static bool add_notes(struct app *app, json_t *list, struct err *err)
{
    struct drafts notes = {0};
    if (!drafts_list(app->db, app->arena, -1, &notes, err))
        return false;
    for (size_t i = 0; i < notes.n; i++) {
        char day[16];
        json_t *o = json_pack("{s:s,s:o}", "day", day_text(notes.at[i].day, day), "text",
                              json_shown(notes.at[i].text));
        if (!o || json_array_append_new(list, o) != 0)
            return fail_memory(err);
    }
    return true;
}

static bool add_numbers(struct app *app, json_t *list, struct err *err)
{
    struct help_owns own = {0};
    if (!help_own_list(app->db, app->arena, &own, err))
        return false;
    for (size_t i = 0; i < own.n; i++) {
        json_t *o = json_pack("{s:o,s:o}", "name", json_shown(own.at[i].name), "number",
                              json_shown(own.at[i].number));
        if (!o || json_array_append_new(list, o) != 0)
            return fail_memory(err);
    }
    return true;
}

bool speak_export(struct app *app, const char *dir, struct err *err)
{
    AUTO_BUF struct buf text;
    json_t *posts = json_array(), *notes = json_array(), *numbers = json_array();
    const char *path = file_join(app->arena, dir, "speak.json");
    AUTO_JSON json_t *all = json_pack("{s:o,s:o,s:o}", "posts", posts, "notes", notes, "numbers", numbers);
    buf_init(&text, 64 << 20);
    if (!path || !all)
        return fail_memory(err);
    return add_posts(app, posts, err) && add_notes(app, notes, err) && add_numbers(app, numbers, err) &&
           json_write(all, &text, err) && file_write(path, buf_span(&text), err);
}
