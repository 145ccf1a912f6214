"""The second look reads only what is new: nothing moved, no `git log`; after amend, reset and rebase the work that was done stays, and
nothing is counted twice."""
import json
import os
import subprocess

import house
from house import DAY, HOUR, NOW, commit


class Incremental(house.Test):
    def setUp(self):
        super().setUp()
        os.mkdir(self.at("bin"))
        self.log = self.at("git-calls")
        with open(self.at("bin", "git"), "w") as f:
            f.write('#!/bin/sh\nprintf "%%s\\n" "$*" >>%s\nPATH=${PATH#*:} exec git "$@"\n' % self.log)
        os.chmod(self.at("bin", "git"), 0o755)
        self.watched = {"PATH": self.at("bin") + ":" + self.env["PATH"]}

    def look(self, *args):
        """One look and the number of `git log` in it."""
        open(self.log, "w").close()
        got = self.hours(*args, env=self.watched)
        with open(self.log) as f:
            calls = f.read().split("\n")
        return got, sum(" log " in " %s " % c for c in calls), calls

    def commit_at(self, repo, at, *args):
        when = "%d +0100" % at
        self.git(repo, "commit", "-q", "--allow-empty", "-m", "w", *args, env={"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})

    def test_nothing_new_starts_no_log(self):
        repo = self.two_weeks()
        first, logs, _ = self.look(repo)
        self.assertGreaterEqual(logs, 1, "the wrapper sees what is called")
        second, logs, calls = self.look(repo)
        self.assertEqual(logs, 0, calls)
        self.assertEqual(second, first)

    def test_what_is_new_is_added(self):
        repo = self.two_weeks()
        first, _, _ = self.look(repo)
        self.grow(repo, [commit(NOW - 5 * HOUR), commit(NOW - 3 * HOUR)])
        second, logs, calls = self.look(repo)
        self.assertEqual(second["events"], first["events"] + 2)
        self.assertGreaterEqual(logs, 1)
        third, logs, calls = self.look(repo)
        self.assertEqual((third["events"], logs), (second["events"], 0), calls)

    def test_a_new_branch_on_an_old_commit_adds_nothing(self):
        repo = self.two_weeks()
        first, _, _ = self.look(repo)
        self.git(repo, "branch", "copy", "main~3")
        self.assertEqual(self.look(repo)[0]["events"], first["events"])

    def test_amend_keeps_both(self):
        repo = self.two_weeks(days=2)
        self.git(repo, "reset", "-q", "--hard", env={"GIT_COMMITTER_DATE": "%d +0100" % (NOW - 90 * DAY)})
        self.commit_at(repo, NOW - 5 * HOUR)
        first, _, _ = self.look(repo)
        self.commit_at(repo, NOW - 5 * HOUR, "--amend", "--date=%d +0100" % (NOW - 5 * HOUR))
        when = "%d +0100" % (NOW - 2 * HOUR)
        self.git(repo, "commit", "-q", "--amend", "--allow-empty", "-m", "again", "--reset-author",
                 env={"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})
        second, _, _ = self.look(repo)
        self.assertGreater(second["events"], first["events"])
        signs = lambda got: sum(w["signs"] for w in got["weeks"])
        self.assertEqual(signs(second), signs(first) + 1, "two clock hours of work, one commit in the log")

    def test_reset_takes_nothing_away(self):
        repo = self.two_weeks(days=4)
        first, _, _ = self.look(repo)
        self.git(repo, "reset", "-q", "--hard", "main~5", env={"GIT_COMMITTER_DATE": "%d +0100" % (NOW - HOUR)})
        second, _, _ = self.look(repo)
        self.assertEqual(second["events"], first["events"])
        self.git(repo, "reflog", "expire", "--expire=now", "--all")
        self.git(repo, "gc", "-q", "--prune=now")
        self.assertEqual(self.look(repo)[0]["events"], first["events"], "kept tips that git threw away are no trouble")

    def test_rebase_counts_nothing_twice(self):
        repo = self.repo("r", [commit(NOW - 6 * DAY)])
        base = self.tip(repo, "main")
        self.grow(repo, [commit(NOW - (5 - i) * DAY, files=[(b"f%d" % i, b"x\n")]) for i in range(4)], "refs/heads/topic", parent=base)
        self.grow(repo, [commit(NOW - 5 * DAY + HOUR, files=[(b"other", b"y\n")])])
        first, _, _ = self.look(repo)
        self.assertEqual(first["events"], 6)
        self.git(repo, "checkout", "-q", "topic", env={"GIT_COMMITTER_DATE": "%d +0100" % (NOW - HOUR)})
        self.git(repo, "rebase", "-q", "main", env={"GIT_COMMITTER_DATE": "%d +0100" % (NOW - HOUR)})
        second, _, _ = self.look(repo)
        signs = lambda got: sum(w["signs"] for w in got["weeks"])
        self.assertEqual(signs(second), signs(first), "rebased commits have new ids and the same hours")
        self.assertEqual(self.look(repo)[0], second)

    def test_a_deleted_branch_takes_nothing_away(self):
        repo = self.repo("r", [commit(NOW - 6 * DAY)])
        self.grow(repo, [commit(NOW - 2 * DAY)], "refs/heads/topic", parent=self.tip(repo, "main"))
        self.assertEqual(self.look(repo)[0]["events"], 2)
        self.git(repo, "branch", "-q", "-D", "topic")
        self.assertEqual(self.look(repo)[0]["events"], 2)

    def test_the_reflog_shows_what_the_log_lost(self):
        repo = self.repo("r")
        for i in range(4):
            self.commit_at(repo, NOW - (6 - i) * HOUR, *(["--amend"] if i else []))
        got, _, _ = self.look(repo)
        self.assertGreaterEqual(sum(w["signs"] for w in got["weeks"]), 3, "one commit is in the log")

    def test_others_are_counted_once_however_often_one_goes_back_and_forth(self):
        repo = self.repo("r", [commit(NOW - 9 * DAY)])
        base = self.tip(repo, "main")
        for i, name in enumerate(("one", "two")):
            self.grow(repo, [commit(NOW - (6 - i) * DAY + j * HOUR, mail=house.OTHER) for j in range(3)], "refs/remotes/origin/" + name,
                      parent=base)
        seen = []
        for name in ("one", "two", "one", "two", "one"):
            self.git(repo, "checkout", "-q", "-f", "--detach", "origin/" + name)
            got, logs, _ = self.look(repo)
            seen.append((got["excluded"]["others"], logs > 0))
        self.assertEqual(seen, [(3, True), (6, True), (6, False), (6, False), (6, False)])

    def test_looks_at_the_same_time_count_others_once(self):
        repo = self.repo("r", [commit(NOW - 9 * DAY)] + [commit(NOW - 8 * DAY + i * 60, mail=house.OTHER) for i in range(500)])
        for more in (0, 500):
            if more:
                self.grow(repo, [commit(NOW - 7 * DAY + i * 60, mail=house.OTHER) for i in range(more)])
            at_once = [subprocess.Popen([house.RESPITE, "hours", "--json", repo], env=self.env, cwd=self.src, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE) for _ in range(4)]
            for p in at_once:
                out, err = p.communicate(timeout=60)
                self.assertEqual(p.returncode, 0, err)
                self.assertEqual(json.loads(out)["excluded"]["others"], 500 + more)

    def test_an_agents_commit_that_was_amended_stays_the_agents(self):
        repo = self.repo("r", [commit(NOW - 9 * DAY)])
        self.git(repo, "reset", "-q", "--hard", env={"GIT_COMMITTER_DATE": "%d +0100" % (NOW - 90 * DAY)})
        self.commit_at(repo, NOW - 5 * HOUR, "-m", "Co-authored-by: A <noreply@anthropic.com>")
        self.commit_at(repo, NOW - 3 * HOUR, "--amend", "--reset-author")
        got, _, _ = self.look(repo)
        self.assertEqual(got["excluded"]["agents"], 1)
        self.assertEqual(sum(w["signs"] for w in got["weeks"]), 2)

    def test_another_repository_at_the_same_place_is_read(self):
        repo = self.two_weeks(days=4)
        first, _, _ = self.look(repo)
        os.rename(repo, self.at("gone"))
        self.assertEqual(self.repo("thesis", [commit(NOW - 6 * DAY), commit(NOW - 2 * HOUR)]), repo)
        got, _, _ = self.look(repo)
        self.assertEqual(got["events"], first["events"] + 2, "the work on the first one was done")
        self.assertEqual(self.look(repo)[1], 0)

    def test_a_repository_that_is_gone_shows_what_was_read(self):
        repo = self.two_weeks()
        self.node(repo).browser().picture()
        first = self.hours()
        os.rename(repo, self.at("away"))
        done = self.respite("hours", "--json", cwd=self.home)
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual(done.json()["events"], first["events"])
        self.plain(done.err, "thesis")

    def test_a_moved_repository_is_the_same_work(self):
        repo = self.two_weeks()
        first, _, _ = self.look(repo)
        os.rename(repo, self.at("src", "renamed"))
        self.assertEqual(self.look(self.at("src", "renamed"))[0]["events"], first["events"])
        self.assertEqual(self.look(self.src)[0]["events"], first["events"])

    def test_a_clone_of_the_same_commits_counts_once(self):
        repo = self.two_weeks()
        first, _, _ = self.look(repo)
        house.run(["git", "clone", "-q", "--bare", repo, self.at("src", "copy.git")], env=self.env)
        self.assertEqual(self.look(self.src)[0]["events"], first["events"])

    def test_a_longer_span_reads_what_lies_before(self):
        repo = self.repo("old", [commit(NOW - i * 7 * DAY) for i in range(80, 0, -1)])
        self.assertEqual(sum(w["signs"] for w in self.look(repo)[0]["weeks"]), 11)
        long = self.look("--weeks", "60", repo)[0]
        self.assertEqual(len(long["weeks"]), 60)
        self.assertEqual(sum(w["signs"] for w in long["weeks"]), 59)
        self.assertEqual(self.look("--weeks", "60", repo)[1], 0)


if __name__ == "__main__":
    house.main()
