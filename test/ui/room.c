/* Tables of rooms: which route serves, what a line of This week keeps. */
#include "test/test.h"

#include "ui/room.h"

#include "base/banned.h"

static void serve(struct app *app, const struct request *request, struct reply *reply)
{
    (void)app, (void)request, (void)reply;
}

static const struct route routes[] = {
    {.method = "GET", .path = "/", .roles = NODE, .who = LOCAL, .serve = serve},
    {.method = "GET", .path = "/rest", .roles = NODE, .who = LOCAL, .serve = serve},
    {.method = "GET", .path = "/assets/deep/*", .roles = NODE, .who = PUBLIC, .serve = serve},
    {.method = "GET", .path = "/assets/*", .roles = NODE | LAB, .who = PUBLIC, .serve = serve},
    {.method = "POST", .path = "/rest", .roles = NODE, .who = LOCAL, .serve = serve},
    {.method = "POST", .path = "/only", .roles = NODE, .who = LOCAL, .serve = serve},
    {.method = "GET", .path = "/lab", .roles = LAB, .who = PUBLIC, .serve = serve},
    {0},
};
static const struct room room = {.name = "test", .routes = routes}, bare = {.name = "bare"};
static const struct room *const rooms[] = {&bare, &room, NULL};

static const struct route *found(const char *method, const char *path, bool *other)
{
    struct app app = {.rooms = rooms, .role = NODE};
    return route_find(&app, span_of(method), span_of(path), other);
}

void test_room__the_exact_route_comes_first_then_the_longest(void **state)
{
    (void)state;
    bool other;
    assert_ptr_equal(found("GET", "/", &other), &routes[0]);
    assert_ptr_equal(found("GET", "/rest", &other), &routes[1]);
    assert_ptr_equal(found("POST", "/rest", &other), &routes[4]);
    assert_ptr_equal(found("GET", "/assets/theme.css", &other), &routes[3]);
    assert_ptr_equal(found("GET", "/assets/deep/x", &other), &routes[2]);
}

void test_room__what_is_not_there_and_what_has_another_method_differ(void **state)
{
    (void)state;
    bool other;
    assert_null(found("GET", "/only", &other));
    assert_true(other);
    assert_null(found("GET", "/restx", &other));
    assert_false(other);
    assert_null(found("GET", "/lab", &other)); /* another role's */
    assert_false(other);
    assert_null(found("GET", "", &other));
    assert_false(other);
}

void test_room__a_line_of_the_week_is_copied(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct app app = {.arena = arena};
    struct week_part part = {0};
    struct week week = {.part = &part};
    char text[] = "Two papers touch your draft.";
    assert_true(week_line(&app, &week, "Near you", text, "/moved"));
    assert_true(week_line(&app, &week, NULL, "x", NULL));
    text[0] = '?';
    assert_int_equal(part.n, 2);
    assert_string_equal(part.at[0].text, "Two papers touch your draft.");
    assert_string_equal(part.at[0].path, "/moved");
    assert_null(part.at[1].lead);
    arena_free(arena);
}

void test_room__no_memory_for_a_line_is_told(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct app app = {.arena = arena};
    struct week_part part = {0};
    struct week week = {.part = &part};
    bool ok = true;
    mem_fail_at(1, true);
    for (int i = 0; i < 10000 && ok; i++)
        ok = week_line(&app, &week, "lead", "text", "/path");
    mem_fail_at(0, false);
    assert_false(ok);
    for (size_t i = 0; i < part.n; i++)
        assert_string_equal(part.at[i].text, "text");
    arena_free(arena);
}

void test_room__a_wrong_word_ends_with_two_and_the_rest_with_one(void **state)
{
    (void)state;
    struct err usage = {E_USAGE, "There is no such option (a test says this)."},
               other = {E_FORMAT, "This is no file of ours (a test says this)."};
    assert_int_equal(cmd_failed(&usage), 2);
    assert_int_equal(cmd_failed(&other), 1);
}
