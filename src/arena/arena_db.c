/* Boards that are kept: a row a board and day, its models and pair counts each as one piece of bytes
 * (arena/kept.c), so that adding votes to a board reads and writes two values. */
#include "arena/arena_db.h"

#include "arena/battle_mine.h"
#include "arena/blind_mine.h"
#include "arena/kept.h"

#include "base/banned.h"

const struct migration arena_migrations[] = {{1, NODE,
                                              "create table arena_board(id integer primary key, name text "
                                              "not null, day integer not null, ties integer not null, "
                                              "bad_is_tie integer not null, votes integer not null, models "
                                              "blob not null, pairs blob not null, unique(name, day));"},
                                             {2, BOARD, BATTLE_TABLES},
                                             {3, NODE, BATTLE_MINE_TABLES},
                                             {4, NODE, BLIND_MINE_TABLES},
                                             {5, NODE, KEPT_TABLES},
                                             {0}};
