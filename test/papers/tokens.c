/* Words of titles and abstracts. */
#include "test/test.h"

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
