"""Times that cannot be and zones that cannot be: each falls into its class, is counted there, and breaks nothing (REST 12)."""
import house
from house import DAY, HOUR, NOW, commit


class Times(house.Test):
    def one(self, author, committer=None):
        """A repository of one good commit and one whose author line ends in `author`; what `hours` says of it."""
        repo = self.repo("odd", [commit(NOW - 2 * DAY)])
        who = b"Wei <%s> " % house.ME.encode()
        self.raw_commit(repo, who + author, who + (committer or b"%d +0100" % (NOW - DAY)), "odd")
        done = self.hours("--mine", house.ME, repo)
        return done

    def class_of(self, author, name, committer=None):
        got = self.one(author, committer)
        self.assertEqual(got["excluded"].get(name, 0), 1, got)
        return got

    def test_epoch_zero(self):
        self.assertEqual(self.class_of(b"0 +0000", "clock")["events"], 1)

    def test_1970(self):
        self.class_of(b"86400 +0100", "clock")

    def test_1989_is_too_early_1991_is_old(self):
        self.class_of(b"631151999 +0100", "clock")

    def test_2106(self):
        self.class_of(b"4294967296 +0000", "clock")

    def test_far_future(self):
        self.class_of(b"99999999999 +0000", "clock")

    def test_two_to_the_64(self):
        self.class_of(b"18446744073709551615 +0000", "clock")

    def test_negative(self):
        self.class_of(b"-1000000 +0000", "clock")

    def test_two_days_ahead(self):
        self.class_of(b"%d +0100" % (NOW + 2 * DAY), "clock")

    def test_an_hour_ahead_is_a_clock_that_is_off_and_counts(self):
        self.assertEqual(self.one(b"%d +0100" % (NOW + HOUR))["events"], 2)

    def test_zone_of_518_hours(self):
        got = self.class_of(b"%d +51800" % (NOW - DAY), "zone_unknown")
        self.assertEqual(got["events"], 2, "it counts in the hours")

    def test_zone_with_60_minutes(self):
        self.class_of(b"%d +0560" % (NOW - DAY), "zone_unknown")

    def test_minus_zero(self):
        got = self.one(b"%d -0000" % (NOW - DAY))
        self.assertEqual(got["events"], 2)

    def test_no_author_time_at_all(self):
        repo = self.repo("nothing", [commit(NOW - 2 * DAY)])
        self.raw_commit(repo, b"Wei <%s>" % house.ME.encode(), b"Wei <%s> %d +0100" % (house.ME.encode(), NOW - DAY), "odd")
        got = self.hours("--mine", house.ME, repo)
        self.assertEqual(got["events"] + sum(got["excluded"].values()), 2, got)

    def test_a_committer_from_1970_hides_nothing_of_ours(self):
        """`--since` judges by committer times; what it misses the whole import of the page brings (REST 10)."""
        self.one(b"%d +0100" % (NOW - DAY), b"0 +0000")
        browser = self.node(self.at("src", "odd")).browser()
        browser.picture()
        browser.until("/", lambda _: self.hours("--mine", house.ME, self.at("src", "odd"))["events"] == 2, wait=20)

    def test_all_of_them_together_in_the_page(self):
        repo = self.repo("all", [commit(NOW - 2 * DAY)])
        who = b"Wei <%s> " % house.ME.encode()
        for i, t in enumerate([b"0 +0000", b"-5 +0000", b"99999999999 +0000", b"18446744073709551615 +0000", b"7 +51800"]):
            self.raw_commit(repo, who + t, who + b"%d +0100" % (NOW - DAY - i), "odd%d" % i)
        for command in ("hours", "week"):
            done = self.respite(command, repo)
            self.assertEqual(done.status, 0, done.err)
        page = self.node(repo).browser().picture()
        self.assertEqual(page.status, 200)

    def test_signs_are_local_to_the_commits_own_zone(self):
        # 23:30 on Sunday in Auckland is midday in Berlin.
        sunday = NOW - 4 * DAY  # Sunday 15 November, 12:00 UTC
        repo = self.repo("travel", [commit(sunday - 90 * 60, zone="+1300")])
        week = [w for w in self.hours(repo)["weeks"] if w["signs"]][0]
        self.assertEqual((week["signs"], week["evenings"], week["sundays"]), (1, 1, 1))

    def test_the_clock_change_counts_elapsed_hours(self):
        # Berlin, 25 October 2026: 02:00 CEST to 02:00 CET are two different moments of one clock hour.
        half_past_two = 1792888200  # 00:30 UTC
        repo = self.repo("dst", [commit(half_past_two, zone="+0200"), commit(half_past_two + HOUR, zone="+0100")])
        got = self.hours(repo)
        self.assertEqual(got["events"], 2)
        week = [w for w in got["weeks"] if w["signs"]]
        self.assertEqual(len(week), 1)
        self.assertEqual(week[0]["signs"], 1, "one date and hour on the wall, twice")


if __name__ == "__main__":
    house.main()
