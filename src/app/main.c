/* respite: the first file to read. It finds which command was typed, opens the data, runs it. What there is
 * to run stands in the rooms' tables (app/rooms.c); how a thing is done stands in its room. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/keep.h"
#include "app/lab.h"
#include "app/rooms.h"
#include "app/schema.h"
#include "base/note.h"
#include "codec/utf8.h"
#include "crypt/rand.h"
#include "io/clock.h"
#include "io/proc.h"
#include "ui/lang.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { NAMES_MOST = 128 };

static const struct command *command_named(const char *name)
{
    for (const struct room *const *room = rooms; *room; room++)
        for (const struct command *c = (*room)->commands; c && c->run; c++)
            if (strcmp(c->name, name) == 0)
                return c;
    return NULL;
}

/* True when `argument` is an option of any command that takes its value from the next argument. */
static bool takes_next(const char *argument)
{
    const struct cli_option *lists[NAMES_MOST] = {cli_everywhere};
    size_t n = 1;
    if (strncmp(argument, "--", 2) != 0 || strchr(argument, '='))
        return false;
    for (const struct room *const *room = rooms; *room; room++)
        for (const struct command *c = (*room)->commands; c && c->run && n < NAMES_MOST; c++)
            if (c->options)
                lists[n++] = c->options;
    for (size_t i = 0; i < n; i++)
        for (const struct cli_option *o = lists[i]; o->name; o++)
            if (o->value && strcmp(o->name, argument + 2) == 0)
                return true;
    return false;
}

/* The place of the first word at or after `from`, or argc. */
static int word_at(int argc, char **argv, int from)
{
    for (int i = from; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return i + 1 < argc ? i + 1 : argc;
        if (argv[i][0] != '-')
            return i;
        i += takes_next(argv[i]);
    }
    return argc;
}

static void take_out(int *argc, char **argv, int at)
{
    for (int i = at; i + 1 < *argc; i++)
        argv[i] = argv[i + 1];
    --*argc;
}

static bool is_folder_like(const char *word)
{
    struct stat s;
    return strchr(word, '/') || word[0] == '.' || stat(word, &s) == 0;
}

/* Every name that can be typed first, "help" included. */
static size_t names(const char *out[static NAMES_MOST])
{
    size_t n = 0;
    out[n++] = "help";
    for (const struct room *const *room = rooms; *room; room++)
        for (const struct command *c = (*room)->commands; c && c->run && n + 1 < NAMES_MOST; c++)
            if (c->name[0])
                out[n++] = c->name;
    out[n] = NULL;
    return n;
}

static bool unknown(const char *word, struct err *err)
{
    const char *all[NAMES_MOST], *near;
    const char *longer;
    AUTO_ARENA struct arena *arena = arena_new();
    names(all);
    longer = arena ? cli_continued(arena, word, all) : NULL;
    if (longer)
        return fail(err, E_USAGE, tr("cli.continued", "“%.60s” needs a second word: %.300s."), word, longer);
    near = cli_nearest(word, all);
    return near ? fail(err, E_USAGE, tr("cli.suggest", "There is no command “%.60s”. Did you mean “%s”?"),
                       word, near)
                : fail(err, E_USAGE,
                       tr("cli.unknown", "There is no command “%.60s”, and no folder of that name. `respite "
                                         "--help` lists all."),
                       word);
}

/* Which command: two words ("rest quiet"), one, or none (the page; words are folders). Its words are taken
 * out of argv. */
static const struct command *find_command(int *argc, char **argv, bool *help, struct err *err)
{
    int first = word_at(*argc, argv, 0), second;
    char two[64];
    if (first < *argc && strcmp(argv[first], "help") == 0) {
        *help = true;
        take_out(argc, argv, first);
        first = word_at(*argc, argv, 0);
    }
    if (first == *argc)
        return command_named("");
    second = word_at(*argc, argv, first + 1);
    if (second < *argc && snprintf(two, sizeof two, "%s %s", argv[first], argv[second]) < (int)sizeof two &&
        command_named(two)) {
        const struct command *c = command_named(two);
        take_out(argc, argv, second);
        take_out(argc, argv, first);
        return c;
    }
    if (command_named(argv[first])) {
        const struct command *c = command_named(argv[first]);
        take_out(argc, argv, first);
        return c;
    }
    if (is_folder_like(argv[first]) && !*help)
        return command_named("");
    (void)unknown(argv[first], err);
    return NULL;
}

