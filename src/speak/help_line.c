/* Help lines of a lab: the entry `line`, read strictly, and what a record makes of several. The list is
 * worked out from the record each time Help now is opened: that is a look through a few thousand short rows,
 * and so there is no table that could lag behind or that opening the page would have to write. */
#include "speak/help_line.h"

#include "anon/entry.h"
#include "anon/follow.h"
#include "base/vec.h"
#include "base/words.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"

#include "base/banned.h"

static bool good_text(struct span text, size_t least, size_t most)
{
    struct err ignored = {0};
    return text.n >= least && text.n <= most && plain_ok(text, false, &ignored);
}

static bool good_number(struct span text)
{
    bool digit = false;
    for (size_t i = 0; i < text.n; i++)
        digit |= text.p[i] >= '0' && text.p[i] <= '9';
    return digit && good_text(text, 1, LINE_NUMBER);
}

static bool good(const struct help_lab_line *line, struct err *err)
{
    bool ok = good_text(line->name, 1, LINE_NAME) && good_text(line->hours, 0, LINE_HOURS) &&
              line->numbers <= LINE_NUMBERS;
    for (size_t i = 0; ok && i < line->numbers; i++)
        ok = good_number(line->number[i]);
    return ok || fail(err, E_USAGE,
                      tr("err.help.line",
                         "A line has a name, one to four numbers with digits in them, and may have hours: "
                         "short texts of one line each."));
}

bool help_line_write(const struct help_lab_line *line, struct buf *out, struct err *err)
{
    if (!good(line, err))
        return false;
    json_t *numbers = json_array();
    AUTO_JSON json_t *o = json_pack("{s:I,s:s%,s:s%,s:o,s:s}", "at", (json_int_t)line->at, "hours",
                                    line->hours.n ? line->hours.p : "", line->hours.n, "name", line->name.p,
                                    line->name.n, "numbers", numbers, "t", "line");
    bool done = o != NULL;
    for (size_t i = 0; done && i < line->numbers; i++)
        done = json_array_append_new(numbers, json_stringn(line->number[i].p, line->number[i].n)) == 0;
    return (done || fail_memory(err)) && canon_write(o, out, err);
}

static bool fields_read(const json_t *o, struct help_lab_line *out, struct err *err)
{
    static const char *const keys[] = {"at", "hours", "name", "numbers", "t", NULL};
    const json_t *numbers;
    if (!canon_only(o, keys, err) || !json_get_int(o, "at", 0, (int64_t)DAY_MAX * 86400, &out->at, err) ||
        !json_get_text(o, "name", LINE_NAME, &out->name, err) ||
        !json_get_text(o, "hours", LINE_HOURS, &out->hours, err) ||
        !json_get_array(o, "numbers", LINE_NUMBERS, &numbers, err))
        return false;
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        const json_t *v = json_array_get(numbers, i);
        out->number[out->numbers++] = (struct span){json_string_value(v), json_string_length(v)};
    }
    return good(out, err);
}

static bool keep(struct arena *arena, struct span *text)
{
    *text = arena_span(arena, text->p ? *text : SPAN(""));
    return text->p != NULL;
}

bool help_line_read(struct span entry, struct arena *arena, struct help_lab_line *out, bool *is,
                    struct err *err)
{
    struct err why = {0};
    struct span t;
    struct help_lab_line line = {0};
    AUTO_JSON json_t *o = NULL;
    *is = canon_read(entry, ENTRY_MOST, &o, &why) && json_get_text(o, "t", 20, &t, &why) &&
          span_is(t, "line") && fields_read(o, &line, &why);
    if (why.code == E_MEMORY)
        return fail_memory(err);
    if (!*is)
        return true;
    bool kept = keep(arena, &line.name) && keep(arena, &line.hours);
    for (size_t i = 0; kept && i < line.numbers; i++)
        kept = keep(arena, &line.number[i]);
    if (!kept)
        return fail_memory(err);
    *out = line;
    return true;
}

bool help_lines_add(struct help_lab_lines *lines, struct span entry, struct arena *arena, struct err *err)
{
    struct help_lab_line line;
    bool is;
    if (!help_line_read(entry, arena, &line, &is, err))
        return false;
    if (!is)
        return true;
    for (size_t i = 0; i < lines->n; i++)
        if (span_eq(lines->at[i].name, line.name)) {
            for (size_t j = i + 1; j < lines->n; j++)
                lines->at[j - 1] = lines->at[j];
            lines->n--;
            break;
        }
    if (line.numbers == 0 || lines->n >= LINES_MOST)
        return true;
    struct help_lab_line *at = VEC_PUSH(arena, lines);
    if (!at)
        return fail_memory(err);
    *at = line;
    return true;
}

bool help_lines_load(struct db *db, struct arena *arena, struct help_lab_lines *out, struct err *err)
{
    struct known *known;
    struct err inner = {0};
    AUTO_STMT struct stmt *q = NULL;
    *out = (struct help_lab_lines){0};
    if (!known_load(db, arena, &known, err))
        return false;
    if (!known)
        return true;
    if (!db_query(db, &q, err,
                  "select entry from log_entry where log = $1 and instr(entry, cast('\"t\":\"line\"' as "
                  "blob)) > 0 order by idx",
                  V_INT(known->split ? FOLLOW_BOARD : FOLLOW_ISSUER)))
        return false;
    while (db_next(q, &inner))
        if (!help_lines_add(out, db_text(q, 0), arena, err))
            return false;
    return inner.code == E_NONE || fail(err, inner.code, "%s", inner.text);
}
