/* What kept verdicts say elsewhere: rows of This week, and what lasted after a gap. */
#include "test/test.h"

#include "papers/digest_rows.h"
#include "papers/papers_db.h"
#include "papers/told.h"
#include "papers/verdicts_keep.h"

#include "base/banned.h"

struct desk {
    struct arena *arena;
    struct app app;
};

static void begin(struct desk *d)
{
    struct err err = {0};
    struct migration_set set = {"papers", papers_migrations};
    *d = (struct desk){.arena = arena_new()};
    d->app = (struct app){.arena = d->arena, .now = 1795003200 /* 2026-11-18 */};
    assert_ok(db_open(&d->app.db, ":memory:", &err), &err);
    assert_ok(migrate(d->app.db, &set, 1, 1, NULL, &err), &err);
}

static void end(struct desk *d)
{
    db_close(d->app.db);
    arena_free(d->arena);
}

#define ROW(term, papers, verdict, p) \
    "{\"term\":\"" term "\",\"papers\":" #papers ",\"verdict\":\"" verdict "\",\"p_lasting\":" #p \
    ",\"low\":0.1,\"high\":0.9,\"base_rate\":0.79}"

static void keep(struct desk *d, const char *field, day_t made, const char *rows)
{
    struct err err = {0};
    AUTO_JSON json_t *o = NULL;
    const char *text =
        arena_printf(d->arena, "{\"field\":\"%s\",\"origin\":2025,\"terms\":[%s]}", field, rows);
    assert_ok(json_read(span_of(text), 1 << 20, "test", &o, &err), &err);
    assert_ok(verdicts_keep(d->app.db, span_of(field), made, o, &err), &err);
}

static void keep_some(struct desk *d)
{
    keep(d, "cs.LG", 20000,
         ROW("state-space hybrids", 212, "lasting", 0.81) "," ROW(
             "speculative decoding", 90, "lasting",
             0.77) "," ROW("latent reasoning", 64, "unclear",
                           0.52) "," ROW("prompt auctions", 9, "faded",
                                         0.12) "," ROW("chain caching", 5, "too early to tell", null));
    keep(d, "cs.CL", 20001,
         ROW("greedy decoding", 91, "lasting", 0.70) "," ROW("sinks", 300, "unclear", 0.50));
}

static const char *week_of(struct desk *d)
{
    struct week_part part = {0};
    struct week week = {20000, &part};
    struct err err = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    assert_ok(week_terms(&d->app, &week, &err), &err);
    for (size_t i = 0; i < part.n; i++)
        buf_printf(&text, "%s|%s|%s\n", part.at[i].lead, part.at[i].text, part.at[i].path);
    return buf_keep(&text, d->arena);
}

void test_told__this_week_has_one_row_of_each_word(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    assert_string_equal(week_of(&d), "");
    keep_some(&d);
    assert_string_equal(
        week_of(&d),
        "Lasting|state-space hybrids: odds that it lasts 81 of 100, likely between 10 and 90; usual is 79 of "
        "100. 212 papers in the two years up to 2025.|/terms/term?field=cs.LG&term=state-space+hybrids\n"
        "Unclear|sinks: odds that it lasts 50 of 100, likely between 10 and 90; usual is 79 of 100. 300 "
        "papers in the two years up to 2025.|/terms/term?field=cs.CL&term=sinks\n"
        "Faded|prompt auctions: odds that it lasts 12 of 100, likely between 10 and 90; usual is 79 of 100. "
        "9 "
        "papers in the two years up to 2025. You can let it "
        "go.|/terms/term?field=cs.LG&term=prompt+auctions\n");
    end(&d);
}

void test_told__what_the_week_is_about_comes_first(void **state)
{
    (void)state;
    struct desk d;
    struct err err = {0};
    begin(&d);
    keep_some(&d);
    assert_ok(db_run(d.app.db, &err,
                     "insert into digest(monday, from_day, to_day, made_on, papers, cap, known, after_quiet) "
                     "values ($1, $1, $1 + 6, $1 + 7, 2, 7, 0, 0)",
                     V_INT(day_monday(20775) - 7)),
              &err);
    for (int i = 1; i <= 2; i++)
        assert_ok(db_run(d.app.db, &err,
                         "insert into paper(id, title, abstract, authors, categories, venue, year, kind, "
                         "version, withdrawn, weights) values ($1, 'Greedy-decodings, and greedy decoding', "
                         "'', '', '', '', 2026, 0, 1, 0, x'')",
                         V_INT(i)) &&
                      db_run(d.app.db, &err, "insert into digest_paper(paper, monday) values ($1, $2)",
                             V_INT(i), V_INT(day_monday(20775) - 7)),
                  &err);
    assert_non_null(strstr(week_of(&d), "Lasting|greedy decoding: odds that it lasts 70 of 100"));
    assert_non_null(strstr(week_of(&d), "2 titles of the week have it.|"));
    end(&d);
}

void test_told__a_theme_is_told_of_its_lasting_term(void **state)
{
    (void)state;
    static const char *const themes[][2] = {{"State space hybrid", "state-space hybrids"},
                                            {"decoding", "greedy decoding"},
                                            {"latent reasoning", NULL},
                                            {"sink", NULL},
                                            {"auctions", NULL},
                                            {"coding", NULL},
                                            {"hybrid decoders", NULL},
                                            {"—", NULL}};
    struct desk d;
    struct told told;
    struct err err = {0};
    begin(&d);
    keep_some(&d);
    assert_ok(told_load(d.app.db, d.arena, &told, &err), &err);
    assert_int_equal(told.n, 6); /* the early one is not there */
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        const struct told_term *t;
        assert_ok(told_theme(&told, themes[i][0], &t, &err), &err);
        if (!themes[i][1])
            assert_null(t);
        else
            assert_string_equal(t->term, themes[i][1]);
    }
    end(&d);
}

void test_told__a_page_keeps_what_it_said(void **state)
{
    (void)state;
    struct desk d;
    struct digest back, page = {.monday = 20762, .from = 20748, .to = 20768, .papers = 9, .themes = 2};
    struct numbers none = {0};
    struct told told;
    struct err err = {0};
    bool there;
    begin(&d);
    keep_some(&d);
    assert_ok(told_load(d.app.db, d.arena, &told, &err), &err);
    page.theme[0] = (struct digest_theme){"decoding", 6, NULL};
    page.theme[1] = (struct digest_theme){NULL, 3, NULL};
    assert_ok(told_theme(&told, "decoding", &page.theme[0].lasted, &err), &err);
    bool kept;
    assert_ok(digest_save(&d.app, &page, &none, &kept, &err), &err);
    assert_true(kept);
    assert_ok(digest_save(&d.app, &page, &none, &kept, &err), &err);
    assert_false(kept);
    keep(&d, "cs.CL", 20002, ROW("greedy decoding", 2, "faded", 0.20));
    assert_ok(digest_load(&d.app, 20762, &back, &there, &err), &err);
    assert_true(there);
    assert_null(back.theme[1].lasted);
    assert_string_equal(digest_lasted(&d.app, &back.theme[0]),
                        "decoding: greedy decoding: odds that it lasts 70 of 100, likely between 10 and 90; "
                        "usual is 79 of 100. 91 papers in the two years up to 2025.");
    AUTO_JSON json_t *o = digest_json(&back);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(json_object_get(o, "lasted"), "decoding"), "term")),
        "greedy decoding");
    end(&d);
}
