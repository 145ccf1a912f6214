"""Counsellors as people have them: a counsellor who is in no lab opens hours from her own computer, two members want the same time, one
of them gives it back, and nothing is left when it is over. And labs that lie about it. Each is the real program with data of its own."""
import base64
import json
import os
import re
import sqlite3
import time
import unittest

import house
import lab_house

WORDS = "It is about leaving. Please do not write it down."
PLACE = "counsel.example, or 030 1234"
FIRST = "I would like to say it in writing first."
ANSWER = "Thank you for writing. We have time on Tuesday."


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("counsel"), "this program has no counsellors yet")
class Counsel(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def members(self, names, others=10, tap=None, pg=None):
        self.pg, self.url = pg, pg and pg.url()
        return super().members(names, others, tap, db=self.url)

    def at_lab(self, *args):
        done = self.of.run("lab", *args, "--yes")
        self.assertEqual(done.status, 0, done.out + done.err)
        return done

    def counsellor(self, name="R. Hale"):
        """Somebody with a computer of her own, who never joins."""
        hale = self.member("counsellor")
        made = hale.good("counsel", "--key", name, "--at", self.of.url, "--employer", "the students' union", "--where", PLACE, "--json").json()
        self.assertRegex(made["words"], r"^(\w+ ){5}\w+$")
        said = self.at_lab("counsellor", made["line"]).out
        for part in (made["words"], name, "the students' union", PLACE):
            self.assertIn(part, re.sub(r"\s+", " ", said), "whoever keeps the lab sees what will be in the record")
        hale.key = made
        return hale

    def times(self, n, ahead=2):
        """`n` times on a day ahead, by this computer's clock; always in this week or the next."""
        day = time.strftime("%Y-%m-%d", time.localtime(self.clock.now() + ahead * house.DAY))
        return ["%sT%02d:00" % (day, 9 + i) for i in range(n)]

    def open(self, hale, times, *args):
        return hale.good("counsel", "--open", "--by", "telephone 030 1234", *args, *times, "--json").json()

    def seen(self, member, *args):
        return member.good("counsellors", "--json", *args).json()

    def until(self, member, holds):
        return self.comes(lambda: self.seen(member, "--look"), holds)

    def came(self, hale, holds):
        return self.comes(lambda: hale.good("counsel", "--look", "--json").json()["times"], holds)

    def sound(self, *members):
        for one in members:
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)

    def test_a_time_is_taken_by_one_and_given_back(self):
        wei, ana = self.members(["Wei", "Ana"])
        self.assertIn("No open hours", wei.good("counsellors", "--look").out)
        hale = self.counsellor()
        self.assertFalse(hale.run("board").status == 0, "she is in no lab")
        times = self.times(2)
        opened = self.open(hale, times)
        self.assertEqual([(t["time"], t["open"], t["taken"]) for t in opened["times"]], [(t, True, False) for t in times])
        seen = self.until(wei, lambda f: f["open"] == 2)
        one = seen["counsellors"][0]
        self.assertEqual((one["name"], one["employer"], one["where"], one["words"]), ("R. Hale", "the students' union", PLACE, hale.key["words"]))
        self.assertEqual([(t["time"], t["by"], t["taken"]) for t in one["times"]], [(t, "telephone 030 1234", False) for t in times])
        entries = [e for _, e in self.of.log().all("hours")]
        self.assertEqual([e["slots"] for e in entries], [2])
        # Two want the same one: the first has it.
        self.until(ana, lambda f: f["open"] == 2)
        self.assertEqual(wei.good("counsellors", "1", WORDS, "--json").json()["state"], "yours")
        late = ana.run("counsellors", "1", "Me too.")
        self.assertEqual(late.status, 1)
        self.plain(late.err, "Somebody")
        self.assertEqual(self.seen(ana)["yours"], [])
        self.assertFalse(b"Me too." in ana.bytes())
        # The counsellor sees a made-up name, the time and the words; nobody else does.
        taken = self.came(hale, lambda f: f[0]["taken"])
        self.assertEqual((taken[0]["words"], taken[1]["taken"]), (WORDS, False))
        self.assertEqual(taken[0]["name"], self.seen(wei)["yours"][0]["name"])
        self.assertIn(taken[0]["name"], hale.good("counsel").out)
        self.until(ana, lambda f: f["counsellors"][0]["times"][0]["taken"])
        with open(self.of.data + "/lab/lab.db", "rb") as f:
            self.assertFalse(WORDS.encode() in f.read())
        # Given back, it is free for the other.
        wei.good("counsellors", "--give-back", "1")
        self.until(ana, lambda f: f["open"] == 2)
        self.came(hale, lambda f: not f[0]["taken"])
        ana.good("counsellors", "1", "-", stdin=b"In my own words.\n")
        self.assertEqual(self.came(hale, lambda f: f[0]["taken"])[0]["words"], "In my own words.")
        self.until(wei, lambda f: f["open"] == 1)
        # A time that the counsellor closes is gone, also from who took it.
        hale.good("counsel", "--close", times[0])
        self.until(ana, lambda f: f["yours"] and f["yours"][0]["state"] == "withdrawn")
        self.assertEqual([e["slots"] for _, e in self.of.log().all("hours")], [2, 1])
        self.sound(wei, ana)

    def test_it_passes_a_quiet_week_and_nothing_is_left_when_it_is_over(self):
        wei, = self.members(["Wei"], others=11)
        hale = self.counsellor()
        self.open(hale, self.times(1, ahead=1))
        self.until(wei, lambda f: f["open"] == 1)
        wei.good("counsellors", "1", WORDS)
        self.assertFalse(WORDS.encode() in wei.bytes(), "the words are closed, also here")
        self.came(hale, lambda f: f[0]["taken"])
        today = time.strftime("%Y-%m-%d", time.localtime(self.clock.now()))
        wei.good("rest", "quiet", "%s..%s" % (today, time.strftime("%Y-%m-%d", time.localtime(self.clock.now() + 5 * house.DAY))))
        week = wei.good("week").out
        self.assertIn("Quiet until", week)
        self.assertIn("R. Hale", week, "what somebody waits for is shown in a quiet week too")
        parts = wei.good("week", "--json").json()["parts"]
        self.assertEqual([line["path"] for part in parts for line in part["lines"]], ["/counsellors"])
        file = wei.good("counsellors", "--calendar", "1").out
        self.assertRegex(file, r"(?s)^BEGIN:VCALENDAR.*SUMMARY:Away\s.*END:VCALENDAR\s*$")
        self.assertNotIn("Hale", file)
        self.assertNotIn(self.seen(wei)["yours"][0]["slot"], file)
        for path in ("respite.db", "lab/lab.db"):
            data = self.of.data if path.startswith("lab") else wei.data
            with sqlite3.connect("file:%s/%s?mode=ro" % (data, path), uri=True) as db:
                self.assertEqual(db.execute("select count(*) from " + ("counsel_taken" if "lab" in path else "counsel_mine")).fetchone(), (1,))
        # Two days later.
        self.clock.go(2 * house.DAY)
        self.of.again()
        self.assertEqual(hale.good("counsel", "--json").json()["times"], [])
        self.assertEqual(self.seen(wei)["yours"], [])
        ends = time.monotonic() + 20
        with sqlite3.connect("file:%s/lab/lab.db?mode=ro" % self.of.data, uri=True) as db:
            while db.execute("select (select count(*) from counsel_taken) + (select count(*) from counsel_slot)").fetchone() != (0,):
                self.assertLess(time.monotonic(), ends, "who came is forgotten by the lab")
                time.sleep(0.2)
        for one, table in ((wei, "counsel_mine"), (wei, "outbox"), (hale, "counsel_came"), (hale, "counsel_own")):
            with sqlite3.connect("file:%s/respite.db?mode=ro" % one.data, uri=True) as db:
                self.assertEqual(db.execute("select count(*) from " + table).fetchone(), (0,), table)

    def letters(self, member, *args):
        return member.good("letters", "--json", *args).json()

    def wrote(self, member, number, holds, command=("letters",), wait=40):
        """Look until the conversation is as it should be."""
        ends = time.monotonic() + wait
        while True:
            member.good(*command, "--look")
            found = member.good(*command, "--json", str(number)).json()
            if holds(found):
                return found
            if time.monotonic() > ends:
                self.fail("the letter never came: " + json.dumps(found))
            time.sleep(0.4)

    def test_letters_go_between_who_took_a_time_and_the_counsellor(self):
        self.letters_go()

    def test_letters_with_a_counsellor_postgresql(self):
        self.letters_go(pg=self.postgres())

    def letters_go(self, **more):
        wei, ana = self.members(["Wei", "Ana"], **more)
        hale = self.counsellor()
        self.open(hale, self.times(2))
        self.until(wei, lambda f: f["open"] == 2)
        self.assertEqual(self.letters(wei)["conversations"], [])
        wei.good("counsellors", "1", WORDS)
        yours = self.seen(wei)["yours"][0]
        number = str(yours["letters"])
        self.assertIn("respite letters " + number, wei.good("counsellors").out)
        self.assertEqual([c["role"] for c in self.letters(wei)["conversations"]], ["counsellor"])
        self.assertIn("nothing was written yet", re.sub(r"\s+", " ", wei.good("letters").out))
        # She hears of the time, and nobody has written yet; then a letter comes, and one goes back.
        taken = self.came(hale, lambda f: f[0]["taken"])
        theirs = str(taken[0]["letters"])
        self.assertEqual(hale.good("counsel", "letters", "--json").json()["conversations"][0]["name"], yours["name"])
        wei.good("letters", "--now", number, FIRST)
        found = self.wrote(hale, theirs, lambda f: f["letters"], ("counsel", "letters"))
        self.assertEqual([(l["own"], l["n"], l["text"], l["gap"]) for l in found["letters"]], [(False, 1, FIRST, False)])
        self.assertIn(FIRST, hale.good("counsel", "letters", theirs).out)
        hale.good("counsel", "letters", theirs, ANSWER)
        found = self.wrote(wei, number, lambda f: len(f["letters"]) == 2)
        self.assertEqual([(l["own"], l["text"]) for l in found["letters"]], [(True, FIRST), (False, ANSWER)])
        wei.good("letters", "--now", number, "-", stdin=b"Thank you.\n")
        found = self.wrote(hale, theirs, lambda f: len(f["letters"]) == 3, ("counsel", "letters"))
        self.assertEqual(found["letters"][2]["text"], "Thank you.")
        self.assertTrue(found["letters"][1]["day"], "her own is published")
        # What she asked for: the record, who took a time, whole batches, passes; never as a member, never with a key of the crowd.
        asked = hale.good("sent", "--json").json()["requests"]
        self.assertEqual({r["kind"] for r in asked}, {"public", "anonymous"})
        self.assertEqual(hale.run("board").status, 1)
        self.sound(wei, ana)
        self.no_link(FIRST, ANSWER, "Thank you.", WORDS, hale=hale)

    def table(self, name):
        """The rows of a table of the lab's database, each value as bytes."""
        if self.pg:
            rows = [line.split("\t") for line in self.pg.psql('select * from "%s"' % name, self.url.rsplit("/", 1)[1]).split("\n") if line]
            return [[bytes.fromhex(v[2:]) if v.startswith("\\x") else v.encode() for v in row] for row in rows]
        with sqlite3.connect("file:%s/lab/lab.db?mode=ro" % self.of.data, uri=True) as db:
            return [[v if isinstance(v, bytes) else str(v).encode() for v in row] for row in db.execute('select * from "%s"' % name)]

    def tables(self):
        if self.pg:
            return self.pg.psql("select tablename from pg_tables where schemaname = 'public'", self.url.rsplit("/", 1)[1]).split()
        with sqlite3.connect("file:%s/lab/lab.db?mode=ro" % self.of.data, uri=True) as db:
            return [name for name, in db.execute("select name from sqlite_master where type = 'table'")]

    def no_link(self, *words, hale):
        """What the lab keeps: no words, and nothing that joins a letter, a time and the counsellor's key."""
        pk = base64.b64decode(json.loads(base64.urlsafe_b64decode(hale.key["line"] + "=="))["pk"])
        every = {name: self.table(name) for name in self.tables()}
        self.assertIn("counsel_taken", every)
        taken = every["counsel_taken"]
        self.assertEqual(len(taken), 1)
        batches = [json.loads(v) for row in every["batch"] if b"letters" in row for v in row if v.startswith(b"{")]
        items = [i for b in batches for i in b["items"]]
        self.assertEqual(len(items), 3)
        self.assertEqual(sum(len(b["tokens"]) for b in batches), 3, "each letter is published with what paid for it, hers too")
        self.assertEqual(len({i["pk"] for i in items}), 3, "each has a key of its own")
        self.assertEqual(len({i["act"]["to"] for i in items}), 3, "and an address of its own")
        slot, _, act, key = taken[0][:4]
        for i in items:
            raw = json.dumps(i)
            self.assertEqual(sorted(i), ["act", "head", "kind", "lab", "pass", "pk", "salt", "sig", "v"], "hers look like all others")
            for part in (slot.hex(), act.hex(), base64.b64encode(key).decode(), base64.b64encode(pk).decode()):
                self.assertNotIn(part, raw)
        # Her key: in the record, beside her hours, beside who took one of them, and that she had this week's passes. Nowhere else.
        for name, rows in every.items():
            for row in rows:
                for value in row:
                    for word in words:
                        self.assertNotIn(word.encode(), value, name)
                    if name not in ("log_entry", "log_tile", "counsel_hours", "counsel_slot", "counsel_taken", "issued"):
                        for part in (pk, pk.hex().encode(), base64.b64encode(pk)):
                            self.assertNotIn(part, value, name)
        issued = [row for row in every["issued"] if pk.hex().encode() in row[0]]
        self.assertGreaterEqual(len(issued), 1)

    def test_a_slot_given_back_or_withdrawn_and_a_counsellor_who_is_none_any_more(self):
        wei, ana = self.members(["Wei", "Ana"])
        hale = self.counsellor()
        times = self.times(2)
        self.open(hale, times)
        self.until(wei, lambda f: f["open"] == 2)
        wei.good("counsellors", "1", WORDS)
        number = str(self.seen(wei)["yours"][0]["letters"])
        self.came(hale, lambda f: f[0]["taken"])
        wei.good("letters", "--now", number, FIRST)
        theirs = str(hale.good("counsel", "--json").json()["times"][0]["letters"])
        self.wrote(hale, theirs, lambda f: f["letters"], ("counsel", "letters"))
        # Withdrawn: letters go on.
        hale.good("counsel", "--close", times[0])
        self.until(wei, lambda f: f["yours"] and f["yours"][0]["state"] == "withdrawn")
        hale.good("counsel", "letters", theirs, ANSWER)
        self.wrote(wei, number, lambda f: len(f["letters"]) == 2)
        # Given back: nothing more can be written, and nothing of what was is lost.
        self.until(ana, lambda f: f["open"] == 1)
        ana.good("counsellors", "1")
        second = str(self.seen(ana)["yours"][0]["letters"])
        self.came(hale, lambda f: f[0]["taken"])
        hers = str(hale.good("counsel", "--json").json()["times"][0]["letters"])
        ana.good("counsellors", "--give-back", "1")
        refused = ana.run("letters", "--now", second, "One more thing.")
        self.assertEqual(refused.status, 1)
        self.plain(refused.err)
        self.assertEqual(self.letters(ana)["conversations"], [], "nothing was written, so there is nothing")
        self.came(hale, lambda f: not f[0]["taken"])
        self.assertEqual(hale.run("counsel", "letters", hers).status, 1)
        # No longer in the record: both sides are told, and what was written stays.
        self.at_lab("counsellor", "--end-term", "R. Hale", "--reason", "moved away")
        refused = hale.run("counsel", "letters", theirs, "One more thing.")
        self.assertEqual(refused.status, 1)
        self.plain(refused.err)
        self.seen(wei, "--look")
        refused = wei.run("letters", "--now", number, "One more thing.")
        self.assertEqual(refused.status, 1)
        self.plain(refused.err, "record")
        self.assertEqual(len(self.letters(wei, number)["letters"]), 2)
        self.assertEqual(len(hale.good("counsel", "letters", theirs, "--json").json()["letters"]), 2)
        self.sound(wei, ana)

    def test_a_clock_that_is_off_a_lab_that_is_away_a_machine_that_is_lost(self):
        wei, = self.members(["Wei"], others=11)
        hale = self.counsellor()
        self.open(hale, self.times(1))
        self.until(wei, lambda f: f["open"] == 1)
        wei.good("counsellors", "1", WORDS)
        number = str(self.seen(wei)["yours"][0]["letters"])
        theirs = str(self.came(hale, lambda f: f[0]["taken"])[0]["letters"])
        wei.good("letters", "--now", number, FIRST)
        self.wrote(hale, theirs, lambda f: f["letters"], ("counsel", "letters"))
        # A clock that is days off: nothing is sent, nothing is removed.
        for days in (-3, 3):
            off = {"RESPITE_CLOCK": str(self.clock.now() + days * house.DAY)}
            for args in (("--look",), (theirs, ANSWER)):
                done = hale.run("counsel", "letters", *args, env=off)
                self.assertEqual(done.status, 1)
                self.plain(done.err, "clock")
            self.assertEqual(len(hale.good("counsel", "letters", theirs, "--json", env=off).json()["letters"]), 1)
        # What is no letter.
        for args, status in ((("9",), 1), (("x",), 2), (("9", "text"), 1), ((theirs, ""), 1), ((theirs, "a\u202eb"), 1), ((theirs, "x" * 70000), 1)):
            done = hale.run("counsel", "letters", *args)
            self.assertEqual(done.status, status, "%s: %s" % (args[:1], done.err))
            self.plain(done.err)
        # A backup has no letters, and no key that opens one; put back, nothing is claimed of them.
        backup = os.path.join(hale.home, "b.zst")
        hale.good("backup", backup)
        other = self.member("new machine")
        other.good("restore", backup, "--yes")
        self.assertEqual(other.good("counsel", "letters", "--json").json()["conversations"], [])
        self.assertFalse(FIRST.encode() in other.bytes())
        # Another machine, another key: the record does not know it.
        third = self.member("third machine")
        third.good("counsel", "--key", "R. Hale", "--at", self.of.url, "--employer", "the students' union", "--where", PLACE)
        done = third.run("counsel", "letters", "--look")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "72 hours")
        self.sound(wei)

    def test_a_lab_that_lies_about_hours(self):
        """A key of the lab's own, other hours, hours left out: each shown to one member, who finds it (threat 38)."""
        self.tap = self.listener(None)
        members = self.members(["Wei", "Ana", "Jo"], others=9, tap=self.tap)
        hale = self.counsellor()
        self.open(hale, self.times(2))

        def body(back, change):
            head, _, text = back.partition(b"\r\n\r\n")
            found = json.loads(text)
            change(found)
            text = json.dumps(found, separators=(",", ":"), sort_keys=True).encode()
            return re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(text), head) + b"\r\n\r\n" + text

        def swap(found):
            found["hours"][0]["box_pk"] = base64.b64encode(bytes(32)).decode()

        def move(found):
            found["hours"][0]["slots"][0]["to"] -= 600

        def leave_out(found):
            found["hours"] = []

        for member, change in zip(members, (swap, move, leave_out)):
            self.tap.rules.clear()
            self.tap.rule(lambda back, change=change: body(back, change), "^/v1/counsellors$", "GET")
            self.assertEqual(self.seen(member, "--look")["open"], 0, "what is not signed is not shown")
            status, found = member.verify()
            self.assertEqual((status, found["ok"]), (1, False), change.__name__)
            self.assertIn("counsellor", json.dumps(found))
            said = member.run("verify")
            self.assertEqual(said.status, 1)
            self.assertIn("hours of a counsellor", re.sub(r"\s+", " ", said.out + said.err))
        # A counsellor who is not in the record, or not yet, opens nothing; a key that was ended neither.
        self.tap.rules.clear()
        other = self.member("somebody")
        other.good("counsel", "--key", "S. Body", "--at", self.of.url, "--employer", "nobody", "--where", "here")
        refused = other.run("counsel", "--open", "--by", "room 1", *self.times(1))
        self.assertEqual(refused.status, 1)
        self.plain(refused.err, "72 hours")
        self.at_lab("counsellor", "--end-term", "R. Hale", "--reason", "moved away")
        self.assertEqual(hale.run("counsel", "--open", "--by", "room 1", *self.times(1, ahead=3)).status, 1)

    def test_words_that_are_none(self):
        wei, = self.members(["Wei"], others=10)
        hale = self.member("counsellor")
        for args, status in ((["--open", "--by", "x", "2026-11-26T14:00"], 1), (["2026-11-26T14:00"], 2), (["--key", "R. Hale"], 2),
                             (["--key", "R. Hale", "--at", "http://lab.example", "--employer", "a", "--where", "b"], 2),
                             (["--key", "R. Hale", "--at", "x", "--employer", "a", "--where", "b"], 2)):
            done = hale.run("counsel", *args)
            self.assertEqual(done.status, status, done.err)
            self.plain(done.err)
        hale = self.counsellor()
        for args, status in ((["--open", "--by", "x", "tomorrow"], 2), (["--open", "--by", "x", "2020-01-01T10:00"], 2), (["--open", *self.times(1)], 2),
                             (["--open", "--by", "x", *self.times(1), *self.times(1)], 2), (["--open", "--by", "x" * 300, *self.times(1)], 2),
                             (["--open", "--by", "a\u202eb", *self.times(1)], 1), (["--close", *self.times(1)], 1),
                             (["--open", "--by", "x", "--minutes", "4000", *self.times(1)], 2)):
            done = hale.run("counsel", *args)
            self.assertEqual(done.status, status, "%s: %s" % (args, done.err))
            self.plain(done.err)
        self.assertEqual(hale.good("counsel", "--json").json()["times"], [])
        self.open(hale, self.times(1))
        self.until(wei, lambda f: f["open"] == 1)
        for args, status in ((["9"], 1), (["one"], 2), (["1", "x" * 3000], 1), (["--give-back", "1"], 1), (["--calendar", "1"], 1)):
            done = wei.run("counsellors", *args)
            self.assertEqual(done.status, status, "%s: %s" % (args, done.err))
            self.plain(done.err)
        self.assertEqual(self.seen(wei)["yours"], [])
        self.sound(wei)


if __name__ == "__main__":
    house.main()
