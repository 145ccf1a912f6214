"""The lab's log when things go wrong, and when others look at it: what a member's copy brings back after a loss, and two labs that
witness each other. The file of the log is written here by the second implementation, from what it fetched."""
import hashlib
import os
import shutil
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm


def copy_of(member, path):
    """What `respite export --log` writes, of all that this member has followed."""
    log = member.board_log
    with open(path, "w", encoding="ascii") as f:
        f.write("respite log 1 %s\n" % log.checkpoint.origin)
        for i, entry in enumerate(log.entries):
            f.write("%d %s\n" % (i, pc.b64(pc.canonical(entry))))
        for _, entry in log.all("batch"):
            served = member.board.ask("GET", "/v1/batches/%s/%d" % (entry["series"], entry["n"]), [("Authorization", pm.crowd(member.crowd_key()))])
            assert served.status == 200, served
            f.write("batch %s %d %s\n" % (entry["series"], entry["n"], pc.b64(served.body)))
        f.write("checkpoint %s\n" % pc.b64(member.board.ask("GET", "/log/checkpoint").body))


@unittest.skipUnless(lab_house.has("lab", "recover"), "this program recovers no lab")
class Recover(lab_house.Test):
    def said(self, lab, member, **more):
        """Post, and wait until it stands in the record: (token, item)."""
        token, item = member.act(**more)
        self.assertEqual(member.spend(token, item).status, 200)
        leaf = pc.act_leaf(item)[1]
        lab.until(lambda log: leaf in log.leaves)
        return token, item

    def database(self, lab, *path):
        """Put a copy in the place of the lab's database; none: take it away."""
        at = os.path.join(lab.data, "lab", "lab.db")
        for end in ("", "-wal", "-shm"):
            if os.path.exists(at + end):
                os.unlink(at + end)
        for source in path:
            shutil.copy(source, at)

    def test_recover_from_member_node(self):
        lab = self.lab()
        one = lab.serve()
        author, reader = self.python_members(lab, 2)
        self.said(lab, author)
        one.stop()
        old = self.at("old.db")
        shutil.copy(os.path.join(lab.data, "lab", "lab.db"), old)
        one.start()
        token, item = self.said(lab, author)
        reader.follow()
        one.stop()  # whatever it still logs is part of the copy
        one.start()
        reader.follow()
        copy = self.at("log.txt")
        copy_of(reader, copy)
        one.stop()
        self.database(lab, old)
        one.start(wait=0)
        status, said = one.ended()
        self.assertEqual(status, 1)
        self.plain(said.replace("respite: ", ""), "recover")
        done = lab.run("lab", "recover", copy, "--json")
        self.assertEqual(done.status, 0, done.err)
        self.assertGreaterEqual(done.json()["entries"], 2)
        self.assertEqual((done.json()["batches"], done.json()["passes"]), (1, 2))
        one.start()
        self.assertEqual(author.spend(token, item).status, 200)  # the receipt again
        again = author.spend(token, author.act(token=token)[1])
        self.assertEqual((again.status, again.problem()), (409, "pass-spent"))
        reader.follow()  # one history, before and after
        self.said(lab, author)
        reader.follow()
        for n in (1, 2, 3):
            reader.batch(n)

    def test_recover_all_of_it(self):
        lab = self.lab()
        one = lab.serve()
        author = self.python_members(lab, 1)[0]
        self.said(lab, author)
        one.stop()
        one.start()
        author.follow()
        copy = self.at("log.txt")
        copy_of(author, copy)
        one.stop()
        self.database(lab)
        self.assertEqual(lab.run("lab", "recover", copy).status, 0)
        self.assertEqual(lab.run("lab", "recover", copy, "--json").json(), {"entries": 0, "batches": 0, "passes": 1})
        one.start()
        author.follow()

    def test_a_copy_that_was_altered_changes_nothing(self):
        lab = self.lab()
        one = lab.serve()
        author = self.python_members(lab, 1)[0]
        one.stop()
        one.start()
        author.follow()
        copy = self.at("log.txt")
        copy_of(author, copy)
        one.stop()
        self.database(lab)
        lines = open(copy, encoding="ascii").read().split("\n")
        other = lines[3].split(" ")[0] + " " + pc.b64(pc.canonical({"at": 1, "t": "quiet"}))
        for wrong in (lines[:3] + [other] + lines[4:], lines[:-2] + [""], lines[:4] + lines[5:], ["respite log 1 elsewhere.example/respite"] + lines[1:]):
            open(copy, "w", encoding="ascii").write("\n".join(wrong))
            done = lab.run("lab", "recover", copy)
            self.assertEqual(done.status, 1, done.out)
            self.plain(done.err.replace("respite: ", ""), ".")
        open(copy, "w", encoding="ascii").write("\n".join(lines))
        self.assertEqual(lab.run("lab", "recover", copy).status, 0)

    def test_what_is_lost_for_good_is_said(self):
        lab = self.lab()
        one = lab.serve()
        author = self.python_members(lab, 1)[0]
        one.stop()
        old = self.at("old.db")
        shutil.copy(os.path.join(lab.data, "lab", "lab.db"), old)
        one.start()
        self.said(lab, author)
        author.follow()
        size = len(author.board_log.leaves)
        one.stop()
        self.database(lab, old)
        self.assertEqual(lab.run("lab", "recover", "--lost", "").status, 2)
        done = lab.run("lab", "recover", "--lost", "The disk broke.")
        self.assertEqual(done.status, 0, done.err)
        one.start()
        _, entry = lab.log().last("break")
        self.assertGreaterEqual(entry["size"], size)
        self.assertEqual(entry["reason"], "The disk broke.")
        with self.assertRaises(AssertionError):
            author.follow()  # a member's computer stops
        nothing = lab.run("lab", "recover", "--lost", "Again.")
        self.assertEqual(nothing.status, 1)


