"""Deadlines and the calendar feed as a person meets them: a list is imported, venues are chosen, an edition is followed; it stands in
This week, also in a quiet one, and in the feed, which a calendar program fetches by its address alone."""
import datetime
import json
import os
import re
import unittest

import house

LIST = """
- title: NeurIPS
  year: 2027
  id: neurips27
  deadline: '2027-05-13 23:59:00'
  abstract_deadline: '2027-05-06 23:59'
  timezone: UTC-12
  place: 悉尼国际会议中心，以及一个很长很长的地名，好让这一行在日历文件里折成几行
  start: 2027-12-06
  end: 2026-12-12
  sub: ['ML', 'RO']
- title: ICML
  year: 2027
  id: icml27
  deadline: '2026-11-25 23:59:59'
  timezone: AoE
- title: 会议与期刊的一个很长的名字，用来看看日历文件在七十五个字节处折行时会不会切开一个汉字
  year: 2027
  deadline: '2027-01-28 23:59:59'
  timezone: Asia/Shanghai
- title: Old
  year: 2020
  id: old20
  deadline: '2020-01-28 23:59:59'
  timezone: UTC
- title: Far
  year: 2199
  deadline: '9998-01-28 23:59:59'
  timezone: Nowhere/At_all
- title: No date
- just a line
"""


def unfolded(text):
    """The lines of a calendar file; each as it came is at most 75 octets, whole characters, and ends with CRLF."""
    assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
    for line in text.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode("utf-8")
    return text.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def events(text):
    found, now = [], None
    for line in unfolded(text):
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            now = {}
        elif line == "END:VEVENT":
            found.append(now)
            now = None
        elif now is not None:
            now[name] = value
    return found


