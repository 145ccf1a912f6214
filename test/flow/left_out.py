"""Lists of members that leave one out (docs/PROTOCOL.md section 5, Roster): found by the log alone, whatever the clock of this computer
says; and a name that left in this week, which comes back into lists and quota with the next, and no later."""
import time
import unittest

import house
import lab_house
import peer_lab
import peer_member as pm

OUT = "the lab's list of members leaves you out"


class Listed(lab_house.Test):
    def out(self, *others):
        self.one.run("board", *others)
        return [f for f in self.one.verify()[1]["findings"] if OUT in f]

    def again(self, leave_out):
        """The lists are logged once more, as they change, with or without this member."""
        tag = next(m for m in self.lab.members.values() if m["secret"])
        with self.lab.lock:
            if leave_out:
                kept, tag["epoch"] = tag["epoch"], "9999-W01"
            self.lab.fill(3)
            if leave_out:
                tag["epoch"] = kept


@unittest.skipUnless(lab_house.has("join") and lab_house.has("verify"), "this program verifies no lab")
class LeftOut(Listed):
    def joined(self, clock=0, since=None):
        self.clock.at(lab_house.MONDAY + 34 * house.HOUR)
        self.lab = self.keep(peer_lab.Lab(self.clock.now, batch_at_once=False))
        self.lab.since = since
        self.lab.fill(11)
        self.clock.go(3600)
        self.one = self.member("one", clock=lab_house.Clock(self.clock.now() + clock))
        self.one.join(self.lab.invite("One"))

    def test_a_later_list_that_leaves_a_member_out(self):
        self.joined()
        self.assertEqual(self.out(), [])
        self.again(False)
        self.assertEqual(self.out(), [])
        self.again(True)
        self.assertTrue(self.out())

    def test_a_clock_that_is_behind_accuses_nobody(self):
        """The list of an hour ago is later than the joining, by this clock."""
        self.joined(clock=-5 * house.HOUR)
        self.assertEqual(self.out(), [])
        self.again(False)
        self.assertEqual(self.out(), [])

    def test_a_clock_that_is_ahead_excuses_nobody(self):
        self.joined(clock=5 * house.HOUR)
        self.again(True)
        self.assertTrue(self.out())

    def test_a_name_that_left_this_week_is_in_with_the_next(self):
        self.joined(since=pm.epoch_text(lab_house.MONDAY + 7 * house.DAY))
        member = next(m for m in self.lab.members.values() if m["secret"])
        member["epoch"] = self.lab.since
        self.lab.fill(1)
        self.assertEqual(self.out(), [])
        self.assertEqual(self.one.verify()[0], 0)

    def test_that_excuses_one_week_alone(self):
        """Left out of the next one, too."""
        self.joined(since=pm.epoch_text(lab_house.MONDAY + 7 * house.DAY))
        self.again(True)
        self.assertTrue(self.out())

    def test_a_lab_that_speaks_of_a_later_week_hides_nobody(self):
        self.joined(since=pm.epoch_text(lab_house.MONDAY + 14 * house.DAY))
        member = next(m for m in self.lab.members.values() if m["secret"])
        member["epoch"] = self.lab.since
        self.lab.fill(1)
        self.assertTrue(self.out())


@unittest.skipUnless(lab_house.has_lab() and lab_house.has("join"), "this program has no lab to join yet")
class BackAgain(Listed):
    def test_who_left_and_comes_back(self):
        """A real lab, its lists at its own times: the one who comes back under the same name this week is told, and accuses nobody."""
        self.clock.at(lab_house.MONDAY + 34 * house.HOUR)
        lab = self.lab(trial=False)
        lab.serve()
        first = self.member("first")
        first.join(lab.invite(["Wei"])[0])
        self.clock.go(9 * house.HOUR)
        lab.again()
        lab.until(lambda log: any(e["members"] == 1 for _, e in log.all("roster")))
        first.good("join", "--leave", "--yes")
        self.one = self.member("again")
        done = self.one.join(lab.invite(["Wei"])[0])
        self.assertIn("from next week on", " ".join(done.out.split()))
        other = self.member("other")
        self.assertNotIn("next week", other.join(lab.invite(["Ana"])[0]).out)
        for day, hour in ((1, 23), (2, 12), (6, 13), (7, 1), (7, 19), (8, 12)):
            self.clock.at(lab_house.MONDAY + day * house.DAY + hour * house.HOUR)
            lab.again()
            time.sleep(1)
            self.assertEqual(self.out(), [])
            self.assertEqual(self.one.verify()[1]["findings"], [])
        # who left took next week's passes along and stands in its list too: issued <= members x quota holds
        self.assertEqual(lab.log().last("roster")[1]["members"], 3)


if __name__ == "__main__":
    house.main()
