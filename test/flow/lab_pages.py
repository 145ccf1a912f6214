"""The pages of a node about its lab, as a person without script meets them, with a listener between the node and the lab: opening a page
sends nothing, "Look" names nobody, "Join" joins, the record is shown in words, "Sent" says what went, leaving is asked once."""
import re
import unittest
import urllib.parse

import house
import lab_house

PAGES = ("/", "/lab", "/lab/join", "/lab/leave", "/sees", "/sent", "/settings", "/help", "/rest", "/nothing-here")


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("join"), "this program has no lab to join yet")
class LabPages(lab_house.Test):
    def start(self, members=0, name="Lab of trees", by_itself=False):
        """A trial lab behind a listener, and a browser at a node that is in no lab and does nothing by itself."""
        self.wire = self.listener(None)
        self.of = self.lab(name=name, front=self.wire.url, args=("--by", "Mara Lind"))
        self.wire.to = self.of.serve().url
        if members:
            self.python_members(self.of, members)
            self.of.until(lambda log: any(e["members"] >= members for _, e in log.all("roster")))
        self.browser = self.node(env={"RESPITE_CLOCK": str(self.clock.now())}, args=["--lang", "en"]).browser()
        if not by_itself:
            form = next(f for f in self.browser.get("/settings").page().forms if f["action"] == "/settings/drawn")
            self.browser.post("/settings/drawn", [f for f in form["fields"] if f[0] != "on"])
        self.wire.clear()
        return self.browser

    def look(self, url=None):
        self.url = url or self.of.invite(["Wei Zhang"])[0]
        return self.browser.press(self.browser.get("/lab").page(), "^Look$", url=self.url)

    def join(self):
        self.look()
        return self.browser.press(self.browser.get("/lab/join").page(), "^Join$")

    def kept(self):
        """All that the database holds, as text."""
        return "\n".join(self.db().iterdump())

    def lines(self):
        return ["%s %s" % (x.method, x.path) for x in self.wire.exchanges]

    def open_all(self):
        for path in PAGES:
            self.browser.get(path)

    def test_nothing_is_sent_before_look_and_look_names_nobody(self):
        self.start()
        self.open_all()
        self.assertEqual(self.lines(), [])
        page = self.look().page()
        self.assertIn("Join “Lab of trees”?", page.text)
        self.assertGreater(len(self.wire.exchanges), 0)
        code = self.url.split("#")[1].split(".")[0].encode()
        for x in self.wire.exchanges:
            self.assertEqual(x.method, "GET", x.line)
            self.assertEqual(x.header("Authorization"), "", x.line)
            self.assertNotIn(code, x.out, "the code of the invitation left with a look")
        before = self.lines()
        self.open_all()
        self.assertEqual(self.lines(), before, "a page was opened and something was sent")

    def test_the_page_of_joining_says_what_the_lab_will_know(self):
        self.start(members=2)
        self.look()
        text = self.browser.get("/lab/join").page().text
        words = re.search(r"The key in six words: ((?:[a-z]+ ?){6})", text)
        self.assertTrue(words, text)
        self.assertEqual(words.group(1).split(), self.six_words())
        for sentence in ("Run by Mara Lind.", "Compare these words with the poster on your lab's wall, or ask a colleague.",
                         "The lab will know", "that you are a member", "your name, as it stands in your invitation",
                         "that your computer collected this week's passes (everyone gets the same number)", "The lab will not know",
                         "which posts, votes or answers are yours, or whether you wrote any",
                         "your hours, check-ins, notes, leave plans, drafts and reading",
                         "Whoever watches the running server also sees when, and from which address, your computer asks.",
                         "In a group this small people can often guess who wrote something.", "You can leave at any time.",
                         "Trial lab. Nothing here is protected as in a real one."):
            self.assertIn(sentence, text)

    def six_words(self):
        """By hand: the first 66 bits of the hash that the invitation pins (PROTOCOL section 7)."""
        pin = self.url.split("#")[1].split(".")[1]
        import base64
        bits = int.from_bytes(base64.urlsafe_b64decode(pin + "=" * (-len(pin) % 4)), "big") >> (256 - 66)
        with open(house.ROOT + "/data/words.en.txt") as f:
            words = f.read().split()
        return [words[bits >> (11 * (5 - i)) & 2047] for i in range(6)]

    def test_not_now_forgets_it_and_sends_nothing(self):
        self.start()
        self.look()
        before = self.lines()
        answer = self.browser.press(self.browser.get("/lab/join").page(), "^Not now$")
        self.assertIn("You are not in a lab. Everything else works without one.", answer.page().text)
        self.assertNotIn("Join “", self.browser.get("/lab/join").page().text)
        self.assertEqual(self.lines(), before)
        self.assertNotIn(self.url.split("#")[1].split(".")[0], self.kept())

    def test_join_and_the_page_of_the_lab(self):
        self.start(members=11)
        text = self.join().page().text
        self.assertEqual(len([x for x in self.wire.of("^/v1/join$", "POST")]), 1)
        self.assertRegex(text, r"Lab of trees .*Run by Mara Lind\.")
        self.assertRegex(text, r"\d+ members?\.")
        self.assertRegex(text, r"This week's record in four words: [a-z]+ [a-z]+ [a-z]+ [a-z]+ ")
        self.assertIn("Nobody outside the lab has confirmed this week's record.", text)
        self.assertIn("What the lab can see", text)
        before = self.lines()
        self.open_all()
        self.assertEqual(self.lines(), before, "a page was opened and something was sent")

    def test_the_resident_page_fetches_by_itself_outside_its_sandbox(self):
        self.start(members=11, by_itself=True)
        self.join()
        self.wire.clear()
        text = self.browser.until("/lab", lambda a: self.wire.of("^/v1/rosters/"), wait=90).page().text
        text = self.browser.until("/lab", lambda a: "12 members. 12 collected" in a.page().text, wait=90).page().text
        self.assertIn("The lab could have invented some.", text)

    def test_a_trial_lab_says_so_on_every_page_and_only_while_one_is_in_it(self):
        self.start()
        bar = "Trial lab. Nothing here is protected as in a real one."
        self.assertNotIn(bar, self.browser.get("/").text)
        self.join()
        for path, answer in self.browser.walk().items():
            if answer.header("Content-Type").startswith("text/html"):
                self.assertIn(bar, answer.text, path)
        self.browser.press(self.browser.get("/lab/leave").page(), "^Leave now$")
        for path in PAGES:
            self.assertNotIn(bar, self.browser.get(path).text, path)

    def test_a_colleague_who_sees_the_same_words(self):
        self.start()
        page = self.join().page()
        before = self.lines()
        answer = self.browser.press(page, "^A colleague sees the same words$")
        self.assertIn("Confirmed by: a colleague", answer.page().text)
        self.assertFalse(answer.page().has_button("A colleague sees the same words"))
        self.assertNotIn("Nobody outside the lab", answer.page().text)
        self.assertEqual(self.lines(), before)
        self.assertEqual(self.member_of(self.data).verify()[1]["remarks"], ["Trial lab. Nothing here is protected as in a real one."])

    def test_a_click_on_the_page_of_another_record_says_nothing_of_this_one(self):
        """The page was open while a new week began: the words on it were others."""
        self.start()
        page = self.join().page()
        form = next(f for f in page.forms if f["action"] == "/lab/seen")
        for head in ("0" * 64, "", "x"):
            self.browser.post("/lab/seen", [(n, head if n == "head" else v) for n, v in form["fields"]])
            page = self.browser.get("/lab").page()
            self.assertTrue(page.has_button("A colleague sees the same words"))
            self.assertIn("Nobody outside the lab", page.text)

    def member_of(self, data):
        one = self.member("terminal")
        one.data = data
        return one

    def test_witnesses_are_named_in_the_settings(self):
        self.start()
        self.join()
        other = self.lab(name="Lab of stones")
        other.serve()
        key = other.run("lab", "witness", "--json").json()["vkey"]
        own = self.of.run("lab", "witness", "--json").json()["vkey"]
        before = self.lines()
        answer = self.browser.press(self.browser.get("/settings").page(), "^Add$", vkey=" %s " % key, url=other.url + "/")
        self.assertIn(key.split("+")[0], answer.page().text)
        for vkey, url in ((own, other.url), ("x", other.url), (key, "gopher://x")):
            self.assertEqual(self.browser.press(answer.page(), "^Add$", vkey=vkey, url=url).status, 400)
        self.assertEqual(self.lines(), before)
        answer = self.browser.press(self.browser.get("/settings").page(), "^Remove$")
        self.assertNotIn(key.split("+")[0], answer.page().text)

    def test_leaving_is_asked_once(self):
        self.start()
        self.join()
        self.wire.clear()
        page = self.browser.get("/lab/leave").page()
        self.assertIn("Your posts stay, because no one can tell which are yours.", page.text)
        self.assertEqual(self.lines(), [])
        self.assertIn("You are not in a lab.", self.browser.press(page, "^Leave now$").page().text)
        self.assertEqual(self.lines(), ["DELETE /v1/member"])
        self.assertNotIn("Wei Zhang", self.kept())

    def test_leaving_waits_for_the_lab(self):
        self.start()
        self.join()
        self.wire.rule("cut", path="^/v1/member$")
        answer = self.browser.press(self.browser.get("/lab/leave").page(), "^Leave now$")
        self.plain(self.alert(answer))
        self.assertIn("Lab of trees", self.browser.get("/lab").page().text)

    def alert(self, answer):
        found = re.search(r'<p class="(?:error|notice)" role="(?:alert|note)">(.*?)</p>', answer.text, re.S)
        self.assertTrue(found, answer.text[:3000])
        return re.sub(r"<[^>]*>", "", found.group(1)).replace("&#39;", "'").replace("&quot;", '"')

    def test_links_that_are_none(self):
        self.start()
        for url in ("", "hello", "javascript:alert(1)", "https://lab.example/", "https://lab.example/join#x", "file:///etc/passwd#a.b",
                    "http://lab.example/join#" + "A" * 22 + "." + "A" * 43, "x" * 900, "https://lab.example/join#\x00"):
            answer = self.look(url or " ")
            self.plain(self.alert(answer))
            self.assertEqual(self.lines(), [], url)

    def test_nobody_there(self):
        self.start()
        url = self.of.invite(["Wei"])[0]
        answer = self.look(url.replace(str(self.wire.port), str(house.free_port())))
        self.plain(self.alert(answer))
        self.assertIn("You are not in a lab.", self.browser.get("/lab").page().text)

    def test_another_key_than_the_invitation_says(self):
        self.start()
        url = self.of.invite(["Wei"])[0]
        head, pin = url.rsplit(".", 1)
        answer = self.look(head + "." + ("A" if pin[0] != "A" else "B") + pin[1:])
        self.assertIn("The key does not match what other members see. I have stopped. Please talk to someone you trust before trying "
                      "again.", self.alert(answer))
        self.assertNotIn("Join “", self.browser.get("/lab/join").page().text)

    def test_forms_of_others_do_nothing(self):
        self.start()
        self.join()
        before = self.lines()
        for path in ("/lab/look", "/lab/join", "/lab/leave", "/lab/seen", "/sent/remove", "/settings/via", "/settings/drawn",
                     "/settings/witness"):
            a = self.browser.post(path, [("url", self.url), ("do", "join"), ("form_proof", "0" * 64)])
            self.assertEqual(a.status, 403, path)
        self.assertEqual(self.lines(), before)
        self.assertIn("Lab of trees", self.browser.get("/lab").page().text)

    def test_sent_is_what_went(self):
        self.start()
        self.join()
        rows = self.browser.get("/sent").page().tables[0]
        self.assertEqual(rows[0], ["day", "to", "kind", "bytes", "what"])
        shown = [int(r[3].replace(",", "")) for r in rows[1:]]
        self.assertEqual(shown, [len(x.out) for x in reversed(self.wire.exchanges)], "as the listener saw it, newest first")
        kinds = {"GET /v1/lab": "public", "POST /v1/join": "public", "GET /v1/member": "identified", "POST /token-request": "identified"}
        for row, x in zip(rows[1:], reversed(self.wire.exchanges)):
            want = kinds.get("%s %s" % (x.method, x.path))
            if want:
                self.assertEqual(row[2], want, x.line)
            self.assertTrue(row[4], "what it was: " + x.line)
        text = self.browser.get("/sent").page().text
        self.assertIn("The same list: `respite sent`. A packet capture shows the same requests.", text)

    def test_old_entries_of_sent_are_removed_by_a_click(self):
        self.start()
        self.join()
        db = house.sqlite3.connect(self.data + "/respite.db")
        db.execute("insert into sent(day, address, kind, bytes) values (20000, 'https://old.example/x', 'public', 77)")
        db.commit()
        db.close()
        page = self.browser.get("/sent").page()
        self.assertIn("old.example", page.text)
        answer = self.browser.press(page, "^Remove entries older than a month$")
        self.assertNotIn("old.example", answer.text)
        self.assertEqual(len(answer.page().tables[0]), len(page.tables[0]) - 1)

    def test_what_the_lab_can_see_names_what_it_must(self):
        self.start()
        self.join()
        text = self.browser.get("/sees").page().text
        for sentence in ("Everything in the lab's database that has your name on it", "Wei Zhang", "member since week 2026-W48",
                         "collected this week's passes", "who used a pass, of none", "What is there without a name",
                         "Whoever watches the running server also sees:", "the time and the address of each request",
                         "The lab could invent members, and, with both roles, add votes of its own.", "What is not there",
                         "The network sees: that you talk to the lab; padded sizes; moments drawn beforehand."):
            self.assertIn(sentence, text)

    def test_while_example_data_is_shown_nothing_is_joined(self):
        self.start()
        form = self.browser.get("/").page()
        self.assertTrue(form.has_button("example"))
        self.browser.press(form, "Look around with example data")
        page = self.browser.get("/lab").page()
        self.assertFalse(page.has_button("^Look$"))
        self.assertEqual(self.lines(), [])

    def test_a_proxy_that_is_not_there(self):
        self.start()
        self.join()
        self.wire.clear()
        page = self.browser.get("/settings").page()
        answer = self.browser.press(page, "^Try it$", on="yes", via="socks5h://127.0.0.1:%d" % house.free_port())
        self.plain(self.alert(answer))
        self.assertEqual(self.lines(), [])


if __name__ == "__main__":
    house.main()
