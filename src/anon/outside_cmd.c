/* `respite witness`: who outside the lab is asked what it has seen of the lab's record. */
#include "anon/outside.h"

#include "codec/json.h"
#include "ui/room.h"
#include "ui/wrap.h"

#include "base/banned.h"

enum { OUT_MOST = 1 << 18, COLUMNS = 80 };

const struct cli_option outside_options[] = {
    {"remove", "NAME", N_("witness.opt.remove", "ask the witness of this name no more")}, {0}};

static bool add(struct app *app, const struct known *known, struct err *err)
{
    const char *const *words = app->cli->words;
    if (app->cli->words_n == 0)
        return true;
    if (app->cli->words_n != 2)
        return fail(err, E_USAGE,
                    tr("err.outside.usage", "A witness is named by its key and its address: respite witness "
                                            "'union.example/respite/witness+…' https://union.example"));
    return outside_add(app->db, app->arena, known, words[0], words[1], err);
}

static bool drop(struct app *app, struct err *err)
{
    const char *name = cli_value(app->cli, "remove");
    bool there;
    return !name ||
           (outside_remove(app->db, name, &there, err) &&
            (there ||
             fail(err, E_MISSING, tr("err.outside.none", "No witness of that name is here: %.200s"), name)));
}

static bool write_json(const struct outsides *all, struct buf *out, struct err *err)
{
    json_t *list = json_array();
    AUTO_JSON json_t *o = json_pack("{s:o}", "witnesses", list);
    if (!o)
        return fail_memory(err);
    for (size_t i = 0; i < all->n; i++) {
        const struct outside *w = &all->at[i];
        json_t *one = json_pack("{s:o,s:o,s:o,s:o}", "name", json_shown(span_of(w->name)), "vkey",
                                json_shown(span_of(w->vkey)), "url", json_shown(span_of(w->url)), "said",
                                json_shown(span_of(w->said)));
        if (!one || json_array_append_new(list, one) != 0)
            return fail_memory(err);
    }
    return json_write(o, out, err);
}

static void write_text(const struct outsides *all, struct buf *out)
{
    if (all->n == 0)
        wrap_text(out, tr("witness.none", "No witness outside the lab is named here."), COLUMNS, 0);
    for (size_t i = 0; i < all->n; i++) {
        buf_printf(out, "%s  %s\n", all->at[i].name, all->at[i].url);
        if (*all->at[i].said)
            wrap_text(out, all->at[i].said, COLUMNS, 2);
    }
    if (all->n)
        wrap_text(out,
                  tr("witness.when", "They are asked at the moments at which this computer fetches anyway. A "
                                     "witness sees that somebody at this address asks about this lab."),
                  COLUMNS, 0);
}

static bool witness(struct app *app, struct err *err)
{
    struct outsides all;
    struct known *known;
    AUTO_BUF struct buf out;
    buf_init(&out, OUT_MOST);
    if (!known_load(app->db, app->arena, &known, err) || !add(app, known, err) || !drop(app, err) ||
        !outside_list(app->db, app->arena, &all, err))
        return false;
    if (cli_has(app->cli, "json")) {
        if (!write_json(&all, &out, err))
            return false;
    } else {
        write_text(&all, &out);
    }
    return cmd_print(&out, err);
}

int cmd_witness(struct app *app)
{
    struct err err = {0};
    return witness(app, &err) ? 0 : cmd_failed(&err);
}
