#ifndef PAPERS_PAPER_H
#define PAPERS_PAPER_H
/* A paper: one work, whatever sources told of it (PAPERS section 2). What a source says is a record; records
 * of one work meet in one row. Which record a text of the row is from depends on the records alone, never on
 * the order in which they came: the better source, then the later one, then the higher version, then the
 * longer text. */
#include "base/buf.h"
#include "base/day.h"
#include "io/db.h"

enum {
    PAPER_TITLE = 4000, /* bytes */
    PAPER_ABSTRACT = 256 << 10,
    PAPER_AUTHORS = 128 << 10,
    PAPER_IDS = 16,
    PAPER_VERSIONS = 64,
    PAPER_NO_DAY = INT32_MIN
};

/* How it was announced, by its best announcement. Never by a feed (a file, a library): PAPER_FOUND. */
enum paper_kind { PAPER_FOUND, PAPER_NEW, PAPER_CROSS, PAPER_REPLACE };

/* Ids as they are compared: scheme "arxiv" ("2408.00716", "cs/0112017": no version), "doi" (lower case),
 * "acl", "openreview", "s2", "paperlists", "corpus" ("icra/845165"), or "title" for a work that has none of
 * these (hash of the folded title, and its year). */
struct paper_id {
    struct span scheme, value;
};
struct paper {
    int64_t id; /* ascends in the order in which works first came in; fits 32 bits; never given twice */
    struct span title, abstract;
    struct span authors;    /* "A. Noether\nE. Lasker": one a line */
    struct span categories; /* "cs.LG cs.CL" */
    struct span venue;      /* as the source wrote it, "" when none did */
    int year;               /* of the venue, else of `day`; 0: not known */
    day_t day;              /* of first publication; PAPER_NO_DAY */
    day_t announced;        /* of its first announcement as `kind`; PAPER_NO_DAY */
    enum paper_kind kind;
    int version;    /* the highest seen; 0: no source has versions */
    bool withdrawn; /* withdrawn by its authors, or deleted at its source */
    const struct paper_id *ids;
    size_t ids_n;
};
/* The day by which papers are asked for: announced as new or cross, else first published, else announced as
 * a replacement; PAPER_NO_DAY. */
static inline day_t paper_shown(const struct paper *p)
{
    bool fresh = p->kind == PAPER_NEW || p->kind == PAPER_CROSS;
    return fresh || p->day == PAPER_NO_DAY ? p->announced : p->day;
}

/* ---- reading. Texts live in the arena ---- */

/* E_MISSING when there is none. A number whose row has joined another's gives that one. */
MUST bool paper_load(struct db *db, struct arena *arena, int64_t id, struct paper *out, struct err *err);
/* `*id` is the paper with that id of a scheme, 0: none. */
MUST bool paper_by_id(struct db *db, struct span scheme, struct span value, int64_t *id, struct err *err);
/* What the number of a row that may have joined another is now (itself, mostly); 0: there is no such paper.
 */
MUST bool paper_now(struct db *db, int64_t id, int64_t *now, struct err *err);

/* Which papers: by paper_shown() from `from` to `to`, both in (PAPER_NO_DAY as `from` takes in those whose
 * day is not known); `after`: ids above it. A zeroed one with to = DAY_MAX and from = PAPER_NO_DAY is all. */
struct papers_asked {
    day_t from, to;
    int64_t after;
    bool withdrawn; /* these too */
    bool texts;     /* with abstracts, else they are empty */
};
/* Called for each, ascending by id; the paper's texts are valid during the call, ids are not filled in.
 * False, with or without a sentence, ends the walk. */
typedef bool papers_visit(const struct paper *paper, void *arg, struct err *err);
/* False with the sentence of `visit`, or of the database. */
MUST bool papers_each(struct db *db, const struct papers_asked *asked, papers_visit *visit, void *arg,
                      struct err *err);
