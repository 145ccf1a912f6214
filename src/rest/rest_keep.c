/* The room's part in looking after the data: what of it a person may carry away in plain files, and what of
 * it no longer stands. */
#include "rest/rest_keep.h"

#include "base/vec.h"
#include "codec/json.h"
#include "io/file.h"
#include "io/sched.h"
#include "rest/rest_db.h"

#include "base/banned.h"

static json_t *quiets_json(const struct quiets *quiets)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < quiets->n; i++) {
        char from[16], to[16];
        if (json_array_append_new(list, json_pack("{s:s,s:s}", "from", day_text(quiets->at[i].from, from),
                                                  "to", day_text(quiets->at[i].to, to))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list ? json_pack("{s:o}", "quiet", list) : NULL;
}

bool rest_export(struct app *app, const char *dir, struct err *err)
{
    struct quiets quiets = {0};
    AUTO_BUF struct buf text;
    AUTO_JSON json_t *all = NULL;
    const char *path = file_join(app->arena, dir, "quiet.json");
    buf_init(&text, 1 << 20);
    if (!sched_quiets(app->db, app->arena, DAY_MIN, &quiets, err))
        return false;
    all = quiets_json(&quiets);
    if (!path || !all)
        return fail_memory(err);
    return json_write(all, &text, err) && file_write(path, buf_span(&text), err);
}

static bool gone(struct app *app, struct findings *findings, const char *path, struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    words_say(&text,
              tr("doctor.folder.gone",
                 "There is no folder {path} any more; what was read from it is kept. Repair: put it back, or "
                 "choose folders anew under Settings, My hours and folders."),
              {"path", path_shown(app->arena, app->paths, path)});
    const char *said = arena_text(app->arena, buf_span(&text));
    struct finding *f = VEC_PUSH(app->arena, findings);
    if (!f || !said)
        return fail_memory(err);
    *f = (struct finding){.name = "folder", .ok = false, .text = said};
    return true;
}

bool rest_doctor(struct app *app, struct findings *findings, struct err *err)
{
    struct repo_rows repos = {0};
    if (!repos_load(app->db, app->arena, &repos, err))
        return false;
    for (size_t i = 0; i < repos.n; i++)
        if (repos.at[i].chosen == CHOSEN_YES && !file_is_dir(repos.at[i].path) &&
            !gone(app, findings, repos.at[i].path, err))
            return false;
    return true;
}
