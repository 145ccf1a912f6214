"""The page's safety: loopback alone, a key that works once, a strict cookie, exact Host, Origin and CSRF on every post, other users
refused, headers on every answer; and how a node starts and ends."""
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import unittest

import house


class Safety(house.Test):
    def setUp(self):
        super().setUp()
        self.two_weeks()

    def a_form(self, browser):
        """Some page with a form, and the form."""
        for path, answer in browser.walk().items():
            for form in answer.page().forms:
                if form["method"] == "post":
                    return path, form
        self.fail("no page holds a form")

    def test_it_prints_the_address_and_what_it_is(self):
        node = self.node()
        self.assertIn("this computer only", node.said)
        time.sleep(0.3)
        status, _ = node.stop()
        self.assertEqual(status, 0)
        self.assertRegex(node.said, r"Data +\S+")
        self.assertIn("0700", node.said)

    def test_no_terminal_no_browser_no_prompt_and_exit_0_on_term(self):
        for sig in (signal.SIGTERM, signal.SIGINT):
            node = self.node()
            status, took = node.stop(sig)
            self.assertEqual(status, 0, node.err())
            self.assertLess(took, 1.0)
            self.assertEqual(node.err().strip(), "")

    def test_it_listens_on_loopback_alone(self):
        node = self.node()
        out = subprocess.run(["ss", "-Hltnp"], stdout=subprocess.PIPE, check=True).stdout.decode()
        pids = {str(node.pid)} | set(subprocess.run(["ps", "-o", "pid=", "-s", str(node.pid)], stdout=subprocess.PIPE).stdout.decode().split())
        mine = [line for line in out.split("\n") if any("pid=%s," % p in line for p in pids)]
        self.assertTrue(mine, out)
        for line in mine:
            self.assertRegex(line.split()[3], r"^(127\.0\.0\.1|\[::1\]):%d$" % node.port)
        udp = subprocess.run(["ss", "-Hlunp"], stdout=subprocess.PIPE, check=True).stdout.decode()
        self.assertFalse([line for line in udp.split("\n") if any("pid=%s," % p in line for p in pids)])

    def test_other_addresses_of_this_machine_are_closed(self):
        node = self.node()
        addresses = subprocess.run(["hostname", "-I"], stdout=subprocess.PIPE).stdout.decode().split() + ["127.0.0.2"]
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            with socket.socket(family) as s:
                s.settimeout(2)
                self.assertNotEqual(s.connect_ex((address, node.port)), 0, address)

    def test_without_key_nothing_is_shown(self):
        node = self.node()
        for path in ("/", "/?key=", "/?key=x", "/?key=" + "0" * len(node.key), "/rest", "/settings", "/?key=%00"):
            a = node.ask("GET", path)
            self.assertIn(a.status, (401, 403), path)
            self.assertEqual(a.header("Set-Cookie"), "")
            self.assertNotIn("thesis", a.text)
            self.assertNotIn(house.ME, a.text)
        self.assertEqual(node.browser().get("/").status, 200, "guesses do not use the key up")

    def test_the_key_works_once(self):
        node = self.node()
        first = node.ask("GET", "/?key=" + node.key)
        self.assertEqual(first.status, 200)
        cookie = first.header("Set-Cookie")
        self.assertRegex(cookie, r"^respite_%d=[^;]{20,}; " % node.port)
        for attribute in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(attribute, cookie)
        self.assertNotIn(node.key, cookie)
        self.assertRegex(first.text, r'http-equiv="?refresh')
        self.assertNotIn(node.key, first.text)
        again = node.ask("GET", "/?key=" + node.key)
        self.assertIn(again.status, (401, 403))
        self.assertEqual(again.header("Set-Cookie"), "")

    def test_the_key_is_in_no_process_list_and_no_environment(self):
        node = self.node()
        out = subprocess.run(["ps", "axeww", "-o", "args"], stdout=subprocess.PIPE).stdout.decode("utf-8", "replace")
        self.assertNotIn(node.key, out)
        cookie = node.browser().cookie.split("=")[1]
        time.sleep(0.3)
        self.assertNotIn(cookie.encode(), self.db_bytes(), "the session is not kept")
        self.assertNotIn(node.key.encode(), self.db_bytes())

    def test_a_wrong_cookie_is_refused(self):
        node = self.node()
        cookie = node.browser().cookie
        for wrong in (cookie[:-1], cookie + "0", cookie.replace("respite_", "respit_"), "respite_%d=" % node.port, cookie.split("=")[0]):
            self.assertIn(node.ask("GET", "/", [("Cookie", wrong)]).status, (401, 403), wrong)
        self.assertEqual(node.ask("GET", "/settings", [("Cookie", "a=b; %s; c=d" % cookie)]).status, 200)

    def test_host_is_exact(self):
        node = self.node()
        cookie = ("Cookie", node.browser().cookie)
        for host in ("evil.example", "127.0.0.1", "localhost.evil.example:%d" % node.port, "127.0.0.1:%d" % (node.port + 1),
                     "127.0.0.1:%d." % node.port, "[::1]:1", "127.1:%d" % node.port, "0.0.0.0:%d" % node.port):
            a = node.ask("GET", "/", [cookie], host=host)
            self.assertEqual(a.status, 403, host)
            self.assertNotIn("thesis", a.text)
        self.assertIn(node.ask("GET", "/", [cookie], host="").status, (400, 403))
        self.assertEqual(node.ask("GET", "/settings", [cookie]).status, 200)

    def test_posts_need_our_origin_and_our_field(self):
        node = self.node()
        browser = node.browser()
        path, form = self.a_form(browser)
        ours = "http://127.0.0.1:%d" % node.port
        before = self.settled()
        for origin in ("http://evil.example", "null", "https://127.0.0.1:%d" % node.port, ours + ".evil.example", ours + "/", ours.upper(),
                       "http://127.0.0.1:%d" % (node.port + 1), "http://localhost"):
            self.assertEqual(browser.post(form["action"], form["fields"], origin=origin).status, 403, origin)
        hidden = [(n, v) for n, v in form["fields"] if re.search("csrf|token", n or "", re.I) or len(v or "") >= 40]
        self.assertTrue(hidden, form)
        without = [f for f in form["fields"] if f not in hidden]
        self.assertIn(browser.post(form["action"], without, origin=ours).status, (400, 403), "no field")
        for n, v in hidden:
            spoilt = without + [(n, ("0" if v[0] != "0" else "1") + v[1:])]
            self.assertIn(browser.post(form["action"], spoilt, origin=ours).status, (400, 403), "a wrong field")
        self.assertIn(node.ask("POST", form["action"], [("Origin", ours)], b"").status, (401, 403), "no cookie")
        self.assertEqual(self.settled(), before, "refused posts change nothing")

    def settled(self):
        """Settings and choices, which the posts above would have changed (a scan in the background may go on)."""
        db = self.db()
        try:
            return db.execute("select * from setting order by 1").fetchall()
        finally:
            db.close()

    def test_a_field_of_one_form_does_not_open_another(self):
        browser = self.node().browser()
        forms = {}
        for answer in browser.walk().values():
            for form in answer.page().forms:
                if form["method"] == "post" and form["action"]:
                    forms[form["action"]] = form
        if len(forms) < 2:
            self.skipTest("one form in all pages")
        (a, form_a), (b, form_b) = sorted(forms.items())[:2]
        self.assertIn(browser.post(b, form_a["fields"]).status, (400, 403))

    def test_a_get_changes_nothing(self):
        browser = self.node().browser()
        browser.picture()
        before = self.settled()
        for path in list(browser.walk()):
            browser.get(path)
        _, form = self.a_form(browser)
        self.assertIn(browser.get(form["action"], follow=False).status, (200, 303, 404, 405))
        self.assertEqual(self.settled(), before)

    def test_other_methods_and_odd_paths(self):
        node = self.node()
        cookie = ("Cookie", node.browser().cookie)
        for method, path, answers in (("PUT", "/", (405,)), ("DELETE", "/", (405,)), ("TRACE", "/", (405,)), ("OPTIONS", "/", (405,)),
                                      ("GET", "/../../etc/passwd", (400, 404)), ("GET", "/assets/../../etc/passwd", (400, 404)),
                                      ("GET", "/assets/%2e%2e/%2e%2e/etc/passwd", (400, 404)), ("GET", "/nothing-here", (404,)),
                                      ("GET", "/assets/nothing.css", (404,)), ("GET", "/%ff", (400, 404)), ("GET", "/" + "a" * 30000, (400, 404, 414, 431)),
                                      ("HEAD", "/settings", (200,))):
            a = node.ask(method, path, [cookie])
            self.assertIn(a.status, answers, (method, path[:60]))
            self.assertNotIn("root:", a.text)
        self.assertEqual(node.ask("HEAD", "/settings", [cookie]).body, b"")

    def raw(self, node, data):
        with socket.create_connection(("127.0.0.1", node.port), timeout=10) as s:
            s.sendall(data)
            out = b""
            try:
                s.shutdown(socket.SHUT_WR)  # it may have hung up already
                while chunk := s.recv(65536):
                    out += chunk
            except OSError:
                pass
        return out

    def test_hostile_bytes(self):
        node = self.node()
        host = b"Host: 127.0.0.1:%d\r\n" % node.port
        for data in (b"GET / HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                     b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + host + host + b"\r\n", b"\x00\x01\x02\xff" * 500, b"GET /\r\n\r\n", b"GET http://evil/ HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 100000 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n" + host + b"\r\n",
                     b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 99999999999999999999\r\n\r\n", b"G" * 200000):
            out = self.raw(node, data)
            self.assertNotIn(b"thesis", out)
            self.assertNotRegex(out.split(b"\r\n")[0], rb" 200 ")
        self.assertEqual(node.browser().get("/").status, 200, "it goes on")

    def test_a_body_over_the_ceiling(self):
        node = self.node()
        browser = node.browser()
        ours = "http://127.0.0.1:%d" % node.port
        try:
            status = node.ask("POST", "/", browser.headers() + [("Origin", ours)], b"x" * (1 << 20)).status
        except (ConnectionError, http.client.HTTPException):
            status = 413
        self.assertIn(status, (400, 404, 405, 413))
        self.assertEqual(browser.get("/").status, 200)

    def test_headers_of_every_answer(self):
        node = self.node()
        browser = node.browser()
        answers = dict(browser.walk())
        answers["(first)"] = browser.first
        answers["(none)"] = browser.get("/nothing-here")
        answers["(refused)"] = node.ask("GET", "/")
        for path, a in answers.items():
            if not a.header("Content-Type").startswith("text/html"):
                continue
            csp = a.header("Content-Security-Policy")
            self.assertRegex(csp, "default-src '(none|self)'", path)
            self.assertNotRegex(csp, r"unsafe|\*|https?:|data:", path)
            self.assertIn("frame-ancestors 'none'", csp)
            self.assertIn("base-uri 'none'", csp)
            self.assertEqual(a.header("Referrer-Policy"), "no-referrer", path)
            self.assertEqual(a.header("X-Content-Type-Options"), "nosniff", path)
            self.assertRegex(a.header("Cache-Control"), "no-store", path)
            self.assertNotRegex(a.text, r"(?i)<[^>]* (style|on[a-z]+)=|<style|<script(?![^>]* src=)|javascript:", path)
            self.assertEqual(a.header("Server") + a.header("X-Powered-By"), "")

    @unittest.skipUnless(os.getuid() == 0, "another user needs root")
    def test_another_user_of_this_machine_is_refused(self):
        node = self.node()
        request = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:%d/" % node.port]
        as_other = dict(user=house.NOBODY, group=house.NOBODY, extra_groups=[], stdout=subprocess.PIPE)
        self.assertIn(subprocess.run(request, **as_other).stdout, (b"401", b"403"))
        for path in (self.data, os.path.join(self.data, "respite.db")):
            self.assertNotEqual(subprocess.run(["test", "-r", path], user=house.NOBODY, group=house.NOBODY, extra_groups=[]).returncode, 0)

    def test_the_port_is_taken(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen()
            port = s.getsockname()[1]
            done = self.respite("--port", str(port), "--no-browser", self.src, timeout=30)
        self.assertEqual(done.status, 1)
        self.plain(done.err, str(port), "--port|taken|use")

    def test_a_port_that_needs_root_or_is_none(self):
        self.assertEqual(self.respite("--port", "99999", "--no-browser").status, 2)
        self.assertEqual(self.respite("--port", "-1", "--no-browser").status, 2)

    def test_a_browser_is_opened_unless_told_not_to(self):
        os.mkdir(self.at("bin"))
        opened = self.at("opened")
        for name in ("xdg-open", "sensible-browser", "www-browser", "x-www-browser", "gio", "open"):
            path = self.at("bin", name)
            with open(path, "w") as f:
                f.write('#!/bin/sh\nprintf "%%s\\n" "$*" >>%s\n' % opened)
            os.chmod(path, 0o755)
        env = {**self.env, "PATH": self.at("bin") + ":" + self.env["PATH"], "DISPLAY": ":99", "ASAN_OPTIONS": "detect_leaks=0"}
        p = subprocess.Popen([house.RESPITE, "--port", "0", self.src], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        line = b""
        while b"key=" not in line:
            line = p.stdout.readline()
            self.assertTrue(line, "it ended")
        for _ in range(100):
            if os.path.exists(opened):
                break
            time.sleep(0.05)
        p.send_signal(signal.SIGTERM)
        p.communicate(timeout=10)
        self.assertEqual(p.returncode, 0)
        self.assertTrue(os.path.exists(opened), "no browser was opened")
        self.assertNotIn("key=", open(opened).read(), "the arguments of a program can be read by others")
        os.unlink(opened)
        self.node(env={"PATH": env["PATH"], "DISPLAY": ":99"})
        time.sleep(0.5)
        self.assertFalse(os.path.exists(opened))

    def serving(self, node):
        """The process ids of the children of the keeper."""
        out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(node.pid)], stdout=subprocess.PIPE).stdout.decode()
        return [int(pid) for pid in out.split()]

    def test_a_browser_that_goes_on_keeps_nobody(self):
        os.mkdir(self.at("bin"))
        opener, pid_file = self.at("bin", "xdg-open"), self.at("pid")
        with open(opener, "w") as f:
            f.write("#!/bin/sh\n(head -c 8192 /dev/zero; sleep 60) &\necho $! >%s\n" % pid_file)
        os.chmod(opener, 0o755)
        env = {**self.env, "PATH": self.at("bin") + ":" + self.env["PATH"], "DISPLAY": ":99", "ASAN_OPTIONS": "detect_leaks=0"}
        p = subprocess.Popen([house.RESPITE, "--port", "0", self.src], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        while b"key=" not in p.stdout.readline():
            self.assertIsNone(p.poll(), "it ended")
        for _ in range(100):
            if os.path.exists(pid_file) and os.path.getsize(pid_file):
                break
            time.sleep(0.05)
        browser = int(open(pid_file).read())
        time.sleep(0.5)
        try:
            began = time.monotonic()
            p.send_signal(signal.SIGINT)
            _, err = p.communicate(timeout=10)
            self.assertLess(time.monotonic() - began, 2)
            self.assertEqual((p.returncode, err), (0, b""))
            with open("/proc/%d/stat" % browser) as f:
                self.assertNotIn(f.read().rsplit(")", 1)[1].split()[0], "ZX", "it goes on")
        finally:
            if p.poll() is None:
                p.kill()
            try:
                os.kill(browser, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def test_a_serving_process_that_dies_is_said(self):
        node = self.node()
        node.browser().picture()
        os.kill(self.serving(node)[0], signal.SIGKILL)
        self.assertEqual(node.p.wait(10), 1)
        self.plain(node.err(), "respite doctor")
        self.assertFalse(os.path.exists(os.path.join(self.data, "port")))
        self.assertIn("<svg", self.node().browser().get(house.PICTURE).text, "nothing was lost")

    def test_a_database_that_cannot_be_seen_is_no_reason_to_remove_anything(self):
        node = self.node()
        node.browser().picture()
        db = os.path.join(self.data, "respite.db")
        os.rename(db, self.at("kept.db"))
        with open(os.path.join(self.data, "letter"), "w") as f:
            f.write("x")
        self.assertEqual(node.stop()[0], 0)
        self.assertTrue(os.path.exists(os.path.join(self.data, "letter")))
        self.assertTrue(os.path.exists(os.path.join(self.data, "lock")))
        self.assertFalse(os.path.exists(os.path.join(self.data, "port")))

    def test_a_fresh_start_does_not_wait_for_a_job(self):
        node = self.node()
        node.browser().picture()
        node.stop()
        db = sqlite3.connect(os.path.join(self.data, "respite.db"))
        with db:
            db.execute("delete from folder")  # chosen before, and no more among what the first page looks through
        db.close()
        os.mkdir(self.at("bin")), os.mkdir(self.at("other"))
        with open(self.at("bin", "git"), "w") as f:
            f.write('#!/bin/sh\ncase "$*" in *thesis*log*) exec sleep 60 ;; esac\nPATH=${PATH#*:} exec git "$@"\n')
        os.chmod(self.at("bin", "git"), 0o755)
        self.repo("more", [house.commit(house.NOW - 7200)], where=self.at("other"))
        self.grow(os.path.join(self.src, "thesis"), [house.commit(house.NOW - 3600)])
        node = self.node(self.at("other"), env={"PATH": self.at("bin") + ":" + self.env["PATH"],
                                                "RESPITE_CLOCK": str(house.NOW + 2 * 86400)})
        browser = node.browser()
        form = next(f for f in browser.get("/rest/setup").page().forms if f["action"] == "/folders/add")
        first = self.serving(node)

        def running():
            return subprocess.run(["ps", "-o", "args=", "-s", str(node.pid)], stdout=subprocess.PIPE).stdout.decode()

        def within(seconds, holds):
            ends = time.monotonic() + seconds
            while not holds() and time.monotonic() < ends:
                time.sleep(0.05)
            return holds()
        self.assertTrue(within(10, lambda: "sleep 60" in running()), "the job waits for git")
        self.assertEqual(browser.post("/folders/add", [f for f in form["fields"] if f[0] != "path"] + [("path", self.src)],
                                      follow=False).status, 303)
        self.assertTrue(within(5, lambda: self.serving(node) not in ([], first)), "a fresh one came")
        self.assertEqual(node.stop()[0], 0)

    def test_many_connections_at_once(self):
        node = self.node()
        browser = node.browser()
        idle = [socket.create_connection(("127.0.0.1", node.port), timeout=5) for _ in range(200)]
        time.sleep(0.2)
        for s in idle:
            s.close()
        for _ in range(50):
            try:
                if browser.get("/").status == 200:
                    return
            except (ConnectionError, http.client.HTTPException, TimeoutError):
                pass  # whose a connection is is read in a table of the system, which is long while other tests run
            time.sleep(0.1)
        self.fail("it did not come back")


if __name__ == "__main__":
    house.main()
