"""Both ends against a client nobody here wrote, Cloudflare's Privacy Pass in JavaScript (docs/PROTOCOL.md, section 13): their client in
our lab, our member's node with their issuer and origin behind a lab on paper."""
import os
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_js
import peer_lab
import peer_member as pm


@peer_js.needed
class Interop(lab_house.Test):
    def borrow(self, host):
        return self.keep(peer_js.Server(host))

    def paper(self, quota):
        return self.keep(peer_lab.Lab(self.clock.now, quota=quota, borrow=self.borrow))

    @unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
    def test_their_client_in_our_lab(self):
        for quota in (1, 2, 64) if os.environ.get("RESPITE_LONG") else (1, 2):
            lab = self.lab(args=("--quota", str(quota)))
            lab.serve()
            m = self.python_members(lab, 1, passes=False)[0]
            epoch = pm.epoch_text(self.clock.now())
            key = m.log.key(epoch)[0]
            more = ("--batch", str(quota)) if quota > 1 else ()
            status, said = peer_js.client(lab.url, pc.b64u(m.secret), pc.b64(key.challenge), pc.b64(m.head(epoch)), *more)
            self.assertEqual(status, 0, said)
            lab.until(lambda log: len(log.all("act")) == quota)
            m.follow()
            self.assertIn("From a client that nobody here wrote.", str(m.batch(log_batches(m)[0]["n"])["items"]))

    def test_the_python_member_with_their_issuer_and_origin(self):
        for quota in (1, 2):
            lab = self.paper(quota)
            m = pm.Member(lab.invite("One"), "One", self.clock.now).join().follow().withdraw()
            token, item = m.act()
            self.assertEqual(m.spend(token[:-1] + bytes([token[-1] ^ 1]), item).status, 422)
            m.check_receipt(item, m.spend(token, item).body)

    @unittest.skipUnless(lab_house.has("join"), "this program joins no lab")
    def test_our_node_with_their_issuer_and_origin(self):
        """Their issuer takes most of a second for a signature: 64 would be later than the 10 s that a node waits for an answer."""
        for quota in (2, 8) if os.environ.get("RESPITE_LONG") else (2,):
            lab = self.paper(quota)
            one = self.member("one%d" % quota)
            one.join(lab.invite("One"))
            lab.fill(9)
            one.post("From the node to their origin.")
            self.assertEqual([x["act"]["text"] for b in lab.batches for x in b["items"]], ["From the node to their origin."])
            self.assertEqual(one.verify()[0], 0)


def log_batches(m):
    return [e for _, e in m.log.all("batch")]


if __name__ == "__main__":
    house.main()
