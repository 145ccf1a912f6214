#include "test/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/keep.h"
#include "app/keep_room.h"
#include "app/schema.h"
#include "app/settings_page.h"
#include "io/file.h"

#include "base/banned.h"

static const struct room *const rooms[] = {&keep_room, NULL};

/* A data folder of its own, in a folder that is nobody's home. */
struct place {
    struct arena *arena;
    char top[64];
    struct paths paths;
    struct cli cli;
    struct cli_given given[4];
    const char *words[2];
    struct app app;
};

static void place_open(struct place *p)
{
    struct err err = {0};
    *p = (struct place){.arena = arena_new()};
    snprintf(p->top, sizeof p->top, "%s", "/tmp/respite-keep-XXXXXX");
    assert_non_null(mkdtemp(p->top));
    const char *data = file_join(p->arena, p->top, "data");
    p->paths = (struct paths){.data = data,
                              .db = file_join(p->arena, data, "respite.db"),
                              .home = file_join(p->arena, p->top, "home")};
    assert_ok(file_make_dir(data, true, &err) && file_make_dir(p->paths.home, true, &err), &err);
    p->given[0] = (struct cli_given){"quiet", ""};
    p->given[1] = (struct cli_given){"yes", ""};
    p->cli = (struct cli){.words = p->words, .given = p->given, .given_n = 2};
    p->app = (struct app){.rooms = rooms,
                          .role = NODE,
                          .arena = p->arena,
                          .paths = &p->paths,
                          .cli = &p->cli,
                          .now = 1795000000};
}

static void place_close(struct place *p)
{
    struct err err = {0};
    assert_ok(file_remove(p->top, &err), &err);
    arena_free(p->arena);
}

static const char *in_top(struct place *p, const char *name)
{
    return file_join(p->arena, p->top, name);
}

static void say_word(struct place *p, const char *word)
{
    p->words[0] = word;
    p->cli.words_n = 1;
}

/* Make the database with one setting in it, and close it. */
static void data_make(struct place *p, const char *theme)
{
    struct err err = {0};
    struct db *db = NULL;
    assert_ok(db_open(&db, p->paths.db, &err) && schema_migrate(&p->app, db, NULL, &err) &&
                  setting_put(db, "theme", theme, &err),
              &err);
    db_close(db);
}

static const char *theme_of(struct place *p, const char *path)
{
    struct err err = {0};
    struct db *db = NULL;
    const char *theme = NULL;
    assert_ok(db_open_read(&db, path, &err) && setting_get(db, p->arena, "theme", "", &theme, &err), &err);
    db_close(db);
    return theme;
}

static void backup_make(struct place *p, const char *file)
{
    struct err err = {0};
    say_word(p, file);
    assert_ok(db_open(&p->app.db, p->paths.db, &err), &err);
    assert_int_equal(cmd_backup(&p->app), 0);
    db_close(p->app.db);
    p->app.db = NULL;
}

void test_keep__a_backup_put_back_is_the_same_and_the_present_one_is_kept(void **state)
{
    (void)state;
    struct place p;
    struct stat st;
    place_open(&p);
    data_make(&p, "dark");
    const char *file = in_top(&p, "copy.db");
    backup_make(&p, file);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    data_make(&p, "light");
    assert_int_equal(cmd_restore(&p.app), 0);
    assert_string_equal(theme_of(&p, p.paths.db), "dark");
    assert_string_equal(theme_of(&p, file_join(p.arena, p.paths.data, "respite.db.before-restore-1")),
                        "light");
    assert_false(file_exists(file_join(p.arena, p.paths.data, "respite.db.restoring")));
    assert_false(file_exists(in_top(&p, "copy.db-wal")) || file_exists(in_top(&p, "copy.db-shm")));
    place_close(&p);
}

