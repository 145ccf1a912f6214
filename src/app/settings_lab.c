/* Settings about the way out. "drawn" (on, unless "off"): fetch and send at drawn moments. "via": the
 * proxy that every request to the lab goes through; empty is straight. Both are looked at before each
 * request, so a change holds from the next one on. */
#include "app/settings_lab.h"

#include "io/via.h"
#include "ui/form.h"
#include "ui/reply.h"

#include "base/banned.h"

#define TOR "socks5h://127.0.0.1:9050"

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

static void via_draw(struct html *h, struct app *app)
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
    form_button(h, NULL, NULL, tr("set.keep", "Keep"), false);
    html_raw(h, "</fieldset>");
    form_close(h);
}

void settings_lab_draw(struct html *h, struct app *app)
{
    drawn_draw(h, app);
    via_draw(h, app);
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

void page_set_via(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    const char *via = "";
    if (!form_ok(app, request, reply, &form))
        return;
    if (form_has(&form, "on", "yes")) {
        via = arena_text(app->arena, span_trim(form_value(&form, "via")));
        if (!via || !httpc_via_ok(via, &err)) {
            if (!via)
                fail_memory(&err);
            reply_error(app, request, reply, via ? 400 : 500, &err);
            return;
        }
    }
    keep(app, request, reply, "via", via);
}
