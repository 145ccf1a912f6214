#ifndef PAPERS_IMPORT_H
#define PAPERS_IMPORT_H
/* Files of papers into the database: some thousand records at a time, each lot one transaction with its part
 * of the index and the place in the file (paper_import). A second import of a file changes nothing; one that
 * was killed goes on where the last transaction ended. */
#include "papers/intake.h"
#include "ui/room.h"

enum { IMPORT_LOT = 10000 /* records */, IMPORT_BYTES = 8 << 20, IMPORT_SAID = 20 /* bad ones named */ };

struct import_sums {
    const char *form; /* of the file */
    int64_t records, bad, left_out;
    int64_t feeds, deadlines;
    int64_t known; /* dry run: here already */
    struct papers_kept kept;
    int64_t skipped; /* records that an earlier import of this file kept */
};
/* `say` is told of each of the first IMPORT_SAID bad records, in a sentence, and with percent of long files.
 */
typedef void import_say(void *arg, const char *sentence);
/* Import one file. `dry`: read all of it, keep nothing. Sums up to a failure stand in `out`. */
MUST bool import_file(struct app *app, const char *path, bool dry, import_say *say, void *arg,
                      struct import_sums *out, struct err *err);

extern const struct cli_option import_options[];
int cmd_papers_import(struct app *app);
#endif
