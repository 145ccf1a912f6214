#ifndef NUM_CONNECT_H
#define NUM_CONNECT_H
/* Which models stand on one scale: the strongly connected components of the graph "lost to or tied with"
 * (Ford 1957: strengths within one are finite and unique), and its plain components ("nobody compared them").
 * Tarjan 1972, without recursion. Pure. */
#include "num/bt.h"

struct connect {
    size_t strong, weak; /* how many of each */
    uint32_t *of_strong; /* by model; numbered from the largest (models, then votes) on */
    uint32_t *of_weak;   /* the same */
    size_t *strong_size; /* by component */
};
MUST bool connect_find(struct arena *arena, const struct bt_data *data, struct connect *out, struct err *err);
#endif
