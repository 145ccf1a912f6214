"""The arena's pages on real files: a kept board as page, as files and in the terminal say the same; what did not change stands first; a
change is told once in This week and never in a quiet week; the screen shows its error rate; names from outside break nothing."""
import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as xml
from urllib.parse import quote

import house

NAMES = ["alpine-7b", 'birch "large"', "cedar, turbo", "delta\nline", "<b>elm</b>", "fjord & co", "榆树-32b"]
BOARD = "ours & theirs 榜"
PAGE = "/arena/board?name=" + quote(BOARD)


def write(path, rows):
    with open(path, "w", newline="") as out:
        csv.writer(out).writerows([("question_id", "model_a", "model_b", "winner", "judge")] + rows)
    return path


def votes(n, first=0, seed=1, better=()):
    r, strength = random.Random(seed), {name: 0.8 - 0.25 * i + (1.5 if name in better else 0) for i, name in enumerate(NAMES)}
    rows = []
    for i in range(n):
        a, b = r.sample(NAMES, 2)
        wins = 1 / (1 + 2.718281828 ** (strength[b] - strength[a]))
        rows.append((first + i, a, b, r.choice(("tie", "both_bad")) if r.random() < .2 else "model_a" if r.random() < wins else "model_b",
                     "v%d" % r.randrange(40)))
    return rows


