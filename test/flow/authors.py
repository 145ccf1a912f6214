"""How many papers people publish: the command and the page on drawn papers with homonyms, spellings and ids. No answer names
anybody but the reader who asks for their own line, and that name is kept nowhere."""
import json
import os
import random
import urllib.parse

import house

GIVEN = "Ada Emmy Sofia Wei Lin Jo Mara Yu Teo Ines".split()
FAMILY = "Noether Lasker Kova Wang Ito Marsh Otto Berg Li Kim".split()
SECRET = "Quentin Zorblattice"
END = "Nothing here has to be followed."


def drawn(seed=4, papers=400):
    r, out = random.Random(seed), []
    for i in range(papers):
        year = 2018 + i % 8
        names = list(dict.fromkeys("%s %s" % (r.choice(GIVEN), r.choice(FAMILY)) for _ in range(1 + r.randrange(4))))
        if r.random() < .2:
            names[0] = names[0][0] + ". " + names[0].split()[1]
        out.append({"venue": "icml" if i % 3 else "acl", "year": year, "id": "p%d" % i, "title": "Of w%d and w%d, no %d" % (r.randrange(60), r.randrange(60), i),
                    "abstract": "", "authors": "; ".join(names)})
    out.append({"venue": "icml", "year": 2025, "id": "ids", "title": "Who is who, settled", "abstract": "",
                "authors": [{"name": "Ruth Xun", "orcid": "0000-0002-1825-0097"}, {"name": "R. Xun", "orcid": "0000-0002-1694-233X"}]})
    return out


