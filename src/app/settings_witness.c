/* Witnesses outside the lab: those that are here, each with a button that removes it, and two fields for one
 * more. Nothing is sent by a click here. */
#include "app/settings_witness.h"

#include "anon/outside.h"
#include "ui/form.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { FIELD_MOST = 700 };

static void one_draw(struct html *h, struct app *app, const struct outside *w)
{
    form_open(h, app, "/settings/witness");
    html_raw(h, "<input type=\"hidden\" name=\"name\" value=\"");
    html_text(h, w->name);
    html_raw(h, "\"><p>");
    html_text(h, w->name);
    html_raw(h, " ");
    form_button(h, "do", "remove", tr("set.witness.remove", "Remove"), false);
    html_raw(h, "</p>\n");
    if (*w->said) {
        html_raw(h, "<p class=\"small\">");
        html_text(h, w->said);
        html_raw(h, "</p>\n");
    }
    form_close(h);
}

static void field_draw(struct html *h, const char *name, const char *label)
{
    html_raw(h, "<p><label for=\"");
    html_text(h, name);
    html_raw(h, "\">");
    html_text(h, label);
    html_raw(h, "</label> <input id=\"");
    html_text(h, name);
    html_raw(h, "\" name=\"");
    html_text(h, name);
    html_raw(h, "\" type=\"text\" size=\"32\" maxlength=\"700\" required autocomplete=\"off\" "
                "autocapitalize=\"none\" spellcheck=\"false\"></p>\n");
}

void settings_witness_draw(struct html *h, struct app *app)
{
    struct err ignored = {0};
    struct outsides all = {0};
    if (!outside_list(app->db, app->arena, &all, &ignored))
        all.n = 0;
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("set.witness", "Witnesses outside the lab"));
    html_raw(h, "</legend>\n<p class=\"small\">");
    html_text(h, tr("set.witness.why",
                    "Another lab, a union or a university can confirm that the lab shows one record to "
                    "everybody. Your computer asks them when it fetches anyway. A witness sees that somebody "
                    "at this address asks about this lab."));
    html_raw(h, "</p>\n");
    for (size_t i = 0; i < all.n; i++)
        one_draw(h, app, &all.at[i]);
    if (all.n < CONFIRMED_MOST) {
        form_open(h, app, "/settings/witness");
        field_draw(h, "vkey", tr("set.witness.key", "Key of the witness"));
        field_draw(h, "url", tr("set.witness.url", "Its address"));
        form_button(h, "do", "add", tr("set.witness.add", "Add"), false);
        form_close(h);
    }
    html_raw(h, "</fieldset>\n");
}

static const char *field(struct app *app, const struct form *form, const char *name)
{
    return arena_text(app->arena, span_first(span_trim(form_value(form, name)), FIELD_MOST));
}

static bool add(struct app *app, const struct form *form, struct err *err)
{
    struct known *known;
    const char *vkey = field(app, form, "vkey"), *url = field(app, form, "url");
    if (!vkey || !url)
        return fail_memory(err);
    return known_load(app->db, app->arena, &known, err) &&
           outside_add(app->db, app->arena, known, vkey, url, err);
}

static bool drop(struct app *app, const struct form *form, struct err *err)
{
    bool there;
    const char *name = field(app, form, "name");
    return name ? outside_remove(app->db, name, &there, err) : fail_memory(err);
}

void page_set_witness(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    if (!form_read(app, request, &form, &err))
        reply_error(app, request, reply, 403, &err);
    else if (!(form_has(&form, "do", "remove") ? drop(app, &form, &err) : add(app, &form, &err)))
        reply_error(app, request, reply, err.code == E_USAGE || err.code == E_REFUSED ? 400 : 500, &err);
    else
        reply_to(reply, request, "/settings");
}