class ArenaPages(house.Test):
    def add(self, rows, day, board=BOARD):
        path = write(os.path.join(self.home, "votes.csv"), rows)
        done = self.respite("arena", "add", board, path, "--json", env={"RESPITE_CLOCK": str(day * 86400 + 43200)})
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)

    def today(self):
        return house.NOW // 86400

    def three_days(self):
        self.add(votes(3000), self.today() - 30)
        self.add(votes(600, 3000, 2), self.today() - 20)
        return self.add(votes(3000, 3600, 3, ("fjord & co",)), self.today())

    def pages(self):
        for lang in ("en", "zh"):
            browser = self.node(args=["--lang", lang]).browser(lang)
            yield lang, browser
            self.nodes.pop().stop()

    def test_without_a_board_there_is_one_sentence_and_a_way_to_one(self):
        text = self.node().browser().get("/arena").page().text
        self.assertIn("Not enough votes to say anything. That is an answer too.", text)
        self.assertIn("respite arena add", text)

    def test_page_terminal_and_files_say_the_same(self):
        board = self.three_days()
        for lang, browser in self.pages():
            answer = browser.get(PAGE)
            self.assertEqual(answer.status, 200)
            page = answer.page()
            self.assertNotIn("<b>elm</b>", answer.text)
            for m in board["models"]:
                self.assertIn("%d" % round(m["rating"]) if m["rating"] < 1000 else "{:,}".format(round(m["rating"])), page.text)
            self.assertEqual(len(re.findall(r"<svg role=\"img\"", answer.text)), 2, "intervals, and over time")
            links = {k: "/arena/export?name=%s&as=%s" % (quote(BOARD), k) for k in ("csv", "json", "svg")}
            self.assertEqual(json.loads(browser.get(links["json"]).text), board)
            rows = list(csv.DictReader(io.StringIO(browser.get(links["csv"]).body.decode())))
            self.assertEqual({r["name"] for r in rows}, {n.replace("\n", "\ufffd") for n in NAMES})
            self.assertEqual([float(r["rating"]) for r in rows], [m["rating"] for m in board["models"]])
            picture = browser.get(links["svg"])
            self.assertTrue(picture.header("Content-Type").startswith("image/svg+xml"))
            self.assertIn("attachment", picture.header("Content-Disposition"))
            self.assertEqual(xml.fromstring(picture.body).tag, "{http://www.w3.org/2000/svg}svg")
            self.assertEqual(len(re.findall('class="estimate"', picture.text)), len(board["models"]))
        shown = self.respite("arena", "board", BOARD, "--json")
        self.assertEqual(json.loads(shown.out), board)
        self.assertIn(BOARD, self.respite("arena", "board").out)
        early = self.respite("arena", "board", BOARD, "--day", "2026-11-17")
        self.assertEqual(early.status, 0, early.err)
        self.assertIn("3,600 votes", early.out)

    def test_what_did_not_change_stands_first(self):
        self.three_days()
        for lang, browser in self.pages():
            main = re.search(r"<main.*</main>", browser.get("/arena/changes?name=" + quote(BOARD)).text, re.S).group()
            first = re.findall(r"<p>(.*?)</p>", main, re.S)[0]
            self.assertRegex(first, "^Not changed:" if lang == "en" else "^没有变")
            self.assertIn("fjord &amp; co", main)
            self.assertRegex(main, r"<svg role=\"img\"")

    def test_a_change_is_told_once_in_this_week(self):
        self.add(votes(3000), self.today() - 30)
        self.add(votes(600, 3000, 2), self.today() - 20)
        self.assertNotIn("Arena", self.respite("week").out)
        self.add(votes(3000, 3600, 3, ("fjord & co",)), self.today())
        text = self.respite("week").out
        self.assertRegex(text, r"Arena\s+%s: \d of 7 models\s+changed beyond chance" % BOARD)
        page = json.loads(self.respite("week", "--json").out)
        path = next(line["path"] for part in page["parts"] for line in part["lines"] if line.get("lead") == "Arena")
        self.two_weeks()
        browser = self.node().browser()
        self.assertEqual(browser.get(path).status, 200)

    def test_in_a_quiet_week_nothing_is_told(self):
        self.two_weeks()
        browser = self.node().browser()
        browser.picture()
        self.add(votes(3000), self.today() - 30)
        self.assertEqual(self.respite("rest", "quiet", "2026-11-16..2026-11-22").status, 0)
        self.add(votes(3000, 3600, 3, ("fjord & co",)), self.today())
        self.assertNotIn("chance", self.respite("week").out)
        self.assertNotIn("chance", browser.get("/?open=1").text)

    def test_after_a_quiet_week_a_change_is_told_once(self):
        self.add(votes(3000), self.today() - 30)
        self.assertEqual(self.respite("rest", "quiet", "2026-11-16..2026-11-22").status, 0)
        self.add(votes(3000, 3600, 3, ("fjord & co",)), self.today())
        later = {"RESPITE_CLOCK": str((self.today() + 6) * 86400 + 43200)}
        self.assertEqual(self.respite("tick", env=later).status, 0)
        self.assertIn("beyond chance", " ".join(self.respite("week", env=later).out.split()))
        after = {"RESPITE_CLOCK": str((self.today() + 13) * 86400 + 43200)}
        self.assertNotIn("chance", self.respite("week", env=after).out)

    def test_the_screen_shows_its_error_rate_and_takes_nothing_out(self):
        self.three_days()
        stuffed = [(9000 + i, *((NAMES[6], NAMES[i % 6], "model_a") if i % 2 else (NAMES[i % 6], NAMES[6], "model_b")), "<i>mallory</i>") for i in range(80)]
        done = self.respite("arena", "screen", write(os.path.join(self.home, "s.csv"), votes(3000) + stuffed), "--keep", BOARD)
        self.assertEqual(done.status, 0, done.err)
        for lang, browser in self.pages():
            answer = browser.get("/arena/screen?name=" + quote(BOARD))
            self.assertEqual(answer.status, 200)
            self.assertRegex(answer.page().text, "at most 5 in a hundred are honest" if lang == "en" else "每一百个至多有 5 个是诚实的")
            self.assertIn("&lt;i&gt;mallory&lt;/i&gt;", answer.text)
            self.assertRegex(answer.page().text, "Nothing was taken out" if lang == "en" else "没有去掉任何一票")

    def test_strange_addresses_are_answered_plainly(self):
        self.add(votes(300), self.today())
        browser = self.node().browser()
        for path in ("/arena/board", "/arena/board?name=none", "/arena/board?name=" + "x" * 5000, PAGE + "&day=1999-01-01", "/arena/changes?name=" + quote(BOARD),
                     "/arena/screen?name=" + quote(BOARD), "/arena/export?name=%s&as=exe" % quote(BOARD), "/arena/export?name=" + quote(BOARD)):
            answer = browser.get(path)
            self.assertEqual(answer.status, 404, path)
            self.assertIn("<h1>", answer.text)

    def test_rank_draws_a_picture(self):
        path = write(os.path.join(self.home, "v.csv"), votes(500))
        picture = self.respite("arena", "rank", path, "--svg").out
        self.assertEqual(xml.fromstring(picture).tag, "{http://www.w3.org/2000/svg}svg")
        self.assertNotRegex(picture, r"<script|javascript:|\son\w+=")

    def test_the_example_in_python_runs(self):
        path = write(os.path.join(self.home, "v.csv"), votes(800))
        os.makedirs(os.path.join(self.home, "bin"), exist_ok=True)
        os.symlink(house.RESPITE, os.path.join(self.home, "bin", "respite"))
        env = {**self.env, "PATH": os.path.join(self.home, "bin") + os.pathsep + os.environ["PATH"]}
        done = subprocess.run([sys.executable, os.path.join(house.ROOT, "docs", "examples", "board.py"), path, "--cluster", "judge"], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout.decode(), r"(?m)^1-\d .* \d+ \(\d+ to \d+\)$")

    @unittest.skipUnless(any(os.access(os.path.join(d, "Rscript"), os.X_OK) for d in os.environ["PATH"].split(os.pathsep)), "R is not here")
    def test_the_example_in_r_runs(self):
        path = write(os.path.join(self.home, "v.csv"), votes(800))
        os.makedirs(os.path.join(self.home, "bin"), exist_ok=True)
        os.symlink(house.RESPITE, os.path.join(self.home, "bin", "respite"))
        env = {**self.env, "PATH": os.path.join(self.home, "bin") + os.pathsep + os.environ["PATH"]}
        if subprocess.run(["Rscript", "-e", "library(jsonlite)"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env).returncode:
            self.skipTest("R has no jsonlite here")
        done = subprocess.run(["Rscript", os.path.join(house.ROOT, "docs", "examples", "board.R"), path], env=env, cwd=self.home,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("rank_low", done.stdout.decode())


if __name__ == "__main__":
    house.main()
