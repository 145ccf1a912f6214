/* bench_votes MODELS VOTES SEED > votes.csv: votes with known answers, for timing the arena. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/votes.h"

#include "base/banned.h"

int main(int argc, char **argv)
{
    static const char *const outcomes[] = {"model_a", "model_b", "tie", "both_bad"};
    struct generator g;
    if (argc != 4 || strtoul(argv[1], NULL, 10) < 2 || strtoul(argv[1], NULL, 10) > GENERATE_MODELS) {
        fprintf(stderr, "bench_votes MODELS VOTES SEED, 2 to %d models\n", GENERATE_MODELS);
        return 2;
    }
    generate_begin(&g, (unsigned)strtoul(argv[1], NULL, 10), strtoull(argv[2], NULL, 10),
                   strtoull(argv[3], NULL, 10));
    puts("model_a,model_b,winner,len_diff,header_diff,list_diff,bold_diff,tstamp,judge");
    for (uint64_t i = 0; i < g.votes; i++) {
        struct generated v = generate_next(&g);
        printf("model-%03u,model-%03u,%s,%.5f,%.5f,%.5f,%.5f,%.1f,%llu\n", v.a, v.b, outcomes[v.outcome],
               v.style[0], v.style[1], v.style[2], v.style[3], v.when, (unsigned long long)v.judge);
    }
    return fflush(stdout) != 0;
}
