/* The few SVG elements that charts are made of. No style attribute and no script: the policy of every page
 * forbids both. */
#include "ui/chart_draw.h"

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
