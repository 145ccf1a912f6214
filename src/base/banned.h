#ifndef BASE_BANNED_H
#define BASE_BANNED_H
/* Library calls that have hurt too many people, made impossible to write: `#include "base/banned.h"` stands
 * last among the includes of each .c file (tools/check looks). Memory is asked for through base/mem.h, so
 * that a test can make each request fail in turn; src/base/mem.c alone may call the allocator. */
#undef sprintf /* macros of a fortified glibc under clang */
#undef vsprintf
#undef asprintf
#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok atoi atol atof strncpy strncat
#ifndef BASE_MAY_ALLOCATE
#pragma GCC poison malloc calloc realloc strdup strndup asprintf
#endif
#endif
