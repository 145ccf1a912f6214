/* The tables of the room Papers. A paper is one work, whatever source it came from; its ids stand apart. The
 * index is two tables of bytes (papers/index.c). */
#include "papers/papers_db.h"

#include "base/banned.h"

const struct migration papers_migrations[] = {
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
    {0}};
