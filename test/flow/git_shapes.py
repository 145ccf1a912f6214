"""Repositories of every shape: each is read, or named in one plain sentence; never a crash, never a double count."""
import os
import subprocess
import unittest

import house
from house import DAY, HOUR, NOW, commit


class Shapes(house.Test):
    def plain_week(self, n=5, mail=house.ME):
        return [commit(NOW - (n - i) * DAY, mail=mail) for i in range(n)]

    def test_a_plain_repository_is_read(self):
        repo = self.repo("thesis", self.plain_week())
        self.assertEqual(self.hours(repo)["events"], 5)

    def test_a_folder_holds_several(self):
        self.repo("a", self.plain_week())
        self.repo("b", [commit(NOW - 3 * DAY + HOUR * i) for i in range(4)])
        os.makedirs(self.at("src", "deep", "er"))
        self.repo("c", [commit(NOW - 9 * DAY)], where=self.at("src", "deep", "er"))
        self.assertEqual(self.hours(self.src)["events"], 10)

    def test_from_inside_a_repository(self):
        repo = self.repo("thesis", self.plain_week())
        os.mkdir(os.path.join(repo, "chapters"))
        self.assertEqual(self.hours(cwd=os.path.join(repo, "chapters"))["events"], 5)

    def test_not_a_repository(self):
        os.mkdir(self.at("src", "empty"))
        done = self.respite("hours", self.at("src", "empty"))
        self.assertIn(done.status, (0, 1))
        self.plain(done.err + done.out, "no git history|no git repositor")

    def test_a_folder_that_is_not_there(self):
        done = self.respite("hours", self.at("src", "nowhere"))
        self.assertEqual(done.status, 1)
        self.plain(done.err, "nowhere")

    def test_no_commits_yet(self):
        repo = self.repo("new")
        done = self.respite("hours", repo)
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual(self.hours(repo)["events"], 0)

    def test_an_unborn_branch_beside_a_full_one(self):
        repo = self.repo("orphan", self.plain_week())
        self.git(repo, "symbolic-ref", "HEAD", "refs/heads/not-yet")
        self.assertEqual(self.hours(repo)["events"], 5)

    def test_bare(self):
        repo = self.repo("bare.git", self.plain_week(), init=["--bare"])
        self.assertEqual(self.hours(repo)["events"], 5)

    def test_shallow_says_where_history_is_cut(self):
        full = self.repo("full", [commit(NOW - i * 7 * DAY) for i in range(11, 0, -1)])
        cut = self.at("src", "cut")
        house.run(["git", "clone", "-q", "--depth", "3", "file://" + full, cut], env=self.env)
        self.git(full, "update-ref", "-d", "refs/heads/main")
        done = self.respite("hours", cut)
        self.assertEqual(done.status, 0, done.err)
        self.assertRegex(done.out + done.err, "cut at")
        weeks = self.hours(cut)["weeks"]
        self.assertEqual(len(weeks), 12)
        self.assertTrue(any(w["signs"] is None for w in weeks), "weeks before the cut are unknown, not empty")
        self.assertTrue(all(w["signs"] != 0 or i > 8 for i, w in enumerate(sorted(weeks, key=lambda w: w["week"]))), weeks)

    def test_a_shallow_history_made_deeper_is_read(self):
        full = self.repo("full", [commit(NOW - i * DAY) for i in range(11, 0, -1)])
        cut = self.at("src", "cut")
        house.run(["git", "clone", "-q", "--depth", "3", "file://" + full, cut], env=self.env)
        self.assertEqual(self.hours(cut)["events"], 3)
        self.git(cut, "fetch", "-q", "--deepen", "4")
        self.assertEqual(self.hours(cut)["events"], 7)

    def test_corrupt(self):
        repo = self.repo("broken", self.plain_week())
        good = self.repo("good", [commit(NOW - 2 * DAY)])
        pack = os.path.join(repo, ".git", "objects")
        for root, _, files in os.walk(pack):
            for f in files:
                os.chmod(os.path.join(root, f), 0o644)
                with open(os.path.join(root, f), "r+b") as out:
                    out.seek(12)
                    out.write(b"\x00garbage\xff" * 8)
        alone = self.respite("hours", repo)
        self.assertEqual(alone.status, 1)
        self.plain(alone.err, "broken")
        both = self.respite("hours", "--json", repo, good)
        self.assertEqual(both.json()["events"], 1, "the sound repository beside it is read")
        self.plain(both.err, "broken")

    def test_a_missing_head_file(self):
        repo = self.repo("headless", self.plain_week())
        os.unlink(os.path.join(repo, ".git", "HEAD"))
        done = self.respite("hours", repo)
        self.assertIn(done.status, (0, 1))
        self.plain(done.err or done.out)

    def test_locked(self):
        repo = self.repo("locked", self.plain_week())
        for lock in ("index.lock", "HEAD.lock", "packed-refs.lock", "config.lock"):
            open(os.path.join(repo, ".git", lock), "w").close()
        self.assertEqual(self.hours(repo)["events"], 5)
        self.assertTrue(os.path.exists(os.path.join(repo, ".git", "index.lock")), "a lock of others is left alone")

    def test_three_hundred_branches(self):
        repo = self.repo("branches", self.plain_week())
        first = self.git(repo, "rev-list", "--max-parents=0", "main")
        for i in range(300):
            self.grow(repo, [commit(NOW - 20 * DAY + i * 600)], "refs/heads/topic-%03d" % i, parent=first)
        self.assertEqual(self.hours(repo)["events"], 305)

    def test_foreign_refs_are_not_read(self):
        repo = self.repo("mirror", self.plain_week())
        self.grow(repo, [commit(NOW - 8 * DAY)], "refs/pull/1/head")
        self.grow(repo, [commit(NOW - 8 * DAY)], "refs/remotes/origin/main")
        self.assertEqual(self.hours(repo)["events"], 5)

    def test_a_detached_head_in_another_worktree(self):
        repo = self.repo("main", self.plain_week())
        other = self.at("src", "beside")
        self.git(repo, "worktree", "add", "-q", "--detach", other, "main")
        at = "%d +0100" % (NOW - 6 * HOUR)
        self.git(other, "commit", "-q", "--allow-empty", "-m", "x", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})
        os.remove(os.path.join(repo, ".git", "worktrees", "beside", "logs", "HEAD"))
        self.assertEqual(self.hours(repo)["events"], 6)

    def test_two_worktrees_of_one_count_once(self):
        repo = self.repo("main", self.plain_week())
        other = self.at("src", "beside")
        self.git(repo, "worktree", "add", "-q", "-b", "side", other, "main")
        self.assertEqual(self.hours(repo, other, self.src)["events"], 5)
        link = self.at("src", "link")
        os.symlink(repo, link)
        self.assertEqual(self.hours(repo, link)["events"], 5)

    def test_sha256(self):
        repo = self.repo("sha256", init=["--object-format=sha256"])
        self.grow(repo, self.plain_week())
        self.assertEqual(self.hours(repo)["events"], 5)
        self.assertEqual(self.hours(repo)["events"], 5)

    @unittest.skipUnless(os.getuid() == 0, "another owner needs root")
    def test_dubious_ownership_names_the_folder_and_safe_directory(self):
        repo = self.repo("theirs", self.plain_week())
        subprocess.run(["chown", "-R", "%d:%d" % (house.NOBODY, house.NOBODY), repo], check=True)
        done = self.respite("hours", repo)
        self.assertEqual(done.status, 1)
        self.plain(done.err, "theirs", r"safe\.directory")
        self.assertNotIn("safe", open(self.config).read(), "it is never set by us")

    def test_a_folder_that_cannot_be_opened(self):
        if os.getuid() == 0:
            self.skipTest("root opens everything")
        os.mkdir(self.at("src", "shut"), 0)
        done = self.respite("hours", self.at("src", "shut"))
        self.assertEqual(done.status, 1)
        self.plain(done.err, "shut")

    def test_a_submodule_counts_once(self):
        inner = self.repo("inner", self.plain_week())
        outer = self.repo("outer", [commit(NOW - 4 * DAY + HOUR)])
        self.git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", inner, "inner")
        self.assertEqual(self.hours(outer, inner)["events"], 6)


if __name__ == "__main__":
    house.main()
