/* Made by `quality --near FOLDER` (bench/quality.c), FOLDER the public conference, ACL, robotics and
 * arXiv files with the groups of concurrent work up to 2018. Not edited by hand. */
#include "papers/near_table.h"

#include "base/banned.h"

/* clang-format off */
const unsigned near_cases = 120;
const double near_misses[NEAR_WAYS] = {0.3611, 0.6264, 0.5000, 0.7049};
const struct near_fit near_fits[2] = {
    {
     .median = {3.368226, 0.584503, -0.261713, 1.700599, 1.558085, 0.000000},
     .mean = {4.020072, 0.582266, -0.297825, 1.510441, 1.766256, 0.458333},
     .sd = {1.813506, 0.074102, 0.897026, 0.695407, 1.435517, 0.498261},
     .weight = {0.293419, 0.233601, 0.170725, -0.177288, 0.170089, 0.910030},
     .intercept = -2.856712,
     .auc = 0.806},
    {
     .median = {3.346367, 0.551690, -0.450300, 1.700599, 1.218510, 0.000000},
     .mean = {3.992626, 0.544829, -0.515814, 1.510441, 1.323829, 0.463333},
     .sd = {1.912420, 0.085193, 0.963662, 0.695407, 1.359435, 0.498654},
     .weight = {0.048813, -0.093096, 0.245868, -0.061203, 0.365677, 0.763170},
     .intercept = -3.128623,
     .auc = 0.695}};
