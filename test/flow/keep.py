"""The data as a whole: backup and restore give the same weeks on another machine, an export is plain files without signs of work,
import names bad rows, forget leaves nothing."""
import fcntl
import json
import os
import stat

import house
from house import HOUR, NOW, commit


class Keep(house.Test):
    def setUp(self):
        super().setUp()
        self.repo_path = self.two_weeks()

    def test_backup_and_restore_on_a_new_machine(self):
        before = self.hours(self.repo_path)
        self.node().browser().picture()
        for node in self.nodes:
            node.stop()
        before = self.hours(self.repo_path)
        file = self.at("copy")
        done = self.respite("backup", file)
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        there = self.at("new-machine")
        done = self.respite("restore", file, "--data", there, "--yes")
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual(stat.S_IMODE(os.stat(there).st_mode), 0o700)
        self.assertEqual(self.hours("--data", there, self.repo_path), before)
        page = self.node(data=there).browser().get(house.PICTURE)
        self.assertIn("<svg", page.text, "the choices came along")

    def test_a_backup_does_not_overwrite(self):
        self.hours(self.repo_path)
        file = self.at("mine")
        with open(file, "w") as f:
            f.write("a letter")
        done = self.respite("backup", file, "--no-input")
        self.assertIn(done.status, (1, 2))
        self.plain(done.err, "mine")
        self.assertEqual(open(file).read(), "a letter")

    def test_restore_refuses_what_is_no_backup(self):
        before = self.hours(self.repo_path)
        for content in (b"", b"a letter", b"SQLite format 3\0" + b"\0" * 4000, os.urandom(5000)):
            with open(self.at("bad"), "wb") as f:
                f.write(content)
            done = self.respite("restore", self.at("bad"), "--yes")
            self.assertEqual(done.status, 1)
            self.plain(done.err, "bad")
        self.assertEqual(self.hours(self.repo_path), before)

    def test_restore_while_a_node_runs_is_refused(self):
        self.hours(self.repo_path)
        self.assertEqual(self.respite("backup", self.at("copy")).status, 0)
        node = self.node()
        node.browser()
        done = self.respite("restore", self.at("copy"), "--yes")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "runs|running|stop")

    def test_restore_without_a_word_is_refused_when_something_would_go(self):
        self.hours(self.repo_path)
        self.assertEqual(self.respite("backup", self.at("copy")).status, 0)
        done = self.respite("restore", self.at("copy"), "--no-input")
        self.assertEqual(done.status, 2, done.err)

    def test_an_export_is_plain_files_without_signs_of_work(self):
        self.hours(self.repo_path)
        self.respite("rest", "quiet", "2026-12-01..2026-12-05")
        out = self.at("export")
        done = self.respite("export", out)
        self.assertEqual(done.status, 0, done.err)
        names = [os.path.relpath(os.path.join(r, f), out) for r, _, fs in os.walk(out) for f in fs]
        self.assertTrue(any("README" in n for n in names), names)
        text = b""
        for name in names:
            with open(os.path.join(out, name), "rb") as f:
                content = f.read()
            content.decode("utf-8")
            if name.endswith(".json"):
                json.loads(content)
            text += content
        for d in range(1, 15):
            self.assertNotIn(b"%d" % (NOW - d * 86400 - HOUR), text, "no sign of work")
        self.assertNotIn(b'"signs"', text)
        self.assertNotIn(b"private words", text)
        self.assertIn(b"2026-12-01", text, "the quiet time is there")

    def test_an_export_does_not_write_into_a_full_folder(self):
        os.mkdir(self.at("full"))
        with open(self.at("full", "letter"), "w") as f:
            f.write("x")
        done = self.respite("export", self.at("full"))
        self.assertEqual(done.status, 1)
        self.plain(done.err, "full")
        self.assertEqual(os.listdir(self.at("full")), ["letter"])

    def test_forget_leaves_nothing(self):
        self.hours(self.repo_path)
        self.node().browser().picture()
        for node in self.nodes:
            node.stop()
        done = self.respite("forget", "--all", "--yes")
        self.assertEqual(done.status, 0, done.err)
        self.assertFalse(os.path.exists(self.data))
        left = [os.path.join(r, n) for r, ds, fs in os.walk(self.dir) for n in ds + fs if "respite" in n]
        self.assertEqual(left, [])
        self.assertTrue(os.path.isdir(os.path.join(self.repo_path, ".git")))
        again = self.respite("forget", "--all", "--yes")
        self.assertIn(again.status, (0, 1))

    def test_forget_refuses_a_folder_that_is_not_ours(self):
        os.mkdir(self.at("precious"))
        with open(self.at("precious", "letter"), "w") as f:
            f.write("x")
        for there in (self.at("precious"), self.home, "/"):
            done = self.respite("forget", "--all", "--yes", "--data", there)
            self.assertEqual(done.status, 1, there)
            self.plain(done.err)
        self.assertTrue(os.path.exists(self.at("precious", "letter")))

    def test_forget_in_a_folder_with_other_things_removes_what_is_ours(self):
        there = self.at("own")
        os.makedirs(os.path.join(there, "figures"))
        for name in ("letter", "figures/one"):
            with open(os.path.join(there, name), "w") as f:
                f.write("x")
        self.hours("--data", ".", self.repo_path, cwd=there)
        done = self.respite("forget", "--all", "--yes", "--data", ".", cwd=there)
        self.assertEqual(done.status, 0, done.err)
        self.assertIn("figures, letter", done.out)
        self.assertEqual(sorted(os.listdir(there)), ["figures", "letter"])
        self.assertEqual(os.listdir(os.path.join(there, "figures")), ["one"])

    def test_forget_through_a_link_leaves_nothing_behind_it(self):
        os.makedirs(self.at("disk", "respite"))
        os.mkdir(self.at("xdg"))
        os.symlink(self.at("disk", "respite"), self.data)
        self.hours(self.repo_path)
        done = self.respite("forget", "--all", "--yes")
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual((os.listdir(self.at("disk")), os.path.lexists(self.data)), ([], False))

    def test_a_command_at_work_and_restore_or_forget_keep_each_other_out(self):
        self.hours(self.repo_path)
        self.assertEqual(self.respite("backup", self.at("copy")).status, 0)
        with open(os.path.join(self.data, "use")) as use:
            fcntl.flock(use, fcntl.LOCK_SH)  # as `respite hours` holds it
            for args in (["restore", self.at("copy"), "--yes"], ["forget", "--all", "--yes"]):
                done = self.respite(*args)
                self.assertEqual(done.status, 1, args)
                self.plain(done.err, "command|wait|end")
            self.hours(self.repo_path)
        with open(os.path.join(self.data, "use")) as use:
            fcntl.flock(use, fcntl.LOCK_EX)  # as they hold it
            for args in (["hours"], ["week"], ["tick"], ["backup", self.at("more")]):
                done = self.respite(*args)
                self.assertEqual(done.status, 1, args)
                self.plain(done.err, "again")
        self.assertEqual(self.respite("restore", self.at("copy"), "--yes").status, 0)

    def test_forget_while_a_node_runs_is_refused(self):
        node = self.node()
        node.browser().picture()
        done = self.respite("forget", "--all", "--yes")
        self.assertEqual(done.status, 1, done.out)
        self.plain(done.err, "runs|running|stop")
        self.assertEqual(node.ask("GET", "/").status in (401, 403), True)

    def test_what_was_forgotten_can_begin_again(self):
        before = self.hours(self.repo_path)
        self.assertEqual(self.respite("forget", "--all", "--yes").status, 0)
        self.assertEqual(self.hours(self.repo_path)["weeks"], before["weeks"])


if __name__ == "__main__":
    house.main()
