/* Every route with each of its requests for memory failing in turn, once and for good: no crash, no leak
 * (AddressSanitizer looks), and what is answered is whole, or one plain sentence, or nothing at all, which
 * io/httpd.c answers with a sentence of its own. Never a page with a hole in it. */
#include "test/test.h"

#include "arena/kept.h"
#include "io/clock.h"
#include "io/sched.h"
#include "papers/due.h"
#include "papers/index_build.h"
#include "papers/paper.h"
#include "rest/feed.h"
#include "rest/look.h"
#include "test/app/hall.h"

#include "base/banned.h"

/* One good request for each route. Fields of a form: POST. */
struct ask {
    const char *route, *path, *fields, *query[5]; /* query: name, value, name, value */
    bool example;                                 /* asked while example data is looked at */
    bool away;                                    /* leads elsewhere while there is no lab */
    bool stays;                                   /* a form that answers with a page */
};
static const struct ask asks[] = {
    {.route = "/"},
    {.route = "/arena/battle"},
    {.route = "/arena/battle", .fields = "do=drop"},
    {.route = "/arena/lab"},
    {.route = "/arena/lab", .fields = "", .stays = true},
    {.route = "/arena"},
    {.route = "/arena/board", .query = {"name", "ours"}},
    {.route = "/arena/changes", .query = {"name", "ours"}},
    {.route = "/arena/export", .query = {"name", "ours", "as", "svg"}},
    {.route = "/arena/screen", .query = {"name", "ours"}},
    {.route = "/assets/*", .path = "/assets/theme.css"},
    {.route = "/board/appeal", .away = true},
    {.route = "/board/appeal", .fields = "post=00112233445566778899aabbccddeeff&text=x"},
    {.route = "/board/decide", .away = true},
    {.route = "/board/decide", .fields = "post=00112233445566778899aabbccddeeff&do=hide&reason=x"},
    {.route = "/board/flag", .away = true},
    {.route = "/board/flag", .fields = "post=00112233445566778899aabbccddeeff&reason=name&text=x"},
    {.route = "/board/moderation", .away = true},
    {.route = "/board/moderation", .fields = ""},
    {.route = "/counsellors", .away = true},
    {.route = "/counsellors/*", .path = "/counsellors/00112233445566778899aabbccddeeff.ics", .away = true},
    {.route = "/counsellors/back", .fields = "slot=00112233445566778899aabbccddeeff"},
    {.route = "/counsellors/look", .fields = ""},
    {.route = "/counsellors/take", .query = {"slot", "00112233445566778899aabbccddeeff"}, .away = true},
    {.route = "/counsellors/take", .fields = "slot=00112233445566778899aabbccddeeff&words=x"},
    {.route = "/feed/*", .path = "/feed/00112233445566778899aabbccddeeff.ics"},
    {.route = "/folders/add", .fields = "path=~/src"},
    {.route = "/example/start", .fields = ""},
    {.route = "/example/clear", .fields = "", .example = true},
    {.route = "/help"},
    {.route = "/help/own", .fields = "name=Lin&number=4411"},
    {.route = "/help/region", .fields = "region=DE"},
    {.route = "/rest"},
    {.route = "/rest/hours"},
    {.route = "/rest/looks", .fields = "looks=right"},
    {.route = "/rest/agents", .fields = "agents=yes"},
    {.route = "/rest/setup"},
    {.route = "/rest/setup",
     .fields =
         "mine=wei%40example.org&mine=w%40lab.example&other=&day=1&day=2&from=09%3A00&to=18%3A00&repo=1"},
    {.route = "/rest/quiet", .fields = "from=2026-12-21&to=2026-12-27"},
    {.route = "/rest/quiet/end", .fields = "id=1"},
    {.route = "/settings"},
    {.route = "/settings/lang", .fields = "to=zh&back=%2Frest"},
    {.route = "/settings/theme", .fields = "to=dark&back=%2Frest"},
    {.route = "/settings/feed", .fields = "do=on"},
    {.route = "/settings/keys", .fields = "to=off&back=%2Frest"},
    {.route = "/settings/drawn", .fields = "on=1"},
    {.route = "/settings/via", .fields = "on=1&via=socks5h%3A%2F%2F127.0.0.1%3A9050"},
    {.route = "/settings/papers", .fields = "do=keep&categories=cs.LG+stat.ML"},
    {.route = "/settings/witness", .fields = "do=remove&name=x"},
    {.route = "/export"},
    {.route = "/board"},
    {.route = "/board/*", .path = "/board/00112233445566778899aabbccddeeff", .away = true},
    {.route = "/board/back", .away = true},
    {.route = "/board/back", .fields = "post=00112233445566778899aabbccddeeff"},
    {.route = "/board/link", .query = {"to", "https://x.example"}},
    {.route = "/board/look", .fields = "", .stays = true},
    {.route = "/board/metoo", .fields = "post=00112233445566778899aabbccddeeff"},
    {.route = "/board/mine"},
    {.route = "/board/mine", .fields = "cancel=1", .stays = true},
    {.route = "/circles", .away = true},
    {.route = "/circles/*", .path = "/circles/00112233445566778899aabbccddeeff", .away = true},
    {.route = "/circles/*", .path = "/circles/00112233445566778899aabbccddeeff", .fields = "do=write&text=x"},
    {.route = "/circles/look", .fields = ""},
    {.route = "/circles/open", .away = true},
    {.route = "/circles/open", .fields = "theme=x&line=y"},
    {.route = "/letters", .away = true},
    {.route = "/letters/*", .path = "/letters/1", .away = true},
    {.route = "/letters/*", .path = "/letters/1", .fields = "do=send&text=x"},
    {.route = "/letters/look", .fields = ""},
    {.route = "/letters/write", .away = true},
    {.route = "/letters/write", .fields = "to=x&text=x"},
    {.route = "/listen", .away = true},
    {.route = "/listen", .fields = "do=pause"},
    {.route = "/deadlines"},
    {.route = "/deadlines", .fields = "do=pin&venue=NeurIPS&year=2027&entry=neurips27"},
    {.route = "/digest"},
    {.route = "/digest", .query = {"week", "2026-W46"}},
    {.route = "/digest", .fields = "cap=5&day=0&feed=on"},
    {.route = "/profile"},
    {.route = "/profile", .fields = "do=author&value=Emmy+Noether"},
    {.route = "/paper/keep", .fields = "paper=1&do=keep&back=%2Fsearch"},
    {.route = "/paper/*", .path = "/paper/1"},
    {.route = "/search", .query = {"q", "attention"}},
    {.route = "/moved", .away = true},
    {.route = "/near"},
    {.route = "/near", .fields = "do=pin&path=%2Fnowhere%2Fdraft.txt"},
    {.route = "/near/compare", .query = {"draft", "1", "paper", "1"}},
    {.route = "/near/sort", .fields = "draft=1&paper=1&kind=2"},
    {.route = "/write", .away = true},
    {.route = "/write", .fields = "text=Hello&do=post"},
    {.route = "/lab"},
    {.route = "/lab/look", .fields = "url=x", .example = true},
    {.route = "/lab/join", .away = true},
    {.route = "/lab/join", .fields = "do=later"},
    {.route = "/lab/seen", .fields = ""},
    {.route = "/lab/again", .fields = ""},
    {.route = "/lab/leave", .away = true},
    {.route = "/lab/leave", .fields = ""},
    {.route = "/sees"},
    {.route = "/sent"},
    {.route = "/sent/remove", .fields = ""},
    {.route = "/moved", .away = true},
    {.route = "/terms"},
    {.route = "/terms", .fields = "field=cs.LG"},
    {.route = "/terms/term", .query = {"field", "icml", "term", "sink tokens"}},
    {.route = "/authors"},
    {.route = "/authors", .fields = "field=everything&me=Emmy+Noether", .stays = true},
    {.route = "/forget", .fields = "word=delete", .stays = true},
};
enum { ASKS = sizeof asks / sizeof *asks };
#define NO_MEMORY "The machine has no memory left for this."

