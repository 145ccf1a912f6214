#ifndef PAPERS_MARKS_H
#define PAPERS_MARKS_H
/* What a reader says of papers, by hand or with a library: the ground of the profile, on this computer only.
 */
#include "papers/paper.h"

enum mark { MARK_NOT = -1, MARK_NONE = 0, MARK_KEPT = 1 };

/* Say it of a paper (MARK_NONE: take it back), `day`: today. */
MUST bool paper_mark_put(struct db *db, int64_t paper, enum mark mark, day_t day, struct err *err);
MUST bool paper_mark_of(struct db *db, int64_t paper, enum mark *mark, struct err *err);
/* Papers of the reader's own lists (paper_named: a BibTeX library, plain ids) that are here count as kept,
 * unless something was said of them by hand. */
struct marked {
    int64_t paper;
    enum mark mark;
    day_t day;
    bool library;
};
struct marks {
    struct marked *at;
    size_t n, room;
};
/* All of them, by paper. Numbers of papers that joined another are that one's. */
MUST bool paper_marks_load(struct db *db, struct arena *arena, struct marks *out, struct err *err);

/* Authors and categories that are followed, words that were taken out: small lists by kind. */
enum word_kind { FOLLOWED_AUTHOR, FOLLOWED_CATEGORY, WORD_OUT };
struct own_words {
    struct span *at;
    size_t n, room;
};
MUST bool own_words_load(struct db *db, struct arena *arena, enum word_kind kind, struct own_words *out,
                         struct err *err);
MUST bool own_word_put(struct db *db, enum word_kind kind, struct span word, struct err *err);
/* `*there` (may be NULL) says whether it was. */
MUST bool own_word_remove(struct db *db, enum word_kind kind, struct span word, bool *there, struct err *err);
/* All of it is forgotten: marks, what is followed, what was taken out, and the library's part in it. */
MUST bool profile_forget(struct db *db, struct err *err);
#endif
