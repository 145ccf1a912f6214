/* The command line: options by table, the nearest name for a wrong one, help, and the one question it may
 * ask. */
#include "ui/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "codec/utf8.h"
#include "ui/room.h"
#include "ui/wrap.h"

#include "base/banned.h"

const struct cli_option cli_everywhere[] = {
    {"data", "DIR", N_("cli.data", "Keep everything in this folder.")},
    {"json", NULL, N_("cli.json", "Print JSON.")},
    {"yes", NULL, N_("cli.yes", "Agree to the question the command asks.")},
    {"no-input", NULL, N_("cli.no_input", "Ask nothing; refuse instead.")},
    {"quiet", NULL, N_("cli.quiet", "Print no remarks.")},
    {"lang", "en|zh", N_("cli.lang", "English or Chinese, this time.")},
    {"help", NULL, N_("cli.help", "Print this.")},
    {0},
};

static const struct cli_option *find_in(const struct cli_option *options, struct span name)
{
    for (; options && options->name; options++)
        if (span_is(name, options->name))
            return options;
    return NULL;
}

static const struct cli_option *find(const struct cli_option *options, struct span name)
{
    const struct cli_option *o = find_in(options, name);
    return o ? o : find_in(cli_everywhere, name);
}

enum { NAME_MOST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein distance in its restricted form (optimal string alignment: a swapped pair counts one
 * and is not touched again). */
static size_t distance(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b);
    if (na > NAME_MOST || nb > NAME_MOST)
        return NAME_MOST;
    size_t rows[3][NAME_MOST + 1];
    size_t *two = rows[0], *one = rows[1], *now = rows[2];
    for (size_t j = 0; j <= nb; j++)
        one[j] = two[j] = j;
    for (size_t i = 1; i <= na; i++) {
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            now[j] = least(least(one[j], now[j - 1]) + 1, one[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], two[j - 2] + 1);
        }
        size_t *free_row = two;
        two = one, one = now, now = free_row;
    }
    return one[nb];
}

const char *cli_nearest(const char *given, const char *const *names)
{
    const char *nearest = NULL;
    size_t best = 3;
    for (; *names; names++) {
        size_t d = distance(given, *names);
        if (d < best && d < strlen(given))
            nearest = *names, best = d;
    }
    return nearest;
}

const char *cli_continued(struct arena *arena, const char *given, const char *const *names)
{
    struct buf AUTO_BUF out;
    size_t n = strlen(given);
    buf_init(&out, 4096);
    for (; n && *names; names++) {
        if (strncmp(*names, given, n) != 0 || (*names)[n] != ' ')
            continue;
        if (out.n)
            buf_add_text(&out, ", ");
        buf_add_text(&out, *names);
    }
    return out.n ? buf_keep(&out, arena) : NULL;
}

static size_t count(const struct cli_option *options)
{
    size_t n = 0;
    while (options && options[n].name)
        n++;
    return n;
}

static bool unknown(struct arena *arena, const struct cli_option *options, struct span name, struct err *err)
{
    size_t own = count(options), all = own + count(cli_everywhere);
    const char **names = arena_array(arena, all + 1, sizeof *names);
    const char *given = arena_text(arena, name);
    if (!names || !given)
        return fail_memory(err);
    for (size_t i = 0; i < all; i++)
        names[i] = i < own ? options[i].name : cli_everywhere[i - own].name;
    const char *nearest = cli_nearest(given, names);
    if (nearest)
        return fail(err, E_USAGE,
                    tr("err.cli.unknown_near", "There is no option “--%s” here. Did you mean “--%s”?"), given,
                    nearest);
    return fail(err, E_USAGE,
                tr("err.cli.unknown", "There is no option “--%s” here. --help lists the ones there are."),
                given);
}

struct reading {
    struct arena *arena;
    const struct cli_option *options;
    int argc, at; /* at: the argument being read */
    char **argv;
    const char **words;
    struct cli_given *given;
    size_t words_n, given_n;
};

/* One argument that begins with "--". */
static bool read_option(struct reading *r, struct err *err)
{
    struct span rest = span_of(r->argv[r->at] + 2), name;
    bool has_value = span_cut(&rest, '=', &name);
    const struct cli_option *o = find(r->options, name);
    if (!o)
        return unknown(r->arena, r->options, name, err);
    const char *value = has_value ? r->argv[r->at] + 2 + name.n + 1 : NULL;
    if (!o->value && value)
        return fail(err, E_USAGE, tr("err.cli.no_value", "The option “--%s” takes no value."), o->name);
    if (o->value && !value) {
        if (r->at + 1 >= r->argc)
            return fail(err, E_USAGE, tr("err.cli.value", "The option “--%s” needs a value: --%s %s."),
                        o->name, o->name, o->value);
        value = r->argv[++r->at];
    }
    r->given[r->given_n++] = (struct cli_given){o->name, value ? value : ""};
    return true;
}

