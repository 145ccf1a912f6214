/* What moved > Near: the papers nearest to a pinned draft, which is read again each time. The reader sorts
 * them: same task, same method, same claim. */
#include "papers/near_pages.h"

#include <inttypes.h>

#include "codec/scan.h"
#include "io/clock.h"
#include "papers/moved.h"
#include "papers/near_draw.h"
#include "papers/near_pins.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/page_bits.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { PATH_MOST = 4096, KINDS = 3 };
static const unsigned kinds[KINDS] = {NEAR_TASK, NEAR_METHOD, NEAR_CLAIM};

struct view {
    struct near_pin pin[NEAR_PINS], *now; /* now: the one shown, NULL when there is none */
    size_t pins;
    bool more;
    struct near_found found;
    unsigned marks[NEAR_MORE];
    const char *problem; /* why the draft or its papers cannot be shown */
};

static const char *kind_said(unsigned kind)
{
    return kind == NEAR_TASK     ? tr("near.task", "Task")
           : kind == NEAR_METHOD ? tr("near.method", "Method")
                                 : tr("near.claim", "Claim");
}

static const char *column_said(unsigned kind)
{
    return kind == NEAR_TASK     ? tr("near.same_task", "Same task")
           : kind == NEAR_METHOD ? tr("near.same_method", "Same method")
                                 : tr("near.same_claim", "Same claim");
}

static bool number_of(struct span text, int64_t *out)
{
    uint64_t n;
    bool ok = scan_u64(&text, &n, INT64_MAX) && !text.n;
    *out = ok ? (int64_t)n : 0;
    return ok;
}

static const char *address(struct app *app, const struct view *v, bool more)
{
    return arena_printf(app->arena, "/near?draft=%" PRId64 "%s", v->now->id, more ? "&more=1" : "");
}

/* What went wrong with the draft is shown on the page, which has more than it. */
static bool find(struct app *app, struct view *v, struct err *err)
{
    struct draft draft;
    struct err why = {0};
    struct near_asked asked = {.year = day_ymd(moment_day(clock_local(app->now))).year,
                               .most = v->more ? NEAR_MORE : NEAR_SHOWN,
                               .since = INT32_MIN};
    if (!draft_read(app->arena, v->now->path, &draft, &why) ||
        !near_find(app, &draft, asked, &v->found, &why)) {
        v->found.n = 0;
        v->problem = arena_printf(app->arena, "%s", why.text);
        return why.code != E_MEMORY || fail_memory(err);
    }
    for (size_t i = 0; i < v->found.n; i++)
        if (!near_sorted(app->db, v->now->id, v->found.at[i].shown.paper, &v->marks[i], err))
            return false;
    return true;
}

static bool load(struct app *app, const struct request *request, struct view *v, struct err *err)
{
    int64_t asked;
    *v = (struct view){.more = request_query(request, "more").n > 0};
    if (!near_pins(app, v->pin, &v->pins, err))
        return false;
    bool named = number_of(request_query(request, "draft"), &asked);
    for (size_t i = 0; i < v->pins; i++)
        if (!named || v->pin[i].id == asked) {
            v->now = &v->pin[i];
            break;
        }
    return !v->now || find(app, v, err);
}

static const char *name_of(struct app *app, const char *path)
{
    const char *slash = strrchr(path, '/');
    (void)app;
    return slash && slash[1] ? slash + 1 : path;
}

/* ---- drawing ---- */

static void draw_pins(struct html *h, struct app *app, const struct view *v)
{
    if (v->pins < 2)
        return;
    html_raw(h, "<p class=\"small\">");
    for (size_t i = 0; i < v->pins; i++) {
        if (i)
            html_raw(h, " · ");
        if (&v->pin[i] == v->now) {
            html_raw(h, "<strong>");
            html_span(h, span_of(name_of(app, v->pin[i].path)));
            html_raw(h, "</strong>");
            continue;
        }
        html_raw(h, "<a href=\"/near?draft=");
        html_int(h, v->pin[i].id);
        html_raw(h, "\">");
        html_span(h, span_of(name_of(app, v->pin[i].path)));
        html_raw(h, "</a>");
    }
    html_raw(h, "</p>\n");
}

