"""Somebody who takes everything the lab keeps away and tries to say who posted what: by the order of rows and leaves, by row numbers,
times, sizes, keys and what was left of passes; and the plain promises under it, that two orders of arrival leave equal bytes, that no
time and no name stands beside an act, that nothing is written but the database and the head."""
import os
import random
import re
import shutil
import sqlite3
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm

MEMBERS, ACTS = 8, 3
ANONYMOUS = ("spent", "waiting", "batch", "thread_item", "series", "summed", "placed")


def ranks(values):
    order = sorted(range(len(values)), key=lambda i: values[i])
    out = [0] * len(values)
    for rank, i in enumerate(order):
        out[i] = rank
    return out


def agreement(a, b):
    """Spearman's rank correlation of two orders of the same things."""
    a, b, n = ranks(a), ranks(b), len(a)
    return 1 - 6 * sum((x - y) ** 2 for x, y in zip(a, b)) / (n * (n * n - 1))


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Dump(lab_house.Test):
    def fill(self, db=None):
        """A lab where every member posts in turn, always in the same order; everything published."""
        self.names = ["Annegret Wiesengrund %d" % i for i in range(MEMBERS)]
        lab = self.lab(db=db, args=("--zone", "UTC"))
        lab.serve()
        self.members = [pm.Member(url, name, self.clock.now).join() for url, name in zip(lab.invite(self.names), self.names)]
        log = self.members[0].follow().log
        self.posts = []           # (member's number, item)
        for m in self.members:
            m.log = m.board_log = log
            m.withdraw()
        for _ in range(ACTS):
            for i, m in enumerate(self.members):
                token, item = m.act()
                self.assertEqual(m.spend(token, item).status, 200)
                self.posts.append((i, token, item))
        self.log = lab.until(lambda log: len(log.all("act")) == len(self.posts))
        return lab

    def database(self, lab):
        return sqlite3.connect("file:%s?mode=ro" % os.path.join(lab.data, "lab", "lab.db"), uri=True)

    def test_who_takes_it_all_away_learns_nothing(self):
        lab = self.fill()
        lab.close()
        db = self.database(lab)
        arrival = list(range(len(self.posts)))
        seen = {
            "leaves": [self.log.leaves.index(pc.act_leaf(item)[1]) for _, _, item in self.posts],
        }
        rows = [bytes(r[0]) for r in db.execute("select nonce from spent")]
        seen["rows of spent"] = [rows.index(token[2:34]) for _, token, _ in self.posts]
        raw = b"".join(open(os.path.join(lab.data, "lab", f), "rb").read() for f in sorted(os.listdir(os.path.join(lab.data, "lab"))))
        seen["bytes of the file, nonces"] = [raw.rfind(token[2:34]) for _, token, _ in self.posts]
        seen["bytes of the file, items"] = [raw.rfind(item) for _, _, item in self.posts]
        self.assertEqual([n for n in seen["bytes of the file, items"] if n < 0], [], "items are in the file")
        # Batches follow one another in time, which everybody may know: inside each the order has to be that of hashes.
        for name, places in seen.items():
            for entry in [(i, e) for i, e in self.log.all("batch") if e["count"] >= 6]:
                inside = [k for k, (_, _, item) in enumerate(self.posts)
                          if entry[0] < self.log.leaves.index(pc.act_leaf(item)[1]) <= entry[0] + entry[1]["count"]]
                ids = [pc.act_leaf(self.posts[k][2])[2] if name != "rows of spent" and "nonces" not in name else self.posts[k][1][2:34] for k in inside]
                if name.startswith("bytes"):
                    chance = abs(agreement([places[k] for k in inside], [arrival[k] for k in inside]))
                    self.assertLess(chance, 0.9, "%s stand in the order they came in" % name)
                else:
                    self.assertEqual(ranks([places[k] for k in inside]), ranks(ids), name)

    def test_no_time_no_name_no_number_beside_an_act(self):
        lab = self.fill()
        lab.close()
        db = self.database(lab)
        now = self.clock.now()
        for name, sql in db.execute("select name, sql from sqlite_master where type = 'table'").fetchall():
            if name not in ANONYMOUS:
                continue
            self.assertRegex(sql.lower(), r"without\s+rowid", name)
            for row in db.execute("select * from " + name):
                for value in row:
                    if isinstance(value, int):
                        self.assertFalse(abs(value - now) < house.DAY or abs(value - now * 1000) < house.DAY * 1000, "a time in " + name)
                    if isinstance(value, (str, bytes)):
                        text = value if isinstance(value, bytes) else value.encode()
                        for m in self.members:
                            for secret in (m.name.encode(), m.tag, m.secret, m.said["member"].encode(), pc.sha256(m.secret)):
                                self.assertNotIn(secret, text, name)
        whole = self.lab_bytes(lab)
        for m in self.members:
            self.assertNotIn(m.secret, whole)
            self.assertNotIn(pc.b64u(m.secret).encode(), whole)
        self.assertNotIn(b"127.0.0.1:%d" % (lab.processes[0].port + 1), whole)

    def lab_bytes(self, lab):
        return b"".join(open(os.path.join(d, f), "rb").read() for d, _, files in os.walk(lab.data) for f in files)

    def test_nothing_is_written_but_database_and_head(self):
        lab = self.fill()
        said = lab.processes[0].err()
        for m in self.members:
            self.assertNotIn(m.name, said)
        self.assertNotIn("/v1/", said, "no access is logged")
        lab.close()
        files = sorted(os.path.relpath(os.path.join(d, f), lab.data) for d, _, fs in os.walk(lab.data) for f in fs)
        for file in files:
            self.assertRegex(file, r"^(lab/(lab\.(db(-wal|-shm)?|key)|head)(\.lock)?|lock)$")

    def test_the_passes_left_say_nothing(self):
        """What the issuer keeps of a member is the same, whether they posted or not."""
        lab = self.fill()
        idle = self.python_members(lab, 1)[0]
        lab.until(lambda log: log.last("open")[1]["holders"] == MEMBERS + 1)
        lab.close()
        db = self.database(lab)
        tables = [r[0] for r in db.execute("select name from sqlite_master where type = 'table'") if r[0] not in ANONYMOUS]
        for table in tables:
            columns = [r[1] for r in db.execute("pragma table_info(%s)" % table)]
            if "member" not in columns:
                continue
            counts = {}
            for row in db.execute("select member from " + table):
                counts[row[0]] = counts.get(row[0], 0) + 1
            self.assertLessEqual(len(set(counts.values())), 1, table)
        self.assertTrue(idle.passes)

    def once(self, lab, folder, acts):
        """Start the lab on `folder`, send the acts in this order, wait for their batch, stop: the bytes of the database."""
        port, before = lab.processes[0].port, lab.data
        lab.processes.clear()
        lab.data = folder
        try:
            one = lab.serve(port=port)
            began = time.monotonic()
            for m, token, item in acts:
                self.assertEqual(m.spend(token, item).status, 200)
            took = time.monotonic() - began
            log = lab.until(lambda log: pc.act_leaf(acts[0][2])[1] in log.leaves)
            one.stop()
        finally:
            lab.data = before
        counts = [e["count"] for _, e in log.all("batch")]
        with open(os.path.join(folder, "lab", "lab.db"), "rb") as f:
            return counts, f.read(), took

    def test_database_has_no_order(self):
        lab = self.lab(batch=4, args=("--zone", "UTC"))
        lab.serve()
        m = self.python_members(lab, 1)[0]
        lab.until(lambda log: all(log.last(t, epoch=e)[1] and log.last(t, epoch=e)[1][n] == 1 for t, e, n in (
            ("open", pm.epoch_text(self.clock.now()), "holders"), ("roster", pm.epoch_text(self.clock.now()), "members"))))
        m.follow()
        acts = [(m, *m.act()) for _ in range(7)]
        lab.processes[0].stop()
        for _ in range(4):
            found = []
            for i, order in enumerate((acts, acts[::-1], random.Random(7).sample(acts, len(acts)))):
                folder = self.at("copy-%d" % i)
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(lab.data, folder)
                found.append(self.once(lab, folder, order))
            if {tuple(counts) for counts, _, _ in found} == {(len(acts),)}:
                break
        self.assertEqual({tuple(counts) for counts, _, _ in found}, {(len(acts),)}, "each time one batch of all")
        # What differs is the number of the beat at which the batch went, which stands in the rows of two clocks; nothing else may.
        for i in (1, 2):
            self.assertEqual(len(found[i][1]), len(found[0][1]))
            self.assertLessEqual(sum(a != b for a, b in zip(found[0][1], found[i][1])), 16, "two orders of arrival leave different bytes")
            self.assertEqual(self.without_clocks(i), self.without_clocks(0))

    def without_clocks(self, copy):
        dump = house.sha_dump(self.at("copy-%d" % copy, "lab", "lab.db"))
        return [line for line in dump.split("\n") if not re.match('INSERT INTO "(series|rotated)"', line)]

    def test_database_has_no_order_postgresql(self):
        pg = self.postgres()
        url = pg.url()
        lab = self.fill(url)
        name = url.split("/")[-1]
        rows = pg.psql("select encode(nonce, 'hex') from spent order by ctid", name).split()
        self.assertEqual(rows, sorted(rows), "rows of spent stand in the order they came in")
        ids = pg.psql("select n, encode(id, 'hex') from thread_item order by ctid", name).split("\n")[:-1]
        self.assertEqual(len(ids), len(self.posts))
        by_batch = {}
        for line in ids:
            n, id_ = line.split("\t")
            by_batch.setdefault(n, []).append(id_)
        for n, found in by_batch.items():
            self.assertEqual(found, sorted(found), "posts of batch %s" % n)
        self.assertEqual(len(set(pg.psql("select xmin from spent", name).split())), 1, "one transaction wrote them all")


if __name__ == "__main__":
    house.main()
