/* A feed: whatever the bytes are, entries lie within bounds and the end is reached, or there is a sentence.
 */
#include "fuzz/fuzz.h"

#include "codec/feed.h"
#include "io/xml.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xml_file *file;
    struct err err = {0};
    struct feed_entry e;
    if (!xml_open_span(&file, (struct span){(const char *)data, size}, &err))
        return 0;
    AUTO_FEED struct feed feed;
    feed_begin(&feed, xml_events(file));
    while (feed_next(&feed, &e, &err)) {
        must(e.title.n <= FEED_TITLE && e.abstract.n <= FEED_ABSTRACT && e.versions_n <= FEED_VERSIONS);
        must(feed.number < 1000000);
    }
    must(err.code == E_NONE || said(&err));
    xml_close(file);
    return 0;
}
