/* Posting lists: packing and unpacking blocks of 128, and a cursor that moves forward over them. */
#include "num/post.h"

#include <string.h>

#include "base/banned.h"

enum { ENTRY = 8, ESCAPE = 15, BLOCK_MOST = POST_BLOCK * (4 + 2) /* bytes, with tf in two of them */ };

static void put_le(uint8_t *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* A load that compilers make one instruction of. */
static uint64_t le64(const uint8_t *p)
{
    return le32(p) | (uint64_t)le32(p + 4) << 32;
}

/* ---- writing ---- */

static unsigned width(uint32_t value)
{
    return value ? 32u - (unsigned)__builtin_clz(value) : 0;
}

static uint8_t *pack_gaps(uint8_t *out, const uint32_t *doc, size_t n, unsigned bits)
{
    uint64_t held = 0;
    unsigned have = 0;
    for (size_t i = 1; i < n; i++) {
        held |= (uint64_t)(doc[i] - doc[i - 1] - 1) << have;
        have += bits;
        for (; have >= 8; have -= 8, held >>= 8)
            *out++ = (uint8_t)held;
    }
    if (have)
        *out++ = (uint8_t)held;
    return out;
}

static uint8_t *pack_counts(uint8_t *out, const uint8_t *tf, size_t n)
{
    for (size_t i = 0; i < n; i += 2) {
        unsigned low = tf[i] - 1u, high = i + 1 < n ? tf[i + 1] - 1u : 0;
        *out++ = (uint8_t)((low < ESCAPE ? low : ESCAPE) | (high < ESCAPE ? high : ESCAPE) << 4);
    }
    for (size_t i = 0; i < n; i++)
        if (tf[i] - 1u >= ESCAPE)
            *out++ = tf[i];
    return out;
}

/* The entry of one block, and its bytes behind what is there; room for BLOCK_MOST is made. */
static void pack_block(struct buf *out, uint8_t *entry, const uint32_t *doc, const uint8_t *tf, uint8_t bound,
                       size_t n)
{
    uint8_t *bytes = (uint8_t *)out->p + out->n;
    unsigned bits = 0;
    for (size_t i = 1; i < n; i++) {
        unsigned w = width(doc[i] - doc[i - 1] - 1);
        bits = w > bits ? w : bits;
    }
    size_t size = (size_t)(pack_counts(pack_gaps(bytes, doc, n, bits), tf, n) - bytes);
    put_le(entry, doc[0], 4);
    entry[4] = bound;
    entry[5] = (uint8_t)bits;
    put_le(entry + 6, size, 2);
    buf_grew(out, size);
}

uint8_t post_write(struct buf *out, const uint32_t *doc, const uint8_t *tf, const uint8_t *bound, size_t n)
{
    uint8_t most = 0;
    size_t table = out->n, blocks = (n + POST_BLOCK - 1) / POST_BLOCK;
    if (!buf_space(out, blocks * ENTRY))
        return 0;
    buf_grew(out, blocks * ENTRY);
    for (size_t from = 0; from < n; from += POST_BLOCK) {
        size_t m = n - from < POST_BLOCK ? n - from : POST_BLOCK;
        uint8_t highest = 0, entry[ENTRY];
        for (size_t i = 0; i < m; i++)
            highest = bound[from + i] > highest ? bound[from + i] : highest;
        if (!buf_space(out, BLOCK_MOST))
            return 0;
        pack_block(out, entry, doc + from, tf + from, highest, m);
        memcpy(out->p + table + from / POST_BLOCK * ENTRY, entry, ENTRY);
        most = highest > most ? highest : most;
    }
    return most;
}

/* ---- reading ---- */

static const uint8_t *entry(const struct post *p, uint32_t block)
{
    return p->table + (size_t)block * ENTRY;
}

static unsigned bytes_of(const uint8_t *e)
{
    return e[6] | (unsigned)e[7] << 8;
}

static bool ended(struct post *p, bool broken)
{
    p->block = p->blocks;
    p->in = p->at = 0;
    p->broken = p->broken || broken;
    return false;
}

bool post_open(struct post *p, struct span bytes, uint32_t n, uint32_t docs)
{
    p->table = (const uint8_t *)bytes.p;
    p->end = p->table + bytes.n;
    p->n = n;
    p->docs = docs;
    p->blocks = (n + POST_BLOCK - 1) / POST_BLOCK;
    p->block = 0;
    p->in = p->at = 0;
    p->broken = n == 0 || n > docs || bytes.n < (size_t)p->blocks * ENTRY + POST_PAD;
    p->data = p->broken ? p->end : p->table + (size_t)p->blocks * ENTRY;
    return !p->broken;
}

static bool next_block(struct post *p)
{
    unsigned bytes = bytes_of(entry(p, p->block));
    if ((size_t)(p->end - p->data) < (size_t)bytes + POST_PAD)
        return ended(p, true);
    p->data += bytes;
    p->in = p->at = 0;
    p->block++;
    return p->block < p->blocks;
}

bool post_shallow(struct post *p, uint32_t doc)
{
    if (p->broken || p->block >= p->blocks)
        return false;
    while (p->block + 1 < p->blocks && le32(entry(p, p->block + 1)) <= doc)
        if (!next_block(p))
            return false;
    return true;
}

uint8_t post_bound(const struct post *p)
{
    return entry(p, p->block)[4];
}

uint8_t post_bound_until(const struct post *p, uint32_t end)
{
    uint8_t most = post_bound(p);
    for (uint32_t b = p->block + 1; b < p->blocks && le32(entry(p, b)) < end; b++)
        most = entry(p, b)[4] > most ? entry(p, b)[4] : most;
    return most;
}

uint32_t post_next_block(const struct post *p)
{
    return p->block + 1 < p->blocks ? le32(entry(p, p->block + 1)) : p->docs;
}

static bool unpack_counts(struct post *p, const uint8_t *from, const uint8_t *end, unsigned n)
{
    const uint8_t *more = from + (n + 1) / 2;
    for (unsigned i = 0; i < n; i++) {
        unsigned count = from[i / 2] >> (i % 2 * 4) & 15;
        if (count == ESCAPE) {
            if (more >= end)
                return false;
            count = (unsigned)*more++ - 1u;
        }
        p->tf[i] = (uint8_t)(count + 1u);
    }
    return true;
}

static bool unpack(struct post *p)
{
    const uint8_t *e = entry(p, p->block);
    unsigned n = p->block + 1 < p->blocks ? POST_BLOCK : (p->n - 1) % POST_BLOCK + 1;
    unsigned bits = e[5], bytes = bytes_of(e);
    size_t gaps = ((size_t)(n - 1) * bits + 7) / 8;
    uint64_t doc = le32(e), mask = bits < 64 ? ((uint64_t)1 << bits) - 1 : 0;
    if (bits > 32 || gaps + (n + 1) / 2 > bytes || (size_t)(p->end - p->data) < (size_t)bytes + POST_PAD)
        return ended(p, true);
    p->doc[0] = (uint32_t)doc;
    for (unsigned i = 1, bit = 0; i < n; i++, bit += bits) {
        doc += (le64(p->data + bit / 8) >> bit % 8 & mask) + 1;
        p->doc[i] = (uint32_t)doc;
    }
    if (doc >= p->docs || !unpack_counts(p, p->data + gaps, p->data + bytes, n))
        return ended(p, true);
    p->in = n;
    p->at = 0;
    return true;
}

bool post_seek(struct post *p, uint32_t doc)
{
    if (!post_shallow(p, doc))
        return false;
    do {
        if (!p->in && !unpack(p))
            return false;
        while (p->at < p->in && p->doc[p->at] < doc)
            p->at++;
        if (p->at < p->in)
            return true;
    } while (next_block(p));
    return false;
}
