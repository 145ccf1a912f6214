/* People of the record on the Lab page (screen x). What kinds there are is one table: a kind of people that
 * is new in the record gets a row here and is shown. Names are the lab's words and are cleaned; who has none
 * is called by the key in six words, which is all that members can compare. */
#include "anon/lab_people.h"

#include "anon/head_words.h"
#include "codec/utf8.h"
#include "io/clock.h"
#include "ui/lang.h"
#include "ui/page_bits.h"

#include "base/banned.h"

static const struct row {
    enum entry_kind kind;
    struct words heading;
} rows[] = {
    {ENTRY_MODERATOR, N_("lab.mods", "Moderators")},
    {ENTRY_VOUCHER, N_("lab.vouchers", "Vouching for listeners")},
    {ENTRY_LISTENER, N_("lab.listeners", "Listeners")},
    {ENTRY_COUNSELLOR, N_("lab.counsellors", "Counsellors")},
};

static bool runs(const struct app *app, const struct history_person *p, enum entry_kind kind)
{
    return p->kind == kind && p->good && p->until > app->now;
}

/* A key that is named again (a term renewed) stands once, with its newest entry. */
static bool named_again(const struct app *app, const struct history *log, size_t i)
{
    const struct history_person *p = &log->people.at[i];
    for (size_t j = i + 1; j < log->people.n; j++)
        if (runs(app, &log->people.at[j], p->kind) &&
            memcmp(log->people.at[j].person.pk, p->person.pk, sizeof p->person.pk) == 0)
            return true;
    return false;
}

static const char *name_of(struct app *app, const struct history_person *p)
{
    struct err ignored = {0};
    const char *words = "";
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    utf8_clean(&out, p->person.name);
    if (out.n == 0 && key_words(span_bytes(p->person.pk, sizeof p->person.pk), app->arena, &words, &ignored))
        return words;
    return buf_keep(&out, app->arena);
}

static void person_draw(struct html *h, struct app *app, const struct history_person *p)
{
    html_raw(h, "<li>");
    html_say(h,
             p->from > app->now ? tr("lab.mods.from", "{name}, from {date}")
                                : tr("lab.mods.since", "{name}, since {date}"),
             {"name", name_of(app, p)}, {"date", say_day_year(app->arena, moment_day(clock_local(p->from)))});
    html_raw(h, "</li>\n");
}

void lab_people_draw(struct html *h, struct app *app, const struct history *log)
{
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        bool open = false;
        for (size_t i = 0; i < log->people.n; i++) {
            if (!runs(app, &log->people.at[i], rows[r].kind) || named_again(app, log, i))
                continue;
            if (!open) {
                bit_heading(h, words_of(rows[r].heading));
                html_raw(h, "<ul>\n");
            }
            open = true;
            person_draw(h, app, &log->people.at[i]);
        }
        if (open)
            html_raw(h, "</ul>\n");
    }
}
