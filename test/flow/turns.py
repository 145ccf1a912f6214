"""Two processes of one data folder never speak with the lab at the same time: a command in a terminal, the timer's tick, and what the
page has run. A listener between node and lab holds answers back and sees what comes meanwhile."""
import subprocess
import threading
import time
import unittest

import house
import lab_house


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("join"), "this program has no lab to join yet")
class Turns(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.wire = self.listener(None)
        self.of = self.lab(front=self.wire.url)
        self.wire.to = self.of.serve().url
        self.one = self.member("one")

    def begin(self, *args):
        env = {**self.env, **self.one.env, "RESPITE_CLOCK": str(self.clock.now()), "ASAN_OPTIONS": "detect_leaks=0:exitcode=99"}
        return subprocess.Popen([house.RESPITE, "--data", self.one.data, *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, preexec_fn=house.end_with_us)

    def until_held(self, n=1):
        ends = time.monotonic() + 30
        while len(self.wire.exchanges) < n and time.monotonic() < ends:
            time.sleep(0.05)
        self.assertEqual(len(self.wire.exchanges), n)

    def one_after_the_other(self, first, second):
        """While the first waits for an answer, the second asks nothing; then both are done."""
        self.wire.clear()
        self.wire.released.clear()
        self.wire.rule("hold", times=1)
        a = self.begin(*first)
        self.until_held()
        b = self.begin(*second)
        time.sleep(1.5)
        self.assertEqual(len(self.wire.exchanges), 1, [x.line for x in self.wire.exchanges])
        self.assertIsNone(b.poll(), "it waits for its turn")
        self.wire.release()
        out = [p.communicate(timeout=120) for p in (a, b)]
        self.assertEqual((a.returncode, b.returncode), (0, 0), out)
        self.assertGreaterEqual(len(self.wire.exchanges), 2)

    def test_two_ticks(self):
        self.one.join(self.of.invite(["One"])[0])
        self.clock.go(60)
        self.one_after_the_other(["tick"], ["board"])
        self.clock.go(120)
        self.one_after_the_other(["verify", "--fetch"], ["tick"])

    def test_two_joins_of_one_folder_are_one_member(self):
        """The second finds that it is in the lab."""
        first, second = self.of.invite(["One", "Two"])
        self.wire.rule("hold", times=1)
        a = self.begin("join", first, "--yes")
        self.until_held()
        b = self.begin("join", second, "--yes")
        time.sleep(1.5)
        self.assertEqual([x.line for x in self.wire.exchanges][1:], [])
        self.wire.release()
        out = [p.communicate(timeout=120) for p in (a, b)]
        self.assertEqual((a.returncode, b.returncode), (0, 1), out)
        self.assertIn(b"a member of", out[1][1])
        self.assertEqual(len(self.wire.of("/v1/join")), 1)

    def test_the_page_and_a_terminal(self):
        """The page's runner waits for a join in a terminal."""
        node = self.node(env={"RESPITE_CLOCK": str(self.clock.now())}, args=["--lang", "en"])
        self.one.data, self.one.env = self.data, {}
        first, second = self.of.invite(["One", "Two"])
        self.wire.rule("hold", times=1)
        a = self.begin("join", first, "--yes")
        self.until_held()
        browser = node.browser()
        page = browser.get("/lab").page()
        answers = []
        press = threading.Thread(target=lambda: answers.append(browser.press(page, "^Look$", url=second)))
        press.start()
        time.sleep(1.5)
        self.assertEqual([x.line for x in self.wire.exchanges][1:], [])
        self.wire.release()
        self.assertEqual((a.communicate(timeout=120), a.returncode)[1], 0)
        press.join(60)
        self.assertEqual(len(self.wire.of("/v1/join")), 1)
        self.assertIn("a member of", answers[0].page().text)


if __name__ == "__main__":
    house.main()
