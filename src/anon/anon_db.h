#ifndef ANON_ANON_DB_H
#define ANON_ANON_DB_H
#include "io/migrate.h"

extern const struct migration anon_migrations[];
#endif
