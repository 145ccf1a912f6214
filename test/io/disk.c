/* Looking at folders, and one file in the place of another. */
#include "test/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/disk.h"
#include "io/file.h"

#include "base/banned.h"

static const char *folder_new(struct arena *arena)
{
    char *path = arena_text(arena, SPAN("/tmp/respite-disk-XXXXXX"));
    assert_non_null(path);
    assert_non_null(mkdtemp(path));
    return path;
}

static void folder_drop(const char *path)
{
    struct err err = {0};
    assert_ok(file_remove(path, &err), &err);
}

static void holds(const char *path, const char *text)
{
    struct err err = {0};
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, 100);
    assert_ok(file_read(path, &bytes, &err), &err);
    assert_span(buf_span(&bytes), text);
}

void test_disk__it_says_what_a_folder_is_like(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    const char *dir = folder_new(arena);
    struct disk_state look = {0};
    struct err err = {0};
    assert_int_equal(chmod(dir, 0750), 0);
    assert_ok(disk_look(dir, &look, &err), &err);
    assert_true(look.there && look.folder && look.ours && look.writable && look.free > 0);
    assert_int_equal(look.mode, 0750);
    assert_ok(disk_look(file_join(arena, dir, "nothing"), &look, &err), &err);
    assert_false(look.there);
    assert_ok(file_write(file_join(arena, dir, "letter"), SPAN("x"), &err), &err);
    assert_ok(disk_look(file_join(arena, dir, "letter"), &look, &err), &err);
    assert_true(look.there && !look.folder && look.mode == 0600);
    folder_drop(dir);
}

void test_disk__a_swap_keeps_the_old_file_under_the_name_given(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    const char *dir = folder_new(arena);
    const char *here = file_join(arena, dir, "here"), *kept = file_join(arena, dir, "kept"),
               *fresh = file_join(arena, dir, "fresh");
    struct err err = {0};
    assert_ok(file_write(fresh, SPAN("first"), &err) && disk_swap(here, kept, fresh, &err), &err);
    holds(here, "first");
    assert_false(file_exists(kept) || file_exists(fresh));
    assert_ok(file_write(fresh, SPAN("second"), &err) && disk_swap(here, kept, fresh, &err), &err);
    holds(here, "second");
    holds(kept, "first");
    folder_drop(dir);
}

void test_disk__a_swap_writes_over_nothing_that_is_kept(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    const char *dir = folder_new(arena);
    const char *here = file_join(arena, dir, "here"), *kept = file_join(arena, dir, "kept"),
               *fresh = file_join(arena, dir, "fresh");
    struct err err = {0};
    assert_ok(file_write(here, SPAN("old"), &err) && file_write(kept, SPAN("older"), &err) &&
                  file_write(fresh, SPAN("new"), &err),
              &err);
    assert_false(disk_swap(here, kept, fresh, &err));
    assert_true(err.text[0]);
    holds(here, "old");
    holds(kept, "older");
    folder_drop(dir);
}

void test_disk__a_missing_file_is_renamed_without_a_word(void **state)
{
    (void)state;
    struct arena *AUTO_ARENA arena = arena_new();
    const char *dir = folder_new(arena);
    struct err err = {0};
    assert_ok(disk_rename(file_join(arena, dir, "a"), file_join(arena, dir, "b"), &err), &err);
    assert_false(file_exists(file_join(arena, dir, "b")));
    folder_drop(dir);
}
