"""Ten thousand slow connections, requests that never end, bodies without measure: the lab goes on answering others, and what it takes
of the memory is bounded."""
import re
import resource
import selectors
import socket
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm

SLOW = 10000


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Flood(lab_house.Test):
    def setUp(self):
        super().setUp()
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.n = min(SLOW, hard - 200)
        self.lab_ = self.lab()
        self.lab_.serve()

    def resident(self):
        with open("/proc/%d/status" % self.lab_.processes[0].p.pid, encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) * 1024

    def connections(self, first):
        """`n` connections that each sent `first`."""
        found = []
        for _ in range(self.n):
            s = socket.socket()
            s.setblocking(False)
            try:
                s.connect(("127.0.0.1", self.lab_.processes[0].port))
            except BlockingIOError:
                pass
            found.append(s)
            if len(found) % 200 == 0:
                time.sleep(0.01)
        for s in found:
            try:
                s.send(first)
            except OSError:
                pass
        return found

    def answers(self, seconds):
        """An honest request is answered within that time."""
        wire = pm.Wire(self.lab_.url, timeout=seconds)
        began = time.monotonic()
        self.assertEqual(wire.ask("GET", "/log/checkpoint").status, 200)
        return time.monotonic() - began

    def test_ten_thousand_slow_connections(self):
        m = self.python_members(self.lab_, 1)[0]
        before = self.resident()
        slow = self.connections(b"GET /log/checkpoint HTTP/1.1\r\nHost: x\r\nX-")
        try:
            for _ in range(5):
                self.answers(10)
                for s in slow[::50]:
                    try:
                        s.send(b"a")
                    except OSError:
                        pass
                time.sleep(0.3)
            m.post()
            self.assertLess(self.resident() - before, 200 << 20)
            ends = time.monotonic() + 60
            while time.monotonic() < ends and not self.closed(slow):
                time.sleep(1)
            self.assertTrue(self.closed(slow), "who says nothing for long is let go")
        finally:
            for s in slow:
                s.close()
        self.answers(5)

    @staticmethod
    def closed(connections):
        """Whether the lab has ended the greater part of them."""
        gone = 0
        watch = selectors.DefaultSelector()
        for s in connections:
            watch.register(s, selectors.EVENT_READ)
        for key, _ in watch.select(0):
            try:
                gone += key.fileobj.recv(4096) is not None
            except OSError:
                gone += 1
        watch.close()
        return gone * 2 > len(connections)

    def test_bodies_without_measure(self):
        before = self.resident()
        wire = pm.Wire(self.lab_.url, timeout=20)
        for path in ("/v1/join", "/witness/add-checkpoint", "/v1/acts", "/token-request"):
            head = wire.bytes_of("POST", path, [("Content-Length", str(1 << 30))], b"")
            with self.subTest(path=path):
                self.assertIn(wire.raw(head + b"x" * (8 << 20)).status, (0, 400, 401, 413))
                self.answers(5)
        self.assertLess(self.resident() - before, 64 << 20)

    def test_headers_without_measure(self):
        before = self.resident()
        wire = pm.Wire(self.lab_.url, timeout=20)
        for raw in (b"GET / HTTP/1.1\r\n" + b"A: " + b"x" * (4 << 20) + b"\r\n\r\n",
                    b"GET / HTTP/1.1\r\n" + b"".join(b"A%d: x\r\n" % i for i in range(100000)) + b"\r\n",
                    b"GET /" + b"a" * (2 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 100000, b"\r\n" * 50000,
                    b"POST /v1/acts HTTP/1.1\r\nHost: x\r\nAuthorization: PrivateToken token=\"" + b"A" * 100000 + b"\"\r\n\r\n"):
            with self.subTest(raw=raw[:30]):
                self.assertNotEqual(wire.raw(raw).status, 200)
                self.answers(5)
        self.assertLess(self.resident() - before, 64 << 20)

    def test_json_that_is_a_bomb(self):
        wire = pm.Wire(self.lab_.url, timeout=20)
        for body in (b"[" * 32000, b'{"a":' * 6000, b'"' + b"\\u0000" * 5000 + b'"', b"1" * 32000, b'{"a":1' + b',"a":1' * 5000 + b"}", pc.canonical({"v": 10 ** 300})):
            with self.subTest(body=body[:20]):
                self.assertEqual(wire.ask("POST", "/v1/join", [("Content-Type", "application/json")], body).status, 400)
        self.answers(5)


if __name__ == "__main__":
    house.main()
