"""git missing, too old, broken or dead in the middle: one plain sentence, and what was kept before stays."""
import os

import house
from house import DAY, NOW, commit


class Git(house.Test):
    def fake(self, script):
        """A PATH that holds one program, `git`, and the real one as $REAL."""
        os.makedirs(self.at("fake"), exist_ok=True)
        path = self.at("fake", "git")
        with open(path, "w") as f:
            f.write("#!/bin/sh\nREAL=$(PATH=/usr/local/bin:/usr/bin:/bin command -v git)\n" + script)
        os.chmod(path, 0o755)
        return {"PATH": self.at("fake")}

    def test_git_is_missing(self):
        os.mkdir(self.at("none"))
        repo = self.two_weeks()
        done = self.respite("hours", repo, env={"PATH": self.at("none")})
        self.assertEqual(done.status, 1)
        self.plain(done.err, r"\bgit\b", "install|not (found|there|installed)|no program|PATH")

    def test_the_page_says_so_too(self):
        os.mkdir(self.at("none"))
        self.two_weeks()
        browser = self.node(env={"PATH": self.at("none")}).browser()
        page = browser.get("/")
        self.assertIn(page.status, (200, 500, 503))
        self.assertRegex(page.page().text, r"\bgit\b.*apt install git")
        self.assertIn("Help now", page.text)

    def test_git_is_too_old(self):
        repo = self.two_weeks()
        env = self.fake('case "$*" in *version*) echo "git version 1.8.0"; exit 0;; esac\n'
                        'case "$*" in *worktree*) echo "git: \'worktree\' is not a git command." >&2; exit 1;; esac\n'
                        'case "$*" in *"worktree list"*"-z"*) echo "error: unknown switch" >&2; exit 129;; esac\nexec "$REAL" "$@"\n')
        done = self.respite("hours", repo, env=env)
        self.assertEqual(done.status, 1)
        self.plain(done.err, r"\bgit\b", r"old|newer|2\.36")

    def test_git_dies_in_the_middle_and_nothing_half_is_kept(self):
        repo = self.repo("big", [commit(NOW - 10 * DAY + i * 600) for i in range(400)])
        dying = self.fake('for a; do [ "$a" = log ] && { "$REAL" "$@" | head -c 20011; kill -9 $$; }; done\nexec "$REAL" "$@"\n')
        done = self.respite("hours", repo, env={"PATH": dying["PATH"] + ":" + self.env["PATH"]})
        self.assertEqual(done.status, 1)
        self.plain(done.err, "big|git")
        self.assertEqual(self.hours(repo)["events"], 400)

    def test_gits_own_reason_is_said(self):
        repo = self.two_weeks()
        env = self.fake('case "$*" in *version*) exec "$REAL" "$@";; esac\n'
                        'printf "warning: by the way\\nfatal: the disk is not there\\nhint: none\\n" >&2; exit 128\n')
        done = self.respite("hours", repo, env=env)
        self.assertEqual(done.status, 1)
        self.plain(done.err, "fatal: the disk is not there")
        self.assertNotRegex(done.err, "by the way|hint")

    def test_git_that_prints_nonsense(self):
        repo = self.repo("r", [commit(NOW - DAY)])
        odd = self.fake('for a; do [ "$a" = log ] && { "$REAL" version; exit 0; }; done\nexec "$REAL" "$@"\n')
        done = self.respite("hours", repo, env={"PATH": odd["PATH"] + ":" + self.env["PATH"]})
        self.assertEqual(done.status, 1)
        self.plain(done.err)

    def test_hooks_monitors_and_pagers_of_a_repository_are_not_run(self):
        repo = self.two_weeks()
        script = self.at("evil")
        with open(script, "w") as f:
            f.write("#!/bin/sh\ntouch %s\n" % self.at("ran"))
        os.chmod(script, 0o755)
        for key in ("core.fsmonitor", "core.pager", "pager.log", "core.sshCommand", "gpg.program", "core.editor", "diff.external",
                    "credential.helper", "core.askPass"):
            self.git(repo, "config", key, script)
        for key in ("log.showSignature", "pager.log"):
            self.git(repo, "config", "--replace-all", key, "true")
        for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
            os.makedirs(os.path.join(repo, ".git", "hooks"), exist_ok=True)
            os.symlink(script, os.path.join(repo, ".git", "hooks", hook))
        self.assertGreater(self.hours(repo)["events"], 0)
        self.assertFalse(os.path.exists(self.at("ran")))

    def test_the_repository_is_not_written(self):
        repo = self.two_weeks()
        def state():
            return sorted((os.path.join(r, f), os.stat(os.path.join(r, f)).st_mtime_ns) for r, _, fs in os.walk(repo) for f in fs)
        before = state()
        self.hours(repo)
        self.node(repo).browser().picture()
        self.assertEqual(state(), before)


if __name__ == "__main__":
    house.main()
