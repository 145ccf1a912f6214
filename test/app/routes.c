/* All tables of all rooms walked: what DESIGN section 3 and LAYOUT promise of them. */
#include "test/test.h"

#include "anon/act.h"
#include "app/rooms.h"
#include "base/map.h"

#include "base/banned.h"

static bool node_alone(const struct room *room)
{
    return strcmp(room->name, "rest") == 0 || strcmp(room->name, "papers") == 0 ||
           strcmp(room->name, "near") == 0;
}

/* True the first time `text` is seen. */
static bool first_time(struct map *seen, const char *text)
{
    int64_t *n = map_at(seen, span_of(text));
    assert_non_null(n);
    return ++*n == 1;
}

#define EACH_ROOM(room) for (const struct room *const *at = rooms, *room; (room = *at); at++)

/* Rows of `list` up to its zeroed end, none when the room has no list. */
#define EACH(type, row, list, end) for (const struct type *row = (list); row && row->end; row++)

static void assert_words(struct words w)
{
    assert_non_null(w.key);
    assert_non_null(w.english);
    assert_true(strlen(w.english) > 0);
    const char *cut = strchr(w.key, '\004'); /* context, EOT, English: what gettext looks for */
    assert_non_null(cut);
    assert_string_equal(cut + 1, w.english);
}

void test_routes__rooms_have_names_of_their_own(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map seen;
    map_init(&seen, arena, 1000);
    size_t n = 0;
    EACH_ROOM(room)
    {
        assert_true(first_time(&seen, room->name));
        n++;
    }
    assert_true(n >= 4);
}

void test_routes__each_has_exactly_one_who_and_somebody_to_serve(void **state)
{
    (void)state;
    size_t n = 0;
    EACH_ROOM(room)
    EACH(route, r, room->routes, path)
    {
        n++;
        assert_true(r->who >= LOCAL && r->who <= ANONYMOUS);
        assert_non_null(r->serve);
        bool plain = strcmp(r->method, "GET") == 0 || strcmp(r->method, "POST") == 0;
        bool more = strcmp(r->method, "PATCH") == 0 || strcmp(r->method, "DELETE") == 0;
        assert_true(plain || (more && !(r->roles & NODE)));
        assert_true(r->path[0] == '/');
        assert_true(r->roles != 0 && (r->roles & ~(unsigned)(NODE | LAB)) == 0);
        const char *star = strchr(r->path, '*');
        assert_true(!star || star[1] == '\0');
    }
    assert_true(n >= 20);
}

void test_routes__requests_of_two_kinds_never_meet(void **state)
{
    (void)state;
    EACH_ROOM(room)
    EACH(route, r, room->routes, path)
    {
        if (r->who == ANONYMOUS)
            assert_false(r->roles & ISSUER);
        if (r->who == IDENTIFIED)
            assert_false(r->roles & BOARD);
        if (r->who == LOCAL)
            assert_int_equal(r->roles, NODE);
        if (r->roles & NODE)
            assert_int_equal(r->who, LOCAL);
    }
}

void test_routes__none_stands_twice(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map seen;
    map_init(&seen, arena, 10000);
    EACH_ROOM(room)
    EACH(route, r, room->routes, path)
    for (unsigned role = NODE; role <= BOARD; role <<= 1) {
        struct buf AUTO_BUF text;
        buf_init(&text, 4096);
        buf_printf(&text, "%u %s %s", role, r->method, r->path);
        if (r->roles & role)
            assert_true(first_time(&seen, arena_text(arena, buf_span(&text))));
    }
}

void test_routes__what_belongs_to_the_node_has_no_row_elsewhere(void **state)
{
    (void)state;
    size_t rows = 0;
    EACH_ROOM(room)
    {
        if (!node_alone(room))
            continue;
        EACH(route, r, room->routes, path)
        {
            assert_int_equal(r->roles, NODE);
            rows++;
        }
        EACH(command, c, room->commands, run)
        {
            assert_int_equal(c->roles, NODE);
            rows++;
        }
        EACH(job, j, room->jobs, run)
        {
            assert_int_equal(j->roles, NODE);
            rows++;
        }
        EACH(migration, m, room->migrations, number)
        {
            assert_int_equal(m->roles, NODE);
            rows++;
        }
    }
    assert_true(rows > 8);
}

