/* Counting terms. First, per year and in as many rounds as keep a round's places below a limit, all groups of
 * words are written down and sorted, so that what is frequent enough in two years is known without a table of
 * everything that occurs once. Then each paper's groups are looked up among those, and its number goes to the
 * end of their lists. */
#include "papers/terms.h"

#include "base/mem.h"
#include "base/words.h"

#include "base/banned.h"

enum {
    SIEVE = 16 /* bits a term */,
    ROUND = 8 << 20 /* places sorted at once */,
    DIGIT = 16,
    DIGITS = 1 << DIGIT
};

/* Words that begin or end no term: articles, prepositions, and what titles of any field are full of. */
static const char *const stop_words[] = {
    "a",       "an",    "the",   "of",      "for",      "in",     "on",      "to",    "with",    "by",
    "from",    "via",   "using", "towards", "toward",   "is",     "are",     "be",    "as",      "at",
    "its",     "it",    "we",    "our",     "this",     "that",   "can",     "how",   "what",    "when",
    "why",     "do",    "does",  "not",     "or",       "into",   "over",    "under", "between", "without",
    "through", "based", "new",   "novel",   "approach", "method", "methods", "and"};

bool word_is_stop(struct span word)
{
    for (size_t i = 0; i < sizeof stop_words / sizeof *stop_words; i++)
        if (span_is(word, stop_words[i]))
            return true;
    return false;
}

static bool all_digits(struct span word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return true;
}

unsigned term_length(uint64_t key)
{
    return key >> (2 * TERM_BITS) ? 3 : key >> TERM_BITS ? 2 : 1;
}

uint64_t term_key(const uint32_t *word, unsigned n)
{
    uint64_t key = 0;
    for (unsigned i = 0; i < n; i++)
        key |= (uint64_t)(word[i] + 1) << (TERM_BITS * i);
    return key;
}

bool term_holds(uint64_t whole, uint64_t part)
{
    unsigned n = term_length(part), m = term_length(whole);
    uint64_t mask = ((uint64_t)1 << (TERM_BITS * n)) - 1;
    for (unsigned i = 0; i + n <= m && n < m; i++)
        if ((whole >> (TERM_BITS * i) & mask) == part)
            return true;
    return false;
}

void term_text(const struct terms *t, uint64_t key, struct buf *out)
{
    for (unsigned i = 0; i < term_length(key); i++) {
        if (i)
            buf_add_byte(out, ' ');
        buf_add(out, vocabulary_at(&t->texts->words_of, term_word(key, i)));
    }
}

static size_t mixed(uint64_t key)
{
    key ^= key >> 31;
    key *= 0x9e3779b97f4a7c15u;
    return (size_t)(key ^ key >> 29);
}

static size_t place(const struct terms *t, uint64_t key)
{
    size_t at = mixed(key) & (t->slots - 1);
    while (t->slot[at] && t->key[t->slot[at] - 1] != key)
        at = (at + 1) & (t->slots - 1);
    return at;
}

uint32_t terms_find(const struct terms *t, uint64_t key)
{
    return t->slots ? t->slot[place(t, key)] - 1 : NAME_NONE;
}

static bool term_add(struct terms *t, uint64_t key, struct err *err)
{
    if (t->n * 2 >= t->slots) {
        size_t slots = t->slots ? t->slots * 2 : 1 << 12;
        uint32_t *slot = slots > UINT32_MAX ? NULL : mem_get(slots * sizeof *slot);
        if (!slot)
            return fail_memory(err);
        mem_free(t->slot);
        t->slot = slot;
        t->slots = slots;
        for (size_t i = 0; i < t->n; i++)
            slot[place(t, t->key[i])] = (uint32_t)i + 1;
    }
    size_t at = place(t, key);
    if (t->slot[at])
        return true;
    if (!rows_room(&t->key, t->n, 1, &t->room, sizeof *t->key, err))
        return false;
    t->key[t->n++] = key;
    t->slot[at] = (uint32_t)t->n;
    return true;
}

