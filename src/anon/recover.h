#ifndef ANON_RECOVER_H
#define ANON_RECOVER_H
/* Bringing back what a lab lost and its members' computers have (PROTOCOL section 4, "Kept, lost, brought
 * back"). The file is a member's word, so it counts for what the lab itself once signed: its checkpoint is
 * under the lab's own key, its entries make that tree, and what the database has stands in it unchanged. */
#include "ui/room.h"

struct recovered {
    uint64_t entries; /* that were missing */
    int64_t batches;  /* that were missing */
    int64_t passes;   /* that are marked as spent */
};
/* Read the file twice, first to judge it; then everything is one transaction. E_REFUSED, E_FORMAT, nothing
 * changed. */
MUST bool recover_file(struct app *app, const char *path, struct recovered *out, struct err *err);
/* Say in the log that what the file `head` knows is lost for good; the head is that of the database from then
 * on. E_REFUSED when nothing is lost. */
MUST bool recover_give_up(struct app *app, const char *reason, struct err *err);

extern const struct cli_option recover_options[];
int cmd_lab_recover(struct app *app);
#endif
