"""What a node does with its passes (docs/PROTOCOL.md sections 3 and 12): when it spends, how often it tries, what it never does again;
and data that was copied or put back. The lab is the one on paper (peer_lab.py), here as a real lab, not a trial: the clock is driven
through its sending windows, half an hour at a time."""
import contextlib
import os
import shutil
import sqlite3
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_lab
import peer_member as pm

HOUR, DAY, WEEK = house.HOUR, house.DAY, 7 * house.DAY
PROBLEM = "application/problem+json"


def sqlite(path):
    return contextlib.closing(sqlite3.connect("file:%s?mode=ro" % path, uri=True))


class Real(peer_lab.Lab):
    """A lab that is no trial, begun in the week before; `open` of the running week is logged as it begins."""

    def add(self, entry):
        if not isinstance(entry, bytes):
            if entry["t"] == "genesis":
                entry = {**entry, "trial": False}
            if entry["t"] == "rules":
                entry = {k: v for k, v in entry.items() if k != "batch"}
                entry["slots"] = [6, 12, 18]
        return super().add(entry)

    def _lab(self, headers, body):
        a = super()._lab(headers, body)
        a.body = a.body.replace(b'"trial":true', b'"trial":false')
        return a

    def week(self):
        """The second week begins: its holders are logged, and passes of it can be spent."""
        with self.lock:
            self.keys[0], self.keys[1] = self.keys[1], self.keys[0]
            for m in self.members:
                if not self.members[m]["secret"]:
                    self.keys[0].issued[m] = (b"", b"")
            self.log_lists()
            self.sign()


