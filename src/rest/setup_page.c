/* The first five minutes (screen a1): which folders, whose commits, which hours one would like to keep. It
 * shows what would be read before anything of it is kept. The same page changes it later. */
#include <stdio.h>

#include "codec/scan.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "rest/look.h"
#include "rest/pages.h"
#include "rest/picture.h"
#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

enum { WEEKS_SHOWN = 12 };

static int64_t since_of(const struct app *app)
{
    return picture_since(this_monday(app) - 7 * (WEEKS_SHOWN - 1), WEEKS_SHOWN);
}

static void element_open(struct html *h, const char *legend)
{
    html_raw(h, "<fieldset><legend>");
    html_text(h, legend);
    html_raw(h, "</legend>\n");
}

/* The lines that would be read: date, time and zone of some own commits, as they stand. */
static void draw_lines(struct html *h, struct app *app, const struct look *l)
{
    html_raw(h, "<details><summary>");
    html_text(h, tr("first.lines", "Show the lines I would read"));
    html_raw(h, "</summary>\n<pre>");
    for (size_t i = 0; i < l->repos.n; i++)
        for (size_t k = 0; k < l->repos.at[i].lines_n; k++) {
            const struct own_commit *c = &l->repos.at[i].lines[k];
            char day[16], line[96];
            int zone = c->when.zone < 0 ? -c->when.zone : c->when.zone;
            snprintf(line, sizeof line, "%s %s %c%02d%02d  %.12s  ", day_text(moment_day(c->when), day),
                     say_clock(app->arena, moment_minute(c->when)), c->when.zone < 0 ? '-' : '+',
                     zone / 60 % 100, zone % 60, c->id.p);
            html_text(h, line);
            html_text(h, l->repos.at[i].row.name);
            html_raw(h, "\n");
        }
    html_raw(h, "</pre></details>\n");
}

/* Own commits anywhere? Without any, all folders are ticked, since which of them hold some depends on the
 * addresses ticked below. */
static bool any_own(const struct look *l)
{
    for (size_t i = 0; i < l->repos.n; i++)
        if (l->repos.at[i].own > 0)
            return true;
    return false;
}

/* Two folders of one name are told apart by where they are. */
static bool same_name(const struct look *l, const struct look_repo *r)
{
    for (size_t i = 0; i < l->repos.n; i++)
        if (&l->repos.at[i] != r && l->repos.at[i].row.name &&
            strcmp(l->repos.at[i].row.name, r->row.name) == 0)
            return true;
    return false;
}

static void draw_repo(struct html *h, struct app *app, const struct look *l, const struct look_repo *r)
{
    bool ticked =
        r->row.chosen == CHOSEN_YES || (r->row.chosen == CHOSEN_NOT_ASKED && (r->own > 0 || !any_own(l)));
    html_raw(h, "<li><input type=\"hidden\" name=\"shown\" value=\"");
    html_int(h, r->row.id);
    html_raw(h, "\"><label><input type=\"checkbox\" name=\"repo\" value=\"");
    html_int(h, r->row.id);
    html_raw(h, "\"");
    if (ticked)
        html_raw(h, " checked");
    html_raw(h, "> <span class=\"name\">");
    html_text(h, r->row.name);
    if (same_name(l, r)) {
        html_raw(h, "<br><span class=\"small\">");
        html_span(h, span_of(path_shown(app->arena, app->paths, r->row.path)));
        html_raw(h, "</span>");
    }
    html_raw(h, "</span></label> <span class=\"count\">");
    html_say(h, trn("first.commits", "{n} commit by you", "{n} commits by you", (unsigned long)r->own),
             {"n", say_number(app->arena, r->own)});
    html_raw(h, "</span></li>\n");
}

/* "~/src, ~/thesis": where it was looked. */
static const char *places(struct app *app)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 1 << 16);
    for (size_t i = 0; app->here && app->here[i]; i++) {
        if (i)
            buf_add_text(&out, ", ");
        utf8_clean(&out, span_of(path_shown(app->arena, app->paths, app->here[i])));
    }
    return buf_keep(&out, app->arena);
}

