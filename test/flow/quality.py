"""make quality on folders as people have them: what it cannot read it names, and one odd file costs the other lines nothing."""
import gzip
import json
import os
import subprocess

import house

QUALITY = os.path.join(os.path.dirname(house.RESPITE), "quality")
SCOOP_NONE = ["scoop abstracts n=0", "scoop titles n=0", "scoop mixed n=0", "scoop odds n=0"]


class Quality(house.Test):
    def folder(self, name, files):
        path = self.at(name)
        os.mkdir(path)
        for file, lines in files.items():
            text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
            with (gzip.open if file.endswith(".gz") else open)(os.path.join(path, file), "wt") as out:
                out.write(text)
        return path

    def papers(self, first, last, **more):
        return [dict({"venue": "icra", "year": 2000 + i % 9, "title": "Paper %d of arms and legs" % i}, **more) for i in range(first, last)]

    def judge(self, path):
        done = subprocess.run([QUALITY, path], env=self.env, capture_output=True, text=True, timeout=120)
        self.assertNotIn("ERROR", done.stderr)
        return done.returncode, done.stdout.rstrip("\n").split("\n"), done.stderr

    def test_what_holds_no_papers_is_one_sentence(self):
        for name, files, words in (("nothing", {}, "holds no"), ("empty", {"a.jsonl.gz": []}, "no line that is a paper"),
                                   ("names", {"a.jsonl.gz": [{"name": "A", "pub_year": 2001}]}, "no line that is a paper")):
            status, _, said = self.judge(self.folder(name, files))
            self.assertEqual(status, 1, name)
            self.assertIn(words, said)
            self.assertEqual(said.count("\n"), 1, said)
        self.assertEqual(self.judge(self.at("nowhere"))[0], 1)

    def test_lines_and_files_of_all_sorts(self):
        path = self.folder("sorts", {"a.jsonl.gz": self.papers(0, 40) + ["{cut", "[]", {"title": "No year"}], "a.jsonl": self.papers(0, 40),
                                     "b.jsonl": self.papers(40, 70), "notes.txt": ["hello"]})
        status, out, said = self.judge(path)
        self.assertEqual((status, said), (0, ""))
        self.assertIn("a.jsonl.gz: 40 papers, 3 lines left out", out[0])
        self.assertEqual(out[1], "b.jsonl: 30 papers", "plain lines too, but not what is there packed")
        self.assertEqual(out[-2:], ["verdict titles n=0", "verdict leave-one-origin-out n=0"])

    def test_groups_of_papers_that_are_not_here(self):
        absent = [[{"id": "x", "venue": "icra", "year": 2004, "title": "Nobody has this"},
                   {"id": "y", "venue": "icra", "year": 2004, "title": "Nor that"}]]
        path = self.folder("absent", {"a.jsonl.gz": self.papers(0, 40), "scoop_groups_x.json": [json.dumps(absent)]})
        status, out, said = self.judge(path)
        self.assertEqual((status, said, out[-4:]), (0, "", SCOOP_NONE))
        path = self.folder("broken", {"a.jsonl.gz": self.papers(0, 40), "scoop_groups_x.json": ["{"]})
        status, out, said = self.judge(path)
        self.assertEqual(status, 1)
        self.assertIn("scoop_groups_x.json", said)
        self.assertIn("verdict titles n=0", out, "the verdicts are there all the same")


if __name__ == "__main__":
    house.main()
