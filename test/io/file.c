/* io/file.h: what is read, written, removed and where; every refusal is a sentence. */
#include "test/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"
#include "test/io/place.h"

void test_file__reads_whole_files_up_to_the_ceiling(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "f");
    place_put(path, "0123456789", 10);
    AUTO_BUF struct buf b;
    buf_init(&b, 12);
    buf_add_text(&b, "ab");
    assert_ok(file_read(path, &b, &err), &err);
    assert_span(buf_span(&b), "ab0123456789");
    buf_clear(&b);
    buf_init(&b, 11);
    buf_add_text(&b, "ab");
    assert_false(file_read(path, &b, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_span(buf_span(&b), "ab");
    place_clear(&place);
}

void test_file__a_ceiling_holds_for_files_that_do_not_say_their_size(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf b;
    buf_init(&b, 10);
    assert_false(file_read("/dev/zero", &b, &err));
    assert_int_equal(err.code, E_LIMIT);
    assert_int_equal(b.n, 0);
}

void test_file__reads_on_from_where_it_was(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "f");
    place_put(path, "0123456789", 10);
    AUTO_BUF struct buf b;
    buf_init(&b, 100);
    uint64_t size = 0, inode = 0;
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_ok(file_read_from(path, 7, &b, &size, &inode, &err), &err);
    assert_span(buf_span(&b), "789");
    assert_int_equal(size, 10);
    assert_int_equal(inode, st.st_ino);
    assert_ok(file_read_from(path, 70, &b, &size, &inode, &err),
              &err); /* it became shorter: the size says so */
    assert_int_equal(b.n, 3);
    place_clear(&place);
}

void test_file__what_cannot_be_read_is_said(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf b;
    buf_init(&b, 100);
    assert_false(file_read("/nonexistent\n\xff\xe2\x80\xaex", &b, &err));
    assert_int_equal(err.code, E_MISSING);
    for (const char *c = err.text; *c; c++)
        assert_true((unsigned char)*c >= 0x20);
    assert_null(strstr(err.text, "\xe2\x80\xae")); /* no turning the text round */
    err_clear(&err);
    assert_false(file_read("/tmp", &b, &err));
    assert_int_equal(err.code, E_USAGE);
}

void test_file__a_write_replaces_whole_and_leaves_nothing_beside(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    struct arena *AUTO_ARENA arena = arena_new();
    struct file_entries list;
    place_make(&place);
    const char *path = place_name(&place, "f");
    assert_ok(file_write(path, SPAN("one"), &err), &err);
    assert_ok(file_write(path, SPAN("two, longer"), &err), &err);
    AUTO_BUF struct buf b;
    buf_init(&b, 100);
    assert_ok(file_read(path, &b, &err), &err);
    assert_span(buf_span(&b), "two, longer");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_false(file_write(place_name(&place, "no/f"), SPAN("x"), &err));
    assert_int_equal(err.code, E_MISSING);
    err_clear(&err);
    assert_int_equal(mkdir(place_name(&place, "d"), 0700), 0);
    assert_false(file_write(place_name(&place, "d"), SPAN("x"), &err)); /* a folder stands there */
    err_clear(&err);
    assert_ok(file_list(arena, place.dir, &list, &err), &err);
    assert_int_equal(list.n, 2);
    place_clear(&place);
}

