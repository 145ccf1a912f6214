#ifndef IO_XML_H
#define IO_XML_H
/* XML by libxml2's reader, which is loaded at the first use (io/load.h; it brings ICU): bytes in pieces,
 * events out (codec/xml.h). No DTD, no entity but the five of XML, nothing fetched, depth at most XML_DEPTH,
 * a text at most 10 MB. */
#include "codec/xml.h"

struct xml_file;
/* Gives the next piece, which stays valid until the next call; *piece is empty at the end. False with a
 * sentence. */
typedef bool xml_piece(void *arg, struct span *piece, struct err *err);
/* `*out` is ended with xml_close (NULL is fine). E_MISSING: libxml2 is not installed. */
MUST bool xml_open(struct xml_file **out, xml_piece *piece, void *arg, struct err *err);
/* The same of bytes in memory, borrowed. */
MUST bool xml_open_span(struct xml_file **out, struct span bytes, struct err *err);
void xml_close(struct xml_file *file);
/* Its events. E_FORMAT says what is wrong and on which line, as "its XML …", without a full stop. */
struct xml *xml_events(struct xml_file *file);
/* The line of the event last read. */
unsigned xml_line(const struct xml_file *file);
#endif