void test_routes__rest_asks_nobody_outside(void **state)
{
    (void)state;
    EACH_ROOM(room)
    if (strcmp(room->name, "rest") == 0)
        EACH(job, j, room->jobs, run)
    assert_false(j->asks);
}

void test_routes__pages_of_the_navigation_have_a_place_and_a_key_each(void **state)
{
    (void)state;
    bool key[128] = {0};
    int orders[64];
    size_t n = 0;
    key['h'] = true; /* Help now */
    EACH_ROOM(room)
    EACH(route, r, room->routes, path)
    {
        assert_true(r->nav.key || !r->under);
        if (!r->nav.key)
            continue;
        if (r->under) { /* a second line has no keys and an order of its own */
            assert_words(r->nav);
            assert_string_equal(r->method, "GET");
            continue;
        }
        assert_words(r->nav);
        assert_string_equal(r->method, "GET");
        if (r->under)
            continue;
        unsigned char letter = r->path[1] ? (unsigned char)r->path[1] : 'w';
        assert_true(letter < 128 && !key[letter]);
        key[letter] = true;
        for (size_t i = 0; i < n; i++)
            assert_int_not_equal(orders[i], r->order);
        orders[n++] = r->order;
    }
    assert_true(n >= 2);
}

void test_routes__pages_under_an_entry_have_a_place_each(void **state)
{
    (void)state;
    const struct route *under[64];
    size_t n = 0;
    EACH_ROOM(room)
    EACH(route, r, room->routes, path)
    {
        bool other;
        if (!r->under)
            continue;
        struct app app = {.rooms = rooms, .role = NODE};
        const struct route *top = route_find(&app, SPAN("GET"), span_of(r->under), &other);
        assert_non_null(top);
        assert_true(top->nav.key && !top->under);
        for (size_t i = 0; i < n; i++)
            assert_true(strcmp(under[i]->under, r->under) != 0 || under[i]->order != r->order);
        under[n++] = r;
    }
    assert_true(n >= 1);
}

void test_routes__every_command_has_an_example_first_and_one_sentence(void **state)
{
    (void)state;
    size_t n = 0;
    EACH_ROOM(room)
    EACH(command, c, room->commands, run)
    {
        n++;
        assert_words(c->example);
        assert_words(c->help);
        assert_non_null(c->args);
        assert_non_null(strstr(c->example.english, "respite"));
        assert_non_null(strstr(c->example.english, c->name));
        assert_true(span_ends(span_of(c->help.english), SPAN(".")));
        assert_null(strchr(c->help.english, '!'));
        assert_true(c->roles != 0);
    }
    assert_true(n >= 10);
}

void test_routes__names_of_commands_are_unique_and_lead_to_one_command(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map seen;
    map_init(&seen, arena, 1000);
    EACH_ROOM(room)
    EACH(command, c, room->commands, run)
    {
        assert_true(first_time(&seen, c->name));
        assert_string_not_equal(c->name, "help");
        assert_null(strchr(c->name, '-'));
    }
}

static bool everywhere(const char *name)
{
    EACH(cli_option, o, cli_everywhere, name)
    if (strcmp(o->name, name) == 0)
        return true;
    return false;
}

void test_routes__options_have_help_and_no_name_twice(void **state)
{
    (void)state;
    EACH_ROOM(room)
    EACH(command, c, room->commands, run)
    {
        struct arena *AUTO_ARENA arena = arena_new();
        struct map seen;
        map_init(&seen, arena, 1000);
        EACH(cli_option, o, c->options, name)
        {
            assert_words(o->help);
            assert_true(first_time(&seen, o->name));
            assert_false(everywhere(o->name));
        }
    }
}

/* The program finds words before it knows the command: an option that takes a value takes one in every
 * command. */
void test_routes__an_option_takes_a_value_in_every_command_or_in_none(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map kind;
    map_init(&kind, arena, 1000);
    EACH_ROOM(room)
    EACH(command, c, room->commands, run)
    EACH(cli_option, o, c->options, name)
    {
        int64_t *k = map_at(&kind, span_of(o->name)), now = o->value ? 1 : 2;
        assert_true(*k == 0 || *k == now);
        *k = now;
    }
}

