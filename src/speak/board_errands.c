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
    struct span rest = span_of(argument), word;
    uint64_t id;
    int sent;
    (void)answer;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    if (!known)
        return true;
    if (!mark_step(app->db, app->paths, err))
        return false;
    while (rest.n) {
        span_cut(&rest, ' ', &word);
        if (!scan_u64(&word, &id, INT64_MAX) || !scan_end(&word))
            return true;
        if (!turn_spend(app, known, (int64_t)id, &sent, err))
            return false;
    }
    return true;
}
