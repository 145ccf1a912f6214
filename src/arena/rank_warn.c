/* What was left out, and what should be known of a board, each in one sentence. */
#include <stdio.h>
#include <strings.h>

#include "arena/rank_draw.h"
#include "base/words.h"
#include "ui/lang.h"

#include "base/banned.h"

static bool left_out(struct arena *arena, const struct votes *v, struct ranking *r, enum vote_left why,
                     const char *pattern, struct err *err)
{
    if (v->left[why] == 0)
        return true;
    AUTO_BUF struct buf line;
    buf_init(&line, 4096);
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)v->first_left[why]);
    words_say(&line, pattern, {"n", say_number(arena, (int64_t)v->left[why])}, {"line", number});
    return rank_warn(arena, r, buf_text(&line), err);
}

/* Names that differ by case or blanks at an end are kept apart, and said once. */
static bool alike(struct arena *arena, const struct votes *v, struct ranking *r, struct err *err)
{
    struct arena *AUTO_ARENA own = arena_new();
    struct labels folded;
    bool ok = true, found = false;
    labels_init(&folded, own, true, MODELS_MOST);
    for (size_t i = 0; ok && !found && i < v->models.n; i++) {
        struct span name = span_trim(v->models.text[i]);
        char *low = arena_text(own, name);
        uint32_t at;
        if (!low) {
            ok = fail_memory(err);
            break;
        }
        for (char *c = low; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
        found = labels_find(&folded, span_of(low), &at);
        ok = labels_at(&folded, span_of(low), &at, err);
    }
    labels_clear(&folded);
    return ok &&
           (!found || rank_warn(arena, r,
                                tr("arena.warn.alike", "Some models' names differ in capitals or in blanks "
                                                       "at an end alone. They are kept apart."),
                                err));
}

bool rank_warnings(struct arena *arena, const struct votes *votes, struct ranking *r, struct err *err)
{
    static const struct words said[LEFT_N] = {
        N_("arena.left.self", "Left out: {n} between a model and itself (the first on line {line})."),
        N_("arena.left.no_name", "Left out: {n} without a model's name (the first on line {line})."),
        N_("arena.left.outcome", "Left out: {n} with an outcome that is none (the first on line {line})."),
        N_("arena.left.not_vote", "Passed over: {n} lines of the log that are no votes."),
        N_("arena.left.not_blind", "Left out: {n} in which the names were shown before the vote."),
        N_("arena.left.sampled", "Left out: {n} that the publisher's rule for frequent prompts takes out."),
        N_("arena.left.style",
           "Left out: {n} whose style columns are no numbers (the first on line {line})."),
        N_("arena.left.category", "Not of this category: {n}."),
        N_("arena.left.broken", "Left out: {n} that cannot be read (the first on line {line})."),
    };
    for (int i = 0; i < LEFT_N; i++)
        if (!left_out(arena, votes, r, (enum vote_left)i, words_of(said[i]), err))
            return false;
    return alike(arena, votes, r, err);
}
