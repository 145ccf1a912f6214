/* Fetching, step by step. */
#include "papers/fetch_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "codec/feed.h"
#include "io/clock.h"
#include "io/xml.h"
#include "papers/chosen.h"
#include "papers/fetch.h"
#include "papers/fetch_state.h"
#include "papers/index_build.h"
#include "papers/record.h"
#include "ui/lang.h"

#include "base/banned.h"

enum {
    RSS_MOST = 2000 /* items that the feed holds at most */,
    PAGES_MOST = 400,
    PAGES_SAID = 5,
    RESTARTS = 3,
    URL_MOST = 500
};

struct records {
    struct paper_record *at;
    size_t n, room;
};
struct fetching {
    struct app *app;
    const struct fetch_ask *ask;
    struct fetch_sums *sums;
    struct fetch_door door;
    struct index_build *b;
    struct fetch_categories all;
    char rss[120], oai[120];
};
/* One answer, read. */
struct answer {
    struct fetching *f;
    struct arena *arena;
    struct records records;
    size_t entries;
    day_t built;
    bool by_oai;
    const char *token, *problem;
    /* what the cursor writes */
    const char *url, *modified, *etag, *category;
};

static void say(struct fetching *f, const char *sentence)
{
    if (f->ask->say)
        f->ask->say(f->ask->arg, sentence);
}

static void say_wait(void *arg, bool asked, unsigned seconds)
{
    struct fetching *f = arg;
    char number[24];
    AUTO_BUF struct buf out;
    buf_init(&out, 400);
    snprintf(number, sizeof number, "%u", seconds);
    words_say(&out,
              asked ? trn("papers.fetch.waits", "arXiv asks to wait; next request in {n} second.",
                          "arXiv asks to wait; next request in {n} seconds.", seconds)
                    : trn("papers.fetch.silent", "arXiv gave no answer; next request in {n} second.",
                          "arXiv gave no answer; next request in {n} seconds.", seconds),
              {"n", number});
    say(f, buf_text(&out));
}

/* ---- reading an answer ---- */

/* A category that is not the first of a paper's own was chosen: for this reader it is a cross-listing. */
static void look_cross(struct fetching *f, struct paper_record *r)
{
    struct span rest = r->paper.categories, first;
    span_cut(&rest, ' ', &first);
    if (r->paper.kind != PAPER_NEW || first.n == 0)
        return;
    for (size_t i = 0; i < f->all.n; i++)
        if (span_is(first, f->all.at[i].name) ||
            (span_starts(first, span_of(f->all.at[i].name)) && first.p[strlen(f->all.at[i].name)] == '.'))
            return;
    r->paper.kind = PAPER_CROSS;
}

static day_t today(const struct fetching *f)
{
    return (day_t)(f->app->now / 86400);
}

static bool take_entry(struct answer *a, enum feed_form form, const struct feed_entry *entry, struct err *err)
{
    struct paper_record record;
    struct err why = {0};
    a->entries++;
    if (!record_of_feed(a->arena, form, entry, &record, &why) || !paper_check(&record, &why))
        return why.code == E_MEMORY ? fail_memory(err) : true; /* one odd record costs nobody the others */
    if (!record_no_future(a->arena, &record, today(a->f), err))
        return false;
    if (form == FEED_OAI)
        look_cross(a->f, &record);
    struct paper_record *r = VEC_PUSH(a->arena, &a->records);
    if (!r)
        return fail_memory(err);
    *r = record;
    if (form == FEED_RSS && a->built < record.paper.announced)
        a->built = record.paper.announced;
    return true;
}

