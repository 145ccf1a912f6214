"""Witnesses outside the lab (docs/PROTOCOL.md section 5): a second lab that confirms the week's record; one that lies, which counts for
nothing and accuses nobody; and a lab that shows its members another record than its witness, which is found out."""
import hashlib
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_lab

UNSEEN = "Nobody outside the lab has confirmed this week's record."


class Checked(lab_house.Test):
    def verified(self, status=0):
        got, said = self.one.verify()
        self.assertEqual(got, status, said)
        self.assertEqual(said["ok"], status == 0)
        return said

    def confirmed(self, n):
        """By so many, and nobody is accused."""
        self.one.run("board")
        said = self.verified()
        self.assertEqual(said["witnesses"], n, said)
        self.assertEqual(UNSEEN in said["remarks"], n == 0, said)
        return said


@unittest.skipUnless(lab_house.has("witness") and lab_house.has("lab", "witness"), "this program knows no witness")
class Outside(Checked):
    def two_labs(self):
        self.lab_a, self.other = self.lab(), self.lab(name="Lab of stones")
        self.other.serve()
        one = self.lab_a.serve()
        log = self.lab_a.log()
        self.witness = self.other.run("lab", "witness", log.vkey, "--json").json()["vkey"]
        self.assertEqual(self.lab_a.run("lab", "witness", "--ask", self.other.url).status, 0)
        one.stop()
        one.start()
        return log

    def until_signed(self, size, wait=60):
        path = "/witness/%s/checkpoint" % hashlib.sha256(self.lab_a.log().checkpoint.origin.encode()).hexdigest()
        ends = time.monotonic() + wait
        while time.monotonic() < ends:
            a = self.other.wire().ask("GET", path)
            if a.status == 200 and int(a.text.split("\n")[1]) >= size:
                return
            time.sleep(0.2)
        self.fail("the witness signed nothing: %s" % self.lab_a.processes[0].err())

    def test_a_second_lab_confirms_this_weeks_record(self):
        self.two_labs()
        self.one = self.member("one")
        self.one.join(self.lab_a.invite(["One"])[0])
        self.python_members(self.lab_a, 9)
        self.confirmed(0)
        before = len(self.one.sent())
        listed = self.one.good("witness", self.witness, self.other.url, "--json").json()["witnesses"]
        self.assertEqual([(w["vkey"], w["url"]) for w in listed], [(self.witness, self.other.url)])
        self.assertEqual(len(self.one.sent()), before, "naming one sends nothing")
        self.lab_a.until(lambda log: log.last("open") is not None)
        self.until_signed(1)
        said = self.confirmed(1)
        self.assertFalse([r for r in said["remarks"] if r.startswith("The witness")], said)
        went = [r for r in self.one.sent() if "/witness/" in r["to"]]
        self.assertTrue(went and all(r["kind"] == "public" and r["to"].startswith(self.other.url) for r in went), went)
        self.assertIn("what a witness has seen of the lab's record", self.one.good("sent").out)
        self.assertIn("1 witnesses", " ".join(self.one.good("verify").out.split()))
        name = listed[0]["name"]
        self.one.good("witness", "--remove", name)
        self.confirmed(0)
        self.assertEqual(self.one.run("witness", "--remove", name).status, 1)

    def test_what_is_no_witness_outside_the_lab(self):
        self.two_labs()
        self.one = self.member("one")
        self.one.join(self.lab_a.invite(["One"])[0])
        own = self.lab_a.run("lab", "witness", "--json").json()["vkey"]
        for key, url, status in ((own, self.other.url, 1), (self.witness, self.lab_a.url, 1), (self.lab_a.log().vkey, self.other.url, 2),
                                 (self.witness[:-6] + "AAAAA=", self.other.url, 2), ("x", self.other.url, 2), (self.witness, "http://union.example", 2)):
            done = self.one.run("witness", key, url)
            self.assertEqual(done.status, status, (key, url, done.out, done.err))
        self.assertEqual(self.one.run("witness", self.witness).status, 2)
        self.one.good("witness", self.witness, self.other.url)
        other_key = pc.vkey(self.witness.split("+")[0], pc.SignKey().pk, 4)
        done = self.one.run("witness", other_key, self.other.url)
        self.plain(done.err, "another key already")


