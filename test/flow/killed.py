"""kill -9 at any instant of a scan: afterwards the picture is complete and nothing is in it twice."""
import os
import random
import signal
import subprocess
import time

import house
from house import DAY, NOW, commit

COMMITS = 3000


class Killed(house.Test):
    def setUp(self):
        super().setUp()
        self.big = self.repo("big", [commit(NOW - 75 * DAY + i * 2000) for i in range(COMMITS)])

    def kill_after(self, seconds, argv, ready=None):
        p = subprocess.Popen([house.RESPITE, *argv], env=self.env, cwd=self.src, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        if ready:
            while ready not in p.stdout.readline():
                pass
        time.sleep(seconds)
        os.killpg(p.pid, signal.SIGKILL)
        p.communicate()

    def whole(self):
        got = self.hours(self.big)
        self.assertEqual(got["events"], COMMITS)
        db = self.db()
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            columns = [c[1] for c in db.execute('pragma table_info("%s")' % table)]
            if table == "sign" and "id" in columns:
                total, distinct = db.execute("select count(*), count(distinct id) from sign").fetchone()
                self.assertEqual(total, distinct)
        self.assertEqual(db.execute("pragma integrity_check").fetchone()[0], "ok")
        db.close()
        return got

    def test_at_random_instants_of_a_command(self):
        reference = self.hours("--data", self.at("elsewhere"), self.big)
        took = time.monotonic()
        self.hours("--data", self.at("elsewhere2"), self.big)
        took = time.monotonic() - took
        rounds = 40 if os.environ.get("RESPITE_LONG") else 8
        chance = random.Random(20261119)
        for i in range(rounds):
            self.kill_after(chance.uniform(0.05, 1.05) * took, ["hours", self.big])
            if i % 2:
                self.assertEqual(self.whole()["weeks"], reference["weeks"])
                subprocess.run(["rm", "-rf", self.data], check=True)
        self.kill_after(took / 2, ["hours", self.big])
        self.assertEqual(self.whole()["weeks"], reference["weeks"])

    def test_in_the_background_import_of_the_page(self):
        for wait in (0.02, 0.2, 0.6):
            self.kill_after(wait, ["--port", "0", "--no-browser", self.big], ready=b"Page")
        page = self.node(self.big).browser().picture()
        self.assertEqual(page.status, 200)
        self.whole()

    def test_a_choice_that_was_acknowledged_is_there(self):
        node = self.node(self.big)
        node.browser().picture()
        node.stop(signal.SIGKILL)
        again = self.node(self.big).browser().get(house.PICTURE)
        self.assertIn("<svg", again.text, "the first page is not asked again")


if __name__ == "__main__":
    house.main()