/* The terms of `n` words one after the other into `out`, which has room for 3n; how many. Repeats stay. */
static size_t terms_of(const struct terms *t, const uint32_t *word, size_t n, uint64_t *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (t->stop[word[i]])
            continue;
        if (t->alone[word[i]])
            out[k++] = term_key(word + i, 1);
        for (unsigned m = 2; m <= TERM_WORDS && i + m <= n; m++)
            if (!t->stop[word[i + m - 1]])
                out[k++] = term_key(word + i, m);
    }
    return k;
}

static size_t paper_terms(const struct terms *t, const struct texts_paper *p, bool abstracts, uint64_t *out)
{
    const uint32_t *word = t->texts->word + p->at;
    size_t k = terms_of(t, word, p->title, out);
    return abstracts ? k + terms_of(t, word + p->title, p->abstract, out + k) : k;
}

/* Ascending, by digits of 16 bits; `other` has as much room. */
static void sort_keys(uint64_t *key, uint64_t *other, size_t n, size_t *count)
{
    for (unsigned shift = 0; shift < 64; shift += DIGIT) {
        memset(count, 0, (DIGITS + 1) * sizeof *count);
        for (size_t i = 0; i < n; i++)
            count[(key[i] >> shift & (DIGITS - 1)) + 1]++;
        for (size_t d = 0; d < DIGITS; d++)
            count[d + 1] += count[d];
        for (size_t i = 0; i < n; i++)
            other[count[key[i] >> shift & (DIGITS - 1)]++] = key[i];
        uint64_t *swap = key;
        key = other;
        other = swap;
    }
}

/* The places of a year in a round, sorted, with the year before for comparison. */
struct rounds {
    uint64_t *now, *before, *work, *paper; /* paper: of one paper */
    size_t now_n, before_n, now_room, before_room, work_room, *count, paper_most;
    unsigned round, of;
};

static bool gather(struct terms *t, struct rounds *r, size_t from, size_t to, const bool *grow,
                   struct err *err)
{
    r->now_n = 0;
    for (size_t i = from; i < to; i++) {
        const struct texts_paper *p = &t->texts->paper[i];
        if (!grow[p->venue] || !terms_see(t, p))
            continue;
        size_t k = paper_terms(t, p, t->abstracts, r->paper);
        if (!rows_room(&r->now, r->now_n, k, &r->now_room, sizeof *r->now, err))
            return false;
        for (size_t j = 0; j < k; j++)
            if (r->of == 1 || (mixed(r->paper[j]) >> 40) % r->of == r->round)
                r->now[r->now_n++] = r->paper[j];
    }
    if (!rows_room(&r->work, 0, r->now_n, &r->work_room, sizeof *r->work, err))
        return false;
    if (r->now_n)
        sort_keys(r->now, r->work, r->now_n, r->count);
    return true;
}

/* What stands often enough in both years together becomes a term. */
static bool keep_frequent(struct terms *t, const struct rounds *r, struct err *err)
{
    for (size_t i = 0, j = 0; i < r->now_n;) {
        uint64_t key = r->now[i];
        size_t n = 0;
        for (; i < r->now_n && r->now[i] == key; i++)
            n++;
        while (j < r->before_n && r->before[j] < key)
            j++;
        for (size_t k = j; k < r->before_n && r->before[k] == key && n < TERM_LEAST; k++)
            n++;
        if (n >= TERM_LEAST && !term_add(t, key, err))
            return false;
    }
    return true;
}

/* A year with nothing in it and what follows: the year before is empty then. What only the earlier year holds
 * was looked at in its own turn. */
static bool round_run(struct terms *t, struct rounds *r, const bool *grow, struct err *err)
{
    const struct texts *x = t->texts;
    int last_year = 0;
    r->before_n = 0;
    for (size_t from = 0, to; from < x->n; from = to) {
        int year = x->paper[from].year;
        to = texts_before(x, year + 1);
        if (year != last_year + 1)
            r->before_n = 0;
        if (!gather(t, r, from, to, grow, err) || !keep_frequent(t, r, err))
            return false;
        uint64_t *swap = r->before;
        size_t room = r->before_room;
        r->before = r->now;
        r->before_room = r->now_room;
        r->before_n = r->now_n;
        r->now = swap;
        r->now_room = room;
        last_year = year;
    }
    return true;
}

