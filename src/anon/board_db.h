#ifndef ANON_BOARD_DB_H
#define ANON_BOARD_DB_H
#include "io/migrate.h"

extern const struct migration board_migrations[];
#endif
