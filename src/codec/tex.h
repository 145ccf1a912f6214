#ifndef CODEC_TEX_H
#define CODEC_TEX_H
/* TeX as it stands in titles and names: accents become letters, braces and `$` go, names of commands go and
 * what they hold stays ("{\'E}cole" is "École", "$\mathbb{R}^N$" is "R^N"). Nothing is run. */
#include "base/buf.h"

void tex_plain(struct buf *out, struct span text);
#endif
