"""What goes wrong between people and machines: texts that no one should be able to post, on every way in; a letter to somebody who has ended
the conversation; a mailbox flooded; a listener's computer lost; clocks that are days off; letters whose days are over; a quiet week."""
import base64
import json
import os
import sqlite3
import time
import unittest

import house
import lab_house
import peer_crypto as pc

MEGABYTE = "a" * 1000000
ODD = {"bidi": "left\u202eright", "isolate": "a\u2066b\u2069", "tag": "a\U000e0041b", "control": "a\x07b", "nothing": "   \n  ", "invalid": b"\xff\xfe\xfa",
       "half": b"caf\xc3", "surrogate": b"a\xed\xa0\x80b", "filler": "a\u3164b", "long": MEGABYTE}
FINE = {"html": "<script>alert(1)</script> <b>bold</b> & \"quotes\"", "links": "https://example.org/?a=b javascript:alert(1)",
        "zh": "我还没有告诉任何人。", "emoji": "It is fine \U0001f331", "percent": "%s %n {name} \\u0041", "soft": "some\u00adbody", "zero": "some\u200bbody"}


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("moderate") and lab_house.has("letters"), "this program has no whole room to speak in yet")
class Odd(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def on_lab(self, *args):
        done = self.of.run("lab", *args, "--yes")
        self.assertEqual(done.status, 0, done.out + done.err)
        return done

    def listener(self, member, name, voucher, said="Hale"):
        """Vouched for, with a card."""
        if voucher:
            self.on_lab("voucher", voucher.good("listen", "--voucher", said, "--json").json()["line"])
            voucher.good("letters", "--look")
            asked = member.good("listen", "--ask", name, "--json").json()["line"]
            self.on_lab("listener", voucher.good("listen", "--vouch", asked, "--json").json()["line"])
        member.good("listen", "--open", "--languages", "en")

    def letters(self, member, *args):
        return member.good("letters", *args, "--json").json()

    def looks(self, member, *args):
        return lambda: self.letters(member, "--look", *args)

    def texts(self, member, id_):
        member.good("letters", "--look")
        return [x["text"] for x in self.letters(member, str(id_))["letters"]]

    def sound(self, *members):
        for one in members:
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)

    # Texts.
    def test_texts_that_nobody_can_post(self):
        wei, lin = self.members(["Wei", "Lin"], 9)
        self.listener(lin, "Lin", wei)
        wei.post("A first line.")
        post = self.comes(wei.board, lambda b: b)[0]["id"]
        self.comes(self.looks(wei), lambda x: x["listeners"])
        made = wei.good("moderate", "--key", "S. O.", "--json").json()["line"]
        self.on_lab("moderator", made)
        ways = {"post": ("post", "--now", "-"), "reply": ("post", "--now", "--reply", post, "-"), "letter": ("letters", "--to", "Lin", "--now", "-"),
                "title": ("post", "--now", "--title", None, "A text."), "flag": ("flag", "--now", post, "name", None), "appeal": ("appeal", "--now", post, None),
                "hide": ("moderate", "hide", post, None), "topics": ("listen", "--open", "--languages", "en", "--topics", None),
                "name": ("listen", "--ask", None)}
        before = len(self.of.log().entries)
        for way, args in ways.items():
            for kind, text in ODD.items():
                raw = text if isinstance(text, bytes) else text.encode()
                if None in args and (len(raw) > 100000 or b"\x00" in raw):
                    continue                 # no command line takes a megabyte in one word
                if way in ("title", "flag", "topics", "name") and kind == "nothing":
                    continue                 # may be empty
                with self.subTest(way=way, kind=kind):
                    argv = [raw if a is None else a for a in args]
                    done = wei.run(*argv, stdin=raw) if "-" in args else wei.run(*argv)
                    self.assertIn(done.status, (1, 2), done.out + done.err)
                    self.plain(done.err)
        self.assertEqual(wei.good("post", "--waiting", "--json").json().get("waiting", []), [])
        time.sleep(2)
        self.assertEqual([e for e in self.of.log().entries[before:] if b'"t":"act"' in e], [], "nothing of it left")

    def test_texts_that_stay_text(self):
        """Markup, links, other scripts: posted, and read as they were written; what cannot be seen is taken out and said."""
        wei, ana = self.members(["Wei", "Ana"], 9)
        for text in FINE.values():
            wei.good("post", "--now", "-", stdin=text.encode())
        wanted = sorted(t.replace("\u00ad", "").replace("\u200b", "") for t in FINE.values())
        found = self.comes(ana.board, lambda b: len(b) == len(FINE))
        self.assertEqual(sorted(t["posts"][0]["text"] for t in found), wanted)
        self.assertNotIn("\x1b", ana.good("board").out)

    # Mailboxes.
    def test_a_letter_to_somebody_who_has_ended_it(self):
        """Nobody is told that it was ended. What is written all the same can be read, takes no place, and keeps nothing any longer."""
        lin, wei = self.members(["Lin", "Wei"], 9)
        self.listener(lin, "Lin", wei)
        self.comes(self.looks(wei), lambda x: x["listeners"])
        mine = wei.good("letters", "--to", "Lin", "--now", "One.", "--json").json()["id"]
        talk = self.comes(self.looks(lin), lambda x: x["conversations"])["conversations"][0]["id"]
        lin.good("letters", str(talk), "--now", "I hear you.")
        self.comes(lambda: self.texts(wei, mine), lambda t: len(t) == 2)
        lin.good("letters", str(talk), "--end-talk")
        self.assertEqual(lin.good("listen", "--json").json()["conversations"], 0, "there is room for another")
        wei.good("letters", str(mine), "--now", "Two, into the dark.")
        self.of.until(lambda log: sum(e["count"] for _, e in log.all("batch") if e["series"] == "letters") >= 3)
        found = self.comes(lambda: self.texts(lin, talk), lambda t: len(t) == 3)
        self.assertEqual(found[-1], "Two, into the dark.")
        self.assertEqual(lin.good("listen", "--json").json()["conversations"], 0)
        ended = lin.run("letters", str(talk), "--now", "No.")
        self.assertEqual(ended.status, 1)
        self.plain(ended.err, "ended here")
        self.assertEqual(self.texts(wei, mine)[-1], "Two, into the dark.", "the writer keeps it")
        # Another first letter is a new conversation, which may be taken on or not.
        wei.good("letters", "--to", "Lin", "--now", "May I begin again?")
        self.comes(self.looks(lin), lambda x: [c for c in x["conversations"] if c["waits"]])
        self.sound(lin, wei)

    def flood(self, n, act):
        for i in range(n):
            self.peers[i % len(self.peers)].post(kind="letter", act=act(i))

    def test_a_mailbox_flooded(self):
        """Noise, copies of a letter that was sent, and one address again and again: the two who talk go on, and the list of who waits
        does not grow."""
        lin, wei = self.members(["Lin", "Wei"], 9)
        self.listener(lin, "Lin", wei)
        self.comes(self.looks(wei), lambda x: x["listeners"])
        mine = wei.good("letters", "--to", "Lin", "--now", "Could I talk about leaving?", "--json").json()["id"]
        talk = self.comes(self.looks(lin), lambda x: x["conversations"])["conversations"][0]["id"]
        first = next(item for item in self.published("letters") if item["act"]["to"])
        self.flood(30, lambda i: {"to": os.urandom(16).hex(), "box": base64.b64encode(os.urandom(1024)).decode()})
        self.flood(9, lambda i: {"to": os.urandom(16).hex(), "box": first["act"]["box"]})     # the same letter, to other addresses
        self.flood(9, lambda i: {"to": first["act"]["to"], "box": base64.b64encode(os.urandom(1024)).decode()})
        self.of.until(lambda log: sum(e["count"] for _, e in log.all("batch") if e["series"] == "letters") >= 49)
        began = time.monotonic()
        found = self.letters(lin, "--look")
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual([c["id"] for c in found["conversations"]], [talk], "copies are none")
        lin.good("letters", str(talk), "--now", "I am here.")
        self.comes(lambda: self.texts(wei, mine), lambda t: t[-1:] == ["I am here."])
        wei.good("letters", str(mine), "--now", "Thank you.")
        self.comes(lambda: self.texts(lin, talk), lambda t: t[-1:] == ["Thank you."])
        self.sound(lin, wei)

    def published(self, series):
        items = []
        db = sqlite3.connect("file:%s?mode=ro" % os.path.join(self.of.data, "lab", "lab.db"), uri=True)
        for (raw,) in db.execute("select bytes from batch where series = ?", (series,)):
            items += json.loads(raw)["items"]
        db.close()
        return items

    def test_a_listeners_computer_is_lost(self):
        """Its key is ended on record; nobody is shown as vouched for by it; with another key the same person listens again."""
        lin, wei, hale = self.members(["Lin", "Wei", "Hale"], 9)
        self.listener(lin, "Lin", hale)
        self.comes(self.looks(wei), lambda x: [h for h in x["listeners"] if h["vouched"]])
        self.assertEqual([p["name"] for p in self.of.run("lab", "listener", "--json").json()["listeners"]], ["Lin"])
        mine = wei.good("letters", "--to", "Lin", "--now", "One.", "--json").json()["id"]
        self.assertEqual(self.of.run("lab", "listener", "--end-term", "Lin", "--yes").status, 2, "a reason is needed")
        self.on_lab("listener", "--end-term", "Lin", "--reason", "the computer was lost")
        self.assertEqual(self.of.run("lab", "listener", "--json").json()["listeners"], [])
        found = self.comes(self.looks(wei, "--unvouched"), lambda x: not [h for h in x["listeners"] if h["vouched"]])
        self.assertEqual(self.letters(wei)["listeners"], [], "behind the second step at most")
        refused = wei.run("letters", "--to", "Lin", "--now", "Two.")
        self.assertEqual(refused.status, 1, found)
        self.plain(refused.err)
        self.assertEqual(self.texts(wei, mine), ["One."], "what was written stays with who wrote it")
        # Another computer, invited anew, another key; the same people vouch.
        again = self.member("Lin-again")
        again.join(self.of.invite(["Lin Moreau"])[0])
        asked = again.good("listen", "--ask", "Lin", "--json").json()["line"]
        self.on_lab("listener", hale.good("listen", "--vouch", asked, "--json").json()["line"])
        again.good("listen", "--open", "--languages", "en")
        self.comes(self.looks(wei), lambda x: [h for h in x["listeners"] if h["vouched"]])
        wei.good("letters", "--to", "Lin", "--now", "Three.")
        self.comes(self.looks(again), lambda x: x["conversations"])
        self.sound(wei, hale)

    # Before the first fetch.
    def test_nothing_is_said_of_a_lab_that_was_not_asked(self):
        """A list that is empty because nothing was fetched says so, how to fetch, and where help is all the same."""
        wei, = self.members(["Wei"])
        for command, untrue in (("letters", "No listener is free"), ("circles", "There is no circle here"), ("counsellors", "No open hours")):
            said = " ".join(wei.good(command).out.split())
            self.assertIn("Nothing was fetched from the lab yet.", said)
            self.assertIn("respite %s --look" % command, said)
            self.assertNotIn(untrue, said)
            if command != "circles":
                self.assertIn("If you cannot wait: Help now.", said)
        self.assertNotIn("No one has written yet", wei.good("board", "--offline").out)
        self.assertIn("No listener is free", wei.good("letters", "--look").out)
        said = wei.good("circles").out
        self.assertIn("There is no circle here", said)
        self.assertRegex(said, r"As of \d{4}-\d\d-\d\d; nothing was fetched\.")
        self.assertIn("No open hours", wei.good("counsellors").out)

    # Clocks.
    def test_a_clock_that_is_days_off(self):
        """A computer that is three days ahead or behind: what it does is done, or refused in one plain sentence; nobody is accused, and
        with the clock put right all is as it should be."""
        wei, ana = self.members(["Wei", "Ana"], 9)
        wei.post("The clock is right.")
        self.comes(ana.board, lambda b: len(b) == 1)
        right = ana.clock
        for days in (3, -3, 40, -40):
            with self.subTest(days=days):
                ana.clock = lab_house.Clock(right.now() + days * house.DAY)
                for args in (("post", "--now", "The clock is %d days off." % days), ("board", "--json"), ("letters", "--look"), ("tick",), ("week",)):
                    done = ana.run(*args)
                    self.assertIn(done.status, (0, 1), done.out + done.err)
                    if done.status:
                        self.plain(done.err)
                    if args[0] in ("letters", "board") and "--json" not in args:
                        self.assertIn("%d days apart" % (abs(days)), " ".join(done.out.split()), args)
                for command in ("board", "circles", "counsellors"):
                    self.assertIn("%d days apart" % abs(days), " ".join(ana.good(command).out.split()), command)
        ana.clock = right
        ana.good("board")
        status, found = ana.verify()
        self.assertEqual((status, found["ok"]), (0, True), found)
        ana.post("It is right again.")
        self.comes(wei.board, lambda b: any(t["posts"][0]["text"] == "It is right again." for t in b))
        self.sound(wei, ana)

    # Days that are over.
    def test_letters_are_gone_after_their_days(self):
        """The lab answers 410 for batches of letters past their days, and who comes later misses nothing that could be read."""
        self.members(["Wei"], 9)
        self.peers[0].post(kind="letter", act={"to": os.urandom(16).hex(), "box": base64.b64encode(os.urandom(1024)).decode()})
        self.of.until(lambda log: any(e["series"] == "letters" for _, e in log.all("batch")))
        peer = self.peers[0]
        ask = lambda: self.of.wire().ask("GET", "/v1/batches/letters/1", [("Authorization", "Crowd " + pc.b64u(peer.crowd_key()))])
        self.assertEqual(ask().status, 200)
        self.clock.go(16 * house.DAY)
        self.of.again()
        self.of.until(lambda log: any(e["epoch"] == this_week(self.clock) for _, e in log.all("key") if e["use"] == "general"))
        peer = self.python_members(self.of, 10)[0]
        answer = self.until_status(ask, 410)
        self.assertEqual(answer.problem(), "gone")
        late = self.member("late")
        late.join(self.of.invite(["Late"])[0])
        late.good("letters", "--look")
        late.good("board")
        self.sound(late)
        db = sqlite3.connect("file:%s?mode=ro" % os.path.join(self.of.data, "lab", "lab.db"), uri=True)
        self.assertEqual(db.execute("select count(*) from batch where series = 'letters' and length(bytes) > 0").fetchone()[0], 0)
        db.close()

    def until_status(self, ask, status):
        return self.comes(ask, lambda answer: answer.status == status)

    # A quiet time.
    def ledger(self, member):
        db = sqlite3.connect("file:%s?mode=ro" % os.path.join(member.data, "respite.db"), uri=True)
        states = dict(db.execute("select state, count(*) from held group by state"))
        received = db.execute("select n from received").fetchone()[0]
        db.close()
        held, released, delivered = (states.get(n, 0) for n in (0, 1, 2))
        self.assertEqual(held + released + delivered, received)
        return held, released, delivered

    def test_a_quiet_time_holds_new_posts(self):
        wei, ana = self.members(["Wei", "Ana"], 9)
        wei.post("Before it.")
        before = self.comes(ana.board, lambda b: len(b) == 1)[0]["id"]
        self.assertEqual(self.ledger(ana), (0, 0, 1))
        day = lambda n: time.strftime("%Y-%m-%d", time.gmtime(self.clock.now() + n * house.DAY))
        ana.good("rest", "quiet", "%s..%s" % (day(0), day(2)))
        wei.post("Within it.")
        wei.post("An answer within it.", "--reply", before)
        self.of.until(lambda log: sum(e["count"] for _, e in log.all("batch")) >= 3)
        self.assertEqual(ana.run("letters", "--look").status, 0)          # fetches what is there; nothing of the board is looked at
        node = self.node(data=ana.data, env={**ana.env, "RESPITE_CLOCK": str(self.clock.now()), "TZ": "UTC"}, args=["--lang", "en"])
        browser = node.browser()
        page = browser.get("/board").page()
        self.assertIn("Quiet until", page.text)
        self.assertIn("New posts are resting until then.", page.text)
        self.assertIn("Before it.", page.text)
        self.assertNotIn("Within it.", page.text)
        self.assertNotIn("Replies from", page.text)
        self.assertNotRegex(page.text, r"\b[0-9]+ (new|held|waiting|posts)\b")
        self.assertEqual(self.ledger(ana), (2, 0, 1))
        # Opened on purpose, it is there, and delivered.
        self.assertIn("Within it.", browser.get("/board?open=1").text)
        self.assertEqual(self.ledger(ana), (1, 0, 2))
        self.assertIn("Within it.", browser.get("/board").text, "what was shown stays")
        self.assertIn("An answer within it.", browser.get("/board/" + before).text)
        self.assertEqual(self.ledger(ana), (0, 0, 3))
        # Its end releases what nobody opened.
        wei.post("Late in it.")
        self.of.until(lambda log: sum(e["count"] for _, e in log.all("batch")) >= 4)
        ana.good("letters", "--look")
        self.assertNotIn("Late in it.", browser.get("/board").text)
        self.assertEqual(self.ledger(ana), (1, 0, 3))
        page = browser.get("/rest").page()
        browser.press(page, "End (it|this|the quiet)|end it")
        self.assertIn("Late in it.", browser.get("/board").text)
        self.assertEqual(self.ledger(ana), (0, 0, 4))
        node.stop()
        self.sound(ana)


def this_week(clock):
    return time.strftime("%G-W%V", time.gmtime(clock.now()))


if __name__ == "__main__":
    house.main()
