/* Settings: each choice is a form of its own that leads back to the page it was sent from, so that all of it
 * works without script. Backing up and restoring are commands, since a web page cannot be handed a file of
 * this computer without a copy in between. */
#include "app/settings_page.h"

#include "app/feed.h"
#include "app/keep.h"
#include "app/node.h"
#include "app/settings_lab.h"
#include "app/settings_papers.h"
#include "app/settings_witness.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/reply.h"

#include "base/banned.h"

struct choice {
    const char *value;
    struct words label;
};
static const struct choice languages[] = {
    {"auto", N_("set.auto", "as the system")},
    {"en", N_("set.lang.en", "English")},
    {"zh", N_("set.lang.zh", "中文")},
    {0},
};
static const struct choice themes[] = {
    {"auto", N_("set.auto", "as the system")},
    {"light", N_("set.light", "light")},
    {"dark", N_("set.dark", "dark")},
    {0},
};
static const struct choice switches[] = {
    {"on", N_("set.on", "on")},
    {"off", N_("set.off", "off")},
    {0},
};

static void choice_draw(struct html *h, const struct choice *c, bool chosen)
{
    html_raw(h, "<label class=\"choice\"><input type=\"radio\" name=\"to\" value=\"");
    html_text(h, c->value);
    html_raw(h, "\"");
    if (chosen)
        html_raw(h, " checked");
    html_raw(h, "> ");
    html_text(h, words_of(c->label));
    html_raw(h, "</label>\n");
}

/* One question: its choices as radio buttons and a button to keep them. */
static void question_draw(struct html *h, struct app *app, const char *action, const char *legend,
                          const struct choice *choices, const char *setting)
{
    struct err ignored = {0};
    const char *now = choices[0].value;
    if (!setting_get(app->db, app->arena, setting, choices[0].value, &now, &ignored))
        now = choices[0].value;
    form_open(h, app, action);
    html_raw(h, "<input type=\"hidden\" name=\"back\" value=\"/settings\"><fieldset><legend>");
    html_text(h, legend);
    html_raw(h, "</legend>\n");
    for (const struct choice *c = choices; c->value; c++)
        choice_draw(h, c, span_is(span_of(now), c->value));
    form_button(h, NULL, NULL, tr("set.keep", "Keep"), false);
    html_raw(h, "</fieldset>");
    form_close(h);
}

static void command_draw(struct html *h, const char *what, const char *command)
{
    html_raw(h, "<dt>");
    html_text(h, what);
    html_raw(h, "</dt><dd><code>");
    html_text(h, command);
    html_raw(h, "</code></dd>\n");
}

static void forget_draw(struct html *h, struct app *app)
{
    html_raw(h, "<h2>");
    html_text(h, tr("set.forget", "Delete everything"));
    html_raw(h, "</h2>\n");
    form_open(h, app, "/forget");
    html_raw(h, "<p><label for=\"word\">");
    html_text(h,
              tr("priv.delete",
                 "This removes everything here and cannot be undone. Export first? Type the word “delete”."));
    html_raw(h, "</label> <input id=\"word\" name=\"word\" type=\"text\" autocomplete=\"off\" "
                "autocapitalize=\"none\"></p>\n<div class=\"buttons\">");
    form_button(h, NULL, NULL, tr("set.forget", "Delete everything"), false);
    html_raw(h, "<a class=\"button\" href=\"/export\">");
    html_text(h, tr("set.export_first", "Export first"));
    html_raw(h, "</a></div>");
    form_close(h);
}

void page_settings(struct app *app, const struct request *request, struct reply *reply)
{
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("foot.settings", "Settings"), "/settings");
    html_raw(&h, "<h1>");
    html_text(&h, tr("foot.settings", "Settings"));
    html_raw(&h, "</h1>\n<p class=\"small\">");
    html_text(&h, tr("set.here", "Everything here stays here."));
    html_raw(&h, "</p>\n");
    question_draw(&h, app, "/settings/lang", tr("set.language", "Language"), languages, "lang");
    question_draw(&h, app, "/settings/theme", tr("set.look", "Look"), themes, "theme");
    question_draw(&h, app, "/settings/keys", tr("set.keys", "Single-key shortcuts"), switches, "keys");
    settings_lab_draw(&h, app);
    settings_papers_draw(&h, app);
    settings_feed_draw(&h, app);
    settings_witness_draw(&h, app);
    html_raw(&h, "<p><a href=\"/rest/setup\">");
    html_text(&h, tr("set.hours", "My hours and folders"));
    html_raw(&h, "</a></p>\n<dl>");
    command_draw(&h, tr("set.backup", "Back up"), "respite backup FILE");
    command_draw(&h, tr("set.restore", "Restore"), "respite restore FILE");
    html_raw(&h, "</dl>\n<p><a href=\"/export\">");
    html_text(&h, tr("foot.export", "Export"));
    html_raw(&h, "</a></p>\n");
    forget_draw(&h, app);
    frame_close(&h, app, NULL);
}

