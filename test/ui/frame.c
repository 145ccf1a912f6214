/* The shell of every page, in both languages. */
#include "test/test.h"

#include "ui/form.h"
#include "ui/frame.h"
#include "ui/lang.h"
#include "ui/reply.h"

#include "base/banned.h"

static void serve(struct app *app, const struct request *request, struct reply *reply)
{
    (void)app, (void)request, (void)reply;
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/rest",
     .roles = NODE,
     .who = LOCAL,
     .serve = serve,
     .nav = N_("nav.rest", "Rest"),
     .order = 3},
    {.method = "GET", .path = "/help", .roles = NODE, .who = LOCAL, .serve = serve},
    {.method = "GET",
     .path = "/",
     .roles = NODE,
     .who = LOCAL,
     .serve = serve,
     .nav = N_("nav.week", "This week"),
     .order = 1},
    {.method = "GET",
     .path = "/board",
     .roles = LAB,
     .who = PUBLIC,
     .serve = serve,
     .nav = N_("nav.lab", "Lab"),
     .order = 2},
    {.method = "GET",
     .path = "/far",
     .roles = NODE,
     .who = LOCAL,
     .serve = serve,
     .nav = N_("nav.terms", "Terms"),
     .under = "/rest",
     .order = 1},
    {0},
};
static const struct room room = {.name = "test", .routes = routes};
static const struct room *const rooms[] = {&room, NULL};
static const uint8_t key[32] = {7};

struct page {
    struct arena *arena;
    struct app app;
    struct request request;
    struct reply reply;
};

static struct page page_new(void)
{
    struct page p = {.arena = arena_new()};
    p.app = (struct app){.rooms = rooms, .role = NODE, .arena = p.arena, .theme = "dark", .form_key = key};
    p.request = (struct request){.arena = p.arena, .method = SPAN("GET"), .path = SPAN("/")};
    buf_init(&p.reply.body, 4 << 20);
    return p;
}

static const char *draw_at(struct page *p, const char *here, const char *title, const char *end)
{
    struct html h;
    frame_open(&h, &p->app, &p->request, &p->reply, title, here);
    html_raw(&h, "<h1>x</h1>");
    frame_close(&h, &p->app, end);
    return buf_text(&p->reply.body);
}

static const char *draw(struct page *p, const char *title, const char *end)
{
    return draw_at(p, "/", title, end);
}

static void page_free(struct page *p)
{
    buf_clear(&p->reply.body);
    arena_free(p->arena);
}

static const char *header(const struct page *p, const char *name)
{
    for (size_t i = 0; i < p->reply.headers.n; i++)
        if (span_is(p->reply.headers.at[i].name, name))
            return p->reply.headers.at[i].value.p;
    return "";
}