/* Where to name a draft; open when none is pinned. */
static void draw_pin_form(struct html *h, struct app *app, const struct view *v)
{
    if (v->now) {
        html_raw(h, "<details><summary>");
        html_text(h, tr("near.another", "Another draft"));
        html_raw(h, "</summary>\n");
    }
    form_open(h, app, "/near");
    html_raw(h, "<p><label for=\"path\">");
    html_text(h, tr("near.path", "A draft on this computer: .txt, .tex, .bib or .pdf"));
    html_raw(h, "</label>\n<input id=\"path\" name=\"path\" maxlength=\"4096\" autocomplete=\"off\" "
                "placeholder=\"/home/…/draft.tex\">\n");
    form_button(h, "do", "pin", tr("near.pin", "Pin it"), !v->now);
    html_raw(h, "</p>\n");
    form_close(h);
    bit_small(h, tr("near.kept",
                    "Its path is kept, and how you sort papers. The draft is read again each time; nothing "
                    "of it is kept or sent."));
    if (v->now)
        html_raw(h, "</details>\n");
}

static void draw_title(struct html *h, const struct near_hit *hit)
{
    struct span rest = span_of(hit->shown.title);
    html_raw(h, "<p class=\"head\"><a href=\"/paper/");
    html_int(h, hit->shown.paper);
    html_raw(h, "\">");
    for (size_t i = 0; i < hit->marked_n; i++) {
        struct span word = hit->marked[i];
        size_t before = (size_t)(word.p - rest.p);
        html_span(h, span_first(rest, before));
        html_raw(h, "<mark>");
        html_span(h, word);
        html_raw(h, "</mark>");
        rest = span_from(rest, before + word.n);
    }
    html_span(h, rest);
    html_raw(h, "</a></p>\n");
}

static void draw_sort(struct html *h, struct app *app, const struct view *v, size_t i)
{
    const struct near_hit *hit = &v->found.at[i];
    form_open(h, app, "/near/sort");
    html_raw(h, "<p class=\"buttons\"><input type=\"hidden\" name=\"draft\" value=\"");
    html_int(h, v->now->id);
    html_raw(h, "\"><input type=\"hidden\" name=\"paper\" value=\"");
    html_int(h, hit->shown.paper);
    html_raw(h, "\"><input type=\"hidden\" name=\"more\" value=\"");
    html_text(h, v->more ? "1" : "");
    html_raw(h, "\">");
    for (size_t k = 0; k < KINDS; k++) {
        html_raw(h, "<button type=\"submit\" name=\"kind\" value=\"");
        html_int(h, kinds[k]);
        html_raw(h, "\" aria-pressed=\"");
        html_text(h, v->marks[i] & kinds[k] ? "true" : "false");
        html_raw(h, "\">");
        html_text(h, kind_said(kinds[k]));
        html_raw(h, "</button>\n");
    }
    html_raw(h, "<a class=\"more\" href=\"/near/compare?draft=");
    html_int(h, v->now->id);
    html_raw(h, "&amp;paper=");
    html_int(h, hit->shown.paper);
    html_raw(h, "\">");
    html_text(h, tr("near.compare", "Compare side by side"));
    html_raw(h, "</a></p>\n");
    form_close(h);
}

static void draw_hit(struct html *h, struct app *app, const struct view *v, size_t i)
{
    const struct near_hit *hit = &v->found.at[i];
    html_raw(h, "<li id=\"p");
    html_int(h, hit->shown.paper);
    html_raw(h, "\">");
    draw_title(h, hit);
    html_raw(h, "<p class=\"small\">");
    html_text(h, shown_authors(app->arena, hit->shown.authors));
    if (*hit->shown.authors && *hit->shown.date)
        html_raw(h, " · ");
    if (*hit->shown.date) {
        html_raw(h, "<time>");
        html_text(h, hit->shown.date);
        html_raw(h, "</time>");
    }
    html_raw(h, "</p>\n");
    bit_small(h, near_shared(app->arena, hit));
    bit_small(h, near_odds_said(app->arena, hit));
    draw_sort(h, app, v, i);
    html_raw(h, "</li>\n");
}

