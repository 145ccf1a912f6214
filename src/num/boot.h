#ifndef NUM_BOOT_H
#define NUM_BOOT_H
/* Bootstrap of a board: votes drawn anew, as Poisson counts of each pair and outcome (each vote once on
 * average), and fitted again. Where a draw leaves models without a common scale those have no value in it.
 * Pure; seeded. */
#include "num/bt.h"

struct boot {
    size_t draws, models;
    double *at; /* draws by models, centred; NAN: not on the scale of the largest group in that draw */
};
/* Refit `draws` times. */
MUST bool boot_refit(struct arena *arena, const struct bt_data *data, const struct bt_fit *fit, size_t draws,
                     uint64_t seed, struct boot *out, struct err *err);
/* One draw from counts that the caller drew (weights by cluster): its strengths into row `row`. */
MUST bool boot_one(const struct bt_data *drawn, const struct bt_fit *fit, struct boot *out, size_t row,
                   struct err *err);
MUST bool boot_make(struct arena *arena, size_t draws, size_t models, struct boot *out, struct err *err);
/* The one-step kind: fit + H⁺ times the drawn scores, a product a draw. For quantiles, not for models with
 * few losses. */
MUST bool boot_step(struct arena *arena, const struct bt_data *data, const struct bt_fit *fit, size_t draws,
                    uint64_t seed, struct boot *out, struct err *err);
#endif
