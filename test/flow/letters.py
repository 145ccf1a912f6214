"""Letters as people have them: a voucher vouches for two listeners, a member writes without a name, letters go both ways, a pause, passing
on together, a flood of junk, and what is left after the days are over. Each is the real program with data of its own, the lab a trial."""
import base64
import json
import os
import re
import sqlite3
import time
import unittest

import house
import lab_house

ASKED = "Could I talk about leaving?"


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("letters") and lab_house.has("lab", "voucher"), "this program has no letters yet")
class Letters(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def on_lab(self, *args):
        done = self.of.run("lab", *args, "--yes")
        self.assertEqual(done.status, 0, done.out + done.err)
        return done

    def voucher(self, member, name):
        made = member.good("listen", "--voucher", name, "--json").json()
        self.on_lab("voucher", made["line"])
        member.good("letters", "--look")
        return made

    def listener(self, member, name, voucher):
        asked = member.good("listen", "--ask", name, "--json").json()
        self.assertRegex(asked["words"], r"^(\w+ ){5}\w+$")
        vouched = voucher.good("listen", "--vouch", asked["line"], "--json").json()
        self.assertEqual(vouched["words"], asked["words"], "the same six words on both computers")
        self.on_lab("listener", vouched["line"])
        return asked

    def letters(self, member, *args):
        return member.good("letters", *args, "--json").json()

    def until(self, member, holds, *args):
        return self.comes(lambda: self.letters(member, "--look", *args), holds)

    def came(self, member, id_, n):
        """The texts of the other side once there are `n`."""
        def theirs():
            member.good("letters", "--look")
            return [x["text"] for x in self.letters(member, str(id_))["letters"] if not x["own"]]
        return self.comes(theirs, lambda texts: len(texts) >= n)

    def test_a_story(self):
        hale, lin, noor, wei = self.members(["R. Hale", "Lin", "Noor", "Wei"])
        self.voucher(hale, "R. Hale")
        words = self.listener(lin, "Lin", hale)["words"]
        self.listener(noor, "Noor", hale)
        lin.good("listen", "--open", "--languages", "en,zh", "--topics", "leaving, first paper")
        noor.good("listen", "--open", "--languages", "en")
        # The list: who is vouched for, by whom, the words to compare.
        found = self.until(wei, lambda x: len(x["listeners"]) == 2)["listeners"]
        self.assertEqual([(h["name"], h["voucher"], h["vouched"]) for h in found], [("Lin", "R. Hale", True), ("Noor", "R. Hale", True)])
        self.assertEqual((found[0]["words"], found[0]["topics"]), (words, "leaving, first paper"))
        text = wei.good("letters").out
        self.assertIn("Vouched for by R. Hale since", text)
        self.assertIn("English, Chinese", text)
        # A first letter: it occupies nothing until it is answered.
        mine = wei.good("letters", "--to", "Lin", "--now", ASKED, "--json").json()["id"]
        talk = self.until(lin, lambda x: x["conversations"])["conversations"][0]
        self.assertTrue(talk["waits"])
        self.assertNotEqual(talk["name"], "Wei")
        self.assertEqual(lin.good("listen", "--json").json()["conversations"], 0)
        self.assertEqual([x["text"] for x in self.letters(lin, str(talk["id"]))["letters"]], [ASKED])
        for other in (noor, hale):
            self.assertEqual(self.letters(other, "--look")["conversations"], [], "nobody else can open it")
        # Answered, and three more each way.
        for i in range(4):
            lin.good("letters", str(talk["id"]), "--now", "I am here. %d" % i)
            self.assertEqual(len(self.came(wei, mine, i + 1)), i + 1)
            if i < 3:
                wei.good("letters", str(mine), "--now", "Thank you. %d" % i)
                self.assertEqual(len(self.came(lin, talk["id"], i + 2)), i + 2)
        self.assertEqual(lin.good("listen", "--json").json()["conversations"], 1)
        self.assertIn("I am here. 3", wei.good("letters", str(mine)).out)
        # A pause: no reason, and the card says so; whoever writes is told in words that put nothing on them.
        lin.good("listen", "--pause")
        self.until(wei, lambda x: x["listeners"][0]["paused"])
        refused = wei.run("letters", "--to", "Lin", "--now", "again")
        self.assertEqual(refused.status, 1)
        self.plain(refused.err, "no letters at the moment")
        # Passed on together: the asker says yes, in words of their own; no letter and no key goes along.
        lin.good("letters", str(talk["id"]), "--pass-on", "Noor", "--now", "Noor knows more about this.")
        self.came(wei, mine, 5)
        self.assertTrue(self.letters(wei, str(mine))["letters"][-1]["asks"])
        self.assertIn("--agree", wei.good("letters", str(mine)).out)
        self.assertEqual(self.letters(noor, "--look")["conversations"], [], "nothing without a yes")
        wei.good("letters", str(mine), "--agree", "--now", "Lin says that you know about visas.")
        passed = self.until(noor, lambda x: x["conversations"])["conversations"][0]
        self.assertEqual([x["text"] for x in self.letters(noor, str(passed["id"]))["letters"]], ["Lin says that you know about visas."])
        self.assertNotIn(ASKED.encode(), noor.bytes())
        self.assertEqual(wei.run("letters", str(mine), "--agree", "twice").status, 1)
        # A letter that agrees confirms the week's record, on both sides.
        for one in (wei, lin):
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)
            self.assertNotIn("Nobody outside the lab", json.dumps(found))
        self.nothing_links_them(wei, lin, noor)
        self.after_the_days(wei, lin, mine)

    def nothing_links_them(self, wei, lin, noor):
        """The lab's database has closed letters of one size, each with an address of its own, and no word of them."""
        raw = b"".join(open(os.path.join(d, f), "rb").read() for d, _, files in os.walk(self.of.data) for f in files)
        for word in (ASKED, "I am here", "Thank you", "visas"):
            self.assertNotIn(word.encode(), raw)
        items = []
        for (blob,) in sqlite3.connect(os.path.join(self.of.data, "lab", "lab.db")).execute("select bytes from batch where series = 'letters'"):
            items += json.loads(blob)["items"]
        self.assertGreaterEqual(len(items), 10)
        self.assertEqual(len({i["act"]["to"] for i in items}), len(items))
        self.assertEqual(len({i["pk"] for i in items}), len(items))
        self.assertEqual({len(base64.b64decode(i["act"]["box"])) for i in items}, {1024})

    def after_the_days(self, wei, lin, mine):
        self.clock.go(31 * 86400)
        for one in (wei, lin):
            one.good("letters")
            self.assertEqual(self.letters(one)["conversations"], [])
            raw = one.bytes()
            for word in (ASKED, "I am here. 2", "Thank you. 2"):
                self.assertNotIn(word.encode(), raw, "gone from the files of %s" % one.name)
        self.assertEqual(wei.run("letters", str(mine)).status, 1)

    def unvouched(self):
        lin, wei = self.members(["Lin", "Wei"])
        lin.good("listen", "--ask", "Lin")
        lin.good("listen", "--open", "--languages", "en")
        self.until(wei, lambda x: x["listeners"], "--unvouched")
        self.assertEqual(self.letters(wei)["listeners"], [], "behind a second step")
        text = re.sub(r"\s+", " ", wei.good("letters", "--unvouched").out)
        self.assertIn("Nobody has vouched for this card. It may be anyone, also a manager.", text)
        self.assertNotIn("Lin", text, "a name that nobody vouched for is not shown")
        self.assertIn("No listener is free right now.", text)
        refused = wei.run("letters", "--to", "1", "--now", "hello")
        self.assertEqual(refused.status, 1)
        self.plain(refused.err, "--unvouched")
        wei.good("letters", "--to", "1", "--unvouched", "--now", "hello all the same")
        self.until(lin, lambda x: len(x["conversations"]) == 1)
        return lin, wei

    def test_unvouched_card_last_with_warning(self):
        self.unvouched()

    def test_junk_letters_leave_listener_open(self):
        """Well-formed acts of noise. The listener stays open, and what was written is there."""
        lin, wei = self.unvouched()
        for i in range(20):
            act = {"to": os.urandom(16).hex(), "box": base64.b64encode(os.urandom(1024)).decode()}
            self.peers[i % len(self.peers)].post(kind="letter", act=act)
        self.until(lin, lambda x: len(x["conversations"]) == 1)
        lin.good("letters", "1", "--now", "hello")
        self.assertEqual(lin.good("listen", "--json").json()["conversations"], 1)
        self.assertEqual(self.came(wei, 1, 1), ["hello"])

    def test_node_fetches_all_batches(self):
        """Who is in no conversation fetches the same letters as who is: each batch whole, once."""
        lin, wei, idle = self.members(["Lin", "Wei", "Idle"])
        for i in range(3):
            act = {"to": os.urandom(16).hex(), "box": base64.b64encode(os.urandom(1024)).decode()}
            self.peers[i].post(kind="letter", act=act)
            time.sleep(1.2)
        self.of.until(lambda log: sum(1 for _, e in log.all("batch") if e["series"] == "letters") >= 2)
        for one in (lin, wei, idle):
            one.good("letters", "--look")
            one.good("letters", "--look")
            mail = sqlite3.connect(os.path.join(one.data, "respite.db")) if os.path.exists(os.path.join(one.data, "respite.db")) else None
            self.assertIsNotNone(mail, os.listdir(one.data))
            kept = [n for (n,) in mail.execute("select n from kept_batch where series = 'letters' order by n")]
            logged = sorted(e["n"] for _, e in self.of.log().all("batch") if e["series"] == "letters")
            self.assertEqual(kept, logged)

    def test_what_should_not_be_written(self):
        lin, wei = self.members(["Lin", "Wei"])
        for args, status in ((("letters", "7"), 1), (("letters", "x"), 2), (("letters", "--to", "Nobody", "hello"), 1), (("letters", "7", "answer"), 1),
                             (("listen", "--open"), 1), (("listen", "--vouch", "abc"), 1), (("listen", "--weeks", "27", "--ask", "Lin"), 2),
                             (("listen", "--ask", "a\u202eb"), 1)):
            done = wei.run(*args)
            self.assertEqual(done.status, status, repr(args) + done.out + done.err)
            self.plain(done.err)
        asked = lin.good("listen", "--ask", "Lin", "--json").json()
        refused = wei.run("listen", "--vouch", asked["line"])
        self.assertEqual(refused.status, 1)
        self.plain(refused.err, "not name you")
        self.assertEqual(self.of.run("lab", "listener", asked["line"]).status, 1, "a line that nobody vouched on")
        self.assertEqual(self.of.run("lab", "listener", "abc").status, 1)
        lin.good("listen", "--open", "--languages", "en")
        self.until(wei, lambda x: x["listeners"], "--unvouched")
        for text in ("", "   ", "left\u202eright", "x" * 17000):
            done = wei.run("letters", "--to", "1", "--unvouched", "--now", "-", stdin=text.encode())
            self.assertEqual(done.status, 1, repr(text[:20]) + done.out + done.err)
            self.plain(done.err)
        self.assertEqual(self.letters(wei)["conversations"], [])


if __name__ == "__main__":
    house.main()
