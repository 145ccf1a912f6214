/* The check of one's own words, drawn: it runs here, warns and never blocks; with commit messages on a click.
 */
#include "speak/hints_draw.h"

#include "ui/form.h"
#include "ui/lang.h"
#include "ui/page_bits.h"

#include "base/banned.h"

void hints_draw(struct html *h, struct app *app, const struct hints *hints, bool compared, const char *as_is)
{
    bit_heading(h, tr("post.check", "Could someone tell it was you? (checked here, not sent)"));
    form_button(h, "do", "compare", tr("post.compare", "Compare with my own commit messages"), false);
    bit_small(h, tr("post.compare.what", "read now, nothing of them is kept"));
    html_raw(h, "<div role=\"status\">\n");
    if (hints->n) {
        html_raw(h, "<ul>\n");
        for (size_t i = 0; i < hints->n; i++) {
            AUTO_BUF struct buf line;
            buf_init(&line, 1 << 17);
            hint_say(&line, app->arena, &hints->at[i]);
            bit_item(h, buf_text(&line));
        }
        html_raw(h, "</ul>\n");
        bit_small(h, as_is);
    }
    if (compared && !hints->commits)
        bit_paragraph(h, tr("post.compared.none", "No commit messages of yours are in the folders that were "
                                                  "chosen, so there was nothing to compare with."));
    else if (compared) {
        html_raw(h, "<p class=\"small\">");
        html_say(h,
                 trn("post.compared", "Compared with {n} message of your own commits; nothing of it is kept.",
                     "Compared with {n} messages of your own commits; nothing of them is kept.",
                     (unsigned long)hints->commits),
                 {"n", say_number(app->arena, hints->commits)});
        html_raw(h, "</p>\n");
        if (!hints->n)
            bit_paragraph(h,
                          tr("post.match.none", "No rare words were found. A way of writing can be known all "
                                                "the same."));
    }
    html_raw(h, "</div>\n");
}
