"""Sixteen connections, several processes, one database: a pass is spent once, everything that was acknowledged is there once, and all
processes show the same record. On SQLite and on PostgreSQL."""
import concurrent.futures
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Race(lab_house.Test):
    PROCESSES, CONNECTIONS, PASSES = 3, 16, 8

    def start(self, db):
        lab = self.lab(db=db)
        for _ in range(self.PROCESSES):
            lab.serve()
        return lab, self.python_members(lab, 1)[0]

    def at_once(self, lab, works):
        """Send `works`, pairs of token and item, from sixteen connections over all processes: the answers in their order."""
        def one(i):
            wire = lab.wire(i % self.PROCESSES)
            token, item = works[i]
            pairs = [("Accept", "application/json"), ("Authorization", pm.private_token(token)), ("Content-Type", "application/json")]
            return wire.ask("POST", "/v1/acts", pairs, pc.act_body(item))
        with concurrent.futures.ThreadPoolExecutor(self.CONNECTIONS) as pool:
            return list(pool.map(one, range(len(works))))

    def same_everywhere(self, lab, leaves):
        """Every leaf stands once in the record, which all processes show alike, and sums, tokens and leaves agree."""
        log = lab.until(lambda log: set(leaves) <= set(log.leaves))
        self.assertEqual(sorted(leaf for leaf in log.leaves if leaf in set(leaves)), sorted(leaves))
        for i in range(self.PROCESSES):
            other = lab.log(i)
            self.assertEqual(other.leaves[:len(log.leaves)], log.leaves)
        batches = [e for _, e in log.all("batch")]
        self.assertEqual(sum(e["count"] for e in batches), len(log.all("act")))
        self.assertEqual([e["n"] for e in batches], list(range(1, len(batches) + 1)))
        return log

    def double_spend(self, db):
        lab, m = self.start(db)
        epoch = pm.epoch_text(self.clock.now())
        accepted = []
        for _ in range(self.PASSES):
            token = m.passes[epoch].pop()
            items = [m.act(token=token)[1] for _ in range(self.CONNECTIONS)]
            answers = self.at_once(lab, [(token, item) for item in items])
            good = [i for i, a in enumerate(answers) if a.status == 200]
            self.assertEqual(len(good), 1, [repr(a) for a in answers])
            self.assertEqual({(a.status, a.problem()) for i, a in enumerate(answers) if i not in good}, {(409, "pass-spent")})
            m.check_receipt(items[good[0]], answers[good[0]].body)
            accepted.append(pc.act_leaf(items[good[0]])[1])
        self.same_everywhere(lab, accepted)

    def same_item(self, db):
        lab, m = self.start(db)
        leaves = []
        for _ in range(self.PASSES):
            token, item = m.act()
            answers = self.at_once(lab, [(token, item)] * self.CONNECTIONS)
            self.assertEqual({(a.status, a.body) for a in answers}, {(200, answers[0].body)})
            leaves.append(pc.act_leaf(item)[1])
        self.same_everywhere(lab, leaves)

    def many(self, db):
        lab, m = self.start(db)
        works = [m.act() for _ in range(60)]
        answers = self.at_once(lab, works)
        self.assertEqual({a.status for a in answers}, {200}, [repr(a) for a in answers if a.status != 200][:3])
        self.same_everywhere(lab, [pc.act_leaf(item)[1] for _, item in works])
        m.follow()
        for e in [e for _, e in m.log.all("batch")]:
            m.batch(e["n"])

    def joins(self, db):
        lab, _ = self.start(db)
        url = lab.invite(["Wanted by many"])[0]
        bodies = [pm.Member(url, "Me %d" % i, self.clock.now).join_body() for i in range(self.CONNECTIONS)]
        with concurrent.futures.ThreadPoolExecutor(self.CONNECTIONS) as pool:
            answers = list(pool.map(lambda i: lab.wire(i % self.PROCESSES).ask("POST", "/v1/join", [("Content-Type", "application/json")], bodies[i]),
                                    range(len(bodies))))
        self.assertEqual(sorted(a.status for a in answers), [201] + [409] * (self.CONNECTIONS - 1))

    def withdrawals(self, db):
        lab, first = self.start(db)
        m = pm.Member(lab.invite(["Hasty"])[0], "Hasty", self.clock.now).join()
        m.log = first.log
        epoch = pm.epoch_text(self.clock.now())
        asked = [m.ask_passes(epoch) for _ in range(6)]
        with concurrent.futures.ThreadPoolExecutor(self.CONNECTIONS) as pool:
            answers = list(pool.map(lambda i: lab.wire(i % self.PROCESSES).ask("POST", "/token-request", [("Authorization", pm.bearer(m.secret)), (
                "Content-Type", pc.BATCH_REQUEST_TYPE)], asked[i][2]), range(len(asked))))
        self.assertEqual(sorted(a.status for a in answers), [200] + [409] * 5)

    def test_double_spend_race_sqlite(self):
        self.double_spend(None)

    def test_double_spend_race_postgresql(self):
        self.double_spend(self.postgres().url())

    def test_one_item_from_all_sides_sqlite(self):
        self.same_item(None)

    def test_one_item_from_all_sides_postgresql(self):
        self.same_item(self.postgres().url())

    def test_many_acts_sqlite(self):
        self.many(None)

    def test_many_acts_postgresql(self):
        self.many(self.postgres().url())

    def test_one_invitation_for_many_sqlite(self):
        self.joins(None)

    def test_one_invitation_for_many_postgresql(self):
        self.joins(self.postgres().url())

    def test_two_withdrawals_sqlite(self):
        self.withdrawals(None)

    def test_two_withdrawals_postgresql(self):
        self.withdrawals(self.postgres().url())


if __name__ == "__main__":
    house.main()
