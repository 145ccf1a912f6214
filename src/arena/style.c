/* Markdown marks by simple rules: a line that begins with one to six # and a blank is a header; digits and a
 * full stop, or one of - * +, and a blank begin a list item; **words** and __words__ within a line are bold.
 */
#include "arena/style.h"

#include <ctype.h>

#include "base/banned.h"

static bool blank(struct span s, size_t at)
{
    return at < s.n && isspace((unsigned char)s.p[at]);
}

static bool is_header(struct span line)
{
    size_t n = 0;
    while (n < line.n && line.p[n] == '#')
        n++;
    return n >= 1 && n <= 6 && blank(line, n);
}

static bool is_item(struct span line)
{
    size_t i = 0, digits = 0;
    while (blank(line, i))
        i++;
    if (i < line.n && strchr("-*+", line.p[i]) && line.p[i])
        return blank(line, i + 1);
    while (i < line.n && isdigit((unsigned char)line.p[i]))
        i++, digits++;
    return digits && i < line.n && line.p[i] == '.' && blank(line, i + 1);
}

/* Passages between two doubled marks with none of that mark between. */
static double bold_in(struct span line, char mark)
{
    double n = 0;
    for (size_t i = 0; i + 1 < line.n; i++) {
        if (line.p[i] != mark || line.p[i + 1] != mark)
            continue;
        size_t end = i + 2;
        while (end < line.n && line.p[end] != mark)
            end++;
        if (end > i + 2 && end + 1 < line.n && line.p[end + 1] == mark) {
            n++;
            i = end + 1;
        }
    }
    return n;
}

static double words_in(struct span line)
{
    double n = 0;
    bool inside = false;
    for (size_t i = 0; i < line.n; i++) {
        bool is = !isspace((unsigned char)line.p[i]);
        n += is && !inside;
        inside = is;
    }
    return n;
}

/* The next line outside blocks of code; false at the end. */
static bool next_line(struct span *text, bool *in_code, struct span *line)
{
    while (text->n) {
        span_cut(text, '\n', line);
        bool fence = span_starts(span_trim(*line), SPAN("```"));
        bool was = *in_code;
        *in_code = fence ? !was : was;
        if (!fence && !was)
            return true;
    }
    return false;
}

void style_count(struct span text, struct style_counts *out)
{
    struct span line;
    bool in_code = false;
    while (next_line(&text, &in_code, &line)) {
        out->length += words_in(line);
        out->headers += is_header(line);
        out->lists += is_item(line);
        out->bold += bold_in(line, '*') + bold_in(line, '_');
    }
}

static float compare(double a, double b)
{
    return (float)((a - b) / (a + b + 1));
}

void style_compare(const struct style_counts *a, const struct style_counts *b, float out[static 4])
{
    out[0] = compare(a->length, b->length);
    out[1] = compare(a->headers, b->headers);
    out[2] = compare(a->lists, b->lists);
    out[3] = compare(a->bold, b->bold);
}