void test_routes__every_job_is_named_once_and_has_a_period(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    struct map seen;
    map_init(&seen, arena, 1000);
    EACH_ROOM(room)
    EACH(job, j, room->jobs, name)
    {
        assert_true(first_time(&seen, j->name));
        assert_non_null(j->run);
        assert_true(j->roles != 0);
        bool beat = strcmp(j->when, "beat") == 0;
        assert_int_equal(beat, !(j->roles & NODE));
        assert_true(beat || strcmp(j->when, "minute") == 0 || strcmp(j->when, "hour") == 0 ||
                    strcmp(j->when, "day") == 0 || strcmp(j->when, "week") == 0);
    }
}

void test_routes__migrations_are_numbered_from_one(void **state)
{
    (void)state;
    EACH_ROOM(room)
    {
        int want = 1;
        EACH(migration, m, room->migrations, number)
        {
            assert_int_equal(m->number, want++);
            assert_non_null(m->sql);
            assert_true(m->roles != 0);
        }
    }
}

void test_routes__rows_of_this_week_have_a_heading(void **state)
{
    (void)state;
    size_t n = 0;
    EACH_ROOM(room)
    EACH(week_row, w, room->week, fill)
    {
        assert_words(w->heading);
        assert_true(w->order > 0);
        n++;
    }
    assert_true(n > 0);
}

/* What must not exist (REST 8): nothing of one's hours is shared, sent, uploaded, scored. */
void test_routes__nothing_shares_sends_or_scores(void **state)
{
    (void)state;
    static const char *const never[] = {"share",       "upload", "publish", "streak", "goal", "badge",
                                        "leaderboard", "score",  "rank",    "report", "send"};
    EACH_ROOM(room)
    {
        if (!node_alone(room))
            continue;
        for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
            EACH(route, r, room->routes, path)
            assert_null(strstr(r->path, never[i]));
            EACH(command, c, room->commands, run)
            assert_null(strstr(c->name, never[i]));
        }
    }
}

/* The kinds of act that rooms take, against those of PROTOCOL section 4: a kind that is not here yet has no
 * row, and every row is one of the table. */
void test_routes__act_table(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *series;
        bool survey, leaf_only, now;
    } table[] = {
        {"thread", "board", false, false, true},       {"reply", "board", false, false, true},
        {"metoo", "board", false, true, true},         {"flag", "board", false, true, true},
        {"appeal", "board", false, false, true},       {"retract", "board", false, false, true},
        {"letter", "letters", false, false, true},     {"card", "board", false, false, true},
        {"slot", "board", false, true, true},          {"answer", "answers", true, true, false},
        {"circle", "board", false, false, true},       {"circle_ask", "board", false, false, true},
        {"circle_leave", "board", false, false, true}, {"circle_say", "board", false, false, true},
        {"circle_stay", "board", false, false, true},  {"prompt", "board", false, true, true},
        {"vote", "board", false, true, true},
    };
    struct err err = {0};
    size_t rows = 0, now = 0;
    assert_ok(acts_check(rooms, &err), &err);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct act *act = act_find(rooms, span_of(table[i].kind));
        now += table[i].now;
        assert_int_equal(act != NULL, table[i].now);
        if (!act)
            continue;
        assert_string_equal(act->series, table[i].series);
        assert_int_equal(act->survey, table[i].survey);
        assert_int_equal(act->leaf_only, table[i].leaf_only);
        assert_non_null(act->accept);
    }
    EACH_ROOM(room)
    {
        EACH(act, a, room->acts, kind)
        {
            rows++;
        }
    }
    assert_int_equal(rows, now);
}

void test_routes__a_kind_in_two_rows_is_refused(void **state)
{
    (void)state;
    static const struct act one[] = {{.kind = "thread", .series = "board"}, {0}};
    static const struct act again[] = {{.kind = "thread", .series = "board"}, {0}};
    static const struct act bare[] = {{.kind = "thread"}, {0}};
    static const struct room a = {.name = "a", .acts = one}, b = {.name = "b", .acts = again},
                             c = {.name = "c", .acts = bare};
    static const struct room *const twice[] = {&a, &b, NULL}, *const without[] = {&c, NULL};
    struct err err = {0};
    assert_false(acts_check(twice, &err));
    err_clear(&err);
    assert_false(acts_check(without, &err));
}
