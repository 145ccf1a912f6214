/* The shell of every page. Nothing in it counts anything, and Help now stands in it whatever else is drawn.
 */
#include "ui/frame.h"

#include "ui/form.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { NAV_MOST = 16 };

struct nav {
    const struct route *at[NAV_MOST];
    size_t n;
};

static bool stands_under(const struct route *r, const char *under)
{
    return under ? r->under && span_is(span_of(r->under), under) : !r->under;
}

/* The routes with a name for the navigation that this role has, by their order: the first line, or those
 * under one of its entries. */
static struct nav nav_of(const struct app *app, const char *under)
{
    struct nav nav = {0};
    for (const struct room *const *room = app->rooms; room && *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++) {
            if (!r->nav.key || !(r->roles & (unsigned)app->role) || !stands_under(r, under) ||
                nav.n == NAV_MOST)
                continue;
            size_t i = nav.n++;
            for (; i > 0 && nav.at[i - 1]->order > r->order; i--)
                nav.at[i] = nav.at[i - 1];
            nav.at[i] = r;
        }
    return nav;
}

/* The letter behind "g" that opens a page: w for this week, else the first of its path. */
static char key_of(const struct route *r)
{
    char c = r->key ? r->key : r->path[0] == '/' ? r->path[1] : '\0';
    return c >= 'a' && c <= 'z' ? c : 'w';
}

static void key_attribute(struct html *h, const struct route *r)
{
    char key[2] = {key_of(r), '\0'};
    html_raw(h, " data-key=\"");
    html_text(h, key);
    html_raw(h, "\"");
}

/* The entry of the first line under which the page at `here` stands, or NULL. */
static const char *under_of(const struct app *app, const char *here)
{
    for (const struct room *const *room = app->rooms; here && room && *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++)
            if (r->under && r->nav.key && span_is(span_of(here), r->path))
                return r->under;
    return NULL;
}

static void nav_entry(struct html *h, const struct route *r, const char *current)
{
    html_raw(h, "<li><a href=\"");
    html_text(h, r->path);
    html_raw(h, "\"");
    if (!r->under)
        key_attribute(h, r);
    if (current) {
        html_raw(h, " aria-current=\"");
        html_text(h, current);
        html_raw(h, "\"");
    }
    html_raw(h, ">");
    html_text(h, words_of(r->nav));
    html_raw(h, "</a></li>");
}

/* `inside`: the page at `here` stands under this entry. */
static void draw_entries(struct html *h, const struct nav *nav, const char *here, const char *inside)
{
    html_raw(h, "<ul>");
    for (size_t i = 0; i < nav->n; i++) {
        struct span path = span_of(nav->at[i]->path);
        bool page = here && span_is(path, here), part = inside && span_is(path, inside);
        nav_entry(h, nav->at[i], page ? "page" : part ? "true" : NULL);
    }
    html_raw(h, "</ul></nav>\n");
}

/* The first line, and the second of the entry under which this page stands. */
static void draw_nav(struct html *h, const struct app *app, const struct nav *nav, const char *here)
{
    const char *inside = under_of(app, here);
    html_raw(h, "<nav aria-label=\"");
    html_text(h, tr("nav.label", "Rooms"));
    html_raw(h, "\">");
    draw_entries(h, nav, here, inside);
    if (!inside)
        return;
    struct nav under = nav_of(app, inside);
    html_raw(h, "<nav class=\"under\" aria-label=\"");
    html_text(h, tr("nav.under", "Pages here"));
    html_raw(h, "\">");
    draw_entries(h, &under, here, NULL);
}

static void key_row(struct html *h, const char *keys, const char *what)
{
    html_raw(h, "<div><dt><kbd>");
    html_text(h, keys);
    html_raw(h, "</kbd></dt><dd>");
    html_text(h, what);
    html_raw(h, "</dd></div>");
}

/* The list behind "?", of the keys there are; it opens without script too. */
static void draw_keys(struct html *h, const struct nav *nav)
{
    html_raw(h, "<details class=\"keys\"><summary aria-label=\"");
    html_text(h, tr("keys.title", "Keys (you can turn them off)"));
    html_raw(h, "\"><span aria-hidden=\"true\">?</span></summary>\n<div class=\"sheet\"><p>");
    html_text(h, tr("keys.title", "Keys (you can turn them off)"));
    html_raw(h, "</p><dl>");
    for (size_t i = 0; i < nav->n; i++) {
        char keys[] = {'g', ' ', key_of(nav->at[i]), '\0'};
        key_row(h, keys, words_of(nav->at[i]->nav));
    }
    key_row(h, "g h", tr("nav.help", "Help now"));
    key_row(h, "n", tr("keys.write", "write"));
    key_row(h, "j k", tr("keys.move", "move in a list"));
    key_row(h, "Enter", tr("keys.open", "open"));
    key_row(h, "Esc", tr("keys.close", "close"));
    key_row(h, "?", tr("keys.list", "this list"));
    html_raw(h, "</dl></div></details>\n");
}

