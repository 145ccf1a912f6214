"""The lab's blind arena, with the real program on both sides: two independent servers stand in for models and show every trap between
them; a listener between node and lab keeps every byte, and no name of a model is in one before the vote; the lab is killed at each step."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
import unittest

import house
import lab_house
import peer_models

PROMPT = "Explain attention sinks to a new student."
NODE = shutil.which("node") or shutil.which("nodejs")


class NodeServer:
    def __init__(self):
        self.p = subprocess.Popen([NODE, os.path.join(house.ROOT, "test", "flow", "peer_models.mjs")], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, preexec_fn=house.end_with_us)
        self.url = "http://127.0.0.1:%d" % int(self.p.stdout.readline())

    def close(self):
        self.p.stdin.close()
        self.p.wait(10)
        self.p.stdout.close()


class Battles(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def arena(self, *models, front=False, others=9, **more):
        """A trial lab with these models, [(name, server, id, words)], and one member with the real program in front of it."""
        self.front = self.listener(None) if front else None
        self.of = self.lab(**more, **({"front": self.front.url} if front else {}))
        self.process = self.of.serve()
        if front:
            self.front.to = self.process.url
        for m in models:
            self.add(*m)
        self.process.stop()                  # a lab that was started without models cannot connect to any
        self.process.start()
        self.python_members(self.of, others)
        self.wei = self.member("Wei")
        self.wei.join(self.of.invite(["Wei"])[0])
        self.of.until(lambda log: any(e["holders"] >= others + 1 for _, e in log.all("open")))
        self.wei.board()
        return self.wei

    def add(self, name, server, model, words="", key="sk-very-secret-key"):
        path = self.at("key")
        with open(path, "w") as f:
            f.write(key + "\n")
        os.chmod(path, 0o600)
        done = self.of.run("lab", "model", "add", name, "--url", server.url, "--id", model, "--key-file", path,
                           *(["--names", words] if words else []))
        self.assertEqual(done.status, 0, done.err)

    def python_server(self):
        return self.keep(peer_models.Server())

    def node_server(self):
        if not NODE:
            self.skipTest("Node.js is not installed")
        return self.keep(NodeServer())

    def battle(self, *args, **more):
        return self.wei.good("arena", "battle", "--yes", "--json", *args, **more).json()

    def database(self):
        return sqlite3.connect("file:%s?mode=ro" % os.path.join(self.of.data, "lab", "lab.db"), uri=True)

    def rows(self, sql):
        db = self.database()
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def until(self, holds, wait=60):
        ends = time.monotonic() + wait
        while not holds():
            if time.monotonic() > ends:
                self.fail("it never came about")
            time.sleep(0.1)


@unittest.skipUnless(lab_house.has("arena", "battle"), "this program has no battles yet")
class Whole(Battles):
    def test_from_the_prompt_to_the_names(self):
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        seen = self.battle(PROMPT)
        self.assertEqual(seen["state"], "ready", seen)
        self.assertEqual((seen["name_a"], seen["name_b"]), ("", ""))
        texts = {seen["a"], seen["b"]}
        self.assertEqual(texts, {"A short answer to: " + PROMPT[:40], "注意力汇聚 🙂 的意思"})
        self.assertEqual([s for s, in self.rows("select state from battle")], [2])
        voted = self.battle("--vote", "left")
        self.assertEqual((voted["state"], voted["vote"], voted["counts"]), ("voted", "left", True), voted)
        self.assertEqual({voted["name_a"], voted["name_b"]}, {"north", "south"})
        split_left = seen["a"].startswith("注")
        self.assertEqual(voted["name_a"], "south" if split_left else "north")
        # what is left of it: the vote, with its day; prompt and answers are nowhere
        self.assertEqual(self.rows("select prompt, answer_a, answer_b from battle"), [("", "", "")])
        (a, b, outcome, day, why), = self.rows("select a, b, outcome, day, why from battle_vote")
        self.assertEqual((outcome, day, why), (0, self.clock.now() // 86400, 0))
        self.assertEqual({a, b}, {"north", "south"})
        columns = [c for _, c, *_ in self.rows("pragma table_info(battle_vote)")]
        self.assertFalse(set(columns) & {"at", "time", "handle", "pk", "moment"}, columns)
        # what the models' servers were told: nothing of a person
        for headers, body in one.calls:
            self.assertEqual(set(body), {"model", "messages", "stream", "stream_options", "max_tokens", "temperature"})
            self.assertEqual(headers["Authorization"], "Bearer sk-very-secret-key")
        self.assertEqual(self.rows("select count(*) from sent where kind = 'model'"), [(0,)], "the lab writes down no moment")
        self.process.stop()
        with open(os.path.join(self.of.data, "lab", "lab.db"), "rb") as f:
            self.assertNotIn(b"sk-very-secret-key", f.read())
        self.assertEqual(os.stat(os.path.join(self.of.data, "lab", "models.json")).st_mode & 0o777, 0o600)


@unittest.skipUnless(lab_house.has("arena", "battle"), "this program has no battles yet")
class Traps(Battles):
    """Every trap of ARENA section 14, each model against a good one."""

    def against(self, server, model, wait=60, words=""):
        self.arena(("good", self.good, "normal"), ("odd", server, model, words))
        seen = self.battle(PROMPT)
        self.assertEqual(seen["state"], "ready", (model, seen, self.process.err()))
        odd = seen["b"] if seen["a"].startswith("A short answer") else seen["a"]
        voted = self.battle("--vote", "neither")
        self.assertEqual(voted["state"], "voted", voted)
        return odd, voted["counts"]

    def setUp(self):
        super().setUp()
        self.good = self.python_server()

    def test_python(self):
        for model, text, counts in (("split", "注意力汇聚 🙂 的意思", True), ("keepalive", "alive", True),
                                    ("error-inside", "A short answer to: " + PROMPT[:40], True),
                                    ("too-many", "A short answer to: " + PROMPT[:40], True), ("cut", "cut at the len", False),
                                    ("empty", "", False), ("filtered", "I c", False),
                                    ("marks", "zerowidth turned tab    here café", True)):
            with self.subTest(model):
                self.tearDownLab()
                odd, count = self.against(self.python_server(), model)
                self.assertEqual((re.sub("  +", "    ", odd), count), (text, counts))

    def test_node(self):
        server = self.node_server()
        for model, text, counts in (("whole", "All at once: " + PROMPT[:40], True), ("null_usage", "Counted: " + PROMPT[:40], True),
                                    ("carriage", "Returned: " + PROMPT[:40], True), ("no_done", "Done: " + PROMPT[:40], True),
                                    ("never_closes", "Stays: " + PROMPT[:40], True), ("named", "As NORTHWIND's own assistant, I can help.", False),
                                    ("reasons", "I would rather not.", False)):
            with self.subTest(model):
                self.tearDownLab()
                self.assertEqual(self.against(server, model, words="Northwind, nw"), (text, counts))

    def tearDownLab(self):
        """The lab of the subtest before."""
        for thing in self.ending:
            if isinstance(thing, lab_house.Lab):
                thing.close()
        self.ending = [t for t in self.ending if not isinstance(t, lab_house.Lab)]
        for name in os.listdir(self.dir):
            if name.startswith(("lab-", "member-")):
                shutil.rmtree(os.path.join(self.dir, name))

    def test_a_stall_is_not_waited_for_to_the_end(self):
        """Half an answer, then nothing: given up after half a minute, and asked a second time."""
        began = time.monotonic()
        odd, counts = self.against(self.python_server(), "stall")
        self.assertEqual((odd, counts), ("A short answer to: " + PROMPT[:40], True))
        self.assertLess(time.monotonic() - began, 60)


@unittest.skipUnless(lab_house.has("arena", "battle"), "this program has no battles yet")
class Blind(Battles):
    SECRETS = (b"north", b"southern", b"vendor-internal-name", b"other-internal-name", b"chatcmpl", b"fp_secret", b"sk-very",
               b"id-of-n", b"id-of-s")

    def test_arena_blind(self):
        """No byte that reaches the node before the vote names a model; both answers come in one piece whose size is a multiple of
        4,096 in every state; the acts have the one size that all acts have."""
        one, two = self.python_server(), self.python_server()
        self.arena(("northern", one, "id-of-n"), ("southern", two, "id-of-s"), front=True)
        one.text["id-of-n"] = "short"
        two.text["id-of-s"] = "a much longer answer " * 300
        self.front.clear()
        seen = self.battle(PROMPT)
        self.assertEqual(seen["state"], "ready", seen)
        answers = self.front.of("^/v1/battles/")
        for x in answers:
            self.assertEqual(len(x.reply.body) % 4096, 0)
            self.assertEqual([n for n, _ in x.headers], ["Host", "User-Agent", "Accept", "Authorization", "Connection"])
            self.assertTrue(x.header("Authorization").startswith("Crowd "))
        # either nothing of an answer, or both
        said = [json.loads(x.reply.body) for x in answers]
        self.assertTrue(all(bool(o["a"]) == bool(o["b"]) == (o["state"] == "ready") for o in said), said)
        self.assertEqual({tuple(sorted(o)) for o in said}, {("a", "b", "name_a", "name_b", "state", "v", "why")})
        log_of_models = [b"northern", b"southern"]             # the record names the lab's models, to everybody and in no order of a battle
        for x in self.front.exchanges:
            entries = "/log/" in x.path
            for secret in self.SECRETS:
                if entries and secret in log_of_models + [b"north"]:
                    continue
                self.assertNotIn(secret, x.back, x.path)
        before = len(self.front.exchanges)
        self.assertEqual({len(x.body) for x in self.front.of("^/v1/acts")}, {4096})
        voted = self.battle("--vote", "equal")
        self.assertEqual({voted["name_a"], voted["name_b"]}, {"northern", "southern"})
        self.assertEqual({len(x.body) for x in self.front.of("^/v1/acts")}, {4096})
        after = [x for x in self.front.exchanges[before:] if x.path.startswith("/v1/battles")]
        self.assertTrue(any(b"southern" in x.back for x in after))
        self.assertTrue(all(b"chatcmpl" not in x.back and b"fp_secret" not in x.back for x in self.front.exchanges))

    def test_who_votes(self):
        """A second vote, another's vote, a vote before the answers: none of them counts."""
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        one.gate.clear()
        done = self.wei.run("arena", "battle", "--vote", "left")
        self.assertEqual(done.status, 1)
        self.assertEqual(self.wei.run("arena", "battle", "--vote", "best").status, 2)
        one.gate.set()
        self.battle(PROMPT)
        self.battle("--vote", "left")
        done = self.wei.run("arena", "battle", "--vote", "right")
        self.assertEqual(done.status, 1, done.out)
        self.assertEqual(self.rows("select count(*), min(outcome) from battle_vote"), [(1, 0)])


