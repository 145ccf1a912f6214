#ifndef APP_LAB_HALL_H
#define APP_LAB_HALL_H
/* What happens to a request of the lab before a room sees it, and to what is due: shared by the threads of
 * one process. Database handles are kept in a pool, one for each request that is being answered. */
#include <pthread.h>
#include <stdatomic.h>

#include "anon/lab.h"

enum { LAB_BODY_MOST = 32 * 1024, LAB_HANDLES = 32 };

struct lab_hall {
    struct app app; /* as each request gets it, but for arena, db and now */
    pthread_mutex_t lock;
    struct {
        struct db *db;
        int64_t used_ms;
    } idle[LAB_HANDLES];
    size_t idles;
    _Atomic uint64_t head;         /* the size of the log that the file "head" is known to have */
    pthread_mutex_t heading;       /* one writes that file */
    _Atomic int64_t complained_ms; /* when a fault of ours was last said */
};
void lab_hall_open(struct lab_hall *hall, const struct app *app);
void lab_hall_close(struct lab_hall *hall);
/* For io/httpd.h. */
void lab_hall_serve(void *hall, const struct request *request, struct reply *reply);
void lab_hall_refused(void *hall, const struct request *request, int status, struct reply *reply);
/* Run each job that looks at every beat, on app->db, and keep the head outside the database. */
void lab_hall_beat(struct lab_hall *hall, struct app *app);
#endif
