/* The few SVG elements that charts are made of. No style attribute and no script: the policy of every page
 * forbids both. */
#include "ui/chart_draw.h"

#include <math.h>

#include "codec/utf8.h"
#include "ui/lang.h"

#include "base/banned.h"

void draw_begin(struct html *h, const char *kind, const char *sentence, int height)
{
    html_raw(h, "<figure class=\"chart ");
    html_text(h, kind);
    html_raw(h, "\">\n<figcaption>");
    html_text(h, sentence);
    html_raw(h, "</figcaption>\n<svg role=\"img\" viewBox=\"0 0 640 ");
    html_int(h, height);
    html_raw(h, "\" aria-label=\"");
    html_text(h, sentence);
    html_raw(h, "\">\n");
}

void draw_file(struct html *h, const char *kind, const char *sentence, int height)
{
    html_raw(h, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                "width=\"960\" viewBox=\"-12 -12 664 ");
    html_int(h, height + 24);
    html_raw(h, "\" class=\"");
    html_text(h, kind);
    html_raw(h, "\">\n<title>");
    html_text(h, sentence);
    html_raw(h, "</title>\n<style>text{font:13px system-ui,sans-serif;fill:#4C545B}.label{fill:#23272B}"
                ".value{text-anchor:middle}.grid{stroke:#D8D3C7}.base{stroke:#817E75}.interval{fill:#6597AC}"
                ".estimate{fill:#23272B;stroke:#FFFDF9;stroke-width:1}.bracket{stroke:#817E75;fill:none}"
                ".paper{fill:#FFFDF9}</style>\n");
    draw_rect(h, "paper", -12, -12, 664, height + 24, 0);
}

void draw_end(struct html *h)
{
    html_raw(h, "</svg>\n");
}

void draw_table(struct html *h, const struct table *table)
{
    html_raw(h, "<details><summary>");
    html_text(h, tr("chart.table", "Show as a table"));
    html_raw(h, "</summary>\n");
    table_html(h, table);
    html_raw(h, "</details>\n</figure>\n");
}

static void attribute(struct html *h, const char *name, double value)
{
    html_raw(h, " ");
    html_text(h, name);
    html_raw(h, "=\"");
    html_fixed(h, value, 1);
    html_raw(h, "\"");
}

static void class_of(struct html *h, const char *class)
{
    html_raw(h, " class=\"");
    html_text(h, class);
    html_raw(h, "\"");
}

void draw_rect(struct html *h, const char *class, double x, double y, double width, double height,
               double radius)
{
    html_raw(h, "<rect");
    class_of(h, class);
    attribute(h, "x", x);
    attribute(h, "y", y);
    attribute(h, "width", width);
    attribute(h, "height", height);
    attribute(h, "rx", radius);
    html_raw(h, "/>\n");
}

void draw_circle(struct html *h, const char *class, double x, double y, double r)
{
    html_raw(h, "<circle");
    class_of(h, class);
    attribute(h, "cx", x);
    attribute(h, "cy", y);
    attribute(h, "r", r);
    html_raw(h, "/>\n");
}

void draw_line(struct html *h, const char *class, double x1, double y1, double x2, double y2)
{
    html_raw(h, "<line");
    class_of(h, class);
    attribute(h, "x1", x1);
    attribute(h, "y1", y1);
    attribute(h, "x2", x2);
    attribute(h, "y2", y2);
    html_raw(h, "/>\n");
}

void draw_text(struct html *h, const char *class, double x, double y, const char *text)
{
    html_raw(h, "<text");
    class_of(h, class);
    attribute(h, "x", x);
    attribute(h, "y", y);
    html_raw(h, ">");
    html_text(h, text);
    html_raw(h, "</text>\n");
}

void draw_text_up(struct html *h, const char *class, double x, double y, const char *text)
{
    html_raw(h, "<text");
    class_of(h, class);
    html_raw(h, " transform=\"translate(");
    html_fixed(h, x, 1);
    html_raw(h, " ");
    html_fixed(h, y, 1);
    html_raw(h, ") rotate(-90)\">");
    html_text(h, text);
    html_raw(h, "</text>\n");
}

void draw_path(struct html *h, const char *class, const double *xy, size_t points, bool close)
{
    html_raw(h, "<path");
    class_of(h, class);
    html_raw(h, " d=\"");
    for (size_t i = 0; i < points; i++) {
        html_text(h, i ? " L" : "M");
        html_fixed(h, xy[2 * i], 1);
        html_raw(h, " ");
        html_fixed(h, xy[2 * i + 1], 1);
    }
    if (close)
        html_raw(h, "Z");
    html_raw(h, "\"/>\n");
}

const char *draw_cut(struct arena *arena, const char *text, int columns)
{
    struct span all = span_of(text);
    if (utf8_width(all) <= (size_t)columns)
        return text;
    struct span front = utf8_front(all, (size_t)columns - 1);
    const char *cut = arena_printf(arena, "%.*s…", (int)front.n, front.p);
    return cut ? cut : text;
}

struct axis draw_axis_of(double low, double high, int lines)
{
    double wide = fmax(high - low, 1e-9), ten = pow(10, floor(log10(wide / lines))),
           rough = wide / lines / ten;
    double step = (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10) * ten;
    double from = floor(low / step) * step, to = ceil(high / step) * step;
    return (struct axis){from, to > from ? to : from + step, step};
}

const char *draw_value(struct arena *arena, const struct axis *a, double value)
{
    if (a->step >= 1)
        return say_number(arena, (int64_t)llround(value));
    return arena_printf(arena, "%.*f", a->step >= 0.1 ? 1 : 3, value);
}
