#ifndef IO_LOAD_H
#define IO_LOAD_H
/* A shared library at the moment it is first needed. libpq and libcurl bring some thirty others with them
 * (8 MB resident, 1 MB of it our own): a node that sends nothing, or a lab on SQLite, never has them in
 * memory. The functions are declared by the library's header and called through a table of pointers of their
 * own types:
 *     #define CALLS(X) X(PQexec) X(PQclear)
 *     static struct { CALLS(LOAD_POINTER) } pq;
 *     static const char *const names[] = {CALLS(LOAD_NAME) NULL};
 *     static struct library libpq = LIBRARY("libpq.so.5", "libpq5", names, &pq);
 *     if (!library_load(&libpq, err)) return false;     pq.PQclear(…) */
#include <pthread.h>

#include "base/err.h"

struct library {
    const char *file, *package; /* Debian's name of the package, for the sentence */
    const char *const *names;   /* NULL-ended */
    void *table;                /* as many function pointers, in the same order */
    pthread_mutex_t lock;
    bool loaded;
};
#define LOAD_POINTER(name) __typeof__(name) *name;
#define LOAD_NAME(name) #name,
#define LIBRARY(file_, package_, names_, table_) \
    { \
        .file = (file_), .package = (package_), .names = (names_), .table = (table_), \
        .lock = PTHREAD_MUTEX_INITIALIZER \
    }

/* Load it and fill its table, once; from any thread. It stays until the process ends. E_MISSING in one
 * sentence when it is not installed, or lacks a function. */
MUST bool library_load(struct library *library, struct err *err);
#endif
