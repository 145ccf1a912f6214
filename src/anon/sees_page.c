/* What the lab can see (screen t): what stands beside this member's name in the lab's database, what is there
 * without a name, what a watcher of the running server sees, and what is not there. Known here without
 * asking; the lab says the same of itself by `respite lab sees`. */
#include "anon/epoch.h"
#include "anon/known.h"
#include "anon/page_bits.h"
#include "anon/pages.h"
#include "io/clock.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

static void named_draw(struct html *h, const struct known *known)
{
    char week[16];
    bit_heading(h, tr("sees.named", "Everything in the lab's database that has your name on it"));
    if (!known) {
        bit_paragraph(h, tr("sees.nobody", "Nothing: you are in no lab."));
        return;
    }
    epoch_text(epoch_of(known->joined_at), week);
    html_raw(h, "<p>");
    html_text(h, known->own_name);
    html_raw(h, "</p>\n<ul>\n<li>");
    html_say(h, tr("sees.member", "member since week {week}"), {"week", week});
    html_raw(h, "</li>\n");
    bit_item(h, tr("sees.member.passes", "collected this week's passes"));
    html_raw(h, "</ul>\n");
    bit_paragraph(h,
                  tr("sees.member.known", "The lab knows this of every member; who used a pass, of none."));
}

static void bare_draw(struct html *h)
{
    bit_heading(h, tr("sees.bare", "What is there without a name"));
    html_raw(h, "<ul>\n");
    bit_item(h, tr("sees.bare.posts", "posts and votes: their text and the day"));
    bit_item(h, tr("sees.bare.letters", "letters: sealed and padded, for 14 days"));
    bit_item(
        h, tr("sees.bare.answers", "answers: bare numbers until the release, then a noisy mean and no more"));
    html_raw(h, "</ul>\n");
}

static void watch_draw(struct html *h)
{
    bit_heading(h, tr("sees.watch", "Whoever watches the running server also sees:"));
    html_raw(h, "<ul>\n");
    bit_item(h, tr("sees.watch.1",
                   "the time and the address of each request (through a proxy or Tor: not yours)"));
    bit_item(h, tr("sees.watch.2", "that this computer was on at up to two moments of a weekday"));
    bit_item(h, tr("sees.watch.3", "answers without names, before a release"));
    html_raw(h, "</ul>\n");
    bit_paragraph(
        h, tr("sees.invent", "The lab could invent members, and, with both roles, add votes of its own."));
}

static void absent_draw(struct html *h)
{
    bit_heading(h, tr("sees.absent", "What is not there"));
    bit_paragraph(
        h, tr("sees.absent.list",
              "Hours, check-ins, notes, leave plans, drafts, reading: none of it leaves this computer."));
    bit_paragraph(h, tr("sees.net", "The network sees: that you talk to the lab; padded sizes; moments drawn "
                                    "beforehand."));
}

static bool page_draw(struct html *h, struct app *app, struct err *err)
{
    struct known *known;
    if (!known_load(app->db, app->arena, &known, err))
        return false;
    html_raw(h, "<h1>");
    html_text(h, tr("foot.sees", "What the lab can see"));
    html_raw(h, "</h1>\n");
    named_draw(h, known);
    bare_draw(h);
    watch_draw(h);
    absent_draw(h);
    html_raw(h, "<p class=\"links\"><a href=\"/sent\">");
    html_text(h, tr("sees.sent", "Everything that left this computer"));
    html_raw(h, "</a></p>\n");
    return true;
}

void page_sees(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("foot.sees", "What the lab can see"), "/sees");
    if (!page_draw(&h, app, &err))
        reply_error(app, request, reply, 500, &err);
    else
        frame_close(&h, app, NULL);
}
