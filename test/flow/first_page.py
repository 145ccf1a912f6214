"""The first five minutes: what would be read is shown before it is read, whose addresses are asked, a choice leads to the picture, and
the picture says what the repository says. Never an empty page; example data is marked and clears."""
import os
import re
import time

import house
from house import DAY, HOUR, NOW, commit


class First(house.Test):
    def test_nothing_is_kept_before_the_choice(self):
        self.two_weeks()
        node = self.node()
        text = node.browser().get("/").page().text
        self.assertIn("This page lives on your computer", text)
        self.assertIn("thesis", text)
        self.assertRegex(text, r"42 commits by you")
        self.assertIn("Not the code, not the messages, not other people's", text)
        time.sleep(1)
        db = self.db()
        self.assertEqual(db.execute("select count(*) from sign").fetchone()[0], 0)
        db.close()

    def test_the_lines_it_would_read_can_be_seen(self):
        self.two_weeks()
        browser = self.node().browser()
        page = browser.get("/")
        text = page.page().text
        self.assertIn("Show the lines", text)
        whole = text
        for link in page.page().links:
            if "line" in link:
                whole += browser.get(link).page().text
        self.assertIn("2026", whole)
        self.assertNotIn("private words", whole)

    def test_the_choice_leads_to_the_picture(self):
        self.two_weeks()
        browser = self.node().browser()
        answer = browser.picture()
        text = answer.page().text
        self.assertIn("<svg", answer.text)
        self.assertIn("What I cannot see", text)
        self.assertRegex(text, r"signs of work on \d+ of 1[12] Sundays")
        self.assertIn("About right", text)
        self.assertIn("That is all", text)
        self.assertNotIn("This page lives on your computer", browser.get("/").text, "it is asked once")

    def test_a_folder_left_out_stays_out(self):
        self.two_weeks("thesis")
        self.repo("dotfiles", [commit(NOW - i * DAY - 7 * HOUR) for i in range(9, 0, -1)])
        browser = self.node().browser()
        page = browser.get("/").page()
        form, _ = page.button("Show my last 12 weeks")
        boxes = [(n, v) for n, v in form["fields"] if n and re.search("repo|folder", n)]
        self.assertGreaterEqual(len(boxes), 2, form)
        name = boxes[0][0]
        values = [v for n, v in boxes if n == name]
        if len(values) > 1:
            browser.press(page, "Show my last 12 weeks", **{name: values[1:]})
        else:
            fields = [(n, v) for n, v in form["fields"] if n != name]
            browser.post(form["action"], fields)
        answer = browser.until(house.PICTURE, lambda a: "<svg" in a.text)
        self.assertEqual(answer.status, 200)

    def test_the_answer_about_right_is_taken_once(self):
        self.two_weeks()
        browser = self.node().browser()
        page = browser.picture().page()
        answer = browser.press(page, "About right")
        self.assertEqual(answer.status, 200)
        self.assertNotIn("Does this look about right", browser.get(house.PICTURE).text)

    def test_no_own_commit_asks_whose_they_are(self):
        self.repo("theirs", [commit(NOW - DAY, mail="wei@home.example"), commit(NOW - 2 * DAY, mail="lin@lab.example")])
        browser = self.node().browser()
        page = browser.get("/")
        self.assertIn("wei@home.example", page.page().text)
        self.assertTrue(page.page().has_button("."))

    def test_no_history_at_all_is_no_empty_page(self):
        browser = self.node().browser()
        page = browser.get("/").page()
        self.assertRegex(page.text, "no git history|Add a folder|example data")
        self.assertTrue(page.has_button("example data") or any("example" in link for link in page.links), page.links)

    def test_example_data_is_marked_on_every_page_and_clears(self):
        browser = self.node().browser()
        page = browser.get("/").page()
        browser.press(page, "example data")
        answer = browser.until(house.PICTURE, lambda a: "<svg" in a.text)
        self.assertIn("Example data", answer.text)
        for path, a in browser.walk().items():
            if a.header("Content-Type").startswith("text/html"):
                self.assertIn("Example data. Nothing here is about you.", a.page().text, path)
        browser.press(answer.page(), "Clear it")
        for path, a in browser.walk().items():
            self.assertNotIn("Nothing here is about you", a.text, path)
        self.assertIn("This page lives on your computer", browser.get("/").text)

    def add_form(self, browser):
        return next(f for f in browser.get("/rest/setup").page().forms if f["action"] == "/folders/add")

    def add_folder(self, browser, path, form=None):
        fields = (form or self.add_form(browser))["fields"]
        return browser.post("/folders/add", [(n, v) for n, v in fields if n != "path"] + [("path", path)], follow=False)

    def folders(self):
        db = self.db()
        rows = [r[0].decode() for r in db.execute("select path from folder order by path")]
        db.close()
        return rows

    def test_a_folder_added_while_looking_at_example_data_is_ones_own(self):
        browser = self.node().browser()
        form = self.add_form(browser)  # in one tab, and the example is started in another
        browser.press(browser.get("/").page(), "example data")
        self.assertIn("Example data", browser.get(house.PICTURE).text)
        self.assertEqual(self.add_folder(browser, self.home, form).status, 303)
        self.assertEqual(self.folders(), sorted([self.home, self.src]))

    def test_the_root_of_all_is_not_looked_through(self):
        browser = self.node().browser()
        for path in ("/", "//", "/tmp/..", "/proc/self/root"):
            a = self.add_folder(browser, path)
            self.assertEqual(a.status, 400, path)
            self.assertIn("Name the folder", a.page().text)
        self.assertEqual(self.folders(), [self.src])
        done = self.respite("--port", "0", "--no-browser", "/", "--data", self.at("another"))
        self.assertEqual(done.status, 2)
        self.plain(done.err, "folder")

    def test_where_it_was_typed_counts_for_one_run(self):
        self.two_weeks()
        os.mkdir(self.at("more"))
        browser = self.node("--no-browser", cwd=self.src).browser()
        self.assertIn("thesis", browser.get("/").page().text)
        self.assertEqual(self.folders(), [])
        self.assertEqual(self.add_folder(browser, self.at("more")).status, 303)
        time.sleep(1)
        self.assertIn("thesis", browser.get("/rest/setup").page().text, "the next serving process knows it, too")
        self.assertEqual(self.folders(), [self.at("more")])

    def test_hours_one_would_like_to_keep(self):
        self.two_weeks()
        browser = self.node().browser()
        text = browser.get("/").text
        self.assertIn("Hours you would like to keep", text)
        self.assertRegex(text, 'value="0?9:00"')

    def test_the_page_and_the_terminal_say_the_same(self):
        repo = self.two_weeks(days=60)
        got = self.hours(repo)
        browser = self.node().browser()
        browser.picture()
        signs = sorted(w["signs"] for w in got["weeks"] if w["signs"])
        for answer in browser.walk().values():
            for table in answer.page().tables:
                numbers = [int(r[1]) for r in table if len(r) >= 5 and re.fullmatch(r"[1-9]\d*", r[1])]
                if sorted(numbers) == signs:
                    return
        self.fail("no page holds the table of signs %s" % signs)

    def test_it_starts_again_with_the_choices_made(self):
        self.two_weeks()
        node = self.node()
        node.browser().picture()
        self.assertEqual(node.stop()[0], 0)
        again = self.node()
        browser = again.browser()
        self.assertNotIn("This page lives on your computer", browser.get("/").text)
        self.assertIn("<svg", browser.get(house.PICTURE).text)

    def test_new_commits_are_there_at_the_next_start(self):
        repo = self.two_weeks()
        node = self.node()
        node.browser().picture()
        node.stop()
        self.grow(repo, [commit(NOW - 3 * HOUR), commit(NOW - 2 * HOUR)])
        browser = self.node().browser()
        def events():
            db = self.db()
            n = db.execute("select count(*) from sign").fetchone()[0]
            db.close()
            return n
        browser.until("/", lambda a: events() == 44)


if __name__ == "__main__":
    house.main()
