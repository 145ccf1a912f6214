# awk -f tools/gentests.awk test/io/db.c test/io/file.c … > main.c
# A test is a function `void test_<file>__<what_must_hold>(void **state)` at the left margin. This writes a main that runs them all,
# a group per file, and exits with the number of failures. A file without tests, or no tests at all, is an error.
FNR == 1 { file = FILENAME; sub(/^.*test\//, "", file); sub(/\.c$/, "", file); files[++nf] = file }
/^void test_[a-z0-9_]+\(void \*\*state\)/ {
    name = $0; sub(/^void /, "", name); sub(/\(.*/, "", name)
    names[file, ++count[file]] = name
}
END {
    print "/* Made by tools/gentests.awk. */"
    print "#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <cmocka.h>\n"
    for (i = 1; i <= nf; i++) {
        if (!count[files[i]]) { print "#error \"" files[i] " has no tests\""; continue }
        for (j = 1; j <= count[files[i]]; j++) print "void " names[files[i], j] "(void **state);"
    }
    print "\nint main(void)\n{\n    int failed = 0;"
    for (i = 1; i <= nf; i++) {
        print "    {\n        const struct CMUnitTest tests[] = {"
        for (j = 1; j <= count[files[i]]; j++) print "            cmocka_unit_test(" names[files[i], j] "),"
        print "        };\n        failed += cmocka_run_group_tests_name(\"" files[i] "\", tests, NULL, NULL);\n    }"
    }
    print "    return failed != 0;\n}"
}