class Deadlines(house.Test):
    def setUp(self):
        super().setUp()
        self.list = self.at("list.yml")
        with open(self.list, "w") as f:
            f.write(LIST)

    def good(self, *args, **more):
        done = self.respite(*args, **more)
        self.assertEqual(done.status, 0, done.err)
        return done

    def deadlines(self, *args):
        return self.good("papers", "deadlines", "--json", *args).json()

    def test_from_a_list_to_this_week(self):
        self.assertIn("papers import", self.good("papers", "deadlines").out)
        self.good("papers", "import", self.list)
        all = self.deadlines()
        self.assertEqual((len(all["deadlines"]), all["over"], all["chosen"]), (5, 1, 0))
        self.assertIn("TMLR", [v["venue"] for v in all["any_time"]])
        found = self.deadlines("neurips")["deadlines"]
        self.assertEqual([d["kind"] for d in found], ["abstract", "paper"])
        self.assertEqual((found[1]["at"], found[1]["here"], found[1]["there"]),
                         ("2027-05-14T11:59:00Z", "2027-05-14T13:59:00", "2027-05-13T23:59:00"))
        day, n = datetime.date(2026, 11, 19), 0    # the day of every test: a plain count
        while day < datetime.date(2027, 5, 14):
            day += datetime.timedelta(1)
            n += day.weekday() < 5
        self.assertEqual(found[1]["working_days"], n)
        self.assertIsNone(found[1]["end"], "an end before the start is not said")
        self.good("papers", "deadlines", "--pin", "icml27")
        week = self.good("week", "--json").json()
        coming = [x["text"] for p in week["parts"] for x in p["lines"] if x.get("path") == "/deadlines"]
        self.assertEqual(len(coming), 1, coming)
        self.assertIn("ICML 2027", coming[0])
        self.assertIn("5 working days", coming[0])
        self.good("rest", "quiet", "2026-11-19..2026-11-22")
        self.assertIn("ICML 2027", self.good("week").out, "what is followed passes in a quiet week")
        self.good("papers", "deadlines", "--unpin", "icml27")
        self.assertNotIn("ICML", self.good("week").out)

    def test_what_cannot_be_named(self):
        self.good("papers", "import", self.list)
        for args, status, words in ((("--pin", "neurips28"), 1, "neurips27"), (("--pin", "old20"), 1, "over"), (("--pin",), 2, "id"),
                                    (("NeuroIPS",), 1, "NeurIPS"), (("--unpin", "icml27"), 1, "not pinned"),
                                    (("--remove", "ICML"), 1, "ICML"), (("--pin", "--unpin", "icml27"), 2, "id")):
            done = self.respite("papers", "deadlines", *args)
            self.assertEqual(done.status, status, args)
            self.plain(done.err, words)
        self.assertEqual(self.deadlines()["chosen"], 0)
        far = [d for d in self.deadlines()["deadlines"] if d["venue"].startswith("Far")][0]
        self.assertFalse(far["zone_known"])

    def test_the_page_without_script(self):
        self.good("papers", "import", self.list)
        browser = self.node(self.two_weeks()).browser()
        browser.picture()
        page = browser.get("/deadlines").page()
        choose = next(f for f in page.forms if ("venue", "ICML") in f["fields"] or any(n == "venue" for n, _ in f["fields"]))
        self.assertEqual(choose["action"], "/deadlines")
        token = [(n, v) for n, v in choose["fields"] if n not in ("venue", "entry", "year", "do")]
        a = browser.post("/deadlines", token + [("do", "choose"), ("venue", "ICML"), ("venue", "gone since")], follow=False)
        self.assertEqual((a.status, a.header("Location")), (303, "/deadlines"))
        self.assertNotIn("NeurIPS 2027", browser.get("/deadlines").page().text)
        pin = token + [("do", "pin"), ("venue", "ICML"), ("year", "2027"), ("entry", "icml27")]
        self.assertEqual(browser.post("/deadlines", pin, follow=False).status, 303)
        self.assertIn("ICML 2027", browser.get("/?open=1").text)
        for bad in ([("do", "pin"), ("venue", "X"), ("year", "2027"), ("entry", "")], [("do", "pin"), ("year", "x")]):
            self.assertEqual(browser.post("/deadlines", token + bad, follow=False).status, 404)
        self.assertEqual(browser.post("/deadlines", token + [("do", "other")], follow=False).status, 400)

    def test_the_feed(self):
        self.good("papers", "import", self.list)
        self.good("papers", "deadlines", "--pin", "neurips27", "会议与期刊的一个很长的名字，用来看看日历文件在七十五个字节处折行时会不会切开一个汉字 2027")
        self.good("rest", "quiet", "2026-12-21..2026-12-27")
        node = self.node()
        off = node.ask("GET", "/feed/" + "0" * 32 + ".ics")
        self.assertEqual(off.status, 404)
        on = self.good("rest", "feed", "on", "--json").json()
        self.assertRegex(on["address"], r"^http://127\.0\.0\.1:%d/feed/[0-9a-f]{32}\.ics$" % node.port)
        path = on["address"].split(str(node.port))[1]
        self.assertEqual(self.good("rest", "feed", "on", "--json").json()["address"], on["address"])
        a = node.ask("GET", path)       # no cookie: a calendar program has none
        self.assertEqual((a.status, a.header("Content-Type")), (200, "text/calendar; charset=utf-8"))
        self.assertIn("REFRESH-INTERVAL;VALUE=DURATION:PT12H", unfolded(a.body))
        found = events(a.body)
        self.assertEqual(len(found), 4)
        away = [e for e in found if e["SUMMARY"] == "Away"]
        self.assertEqual([(e["DTSTART;VALUE=DATE"], e["DTEND;VALUE=DATE"]) for e in away], [("20261221", "20261228")])
        self.assertEqual({e["CLASS"] for e in found}, {"PRIVATE"})
        paper = [e for e in found if e["SUMMARY"] == "NeurIPS 2027\\, paper"][0]
        self.assertEqual((paper["DTSTART"], paper["SEQUENCE"]), ("20270514T115900Z", "0"))
        self.assertNotIn("quiet", a.text.lower().replace("uid:quiet", ""))
        # Wrong ones look like one that was never on, and open nothing else.
        wrong = path[:-5] + ("0" if path[-5] != "0" else "1") + ".ics"
        for other in (wrong, path[:-4], path + "x", "/feed/", "/feed/" + "0" * 32 + ".ics"):
            b = node.ask("GET", other)
            self.assertEqual((b.status, b.body, sorted(n for n, _ in b.pairs)),
                             (404, off.body, sorted(n for n, _ in off.pairs)), other)
        self.assertEqual(node.ask("GET", "/deadlines").status, 403)
        self.assertEqual(node.ask("GET", path.upper()).status, 403)
        self.assertEqual(node.ask("POST", path, body=b"").status, 403)
        # A newer list moves a date: the same event, a higher SEQUENCE.
        with open(self.list, "w") as f:
            f.write(LIST.replace("2027-05-13 23:59:00", "2027-05-20 23:59:00"))
        self.good("papers", "import", self.list)
        self.good("rest", "feed")
        moved = [e for e in events(node.ask("GET", path).body) if e["UID"] == paper["UID"]][0]
        self.assertEqual((moved["DTSTART"], moved["SEQUENCE"]), ("20270521T115900Z", "1"))
        self.assertGreaterEqual(moved["LAST-MODIFIED"], paper["LAST-MODIFIED"])
        # Another address, a file, off.
        new = self.good("rest", "feed", "new", "--json").json()["address"].split(str(node.port))[1]
        self.assertEqual((node.ask("GET", path).status, node.ask("GET", new).status), (404, 200))
        file = self.at("away.ics")
        self.good("rest", "feed", file)
        self.assertEqual(open(file, "rb").read(), node.ask("GET", new).body)
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        bad = self.respite("rest", "feed", "/proc/away.ics")
        self.assertEqual(bad.status, 1)
        self.plain(bad.err)
        self.assertEqual(self.respite("rest", "feed", "maybe").status, 2)
        self.assertFalse(self.good("rest", "feed", "off", "--json").json()["on"])
        self.assertEqual(node.ask("GET", new).status, 404)
        # The page has the same switch.
        browser = node.browser()
        form = next(f for f in browser.get("/settings").page().forms if f["action"] == "/settings/feed")
        fields = [(n, v) for n, v in form["fields"] if n != "do"]
        self.assertEqual(browser.post("/settings/feed", fields + [("do", "on")], follow=False).status, 303)
        there = re.search(r'href="(/feed/[0-9a-f]{32}\.ics)"', browser.get("/settings").text).group(1)
        self.assertEqual(len(events(node.ask("GET", there).body)), 4)
        self.assertNotIn(there[6:38], json.dumps(self.exported()), "an export holds no address")

    def exported(self):
        where = self.at("export")
        self.good("export", where)
        return [open(os.path.join(where, f), errors="replace").read() for f in os.listdir(where)]


if __name__ == "__main__":
    house.main()
