"""After following has stopped (docs/PROTOCOL.md section 4, "Kept, lost, brought back"): the lab is not asked by itself; the person looks
again; and behind a `break`, the lab's word that entries are lost for good, the person agrees to go on, with passes and receipts kept."""
import contextlib
import os
import sqlite3
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_lab


class Stopped(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.lab = self.keep(peer_lab.Lab(self.clock.now))
        self.one = self.member("one")

    def joined(self):
        self.one.join(self.lab.invite("One"))
        self.lab.fill(9)
        self.one.board()

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % os.path.join(self.one.data, "respite.db"), uri=True)) as db:
            return db.execute(sql).fetchall()

    def stopped(self, *words):
        self.one.run("board")
        done = self.one.run("verify")
        self.assertEqual(done.status, 1, done.out)
        self.plain(done.err, *words)
        before = len(self.lab.seen)
        for command in (["tick"], ["board"], ["post", "--now", "Not now."], ["verify", "--fetch"]):
            self.one.run(*command)
        self.assertEqual(len(self.lab.seen), before, "it is not asked by itself")

    def broken(self, size=None, root=None, reason="The disk broke."):
        """The lab says that it has lost the record of this size."""
        self.lab.add({"t": "break", "at": self.clock.now(), "reason": reason, "root": pc.b64(root or pc.root(self.lab.leaves)),
                      "size": len(self.lab.leaves) if size is None else size})

    def lose(self, n, **more):
        """The last `n` entries, and what they were about."""
        size, root = len(self.lab.leaves), pc.root(self.lab.leaves)
        kept = self.lab.entries[:size - n]
        self.lab.entries, self.lab.leaves, self.lab.batches = [], [], [b for b in self.lab.batches if b["first"] + len(b["items"]) <= size - n]
        for e in kept:
            self.lab.add(e)
        self.broken(**{"size": size, "root": root, **more})
        self.lab.sign()