void page_export(struct app *app, const struct request *request, struct reply *reply)
{
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("foot.export", "Export"), "/export");
    html_raw(&h, "<h1>");
    html_text(&h, tr("foot.export", "Export"));
    html_raw(&h, "</h1>\n<p>");
    html_text(&h, tr("priv.export", "One folder of plain files, readable without Respite: notes, leave, "
                                    "settings, posts. Signs of work "
                                    "go into a backup only."));
    html_raw(&h, "</p>\n<dl>");
    command_draw(&h, tr("set.export_as", "In a terminal"), "respite export DIR");
    html_raw(&h, "</dl>\n<p class=\"small\">");
    html_text(&h,
              tr("set.export_why",
                 "The folder must be new or empty. A page cannot write there by itself, and should not."));
    html_raw(&h, "</p>\n");
    frame_close(&h, app, NULL);
}

bool settings_back_ok(struct span path)
{
    if (path.n == 0 || path.n > 1000 || path.p[0] != '/' || (path.n > 1 && path.p[1] == '/'))
        return false;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] <= 0x20 || path.p[i] >= 0x7f || path.p[i] == '\\')
            return false;
    return true;
}

/* The page to lead back to: the field `back`, else the page of ours that sent the form, else this week. */
static const char *back_of(const struct request *request, const struct form *form)
{
    struct span back = form_value(form, "back"), head;
    if (!settings_back_ok(back)) {
        struct span origin = request_header(request, "Origin"), referer = request_header(request, "Referer");
        back =
            origin.n && span_starts(referer, origin) ? span_from(referer, origin.n) : (struct span){NULL, 0};
        span_cut(&back, '?', &head); /* a query may hold the key that opened the page once */
        back = head;
    }
    const char *path = settings_back_ok(back) ? arena_text(request->arena, back) : NULL;
    return path ? path : "/";
}

static void setting_choose(struct app *app, const struct request *request, struct reply *reply,
                           const struct choice *choices, const char *setting)
{
    struct err err = {0};
    struct form form = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    const struct choice *c = choices;
    while (c->value && !span_is(form_value(&form, "to"), c->value))
        c++;
    if (!c->value) {
        fail(&err, E_USAGE, "%s",
             tr("err.set.choice", "That is none of the choices there are, so nothing was changed."));
        reply_error(app, request, reply, 400, &err);
    } else if (!setting_put(app->db, setting, c->value, &err)) {
        reply_error(app, request, reply, 500, &err);
    } else {
        reply_to(reply, request, back_of(request, &form));
    }
}

void page_set_lang(struct app *app, const struct request *request, struct reply *reply)
{
    setting_choose(app, request, reply, languages, "lang");
}

void page_set_theme(struct app *app, const struct request *request, struct reply *reply)
{
    setting_choose(app, request, reply, themes, "theme");
}

void page_set_keys(struct app *app, const struct request *request, struct reply *reply)
{
    setting_choose(app, request, reply, switches, "keys");
}

/* The page is drawn before anything is removed, since drawing it may ask the database. */
static void gone_draw(struct app *app, const struct request *request, struct reply *reply,
                      const struct file_entries *left)
{
    struct html h = {&reply->body};
    frame_open(&h, app, request, reply, tr("set.gone", "Everything is removed"), NULL);
    html_raw(&h, "<h1>");
    html_text(&h, tr("set.gone", "Everything is removed"));
    html_raw(&h, "</h1>\n<p>");
    html_text(&h, tr("set.gone.stopped", "Nothing of Respite's data is left on this computer, and Respite "
                                         "has stopped. You can close this page."));
    html_raw(&h, "</p>\n");
    if (left->n) {
        html_raw(&h, "<p>");
        html_text(&h, tr("set.gone.left", "In its folder these are left, since they are not Respite's:"));
        html_raw(&h, " ");
        html_text(&h, forget_left_text(app, left));
        html_raw(&h, "</p>\n");
    }
    html_raw(&h, "<p>");
    html_text(&h,
              tr("priv.uninstall", "`respite forget --all && apt remove respite` leaves nothing behind."));
    html_raw(&h, "</p>\n");
    frame_close(&h, app, NULL);
}

void page_forget(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0}, ignored = {0};
    struct file_entries left = {0};
    struct form form = {0};
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (!forget_word(form_value(&form, "word"))) {
        fail(&err, E_USAGE, "%s",
             tr("err.forget.other_word", "That was another word, so nothing was removed."));
        reply_error(app, request, reply, 400, &err);
        return;
    }
    if (!forget_look(app, &left, &err)) {
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
        return;
    }
    gone_draw(app, request, reply, &left);
    if (!forget_files(app, &err)) {
        reply_error(app, request, reply, 500, &err);
        return;
    }
    bool gone =
        left.n == 0 && forget_folder(app, &ignored); /* else the keeper's: the sandbox may forbid it */
    (void)gone;
    node_stop(app);
}
