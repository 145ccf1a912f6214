"""Every page a link leads to, in both languages: words that are never used, an end to each, a language, a weight, no empty page, and
what a fresh home shows (EXPERIENCE section 1 and checks 34, 35, 46, 48 to 50)."""
import json
import os
import re

import house
from house import DAY, NOW, commit


class Pages(house.Test):
    def browsers(self):
        self.two_weeks()
        for lang in ("en", "zh"):
            browser = self.node(args=["--lang", lang]).browser(lang)
            yield lang, browser
            self.nodes.pop().stop()

    def all_pages(self, lang, browser):
        """Pages before and after the first choice, with the refusals."""
        pages = {"before " + p: a for p, a in browser.walk().items()}
        browser.picture()
        pages.update(browser.walk())
        pages["(none)"] = browser.get("/nothing-here")
        return {p: a for p, a in pages.items() if a.header("Content-Type").startswith("text/html")}

    def test_words_shape_and_end_of_every_page(self):
        for lang, browser in self.browsers():
            pages = self.all_pages(lang, browser)
            self.assertGreater(len(pages), 5, list(pages))
            for path, answer in pages.items():
                page = answer.page()
                with self.subTest(lang=lang, path=path):
                    self.assertEqual(page.lang, "en" if lang == "en" else "zh-Hans")
                    self.assertNotRegex(page.text, house.NEVER if lang == "en" else house.NEVER_ZH)
                    self.assertNotRegex(page.text, r"\{[a-z_]+\}", "a value was not filled in")
                    self.assertNotRegex(page.text, r"[\U0001F300-\U0001FAFF]", "no emoji")
                    self.assertNotRegex(page.text, r"(?i)leaderboard|\brank(ed|ing)?\b|share this|manager")
                    self.assertIn("<main", answer.text)
                    self.assertRegex(answer.text, r'class="?[^">]*skip|href="#', "a way past the navigation")
                    self.assertLess(len(answer.body), 200000)
                    self.assertEqual(len(re.findall(r"<h1[ >]", answer.text)), 1)
                    self.assertRegex(answer.text, r"<title>[^<]+</title>")
                    self.assertLessEqual(len(re.findall(r'<(?:button|a)[^>]*class="[^"]*primary', answer.text)), 1)
                    if lang == "zh":
                        left = re.findall(r"[A-Za-z]{3,}(?: [a-z]{2,}){3,}", page.text)
                        self.assertFalse([s for s in left if "respite" not in s], "English sentences are left")

    def test_pages_end(self):
        for lang, browser in self.browsers():
            self.all_pages(lang, browser)
            for path, answer in browser.walk().items():
                if answer.header("Content-Type").startswith("text/html") and answer.status == 200:
                    with self.subTest(lang=lang, path=path):
                        main = re.search(r"<main.*</main>", answer.text, re.S).group()
                        self.assertRegex(main, "That is all|The rest will keep|You can close|Nothing here has to be followed|就这些|就是这些|其余的不会跑|到底了|就到这里|没有什么是非跟不可的")

    def test_this_week_weighs_less_than_60_kb_with_all_it_loads(self):
        self.two_weeks(days=80)
        browser = self.node().browser()
        browser.picture()
        answer = browser.get("/")
        weight = len(answer.body)
        for link in set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', answer.text)):
            asset = browser.get(link)
            self.assertEqual(asset.status, 200, link)
            weight += len(asset.body)
        self.assertLess(weight, 60000)

    def test_a_fresh_home_has_no_empty_page(self):
        browser = self.node().browser()
        for path, answer in browser.walk().items():
            if answer.header("Content-Type").startswith("text/html"):
                with self.subTest(path=path):
                    main = re.search(r"<main.*</main>", answer.text, re.S).group()
                    words = re.sub(r"<[^>]*>", " ", main).split()
                    self.assertGreater(len(words), 8)
                    self.assertEqual(answer.status, 200)

    def test_links_lead_somewhere(self):
        self.two_weeks()
        browser = self.node().browser()
        browser.picture()
        for path, answer in browser.walk().items():
            self.assertEqual(answer.status, 200, path)

    def test_navigation_and_foot_stand_on_every_page(self):
        self.two_weeks()
        browser = self.node().browser()
        browser.picture()
        for path, answer in browser.walk().items():
            if answer.header("Content-Type").startswith("text/html"):
                text = answer.page().text
                for words in ("This week", "Rest", "Help now", "On this computer only", "Settings"):
                    self.assertIn(words, text, path)

    def test_help_now_has_its_date_and_asks_nothing(self):
        browser = self.node().browser()
        page = browser.get("/").page()
        links = [a for a in browser.walk() if "help" in a]
        self.assertTrue(links, page.links)
        text = browser.get(links[0]).page().text
        self.assertRegex(text, r"checked on|in no lab|Call")
        self.assertIn("You do not have to be sure it is serious", text)

    def test_help_now_says_each_number_once_and_its_dates_in_words(self):
        lines = json.load(open(os.path.join(house.ROOT, "data", "crisis.json")))["lines"]
        for lang in ("en", "zh"):
            browser = self.node(args=["--lang", lang]).browser(lang)
            for line in lines:
                if line["weak"]:
                    continue
                answer = browser.press(browser.get("/help").page(), "^(Show|显示)$", region=line["cc"])
                heads = re.findall(r'<h2.*?</h2>|<p class="help-number">.*?</p>', answer.text)
                shown = re.sub(r"<[^>]*>", "", " ".join(heads))
                for number in line["numbers"]:
                    self.assertEqual(len(re.findall(r"(?<![\w-])%s(?![\w-])" % re.escape(number), shown)), 1, (lang, shown))
                text = answer.page().text
                self.assertNotRegex(text, r"(?<![\d-])(19|20)\d\d-\d|\d / \d")
                if lang == "zh":
                    said = re.search(r"核对于[^。]*。", text).group()
                    self.assertNotRegex(said, "[\u4e00-\u9fff] [\u4e00-\u9fff]")
            self.nodes.pop().stop()

    def test_no_claim_of_rest_without_a_measured_source(self):
        for lang, browser in self.browsers():
            for path, answer in self.all_pages(lang, browser).items():
                text = answer.page().text
                self.assertNotRegex(text, r"(?i)free evenings|you rested|enough rest|free weekend|空闲的晚上", path)

    def test_no_single_number_of_hours(self):
        self.two_weeks()
        browser = self.node().browser()
        browser.picture()
        for path, answer in browser.walk().items():
            text = answer.page().text
            for hit in re.finditer(r"(?i)\byou worked (about )?\d+ hours|\d+ hours of work\b", text):
                self.fail("%s: %s" % (path, hit.group()))

    def test_the_terminal_uses_the_same_words(self):
        repo = self.repo("r", [commit(NOW - i * DAY) for i in range(20, 0, -1)])
        for lang, never in (("en", house.NEVER), ("zh", house.NEVER_ZH)):
            for args in (["week", repo], ["hours", repo], ["doctor"], ["--help"]):
                self.assertNotRegex(self.respite(*args, "--lang", lang).out, never)


if __name__ == "__main__":
    house.main()
