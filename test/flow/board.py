"""The board as members live with it: threads, answers, "me too", taking back; notes and what waits; the pages without script; what is
put in that should not be. Each member is the real program with data of its own, the lab a trial."""
import json
import re
import time
import unittest

import house
import lab_house

SAID = "I have not told anyone that I am thinking of stopping."


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("join") and lab_house.has("post"), "this program has no board yet")
class Board(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.clock.at(time.time())      # a node compares its clock with the Date of the lab's answers, which is that of the machine

    def some(self, n, others=8):
        return self.members(["Member %d" % i for i in range(n)], others)

    def until(self, member, holds, *args):
        """The member's board once `holds(threads)`."""
        return self.comes(lambda: member.board(*args), holds)

    @staticmethod
    def posts(threads):
        return [p for t in threads for p in t["posts"]]

    def test_three_members_speak(self):
        wei, ana, jo = self.some(3)
        wei.post(SAID, "--room", "thesis")
        thread = self.until(ana, lambda b: len(b) == 1)[0]
        self.assertEqual((thread["title"], thread["room"], thread["posts"][0]["text"]), (SAID, "thesis", SAID))
        self.assertRegex(thread["day"], r"^\d{4}-\d\d-\d\d$")
        short = thread["id"][:8]
        ana.post("You are not the only one.", "--reply", short)
        jo.board()
        jo.post("Same here.\nTalk to me.", "--reply", thread["id"])
        for one in (ana, jo):
            self.assertTrue(one.good("post", "--metoo", short, "--now", "--json").json()["ok"])
        twice = jo.run("post", "--metoo", short, "--now")
        self.assertEqual(twice.status, 1)
        self.plain(twice.err, "counts once")
        seen = self.until(wei, lambda b: len(b[0]["posts"]) == 3 and b[0]["posts"][0]["metoo"] == 2)[0]
        self.assertEqual([p["own"] for p in seen["posts"]], [True, False, False])
        names = [p["name"] for p in seen["posts"]]
        self.assertEqual(len(set(names)), 3, "three people, three names")
        self.assertEqual([p["name"] for p in self.until(jo, lambda b: len(b[0]["posts"]) == 3)[0]["posts"]], names, "the same for all")
        said = wei.good("board").out
        self.assertIn("me too, 2 times", said)
        self.assertIn("%s (you)" % names[0], said)
        self.assertNotRegex(said, r"\d\d:\d\d", "a day and no time")
        # A second answer of one person in a week has that person's name.
        ana.post("And again.", "--reply", short)
        seen = self.until(ana, lambda b: len(b[0]["posts"]) == 4)[0]
        mine = {p["name"] for p in seen["posts"] if p["own"]}
        self.assertEqual(len(mine), 1)
        # What is one's own can be taken back, and nobody else's.
        theirs = ana.run("post", "--take-back", short, "--now")
        self.assertEqual(theirs.status, 1)
        self.plain(theirs.err, "not written on this computer")
        wei.good("post", "--take-back", short, "--now")
        for one in (ana, jo, wei):
            first = self.until(one, lambda b: b[0]["posts"][0]["gone"])[0]["posts"][0]
            self.assertEqual(first["text"], "")
            self.assertNotIn(b"thinking of stopping", one.bytes() if one is not wei else b"", "the words are on no other computer")
            status, found = one.verify()
            self.assertEqual((status, found["ok"]), (0, True), found)
        self.assertEqual(ana.good("board", "--find", "thinking", "--offline", "--json").json()["threads"], [])
        again = wei.run("post", "--take-back", short, "--now")
        self.assertEqual(again.status, 1)
        # The others talk on.
        jo.post("I am here.", "--reply", short)
        self.until(ana, lambda b: len(b[0]["posts"]) == 5)

    def test_notes_what_waits_and_offline(self):
        wei, = self.some(1, others=10)
        kept = wei.good("post", "--note", "For myself.", "--json").json()["note"]
        self.assertEqual([n["text"] for n in wei.good("post", "--waiting", "--json").json()["notes"]], ["For myself."])
        wei.post(SAID)
        listed = wei.good("post", "--waiting").out
        self.assertIn("1  a thread, has left  I have not told", listed)
        self.assertIn("note  For myself.", listed)
        self.assertIn("1  一个话题，已经发出  I have not told", wei.good("--lang", "zh", "post", "--waiting").out)
        self.until(wei, lambda b: len(b) == 1)
        before = len(wei.sent())
        self.assertEqual(len(wei.board("--offline")), 1)
        self.assertIn("nothing was fetched", wei.good("board", "--offline").out)
        self.assertEqual(len(wei.sent()), before, "offline asks nobody")
        self.assertEqual(wei.good("board", "--find", "thinking", "--offline", "--json").json()["all"], 1)
        self.assertIn("Nothing found for “spaceship”.", wei.good("board", "--find", "spaceship", "--offline").out)
        self.assertEqual(wei.run("board", "--page", "9", "--offline").status, 0)
        # An export has what one said and noted, with days, and nothing by which it was sent.
        wei.post("An answer of mine.", "--reply", wei.board("--offline")[0]["id"])
        wei.good("export", self.at("export"))
        with open(self.at("export", "speak.json"), encoding="utf-8") as f:
            raw = f.read()
        said = json.loads(raw)
        self.assertEqual([(p["kind"], p["text"]) for p in said["posts"]], [("thread", SAID), ("reply", "An answer of mine.")])
        self.assertRegex(said["posts"][0]["day"], r"^\d{4}-\d\d-\d\d$")
        self.assertEqual(([n["text"] for n in said["notes"]], said["numbers"]), (["For myself."], []))
        self.assertNotRegex(raw, r"\d\d:\d\d|\"(pk|pass|sig|salt|head)\"")
        wei.good("post", "--drop-note", str(kept))
        self.assertEqual(wei.run("post", "--drop-note", str(kept)).status, 1)
        self.assertEqual(wei.run("post", "--cancel", "1").status, 1, "what has left cannot be called back")

    def test_what_should_not_be_posted(self):
        wei, = self.some(1, others=10)
        wei.post(SAID)
        self.until(wei, lambda b: len(b) == 1)
        before = wei.good("post", "--waiting", "--json").json()["acts"]
        for text, status in (("", 1), ("   \n  ", 1), ("left\u202eright", 1), ("zero\u200cwidth", 1), ("\ufe0f\u200b", 1), ("bell\a", 1), ("x" * 16001, 1), ("x" * (1 << 20), 1)):
            done = wei.run("post", "--now", "-", stdin=text.encode())
            self.assertEqual(done.status, status, repr(text[:20]) + done.out + done.err)
            self.plain(done.err)
        done = wei.run("post", "--now", "-", stdin=b"\xff\xfe not text")
        self.assertEqual(done.status, 1)
        for args, status in ((("--reply", "0" * 32, "An answer to nothing."), 1), (("--reply", "zz", "x"), 2), (("--metoo", "ab"), 2),
                             (("--metoo", "f" * 32), 1), (("--take-back", "f" * 32), 1), (("--keep-name", "x"), 2), ((), 2)):
            done = wei.run("post", "--now", *args)
            self.assertEqual(done.status, status, repr(args) + done.out + done.err)
            self.plain(done.err)
        self.assertEqual(wei.good("post", "--waiting", "--json").json()["acts"], before, "nothing of it waits")

    def test_what_cannot_be_seen_is_taken_out_and_said(self):
        wei, = self.some(1, others=10)
        done = wei.post("Thank you \u2764\ufe0f, says the \U0001f469\u200d\U0001f4bb.")
        self.assertIn("2 invisible characters are taken out", done.out)
        self.assertIn("shown as its parts", done.out)
        threads = self.until(wei, lambda b: len(b) == 1)
        self.assertEqual(self.posts(threads)[0]["text"], "Thank you \u2764, says the \U0001f469\U0001f4bb.")
        self.assertNotIn("taken out", wei.post("Plain words.").out)

    def test_locked_below_the_floor(self):
        wei, = self.some(1, others=5)
        done = wei.run("post", "--now", "Six are too few.")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "10", "6")
        later = wei.run("post", "Six are too few, later too.")
        self.assertEqual(later.status, 1)
        self.assertEqual(wei.good("post", "--waiting", "--json").json()["acts"], [])


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("join") and lab_house.has("post"), "this program has no board yet")
class BoardPages(lab_house.Test):
    """The same in a browser without script."""

    def setUp(self):
        super().setUp()
        self.clock.at(time.time())

    def start(self, others=11):
        self.of = self.lab()
        self.of.serve()
        self.python_members(self.of, others)
        self.of.until(lambda log: any(e["holders"] >= others for _, e in log.all("open")))
        node = self.node(env={"RESPITE_CLOCK": str(self.clock.now())}, args=["--lang", "en"])
        self.browser = node.browser()
        url = self.of.invite(["Wei Zhang"])[0]
        self.browser.press(self.browser.get("/lab").page(), "^Look$", url=url)
        self.browser.press(self.browser.get("/lab/join").page(), "^Join$")
        return self.browser

    def write(self, text, button="^Post$", path="/write", **more):
        return self.browser.press(self.browser.get(path).page(), button, text=text, **more)

    def until(self, path, what, wait=40):
        ends = time.monotonic() + wait
        while True:
            text = self.browser.press(self.browser.get("/board").page(), "^Look now$").page().text
            answer = self.browser.get(path)
            if what in answer.page().text:
                return answer
            if time.monotonic() > ends:
                self.fail("%r never stood on %s: %s\n%s" % (what, path, text, answer.page().text))
            time.sleep(0.5)

    def test_written_read_answered(self):
        b = self.start()
        page = b.get("/write").page()
        for sentence in ("11 members collected this week's passes.", "The lab could have invented some.", "This week's record in four words:",
                         "Nobody outside the lab has confirmed this week's record.", "Why you may trust this",
                         "The key that signed them is the same for everyone", "What it cannot hide"):
            self.assertIn(sentence, page.text)
        seen = self.write("kept while another button is pressed", "^A colleague sees the same words$").page()
        self.assertIn("kept while another button is pressed", seen.text)
        self.assertIn("Confirmed by: a colleague", seen.text)
        self.assertNotIn("Nobody outside the lab", seen.text)
        done = self.write(SAID + "\n<b>bold</b> https://example.org/a?b=1&c=2.").page()
        self.assertIn("These six words prove it", done.text)
        thread = re.search(r"/board/([0-9a-f]{32})", self.until("/board", SAID).body.decode()).group(1)
        answer = b.get("/board/" + thread)
        self.assertIn(b"&lt;b&gt;bold&lt;/b&gt;", answer.body)
        self.assertIn("(you)", answer.page().text)
        self.assertNotIn("Me too", answer.page().text, "what one wrote oneself has no such button")
        link = b.get("/board/link?to=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c%3D2")
        self.assertIn("https://example.org/a?b=1&c=2", link.page().text)
        self.assertEqual(b.get("/board/link?to=javascript%3Aalert(1)").status, 400)
        self.write("An answer.", path="/write?reply=" + thread)
        self.until("/board/" + thread, "An answer.")
        self.assertIn("Search", b.get("/board?q=bold").page().text)
        self.assertIn(SAID, b.get("/board?q=bold").page().text)
        self.assertIn("Nothing found for “spaceship”.", b.get("/board?q=spaceship").page().text)
        own = re.search(r"/board/back\?post=([0-9a-f]{32})", b.get("/board/" + thread).body.decode()).group(0)
        b.press(b.get(own).page(), "^Take it back$")
        self.until("/board/" + thread, "Taken back, or removed")
        self.assertEqual(b.get("/board/" + "0" * 32).status, 404)
        self.assertEqual(b.get("/board/x").status, 404)
        for none in ("0" * 32, "x", thread[:-1]):
            self.assertEqual(b.get("/write?reply=" + none).status, 404)
            page = b.get("/write?reply=" + thread).page()
            self.assertEqual(b.press(page, "^Post$", text="An answer to nothing.", reply=none, when="now").status, 404, "not to the whole lab")
        self.assertNotIn("An answer to nothing.", b.get("/board/mine").page().text)

    def test_notes_and_warnings(self):
        b = self.start()
        self.write("The zyglotron ablation keeps me awake.", "^Keep as a note for myself$")
        self.assertIn("zyglotron", b.get("/board/mine").page().text)
        warned = self.write("My Zyglotron ablation again, says Zhang.").page().text
        self.assertIn("“Zyglotron ablation” is also in your notes.", warned)
        self.assertIn("“Zhang” is in your own name.", warned)
        self.assertIn("You can post it as it is", warned)
        taken = self.write("So much \u2764\ufe0f.").page().text
        self.assertIn("1 invisible character is taken out", taken)
        compared = self.write("Nothing in particular.", "^Compare with my own commit messages$").page().text
        self.assertIn("No commit messages of yours are in the folders that were chosen", compared)

    def test_locked(self):
        b = self.start(others=4)
        page = b.get("/write").page()
        self.assertIn("Posts leave when 10 members hold this week's passes. There are 4.", page.text)
        self.assertNotIn(b">Post<", b.get("/write").body)
        self.assertIn("Posts leave when 10 members", b.get("/board").page().text)


if __name__ == "__main__":
    house.main()
