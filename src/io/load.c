/* Shared libraries when they are first needed. POSIX promises that what dlsym() gives can be a function;
 * ISO C has no cast for that, so the pointer is copied byte by byte. */
#include "io/load.h"

#include <dlfcn.h>
#include <string.h>

#include "base/words.h"

#include "base/banned.h"

static bool find_all(const struct library *l, void *handle)
{
    for (size_t i = 0; l->names[i]; i++) {
        void *found = dlsym(handle, l->names[i]);
        if (!found)
            return false;
        memcpy((char *)l->table + i * sizeof found, &found, sizeof found);
    }
    return true;
}

bool library_load(struct library *l, struct err *err)
{
    pthread_mutex_lock(&l->lock);
    if (!l->loaded) {
        void *handle = dlopen(l->file, RTLD_NOW | RTLD_LOCAL);
        l->loaded = handle && find_all(l, handle);
        if (handle && !l->loaded)
            dlclose(handle);
    }
    bool loaded = l->loaded;
    pthread_mutex_unlock(&l->lock);
    return loaded ||
           fail(err, E_MISSING,
                tr("err.io.library", "This needs the library %s, which is not installed here. Install "
                                     "the package %s and try again."),
                l->file, l->package);
}
