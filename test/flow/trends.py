"""Rising terms, in the program, from imported files: the public ones give the figures they are known to give at every year, and what
is said of a field by years and by quarters has one shape."""
import json
import os
import unittest

import house

DATA = os.environ.get("RESPITE_DATA") or os.path.join(house.ROOT, "..", "shared", "data", "papers")
THERE = os.path.exists(os.path.join(DATA, "public_conf_to2018.jsonl.gz"))
# Year: candidates, share of them that lasted, AUC of burst weight, AUC of share (None: not known).
ML = {2010: (9, .444, .500, .775), 2011: (15, .400, .574, .843), 2012: (10, .700, .762, .714), 2013: (63, .794, .693, .749), 2014: (21, .810, .515, .507)}
ROBOTS = {2008: (18, .667, .431, .771), 2009: (19, .579, .455, .807), 2010: (17, .882, .533, .583)}
ROBOTS_ABSTRACTS = {2008: (119, .765, None, None), 2009: (144, .812, None, None), 2010: (187, .754, None, None)}
# Mean, deviation and weight of each of the eleven, learned from all 118 cases.
FIT = {"p_80": (-.278, .111, .470), "n_log": (2.910, .689, .355), "x_cum": (1.816, 1.161, -.125), "x_pres": (.352, .297, -.092),
       "v_g3": (.656, 1.061, -.118), "a_top": (.113, .063, -.191), "c_new": (.898, .116, -.226), "g_sub1": (.805, .396, -.005),
       "g_sup": (.936, .717, .053), "p_z": (2.894, 2.551, .276), "z(o)": (-.019, 1.006, .086)}


class Trends(house.Test):
    def trends(self, *args):
        done = self.respite("papers", "trends", *args, "--json", timeout=600)
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)

    def take(self, *names):
        for name in names:
            self.assertEqual(self.respite("papers", "import", os.path.join(DATA, name + ".jsonl.gz"), "--quiet", timeout=600).status, 0)

    def same(self, got, want):
        by_year = {o["origin"]: o for o in got["origins"]}
        for year, (n, lasting, burst, share) in want.items():
            self.assertEqual(by_year[year]["candidates"], n, year)
            self.assertAlmostEqual(by_year[year]["lasting"], lasting, delta=.0006, msg=year)
            for key, figure in (("auc_burst", burst), ("auc_share", share)):
                if figure is not None:
                    self.assertAlmostEqual(by_year[year][key], figure, delta=.002, msg=(year, key))

    @unittest.skipUnless(THERE, "skipped, no data")
    def test_machine_learning_to_2018(self):
        self.take("public_robotics_to2014", "public_acl_to2018", "public_conf_to2018")
        got = self.trends("ml")
        self.assertEqual((got["origin"], got["text"], got["unit"], got["fit"]["cases"]), (2018, "titles", "year", 118))
        self.same(got, ML)
        self.assertEqual([o["origin"] for o in got["origins"] if o["learned_from"]], sorted(ML))
        self.assertAlmostEqual(got["fit"]["intercept"], 1.102, delta=.005)
        for f in got["fit"]["features"]:
            for key, want in zip(("mean", "sd", "weight"), FIT[f["name"]]):
                self.assertAlmostEqual(f[key], want, delta=.005, msg=(f["name"], key))
        self.assertEqual({t["base_rate"] for t in got["terms"]}, {got["fit"]["lasting"] / 118})
        for term in got["terms"]:
            self.assertTrue(0 <= term["low"] <= term["p_lasting"] <= term["high"] <= 1)
        self.assertEqual(self.trends()["terms"], got["terms"])  # it is the usual field
        for year, (n, *_) in ML.items():
            at = self.trends("ml", "--at", str(year))
            self.assertEqual((at["origin"], at["candidates"]), (year, n))
            self.assertTrue(all(t["p_lasting"] is None and t["verdict"] == "too early to tell" for t in at["terms"]) or at["fit"])
        deep = self.trends("ml", "--at", "2012")["terms"]
        self.assertIn("deep", [t["term"] for t in deep])
        volumes = self.trends("acl")  # each volume of the anthology is held against itself
        self.assertGreater(len(volumes["terms"]), 10)

    @unittest.skipUnless(THERE, "skipped, no data")
    def test_robotics_to_2014(self):
        self.take("public_robotics_to2014")
        self.same(self.trends("--text", "titles"), ROBOTS)
        got = self.trends()  # 187 cases: too few for abstracts
        self.assertEqual(got["text"], "titles")
        self.same(got, ROBOTS)
        got = self.trends("--text", "abstracts")
        self.assertEqual(got["text"], "titles and abstracts")
        self.same(got, ROBOTS_ABSTRACTS)

    def test_quarters_and_years_have_one_shape(self):
        lines = []
        for i in range(1600):
            month = i // 32  # 50 months from 2021 on
            day = "%d-%02d-%02d" % (2021 + month // 12, month % 12 + 1, 1 + i % 28)
            title = "%s for %s" % ("Attention sinks" if month >= 45 and i % 3 == 0 else "Some thing %d" % (i % 97), "word%d" % (i % 13))
            lines.append({"venue": "arxiv", "year": int(day[:4]), "id": "%s%s.%05d" % (day[2:4], day[5:7], i), "title": title + " %d" % i, "abstract": "",
                          "authors": "Ada Noether", "date": day, "categories": ["cs.LG"]})
        path = self.at("arxiv.jsonl")
        with open(path, "w") as out:
            out.write("".join(json.dumps(x) + "\n" for x in lines))
        self.assertEqual(self.respite("papers", "import", path, "--quiet").status, 0)
        got = self.trends("cs.LG", "--at", "2024Q4")
        self.assertEqual((got["origin"], got["unit"], got["complete"]), ("2024Q4", "quarter", True))
        sinks = next(t for t in got["terms"] if t["term"] == "attention sinks")
        self.assertLessEqual({"term", "p_lasting", "verdict", "papers", "base_rate"}, set(sinks))
        self.assertEqual((sinks["p_lasting"], sinks["verdict"]), (None, "too early to tell"))  # no cases are resolved
        self.assertEqual(sinks["years"][0][0], "2024Q4")
        self.assertEqual(self.trends("cs.LG", "--at", "2024")["origin"], "2024Q4")
        self.assertEqual(self.trends("cs.LG")["origin"], "2024Q4")  # 2025Q1 ends in February: not all here
        self.assertFalse(self.trends("cs.LG", "--at", "2025Q1")["complete"])
        text = self.respite("papers", "trends", "cs.LG").out
        self.assertIn("quarter 4 of 2024", text)
        self.assertIn("Nothing here has to be followed.", text)
        zh = self.respite("papers", "trends", "cs.LG", "--lang", "zh").out
        self.assertIn("2024 年第 4 季度", zh)
        for args, status in ((["--at", "soon"], 2), (["--at", "2025Q7"], 2), (["--at", "2019"], 1), (["--text", "both"], 2), (["nowhere"], 1)):
            done = self.respite("papers", "trends", "cs.LG" if args[0] != "nowhere" else "nowhere", *[a for a in args if a != "nowhere"])
            self.assertEqual(done.status, status, args)
            self.plain(done.err)


if __name__ == "__main__":
    house.main()
