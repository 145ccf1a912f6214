"""`respite rest quiet A..B`: said, kept, ended early; the page of a quiet time counts nothing."""
import re

import house


class Quiet(house.Test):
    def test_a_quiet_time_is_said_and_kept(self):
        done = self.respite("rest", "quiet", "2026-12-07..2026-12-13")
        self.assertEqual(done.status, 0, done.err)
        self.assertRegex(done.out, r"13|December|Monday")
        text = self.respite("week", self.two_weeks()).out
        self.assertRegex(text, r"7 (to|-|–) ?13 December|7 December")

    def test_json(self):
        done = self.respite("rest", "quiet", "2026-12-07..2026-12-13", "--json")
        self.assertEqual(done.status, 0, done.err)
        self.assertIn("2026-12-13", done.out)
        done.json()

    def test_nonsense_is_refused(self):
        for span in ("2026-12-13..2026-12-07", "tomorrow", "2026-02-30..2026-03-02", "..", "2026-12-07", "2026-12-07..", "2020-01-01..2020-01-02",
                     "2026-12-07..9999-12-31"):
            done = self.respite("rest", "quiet", span)
            self.assertIn(done.status, (0, 1, 2), span)
            if done.status:
                self.plain(done.err)
        self.assertEqual(self.respite("rest", "quiet", "2026-12-13..2026-12-07").status, 2)
        self.assertEqual(self.respite("rest", "quiet", "tomorrow").status, 2)

    def test_the_page_says_quiet_and_counts_nothing(self):
        self.two_weeks()
        self.assertEqual(self.respite("rest", "quiet", "2026-11-16..2026-11-22").status, 0)
        browser = self.node().browser()
        page = browser.get("/").page()
        if page.has_button("Show my last 12 weeks"):
            browser.press(page, "Show my last 12 weeks")
        text = browser.get("/").page().text
        self.assertRegex(text, r"Quiet (week, 16 to|until) 22 November")
        self.assertNotRegex(text, r"\b\d+ (held|waiting|new|items)\b")
        self.assertRegex(text, "Help now")

    def test_it_can_be_ended_early(self):
        self.two_weeks()
        self.respite("rest", "quiet", "2026-11-16..2026-11-22")
        browser = self.node().browser()
        pages = browser.walk()
        for path, answer in pages.items():
            if answer.page().has_button("End (it|this|the quiet)|end it"):
                browser.press(answer.page(), "End (it|this|the quiet)|end it")
                text = browser.get("/").page().text
                self.assertNotRegex(text, "Quiet (week|until)")
                return
        self.fail("no page offers to end a quiet time: %s" % list(pages))


if __name__ == "__main__":
    house.main()