void test_keep__a_second_backup_does_not_write_over_the_first(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    place_open(&p);
    data_make(&p, "dark");
    backup_make(&p, in_top(&p, "copy.db"));
    assert_ok(db_open(&p.app.db, p.paths.db, &err), &err);
    assert_int_equal(cmd_backup(&p.app), 1);
    db_close(p.app.db);
    p.cli.words_n = 0;
    assert_int_equal(cmd_backup(&p.app), 2);
    place_close(&p);
}

void test_keep__what_is_no_database_of_ours_is_not_restored(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    struct db *db = NULL;
    place_open(&p);
    data_make(&p, "dark");
    const char *text = in_top(&p, "letter.txt"), *other = in_top(&p, "other.db");
    assert_ok(file_write(text, SPAN("Dear Wei, this is no database at all, and long enough to be looked at."),
                         &err),
              &err);
    assert_ok(db_open(&db, other, &err) && db_run(db, &err, "create table song(name text)"), &err);
    db_close(db);
    say_word(&p, text);
    assert_int_equal(cmd_restore(&p.app), 1);
    say_word(&p, other);
    assert_int_equal(cmd_restore(&p.app), 1);
    say_word(&p, in_top(&p, "nothing.db"));
    assert_int_equal(cmd_restore(&p.app), 1);
    assert_string_equal(theme_of(&p, p.paths.db), "dark");
    assert_false(file_exists(file_join(p.arena, p.paths.data, "respite.db.before-restore-1")));
    place_close(&p);
}

void test_keep__a_newer_backup_is_refused_and_nothing_changes(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    struct db *db = NULL;
    place_open(&p);
    data_make(&p, "dark");
    const char *file = in_top(&p, "newer.db");
    backup_make(&p, file);
    assert_ok(db_open(&db, file, &err) &&
                  db_run(db, &err, "insert into migration(room, number) values ('rest', 9999)"),
              &err);
    assert_false(schema_not_newer(&p.app, db, &err));
    assert_int_equal(err.code, E_NEWER);
    db_close(db);
    assert_int_equal(cmd_restore(&p.app), 1);
    assert_string_equal(theme_of(&p, p.paths.db), "dark");
    assert_false(file_exists(file_join(p.arena, p.paths.data, "respite.db.restoring")));
    place_close(&p);
}

void test_keep__restoring_over_something_asks_first(void **state)
{
    (void)state;
    struct place p;
    place_open(&p);
    data_make(&p, "dark");
    backup_make(&p, in_top(&p, "copy.db"));
    data_make(&p, "light");
    p.given[1] = (struct cli_given){"no-input", ""};
    assert_int_equal(cmd_restore(&p.app), 2);
    assert_string_equal(theme_of(&p, p.paths.db), "light");
    place_close(&p);
}

void test_keep__nothing_is_restored_or_forgotten_while_a_node_holds_the_lock(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    int fd;
    place_open(&p);
    data_make(&p, "dark");
    const char *file = in_top(&p, "copy.db");
    backup_make(&p, file);
    assert_ok(file_lock(file_join(p.arena, p.paths.data, "lock"), &fd, &err), &err);
    assert_int_equal(cmd_restore(&p.app), 1);
    p.given[2] = (struct cli_given){"all", ""};
    p.cli.given_n = 3;
    p.cli.words_n = 0;
    assert_int_equal(cmd_forget(&p.app), 1);
    assert_true(file_exists(p.paths.db));
    close(fd);
    assert_int_equal(cmd_forget(&p.app), 0);
    assert_false(file_exists(p.paths.data));
    assert_int_equal(cmd_forget(&p.app), 0);
    place_close(&p);
}

void test_keep__forgetting_asks_and_where_nobody_can_answer_it_refuses(void **state)
{
    (void)state;
    struct place p;
    place_open(&p);
    data_make(&p, "dark");
    assert_int_equal(cmd_forget(&p.app), 2);
    p.given[1] = (struct cli_given){"all", ""};
    p.given[2] = (struct cli_given){"no-input", ""};
    p.cli.given_n = 3;
    assert_int_equal(cmd_forget(&p.app), 2);
    assert_true(file_exists(p.paths.db));
    assert_true(forget_word(SPAN(" Delete\n")) && forget_word(SPAN("删除")));
    assert_false(forget_word(SPAN("yes")) || forget_word(SPAN("")) || forget_word(SPAN("deleted")));
    place_close(&p);
}