class Authors(house.Test):
    def take(self, papers, name="papers.jsonl"):
        path = self.at(name)
        with open(path, "w") as out:
            out.write("".join(json.dumps(p) + "\n" for p in papers))
        done = self.respite("papers", "import", path, "--quiet")
        self.assertEqual(done.status, 0, done.err)
        os.unlink(path)

    def authors(self, *args):
        done = self.respite("papers", "authors", *args)
        self.assertEqual(done.status, 0, done.err)
        return done

    def nobody(self, text):
        for name in FAMILY + ["Xun", SECRET.split()[1]]:
            self.assertNotRegex(text, r"\b%s\b" % name)

    def nowhere(self, word):
        for folder, _, names in os.walk(self.dir):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        self.assertNotIn(word.encode(), file.read(), path)

    def test_the_numbers_are_those_of_the_names_and_lie_within_the_interval(self):
        papers = drawn()
        self.take(papers)
        got = self.authors("everything", "--year", "2024", "--json").json()
        count = {}
        for p in papers:
            if p["year"] == 2024:
                for name in p["authors"].split("; "):
                    count[name] = count.get(name, 0) + 1
        values = sorted(count.values())
        now = got["this_year"]
        self.assertEqual((got["field"], got["year"], got["complete"], got["papers"]), ("everything", 2024, True, 50))
        self.assertEqual(now["names"]["exact"], len(values))
        self.assertEqual(now["with_one"]["exact"], values.count(1))
        for key, share in (("q25", 25), ("median", 50), ("q75", 75), ("p90", 90), ("p99", 99)):
            self.assertEqual(now[key]["exact"], values[-(-share * len(values) // 100) - 1], key)
        for part in [now, got["five_years"], *got["since_first"]]:
            for key in ("q25", "median", "q75", "p90", "p99", "share_one"):
                self.assertLessEqual(part[key]["lower"], part[key]["exact"])
                self.assertLessEqual(part[key]["exact"], part[key]["upper"])
                low, high = part[key]["ci95"]["exact"]
                self.assertLessEqual(low, high)
        self.assertGreater(now["names"]["split"], now["names"]["merge"])
        self.assertEqual(sum(part["names"]["exact"] for part in got["since_first"]), len(values))
        self.nobody(json.dumps(got))
        for lang in ("en", "zh"):
            self.nobody(self.authors("everything", "--lang", lang).out)

    def test_the_order_of_the_file_changes_nothing_and_nothing_later_is_looked_at(self):
        papers = drawn()
        self.take(papers)
        first = self.authors("--year", "2022", "--json").out
        again = self.respite("papers", "import", self.written(papers[::-1]), "--data", self.at("again"), "--quiet")
        self.assertEqual(again.status, 0, again.err)
        self.assertEqual(self.respite("papers", "authors", "--year", "2022", "--json", "--data", self.at("again")).out, first)
        self.respite("papers", "import", self.written([p for p in papers if p["year"] <= 2022]), "--data", self.at("early"), "--quiet")
        self.assertEqual(self.respite("papers", "authors", "--year", "2022", "--json", "--data", self.at("early")).out, first)

    def written(self, papers):
        path = self.at("more.jsonl")
        with open(path, "w") as out:
            out.write("".join(json.dumps(p) + "\n" for p in papers))
        return path

    def test_ids_settle_who_is_who(self):
        people = [{"venue": "icml", "year": 2025, "id": "a%d" % i, "title": "Thing number %d of x%dq" % (i, i), "abstract": "",
                   "authors": [{"name": "Wei Wang", "orcid": ("0000-0002-1825-0097", "0000-0002-1694-233X")[i % 2]}]} for i in range(30)]
        self.take(people)
        now = self.authors("--json").json()["this_year"]
        self.assertEqual(now["names"], {"split": 2, "exact": 2, "merge": 2})
        self.assertEqual((now["median"]["lower"], now["median"]["upper"]), (15, 15))

    def test_ones_own_line_is_by_year_and_is_kept_nowhere(self):
        self.take(drawn() + [{"venue": "icml", "year": y, "id": "own%d" % y, "title": "A line of one's own, %d" % y, "abstract": "",
                              "authors": "Ruth Xun; Bo Zell"} for y in (2023, 2024)])
        done = self.authors("--me", "Xun, RUTH", "--json").json()["own"]
        self.assertEqual(done["said"], "said")
        self.assertEqual([(y["year"], y["lower"], y["upper"]) for y in done["years"]][2:4], [(2023, 1, 1), (2024, 1, 1)])
        self.assertIn(SECRET, self.authors("--me", SECRET).out)
        self.assertEqual(self.authors("--me", "Mausam", "--json").json()["own"]["said"], "shared")
        node = self.node()
        browser = node.browser()
        page = browser.get("/authors").page()
        form = [f for f in page.forms if f["method"] == "post" and f["action"] == "/authors"][0]
        answer = browser.post("/authors", [(n, v) for n, v in form["fields"] if n != "me"] + [("me", SECRET)])
        self.assertEqual(answer.status, 200)
        self.assertIn("There is no paper under the name “%s” in these venues." % SECRET, answer.page().text)
        self.assertIn("no-store", answer.header("Cache-Control"))
        self.assertEqual([x for x in answer.page().links if "Zorblattice" in urllib.parse.unquote(x)], [])
        self.assertNotIn("Zorblattice", node.err() + node.said)
        self.assertEqual(browser.post("/authors", [("me", SECRET)]).status, 403)
        node.stop()
        self.assertNotIn("Zorblattice", self.respite("sent").out)
        self.nowhere("Zorblattice")

    def test_the_page_ends_names_nobody_and_takes_bad_words_in_one_sentence(self):
        self.take(drawn())
        for lang, end in (("en", END), ("zh", "这里没有什么是非跟不可的。")):
            node = self.node(args=["--lang", lang])
            browser = node.browser(lang)
            for path in ("/authors", "/authors?field=acl&year=2024", "/authors?field=everything"):
                answer = browser.get(path)
                self.assertEqual(answer.status, 200, answer.text[:800])
                self.nobody(answer.page().text)
                self.assertIn(end, answer.page().text)
            for path, status in (("/authors?year=x", 400), ("/authors?year=1999", 404), ("/authors?field=nowhere", 404), ("/authors?field=" + "y" * 400, 400)):
                self.assertEqual(browser.get(path).status, status, path)
            node.stop()

    def test_terms_say_what_half_of_the_authors_published(self):
        self.take(drawn(papers=800))
        got = self.respite("papers", "trends", "icml").out.replace("\n", " ")
        self.assertRegex(got, r"Half of the authors in icml published \d+ papers? or fewer last year\.")
        self.assertIn("norm", self.respite("papers", "trends", "icml", "--json").json())
        self.assertNotIn("norm", self.respite("papers", "trends", "icml", "--at", "2022", "--json").json())

    def test_nothing_here_and_words_that_do_not_fit(self):
        for args, status in (((), 1), (("a", "b"), 2), (("--year", "x"), 2), (("--year", "12"), 2), (("--me", " "), 2)):
            done = self.respite("papers", "authors", *args)
            self.assertEqual(done.status, status, done.err)
            self.plain(done.err)


if __name__ == "__main__":
    house.main()
