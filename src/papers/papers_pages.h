#ifndef PAPERS_PAPERS_PAGES_H
#define PAPERS_PAPERS_PAGES_H
/* Pages of the room, for its table. */
#include "ui/room.h"

void page_terms(struct app *app, const struct request *request, struct reply *reply);
void page_terms_make(struct app *app, const struct request *request, struct reply *reply);
void page_term(struct app *app, const struct request *request, struct reply *reply);
void page_papers_search(struct app *app, const struct request *request, struct reply *reply);
void page_paper(struct app *app, const struct request *request, struct reply *reply);
/* Keep, Not for me: from any page, which says where it leads back to. */
void page_paper_keep(struct app *app, const struct request *request, struct reply *reply);
void page_digest(struct app *app, const struct request *request, struct reply *reply);
/* Cap, day and feed. */
void page_digest_set(struct app *app, const struct request *request, struct reply *reply);
void page_profile(struct app *app, const struct request *request, struct reply *reply);
void page_profile_set(struct app *app, const struct request *request, struct reply *reply);
void page_authors(struct app *app, const struct request *request, struct reply *reply);
/* With the reader's own name. */
void page_authors_me(struct app *app, const struct request *request, struct reply *reply);
bool week_papers(struct app *app, struct week *week, struct err *err);
#endif
