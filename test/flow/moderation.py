"""Moderation as a lab lives with it: ten members of a trial, one of them a moderator with a key of her own. A flag, a post that is hidden
and can be read all the same, an appeal, its undoing, a name that is muted in one thread, a post that the law forbids; and what `verify`
says afterwards, and of a record that somebody has altered."""
import json
import re
import sqlite3
import time
import unittest

import house
import lab_house

SAID = "Prof. Example sent me a message at two in the morning."


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("moderate"), "this program has no moderation yet")
class Moderation(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def until(self, member, holds, *args, **more):
        return self.comes(lambda: member.board(*args), holds, **more)

    def moderator(self, member, name):
        """A key made on the member's computer, put into the record by who keeps the lab."""
        made = member.good("moderate", "--key", name, "--json").json()
        self.assertRegex(made["words"], r"^(\w+ ){5}\w+$")
        done = self.of.run("lab", "moderator", made["line"], "--yes")
        self.assertEqual(done.status, 0, done.err)
        self.assertIn(made["words"], re.sub(r"\s+", " ", done.out), "the same six words on both computers")
        return made

    def desk(self, member, holds=lambda desk: True):
        return self.comes(lambda: member.good("moderate", "--json").json(), holds)

    @staticmethod
    def post_of(threads, text):
        return next(p for t in threads for p in t["posts"] if p["text"] == text)

    def all_sound(self, *members):
        for one in members:
            one.board()
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)

    def test_flag_hide_appeal_undo_mute_drop(self):
        self.story()
        with open(self.of.data + "/lab/lab.db", "rb") as f:
            self.assertFalse(b"Another matter." in f.read(), "the words are in no file of the lab")

    def test_flag_hide_appeal_undo_mute_drop_postgresql(self):
        pg = self.postgres()
        url = pg.url()
        self.story(db=url)
        name = url.split("/")[-1]
        for table in pg.psql("select tablename from pg_tables where schemaname = 'public'", name).split():
            self.assertNotIn("Another matter.", pg.psql("select * from " + table, name), table)

    def story(self, **more):
        wei, ana, okoro = self.members(["Wei", "Ana", "Okoro"], 7, **more)
        before = wei.run("moderate")
        self.assertEqual(before.status, 1)
        self.plain(before.err, "no moderator's key")
        self.moderator(okoro, "S. Okoro")
        self.assertEqual(self.of.run("lab", "moderator", "--json").json()["moderators"][0]["name"], "S. Okoro")
        wei.post(SAID)
        post = self.until(ana, lambda b: len(b) == 1)[0]["posts"][0]
        short = post["id"][:8]
        # A flag: the moderator reads how many and the note; nobody else does, and no name is with it.
        ana.good("flag", short, "name", "Everybody knows who this is.")
        desk = self.desk(okoro, lambda d: d["flagged"])
        self.assertEqual(desk["flagged"], [{"post": post["id"], "harm": 0, "name": 1, "spam": 0, "other": 0, "notes": ["Everybody knows who this is."]}])
        self.assertFalse(b"Everybody knows" in wei.bytes())
        # Hidden, behind its reason, and readable all the same (speak/hidden_stays_readable_with_reason).
        hidden = okoro.good("moderate", "hide", short, "it named a person", "--json").json()["index"]
        self.assertEqual(self.of.run("lab", "moderate", "--json").json()["decisions"][0]["post"], post["id"])
        self.assertIn("[%s]" % short, self.of.run("lab", "moderate").out)
        for one in (wei, ana):
            seen = self.until(one, lambda b: b[0]["posts"][0].get("hidden"))[0]["posts"][0]
            self.assertEqual((seen["text"], seen["reason"], seen["entry"]), (SAID, "it named a person", hidden))
            said = one.good("board").out
            self.assertNotIn("two in the morning", said)
            self.assertIn("Hidden by the moderators: it named a person. Signed, in the record.", re.sub(r"\s+", " ", said))
            self.assertIn("two in the morning", re.sub(r"\s+", " ", one.good("board", "--hidden", "--offline").out))
        self.assertEqual(self.desk(okoro)["flagged"], [], "what was decided about waits no more")
        # Anybody may ask for it to be undone; everybody reads it.
        ana.good("appeal", short, "It names nobody who can be found.")
        asked = self.desk(okoro, lambda d: d["appeals"])["appeals"]
        self.assertEqual([(a["post"], a["entry"], a["text"]) for a in asked], [(post["id"], hidden, "It names nobody who can be found.")])
        okoro.good("moderate", "show", short, "the name is not to be found")
        for one in (wei, ana):
            seen = self.until(one, lambda b: "entry" not in b[0]["posts"][0] or not b[0]["posts"][0]["hidden"])[0]["posts"][0]
            self.assertEqual(seen["text"], SAID)
        self.assertEqual(self.desk(okoro)["appeals"], [])
        # A name is muted in its thread; in another thread the same person talks on.
        ana.post("You are lying.", "--reply", short)
        rude = self.post_of(self.until(okoro, lambda b: len(b[0]["posts"]) == 2), "You are lying.")
        okoro.good("moderate", "mute", rude["id"], "it attacks a person")
        again = ana.run("post", "--now", "--reply", short, "And you know it.")
        self.assertEqual(self.of.run("lab", "moderate", "--json").json()["all"], 3)
        self.assertNotIn("And you know it.", json.dumps(self.until(okoro, lambda b: True)))
        self.assertEqual(again.status, 1)
        self.plain(again.err, "muted the name you have in this thread")
        self.assertNotIn("refused", json.dumps(ana.good("post", "--waiting", "--json").json()), "no pass went for it")
        ana.post("Another matter.")
        self.until(okoro, lambda b: len(b) == 2)
        # What the law forbids: the words go from every computer, the leaf stays.
        bad = self.post_of(okoro.board(), "Another matter.")
        self.assertEqual(okoro.run("moderate", "drop", bad["id"], "unlawful", "--no-input").status, 1, "it is asked once more")
        okoro.good("moderate", "drop", bad["id"], "unlawful", "--yes")
        for one in (wei, okoro):
            self.until(one, lambda b: not any(p["text"] == "Another matter." for t in b for p in t["posts"]))
            self.assertFalse(b"Another matter." in one.bytes())
        undo = okoro.run("moderate", "show", bad["id"], "a mistake")
        self.assertEqual(undo.status, 1)
        self.plain(undo.err)
        self.all_sound(wei, ana, okoro)

    def test_new_name_waits_for_the_moderator(self):
        self.new_name()

    def test_new_name_waits_for_the_moderator_postgresql(self):
        self.new_name(db=self.postgres().url())

    def new_name(self, **more):
        wei, ana, okoro = self.members(["Wei", "Ana", "Okoro"], 7, batch=6, **more)
        self.moderator(okoro, "S. Okoro")
        wei.post(SAID)
        post = self.until(okoro, lambda b: len(b) == 1)[0]["posts"][0]
        okoro.good("moderate", "mute", post["id"][:8], "it attacks a person")
        ana.post("A new name here.", "--reply", post["id"])
        held = self.desk(okoro, lambda d: d["held"])["held"][0]
        self.assertEqual(held["text"], "A new name here.")
        self.assertEqual(len(self.until(wei, lambda b: True)[0]["posts"]), 1, "it waits")
        okoro.good("moderate", "show", held["post"], "nothing is wrong with it")
        self.until(wei, lambda b: len(b[0]["posts"]) == 2, wait=30)
        ana.post("And more of it.", "--reply", post["id"])
        self.until(wei, lambda b: len(b[0]["posts"]) == 3, wait=14)
        self.all_sound(wei, ana, okoro)

    def test_keys_that_may_not_decide(self):
        wei, okoro = self.members(["Wei", "Okoro"], 8)
        made = okoro.good("moderate", "--key", "S. Okoro", "--json").json()
        self.assertEqual(okoro.good("moderate", "--key", "S. Okoro", "--json").json(), made, "the same line once more")
        self.assertIn("counts as soon as it is in the record", " ".join(okoro.good("moderate", "--key", "S. Okoro").out.split()))
        self.assertEqual(okoro.run("moderate", "--key", "Somebody else", "--no-input").status, 1, "one that is here is not replaced by itself")
        wei.post(SAID)
        post = self.until(okoro, lambda b: len(b) == 1)[0]["posts"][0]
        unknown = okoro.run("moderate", "hide", post["id"], "no")
        self.assertEqual(unknown.status, 1)
        self.plain(unknown.err, "does not take this key")
        for bad in ("", "x", made["line"][:-4], made["line"].swapcase()):
            self.assertIn(self.of.run("lab", "moderator", bad, "--yes").status, (1, 2))
        self.assertEqual(self.of.run("lab", "voucher", made["line"], "--yes").status, 1, "a moderator's line makes no voucher")
        self.assertEqual(self.of.run("lab", "moderator", made["line"], "--no-input").status, 1)
        self.assertEqual(self.of.run("lab", "moderator", made["line"], "--yes").status, 0)
        okoro.good("moderate", "hide", post["id"], "it named a person")
        self.assertEqual(self.of.run("lab", "moderator", "--end-term", "S. Okoro").status, 2, "a reason is needed")
        self.assertEqual(self.of.run("lab", "moderator", "--end-term", "Nobody", "--reason", "x").status, 1)
        # Two of one name, as when somebody is back with another computer: nobody's term ends by chance.
        other = wei.good("moderate", "--key", "S. Okoro", "--json").json()
        self.assertEqual(self.of.run("lab", "moderator", other["line"], "--yes").status, 0)
        self.assertEqual([m["words"] for m in self.of.run("lab", "moderator", "--json").json()["moderators"]], [other["words"], made["words"]])
        which = self.of.run("lab", "moderator", "--end-term", "S. Okoro", "--reason", "the key was lost")
        self.assertEqual(which.status, 2)
        self.plain(which.err, "six words")
        self.assertEqual(self.of.run("lab", "moderator", "--end-term", made["words"], "--reason", "the key was lost").status, 0)
        ended = okoro.run("moderate", "show", post["id"], "yes")
        self.assertEqual(ended.status, 1)
        self.plain(ended.err, "does not take this key")
        self.assertEqual(self.of.run("lab", "moderator", "--end-term", "S. Okoro", "--reason", "that was all").status, 0)
        self.assertEqual(self.of.run("lab", "moderator", "--json").json()["moderators"], [])
        self.all_sound(wei, okoro)


if __name__ == "__main__":
    house.main()