MUST bool papers_count(struct db *db, const struct papers_asked *asked, int64_t *out, struct err *err);
/* The words under which a title is compared: folded, letters and digits only. Appended to `out`. */
void paper_fold_title(struct buf *out, struct span title);
/* An id as a person or a source writes it ("arXiv:2408.00716v2", "https://doi.org/10.1/X", an address of
 * arxiv.org, doi.org, openreview.net or aclanthology.org): its scheme and value as they are compared, value
 * appended to `room`; `*version` is set when one is written (else 0; may be NULL). False when it is none of
 * them. */
bool paper_id_read(struct span text, struct buf *room, struct paper_id *out, int *version);

/* ---- keeping ---- */

/* Where a record is from: the later in this list, the more its texts are taken. */
enum paper_source {
    SOURCE_IDS, /* nothing but ids */
    SOURCE_BIBTEX,
    SOURCE_HF,
    SOURCE_S2,
    SOURCE_PAPERLISTS,
    SOURCE_CORPUS,
    SOURCE_OPENREVIEW,
    SOURCE_ARXIV /* Atom, RSS, OAI, snapshot */
};
struct paper_version {
    int number;
    day_t day;
};
/* Who an author is, where a source says so: the name as it stands in the list, and an id that
 * author_id_read() takes. */
struct paper_who {
    struct span name, id;
};
/* What a source says of a work. Texts may be as they stood there: white space is collapsed, bytes that are no
 * UTF-8 and invisible characters are replaced when it is kept. paper.id, paper.version and paper.withdrawn
 * are not looked at; ids are as paper_id_read gives them. Empty: not said. */
struct paper_record {
    struct paper paper;
    enum paper_source source;
    day_t stamp;        /* of what is said: last update, datestamp, announcement; PAPER_NO_DAY: not known */
    int version;        /* of the texts; 0: not said */
    int says_withdrawn; /* -1: not said; 0, 1 */
    bool day_is_published; /* paper.day is the first version's for sure */
    bool named;            /* of a list of a person's own: its ids go to paper_named; may have no title */
    const struct paper_version *versions; /* all that is known of them */
    size_t versions_n;
    const struct paper_who *who;
    size_t who_n;
};
/* Whether it can be kept. E_FORMAT: it has no title (and is neither an id of a person's list nor told of as
 * deleted), or neither id nor year. E_LIMIT: a text is too long. The
 * sentence says it of "it", without a full stop. */
MUST bool paper_check(const struct paper_record *record, struct err *err);

struct paper_upserted {
    int64_t id;          /* 0: an id of a person's list that no paper here has */
    bool added, changed; /* changed: an older row is different now */
    bool words;          /* what the index holds of it is different */
    int64_t *joined;     /* rows that are no more, having joined `id`; in the arena */
    size_t joined_n;
};
/* Within db_write: make it so that the row of this work says what all records of it so far say together. Two
 * records are of one work when they share an id, or when their folded titles (8 characters or more) are
 * equal, their years differ by at most one and a surname is in both. paper_check has said yes to it. The
 * index is papers_keep's. */
MUST bool paper_upsert(struct db *db, struct arena *arena, const struct paper_record *record,
                       struct paper_upserted *out, struct err *err);

/* The paper that it would join, without keeping anything; *id is 0 when there is none. */
MUST bool paper_find(struct db *db, struct arena *arena, const struct paper_record *record, int64_t *id,
                     struct err *err);

struct papers_kept {
    int64_t added, changed, same, joined;
    int64_t absent; /* of a person's list, named by an id that no paper here has */
};
struct index_build;
/* Records, the index segment of what is new in them and a cursor as one transaction: all of it is there
 * afterwards, or nothing. `cursor` (may be NULL) writes the cursor, with `arg`, last. `b` is an empty builder
 * (papers/index_build.h), empty again afterwards; after a failure it is good for nothing but freeing. What
 * was kept is added to `out`. */
MUST bool papers_keep(struct db *db, struct index_build *b, const struct paper_record *records, size_t n,
                      db_work *cursor, void *arg, struct papers_kept *out, struct err *err);
#endif
