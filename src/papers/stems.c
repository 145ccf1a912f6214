/* Papers as rows of numbered stems. */
#include "papers/stems.h"

#include <libstemmer.h>
#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

/* Each between blanks. The list that the reference figures were made with. */
static const char stop_words[] =
    " a about above across after afterwards again against all almost alone along already also although "
    "always am"
    " among amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as "
    "at"
    " back be became because become becomes becoming been before beforehand behind being below beside besides"
    " between beyond bill both bottom but by call can cannot cant co con could couldnt cry de describe "
    "detail do"
    " done down due during each eg eight either eleven else elsewhere empty enough etc even ever every "
    "everyone"
    " everything everywhere except few fifteen fifty fill find fire first five for former formerly forty "
    "found"
    " four from front full further get give go had has hasnt have he hence her here hereafter hereby herein"
    " hereupon hers herself him himself his how however hundred i ie if in inc indeed interest into is it its"
    " itself keep last latter latterly least less ltd made many may me meanwhile might mill mine more "
    "moreover"
    " most mostly move much must my myself name namely neither never nevertheless next nine no nobody none "
    "noone"
    " nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours"
    " ourselves out over own part per perhaps please put rather re same see seem seemed seeming seems serious"
    " several she should show side since sincere six sixty so some somehow someone something sometime "
    "sometimes"
    " somewhere still such system take ten than that the their them themselves then thence there thereafter"
    " thereby therefore therein thereupon these they thick thin third this those though three through "
    "throughout"
    " thru thus to together too top toward towards twelve twenty two un under until up upon us very via was "
    "we"
    " well were what whatever when whence whenever where whereafter whereas whereby wherein whereupon "
    "wherever"
    " whether which while whither who whoever whole whom whose why will with within without would yet you "
    "your"
    " yours yourself yourselves ";

bool stem_is_stop(struct span word)
{
    char padded[STEM_WORD + 3];
    if (word.n == 0 || word.n > STEM_WORD)
        return false;
    padded[0] = ' ';
    memcpy(padded + 1, word.p, word.n);
    padded[word.n + 1] = ' ';
    return span_find(span_bytes(stop_words, sizeof stop_words - 1), span_bytes(padded, word.n + 2)) >= 0;
}

bool stems_init(struct stems *s, struct err *err)
{
    *s = (struct stems){.of.most = STEMS_MOST, .words.most = STEMS_MOST};
    s->stemmer = sb_stemmer_new("english", "UTF_8");
    return s->stemmer || fail_memory(err);
}

void stems_free(struct stems *s)
{
    vocabulary_free(&s->of);
    vocabulary_free(&s->words);
    mem_free(s->paper);
    mem_free(s->stem);
    mem_free(s->known);
    if (s->stemmer)
        sb_stemmer_delete(s->stemmer);
    *s = (struct stems){0};
}

/* The next word, lower case, at most STEM_WORD bytes of it. */
static bool next_word(struct span *text, char *word, size_t *n)
{
    size_t i = 0;
    while (i < text->n) {
        size_t k = 0, letters = 0;
        for (; i < text->n; i++) {
            char c = text->p[i];
            if (c >= 'A' && c <= 'Z')
                c = (char)(c + 'a' - 'A');
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
                break;
            letters += c >= 'a';
            if (k < STEM_WORD)
                word[k++] = c;
        }
        if (letters && k > 1) {
            *n = k;
            *text = span_from(*text, i);
            return true;
        }
        if (k == 0)
            i++;
    }
    *text = (struct span){0};
    return false;
}

/* The number of a word's stem, NAME_NONE for a stop word. */
static bool stem_of(struct stems *s, struct span word, uint32_t *out, struct err *err)
{
    uint32_t number;
    size_t before = s->words.n;
    if (!vocabulary_add(&s->words, word, &number, err))
        return false;
    if (s->words.n > before) {
        if (!rows_room(&s->known, before, 1, &s->known_room, sizeof *s->known, err))
            return false;
        s->known[number] = NAME_NONE;
        if (!stem_is_stop(word)) {
            const sb_symbol *stem = sb_stemmer_stem(s->stemmer, (const sb_symbol *)word.p, (int)word.n);
            if (!stem)
                return fail_memory(err);
            struct span text = span_bytes(stem, (size_t)sb_stemmer_length(s->stemmer));
            if (!vocabulary_add(&s->of, text, &s->known[number], err))
                return false;
        }
    }
    *out = s->known[number];
    return true;
}

static bool add_text(struct stems *s, struct span text, size_t words, uint16_t *count, struct err *err)
{
    char word[STEM_WORD];
    size_t n;
    *count = 0;
    for (size_t i = 0; i < words && *count < UINT16_MAX && next_word(&text, word, &n); i++) {
        uint32_t stem;
        if (!stem_of(s, (struct span){word, n}, &stem, err))
            return false;
        if (stem == NAME_NONE)
            continue;
        if (!rows_room(&s->stem, s->stems, 1, &s->stems_room, sizeof *s->stem, err))
            return false;
        s->stem[s->stems++] = stem;
        ++*count;
    }
    return true;
}

bool stems_add(struct stems *s, struct span title, struct span abstract, size_t words, struct err *err)
{
    struct stems_paper p = {.at = s->stems};
    if (!add_text(s, title, words, &p.title, err) || !add_text(s, abstract, words, &p.abstract, err) ||
        !rows_room(&s->paper, s->n, 1, &s->room, sizeof *s->paper, err)) {
        s->stems = p.at;
        return false;
    }
    s->paper[s->n++] = p;
    return true;
}

void stems_drop(struct stems *s, size_t papers)
{
    if (papers < s->n) {
        s->stems = s->paper[papers].at;
        s->n = papers;
    }
}

static int by_key(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

size_t stems_places(const struct stems *s, const struct stems_paper *p, const uint32_t *number, size_t stems,
                    struct stems_place *out)
{
    uint32_t key[STEMS_PLACES]; /* stem * 2, + 1 of the abstract */
    size_t n = 0, k = 0;
    for (size_t i = 0; i < (size_t)p->title + p->abstract && n < STEMS_PLACES; i++) {
        uint32_t stem = s->stem[p->at + i], to = stem >= stems ? NAME_NONE : number ? number[stem] : stem;
        if (to != NAME_NONE)
            key[n++] = to * 2 + (i >= p->title);
    }
    qsort(key, n, sizeof *key, by_key);
    for (size_t i = 0; i < n; i++) {
        if (k == 0 || out[k - 1].stem != key[i] / 2)
            out[k++] = (struct stems_place){.stem = key[i] / 2};
        uint8_t *tf = key[i] & 1 ? &out[k - 1].abstract : &out[k - 1].title;
        *tf += *tf < UINT8_MAX;
    }
    return k;
}
