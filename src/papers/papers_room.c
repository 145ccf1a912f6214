/* What the room Papers offers. */
#include "papers/papers_room.h"

#include "papers/papers_db.h"

#include "base/banned.h"

const struct room papers_room = {.name = "papers", .migrations = papers_migrations};
