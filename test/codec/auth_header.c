/* Credentials and challenges: the published headers, and what stands at the edges. */
#include "test/test.h"

#include "base/mem.h"
#include "codec/auth_header.h"
#include "test/codec/vectors.h"

#include "base/banned.h"

enum { MOST = 4 };

/* Challenge `k` of a vector is as it says. */
static void assert_challenge(const json_t *one, size_t k, const struct auth_challenge *c)
{
    uint8_t room[400];
    char key[40];
    snprintf(key, sizeof key, "token-challenge-%zu", k);
    assert_true(span_eq(c->challenge, vector_hex(one, key, room, sizeof room)));
    snprintf(key, sizeof key, "token-key-%zu", k);
    assert_true(span_eq(c->key, vector_hex(one, key, room, sizeof room)));
    snprintf(key, sizeof key, "max-age-%zu", k);
    assert_int_equal(c->max_age, vector_int(one, key));
}

/* What was read, written and read again, is the same. */
static void assert_again(const struct auth_challenge *c, size_t n, struct arena *arena)
{
    struct auth_challenge again[MOST];
    struct err err = {0};
    size_t m = 0;
    AUTO_BUF struct buf out;
    buf_init(&out, 8192);
    auth_challenges_write(&out, c, n);
    assert_ok(auth_challenges_read(buf_span(&out), arena, again, MOST, &m, &err), &err);
    assert_int_equal(m, n);
    for (size_t i = 0; i < n; i++)
        assert_true(span_eq(again[i].challenge, c[i].challenge) && span_eq(again[i].key, c[i].key) &&
                    again[i].max_age == c[i].max_age);
}

void test_auth_header__vectors_of_rfc_9577(void **state)
{
    (void)state;
    static const char *const files[] = {"privacypass_www_authenticate_rfc9577.json",
                                        "privacypass_www_authenticate_complicated.json"};
    struct arena *AUTO_ARENA arena = arena_new();
    size_t headers = 0, challenges = 0;
    for (size_t file = 0; file < 2; file++) {
        AUTO_JSON json_t *all = vectors_load(files[file]);
        size_t i;
        json_t *one;
        json_array_foreach(all, i, one)
        {
            struct auth_challenge c[MOST];
            struct err err = {0};
            size_t n = 0;
            assert_ok(auth_challenges_read(vector_text(one, "WWW-Authenticate"), arena, c, MOST, &n, &err),
                      &err);
            assert_int_equal(n, json_object_get(one, "token-type-1") ? 2 : 1);
            for (size_t k = 0; k < n; k++)
                assert_challenge(one, k, &c[k]);
            assert_again(c, n, arena);
            headers++;
            challenges += n;
        }
    }
    assert_int_equal(headers, 3);
    assert_int_equal(challenges, 4);
}

/* "1: AAA/-/-1 …": what stands in each challenge that was read, in short, or how it was refused. */
static const char *read_as(struct span header, char *text, size_t room)
{
    struct arena *AUTO_ARENA arena = arena_new();
    struct auth_challenge c[2];
    struct err err = {0};
    size_t n = 0, at = 0;
    if (!auth_challenges_read(header, arena, c, 2, &n, &err))
        return err.code == E_LIMIT ? "too many" : "refused";
    text[0] = '\0';
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, room - at, "%.*s|%.*s|%lld;", SPAN_ARG(c[i].challenge),
                               SPAN_ARG(c[i].key), (long long)c[i].max_age);
    return text;
}

