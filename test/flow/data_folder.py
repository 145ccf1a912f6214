"""The data folder: its modes, what stands in it and what never does, and every way it can fail: read-only, full, in use, newer,
no database at all. Each ends in one plain sentence with nothing lost."""
import os
import resource
import shutil
import sqlite3
import stat
import subprocess

import house
from house import DAY, HOUR, NOW, commit


class Data(house.Test):
    def mode(self, path):
        return stat.S_IMODE(os.lstat(path).st_mode)

    def test_folder_0700_files_0600_whatever_the_umask(self):
        repo = self.two_weeks()
        self.hours(repo, preexec_fn=lambda: os.umask(0))
        self.assertEqual(self.mode(self.data), 0o700)
        node = self.node(repo)
        node.browser().picture()
        for root, dirs, files in os.walk(self.data):
            for name in dirs:
                self.assertEqual(self.mode(os.path.join(root, name)), 0o700, name)
            for name in files:
                self.assertEqual(self.mode(os.path.join(root, name)), 0o600, name)

    def test_a_folder_others_could_read_is_closed(self):
        os.makedirs(self.data, 0o755)
        os.chmod(self.data, 0o755)
        self.hours(self.two_weeks())
        self.assertEqual(self.mode(self.data), 0o700)

    def test_paths_follow_xdg(self):
        for env, there in (({}, self.data), ({"XDG_DATA_HOME": self.at("else")}, self.at("else", "respite")),
                           ({"XDG_DATA_HOME": ""}, os.path.join(self.home, ".local/share/respite")),
                           ({"XDG_DATA_HOME": "relative/is/ignored"}, os.path.join(self.home, ".local/share/respite"))):
            got = self.respite("paths", "--json", env=env)
            self.assertEqual(got.status, 0, got.err)
            for name, path in got.json().items():
                if isinstance(path, str) and path.startswith("/"):
                    self.assertTrue((path + "/").startswith(there + "/"), (name, path, there))

    def test_nothing_is_written_outside(self):
        self.hours(self.two_weeks())
        self.node().browser().picture()
        home = [os.path.join(r, f) for r, _, fs in os.walk(self.home) for f in fs]
        self.assertEqual(home, [])

    def test_no_text_of_commits_and_no_other_person_is_kept(self):
        repo = self.repo("thesis", [commit(NOW - i * DAY, message=b"confidential sentence %d\n" % i, name="Wei Zhang",
                                           files=[(b"chapter-secret.tex", b"body of the text\n")]) for i in range(9, 3, -1)])
        self.grow(repo, [commit(NOW - 2 * DAY, mail=house.OTHER, name="Colleague Q", message=b"theirs\n"),
                         commit(NOW - 2 * DAY + HOUR, message=b"pair\n\nCo-authored-by: Q <%s>\n" % house.OTHER.encode())])
        at = "%d +0100" % (NOW - DAY)
        self.git(repo, "reset", "-q", "--hard", env={"GIT_COMMITTER_DATE": at})
        self.git(repo, "commit", "-q", "--allow-empty", "-m", "reflog-private-words", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})
        self.hours(repo)
        node = self.node(repo)
        node.browser().picture()
        node.stop()
        kept = self.db_bytes()
        self.assertIn(house.ME.encode(), kept, "own identities are kept, so this test looks at the right bytes")
        for text in (b"confidential", b"chapter-secret", b"body of the text", house.OTHER.encode(), b"Colleague", b"Wei Zhang",
                     b"theirs", b"reflog-private", b"Co-authored", b"pair\n"):
            self.assertNotIn(text, kept)

    def test_read_only(self):
        repo = self.two_weeks()
        self.hours(repo)
        for root, dirs, files in os.walk(self.data):
            for f in files:
                os.chmod(os.path.join(root, f), 0o400)
        os.chmod(self.data, 0o500)
        before = self.db_bytes()
        user = {"user": house.NOBODY, "group": house.NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        if user:
            subprocess.run(["chown", "-R", "%d:%d" % (house.NOBODY, house.NOBODY), self.dir], check=True)
        self.commit_later(repo)
        done = self.respite("hours", repo, **user)
        self.assertEqual(done.status, 1)
        self.plain(done.err, "read.only|not allow|permission|may not|cannot (be )?writ|respite")
        self.assertEqual(self.db_bytes(), before)

    def commit_later(self, repo):
        who = b"Wei <%s> %d +0100" % (house.ME.encode(), NOW - HOUR)
        if os.getuid() != 0:
            self.raw_commit(repo, who, who, "later")

    def full(self, size):
        """A folder with room for `size` bytes, as a file system of its own; skipped where that cannot be made."""
        small = self.at("small")
        os.mkdir(small)
        if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%d" % size, "none", small],
                                              stderr=subprocess.DEVNULL).returncode:
            return None
        self.addCleanup(subprocess.run, ["umount", "-l", small])
        return small

    def test_full_at_once(self):
        repo = self.two_weeks()
        small = self.full(16384)
        if small:
            done = self.respite("hours", repo, env={"XDG_DATA_HOME": small})
        else:
            done = self.respite("hours", repo, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)))
        self.assertEqual(done.status, 1)
        self.plain(done.err, "full|space|room")

    def test_full_later_loses_nothing(self):
        small = self.full(4 << 20)
        if not small:
            self.skipTest("a small file system needs root")
        env = {"XDG_DATA_HOME": small}
        repo = self.two_weeks(days=5)
        before = self.hours(repo, env=env)
        filler = os.open(os.path.join(small, "filler"), os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(filler, b"x" * 4096):
                pass
        except OSError:
            os.close(filler)
        more = self.repo("more", [commit(NOW - 60 * DAY + i * 700) for i in range(6000)])
        done = self.respite("hours", repo, more, env=env)
        self.assertEqual(done.status, 1)
        self.plain(done.err, "full|space|room")
        os.unlink(os.path.join(small, "filler"))
        self.assertEqual(self.hours(repo, env=env)["weeks"], before["weeks"])
        self.assertEqual(self.hours(more, env=env)["events"], 6000)

    def test_a_second_respite_on_the_same_data(self):
        repo = self.two_weeks()
        first = self.node(repo)
        first.browser().picture()
        second = self.respite("--port", "0", "--no-browser", repo, timeout=30)
        self.assertIn(second.status, (0, 1))
        self.plain((second.err or second.out).split("\n")[0], "already|another|runs|running")
        self.assertIn(first.ask("GET", "/").status, (401, 403), "the first one goes on")
        self.assertGreater(self.hours(repo)["events"], 0, "commands go on beside a running node")

    def test_a_folder_named_beside_a_running_node_is_noted(self):
        node = self.node(self.two_weeks())
        os.mkdir(self.at("more"))
        done = self.respite("--port", "0", "--no-browser", "../more", timeout=30)
        self.assertEqual(done.status, 0, done.err)
        self.assertRegex(done.out, r"Noted +\S*/more: it is read once Respite is started again")
        rows = [r[0].decode() for r in self.db().execute("select path from folder")]
        self.assertIn(self.at("more"), rows)
        self.assertEqual(self.respite("--no-browser", self.at("nothing")).status, 1)
        self.assertEqual(node.stop()[0], 0)

    def test_a_database_of_a_newer_version(self):
        repo = self.two_weeks()
        self.hours(repo)
        path = os.path.join(self.data, "respite.db")
        db = sqlite3.connect(path)
        db.execute("insert into migration(room, number) values ('rest', 4711)")
        db.commit()
        db.close()
        before = house.sha_dump(path)
        for args in (["hours", repo], ["--port", "0", "--no-browser", repo]):
            done = self.respite(*args)
            self.assertEqual(done.status, 1)
            self.plain(done.err, "newer")
        self.assertEqual(house.sha_dump(path), before)

    def test_a_file_that_is_no_database(self):
        os.makedirs(self.data, 0o700)
        path = os.path.join(self.data, "respite.db")
        with open(path, "wb") as f:
            f.write(b"this is a letter, not a database. " * 100)
        os.chmod(path, 0o600)
        done = self.respite("hours", self.two_weeks())
        self.assertEqual(done.status, 1)
        self.plain(done.err, r"respite\.db|database")
        self.assertTrue(open(path, "rb").read().startswith(b"this is a letter"))

    def test_a_folder_in_the_place_of_the_database(self):
        os.makedirs(os.path.join(self.data, "respite.db"))
        done = self.respite("hours", self.two_weeks())
        self.assertEqual(done.status, 1)
        self.plain(done.err)

    def test_a_cut_database_is_told(self):
        repo = self.repo("many", [commit(NOW - 30 * DAY + i * 300) for i in range(3000)])
        self.hours(repo)
        path = os.path.join(self.data, "respite.db")
        with open(path, "r+b") as f:
            f.truncate(os.path.getsize(path) // 2 // 4096 * 4096 + 100)
        done = self.respite("hours", repo)
        self.assertIn(done.status, (0, 1))
        if done.status:
            self.plain(done.err)
        self.assertEqual(self.respite("doctor").status, 1)

    def test_data_somewhere_else(self):
        repo = self.two_weeks()
        there = self.at("my", "place")
        self.hours("--data", there, repo)
        self.assertEqual(self.mode(there), 0o700)
        self.assertTrue(os.path.exists(os.path.join(there, "respite.db")))
        self.assertFalse(os.path.exists(self.data))
        shutil.rmtree(there)


if __name__ == "__main__":
    house.main()
