"""Papers as a reader has them: search, what is kept and what is learned from it, one page a week, and quiet weeks: the real program on
drawn papers, and on the public ones where they stand beside the project."""
import datetime
import gzip
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import unittest
import xml.etree.ElementTree

import house

PUBLIC = os.path.join(os.environ.get("RESPITE_DATA") or os.path.join(house.ROOT, "..", "shared", "data", "papers"),
                      "public_arxiv_2025m05_m09.jsonl.gz")
TOPICS = {"cs.LG": "attention sink token cache decoding transformer head softmax context layer".split(),
          "cs.CL": "dialogue translation summary corpus speaker grammar parsing lexicon prompt question".split(),
          "cs.RO": "gripper terrain manipulator odometry lidar quadruped grasping planner torque rover".split(),
          "math.CO": "graph colouring matroid clique partition lattice permutation hypergraph tiling bound".split()}
for n, field in enumerate("cs.CV cs.CR cs.DB cs.SE stat.ML eess.SY hep-th quant-ph".split()):
    TOPICS[field] = ["".join(random.Random(100 * n + i).choices("bdfgklmnprstvz", k=3)[j // 2] if j % 2 == 0 else "aeiou"[(n + i * j) % 5] for j in range(6))
                     for i in range(10)]
COMMON = "we show that the new results of this work improve over what was known and hold in many more cases than before".split()
MONDAY = datetime.date(2026, 9, 28)
END = "That is all for this week. The others are counted, not waiting."


def drawn(weeks, a_week=60, seed=3):
    """Papers of so many weeks from MONDAY on."""
    r, out = random.Random(seed), []
    for week in range(weeks):
        for i in range(a_week):
            field = r.choice(list(TOPICS))
            words = TOPICS[field]
            day = MONDAY + datetime.timedelta(7 * week + r.randrange(7))
            text = " ".join(r.choice(words if r.random() < .4 else COMMON) for _ in range(60))
            name = "%s %s" % (r.choice("Ada Emmy Sofia Wei Lin".split()), r.choice("Noether Lasker Kova Zhang Ito Marsh Otto Berg".split()))
            out.append({"venue": "arxiv", "year": 2026, "id": "26%02d.%05d" % (9 + week // 4, 100 * week + i), "title": "%s, part %d" % (" ".join(r.sample(words, 4)).capitalize(), 1000 * week + i),
                        "abstract": text, "authors": name + "; Kim Other", "date": day.isoformat(), "categories": [field]})
    return out


def noon(day):
    return str(int(datetime.datetime(day.year, day.month, day.day, 11, tzinfo=datetime.timezone.utc).timestamp()))


def week_of(day):
    return "%d-W%02d" % day.isocalendar()[:2]


class Reader(house.Test):
    """Data folders by name; each command at a day."""

    def write(self, name, papers):
        path = self.at(name)
        with open(path, "w") as out:
            out.write("".join(json.dumps(p) + "\n" for p in papers))
        return path

    def run_at(self, who, day, *args, status=0):
        done = self.respite(*args, "--data", self.at(who), env={"RESPITE_CLOCK": noon(day)})
        self.assertEqual(done.status, status, done.err)
        return done

    def take(self, who, papers, day=datetime.date(2027, 1, 4)):  # later than all of them: a day to come is not believed
        self.run_at(who, day, "papers", "import", self.write(who + ".jsonl", papers), "--quiet")

    def digest(self, who, day, *args):
        return json.loads(self.run_at(who, day, "papers", "digest", *args, "--json").out)

    def rows(self, who, sql):
        with sqlite3.connect("file:%s?mode=ro" % os.path.join(self.at(who), "respite.db"), uri=True) as db:
            return db.execute(sql).fetchall()

    def ledger(self, who):
        held, released, delivered, received = self.rows(who, "select (select count(*) from held where state = 0), (select count(*) from held "
                                                             "where state = 1), (select count(*) from held where state = 2), n from received")[0]
        self.assertEqual(held + released + delivered, received)
        return held, released, delivered

    def candidates(self, who):
        return sorted(self.rows(who, "select i.value from digest_paper d join paper_id i using (paper)"))


class Search(Reader):
    def test_search_has_the_shape_of_the_design(self):
        self.take("a", drawn(2))
        got = json.loads(self.run_at("a", MONDAY, "papers", "search", "gripper", "terrain", "--json").out)
        self.assertTrue(0 < len(got["hits"]) <= 20)
        self.assertLessEqual({"id", "title", "date", "score"}, set(got["hits"][0]))
        self.assertGreater(got["ms"], 0)
        self.assertEqual([h["score"] for h in got["hits"]], sorted((h["score"] for h in got["hits"]), reverse=True))

    def test_fields_phrases_and_days(self):
        papers = drawn(3)
        papers[7] |= {"title": "On the attention sink of small models", "abstract": ""}
        papers.append(papers[0] | {"id": "2609.77777", "title": "大语言模型的注意力汇聚", "abstract": "注意力"})
        self.take("a", papers)

        def hits(*words):
            return json.loads(self.run_at("a", MONDAY, "papers", "search", *words, "--json", "--top", "1000").out)["hits"]
        self.assertEqual([h["id"] for h in hits('"attention sink of small"')], [papers[7]["id"]])
        for hit in hits("author:Lasker", "cat:math.CO"):
            paper = next(p for p in papers if p["id"] == hit["id"])
            self.assertIn("Lasker", paper["authors"])
            self.assertEqual(paper["categories"], ["math.CO"])
        self.assertEqual([h["id"] for h in hits("lang:zh")], ["2609.77777"])
        self.assertEqual(hits("注意力")[0]["id"], "2609.77777")
        for words in (["date:2026-W41"], ["since:2026-10-05", "until:2026-10-11"], ["graph", "--date", "2026-10-05..2026-10-11"]):
            found = hits(*words)
            self.assertTrue(found)
            self.assertTrue(all("2026-10-05" <= h["date"] <= "2026-10-11" for h in found), words)
        self.assertEqual(hits("2609.77777")[0]["id"], "2609.77777")

    def test_what_cannot_be_searched_is_said(self):
        for words in ([""], ["date:soon"], ["--top", "0", "x"], ["--date", "2026-13", "x"], ["."], ["w%d" % i for i in range(65)]):
            done = self.respite("papers", "search", *words)
            self.assertIn(done.status, (1, 2), words)
            self.plain(done.err)
        self.assertIn("There are no papers here yet", self.respite("papers", "search", "zzz").out)


class Profile(Reader):
    def setUp(self):
        super().setUp()
        self.papers = drawn(4)
        self.take("a", self.papers)
        self.robots = [p["id"] for p in self.papers if p["categories"] == ["cs.RO"]]

    def profile(self, *args):
        return json.loads(self.run_at("a", MONDAY + datetime.timedelta(28), "papers", "profile", *args, "--json").out)

    def test_it_is_learned_shown_and_changed(self):
        keep = [a for i in self.robots[:6] for a in ("--keep", i)]
        got = self.profile(*keep, "--not", self.papers[1]["id"] if self.papers[1]["id"] not in self.robots[:6] else self.papers[2]["id"])
        self.assertEqual((got["kept"], got["not"]), (6, 1))
        words = [w["word"] for w in got["words"] if w["kind"] == "word"]
        self.assertLessEqual(len(words), 30)
        own = set(TOPICS["cs.RO"])
        self.assertTrue(set(" ".join(words[:5]).split()) & (own | {"cs.RO"}), words)
        page = self.digest("a", MONDAY + datetime.timedelta(28), week_of(MONDAY + datetime.timedelta(21)))
        fields = [next(p for p in self.papers if p["id"] == q["id"])["categories"][0] for q in page["papers"]]
        there = sum(p["categories"] == ["cs.RO"] and "2026-10-19" <= p["date"] <= "2026-10-25" for p in self.papers)
        self.assertGreaterEqual(fields.count("cs.RO"), min(there, 7) - 2)
        for paper in page["papers"]:
            self.assertRegex(paper["why"], "^(because of|near what you keep)")
        gone = self.profile("--remove", words[0])
        self.assertNotIn(words[0], [w["word"] for w in gone["words"]])
        self.assertEqual(gone["removed"], [words[0]])
        self.assertEqual(self.profile("--restore", words[0])["words"], got["words"])
        self.assertEqual(self.profile("--undo", self.robots[0])["kept"], 5)
        self.assertEqual(self.profile("--reset", "--yes")["words"], [])

    def test_it_can_be_carried_away(self):
        self.profile("--keep", self.robots[0], "--author", "Emmy Noether", "--remove", "rover")
        self.run_at("a", MONDAY, "export", self.at("out"))
        with open(self.at("out", "papers.json")) as f:
            got = json.load(f)
        self.assertEqual(([p["id"] for p in got["kept"]], got["not"], got["authors"], got["removed"]), ([self.robots[0]], [], ["Emmy Noether"], ["rover"]))

    def test_reset_asks(self):
        self.profile("--keep", self.robots[0])
        self.assertEqual(self.respite("papers", "profile", "--reset", "--no-input", "--data", self.at("a")).status, 1)
        self.assertEqual(self.profile()["kept"], 1)

    def test_who_is_followed_comes_first_and_is_the_reason(self):
        self.profile("--author", "Emmy Noether", "--category", "math.CO")
        page = self.digest("a", MONDAY + datetime.timedelta(28), week_of(MONDAY))
        for paper in page["papers"]:
            whom = "Emmy Noether" in paper["authors"]
            self.assertRegex(paper["why"], "by Emmy Noether, whom you follow" if whom else "in math.CO, which you follow")
        self.assertTrue(any("Emmy Noether" in p["authors"] for p in page["papers"][:1]))

    def test_papers_of_a_library_count_as_kept(self):
        bib = self.at("own.bib")
        with open(bib, "w") as out:
            for p in self.papers:
                if p["id"] in self.robots[:4]:
                    out.write("@article{k%s,\n title={%s},\n author={Ada Noether},\n year={2026},\n eprint={%s},\n archivePrefix={arXiv}\n}\n"
                              % (p["id"], p["title"], p["id"]))
        self.run_at("a", datetime.date(2027, 1, 4), "papers", "import", bib, "--quiet")
        got = self.profile()
        self.assertEqual((got["kept"], got["library"]), (4, {"papers": 4, "on": True}))
        self.assertEqual(self.profile("--library", "off")["kept"], 0)

    def test_names_that_are_not_there_are_said(self):
        for args, status in ((["--keep", "2601.00001"], 1), (["--unfollow", "Nobody"], 1), (["--restore", "x"], 1), (["--library", "maybe"], 2), (["x"], 2)):
            done = self.respite("papers", "profile", *args, "--data", self.at("a"))
            self.assertEqual(done.status, status, args)
            self.plain(done.err)


class Digest(Reader):
    WEEKS = 5

    def test_papers_digest(self):
        """Week by week: never over the cap, each paper on one page at most, the same again, and the same in another folder."""
        papers = drawn(self.WEEKS)
        self.take("a", papers)
        self.take("b", papers)
        shown = []
        for week in range(self.WEEKS):
            monday = MONDAY + datetime.timedelta(7 * week)
            after = monday + datetime.timedelta(7)
            page = self.digest("a", after)
            self.assertEqual((page["week"], page["all"], page["cap"]), (week_of(monday), 60, 7))
            self.assertLessEqual(len(page["papers"]), 7)
            self.assertEqual(sum(page["rest"].values()) + len(page["papers"]), 60)
            self.assertEqual(page["end"], END)
            shown += [p["id"] for p in page["papers"]]
            for paper in page["papers"]:
                self.assertTrue(monday.isoformat() <= paper["date"] < after.isoformat())
                self.assertTrue(paper["why"])
            first = [p["authors"][0] for p in page["papers"]]
            self.assertLessEqual(max(map(first.count, first)), 2)
            self.assertEqual(self.run_at("a", after, "papers", "digest", "--json").out, self.run_at("a", after, "papers", "digest", page["week"], "--json").out)
            self.assertEqual(self.digest("b", after), page)
        self.assertEqual(len(shown), len(set(shown)))
        self.assertEqual(self.ledger("a"), (0, 0, 60 * self.WEEKS))

    def test_it_ends_and_counts_nothing_unread(self):
        self.take("a", drawn(1))
        text = self.run_at("a", MONDAY + datetime.timedelta(7), "papers", "digest").out
        self.assertTrue(text.rstrip().endswith(END))
        self.assertNotRegex(text, "(?i)unread|missed|behind|still|only")

    def test_the_cap_is_the_readers(self):
        self.take("a", drawn(2))
        self.assertEqual(len(self.digest("a", MONDAY + datetime.timedelta(7), "--cap", "3")["papers"]), 3)
        self.assertEqual(len(self.digest("a", MONDAY + datetime.timedelta(14))["papers"]), 3)
        for cap in ("0", "21", "x"):
            self.assertEqual(self.respite("papers", "digest", "--cap", cap, "--data", self.at("a")).status, 2)

    def test_a_page_once_made_stays_and_late_papers_join_the_next_once(self):
        papers = drawn(3)
        late = [p for p in papers if p["date"] < "2026-10-05"][::4]
        self.take("a", [p for p in papers if p not in late])
        first = self.digest("a", MONDAY + datetime.timedelta(7))
        self.take("a", late)
        self.assertEqual(self.digest("a", MONDAY + datetime.timedelta(8)), first)
        second = self.digest("a", MONDAY + datetime.timedelta(14))
        self.assertEqual(second["all"], 60 + len(late))
        self.assertEqual(self.digest("a", MONDAY + datetime.timedelta(21))["all"], 60)
        self.assertEqual(len(self.candidates("a")), 180)

    def test_made_at_the_same_time_by_two_it_is_one_page(self):
        """The page and the job of the day may both be the first to need it."""
        self.take("a", drawn(4))
        for week in range(4):
            day = MONDAY + datetime.timedelta(7 * week)
            argv = [house.RESPITE, "papers", "digest", week_of(day), "--json", "--data", self.at("a")]
            env = {**self.env, "RESPITE_CLOCK": noon(day + datetime.timedelta(8))}
            both = [subprocess.Popen(argv, env=env, cwd=self.src, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
            said = [p.communicate(timeout=120) for p in both]
            self.assertEqual([p.returncode for p in both], [0] * 3, said)
            self.assertEqual(len({out for out, _ in said}), 1)
        self.assertEqual(self.rows("a", "select count(*) from digest"), [(4,)])

    def test_a_week_to_come_and_no_week_are_refused(self):
        for args in (["2027-W01"], ["yesterday"], ["2026-W99"], ["2026-W40", "2026-W41"]):
            done = self.respite("papers", "digest", *args, "--data", self.at("a"), env={"RESPITE_CLOCK": noon(MONDAY)})
            self.assertEqual(done.status, 2, args)
            self.plain(done.err)

    def test_the_week_that_is_not_over_is_shown_and_not_kept(self):
        self.take("a", drawn(1))
        self.assertTrue(self.digest("a", MONDAY + datetime.timedelta(3), week_of(MONDAY))["papers"])
        self.assertEqual(self.rows("a", "select count(*) from digest"), [(0,)])

    def test_the_feed_is_off_until_asked_for(self):
        self.take("a", drawn(2))
        path = os.path.join(self.at("a"), "papers.atom")
        self.digest("a", MONDAY + datetime.timedelta(7))
        self.assertFalse(os.path.exists(path))
        page = self.digest("a", MONDAY + datetime.timedelta(14), "--feed", "on")
        feed = xml.etree.ElementTree.parse(path).getroot()
        ns = {"a": "http://www.w3.org/2005/Atom"}
        self.assertEqual(len(feed.findall("a:entry", ns)), 2)
        self.assertIn(page["papers"][0]["title"], feed.find("a:entry/a:content", ns).text)
        self.digest("a", MONDAY + datetime.timedelta(14), "--feed", "off")
        self.assertFalse(os.path.exists(path))

    def test_tick_makes_it_and_this_week_has_a_row(self):
        self.take("a", drawn(1))
        monday = MONDAY + datetime.timedelta(7)
        self.run_at("a", MONDAY + datetime.timedelta(3), "tick")
        self.assertEqual(self.rows("a", "select count(*) from digest"), [(0,)])
        self.run_at("a", monday, "tick")
        self.assertEqual(self.rows("a", "select papers from digest"), [(60,)])
        self.assertIn("60 papers in your fields. 7 chosen, the reason beside each.", " ".join(self.run_at("a", monday, "week").out.split()))


class Quiet(Reader):
    """papers_quiet: a pause of k weeks loses nothing, and one page with the same cap covers it."""

    def pause_equals_replay(self, papers, first, weeks, pause):
        """Weeks from `first`; those in `pause` (numbers, together) are quiet in "b". "c" had no page in them either, without a quiet time.
        The papers are taken in once and the folder is copied; folders made apart are compared in test_papers_digest."""
        self.take("a", papers)
        for who in "bc":
            shutil.copytree(self.at("a"), self.at(who))
        begin, end = first + datetime.timedelta(7 * pause[0]), first + datetime.timedelta(7 * pause[-1] + 6)
        self.run_at("b", first, "rest", "quiet", "%s..%s" % (begin, end))
        gap = None
        for week in range(weeks):
            monday = first + datetime.timedelta(7 * week + 7)
            for who in "ab":
                self.run_at(who, monday, "tick")
                self.ledger(who)
            self.digest("a", monday)
            if begin <= monday <= end:
                page = self.digest("b", monday)
                self.assertEqual((page["papers"], page["rest"], page["quiet_until"]), ([], {}, end.isoformat()))
                text = self.run_at("b", monday, "papers", "digest").out
                self.assertNotRegex(text, r"\d+ (papers|held|waiting|new)")
                continue
            page = self.digest("b", monday)
            self.assertLessEqual(len(page["papers"]), 7)
            if begin <= monday - datetime.timedelta(7) <= end:
                gap = page
                self.assertEqual(page, self.digest("c", monday))
                self.assertEqual(page, self.digest("b", monday))
                self.assertEqual(page["from"], (begin - datetime.timedelta(7)).isoformat())
                self.assertIn("Welcome back. Here is the page. It is short.", self.run_at("b", monday, "papers", "digest").out)
            elif monday < begin:
                self.digest("c", monday)
        self.assertIsNotNone(gap)
        self.assertEqual(self.candidates("a"), self.candidates("b"))
        self.assertEqual(self.ledger("b")[0], 0)

    def test_papers_quiet(self):
        self.pause_equals_replay(drawn(6), MONDAY, 6, [2, 3])

    def test_papers_quiet_of_one_week(self):
        self.pause_equals_replay(drawn(5, seed=9), MONDAY, 5, [2])

    def keep_verdicts(self, who, *rows):
        """As `respite papers trends` would have kept them."""
        row = lambda term, verdict, p: {"term": term, "verdict": verdict, "p_lasting": p, "low": p - .1, "high": p + .1, "base_rate": .79, "papers": 40,
                                        "last_year": 20, "like": {"n": 20, "lasting": 15}, "also": [], "years": [[2025, 20]]}
        kept = {"field": "cs.LG", "origin": 2025, "complete": True, "candidates": len(rows), "terms": [row(*r) for r in rows], "years": [[2025, 900]], "fit": None}
        with sqlite3.connect(os.path.join(self.at(who), "respite.db")) as db:
            db.execute("insert into paper_verdict(field, origin, made, json) values('cs.LG', 2025, 20700, ?)", [json.dumps(kept)])

    def test_the_terms_rest_too_and_after_a_gap_what_lasted_is_said(self):
        papers = drawn(4)
        begin, end = MONDAY + datetime.timedelta(7), MONDAY + datetime.timedelta(20)
        after = end + datetime.timedelta(1)
        for who in "ab":
            self.take(who, papers)
            self.run_at(who, MONDAY, "rest", "quiet", "%s..%s" % (begin, end))
        bare = self.digest("a", after)
        self.assertEqual(bare["lasted"], {})
        rows = [(theme, "lasting" if i % 2 else "faded", .8 if i % 2 else .2) for i, theme in enumerate(t for t in bare["rest"] if t != "other")]
        self.assertGreater(len(rows), 2)
        self.keep_verdicts("b", *rows)
        self.assertNotIn("Lasting", self.run_at("b", begin, "week").out)
        page = self.digest("b", after)
        self.assertEqual({k: v for k, v in page.items() if k != "lasted"}, {k: v for k, v in bare.items() if k != "lasted"})
        self.assertEqual([(theme, told["verdict"], told["p_lasting"]) for theme, told in page["lasted"].items()],
                         [(theme, "lasting", .8) for theme, verdict, _ in rows if verdict == "lasting"])
        text = " ".join(self.run_at("b", after, "papers", "digest").out.split())
        self.assertIn("What lasted", text)
        self.assertIn("odds that it lasts 80 of 100, likely between 70 and 90; usual is 79 of 100.", text)
        week = " ".join(self.run_at("b", after, "week").out.split())
        self.assertRegex(week, "Lasting .*: odds that it lasts 80 of 100.* Faded .*: odds that it lasts 20 of 100.* You can let it go.")
        with sqlite3.connect(os.path.join(self.at("b"), "respite.db")) as db:  # what a page said stays
            db.execute("delete from paper_verdict")
        self.assertEqual(self.digest("b", after), page)

    def test_ended_early_it_is_the_same_page(self):
        papers = drawn(4)
        for who in "ab":
            self.take(who, papers)
            self.digest(who, MONDAY + datetime.timedelta(7))
        self.run_at("b", MONDAY + datetime.timedelta(8), "rest", "quiet", "2026-10-06..2026-10-25")
        day = MONDAY + datetime.timedelta(14)
        self.assertIn("quiet_until", self.digest("b", day))
        self.run_at("b", day, "rest", "quiet", "--end")
        self.assertEqual(self.digest("b", day), self.digest("a", day))

    @unittest.skipUnless(os.path.exists(PUBLIC), "skipped, no data")
    def test_the_public_papers_replayed(self):
        with gzip.open(PUBLIC, "rt") as lines:
            papers = [json.loads(line) for line in lines]
        self.pause_equals_replay(papers, datetime.date(2025, 8, 4), 7, [2, 3])


class Pages(Reader):
    def test_the_pages_say_it_without_script(self):
        papers = drawn(2)
        self.take("a", papers)
        node = self.node(self.two_weeks(), data=self.at("a"), env={"RESPITE_CLOCK": noon(MONDAY + datetime.timedelta(7))})
        browser = node.browser()
        page = browser.get("/digest").page()
        self.assertIn("60 papers in your fields. 7 chosen, the reason beside each.", page.text)
        self.assertIn(END, page.text)
        self.assertNotRegex(page.text, "(?i)unread")
        browser.press(page, "^Keep$")
        self.assertEqual(self.rows("a", "select mark from paper_mark"), [(1,)])
        text = browser.get("/profile").page().text
        self.assertIn("from 1 papers you keep", text)
        found = browser.get("/search?q=gripper").page().text
        self.assertIn("The words you type stay here.", found)
        self.assertRegex(found, r"End of the list: the nearest \d+\.")
        self.assertIn("Nothing found for “<b>zzz”.", browser.get("/search?q=%3Cb%3Ezzz").page().text)
        path = re.search(r'href="(/paper/\d+)"', browser.get("/search?q=gripper").body.decode()).group(1)
        self.assertIn("arxiv.org/abs/", browser.get(path).body.decode())


if __name__ == "__main__":
    house.main()
