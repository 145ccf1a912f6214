"""A lab as a program: `lab init`, the process that serves, what it answers to requests that are none, how it starts, falls and comes
back, several processes on one PostgreSQL, and what an operator is told. Members and passes are the matter of lab_protocol.py."""
import concurrent.futures
import json
import os
import resource
import shutil
import signal
import socket
import stat
import subprocess
import time
import unittest

import house
import lab_house
import peer_member

PUBLIC = ("/v1/lab", "/v1/health", "/openapi.json", "/log/checkpoint", "/nothing/here", "/v1/acts", "/v1/batches", "/v1/lab?x=<script>")
SLOW = 10000


class Init(lab_house.Test):
    """`respite lab init`, and what `serve` refuses before it is one."""

    def init(self, *args, data="l"):
        return self.respite("--data", self.at(data), "lab", "init", *args)

    def test_made_once_and_for_nobody_else(self):
        done = self.init("--name", "Lab of trees", "--by", "Wei", "--url", "https://lab.example")
        self.assertEqual(done.status, 0, done.err)
        self.assertIn("lab serve", done.out)
        path = self.at("l", "lab", "lab.key")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        before = open(path, "rb").read()
        again = self.init("--name", "Another")
        self.assertEqual(again.status, 1)
        self.plain(again.err, "already", "--data")
        self.assertEqual(open(path, "rb").read(), before)
        os.chmod(path, 0o640)
        open_file = self.respite("--data", self.at("l"), "lab", "serve", "--port", "0")
        self.assertEqual(open_file.status, 1)
        self.plain(open_file.err, "chmod 600")

    def test_addresses(self):
        for i, (url, good) in enumerate([
                ("https://lab.example", True), ("https://lab.example/", True), ("https://lab.example:8443", True), ("http://127.0.0.1:9", True),
                ("http://[::1]:9", True), ("http://localhost:9", True), ("http://%s.onion" % ("a" * 56), True),
                ("https://" + "a" * 128, True), ("https://" + "a" * 129, False), ("http://lab.example", False), ("lab.example", False),
                ("https://", False), ("https://Lab.example", False), ("https://lab.example/x", False), ("https://u@lab.example", False),
                ("https://lab.example:0", False), ("https://lab.example:70000", False), ("https://lab.example?x", False),
                ("ftp://lab.example", False), ("https://lab.example:", False), ("http://127.0.0.1.evil.example", False)]):
            done = self.init("--name", "L", "--json", "--url", url, data="l%d" % i)
            self.assertEqual(done.status, 0 if good else 2, url + "\n" + done.err)
            if good:
                self.assertEqual(done.json()["issuer"], url.rstrip("/"))
            else:
                self.plain(done.err)
                self.assertFalse(os.path.exists(self.at("l%d" % i, "lab", "lab.key")))

    def test_words_that_are_off(self):
        for args in ((), ("--name", ""), ("--name", "x" * 81), ("--name", "L", "--zone", "Mars/Base"), ("--name", "L", "--zone", "../etc/passwd"),
                     ("--name", "L", "--quota", "2"), ("--name", "L", "--role", "king"), ("--name", "L", "--board", "https://b.example"),
                     ("--name", "L", "--role", "issuer", "--url", "https://i.example"), ("Lab", "--name", "L"),
                     ("--name", "L", "--role", "board", "--url", "https://b.example", "--issuer", "https://i.example", "--issuer-key", "nonsense")):
            done = self.init(*args)
            self.assertEqual(done.status, 2, repr(args) + done.out)
            self.plain(done.err)
        self.assertFalse(os.path.exists(self.at("l")))

    def test_batch_flag_needs_trial(self):
        self.init("--name", "Lab of trees", "--url", "http://127.0.0.1:9")
        done = self.respite("--data", self.at("l"), "lab", "serve", "--port", "0", "--batch", "1")
        self.assertEqual(done.status, 2)
        self.plain(done.err, "trial")
        self.assertFalse(os.path.exists(self.at("l", "lab", "lab.db")))

    def test_no_lab_here(self):
        for command in (("lab", "serve", "--port", "0"), ("lab", "doctor")):
            done = self.respite("--data", self.at("empty"), *command)
            self.assertEqual(done.status, 1)
            self.plain(done.err, "lab init")

    def test_two_operators(self):
        i, b = house.free_port(), house.free_port()
        urls = "http://127.0.0.1:%d" % i, "http://127.0.0.1:%d" % b
        made = self.init("--name", "Two", "--trial", "--json", "--role", "issuer", "--url", urls[0], "--board", urls[1], data="i")
        self.assertEqual(made.status, 0, made.err)
        early = self.respite("--data", self.at("i"), "lab", "serve", "--port", str(i))
        self.assertEqual(early.status, 1)
        self.plain(early.err, "lab pair")
        other = self.init("--name", "Two", "--trial", "--role", "board", "--url", urls[1], "--issuer", "http://127.0.0.1:1",
                          "--issuer-key", made.json()["vkey"], data="b")
        self.assertEqual(other.status, 2)
        board = self.init("--name", "Two", "--trial", "--json", "--role", "board", "--url", urls[1], "--issuer", urls[0], "--issuer-key",
                          made.json()["vkey"], data="b")
        self.assertEqual(board.status, 0, board.err)
        keys = board.json()["vkey"], board.json()["promise"]
        self.assertEqual(self.respite("--data", self.at("i"), "lab", "pair", keys[1], keys[0]).status, 2)
        for _ in range(2):
            done = self.respite("--data", self.at("i"), "lab", "pair", *keys)
            self.assertEqual(done.status, 0, done.err)
        self.assertEqual(self.respite("--data", self.at("b"), "lab", "pair", *keys).status, 1)
        wrong = self.respite("--data", self.at("b"), "lab", "serve", "--port", "0", "--role", "issuer")
        self.assertEqual(wrong.status, 2)
        lab = self.lab(name="Two", data=self.at("i"), init=False)
        issuer, second = lab.serve(port=i), lab.serve(port=b, data=self.at("b"))
        said = [peer_member.Wire(one.url).ask("GET", "/v1/lab").json() for one in (issuer, second)]
        self.assertEqual([s["roles"] for s in said], ["issuer", "board"])
        self.assertEqual([s["vkey"] for s in said], [made.json()["vkey"], keys[0]])
        self.assertEqual(peer_member.Wire(issuer.url).ask("POST", "/v1/acts", body=b"{}").status, 404)
        self.assertEqual(peer_member.Wire(second.url).ask("GET", "/v1/member").status, 404)


