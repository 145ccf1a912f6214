#ifndef CODEC_FEED_H
#define CODEC_FEED_H
/* Papers as XML says them: arXiv's Atom (API), its RSS, OAI-PMH (arXiv, arXivRaw, oai_dc), and OPML lists of
 * feeds (PAPERS section 1). Elements are known by their namespace's address and name, never by prefix. What
 * is unknown is passed over. */
#include "base/day.h"
#include "codec/xml.h"

enum {
    FEED_TITLE = 8000, /* bytes; longer ones break the feed off: E_LIMIT */
    FEED_ABSTRACT = 512 << 10,
    FEED_AUTHORS = 256 << 10,
    FEED_VERSIONS = 64,
    FEED_NO_DAY = INT32_MIN
};
enum feed_form { FEED_UNKNOWN, FEED_ATOM, FEED_RSS, FEED_OAI, FEED_OPML };

struct feed_version {
    int number;
    day_t day;
};
/* Empty or FEED_NO_DAY: not said, or said in a way that cannot be. Texts as they stand, white space too. */
struct feed_entry {
    struct span id; /* with its version, prefix, address, as it stands; OPML: the feed's address */
    struct span title, abstract;
    struct span authors;    /* one a line */
    struct span categories; /* blank-separated */
    struct span doi, journal, comments;
    struct span announced_as;            /* RSS: new, cross, replace, replace-cross, absonly */
    day_t published, updated, announced; /* OAI: `announced` is the datestamp */
    bool published_is_first;             /* not the date of a later version */
    bool deleted, has_comments;          /* comments can be said here, so that none means none */
    struct feed_version versions[FEED_VERSIONS];
    size_t versions_n;
};
struct feed_texts {
    struct buf id, title, abstract, authors, categories, doi, journal, comments, announced_as;
    struct buf one, two, three; /* parts of a name, a date */
};
struct feed {
    struct xml *xml;
    enum feed_form form; /* known once the first event was read */
    struct feed_texts texts;
    day_t built;        /* RSS: the day that is served, or FEED_NO_DAY */
    struct buf token;   /* OAI: resumptionToken; empty: this was the last page */
    struct buf problem; /* OAI: the code of its error, such as noRecordsMatch; empty: none */
    int64_t total;      /* Atom: totalResults; OAI: completeListSize; -1: not said */
    uint64_t number;    /* of the entry read last, from 1 */
};
/* `xml` is borrowed. */
void feed_begin(struct feed *feed, struct xml *xml);
void feed_end(struct feed *feed);
#define AUTO_FEED __attribute__((cleanup(feed_end)))
/* The next entry, valid until the next call. False at the end, or with a sentence (err must be clean):
 * E_FORMAT when it is none of the forms, or the XML is no good; E_LIMIT when a text is too long. */
bool feed_next(struct feed *feed, struct feed_entry *out, struct err *err);

/* ---- for the forms' own files: read the element that was just opened, to its end ---- */
MUST bool feed_atom(struct feed *f, struct feed_entry *out, struct err *err);
MUST bool feed_rss(struct feed *f, struct feed_entry *out, struct err *err);
MUST bool feed_oai(struct feed *f, struct feed_entry *out, struct err *err);
/* A text element that maps to one buffer, by namespace and name; `ns` NULL: any. */
struct feed_field {
    const char *ns, *name;
    struct buf *to;
};
/* True when `e` is one of the fields: its text, trimmed, is in the buffer (in place of what was there, or
 * with `list` behind it on a line of its own). *bad: the XML or a limit failed. */
bool feed_take(struct feed *f, const struct xml_event *e, const struct feed_field *fields, bool list,
               bool *bad, struct err *err);
/* The day that a text element holds, FEED_NO_DAY when it holds none. */
MUST bool feed_day(struct feed *f, day_t *out, struct err *err);
/* Append `name` to a list, one a line, or blank-separated. */
void feed_append(struct buf *list, struct span name, char between);
/* Append names that stand in one text: "A. Noether, E. Lasker (MIT) and J. von Neumann"; what stands in
 * brackets goes. */
void feed_names(struct buf *list, struct span names);
#endif
