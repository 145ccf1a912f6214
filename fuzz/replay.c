/* Runs a fuzz target over files instead of under libFuzzer: every file named, and every file of the folders
 * named. Prints those that fail and "N passed, N failed". Files run together in a child process; where one
 * falls over, halves of the set find out which. */
#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

#include "base/mem.h"
#include "base/vec.h"

#include "base/banned.h"

struct files {
    char **at;
    size_t n, room;
};

static void stop(const char *what, const char *path)
{
    fprintf(stderr, "%s: %s\n", path, what);
    exit(2);
}

static void add(struct arena *arena, struct files *files, const char *path)
{
    char **file = VEC_PUSH(arena, files);
    if (!file || !(*file = arena_text(arena, span_of(path))))
        stop("no memory", path);
}

static void add_all(struct arena *arena, struct files *files, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        stop("cannot be read", path);
    if (!S_ISDIR(st.st_mode)) {
        add(arena, files, path);
        return;
    }
    DIR *folder = opendir(path);
    if (!folder)
        stop("cannot be read", path);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char file[4096];
        int n = snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (n < (int)sizeof file && stat(file, &st) == 0 && S_ISREG(st.st_mode))
            add(arena, files, file);
    }
    closedir(folder);
}

/* The bytes stand in memory of exactly their size, so that a read past them is seen. */
static void run_one(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (!file || fstat(fileno(file), &st) != 0)
        stop("cannot be read", path);
    size_t n = (size_t)st.st_size;
    uint8_t *bytes = mem_get(n);
    if (!bytes || fread(bytes, 1, n, file) != n)
        stop("cannot be read", path);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, n);
    mem_free(bytes);
}

static bool holds(char **path, size_t n)
{
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        stop("no process to run it in", path[0]);
    if (child == 0) {
        for (size_t i = 0; i < n; i++)
            run_one(path[i]);
        exit(0);
    }
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static size_t failures(char **path, size_t n)
{
    if (n == 0 || holds(path, n))
        return 0;
    if (n > 1)
        return failures(path, n / 2) + failures(path + n / 2, n - n / 2);
    printf("failed: %s\n", path[0]);
    return 1;
}

int main(int argc, char **argv)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct files files = {0};
    for (int i = 1; i < argc; i++)
        add_all(arena, &files, argv[i]);
    if (files.n == 0)
        stop("name files, or folders that hold some", argv[0]);
    size_t failed = failures(files.at, files.n);
    printf("%zu passed, %zu failed\n", files.n - failed, failed);
    return failed != 0;
}