bool cli_parse(struct arena *arena, const struct cli_option *options, int argc, char **argv, struct cli *out,
               struct err *err)
{
    size_t most = argc > 0 ? (size_t)argc + 1 : 1;
    struct reading r = {.arena = arena, .options = options, .argc = argc, .argv = argv};
    r.words = arena_array(arena, most, sizeof *r.words);
    r.given = arena_array(arena, most, sizeof *r.given);
    if (!r.words || !r.given)
        return fail_memory(err);
    bool ended = false;
    for (; r.at < argc; r.at++) {
        char *word = argv[r.at];
        if (ended || word[0] != '-' || word[1] == '\0') {
            r.words[r.words_n++] = word;
        } else if (span_is(span_of(word), "--")) {
            ended = true;
        } else if (span_is(span_of(word), "-h")) {
            r.given[r.given_n++] = (struct cli_given){"help", ""};
        } else if (word[1] != '-') {
            return fail(err, E_USAGE,
                        tr("err.cli.short", "“%s” is no option here; options are written out, as in --help."),
                        word);
        } else if (!read_option(&r, err)) {
            return false;
        }
    }
    *out = (struct cli){r.words, r.words_n, r.given, r.given_n};
    return true;
}

bool cli_has(const struct cli *cli, const char *name)
{
    return cli_value(cli, name) != NULL;
}

const char *cli_value(const struct cli *cli, const char *name)
{
    for (size_t i = cli ? cli->given_n : 0; i > 0; i--)
        if (span_is(span_of(cli->given[i - 1].name), name))
            return cli->given[i - 1].value;
    return NULL;
}

bool cli_number(const struct cli *cli, const char *name, long otherwise, long least_n, long most, long *out,
                struct err *err)
{
    const char *text = cli_value(cli, name);
    if (!text) {
        *out = otherwise;
        return true;
    }
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    bool plain = (text[0] >= '0' && text[0] <= '9') || text[0] == '-';
    if (!plain || *end || errno || n < least_n || n > most)
        return fail(err, E_USAGE,
                    tr("err.cli.number", "“--%s” takes a whole number from %ld to %ld, not “%s”."), name,
                    least_n, most, text);
    *out = n;
    return true;
}

bool cli_agrees(const struct cli *cli, const char *question)
{
    char answer[32];
    if (cli_has(cli, "yes"))
        return true;
    if (cli_has(cli, "no-input") || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return false;
    fprintf(stderr, "%s [y/N] ", question);
    fflush(stderr);
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    struct span said = span_trim(span_of(answer));
    return span_eq_nocase(said, SPAN("y")) || span_eq_nocase(said, SPAN("yes")) || span_is(said, "是");
}

/* "  --weeks N   " and the sentence, the second line of it moved in as far as the first begins. */
static void help_option(struct buf *out, const struct cli_option *o, size_t width)
{
    char line[400];
    int n = snprintf(line, sizeof line, "  --%s %s", o->name, o->value ? o->value : "");
    size_t have = utf8_width(span_of(line)), room = width > have ? width - have : 0;
    snprintf(line + (n < 0 ? 0 : n), sizeof line - (n < 0 ? 0 : (size_t)n), "%*s%s", (int)room, "",
             words_of(o->help));
    wrap_text(out, line, 79, width);
}

static size_t widest(const struct cli_option *o)
{
    size_t width = 0;
    for (; o && o->name; o++) {
        size_t w = strlen(o->name) + utf8_width(span_of(o->value)) + 7;
        width = w > width ? w : width;
    }
    return width;
}

/* The options taken everywhere fit on two lines by name: `respite help` explains them once. */
static void help_everywhere(struct buf *out)
{
    AUTO_BUF struct buf names;
    buf_init(&names, 1000);
    buf_add_text(&names, tr("help.everywhere", "Everywhere:"));
    for (const struct cli_option *o = cli_everywhere; o->name; o++)
        buf_printf(&names, " --%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    wrap_text(out, buf_text(&names), 79, 4);
}

void cli_help(struct buf *out, const struct command *c)
{
    buf_printf(out, "%s\n  %s\n\n", tr("help.example", "Example:"), words_of(c->example));
    buf_printf(out, "%s\n  respite%s%s%s%s%s\n\n", tr("help.usage", "Usage:"), c->name[0] ? " " : "", c->name,
               c->args && *c->args ? " " : "", c->args ? c->args : "",
               c->options && c->options->name ? " [--…]" : "");
    wrap_text(out, words_of(c->help), 79, 0);
    buf_add_byte(out, '\n');
    size_t width = widest(c->options);
    for (const struct cli_option *o = c->options; o && o->name; o++)
        help_option(out, o, width);
    if (width)
        buf_add_byte(out, '\n');
    help_everywhere(out);
}
