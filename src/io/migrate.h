#ifndef IO_MIGRATE_H
#define IO_MIGRATE_H
/* Bringing a database to the shape this program knows. Each room lists migrations with numbers of its own;
 * which ran is kept in the table `migration(room, number)`. */
#include "base/err.h"
#include "io/db.h"

struct migration {
    int number; /* 1, 2, … within the room */
    unsigned roles;
    const char *sql;
};
struct migration_set {
    const char *room;
    const struct migration *rows; /* a zeroed row ends it */
};

/* Run what has not run yet, in one transaction, in the order given; io's own first (settings, schedule,
 * held). Before it changes an existing database it copies it to `backup` (may be NULL: no copy). E_NEWER, one
 * sentence, nothing changed, when the database holds a migration that is not listed. `role` picks the rows.
 */
MUST bool migrate(struct db *db, const struct migration_set *sets, size_t n, unsigned role,
                  const char *backup, struct err *err);
/* For `respite doctor`: how many rows ran; whether migrate() would say E_NEWER (nothing is changed); io's own
 * rows. */
MUST bool migrate_count(struct db *db, int64_t *out, struct err *err);
MUST bool migrate_not_newer(struct db *db, const struct migration_set *sets, size_t n, struct err *err);
const struct migration_set *migrate_own(void);
#endif
