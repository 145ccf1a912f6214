/* Reads the list of crisis lines and says its phrases in the person's language. About 20 lines, read once per
 * page: no index. Pure: the bytes and the day are arguments. The phrases stand here and not in the list, so
 * that they pass through the same catalogue as every other sentence; a test walks the list and fails on a
 * phrase that is not here. */
#include "speak/help.h"

#include "base/vec.h"
#include "base/words.h"
#include "codec/json.h"
#include "codec/scan.h"
#include "ui/lang.h"

#include "base/banned.h"

#define MOST_BYTES (256u * 1024)
#define MOST_LINES 500
#define MOST_WORDS 20
#define MOST_TEXT 300

static const struct words phrases[] = {
    N_("help.data", "Australia"),
    N_("help.data", "Austria"),
    N_("help.data", "Belgium"),
    N_("help.data", "Brazil"),
    N_("help.data", "Canada"),
    N_("help.data", "China (mainland)"),
    N_("help.data", "France"),
    N_("help.data", "Germany"),
    N_("help.data", "Hong Kong"),
    N_("help.data", "India"),
    N_("help.data", "Ireland"),
    N_("help.data", "Japan"),
    N_("help.data", "Netherlands"),
    N_("help.data", "New Zealand"),
    N_("help.data", "Singapore"),
    N_("help.data", "South Korea"),
    N_("help.data", "Spain"),
    N_("help.data", "Switzerland"),
    N_("help.data", "Taiwan"),
    N_("help.data", "United Kingdom"),
    N_("help.data", "United States"),
    N_("help.data", "24/7"),
    N_("help.data", "at least 18 hours a day, by city; not everywhere 24 h"),
    N_("help.data", "phone 24/7"),
    N_("help.data", "call"),
    N_("help.data", "call (free)"),
    N_("help.data", "call (free, not on the bill), e-mail, letter"),
    N_("help.data", "call or text, free"),
    N_("help.data", "call, WhatsApp"),
    N_("help.data", "call, chat 113.nl; free, anonymous"),
    N_("help.data", "call, chat, e-mail; anonymous"),
    N_("help.data", "call, free"),
    N_("help.data", "call, free, anonymous; chat 17-24 h"),
    N_("help.data", "call, free, anonymous; chat and e-mail telefonseelsorge.de"),
    N_("help.data", "call, free; chat"),
    N_("help.data", "call, free; chat, e-mail"),
    N_("help.data", "call, text"),
    N_("help.data", "call, text, chat 988lifeline.org"),
    N_("help.data", "call; WhatsApp 9151 1767"),
    N_("help.data", "+9 languages"),
    N_("help.data", "+foreign-language line"),
    N_("help.data", "20 languages"),
};

/* Languages are named by code in the list. */
static const struct {
    const char *code;
    struct words name;
} languages[] = {
    {"de", N_("help.language", "German")},     {"en", N_("help.language", "English")},
    {"es", N_("help.language", "Spanish")},    {"fr", N_("help.language", "French")},
    {"it", N_("help.language", "Italian")},    {"ja", N_("help.language", "Japanese")},
    {"ko", N_("help.language", "Korean")},     {"nl", N_("help.language", "Dutch")},
    {"pt", N_("help.language", "Portuguese")}, {"yue", N_("help.language", "Cantonese")},
    {"zh", N_("help.language", "Chinese")},
};

static const struct words *phrase_find(struct span text)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (span_is(text, phrases[i].english))
            return &phrases[i];
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (span_is(text, languages[i].code))
            return &languages[i].name;
    return NULL;
}

const char *help_say(struct arena *arena, struct span text)
{
    const struct words *words = phrase_find(text);
    return words ? words_of(*words) : arena_text(arena, text);
}

/* "2025" or "2025-12" at the front; NULL when it is neither. A month may not be taken for a year: "2014-2019"
 * leaves "-2019". */
static const char *date_say(struct arena *arena, struct span *in)
{
    uint64_t year, month;
    struct span rest = *in;
    if (!scan_u64(&rest, &year, 9999) || in->n - rest.n != 4)
        return NULL;
    *in = rest;
    if (scan_byte(&rest, '-') && rest.n >= 2 && scan_u64(&(struct span){rest.p, 2}, &month, 12) && month &&
        (rest.n == 2 || rest.p[2] == ' ')) {
        *in = span_from(rest, 2);
        return say_month(arena, (int)year, (int)month);
    }
    return say_year(arena, (int)year);
}

const char *help_published(struct arena *arena, struct span source_date)
{
    struct span in = source_date;
    const char *first = date_say(arena, &in), *second = NULL, *join = NULL;
    if (first && scan_lit(&in, SPAN(" / ")))
        join = tr("help.and", "{a} and {b}");
    else if (first && scan_byte(&in, '-'))
        join = tr("help.to", "{a} to {b}");
    if (join)
        second = date_say(arena, &in);
    if (!first || (join && !second) || !scan_end(&in))
        return arena_text(arena, source_date);
    if (!join)
        return first;
    AUTO_BUF struct buf text;
    buf_init(&text, 400);
    words_say(&text, join, {"a", first}, {"b", second});
    return buf_keep(&text, arena);
}

