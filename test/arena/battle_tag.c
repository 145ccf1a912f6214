/* The rules on prompts, measured on 202 that were marked by hand (test/data/prompts.txt, made up for this):
 * how many of those a rule takes are meant, and how many of those meant it takes. And the word list of a
 * model. */
#include "test/test.h"

#include "arena/battle_tag.h"
#include "base/buf.h"
#include "io/file.h"

#include "base/banned.h"

struct measure {
    int taken, meant, both;
};

static void count(struct measure *m, bool taken, bool meant)
{
    m->taken += taken;
    m->meant += meant;
    m->both += taken && meant;
}

/* "\n" in the file is a line end in the prompt. */
static void line_ends(struct buf *out, struct span text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool end = text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == 'n';
        buf_add_byte(out, end ? '\n' : text.p[i]);
        i += end;
    }
}

static void holds(const char *what, const struct measure *m, double precision, double recall)
{
    double p = (double)m->both / m->taken, r = (double)m->both / m->meant;
    printf("%s: precision %.3f, recall %.3f of %d\n", what, p, r, m->meant);
    assert_true(p >= precision && r >= recall);
}

void test_battle_tag__rules_find_code_and_mathematics(void **state)
{
    (void)state;
    AUTO_BUF struct buf file, prompt;
    struct err err = {0};
    struct measure code = {0}, math = {0};
    buf_init(&file, 1 << 20);
    buf_init(&prompt, 1 << 16);
    assert_ok(file_read(TEST_DATA "/prompts.txt", &file, &err), &err);
    struct span rest = buf_span(&file), line, marks;
    int n = 0;
    for (; rest.n; n++) {
        span_cut(&rest, '\n', &line);
        span_cut(&line, '\t', &marks);
        buf_reset(&prompt);
        line_ends(&prompt, line);
        unsigned tags = battle_tags(buf_span(&prompt), false);
        count(&code, tags & TAG_CODE, span_find(marks, SPAN("c")) >= 0);
        count(&math, tags & TAG_MATH, span_find(marks, SPAN("m")) >= 0);
        assert_int_equal(tags & TAG_HARD, 0);
    }
    assert_true(n >= 200);
    holds("code", &code, 0.9, 0.8);
    holds("math", &math, 0.9, 0.8);
}

void test_battle_tag__language_by_script_and_small_words(void **state)
{
    (void)state;
    assert_true(battle_tags(SPAN("What is the capital of Australia?"), false) & TAG_ENGLISH);
    assert_true(battle_tags(SPAN("请解释什么是 attention。"), false) & TAG_CHINESE);
    assert_true(battle_tags(SPAN("Расскажи про Байкал."), false) & TAG_OTHER);
    assert_true(battle_tags(SPAN("Bonjour le monde"), false) & TAG_OTHER);
    assert_true(battle_tags(SPAN("x"), true) & TAG_HARD);
}

void test_battle_tag__long_is_by_both_turns(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    for (int i = 0; i < 767; i++)
        buf_add_text(&text, "word ");
    assert_false(battle_is_long(SPAN(""), buf_span(&text)));
    assert_true(battle_is_long(SPAN("one"), buf_span(&text)));
}

void test_battle_tag__a_name_is_found_as_a_word_and_in_any_case(void **state)
{
    (void)state;
    assert_true(battle_names(SPAN("I am NORTHWIND, made by them."), SPAN("Northwind")));
    assert_true(battle_names(SPAN("northwind"), SPAN("northwind")));
    assert_true(battle_names(SPAN("Call me\nNorth Labs!"), SPAN("north labs")));
    assert_false(battle_names(SPAN("The northwinds blew"), SPAN("Northwind")));
    assert_false(battle_names(SPAN("anything"), SPAN("")));
    assert_true(battle_names(SPAN("我是北风模型"), SPAN("北风")));
    assert_true(battle_names(SPAN("I'm gpt-4o."), SPAN("gpt-4o")));
}
