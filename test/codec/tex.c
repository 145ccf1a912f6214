/* TeX in titles and names. */
#include "test/test.h"

#include "codec/tex.h"

#include "base/banned.h"

static void is(const char *tex, const char *plain)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    tex_plain(&out, span_of(tex));
    if (!span_is(buf_span(&out), plain))
        print_error("%s gave %s\n", tex, buf_text(&out));
    assert_span(buf_span(&out), plain);
}

void test_tex__accents_become_letters(void **state)
{
    (void)state;
    is("l'\\'Ecole", "l'École");
    is("{\\'E}cole \\'{e} \\'{\\i}", "École é í");
    is("Kurt G{\\\"o}del", "Kurt Gödel");
    is("Erd\\H{o}s, \\v{C}ech, \\c c, \\u{g}", "Erdős, Čech, ç, ğ");
    is("\\L{}ukasiewicz, S{\\o}ren, stra{\\ss}e, \\AA", "Łukasiewicz, Søren, straße, Å");
    is("\\'", "");
}

void test_tex__commands_and_braces_go(void **state)
{
    (void)state;
    is("$\\mathbb{R}^N$ and $\\alpha$", "R^N and α");
    is("{D}eep {L}earning", "Deep Learning");
    is("50\\% of A\\&B", "50% of A&B");
    is("\\emph{all} \\url{x}", "all x");
    is("a~b", "a b");
    is("\\", "");
    is("日本語 \\textbf{語}", "日本語 語");
}

void test_tex__money_is_no_formula(void **state)
{
    (void)state;
    static const char *const is_tex[] = {"$k$-means", "G\\\"odel", "{GAN}s", "of $O(n)$ steps", "$5 or $x$"};
    static const char *const is_none[] = {"", "$", "$$", "from $5 to $10", "$5", "k-means", "a\\", "$ k $"};
    for (size_t i = 0; i < sizeof is_tex / sizeof *is_tex; i++)
        assert_true(tex_is(span_of(is_tex[i])));
    for (size_t i = 0; i < sizeof is_none / sizeof *is_none; i++)
        assert_false(tex_is(span_of(is_none[i])));
}
