#ifndef PAPERS_PAPERS_DB_H
#define PAPERS_PAPERS_DB_H
/* The tables of the room Papers. */
#include "io/migrate.h"

extern const struct migration papers_migrations[];
#endif
