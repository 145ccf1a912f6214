#ifndef PAPERS_RECORD_H
#define PAPERS_RECORD_H
/* What a source says, as a record (papers/paper.h): one function for each kind of source. Texts and ids are
 * in the arena. */
#include "codec/bibtex.h"
#include "codec/feed.h"
#include "papers/corpus.h"
#include "papers/paper.h"

/* A feed's entry: arXiv's, whatever the form. E_FORMAT when it names no paper of arXiv. */
MUST bool record_of_feed(struct arena *arena, enum feed_form form, const struct feed_entry *entry,
                         struct paper_record *out, struct err *err);
/* An entry of BibTeX. */
MUST bool record_of_bibtex(struct arena *arena, const struct bibtex_entry *entry, struct paper_record *out,
                           struct err *err);
/* An id alone, as a person writes it: a record without a title, which is named and not kept. */
MUST bool record_of_id(struct arena *arena, struct span line, struct paper_record *out, struct err *err);

/* Kinds of JSON objects, told apart by their members. */
enum record_json {
    JSON_OTHER,
    JSON_SNAPSHOT,
    JSON_OPENREVIEW,
    JSON_S2,
    JSON_HF,
    JSON_PAPERLISTS,
    JSON_CORPUS
};
enum record_json record_json_kind(struct span object);
/* `venue` and `year` are those of the file's name, for sources that do not say them ("", 0: none). *left_out:
 * it is no paper (a review, a comment). */
MUST bool record_of_json(struct arena *arena, enum record_json kind, struct span object, struct span venue,
                         int year, struct paper_record *out, bool *left_out, struct err *err);

/* Days and years to come are none of a paper: what lies more than two days (a year: more than one) behind
 * `today` counts as not said. False: no memory. */
MUST bool record_no_future(struct arena *arena, struct paper_record *r, day_t today, struct err *err);

/* ---- for their files ---- */
/* Put an id that the source gives in some form; false when it is none. A full list is no failure. */
bool record_add_id(struct arena *arena, struct paper_record *r, struct span text, int *version);
/* The same under a scheme. */
void record_put_id(struct arena *arena, struct paper_record *r, struct span scheme, struct span value);
/* An empty one. */
void record_begin(struct paper_record *r, enum paper_source source);
/* Whether comments say that the paper was withdrawn. */
bool record_is_withdrawn(struct span comments);
/* The year in which an id of arXiv was given, 0: it is none. */
int record_arxiv_year(struct span value);
#endif
