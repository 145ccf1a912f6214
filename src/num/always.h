#ifndef NUM_ALWAYS_H
#define NUM_ALWAYS_H
/* Confidence that stays valid however often one looks: normal mixtures (Robbins 1970; Howard, Ramdas,
 * McAuliffe and Sekhon 2021; in its asymptotic form Waudby-Smith and others, arXiv 2103.06476). Information
 * is 1 / se². A first look comes when both models have 100 effective votes: there the asymptotics begin.
 * Pure. */

/* The mixture's width, fixed before the first look: tightest at information `at`. */
double always_rho(double alpha, double at);
/* Half the width of the interval for an estimate with standard error `se`. */
double always_half_width(double se, double rho, double alpha);
/* Two models, decided direct votes alone, one a voter: evidence against "as good as each other" after w wins
 * and l losses; at 1/alpha or more the two differ, from the first vote on, whenever one stops. Natural log.
 */
double always_log_evidence(double wins, double losses);
/* A board looked at again and again against one base board: how many standard errors a change must have.
 * `base` is the variance of the estimate on the base board, `now` on the new one; `tau` the size of changes
 * it is best at (natural logits), fixed before. INFINITY when nothing came. */
double always_change(double base, double now, double tau, double alpha);
enum { ALWAYS_LEAST_VOTES = 100 };
#endif
