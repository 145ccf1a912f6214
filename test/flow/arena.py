"""The arena's commands on real files: the shapes of --json, packed and broken files, exit statuses, a board that is kept."""
import csv
import gzip
import json
import os
import random

import house

DATA = os.path.join(house.ROOT, "test", "data", "arena")
LLMFAO = os.path.join(DATA, "evalica", "llmfao.csv")
CHATBOT = os.path.join(DATA, "arena20240814", "chatbotarena_20240814_leaderbot_v4.json")


def write(path, rows, head="question_id,model_a,model_b,winner,judge"):
    with open(path, "w") as out:
        out.write(head + "\n" + "".join(",".join(map(str, r)) + "\n" for r in rows))
    return path


def votes(n, first=0, models=6, seed=1):
    r = random.Random(seed)
    return [(first + i, "m%d" % a, "m%d" % b, r.choice(("model_a", "model_a", "model_b", "tie", "both_bad") if a < b else
                                                          ("model_b", "model_b", "model_a", "tie", "both_bad")), "v%d" % r.randrange(40))
            for i, (a, b) in enumerate(r.sample(range(models), 2) for _ in range(n))]


class Arena(house.Test):
    def json(self, *args):
        done = self.respite("arena", *args, "--json")
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)

    def test_rank_has_the_shape_of_the_design(self):
        got = self.json("rank", LLMFAO, "--cluster", "worker")
        self.assertLessEqual({"models", "method", "pairs", "warnings"}, set(got))
        self.assertEqual(len(got["models"]), 59)
        for m in got["models"]:
            self.assertLessEqual({"name", "rating", "logit", "se", "low", "high", "rank_low", "rank_high", "votes"}, set(m))
            self.assertLess(m["low"], m["rating"])
            self.assertLess(m["rating"], m["high"])
            self.assertLessEqual(m["rank_low"], m["rank_high"])
        self.assertAlmostEqual(sum(m["logit"] for m in got["models"]), 0, places=9)
        self.assertAlmostEqual(sum(m["rating"] for m in got["models"]) / 59, 1000, places=6)
        self.assertEqual(got["models"][0]["name"], "GPT 4")
        self.assertAlmostEqual(got["models"][0]["se"], 35.138, places=3)
        self.assertEqual(got["method"]["clusters"], [{"column": "worker", "clusters": 124}])

    def test_rank_names_the_fewest_votes_that_flip(self):
        lead = self.json("rank", CHATBOT, "--both-bad", "tie")["lead"]
        self.assertEqual((lead["first"], lead["second"]), ("chatgpt-4o-latest", "gemini-1.5-pro-exp-0801"))
        self.assertAlmostEqual(lead["flip"]["removed"], 462, delta=2)

    def test_packed_files_and_standard_input_are_the_same(self):
        plain = self.json("rank", LLMFAO)
        packed = os.path.join(self.home, "votes.csv.gz")
        with open(LLMFAO, "rb") as f, gzip.open(packed, "wb") as out:
            out.write(f.read())
        self.assertEqual(self.json("rank", packed)["models"], plain["models"])
        with open(packed, "rb") as f:
            whole = f.read()
        with open(packed, "wb") as f:
            f.write(whole[:len(whole) // 2])
        done = self.respite("arena", "rank", packed)
        self.assertEqual((done.status, done.out), (1, ""))
        self.assertIn("packed", done.err)

    def test_an_unknown_outcome_is_an_error_with_line_and_text(self):
        path = write(os.path.join(self.home, "v.csv"), votes(30) + [(30, "m0", "m1", "draw", "v1")])
        done = self.respite("arena", "rank", path)
        self.assertEqual(done.status, 1)
        self.assertIn("Line 32", done.err)
        self.assertIn("draw", done.err)
        self.assertEqual(self.json("rank", path, "--skip-bad")["input"]["left_out"], {"outcome": 1})

    def test_csv_is_the_board(self):
        path = write(os.path.join(self.home, "v.csv"), votes(400))
        board = {m["name"]: m for m in self.json("rank", path)["models"]}
        rows = list(csv.DictReader(self.respite("arena", "rank", path, "--csv").out.splitlines()))
        self.assertEqual({r["name"] for r in rows}, set(board))
        for r in rows:
            self.assertEqual(float(r["rating"]), board[r["name"]]["rating"])
            self.assertEqual(int(r["rank_high"]), board[r["name"]]["rank_high"])

    def test_compare_begins_with_what_did_not_change(self):
        old, more = votes(1500), votes(900, 1500, 7, 2)
        first = write(os.path.join(self.home, "old.csv"), old)
        second = write(os.path.join(self.home, "new.csv"), old + more)
        done = self.respite("arena", "compare", first, second)
        self.assertEqual(done.status, 0, done.err)
        self.assertTrue(done.out.startswith("Not changed:"), done.out)
        got = self.json("compare", first, second, "--cluster", "voter")
        self.assertLessEqual({"changes", "swaps", "swaps_significant"}, set(got))
        self.assertEqual((got["votes_shared"], got["votes_vanished"], got["votes_added"]), (1500, 0, 900))
        self.assertEqual(got["newcomers"], ["m6"])
        for c in got["changes"]:
            self.assertAlmostEqual(sum(c["causes"].values()), c["delta"], places=8)
        again = self.json("compare", first, second, "--old-ties", "davidson")
        self.assertTrue(any(abs(c["causes"]["method"]) > 0.1 for c in again["changes"]))

    def test_files_of_counts_are_compared_by_counts(self):
        got = self.json("compare", CHATBOT, CHATBOT)
        self.assertEqual((got["swaps"], got["votes_shared"], got["votes_added"], got["votes_vanished"]), (0, 1670250, 0, 0))
        self.assertFalse(any(c["significant"] or abs(c["delta"]) > 1e-9 for c in got["changes"]))
        done = self.respite("arena", "compare", CHATBOT, CHATBOT, "--style")
        self.assertEqual((done.status, done.out), (2, ""))

    def test_a_home_side_and_a_category_are_asked_for(self):
        rows = [r + (("code", "poems")[r[0] % 2],) for r in votes(2000)]
        path = write(os.path.join(self.home, "v.csv"), rows, "question_id,model_a,model_b,winner,judge,category")
        style = self.json("rank", path, "--side")["method"]["style"]
        self.assertEqual([s["name"] for s in style], ["left side"])
        self.assertGreater(style[0]["se"], 0)
        code = self.json("rank", path, "--category", "code")
        self.assertEqual((code["method"]["category"], code["input"]["kept"], code["input"]["left_out"]), ("code", 1000, {"category": 1000}))
        few = self.respite("arena", "rank", path, "--category", "math")
        self.assertEqual((few.status, few.out), (1, ""))
        self.assertIn("shown from 300 on", few.err)
        self.assertEqual(self.respite("arena", "rank", write(os.path.join(self.home, "w.csv"), votes(400)), "--category", "code").status, 1)

    def test_screen_finds_a_stuffer_and_deletes_nothing(self):
        stuffed = [(5000 + i, *(("m5", "m%d" % (i % 5), "model_a") if i % 2 else ("m%d" % (i % 5), "m5", "model_b")), "mallory") for i in range(60)]
        got = self.json("screen", write(os.path.join(self.home, "v.csv"), votes(3000) + stuffed))
        self.assertEqual([s["voter"] for s in got["suspects"] if s["flagged"]], ["mallory"])
        self.assertEqual((got["suspects"][0]["alternative"], got["suspects"][0]["model"]), ("for", "m5"))
        m5 = next(m for m in got["board"] if m["name"] == "m5")
        self.assertGreater(m5["rating"], m5["rating_without"])

    def test_a_kept_board_grows(self):
        first = write(os.path.join(self.home, "a.csv"), votes(300))
        second = write(os.path.join(self.home, "b.csv"), votes(200, 300, 6, 3))
        self.json("add", "ours", first)
        grown = self.json("add", "ours", second)
        whole = self.json("rank", first, second)
        for x, y in zip(grown["models"], whole["models"]):
            self.assertEqual(x["name"], y["name"])
            self.assertAlmostEqual(x["rating"], y["rating"], places=6)

    def test_wrong_use_is_exit_2_in_one_sentence(self):
        for args in (("rank",), ("rank", LLMFAO, "--ties", "none"), ("compare", LLMFAO), ("screen",), ("add",),
                     ("rank", LLMFAO, "--anchor", "nobody"), ("rank", LLMFAO, "--cluster", "a,b,c")):
            done = self.respite("arena", *args)
            self.assertEqual((done.status, done.out), (2, ""), args)
            self.assertEqual(done.err.count("\n"), 1, done.err)


if __name__ == "__main__":
    house.main()
