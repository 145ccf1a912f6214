/* Words of titles and abstracts. */
#include "test/test.h"

#include "base/mem.h"
#include "papers/tokens.h"

#include "base/banned.h"

static void check(const char *text, const char *want)
{
    struct tokens t;
    AUTO_BUF struct buf folded, out;
    buf_init(&folded, 1 << 16);
    buf_init(&out, 1 << 16);
    tokens_begin(&t, span_of(text), &folded);
    while (tokens_next(&t)) {
        if (out.n)
            buf_add_byte(&out, ' ');
        if (t.joined)
            buf_add_byte(&out, '+');
        buf_add(&out, t.word);
    }
    assert_string_equal(buf_text(&out), want);
}

void test_tokens__words_hyphens_and_tex(void **state)
{
    (void)state;
    check("Attention Is All You Need", "attention is all you need");
    check("state-of-the-art", "state of the art +stateoftheart");
    check("self-attention, and more", "self attention +selfattention and more");
    check("Adam's and students' work", "adam and students work");
    check("Fisher's-method", "fisher method +fishermethod");
    check("the $k$-means of $\\mathbb{R}^N$", "the k means +kmeans of r n");
    check("\\'Ecole, Poincar{\\'e} and Schr\\\"odinger", "ecole poincare and schrodinger");
    check("\\emph{Great} \\alpha-helix", "great helix");
    check("GPT-4 at 99.5%", "gpt 4 +gpt4 at 99 5");
    check("- -a b- -", "a b");
    check("", "");
    check("don't", "don t");
}

void test_tokens__beyond_ascii(void **state)
{
    (void)state;
    check("Über Schrödinger", "uber schrodinger");
    check("naïve Ｆｕｌｌ width", "naive full width");
    check("深度学习 of 人", "深度 度学 学习 of 人");
    check("BERT模型", "bert 模型");
    check("模型BERT", "模型 bert");
    check("a–b “quoted” c…d", "a b quoted c d");
    check("word\xFF\xFEword", "word word");
    check("self‑attention", "self attention");
    check("co-\xE2\x80\x9Cx\xE2\x80\x9D", "co x");
}

/* Words are taken eight bytes at a time: each length at each place, with the text ending behind it, is the
 * same as byte by byte, and has the hash that the same word has elsewhere. */
void test_tokens__words_of_each_length_at_each_place(void **state)
{
    (void)state;
    static const char given[] = "Az09Zz5aQ1b2C3dYx7", small[] = "az09zz5aq1b2c3dyx7";
    uint64_t hash[sizeof given] = {0};
    for (size_t before = 0; before < 9; before++)
        for (size_t n = 1; n < sizeof given; n++)
            for (size_t after = 0; after < 2; after++) {
                struct tokens t;
                AUTO_BUF struct buf folded;
                size_t all = before + n + after;
                char *text = mem_get(all); /* of just this size, so that a look behind its end is seen */
                buf_init(&folded, 1 << 10);
                assert_non_null(text);
                memset(text, '/', all);
                memcpy(text + before, given, n);
                tokens_begin(&t, span_bytes(text, all), &folded);
                assert_true(tokens_next(&t));
                assert_int_equal(t.word.n, n);
                assert_memory_equal(t.word.p, small, n);
                assert_true(hash[n] == 0 || hash[n] == t.hash);
                hash[n] = t.hash;
                assert_false(tokens_next(&t));
                mem_free(text);
            }
    for (size_t i = 1; i < sizeof given; i++)
        for (size_t k = 1; k < i; k++)
            assert_true(hash[i] != hash[k]);
}

/* Each byte of ASCII in the midst of a word: letters and digits go on with it, the others are those that the
 * other tests name, or end it. */
void test_tokens__each_byte_of_ascii(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++) {
        char text[] = "abcdefgh?ijk", want[] = "abcdefgh ijk";
        text[8] = (char)c;
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            want[8] = (char)c;
        else if (c >= 'A' && c <= 'Z')
            want[8] = (char)(c + 32);
        if (c == '-' || c == '\\' || c == '$' || c == '{' || c == '}')
            continue;
        check(text, want);
    }
}

void test_tokens__long_runs_are_cut(void **state)
{
    (void)state;
    struct tokens t;
    AUTO_BUF struct buf folded, text;
    buf_init(&folded, 1 << 16);
    buf_init(&text, 1 << 16);
    for (int i = 0; i < 1000; i++)
        buf_add_byte(&text, 'x');
    tokens_begin(&t, buf_span(&text), &folded);
    assert_true(tokens_next(&t));
    assert_int_equal(t.word.n, TOKEN_MOST);
    assert_false(tokens_next(&t));
}
