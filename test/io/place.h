#ifndef TEST_IO_PLACE_H
#define TEST_IO_PLACE_H
/* A folder of a test's own, gone at its end; children waited for. All static: tools/gentests.awk wants a test
 * in each .c here. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"

struct place {
    char dir[64];
};

static inline void place_make(struct place *place)
{
    *place = (struct place){.dir = "/tmp/respite-test-XXXXXX"};
    assert_non_null(mkdtemp(place->dir));
}

static inline void place_clear(struct place *place)
{
    struct err err = {0};
    assert_ok(file_remove(place->dir, &err), &err);
}

/* dir/name; valid for the next seven calls. */
static inline const char *place_name(const struct place *place, const char *name)
{
    static char names[8][256];
    static unsigned next;
    char *out = names[next++ % 8];
    snprintf(out, sizeof names[0], "%s/%s", place->dir, name);
    return out;
}

static inline void place_put(const char *path, const char *bytes, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* Exit status, or 128 + signal. */
static inline int place_wait(pid_t pid)
{
    int status = 0;
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
#endif
