/* Lines on standard error. */
#include "base/note.h"

#include <stdio.h>

#include "base/banned.h"

static bool be_quiet;

void note_quiet(bool quiet)
{
    be_quiet = quiet;
}

static void say(const char *format, va_list args)
{
    char line[900];
    vsnprintf(line, sizeof line, format, args);
    fprintf(stderr, "respite: %s\n", line);
}

void note(const char *format, ...)
{
    if (be_quiet)
        return;
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void complaint(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}