/* Commands of two words with the same first one ("arena rank", "arena add") are a family. */
static bool are_family(const struct command *a, const struct command *b)
{
    const char *blank = strchr(a->name, ' ');
    return blank && (a->roles & b->roles & NODE) &&
           strncmp(a->name, b->name, (size_t)(blank - a->name) + 1) == 0;
}

/* The next command after `c` through all rooms (NULL: the first); NULL at the end. */
static const struct command *next_command(const struct room *const **room, const struct command *c)
{
    if (c && (++c)->run)
        return c;
    for (const struct room *const *each = c ? *room + 1 : rooms; *each; each++)
        if ((*each)->commands && (*each)->commands->run) {
            *room = each;
            return (*each)->commands;
        }
    return NULL;
}

static size_t family_size(const struct command *of)
{
    const struct room *const *room = rooms;
    size_t n = 0;
    for (const struct command *c = next_command(&room, NULL); c; c = next_command(&room, c))
        n += are_family(of, c);
    return n;
}

/* The first command of the family that is asked about with its first word alone ("papers --help", "help
 * papers"), or NULL. */
static const struct command *family_asked(int argc, char **argv, bool help)
{
    const struct room *const *room = rooms;
    int first = word_at(argc, argv, 0);
    for (int i = 0; i < argc; i++)
        help = help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    if (!help || first == argc || word_at(argc, argv, first + 1) < argc)
        return NULL;
    size_t stem = strlen(argv[first]);
    for (const struct command *c = next_command(&room, NULL); c; c = next_command(&room, c))
        if (strncmp(c->name, argv[first], stem) == 0 && c->name[stem] == ' ')
            return c;
    return NULL;
}

/* What a command does, up to the comma where it would not fit its line; its own --help has it whole. */
static void say_short(struct buf *line, struct span help)
{
    static const char *const ends[] = {", ", "; ", "，", "；"};
    size_t cut = help.n;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        ptrdiff_t at = span_find(help, span_of(ends[i]));
        if (at >= 0 && (size_t)at < cut)
            cut = (size_t)at;
    }
    bool fits = utf8_width(help) <= 65;
    buf_add(line, fits ? help : span_first(help, cut));
    if (!fits && cut < help.n)
        buf_add_text(line, words_lang() == LANG_ZH ? "。" : ".");
}

/* One line for a command; of a family one line for all, where its first stands. */
static void list_command(struct buf *out, const struct command *c)
{
    struct buf AUTO_BUF line, rest;
    const struct room *const *room = rooms;
    size_t stem = strcspn(c->name, " ");
    buf_init(&line, 4096);
    buf_init(&rest, 4096);
    if (family_size(c) < 2) {
        buf_printf(&line, "  %-12s ", c->name);
        say_short(&line, span_of(words_of(c->help)));
        wrap_text(out, buf_text(&line), 80, 15);
        return;
    }
    for (const struct command *each = next_command(&room, NULL); each; each = next_command(&room, each)) {
        if (!are_family(c, each))
            continue;
        if (!rest.n && each != c)
            return;
        buf_printf(&rest, "%s%s", rest.n ? ", " : "", each->name + stem + 1);
    }
    buf_printf(&line, "  %.*s …", (int)stem, c->name);
    for (size_t width = stem + 4; width < 15; width++)
        buf_add_byte(&line, ' ');
    buf_printf(&line, "%s.", buf_text(&rest));
    wrap_text(out, buf_text(&line), 80, 15);
}

/* Those that few need, by name alone; one of two words is named by the help of the first. */
static void list_asides(struct buf *out)
{
    struct buf AUTO_BUF line, rest;
    const struct room *const *room = rooms;
    buf_init(&line, 4096);
    buf_init(&rest, 4096);
    for (const struct command *c = next_command(&room, NULL); c; c = next_command(&room, c))
        if (c->aside && !strchr(c->name, ' '))
            buf_printf(&rest, "%s%s", rest.n ? ", " : "", c->name);
    words_say(&line, tr("help.asides", "Also {list}. Each command has a --help of its own."),
              {"list", buf_text(&rest)});
    wrap_text(out, buf_text(&line), 80, 0);
}