void test_file__folders_are_made_and_closed_to_others(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    struct stat st;
    place_make(&place);
    assert_ok(file_make_dir(place_name(&place, "a/b//c/"), true, &err), &err);
    assert_int_equal(stat(place_name(&place, "a/b"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(chmod(place_name(&place, "a/b/c"), 0755), 0);
    assert_ok(file_make_dir(place_name(&place, "a/b/c"), false, &err), &err);
    assert_int_equal(stat(place_name(&place, "a/b/c"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    assert_ok(file_make_dir(place_name(&place, "a/b/c"), true, &err), &err);
    assert_int_equal(stat(place_name(&place, "a/b/c"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    place_put(place_name(&place, "f"), "x", 1);
    assert_false(file_make_dir(place_name(&place, "f"), true, &err));
    assert_int_equal(err.code, E_USAGE);
    err_clear(&err);
    assert_false(file_make_dir(place_name(&place, "f/g"), true, &err));
    assert_int_equal(err.code, E_MISSING);
    place_clear(&place);
}

void test_file__removing_never_follows_a_link_out(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    assert_ok(file_make_dir(place_name(&place, "keep"), true, &err), &err);
    place_put(place_name(&place, "keep/f"), "x", 1);
    assert_ok(file_make_dir(place_name(&place, "go/deep/er"), true, &err), &err);
    place_put(place_name(&place, "go/deep/f"), "x", 1);
    assert_int_equal(symlink(place_name(&place, "keep"), place_name(&place, "go/deep/link")), 0);
    assert_ok(file_remove(place_name(&place, "go"), &err), &err);
    assert_false(file_exists(place_name(&place, "go")));
    assert_true(file_exists(place_name(&place, "keep/f")));
    assert_ok(file_remove(place_name(&place, "go"), &err), &err); /* gone already */
    assert_int_equal(symlink("keep", place_name(&place, "link")), 0);
    assert_ok(file_remove(place_name(&place, "link"), &err), &err);
    assert_true(file_is_dir(place_name(&place, "keep")));
    place_clear(&place);
}

void test_file__lists_by_name_and_tells_links_from_folders(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    struct arena *AUTO_ARENA arena = arena_new();
    struct file_entries list;
    place_make(&place);
    assert_int_equal(mkdir(place_name(&place, "b"), 0700), 0);
    place_put(place_name(&place, "c"), "x", 1);
    assert_int_equal(symlink("b", place_name(&place, "a")), 0);
    assert_ok(file_list(arena, place.dir, &list, &err), &err);
    assert_int_equal(list.n, 3);
    assert_string_equal(list.at[0].name, "a");
    assert_true(list.at[0].is_link && !list.at[0].is_dir);
    assert_true(list.at[1].is_dir && !list.at[1].is_link);
    assert_true(!list.at[2].is_dir && !list.at[2].is_link);
    assert_false(file_list(arena, place_name(&place, "no"), &list, &err));
    assert_int_equal(err.code, E_MISSING);
    char *real = NULL;
    err_clear(&err);
    assert_ok(file_real(arena, place_name(&place, "a/../b/."), &real, &err), &err);
    assert_true(span_ends(span_of(real), SPAN("/b")));
    assert_false(file_real(arena, place_name(&place, "no"), &real, &err));
    assert_int_equal(err.code, E_MISSING);
    place_clear(&place);
}

void test_file__a_lock_is_held_by_one_process_and_dies_with_it(void **state)
{
    (void)state;
    struct err err = {0};
    struct place place;
    place_make(&place);
    const char *path = place_name(&place, "lock");
    int ends[2], fd = -1;
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool held = file_lock(path, &fd, &err) && write(ends[1], "x", 1) == 1;
        pause();
        _exit(held);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_false(file_lock(path, &fd, &err));
    assert_int_equal(err.code, E_BUSY);
    kill(pid, 9);
    assert_int_equal(place_wait(pid), 128 + 9);
    err_clear(&err);
    assert_ok(file_lock(path, &fd, &err), &err);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
    close(ends[0]);
    close(ends[1]);
    place_clear(&place);
}

void test_file__paths_follow_the_xdg_rules(void **state)
{
    (void)state;
    struct err err = {0};
    struct arena *AUTO_ARENA arena = arena_new();
    struct paths p;
    char home[256], xdg[256];
    snprintf(home, sizeof home, "%s", getenv("HOME") ? getenv("HOME") : "");
    snprintf(xdg, sizeof xdg, "%s", getenv("XDG_DATA_HOME") ? getenv("XDG_DATA_HOME") : "");
    setenv("HOME", "/home/wei", 1);
    unsetenv("XDG_DATA_HOME");
    assert_ok(paths_find(arena, NULL, &p, &err), &err);
    assert_string_equal(p.data, "/home/wei/.local/share/respite");
    assert_string_equal(p.db, "/home/wei/.local/share/respite/respite.db");
    assert_string_equal(path_shown(arena, &p, "/home/wei/src/thesis"), "~/src/thesis");
    assert_string_equal(path_shown(arena, &p, "/home/wei"), "~");
    assert_string_equal(path_shown(arena, &p, "/home/weiss/x"), "/home/weiss/x");
    assert_string_equal(path_shown(arena, &p, "/a\nb"), "/a\xef\xbf\xbd"
                                                        "b");
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_ok(paths_find(arena, NULL, &p, &err), &err);
    assert_string_equal(p.data, "/home/wei/.local/share/respite");
    setenv("XDG_DATA_HOME", "/x", 1);
    assert_ok(paths_find(arena, NULL, &p, &err), &err);
    assert_string_equal(p.data, "/x/respite");
    assert_ok(paths_find(arena, "/data/", &p, &err), &err);
    assert_string_equal(p.db, "/data/respite.db");
    assert_ok(paths_find(arena, "here", &p, &err), &err);
    assert_true(p.data[0] == '/' && span_ends(span_of(p.data), SPAN("/here")));
    unsetenv("HOME");
    assert_ok(paths_find(arena, "/data", &p, &err), &err);
    assert_true(p.home[0] == '/');
    assert_false(paths_find(arena, "", &p, &err));
    assert_int_equal(err.code, E_USAGE);
    home[0] ? setenv("HOME", home, 1) : unsetenv("HOME");
    xdg[0] ? setenv("XDG_DATA_HOME", xdg, 1) : unsetenv("XDG_DATA_HOME");
}

static bool some_work(const char *dir, struct err *err)
{
    struct arena *AUTO_ARENA arena = arena_new();
    AUTO_BUF struct buf b;
    struct file_entries list;
    struct paths p;
    char *real, path[200];
    buf_init(&b, 1000);
    snprintf(path, sizeof path, "%s/f", dir);
    return (arena || fail(err, E_MEMORY, "no arena")) && file_write(path, SPAN("x"), err) &&
           file_read(path, &b, err) && file_list(arena, dir, &list, err) &&
           file_real(arena, dir, &real, err) && paths_find(arena, NULL, &p, err);
}

void test_file__without_memory_there_is_one_sentence_and_no_leak(void **state)
{
    (void)state;
    struct place place;
    place_make(&place);
    bool done = false;
    for (size_t nth = 1; !done && nth < 100; nth++) {
        struct err err = {0};
        mem_fail_at(nth, false);
        done = some_work(place.dir, &err);
        mem_fail_at(0, false);
        assert_true(done || err.code == E_MEMORY);
    }
    assert_true(done);
    place_clear(&place);
}
