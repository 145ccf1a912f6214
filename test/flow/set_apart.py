"""What is set apart and what counts (REST 2.4): merge clicks, bots, agents, unknown zones, other people; each in one class."""
import house
from house import DAY, HOUR, NOW, commit

GITHUB = "noreply@github.com"


class Apart(house.Test):
    def of(self, *commits):
        got = self.hours(self.repo("r", commits))
        self.assertEqual(got["events"] + sum(n for k, n in got["excluded"].items() if k != "zone_unknown"), len(commits), got)
        return got

    def test_a_squash_merge_is_the_time_of_a_click(self):
        got = self.of(commit(NOW - 2 * DAY), commit(NOW - DAY, by=GITHUB), commit(NOW - DAY + HOUR, by=GITHUB, by_at=NOW - DAY + HOUR + 60))
        self.assertEqual((got["events"], got["excluded"]["merge_click"]), (1, 2))

    def test_a_rebase_merge_two_hours_later_counts(self):
        got = self.of(commit(NOW - DAY, by=GITHUB, by_at=NOW - DAY + 2 * HOUR), commit(NOW - 2 * DAY, by=GITHUB, by_at=NOW - 2 * DAY + 61))
        self.assertEqual((got["events"], got["excluded"].get("merge_click", 0)), (2, 0))

    def test_ones_own_local_merge_counts(self):
        repo = self.repo("m", [commit(NOW - 3 * DAY)])
        base = self.tip(repo, "main")
        self.grow(repo, [commit(NOW - 2 * DAY)], "refs/heads/side", parent=base)
        when = {"GIT_AUTHOR_DATE": "%d +0100" % (NOW - DAY), "GIT_COMMITTER_DATE": "%d +0100" % (NOW - DAY)}
        self.git(repo, "checkout", "-q", "-f", "main", env=when)
        self.git(repo, "merge", "-q", "--no-ff", "-m", "m", "side", env=when)
        self.assertEqual(self.hours(repo)["events"], 3)

    def test_bots(self):
        got = self.of(commit(NOW - DAY), commit(NOW - 2 * DAY, name="wei[bot]"), commit(NOW - 3 * DAY, name="dependabot"))
        self.assertEqual((got["events"], got["excluded"]["bots"]), (1, 2))

    def test_agents_are_asked_about_not_counted(self):
        got = self.of(commit(NOW - DAY), commit(NOW - 2 * DAY, message=b"x\n\nCo-authored-by: A <noreply@anthropic.com>\n"),
                      commit(NOW - 3 * DAY, message=b"x\n\nCo-Authored-By: C <cursoragent@cursor.com>\n"),
                      commit(NOW - 4 * DAY, name="Wei Zhang (aider)"),
                      commit(NOW - 5 * DAY, message=b"x\n\nCo-authored-by: Lin <lin@lab.example>\n"))
        self.assertEqual((got["events"], got["excluded"]["agents"]), (2, 3))

    def test_an_unknown_zone_counts_for_hours_alone(self):
        sunday_night = NOW - 4 * DAY + 9 * HOUR  # Sunday, 21:00 UTC
        got = self.of(commit(NOW - 12 * DAY, zone="+0100"), commit(sunday_night, zone="+0000"))
        self.assertEqual((got["events"], got["excluded"]["zone_unknown"]), (2, 1))
        week = [w for w in got["weeks"] if w["week"] == "2026-W46"][0]
        self.assertEqual((week["signs"], week["evenings"], week["sundays"], week["longest_rest_hours"]), (1, 0, 0, None))

    def test_utc_is_trusted_where_this_machine_is_on_utc(self):
        repo = self.repo("r", [commit(NOW - 8 * DAY, zone="+0100"), commit(NOW - DAY, zone="+0000")])
        self.assertEqual(self.hours(repo, env={"TZ": "UTC"})["excluded"].get("zone_unknown", 0), 0)

    def test_utc_alone_is_a_zone_like_any_other(self):
        self.assertEqual(self.of(commit(NOW - 2 * DAY, zone="+0000"), commit(NOW - DAY, zone="+0000"))["excluded"].get("zone_unknown", 0), 0)

    def test_others_are_counted_and_nothing_else(self):
        got = self.of(commit(NOW - DAY), commit(NOW - DAY, mail=house.OTHER), commit(NOW - DAY + HOUR, mail="third@x.example"))
        self.assertEqual((got["events"], got["excluded"]["others"]), (1, 2))
        self.assertNotIn(house.OTHER, str(got))

    def test_mine_adds_an_address_and_is_repeatable(self):
        repo = self.repo("r", [commit(NOW - DAY), commit(NOW - 2 * DAY, mail="wei@home.example"), commit(NOW - 3 * DAY, mail="w@old.example")])
        self.assertEqual(self.hours(repo)["events"], 1)
        self.assertEqual(self.hours("--mine", "Wei@Home.example", "--mine=w@old.example", repo)["events"], 3)

    def test_mailmap_decides_nothing(self):
        repo = self.repo("r", [commit(NOW - DAY, mail="boss@lab.example", files=[
            (b".mailmap", b"Wei <%s> <boss@lab.example>\n" % house.ME.encode())])])
        done = self.respite("hours", "--json", repo)
        if done.status == 0:
            self.assertEqual(done.json()["events"], 0)

    def test_each_line_of_the_terminal_adds_up(self):
        repo = self.repo("r", [commit(NOW - DAY), commit(NOW - DAY, by=GITHUB), commit(NOW - 2 * DAY, name="x[bot]")])
        done = self.respite("hours", repo)
        self.assertEqual(done.status, 0, done.err)
        self.assertRegex(done.out, r"Set apart: .*1 merge click")


if __name__ == "__main__":
    house.main()
