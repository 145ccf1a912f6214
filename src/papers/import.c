/* Importing: intake → lots → papers_keep. */
#include "papers/import.h"

#include "base/vec.h"
#include "io/file.h"
#include "papers/chosen.h"
#include "papers/due.h"
#include "papers/index.h"

#include "base/banned.h"

struct lot {
    struct paper_record *at;
    size_t n, room;
};
struct import {
    struct app *app;
    const char *path;
    char key[FILE_MARK]; /* which file: its number, size and time of change; "" for a pipe */
    bool dry;
    import_say *say;
    void *arg;
    struct import_sums *sums;
    struct intake *in;
    struct index_build *b;
    struct arena *arena; /* of the lot at hand */
    struct lot lot;
    size_t bytes;
    int64_t passed; /* items read so far */
    int64_t done;   /* items that earlier transactions settled */
    int shown;      /* tenths */
    bool ended;
};

/* ---- where it was ---- */

static bool find_place(struct import *m, struct err *err)
{
    if (strcmp(m->path, "-") == 0 || !file_mark(m->path, m->key))
        return true;
    return m->dry || db_number(m->app->db, &m->done, 0, err, "select done from paper_import where file = $1",
                               V_STR(m->key));
}

static bool keep_place(struct db *db, void *arg, struct err *err)
{
    struct import *m = arg;
    if (!m->key[0])
        return true;
    if (m->ended)
        return db_run(db, err, "delete from paper_import where file = $1", V_STR(m->key));
    return db_run(
        db, err,
        "insert into paper_import (file, done) values ($1, $2) on conflict(file) do update set done "
        "= excluded.done",
        V_STR(m->key), V_INT(m->passed > m->done ? m->passed : m->done));
}

/* ---- lots ---- */

static bool look_up(struct import *m, struct err *err)
{
    for (size_t i = 0; i < m->lot.n; i++) {
        int64_t id;
        if (!paper_find(m->app->db, m->arena, &m->lot.at[i], &id, err))
            return false;
        m->sums->known += id != 0;
        m->sums->kept.absent += id == 0 && m->lot.at[i].source == SOURCE_IDS;
    }
    return true;
}

static bool keep_lot(struct import *m, struct err *err)
{
    bool done = m->dry
                    ? look_up(m, err)
                    : papers_keep(m->app->db, m->b, m->lot.at, m->lot.n, keep_place, m, &m->sums->kept, err);
    arena_free(m->arena);
    m->arena = arena_new();
    m->lot = (struct lot){0};
    m->bytes = 0;
    return done && (m->arena || fail_memory(err));
}

static bool add(struct import *m, const struct paper_record *record, struct err *err)
{
    struct paper_record *r = VEC_PUSH(m->arena, &m->lot);
    if (!r)
        return fail_memory(err);
    *r = *record;
    const struct paper *p = &record->paper;
    m->bytes += sizeof *r + p->title.n + p->abstract.n + p->authors.n;
    return true;
}

static void tell(struct import *m, const struct err *why)
{
    AUTO_BUF struct buf out;
    bool is_line;
    uint64_t number = intake_number(m->in, &is_line);
    buf_init(&out, 4000);
    if (m->sums->bad++ >= IMPORT_SAID || !m->say)
        return;
    buf_printf(&out,
               is_line ? tr("papers.import.bad_line", "%s, line %llu: %s.")
                       : tr("papers.import.bad_record", "%s, record %llu: %s."),
               m->path, (unsigned long long)number, why->text);
    m->say(m->arg, buf_text(&out));
}

static void tell_progress(struct import *m)
{
    uint64_t at, size;
    char line[200];
    intake_progress(m->in, &at, &size);
    int tenths = size ? (int)(at * 10 / size) : 0;
    if (!m->say || tenths <= m->shown || tenths >= 10)
        return;
    m->shown = tenths;
    snprintf(line, sizeof line, tr("papers.import.progress", "%s: %d %% read"), m->path, 10 * tenths);
    m->say(m->arg, line);
}

static bool take(struct import *m, struct intake_item *item, struct err *err)
{
    struct import_sums *sums = m->sums;
    m->passed++;
    switch (item->what) {
    case INTAKE_BAD:
        if (m->passed > m->done)
            tell(m, &item->why);
        return true;
    case INTAKE_LEFT_OUT:
        sums->left_out++;
        return true;
    case INTAKE_FEED:
        sums->feeds++;
        return m->dry || chosen_from_address(m->app->db, item->address, err);
    case INTAKE_DEADLINE:
        sums->deadlines++;
        return m->dry || due_keep(m->app->db, &item->deadline, err);
    case INTAKE_RECORD:
        break;
    }
    sums->records++;
    if (m->passed <= m->done) {
        sums->skipped++;
        return true;
    }
    return record_no_future(m->arena, &item->record, (day_t)(m->app->now / 86400), err) &&
           add(m, &item->record, err);
}

static bool read_all(struct import *m, struct err *err)
{
    struct intake_item item;
    while (intake_next(m->in, m->arena, &item, err)) {
        if (!take(m, &item, err))
            return false;
        bool full = m->lot.n >= IMPORT_LOT || m->bytes >= IMPORT_BYTES;
        if (m->passed % 10000 == 0 || full)
            tell_progress(m);
        if ((full || (m->lot.n == 0 && m->passed % IMPORT_LOT == 0)) && !keep_lot(m, err))
            return false;
    }
    if (err->code != E_NONE) {
        struct err why = *err; /* what came before the failure stays */
        err_clear(err);
        if (keep_lot(m, err))
            *err = why;
        return false;
    }
    m->ended = true;
    return keep_lot(m, err);
}

bool import_file(struct app *app, const char *path, bool dry, import_say *say, void *arg,
                 struct import_sums *out, struct err *err)
{
    struct import m = {.app = app, .path = path, .dry = dry, .say = say, .arg = arg, .sums = out};
    *out = (struct import_sums){.form = ""};
    m.b = index_build_new(err);
    m.arena = arena_new();
    bool done = m.b && m.arena && find_place(&m, err) && intake_open(&m.in, path, err);
    if (done) {
        done = read_all(&m, err);
        out->form = intake_form_name(m.in);
    }
    intake_close(m.in);
    index_build_free(m.b);
    arena_free(m.arena);
    return done;
}