@unittest.skipUnless(lab_house.has("witness"), "this program knows no witness")
class Lying(Checked):
    """The lab on paper, and a witness that shows what the test wants."""

    def setUp(self):
        super().setUp()
        self.lab = self.keep(peer_lab.Lab(self.clock.now))
        self.one = self.member("one")
        self.one.join(self.lab.invite("One"))
        self.lab.fill(9)
        self.one.board()
        self.key, self.name = pc.SignKey(), "union.example/witness"

    def text(self, size=None, root=None):
        n = len(self.lab.leaves) if size is None else size
        return "%s\n%d\n%s\n" % (self.lab.origin, n, pc.b64(root or pc.root(self.lab.leaves[:n])))

    def note(self, text, by=None, log_key=None, name=None):
        lines = pc.note_line(self.lab.origin, log_key or self.lab.log_key, text) + \
            pc.note_line(name or self.name, by or self.key, text, 4, self.clock.now())
        return (text + "\n" + lines).encode()

    def shows(self, *script):
        self.hostile = self.keep(lab_house.Hostile(*script))
        self.one.good("witness", pc.vkey(self.name, self.key.pk, 4), self.hostile.url)

    def plain_note(self, data):
        return lab_house.answer(200, data, "text/plain; charset=utf-8")

    def test_one_that_keeps_its_word(self):
        self.confirmed(0)
        self.assertIn(UNSEEN, " ".join(self.one.post("Seen by nobody.").out.split()))
        self.shows(self.plain_note(self.note(self.text())))
        self.confirmed(1)
        self.assertNotIn(UNSEEN, " ".join(self.one.post("Seen by another lab.").out.split()))

    def test_one_that_has_not_seen_this_week(self):
        self.shows(self.plain_note(self.note(self.text(3))))
        self.confirmed(0)

    def nothing(self, *script):
        self.shows(*script)
        said = self.confirmed(0)
        self.assertTrue([r for r in said["remarks"] if r.startswith("The witness " + self.name)], said)
        self.assertLess(len(self.one.sent()), 200)

    def test_one_that_signs_with_another_key(self):
        self.nothing(self.plain_note(self.note(self.text(), by=pc.SignKey())))

    def test_one_whose_line_is_not_there(self):
        text = self.text()
        self.nothing(self.plain_note((text + "\n" + pc.note_line(self.lab.origin, self.lab.log_key, text)).encode()))

    def test_one_that_invents_a_record(self):
        """Without the lab's signature it accuses nobody."""
        self.nothing(self.plain_note(self.note(self.text(root=bytes(32)), log_key=pc.SignKey())))

    def test_one_of_another_log(self):
        text = self.text().replace(self.lab.origin, "other.example/respite")
        self.nothing(self.plain_note(self.note(text)))

    def test_one_that_knows_nothing(self):
        self.nothing(lab_house.answer(404))

    def test_one_that_sends_elsewhere(self):
        self.nothing(lab_house.redirect(self.lab.url))

    def test_one_that_never_ends(self):
        self.nothing(lab_house.huge(1 << 26))

    def test_one_that_the_rules_name(self):
        """It is the lab's own from then on, also for what it confirmed before."""
        self.shows(self.plain_note(self.note(self.text())))
        self.confirmed(1)
        self.lab.add({"t": "rules", "at": self.clock.now(), "batch": 1, "fetch": [600, 960], "floor": 10, "letters": 4, "policy": pc.b64(bytes(32)),
                      "quota": 64, "retention": 14, "send": [540, 1080], "witnesses": [pc.vkey(self.name, self.key.pk, 4)]})
        self.lab.sign()
        self.confirmed(0)

    def convicted(self):
        self.one.run("board")
        said = self.verified(1)
        self.assertIn("has signed another record of this lab", said["findings"][0])
        done = self.one.run("post", "--now", "Not there.")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "another record")
        before = len(self.lab.seen)
        self.one.run("tick")
        self.one.run("board")
        self.assertEqual(len(self.lab.seen), before, "a stopped log is not asked again by itself")

    def test_a_lab_that_shows_its_witness_another_record(self):
        self.shows(self.plain_note(self.note(self.text(root=bytes(32)))))
        self.convicted()

    def test_a_lab_that_its_witness_is_ahead_of(self):
        """What the witness signed is longer than the record here, so it waits; when the record reaches as far, it is compared."""
        ahead = len(self.lab.leaves) + 1
        lie = self.plain_note(self.note(self.text(ahead, bytes(32))))
        self.shows(lie, lab_house.answer(404))
        self.confirmed(0)
        self.lab.add({"t": "promise", "at": self.clock.now(), "text": "x"})
        self.lab.sign()
        self.convicted()


if __name__ == "__main__":
    house.main()
