/* The quality harness: quality [--verdicts | --scoop | --near] FOLDER, a folder of *.jsonl.gz (or *.jsonl) in
 * the form of papers/corpus.h and, for the scoop check, of scoop_groups*.json. --near ends with
 * src/papers/near_table.c.
 */
#include "bench/quality.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file.h"

#include "base/banned.h"

/* *.jsonl.gz, and *.jsonl where it is not one of these unpacked. */
static bool is_corpus(const struct file_entries *in, size_t i)
{
    struct span name = span_of(in->at[i].name);
    if (in->at[i].is_dir || span_ends(name, SPAN(".jsonl.gz")))
        return !in->at[i].is_dir;
    for (size_t k = 0; k < in->n; k++)
        if (span_starts(span_of(in->at[k].name), name) &&
            span_is(span_from(span_of(in->at[k].name), name.n), ".gz"))
            return false;
    return span_ends(name, SPAN(".jsonl"));
}

static bool settle(struct texts *texts, const char *folder, size_t files, struct err *err)
{
    if (!files)
        return fail(err, E_MISSING, "%s holds no *.jsonl.gz.", folder);
    if (!texts->n)
        return fail(err, E_FORMAT,
                    "%s holds no line that is a paper: a JSON object with title, year and venue.", folder);
    return texts_settle(texts, err);
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
        if (!is_corpus(&in, i))
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
    return settle(texts, folder, files, err);
}

enum { TITLES, ABSTRACTS, SCOOP, NEAR_TABLE, PARTS };
struct part {
    bool asked;
    bool (*judge)(const struct texts *texts, const char *folder, struct buf *ends, struct err *err);
    pid_t child;
    FILE *said, *ends; /* what is printed at once, and what comes at the very end */
};

static bool titles(const struct texts *texts, const char *folder, struct buf *ends, struct err *err)
{
    (void)folder;
    return quality_verdicts(texts, false, ends, err);
}

static bool abstracts(const struct texts *texts, const char *folder, struct buf *ends, struct err *err)
{
    (void)folder;
    return quality_verdicts(texts, true, ends, err);
}

static bool scoop(const struct texts *texts, const char *folder, struct buf *ends, struct err *err)
{
    return quality_scoop(texts, folder, false, ends, err);
}

static bool near_table(const struct texts *texts, const char *folder, struct buf *ends, struct err *err)
{
    return quality_scoop(texts, folder, true, ends, err);
}

static bool judged(const struct part *part, const struct texts *texts, const char *folder, struct err *err)
{
    AUTO_BUF struct buf ends;
    buf_init(&ends, 1 << 16);
    return part->judge(texts, folder, &ends, err) && buf_ok(&ends, err) && fflush(stdout) == 0 &&
           fputs(buf_text(&ends), part->ends) >= 0 && fflush(part->ends) == 0;
}

/* In a process of its own: the parts have nothing to say to each other, and a machine has two cores. */
static bool start(struct part *part, const struct texts *texts, const char *folder)
{
    struct err err = {0};
    part->said = tmpfile();
    part->ends = tmpfile();
    if (!part->said || !part->ends || fflush(stdout) != 0 || (part->child = fork()) < 0)
        return false;
    if (part->child > 0)
        return true;
    bool ok = dup2(fileno(part->said), STDOUT_FILENO) >= 0 && judged(part, texts, folder, &err);
    if (!ok)
        fprintf(stderr, "quality: %s\n", err.text);
    _exit(!ok);
}

static bool copy(FILE *from)
{
    char at[4096];
    rewind(from);
    for (size_t n; (n = fread(at, 1, sizeof at, from)) > 0;)
        if (fwrite(at, 1, n, stdout) != n)
            return false;
    return true;
}

/* Every part as it ends, in their order; the last lines of all after them. A part that failed has said so and
 * costs the others nothing. */
static bool report(struct part *part)
{
    struct rusage used = {0};
    bool ok = true;
    for (size_t i = 0; i < PARTS; i++) {
        int status;
        if (part[i].asked)
            ok = waitpid(part[i].child, &status, 0) == part[i].child && status == 0 && copy(part[i].said) &&
                 ok;
    }
    if (part[NEAR_TABLE].asked)
        return ok;
    ok = getrusage(RUSAGE_CHILDREN, &used) == 0 && ok;
    printf("%ld seconds of processor time\n\n", used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    for (size_t i = 0; i < PARTS; i++)
        if (part[i].asked && !copy(part[i].ends))
            return false;
    return ok;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    AUTO_ARENA struct arena *arena = arena_new();
    AUTO_TEXTS struct texts texts;
    texts_init(&texts);
    const char *only = argc == 3 ? argv[1] : "", *folder = argv[argc - 1];
    bool all = !strcmp(only, ""), verdicts = all || !strcmp(only, "--verdicts");
    struct part part[PARTS] = {[TITLES] = {.asked = verdicts, .judge = titles},
                               [ABSTRACTS] = {.asked = verdicts, .judge = abstracts},
                               [SCOOP] = {.asked = all || !strcmp(only, "--scoop"), .judge = scoop},
                               [NEAR_TABLE] = {.asked = !strcmp(only, "--near"), .judge = near_table}};
    size_t asked = 0;
    for (size_t i = 0; i < PARTS; i++)
        asked += part[i].asked;
    if (argc < 2 || argc > 3 || !asked) {
        fprintf(stderr,
                "quality: name one folder of *.jsonl.gz, with --verdicts, --scoop or --near before it for "
                "one part\n");
        return 2;
    }
    if (!read_folder(arena, folder, &texts, &err)) {
        fprintf(stderr, "quality: %s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < PARTS; i++)
        if (part[i].asked && !start(&part[i], &texts, folder)) {
            fprintf(stderr, "quality: a part could not be started\n");
            return 1;
        }
    return !report(part);
}