@unittest.skipUnless(lab_house.has("arena", "battle"), "this program has no battles yet")
class Killed(Battles):
    def state(self):
        rows = self.rows("select state from battle")
        return rows[0][0] if rows else None

    def test_arena_battle_kill(self):
        """SIGKILL at each step: nothing that was acknowledged is lost, nothing is done twice, and what was half done is void and may be
        asked again without a pass."""
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        # while the models are asked
        one.gate.clear()
        p = subprocess.Popen([house.RESPITE, "--data", self.wei.data, "arena", "battle", "--yes", "--json", PROMPT], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, preexec_fn=house.end_with_us,
                             env={**self.env, **self.wei.env, "RESPITE_CLOCK": str(self.clock.now())})
        self.until(lambda: self.state() == 1)
        self.process.kill()
        p.wait(90)
        spent = self.rows("select count(*) from spent")[0][0]
        self.process.start()
        self.until(lambda: self.state() == 5)
        one.gate.set()
        seen = self.battle("--look")
        self.assertEqual(seen["state"], "void", seen)
        seen = self.battle("--again")
        self.assertEqual(seen["state"], "ready", seen)
        self.assertEqual(self.rows("select count(*) from spent")[0][0], spent, "no new pass")
        # when both answers are there
        self.process.kill()
        self.process.start()
        self.assertEqual(self.state(), 2)
        seen = self.battle("--look")
        self.assertEqual((seen["state"], bool(seen["a"]), bool(seen["b"])), ("ready", True, True))
        # right after the vote
        voted = self.battle("--vote", "right")
        self.process.kill()
        self.process.start()
        self.assertEqual(self.rows("select count(*), min(outcome) from battle_vote"), [(1, 1)])
        again = self.battle("--look")
        self.assertEqual((again["name_a"], again["name_b"]), (voted["name_a"], voted["name_b"]))

    def test_asked_and_not_yet_taken(self):
        """The lab dies between the act and the first call: whoever starts next takes it up."""
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        self.battle(PROMPT)
        self.process.stop()
        db = sqlite3.connect(os.path.join(self.of.data, "lab", "lab.db"))
        db.execute("update battle set state = 0, holder = '', answer_a = '', answer_b = '', a = '', b = ''")
        db.commit()
        db.close()
        self.process.start()
        self.until(lambda: self.state() == 2)

    def test_a_vote_whose_answer_is_lost(self):
        """The lab has kept the vote and the node never heard: it asks, and shows the names; the vote counts once."""
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"), front=True)
        self.battle(PROMPT)
        self.front.rule("swallow", path="^/v1/acts", times=1)
        voted = self.battle("--vote", "left")
        self.assertEqual((voted["state"], {voted["name_a"], voted["name_b"]}), ("voted", {"north", "south"}))
        self.assertEqual(self.rows("select count(*) from battle_vote"), [(1,)])

    def test_a_model_that_never_answers(self):
        one, two = self.python_server(), self.node_server()
        self.arena(("north", one, "error-always"), ("south", two, "busy"))
        seen = self.battle(PROMPT)
        self.assertEqual(seen["state"], "void", seen)
        self.assertNotIn(PROMPT, self.process.err())
        self.assertIn("always", self.process.err())
        self.assertEqual(len([1 for _, b in one.calls]), 2, "asked twice, and not more")


    def test_on_postgresql(self):
        """The same on PostgreSQL, with two processes: one of them takes the battle."""
        pg = self.postgres()
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"), db=pg.url())
        other = self.of.serve()
        seen = self.battle(PROMPT)
        self.assertEqual(seen["state"], "ready", seen)
        voted = self.battle("--vote", "equal")
        self.assertEqual(({voted["name_a"], voted["name_b"]}, voted["counts"]), ({"north", "south"}, True))
        other.stop()


