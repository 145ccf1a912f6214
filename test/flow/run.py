"""`make run`: tools/run prints the twelve weeks in the terminal, then the address of the page; a machine without a browser shows the
same."""
import os
import re
import signal
import subprocess
import unittest

import house

RUN = os.path.join(house.ROOT, "tools", "run")


@unittest.skipUnless(os.path.exists(os.path.join(house.ROOT, "build", "respite")), "tools/run starts build/respite")
class Run(house.Test):
    def start(self, *args, cwd=None):
        p = subprocess.Popen([RUN, *args], env=self.env, cwd=cwd or self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        said = ""
        while "key=" not in said:
            line = p.stdout.readline().decode()
            if not line:
                break
            said += line
        p.send_signal(signal.SIGTERM)
        rest, err = p.communicate(timeout=20)
        return p.returncode, said + rest.decode(), err.decode()

    def test_the_weeks_then_the_address(self):
        self.two_weeks()
        for folder, cwd in ((self.src, None), ("src", self.dir), (".", self.src)):
            status, said, err = self.start(folder, "--port", "0", "--no-browser", cwd=cwd)
            self.assertEqual(status, 0, err)
            self.assertRegex(said, re.compile(r"16 Nov +9 .*Page +http://127\.0\.0\.1:\d+/\?key=", re.S))

    def test_a_folder_without_history_opens_the_page_all_the_same(self):
        status, said, err = self.start(self.src, "--port", "0", "--no-browser")
        self.assertEqual(status, 0, err)
        self.assertIn("key=", said)


if __name__ == "__main__":
    house.main()
