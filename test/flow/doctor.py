"""`respite doctor`: each thing broken on purpose is named with its repair; a sound house is called sound."""
import os

import house


class Doctor(house.Test):
    def look(self, status, env=None, *args):
        done = self.respite("doctor", "--json", *args, env=env)
        self.assertEqual(done.status, status, (done.out, done.err))
        got = done.json()
        rows = got.get("findings", got if isinstance(got, list) else [])
        self.assertTrue(rows, got)
        for row in rows:
            self.assertIsInstance(row["ok"], bool)
            self.assertTrue(row["name"] and row["text"], row)
            if not row["ok"]:
                self.plain(row["text"])
        return {row["name"]: row for row in rows}

    def bad(self, env=None):
        return " ".join(r["text"] for r in self.look(1, env).values() if not r["ok"])

    def test_a_sound_house(self):
        self.hours(self.two_weeks())
        rows = self.look(0)
        self.assertIn("git", rows)
        self.assertTrue(any("landlock" in r["text"].lower() or "seccomp" in r["text"].lower() or "sandbox" in n.lower()
                            for n, r in rows.items()), rows)

    def test_the_same_in_words(self):
        self.hours(self.two_weeks())
        done = self.respite("doctor")
        self.assertEqual(done.status, 0, done.err)
        self.assertIn("git", done.out)

    def test_git_missing(self):
        os.mkdir(self.at("none"))
        self.assertRegex(self.bad({"PATH": self.at("none")}), r"\bgit\b")

    def test_git_too_old(self):
        os.mkdir(self.at("bin"))
        with open(self.at("bin", "git"), "w") as f:
            f.write('#!/bin/sh\necho "git version 1.8.0"\n')
        os.chmod(self.at("bin", "git"), 0o755)
        self.assertRegex(self.bad({"PATH": self.at("bin")}), r"git.*(1\.8\.0|old|newer)")

    def test_the_git_that_is_needed_is_the_one_that_is_asked_for(self):
        self.hours(self.two_weeks())
        os.mkdir(self.at("bin"))
        for version, enough in (("2.20.1", False), ("2.35.8", False), ("2.36.0", True), ("3.0.0", True)):
            with open(self.at("bin", "git"), "w") as f:
                f.write('#!/bin/sh\necho "git version %s"\n' % version)
            os.chmod(self.at("bin", "git"), 0o755)
            done = self.respite("doctor", "--json", env={"PATH": self.at("bin")})
            row = next(r for r in done.json()["findings"] if r["name"] == "git")
            self.assertEqual(row["ok"], enough, row)
            if not enough:
                self.assertIn("2.36", row["text"])

    def test_an_open_data_folder(self):
        self.hours(self.two_weeks())
        os.chmod(self.data, 0o755)
        said = self.bad()
        self.assertRegex(said, "chmod|0700|other")

    def test_an_open_database(self):
        self.hours(self.two_weeks())
        os.chmod(os.path.join(self.data, "respite.db"), 0o644)
        self.assertRegex(self.bad(), "chmod|0600|other")

    def test_a_database_that_is_none(self):
        self.hours(self.two_weeks())
        for name in os.listdir(self.data):
            if name.startswith("respite.db-"):
                os.unlink(os.path.join(self.data, name))
        path = os.path.join(self.data, "respite.db")
        with open(path, "r+b") as f:
            f.write(b"not a database at all")
        self.assertRegex(self.bad(), "database|respite.db")

    def test_a_damaged_database(self):
        self.hours(self.two_weeks())
        path = os.path.join(self.data, "respite.db")
        with open(path, "r+b") as f:
            f.seek(4096)
            f.write(b"\xff" * (os.path.getsize(path) - 4096))
        self.assertRegex(self.bad(), "database|restore|damaged")

    def test_a_folder_that_went_away(self):
        repo = self.two_weeks()
        browser = self.node(repo).browser()
        browser.picture()
        for node in self.nodes:
            node.stop()
        os.rename(repo, self.at("elsewhere"))
        rows = self.look(1)
        self.assertRegex(" ".join(r["text"] for r in rows.values() if not r["ok"]), "thesis")

    def test_it_repairs_nothing_and_makes_nothing(self):
        done = self.respite("doctor")
        self.assertIn(done.status, (0, 1))
        self.assertFalse(os.path.exists(os.path.join(self.data, "respite.db")), "looking makes no database")

    def test_schema_prints_every_rooms_migrations(self):
        done = self.respite("doctor", "--schema")
        self.assertEqual(done.status, 0, done.err)
        self.assertRegex(done.out.lower(), "create table")


if __name__ == "__main__":
    house.main()
