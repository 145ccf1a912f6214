/* Categories of votes. A category of one's own ("poems") is one that a CSV names in its column. */
#include "arena/vote_category.h"

#include <ctype.h>
#include <strings.h>

#include "arena/battle_tag.h"
#include "base/buf.h"
#include "codec/json_scan.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { TEXT_MOST = 1 << 20, LONG_TOKENS = 768, CRITERIA_LEAST = 6 };

static bool alike(struct span a, const char *b)
{
    a = span_trim(a);
    return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

static bool listed(struct span list, const char *name)
{
    for (size_t i = 0, from = 0; i <= list.n; i++)
        if (i == list.n || list.p[i] == ',' || list.p[i] == ';' || list.p[i] == '|') {
            if (alike((struct span){list.p + from, i - from}, name))
                return true;
            from = i + 1;
        }
    return false;
}

/* ---- scripts ---- */

struct script {
    const char *name;
    int32_t from, to;
};
static const struct script scripts[] = {
    {"Han", 0x4e00, 0x9fff},      {"Han", 0x3400, 0x4dbf},    {"Kana", 0x3040, 0x30ff},
    {"Hangul", 0xac00, 0xd7a3},   {"Hangul", 0x1100, 0x11ff}, {"Cyrillic", 0x400, 0x52f},
    {"Arabic", 0x600, 0x6ff},     {"Arabic", 0x750, 0x77f},   {"Thai", 0xe00, 0xe7f},
    {"Devanagari", 0x900, 0x97f}, {"Latin", 'A', 'Z'},        {"Latin", 'a', 'z'},
    {"Latin", 0xc0, 0x24f},
};
enum { SCRIPTS = sizeof scripts / sizeof *scripts };

/* Kana stands beside Han in Japanese: where there is enough of it, the text is Japanese. */
const char *category_script(struct span text)
{
    size_t of[SCRIPTS] = {0}, letters = 0, kana = 0, best = SCRIPTS;
    while (text.n) {
        int32_t code = utf8_next(&text);
        enum utf8_kind kind = code < 0 ? UTF8_OTHER : utf8_kind(code);
        letters += kind == UTF8_LETTER || kind == UTF8_CJK;
        for (size_t s = 0; s < SCRIPTS; s++)
            if (code >= scripts[s].from && code <= scripts[s].to) {
                kana += code >= 0x3040 && code <= 0x30ff;
                for (size_t first = 0; first <= s; first++)
                    if (scripts[first].name == scripts[s].name ||
                        strcmp(scripts[first].name, scripts[s].name) == 0) {
                        of[first]++;
                        break;
                    }
            }
    }
    if (letters == 0)
        return "";
    if (kana * 10 >= letters)
        return "Kana";
    for (size_t s = 0; s < SCRIPTS; s++)
        if (strcmp(scripts[s].name, "Latin") != 0 && of[s] * 10 >= letters * 3 &&
            (best == SCRIPTS || of[s] > of[best]))
            best = s;
    return best == SCRIPTS ? "Latin" : scripts[best].name;
}

static bool is_script(const char *name)
{
    for (size_t s = 0; s < SCRIPTS; s++)
        if (strcasecmp(scripts[s].name, name) == 0)
            return true;
    return false;
}

/* ---- by rule ---- */

static bool by_rule(const char *name, struct span prompt)
{
    if (is_script(name))
        return strcasecmp(category_script(prompt), name) == 0;
    if (strcasecmp(name, "long") == 0)
        return battle_is_long(prompt, (struct span){NULL, 0});
    unsigned tags = battle_tags(prompt, false);
    for (int t = 0; t < TAG_COUNT; t++)
        if (strcasecmp(battle_tag_name(t), name) == 0)
            return tags & 1u << t;
    return false;
}

bool category_has_row(const char *name, const struct category_row *row)
{
    if (row->category.p && listed(row->category, name))
        return true;
    if (row->language.p && alike(row->language, name))
        return true;
    bool said = row->category.p || (row->language.p && !is_script(name));
    return !said && row->prompt.p && by_rule(name, row->prompt);
}

/* ---- records ---- */

static bool first_question(struct span record, struct buf *out)
{
    struct span conversation, turn, role, content, part, text;
    bool bad;
    if (!json_find(record, "conversation_a", &conversation) || conversation.n == 0 ||
        conversation.p[0] != '[')
        return false;
    while (json_element(&conversation, &turn, &bad)) {
        if (!json_find(turn, "role", &role) || !span_is(role, "\"user\"") ||
            !json_find(turn, "content", &content))
            continue;
        if (json_text(content, out))
            return true;
        while (content.n && content.p[0] == '[' && json_element(&content, &part, &bad))
            if (json_find(part, "text", &text))
                json_text(text, out);
        return out->n > 0;
    }
    return false;
}

static bool found_bool(struct span object, const char *key, bool *out)
{
    struct span value;
    return json_find(object, key, &value) && json_bool(value, out);
}

/* category_tag: {"math_v0.1": {"math": true}, "criteria_v0.1": {"complexity": true, …}}. True: it says so or
 * not, in *is. */
static bool tagged(struct span record, const char *name, bool *is)
{
    struct span tags, of, key, value;
    bool bad, yes;
    if (!json_find(record, "category_tag", &tags))
        return false;
    if (strcasecmp(name, "math") == 0)
        return json_find(tags, "math_v0.1", &of) && found_bool(of, "math", is);
    if (strcasecmp(name, "hard") != 0 || !json_find(tags, "criteria_v0.1", &of) || of.n == 0 ||
        of.p[0] != '{')
        return false;
    int met = 0;
    while (json_member(&of, &key, &value, &bad))
        met += json_bool(value, &yes) && yes;
    *is = met >= CRITERIA_LEAST;
    return true;
}

/* Tokens of both of its sides, as the publisher counted them. */
static bool counted_long(struct span record, bool *is)
{
    static const char *const keys[] = {"context_a_tokens", "sum_user_tokens", "sum_assistant_a_tokens",
                                       "sum_assistant_b_tokens"};
    struct span meta, value;
    double n[4] = {0};
    if (!json_find(record, "conv_metadata", &meta) || !json_find(meta, keys[2], &value))
        return false;
    for (int k = 0; k < 4; k++)
        if (!json_find(meta, keys[k], &value) || !json_number(value, &n[k]))
            n[k] = 0;
    double asked = n[0] + n[1];
    *is = asked + n[2] >= LONG_TOKENS || asked + n[3] >= LONG_TOKENS;
    return true;
}

bool category_has_record(const char *name, struct span record)
{
    AUTO_BUF struct buf text;
    struct span value;
    bool is = false;
    buf_init(&text, TEXT_MOST);
    if (strcasecmp(name, "code") == 0 && found_bool(record, "is_code", &is))
        return is;
    if (tagged(record, name, &is) || (strcasecmp(name, "long") == 0 && counted_long(record, &is)))
        return is;
    bool language = json_find(record, "language", &value) && json_text(value, &text) && text.n;
    if (language && alike(buf_span(&text), name))
        return true;
    buf_reset(&text);
    bool is_tag =
        strcasecmp(name, "code") == 0 || strcasecmp(name, "math") == 0 || strcasecmp(name, "long") == 0;
    if (language && !is_tag && !is_script(name))
        return false;
    return first_question(record, &text) && !text.failed && by_rule(name, buf_span(&text));
}