@unittest.skipUnless(lab_house.has("join") and lab_house.has("verify"), "this program verifies no lab")
class Again(Stopped):
    def test_a_record_that_fits_again_after_the_person_looked(self):
        self.joined()
        good = list(self.lab.entries)
        self.lab.entries[-1] = pc.canonical({"t": "promise", "at": self.clock.now(), "text": "x"})
        self.lab.rebuild()
        self.stopped("taken away or changed")
        self.assertEqual(self.one.run("verify", "--again").status, 1)
        self.lab.entries = good
        self.lab.rebuild()
        self.stopped("taken away or changed")
        done = self.one.good("verify", "--again")
        self.assertIn("You looked again", " ".join(done.out.split()))
        self.assertTrue(self.rows("select 1 from log_evidence where over > 0 and came is not null"), "the evidence is kept")
        self.one.post("It goes on.")
        self.assertEqual(self.one.verify()[0], 0)

    def test_a_loss_is_agreed_to(self):
        self.joined()
        self.one.post("It will be lost.")
        self.one.board()
        self.one.post("This, too.")
        self.one.board()
        size, passes = len(self.lab.leaves), self.rows("select count(*) from pass")
        self.assertEqual(self.rows("select state from receipt"), [(1,), (1,)])
        self.lose(2)
        self.stopped("taken away")
        done = self.one.run("verify", "--again", "--no-input")
        self.assertEqual(done.status, 1)
        said = " ".join((done.out + done.err).split())
        for words in ("The disk broke.", "%d entries (state %s)" % (size, pc.root([pc.leaf_hash(r[0]) for r in self.rows("select entry from log_entry order by idx")]).hex()[:8]),
                      "2 entries that are kept here are not in it any more", "Nothing was changed"):
            self.assertIn(words, said)
        self.assertEqual(self.rows("select count(*) from log_entry"), [(size,)], "nothing was taken over")
        done = self.one.good("verify", "--again", "--yes")
        self.assertIn("1 post of yours was lost", " ".join(done.out.split()))
        self.assertEqual(sorted(self.rows("select state from receipt")), [(1,), (2,)])
        self.assertEqual(self.rows("select count(*) from pass"), passes)
        self.assertEqual(self.rows("select count(*) from log_lost"), [(2,)])
        self.one.post("It goes on.")
        self.one.board()
        status, said = self.one.verify()
        self.assertEqual((status, said["findings"]), (0, []))
        self.assertTrue(any("The disk broke." in r for r in said["remarks"]), said)

    def test_a_break_stops_who_lost_nothing_too(self):
        self.joined()
        self.broken(len(self.lab.leaves) + 3, bytes(32))
        self.lab.sign()
        self.stopped("The disk broke.", "lost for good")
        self.one.good("verify", "--again", "--yes")
        self.assertEqual(self.rows("select count(*) from log_lost"), [(0,)])
        self.one.post("It goes on.")
        self.assertEqual(self.one.verify()[0], 0)
        self.broken(len(self.lab.leaves) + 3, bytes(32), "And again.")
        self.lab.sign()
        self.stopped("And again.")

    def unexplained(self):
        self.stopped()
        done = self.one.run("verify", "--again", "--yes")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "both signed states are kept")
        self.assertEqual(self.rows("select count(*) from log_broken"), [(0,)])

    def test_a_break_that_names_less_than_was_shown(self):
        self.joined()
        self.one.post("It was there.")
        self.one.board()
        self.lose(2, size=len(self.lab.leaves) - 1)
        self.lab.add({"t": "promise", "at": self.clock.now(), "text": "x"})
        self.lab.sign()
        self.unexplained()

    def test_a_break_of_another_record(self):
        self.joined()
        self.one.post("It was there.")
        self.one.board()
        self.lose(2, root=bytes(32))
        self.lab.add({"t": "promise", "at": self.clock.now(), "text": "x"})
        self.lab.sign()
        self.unexplained()

    def test_a_history_that_was_written_anew_before_its_break(self):
        self.joined()
        self.one.post("It was there.")
        self.one.board()
        size, root = len(self.lab.leaves), pc.root(self.lab.leaves)
        self.lab.entries[-1] = pc.canonical({"t": "promise", "at": self.clock.now(), "text": "x"})
        self.lab.rebuild()
        self.broken(size, root)
        self.lab.sign()
        self.unexplained()

    def test_who_joins_is_told_before(self):
        self.broken(len(self.lab.leaves) + 3, bytes(32))
        self.lab.sign()
        done = self.one.run("join", self.lab.invite("One"), "--no-input")
        self.assertIn("The disk broke.", " ".join(done.out.split()))
        self.joined()
        status, said = self.one.verify()
        self.assertEqual((status, said["findings"]), (0, []))

    def test_on_the_page(self):
        self.one.data, self.one.env = self.data, {}
        self.joined()
        browser = self.node(env={"RESPITE_CLOCK": str(self.clock.now())}, args=["--lang", "en"]).browser()
        self.assertFalse(browser.get("/lab").page().has_button("Look again"))
        self.one.post("It will be lost.")
        self.one.board()
        self.lose(2)
        self.stopped("taken away")
        page = browser.get("/lab").page()
        self.assertIn("taken away", page.text)
        self.assertFalse(page.has_button("Go on from the new record"))
        before = len(self.lab.seen)
        page = browser.press(page, "^Look again$").page()
        self.assertGreater(len(self.lab.seen), before)
        self.assertIn("The disk broke.", page.text)
        self.assertEqual(self.rows("select count(*) from log_broken"), [(0,)], "nothing was agreed to")
        page = browser.press(page, "^Go on from the new record$").page()
        self.assertNotIn("The disk broke.", page.text)
        self.assertFalse(page.has_button("Look again"))
        self.assertEqual(self.one.verify()[0], 0)


if __name__ == "__main__":
    house.main()