@unittest.skipUnless(lab_house.has("lab", "witness"), "this program witnesses no log")
class Witness(lab_house.Test):
    def cosigned(self, lab, by, size):
        """Wait until `by` shows a checkpoint of `lab` of at least this size: the note."""
        path = "/witness/%s/checkpoint" % hashlib.sha256(lab.log().checkpoint.origin.encode()).hexdigest()
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            a = by.wire().ask("GET", path)
            if a.status == 200 and int(a.text.split("\n")[1]) >= size:
                return pc.Note(a.body)
            time.sleep(0.2)
        self.fail("the witness signed nothing: %s; %s" % (a, lab.processes[0].err()))

    def test_a_lab_witnesses_another(self):
        lab, other = self.lab(), self.lab(name="Lab of stones")
        other.serve()
        one = lab.serve()
        log = lab.log()
        one.stop()
        witness = other.run("lab", "witness", log.vkey, "--json").json()
        self.assertEqual([l["origin"] for l in witness["logs"]], [log.checkpoint.origin])
        self.assertEqual(lab.run("lab", "witness", "--ask", other.url).status, 0)
        one.start()
        size = len(lab.log().leaves)
        note = self.cosigned(lab, other, size)
        self.assertTrue(note.by(pc.NoteKey(log.vkey)))
        self.assertTrue(note.by(pc.NoteKey(witness["vkey"])))
        self.clock.go(7 * house.DAY)  # it grows
        one.stop()
        one.start()
        log = lab.until(lambda log: len(log.leaves) > size)
        note = self.cosigned(lab, other, size + 1)
        point = pc.Checkpoint(other.wire().ask("GET", "/witness/%s/checkpoint" % hashlib.sha256(log.checkpoint.origin.encode()).hexdigest()).body)
        log.follow()
        self.assertEqual(pc.root(log.leaves[:point.size]), point.root)
        for off in ("x", log.vkey[:-4] + "AAA=", witness["vkey"]):
            self.assertEqual(other.run("lab", "witness", off).status, 2, off)
        self.assertEqual(lab.run("lab", "witness", "--ask", "ftp://x").status, 2)


if __name__ == "__main__":
    house.main()
