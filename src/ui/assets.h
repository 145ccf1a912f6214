#ifndef UI_ASSETS_H
#define UI_ASSETS_H
/* Files of web/ and data/, inside the program (ui/assets.S, .incbin). */
#include "base/span.h"

struct asset {
    const char *name; /* "theme.css" */
    const char *type; /* "text/css; charset=utf-8" */
    struct span bytes;
};
/* NULL when there is none of that name. */
const struct asset *asset_find(struct span name);
#endif