void test_keep__a_folder_that_is_not_ours_is_never_removed(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    place_open(&p);
    struct file_entries left = {0};
    assert_false(forget_look(&p.app, &left, &err)); /* neither database nor lock in it */
    assert_int_equal(err.code, E_REFUSED);
    data_make(&p, "dark");
    p.paths.home = file_join(p.arena, p.paths.data, "home");
    assert_ok(file_make_dir(p.paths.home, true, (err_clear(&err), &err)), &err);
    assert_false(forget_look(&p.app, &left, &err)); /* somebody's home is inside */
    p.paths.home = p.paths.data;
    err_clear(&err);
    assert_false(forget_look(&p.app, &left, &err));
    assert_true(file_exists(p.paths.db));
    place_close(&p);
}

static void put(struct place *p, const char *name)
{
    struct err err = {0};
    assert_ok(file_write(file_join(p->arena, p->paths.data, name), SPAN("words"), &err), &err);
}

static bool there(struct place *p, const char *name)
{
    return file_exists(file_join(p->arena, p->paths.data, name));
}

static int forget(struct place *p)
{
    p->given[2] = (struct cli_given){"all", ""};
    p->cli.given_n = 3;
    p->cli.words_n = 0;
    return cmd_forget(&p->app);
}

void test_keep__forgetting_removes_our_names_and_nothing_else(void **state)
{
    (void)state;
    static const char *const ours[] = {"respite.db",
                                       "respite.db.before-restore-1",
                                       "respite.db.restoring",
                                       "example.db",
                                       "lock",
                                       "use",
                                       "key",
                                       "port",
                                       "open.html",
                                       "bots.txt",
                                       "agents.txt",
                                       "port.Ab3dEf"};
    static const char *const theirs[] = {"letter.txt",  "port.thesis", "locker",     "key.Ab3d_f",
                                         "respite.dbx", "lock.tex",    "keys.Ab3dEf"};
    struct place p;
    struct err err = {0};
    place_open(&p);
    data_make(&p, "dark");
    for (size_t i = 1; i < sizeof ours / sizeof *ours; i++)
        put(&p, ours[i]);
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
        put(&p, theirs[i]);
    const char *sub = file_join(p.arena, p.paths.data, "example.db-chapter");
    assert_ok(file_make_dir(sub, true, &err), &err); /* a folder is nothing of ours, whatever its name */
    put(&p, "example.db-chapter/one.tex");
    struct file_entries left = {0};
    assert_ok(forget_look(&p.app, &left, &err), &err);
    assert_int_equal(left.n, sizeof theirs / sizeof *theirs + 1);
    assert_true(span_find(span_of(forget_left_text(&p.app, &left)), SPAN("letter.txt, ")) > 0);
    assert_int_equal(forget(&p), 0);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        assert_false(there(&p, ours[i]));
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
        assert_true(there(&p, theirs[i]));
    assert_true(there(&p, "example.db-chapter/one.tex"));
    place_close(&p);
}

void test_keep__a_folder_with_a_lock_and_things_of_others_is_not_ours(void **state)
{
    (void)state;
    struct place p;
    place_open(&p);
    put(&p, "lock");
    put(&p, "letter.txt");
    assert_int_equal(forget(&p), 1);
    assert_true(there(&p, "lock") && there(&p, "letter.txt"));
    put(&p, "respite.db"); /* no database */
    assert_int_equal(forget(&p), 1);
    assert_true(there(&p, "respite.db") && there(&p, "letter.txt"));
    place_close(&p);
}

