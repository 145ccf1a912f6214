/* gettext behind tr(), and dates and numbers as each language writes them.
 * The catalogue is asked for by name (LANGUAGE) and not by the machine's locale: which language a page has is
 * the person's setting, and a machine without Chinese locales shows Chinese all the same. Both look-ups may
 * run in several threads; what they read (LANGUAGE, the mapped file) is set here once, before any thread, and
 * never again. */
#include "ui/lang.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/file.h"

#include "base/banned.h"

#define DOMAIN "respite"
#define CATALOGUE "zh_CN"

static const char *look_up(const char *context_and_english, const char *english)
{
    const char *found = dcgettext(DOMAIN, context_and_english, LC_MESSAGES);
    return found == context_and_english ? english : found;
}

static const char *look_up_n(const char *context_and_one, const char *one, const char *many, unsigned long n)
{
    const char *found = dcngettext(DOMAIN, context_and_one, many, n, LC_MESSAGES);
    return found == context_and_one ? one : found; /* not found and n != 1: gettext gives `many` itself */
}

/* Folders where the catalogue may be, seen from the folder of the program: where it was built, where it was
 * installed. */
static const char *const beside[] = {"po", "../share/locale"};

/* The first of them that holds a catalogue, into `out`: so a program runs from where it was built, and an
 * installed one can be moved as a whole. */
static bool beside_program(char *out, size_t size)
{
    char exe[4096], file[4300];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0 || (size_t)n >= sizeof exe - 1)
        return false;
    while (n > 0 && exe[n - 1] != '/')
        n--;
    exe[n] = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        int length = snprintf(out, size, "%s%s", exe, beside[i]);
        snprintf(file, sizeof file, "%s%s/" CATALOGUE "/LC_MESSAGES/" DOMAIN ".mo", exe, beside[i]);
        if (length > 0 && (size_t)length < size && file_exists(file))
            return true;
    }
    return false;
}

static char *original; /* "LANGUAGE=…" as the person has it */

static void keep_language(void)
{
    static bool ours; /* what stands there is what was set here */
    const char *value = getenv("LANGUAGE");
    if (ours && value && strcmp(value, CATALOGUE) == 0)
        return;
    ours = true;
    mem_free(original);
    size_t size = value ? strlen(value) + sizeof "LANGUAGE=" : 0;
    original = value ? mem_get(size) : NULL;
    if (original)
        snprintf(original, size, "LANGUAGE=%s", value);
}

const char *lang_environment(void)
{
    return original;
}

void lang_start(void)
{
    char folder[4200];
    keep_language();
    setlocale(LC_MESSAGES, "C.UTF-8"); /* in the locale "C" gettext looks nothing up */
    setenv("LANGUAGE", CATALOGUE, 1);
    bindtextdomain(DOMAIN, beside_program(folder, sizeof folder) ? folder : LOCALE_DIR);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    static const char english[] = "This week";
    bool found =
        look_up("nav.week\004This week", english) != english; /* maps the file, and the converter, now */
    look_up_n("lang.start\004one", "one", "many", 2);
    if (found) /* without its catalogue Chinese would come out half and half: all is English then, and
                  `respite doctor` says why */
        words_plug(look_up, look_up_n);
}

bool lang_read(const char *text, enum lang *out)
{
    struct span s = span_of(text);
    struct span language = span_first(s, 2);
    if (s.n < 2 || (s.n > 2 && !memchr("_-.@", s.p[2], 4)))
        return false;
    if (span_eq_nocase(language, SPAN("en")))
        *out = LANG_EN;
    else if (span_eq_nocase(language, SPAN("zh")))
        *out = LANG_ZH;
    else
        return false;
    return true;
}

enum lang lang_guess(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) { /* the first that is set decides, as in every program */
            enum lang lang = LANG_EN;
            return lang_read(value, &lang) ? lang : LANG_EN;
        }
    }
    return LANG_EN;
}

const char *lang_tag(enum lang lang)
{
    return lang == LANG_ZH ? "zh-Hans" : "en";
}

static bool chinese(void)
{
    return words_lang() == LANG_ZH;
}

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

static const char *month(struct ymd d)
{
    return months[(d.month + 11) % 12];
}

static const char *weekday_name(int weekday)
{
    static const char *const en[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const zh[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    int day = ((weekday % 7) + 7) % 7;
    return chinese() ? zh[day] : en[day];
}

const char *say_number(struct arena *arena, int64_t n)
{
    char digits[32], out[48];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)n);
    int first = digits[0] == '-', at = 0;
    for (int i = 0; i < length; i++) {
        if (i > first && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return arena_printf(arena, "%s", out);
}

const char *say_day(struct arena *arena, day_t day)
{
    struct ymd d = day_ymd(day);
    return chinese() ? arena_printf(arena, "%d 月 %d 日", d.month, d.day)
                     : arena_printf(arena, "%d %s", d.day, month(d));
}

const char *say_day_year(struct arena *arena, day_t day)
{
    struct ymd d = day_ymd(day);
    return chinese() ? arena_printf(arena, "%d 年 %d 月 %d 日", d.year, d.month, d.day)
                     : arena_printf(arena, "%d %s %d", d.day, month(d), d.year);
}

const char *say_month(struct arena *arena, int year, int number)
{
    return chinese() ? arena_printf(arena, "%d 年 %d 月", year, number)
                     : arena_printf(arena, "%s %d", month((struct ymd){year, number, 1}), year);
}

const char *say_year(struct arena *arena, int year)
{
    return chinese() ? arena_printf(arena, "%d 年", year) : arena_printf(arena, "%d", year);
}

const char *say_day_short(struct arena *arena, day_t day)
{
    struct ymd d = day_ymd(day);
    return chinese() ? arena_printf(arena, "%d-%02d", d.month, d.day)
                     : arena_printf(arena, "%d %.3s", d.day, month(d));
}

const char *say_weekday(struct arena *arena, int weekday)
{
    return arena_printf(arena, "%s", weekday_name(weekday));
}

const char *say_clock(struct arena *arena, int minute)
{
    return arena_printf(arena, "%02d:%02d", minute / 60, minute % 60);
}

const char *say_weekday_clock(struct arena *arena, struct moment m)
{
    int minute = moment_minute(m);
    return arena_printf(arena, "%s %02d:%02d", weekday_name(day_weekday(moment_day(m))), minute / 60,
                        minute % 60);
}

const char *say_days(struct arena *arena, day_t from, day_t to)
{
    struct ymd a = day_ymd(from), b = day_ymd(to);
    if (from == to)
        return say_day(arena, from);
    if (a.year != b.year)
        return arena_printf(arena, chinese() ? "%s至 %s" : "%s to %s", say_day_year(arena, from),
                            say_day_year(arena, to));
    if (chinese())
        return a.month == b.month
                   ? arena_printf(arena, "%d 月 %d 日至 %d 日", a.month, a.day, b.day)
                   : arena_printf(arena, "%d 月 %d 日至 %d 月 %d 日", a.month, a.day, b.month, b.day);
    return a.month == b.month ? arena_printf(arena, "%d to %d %s", a.day, b.day, month(b))
                              : arena_printf(arena, "%d %s to %d %s", a.day, month(a), b.day, month(b));
}

const char *say_counted(struct arena *arena, const char *pattern, int64_t n)
{
    struct buf AUTO_BUF out;
    buf_init(&out, 1024);
    words_say(&out, pattern, {"n", say_number(arena, n)});
    return buf_keep(&out, arena);
}