class Serve(lab_house.Test):
    """One process and its requests."""

    def up(self, **more):
        lab = self.lab(**more)
        lab.serve()
        return lab

    def test_what_it_is(self):
        lab = self.up()
        wire = lab.wire()
        said = wire.ask("GET", "/v1/lab").json()
        self.assertEqual(said["protocol"], 1)
        self.assertEqual((said["roles"], said["trial"], said["issuer"], said["board"]), ("both", True, [lab.url], [lab.url]))
        self.assertEqual(said["now_day"], "2026-11-23")
        self.assertTrue(said["vkey"].startswith(said["origin"] + "+"))
        self.assertEqual(wire.ask("GET", "/v1/health").status, 204)
        head = wire.ask("HEAD", "/v1/lab")
        self.assertEqual((head.status, head.body), (200, b""))
        genesis = lab.log().entries[0]
        self.assertEqual((genesis["t"], genesis["lab"], genesis["trial"], genesis["issuer"]), ("genesis", lab.name, True, [lab.url]))

    def test_description_is_the_table_of_routes(self):
        api = self.up().wire().ask("GET", "/openapi.json").json()
        self.assertEqual(api["openapi"][:2], "3.")
        kinds = set(api["components"]["securitySchemes"])
        for path, item in api["paths"].items():
            for method, one in item.items():
                self.assertTrue(one["summary"], path)
                self.assertIn("400", one["responses"], path)
                self.assertLessEqual({k for s in one["security"] for k in s}, kinds)
                self.assertEqual("{" in path, "parameters" in one, path)
        self.assertEqual(api["paths"]["/v1/acts"]["post"]["security"], [{"pass": []}])

    def test_no_html_no_script(self):
        lab = self.up()
        for method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            for path in PUBLIC:
                reply = lab.wire().ask(method, path, body=b"<script>" if method in ("POST", "PUT", "PATCH") else None)
                self.assertNotIn("html", reply.header("Content-Type") or "", path)
                self.assertNotIn(b"<", reply.body if reply.status >= 400 else b"", path)
                for name in ("Set-Cookie", "Location", "Refresh", "Access-Control-Allow-Origin", "Server"):
                    self.assertFalse(reply.header(name), name)
                self.assertFalse(300 <= reply.status < 400)
                if reply.status >= 400 and method != "HEAD":
                    self.assertEqual(reply.header("Content-Type"), "application/problem+json", "%s %s" % (method, path))

    def test_unknown_path_and_other_method(self):
        wire = self.up().wire()
        self.assertEqual(wire.ask("GET", "/v1/nothing").problem(), "not-found")
        other = wire.ask("DELETE", "/v1/lab")
        self.assertEqual((other.status, other.problem(), other.header("Allow")), (405, "method", "GET, HEAD"))
        self.assertEqual(wire.ask("GET", "/v1/acts").header("Allow"), "POST")

    def test_proxy_header_refused(self):
        wire = self.up().wire()
        for name in ("X-Forwarded-For", "Via", "Cookie", "Forwarded", "X-Real-Ip", "Traceparent"):
            reply = wire.ask("GET", "/v1/lab", headers=[(name, "1.2.3.4")])
            self.assertEqual((reply.status, reply.problem()), (400, "header-not-allowed"), name)
            self.assertEqual(reply.json()["header"].lower(), name.lower())

    def test_requests_that_are_none(self):
        wire = self.up().wire()
        good = b"GET /v1/lab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        self.assertEqual(wire.raw(good).status, 200)
        line, rest = good.split(b"\r\n", 1)
        for raw in (b"GET /v1/lab HTTP/1.1\r\nConnection: close\r\n\r\n", line + b"\r\nHost: y\r\n" + rest, line + b"\r\nContent-Length: 0\r\nContent-Length: 0\r\n" + rest,
                    b"POST /v1/acts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
                    b"POST /v1/acts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n0\r\n\r\n",
                    line + b"\r\nExpect: 100-continue\r\n" + rest, line + b"\r\nAccept: a\r\nAccept: b\r\n" + rest, line + b"\r\nHost : y\r\n" + rest,
                    b"GET /v1/../v1/lab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"GET /v1/lab HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n",
                    b"GET http://x/v1/lab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
            reply = wire.raw(raw)
            self.assertIn(reply.status, (400, 401), raw)
            if reply.status == 401:
                self.assertNotIn(b"chunked", raw)
            self.assertEqual(reply.header("Content-Type"), "application/problem+json", raw)
            self.assertEqual(len(reply.body), 1024 if b"/v1/acts" in raw else len(reply.body))

    def test_too_large(self):
        wire = self.up().wire()
        for size in (32 * 1024 + 1, 1 << 20):
            reply = wire.ask("POST", "/v1/join", headers=[("Content-Type", "application/json")], body=b" " * size)
            self.assertEqual((reply.status, reply.problem()), (413, "too-large"))
        reply = wire.raw(b"POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n")
        self.assertEqual(reply.status, 413)

    def test_ten_thousand_slow_connections(self):
        lab = self.up()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < SLOW + 500:
            self.skipTest("this machine gives a process %d descriptors" % hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        port, slow = lab.processes[0].port, []
        self.addCleanup(lambda: [s.close() for s in slow])
        for i in range(SLOW):
            s = socket.create_connection(("127.0.0.1", port), timeout=10)
            s.sendall(b"GET /v1/lab HTTP/1.1\r\nHost: x\r\nAccept: "[:i % 40 + 1])
            slow.append(s)
        worst, began = 0, time.monotonic()
        while time.monotonic() - began < 14:  # and a byte now and then keeps none of them open
            for s in slow[:100]:
                try:
                    s.sendall(b"a")
                except OSError:
                    pass
            asked = time.monotonic()
            self.assertEqual(lab.wire().ask("GET", "/v1/lab").status, 200)
            worst = max(worst, time.monotonic() - asked)
            time.sleep(0.5)
        self.assertLess(worst, 2)
        self.assertEqual([i for i, s in enumerate(slow[:100]) if not self.ended(s)], [])

    @staticmethod
    def ended(s):
        s.setblocking(False)
        try:
            while s.recv(4096):
                pass
            return True
        except BlockingIOError:
            return False
        except OSError:
            return True

    def test_no_file_grows_but_db(self):
        lab = self.up()
        before = self.files(lab.data)
        for _ in range(50):
            for path in PUBLIC:
                lab.wire().ask("GET", path)
        self.assertEqual(self.files(lab.data), before)
        self.assertLessEqual({os.path.basename(f) for f in before}, {"lab.key", "head", "head.lock", "lab.db", "lab.db.lock", "lab.db-wal", "lab.db-shm"})
        self.assertEqual(lab.processes[0].err().count("\n"), 2)

    @staticmethod
    def files(top):
        return sorted(os.path.join(d, f) for d, _, names in os.walk(top) for f in names)

    def test_readiness_is_told(self):
        path = self.at("notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.bind(path)
            s.settimeout(60)
            lab = self.lab()
            one = lab.serve(env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000"})
            said = [s.recv(100) for _ in range(4)]
            self.assertEqual(said, [b"READY=1"] + [b"WATCHDOG=1"] * 3)
            self.assertEqual(one.stop(), 0)
            rest, s_end = [], time.monotonic() + 5
            while (not rest or rest[-1] != b"STOPPING=1") and time.monotonic() < s_end:
                rest.append(s.recv(100))
            self.assertEqual(rest[-1], b"STOPPING=1")


class Falls(lab_house.Test):
    """Starts, ends, and what comes between."""

    def test_killed_and_started_again(self):
        lab = self.lab()
        lab.serve()
        before = lab.wire().ask("GET", "/v1/lab").json()
        size = len(lab.log().leaves)
        for _ in range(5):
            lab.again(kill=True)
        self.assertEqual(lab.wire().ask("GET", "/v1/lab").json(), before)
        self.assertGreaterEqual(len(lab.log().leaves), size)

    def test_address_stays(self):
        lab = self.lab()
        first = lab.serve()
        first.stop()
        second = lab.serve(port=house.free_port())
        self.assertEqual(peer_member.Wire(second.url).ask("GET", "/v1/lab").json()["issuer"], [first.url])

    def test_older_database_refuses_start(self):
        lab = self.lab()
        one = lab.serve()
        one.stop()
        old = self.at("old.db")
        shutil.copy(os.path.join(lab.data, "lab", "lab.db"), old)
        self.clock.go(7 * house.DAY)
        one.start()
        size = len(lab.log().leaves)
        lab.until(lambda log: len(log.leaves) > size)
        one.stop()
        for name in ("lab.db-wal", "lab.db-shm"):
            if os.path.exists(os.path.join(lab.data, "lab", name)):
                os.unlink(os.path.join(lab.data, "lab", name))
        shutil.copy(old, os.path.join(lab.data, "lab", "lab.db"))
        one.start(wait=0)
        status, said = one.ended()
        self.assertEqual(status, 1)
        self.plain(said.replace("respite: ", ""), "older|shorter|recover|record")
        again = lab.run("lab", "doctor", "--json")
        self.assertEqual(again.status, 1)
        self.assertEqual([f["name"] for f in again.json()["findings"] if not f["ok"]], ["record"])

    def test_port_taken_and_database_of_another_lab(self):
        lab, other = self.lab(), self.lab(name="Other")
        one = lab.serve()
        taken = other.run("lab", "serve", "--port", str(one.port))
        self.assertEqual(taken.status, 1)
        self.plain(taken.err, "port")
        one.stop()
        shutil.copy(os.path.join(lab.data, "lab", "lab.db"), os.path.join(other.data, "lab", "lab.db"))
        wrong = other.run("lab", "serve", "--port", "0")
        self.assertEqual(wrong.status, 1)
        self.plain(wrong.err, "another lab")

    def test_key_from_the_service_manager(self):
        lab = self.lab()
        credentials = self.at("credentials")
        os.mkdir(credentials)
        shutil.move(os.path.join(lab.data, "lab", "lab.key"), os.path.join(credentials, "issuer.key"))
        lab.serve(env={"CREDENTIALS_DIRECTORY": credentials})
        self.assertEqual(lab.wire().ask("GET", "/v1/health").status, 204)


class Postgres(lab_house.Test):
    """Several processes, one database."""

    def test_three_processes_on_one_database(self):
        lab = self.lab(db=self.postgres().url())
        first = lab.serve(wait=0), lab.serve(wait=0), lab.serve(wait=0)
        for one in first:
            one.ready()
        said = [peer_member.Wire(one.url).ask("GET", "/v1/lab").json() for one in first]
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[0], said[2])
        self.assertIn(said[0]["issuer"][0], [one.url for one in first])
        first[0].kill()
        self.assertEqual(lab.wire(1).ask("GET", "/v1/health").status, 204)
        first[0].start()
        logs = [lab.log(i) for i in range(3)]
        self.assertEqual(sum(e["t"] == "genesis" for e in logs[0].entries), 1)
        least = min(len(log.leaves) for log in logs)
        self.assertEqual(logs[0].entries[:least], logs[2].entries[:least])

    def test_database_goes_and_comes_back(self):
        pg = self.postgres()
        lab = self.lab(db=pg.url())
        lab.serve()
        pg.crash()
        gone = lab.wire().ask("GET", "/v1/health")
        self.assertEqual((gone.status, gone.problem()), (503, "busy"))
        self.assertIsNotNone(gone.header("Retry-After"))
        pg.start()
        ends = time.monotonic() + 30
        while lab.wire().ask("GET", "/v1/health").status != 204:
            self.assertLess(time.monotonic(), ends)
            time.sleep(0.2)
        self.assertLess(len(lab.processes[0].err()), 2000)

    def test_doctor_pg_async_fails(self):
        pg = self.postgres()
        lab = self.lab(db=pg.url())
        lab.serve()
        good = lab.run("lab", "doctor", "--json")
        self.assertEqual(good.status, 0, good.out)
        database = lab.db.rsplit("/", 1)[1]
        for setting, name in (("synchronous_commit = off", "sync"), ("synchronous_commit = local", "sync")):
            pg.psql("alter database %s set %s" % (database, setting), "postgres")
            bad = lab.run("lab", "doctor", "--json")
            self.assertEqual(bad.status, 1)
            self.assertEqual([f["name"] for f in bad.json()["findings"] if not f["ok"]], [name])
        for setting in ("track_commit_timestamp=on", "fsync=off", "archive_mode=on"):
            pg.psql("alter database %s reset synchronous_commit" % database, "postgres")
            pg.psql("alter system set " + setting.replace("=", " = "), "postgres")
            pg.stop(), pg.start()
            self.assertEqual(lab.run("lab", "doctor").status, 1, setting)
            pg.psql("alter system reset " + setting.split("=")[0], "postgres")
            pg.stop(), pg.start()
        self.assertEqual(lab.run("lab", "doctor").status, 0)


if __name__ == "__main__":
    house.main()