void test_keep__forgetting_through_a_link_removes_what_it_leads_to(void **state)
{
    (void)state;
    struct place p;
    place_open(&p);
    data_make(&p, "dark");
    const char *real = p.paths.data, *link = in_top(&p, "link");
    assert_int_equal(symlink(real, link), 0);
    p.paths.data = in_top(&p, "link/"); /* as a shell completes it */
    p.paths.db = in_top(&p, "link/respite.db");
    assert_int_equal(forget(&p), 0);
    assert_false(file_exists(real));
    assert_false(file_is_link(link));
    place_close(&p);
}

void test_keep__a_command_at_work_keeps_restore_and_forget_out(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    struct keep_hold hold;
    int fd;
    place_open(&p);
    data_make(&p, "dark");
    const char *use = file_join(p.arena, p.paths.data, "use");
    backup_make(&p, in_top(&p, "copy.db"));
    assert_ok(file_lock_shared(use, &fd, &err), &err);
    assert_int_equal(cmd_restore(&p.app), 1);
    assert_int_equal(forget(&p), 1);
    assert_ok(keep_use(&p.app, &err), &err); /* commands share it */
    close(fd);
    assert_int_equal(forget(&p), 1);
    assert_true(file_exists(p.paths.db));
    place_close(&p);
    place_open(&p);
    data_make(&p, "dark");
    assert_ok(keep_lock(&p.app, &hold, &err), &err);
    assert_false(keep_use(&p.app, &err));
    assert_int_equal(err.code, E_BUSY);
    keep_unlock(&hold);
    place_close(&p);
}

void test_keep__a_link_that_leads_nowhere_is_not_taken_for_a_free_name(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    place_open(&p);
    data_make(&p, "dark");
    const char *link = in_top(&p, "copy.db");
    assert_int_equal(symlink(in_top(&p, "nowhere.db"), link), 0);
    say_word(&p, link);
    assert_ok(db_open(&p.app.db, p.paths.db, &err), &err);
    assert_int_equal(cmd_backup(&p.app), 1);
    assert_true(file_is_link(link));
    assert_false(file_exists(in_top(&p, "nowhere.db")));
    db_close(p.app.db);
    place_close(&p);
}

void test_keep__an_export_goes_into_a_new_or_empty_folder_alone(void **state)
{
    (void)state;
    struct place p;
    struct err err = {0};
    AUTO_BUF struct buf text;
    place_open(&p);
    buf_init(&text, 10000);
    data_make(&p, "dark");
    assert_ok(db_open(&p.app.db, p.paths.db, &err), &err);
    say_word(&p, in_top(&p, "out"));
    assert_int_equal(cmd_export(&p.app), 0);
    assert_true(file_exists(file_join(p.arena, p.words[0], "README.md")));
    assert_ok(file_read(file_join(p.arena, p.words[0], "settings.json"), &text, &err), &err);
    assert_true(span_find(buf_span(&text), SPAN("dark")) > 0);
    assert_int_equal(cmd_export(&p.app), 1);
    say_word(&p, in_top(&p, "out/README.md"));
    assert_int_equal(cmd_export(&p.app), 1);
    p.cli.words_n = 0;
    assert_int_equal(cmd_export(&p.app), 2);
    db_close(p.app.db);
    place_close(&p);
}

void test_keep__only_a_path_of_ours_leads_back(void **state)
{
    (void)state;
    assert_true(settings_back_ok(SPAN("/")) && settings_back_ok(SPAN("/rest/hours")) &&
                settings_back_ok(SPAN("/help?a=b")));
    assert_false(settings_back_ok(SPAN("")) || settings_back_ok(SPAN("rest")) ||
                 settings_back_ok(SPAN("//evil.example")));
    assert_false(settings_back_ok(SPAN("/\\evil.example")) || settings_back_ok(SPAN("https://evil.example")));
    assert_false(settings_back_ok(SPAN("/a\r\nSet-Cookie: b")) || settings_back_ok(SPAN("/ä")));
}
