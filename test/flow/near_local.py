"""The scoop check keeps a draft to itself: no request, no byte of it in the database, a file of the data folder or what is
printed of a failure; and vectors are learned in slices that may be killed. A made field: each topic has words of two kinds that
mean the same, papers mix both, the draft and its twin do not."""
import json
import os
import random
import re
import signal
import subprocess
import time

import house

TOPICS, PAPERS = 400, 5400
SECRET = "zorblattice"


class NearLocal(house.Test):
    def corpus(self):
        rng = random.Random(5)
        path = self.at("field.jsonl")

        def words(topic, kind, n):
            return " ".join("q%dk%s%d" % (topic, rng.choice("ab") if kind is None else kind, rng.randrange(6))
                            if rng.random() > .2 else "common%d" % rng.randrange(20) for _ in range(n))

        with open(path, "w") as out:
            for i in range(PAPERS):
                topic = i % TOPICS
                out.write(json.dumps({"venue": "icml", "year": 2024 + i % 2, "id": "p%d" % i, "title": words(topic, None, 5),
                                      "abstract": words(topic, None, 18), "authors": "A. Noether",
                                      "date": "%d-06-%02d" % (2024 + i % 2, 1 + i % 28)}) + "\n")
            out.write(json.dumps({"venue": "icml", "year": 2025, "id": "twin", "title": words(7, "b", 6),
                                  "abstract": words(7, "b", 18), "authors": "E. Lasker"}) + "\n")
        self.draft = self.at("draft.txt")
        with open(self.draft, "w") as out:
            out.write(words(7, "a", 6) + " " + SECRET + "\n" + words(7, "a", 18) + " " + SECRET + "\n")
        return path

    def hits(self, *more):
        done = self.respite("papers", "near", self.draft, "--json", *more)
        self.assertEqual(done.status, 0, done.err)
        return done.json()

    def nowhere(self):
        """Nothing of the draft in any file of the house but the draft itself."""
        for folder, _, names in os.walk(self.dir):
            for name in names:
                path = os.path.join(folder, name)
                if path == self.draft or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    self.assertNotIn(SECRET.encode(), file.read(), path)

    def killed(self):
        """Learning, killed after its first words of progress."""
        child = subprocess.Popen([house.RESPITE, "papers", "vectors"], env=self.env, cwd=self.src, stderr=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL)
        line = child.stderr.readline()
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stderr.close()
        return line

    def title_alone(self):
        """Below the bar on the known cases: no odds, and the reason in JSON and in words."""
        path = self.at("title.txt")
        with open(self.draft) as draft, open(path, "w") as out:
            out.write(draft.readline())
        done = self.respite("papers", "near", path, "--json").json()
        self.assertEqual(done["way"], "title")
        self.assertTrue(done["hits"] and all(hit["p"] is None for hit in done["hits"]))
        self.assertIn("by a title alone", done["p_reason"])
        text = self.respite("papers", "near", path).out
        self.assertIn("by a title alone", " ".join(text.split()))
        self.assertNotIn("odds that it is", text)
        os.remove(path)

    def since(self, found):
        later = self.hits("--more", "--since", "2025")
        self.assertEqual((later["since"], later["papers"]), ("2025-01-01", PAPERS // 2))
        self.assertNotIn("since", found)
        self.assertTrue(later["hits"] and all(hit["date"] >= "2025-01-01" for hit in later["hits"]))
        self.assertTrue(any(hit["date"] < "2025-01-01" for hit in found["hits"]))
        self.assertEqual(later["miss_rate"], found["miss_rate"])
        text = " ".join(self.respite("papers", "near", self.draft, "--since", "2025-06").out.split())
        self.assertIn("papers from 2025-06-01 on", text)
        self.assertIn("older, or not in your index, cannot be found", text)
        for bad in ("yesterday", "2025-13", "2025..2026", ""):
            done = self.respite("papers", "near", self.draft, "--since", bad)
            self.assertEqual((done.status, done.out), (2, ""), bad)
        self.assertEqual(self.respite("papers", "near", self.draft, "--since", "2031").status, 1)

    def test_a_draft_leaves_no_trace_and_a_kill_no_harm(self):
        done = self.respite("papers", "import", self.corpus())
        self.assertEqual(done.status, 0, done.err)
        words = self.hits()
        self.assertEqual(words["way"], "words")
        self.assertTrue(0 < words["miss_rate"] < 1 and words["p_reason"])
        self.assertTrue(words["hits"] and all(hit["p"] is None for hit in words["hits"]))
        self.nowhere()
        line = self.killed()
        self.assertRegex(line.decode(), r"\d")
        self.assertEqual(self.hits(), words)
        done = self.respite("papers", "vectors", "--json", "--quiet")
        self.assertEqual(done.status, 0, done.err)
        self.assertTrue(done.json()["ready"])
        found = self.hits("--more")
        self.assertEqual(found["way"], "abstract")
        self.assertEqual(len(found["hits"]), 50)
        self.assertIn("icml/twin", [hit["id"] for hit in found["hits"]][:20])
        for i, hit in enumerate(found["hits"]):
            self.assertEqual(set(hit) >= {"id", "title", "date", "p", "shared"}, True)
            self.assertEqual(hit["p"] is None, i >= 10)
        self.assertTrue(0 < found["miss_rate"] < words["miss_rate"])
        self.nowhere()
        text = self.respite("papers", "near", self.draft).out
        self.assertRegex(text, "it misses \\d+ %")
        self.assertNotRegex(text, house.NEVER)
        self.assertLessEqual(max(len(line) for line in text.split("\n")), 80)
        self.assertNotRegex(text.lower(), r"\bsafe\b|\bnovel\b|no match")
        self.title_alone()
        self.since(found)
        self.assertEqual(self.respite("sent", "--json").json()["requests"], [])
        self.nowhere()
        self.assertEqual(self.respite("papers", "near", self.draft, "--pin").status, 0)
        self.nowhere()

    def test_bad_drafts_are_one_sentence(self):
        for name, content in (("empty.txt", b""), ("bytes.txt", bytes(range(256)) * 3), ("none.pdf", b"%PDF-1.4 nothing"),
                              ("pdf.txt", b"%PDF-1.4 nothing to read"), ("wide.txt", "Deep learning of control".encode("utf-16")),
                              ("open.tex", b"\\title{"), ("two.bib", b"@article{a,")):
            path = self.at(name)
            with open(path, "wb") as out:
                out.write(content)
            done = self.respite("papers", "near", path)
            self.assertEqual(done.status, 1, name)
            self.assertEqual(done.out, "")
            self.assertEqual(len(done.err.strip().split("\n")) < 6 and done.err.count("respite:"), 1, done.err)
        self.assertEqual(self.respite("papers", "near").status, 2)
        self.assertEqual(self.respite("papers", "near", self.at("gone.txt")).status, 1)
        self.assertEqual(self.respite("papers", "vectors").status, 1)


if __name__ == "__main__":
    house.main()
