"""A lab's backup: nothing in it that waits, `spent` in the order of its keys; put back, the lab goes on where members have seen it, and
one that is older than what they have seen is not served before a member's copy has filled it up."""
import os
import sqlite3
import stat
import unittest

import house
import lab_house
from house import HOUR
from lab_house import MONDAY
from lab_ledger import copy_of


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Backup(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.made = self.lab(batch=None, args=("--zone", "UTC"))        # 06:00, 12:00, 18:00; it is 10:00
        self.one = self.made.serve()
        self.author, self.reader = self.python_members(self.made, 2)

    def send(self, n=3):
        """`n` acts, which wait."""
        acts = [self.author.act() for _ in range(n)]
        answers = [self.author.spend(token, item) for token, item in acts]
        self.assertEqual([a.status for a in answers], [200] * n)
        return acts, [a.body for a in answers]

    def slot(self, hour):
        """Let the hour strike; the acts sent so far are in the record."""
        self.clock.at(MONDAY + hour * HOUR + 60)
        self.made.again()
        return self.made.until(lambda log: any(e["slot"] == hour // 6 - 1 for _, e in log.all("batch")))

    def copy(self, name):
        file = self.at(name)
        done = self.made.run("backup", file)
        self.assertEqual(done.status, 0, done.err)
        return file, done

    def back(self, file, *more):
        return self.made.run("restore", file, "--yes", *more)

    def test_backup_has_no_waiting_rows(self):
        published, _ = self.send()
        self.slot(12)
        waiting, promises = self.send()
        file, done = self.copy("lab-november.db")
        self.plain(done.out, "key file")
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        with open(file, "rb") as f:
            raw = f.read()
        for token, item in waiting:
            self.assertFalse(item in raw, "an act that waits is in the backup")
            self.assertFalse(token[2:34] in raw, "its pass is in the backup")
        for token, item in published:
            self.assertTrue(token[2:34] in raw, "a spent pass is not in the backup")
        db = sqlite3.connect("file:%s?mode=ro" % file, uri=True)
        self.assertEqual(db.execute("select count(*) from waiting").fetchone()[0], 0)
        rows = [bytes(r[0]) for r in db.execute("select nonce from spent")]
        self.assertEqual(rows, sorted(token[2:34] for token, _ in published))
        db.close()
        self.assertEqual([f for f in os.listdir(os.path.join(self.made.data, "lab")) if "copying" in f], [])
        self.assertFalse(os.path.exists(os.path.join(self.made.data, "respite.db")), "no node's database was made")

        done = self.back(file)
        self.assertEqual(done.status, 1)
        self.plain(done.err.replace("respite: ", ""), "served")
        self.one.stop()
        done = self.back(file, "--json")
        self.assertEqual(done.status, 0, done.err)
        self.assertIsNone(done.json()["next"])
        self.assertTrue(done.json()["kept"].endswith("lab.db.before-restore-1"))
        self.one.start()
        again = [self.author.spend(token, item) for token, item in waiting]
        self.assertEqual([(a.status, a.body) for a in again], [(200, p) for p in promises])
        log = self.slot(18)
        self.assertEqual(len(log.all("act")), 6)
        self.reader.follow()

    def test_one_that_is_older_waits_for_a_members_copy(self):
        self.send()
        self.slot(12)
        file, _ = self.copy("old.db")
        acts, _ = self.send()
        self.slot(18)
        self.reader.follow()
        copy_of(self.reader, self.at("log.txt"))
        self.one.stop()
        done = self.back(file)
        self.assertEqual(done.status, 0, done.err)
        self.plain(done.out, "older than the lab", "lab recover")
        self.one.start(wait=0)
        status, said = self.one.ended()
        self.assertEqual(status, 1)
        self.plain(said.replace("respite: ", ""), "lab recover")
        done = self.made.run("lab", "recover", self.at("log.txt"), "--json")
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual(done.json()["passes"], 6)
        self.one.start()
        self.reader.follow()
        self.assertEqual(self.author.spend(*acts[0]).status, 200)

    def test_on_a_new_machine_it_asks_for_a_members_copy(self):
        self.send()
        self.slot(12)
        file, _ = self.copy("moved.db")
        there = self.at("new-machine")
        done = self.made.test.respite("restore", file, "--data", there, "--yes")
        self.assertEqual(done.status, 1, "without the key file")
        self.plain(done.err.replace("respite: ", ""), "lab init|lab.key")
        os.makedirs(os.path.join(there, "lab"), 0o700)
        with open(os.path.join(self.made.data, "lab", "lab.key"), "rb") as key, open(os.path.join(there, "lab", "lab.key"), "wb") as to:
            to.write(key.read())
        os.chmod(os.path.join(there, "lab", "lab.key"), 0o600)
        done = self.made.test.respite("restore", file, "--data", there, "--yes")
        self.assertEqual(done.status, 0, done.err)
        self.plain(done.out, "lab recover")
        self.assertTrue(os.path.exists(os.path.join(there, "lab", "lab.db")))

    def test_what_is_not_this_labs_changes_nothing(self):
        other = self.lab(batch=None)
        other.serve()
        file = self.at("other.db")
        self.assertEqual(other.run("backup", file).status, 0)
        self.one.stop()
        before = house.sha_dump(os.path.join(self.made.data, "lab", "lab.db"))
        done = self.back(file)
        self.assertEqual(done.status, 1)
        self.plain(done.err.replace("respite: ", ""), "another lab")
        with open(file, "r+b") as f:
            f.seek(5000)
            f.write(os.urandom(4000))
        self.assertEqual(self.back(file).status, 1)
        self.assertEqual(house.sha_dump(os.path.join(self.made.data, "lab", "lab.db")), before)


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Elsewhere(lab_house.Test):
    def test_one_in_postgresql_names_the_tool(self):
        lab = self.lab()
        for more in ([], ["--db", "postgresql://somebody@127.0.0.1/lab"]):
            done = lab.run("backup", self.at("x.db"), *more)
            self.assertEqual(done.status, 1)
            self.plain(done.err.replace("respite: ", ""), "pg_dump", "lab doctor")
            self.assertFalse(os.path.exists(self.at("x.db")))

    def test_a_folder_of_both_says_which(self):
        lab = self.lab()
        lab.serve()
        lab.run("rest", "quiet", "2026-12-01..2026-12-05")
        self.assertTrue(os.path.exists(os.path.join(lab.data, "respite.db")))
        self.assertEqual(lab.run("backup", self.at("node.db")).status, 0)
        self.assertEqual(lab.run("backup", self.at("lab.db"), "--lab").status, 0)
        for name, has in (("node.db", 0), ("lab.db", 1)):
            db = sqlite3.connect(self.at(name))
            self.assertEqual(db.execute("select count(*) from sqlite_master where name = 'member'").fetchone()[0], has, name)
            db.close()


if __name__ == "__main__":
    house.main()
