/* What bench/arena times inside the program, in CPU milliseconds: one Newton step, a fit, 100 refits, style,
 * and a thousand votes onto a kept board. bench_arena VOTES.csv FOLDER prints one figure a line. */
#include <stdio.h>
#include <time.h>

#include "arena/arena_db.h"
#include "arena/kept.h"
#include "arena/rank_votes.h"
#include "arena/votes_read.h"
#include "num/boot.h"
#include "num/dense.h"

#include "base/banned.h"

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int stop(const struct err *err)
{
    fprintf(stderr, "%s\n", err->text);
    return 1;
}

static bool refits(struct arena *arena, const struct ranking *r, struct err *err)
{
    struct boot b;
    double at = cpu();
    if (!boot_refit(arena, &r->data, &r->fit, 100, 1, &b, err))
        return false;
    printf("refits_100 %.2f\n", cpu() - at);
    at = cpu();
    if (!boot_step(arena, &r->data, &r->fit, 100, 1, &b, err))
        return false;
    printf("one_step_100 %.2f\n", cpu() - at);
    return true;
}

static bool fits(struct arena *arena, const struct ranking *r, struct err *err)
{
    struct bt_fit fit;
    struct bt_room room;
    double at = cpu();
    for (int i = 0; i < 10; i++)
        if (!bt_fit(arena, &r->data, BT_HALF, NULL, &fit, err))
            return false;
    printf("fit %.3f\nfit_steps %d\n", (cpu() - at) / 10, fit.steps);
    if (!bt_room_make(arena, fit.size, &room, err) || !bt_invert(&r->data, &room, &fit, err))
        return false;
    at = cpu();
    for (int i = 0; i < 10; i++)
        if (!bt_refit(&r->data, BT_HALF, &room, &fit, err)) /* from the solution: one step */
            return false;
    printf("newton_step %.3f\n", (cpu() - at) / 10 / fit.steps);
    return true;
}

static bool style(struct arena *arena, const char *path, struct err *err)
{
    struct votes AUTO_VOTES v = {0};
    struct ranking r;
    struct rank_votes rv;
    double *meat;
    if (!votes_begin(&v, arena, &(struct votes_ask){.style = true}, err) || !votes_read(&v, path, false, err))
        return false;
    v.ask.style = false;
    bool ok = rank_make(arena, &v, &(struct rank_ask){.no_sets = true, .no_lead = true}, &r, err);
    v.ask.style = true;
    double at = cpu();
    ok = ok && rank_style_fit(arena, &v, &r, &rv, &meat, err);
    printf("style_fit %.1f\n", cpu() - at);
    return ok;
}

/* A board kept on disk; a thousand votes more. */
static bool kept(struct arena *arena, const struct votes *v, const struct ranking *r, const char *folder,
                 struct err *err)
{
    char path[4096];
    struct db *db = NULL;
    snprintf(path, sizeof path, "%s/kept.db", folder);
    const struct migration_set sets[] = {{"arena", arena_migrations}};
    if (!db_open(&db, path, err) || !migrate(db, sets, 1, 1 /* NODE */, NULL, err) ||
        !kept_save(db, arena, "b", 1, v, r, err))
        return false;
    double all = 0;
    for (int i = 0; i < 10; i++) {
        struct arena *AUTO_ARENA own = arena_new();
        struct votes AUTO_VOTES more = {0};
        struct ranking now;
        struct rank_ask ask = {0};
        double *start, at = cpu();
        bool found;
        if (!votes_begin(&more, own, &(struct votes_ask){0}, err) ||
            !kept_load(db, own, "b", 1, &more, &start, &ask, &found, err))
            return false;
        for (size_t k = 0; k < 1000; k++) {
            struct vote vote = {.a = v->models.text[k * 7 % v->models.n],
                                .b = v->models.text[(k * 13 + 1) % v->models.n],
                                .outcome = k % 3,
                                .many = 1};
            if (!votes_add(&more, &vote, k, err))
                return false;
        }
        ask.start = start, ask.start_n = more.models.n, ask.no_sets = ask.no_lead = true;
        if (!rank_make(own, &more, &ask, &now, err) || !kept_save(db, own, "b", 1, &more, &now, err))
            return false;
        all += cpu() - at;
    }
    printf("add_1000 %.2f\n", all / 10);
    db_close(db);
    return true;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct votes AUTO_VOTES v = {0};
    struct ranking r;
    if (argc != 3) {
        fprintf(stderr, "bench_arena VOTES.csv FOLDER\n");
        return 2;
    }
    double at = cpu();
    if (!votes_begin(&v, arena, &(struct votes_ask){0}, &err) || !votes_read(&v, argv[1], false, &err))
        return stop(&err);
    printf("read %.1f\n", cpu() - at);
    at = cpu();
    if (!rank_make(arena, &v, &(struct rank_ask){.seed = 1, .no_lead = true}, &r, &err))
        return stop(&err);
    printf("board %.1f\n", cpu() - at);
    if (!fits(arena, &r, &err) || !refits(arena, &r, &err) || !style(arena, argv[1], &err) ||
        !kept(arena, &v, &r, argv[2], &err))
        return stop(&err);
    return 0;
}
