/* How close a paper is to a draft by words. */
#include "papers/near_words.h"

#include <math.h>

#include "base/banned.h"

#define SATURATION 2.0

double near_words_weight(unsigned tf, double df, double papers)
{
    return log(1 + (papers - df + .5) / (df + .5)) * (1 + log(tf > 0 ? tf : 1));
}

double near_words_score(const struct near_words *draft, const struct stems_place *place, size_t n)
{
    double titles = draft->title_only ? 5 : 3, b = draft->title_only ? .5 : .75;
    double title = 0, abstract = 0, score = 0;
    for (size_t i = 0; i < n; i++) {
        title += place[i].title;
        abstract += place[i].abstract;
    }
    double title_by = titles / (1 - b + b * title / fmax(draft->title_average, 1));
    double abstract_by = 1 / (1 - b + b * abstract / fmax(draft->abstract_average, 1));
    for (size_t i = 0, j = 0; i < draft->n && j < n;) {
        if (draft->place[i].stem != place[j].stem) {
            if (draft->place[i].stem < place[j].stem)
                i++;
            else
                j++;
            continue;
        }
        double tf = place[j].title * title_by + place[j].abstract * abstract_by;
        score += draft->weight[i] * tf * (SATURATION + 1) / (tf + SATURATION);
        i++;
        j++;
    }
    return score;
}
