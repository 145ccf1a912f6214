"""Help now as somebody finds it on the worst day: with the lab gone and the network cut, with an old list, in a lab that has a line of its
own, with numbers of one's own. It stands in every page's frame, writes nothing, asks nobody, and is in no list of what was sent."""
import datetime
import json
import os
import re
import sqlite3
import time
import unittest

import house
import lab_house

CRISIS = json.load(open(os.path.join(house.ROOT, "data", "crisis.json")))


class Alone(house.Test):
    """Without any lab."""

    def at_day(self, days):
        """The page as it is so many days after the list was made."""
        made = datetime.datetime.fromisoformat(CRISIS["made"] + "T12:00:00+00:00").timestamp()
        node = self.node(env={"RESPITE_CLOCK": str(int(made) + days * house.DAY)}, args=["--lang", "en"])
        browser = node.browser()
        answer = browser.press(browser.get("/help").page(), "^Show$", region="GB")
        node.stop()
        return answer.page().text

    def test_an_old_list_is_shown_with_its_age(self):
        self.assertEqual(CRISIS["max_age_days"], 183)
        for days, old in ((0, False), (183, False), (184, True), (2000, True)):
            text = self.at_day(days)
            self.assertEqual("may be out of date" in text, old, days)
            self.assertIn("116 123", text, "it is shown all the same")
            self.assertIn("Checked on", text)

    def test_the_way_to_it_stands_first_in_every_page(self):
        self.two_weeks()
        browser = self.node().browser()
        browser.picture()
        pages = {p: a for p, a in browser.walk().items() if a.header("Content-Type").startswith("text/html")}
        for path in ("/nothing-here", "/board", "/write", "/letters", "/lab", "/settings", "/rest/setup"):
            pages[path] = browser.get(path)
        pages["a form that is not ours"] = browser.post("/help/own", [("number", "1")], follow=False)
        self.assertGreater(len(pages), 10)
        for path, answer in pages.items():
            links = re.findall(r'<a [^>]*href="([^"]*)"', answer.text)
            self.assertEqual(links[:2], ["#page", "/help"], path)

    def now(self, *args, status=0, **more):
        done = self.respite("helpnow", *args, **more)
        self.assertEqual(done.status, status, done.out + done.err)
        return done

    def test_in_a_terminal(self):
        """The same lines, without a database, with what was chosen on the page, and with a database that cannot be read; nothing is
        written."""
        path = os.path.join(self.data, "respite.db")
        said = self.now().out
        self.assertIn("You do not have to be sure it is serious.", said)
        self.assertIn("GB United Kingdom", " ".join(said.split()))
        self.assertTrue(said.endswith("That is all.\n"))
        for named in ("GB", "gb", "United Kingdom", "united kingdom"):
            found = self.now(named, "--json").json()
            self.assertEqual((found["region"], found["lines"][0]["numbers"]), ("GB", ["116 123"]), named)
        self.assertIn("116 123", self.now("GB").out)
        self.assertIn("12356", self.now("CN", "--lang", "zh").out)
        self.plain(self.now("XX", status=2).err, "not in the list")
        self.now("GB", "US", status=2)
        for cc in {line["cc"] for line in CRISIS["lines"] if not line["weak"]}:
            self.assertTrue(self.now(cc, "--json").json()["lines"], cc)
        self.assertFalse(os.path.exists(path), "nothing is written")
        browser = self.node(args=["--lang", "en"]).browser()
        browser.press(browser.get("/help").page(), "^Show$", region="DE")
        browser.press(browser.get("/help").page(), "^Keep it$", name="Ana", number="+49 30 123")
        self.nodes[-1].stop()
        before = house.sha_dump(path)
        found = self.now("--json").json()
        self.assertEqual((found["region"], found["own"]), ("DE", [{"name": "Ana", "number": "+49 30 123"}]))
        self.assertIn("Ana  +49 30 123", self.now().out)
        self.assertEqual(house.sha_dump(path), before)
        with open(path, "r+b") as f:
            f.write(b"nothing that is a database" * 40)
        self.assertIn("116 123", self.now("GB").out)

    def test_own_numbers_stay_on_this_computer(self):
        browser = self.node(args=["--lang", "en"]).browser()
        for name, number in (("Lin", "+49 151 0000"), ("", "ext. 4411"), ("<b>Dr. A & B</b>", "\"555\" <script>")):
            answer = browser.press(browser.get("/help").page(), "^Keep it$", name=name, number=number)
            self.assertEqual(answer.status, 200, answer.text[:500])
            self.assertIn(number, answer.page().text)
        self.assertNotIn("<script>", answer.text)
        self.assertNotIn("<b>Dr", answer.text)
        for name, number in (("Lin", ""), ("Lin", "   "), ("Lin", "1" * 5000), ("a\u202eb", "1"), ("Lin", "\x001")):
            answer = browser.press(browser.get("/help").page(), "^Keep it$", name=name, number=number)
            self.assertEqual(answer.status, 400, repr((name, number[:9])))
            self.assertRegex(answer.page().text, r"This did not work .*\.")
        self.assertIn("116 123", browser.press(browser.get("/help").page(), "^Show$", region="GB").text, "beside, never instead")
        first = browser.get("/help").page()
        answer = browser.press(first, "^Remove$")
        self.assertNotIn("+49 151 0000", answer.text)
        self.assertIn("ext. 4411", answer.text)
        self.nodes[-1].stop()
        again = self.node(args=["--lang", "en"]).browser()
        self.assertIn("ext. 4411", again.get("/help").text, "it is there after a restart")
        copy = self.at("copy")
        self.assertEqual(self.respite("backup", copy).status, 0)
        with open(copy, "rb") as f:
            self.assertIn(b"ext. 4411", f.read(), "and in a backup, which the person makes")

    def test_a_damaged_database_does_not_hide_it(self):
        node = self.node(args=["--lang", "en"])
        browser = node.browser()
        browser.press(browser.get("/help").page(), "^Show$", region="GB")
        path = os.path.join(self.data, "respite.db")
        db = sqlite3.connect(path)
        for table in ("help_own", "setting"):
            if db.execute("select count(*) from sqlite_master where name = ?", (table,)).fetchone()[0]:
                db.execute("alter table %s rename to %s_lost" % (table, table))
        db.commit()
        db.close()
        answer = browser.get("/help")
        self.assertEqual(answer.status, 200)
        self.assertIn("your local emergency number", answer.page().text)
        with open(path, "r+b") as f:
            f.write(b"not a database any more" * 4000)
        answer = browser.get("/help")
        self.assertEqual(answer.status, 200)
        self.assertIn("your local emergency number", answer.page().text)


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("lab", "line"), "labs of this program add no lines")
class InLab(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def start(self):
        self.wire = self.listener(None)
        self.of = self.lab(front=self.wire.url, args=("--by", "Mara Lind"))
        self.wire.to = self.of.serve().url
        self.wei = self.member("Wei")
        self.wei.join(self.of.invite(["Wei"])[0])

    def line(self, *args, status=0):
        done = self.of.run("lab", "line", *args)
        self.assertEqual(done.status, status, repr(args) + done.out + done.err)
        if status:
            self.plain(done.err)
        return done

    def open(self, lang="en"):
        node = self.node(data=self.wei.data, env={**self.wei.env, "RESPITE_CLOCK": str(self.clock.now())}, args=["--lang", lang])
        return node, node.browser(lang)

    def test_a_lab_adds_a_line_beside_and_never_instead(self):
        self.start()
        self.assertEqual(self.line("--json").json(), {"lines": []})
        self.line("Counselling service", "+49 30 1234567", "--hours", "Monday to Friday, 9:00 to 16:00", "--yes")
        self.line("Night line", "116 117", "text 85258", "--yes")
        self.assertEqual([(x["name"], x["numbers"]) for x in self.line("--json").json()["lines"]],
                         [("Counselling service", ["+49 30 1234567"]), ("Night line", ["116 117", "text 85258"])])
        self.assertIn("Night line", self.line().out)
        self.wei.board()
        node, browser = self.open()
        text = browser.get("/help").page().text
        self.assertIn("From your lab, Lab of trees", text)
        for words in ("Counselling service", "+49 30 1234567", "Monday to Friday, 9:00 to 16:00", "Night line", "116 117", "text 85258",
                      "every member sees the same", "Talk to a listener"):
            self.assertIn(words, text)
        text = browser.press(browser.get("/help").page(), "^Show$", region="GB").page().text
        self.assertLess(text.index("116 123"), text.index("From your lab"), "the national line stands first")
        node.stop()
        # Replaced under its name; taken back; and the record still holds.
        self.line("Night line", "116 118", "--yes")
        self.line("Counselling service", "--withdraw", "--yes")
        self.wei.board()
        node, browser = self.open("zh")
        text = browser.get("/help").page().text
        self.assertIn("来自你的实验室", text)
        self.assertIn("116 118", text)
        self.assertNotIn("116 117", text)
        self.assertNotIn("Counselling service", text)
        node.stop()
        status, found = self.wei.verify()
        self.assertEqual((status, found["ok"]), (0, True), found)
        # Half a year later nobody has looked at it again.
        self.clock.go(184 * house.DAY)
        node, browser = self.open()
        self.assertIn("It may be out of date.", browser.get("/help").page().text)

    def test_what_is_no_line_is_refused(self):
        self.start()
        for args, status in ((("Name",), 2), (("Name", "us", "--yes"), 2), (("", "1", "--yes"), 2), (("N" * 200, "1", "--yes"), 2),
                             (("Name", "1", "2", "3", "4", "5", "--yes"), 2), (("Name", "1" * 100, "--yes"), 2),
                             (("a\u202eb", "1", "--yes"), 1), (("Name", "--withdraw", "--yes"), 1), (("--take-back",), 2), (("Name", "1", "--no-input"), 1)):
            self.line(*args, status=status)
        self.assertEqual(self.line("--json").json(), {"lines": []})
        for i in range(12):
            self.line("Line %d" % i, "1", "--yes")
        self.line("One more", "1", "--yes", status=1)
        self.line("Line 3", "2", "--yes")

    def test_with_the_lab_gone_and_the_network_cut(self):
        self.start()
        self.line("Counselling service", "+49 30 1234567", "--yes")
        self.wei.board()
        self.of.close()
        node, browser = self.open()
        browser.press(browser.get("/help").page(), "^Show$", region="GB")
        form = next(f for f in browser.get("/settings").page().forms if f["action"] == "/settings/drawn")
        browser.post("/settings/drawn", [f for f in form["fields"] if f[0] != "on"])
        time.sleep(2.5)
        self.wire.clear()
        path = os.path.join(self.wei.data, "respite.db")
        before, sent = house.sha_dump(path), self.wei.good("sent", "--json").out
        for _ in range(20):
            answer = browser.get("/help")
            self.assertEqual(answer.status, 200)
        text = answer.page().text
        for words in ("116 123", "Checked on", "+49 30 1234567", "You do not have to be sure it is serious"):
            self.assertIn(words, text)
        self.assertEqual(self.wire.exchanges, [], "nobody was asked")
        self.assertEqual(house.sha_dump(path), before, "it was counted")
        self.assertEqual(self.wei.good("sent", "--json").out, sent)
        for reference in re.findall(r'(?:src|href|action)="([^"]*)"', answer.text):
            self.assertRegex(reference, r"^(/|#)", "a resource from elsewhere")


if __name__ == "__main__":
    house.main()
