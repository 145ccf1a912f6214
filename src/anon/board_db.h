#ifndef ANON_BOARD_DB_H
#define ANON_BOARD_DB_H
/* The tables of a board and, of a split lab, of its copy of the other operator's log. */
#include "io/migrate.h"

extern const struct migration board_migrations[];
#endif
