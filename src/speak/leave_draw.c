/* When something leaves, and among how many. */
#include "speak/leave_draw.h"

#include "base/words.h"
#include "ui/page_bits.h"

#include "base/banned.h"

static void choice(struct html *h, const char *value, bool on, const char *label)
{
    html_raw(h, "<label><input type=\"radio\" name=\"when\" value=\"");
    html_text(h, value);
    html_raw(h, "\"");
    if (on)
        html_raw(h, " checked");
    html_raw(h, "> ");
    html_text(h, label);
    html_raw(h, "</label><br>\n");
}

void leave_when_draw(struct html *h, bool now)
{
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("write.when", "When"));
    html_raw(h, "</legend>\n");
    choice(h, "later", !now,
           tr("post.when", "some time in the next 12 sending hours (Monday to Friday, 9:00 to 18:00)"));
    choice(h, "now", now, tr("post.when.now", "now"));
    bit_small(h, tr("post.now", "Now means: whoever watches the server sees it arrive this minute, from this "
                                "address."));
    html_raw(h, "</fieldset>\n");
}

void leave_facts_draw(struct html *h, struct app *app, const struct before *b)
{
    bit_paragraph(h, before_crowd(app, b));
    if (!b->words)
        return;
    bit_words(h, tr("post.words", "This week's record in four words: {words}"), b->words);
    bit_small(h, b->confirmed_by);
    if (!b->confirmed.enough)
        bit_small(h, tr("post.unseen", "Nobody outside the lab has confirmed this week's record."));
}