void test_frame__headers_allow_nothing_but_our_own(void **state)
{
    (void)state;
    struct page p = page_new();
    draw(&p, "t", NULL);
    assert_string_equal(
        header(&p, "Content-Security-Policy"),
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");
    assert_string_equal(header(&p, "Referrer-Policy"), "no-referrer");
    assert_string_equal(header(&p, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(header(&p, "Cross-Origin-Opener-Policy"), "same-origin");
    assert_string_equal(header(&p, "Cross-Origin-Resource-Policy"), "same-origin");
    assert_int_equal(p.reply.status, 200);
    page_free(&p);
}

void test_frame__nothing_is_inline(void **state)
{
    (void)state;
    struct page p = page_new();
    p.app.keys = p.app.example = true;
    const char *text = draw(&p, "t", NULL);
    assert_null(strstr(text, " style="));
    assert_null(strstr(text, "<style"));
    assert_null(strstr(text, " onclick"));
    assert_null(strstr(text, "<script>"));
    assert_null(strstr(text, "//")); /* no address of anybody else */
    page_free(&p);
}

void test_frame__navigation_is_by_order_and_by_role(void **state)
{
    (void)state;
    struct page p = page_new();
    const char *text = draw(&p, "t", NULL), *nav = strstr(text, "<nav");
    const char *week = strstr(nav, "This week"), *rest = strstr(nav, ">Rest<");
    assert_true(week && rest && week < rest);
    assert_null(strstr(text, "/board"));
    assert_int_equal(strstr(nav, "aria-current=\"page\"") < week, 1);
    page_free(&p);
}

void test_frame__pages_under_an_entry_stand_in_a_second_line(void **state)
{
    (void)state;
    struct page p = page_new(), q = page_new();
    assert_null(strstr(draw_at(&p, "/rest", "t", NULL), "/far"));
    const char *text = draw_at(&q, "/far", "t", NULL), *second = strstr(text, "<nav class=\"under\"");
    assert_non_null(strstr(text, "<a href=\"/rest\" data-key=\"r\" aria-current=\"true\">"));
    assert_non_null(second);
    assert_non_null(strstr(second, "<a href=\"/far\" aria-current=\"page\">Terms</a>"));
    page_free(&p);
    page_free(&q);
}

void test_frame__help_now_is_first_behind_the_skip_link(void **state)
{
    (void)state;
    struct page p = page_new();
    const char *text = draw(&p, "t", NULL);
    const char *skip = strstr(text, "href=\"#page\""), *help = strstr(text, "href=\"/help\"");
    assert_true(skip && help && skip < help);
    const char *second = strstr(skip + 1, "<a ");
    assert_true(second < help && help - second < 40);
    assert_non_null(strstr(text, "id=\"page\""));
    page_free(&p);
}

void test_frame__example_data_says_so_on_the_page_and_only_then(void **state)
{
    (void)state;
    struct page p = page_new(), q = page_new();
    assert_null(strstr(draw(&p, "t", NULL), "/example/clear"));
    q.app.example = true;
    const char *text = draw(&q, "t", NULL);
    assert_non_null(strstr(text, "<form method=\"post\" action=\"/example/clear\">"));
    assert_non_null(strstr(text, "Example data. Nothing here is about you."));
    page_free(&p), page_free(&q);
}

void test_frame__keys_and_their_script_are_there_when_switched_on(void **state)
{
    (void)state;
    struct page p = page_new(), q = page_new();
    const char *off = draw(&p, "t", NULL);
    assert_null(strstr(off, "keys.js"));
    assert_null(strstr(off, "data-keys"));
    q.app.keys = true;
    const char *on = draw(&q, "t", NULL);
    assert_non_null(strstr(on, "data-keys=\"on\""));
    assert_non_null(strstr(on, "/assets/keys.js"));
    assert_non_null(strstr(on, "<kbd>g r</kbd></dt><dd>Rest</dd>"));
    assert_non_null(strstr(on, "<kbd>g w</kbd></dt><dd>This week</dd>"));
    page_free(&p), page_free(&q);
}

void test_frame__every_page_ends(void **state)
{
    (void)state;
    struct page p = page_new(), q = page_new();
    const char *text = draw(&p, "t", NULL);
    const char *end = strstr(text, "That is all."), *foot = strstr(text, "<footer>");
    assert_true(end && foot && end < foot);
    assert_non_null(
        strstr(draw(&q, "t", "That is all for <this> week."), "That is all for &lt;this&gt; week."));
    page_free(&p), page_free(&q);
}

void test_frame__language_is_changed_by_a_form_and_named_in_the_markup(void **state)
{
    (void)state;
    lang_start();
    struct page p = page_new();
    words_set(LANG_ZH);
    const char *text = draw(&p, "标题", NULL);
    words_set(LANG_EN);
    assert_non_null(strstr(text, "<html lang=\"zh-Hans\" data-theme=\"dark\">"));
    assert_non_null(strstr(text, "<title>标题 · Respite</title>"));
    assert_non_null(strstr(text, "<form method=\"post\" action=\"/settings/lang\">"));
    assert_null(strstr(text, "href=\"/settings/lang"));
    assert_non_null(strstr(text, "需要帮助"));
    assert_non_null(strstr(text, "只在这台电脑上。"));
    assert_non_null(strstr(text, ">本周<"));
    assert_null(strstr(text, "Help now"));
    page_free(&p);
}

void test_frame__titles_are_escaped(void **state)
{
    (void)state;
    struct page p = page_new();
    const char *text = draw(&p, "</title><script>", NULL);
    assert_null(strstr(text, "<script>"));
    page_free(&p);
}

void test_frame__an_error_is_a_page_with_a_way_back(void **state)
{
    (void)state;
    struct page p = page_new();
    struct err err = {E_FULL, "The disk is full <here>; nothing was changed."};
    draw(&p, "half a page", NULL);
    reply_error(&p.app, &p.request, &p.reply, 507, &err);
    const char *text = buf_text(&p.reply.body);
    assert_int_equal(p.reply.status, 507);
    assert_null(strstr(text, "half a page"));
    assert_non_null(strstr(text, "The disk is full &lt;here&gt;; nothing was changed."));
    assert_non_null(strstr(text, "href=\"/\""));
    page_free(&p);
}

void test_frame__replies_lead_to_our_own_pages_alone(void **state)
{
    (void)state;
    static const char *const tries[][2] = {{"/rest", "/rest"},
                                           {"//evil.example/", "/"},
                                           {"https://evil.example", "/"},
                                           {"/\\evil", "/"},
                                           {"", "/"}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct page p = page_new();
        reply_to(&p.reply, &p.request, tries[i][0]);
        assert_int_equal(p.reply.status, 303);
        assert_string_equal(header(&p, "Location"), tries[i][1]);
        page_free(&p);
    }
}

void test_frame__no_memory_is_told_at_the_end(void **state)
{
    (void)state;
    bool ok = false;
    for (size_t n = 1; n < 200 && !ok; n++) {
        struct page p = page_new();
        p.app.keys = p.app.example = true;
        mem_fail_at(n, true);
        draw(&p, "t", NULL);
        mem_fail_at(0, false);
        struct err err = {0};
        ok = buf_ok(&p.reply.body, &err);
        page_free(&p);
    }
    assert_true(ok);
}

void test_frame__a_trial_lab_says_so_on_every_page_and_no_other(void **state)
{
    (void)state;
    struct page p = page_new(), q = page_new();
    assert_null(strstr(draw(&p, "t", NULL), "Trial lab"));
    q.app.trial = true;
    const char *text = draw(&q, "t", NULL);
    const char *bar = strstr(text, "Trial lab. Nothing here is protected as in a real one.");
    assert_true(bar && bar < strstr(text, "<main"));
    assert_non_null(
        strstr(text, "<aside class=\"bar\">")); /* in a landmark, where a screen reader finds it */
    page_free(&p), page_free(&q);
}

static const struct route sees_routes[] = {
    {.method = "GET", .path = "/sees", .roles = NODE, .who = LOCAL, .serve = serve},
    {0},
};
static const struct room sees_room = {.name = "sees", .routes = sees_routes};
static const struct room *const sees_rooms[] = {&room, &sees_room, NULL};

void test_frame__the_foot_leads_to_what_the_lab_can_see_where_there_is_such_a_page(void **state)
{
    (void)state;
    struct page p = page_new(), q = page_new();
    assert_null(strstr(draw(&p, "t", NULL), "/sees"));
    q.app.rooms = sees_rooms;
    const char *text = draw(&q, "t", NULL), *foot = strstr(text, "<footer>");
    assert_non_null(strstr(foot, "<a href=\"/sees\">What the lab can see</a>"));
    page_free(&p), page_free(&q);
}
