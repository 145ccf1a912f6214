/* What moved > Your profile: all that was learned, each word with the button that takes it out. */
#include "base/words.h"
#include "io/clock.h"
#include "papers/moved.h"
#include "papers/papers_pages.h"
#include "papers/profile_say.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

/* A form of one button: do `what` with `value`. */
static void one_button(struct html *h, struct app *app, const char *what, struct span value,
                       const char *label)
{
    form_open(h, app, "/profile");
    html_raw(h, "<input type=\"hidden\" name=\"do\" value=\"");
    html_text(h, what);
    html_raw(h, "\"><input type=\"hidden\" name=\"value\" value=\"");
    html_span(h, value);
    html_raw(h, "\">");
    html_raw(h, "<button type=\"submit\">");
    html_text(h, label);
    html_raw(h, "<span class=\"unseen\"> ");
    html_span(h, value);
    html_raw(h, "</span></button>");
    form_close(h);
}

static void draw_row(struct html *h, struct app *app, struct span name, const char *what, struct span value,
                     const char *label)
{
    html_raw(h, "<li><span class=\"name\">");
    html_span(h, name);
    html_raw(h, "</span>");
    one_button(h, app, what, value, label);
    html_raw(h, "</li>\n");
}

static void draw_words(struct html *h, struct app *app, const struct profile_shown *s)
{
    if (!s->words)
        return;
    bit_heading(h, tr("profile.words", "The heaviest words, heaviest first"));
    html_raw(h, "<ul class=\"named\">\n");
    for (size_t i = 0; i < s->words; i++) {
        const struct profile_word *w = &s->word[i];
        const char *value = w->kind == TRAIT_AUTHOR     ? arena_printf(app->arena, "author:%s", w->words)
                            : w->kind == TRAIT_CATEGORY ? arena_printf(app->arena, "cat:%s", w->words)
                                                        : w->words;
        draw_row(h, app, span_of(w->words), "remove", span_of(value), tr("profile.remove", "Take out"));
    }
    html_raw(h, "</ul>\n");
}

static void draw_list(struct html *h, struct app *app, const char *heading, const struct own_words *words,
                      const char *what, const char *label)
{
    if (!words->n)
        return;
    bit_heading(h, heading);
    html_raw(h, "<ul class=\"named\">\n");
    for (size_t i = 0; i < words->n; i++)
        draw_row(h, app, words->at[i], what, words->at[i], label);
    html_raw(h, "</ul>\n");
}

static void draw_field(struct html *h, struct app *app, const char *what, const char *label, const char *go)
{
    form_open(h, app, "/profile");
    html_raw(h, "<p><label>");
    html_text(h, label);
    html_raw(h, " <input name=\"value\" maxlength=\"200\" autocomplete=\"off\" required></label> <input "
                "type=\"hidden\" name=\"do\" value=\"");
    html_text(h, what);
    html_raw(h, "\">");
    form_button(h, NULL, NULL, go, false);
    html_raw(h, "</p>\n");
    form_close(h);
}

static void draw_library(struct html *h, struct app *app, const struct profile_shown *s)
{
    if (!s->library)
        return;
    bit_heading(h, tr("profile.library.head", "Your own lists"));
    html_raw(h, "<p>");
    html_say(h,
             s->library_on ? tr("profile.library", "{n} papers of your own lists count as kept.")
                           : tr("profile.library.off", "{n} papers of your own lists do not count."),
             {"n", say_number(app->arena, s->library)});
    html_raw(h, "</p>\n");
    one_button(h, app, "library", s->library_on ? SPAN("off") : SPAN("on"),
               s->library_on ? tr("profile.library.stop", "Let them not count")
                             : tr("profile.library.start", "Let them count"));
}

static void draw_reset(struct html *h, struct app *app)
{
    html_raw(h, "<details class=\"aside\"><summary>");
    html_text(h, tr("profile.reset", "Forget all of it"));
    html_raw(h, "</summary>\n<p>");
    html_text(h, tr("profile.reset.what",
                    "What you said of papers, whom you follow and what you took out is forgotten. The papers "
                    "stay."));
    html_raw(h, "</p>\n");
    form_open(h, app, "/profile");
    html_raw(h, "<p class=\"buttons\">");
    form_button(h, "do", "reset", tr("profile.reset.go", "Forget it"), false);
    html_raw(h, "</p>\n");
    form_close(h);
    html_raw(h, "</details>\n");
}

void page_profile(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct profile AUTO_PROFILE p = {0};
    struct profile_shown s;
    if (!profile_load(app->db, app->arena, moment_day(clock_local(app->now)), false, &p, &err) ||
        !profile_shown(app, &p, &s, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    moved_open(&h, app, request, reply, tr("nav.profile", "Your profile"), "/profile");
    html_raw(&h, "<p class=\"private\">");
    html_text(&h, tr("priv.card", "Stays on this computer."));
    html_raw(&h, "</p>\n");
    bit_paragraph(&h, profile_sums(app, &p));
    draw_words(&h, app, &s);
    draw_list(&h, app, tr("profile.out.head", "Taken out"), &p.out, "restore",
              tr("profile.restore", "Let it count"));
    draw_list(&h, app, tr("profile.authors.head", "Authors you follow"), &p.authors, "unfollow",
              tr("profile.unfollow", "Follow no longer"));
    draw_list(&h, app, tr("profile.categories.head", "Categories you follow"), &p.categories, "unfollow",
              tr("profile.unfollow", "Follow no longer"));
    bit_heading(&h, tr("profile.follow.head", "Follow"));
    draw_field(&h, app, "author", tr("profile.author", "An author"), tr("profile.follow", "Follow"));
    draw_field(&h, app, "category", tr("profile.category", "A category"), tr("profile.follow", "Follow"));
    draw_library(&h, app, &s);
    draw_reset(&h, app);
    frame_close(&h, app,
                tr("profile.end", "That is all of it. It stays here; half of it is forgotten after a year."));
}

void page_profile_set(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    struct span what = form_value(&form, "do");
    const char *name = arena_text(app->arena, what);
    bool done = name || fail_memory(&err);
    if (done && span_is(what, "reset"))
        done = profile_forget(app->db, &err);
    else if (done)
        done = profile_change(app, name, form_value(&form, "value"), &err);
    if (!done)
        reply_error(app, request, reply, err.code == E_USAGE ? 400 : err.code == E_MISSING ? 404 : 500, &err);
    else
        reply_to(reply, request, "/profile");
}