static void draw_folders(struct html *h, struct app *app, const struct look *l)
{
    size_t fine = 0;
    element_open(h, tr("first.folders", "1  Folders with signs of your work"));
    html_raw(h, "<ul class=\"choices\">\n");
    for (size_t i = 0; i < l->repos.n; i++)
        if (!l->repos.at[i].problem) {
            draw_repo(h, app, l, &l->repos.at[i]);
            fine++;
        }
    html_raw(h, "</ul>\n");
    for (size_t i = 0; i < l->repos.n; i++)
        if (l->repos.at[i].problem) {
            html_raw(h, "<p class=\"problem\">");
            html_text(h, l->repos.at[i].problem);
            html_raw(h, "</p>\n");
        }
    html_raw(h, "<p class=\"small\">");
    if (fine)
        html_say(h, tr("first.found", "Found in {places}. The counts are of the last 27 weeks."),
                 {"places", places(app)});
    else
        html_say(h,
                 tr("first.none", "No git history was found in {places}. Add a folder that holds some, or "
                                  "look around with example data."),
                 {"places", places(app)});
    html_raw(h, "</p>\n<p>");
    html_text(h, tr("first.read", "For this picture I read the date and time of your own commits. Not the "
                                  "code, not the messages, not "
                                  "other people's."));
    html_raw(h, "</p>\n");
    draw_lines(h, app, l);
    html_raw(h, "</fieldset>\n");
}

static void draw_mail(struct html *h, struct span mail, bool ticked)
{
    struct buf AUTO_BUF shown;
    buf_init(&shown, 4096);
    utf8_clean(&shown, mail);
    h->out->failed |= shown.failed;
    html_raw(h, "<li><label><input type=\"checkbox\" name=\"mine\" value=\"");
    html_span(h, mail);
    html_raw(h, "\"");
    if (ticked)
        html_raw(h, " checked");
    html_raw(h, "> <span class=\"name\">");
    html_text(h, buf_text(&shown));
    html_raw(h, "</span></label></li>\n");
}

/* Addresses: the ones that count, those that may, and, when no commit is by any of them, everybody who stands
 * there. */
static void draw_mails(struct html *h, const struct look *l)
{
    bool own = any_own(l);
    html_raw(h, "<fieldset><legend>");
    html_text(h, tr("first.you", "Are these you?"));
    html_raw(h, "</legend>\n");
    if (!own && l->authors.n) {
        html_raw(h, "<p>");
        html_text(h, tr("first.whose", "No commit of the last 27 weeks is by an address of yours. These "
                                       "addresses are there. Which are "
                                       "yours?"));
        html_raw(h, "</p>\n");
    }
    html_raw(h, "<ul class=\"choices\">\n");
    for (size_t i = 0; i < l->mine.n; i++)
        draw_mail(h, l->mine.at[i], true);
    for (size_t i = 0; i < l->asked.n; i++)
        draw_mail(h, l->asked.at[i], false);
    for (size_t i = 0; !own && i < l->authors.n; i++)
        if (!mails_hold(&l->mine, l->authors.at[i].mail) && !mails_hold(&l->asked, l->authors.at[i].mail))
            draw_mail(h, l->authors.at[i].mail, false);
    html_raw(h, "</ul>\n<p><label>");
    html_text(h, tr("first.othermail", "Another address of yours in commits, or nothing"));
    html_raw(h, " <input type=\"text\" name=\"other\" maxlength=\"320\" "
                "autocomplete=\"off\"></label></p>\n</fieldset>\n");
}

static void draw_time(struct html *h, struct app *app, const char *name, const char *label, int minute)
{
    html_raw(h, "<label>");
    html_text(h, label);
    html_raw(h, " <input type=\"time\" name=\"");
    html_text(h, name);
    html_raw(h, "\" value=\"");
    html_text(h, say_clock(app->arena, minute == 24 * 60 ? minute - 1 : minute));
    html_raw(h, "\" required></label>\n");
}