@unittest.skipUnless(lab_house.has("join") and lab_house.has("post"), "this program posts to no lab")
class Spending(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.env["RESPITE_MACHINE"] = "boot:0"

    def acts(self):
        return [(h, b) for m, path, h, b in self.lab.seen if path == "/v1/acts"]

    def outbox(self, columns="state, tries, status"):
        with sqlite(os.path.join(self.one.data, "respite.db")) as db:
            return db.execute("select %s from outbox order by id" % columns).fetchall()

    def busy(self, *headers, status=503, name="busy"):
        said = {"type": "urn:respite:error:" + name, "title": "x", "status": status, "detail": "x"}
        self.lab.lie("^/v1/acts", lambda a: peer_lab.Answer(status, said, PROBLEM, headers, pad=1024))

    def real(self, crowd=11, joins_late=False, **more):
        """A lab that begins on a Tuesday, and the Monday after, with one member's node that has this week's passes."""
        monday = lab_house.MONDAY
        self.clock.at(monday + DAY + 10 * HOUR)
        self.lab = self.keep(Real(self.clock.now, batch_at_once=False, **more))
        self.one = self.member("one")
        if not joins_late:
            self.one.join(self.lab.invite("One"))
        self.lab.fill(crowd)
        self.lab.publish()
        self.clock.at(monday + WEEK)
        self.lab.week()
        self.clock.at(monday + WEEK + 9 * HOUR)
        if joins_late:
            self.one.join(self.lab.invite("One"))
        self.one.board()
        return self.lab

    def days(self, n, step=HOUR // 2):
        """Ticks through the sending windows of the next `n` days; the day of each act that was tried."""
        found = []
        for _ in range(n):
            start = self.clock.now() - self.clock.now() % DAY
            for at in range(start + 8 * HOUR + 1800, start + 19 * HOUR, step):
                if at < self.clock.now() or start // DAY % 7 in (2, 3):   # a Saturday, a Sunday
                    continue
                self.clock.at(at)
                before = len(self.acts())
                self.one.run("tick")
                found += [at // DAY] * (len(self.acts()) - before)
            self.clock.at(start + DAY)
        return found

    def test_three_tries_then_stop(self):
        self.real()
        self.busy()
        self.one.post("It is tried three times.", now=False)
        self.assertEqual(self.acts(), [], "nothing leaves because a command was typed")
        tried = self.days(8)
        self.assertEqual(len(tried), 3)
        self.assertEqual(len(set(tried)), 3, "on three days")
        self.assertEqual(len({b for h, b in self.acts()}), 1, "the same bytes")
        self.assertEqual(len({h["Authorization"] for h, b in self.acts()}), 1, "the same pass")
        self.assertEqual(self.outbox(), [(4, 3, 503)])
        done = self.one.run("verify")
        self.assertIn("did not take a post", done.out.replace("\n", " "))

    def test_retry_after_ignored(self):
        """Neither sooner, on the same day, nor later than drawn."""
        self.real()
        self.busy(("Retry-After", "60"))
        self.one.post("The board says when; the node does not listen.", now=False)
        tried = self.days(5)
        self.assertEqual(len(tried), len(set(tried)))
        self.assertGreaterEqual(len(tried), 2)
        moment = self.outbox("moment")[0][0]
        self.assertGreater(moment - moment % DAY, tried[-1] * DAY - 1)

    def test_refused_pass_never_reused(self):
        lab = self.real()
        self.busy(status=409, name="pass-spent")
        for text in ("It is refused.", "Another, with another pass."):
            done = self.one.run("post", "--now", text)
            self.assertEqual(done.status, 1)
            self.assertIn("respite post --resend", done.err)
        self.assertEqual([s for s, *_ in self.outbox()], [3, 3])
        lab.lies.clear()
        self.one.post("A third.")
        passes = [h["Authorization"] for h, b in self.acts()]
        self.assertEqual(len(set(passes)), 3)
        with sqlite(os.path.join(self.one.data, "respite.db")) as db:
            left = {bytes(t) for t, in db.execute("select token from pass")}
        for p in passes:
            self.assertNotIn(pc.unb64u(p.split('"')[1].rstrip("=")), left, "a pass that left is gone")
        self.assertEqual(self.days(3), [], "nothing that was refused is sent again")

    def test_401_never_spends(self):
        """An answer that asks for a pass gets none; the act that was sent is tried another day, with its own."""
        lab = self.real()
        lab.lie("^/v1/acts", lambda a: lab._needs_pass())
        self.one.post("One pass for it.")
        self.assertEqual(len(self.acts()), 1)
        left = "select count(*) from pass where key_id in (select key_id from withdrawal where epoch = %d)" % (lab_house.MONDAY // DAY + 7)
        with sqlite(os.path.join(self.one.data, "respite.db")) as db:
            before = db.execute(left).fetchone()
            self.assertEqual(before, (63,))
        lab.lie("^/v1/batches", lambda a: lab._needs_pass())
        self.one.run("board")
        self.days(1)
        with sqlite(os.path.join(self.one.data, "respite.db")) as db:
            self.assertEqual(db.execute(left).fetchone(), before)
        self.assertEqual(len({h["Authorization"] for h, b in self.acts()}), 1)

    def test_late_fetch_holds_acts(self):
        """Passes that were collected in their own week: the first day nothing leaves, unless the person says now."""
        self.real(joins_late=True)
        self.one.post("It waits a day.", now=False)
        self.assertEqual(self.days(1), [])
        self.assertEqual(len(self.days(3)), 1)

    def test_late_fetch_and_now(self):
        self.real(joins_late=True)
        self.one.post("Now.")
        self.assertEqual(len(self.acts()), 1)

    def test_below_floor_refused(self):
        self.real(crowd=11, floor=15)
        done = self.one.run("post", "--now", "Not yet.")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "15", "12")
        self.one.post("It waits.", now=False)
        self.assertEqual(self.days(2), [])
        self.assertEqual(self.outbox(), [(0, 0, 0)], "no pass was taken")

    def test_few_holders_refused(self):
        """Ten is the node's own number, whatever the lab's rules say; and members who hold no passes are no crowd."""
        self.real(crowd=8, floor=2)
        done = self.one.run("post", "--now", "Nine are too few.")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "10", "9")
        self.assertEqual(self.acts(), [])

    def test_first_week_is_no_week_to_post_in(self):
        self.clock.at(lab_house.MONDAY + DAY + 10 * HOUR)
        self.lab = self.keep(Real(self.clock.now, batch_at_once=False))
        self.one = self.member("one")
        self.one.join(self.lab.invite("One"))
        self.lab.fill(12)
        self.one.board()
        done = self.one.run("post", "--now", "Too early.")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "whole week")

    def test_holder_lie_fails_verify(self):
        """A list with this node in it from before it had passes. (The other lie: lying_lab.py.)"""
        self.clock.at(lab_house.MONDAY + DAY + 10 * HOUR)
        self.lab = lab = self.keep(peer_lab.Lab(self.clock.now))
        self.one = self.member("one")
        lab.fill(9)
        lie = lambda a: self.list_ahead(lab) if not lab.keys[0].issued.get("told") else None
        lab.lie("^/v1/join", lie)
        self.one.join(lab.invite("One"))
        status, said = self.one.verify()
        self.assertEqual((status, said["ok"]), (1, False), said)
        self.assertTrue(any("held no passes" in f for f in said["findings"]), said)

    def list_ahead(self, lab):
        """A moment ago, the lab says, this member held passes."""
        key = lab.keys[0]
        member = next(m for m in lab.members.values() if m["secret"])
        leaves = lab.lists["open"][key.epoch][-1]["leaves"]
        leaves = sorted(leaves + [pc.sha256(b"respite/holder/v1\n", key.epoch.encode(), member["tag"])])
        index = lab.add({"t": "open", "at": self.clock.now() - 600, "epoch": key.epoch, "holders": len(leaves), "root": pc.b64(pc.list_root(leaves))})
        lab.lists["open"][key.epoch].append({"index": index, "leaves": leaves})
        lab.sign()

    def test_unconfirmed_said_before_post(self):
        self.real()
        done = self.one.post("Said before.")
        said = " ".join(done.out.split())
        self.assertIn("Nobody outside the lab has confirmed this week's record.", said)
        self.assertIn("12 members collected this week's passes. The lab could have invented some.", said)
        self.assertLess(said.index("Nobody outside"), said.index("by the end of"))

    def test_a_clock_that_is_off(self):
        self.real()
        self.one.board()
        self.one.clock = lab_house.Clock(self.clock.now() + 20 * 60)
        real = self.lab.now
        self.one.run("board")
        done = self.one.run("post", "--now", "Not with this clock.")
        self.assertEqual((done.status, self.lab.now), (1, real))
        self.plain(done.err, "minutes apart")
        self.assertEqual(self.acts(), [])


@unittest.skipUnless(lab_house.has("join") and lab_house.has("post"), "this program posts to no lab")
class Copies(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.lab = self.keep(peer_lab.Lab(self.clock.now))
        self.one = self.member("one")
        self.one.join(self.lab.invite("One"))
        self.lab.fill(10)

    def passes(self, path):
        with sqlite(path) as db:
            return db.execute("select count(*) from pass").fetchone()[0]

    def refused(self, member):
        for command in (("post", "--now", "Twice the same pass."), ("doctor",), ("--no-browser", "--port", "0")):
            done = member.run(*command)
            self.assertEqual(done.status, 1, repr(command) + done.out)
            self.assertIn("respite restore", " ".join((done.err + done.out).split()))
        before = len(self.lab.seen)
        member.run("tick")
        self.assertEqual(len(self.lab.seen), before, "nothing is sent")

    def test_copied_folder_refused(self):
        self.one.post("From here.")
        other = self.one.copy("other")
        self.refused(other)
        self.one.post("The one that was copied goes on.")

    def test_a_folder_copied_before_anything_was_spent(self):
        self.refused(self.one.copy("other"))

    def test_an_older_state_refused(self):
        old = self.at("old")
        shutil.copytree(self.one.data, old)
        self.one.post("After that.")
        shutil.rmtree(self.one.data)
        shutil.copytree(old, self.one.data)
        self.refused(self.one)

    def beside(self, name, move=False):
        """The data at another place of the same computer."""
        other = self.member("one")
        other.data = self.at(name)
        (shutil.move if move else shutil.copytree)(self.one.data, other.data)
        return other

    def marks(self):
        return sum(len(f) for _, _, f in os.walk(self.one.env["XDG_STATE_HOME"]))

    def test_a_moved_folder_goes_on(self):
        self.one.post("From here.")
        old, self.one = self.one.data, self.beside("moved", move=True)
        self.one.good("doctor")
        self.one.post("From there.")
        self.assertEqual(self.marks(), 1)
        back = self.member("one")
        shutil.copytree(self.one.data, old)
        self.refused(back)
        self.assertIn("copy of the one in " + self.one.data, " ".join(back.run("doctor").out.split()))
        self.one.post("It goes on.")

    def test_a_moved_folder_goes_on_by_itself(self):
        self.one.post("From here.")
        other = self.beside("moved", move=True)
        before = len(self.lab.seen)
        other.tick()
        self.assertGreater(len(self.lab.seen), before)
        self.assertEqual(self.marks(), 1)

    def test_of_two_copies_one_takes_its_place(self):
        first, second = self.beside("first"), self.beside("second")
        self.refused(first)
        shutil.rmtree(self.one.data)
        first.good("doctor")
        first.post("One of them.")
        self.refused(second)
        first.post("It goes on.")

    def test_a_copy_from_before_does_not_take_its_place(self):
        copy = self.beside("copy")
        self.one.post("After the copy.")
        shutil.rmtree(self.one.data)
        self.refused(copy)

    def test_restore_spends_nothing(self):
        self.one.post("Before the backup.")
        file = self.at("backup.db")
        self.one.good("backup", file)
        self.assertEqual(self.passes(file), 0)
        with open(file, "rb") as f, sqlite(os.path.join(self.one.data, "respite.db")) as db:
            data = f.read()
            for token, in db.execute("select token from pass"):
                self.assertNotIn(bytes(token), data, "a pass in the bytes of the backup")
        other = self.one.copy("other")
        self.refused(other)
        other.good("restore", file, "--yes")
        other.good("doctor")
        other.good("board")
        done = other.run("post", "--now", "With what?")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "no passes")
        self.assertEqual(other.verify()[0], 0, "and nothing is wrong with the lab for that")
        self.assertEqual(len([1 for m, path, h, b in self.lab.seen if path == "/v1/acts"]), 1)

    def test_forget_takes_the_mark_along(self):
        state = self.one.env["XDG_STATE_HOME"]
        self.assertEqual(sum(len(f) for _, _, f in os.walk(state)), 1)
        self.one.good("forget", "--all", "--yes")
        self.assertEqual(sum(len(f) for _, _, f in os.walk(state)), 0)


if __name__ == "__main__":
    house.main()