/* Below the help of `respite` itself: what else it does. */
static void list_commands(struct buf *out)
{
    const struct room *const *room = rooms;
    struct buf AUTO_BUF lab;
    buf_init(&lab, 4096);
    buf_add_byte(out, '\n');
    for (const struct command *c = next_command(&room, NULL); c; c = next_command(&room, c))
        if (c->name[0] && (c->roles & NODE) && !c->aside)
            list_command(out, c);
    buf_printf(&lab, "  lab …        %s",
               tr("help.lab",
                  "Run a lab: init, serve, invite, remove, stats, sees, doctor, pair, witness, recover."));
    wrap_text(out, buf_text(&lab), 80, 15);
    list_asides(out);
}

static int print_help(const struct command *c)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, 1 << 20);
    cli_help(&out, c);
    if (c->name[0] == '\0')
        list_commands(&out);
    return cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}

static bool choose_language(const struct cli *cli, struct err *err)
{
    enum lang lang = lang_guess();
    const char *named = cli_value(cli, "lang");
    if (named && !lang_read(named, &lang))
        return fail(err, E_USAGE, tr("err.cli.lang", "--lang takes en or zh."));
    words_set(lang);
    return true;
}

/* Every command of the family, a line each. */
static bool say_family(const struct command *of, struct cli *cli, struct arena *arena, int argc, char **argv,
                       struct err *err)
{
    struct buf AUTO_BUF out;
    const struct room *const *room = rooms;
    size_t stem = strcspn(of->name, " ");
    buf_init(&out, 1 << 20);
    if (!cli_parse(arena, NULL, argc, argv, cli, err) || !choose_language(cli, err))
        return false;
    buf_printf(&out, "%s\n  %s\n\n", tr("help.example", "Example:"), words_of(of->example));
    for (const struct command *c = next_command(&room, NULL); c; c = next_command(&room, c)) {
        struct buf AUTO_BUF line;
        buf_init(&line, 4096);
        if (strncmp(c->name, of->name, stem + 1) != 0)
            continue;
        buf_printf(&line, "  %-18s ", c->name);
        buf_add_text(&line, words_of(c->help));
        wrap_text(&out, buf_text(&line), 80, 21);
    }
    buf_printf(&out, "\n%s\n", tr("help.each", "Each command has a --help of its own."));
    return cmd_print(&out, err);
}

static int print_family(const struct command *of, int argc, char **argv)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct cli cli;
    struct err err = {0};
    if (!arena)
        return fail_memory(&err), cmd_failed(&err);
    return say_family(of, &cli, arena, argc, argv, &err) ? 0 : cmd_failed(&err);
}

static int print_version(void)
{
    printf("respite %s\n", RESPITE_VERSION);
    return 0;
}

/* A command of the node has the node's data, one of the lab alone has the lab's. */
static bool open_for(struct app *app, const struct command *command, struct err *err)
{
    if (command->no_db)
        return true;
    return command->roles & NODE ? keep_open(app, err) : lab_open(app, command, err);
}

static int run(const struct command *command, int argc, char **argv, bool help, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct cli cli;
    struct paths paths;
    if (!arena)
        return fail_memory(err), 1;
    if (!cli_parse(arena, command->options, argc, argv, &cli, err) || !choose_language(&cli, err))
        return 1;
    if (help || cli_has(&cli, "help"))
        return print_help(command);
    note_quiet(cli_has(&cli, "quiet"));
    struct app app = {
        .rooms = rooms, .role = NODE, .arena = arena, .paths = &paths, .cli = &cli, .now = clock_now()};
    if (!paths_find(arena, cli_value(&cli, "data"), &paths, err))
        return 1;
    int status = open_for(&app, command, err) ? command->run(&app) : 1;
    lab_close(&app);
    return status;
}

/* Ctrl-C in the middle of a scan: no child outlives us, what was begun is rolled back by the database. The
 * node has its own way. */
static void on_interrupt(int signal_number)
{
    proc_stop_all();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    bool help = false;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    lang_start();
    words_set(lang_guess());
    rand_start();
    argc--, argv++;
    if (argc == 1 && strcmp(argv[0], "--version") == 0)
        return print_version();
    const struct command *command = find_command(&argc, argv, &help, &err);
    const struct command *family = command ? NULL : family_asked(argc, argv, help);
    if (family)
        return print_family(family, argc, argv);
    int status = command ? run(command, argc, argv, help, &err) : 1;
    return err.code == E_NONE ? status : cmd_failed(&err);
}
