"""What a member's node puts on the wire, byte for byte, by a listener between node and lab (on paper): requests of two members that are
equal but for pass and act, kinds that never mix, one connection a request, and `respite sent` that tells the same story."""
import re
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_lab

FIXED = ["Host", "User-Agent", "Accept", "Authorization", "Content-Type", "Content-Length", "Connection"]


@unittest.skipUnless(lab_house.has("join") and lab_house.has("post"), "this program joins no lab")
class Wire(lab_house.Test):
    def setUp(self):
        super().setUp()
        self.between = self.listener(None)
        self.lab = self.keep(peer_lab.Lab(self.clock.now, front=self.between.url))
        self.between.to = self.lab.at

    def two(self):
        found = []
        for name in ("One", "Two"):
            m = self.member(name)
            m.join(self.lab.invite(name))
            found.append(m)
        self.lab.fill(8)
        return found

    def masked(self, x):
        """A request on the anonymous road without its pass and its act."""
        head, _, body = x.out.partition(b"\r\n\r\n")
        self.assertIn(len(body), pc.SIZES)
        head, n = re.subn(rb'(Authorization: PrivateToken token=")[\w=-]{472}(")', rb"\1\2", head)
        self.assertEqual(n, 1)
        return head

    def test_two_members_same_bytes(self):
        sent = []
        for m, text in zip(self.two(), ("A short one.", "Another, longer than the first; both are of one size.")):
            self.between.clear()
            m.post(text)
            acts = self.between.of("^/v1/acts")
            self.assertEqual(len(acts), 1)
            sent.append(acts[0])
        self.assertEqual(self.masked(sent[0]), self.masked(sent[1]))
        self.assertEqual([n for n, _ in sent[0].headers], FIXED)
        self.assertEqual(sent[0].header("User-Agent"), "respite")
        bodies = [x.body.rstrip(b" ") for x in sent]
        common = [set(self.words(a)) for a in bodies]
        self.assertEqual(common[0] & common[1], set(self.words(self.shared(bodies))), "what two acts of two members have in common")

    @staticmethod
    def words(body):
        return re.findall(rb'"[^"]{12,}"', body)

    def shared(self, bodies):
        """What every member of this lab says alike: the lab and the head."""
        return b",".join(re.findall(rb'"(?:head|lab)":("[^"]*")', bodies[0]))

    def test_two_threads_share_no_bytes(self):
        one, _ = self.two()
        self.between.clear()
        one.post("A first thread.")
        one.post("A second thread.")
        a, b = [x.body.rstrip(b" ") for x in self.between.of("^/v1/acts")]
        self.assertEqual(set(self.words(a)) & set(self.words(b)), set(self.words(self.shared([a]))))

    def test_kinds_never_mix(self):
        one, _ = self.two()
        one.post("Something.")
        one.board()
        one.tick()
        for x in self.between.exchanges:
            with self.subTest(line=x.line):
                self.assertEqual(x.out.count(b"HTTP/1.1\r\n"), 1, "one request a connection")
                names = [n for n, _ in x.headers]
                self.assertEqual(names, [n for n in FIXED if n in names])
                kind = x.header("Authorization").split(" ")[0]
                want = "PrivateToken" if x.path == "/v1/acts" else \
                    "Bearer" if re.match("/token-request|/v1/epochs|/v1/cosignatures|/v1/member", x.path) else \
                    "Crowd" if re.match("/v1/(batches|rosters)", x.path) else ""
                self.assertEqual(kind, want)
                self.assertEqual(x.header("Connection"), "close")

    def test_what_was_sent_is_on_record(self):
        one, _ = self.two()
        self.between.clear()
        before = len(one.sent())
        one.post("Something.")
        one.board()
        said = one.sent()
        self.assertEqual(len(said) - before, len(self.between.exchanges), said)
        text = str(said)
        for x in self.between.of("^/v1/acts"):
            token = re.search(r'token="([^"]+)"', x.header("Authorization")).group(1)
            self.assertNotIn(token[:40], text)
        self.assertNotIn("Something.", text)

    def test_reading_asks_for_whole_batches(self):
        one, two = self.two()
        one.post("Something.")
        self.between.clear()
        two.board()
        for x in self.between.exchanges:
            self.assertNotRegex(x.path, "/v1/threads|[?]")
        self.assertEqual(len(self.between.of("^/v1/batches/board/1")), 1)
        self.between.clear()
        two.board("--offline")
        self.assertEqual(self.between.exchanges, [])


if __name__ == "__main__":
    house.main()
