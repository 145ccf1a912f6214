"""Counsellors as people have them: a counsellor who is in no lab opens hours from her own computer, two members want the same time, one
of them gives it back, and nothing is left when it is over. And labs that lie about it. Each is the real program with data of its own."""
import base64
import hashlib
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


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("counsel"), "this program has no counsellors yet")
class Counsel(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def members(self, names, others=10, front=None):
        self.of = self.lab(front=front)
        one = self.of.serve()
        if front:
            self.tap.to = one.url
        self.python_members(self.of, others)
        found = []
        for name, url in zip(names, self.of.invite(names)):
            one = self.member(name)
            one.join(url)
            found.append(one)
        self.of.until(lambda log: any(e["holders"] >= others + len(names) for _, e in log.all("open")))
        return found

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

    def until(self, member, holds, wait=40):
        ends = time.monotonic() + wait
        while True:
            found = self.seen(member, "--look")
            if holds(found):
                return found
            if time.monotonic() > ends:
                self.fail("it never stood there: " + json.dumps(found))
            time.sleep(0.4)

    def came(self, hale, holds, wait=40):
        ends = time.monotonic() + wait
        while True:
            found = hale.good("counsel", "--look", "--json").json()["times"]
            if holds(found):
                return found
            if time.monotonic() > ends:
                self.fail("it never came to the counsellor: " + json.dumps(found))
            time.sleep(0.4)

    def sound(self, *members):
        for one in members:
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)

    def test_a_time_is_taken_by_one_and_given_back(self):
        wei, ana = self.members(["Wei", "Ana"])
        self.assertIn("No open hours", wei.good("counsellors").out)
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


if __name__ == "__main__":
    house.main()
