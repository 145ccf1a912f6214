#ifndef SPEAK_BOARD_DRAW_H
#define SPEAK_BOARD_DRAW_H
/* Pieces of the board's pages. What others wrote is text and nothing else: escaped, cleaned of what cannot be
 * seen, links shown as text that opens a page of our own first. */
#include "speak/board.h"
#include "ui/html.h"
#include "ui/room.h"

enum { TEXT_SHOWN = 256 * 1024 };
/* Paragraphs and line ends as written; addresses of web pages lead to /board/link. */
void said_text(struct html *h, struct span text);
/* One line, cleaned. */
void said_line(struct html *h, struct span text);
/* "Tue", or for what is older than a week the date; nothing for day 0. */
void said_day(struct html *h, struct app *app, day_t day);
/* "River", "River (you)". */
void said_name(struct html *h, const struct board_post *post);
/* "me too, 4 times"; nothing for 0. */
void said_metoo(struct html *h, struct app *app, const struct board_post *post);
/* Page `page` of `pages`, with links to its neighbours; `path` and what stands behind "?" before "page=N",
 * "" or ending in "&". Nothing when there is one page. */
void said_pages(struct html *h, struct app *app, const char *path, const char *query, int64_t page,
                int64_t pages);
/* Append bytes as a query takes them. */
void query_add(struct buf *out, struct span value);
/* The page asked for, from 1; 0 when the query says something else. */
int64_t page_of(const struct request *request);
/* An id in a query or form. */
bool id_of(struct span hex, uint8_t id[static 16]);
/* Whether this program has a page of this path (another room's): then a link to it may be drawn. */
bool has_page(const struct app *app, const char *path);
#endif
