/* Changes by name. */
#include "papers/profile_say.h"

#include "base/words.h"
#include "io/clock.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { NAME_MOST = 200 };

static bool mark_named(struct app *app, enum mark mark, struct span name, struct err *err)
{
    int64_t paper;
    day_t today = moment_day(clock_local(app->now));
    if (!shown_find(app->db, name, &paper, err))
        return false;
    if (!paper)
        return fail(err, E_MISSING, tr("err.papers.no_id", "“%.*s” is no paper that is here."),
                    SPAN_ARG(span_first(name, NAME_MOST)));
    return paper_mark_put(app->db, paper, mark, today, err);
}

static bool unfollow(struct app *app, struct span name, struct err *err)
{
    bool author, category;
    if (!own_word_remove(app->db, FOLLOWED_AUTHOR, name, &author, err) ||
        !own_word_remove(app->db, FOLLOWED_CATEGORY, name, &category, err))
        return false;
    return author || category ||
           fail(err, E_MISSING, tr("err.papers.not_followed", "“%.*s” is not followed."),
                SPAN_ARG(span_first(name, NAME_MOST)));
}

static bool restore(struct app *app, struct span word, struct err *err)
{
    bool there;
    return own_word_remove(app->db, WORD_OUT, word, &there, err) &&
           (there || fail(err, E_MISSING, tr("err.papers.not_out", "“%.*s” was not taken out."),
                          SPAN_ARG(span_first(word, NAME_MOST))));
}

struct library {
    bool on;
};
static bool library_work(struct db *db, void *arg, struct err *err)
{
    const struct library *l = arg;
    return db_run(db, err, "update profile_state set library = $1, changes = changes + 1", V_INT(l->on));
}

static bool library(struct app *app, struct span value, struct err *err)
{
    struct library l = {.on = span_is(value, "on")};
    if (!l.on && !span_is(value, "off"))
        return fail(err, E_USAGE, "%s", tr("err.papers.library", "Say --library on or --library off."));
    return db_write(app->db, library_work, &l, err);
}

bool profile_change(struct app *app, const char *what, struct span value, struct err *err)
{
    value = span_trim(value);
    if (!value.n || value.n > NAME_MOST)
        return fail(err, E_USAGE, tr("err.papers.name", "A name or word here has 1 to %d bytes."),
                    (int)NAME_MOST);
    if (strcmp(what, "keep") == 0)
        return mark_named(app, MARK_KEPT, value, err);
    if (strcmp(what, "not") == 0)
        return mark_named(app, MARK_NOT, value, err);
    if (strcmp(what, "undo") == 0)
        return mark_named(app, MARK_NONE, value, err);
    if (strcmp(what, "author") == 0)
        return own_word_put(app->db, FOLLOWED_AUTHOR, value, err);
    if (strcmp(what, "category") == 0)
        return own_word_put(app->db, FOLLOWED_CATEGORY, value, err);
    if (strcmp(what, "unfollow") == 0)
        return unfollow(app, value, err);
    if (strcmp(what, "remove") == 0)
        return own_word_put(app->db, WORD_OUT, value, err);
    if (strcmp(what, "restore") == 0)
        return restore(app, value, err);
    if (strcmp(what, "library") == 0)
        return library(app, value, err);
    return fail(err, E_USAGE, "%s", tr("err.papers.change", "There is no such change of a profile."));
}

bool profile_shown(struct app *app, struct profile *p, struct profile_shown *out, struct err *err)
{
    int64_t on;
    *out = (struct profile_shown){0};
    if (!profile_heaviest(app->db, app->arena, p, out->word, &out->words, err) ||
        !db_number(app->db, &on, 1, err, "select library from profile_state") ||
        !db_number(
            app->db, &out->library, 0, err,
            "select count(distinct i.paper) from paper_named n join paper_id i on i.scheme = n.scheme and "
            "i.value = n.value"))
        return false;
    out->library_on = on != 0;
    return true;
}

const char *profile_sums(struct app *app, const struct profile *p)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    words_say(
        &out,
        tr("profile.sums", "Learned on this computer from {k} papers you keep and {n} that are not for you."),
        {"k", say_number(app->arena, (int64_t)p->kept)}, {"n", say_number(app->arena, (int64_t)p->against)});
    return buf_keep(&out, app->arena);
}
