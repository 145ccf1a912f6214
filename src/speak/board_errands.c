/* The errands of the board's pages. They run outside the sandbox, each in a process of its own. */
#include "speak/board_errands.h"

#include "anon/known.h"
#include "anon/mark.h"
#include "anon/turn.h"
#include "codec/scan.h"
#include "speak/board_keep.h"

#include "base/banned.h"

bool errand_board_look(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    int items = 0;
    (void)argument, (void)answer;
    return known_load(app->db, app->arena, &known, err) &&
           (!known || (turn_look(app, known, &items, err) && board_keep(app->db, err)));
}

bool errand_board_send(struct app *app, const char *argument, struct buf *answer, struct err *err)
{
    struct known *known;
    struct span rest = span_of(argument);
    uint64_t id;
    int sent;
    (void)answer;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    if (!known || !scan_u64(&rest, &id, INT64_MAX) || !scan_end(&rest))
        return true;
    return mark_step(app->db, app->paths, err) && turn_spend(app, known, (int64_t)id, &sent, err);
}
