/* The quality harness: quality [--verdicts | --scoop | --near] FOLDER, a folder of *.jsonl.gz in the form of
 * papers/corpus.h and, for the scoop check, of scoop_groups*.json. --near ends with src/papers/near_table.c.
 */
#include "bench/quality.h"

#include <stdio.h>
#include <time.h>

#include "base/mem.h"
#include "io/file.h"

#include "base/banned.h"

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool read_folder(struct arena *arena, const char *folder, struct texts *texts, struct err *err)
{
    struct file_entries in = {0};
    size_t files = 0;
    if (!file_list(arena, folder, &in, err))
        return false;
    for (size_t i = 0; i < in.n; i++) {
        struct err why = {0};
        uint64_t bad = 0;
        size_t before = texts->n;
        const char *path = file_join(arena, folder, in.at[i].name);
        if (in.at[i].is_dir || !span_ends(span_of(in.at[i].name), SPAN(".jsonl.gz")))
            continue;
        if (!path)
            return fail_memory(err);
        if (!texts_add_file(texts, path, &bad, &why, err))
            return false;
        printf("%s: %zu papers", in.at[i].name, texts->n - before);
        if (bad)
            printf(", %llu lines left out, the first for this: %s", (unsigned long long)bad, why.text);
        printf("\n");
        files++;
    }
    return files ? texts_settle(texts, err) : fail(err, E_MISSING, "%s holds no *.jsonl.gz.", folder);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    AUTO_ARENA struct arena *arena = arena_new();
    AUTO_TEXTS struct texts texts;
    AUTO_BUF struct buf ends;
    texts_init(&texts);
    buf_init(&ends, 1 << 16);
    const char *part = argc == 3 ? argv[1] : "", *folder = argv[argc - 1];
    bool verdicts = !strcmp(part, "") || !strcmp(part, "--verdicts"), table = !strcmp(part, "--near"),
         scoop = !strcmp(part, "") || !strcmp(part, "--scoop") || table;
    if (argc < 2 || argc > 3 || !(verdicts || scoop)) {
        fprintf(stderr,
                "quality: name one folder of *.jsonl.gz, with --verdicts, --scoop or --near before it for "
                "one part\n");
        return 2;
    }
    if (!read_folder(arena, folder, &texts, &err) || (verdicts && !quality_verdicts(&texts, &ends, &err)) ||
        (scoop && !quality_scoop(&texts, folder, table, &ends, &err)) || !buf_ok(&ends, &err)) {
        fprintf(stderr, "quality: %s\n", err.text);
        return 1;
    }
    if (table)
        return 0;
    printf("%.1f seconds of processor time\n\n%s", cpu(), buf_text(&ends));
    return 0;
}