/* The reader's own three columns. */
static void draw_columns(struct html *h, const struct view *v)
{
    unsigned any = 0;
    for (size_t i = 0; i < v->found.n; i++)
        any |= v->marks[i];
    if (!any)
        return;
    bit_heading(h, tr("near.sorted", "As you sorted them"));
    html_raw(h, "<div class=\"three\">\n");
    for (size_t k = 0; k < KINDS; k++) {
        html_raw(h, "<section><h3>");
        html_text(h, column_said(kinds[k]));
        html_raw(h, "</h3>\n<ul>\n");
        for (size_t i = 0; i < v->found.n; i++) {
            if (!(v->marks[i] & kinds[k]))
                continue;
            html_raw(h, "<li><a href=\"#p");
            html_int(h, v->found.at[i].shown.paper);
            html_raw(h, "\">");
            html_text(h, v->found.at[i].shown.title);
            html_raw(h, "</a></li>\n");
        }
        html_raw(h, "</ul></section>\n");
    }
    html_raw(h, "</div>\n");
}

static void draw_unpin(struct html *h, struct app *app, const struct view *v)
{
    form_open(h, app, "/near");
    html_raw(h, "<p><input type=\"hidden\" name=\"draft\" value=\"");
    html_int(h, v->now->id);
    html_raw(h, "\">");
    form_button(h, "do", "unpin", tr("near.unpin", "Forget this path"), false);
    html_raw(h, "</p>\n");
    form_close(h);
}

static void draw_found(struct html *h, struct app *app, const struct view *v)
{
    html_raw(h, "<p>");
    html_say(h, tr("near.draft", "Draft: {path}, stays here."), {"path", v->now->path});
    html_raw(h, "</p>\n");
    bit_problem(h, v->problem);
    if (v->found.n) {
        bit_paragraph(h, near_head(app->arena, &v->found));
        bit_small(h, tr("near.kind", "You sort them: same task · same method · same claim"));
        html_raw(h, "<ul class=\"lines papers\">\n");
        for (size_t i = 0; i < v->found.n; i++)
            draw_hit(h, app, v, i);
        html_raw(h, "</ul>\n");
        draw_columns(h, v);
        bit_paragraph(h, near_missed(app->arena, &v->found));
        bit_small(h, near_why(&v->found));
        bit_small(h, near_about_odds(&v->found));
        if (!v->more && v->found.n == NEAR_SHOWN) {
            html_raw(h, "<p><a href=\"");
            html_text(h, address(app, v, true));
            html_raw(h, "\">");
            html_text(h, tr("near.fifty", "The nearest 50"));
            html_raw(h, "</a></p>\n");
        }
    }
    draw_unpin(h, app, v);
}