static bool letter_or_digit(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

ptrdiff_t help_number_at(struct span name, struct span number)
{
    ptrdiff_t at = number.n ? span_find(name, number) : -1;
    if (at < 0)
        return -1;
    size_t end = (size_t)at + number.n;
    bool apart = (at == 0 || !letter_or_digit((unsigned char)name.p[at - 1])) &&
                 (end == name.n || !letter_or_digit((unsigned char)name.p[end]));
    return apart ? at : -1;
}

bool help_known(struct span text)
{
    return phrase_find(text) != NULL;
}

static bool text_read(struct arena *arena, const json_t *row, const char *key, struct span *out,
                      struct err *err)
{
    struct span text;
    if (!json_get_text(row, key, MOST_TEXT, &text, err))
        return false;
    *out = arena_span(arena, text);
    if (out->p == NULL)
        return fail_memory(err);
    return true;
}

static bool day_field(const json_t *row, const char *key, day_t *out, struct err *err)
{
    struct span text;
    return json_get_text(row, key, 16, &text, err) && day_read(text, out, err);
}

static bool list_read(struct arena *arena, const json_t *row, const char *key, struct help_words *out,
                      struct err *err)
{
    const json_t *list;
    if (!json_get_array(row, key, MOST_WORDS, &list, err))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item) || json_string_length(item) > MOST_TEXT)
            return fail(
                err, E_FORMAT,
                tr("err.help.words", "In the list of crisis lines, “%s” holds something that is no text."),
                key);
        struct span *one = VEC_PUSH(arena, out);
        if (one)
            *one = arena_span(arena, (struct span){json_string_value(item), json_string_length(item)});
        if (!one || !one->p)
            return fail_memory(err);
    }
    return true;
}

static bool line_read(struct arena *arena, const json_t *row, struct help *help, struct err *err)
{
    const json_t *weak = json_object_get(row, "weak");
    if (!json_is_boolean(weak))
        return fail(err, E_FORMAT, "%s",
                    tr("err.help.weak",
                       "A line in the list of crisis lines does not say whether its source is weak."));
    if (json_is_true(weak))
        return true;
    struct help_line line = {0};
    if (!text_read(arena, row, "cc", &line.cc, err) ||
        !text_read(arena, row, "country", &line.country, err) ||
        !text_read(arena, row, "name", &line.name, err) ||
        !text_read(arena, row, "hours", &line.hours, err) ||
        !text_read(arena, row, "channels", &line.channels, err) ||
        !text_read(arena, row, "source_date", &line.source_date, err) ||
        !day_field(row, "seen", &line.seen, err) || !list_read(arena, row, "numbers", &line.numbers, err) ||
        !list_read(arena, row, "languages", &line.languages, err) ||
        !list_read(arena, row, "emergency", &line.emergency, err))
        return false;
    struct help_line *kept = VEC_PUSH(arena, help);
    if (!kept)
        return fail_memory(err);
    *kept = line;
    return true;
}

/* By the country's English name; lines of one country keep their order. */
static void lines_sort(struct help *help)
{
    for (size_t i = 1; i < help->n; i++) {
        struct help_line line = help->at[i];
        size_t j = i;
        for (; j && span_order(help->at[j - 1].country, line.country) > 0; j--)
            help->at[j] = help->at[j - 1];
        help->at[j] = line;
    }
}

bool help_read(struct arena *arena, struct span json, struct help *out, struct err *err)
{
    AUTO_JSON json_t *root = NULL;
    const json_t *lines;
    struct span format;
    struct help help = {0};

    if (!json_read(json, MOST_BYTES, "crisis.json", &root, err) ||
        !json_get_text(root, "format", 40, &format, err))
        return false;
    if (!span_is(format, "respite-crisis/1"))
        return fail(err, E_FORMAT, "%s",
                    tr("err.help.format", "The list of crisis lines has a form that is not known here."));
    if (!day_field(root, "made", &help.made, err) ||
        !json_get_int(root, "max_age_days", 1, 3660, &help.max_age_days, err) ||
        !json_get_array(root, "lines", MOST_LINES, &lines, err))
        return false;
    for (size_t i = 0; i < json_array_size(lines); i++)
        if (!line_read(arena, json_array_get(lines, i), &help, err))
            return false;
    lines_sort(&help);
    *out = help;
    return true;
}

bool help_old(const struct help *help, day_t today)
{
    return (int64_t)today - help->made > help->max_age_days;
}

const struct help_line *help_find(const struct help *help, struct span cc)
{
    for (size_t i = 0; cc.n && i < help->n; i++)
        if (span_eq(help->at[i].cc, cc))
            return &help->at[i];
    return NULL;
}