static void draw_wish(struct html *h, struct app *app, const struct wish *w)
{
    element_open(h, tr("first.hours", "2  Hours you would like to keep"));
    html_raw(h, "<p class=\"days\">");
    for (int d = 0; d < 7; d++) {
        html_raw(h, "<label><input type=\"checkbox\" name=\"day\" value=\"");
        html_int(h, d + 1);
        html_raw(h, "\"");
        if (w->day[d])
            html_raw(h, " checked");
        html_raw(h, "> ");
        html_text(h, say_weekday(app->arena, d));
        html_raw(h, "</label> ");
    }
    html_raw(h, "</p>\n<p class=\"times\">");
    draw_time(h, app, "from", tr("first.from", "from"), w->from);
    draw_time(h, app, "to", tr("first.to", "to"), w->to);
    html_raw(h, "</p>\n</fieldset>\n");
}

static void draw_other_forms(struct html *h, struct app *app)
{
    html_raw(h, "<section class=\"aside\">\n");
    form_open(h, app, "/folders/add");
    html_raw(h, "<p><label>");
    html_text(h, tr("first.addlabel", "A folder that holds git repositories"));
    html_raw(h, " <input type=\"text\" name=\"path\" maxlength=\"4000\" autocomplete=\"off\" "
                "required></label></p>\n<p class=\"buttons\">");
    form_button(h, NULL, NULL, tr("first.add", "Add a folder"), false);
    html_raw(h, "</p>\n");
    form_close(h);
    if (!app->example) {
        form_open(h, app, "/example/start");
        html_raw(h, "<p class=\"buttons\">");
        form_button(h, NULL, NULL, tr("first.demo", "Look around with example data"), false);
        html_raw(h, "</p>\n");
        form_close(h);
    }
    html_raw(h, "</section>\n");
}

/* The addresses count as said by the page when it was sent once; until then those of git's configuration are
 * ticked. */
static bool draw_page(struct html *h, struct app *app, bool again, struct err *err)
{
    struct look l;
    struct wish w;
    if (!look(app, app->here, true, since_of(app), LOOK_PREVIEW, false, &l, err) ||
        !wish_load(app->db, app->arena, &w, err))
        return false;
    form_open(h, app, "/rest/setup");
    draw_folders(h, app, &l);
    draw_mails(h, &l);
    draw_wish(h, app, &w);
    html_raw(h, "<p class=\"buttons\">");
    form_button(h, NULL, NULL, again ? tr("setup.keep", "Keep") : tr("first.go", "Show my last 12 weeks"),
                true);
    html_raw(h, "</p>\n");
    form_close(h);
    draw_other_forms(h, app);
    return true;
}

/* The page, with a sentence above it when what was sent could not be kept. */
static void setup(struct app *app, const struct request *request, struct reply *reply,
                  const struct err *refused)
{
    struct err err = {0};
    struct html h = {&reply->body};
    const char *started = "";
    bool ok = setting_get(app->db, app->arena, "rest.started", "", &started, &err),
         again = started[0] != '\0';
    const char *title = again ? tr("setup.title", "Folders, addresses and hours")
                              : tr("first.hello", "Hello. This page lives on your computer.");
    frame_open(&h, app, request, reply, title, "/rest");
    html_raw(&h, "<h1>");
    html_text(&h, title);
    html_raw(&h, "</h1>\n");
    if (refused) {
        html_raw(&h, "<p class=\"error\" role=\"alert\">");
        html_text(&h, refused->text);
        html_raw(&h, "</p>\n");
        reply->status = 400;
    } else if (!again) {
        html_raw(&h, "<p>");
        html_text(&h, tr("first.sub",
                         "No account, no server. You can look around first, and delete it all later."));
        html_raw(&h, "</p>\n");
    }
    if (!ok || !draw_page(&h, app, again, &err)) {
        buf_reset(&reply->body);
        reply_error(app, request, reply, 500, &err);
        return;
    }
    frame_close(&h, app, NULL);
}

