#ifndef PAPERS_AUTHOR_NAME_H
#define PAPERS_AUTHOR_NAME_H
/* Names of authors in the forms in which they are compared (PAPERS section 8), and ids that say who is meant.
 * A name is not a person: what two names have in common is all that is said here. Pure. */
#include "base/buf.h"

enum { AUTHOR_NAME = 1000 /* bytes of a name that are looked at */ };

struct author_name {
    struct span full; /* the words, folded, one blank between: "laurens van der maaten", "王伟" */
    struct span key; /* surname and first initial, "maaten l", "王 伟"; the name itself when it is one word */
    bool one;        /* one word, or none: nothing tells its bearers apart */
};
/* Fold a name as it stands in a list: accents, case, points, TeX; hyphens and apostrophes join ("Fei-Fei" is
 * "feifei"); "Noether, Emmy" is turned round; the surname is the last word that is neither a number nor "Jr."
 * and its like. A name without letters is compared by its bytes. Spans point into `room`, which is reset.
 * False when memory ends. */
MUST bool author_name_fold(struct buf *room, struct span name, struct author_name *out);

/* Whether a line, alone in its list, holds several names parted by commas ("A. Noether, E. Lasker and
 * P. Erdos") and not one that is turned round. */
bool author_list(struct span line);
/* The next name of such a line, or false; *rest moves on. "Jr." stays with the name before it. */
bool author_list_next(struct span *rest, struct span *name);

/* An id that names a person whatever the spelling: a profile of OpenReview ("~Emmy_Noether1") or an ORCID
 * ("0000-0002-1825-0097", also as an address; its check digit must be right). Appended to `out` in its short
 * form. False for anything else: e-mail addresses are not taken. */
bool author_id_read(struct span text, struct buf *out);
#endif
