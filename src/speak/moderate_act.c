/* Flags and appeals. The note of a flag is kept by the board until a moderator decides about the post, at
 * most 28 days, and is in no batch; the text of an appeal is published like a post. */
#include "speak/moderate_act.h"

#include "anon/entry.h"
#include "anon/item.h"
#include "anon/moderation.h"
#include "anon/placed.h"
#include "anon/tlog.h"
#include "base/mem.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/plain.h"
#include "codec/utf8.h"
#include "speak/moderate_lab.h"
#include "ui/problem.h"
#include "ui/room.h"

#include "base/banned.h"

enum { DAY = 86400 };
static const char *const names[FLAG_REASONS] = {"harm", "name", "spam", "other"};

const char *flag_name(enum flag_reason reason)
{
    return names[reason];
}

bool flag_named(struct span name, enum flag_reason *out)
{
    for (int i = 0; i < FLAG_REASONS; i++)
        if (span_is(name, names[i])) {
            *out = (enum flag_reason)i;
            return true;
        }
    return false;
}

const char *flag_say(enum flag_reason reason)
{
    switch (reason) {
    case FLAG_HARM:
        return tr("flag.harm", "it can harm somebody");
    case FLAG_NAME:
        return tr("flag.name", "somebody can be recognised");
    case FLAG_SPAM:
        return tr("flag.spam", "it has nothing to do with the lab");
    default:
        return tr("flag.other", "something else");
    }
}

/* Form ------------------------------------------------------------------------------------------------ */
static bool get_note(const json_t *act, struct span *out, struct err *err)
{
    if (!json_get_text(act, "note", FLAG_NOTE * 4, out, err))
        return false;
    if (utf8_length(*out) > FLAG_NOTE)
        return fail(
            err, E_LIMIT,
            tr("err.speak.note_long", "The note has more than %d characters. Please make it shorter."),
            FLAG_NOTE);
    return plain_ok(*out, false, err);
}

bool flag_check(const json_t *act, struct flag *out, struct err *err)
{
    static const char *const keys[] = {"note", "reason", "target", NULL};
    struct flag flag;
    struct span reason;
    if (!canon_only(act, keys, err) || !canon_hex(act, "target", flag.target, 16, err) ||
        !json_get_text(act, "reason", 8, &reason, err) || !get_note(act, &flag.note, err))
        return false;
    if (!flag_named(reason, &flag.reason))
        return fail(err, E_FORMAT,
                    tr("err.speak.flag_reason", "The reason is one of harm, name, spam, other."));
    *out = flag;
    return true;
}

json_t *flag_act(const struct flag *flag)
{
    char hex[33];
    item_hex(flag->target, hex);
    return json_pack("{s:s,s:s,s:o}", "target", hex, "reason", names[flag->reason], "note",
                     json_stringn(flag->note.n ? flag->note.p : "", flag->note.n));
}

bool appeal_check(const json_t *act, int64_t *target, struct span *text, struct err *err)
{
    static const char *const keys[] = {"target", "text", NULL};
    if (!canon_only(act, keys, err) || !json_get_int(act, "target", 0, CANON_END - 1, target, err))
        return false;
    const json_t *v = json_object_get(act, "text");
    struct span said = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || span_trim(said).n == 0)
        return fail(err, E_FORMAT, tr("err.speak.appeal_empty", "Say why it should be undone."));
    if (plain_json_size(said) > APPEAL_TEXT)
        return fail(err, E_LIMIT,
                    tr("err.speak.appeal_long", "The text takes more than %d bytes. Please make it shorter."),
                    APPEAL_TEXT);
    if (!plain_ok(said, true, err))
        return false;
    *text = said;
    return true;
}

json_t *appeal_act(int64_t target, struct span text)
{
    return json_pack("{s:I,s:o}", "target", (json_int_t)target, "text",
                     json_stringn(text.n ? text.p : "", text.n));
}

/* On the board ---------------------------------------------------------------------------------------- */
static bool refuse(const struct err *why, struct problem *p, struct err *err)
{
    return why->code == E_MEMORY ? fail_memory(err) : problem(p, PROBLEM_BAD_FIELD, "act");
}

bool flag_accept(struct app *app, struct db *db, const struct item *item, struct problem *p, struct err *err)
{
    struct err why = {0};
    struct flag flag;
    struct placed target;
    bool there;
    if (!flag_check(item->act, &flag, &why))
        return refuse(&why, p, err);
    if (!placed_find(db, flag.target, &target, &there, err))
        return false;
    if (!there || target.gone || !moderate_is_words(&target))
        return problem(p, PROBLEM_BAD_FIELD, "target");
    return db_run(
        db, err,
        "insert into flag(id, target, reason, note, day) values ($1, $2, $3, $4, $5) on conflict do "
        "nothing",
        V_BLOB(span_bytes(item->id, 16)), V_BLOB(span_bytes(flag.target, 16)), V_STR(names[flag.reason]),
        V_TEXT(flag.note.n ? flag.note : SPAN("")), V_INT(app->now / DAY));
}

/* Whether this entry of the log is a decision that took something away. */
static bool takes_away(struct db *db, int64_t index, bool *yes, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct span bytes;
    struct entry e;
    struct err why = {0};
    *yes = false;
    if (!arena)
        return fail_memory(err);
    bool read = tlog_entry(db, arena, (uint64_t)index, &bytes, &why) && entry_read(bytes, arena, &e, &why);
    if (!read)
        return (why.code == E_MISSING || why.code == E_FORMAT || why.code == E_LIMIT)
                   ? true
                   : fail(err, why.code, "%s", why.text);
    *yes = e.kind == ENTRY_MODERATION && e.moderation.act != MODERATION_SHOW;
    return true;
}

bool appeal_accept(struct app *app, struct db *db, const struct item *item, struct problem *p,
                   struct err *err)
{
    struct err why = {0};
    struct span text;
    int64_t target;
    bool yes;
    (void)app;
    if (!appeal_check(item->act, &target, &text, &why))
        return refuse(&why, p, err);
    return takes_away(db, target, &yes, err) && (yes || problem(p, PROBLEM_BAD_FIELD, "target"));
}
