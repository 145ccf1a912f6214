"""The command line: shapes of --json, exit statuses, help, suggestions, no escapes, no questions without a terminal."""
import json
import os
import pty
import re
import signal
import subprocess
import time

import house
from house import DAY, HOUR, NOW, commit

WEEK = {"week", "signs", "low", "high", "evenings", "sundays", "longest_rest_hours"}
EXCLUDED = {"others", "bots", "clock", "merge_click", "agents", "zone_unknown"}


class Commands(house.Test):
    def listed(self):
        """Commands as `respite --help` lists them."""
        done = self.respite("--help")
        self.assertEqual(done.status, 0, done.err)
        listed = done.out.split("Everywhere:")[1]
        names = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +\S", listed, re.M)
        for family, rest in re.findall(r"^  ([a-z]+) …  +([a-z,\s]+)\.$", listed, re.M):
            names += [family + " " + one for one in re.split(r",\s+", rest)]
        names += re.search(r"Also ([a-z,\s]+)\.\s+Each", listed)[1].replace("\n", " ").split(", ")
        self.assertIn("papers search", names, done.out)
        self.assertIn("hours", names, done.out)
        return sorted(set(names))

    def test_the_first_word_of_a_family_has_help(self):
        for args in (["papers", "--help"], ["help", "papers"], ["papers", "-h", "--lang", "en"]):
            done = self.respite(*args)
            self.assertEqual((done.status, done.err), (0, ""), args)
            self.assertTrue(done.out.startswith("Example:\n  respite papers "), done.out)
            self.assertEqual(sorted(re.findall(r"^  (papers [a-z]+)  ", done.out, re.M)),
                             [name for name in self.listed() if name.startswith("papers ")])
            self.assertLessEqual(max(len(line) for line in done.out.split("\n")), 80)
        for args in (["papers"], ["paper", "--help"], ["papers", "nothing", "--help"]):
            self.assertEqual(self.respite(*args).status, 2, args)

    def test_hours_has_the_shape_of_the_design(self):
        got = self.hours(self.two_weeks())
        self.assertLessEqual({"weeks", "events", "excluded"}, set(got))
        self.assertEqual(set(got["excluded"]) & EXCLUDED, EXCLUDED, got["excluded"])
        self.assertEqual(len(got["weeks"]), 12)
        for week in got["weeks"]:
            self.assertLessEqual(WEEK, set(week))
            self.assertRegex(week["week"], r"^20\d\d-W\d\d$")
            if week["signs"]:
                self.assertLessEqual(0, week["low"])
                self.assertLessEqual(week["low"], week["signs"])
                self.assertGreaterEqual(week["high"], week["signs"])
                self.assertEqual(week["low"], int(week["low"]), "whole hours, rounded outward")
        names = sorted(w["week"] for w in got["weeks"])
        self.assertEqual((names[0], names[-1]), ("2026-W36", "2026-W47"))

    def test_since_begins_with_the_week_that_holds_it(self):
        repo = self.two_weeks()
        got = self.hours("--since", "2026-11-01", repo)
        self.assertEqual(sorted(w["week"] for w in got["weeks"])[0], "2026-W44")
        self.assertEqual(len(self.hours("--weeks", "3", repo)["weeks"]), 3)

    def test_each_command_gives_json_or_refuses_in_words(self):
        self.hours(self.two_weeks())
        for name in self.listed():
            if name in ("forget", "restore", "demo"):
                continue
            words = {"backup": [self.at("b")], "export": [self.at("e")], "completions": ["bash"], "import": ["/nonexistent"],
                     "rest quiet": ["2026-12-01..2026-12-05"]}.get(name, [])
            done = self.respite(*name.split(), *words, "--json", "--no-input", "--yes")
            if done.status == 0 and name != "completions":
                json.loads(done.out)
            elif done.status:
                self.assertIn(done.status, (1, 2), name)
                self.plain(done.err)
                self.assertEqual(done.out.strip()[:1] not in ("", "{"), False, name)

    def test_exit_statuses(self):
        repo = self.two_weeks()
        for args, status in ((["hours", repo], 0), (["week", repo], 0), (["doctor"], 0), (["paths"], 0), (["--help"], 0), (["--version"], 0),
                             (["hours", self.at("nowhere")], 1), (["restore", self.at("nowhere")], 1),
                             (["hours", "--weeks", "x", repo], 2), (["hours", "--weeks"], 2), (["hours", "--weeks", "0", repo], 2),
                             (["hours", "--nonsense", repo], 2), (["--port", "70000"], 2), (["--nonsense"], 2),
                             (["hours", "--since", "yesterday-ish", repo], 2), (["--lang", "tlh", "week"], 2)):
            done = self.respite(*args)
            self.assertEqual(done.status, status, (args, done.err))
            if status:
                self.plain(done.err)
                self.assertEqual(done.out, "")
            elif args[0] in ("hours", "week", "paths"):
                self.assertNotEqual(done.out, "")

    def test_a_wrong_word_gets_the_nearest(self):
        done = self.respite("wek")
        self.assertEqual(done.status, 2)
        self.assertRegex(done.err, r"wek.*Did you mean .week.\?")
        done = self.respite("hours", "--week", "3")
        self.assertEqual(done.status, 2)
        self.assertRegex(done.err, "--weeks")
        self.plain(self.respite("qwertyuiop").err)

    def test_help_leads_with_an_example_and_fits_a_screen(self):
        for args in (["-h"], ["--help"], *[[*n.split(), "-h"] for n in self.listed()]):
            done = self.respite(*args)
            self.assertEqual(done.status, 0, (args, done.err))
            lines = done.out.split("\n")
            self.assertLessEqual(len(lines), 40 if len(args) == 1 else 25, args)
            self.assertLessEqual(max(len(line) for line in lines), 80, args)
            self.assertIn("respite", "\n".join(lines[:3]), args)
            self.assertNotRegex(done.out, house.NEVER)

    def test_no_escapes_in_pipes_or_with_no_color(self):
        repo = self.two_weeks()
        for args in (["week", repo], ["hours", repo], ["doctor"], ["--help"], ["wek"]):
            for env in ({}, {"NO_COLOR": "1", "TERM": "xterm-256color"}):
                done = self.respite(*args, env=env)
                self.assertNotIn("\x1b", done.out + done.err)

    def test_lines_fit_80_columns(self):
        repo = self.two_weeks()
        for lang in ("en", "zh"):
            for command in ("hours", "week"):
                out = self.respite(command, repo, "--lang", lang).out
                for line in out.split("\n"):
                    wide = sum(2 if ord(c) > 0x2e7f else 1 for c in line)
                    self.assertLessEqual(wide, 80, line)

    def test_chinese(self):
        out = self.respite("week", self.two_weeks(), "--lang", "zh")
        self.assertEqual(out.status, 0, out.err)
        self.assertRegex(out.out, "这周就这些")
        self.assertNotRegex(out.out, house.NEVER_ZH)
        self.assertRegex(self.respite("hours", "--lang=zh", self.src, env={"LC_ALL": "en_US.UTF-8"}).out, "工作的?痕迹")
        self.assertRegex(self.respite("hours", self.src, env={"LC_ALL": "zh_CN.UTF-8"}).out, "工作的?痕迹")

    def test_week_ends(self):
        self.assertRegex(self.respite("week", self.two_weeks()).out.rstrip(), r"That is all for this week\. The rest will keep\.$")

    def test_quiet_says_nothing_but_what_was_asked(self):
        done = self.respite("hours", "--quiet", "--json", self.two_weeks())
        self.assertEqual(done.err, "")

    def test_forget_refuses_without_a_word(self):
        self.hours(self.two_weeks())
        for args in (["forget", "--all", "--no-input"], ["forget", "--all"]):
            done = self.respite(*args)
            self.assertEqual(done.status, 2, done.err)
            self.plain(done.err)
            self.assertTrue(os.path.exists(os.path.join(self.data, "respite.db")))

    def test_interrupt_ends_a_scan_within_a_second(self):
        repo = self.two_weeks()
        slow = self.at("bin")
        os.mkdir(slow)
        with open(os.path.join(slow, "git"), "w") as f:
            f.write('#!/bin/sh\nfor a; do [ "$a" = log ] && exec sleep 60; done\nPATH=${PATH#*:} exec git "$@"\n')
        os.chmod(os.path.join(slow, "git"), 0o755)
        for sig in (signal.SIGINT, signal.SIGTERM):
            p = subprocess.Popen([house.RESPITE, "hours", repo], env={**self.env, "PATH": slow + ":" + self.env["PATH"]}, cwd=self.src,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
            time.sleep(1.5)
            began = time.monotonic()
            p.send_signal(sig)
            out, err = p.communicate(timeout=10)
            self.assertLess(time.monotonic() - began, 1.0)
            self.assertNotEqual(p.returncode, 0)
            self.listen_for_sanitizers(err.decode())
            time.sleep(0.3)
            asleep = subprocess.run(["ps", "-o", "args=", "-s", str(p.pid)], stdout=subprocess.PIPE).stdout.decode()
            alive = [line for line in asleep.split("\n") if "sleep" in line and "<defunct>" not in line]
            self.assertEqual(alive, [], "its children end with it")
        self.assertGreater(self.hours(repo)["events"], 0)
        self.assertEqual(self.db().execute("pragma integrity_check").fetchone()[0], "ok")

    def test_a_closed_pipe_is_no_trouble(self):
        p = subprocess.Popen([house.RESPITE, "hours", self.two_weeks()], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        p.stdout.close()
        err = p.stderr.read().decode()
        p.wait()
        self.assertEqual((err, p.returncode in (0, 1, -signal.SIGPIPE)), ("", True))

    def test_a_full_disk_for_the_output_is_a_failure(self):
        repo = self.two_weeks()
        self.hours(repo)
        with open("/dev/full", "w") as full:
            p = subprocess.run([house.RESPITE, "hours", repo], env=self.env, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(p.returncode, 1)
        self.plain(p.stderr.decode())

    def test_no_identity_lists_who_was_found_and_asks(self):
        repo = self.repo("r", [commit(NOW - DAY, mail="wei@home.example"), commit(NOW - 2 * DAY, mail="lin@lab.example")])
        done = self.respite("hours", repo)
        self.assertEqual(done.status, 0, done.err)
        text = done.out + done.err
        self.assertIn("wei@home.example", text)
        self.assertIn("lin@lab.example", text)
        self.assertIn("--mine", text)
        self.assertEqual(self.hours("--mine", "wei@home.example", repo)["events"], 1)

    def test_no_configured_identity_at_all(self):
        os.remove(self.config)
        repo = self.repo("r", [commit(NOW - DAY, mail="wei@home.example")])
        done = self.respite("hours", repo)
        self.assertEqual(done.status, 0, done.err)
        self.assertIn("wei@home.example", done.out + done.err)

    def test_the_home_folder_is_not_walked_unasked(self):
        self.repo("hidden-away", [commit(NOW - DAY)], where=self.home)
        done = self.respite("hours", "--json", cwd=self.home)
        if done.status == 0 and done.out.strip():
            self.assertEqual(done.json()["events"], 0)
        self.assertEqual(self.hours(self.home)["events"], 1, "named, it is")

    def test_a_terminal_is_asked_nothing_by_hours(self):
        repo = self.two_weeks()
        try:
            pid, fd = pty.fork()
        except OSError:
            self.skipTest("no terminal can be made here (is /dev/pts mounted?)")
        if pid == 0:
            os.execve(house.RESPITE, [house.RESPITE, "hours", repo], {**self.env, "TERM": "dumb"})
        out = b""
        try:
            while chunk := os.read(fd, 65536):
                out += chunk
        except OSError:
            pass
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        self.assertNotIn(b"[y/n]", out)
        self.assertIn(b"igns", out)

    def test_completions_load(self):
        for shell in ("bash", "zsh", "fish"):
            done = self.respite("completions", shell)
            self.assertEqual(done.status, 0, done.err)
            self.assertIn("hours", done.out)
        p = subprocess.run(["bash", "-n"], input=self.respite("completions", "bash").out.encode(), stderr=subprocess.PIPE)
        self.assertEqual((p.returncode, p.stderr), (0, b""))


if __name__ == "__main__":
    house.main()