/* The most places a year can have, so that rounds are small enough; the longest paper. */
static void measure(const struct texts *x, const bool *grow, bool abstracts, size_t *year_most,
                    size_t *paper_most)
{
    *year_most = *paper_most = 1;
    for (size_t i = 0, in_year = 0; i < x->n; i++) {
        const struct texts_paper *p = &x->paper[i];
        size_t n = TERM_WORDS * (size_t)(p->title + (abstracts ? p->abstract : 0));
        in_year = i && x->paper[i - 1].year == p->year ? in_year : 0;
        in_year += grow[p->venue] ? n : 0;
        *year_most = in_year > *year_most ? in_year : *year_most;
        *paper_most = n > *paper_most ? n : *paper_most;
    }
}

static bool frequent(struct terms *t, const bool *grow, struct rounds *r, struct err *err)
{
    size_t year_most;
    measure(t->texts, grow, t->abstracts, &year_most, &r->paper_most);
    r->of = (unsigned)(year_most / ROUND + 1);
    r->count = mem_get((DIGITS + 1) * sizeof *r->count);
    r->paper = mem_get(r->paper_most * sizeof *r->paper);
    if (!r->count || !r->paper)
        return fail_memory(err);
    for (r->round = 0; r->round < r->of; r->round++)
        if (!round_run(t, r, grow, err))
            return false;
    return true;
}

/* Which groups of words may be terms at all, a few bits for each term: most of what is looked up is none, and
 * that is known here without a look into the table. */
struct sieve {
    uint64_t *bits, mask;
};

