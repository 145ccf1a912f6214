"""Folders added on the page: the node begins anew with them, on the same port and for the same cookie, as often as one likes."""
import http.client
import os
import time

import house
from house import DAY, NOW, commit


class Folders(house.Test):
    def again_within(self, browser, path, seconds=2):
        """The page at `path` as soon as the node serves it, in `seconds` at the most."""
        ends = time.monotonic() + seconds
        while True:
            try:
                return browser.get(path)
            except (OSError, http.client.HTTPException) as e:
                if time.monotonic() > ends:
                    self.fail("the node did not come back: %r" % e)
            time.sleep(0.05)

    def test_three_folders_in_a_row(self):
        self.two_weeks()
        browser = self.node().browser()
        cookie, port = browser.cookie, browser.node.port
        for n in range(3):
            where = self.at("more%d" % n)
            os.mkdir(where)
            self.repo("added%d" % n, [commit(NOW - DAY)], where=where)
            page = browser.get("/rest/setup").page()
            answer = browser.press(page, "^Add a folder$", follow=False, path=where)
            self.assertEqual(answer.status, 303, answer.text[:400])
            page = self.again_within(browser, "/rest/setup")
            self.assertEqual(page.status, 200)
            for seen in range(n + 1):
                self.assertIn("added%d" % seen, page.text)
            self.assertIn("thesis", page.text)
        self.assertEqual((cookie, port), (browser.cookie, browser.node.port))
        status, took = browser.node.stop()
        self.assertEqual(status, 0, browser.node.err())
        self.assertLess(took, 2)

    def test_a_folder_that_is_not_there_is_said_and_the_node_goes_on(self):
        self.two_weeks()
        browser = self.node().browser()
        page = browser.get("/rest/setup").page()
        browser.press(page, "^Add a folder$", follow=False, path=self.at("nowhere"))
        answer = self.again_within(browser, "/rest/setup")
        self.assertEqual(answer.status, 200)
        self.assertIn("thesis", answer.text)


if __name__ == "__main__":
    house.main()