static void draw_head(struct html *h, const struct app *app, const char *title)
{
    html_raw(h, "<!doctype html>\n<html lang=\"");
    html_text(h, lang_tag(words_lang()));
    html_raw(h, "\" data-theme=\"");
    html_text(h, app->theme ? app->theme : "auto");
    if (app->keys)
        html_raw(h, "\" data-keys=\"on");
    html_raw(h, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"referrer\" content=\"same-origin\">\n<title>");
    html_text(h, title);
    html_raw(h, " · Respite</title>\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"/assets/icon.svg\">\n"
                "<link rel=\"stylesheet\" href=\"/assets/theme.css\">\n");
    if (app->keys)
        html_raw(h, "<script src=\"/assets/keys.js\" defer></script>\n");
    html_raw(h, "</head>\n");
}

/* Every page of example data says so, with the way out of it beside. */
static void draw_example_bar(struct html *h, const struct app *app)
{
    html_raw(h, "<aside class=\"bar\"><p>");
    html_text(h, tr("demo.bar", "Example data. Nothing here is about you."));
    html_raw(h, "</p>");
    form_open(h, app, "/example/clear");
    form_button(h, NULL, NULL, tr("demo.clear", "Clear it and start"), false);
    form_close(h);
    html_raw(h, "</aside>\n");
}

/* And every page while in a trial lab. */
static void draw_trial_bar(struct html *h)
{
    html_raw(h, "<aside class=\"bar\"><p>");
    html_text(h, tr("trial.bar", "Trial lab. Nothing here is protected as in a real one."));
    html_raw(h, "</p></aside>\n");
}

static void set_headers(struct reply *reply, struct arena *arena)
{
    static const char *const rows[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
         "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Embedder-Policy", "require-corp"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    reply->status = 200;
    reply->type = "text/html; charset=utf-8";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        reply_header(reply, arena, rows[i][0], rows[i][1]);
}

void frame_open(struct html *h, struct app *app, const struct request *request, struct reply *reply,
                const char *title, const char *here)
{
    struct nav nav = nav_of(app, NULL);
    h->out = &reply->body;
    set_headers(reply, request->arena);
    draw_head(h, app, title);
    html_raw(h, "<body>\n<a class=\"skip\" href=\"#page\">");
    html_text(h, tr("skip", "Skip to the page"));
    /* Help now comes first in the order of keys and of reading aloud; the style sheet puts it at the end of
     * the line. */
    html_raw(h, "</a>\n<header>\n<a class=\"help\" href=\"/help\" data-key=\"h\"");
    if (here && span_is(span_of(here), "/help"))
        html_raw(h, " aria-current=\"page\"");
    html_raw(h, ">");
    html_text(h, tr("nav.help", "Help now"));
    html_raw(h, "</a>\n<a class=\"brand\" href=\"/\">Respite</a>\n");
    draw_nav(h, app, &nav, here);
    if (app->keys)
        draw_keys(h, &nav);
    html_raw(h, "</header>\n");
    if (app->example)
        draw_example_bar(h, app);
    if (app->trial)
        draw_trial_bar(h);
    html_raw(h, "<main id=\"page\" tabindex=\"-1\">\n");
}

static void draw_language(struct html *h, enum lang lang, const char *name)
{
    html_raw(h, "<button type=\"submit\" name=\"to\" value=\"");
    html_text(h, lang == LANG_ZH ? "zh" : "en");
    html_raw(h, "\" lang=\"");
    html_text(h, lang_tag(lang));
    html_raw(h, "\" aria-pressed=\"");
    html_text(h, lang == words_lang() ? "true" : "false");
    html_raw(h, "\">");
    html_text(h, name);
    html_raw(h, "</button>\n");
}

/* Two buttons, because a change of state is never a link. Each language stands under its own name. */
static void draw_languages(struct html *h, const struct app *app)
{
    form_open(h, app, "/settings/lang");
    draw_language(h, LANG_EN, "English");
    draw_language(h, LANG_ZH, "中文");
    form_close(h);
}

/* What the lab can see, where there is a room that says it. */
static void draw_sees(struct html *h, const struct app *app)
{
    bool other_method;
    if (!route_find(app, SPAN("GET"), SPAN("/sees"), &other_method))
        return;
    html_raw(h, "<li><a href=\"/sees\">");
    html_text(h, tr("foot.sees", "What the lab can see"));
    html_raw(h, "</a></li>");
}

static void draw_foot(struct html *h, const struct app *app, const char *end)
{
    html_raw(h, "<p class=\"end\">");
    html_text(h, end ? end : tr("end", "That is all."));
    html_raw(h, "</p>\n</main>\n<footer>\n<p>");
    html_text(h, tr("foot.local", "On this computer only."));
    html_raw(h, "</p>\n<ul>");
    draw_sees(h, app);
    html_raw(h, "<li><a href=\"/export\">");
    html_text(h, tr("foot.export", "Export"));
    html_raw(h, "</a></li><li><a href=\"/settings\">");
    html_text(h, tr("foot.settings", "Settings"));
    html_raw(h, "</a></li></ul>\n");
    draw_languages(h, app);
    html_raw(h, "</footer>\n</body>\n</html>\n");
}

void frame_close(struct html *h, struct app *app, const char *end)
{
    if (!arena_ok(app->arena))
        h->out->failed = true;
    draw_foot(h, app, end);
}

void frame_close_failed(struct html *h, struct app *app)
{
    draw_foot(h, app, NULL);
}