/* Example data has nothing to set up: its folders are nobody's, and the person's own have no place under its
 * bar. */
void page_setup(struct app *app, const struct request *request, struct reply *reply)
{
    if (app->example)
        reply_to(reply, request, "/rest/hours");
    else
        setup(app, request, reply, NULL);
}

static bool add_mail(struct app *app, struct mails *mails, struct span mail, struct err *err)
{
    mail = span_trim(mail);
    if (mail.n == 0 || mails_hold(mails, mail))
        return true;
    if (!mail_ok(mail))
        return fail(err, E_USAGE,
                    tr("err.rest.mail",
                       "That is not an address as it can stand in a commit. Please look at it again."));
    struct span *at = VEC_PUSH(app->arena, mails);
    if (!at)
        return fail_memory(err);
    *at = mail;
    return true;
}

static bool save_mails(struct app *app, const struct form *form, struct err *err)
{
    struct mails mails = {0};
    for (size_t i = 0; i < form->fields.n; i++) {
        const struct pair *f = &form->fields.at[i];
        if ((span_is(f->name, "mine") || span_is(f->name, "other")) && !add_mail(app, &mails, f->value, err))
            return false;
    }
    if (mails.n == 0)
        return fail(err, E_USAGE,
                    tr("err.rest.nomail",
                       "No address is ticked, so no commit would be yours. Tick the ones that are, or look "
                       "around with example data."));
    return identity_save(app->db, &mails, err) && setting_put(app->db, "rest.mine_said", "1", err);
}

static bool save_wish(struct app *app, const struct form *form, struct err *err)
{
    struct wish w = {0};
    for (int d = 0; d < 7; d++)
        w.day[d] = form_has(form, "day", (const char[]){(char)('1' + d), '\0'});
    if (!wish_time(form_value(form, "from"), &w.from) || !wish_time(form_value(form, "to"), &w.to) ||
        w.to <= w.from)
        return fail(
            err, E_USAGE,
            tr("err.rest.hours", "The hours need a time from and a later time to, as 09:00 and 18:00."));
    return wish_save(app->db, &w, err);
}

/* Only what the page showed is chosen or not: a repository that could not be read at the moment stays as it
 * was. */
static bool save_repos(struct app *app, const struct form *form, struct err *err)
{
    struct repo_rows rows = {0};
    if (!repos_load(app->db, app->arena, &rows, err))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        char id[24];
        snprintf(id, sizeof id, "%lld", (long long)rows.at[i].id);
        if (form_has(form, "shown", id) &&
            !repo_choose(app->db, rows.at[i].id, form_has(form, "repo", id), err))
            return false;
    }
    return true;
}

struct choices {
    struct app *app;
    const struct form *form;
};

static bool save_choices(struct db *db, void *arg, struct err *err)
{
    struct choices *c = arg;
    (void)db;
    return save_mails(c->app, c->form, err) && save_wish(c->app, c->form, err) &&
           save_repos(c->app, c->form, err) && setting_put(c->app->db, "rest.started", "1", err) &&
           setting_put(c->app->db, "rest.looks", "", err);
}

void page_setup_save(struct app *app, const struct request *request, struct reply *reply)
{
    struct form form;
    struct err err = {0};
    struct look l;
    struct choices choices = {app, &form};
    if (app->example) {
        reply_to(reply, request, "/rest/hours");
        return;
    }
    if (form_read(app, request, &form, &err) && db_write(app->db, save_choices, &choices, &err) &&
        look_again(app, since_of(app), &l, &err)) {
        reply_to(reply, request, "/rest/hours");
        return;
    }
    if (err.code == E_USAGE)
        setup(app, request, reply, &err);
    else
        reply_error(app, request, reply, err.code == E_REFUSED ? 403 : 500, &err);
}