void page_near(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct view *v = ARENA_NEW(app->arena, struct view);
    if (!v || !load(app, request, v, &err)) {
        if (!v)
            (void)fail_memory(&err);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    moved_open(&h, app, request, reply, tr("nav.near", "Near"), "/near");
    draw_pins(&h, app, v);
    if (v->now)
        draw_found(&h, app, v);
    else
        bit_paragraph(&h, tr("near.none",
                             "Which papers here are near to what you are writing, and what a search like "
                             "this misses."));
    draw_pin_form(&h, app, v);
    frame_close(&h, app, NULL);
}

/* ---- acts ---- */

static void go(struct app *app, const struct request *request, struct reply *reply, int64_t draft,
               int64_t paper, bool more)
{
    const char *to =
        draft ? arena_printf(app->arena, "/near?draft=%" PRId64 "%s%s", draft, more ? "&more=1" : "",
                             paper ? arena_printf(app->arena, "#p%" PRId64, paper) : "")
              : "/near";
    reply_to(reply, request, to);
}

/* Pin a path, or forget one. What is pinned has to be readable for the page, which is for a fresh start. */
void page_near_pin(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    int64_t draft;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    if (number_of(form_value(&form, "draft"), &draft)) {
        if (near_unpin_id(app->db, draft, &err))
            go(app, request, reply, 0, 0, false);
        else
            reply_error(app, request, reply, 500, &err);
        return;
    }
    const char *path = arena_text(app->arena, span_first(span_trim(form_value(&form, "path")), PATH_MOST));
    if (!path ? !fail_memory(&err) : !near_pin_page(app, path, &draft, &err)) {
        reply_error(app, request, reply, err.code == E_MISSING || err.code == E_USAGE ? 400 : 500, &err);
        return;
    }
    if (app->again && !app->again(app)) {
        fail(&err, E_SYSTEM, "%s",
             tr("err.near.again", "The path is kept. Start Respite again to read the draft."));
        reply_error(app, request, reply, 500, &err);
        return;
    }
    go(app, request, reply, draft, 0, false);
}

void page_near_sort(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct form form;
    int64_t draft, paper, kind;
    unsigned marks;
    if (!form_read(app, request, &form, &err)) {
        reply_error(app, request, reply, 403, &err);
        return;
    }
    bool known = number_of(form_value(&form, "draft"), &draft) &&
                 number_of(form_value(&form, "paper"), &paper) &&
                 number_of(form_value(&form, "kind"), &kind) &&
                 (kind == NEAR_TASK || kind == NEAR_METHOD || kind == NEAR_CLAIM);
    if (!known)
        fail(&err, E_USAGE, "%s",
             tr("err.near.sort", "A paper is sorted as same task, same method or same claim."));
    if (!known || !near_sorted(app->db, draft, paper, &marks, &err) ||
        !near_sort(app->db, draft, paper, marks ^ (unsigned)kind, &err)) {
        reply_error(app, request, reply, known ? 500 : 400, &err);
        return;
    }
    go(app, request, reply, draft, paper, form_value(&form, "more").n > 0);
}

/* ---- side by side ---- */

static void draw_side(struct html *h, const char *heading, struct span title, struct span text)
{
    html_raw(h, "<section><h2>");
    html_text(h, heading);
    html_raw(h, "</h2>\n<p><strong>");
    html_span(h, title);
    html_raw(h, "</strong></p>\n<p>");
    html_span(h, text);
    html_raw(h, "</p></section>\n");
}

void page_near_compare(struct app *app, const struct request *request, struct reply *reply)
{
    struct err err = {0};
    struct html h = {&reply->body};
    struct near_pin pin[NEAR_PINS];
    struct draft draft;
    struct shown shown;
    int64_t id = 0, paper = 0;
    size_t n, at = 0;
    bool asked =
        number_of(request_query(request, "draft"), &id) && number_of(request_query(request, "paper"), &paper);
    bool ok = near_pins(app, pin, &n, &err);
    while (ok && at < n && pin[at].id != id)
        at++;
    if (ok && (!asked || at == n))
        ok = fail(&err, E_MISSING, "%s", tr("err.near.gone", "This draft is not pinned any more."));
    if (!ok || !draft_read(app->arena, pin[at].path, &draft, &err) || !shown_load(app, paper, &shown, &err)) {
        reply_error(app, request, reply, err.code == E_SYSTEM || err.code == E_MEMORY ? 500 : 404, &err);
        return;
    }
    moved_open(&h, app, request, reply, tr("near.compare", "Compare side by side"), "/near");
    html_raw(&h, "<div class=\"two\">\n");
    draw_side(&h, name_of(app, pin[at].path), draft.title, draft.text);
    draw_side(&h, *shown.date ? shown.date : tr("near.paper", "The paper"), span_of(shown.title),
              span_of(shown.abstract));
    html_raw(&h, "</div>\n<p><a href=\"");
    html_text(&h, arena_printf(app->arena, "/near?draft=%" PRId64 "#p%" PRId64, id, paper));
    html_raw(&h, "\">");
    html_text(&h, tr("near.back", "Back to the list"));
    html_raw(&h, "</a></p>\n");
    frame_close(&h, app, NULL);
}
