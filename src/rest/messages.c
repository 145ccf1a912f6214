/* `git log` with address and message, each ended by a NUL; own ones are handed on. A repository that cannot
 * be read now is left out: the comparison says of how many messages it speaks. */
#include "rest/messages.h"

#include <stdio.h>

#include "base/vec.h"
#include "rest/git.h"
#include "rest/rest_db.h"

#include "base/banned.h"

/* "mail NUL message NUL", again and again; a cut end is left out. */
static bool take(struct app *app, const struct mails *mine, struct span said, size_t *left,
                 struct own_texts *out, struct err *err)
{
    struct span mail, message;
    while (*left && span_cut(&said, 0, &mail) && span_cut(&said, 0, &message)) {
        message = span_trim(message);
        if (!mails_hold(mine, span_trim(mail)) || message.n == 0 || message.n > *left)
            continue;
        struct span *text = VEC_PUSH(app->arena, out);
        if (!text)
            return fail_memory(err);
        *text = arena_span(app->arena, message);
        if (!text->p)
            return fail_memory(err);
        *left -= message.n;
    }
    return true;
}

static bool read_one(struct app *app, const char *path, const struct mails *mine, size_t *left,
                     struct own_texts *out, struct err *err)
{
    char most[24];
    struct proc_end end;
    struct err why = {0};
    AUTO_BUF struct buf said;
    buf_init(&said, 4 * (size_t)MESSAGES_BYTES);
    snprintf(most, sizeof most, "-n%d", MESSAGES_MOST);
    const char *const args[] = {"log", "--branches", "--no-show-signature", "--no-color",
                                most,  "-z",         "--format=%aE%x00%B",  NULL};
    if (!git_output(app->arena, path, args, (struct span){0}, &said, &end, &why))
        return why.code != E_MEMORY || fail_memory(err);
    return end.status != 0 || take(app, mine, buf_span(&said), left, out, err);
}

bool rest_messages(struct app *app, struct own_texts *out, struct err *err)
{
    struct repo_rows rows = {0};
    struct mails mine = {0};
    const int64_t *ids;
    size_t left = MESSAGES_BYTES;
    if (!repos_load(app->db, app->arena, &rows, err) || !identity_load(app->db, app->arena, &mine, &ids, err))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.at[i].chosen == CHOSEN_YES && !read_one(app, rows.at[i].path, &mine, &left, out, err))
            return false;
    return true;
}
