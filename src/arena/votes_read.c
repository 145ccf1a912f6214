/* The front of every reader: bytes of the file, and which kind of file it is. */
#include "arena/votes_read.h"

#include "base/note.h"
#include "base/words.h"
#include "codec/utf8.h"

#include "base/banned.h"

enum { PIECE_MOST = 1 << 20, RECORD_MOST = 64 << 20 };

static void say_progress(struct votes_feed *feed)
{
    uint64_t at, size;
    lines_progress(feed->lines, &at, &size);
    int tenths = size > 100 << 20 ? (int)(at * 10 / size) : 0;
    if (feed->progress && tenths > feed->shown && tenths < 10)
        complaint(tr("arena.progress", "%d %% read"), 10 * (feed->shown = tenths));
}

bool votes_more(struct votes_feed *feed, struct err *err)
{
    struct span piece;
    buf_drop(&feed->in, feed->at);
    feed->at = 0;
    feed->end = feed->end || !feed->lines;
    if (feed->end)
        return true;
    if (feed->in.n >= RECORD_MOST)
        return fail(err, E_LIMIT,
                    tr("err.arena.record", "One record of the file is longer than %d MB. That is no vote."),
                    RECORD_MOST >> 20);
    feed->end = !lines_piece(feed->lines, &piece, err);
    if (feed->end)
        return err->code == E_NONE;
    buf_add(&feed->in, piece);
    say_progress(feed);
    return buf_ok(&feed->in, err);
}

bool votes_bad_outcome(struct votes *v, struct span text, uint64_t line, struct err *err)
{
    if (v->ask.skip_bad)
        return votes_leave(v, LEFT_OUTCOME, line), true;
    AUTO_BUF struct buf clean;
    buf_init(&clean, 4096);
    utf8_clean(&clean, span_first(text, 80));
    return fail(err, E_FORMAT,
                tr("err.arena.outcome",
                   "Line %llu: “%s” is no outcome. Known are model_a, model_b, tie, both_bad "
                   "and tie (bothbad), or left, right, tie. --skip-bad leaves such rows out."),
                (unsigned long long)line, buf_text(&clean));
}

bool votes_read_feed(struct votes *v, struct votes_feed *feed, struct err *err)
{
    struct span front;
    do {
        front = span_trim(buf_span(&feed->in));
        if (span_starts(front, SPAN("\xEF\xBB\xBF")))
            front = span_trim(span_from(front, 3));
        if (front.n)
            break;
        if (!votes_more(feed, err))
            return false;
    } while (!feed->end || feed->in.n > front.n + 4096);
    if (front.n == 0)
        return fail(err, E_FORMAT, tr("err.arena.empty", "The file holds no votes: it is empty."));
    return front.p[0] == '[' || front.p[0] == '{' ? votes_read_json(v, feed, err)
                                                  : votes_read_csv(v, feed, err);
}

bool votes_read(struct votes *v, const char *path, bool progress, struct err *err)
{
    struct lines *AUTO_LINES lines = NULL;
    if (!lines_open(&lines, path, RECORD_MOST, err))
        return false;
    struct votes_feed feed = {.lines = lines, .progress = progress};
    buf_init(&feed.in, (size_t)RECORD_MOST + 2 * PIECE_MOST);
    bool ok = votes_read_feed(v, &feed, err);
    buf_clear(&feed.in);
    return ok;
}
