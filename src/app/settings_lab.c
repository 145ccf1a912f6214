/* Settings about the way out. "drawn" (on, unless "off"): fetch and send at drawn moments. "via": the
 * proxy that every request to the lab goes through; empty is straight. Both are looked at before each
 * request, so a change holds from the next one on. */
#include "app/settings_lab.h"

#include "anon/errand.h"
#include "anon/known.h"
#include "anon/lab_errands.h"
#include "anon/sent.h"
#include "io/clock.h"
#include "io/via.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/reply.h"

#include "base/banned.h"

#define TOR "socks5h://127.0.0.1:9050"
enum { TRY_SECONDS = 45 };

static const char *chosen(struct app *app, const char *setting, const char *otherwise)
{
    struct err ignored = {0};
    const char *now = otherwise;
    return setting_get(app->db, app->arena, setting, otherwise, &now, &ignored) ? now : otherwise;
}

static void fieldset_open(struct html *h, const char *legend)
{
    html_raw(h, "<fieldset><legend>");
    html_text(h, legend);
    html_raw(h, "</legend>\n");
}

static void box_draw(struct html *h, const char *label, bool ticked)
{
    html_raw(h, "<p><label><input type=\"checkbox\" name=\"on\" value=\"yes\"");
    if (ticked)
        html_raw(h, " checked");
    html_raw(h, "> ");
    html_text(h, label);
    html_raw(h, "</label></p>\n");
}

static void drawn_draw(struct html *h, struct app *app)
{
    form_open(h, app, "/settings/drawn");
    fieldset_open(h, tr("set.by_itself", "By itself"));
    box_draw(h, tr("set.drawn", "Fetch and send at drawn moments: weekdays, at most two a day"),
             strcmp(chosen(app, "drawn", "on"), "off") != 0);
    form_button(h, NULL, NULL, tr("set.keep", "Keep"), false);
    html_raw(h, "</fieldset>");
    form_close(h);
}

/* What did leave, beside the two questions about what may. */
static void left_draw(struct html *h, struct app *app)
{
    struct err ignored = {0};
    const char *left;
    day_t today = moment_day(clock_local(app->now));
    if (!sent_week(app->db, app->arena, day_monday(today), &left, &ignored))
        return;
    html_raw(h, "<p>");
    html_text(h, left);
    html_raw(h, " <a class=\"more\" href=\"/sent\">");
    html_text(h, tr("priv.network.all", "See all"));
    html_raw(h, "</a></p>\n");
}

static void via_draw(struct html *h, struct app *app, bool in_lab)
{
    const char *via = chosen(app, "via", "");
    form_open(h, app, "/settings/via");
    fieldset_open(h, tr("set.to_lab", "To the lab"));
    box_draw(h, tr("set.proxy", "Reach the lab through a proxy"), *via);
    html_raw(h, "<p><label for=\"via\">");
    html_text(h, tr("set.proxy.address", "Address of the proxy"));
    html_raw(h, "</label> <input id=\"via\" name=\"via\" type=\"text\" size=\"32\" maxlength=\"500\" "
                "autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" value=\"");
    html_text(h, *via ? via : TOR);
    html_raw(h, "\"></p>\n<p class=\"small\">");
    html_text(h, tr("set.proxy.why", "With a proxy, or with Tor, the lab does not see the address of this "
                                     "computer. The proxy sees that you speak to the lab."));
    html_raw(h, "</p>\n");
    if (in_lab) {
        html_raw(h, "<p class=\"small\">");
        html_text(h, tr("set.proxy.try.what", "“Try it” asks the lab's server once, now, through this proxy, "
                                              "without your name. Nothing is kept by it."));
        html_raw(h, "</p>\n");
    }
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, NULL, NULL, tr("set.keep", "Keep"), false);
    if (in_lab)
        form_button(h, "do", "try", tr("set.proxy.try", "Try it"), false);
    html_raw(h, "</div></fieldset>");
    form_close(h);
}

/* A proxy can be tried where there is a lab to reach. */
static bool in_a_lab(struct app *app)
{
    struct err ignored = {0};
    struct known *known = NULL;
    return !app->example && known_load(app->db, app->arena, &known, &ignored) && known;
}

void settings_lab_draw(struct html *h, struct app *app)
{
    drawn_draw(h, app);
    via_draw(h, app, in_a_lab(app));
    left_draw(h, app);
}

static bool form_ok(struct app *app, const struct request *request, struct reply *reply, struct form *form)
{
    struct err err = {0};
    if (form_read(app, request, form, &err))
        return true;
    reply_error(app, request, reply, 403, &err);
    return false;
}

static void keep(struct app *app, const struct request *request, struct reply *reply, const char *setting,
                 const char *value)
{
    struct err err = {0};
    if (setting_put(app->db, setting, value, &err))
        reply_to(reply, request, "/settings");
    else
        reply_error(app, request, reply, 500, &err);
}

void page_set_drawn(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form = {0};
    if (form_ok(app, request, reply, &form))
        keep(app, request, reply, "drawn", form_has(&form, "on", "yes") ? "on" : "off");
}

/* What came of trying: on a page of its own, since nothing was changed. */
static void tried_draw(struct app *app, const struct request *request, struct reply *reply,
                       const struct errand *tried)
{
    struct html h = {&reply->body};
    bool works = tried->state == ERRAND_DONE;
    frame_open(&h, app, request, reply, tr("set.to_lab", "To the lab"), "/settings");
    html_raw(&h, "<h1>");
    html_text(&h, tr("set.to_lab", "To the lab"));
    html_raw(&h, "</h1>\n");
    if (works)
        html_raw(&h, "<p class=\"notice\" role=\"note\">");
    else
        html_raw(&h, "<p class=\"error\" role=\"alert\">");
    html_text(&h, works ? tr("set.proxy.works", "The lab answered through the proxy.")
                  : tried->state == ERRAND_FAILED ? tried->text
                                                  : tr("set.proxy.asking", "Nothing has come back so far."));
    html_raw(&h, "</p>\n<p><a class=\"button\" href=\"/settings\">");
    html_text(&h, tr("set.back", "Back to the settings"));
    html_raw(&h, "</a></p>\n");
    frame_close(&h, app, NULL);
}

static void via_try(struct app *app, const struct request *request, struct reply *reply, const char *via)
{
    struct err err = {0};
    struct errand tried;
    if (!in_a_lab(app))
        reply_to(reply, request, "/settings");
    else if (!errand_do(app, ERRAND_TRY, via, TRY_SECONDS, &tried, &err) ||
             !errand_drop(app->db, ERRAND_TRY, &err))
        reply_error(app, request, reply, 500, &err);
    else
        tried_draw(app, request, reply, &tried);
}

void page_set_via(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    if (!form_ok(app, request, reply, &form))
        return;
    bool trying = form_has(&form, "do", "try"), on = trying || form_has(&form, "on", "yes");
    const char *via = arena_text(app->arena, on ? span_trim(form_value(&form, "via")) : SPAN(""));
    if (!via || (on && !httpc_via_ok(via, &err))) {
        if (!via)
            fail_memory(&err);
        reply_error(app, request, reply, via ? 400 : 500, &err);
    } else if (trying) {
        via_try(app, request, reply, via);
    } else {
        keep(app, request, reply, "via", via);
    }
}
