"""Names and paths with line ends, quotes, markup or bytes that are no UTF-8: shown cleaned, never interpreted, never lost."""
import os

import house
from house import DAY, NOW, commit

NASTY = b"<script>alert('x')</script>\"&\xff\xfe\xc3("


class Names(house.Test):
    def nasty_repo(self, name):
        path = os.path.join(self.src.encode(), name)
        os.mkdir(path)
        house.run([b"git", b"init", b"-q", path], env=self.env)
        out = b"commit refs/heads/main\nauthor %s <%s> %d +0100\ncommitter %s <%s> %d +0100\ndata 2\nx\n" % (
            b"Wei \xff", house.ME.encode(), NOW - DAY, b"Wei", house.ME.encode(), NOW - DAY)
        house.run([b"git", b"-C", path, b"fast-import", b"--quiet", b"--date-format=raw-permissive"], input=out, env=self.env)
        return path

    def test_folders_with_line_ends_quotes_and_bad_bytes(self):
        for name in (b"new\nline", b"quo\"te's", b"bad\xff\xfebytes", b"-rf", b"$(touch gone)", b"  blanks ", b"<b>bold",
                     "中文 论文".encode(), b"tab\there"):
            self.nasty_repo(name)
        got = self.hours(self.src)
        self.assertEqual(got["events"], 1, "the same commit, by its id, once")
        self.assertFalse(os.path.exists(self.at("src", "gone")))
        done = self.respite("hours", self.src)
        self.assertEqual(done.status, 0, done.err)

    def test_such_a_folder_given_by_name(self):
        path = self.nasty_repo(b"bad\xff\nname")
        done = self.respite("hours", "--json", path)
        self.assertEqual(done.json()["events"], 1)

    def test_the_page_escapes_them(self):
        # A slash cannot stand in a folder's name.
        self.nasty_repo(NASTY.replace(b"/", b""))
        browser = self.node().browser()
        for page in (browser.get("/"), browser.picture()):
            self.assertNotIn("<script>alert", page.text)
            self.assertNotIn(b"\xff", page.body)
        for path, page in browser.walk().items():
            self.assertNotIn("<script>alert", page.text, path)

    def test_identities_with_markup_are_shown_escaped(self):
        self.repo("theirs", [commit(NOW - DAY, mail=b"a\"b'c&d@x.example", name=b"\xff\xfe")])
        page = self.node().browser().get("/")
        self.assertNotIn("a\"b'c&d@", page.text)
        done = self.respite("hours", self.src)
        self.assertIn(done.status, (0, 1))

    def test_a_mail_compares_without_regard_to_case(self):
        repo = self.repo("case", [commit(NOW - DAY, mail=house.ME.upper())])
        self.assertEqual(self.hours(repo)["events"], 1)

    def test_an_author_name_of_a_megabyte(self):
        repo = self.repo("long", [commit(NOW - 2 * DAY)])
        who = b"W" * 1000000 + b" <%s> " % house.ME.encode()
        self.raw_commit(repo, who + b"%d +0100" % (NOW - DAY), b"Wei <%s> %d +0100" % (house.ME.encode(), NOW - DAY), "long")
        self.assertGreaterEqual(self.hours(repo)["events"], 1)

    def test_a_mail_of_a_megabyte_ends_in_a_sentence_or_is_read(self):
        repo = self.repo("longmail", [commit(NOW - 2 * DAY)])
        who = b"W <" + b"w" * 3000000 + b"> "
        self.raw_commit(repo, who + b"%d +0100" % (NOW - DAY), b"Wei <%s> %d +0100" % (house.ME.encode(), NOW - DAY), "long")
        done = self.respite("hours", repo)
        self.assertIn(done.status, (0, 1))
        if done.status:
            self.plain(done.err, "longmail")

    def test_a_config_whose_mail_is_odd(self):
        with open(self.config, "ab") as f:
            f.write(b"[user]\n\temail = \"we\\\"i\\n@x\"\n")
        repo = self.repo("conf", [commit(NOW - DAY)])
        done = self.respite("hours", repo)
        self.assertIn(done.status, (0, 1))

    def test_git_variables_of_the_environment_do_not_lead_astray(self):
        repo = self.repo("right", [commit(NOW - DAY)])
        wrong = self.repo("wrong", [commit(NOW - i * DAY) for i in range(9, 1, -1)])
        env = {"GIT_DIR": os.path.join(wrong, ".git"), "GIT_WORK_TREE": wrong, "GIT_PAGER": "false", "GIT_TRACE": "1",
               "GIT_CEILING_DIRECTORIES": "/"}
        self.assertEqual(self.hours(repo, env=env)["events"], 1)


if __name__ == "__main__":
    house.main()
