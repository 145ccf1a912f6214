/* speak/letter.c: how much fits, what is no letter, what the board takes. */
#include "test/test.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "codec/note_sig.h"
#include "crypt/box.h"
#include "crypt/rand.h"
#include "crypt/sign.h"
#include "speak/letter.h"
#include "speak/speak_room.h"
#include "test/anon/board.h"

#include "base/banned.h"

/* The head of a letter: a checkpoint of a log of this many letters of origin and tens of
 * millions of entries, signed by the log alone. */
static struct span head_of(struct arena *arena, size_t origin)
{
    char name[400];
    AUTO_BUF struct buf text, note;
    buf_init(&text, 2048);
    buf_init(&note, 2048);
    snprintf(
        name, sizeof name, "%.*s/respite", (int)origin - 8,
        "h00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "0000000000000000000000000000000000000000");
    struct checkpoint head = {.origin = span_of(name), .size = 12345678};
    struct note_sig_key key = {.name = span_of(name), .kind = NOTE_SIG_PLAIN};
    uint8_t sig[64] = {0};
    checkpoint_write(&text, &head);
    note_sig_write(&note, buf_span(&text));
    note_sig_line_write(&note, &key, sig, 0);
    return arena_span(arena, buf_span(&note));
}

/* PROTOCOL section 6.4, in its own figures; one byte more goes to the next class. */
void test_letter__letter_classes(void **state)
{
    (void)state;
    static const struct {
        size_t origin, first[3], later[3];
    } wants[] = {{19, {642, 3714, 16002}, {698, 3770, 16058}}, {128, {424, 3496, 15784}, {480, 3552, 15840}}};
    static const size_t classes[] = {BOX_SMALL, BOX_MIDDLE, BOX_LARGE};
    struct arena *AUTO_ARENA arena = arena_new();
    char *text = arena_get(arena, 20000);
    memset(text, 'x', 20000);
    for (size_t w = 0; w < 2; w++)
        for (size_t first = 0; first < 2; first++)
            for (size_t i = 0; i < 3; i++)
                for (size_t more = 0; more < 2; more++) {
                    size_t over = first ? BOX_SEALED_OVER : BOX_OVER;
                    size_t n = (first ? wants[w].first[i] : wants[w].later[i]) + more;
                    struct err err = {0};
                    struct letter l = {.n = first ? 0 : 1000,
                                       .text = {text, n},
                                       .head = head_of(arena, wants[w].origin),
                                       .has_k = first};
                    AUTO_BUF struct buf bytes;
                    buf_init(&bytes, 32768);
                    assert_ok(letter_write(&l, &bytes, &err), &err);
                    size_t want = more ? (i < 2 ? classes[i + 1] : 0) : classes[i];
                    if (box_class(bytes.n, over) != want)
                        print_error("origin %zu, first %zu, class %zu: %zu bytes around %zu\n",
                                    wants[w].origin, first, i, bytes.n - n, n);
                    assert_int_equal(box_class(bytes.n, over), want);
                    if (i == 2 && !more)
                        assert_int_equal(letter_room(&l), n);
                }
}

static bool reads(const char *text, const char *needle, const char *with)
{
    struct err err = {0};
    struct letter l;
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    struct span all = span_of(text);
    ptrdiff_t at = needle ? span_find(all, span_of(needle)) : -1;
    if (needle) {
        assert_true(at >= 0);
        buf_add(&out, span_first(all, (size_t)at));
        buf_add_text(&out, with);
        buf_add(&out, span_from(all, (size_t)at + strlen(needle)));
    } else {
        buf_add(&out, all);
    }
    return letter_read(buf_span(&out), arena, &l, &err);
}

#define KEY32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define GOOD "{\"head\":\"h\",\"k\":\"" KEY32 "\",\"n\":0,\"pk\":\"" KEY32 "\",\"text\":\"a\",\"v\":1}"

void test_letter__hostile_plaintext_is_no_letter(void **state)
{
    (void)state;
    assert_true(reads(GOOD, NULL, NULL));
    assert_true(reads(GOOD, "\"text\":\"a\"", "\"text\":\"a\\nb\""));
    static const char *const swaps[][2] = {
        {"\"v\":1", "\"v\":2"},
        {"\"v\":1", "\"v\":1,\"x\":1"},
        {"\"n\":0", "\"n\":-1"},
        {"\"n\":0", "\"n\":1048577"},
        {"\"n\":0", "\"n\":\"0\""},
        {"\"n\":0", "\"n\":0.0"},
        {"\"text\":\"a\"", "\"text\":\"\""},
        {"\"text\":\"a\"", "\"text\":\" \\n\""},
        {"\"text\":\"a\"", "\"text\":\"a\u202e\""},
        {"\"text\":\"a\"", "\"text\":\"a\u200b\""},
        {"\"text\":\"a\"", "\"text\":\"a\\u0007\""},
        {"\"text\":\"a\"", "\"text\":\"\xff\""},
        {"\"text\":\"a\"", "\"text\":\"a\",\"text\":\"b\""},
        {"\"text\":\"a\"", "\"text\":[\"a\"]"},
        {"\"text\":\"a\"", "\"text\":null"},
        {"\"head\":\"h\"", "\"head\":1"},
        {"\"k\":\"" KEY32, "\"k\":\"AAAA"},
        {"\"pk\":\"" KEY32 "\",", ""},
        {",\"v\":1}", ",\"v\":1"},
        {",\"v\":1}", ",\"v\":1} "},
        {"{\"head", "{ \"head"},
    };
    for (size_t i = 0; i < sizeof swaps / sizeof swaps[0]; i++)
        if (reads(GOOD, swaps[i][0], swaps[i][1])) {
            print_error("taken: %s\n", swaps[i][1]);
            assert_true(false);
        }
    for (size_t n = 0; n < sizeof GOOD - 1; n++) {
        struct err err = {0};
        struct letter l;
        struct arena *AUTO_ARENA arena = arena_new();
        assert_false(letter_read((struct span){GOOD, n}, arena, &l, &err)); /* cut anywhere */
    }
}

/* On the board ------------------------------------------------------------------------------------------- */
static const struct room *const rooms[] = {&speak_room, NULL};

static enum problem_type put(struct board *b, const char *to, size_t n)
{
    struct board_act made;
    struct redeem r = {0};
    struct token token = board_token(BOARD_WEEK, -1);
    AUTO_BUF struct buf act, box;
    buf_init(&act, 1 << 16);
    buf_init(&box, 1 << 16);
    memset(buf_space(&box, n), 7, n);
    buf_grew(&box, n);
    buf_add_text(&act, "{\"box\":\"");
    b64_add(&act, buf_span(&box), B64);
    buf_printf(&act, "\",\"to\":\"%s\"}", to);
    board_act_make(b, &made, &token, "letter", buf_text(&act), 1);
    enum problem_type type = board_redeem(b, &made, &r);
    board_act_clear(&made);
    return type;
}

void test_letter__the_board_takes_three_sizes_and_sees_no_more(void **state)
{
    (void)state;
    static const char to[] = "00112233445566778899aabbccddeeff";
    static const size_t wrong[] = {0, 1, 1023, 1025, 4095, 4097, 16383};
    struct board b;
    board_make(&b, NULL);
    b.app.rooms = rooms;
    assert_int_equal(put(&b, to, 1024), PROBLEM_NONE);
    assert_int_equal(put(&b, to, 4096), PROBLEM_NONE); /* an address used twice is no affair of the lab's */
    assert_int_equal(put(&b, to, 16384), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(put(&b, to, wrong[i]), PROBLEM_BAD_FIELD);
    assert_int_equal(put(&b, "00112233445566778899AABBCCDDEEFF", 1024), PROBLEM_BAD_FIELD);
    assert_int_equal(put(&b, "0011", 1024), PROBLEM_BAD_FIELD);
    assert_int_equal(board_number(&b, "select count(*) from waiting where series = 'letters'"), 3);
    assert_int_equal(board_number(&b, "select count(*) from placed"), 0);
    board_clear(&b);
}
