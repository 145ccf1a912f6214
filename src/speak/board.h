#ifndef SPEAK_BOARD_H
#define SPEAK_BOARD_H
/* The board as threads, read out of what is kept here. */
#include "anon/batches.h"
#include "base/words.h"

struct board_post {
    const char *name; /* "River", "River 2": a made-up name of this thread, in the language of this thread of
                         execution */
    struct span text;
    day_t day;
    uint8_t id[16];
    int64_t metoo;
};
struct board_thread {
    uint8_t id[16];
    struct span title; /* as written; else the first line of the first post */
    day_t day;
    struct {
        struct board_post *at;
        size_t n, room;
    } posts;
};
struct board_threads {
    struct board_thread *at;
    size_t n, room;
};
/* Newest first; posts in the order of the log. All in the arena. */
MUST bool board_load(struct db *db, struct arena *arena, struct board_threads *out, struct err *err);
#endif
