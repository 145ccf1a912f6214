/* Corpora of JSON lines: members, lists, bad lines by number, packed files, and a corpus cut anywhere. */
#include "test/test.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "io/file.h"
#include "papers/texts.h"

#include "base/banned.h"

static const char good[] =
    "{\"venue\": \"ICML\", \"year\": 2012, \"id\": 7, \"title\": \" Deep\\u0020nets \", "
    "\"abstract\": null, \"authors\": \"A. Noether; E. Lasker\", \"more\": {\"year\": 1}}";

void test_corpus__a_line_gives_its_members(void **state)
{
    (void)state;
    struct corpus_texts t;
    struct corpus_paper p;
    struct err err = {0};
    corpus_texts_init(&t);
    assert_ok(corpus_read(span_of(good), &t, &p, &err), &err);
    assert_span(p.venue, "ICML");
    assert_span(p.title, "Deep nets");
    assert_span(p.id, "7");
    assert_span(p.authors, "A. Noether; E. Lasker");
    assert_int_equal(p.abstract.n, 0);
    assert_int_equal(p.year, 2012);
    assert_ok(
        corpus_read(SPAN("{\"title\":\"T\",\"date\":\"2025-06-01\",\"authors\":[\"A\",{\"name\":\"B C\"}],"
                         "\"categories\":[\"cs.LG\",\"cs.CL\"]}"),
                    &t, &p, &err),
        &err);
    assert_int_equal(p.year, 2025);
    assert_span(p.authors, "A; B C");
    assert_span(p.categories, "cs.LG cs.CL");
    corpus_texts_clear(&t);
}

void test_corpus__what_is_wrong_is_said(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[]",
        "{\"title\":\"T\"}",
        "{\"year\":2012}",
        "{\"title\":\"T\",\"year\":12}",
        "{\"title\":\"T\",\"year\":2012",
        "{\"title\":\"T\",\"year\":2012} {}",
        "{\"title\":[1],\"year\":2012}",
        "{\"title\":\"\",\"year\":2012}",
        "title, 2012",
    };
    struct corpus_texts t;
    struct corpus_paper p;
    corpus_texts_init(&t);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        assert_false(corpus_read(span_of(bad[i]), &t, &p, &err));
        assert_int_equal(err.code, E_FORMAT);
        assert_true(err.text[0] != '\0');
    }
    corpus_texts_clear(&t);
}

static void write_gz(const char *path, const char *text)
{
    gzFile f = gzopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(gzwrite(f, text, (unsigned)strlen(text)), (int)strlen(text));
    gzclose(f);
}

void test_corpus__a_bad_line_is_named_by_number_and_passed_over(void **state)
{
    (void)state;
    char path[] = "/tmp/respite-corpus-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    buf_printf(&text, "%s\n\n{\"title\":\"no year\"}\r\n%s\n", good, good);
    for (int packed = 0; packed < 2; packed++) {
        AUTO_TEXTS struct texts t;
        struct err err = {0}, why = {0};
        uint64_t bad = 0;
        if (packed) {
            write_gz(path, buf_text(&text));
        } else {
            FILE *f = fopen(path, "wb");
            assert_non_null(f);
            fputs(buf_text(&text), f);
            fclose(f);
        }
        texts_init(&t);
        assert_ok(texts_add_file(&t, path, &bad, &why, &err), &err);
        assert_int_equal(t.n, 2);
        assert_int_equal(bad, 1);
        assert_non_null(strstr(why.text, "line 3"));
    }
    unlink(path);
}

void test_corpus__venue_families(void **state)
{
    (void)state;
    static const struct {
        const char *venue, *vol, *family;
    } want[] = {{"ECCV", "", "iccv"},
                {"iccv", "", "iccv"},
                {"NeurIPS", "", "nips"},
                {"acl", "P18-1", "acl/p"},
                {"acl", "2020.acl-main", "acl/acl"},
                {"RSS", "", "rss"}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 1000);
        texts_family(span_of(want[i].venue), span_of(want[i].vol), &out);
        assert_string_equal(buf_text(&out), want[i].family);
    }
}
