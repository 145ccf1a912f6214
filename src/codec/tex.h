#ifndef CODEC_TEX_H
#define CODEC_TEX_H
/* TeX as it stands in titles and names: accents become letters, braces and `$` go, names of commands go and
 * what they hold stays ("{\'E}cole" is "École", "$\mathbb{R}^N$" is "R^N"). Nothing is run. */
#include "base/buf.h"

void tex_plain(struct buf *out, struct span text);
/* Whether a text, one that may be no TeX at all, has some: a command, a brace, or a formula between dollar
 * signs, of which the first has no blank behind it and the second none before it and no digit behind it
 * ("from $5 to $10" is none). */
bool tex_is(struct span text);
#endif
