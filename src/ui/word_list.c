/* Lists of words out of the embedded files, cut once. They are ours: one that is not whole stops the program
 * (and a test before that). */
#include "ui/word_list.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "ui/assets.h"

#include "base/banned.h"

enum { LANGS = LANG_ZH + 1, LONGEST = 8 }; /* bytes of a word */

static char words[LANGS][WORD_LIST][LONGEST + 1];
static struct span names[LANGS][NAME_LIST];

static void cut_words(enum lang lang, struct span file)
{
    struct span rest = asset_find(file)->bytes, line;
    size_t n = 0;
    while (span_cut(&rest, '\n', &line)) {
        assert(n < WORD_LIST && line.n >= 1 && line.n <= LONGEST);
        memcpy(words[lang][n++], line.p, line.n);
    }
    assert(n == WORD_LIST && line.n == 0);
}

static void cut_names(void)
{
    struct span rest = asset_find(SPAN("names.txt"))->bytes, line, english;
    size_t n = 0;
    while (span_cut(&rest, '\n', &line)) {
        bool both = n < NAME_LIST && span_cut(&line, '\t', &english);
        assert(both);
        (void)both;
        names[LANG_EN][n] = english;
        names[LANG_ZH][n++] = line;
    }
    assert(n == NAME_LIST && line.n == 0);
}

static void cut(void)
{
    cut_words(LANG_EN, SPAN("words.en.txt"));
    cut_words(LANG_ZH, SPAN("words.zh.txt"));
    cut_names();
}

static void start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, cut);
}

const char *word_list_at(enum lang lang, unsigned index)
{
    assert(index < WORD_LIST);
    start();
    return words[lang][index];
}

bool word_list_say(struct buf *out, enum lang lang, const uint16_t *index, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_byte(out, ' ');
        buf_add_text(out, word_list_at(lang, index[i]));
    }
    return !out->failed;
}

struct span name_word(enum lang lang, uint8_t index)
{
    start();
    return names[lang][index];
}
