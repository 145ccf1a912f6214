"""Settings, Help now and the end of everything, as a person without script meets them: each choice is kept and leads back, nothing leads
elsewhere, and the page that removes everything does so after the word."""
import os
import time

import house


class Settings(house.Test):
    def setUp(self):
        super().setUp()
        self.browser = self.node(self.two_weeks()).browser()
        self.browser.picture()

    def form(self, page, action):
        return next(f for f in page.forms if f["action"] == action)

    def send(self, action, follow=False, where="/settings", **fields):
        form = self.form(self.browser.get(where).page(), action)
        kept = [(n, v) for n, v in form["fields"] if n not in fields]
        return self.browser.post(action, kept + list(fields.items()), follow=follow)

    def kept(self):
        """All rows, and the sizes of the files; the shared memory of SQLite moves with every reader."""
        path = os.path.join(self.data, "respite.db")
        return house.sha_dump(path), [(f, os.path.getsize(os.path.join(self.data, f))) for f in sorted(os.listdir(self.data))]

    def test_a_choice_is_kept_and_leads_back(self):
        a = self.send("/settings/theme", to="dark")
        self.assertEqual((a.status, a.header("Location")), (303, "/settings"))
        self.assertIn('data-theme="dark"', self.browser.get("/help").text)
        self.send("/settings/keys", to="off")
        self.assertNotIn("keys.js", self.browser.get("/").text)
        self.send("/settings/lang", to="zh")
        self.assertEqual(self.browser.get("/help").page().lang, "zh-Hans")
        self.assertNotIn("Keep", self.browser.get("/settings").page().text)

    def test_what_is_no_choice_is_refused(self):
        a = self.send("/settings/theme", to="purple")
        self.assertEqual(a.status, 400)
        self.assertIn('data-theme="auto"', self.browser.get("/settings").text)

    def test_it_leads_to_pages_of_ours_alone(self):
        for back, there in (("/help", "/help"), ("//evil.example/x", "/"), ("https://evil.example/", "/"), ("/\\evil.example", "/"),
                            ("/a\r\nX: y", "/"), ("", "/")):
            self.assertEqual(self.send("/settings/theme", to="light", back=back).header("Location"), there, back)

    def test_by_which_way_to_the_lab(self):
        def kept(name):
            return self.db().execute("select value from setting where name = ?", (name,)).fetchone()
        a = self.send("/settings/via", on="yes", via=" socks5h://127.0.0.1:9050 ")
        self.assertEqual((a.status, a.header("Location")), (303, "/settings"))
        self.assertEqual(kept("via"), ("socks5h://127.0.0.1:9050",))
        for bad in ("socks5://127.0.0.1:9050", "http://127.0.0.1:8080", "socks5h://", "x\x00y", "socks5h://a b:1", "s" * 700):
            a = self.send("/settings/via", on="yes", via=bad)
            self.assertEqual(a.status, 400, bad)
            self.assertEqual(kept("via"), ("socks5h://127.0.0.1:9050",))
        self.send("/settings/via", on="", via="anything")
        self.assertEqual(kept("via"), ("",), "without the tick it is straight")
        form = self.form(self.browser.get("/settings").page(), "/settings/drawn")
        self.assertIn(("on", "yes"), form["fields"], "on, until it is switched off")
        self.browser.post("/settings/drawn", [f for f in form["fields"] if f[0] != "on"])
        self.assertEqual(kept("drawn"), ("off",))
        self.assertNotIn(("on", "yes"), self.form(self.browser.get("/settings").page(), "/settings/drawn")["fields"])
        self.send("/settings/drawn", on="yes")
        self.assertEqual(kept("drawn"), ("on",))

    def test_help_is_for_the_region_chosen_and_never_guessed(self):
        text = self.browser.get("/help").page().text
        self.assertIn("your local emergency number", text)
        self.assertNotIn("988", text)
        a = self.send("/help/region", follow=True, where="/help", region="CN")
        self.assertIn("12356", a.text)
        self.assertRegex(a.page().text, "at least 18 hours a day")
        self.assertIn("your local emergency number", a.page().text)
        self.assertIn("911", self.send("/help/region", follow=True, where="/help", region="US").text)
        self.assertEqual(self.send("/help/region", where="/help", region="SE").status, 400, "its source is weak")
        self.assertNotIn("911", self.send("/help/region", follow=True, where="/help", region="none").text)

    def test_help_in_chinese(self):
        self.send("/settings/lang", to="zh")
        text = self.send("/help/region", follow=True, where="/help", region="CN").page().text
        for words in ("不必先确定“严不严重”", "每天至少 18 小时", "核对于", "当地的紧急电话", "中国大陆"):
            self.assertIn(words, text)

    def test_visiting_help_writes_nothing(self):
        time.sleep(2.5)  # what is due at the start has run
        before = self.kept()
        for _ in range(20):
            self.assertEqual(self.browser.get("/help").status, 200)
        self.assertEqual(self.kept(), before)

    def test_removing_everything_asks_for_the_word(self):
        for word in ("", "yes", "deleted"):
            self.assertEqual(self.send("/forget", word=word).status, 400)
        self.assertTrue(os.path.exists(os.path.join(self.data, "respite.db")))
        form = self.form(self.browser.get("/settings").page(), "/forget")
        self.assertEqual(self.browser.post("/forget", [("word", "delete")]).status, 403, "without the field of our page")
        self.assertEqual(self.browser.post("/forget", form["fields"] + [("word", "delete")], origin="http://evil.example").status, 403)
        a = self.send("/forget", word="Delete")
        self.assertEqual(a.status, 200)
        self.assertIn("Respite has stopped", a.page().text)
        self.nodes[0].p.wait(timeout=5)
        self.assertEqual(self.nodes[0].p.returncode, 0)
        self.assertFalse(os.path.exists(self.data))

    def test_what_is_not_ours_is_left_and_named(self):
        os.mkdir(os.path.join(self.data, "figures"))
        for name in ("letter", "figures/one"):
            with open(os.path.join(self.data, name), "w") as f:
                f.write("x")
        a = self.send("/forget", word="delete")
        self.assertEqual(a.status, 200)
        self.assertIn("figures, letter", a.page().text)
        self.assertEqual(self.nodes[0].p.wait(timeout=5), 0)
        self.assertEqual(sorted(os.listdir(self.data)), ["figures", "letter"])
        self.assertEqual(os.listdir(os.path.join(self.data, "figures")), ["one"])

    def test_the_chinese_word_will_do(self):
        self.send("/settings/lang", to="zh")
        self.assertEqual(self.send("/forget", word="删除").status, 200)
        self.nodes[0].p.wait(timeout=5)
        self.assertFalse(os.path.exists(self.data))


if __name__ == "__main__":
    house.main()
