#ifndef ARENA_ARENA_DB_H
#define ARENA_ARENA_DB_H
/* The room's tables. */
#include "io/migrate.h"

extern const struct migration arena_migrations[];
#endif
