/* Categories of arXiv: one field that holds all of them, and a button that fetches at once. The fetch itself
 * is an errand, for the serving process has no way out. */
#include "app/settings_papers.h"

#include "anon/errand.h"
#include "papers/chosen.h"
#include "papers/fetch_run.h"
#include "ui/form.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { FIELD_MOST = 1000, WAIT = 60 /* seconds for an answer on the page */ };

static void line_draw(struct html *h, const char *text)
{
    html_raw(h, "<p class=\"small\">");
    html_text(h, text);
    html_raw(h, "</p>\n");
}

static void field_draw(struct html *h, const struct chosen *chosen)
{
    html_raw(h, "<p><label for=\"categories\">");
    html_text(h, tr("set.papers.field", "Categories, with blanks between"));
    html_raw(h, "</label> <input id=\"categories\" name=\"categories\" type=\"text\" size=\"32\" "
                "maxlength=\"1000\" placeholder=\"cs.LG stat.ML\" autocomplete=\"off\" "
                "autocapitalize=\"none\" spellcheck=\"false\" value=\"");
    for (size_t i = 0; i < chosen->n; i++) {
        if (i)
            html_raw(h, " ");
        html_text(h, chosen->at[i]);
    }
    html_raw(h, "\"></p>\n");
}

/* What the fetch that was asked for here last came to. */
static void errand_draw(struct html *h, struct app *app)
{
    struct errand errand;
    struct err ignored = {0};
    if (!errand_last(app->db, app->arena, "papers fetch", &errand, &ignored) || !errand.what)
        return;
    if (errand.state == ERRAND_WAITS || errand.state == ERRAND_RUNS)
        line_draw(h, tr("set.papers.runs", "A fetch is under way. This page shows what came of it when it is "
                                           "loaded again."));
    else if (errand.text && *errand.text)
        line_draw(h, errand.text);
}

void settings_papers_draw(struct html *h, struct app *app)
{
    struct err ignored = {0};
    struct chosen chosen = {0};
    AUTO_BUF struct buf state;
    buf_init(&state, 8000);
    if (!chosen_list(app->db, app->arena, &chosen, &ignored))
        chosen = (struct chosen){0};
    form_open(h, app, "/settings/papers");
    html_raw(h, "<fieldset id=\"papers\"><legend>");
    html_text(h, tr("set.papers", "Papers from arXiv"));
    html_raw(h, "</legend>\n");
    line_draw(h,
              tr("set.papers.why",
                 "The day's announcements are fetched once a weekday, at a moment drawn beforehand. arXiv "
                 "learns these categories and nothing else; what you read and search stays here. The proxy "
                 "above is used, if there is one."));
    field_draw(h, &chosen);
    if (chosen.n && fetch_say_state(app, &state, &ignored))
        line_draw(h, buf_text(&state));
    errand_draw(h, app);
    html_raw(h, "<div class=\"buttons\">");
    form_button(h, "do", "keep", tr("set.keep", "Keep"), false);
    if (chosen.n)
        form_button(h, "do", "fetch", tr("set.papers.fetch", "Fetch now"), false);
    html_raw(h, "</div></fieldset>");
    form_close(h);
}

struct choice {
    struct span text;
};

static bool keep_work(struct db *db, void *arg, struct err *err)
{
    struct span rest = ((struct choice *)arg)->text, one;
    if (!db_run(db, err, "delete from paper_chosen"))
        return false;
    while ((rest = span_trim(rest)).n) {
        bool there;
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != ',' && rest.p[n] != ';')
            n++;
        one = span_first(rest, n);
        rest = span_from(rest, n + 1);
        if (one.n && !chosen_add(db, one, &there, err))
            return false;
    }
    return true;
}

void page_set_papers(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form = {0};
    struct errand errand;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    bool now = form_has(&form, "do", "fetch");
    struct choice c = {span_first(form_value(&form, "categories"), FIELD_MOST)};
    if (!(now ? errand_do(app, "papers fetch", "", WAIT, &errand, &err)
              : db_write(app->db, keep_work, &c, &err)))
        reply_error(app, request, reply, err.code == E_USAGE || err.code == E_LIMIT ? 400 : 500, &err);
    else
        reply_to(reply, request, "/settings");
}
