#ifndef ANON_ANON_DB_H
#define ANON_ANON_DB_H
/* The tables of a node that is a member of a lab. */
#include "io/migrate.h"

extern const struct migration anon_migrations[];
#endif