static bool sieve_make(struct sieve *s, const struct terms *t)
{
    size_t room = 1 << 10;
    while (room < t->n * SIEVE)
        room *= 2;
    s->mask = room - 1;
    s->bits = mem_get(room / 8);
    for (size_t i = 0; s->bits && i < t->n; i++) {
        size_t bit = mixed(t->key[i]) >> 8 & s->mask;
        s->bits[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return s->bits != NULL;
}

/* Of the groups of words those that are terms, as their numbers, in the same order and place; how many. In
 * steps, so that the memory of many is on its way at once. */
static size_t find_all(const struct terms *t, const struct sieve *s, uint64_t *key, size_t n, uint32_t *term)
{
    size_t maybe = 0, found = 0;
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&s->bits[(mixed(key[i]) >> 8 & s->mask) / 64]);
    for (size_t i = 0; i < n; i++) {
        size_t hash = mixed(key[i]), bit = hash >> 8 & s->mask;
        if (s->bits[bit / 64] >> bit % 64 & 1) {
            key[maybe++] = key[i];
            __builtin_prefetch(&t->slot[hash & (t->slots - 1)]);
        }
    }
    for (size_t i = 0; i < maybe; i++) {
        uint32_t slot = t->slot[mixed(key[i]) & (t->slots - 1)];
        if (slot)
            __builtin_prefetch(&t->key[slot - 1]);
    }
    for (size_t i = 0; i < maybe; i++) {
        uint32_t one = terms_find(t, key[i]);
        if (one != NAME_NONE)
            term[found++] = one;
    }
    return found;
}

/* What each paper holds, once a paper, written down one after the other; then a list for each term. last: the
 * paper that a term was last seen in. */
struct held {
    uint32_t *term, *last, *found;
    size_t n, room;
    struct sieve sieve;
};

static bool hold(struct terms *t, const bool *take, struct rounds *r, struct held *h, uint32_t *count,
                 struct err *err)
{
    const struct texts *x = t->texts;
    for (size_t i = 0; i < x->n; i++) {
        count[i] = 0;
        if (!take[x->paper[i].venue] || !terms_see(t, &x->paper[i]))
            continue;
        size_t k = paper_terms(t, &x->paper[i], t->abstracts, r->paper);
        k = find_all(t, &h->sieve, r->paper, k, h->found);
        if (!rows_room(&h->term, h->n, k, &h->room, sizeof *h->term, err))
            return false;
        for (size_t j = 0; j < k; j++) {
            uint32_t term = h->found[j];
            if (h->last[term] == i)
                continue;
            h->last[term] = (uint32_t)i;
            t->start[term + 2]++;
            h->term[h->n++] = term;
            count[i]++;
        }
    }
    return true;
}

static bool lists(struct terms *t, const bool *take, struct rounds *r, struct err *err)
{
    const struct texts *x = t->texts;
    struct held h = {.last = mem_get((t->n + 1) * sizeof *h.last),
                     .found = mem_get(r->paper_most * sizeof *h.found)};
    uint32_t *count = mem_get((x->n + 1) * sizeof *count);
    t->start = mem_get((t->n + 2) * sizeof *t->start);
    bool ok = h.last && h.found && count && t->start && sieve_make(&h.sieve, t);
    if (ok)
        memset(h.last, 0xff, t->n * sizeof *h.last);
    ok = ok && hold(t, take, r, &h, count, err);
    for (size_t i = 1; ok && i <= t->n; i++)
        t->start[i + 1] += t->start[i];
    t->paper = ok ? mem_get((h.n + 1) * sizeof *t->paper) : NULL;
    ok = t->paper != NULL;
    for (size_t i = 0, at = 0; ok && i < x->n; i++)
        for (uint32_t k = 0; k < count[i]; k++)
            t->paper[t->start[h.term[at++] + 1]++] = (uint32_t)i;
    mem_free(h.last);
    mem_free(h.found);
    mem_free(h.term);
    mem_free(h.sieve.bits);
    mem_free(count);
    return ok ? true : fail_memory(err);
}

static bool know_words(struct terms *t, struct err *err)
{
    const struct vocabulary *words = &t->texts->words_of;
    t->stop = mem_get(words->n + 1);
    t->alone = mem_get(words->n + 1);
    if (!t->stop || !t->alone)
        return fail_memory(err);
    for (size_t i = 0; i < words->n; i++) {
        struct span word = vocabulary_at(words, (uint32_t)i);
        t->stop[i] = word_is_stop(word);
        t->alone[i] = word.n >= 3 && !all_digits(word);
    }
    return true;
}

/* Numbers by key: they then do not depend on which year made a term frequent. */
static bool terms_sort(struct terms *t, struct rounds *r, struct err *err)
{
    if (t->n == 0)
        return true;
    if (!rows_room(&r->work, 0, t->n, &r->work_room, sizeof *r->work, err))
        return false;
    sort_keys(t->key, r->work, t->n, r->count);
    memset(t->slot, 0, t->slots * sizeof *t->slot);
    for (size_t i = 0; i < t->n; i++)
        t->slot[place(t, t->key[i])] = (uint32_t)i + 1;
    return true;
}

bool terms_count(struct terms *out, const struct texts *texts, const bool *take, const bool *grow,
                 bool abstracts, struct err *err)
{
    struct rounds r = {0};
    *out = (struct terms){.texts = texts, .abstracts = abstracts};
    bool ok = know_words(out, err) && frequent(out, grow, &r, err) && terms_sort(out, &r, err) &&
              lists(out, take, &r, err);
    mem_free(r.now);
    mem_free(r.before);
    mem_free(r.work);
    mem_free(r.paper);
    mem_free(r.count);
    if (!ok)
        terms_free(out);
    return ok;
}

void terms_free(struct terms *t)
{
    mem_free(t->key);
    mem_free(t->start);
    mem_free(t->paper);
    mem_free(t->slot);
    mem_free(t->stop);
    mem_free(t->alone);
    *t = (struct terms){0};
}

size_t term_before(const struct terms *t, uint32_t term, size_t paper)
{
    size_t low = t->start[term], high = t->start[term + 1];
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (t->paper[mid] < paper)
            low = mid + 1;
        else
            high = mid;
    }
    return low - t->start[term];
}
