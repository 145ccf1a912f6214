/* Going on by a person's act, with what is due behind it. */
#include "anon/again.h"

#include "anon/fetched.h"
#include "anon/look_now.h"

#include "base/banned.h"

/* What cannot be fetched now is fetched at the next drawn moment; but a record that stops again is said. */
static bool fetch_rest(struct app *app, const struct known *known, struct err *err)
{
    struct err why = {0};
    const char *stopped;
    int items;
    if (look_now(app->db, known, app->now, &items, &why))
        return true;
    if (why.code == E_MEMORY || why.code == E_STOPPED)
        return fail(err, why.code, "%s", why.text);
    return follow_stopped(app->db, app->arena, &stopped, err) &&
           (!stopped || fail(err, E_REFUSED, "%s", stopped));
}

bool again(struct app *app, const struct known *known, struct follow_broken *out, bool *there,
           struct err *err)
{
    int64_t date = 0;
    return follow_again(app->db, known, app->now, app->arena, out, there, &date, err) &&
           fetched_note(app->db, app->now, date, err) && (*there || fetch_rest(app, known, err));
}

bool again_go_on(struct app *app, const struct known *known, const uint8_t leaf[static 32], struct err *err)
{
    return follow_go_on(app->db, known, app->now, leaf, err) && fetch_rest(app, known, err);
}
