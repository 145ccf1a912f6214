#ifndef ANON_SEES_H
#define ANON_SEES_H
/* What a lab can see, as one table: for `respite lab sees`, for the page that members read, and for the tests
 * that hold it against the database (PROTOCOL section 12). */
#include "ui/room.h"

enum sees_kind {
    SEES_NAMED,  /* in the database, beside a member's name or id */
    SEES_BARE,   /* in the database, without one */
    SEES_ABSENT, /* not there */
    SEES_WATCH,  /* not in the database: for whoever watches the running server, or the network */
    SEES_UNSOLVED,
    SEES_KINDS
};
struct sees_row {
    enum sees_kind kind;
    struct words what;
    const char *where; /* tables of the lab's database, with blanks between; "" when in none */
};
/* A row without words ends it. */
extern const struct sees_row sees_rows[];
/* The heading over the rows of a kind. */
const char *sees_heading(enum sees_kind kind);
/* respite lab sees [--json] */
int cmd_lab_sees(struct app *app);
#endif
