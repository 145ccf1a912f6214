#ifndef UI_CLI_H
#define UI_CLI_H
/* The command line (clig.dev): options anywhere, `--name VALUE` or `--name=VALUE`, `--` ends them, unknown
 * ones are E_USAGE with the nearest name. Data goes to standard output, messages to standard error; colour is
 * never needed. */
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/words.h"

struct cli_option {
    const char *name;  /* "weeks" */
    const char *value; /* "N", or NULL for a switch */
    struct words help; /* one sentence */
};
struct cli_given {
    const char *name, *value;
};
struct cli {
    const char *const *words; /* what is no option, in order, NULL-ended */
    size_t words_n;
    const struct cli_given *given;
    size_t given_n;
};
/* Options every command takes: --data --json --yes --no-input --quiet --lang --help. */
extern const struct cli_option cli_everywhere[];
/* Read argv[0] to argv[argc-1] (what stands behind the program's name and the command's) by `options` (a
 * zeroed row ends it; may be NULL) and the ones taken everywhere; -h is --help, a lone "-" is a word. */
MUST bool cli_parse(struct arena *arena, const struct cli_option *options, int argc, char **argv,
                    struct cli *out, struct err *err);
bool cli_has(const struct cli *cli, const char *name);
/* The last value given for it, or NULL. */
const char *cli_value(const struct cli *cli, const char *name);
/* A whole number in [least, most]; `otherwise` when it was not given. E_USAGE names the option. */
MUST bool cli_number(const struct cli *cli, const char *name, long otherwise, long least, long most,
                     long *out, struct err *err);
/* The name in the NULL-ended list that is nearest to `given` (Damerau-Levenshtein distance <= 2, and less
 * than its length), or NULL. */
const char *cli_nearest(const char *given, const char *const *names);
/* The names in the NULL-ended list that have `given` as the first of their words: "rest quiet, rest hours" of
 * "rest"; NULL when there is none, or no memory. */
const char *cli_continued(struct arena *arena, const char *given, const char *const *names);
/* Ask a yes/no question on the terminal; false at once when there is none or --no-input was given. */
bool cli_agrees(const struct cli *cli, const char *question);
#endif
