#ifndef NUM_SCREEN_H
#define NUM_SCREEN_H
/* Evidence that a voter votes by something else than the answers. Against the null "as the board says, but
 * for taste" stand named alternatives; their likelihood ratio, mixed with fixed weights, is an e-value: under
 * the null its mean is at most 1, whenever one stops. The board's own uncertainty and honest differences of
 * taste are paid for by raising the null's chances. Many voters at once go through e-BH (Wang and Ramdas
 * 2022), which holds the false discovery rate under any dependence. Pure. */
#include "num/bt.h"

enum screen_kind { SCREEN_FOR, SCREEN_AGAINST, SCREEN_COIN, SCREEN_ANTI, SCREEN_LEFT, SCREEN_RIGHT };

struct screen {
    const struct bt_fit *fit; /* Davidson, of all votes, with its inverse */
    const double *cov;        /* fit->size squared: the board's uncertainty */
    double delta;             /* honest taste: chances may be so much larger, 0.05 */
};
/* Votes of one voter: a left, y what a got. */
struct screen_vote {
    uint32_t a, b, y;
};
struct screen_found {
    double log_e;          /* natural log of the evidence */
    enum screen_kind kind; /* the alternative that weighs most */
    uint32_t model;        /* of SCREEN_FOR and SCREEN_AGAINST */
};
/* Room for one voter after the other. */
struct screen_room {
    double *score, *strength, *for_x, *against; /* by model (and kappa) */
    uint32_t *touched;
    bool *is_touched;
    size_t touched_n;
};
MUST bool screen_room_make(struct arena *arena, const struct screen *s, struct screen_room *room,
                           struct err *err);
/* The evidence against one voter; the votes' own influence on the board is taken out first. */
void screen_voter(const struct screen *s, struct screen_room *room, const struct screen_vote *vote, size_t n,
                  struct screen_found *out);
/* The evidence that a share of these votes is always for `model`: for cells of votes whose voters are
 * unknown. */
double screen_cell(const struct screen *s, struct screen_room *room, const struct screen_vote *vote, size_t n,
                   uint32_t model);
/* Flag the largest of n logs of evidence so that the false discovery rate is at most `alpha`; returns how
 * many. */
size_t screen_flag(struct arena *arena, const double *log_e, size_t n, double alpha, bool *flag);
#endif