static bool read_feed(struct answer *a, struct xml *xml, enum feed_form wanted, struct err *err)
{
    struct feed_entry *entry = ARENA_NEW(a->arena, struct feed_entry);
    AUTO_FEED struct feed feed;
    struct err why = {0};
    char day[16];
    if (!entry)
        return fail_memory(err);
    feed_begin(&feed, xml);
    while (feed_next(&feed, entry, &why))
        if (feed.form != wanted || !take_entry(a, feed.form, entry, &why))
            break;
    if (why.code == E_NONE && feed.form != wanted)
        return fail(err, E_FORMAT, "%s",
                    tr("err.papers.no_feed",
                       "The server's answer is no feed. Nothing of it was kept; the next "
                       "fetch asks again."));
    if (why.code)
        return fail(err, why.code,
                    tr("err.papers.answer", "The server's answer cannot be read: %s. Nothing of it was kept; "
                                            "the next fetch asks again."),
                    why.text);
    if (feed.built > today(a->f) + 2)
        return fail(err, E_FORMAT,
                    tr("err.papers.to_come", "The server's answer is of %s, a day to come: its clock or this "
                                             "computer's is wrong. Nothing of it was kept."),
                    day_text(feed.built, day));
    if (feed.built != FEED_NO_DAY)
        a->built = feed.built;
    a->token = arena_text(a->arena, buf_span(&feed.token));
    a->problem = arena_text(a->arena, buf_span(&feed.problem));
    return arena_ok(a->arena) || fail_memory(err);
}

static bool is_page(struct span body)
{
    struct span from = span_trim(body);
    return span_eq_nocase(span_first(from, 14), SPAN("<!doctype html")) ||
           span_eq_nocase(span_first(from, 5), SPAN("<html"));
}

/* What a network says that asks to log in, and a server that is not well. */
static bool look(struct span body, struct err *err)
{
    if (span_trim(body).n == 0)
        return fail(
            err, E_FORMAT, "%s",
            tr("err.papers.answer_empty", "The server's answer is empty. The next fetch asks again."));
    if (is_page(body))
        return fail(err, E_FORMAT, "%s",
                    tr("err.papers.page",
                       "The server's answer is a web page and no feed; a network that asks "
                       "to log in sends such pages. Nothing of it was kept."));
    return true;
}

static bool read_answer(struct answer *a, struct span body, enum feed_form wanted, struct err *err)
{
    struct xml_file *file;
    a->built = PAPER_NO_DAY;
    if (!look(body, err) || !xml_open_span(&file, body, err))
        return false;
    bool done = read_feed(a, xml_events(file), wanted, err);
    xml_close(file);
    return done;
}

/* ---- the day's feed ---- */

static bool rss_cursor(struct db *db, void *arg, struct err *err)
{
    struct answer *a = arg;
    return (a->built == PAPER_NO_DAY || fetch_served(db, a->built, a->entries >= RSS_MOST, err)) &&
           fetch_answered(db, a->url, a->modified, a->etag, err);
}

static bool rss_url(struct fetching *f, char *out, struct err *err)
{
    AUTO_BUF struct buf url;
    buf_init(&url, URL_MOST);
    buf_printf(&url, "%s/rss/", f->rss);
    for (size_t i = 0; i < f->all.n; i++)
        buf_printf(&url, "%s%s", i ? "+" : "", f->all.at[i].name);
    if (!buf_ok(&url, err))
        return false;
    snprintf(out, URL_MOST + 1, "%s", buf_text(&url));
    return true;
}

static bool keep_rss(struct fetching *f, const char *url, const struct fetch_answer *got, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct answer a = {.f = f, .arena = arena, .url = url, .modified = got->modified, .etag = got->etag};
    if (!arena)
        return fail_memory(err);
    if (!read_answer(&a, buf_span(&got->body), FEED_RSS, err) ||
        !papers_keep(f->app->db, f->b, a.records.at, a.records.n, rss_cursor, &a, &f->sums->kept, err))
        return false;
    f->sums->day = a.built;
    f->sums->empty = a.entries == 0;
    return true;
}

