#ifndef UI_LANG_H
#define UI_LANG_H
/* gettext behind tr(), and how dates and numbers are written in each language. */
#include <stdint.h>

#include "base/day.h"
#include "base/mem.h"
#include "base/words.h"

/* Once, before any thread: finds the catalogue (beside the program in its build folder, else where it was
 * installed) and plugs it into base/words.h. Reads it at once, so that the sandbox need not let it be opened
 * later. */
void lang_start(void);
/* lang_start sets LANGUAGE for this process. For programs started for the person: "LANGUAGE=…" as it was
 * before, NULL when it was not set; the entry of this process is not to be handed on. */
const char *lang_environment(void);
/* "en", "zh", "zh_CN.UTF-8", "zh-Hans" … ; false when it is neither. */
bool lang_read(const char *text, enum lang *out);
/* By $LC_ALL, $LC_MESSAGES, $LANG: for a person who has not chosen. */
enum lang lang_guess(void);
/* "en" or "zh-Hans", for <html lang>. */
const char *lang_tag(enum lang lang);

/* All in the arena, in the language of this thread; "" when there is no memory. */
const char *say_number(struct arena *arena, int64_t n);   /* 1,284 */
const char *say_day(struct arena *arena, day_t day);      /* 17 November | 11 月 17 日 */
const char *say_day_year(struct arena *arena, day_t day); /* 17 November 2026 | 2026 年 11 月 17 日 */
const char *say_month(struct arena *arena, int year, int month); /* December 2025 | 2025 年 12 月 */
const char *say_year(struct arena *arena, int year);             /* 2025 | 2025 年 */
const char *say_day_short(struct arena *arena, day_t day);       /* 17 Nov | 11-17 */
const char *say_weekday(struct arena *arena, int weekday); /* Mon … Sun | 周一 … 周日 ; 0 = Monday */
const char *say_weekday_clock(struct arena *arena, struct moment m); /* Sat 23:10 | 周六 23:10 */
const char *say_clock(struct arena *arena, int minute);              /* 23:10 */
const char *say_days(struct arena *arena, day_t from, day_t to); /* 9 to 15 February | 2 月 9 日至 15 日 */
/* `pattern` with {n} filled, as trn() gives it: "2 folders". */
const char *say_counted(struct arena *arena, const char *pattern, int64_t n);
#endif
