"""A week in a lab, as it may be lived: ten members of a trial, three of whom say something, a listener, a counsellor and a moderator, each the
real program with data of their own. A post, "me too", an answer, a letter and its answer, a flag, a post that is hidden and shown again, a
time with the counsellor, a circle. Then somebody takes away all that the lab keeps, every table and every file of both its roles, and looks
for anything that leads from a member to what was said; and everybody's `verify` has to notice a lab that begins to lie."""
import base64
import binascii
import json
import os
import re
import shutil
import sqlite3
import time
import unittest

import house
import lab_house
import peer_crypto as pc

SAID = "I have not told anyone that I am thinking of stopping."
ANSWERED = "You are not the only one who thinks about it."
RUDE = "Everybody knows that it is Hannes who wrote this."
ASKED = "Could I talk about leaving?"
HEARD = "Yes. Take the time you need."
WISHED = "It is about my visa."
THEME = "first paper rejected"
TOLD = "I have not told my supervisor yet."
REASON = "it named a person"
SILENT = ["Chen", "Dara", "Elif", "Femi", "Gita", "Hugo", "Iris"]


PLAIN = re.compile(rb"[a-z_/ -]{0,24}|[0-9]{1,9}|20[0-9]{2}-(W?[0-9]{2})(-[0-9]{2})?|.{0,3}", re.S)