static bool fetch_rss(struct fetching *f, struct err *err)
{
    char url[URL_MOST + 1];
    struct fetch_state state;
    struct fetch_answer got;
    if (!rss_url(f, url, err) || !fetch_state(f->app->db, f->app->arena, &state, err))
        return false;
    bool same = strcmp(state.url, url) == 0;
    say(f, tr("papers.fetch.asks", "Asking arXiv for the day's announcements."));
    if (!fetch_get(&f->door, url, same ? state.modified : NULL, same ? state.etag : NULL, &got, err))
        return false;
    f->sums->unchanged = got.unchanged;
    bool done = got.unchanged || keep_rss(f, url, &got, err);
    buf_clear(&got.body);
    return done;
}

/* ---- what was missed ---- */

static bool oai_cursor(struct db *db, void *arg, struct err *err)
{
    struct answer *a = arg;
    return fetch_filled(db, a->category, a->token[0] ? a->token : NULL, err);
}

static void add_escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        char c = *text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (plain)
            buf_add_byte(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned)(uint8_t)c);
    }
}

/* With a token, nothing but verb and token. */
static bool oai_url(struct fetching *f, const struct fetch_category *c, const char *token, char *out,
                    struct err *err)
{
    AUTO_BUF struct buf url;
    char from[16], until[16];
    buf_init(&url, URL_MOST);
    buf_printf(&url, "%s/oai?verb=ListRecords", f->oai);
    if (*token) {
        buf_add_text(&url, "&resumptionToken=");
        add_escaped(&url, token);
    } else {
        buf_printf(&url, "&metadataPrefix=arXivRaw&from=%s&until=%s&set=", day_text(c->from, from),
                   day_text(today(f), until));
        chosen_oai_set(&url, span_of(c->name));
    }
    if (!buf_ok(&url, err))
        return false;
    snprintf(out, URL_MOST + 1, "%s", buf_text(&url));
    return true;
}

static bool said_problem(const struct answer *a, struct err *err)
{
    return fail(err, E_FORMAT,
                tr("err.papers.oai",
                   "arXiv's archive of announcements refuses the question (%.100s). What was "
                   "fetched before is kept."),
                a->problem);
}

/* One page. *token is where it goes on, "" at the end. */
static bool fill_page(struct fetching *f, struct arena *arena, const struct fetch_category *c,
                      const char **token, bool *expired, struct err *err)
{
    char url[URL_MOST + 1];
    struct fetch_answer got;
    struct answer a = {.f = f, .arena = arena, .by_oai = true, .category = c->name};
    *expired = false;
    if (!oai_url(f, c, *token, url, err) || !fetch_get(&f->door, url, NULL, NULL, &got, err))
        return false;
    bool done = read_answer(&a, buf_span(&got.body), FEED_OAI, err);
    buf_clear(&got.body);
    if (!done)
        return false;
    *expired = strcmp(a.problem, "badResumptionToken") == 0;
    if (*expired)
        a.token = "";
    else if (a.problem[0] && strcmp(a.problem, "noRecordsMatch") != 0)
        return said_problem(&a, err);
    if (a.token[0] && strcmp(a.token, *token) == 0)
        return fail(err, E_FORMAT, "%s",
                    tr("err.papers.again", "arXiv's archive of announcements gives the same page again and "
                                           "again. What was fetched is kept."));
    if (*expired) {
        if (!fetch_filled(f->app->db, c->name, "", err))
            return false;
    } else if (!papers_keep(f->app->db, f->b, a.records.at, a.records.n, oai_cursor, &a, &f->sums->kept,
                            err)) {
        return false;
    }
    f->sums->filled += (int64_t)a.records.n;
    *token = arena_text(f->app->arena, span_of(a.token));
    return *token || fail_memory(err);
}

/* A long gap takes minutes: how far it has come, now and then. */
static void say_page(struct fetching *f, const struct fetch_category *c, unsigned page)
{
    AUTO_BUF struct buf line;
    buf_init(&line, 400);
    if (page % PAGES_SAID != PAGES_SAID - 1)
        return;
    words_say(&line, tr("papers.fetch.so_far", "{category}: {n} announcements of those days so far."),
              {"category", c->name}, {"n", say_number(f->app->arena, f->sums->filled)});
    say(f, buf_text(&line));
}

