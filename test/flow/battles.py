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
import model_server

PROMPT = "Explain attention sinks to a new student."
NODE = shutil.which("node") or shutil.which("nodejs")


class NodeServer:
    def __init__(self):
        self.p = subprocess.Popen([NODE, os.path.join(house.ROOT, "test", "flow", "model_server.mjs")], stdin=subprocess.PIPE,
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
        return self.keep(model_server.Server())

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


if __name__ == "__main__":
    house.main()
