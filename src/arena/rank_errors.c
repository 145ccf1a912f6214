/* The covariance of a board: the sandwich over single votes. */
#include "arena/rank.h"
#include "num/robust.h"

#include "base/banned.h"

/* The block of strengths out of a matrix that holds the parameter of ties too. */
static void strengths(const double *from, size_t size, size_t models, double *to)
{
    for (size_t i = 0; i < models; i++)
        memcpy(to + i * models, from + i * size, models * sizeof *to);
}

bool rank_errors(struct arena *arena, struct votes *votes, struct ranking *r, struct err *err)
{
    (void)votes;
    size_t n = r->fit.size;
    (void)arena;
    struct arena *AUTO_ARENA own = arena_new();
    double *meat = arena_array(own, n * n, sizeof *meat), *whole = arena_array(own, n * n, sizeof *whole),
           *work = arena_array(own, n * n, sizeof *work);
    if (!meat || !whole || !work)
        return fail_memory(err);
    robust_meat(&r->data, &r->fit, meat);
    robust_cov(&r->fit, meat, whole, work);
    strengths(whole, n, r->fit.models, r->cov);
    return true;
}
