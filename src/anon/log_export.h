#ifndef ANON_LOG_EXPORT_H
#define ANON_LOG_EXPORT_H
/* `respite export --log FILE`: the record as this node has it, with the batches it keeps, in the form of
 * anon/log_file.h; of a lab of two operators both logs. Nothing of the person is in it: every member's
 * computer writes the same but for how far it has read. */
#include "anon/known.h"

struct log_exported {
    uint64_t entries;
    int64_t batches, logs;
};
/* E_MISSING when nothing was followed yet. */
MUST bool log_export(struct db *db, const struct known *known, const char *path, struct log_exported *out,
                     struct err *err);
#endif
