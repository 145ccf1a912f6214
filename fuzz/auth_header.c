/* Headers: challenges written again are read the same; a credential that is read is the one that is written.
 */
#include "fuzz/fuzz.h"

#include "codec/auth_header.h"

#include "base/banned.h"

enum { MOST = 4 };

static void try_challenges(struct span header, struct arena *arena)
{
    struct auth_challenge c[MOST], again[MOST];
    struct err err = {0};
    size_t n = 0, m = 0;
    if (!auth_challenges_read(header, arena, c, MOST, &n, &err)) {
        must(said(&err) && err.code != E_MEMORY && n == 0);
        return;
    }
    AUTO_BUF struct buf out;
    buf_init(&out, 2 * header.n + 400);
    auth_challenges_write(&out, c, n);
    must(n <= MOST && !out.failed && auth_challenges_read(buf_span(&out), arena, again, MOST, &m, &err));
    must(m == n);
    for (size_t i = 0; i < n; i++)
        must(c[i].challenge.n > 0 && span_eq(c[i].challenge, again[i].challenge) &&
             span_eq(c[i].key, again[i].key) && c[i].max_age == again[i].max_age);
}

static void try_credential(struct span header)
{
    uint8_t pass[AUTH_PASS], again[AUTH_PASS];
    struct span value, back;
    enum auth_scheme scheme = auth_scheme(header, &value);
    AUTO_BUF struct buf out;
    buf_init(&out, 600);
    must(inside(value, header));
    if (auth_pass_read(value, pass)) {
        auth_pass_write(&out, pass);
        must(auth_scheme(buf_span(&out), &back) == AUTH_PRIVATE_TOKEN && auth_pass_read(back, again) &&
             memcmp(pass, again, AUTH_PASS) == 0);
    } else if (auth_key_read(value, pass) && scheme <= AUTH_CROWD) {
        auth_key_write(&out, scheme, pass);
        must(auth_scheme(buf_span(&out), &back) == scheme && span_eq(back, value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span header = {(const char *)data, size};
    struct arena *AUTO_ARENA arena = arena_new();
    try_challenges(header, arena);
    try_credential(header);
    return 0;
}
