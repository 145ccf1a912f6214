"""kill -9 at random instants while acts come in, of the lab's process and of its PostgreSQL: every act that was acknowledged stands in
the record once, every other gets its answer on the next try, the same act always the same answer; spent = acts = leaves = tokens.
200 times in the ordinary run, 1,000 with RESPITE_LONG."""
import os
import random
import sqlite3
import threading
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm

LONG = 5 if os.environ.get("RESPITE_LONG") else 1
ACTS = 3                  # of one round, from as many connections


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Killed(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(20261125)

    def start(self, db, rounds):
        lab = self.lab(db=db)
        lab.serve()
        self.members = self.python_members(lab, -(-rounds * ACTS // 60))
        self.epoch = pm.epoch_text(self.clock.now())
        self.answers = {}         # item: its answer
        return lab

    def act(self):
        """The next act, from whoever has a pass left: (member, token, item)."""
        m = max(self.members, key=lambda m: len(m.passes[self.epoch]))
        return (m, *m.act())

    def send(self, work, into):
        m, token, item = work
        try:
            into[item] = m.spend(token, item)
        except OSError:
            pass

    def round(self, lab, end):
        """Send some acts, let `end` happen in the middle, start again, and see every act through."""
        works, got = [self.act() for _ in range(ACTS)], {}
        threads = [threading.Thread(target=self.send, args=(w, got)) for w in works]
        for t in threads:
            t.start()
        time.sleep(self.chance.random() * 0.05)
        end()
        for t in threads:
            t.join()
        for work in works:
            m, token, item = work
            before = got.get(item)
            again = m.spend(token, item)
            self.assertEqual(again.status, 200, again)
            if before and before.status == 200 and len(before.body) == 1024:
                self.assertEqual(again.body, before.body)
            m.check_receipt(item, again.body)
            self.answers[item] = again.body

    def all_there(self, lab, spent):
        """Leaves, tokens and the rows of `spent` are those of the acts, each once."""
        leaves = sorted(pc.act_leaf(item)[1] for item in self.answers)
        log = lab.until(lambda log: set(leaves) <= set(log.leaves))
        self.assertEqual(sorted(log.leaves[i] for i, _ in log.all("act")), leaves)
        batches = [e for _, e in log.all("batch")]
        self.assertEqual(sum(e["count"] for e in batches), len(leaves))
        self.members[0].follow()
        tokens = [t for e in batches for t in self.members[0].batch(e["n"])["tokens"]]
        self.assertEqual(len(set(tokens)), len(leaves))
        self.assertEqual(spent(), len(leaves))

    def test_lab_on_sqlite(self):
        rounds = 120 * LONG
        lab = self.start(None, rounds)

        def end():
            lab.processes[0].kill()
            lab.processes[0].start()
        for _ in range(rounds):
            self.round(lab, end)
        path = os.path.join(lab.data, "lab", "lab.db")
        self.all_there(lab, lambda: sqlite3.connect("file:%s?mode=ro" % path, uri=True).execute("select count(*) from spent").fetchone()[0])

    def test_lab_and_database_on_postgresql(self):
        rounds, pg = 80 * LONG, self.postgres()
        url = pg.url()
        lab = self.start(url, rounds)

        def end():
            if self.chance.random() < 0.25:
                pg.crash()
                pg.start()
                lab.processes[0].ready()
            else:
                lab.processes[0].kill()
                lab.processes[0].start()
        for _ in range(rounds):
            self.round(lab, end)
        self.all_there(lab, lambda: int(pg.psql("select count(*) from spent", url.split("/")[-1])))


if __name__ == "__main__":
    house.main()