@unittest.skipUnless(lab_house.has("arena", "lab"), "this program has no board of a lab's arena yet")
class Board(Battles):
    def votes(self, n, outcome=lambda i: 0):
        """Votes as they would stand in the lab's database; the road that leads there is tested above."""
        self.process.stop()
        db = sqlite3.connect(os.path.join(self.of.data, "lab", "lab.db"))
        for i in range(n):
            a, b = ("north", "south") if i % 2 else ("south", "north")
            db.execute("insert into battle_vote(id, a, b, outcome, len, headers, lists, bold, tags, why, chance, day) values "
                       "(?, ?, ?, ?, 120, 0, -30, 5, 16, 0, 500000, ?)", (os.urandom(16), a, b, outcome(i), self.clock.now() // 86400 - i % 3))
        db.commit()
        db.close()
        self.process.start()

    def board(self, *args, status=0):
        done = self.wei.run("arena", "lab", "--json", *args)
        self.assertEqual(done.status, status, done.err)
        return done.json()

    def test_published_and_worked_out_again(self):
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        self.assertEqual(self.board()["trust"], "none")
        self.votes(9)
        time.sleep(2)
        self.assertEqual(self.rows("select count(*) from arena_published"), [(0,)], "fewer than ten votes are no board")
        self.votes(40, lambda i: i * 7 % 3)
        self.of.until(lambda log: log.all("arena"))
        board = self.board()
        self.assertEqual((board["trust"], board["n"]), ("good", 1), board)
        self.assertEqual({m["name"] for m in board["board"]["models"]}, {"north", "south"})
        self.assertEqual(self.wei.verify()[1]["findings"], [])
        # rows: no day with fewer than ten, none but integers
        (raw,), = self.rows("select bytes from arena_published")
        doc = json.loads(raw)
        days = {}
        for row in doc["rows"]:
            self.assertEqual(len(row), 11)
            days[row[3]] = days.get(row[3], 0) + 1
        self.assertTrue(min(days.values()) >= 10, days)
        # the next one says what changed and what did not
        self.votes(330, lambda i: i * 5 % 3)
        self.of.until(lambda log: len(log.all("arena")) > 1)
        board = self.board()
        self.assertEqual((board["trust"], board["n"]), ("good", 2))
        self.assertEqual(board["changed"]["votes_shared"], 49)
        self.assertEqual(board["changed"]["votes_added"], 330)
        said = self.wei.good("arena", "lab", "--offline").out
        node = self.node(data=self.wei.data, env={**self.wei.env, "RESPITE_CLOCK": str(self.clock.now())}, args=["--lang", "en"])
        text = node.browser().get("/arena/lab").page().text
        self.assertIn("What changed since the last board", text)
        self.assertLess(text.index("Not changed:"), text.index("The board"))
        self.assertIn("English", text, "more than 300 votes of one kind of prompt have a board of their own")
        self.assertIn("worked out again here", re.sub(r"\s+", " ", said))

    def test_a_board_that_was_altered_is_found(self):
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        self.votes(30, lambda i: i * 7 % 3)
        self.of.until(lambda log: log.all("arena"))
        self.assertEqual(self.board()["trust"], "good")
        self.process.stop()
        db = sqlite3.connect(os.path.join(self.of.data, "lab", "lab.db"))
        (raw,), = db.execute("select bytes from arena_published").fetchall()
        doc = json.loads(raw)
        doc["places"][0][1] += 300
        db.execute("update arena_published set bytes = ?", (json.dumps(doc, separators=(",", ":"), sort_keys=True).encode(),))
        db.commit()
        db.close()
        self.process.start()
        self.assertEqual(self.board(status=1)["trust"], "not in the record")
        status, found = self.wei.verify()
        self.assertEqual(status, 1)
        self.assertIn("not in its record", " ".join(found["findings"]))

    def test_arena_quiet(self):
        """No board in a quiet week of the record; after it one page, with all that came meanwhile."""
        one = self.python_server()
        self.arena(("north", one, "normal"), ("south", one, "split"))
        today = time.strftime("%Y-%m-%d", time.gmtime(self.clock.now()))
        tomorrow = time.strftime("%Y-%m-%d", time.gmtime(self.clock.now() + 86400))
        done = self.of.run("lab", "quiet", "%s..%s" % (today, tomorrow), "--json")
        self.assertEqual(done.json(), {"weeks": [{"from": today, "to": tomorrow}]}, done.err)
        for _ in range(2):
            self.votes(30, lambda i: i * 7 % 3)
            time.sleep(3)
            self.assertEqual(self.rows("select count(*) from arena_published"), [(0,)])
        self.clock.go(2 * 86400)
        self.process.stop()
        self.process.start()
        self.until(lambda: self.rows("select count(*) from arena_published") == [(1,)])
        time.sleep(2)
        self.assertEqual(self.rows("select count(*) from arena_published"), [(1,)])
        (raw,), = self.rows("select bytes from arena_published")
        self.assertEqual(len(json.loads(raw)["rows"]), 60)


if __name__ == "__main__":
    house.main()
