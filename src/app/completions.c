/* completions bash|zsh|fish: scripts written from the command tables, so that they cannot fall behind. A
 * command of two words
 * ("rest quiet") completes in two steps. */
#include <stdio.h>

#include "app/keep.h"
#include "codec/json.h"

#include "base/banned.h"

/* Called for each command of this role. */
typedef void draw_command(struct buf *out, const struct command *command);

static void each_command(struct app *app, struct buf *out, draw_command *draw)
{
    for (const struct room *const *room = app->rooms; *room; room++)
        for (const struct command *c = (*room)->commands; c && c->name; c++)
            if ((c->roles & (unsigned)app->role) && c->name[0])
                draw(out, c);
}

static struct span first_word(const struct command *c)
{
    struct span rest = span_of(c->name), head;
    span_cut(&rest, ' ', &head);
    return head;
}

static struct span second_word(const struct command *c)
{
    struct span rest = span_of(c->name), head;
    return span_cut(&rest, ' ', &head) ? rest : (struct span){NULL, 0};
}

/* First words, each once: commands of one first word stand together in their tables. */
static void draw_first_words(struct buf *out, const struct command *c)
{
    AUTO_BUF struct buf have;
    struct span word = first_word(c);
    buf_init(&have, 200);
    buf_printf(&have, " %.*s ", SPAN_ARG(word));
    if (span_find(buf_span(out), buf_span(&have)) < 0)
        buf_printf(out, "%.*s ", SPAN_ARG(word));
}

static void draw_options(struct buf *out, const struct cli_option *options)
{
    for (const struct cli_option *o = options; o && o->name; o++)
        buf_printf(out, " --%s", o->name);
}

/* "        'hours '*) options+=' --mine --since' ;;" */
static void draw_case_options(struct buf *out, const struct command *c)
{
    if (!c->options || !c->options->name)
        return;
    buf_printf(out, "        '%s '*) options+='", c->name);
    draw_options(out, c->options);
    buf_add_text(out, "' ;;\n");
}

static void draw_case_second(struct buf *out, const struct command *c)
{
    struct span word = second_word(c);
    if (word.n)
        buf_printf(out, "    [[ $line == '%.*s ' ]] && next+=' %.*s'\n", SPAN_ARG(first_word(c)),
                   SPAN_ARG(word));
}

/* bash and zsh read the same body; what differs is where the words of the line are. */
static void draw_body(struct app *app, struct buf *out)
{
    AUTO_BUF struct buf firsts;
    buf_init(&firsts, 8000);
    buf_add_byte(&firsts, ' ');
    each_command(app, &firsts, draw_first_words);
    buf_add_text(out, "    options='");
    draw_options(out, cli_everywhere);
    buf_add_text(out, "'\n    next=''\n    case \"$line\" in\n");
    each_command(app, out, draw_case_options);
    buf_add_text(out, "    esac\n");
    buf_printf(out, "    [[ -z $line ]] && next='%s help'\n", buf_text(&firsts));
    each_command(app, out, draw_case_second);
}

static void draw_bash(struct app *app, struct buf *out)
{
    buf_add_text(out, "# eval \"$(respite completions bash)\"\n_respite()\n{\n"
                      "    local cur=${COMP_WORDS[COMP_CWORD]} line='' options next i\n"
                      "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                      "        [[ ${COMP_WORDS[i]} == -* ]] || line+=\"${COMP_WORDS[i]} \"\n    done\n");
    draw_body(app, out);
    buf_add_text(out, "    if [[ $cur == -* ]]; then\n"
                      "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
                      "    elif [[ -n $next ]]; then\n"
                      "        mapfile -t COMPREPLY < <(compgen -W \"$next\" -- \"$cur\")\n"
                      "    fi\n}\ncomplete -o default -F _respite respite\n");
}

static void draw_zsh(struct app *app, struct buf *out)
{
    buf_add_text(out, "#compdef respite\n# eval \"$(respite completions zsh)\"\n_respite()\n{\n"
                      "    local cur=$words[CURRENT] line='' options i\n    local -a before\n"
                      "    before=(\"${(@)words[2,CURRENT-1]}\")\n    local next\n"
                      "    for i in $before; do\n        [[ $i == -* ]] || line+=\"$i \"\n    done\n");
    draw_body(app, out);
    buf_add_text(
        out,
        "    if [[ $cur == -* ]]; then\n        compadd -- ${=options}\n"
        "    elif [[ -n $next ]]; then\n        compadd -- ${=next}\n    else\n        _files\n    fi\n}\n"
        "if [[ $funcstack[1] == _respite ]]; then _respite \"$@\"; else compdef _respite respite; fi\n");
}

/* A sentence between single quotes, as fish reads them. */
static void draw_quoted(struct buf *out, const char *text)
{
    buf_add_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_add_byte(out, '\\');
        buf_add_byte(out, *text);
    }
    buf_add_byte(out, '\'');
}

static void draw_fish_option(struct buf *out, const char *when, const struct cli_option *o)
{
    buf_printf(out, "complete -c respite%s -l %s%s -d ", when, o->name, o->value ? " -r" : "");
    draw_quoted(out, words_of(o->help));
    buf_add_byte(out, '\n');
}

static void draw_fish_command(struct buf *out, const struct command *c)
{
    struct span first = first_word(c), second = second_word(c);
    char when[120];
    if (second.n)
        buf_printf(out, "complete -c respite -n '__fish_seen_subcommand_from %.*s' -a %.*s -d ",
                   SPAN_ARG(first), SPAN_ARG(second));
    else
        buf_printf(out, "complete -c respite -n __fish_use_subcommand -a %.*s -d ", SPAN_ARG(first));
    draw_quoted(out, words_of(c->help));
    buf_add_byte(out, '\n');
    if (second.n)
        buf_printf(out, "complete -c respite -n __fish_use_subcommand -a %.*s\n", SPAN_ARG(first));
    snprintf(when, sizeof when, " -n '__fish_seen_subcommand_from %.*s'",
             SPAN_ARG(second.n ? second : first));
    for (const struct cli_option *o = c->options; o && o->name; o++)
        draw_fish_option(out, when, o);
}

static void draw_fish(struct app *app, struct buf *out)
{
    buf_add_text(out, "# respite completions fish | source\n");
    each_command(app, out, draw_fish_command);
    for (const struct cli_option *o = cli_everywhere; o->name; o++)
        draw_fish_option(out, "", o);
}

int cmd_completions(struct app *app)
{
    static const struct {
        const char *name;
        void (*draw)(struct app *app, struct buf *out);
    } shells[] = {{"bash", draw_bash}, {"zsh", draw_zsh}, {"fish", draw_fish}};
    struct err err = {0};
    const char *name;
    const char *usage = tr("err.completions.usage", "Name the shell: respite completions bash, zsh or fish.");
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 18);
    if (!keep_word(app, usage, &name, &err))
        return cmd_failed(&err);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (span_is(span_of(name), shells[i].name)) {
            shells[i].draw(app, &text);
            if (!buf_ok(&text, &err))
                return cmd_failed(&err);
            return keep_said(app, json_pack("{s:s,s:s}", "shell", name, "script", buf_text(&text)), &text);
        }
    fail(&err, E_USAGE, "%s", usage);
    return cmd_failed(&err);
}
