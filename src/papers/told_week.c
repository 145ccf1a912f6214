/* Terms in sentences; the rows of This week. */
#include <math.h>

#include "base/words.h"
#include "codec/form.h"
#include "papers/digest.h"
#include "papers/told.h"
#include "papers/trends_draw.h"
#include "ui/lang.h"

#include "base/banned.h"

enum { SENTENCE = 1 << 13, ADDRESS = 4096 };

static const char *of_100(struct arena *arena, double p)
{
    return say_number(arena, llround(100 * p));
}

const char *told_said(struct arena *arena, const struct told_term *t)
{
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    words_say(&out,
              tr("told.odds", "{term}: odds that it lasts {p} of 100, likely between {a} and {b}; usual is "
                              "{base} of 100. {papers}"),
              {"term", t->term}, {"p", of_100(arena, t->p)}, {"a", of_100(arena, t->low)},
              {"b", of_100(arena, t->high)}, {"base", of_100(arena, t->base)},
              {"papers", trends_papers(arena, t->papers, t->origin, t->quarters)});
    return buf_keep(&out, arena);
}

/* One sentence behind another. */
static const char *two(struct arena *arena, const char *first, const char *second)
{
    AUTO_BUF struct buf out;
    buf_init(&out, SENTENCE);
    words_say(&out, tr("told.two", "{a} {b}"), {"a", first}, {"b", second});
    return buf_keep(&out, arena);
}

static bool line(struct app *app, struct week *week, const char *lead, const struct told_term *t,
                 struct err *err)
{
    AUTO_BUF struct buf path;
    if (!t)
        return true;
    buf_init(&path, ADDRESS);
    trends_address(&path, t->field, t->term);
    const char *text = told_said(app->arena, t);
    if (text && t->here)
        text = two(app->arena, text,
                   say_counted(app->arena,
                               trn("week.terms.here", "{n} title of the week has it.",
                                   "{n} titles of the week have it.", (unsigned long)t->here),
                               t->here));
    if (text && t->verdict == VERDICT_FADED)
        text = two(app->arena, text, tr("week.faded.tail", "You can let it go."));
    return text && buf_ok(&path, err) && week_line(app, week, lead, text, buf_text(&path)) ? true
                                                                                           : fail_memory(err);
}

/* The titles that the page of the week is about. */
static bool count_titles(struct app *app, struct told *told, struct err *err)
{
    AUTO_STMT struct stmt *q = NULL;
    struct digest d;
    bool there;
    if (!digest_stored(app, &d, &there, err))
        return false;
    if (!there)
        return true;
    if (!db_query(app->db, &q, err,
                  "select p.title from digest_paper d join paper p on p.id = d.paper where d.monday = $1",
                  V_INT(d.monday)))
        return false;
    while (db_next(q, err))
        if (!told_count(told, db_text(q, 0), err))
            return false;
    return !err->code;
}

bool week_terms(struct app *app, struct week *week, struct err *err)
{
    struct told told;
    if (!told_load(app->db, app->arena, &told, err))
        return false;
    if (told.n == 0)
        return true;
    return count_titles(app, &told, err) &&
           line(app, week, tr("week.lasting", "Lasting"), told_first(&told, VERDICT_LASTING), err) &&
           line(app, week, tr("week.unclear", "Unclear"), told_first(&told, VERDICT_UNCLEAR), err) &&
           line(app, week, tr("week.faded", "Faded"), told_first(&told, VERDICT_FADED), err);
}
