/* Papers for measuring, and clocks. */
#include "bench/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

#include "base/banned.h"

enum { MOST = 2000000 };

static _Noreturn void end(const char *path)
{
    fprintf(stderr, "bench: %s cannot be read, or is larger than memory\n", path);
    exit(1);
}

static struct text read_line(struct span line)
{
    struct text t = {0};
    span_cut(&line, '\t', &t.title);
    span_cut(&line, '\t', &t.abstract);
    span_cut(&line, '\t', &t.authors);
    t.categories = line;
    return t;
}

struct texts texts_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        end(path);
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *text = mem_get(n + 1);
    struct texts out = {.at = mem_get(MOST * sizeof *out.at)};
    if (!text || !out.at || fread(text, 1, n, f) != n)
        end(path);
    fclose(f);
    struct span rest = {text, n}, line;
    while (rest.n && out.n < MOST) {
        span_cut(&rest, '\n', &line);
        out.at[out.n++] = read_line(line);
    }
    return out;
}

size_t texts_bytes(const struct texts *texts, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += texts->at[i].title.n + texts->at[i].abstract.n;
    return n;
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double seconds_cpu(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double seconds_wall(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double resident_mb(void)
{
    char line[200];
    unsigned long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmHWM: %lu", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return (double)kb / 1024;
}