# What is in a cell -------------------------------------------------------------------------------------------------------------
def texts_of(value):
    """Every string and number in a JSON value, and keys that are no plain words."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    else:
        yield value


def forms_of(text):
    """A text, and the bytes it stands for when it is hex or base64."""
    yield text.encode()
    if re.fullmatch(r"([0-9a-f]{2}){8,}", text):
        yield bytes.fromhex(text)
    elif re.fullmatch(r"[A-Za-z0-9+/_-]{16,}={0,2}", text):
        try:
            yield base64.urlsafe_b64decode(text.rstrip("=").replace("+", "-").replace("/", "_") + "=" * (-len(text.rstrip("=")) % 4))
        except binascii.Error:
            pass


def marks_of(cell):
    """What of a cell could be found again elsewhere and would mean the same there: texts, byte strings, pieces of lists. Plain words
    ("hide", "board"), weeks and days are shared by everybody; numbers are looked at for themselves (no_time)."""
    found = set()
    waiting = [cell]
    while waiting:
        value = waiting.pop()
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, (int, float)):
            continue
        raw = value if isinstance(value, bytes) else value.encode()
        if raw in found or PLAIN.fullmatch(raw):
            continue
        found.add(raw)
        if raw[:1] in b"{[":
            try:
                waiting += list(texts_of(json.loads(raw)))
                continue
            except ValueError:
                pass
        if isinstance(value, bytes):
            for size in (16, 32):
                if len(raw) > size and len(raw) % size == 0:
                    waiting += [raw[i:i + size] for i in range(0, len(raw), size)]
            if len(raw) == 16580:
                waiting += [raw[4 + 259 * i + 3:4 + 259 * (i + 1)] for i in range(64)]
            if len(raw) == 354:
                waiting += [raw[2:34], raw[34:66], raw[66:98]]
        else:
            waiting += [form for form in forms_of(value) if form != raw]
            waiting += re.split(r"[\s,+]+", value) if re.search(r"[\s,+]", value) else []
            if len(raw) == 472:
                waiting.append(pc.unb64u(value.rstrip("=")))
    return found


def numbers_of(cell):
    """Every number in a cell, those inside JSON too."""
    if isinstance(cell, (int, float)):
        return [int(cell)]
    raw = cell if isinstance(cell, bytes) else str(cell).encode()
    try:
        return [int(n) for n in texts_of(json.loads(raw)) if isinstance(n, (int, float))] if raw[:1] in b"{[" else []
    except ValueError:
        return []


class Dump:
    """All that a lab keeps: {table: (columns, rows)} and the bytes of its files."""

    def __init__(self, folder):
        self.files = {}
        for d, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(d, name), "rb") as f:
                    self.files[os.path.relpath(os.path.join(d, name), folder)] = f.read()
        self.path = os.path.join(folder, "lab", "lab.db")
        db = sqlite3.connect("file:%s?mode=ro" % self.path, uri=True)
        self.sql = dict(db.execute("select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%'"))
        self.tables = {}
        for name in self.sql:
            columns = [c[1] for c in db.execute("pragma table_info(%s)" % name)]
            self.tables[name] = (columns, db.execute("select * from %s" % name).fetchall())
        db.close()
        self.rows = [(name, i, set().union(*map(marks_of, row))) for name, (_, rows) in self.tables.items() for i, row in enumerate(rows)]

    def cells(self):
        for table, (columns, rows) in self.tables.items():
            for row in rows:
                for column, cell in zip(columns, row):
                    yield table, column, cell

    def reach(self, people):
        """From what is known of each person ({name: marks}), go on through every row that shares a mark with them, and through the rows
        that share one with those, and so on; but not through what all of them share, which tells nobody from anybody. Returns
        {(table, row): names}, the rows that lead to some and not to all."""
        holds = {}
        for at, (_, _, marks) in enumerate(self.rows):
            for mark in marks:
                holds.setdefault(mark, set()).add(at)
        known = {who: set(marks) for who, marks in people.items()}
        everybody = set(people)
        by_mark, by_row = {}, {}
        waiting = [(who, mark) for who, marks in known.items() for mark in marks]
        for who, mark in waiting:
            by_mark.setdefault(mark, set()).add(who)
        while True:
            for mark, whose in list(by_mark.items()):
                if whose != everybody:
                    for at in holds.get(mark, ()):
                        by_row.setdefault(at, set()).update(whose)
            grown = False
            for at, whose in by_row.items():
                if whose == everybody:
                    continue
                for mark in self.rows[at][2]:
                    before = by_mark.setdefault(mark, set())
                    if not whose <= before:
                        before |= whose
                        grown = True
            if not grown:
                return {self.rows[at][:2]: whose for at, whose in by_row.items() if whose != everybody}


# The story ---------------------------------------------------------------------------------------------------------------------
@unittest.skipUnless(lab_house.has_lab() and all(map(lab_house.has, ("moderate", "letters", "counsel", "circles"))), "this program has no whole room to speak in yet")
class Story(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    # The cast.
    def start(self):
        self.wire = self.listener(None)
        self.of = self.lab(front=self.wire.url, args=("--by", "Mara Lind", "--zone", "UTC"))
        self.wire.to = self.of.serve().url
        self.names = ["Wei Zhang", "Ana Ruiz", "Jo Amsel", *SILENT, "Lin Moreau", "Samuel Okoro"]
        self.people = {}
        for name, url in zip(self.names, self.of.invite(self.names)):
            self.people[name] = self.member(name)
            self.people[name].join(url)
        self.wei, self.ana, self.jo = (self.people[n] for n in self.names[:3])
        self.lin, self.okoro = (self.people[n] for n in self.names[-2:])
        self.hale = self.member("Ruth Hale")        # a counsellor from outside, who is in no lab
        self.of.until(lambda log: any(e["holders"] == len(self.names) for _, e in log.all("open")))

    def lab_takes(self, kind, line):
        done = self.of.run("lab", kind, line, "--yes")
        self.assertEqual(done.status, 0, done.err)

    def offices(self):
        """A moderator, somebody who vouches, a listener: keys made on their own computers, under the names that they choose for all to
        read. Those are not the names under which they were invited, which the search below looks for."""
        self.lab_takes("moderator", self.okoro.good("moderate", "--key", "S. O.", "--json").json()["line"])
        self.lab_takes("voucher", self.okoro.good("listen", "--voucher", "The students' union", "--json").json()["line"])
        self.okoro.good("letters", "--look")
        asked = self.lin.good("listen", "--ask", "Lin", "--json").json()["line"]
        self.lab_takes("listener", self.okoro.good("listen", "--vouch", asked, "--json").json()["line"])
        self.lin.good("listen", "--open", "--languages", "en,zh", "--topics", "leaving")

    def one_thread(self, member, posts):
        return self.comes(member.board, lambda b: len(b) == 1 and len(b[0]["posts"]) == posts)[0]

    def on_the_board(self):
        self.wei.post(SAID)
        thread = self.one_thread(self.ana, 1)
        self.thread = thread["id"]
        self.ana.good("post", "--now", "--metoo", self.thread)
        self.ana.post(ANSWERED, "--reply", self.thread)
        self.one_thread(self.jo, 2)
        self.jo.post(RUDE, "--reply", self.thread)
        thread = self.one_thread(self.wei, 3)
        self.assertEqual(thread["posts"][0]["metoo"], 1, thread)
        self.assertEqual(len({p["name"] for p in thread["posts"]}), 3, "three made-up names")
        self.rude = next(p["id"] for p in thread["posts"] if p["text"] == RUDE)

    def rude_now(self, member):
        return next(p for p in member.board()[0]["posts"] if p["id"] == self.rude)

    def moderated(self):
        self.wei.good("flag", "--now", self.rude, "name", "It points at somebody.")
        self.comes(lambda: self.okoro.good("moderate", "--json").json(), lambda d: d["flagged"])
        self.okoro.good("moderate", "hide", self.rude, REASON)
        hidden = self.comes(lambda: self.rude_now(self.ana), lambda p: p.get("hidden"))
        self.assertEqual((hidden["text"], hidden["reason"]), (RUDE, REASON), "behind its reason, and readable")
        self.ana.good("appeal", "--now", self.rude, "There is no Hannes here.")
        self.comes(lambda: self.okoro.good("moderate", "--json").json(), lambda d: d["appeals"])
        self.okoro.good("moderate", "show", self.rude, "there is no Hannes here")
        self.comes(lambda: self.rude_now(self.wei), lambda p: not p.get("hidden"))

    def letters(self):
        look = lambda who, *args: (lambda: who.good("letters", *args, "--json").json())
        self.comes(look(self.wei, "--look"), lambda x: x["listeners"])
        mine = self.wei.good("letters", "--to", "Lin", "--now", ASKED, "--json").json()["id"]
        talk = self.comes(look(self.lin, "--look"), lambda x: x["conversations"])["conversations"][0]["id"]
        self.lin.good("letters", str(talk), "--now", HEARD)
        self.comes(look(self.wei, "--look"), lambda x: x["conversations"])
        self.comes(lambda: (self.wei.good("letters", "--look"), self.wei.good("letters", str(mine), "--json").json())[1],
                   lambda x: [k["text"] for k in x["letters"]] == [ASKED, HEARD])

    def counselled(self):
        """A time on a day ahead, taken without a name; the counsellor reads the words and a made-up one."""
        made = self.hale.good("counsel", "--key", "R. Hale", "--at", self.of.url, "--employer", "the students' union", "--where", "counsel.example",
                              "--json").json()
        self.lab_takes("counsellor", made["line"])
        when = time.strftime("%Y-%m-%dT14:00", time.localtime(self.clock.now() + 2 * house.DAY))
        self.hale.good("counsel", "--open", "--by", "room 2.14", when, "--json")
        self.comes(lambda: self.jo.good("counsellors", "--look", "--json").json(), lambda f: f["open"] == 1)
        self.assertEqual(self.jo.good("counsellors", "1", WISHED, "--json").json()["state"], "yours")
        came = self.comes(lambda: self.hale.good("counsel", "--look", "--json").json()["times"], lambda f: f[0]["taken"])[0]
        self.assertEqual(came["words"], WISHED)
        self.assertNotIn("Jo", came["name"])

    def circled(self):
        """Three find each other by a theme; one writes to the others at once."""
        see = lambda who, *args: (lambda: who.good("circles", "--look", *args, "--json").json())
        self.ana.good("circles", "--theme", THEME, "For whoever got one back.")
        circle = self.comes(see(self.ana), lambda f: any(c["place"] == "in" for c in f["circles"]))["circles"][0]["id"]
        inside = [self.ana]
        for newcomer in (self.jo, self.wei):
            self.comes(see(newcomer), lambda f: any(c["id"] == circle for c in f["circles"]))
            newcomer.good("circles", circle, "--join", "")
            name = self.comes(see(newcomer, circle), lambda f: f["place"] == "asked")["asks"][-1]["name"]
            for one in inside:
                self.comes(see(one, circle), lambda f: any(a["name"] == name for a in f["asks"]))
                one.good("circles", circle, "--say-yes", name)
            self.comes(see(newcomer, circle), lambda f: f["place"] == "in")
            inside.append(newcomer)
        self.comes(see(self.wei, circle), lambda f: f["members"] == 3)
        self.assertEqual(self.wei.good("circles", circle, "--now", TOLD, "--json").json()["letters"], 2)
        for one in (self.ana, self.jo):
            self.comes(see(one, circle), lambda f: any(y["text"] == TOLD for y in f["letters"]))

    def live(self):
        self.start()
        self.offices()
        self.on_the_board()
        self.moderated()
        self.letters()
        self.counselled()
        self.circled()

    def sound(self, *who):
        for one in who:
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), (one.name, found))

    def test_lived_searched_and_lied_about(self):
        self.live()
        for one in self.people.values():
            one.good("board")
        self.sound(*self.people.values())
        self.searched()
        self.lied_about()

    # The search.
    def searched(self):
        self.of.processes[0].stop()
        said = self.of.processes[0]
        folder = self.at("taken")
        shutil.copytree(self.of.data, folder)
        dump = Dump(folder)
        self.no_road(dump)
        self.no_order(dump)
        self.no_time(dump)
        self.no_address(dump)
        self.no_word(dump)
        self.a_road_would_be_found(folder)
        said.start()

    def known_of(self, dump):
        """What the issuer's tables know of each member."""
        columns, rows = dump.tables["member"]
        at = {c: i for i, c in enumerate(columns)}
        people = {}
        for row in rows:
            marks = {row[at["name"]].encode(), row[at["member"]].encode(), row[at["tag"]], row[at["secret"]], row[at["witness"]].encode()}
            marks |= {m for c in ("member", "tag", "secret", "witness") for m in marks_of(row[at[c]])}
            people[row[at["name"]]] = marks
        self.assertEqual(sorted(people), sorted(self.names))
        return people

    def acts_in(self, dump):
        """The rows that hold an act or a part of one: what the computers of the members know they sent."""
        sent = set()
        for one in self.people.values():
            db = sqlite3.connect("file:%s?mode=ro" % os.path.join(one.data, "respite.db"), uri=True)
            sent |= {part for row in db.execute("select item, leaf, salt from outbox where item is not null") for part in row}
            db.close()
        for (raw,) in ((row[-1],) for row in dump.tables["batch"][1]):
            for item in json.loads(raw)["items"]:
                sent |= {pc.unb64(item[part]) for part in ("pass", "salt", "pk", "sig") if part in item}
        columns, rows = dump.tables["spent"]
        sent |= {row[columns.index(part)] for row in rows for part in ("nonce", "c")}
        self.assertGreaterEqual(len(rows), 17)
        found = [(table, i) for table, i, marks in dump.rows if marks & sent]
        self.assertGreater(len({t for t, _ in found}), 3, "an act leaves more than one trace")
        return sent, found

    def no_road(self, dump):
        people = self.known_of(dump)
        sent, acts = self.acts_in(dump)
        reached = dump.reach(people)
        for at in acts:
            self.assertIsNone(reached.get(at), "a row with an act, %s, leads to somebody" % (at,))
        # No identity is a part of a cell either, where an act is.
        tables = {table for table, _ in acts}
        for table, column, cell in dump.cells():
            if table in tables and table not in ("log_entry",):
                raw = cell if isinstance(cell, bytes) else str(cell).encode()
                for who, marks in people.items():
                    for mark in marks:
                        self.assertNotIn(mark, raw, "%s.%s holds something of %s" % (table, column, who))
        self.act_tables = tables

    def no_order(self, dump):
        """Rows with acts stand in the order of their keys, and a batch in that of its items' hashes."""
        for table in self.act_tables:
            if table.startswith("log_"):
                continue
            self.assertRegex(dump.sql[table].lower(), r"without\s+rowid", table)
        db = sqlite3.connect("file:%s?mode=ro" % dump.path, uri=True)
        for (raw,) in db.execute("select bytes from batch"):
            ids = [pc.act_leaf(pc.canonical(item))[2] for item in json.loads(raw)["items"] if "act" in item]
            self.assertEqual(ids, sorted(ids))
        db.close()

    def no_time(self, dump):
        """No moment finer than a day but the lab's own: when it signed, published, was started."""
        now = self.clock.now()
        near = lambda n: any(abs(n - now * unit) < 3 * house.HOUR * unit for unit in (1, 1000, 1000000))
        found = set()
        for table, column, cell in dump.cells():
            numbers = [n for n in numbers_of(cell)]
            for text in (m for m in marks_of(cell) if len(m) < 300):
                numbers += [int(n) for n in re.findall(rb"(?<![0-9])[0-9]{10,16}(?![0-9])", text)]
                if re.search(rb"[0-9]{2}:[0-9]{2}:[0-9]{2}", text):
                    found.add((table, column, "clock"))
                for unit, sure in ((1, 6), (1000, 5), (1000000, 4)):
                    for hit in re.finditer(re.escape((now * unit).to_bytes(8, "big")[:sure]), text):
                        numbers.append(int.from_bytes(text[hit.start():hit.start() + 8], "big"))
            if any(near(n) for n in numbers):
                found.add((table, column))
        self.assertEqual(found - self.lab_times(), set(), "a moment stands beside something of a member")

    def lab_times(self):
        return {("log_entry", "entry"), ("job", "lease_until"), ("job", "period"), ("rotated", "slot"), ("series", "slot"), ("setting", "value"),
                ("clock_seen", "wall")}

    def no_address(self, dump):
        own = {self.wire.port, self.of.processes[0].port}
        for name, raw in dump.files.items():
            for port in re.findall(rb"(?:127\.0\.0\.1|localhost|::1\]?):([0-9]+)", raw):
                self.assertIn(int(port), own, "an address in " + name)
            self.assertNotRegex(raw.replace(b"127.0.0.1:%d" % self.wire.port, b""), rb"(?<![0-9.])127\.0\.0\.1(?![0-9.:])")

    def no_word(self, dump):
        """What was written in letters, to the moderators' eyes once decided, or on a computer alone, is in no file of the lab."""
        for name, raw in dump.files.items():
            for word in (ASKED, HEARD, "Take the time", WISHED, TOLD, "It points at somebody."):
                self.assertNotIn(word.encode(), raw, name)
        posts = [raw for name, raw in dump.files.items() if name.endswith("lab.db")]
        self.assertIn(SAID.encode(), posts[0], "what is public stands there")

    def a_road_would_be_found(self, folder):
        """The search can find: one row more, in a table nobody looks at, that joins a pass to whoever was given it; and the same two
        steps apart."""
        db = sqlite3.connect(os.path.join(folder, "lab", "lab.db"))
        who = db.execute("select secret from member where name = 'Wei Zhang'").fetchone()[0]
        nonce = db.execute("select nonce from spent").fetchone()[0]
        for rows in ([(who.hex(), base64.b64encode(nonce).decode())], [(who.hex(), "between-1"), ("between-1", nonce.hex())]):
            db.execute("create table leak(a text, b text)")
            db.executemany("insert into leak values (?, ?)", rows)
            db.commit()
            with self.assertRaises(AssertionError):
                self.no_road(Dump(folder))
            db.execute("drop table leak")
            db.commit()
        for cell in (self.clock.now() - 100, "at %d" % self.clock.now(), (self.clock.now() * 1000).to_bytes(8, "big"), "12:30:05"):
            db.execute("create table leak(day)")
            db.execute("insert into leak values (?)", (cell,))
            db.commit()
            with self.assertRaises(AssertionError, msg=repr(cell)):
                self.no_time(Dump(folder))
            db.execute("drop table leak")
            db.commit()
        db.close()

    # The lies.
    def lie(self, who, tell, path):
        """`who` fetches through a lab that lies; verify says so in one plain sentence, and exits 1."""
        self.wire.rules = []
        self.wire.rule(tell, path)
        who.run("board")
        self.wire.rules = []
        self.noticed(who)

    def noticed(self, who):
        status, found = who.verify()
        self.assertEqual((status, found["ok"]), (1, False), (who.name, found))
        self.assertTrue(found["findings"])
        done = who.run("verify")
        self.assertEqual(done.status, 1)
        self.plain(done.out or done.err)

    @staticmethod
    def batch(change):
        """An answer with a batch in it, altered."""
        def tell(back):
            head, _, body = back.partition(b"\r\n\r\n")
            try:
                batch = json.loads(body)
            except ValueError:
                return back
            change(batch)
            body = pc.canonical(batch)
            head = re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head)
            return head + b"\r\n\r\n" + body
        return tell

    def lied_about(self):
        fork = self.at("second")
        self.of.processes[0].stop()
        shutil.copytree(self.of.data, fork)
        second = lab_house.Process(self.of, house.free_port(), ["--batch", "1"], fork, None, {})
        self.of.processes[0].start()
        silent = [self.people[n] for n in SILENT]
        chen, dara, elif_, femi, gita, _, _ = silent
        before = self.of.log()
        # Something new, which nobody here has fetched.
        self.wei.good("post", "--now", "It is written down.")
        self.of.until(lambda log: len(log.entries) > len(before.entries) + 1)

        def remove(batch):
            batch["items"] = []

        def change(batch):
            for item in batch["items"]:
                item["act"]["text"] = "It is not so bad."
        # 1: one's own post is left out. 2: the words of a post are other words.
        self.lie(self.wei, self.batch(remove), "^/v1/batches/board/[0-9]")
        self.lie(chen, self.batch(change), "^/v1/batches/board/[0-9]")
        # 3: the record is signed with another key. 4: two entries change places, then one is missing.
        self.lie(dara, self.resigned, "^/log/checkpoint")
        self.lie(elif_, self.entries(lambda all_: [*all_[:-2], all_[-1], all_[-2]]), "^/log/tile/entries/")
        self.lie(femi, self.entries(lambda all_: all_[:-1]), "^/log/tile/entries/")
        # 5: a second history, signed with the lab's own keys, shown to who has seen the first.
        gita.good("board")
        self.sound(gita)
        second.start()
        self.keep(self.closing(second))
        self.wire.to = second.url
        self.jo_posts_on_the_second(before)
        gita.run("board")
        self.wire.to = self.of.processes[0].url
        self.noticed(gita)
        # Whoever was told the truth finds nothing.
        self.ana.good("board")
        self.sound(self.ana, self.okoro)

    @staticmethod
    def closing(process):
        class Closing:
            def close(self):
                process.stop()
        return Closing()

    def jo_posts_on_the_second(self, before):
        self.jo.good("post", "--now", "It is written down elsewhere.")
        self.comes(lambda: len(self.jo.board()), lambda n: n == 2)
        self.sound(self.jo)        # alone it fits: that is why records are compared

    def resigned(self, back):
        head, _, body = back.partition(b"\r\n\r\n")
        text = body.split(b"\n\n")[0] + b"\n"
        body = text + b"\n" + pc.note_line(text.split(b"\n")[0].decode(), pc.SignKey(), text.decode()).encode()
        return re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body

    @staticmethod
    def entries(change):
        def tell(back):
            head, _, body = back.partition(b"\r\n\r\n")
            body = b"".join(len(e).to_bytes(2, "big") + e for e in change(pc.entries_of(body)))
            return re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body
        return tell


if __name__ == "__main__":
    house.main()
