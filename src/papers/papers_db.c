/* The tables of the room Papers. A paper is one work, whatever source it came from; its ids stand apart, and
 * so do the titles, years and surnames under which records of it came (papers/paper_upsert.c). The index is
 * two tables of bytes (papers/index.c). `shown` is the day announced, else of first publication; `weights`
 * says of each text how good the record was that it is from. Works that turned out to be one leave their
 * number in paper_moved. paper_named are ids of a person's own lists (BibTeX, plain ids); paper_import says
 * how far a file was read whose import has not ended; paper_chosen are categories to fetch,
 * paper_fetch and paper_fetched how far that is (papers/fetch_state.h), paper_due deadlines of venues,
 * paper_venue and paper_due_pin which of them a person follows. */
#include "papers/papers_db.h"

#include "base/banned.h"

const struct migration papers_migrations[] = {
    /* The first tables never held a paper: no command brought one. */
    {1, 1 /* NODE */,
     "create table paper(id integer primary key, title text not null, abstract text not null, authors text "
     "not "
     "null, categories text not null, venue text not null, year integer, day integer, withdrawn integer not "
     "null default 0, hash blob not null, folded text not null);"
     "create index paper_folded on paper(folded);"
     "create index paper_day on paper(day);"
     "create table paper_id(scheme text not null, value text not null, paper integer not null references "
     "paper(id) on delete cascade, primary key(scheme, value)) without rowid;"
     "create index paper_id_of on paper_id(paper);"
     "create table paper_seg(id integer primary key, level integer not null, docs integer not null, tokens "
     "integer not null, chunks integer not null, dict blob not null, documents blob not null, dead blob not "
     "null);"
     "create table paper_post(id integer primary key, bytes blob not null);"},
    {2, 1 /* NODE */,
     "drop table paper_post; drop table paper_seg; drop table paper_id; drop table paper;"
     "create table paper(id integer primary key, title text not null, abstract text not null, authors text "
     "not null, categories text not null, venue text not null, year integer not null, day integer, announced "
     "integer, kind integer not null, version integer not null, withdrawn integer not null, shown integer, "
     "weights blob not null);"
     "create index paper_shown on paper(shown);"
     "create table paper_id(scheme text not null, value text not null, paper integer not null references "
     "paper(id) on delete cascade, primary key(scheme, value)) without rowid;"
     "create index paper_id_of on paper_id(paper);"
     "create table paper_key(fold integer not null, year integer not null, names blob not null, paper "
     "integer not null references paper(id) on delete cascade, primary key(fold, year, names, paper)) "
     "without rowid;"
     "create index paper_key_of on paper_key(paper);"
     "create table paper_version(paper integer not null references paper(id) on delete cascade, number "
     "integer not null, day integer not null, primary key(paper, number)) without rowid;"
     "create table paper_moved(old integer primary key, paper integer not null);"
     "create index paper_moved_to on paper_moved(paper);"
     "create table paper_named(scheme text not null, value text not null, primary key(scheme, value)) "
     "without rowid;"
     "create table paper_import(file text primary key, done integer not null) without rowid;"
     "create table paper_chosen(category text primary key) without rowid;"
     "create table paper_fetch(category text primary key, last integer not null, since integer, token text "
     "not null) without rowid;"
     "create table paper_fetched(one integer primary key check (one = 1), ended integer not null default 0, "
     "url text not null default '', modified text not null default '', etag text not null default '', "
     "done_at integer not null default 0, tried integer, failing integer not null default 0, failed integer, "
     "said text not null default '');"
     "create table paper_due(venue text not null, year integer not null, kind text not null, entry text not "
     "null, moment integer not null, zone text not null, place text not null, link text not null, subject "
     "text not null, start integer, end_ integer, primary key(venue, year, entry, kind)) without rowid;"
     "create table paper_seg(id integer primary key, level integer not null, docs integer not null, tokens "
     "integer not null, chunks integer not null, dict blob not null, documents blob not null, dead blob not "
     "null);"
     "create table paper_post(id integer primary key, bytes blob not null);"},
    /* What a reader says (papers/marks.c), what was learned from it (papers/profile.c), and the pages that
     * were made of it (papers/digest.c). */
    {3, 1 /* NODE */,
     "create table paper_mark(paper integer primary key, mark integer not null, day integer not null);"
     "create table profile_word(kind integer not null, word text not null, primary key(kind, word)) without "
     "rowid;"
     "create table profile_state(one integer primary key check (one = 1), changes integer not null, learned "
     "integer not null, library integer not null, learned_on integer not null, papers integer not null, bias "
     "real not null, weights blob, idf blob);"
     "insert into profile_state values (1, 0, -1, 1, 0, 0, 0, null, null);"
     "create table digest(monday integer primary key, from_day integer not null, to_day integer not null, "
     "made_on integer not null, papers integer not null, cap integer not null, known integer not null, "
     "after_quiet integer not null);"
     "create index digest_to on digest(to_day);"
     "create table digest_item(monday integer not null references digest(monday) on delete cascade, place "
     "integer not null, paper integer not null, why text not null, score real not null, primary key(monday, "
     "place)) without rowid;"
     "create table digest_theme(monday integer not null references digest(monday) on delete cascade, place "
     "integer not null, theme text not null, papers integer not null, primary key(monday, place)) without "
     "rowid;"
     "create table digest_paper(paper integer primary key, monday integer not null references digest(monday) "
     "on delete cascade);"
     "create index digest_paper_of on digest_paper(monday);"},
    {4, 1 /* NODE */,
     "create table paper_verdict(field text primary key, origin integer not null, made integer not null, "
     "json "
     "text not null);"},
    /* Who is who where a source says so (papers/author_name.h): names as author_name_fold gives them. */
    {5, 1 /* NODE */,
     "create table paper_author_id(paper integer not null references paper(id) on delete cascade, name text "
     "not null, id text not null, primary key(paper, name, id)) without rowid;"
     "create index paper_year on paper(year);"},
    /* Venues whose dates are shown, and editions that are followed (papers/due.h). */
    {6, 1 /* NODE */,
     "create table paper_venue(venue text primary key) without rowid;"
     "create table paper_due_pin(venue text not null, year integer not null, entry text not null, primary "
     "key(venue, year, entry)) without rowid;"},
    {7, 1 /* NODE */, "alter table digest_theme add column lasted text not null default '';"},
    {0}};