struct stage {
    struct hall hall;
    const struct ask *ask;
    struct span body;
    size_t nth, asked;
    bool for_good;
    struct arena *arena; /* of the request */
    struct reply reply;
};

static const char *path_of(const struct ask *ask)
{
    return ask->path ? ask->path : ask->route;
}

/* A board of two days, and a screen of its votes. */
static void board_make(struct hall *h)
{
    struct err err = {0};
    for (day_t day = 20000; day < 20002; day++) {
        struct votes AUTO_VOTES v = {0};
        struct ranking r;
        struct rank_ask ask = {.seed = 1, .draws = 100};
        assert_ok(votes_begin(&v, h->arena, &(struct votes_ask){0}, &err), &err);
        for (uint64_t i = 0; i < 60; i++) {
            struct vote vote = {.a = span_of((const char *const[]){"a", "b", "c"}[i % 3]),
                                .b = span_of((const char *const[]){"b", "c", "a"}[i % 3]),
                                .outcome = (enum vote_outcome)(i % 4),
                                .many = day - 19999};
            assert_ok(votes_add(&v, &vote, i, &err), &err);
        }
        assert_ok(rank_make(h->arena, &v, &ask, &r, &err) &&
                      kept_save(h->app.db, h->arena, "ours", day, &v, &r, &err),
                  &err);
    }
    assert_ok(db_run(h->app.db, &err, "insert into arena_screen(name, day, made) values ($1, $2, $3)",
                     V_STR("ours"), V_INT(20001),
                     V_STR("{\"unit\":\"voter\",\"tested\":3,\"flagged\":1,\"false_discovery_rate\":0.05,"
                           "\"suspects\":[{\"voter\":\"v\",\"flagged\":true,\"alternative\":\"for\","
                           "\"model\":\"a\",\"votes\":9,\"log10_e\":4.0}],\"board\":[{\"name\":\"a\","
                           "\"rating\":1000.0,\"rating_without\":990.0}]}")),
              &err);
}

