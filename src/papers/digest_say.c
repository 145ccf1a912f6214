/* What a digest says, in words and as JSON. */
#include "base/words.h"
#include "papers/digest.h"
#include "ui/lang.h"

#include "base/banned.h"

const char *digest_title(struct app *app, const struct digest *d)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 400);
    if (d->to - d->from < 7)
        words_say(&out, tr("week.title", "Week of {day}"), {"day", say_day(app->arena, d->monday)});
    else
        words_say(&out, tr("digest.weeks", "The weeks from {days}"),
                  {"days", say_days(app->arena, d->from, d->to)});
    return buf_keep(&out, app->arena);
}

const char *digest_head(struct app *app, const struct digest *d)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    if (d->papers == 0)
        return tr("digest.none", "No papers of these days are here.");
    words_say(&out,
              trn("digest.head", "{n} papers in your fields. {k} chosen, the reason beside each.",
                  "{n} papers in your fields. {k} chosen, the reason beside each.", (unsigned long)d->papers),
              {"n", say_number(app->arena, d->papers)}, {"k", say_number(app->arena, (int64_t)d->items)});
    return buf_keep(&out, app->arena);
}

static const char *theme_name(const struct digest_theme *t)
{
    return t->words ? t->words : tr("digest.rest", "of no one theme");
}

const char *digest_others(struct app *app, const struct digest *d)
{
    AUTO_BUF struct buf list, out;
    buf_init(&list, 4096);
    buf_init(&out, 8192);
    for (size_t i = 0; i < d->themes; i++)
        buf_printf(&list, "%s%s %s", i ? tr("papers.comma", ", ") : "", theme_name(&d->theme[i]),
                   say_number(app->arena, d->theme[i].papers));
    if (d->themes)
        words_say(&out, tr("digest.others", "The others by theme: {themes}."), {"themes", buf_text(&list)});
    return buf_keep(&out, app->arena);
}

const char *digest_lasted(struct app *app, const struct digest_theme *t)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 8192);
    words_say(&out, tr("digest.lasted.theme", "{theme}: {said}"), {"theme", t->words},
              {"said", told_said(app->arena, t->lasted)});
    return buf_keep(&out, app->arena);
}

bool digest_any_lasted(const struct digest *d)
{
    for (size_t i = 0; i < d->themes; i++)
        if (d->theme[i].lasted)
            return true;
    return false;
}

json_t *digest_json(const struct digest *d)
{
    char week[16], from[16], to[16], quiet[16];
    json_t *o = json_pack("{s:s,s:s,s:s,s:[],s:{},s:{},s:I,s:I,s:b,s:s}", "week",
                          isoweek_text(d->monday, week), "from", day_text(d->from, from), "to",
                          day_text(d->to, to), "papers", "rest", "lasted", "all", (json_int_t)d->papers,
                          "cap", (json_int_t)d->cap, "profile", (int)d->known, "end", DIGEST_END);
    if (o && d->quiet_until)
        json_object_set_new(o, "quiet_until", json_string(day_text(d->quiet_until, quiet)));
    for (size_t i = 0; o && i < d->items; i++) {
        json_t *one = shown_json(&d->item[i].shown);
        json_object_set_new(one, "why", json_string(d->item[i].why));
        json_object_set_new(one, "score", json_real(d->item[i].score));
        json_array_append_new(json_object_get(o, "papers"), one);
    }
    for (size_t i = 0; o && i < d->themes; i++) {
        const struct digest_theme *t = &d->theme[i];
        json_object_set_new(json_object_get(o, "rest"), t->words ? t->words : "other",
                            json_integer(t->papers));
        if (t->lasted)
            json_object_set_new(json_object_get(o, "lasted"), t->words, told_json(t->lasted));
    }
    return o;
}