static bool fill(struct fetching *f, const struct fetch_category *c, struct err *err)
{
    const char *token = c->token;
    unsigned restarts = 0;
    char from[16];
    AUTO_BUF struct buf line;
    buf_init(&line, 400);
    words_say(&line, tr("papers.fetch.fills", "{category}: asking for what was announced since {day}."),
              {"category", c->name}, {"day", day_text(c->from, from)});
    say(f, buf_text(&line));
    for (unsigned page = 0; page < PAGES_MOST; page++) {
        struct arena *AUTO_ARENA arena = arena_new();
        bool expired;
        if (!arena)
            return fail_memory(err);
        if (!fill_page(f, arena, c, &token, &expired, err))
            return false;
        if (expired && restarts++ >= RESTARTS)
            return fail(err, E_FORMAT, "%s",
                        tr("err.papers.token", "arXiv's archive of announcements loses its place again and "
                                               "again. What was fetched is kept."));
        if (!*token && !expired)
            return true;
        say_page(f, c, page);
    }
    return fail(err, E_LIMIT, "%s",
                tr("err.papers.pages",
                   "There are more announcements to fill in than one fetch takes. The next "
                   "fetch goes on."));
}

/* ---- all of it ---- */

static bool steps(struct fetching *f, struct err *err)
{
    struct db *db = f->app->db;
    if (!fetch_categories(db, f->app->arena, &f->all, err))
        return false;
    if (f->all.n == 0)
        return fail(err, E_USAGE, "%s",
                    tr("err.papers.none_chosen", "No category of arXiv is chosen. Name one: respite papers "
                                                 "fetch cs.LG."));
    if (!fetch_rss(f, err) || !fetch_categories(db, f->app->arena, &f->all, err))
        return false;
    for (size_t i = 0; i < f->all.n; i++)
        if (f->all.at[i].from != FETCH_NO_DAY && !fill(f, &f->all.at[i], err))
            return false;
    return true;
}

/* $RESPITE_ARXIV stands in for arXiv's two hosts (tests). */
static bool find_hosts(struct fetching *f, struct err *err)
{
    const char *instead = getenv("RESPITE_ARXIV"), *via = f->ask->via;
    snprintf(f->rss, sizeof f->rss, "%s", instead ? instead : "https://rss.arxiv.org");
    snprintf(f->oai, sizeof f->oai, "%s", instead ? instead : "https://oaipmh.arxiv.org");
    if (!via && !setting_get(f->app->db, f->app->arena, "via", "", &via, err))
        return false;
    f->door.via = *via ? via : NULL;
    return true;
}

static bool locked(struct fetching *f, struct err *err)
{
    int lock;
    struct err why = {0};
    char *path = file_join(f->app->arena, f->app->paths->data, "papers.lock");
    if (!path)
        return fail_memory(err);
    if (!file_lock(path, &lock, &why))
        return why.code == E_BUSY ? fail(err, E_BUSY, "%s",
                                         tr("err.papers.busy", "Another fetch is under way. It is enough."))
                                  : fail(err, why.code, "%s", why.text);
    f->b = index_build_new(err);
    bool done = f->b && find_hosts(f, err) && steps(f, err);
    index_build_free(f->b);
    close(lock);
    f->sums->requests = f->door.requests;
    return done;
}

bool fetch_run(struct app *app, const struct fetch_ask *ask, struct fetch_sums *out, struct err *err)
{
    struct fetching f = {.app = app, .ask = ask, .sums = out};
    struct err noting = {0};
    *out = (struct fetch_sums){.day = PAPER_NO_DAY};
    f.door = (struct fetch_door){.db = app->db, .wait_most = ask->wait_most, .waits = say_wait, .arg = &f};
    bool done = locked(&f, err);
    if (!done && (err->code == E_USAGE || err->code == E_STOPPED))
        return false;
    if (fetch_ended(app->db, clock_now(), done ? NULL : err->text, &noting))
        return done;
    return done ? fail(err, noting.code, "%s", noting.text) : false;
}
