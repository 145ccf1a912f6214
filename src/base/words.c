/* Sentences: which language, and the filling of {name}. */
#include "base/words.h"

#include "base/banned.h"

static _Thread_local enum lang current = LANG_EN;
static words_lookup *plugged;
static words_lookup_n *plugged_n;

void words_set(enum lang lang)
{
    current = lang;
}

enum lang words_lang(void)
{
    return plugged ? current : LANG_EN;
}

void words_plug(words_lookup *one, words_lookup_n *many)
{
    plugged = one;
    plugged_n = many;
}

const char *words_find(const char *context_and_english, const char *english)
{
    return current == LANG_EN || !plugged ? english : plugged(context_and_english, english);
}

const char *words_find_n(const char *context_and_one, const char *one, const char *many, unsigned long n)
{
    if (current == LANG_EN || !plugged_n)
        return n == 1 ? one : many;
    return plugged_n(context_and_one, one, many, n);
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

bool words_next(struct span *pattern, struct piece *out)
{
    if (pattern->n == 0)
        return false;
    size_t i = 0;
    if (pattern->p[0] == '{') {
        for (i = 1; i < pattern->n && name_byte(pattern->p[i]);)
            i++;
        if (i > 1 && i < pattern->n && pattern->p[i] == '}') {
            *out = (struct piece){{pattern->p + 1, i - 1}, true};
            *pattern = span_from(*pattern, i + 1);
            return true;
        }
        i = 1;
    }
    while (i < pattern->n && pattern->p[i] != '{')
        i++;
    *out = (struct piece){{pattern->p, i}, false};
    *pattern = span_from(*pattern, i);
    return true;
}

const char *words_arg(const struct arg *args, struct span name)
{
    for (; args->name; args++)
        if (span_is(name, args->name))
            return args->text ? args->text : "";
    return NULL;
}

void words_fill(struct buf *out, const char *pattern, const struct arg *args)
{
    struct span rest = span_of(pattern);
    for (struct piece piece; words_next(&rest, &piece);) {
        const char *value = piece.is_name ? words_arg(args, piece.text) : NULL;
        if (value)
            buf_add_text(out, value);
        else if (piece.is_name)
            buf_printf(out, "{%.*s}", SPAN_ARG(piece.text));
        else
            buf_add(out, piece.text);
    }
}