/* Verdicts that were worked out before. */
static void verdicts_make_up(struct stage *s)
{
    struct err err = {0};
    assert_ok(db_run(s->hall.app.db, &err,
                     "insert into paper_verdict(field, origin, made, json) values('icml', 2020, 20000, "
                     "'{\"field\":\"icml\",\"origin\":2020,\"complete\":true,\"candidates\":1,"
                     "\"years\":[[2019,90],[2020,100]],\"fit\":{\"cases\":120,\"lasting\":90},"
                     "\"terms\":[{\"term\":\"sink tokens\",\"papers\":9,\"verdict\":\"lasting\","
                     "\"p_lasting\":0.8,\"low\":0.7,\"high\":0.9,\"like\":{\"n\":20,\"lasting\":16},"
                     "\"also\":[\"sink-tokens\"],\"years\":[[2019,1],[2020,8]]}]}')"),
              &err);
}

/* A paper, so that pages have one. */
static void paper_make(struct db *db)
{
    struct err err = {0};
    struct papers_kept kept = {0};
    struct paper_id id = {SPAN("arxiv"), SPAN("2611.00001")};
    struct paper_record record = {.paper = {.title = SPAN("Attention sinks, ten labs compared"),
                                            .abstract = SPAN("The sink carries no content."),
                                            .authors = SPAN("Emmy Noether"),
                                            .categories = SPAN("cs.LG"),
                                            .day = 20770,
                                            .announced = PAPER_NO_DAY,
                                            .ids = &id,
                                            .ids_n = 1},
                                  .source = SOURCE_CORPUS,
                                  .stamp = PAPER_NO_DAY,
                                  .says_withdrawn = -1};
    struct index_build *build = index_build_new(&err);
    assert_ok(build && papers_keep(db, build, &record, 1, NULL, NULL, &kept, &err), &err);
    index_build_free(build);
}

/* A pinned draft that shares words with it. */
static void draft_make(struct stage *s)
{
    struct err err = {0};
    const char *path = file_join(s->hall.arena, s->hall.top, "draft.txt");
    assert_ok(path &&
                  file_write(path, SPAN("Attention sinks in small models\nA sink carries content."), &err),
              &err);
    assert_ok(db_run(s->hall.app.db, &err, "insert into near_pin(id, path) values(1, $1)", V_STR(path)),
              &err);
}

