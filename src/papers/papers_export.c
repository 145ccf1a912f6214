/* What a reader said of papers, for `respite export`: plain JSON that opens without Respite. */
#include "papers/papers_export.h"
#include "codec/json.h"
#include "papers/due.h"
#include "papers/profile_say.h"

#include "base/banned.h"

static bool add_marks(struct app *app, json_t *all, struct err *err)
{
    struct marks marks;
    if (!paper_marks_load(app->db, app->arena, &marks, err))
        return false;
    for (size_t i = 0; i < marks.n; i++) {
        struct shown s;
        struct err inner = {0};
        const struct marked *m = &marks.at[i];
        if (m->mark == MARK_NONE || m->library)
            continue;
        if (!shown_load(app, m->paper, &s, &inner)) {
            if (inner.code == E_MISSING)
                continue;
            return fail(err, inner.code, "%s", inner.text);
        }
        if (json_array_append_new(json_object_get(all, m->mark == MARK_KEPT ? "kept" : "not"),
                                  shown_json(&s)) != 0)
            return fail_memory(err);
    }
    return true;
}

static bool add_words(struct app *app, json_t *all, const char *name, enum word_kind kind, struct err *err)
{
    struct own_words words;
    if (!own_words_load(app->db, app->arena, kind, &words, err))
        return false;
    for (size_t i = 0; i < words.n; i++)
        if (json_array_append_new(json_object_get(all, name), json_shown(words.at[i])) != 0)
            return fail_memory(err);
    return true;
}

static bool add_followed(struct app *app, json_t *all, struct err *err)
{
    struct due_venues venues;
    struct dues dues;
    if (!due_venues(app->db, app->arena, app->now, &venues, err) ||
        !dues_load(app->db, app->arena, DUE_PINNED, INT64_MIN, INT64_MAX, DUE_PINS * 16, &dues, err))
        return false;
    for (size_t i = 0; i < venues.n; i++)
        if (venues.at[i].chosen &&
            json_array_append_new(json_object_get(all, "venues"), json_string(venues.at[i].name)) != 0)
            return fail_memory(err);
    for (size_t i = 0; i < dues.n; i++)
        if ((i == 0 || strcmp(dues.at[i].id, dues.at[i - 1].id) != 0) &&
            json_array_append_new(json_object_get(all, "deadlines"), json_string(dues.at[i].id)) != 0)
            return fail_memory(err);
    return true;
}

bool papers_export(struct app *app, const char *dir, struct err *err)
{
    AUTO_BUF struct buf text;
    const char *path = file_join(app->arena, dir, "papers.json");
    AUTO_JSON json_t *all = json_pack("{s:[],s:[],s:[],s:[],s:[],s:[],s:[]}", "kept", "not", "authors",
                                      "categories", "removed", "venues", "deadlines");
    buf_init(&text, 64 << 20);
    if (!path || !all)
        return fail_memory(err);
    return add_marks(app, all, err) && add_words(app, all, "authors", FOLLOWED_AUTHOR, err) &&
           add_words(app, all, "categories", FOLLOWED_CATEGORY, err) &&
           add_words(app, all, "removed", WORD_OUT, err) && add_followed(app, all, err) &&
           json_write(all, &text, err) && file_write(path, buf_span(&text), err);
}
