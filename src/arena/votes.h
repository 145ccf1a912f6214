#ifndef ARENA_VOTES_H
#define ARENA_VOTES_H
/* Votes as they are read: counted by pair of models at once, so that memory is bounded by models and pairs.
 * When style or clusters are asked for, each vote is kept too, packed, in a spool that goes to a file above
 * 128 MB. What is left out is counted with its reason. */
#include <stdint.h>

#include "arena/labels.h"
#include "base/buf.h"
#include "io/spool.h"
#include "num/bt.h"

enum vote_outcome { VOTE_A, VOTE_B, VOTE_TIE, VOTE_BAD };
enum { STYLE_MOST = 4, CLUSTERS_MOST = 2, MODELS_MOST = 1 << 20 };

/* Reasons for leaving a row out. */
enum vote_left {
    LEFT_SELF,     /* a model against itself */
    LEFT_NO_NAME,  /* a model without a name */
    LEFT_OUTCOME,  /* an outcome that is none (with --skip-bad) */
    LEFT_NOT_VOTE, /* a line of a log that is no vote */
    LEFT_NOT_ANON, /* the names were shown before the vote */
    LEFT_SAMPLED,  /* taken out by the publisher's own rule for frequent prompts */
    LEFT_STYLE,    /* style columns that are no numbers (with --style) */
    LEFT_CATEGORY, /* not of the category that was asked for */
    LEFT_BROKEN,   /* a row that cannot be read (with --skip-bad) */
    LEFT_N
};

enum votes_format {
    VOTES_CSV,
    VOTES_EVALICA,   /* CSV with left, right, winner */
    VOTES_FASTCHAT,  /* a JSON list of battles */
    VOTES_LINES,     /* JSON lines: human preference exports, conversations */
    VOTES_LOG,       /* JSON lines of the raw log */
    VOTES_LEADERBOT, /* one JSON object of pair counts */
    VOTES_CHOIX,     /* one JSON object of [winner, loser] */
};

/* One row, as a reader hands it over; the spans live until votes_add returns. */
struct vote {
    struct span a, b;
    enum vote_outcome outcome;
    struct span cluster[CLUSTERS_MOST]; /* empty: a cluster of its own */
    float style[STYLE_MOST];
    int64_t many; /* how many such votes: 1, but for files of counts */
};

struct pair_votes {
    uint32_t i, j;    /* i < j */
    int64_t count[4]; /* by enum vote_outcome, as i sees them: VOTE_A is a win of i */
};

struct votes_ask {
    bool style; /* keep the style features */
    bool side; /* keep votes as they stood, so that the left side's advantage can be fitted; with style always
                */
    const char *category; /* count votes of this category alone (arena/vote_category.h); NULL: all */
    int clusters;         /* how many of the names below are set */
    /* Columns: "voter", "judge", "session", "prompt", or as in the file. "day" is made from the time, "row"
     * from the vote's id or else from the whole row: the same row in two files is the same. */
    const char *cluster[CLUSTERS_MOST];
    bool cluster_texts; /* keep the text of the first cluster's names */
    bool or_day;        /* where no column says who voted, cluster by day */
    bool keep;          /* keep each vote even without style and clusters */
    bool skip_bad;      /* leave out and count what would be an error */
    size_t memory_most; /* of the spool; 0: 128 MB */
};

struct votes {
    struct arena *arena;
    struct votes_ask ask;
    struct labels models;
    struct labels cluster[CLUSTERS_MOST];
    size_t alone[CLUSTERS_MOST]; /* votes without a name: clusters of their own, numbered from the top */
    struct pair_votes *pair;
    size_t pairs, pairs_room;
    uint32_t *table; /* over pairs */
    size_t table_room;
    struct spool *spool; /* NULL when votes are not kept one by one */
    uint64_t rows, kept, left[LEFT_N];
    uint64_t first_left[LEFT_N]; /* the line of the first one left out */
    enum votes_format format;
    bool counted;                              /* came as counts: no style, no clusters */
    bool has_style;                            /* the file has style columns */
    const char *cluster_column[CLUSTERS_MOST]; /* what was found for ask.cluster */
    const char *time_kind;                     /* how the time column was read; NULL: none */
};

MUST bool votes_begin(struct votes *v, struct arena *arena, const struct votes_ask *ask, struct err *err);
void votes_free(struct votes *v);
/* Go on with the cluster numbers of `before`, so that the same cluster has the same number in both. Before
 * the first vote is read; `before` gives its table away. */
void votes_share_clusters(struct votes *v, struct votes *before);
/* The day of a time as files write it: seconds or milliseconds since 1970, or an ISO date; false when it is
 * none. *kind says which. */
bool votes_day(struct span text, int64_t *day, const char **kind);
/* Count one. A vote between a model and itself, or one without a name, is left out. `line` for its record. */
MUST bool votes_add(struct votes *v, const struct vote *vote, uint64_t line, struct err *err);
/* Leave a row out. */
void votes_leave(struct votes *v, enum vote_left why, uint64_t line);
/* An outcome as files write it; false when it is none of them. */
bool votes_outcome(struct span text, enum vote_outcome *out);

/* A kept vote. */
struct kept_vote {
    uint32_t a, b; /* as they stood: a left */
    enum vote_outcome outcome;
    uint32_t cluster[CLUSTERS_MOST];
    float style[STYLE_MOST];
};
/* Block `block` of the kept votes, unpacked one by one: for (b = 0; …; b++) { votes_block; for (i …) votes_at
 * } */
MUST bool votes_block(struct votes *v, size_t block, const void **records, size_t *n, struct err *err);
void votes_at(const struct votes *v, const void *records, size_t i, struct kept_vote *out);
enum { MODEL_BITS = 20 };
/* How many words of 32 bits a record has. */
static inline size_t votes_words(const struct votes *v)
{
    return 2 + (size_t)v->ask.clusters + (v->ask.style ? STYLE_MOST : 0);
}
/* The same without the clusters: in the loops that go through all votes again and again. */
static inline void votes_plain_at(const struct votes *v, const void *records, size_t i, struct kept_vote *out)
{
    const uint32_t *r = (const uint32_t *)records + i * votes_words(v);
    out->a = r[0] & (MODELS_MOST - 1);
    out->outcome = (enum vote_outcome)(r[0] >> MODEL_BITS);
    out->b = r[1];
    if (v->ask.style)
        memcpy(out->style, r + 2 + v->ask.clusters, sizeof out->style);
}
/* Counts of a pair that is not there yet, as they were kept. False when there is no memory. */
bool votes_add_pair(struct votes *v, const struct pair_votes *p);
/* The counts of models i < j, or NULL where nobody compared them. */
const struct pair_votes *votes_pair(const struct votes *v, uint32_t i, uint32_t j);
/* Take a kept vote out of the counts again. */
void votes_take_back(struct votes *v, const struct kept_vote *vote);
/* How many clusters there are. */
size_t votes_clusters(const struct votes *v, int which);

static inline void votes_cleanup(struct votes *v)
{
    votes_free(v);
}
#define AUTO_VOTES __attribute__((cleanup(votes_cleanup)))
#endif
