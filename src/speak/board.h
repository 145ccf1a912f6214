#ifndef SPEAK_BOARD_H
#define SPEAK_BOARD_H
/* The board as threads, read out of what is kept here (speak/board_keep.h). Nothing here asks the lab. */
#include "base/day.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/words.h"
#include "io/db.h"
#include "speak/moderate.h"

enum {
    BOARD_PAGE = 20 /* threads of a page of the list */,
    BOARD_POSTS = 50 /* posts of a page of a thread */
};

struct board_post {
    const char *name; /* "River", "River 2": a made-up name of this thread, in the language of this thread of
                         execution */
    struct span text; /* as it came: clean it before it is shown (codec/utf8.h) */
    day_t day;
    uint8_t id[16], pk[32];
    int64_t metoo, index;
    bool gone;       /* taken back, or removed by the moderators: no text */
    bool own;        /* written on this computer */
    bool metoo_here; /* "me too" was said, or waits to be, from this computer */
    const struct moderate_state
        *decided; /* by the moderators, or NULL: its text is shown behind the reason */
};
struct board_thread {
    uint8_t id[16];
    struct span title; /* as written; else the first line of the first post, cut where a title would
                          have to end; "" when that is gone */
    struct span part;  /* of the board; "": the whole lab */
    day_t day;         /* of its first post */
    const struct moderate_state *decided; /* about its first post, or NULL: hidden, the title is too */
    int64_t posts_all, first_post;        /* how many it has; which of them posts.at[0] is, from 0 */
    const char *const *names;             /* who replied, each name once, NULL-ended; at most 8 */
    size_t names_more;                    /* and so many more */
    struct {
        struct board_post *at;
        size_t n, room;
    } posts;
};
struct board_threads {
    struct board_thread *at;
    size_t n, room;
    int64_t all; /* threads that this question has */
};
struct board_ask {
    const char *words;  /* threads with a post that holds all of these; NULL: all threads */
    const char *part;   /* of this part of the board; NULL: of any */
    int64_t skip, most; /* threads; most < 0: all */
    int64_t posts_most; /* posts of each thread, from its first; < 0: all */
    bool rest; /* all threads: without posts that a quiet time holds (speak/board_rest.h), as if they had not
                  come yet */
};
/* The thread with the newest post first; posts in the order of the log. All in the arena. */
MUST bool board_list(struct db *db, struct arena *arena, const struct board_ask *ask,
                     struct board_threads *out, struct err *err);
/* One thread, posts from `skip` on, at most `most` (< 0: all). *there: it is here. */
MUST bool board_thread(struct db *db, struct arena *arena, const uint8_t id[static 16], int64_t skip,
                       int64_t most, struct board_thread *out, bool *there, struct err *err);
/* One post by its id; *thread: the id of its thread. */
MUST bool board_one(struct db *db, struct arena *arena, const uint8_t id[static 16], struct board_post *out,
                    uint8_t thread[static 16], bool *there, struct err *err);
/* The parts of the board that posts name, those with the newest posts first, at most `most`. */
struct board_parts {
    struct span *at;
    size_t n, room;
};
MUST bool board_parts(struct db *db, struct arena *arena, int64_t most, struct board_parts *out,
                      struct err *err);
#endif