/* A deadline of a venue that was chosen. */
static void deadline_make(struct db *db)
{
    struct err err = {0};
    struct deadline d = {.title = SPAN("NeurIPS"),
                         .id = SPAN("neurips27"),
                         .place = SPAN("Sydney"),
                         .kind = SPAN("paper"),
                         .year = 2027,
                         .wall = (int64_t)20950 * 86400,
                         .zone = SPAN("Pacific/Honolulu"),
                         .start = 21150,
                         .end = 21156};
    assert_ok(due_keep(db, &d, &err) && db_run(db, &err, "insert into paper_venue(venue) values ('NeurIPS')"),
              &err);
}

/* A small repository that was chosen and read, and a quiet week to come. */
static void stage_make(struct stage *s)
{
    static const char *here[2];
    struct err err = {0};
    struct look l;
    struct buf AUTO_BUF script;
    int64_t id;
    *s = (struct stage){0};
    hall_make(&s->hall, rooms);
    hall_db(&s->hall, s->hall.paths.db);
    db_close(s->hall.app.db);
    hall_db(&s->hall, ":memory:");
    buf_init(&script, 4096);
    buf_printf(
        &script,
        "set -e; cd '%s'; git init -q -b main src; cd src; git config user.email wei@example.org\n"
        "git config user.name Wei; for t in 1794500000 1794595000 1794600000; do\n"
        "GIT_AUTHOR_DATE=\"$t +0100\" GIT_COMMITTER_DATE=\"$t +0100\" git commit -q --allow-empty -m x; done",
        s->hall.top);
    assert_int_equal(system(buf_text(&script)), 0);
    here[0] = file_join(s->hall.arena, s->hall.top, "src");
    s->hall.app.here = here;
    assert_ok(look(&s->hall.app, here, true, 0, LOOK_KEEP, false, &l, &err) &&
                  repo_choose(s->hall.app.db, l.repos.at[0].row.id, true, &err) &&
                  setting_put(s->hall.app.db, "rest.started", "1", &err) &&
                  sched_hush(s->hall.app.db, 20900, 20906, &id, &err),
              &err);
    board_make(&s->hall);
    paper_make(s->hall.app.db);
    draft_make(s);
    deadline_make(s->hall.app.db);
    assert_ok(feed_put(s->hall.app.db, "00112233445566778899aabbccddeeff", "0011223344556677", &err) &&
                  feed_made(s->hall.app.db, SPAN("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), NOW, &err),
              &err);
    verdicts_make_up(s);
}

/* In a transaction that is undone, so that each request finds what the first one found. */
static bool ask_once(struct db *db, void *arg, struct err *err)
{
    struct stage *s = arg;
    struct app app = s->hall.app;
    bool other;
    (void)db;
    const char *method = s->ask->fields ? "POST" : "GET";
    struct request request = {
        .arena = s->arena, .method = span_of(method), .path = span_of(path_of(s->ask)), .body = s->body};
    struct pair query[2];
    for (request.query.n = 0; s->ask->query[2 * request.query.n]; request.query.n++)
        query[request.query.n] = (struct pair){span_of(s->ask->query[2 * request.query.n]),
                                               span_of(s->ask->query[2 * request.query.n + 1])};
    request.query.at = query;
    app.arena = s->arena;
    app.example = s->ask->example;
    const struct route *route = route_find(&app, request.method, request.path, &other);
    assert_non_null(route);
    mem_fail_at(s->nth, s->for_good);
    route->serve(&app, &request, &s->reply);
    s->asked = mem_asked();
    mem_fail_at(0, false);
    return fail(err, E_STOPPED, "Undone.");
}

static void ask(struct stage *s, size_t nth, bool for_good)
{
    struct err err = {0};
    const char *data = s->hall.paths.data; /* one request removes it */
    assert_ok(file_make_dir(data, true, &err) &&
                  (strcmp(s->ask->route, "/forget") != 0 ||
                   file_write(file_join(s->hall.arena, data, "lock"), SPAN(""), &err)),
              &err);
    words_set(LANG_EN);
    s->nth = nth;
    s->for_good = for_good;
    s->arena = arena_new();
    s->reply = (struct reply){.status = 200};
    buf_init(&s->reply.body, 4 << 20);
    assert_false(db_write(s->hall.app.db, ask_once, s, &err));
    assert_int_equal(err.code, E_STOPPED);
}

static void done(struct stage *s)
{
    buf_clear(&s->reply.body);
    arena_free(s->arena);
}

/* NULL when the answer may be given, else what is wrong with it. */
static const char *fault(const struct reply *reply, const struct reply *good, struct span good_body)
{
    struct span body = buf_span(&reply->body);
    if (reply->body.failed)
        return NULL; /* 500 and a sentence, by io/httpd.c */
    if (reply->status == 303 && good->status == 303)
        return body.n == 0 && hall_location(reply).n ? NULL : "a way back that leads nowhere";
    if (reply->status == good->status && span_find(body, SPAN(NO_MEMORY)) > 0)
        return span_ends(body, SPAN("</html>\n")) ? NULL
                                                  : "a page that does not end"; /* Help now is always there */
    if (reply->status == good->status)
        return reply->headers.n == good->headers.n && span_eq(body, good_body) ? NULL : "half a page";
    if (reply->status < 500)
        return "no memory, and another status than 500";
    if (!span_ends(body, SPAN("</html>\n")))
        return "an error page that does not end";
    return span_find(body, SPAN("role=\"alert\">" NO_MEMORY "</p>")) > 0
               ? NULL
               : "an error page of another sentence";
}

/* Each of the first, then wider and wider steps: a long page asks in the end for the same as in the middle.
 */
static size_t after(size_t nth)
{
    return nth < 200 ? nth + 1 : nth + nth / 16;
}

static size_t torture(struct stage *s, const struct ask *a)
{
    size_t faults = 0;
    s->ask = a;
    s->body = a->fields ? hall_form(&s->hall, path_of(a), a->fields) : (struct span){NULL, 0};
    ask(s, 0, false);
    bool leads = a->away || (a->fields && !a->stays);
    if (s->reply.status != (leads ? 303 : 200))
        print_error("%s: status %d\n", path_of(a), s->reply.status);
    assert_int_equal(s->reply.status, leads ? 303 : 200);
    assert_false(s->reply.body.failed);
    struct stage good = *s;
    struct span good_body = buf_span(&good.reply.body);
    for (int for_good = 0; for_good < 2; for_good++)
        for (size_t nth = 1;; nth = after(nth)) {
            ask(s, nth, for_good);
            const char *why = fault(&s->reply, &good.reply, good_body);
            size_t asked = s->asked;
            if (why && faults++ < 3)
                print_error("%s: %s, when request %zu%s fails (status %d)\n", path_of(a), why, nth,
                            for_good ? " and all after it" : "", s->reply.status);
            done(s);
            if (asked < nth) {
                assert_null(why);
                break;
            }
        }
    done(&good);
    return faults;
}

static size_t torture_all(bool fields)
{
    size_t faults = 0;
    struct stage s;
    stage_make(&s);
    for (size_t i = 0; i < ASKS; i++)
        if (!asks[i].fields == !fields)
            faults += torture(&s, &asks[i]);
    hall_clear(&s.hall);
    return faults;
}

void test_torture__every_route_is_asked(void **state)
{
    (void)state;
    for (const struct room *const *room = rooms; *room; room++)
        for (const struct route *r = (*room)->routes; r && r->path; r++) {
            bool asked = !(r->roles & NODE);
            for (size_t i = 0; i < ASKS; i++)
                asked = asked || (strcmp(asks[i].route, r->path) == 0 &&
                                  (asks[i].fields != NULL) == (strcmp(r->method, "POST") == 0));
            if (!asked)
                print_error("no request for %s %s\n", r->method, r->path);
            assert_true(asked);
        }
}

void test_torture__a_page_without_memory_is_whole_or_one_sentence(void **state)
{
    (void)state;
    assert_int_equal(torture_all(false), 0);
}

void test_torture__a_form_without_memory_is_done_or_one_sentence(void **state)
{
    (void)state;
    assert_int_equal(torture_all(true), 0);
}
