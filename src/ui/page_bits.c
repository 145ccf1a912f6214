/* Pieces of pages. */
#include "ui/page_bits.h"

#include "base/banned.h"

void bit_heading(struct html *h, const char *text)
{
    html_raw(h, "<h2>");
    html_text(h, text);
    html_raw(h, "</h2>\n");
}

void bit_paragraph(struct html *h, const char *text)
{
    if (!text)
        return;
    html_raw(h, "<p>");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

void bit_small(struct html *h, const char *text)
{
    if (!text)
        return;
    html_raw(h, "<p class=\"small\">");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

void bit_notice(struct html *h, const char *text)
{
    if (!text)
        return;
    html_raw(h, "<p class=\"notice\" role=\"note\">");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

void bit_problem(struct html *h, const char *text)
{
    if (!text)
        return;
    html_raw(h, "<p class=\"error\" role=\"alert\">");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

void bit_item(struct html *h, const char *text)
{
    html_raw(h, "<li>");
    html_text(h, text);
    html_raw(h, "</li>\n");
}

static void button(struct html *h, const char *path, const char *label, bool makes)
{
    html_raw(h, "<a class=\"button\" href=\"");
    html_text(h, path);
    html_raw(h, "\"");
    if (makes)
        html_raw(h, " data-key=\"n\"");
    html_raw(h, ">");
    html_text(h, label);
    html_raw(h, "</a>\n");
}

void bit_button(struct html *h, const char *path, const char *label)
{
    button(h, path, label, false);
}

void bit_button_new(struct html *h, const char *path, const char *label)
{
    button(h, path, label, true);
}

void bit_words(struct html *h, const char *pattern, const char *words)
{
    struct span rest = span_of(pattern);
    struct piece piece;
    html_raw(h, "<p>");
    while (words_next(&rest, &piece)) {
        if (!piece.is_name) {
            html_span(h, piece.text);
            continue;
        }
        html_raw(h, "<strong class=\"words\">");
        html_text(h, words);
        html_raw(h, "</strong>");
    }
    html_raw(h, "</p>\n");
}

void bit_gap(struct html *h)
{
    if (words_lang() == LANG_EN)
        html_raw(h, " ");
}