void test_auth_header__challenges_at_the_edges(void **state)
{
    (void)state;
    /* YQ== is "a", Yg== is "b" */
    static const char *const cases[][2] = {
        {"", ""},
        {" , ,", ""},
        {"PrivateToken challenge=YQ==", "a||-1;"},
        {"PrivateToken challenge=YQ", "a||-1;"},
        {"privatetoken CHALLENGE=\"YQ\" , Token-Key = \"Yg==\"", "a|b|-1;"},
        {"PrivateToken challenge=YQ,max-age=0,max-agent=9", "a||0;"},
        {"Basic realm=\"a, PrivateToken challenge=\\\"YQ\\\"\", PrivateToken challenge=Yg", "b||-1;"},
        {"Negotiate, PrivateToken challenge=Yg", "b||-1;"},
        {"Negotiate YII/+a==, PrivateToken challenge=Yg", "b||-1;"},
        {"PrivateToken challenge=YQ, Negotiate abc=, PrivateToken challenge=Yg", "a||-1;b||-1;"},
        {"PrivateToken challenge=YQ, Bearer realm=x, challenge=Yg", "a||-1;"},
        {"Bearer challenge=YQ", ""},
        {"PrivateToken challenge=YQ,PrivateToken challenge=YQ,PrivateToken challenge=YQ", "too many"},
        {"PrivateToken", "refused"},
        {"PrivateToken token-key=YQ", "refused"},
        {"PrivateToken YQ==", "refused"},
        {"PrivateToken challenge=\"\"", "refused"},
        {"PrivateToken challenge=", "refused"},
        {"PrivateToken challenge=YQ===", "refused"},
        {"PrivateToken challenge=YR==", "refused"}, /* bits that do not count */
        {"PrivateToken challenge=\"YQ", "refused"},
        {"PrivateToken challenge=\"YQ\\", "refused"},
        {"PrivateToken challenge=\"YQ\"x", "refused"},
        {"PrivateToken challenge=YQ challenge=YQ", "refused"},
        {"PrivateToken challenge=YQ, challenge=YQ", "refused"},
        {"PrivateToken challenge=YQ, token-key=YQ, token-key=YQ", "refused"},
        {"PrivateToken challenge=YQ, max-age=-1", "refused"},
        {"PrivateToken challenge=YQ, max-age=1x", "refused"},
        {"PrivateToken challenge=YQ, max-age=99999999999", "refused"},
        {"PrivateToken challenge=YQ, max-age=1, max-age=1", "refused"},
        {"=", "refused"},
        {"PrivateToken\x01", "refused"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[100];
        assert_string_equal(read_as(span_of(cases[i][0]), text, sizeof text), cases[i][1]);
    }
    static char much[AUTH_HEADER_MOST + 1];
    char text[100];
    memset(much, ',', sizeof much);
    assert_string_equal(read_as((struct span){much, sizeof much}, text, sizeof text), "too many");
}

void test_auth_header__credentials_are_read_as_written(void **state)
{
    (void)state;
    uint8_t key[AUTH_KEY], pass[AUTH_PASS], again[AUTH_PASS];
    struct span value;
    AUTO_BUF struct buf out;
    buf_init(&out, 600);
    memset(key, 0xfb, sizeof key);
    for (size_t i = 0; i < AUTH_PASS; i++)
        pass[i] = (uint8_t)i;
    auth_key_write(&out, AUTH_CROWD, key);
    assert_string_equal(buf_text(&out), "Crowd -_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");
    assert_int_equal(auth_scheme(buf_span(&out), &value), AUTH_CROWD);
    assert_true(auth_key_read(value, again) && memcmp(again, key, AUTH_KEY) == 0);
    buf_reset(&out);
    auth_key_write(&out, AUTH_BEARER, key);
    assert_int_equal(auth_scheme(buf_span(&out), &value), AUTH_BEARER);
    assert_int_equal(value.n, AUTH_KEY_TEXT);
    buf_clear(&out);
    auth_pass_write(&out, pass);
    assert_true(out.room >= out.n && out.n == 20 + 472 + 1);
    assert_int_equal(auth_scheme(buf_span(&out), &value), AUTH_PRIVATE_TOKEN);
    assert_true(span_starts(value, SPAN("token=\"AAECAwQF")) && span_ends(value, SPAN("\"")));
    assert_true(auth_pass_read(value, again) && memcmp(again, pass, AUTH_PASS) == 0);
}

void test_auth_header__other_credentials_are_refused(void **state)
{
    (void)state;
    uint8_t pass[AUTH_PASS] = {0};
    struct span value;
    AUTO_BUF struct buf out, bare;
    buf_init(&out, 600);
    buf_init(&bare, 600);
    auth_pass_write(&out, pass);
    assert_int_equal(auth_scheme(buf_span(&out), &value), AUTH_PRIVATE_TOKEN);
    assert_true(auth_pass_read(value, pass));
    assert_false(auth_pass_read(span_first(value, value.n - 1), pass));
    buf_add_text(&out, ",a=b");
    (void)auth_scheme(buf_span(&out), &value);
    assert_false(auth_pass_read(value, pass));
    buf_add_text(&bare, "token=");
    buf_add(&bare, span_first(span_from(buf_span(&out), 20), 472));
    assert_true(auth_pass_read(buf_span(&bare), pass)); /* as others write it */
    assert_false(auth_pass_read(span_first(buf_span(&bare), bare.n - 4), pass));
    bare.p[bare.n - 1] = '+';
    assert_false(auth_pass_read(buf_span(&bare), pass));
    bare.p[0] = 'p';
    assert_false(auth_pass_read(buf_span(&bare), pass));
    assert_false(auth_pass_read(SPAN(""), pass));
    assert_false(auth_key_read(SPAN(""), pass));
    assert_false(auth_key_read(SPAN("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), pass));
    assert_false(auth_key_read(SPAN("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"), pass));
    assert_int_equal(auth_scheme(SPAN("  cRoWd   x "), &value), AUTH_CROWD);
    assert_span(value, "x");
    assert_int_equal(auth_scheme(SPAN("Basic x"), &value), AUTH_OTHER);
    assert_int_equal(auth_scheme(SPAN(""), &value), AUTH_OTHER);
    assert_int_equal(auth_scheme(SPAN("Bearer"), &value), AUTH_BEARER);
    assert_int_equal(value.n, 0);
}

void test_auth_header__without_memory_it_says_so(void **state)
{
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        struct auth_challenge c[1];
        size_t n = 0;
        mem_fail_at(nth, true);
        struct arena *AUTO_ARENA arena = arena_new();
        bool done = auth_challenges_read(SPAN("PrivateToken challenge=YQ"), arena, c, 1, &n, &err);
        size_t asked = mem_asked();
        mem_fail_at(0, false);
        if (asked < nth) {
            assert_ok(done && n == 1, &err);
            break;
        }
        assert_false(done);
        assert_int_equal(err.code, E_MEMORY);
    }
}
