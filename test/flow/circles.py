"""Circles as people have them: one is opened around a theme, found without names, asked for, and those who are in say yes; a letter to
all of them, meetings in one's own calendar, leaving, and somebody whom the others do not want. Each member is the real program with
data of its own, the lab a trial."""
import base64
import json
import os
import re
import sqlite3
import time
import unittest

import house
import lab_house
import lying_lab

THEME = "first paper rejected"
SAID = "It was my first one, and I have not told my supervisor yet."


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("circles"), "this program has no circles yet")
class Circles(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def circles(self, member, *args):
        return member.good("circles", *args, "--json").json()

    def until(self, member, holds, *args):
        return self.comes(lambda: self.circles(member, "--look", *args), holds)

    def open(self, member, theme=THEME, line="For whoever got one back."):
        member.good("circles", "--theme", theme, line)
        return self.until(member, lambda x: any(c["place"] == "in" for c in x["circles"]))["circles"][0]["id"]

    def enter(self, circle, newcomer, inside, line=""):
        """`newcomer` asks, and so many of `inside` as are needed say yes."""
        self.until(newcomer, lambda x: any(c["id"] == circle for c in x["circles"]))
        newcomer.good("circles", circle, "--join", line)
        name = self.until(newcomer, lambda x: x["place"] == "asked", circle)["asks"][-1]["name"]
        for one in inside[:2]:
            self.until(one, lambda x: any(a["name"] == name for a in x["asks"]), circle)
            one.good("circles", circle, "--say-yes", name)
        self.until(newcomer, lambda x: x["place"] == "in", circle)
        return name

    def said(self, member, circle):
        return [x["text"] for x in self.circles(member, circle)["letters"] if not x["own"]]

    def test_a_story(self):
        ana, bo, chen, dee, eve = self.members(["Ana", "Bo", "Chen", "Dee", "Eve"])
        circle = self.open(ana)
        # Found by theme, in the local copy: the lab hears of no search.
        seen = self.until(bo, lambda x: len(x["circles"]) == 1)["circles"][0]
        self.assertEqual((seen["theme"], seen["members"], seen["begun"], seen["place"]), (THEME, 1, False, "none"))
        before = len(bo.sent())
        self.assertEqual(len(self.circles(bo, "--find", "paper REJECTED")["circles"]), 1)
        self.assertEqual(self.circles(bo, "--find", "parents")["circles"], [])
        self.assertEqual(len(bo.sent()), before)
        text = bo.good("circles").out
        self.assertIn("It begins with three", text)
        self.enter(circle, bo, [ana], "Mine came back on Monday.")
        self.enter(circle, chen, [ana, bo])
        name = self.enter(circle, dee, [bo, chen])
        self.assertTrue(self.until(ana, lambda x: x["members"] == 4, circle)["begun"])
        self.assertEqual([p["own"] for p in self.circles(dee, circle)["people"]].count(True), 1)
        # No name that a person has stands in any of it.
        for one in (ana, bo, chen, dee):
            self.until(one, lambda x: x["members"] == 4, circle)
            names = {p["name"] for p in self.circles(one, circle)["people"]}
            self.assertEqual(len(names), 4)
            self.assertFalse(names & {"Ana", "Bo", "Chen", "Dee", "Eve"})
        # A letter to all: one for each, and each reads it under the same made-up name.
        done = self.circles(dee, circle, "--now", SAID)
        self.assertEqual(done["letters"], 3)
        for one in (ana, bo, chen):
            found = self.until(one, lambda x: any(y["text"] == SAID for y in x["letters"]), circle)
            self.assertEqual([y["name"] for y in found["letters"] if not y["own"]], [name])
        self.assertEqual(self.circles(eve, "--look", circle)["place"], "none")
        self.assertNotIn("letters", self.circles(eve, circle))
        self.assertNotIn(SAID.encode(), eve.bytes())
        # Answered: everybody hears it, also those it was not an answer to.
        ana.good("circles", circle, "--now", "I told mine after a week. Nothing happened.")
        for one in (bo, chen, dee):
            self.until(one, lambda x: any("after a week" in y["text"] for y in x["letters"]), circle)
        # When they meet: told by letters alone, and a newcomer hears of it with the first letter.
        when = time.strftime("%Y-%m-%d", time.localtime(self.clock.now() + 3 * 86400)) + " 15:00"
        bo.good("circles", circle, "--meet", when, "--minutes", "45", "--every", "2", "--times", "3", "--now")
        for one in (ana, chen, dee):
            meets = self.until(one, lambda x: len(x["meetings"]) == 3, circle)["meetings"]
            self.assertEqual({m["until"] - m["from"] for m in meets}, {45 * 60})
        self.assertIn("15:00 to 15:45", chen.good("circles", circle).out)
        self.in_the_feed(chen, circle)
        self.enter(circle, eve, [ana, bo])
        self.until(chen, lambda x: x["members"] == 5, circle)
        chen.good("circles", circle, "--now", "Welcome.")
        self.until(eve, lambda x: len(x["meetings"]) == 3, circle)
        self.assertEqual(self.said(eve, circle), ["Welcome."], "what was said before stays with those who were in")
        for one in (ana, bo, dee):
            self.until(one, lambda x: any(y["text"] == "Welcome." for y in x["letters"]), circle)
        # Leaving needs no reason; who left reads nothing that is said after.
        dee.good("circles", circle, "--leave")
        self.until(dee, lambda x: x["place"] in ("out", "none"), circle)
        for one in (ana, bo, chen, eve):
            self.until(one, lambda x: x["members"] == 4, circle)
        self.assertEqual(self.circles(ana, circle, "--now", "Since Dee has left.")["letters"], 3)
        for one in (bo, chen, eve):
            self.until(one, lambda x: any("has left" in y["text"] for y in x["letters"]), circle)
        self.circles(dee, "--look", circle)
        self.assertNotIn(b"Since Dee has left.", dee.bytes())
        self.assertEqual(dee.run("circles", circle, "one more").status, 1)
        # The others do not want one of them in: more than half of the others, and he reads nothing later either.
        him = [p["name"] for p in self.circles(chen, circle)["people"] if p["own"]][0]
        for one in (ana, bo):
            one.good("circles", circle, "--say-no", him)
        for one in (ana, bo, eve):
            self.until(one, lambda x: x["members"] == 3, circle)
        self.until(chen, lambda x: x["place"] == "out", circle)
        self.assertEqual(self.circles(eve, circle, "--now", "We are three.")["letters"], 2)
        for one in (ana, bo):
            self.until(one, lambda x: any(y["text"] == "We are three." for y in x["letters"]), circle)
        self.circles(chen, "--look", circle)
        self.assertNotIn(b"We are three.", chen.bytes())
        for one in (ana, bo, chen, dee, eve):
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)
        self.nothing_is_there(chen, dee)

    def nothing_is_there(self, *gone):
        """The lab has made-up keys and closed letters: no word of what was said, no time of a meeting, no two keys alike in two circles."""
        raw = b"".join(open(os.path.join(d, f), "rb").read() for d, _, files in os.walk(self.of.data) for f in files)
        for word in (SAID, "after a week", "Welcome.", "We are three", "has left"):
            self.assertNotIn(word.encode(), raw)
        lab = sqlite3.connect(os.path.join(self.of.data, "lab", "lab.db"))
        letters = []
        for (blob,) in lab.execute("select bytes from batch where series = 'letters'"):
            letters += json.loads(blob)["items"]
        self.assertEqual(len({i["act"]["to"] for i in letters}), len(letters))
        self.assertEqual(len({i["pk"] for i in letters}), len(letters))
        self.assertEqual({len(base64.b64decode(i["act"]["box"])) for i in letters} - {1024, 4096}, set())
        kinds = set()
        for (blob,) in lab.execute("select bytes from batch where series = 'board'"):
            for i in json.loads(blob)["items"]:
                kinds.add(i["kind"])
                self.assertNotIn("meet", i["act"])
        self.assertLessEqual({"circle", "circle_ask", "circle_say", "circle_leave"}, kinds)

    def moderator(self, member, name):
        line = member.good("moderate", "--key", name, "--json").json()["line"]
        done = self.of.run("lab", "moderator", line, "--yes")
        self.assertEqual(done.status, 0, done.err)

    def desk(self, member, holds):
        return self.comes(lambda: member.good("moderate", "--json").json(), holds)

    def test_public_words_hidden_and_shown_again(self):
        self.public_words()

    def test_public_words_hidden_and_shown_again_postgresql(self):
        self.public_words(db=self.postgres().url())

    def public_words(self, **more):
        """What everybody reads of a circle is told about, hidden behind a reason, read all the same, asked for and shown again."""
        ana, bo, okoro = self.members(["Ana", "Bo", "Okoro"], 7, **more)
        self.moderator(okoro, "S. Okoro")
        circle = self.open(ana, THEME, "For whoever works with Prof. Example.")
        self.until(bo, lambda x: len(x["circles"]) == 1)
        bo.good("circles", circle[:8], "--join", "Mine came from Prof. Example.")
        ask = self.until(bo, lambda x: x["place"] == "asked", circle)["asks"][0]["id"]
        # Told about: by the first digits, like a post; the moderator reads how many and the note.
        bo.good("flag", circle[:8], "name", "Everybody knows who this is.")
        desk = self.desk(okoro, lambda d: d["flagged"])["flagged"]
        self.assertEqual(desk, [{"post": circle, "harm": 0, "name": 1, "spam": 0, "other": 0, "notes": ["Everybody knows who this is."]}])
        said = re.sub(r"\s+", " ", okoro.good("moderate").out)
        self.assertIn("the words of a circle " + THEME + " For whoever works with Prof. Example.", said)
        # Nobody has a made-up name there that could be muted, and what has no words cannot be told about.
        self.plain(self.refused(okoro, "moderate", "mute", circle[:8], "it names a person"), "a circle has none")
        self.refused(bo, "flag", "0" * 32, "name")
        self.refused(bo, "appeal", circle[:8], "Nothing stands on it.")
        hidden = okoro.good("moderate", "hide", circle[:8], "it names a person", "--json").json()["index"]
        okoro.good("moderate", "hide", ask[:8], "it names the same person")
        for one in (ana, bo):
            seen = self.until(one, lambda x: x["hidden"] and x["asks"][0]["hidden"], circle)
            self.assertEqual((seen["theme"], seen["reason"], seen["entry"]), (THEME, "it names a person", hidden), "nothing is erased")
            self.assertEqual((seen["asks"][0]["line"], seen["asks"][0]["reason"]), ("Mine came from Prof. Example.", "it names the same person"))
            said = re.sub(r"\s+", " ", one.good("circles").out + one.good("circles", circle).out)
            self.assertNotIn("Prof. Example", said)
            self.assertNotIn(THEME, said)
            self.assertIn("Hidden by the moderators: it names a person. Signed, in the record.", said)
            self.assertIn("To read it: respite circles --hidden", said)
            said = re.sub(r"\s+", " ", one.good("circles", circle, "--hidden").out)
            for words in (THEME, "works with Prof. Example", "Mine came from Prof. Example."):
                self.assertIn(words, said)
        # It is found by its words no more; who is in stays, and newcomers can be let in.
        self.assertEqual(self.circles(bo, "--find", "paper")["circles"], [])
        name = self.circles(ana, circle)["asks"][0]["name"]
        ana.good("circles", circle, "--say-yes", name)
        self.until(bo, lambda x: x["place"] == "in", circle)
        self.assertEqual(self.desk(okoro, lambda d: True)["flagged"], [], "what was decided about waits no more")
        bo.good("appeal", circle[:8], "There are three of that name.")
        asked = self.desk(okoro, lambda d: d["appeals"])["appeals"]
        self.assertEqual([(a["post"], a["entry"], a["text"]) for a in asked], [(circle, hidden, "There are three of that name.")])
        okoro.good("moderate", "show", circle[:8], "nobody can be found by it")
        for one in (ana, bo):
            self.until(one, lambda x: not x["hidden"] and "reason" not in x, circle)
            self.assertIn(THEME, one.good("circles").out)
        self.assertEqual([d["do"] for d in self.of.run("lab", "moderate", "--json").json()["decisions"]].count("hide"), 2)
        # What the law forbids: the words go from every computer, the circle stays.
        okoro.good("moderate", "drop", circle[:8], "unlawful", "--yes")
        for one in (ana, bo):
            seen = self.until(one, lambda x: x["hidden"], circle)
            self.assertEqual((seen["theme"], seen["line"], seen["members"]), ("", "", 2))
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)
        self.assertFalse(b"works with Prof. Example" in bo.bytes())

    def test_recover_brings_all_tables_back(self):
        self.recovered(lambda: None)

    def test_recover_brings_all_tables_back_postgresql(self):
        pg = self.postgres()
        self.recovered(pg.url, pg)

    # What no copy holds, by design: what the issuer knows of members and the keys that passes are signed with; what waits; what members
    # wrote to the moderators; and what is of this database and its process alone.
    NOT_IN_THE_RECORD = {"cosigned", "gone", "invite", "issued", "issuer_key", "issuing", "member", "roster_left", "roster_list", "rotated",
                         "flag", "held_back", "waiting", "clock_seen", "job", "series", "setting"}

    def tables(self, db, pg):
        if db:
            name = db.split("/")[-1]
            return {t: sorted(pg.psql("select * from " + t, name).splitlines())
                    for t in pg.psql("select tablename from pg_tables where schemaname = 'public'", name).split()}
        lab = sqlite3.connect(os.path.join(self.of.data, "lab", "lab.db"))
        names = [n for (n,) in lab.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")]
        text = lambda cell: "" if cell is None else "\\x" + cell.hex() if isinstance(cell, bytes) else str(cell)
        found = {t: sorted("\t".join(map(text, row)) for row in lab.execute("select * from " + t)) for t in names}
        lab.close()
        return found

    def recovered(self, database, pg=None):
        """A board that lost everything has its circles, and what stands on its posts, from a member's copy."""
        db = database()
        ana, bo, okoro = self.members(["Ana", "Bo", "Okoro"], 7, db=db, args=("--zone", "UTC"))
        self.moderator(okoro, "S. Okoro")
        circle = self.open(ana)
        self.enter(circle, bo, [ana])
        other = self.open(okoro, "Prof. Example", "")
        ana.post("Said in a thread.")
        bo.post("Unlawful.")
        said = self.comes(lambda: {p["text"]: p["id"] for t in okoro.board() for p in t["posts"]}, lambda posts: len(posts) == 2)
        okoro.good("moderate", "hide", other[:8], "it names a person")
        okoro.good("moderate", "show", other[:8], "there are three of that name")
        okoro.good("moderate", "hide", circle[:8], "seen again")
        okoro.good("moderate", "mute", said["Said in a thread."], "it attacks a person")
        okoro.good("moderate", "drop", said["Unlawful."], "unlawful", "--yes")
        ana.good("circles", circle, "--leave")
        self.until(bo, lambda x: x["members"] == 1 and x["hidden"], circle)
        okoro.board()
        self.of.again()                    # whatever it logs at its start is part of the copy
        okoro.board()
        copy = self.at("log.txt")
        okoro.good("export", "--log", copy)
        for one in self.of.processes:
            one.stop()
        before = self.tables(db, pg)
        self.assertEqual((len(before["moderated"]), len(before["circle_row"])), (4, 5))
        if db:
            self.of.db = database()
            for one in self.of.processes:
                one.db = self.of.db
        else:
            for end in ("", "-wal", "-shm"):
                if os.path.exists(os.path.join(self.of.data, "lab", "lab.db" + end)):
                    os.unlink(os.path.join(self.of.data, "lab", "lab.db" + end))
        done = self.of.run("lab", "recover", copy)
        self.assertEqual(done.status, 0, done.err)
        after = self.tables(self.of.db, pg)
        self.assertEqual(sorted(before), sorted(after))
        # Of a post that was removed the record has its place and the decision, no key and no thread.
        gone = said["Unlawful."]
        self.assertEqual([row.split("\t")[-3:] for row in after["moderated"] if gone in row], [["0", "0", "1"]])
        rest = lambda rows: [row for row in rows if gone not in row]
        odd = {t: (set(before[t]) - set(after[t]), set(after[t]) - set(before[t])) for t in before
               if rest(before[t]) != rest(after[t]) and t not in self.NOT_IN_THE_RECORD}
        self.assertFalse(odd, "\n".join("%s\n  %s\n  %s" % (t, a, b) for t, (a, b) in odd.items()))
        # Once more changes nothing.
        self.assertEqual(self.of.run("lab", "recover", copy).status, 0)
        self.assertEqual(self.tables(self.of.db, pg), after)

    def refused(self, member, *args):
        done = member.run(*args)
        self.assertEqual(done.status, 1, repr(args) + done.out + done.err)
        self.plain(done.err)
        return done.err

    def test_what_is_refused(self):
        ana, bo = self.members(["Ana", "Bo"])
        circle = self.open(ana)
        self.until(bo, lambda x: len(x["circles"]) == 1)
        for args, status in ((("--theme", ""), 1), (("--theme", "x" * 61), 1), (("--theme", "a\u202eb"), 1), (("zz",), 2), (("ffff",), 1), (("99",), 1),
                             ((circle, "hello"), 1), ((circle, "--say-yes", "River"), 1), ((circle, "--leave"), 1), (("--leave",), 2)):
            done = bo.run("circles", *args)
            self.assertEqual(done.status, status, repr(args) + done.out + done.err)
            self.plain(done.err)
        alone = ana.run("circles", circle, "is anybody there?")
        self.assertEqual(alone.status, 1)
        self.plain(alone.err, "Nobody else is in")
        for wish in (("--meet", "tomorrow"), ("--meet", "2020-01-01 15:00"), ("--meet", "2026-13-01 15:00"), ("--meet", "2026-12-02 25:00")):
            self.assertEqual(ana.run("circles", circle, *wish).status, 1, wish)
        # Acts that the program does not write: the board takes none of them.
        key = base64.b64encode(os.urandom(32)).decode()
        for kind, act in (("circle_ask", {"circle": circle, "box_pk": key, "line": ""}),
                          ("circle_ask", {"circle": "0" * 32, "box_pk": key, "line": "", "week": self.week()}),
                          ("circle_say", {"circle": circle, "about": key, "say": "yes"}),
                          ("circle_say", {"circle": circle, "about": key, "say": "maybe"}),
                          ("circle_stay", {"circle": circle, "box_pk": key, "week": self.week()}),
                          ("circle_leave", {"circle": circle}),
                          ("circle", {"box_pk": key, "line": "", "theme": "", "week": self.week()}),
                          ("circle", {"box_pk": key, "line": "", "theme": "x", "week": "2020-W01"})):
            self.assertEqual(self.peers[0].spend(*self.peers[0].act(kind=kind, act=act)).status, 400, (kind, act))

    def in_the_feed(self, who, circle):
        """A circle's meetings stand in the calendar feed of who lets them, without a word of what they are."""
        def feed():
            path = self.at("meetings.ics")
            who.good("rest", "feed", path)
            with open(path, encoding="utf-8") as file:
                return file.read()
        who.good("rest", "feed", "on")
        self.assertNotIn("BEGIN:VEVENT", feed())
        self.assertEqual(who.run("circles", circle, "--feed", "maybe").status, 2)
        who.good("circles", circle, "--feed", "on")
        shown = feed()
        self.assertEqual(re.findall(r"SUMMARY:(.*)", shown.replace("\r", "")), ["Away"] * 3)
        self.assertEqual(len(set(re.findall(r"UID:(.*)", shown))), 3)
        self.assertNotIn(circle, shown)
        who.good("circles", circle, "--feed", "off")
        self.assertNotIn("BEGIN:VEVENT", feed())

    def week(self):
        year, week, _ = time.strftime("%G %V %u", time.gmtime(self.clock.now())).split()
        return "%s-W%s" % (year, week)


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("circles"), "this program has no circles yet")
class OtherCircles(lying_lab.Lied):
    """A lab on paper, which can be made to lie."""

    def key(self):
        return base64.b64encode(os.urandom(32)).decode()

    def opened(self):
        lab = self.paper()
        week = "%s-W%s" % tuple(time.strftime("%G %V", time.gmtime(self.clock.now())).split())
        lab_id = self.other().post(kind="circle", act={"box_pk": self.key(), "line": "", "theme": THEME, "week": week})
        return lab, lab_id

    def test_other_circles_for_other_readers(self):
        """Whoever is shown another theme, or another key to write to, finds it: the item is not the one of the record."""
        lab, _ = self.opened()
        lab.batches[0]["items"][0]["act"]["theme"] = "nobody is here"
        self.found()

    def test_another_box_key_for_one_reader(self):
        lab, _ = self.opened()
        lab.batches[0]["items"][0]["act"]["box_pk"] = self.key()
        self.found()

    def test_who_never_was_in_it_acts_in_it(self):
        _, circle = self.opened()
        self.fine()
        self.assertEqual(len(self.one.good("circles", "--json").json()["circles"]), 1)
        self.other().post(kind="circle_say", act={"about": self.key(), "circle": circle, "say": "yes"})
        said = self.found("never was in it")
        self.assertIn(circle[:8], json.dumps(said))


if __name__ == "__main__":
    house.main()
