/* The file of a log: what is read is written again as the same lines, entry after entry. */
#include "fuzz/fuzz.h"

#include "anon/log_file.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct log_file *file = NULL;
    struct log_line line;
    struct span all = {(const char *)data, size}, origin;
    uint64_t entries = 0;
    bool ended = false;
    AUTO_BUF struct buf again;
    buf_init(&again, size + 64);
    if (!log_file_over(all, &file, &origin, &err)) {
        must(said(&err) && !file);
        return 0;
    }
    log_file_begin(&again, origin);
    while (log_file_next(file, &line, &err)) {
        must(ended == (line.kind == LOG_NEXT) && line.bytes.n > 0);
        ended = line.kind == LOG_CHECKPOINT;
        if (line.kind == LOG_NEXT) {
            entries = 0;
            log_file_begin(&again, line.bytes);
        } else if (line.kind == LOG_ENTRY) {
            must(line.index == entries++ && line.bytes.n <= 65535);
            log_file_entry(&again, line.index, line.bytes);
        } else if (line.kind == LOG_BATCH) {
            must(line.n >= 0);
            log_file_batch(&again, line.series, line.n, line.bytes);
        } else {
            log_file_end(&again, line.bytes);
        }
    }
    must(ended || said(&err));
    if (err.code == E_NONE) /* numbers may have come with zeros in front */
        must(again.n <= size);
    log_file_close(file);
    return 0;
}
