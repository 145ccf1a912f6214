/* Addresses that may be the person's. */
#include "rest/suggest.h"

#include "base/buf.h"
#include "base/vec.h"
#include "codec/mailmap.h"
#include "io/file.h"

#include "base/banned.h"

enum { MAILMAP_MOST = 4 << 20, ASKED_MOST = 24 };

bool mails_add(struct arena *arena, struct mails *mails, struct span mail)
{
    if (mail.n == 0 || mails_hold(mails, mail))
        return true;
    struct span copy = arena_span(arena, mail), *at = copy.p ? VEC_PUSH(arena, mails) : NULL;
    if (at)
        *at = copy;
    return at != NULL;
}

bool suggest_noreply(struct span mail, const struct mails *mine)
{
    struct span rest = mail, local, name;
    if (span_find(mail, SPAN("@users.noreply.")) < 0 || !span_cut(&rest, '@', &local))
        return false;
    name = local;
    if (span_cut(&local, '+', &name))
        name = local;
    for (size_t i = 0; i < mine->n; i++) {
        struct span other = mine->at[i], other_local;
        span_cut(&other, '@', &other_local);
        if (name.n > 2 && span_eq_nocase(name, other_local))
            return true;
    }
    return mine->n == 0; /* nobody to tell strangers from: then each is asked about */
}

static bool one_line(struct arena *arena, const struct mailmap_line *l, const struct mails *mine,
                     struct mails *asked)
{
    bool a = mails_hold(mine, l->proper), b = mails_hold(mine, l->commit);
    if (a == b || l->commit.n == 0 || asked->n >= ASKED_MOST)
        return true;
    return mails_add(arena, asked, a ? l->commit : l->proper);
}

bool suggest_mailmap(struct arena *arena, const char *repo, const struct mails *mine, struct mails *asked,
                     struct err *err)
{
    struct buf AUTO_BUF text;
    struct err none = {0};
    struct mailmap_line line;
    const char *path = file_join(arena, repo, ".mailmap");
    buf_init(&text, MAILMAP_MOST);
    if (!path)
        return fail_memory(err);
    if (!file_exists(path) || !file_read(path, &text, &none))
        return none.code != E_MEMORY || fail_memory(err);
    for (struct span in = buf_span(&text); mailmap_next(&in, &line);)
        if (!one_line(arena, &line, mine, asked))
            return fail_memory(err);
    return true;
}
