"""What every flow test stands on: a folder of its own, repositories with fixed times, the real program as a command or as a
running node, and HTTP as a browser or as a stranger speaks it. A test file ends with house.main(), whose last line of output is
`N passed, N failed, N skipped`, as tools/check wants it. The program is $RESPITE, else b-asan/respite; anything a sanitizer
prints is a failure of the test that started the process. Python's standard library alone."""
import ctypes
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
from html.parser import HTMLParser

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RESPITE = os.path.abspath(os.environ.get("RESPITE") or os.path.join(ROOT, "b-asan", "respite"))
NOW = 1795089600          # Thursday 2026-11-19 12:00:00 UTC: "now" in every test, by RESPITE_CLOCK
DAY, HOUR = 86400, 3600
ME = "wei@lab.example"
OTHER = "secret-colleague@elsewhere.example"
NOBODY = 65534
PICTURE = "/rest/hours"   # where the punch card stands
GO = "Show my last 12 weeks|看看我最近 12 周"
SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|UndefinedBehaviorSanitizer|runtime error:|SUMMARY: ")
# EXPERIENCE section 1, rule 7. "only" and "still" are judged beside a number alone.
NEVER = re.compile(r"\b(streaks?|scores?|goals?|badges?|levels?|behind|missed|overdue|productiv\w*|resilien\w*|mindful\w*"
                   r"|self-care|don.t forget|unread)\b|\b(only|still) \d|!", re.I)
NEVER_ZH = re.compile("连续|打卡|得分|达标|勋章|落后|错过|坚持|自律|高效|抗压|加油|正能量|您|！|未读")


def run(argv, **more):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


class Done:
    """A command that ended: status, out and err as text."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)


class Test(unittest.TestCase):
    """One temporary house: home, data, a place for repositories. Everything started in it is stopped at the end."""

    maxDiff = 4000

    def setUp(self):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="respite-flow-"))
        os.chmod(self.dir, 0o755)
        self.src, self.home = self.at("src"), self.at("home")
        os.mkdir(self.src), os.mkdir(self.home)
        self.config = self.at("gitconfig")
        with open(self.config, "w") as f:
            f.write("[user]\n\tname = Wei\n\temail = %s\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n" % ME)
        self.env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.home, "XDG_DATA_HOME": self.at("xdg"),
                    "XDG_CONFIG_HOME": self.at("xdg-config"), "XDG_RUNTIME_DIR": self.home,
                    "GIT_CONFIG_GLOBAL": self.config, "GIT_CONFIG_SYSTEM": "/dev/null",
                    "TZ": "Europe/Berlin", "LC_ALL": "C.UTF-8", "RESPITE_CLOCK": str(NOW),
                    "ASAN_OPTIONS": "detect_leaks=1:exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1"}
        self.data = self.at("xdg", "respite")
        self.nodes, self.complaints = [], []

    def tearDown(self):
        for node in self.nodes:
            node.stop()
        for root, dirs, _ in os.walk(self.dir):
            for name in dirs:
                if not os.path.islink(os.path.join(root, name)):
                    os.chmod(os.path.join(root, name), 0o755)
        shutil.rmtree(self.dir, ignore_errors=True)
        if self.complaints:
            self.fail("a sanitizer spoke:\n" + "\n".join(self.complaints)[:6000])

    def at(self, *parts):
        return os.path.join(self.dir, *parts)

    def listen_for_sanitizers(self, text):
        if SANITIZER.search(text):
            self.complaints.append(text)

    def program_for(self, user):
        """Another user may not reach the folder of this clone: they get a copy of the program."""
        if user is None:
            return RESPITE
        copy = self.at("respite")
        if not os.path.exists(copy):
            shutil.copy(RESPITE, copy)
            os.chmod(copy, 0o755)
        return copy

    def respite(self, *args, cwd=None, env=None, stdin=b"", wrap=(), timeout=120, **more):
        """Run one command to its end."""
        p = subprocess.run([*wrap, self.program_for(more.get("user")), *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           cwd=cwd or self.src, env={**self.env, **(env or {})}, timeout=timeout, **more)
        done = Done(p.returncode, p.stdout, p.stderr)
        self.listen_for_sanitizers(done.err)
        self.assertGreaterEqual(done.status, 0, "killed by signal %d\n%s" % (-done.status, done.err))
        return done

    def hours(self, *args, **more):
        """`respite hours --json …`, which has to work."""
        done = self.respite("hours", "--json", *args, **more)
        self.assertEqual(done.status, 0, done.err)
        return done.json()

    def plain(self, text, *words):
        """`text` is one plain sentence or two for a person, and holds each of `words` (regular expressions)."""
        self.assertTrue(text.strip(), "nothing was said")
        self.assertLess(len(text), 900, text)
        self.assertNotRegex(text, r"!|errno|assert|0x[0-9a-f]{6}|(?i:null pointer|segfault|core dumped)|%[sdzu]|\{[a-z_]+\}")
        self.assertNotRegex(text, NEVER)
        self.assertRegex(text.rstrip(), r"[.?]$")
        for word in words:
            self.assertRegex(text, re.compile(word, re.I))

    def node(self, *folders, **more):
        """A running node on a port of the system's choice."""
        node = Node(self, folders or (self.src,), **more)
        self.nodes.append(node)
        return node

    def db(self):
        return sqlite3.connect("file:%s?mode=ro" % os.path.join(self.data, "respite.db"), uri=True)

    def db_bytes(self):
        """All bytes the program keeps, the database's log among them."""
        return b"".join(open(os.path.join(root, f), "rb").read() for root, _, files in os.walk(self.data) for f in files)

    # Repositories ---------------------------------------------------------------------------------------------------------
    def git(self, repo, *args, stdin=None, env=None):
        p = subprocess.run(["git", "-C", repo, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env={**self.env, **(env or {})})
        self.assertEqual(p.returncode, 0, p.stderr.decode("utf-8", "replace"))
        return p.stdout.decode("utf-8", "replace").strip()

    def repo(self, name, commits=(), init=(), where=None):
        """A repository in src/ with one branch of `commits`, made by commit() below, oldest first."""
        path = os.path.join(where or self.src, name)
        run(["git", "init", "-q", *init, path], env=self.env)
        if commits:
            self.grow(path, commits)
        return path

    def grow(self, path, commits, branch="refs/heads/main", parent=None):
        """Append `commits` to a branch by fast-import, without a reflog."""
        out = []
        for i, c in enumerate(commits):
            message = c["message"]
            out.append(b"commit %s\nauthor %s <%s> %d %s\ncommitter %s <%s> %d %s\ndata %d\n%s\n" % (
                branch.encode(), c["name"], c["mail"], c["at"], c["zone"], c["by_name"], c["by"], c["by_at"], c["by_zone"],
                len(message), message))
            if i == 0:
                tip = parent or self.tip(path, branch)
                if tip:
                    out.append(b"from %s\n" % tip.encode())
            for file, text in c["files"]:
                out.append(b"M 100644 inline %s\ndata %d\n%s\n" % (file, len(text), text))
        run(["git", "-C", path, "fast-import", "--quiet", "--date-format=raw-permissive", "--force"], input=b"".join(out),
            env=self.env)

    def tip(self, path, branch):
        p = subprocess.run(["git", "-C", path, "rev-parse", "-q", "--verify", branch], stdout=subprocess.PIPE, env=self.env,
                           stderr=subprocess.DEVNULL)
        return p.stdout.decode().strip()

    def raw_commit(self, path, author, committer, branch, message=b"raw\n"):
        """A commit object whose author and committer lines are bytes as given, however odd; a branch is put on it."""
        tree = self.git(path, "mktree", stdin=b"")
        body = b"tree %s\nauthor %s\ncommitter %s\n\n%s" % (tree.encode(), author, committer, message)
        sha = self.git(path, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=body)
        self.git(path, "update-ref", "refs/heads/" + branch, sha)
        return sha

    def two_weeks(self, name="thesis", per_day=3, days=14):
        """The plain case: a few own commits on each of the last days, some messages and a colleague."""
        return self.repo(name, [commit(NOW - d * DAY - h * HOUR, message=b"private words %d.%d\n" % (d, h))
                                for d in range(days, 0, -1) for h in range(per_day, 0, -1)])


def commit(at, zone="+0100", mail=ME, name="Wei Zhang", message=b"work\n", by=None, by_at=None, by_name=None, by_zone=None,
           files=()):
    """One commit for Test.repo; committed by its author at once unless told otherwise."""
    b = lambda s: s if isinstance(s, bytes) else s.encode()
    return {"at": at, "zone": b(zone), "mail": b(mail), "name": b(name), "message": b(message), "by": b(by or mail),
            "by_at": at if by_at is None else by_at, "by_name": b(by_name or name), "by_zone": b(by_zone or zone),
            "files": files}


LIBC = ctypes.CDLL(None)


def end_with_us():
    """In a child before it becomes a node: it gets SIGTERM when these tests are killed."""
    LIBC.prctl(1, signal.SIGTERM)


# The node and its pages -------------------------------------------------------------------------------------------------------
class Node:
    def __init__(self, test, folders, args=(), env=None, wrap=(), data=None, wait=60, **popen):
        self.test = test
        self.errors = tempfile.TemporaryFile()
        # A process under seccomp cannot be searched for leaks at its end: commands are, nodes are not.
        env = {**test.env, "ASAN_OPTIONS": "detect_leaks=0:exitcode=99", **(env or {})}
        argv = [*wrap, RESPITE, "--port", "0", "--no-browser", *(["--data", data] if data else []), *args, *folders]
        self.p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, env=env,
                                  cwd=popen.pop("cwd", test.src), start_new_session=True, preexec_fn=end_with_us, **popen)
        self.pid, self.said, self.port, self.key = self.p.pid, "", None, None
        ends = time.monotonic() + wait
        while self.key is None and time.monotonic() < ends:
            line = self.p.stdout.readline().decode("utf-8", "replace")
            if not line:
                break
            self.said += line
            found = re.search(r"http://127\.0\.0\.1:(\d+)/\?key=(\S+)", line)
            if found:
                self.port, self.key = int(found.group(1)), found.group(2)
        if self.key is None:
            test.fail("the node printed no address: %s\n%s" % (self.said, self.err()))

    def err(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def stop(self, sig=signal.SIGTERM, wait=20):
        """Ask it to end and return (status, seconds)."""
        began = time.monotonic()
        if self.p.poll() is None:
            try:
                os.killpg(self.pid, sig) if sig == signal.SIGKILL else os.kill(self.pid, sig)
                self.p.wait(wait)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.p.wait()
                self.test.complaints.append("AddressSanitizer had no part in it, but the node did not stop when asked")
        took = time.monotonic() - began
        if not self.p.stdout.closed:
            self.said += self.p.stdout.read().decode("utf-8", "replace")
            self.p.stdout.close()
            self.test.listen_for_sanitizers(self.err())
        return self.p.returncode, took

    def ask(self, method, path, headers=(), body=None, host=None, port=None):
        """One bare request. `headers` are pairs; Host is ours unless `host` says another ("" sends none)."""
        c = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        c.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if host != "":
            c.putheader("Host", host or "127.0.0.1:%d" % self.port)
        for name, value in headers:
            c.putheader(name, value)
        if body is not None:
            c.putheader("Content-Length", str(len(body)))
        c.endheaders(body)
        r = c.getresponse()
        answer = Answer(r.status, r.getheaders(), r.read(), path)
        c.close()
        return answer

    def browser(self, lang=None):
        return Browser(self, lang)


class Answer:
    def __init__(self, status, headers, body, path):
        self.status, self.pairs, self.body, self.path = status, headers, body, path
        self.text = body.decode("utf-8", "replace")

    def header(self, name):
        return ", ".join(v for n, v in self.pairs if n.lower() == name.lower())

    def page(self):
        return Page(self)


class Browser:
    """A person's browser: keeps the cookie, follows redirects, sends Origin with posts."""

    def __init__(self, node, lang=None):
        self.node, self.cookie, self.lang = node, None, lang
        first = node.ask("GET", "/?key=" + node.key)
        self.first = first
        node.test.assertEqual(first.status, 200, first.text[:400])
        self.cookie = first.header("Set-Cookie").split(";")[0]
        node.test.assertRegex(self.cookie, r"^respite_%d=\S{20,}$" % node.port)

    def headers(self):
        return [("Cookie", self.cookie), ("Accept-Language", self.lang or "en")]

    def get(self, path, follow=True):
        for _ in range(6):
            a = self.node.ask("GET", path, self.headers())
            if not follow or a.status not in (301, 302, 303, 307):
                return a
            path = a.header("Location")
        raise AssertionError("it goes round in circles at " + path)

    def post(self, path, fields, origin=None, follow=True):
        body = urllib.parse.urlencode(fields).encode()
        origin = "http://127.0.0.1:%d" % self.node.port if origin is None else origin
        a = self.node.ask("POST", path, self.headers() + [("Content-Type", "application/x-www-form-urlencoded")] +
                          ([("Origin", origin)] if origin else []), body)
        if follow and a.status == 303:
            return self.get(a.header("Location"))
        return a

    def press(self, page, label, follow=True, **extra):
        """Press the button called `label` (a regular expression) in `page`; `extra` sets further fields."""
        form, button = page.button(label)
        fields = [(n, v) for n, v in form["fields"] if n not in extra]
        for name, value in extra.items():
            fields += [(name, v) for v in (value if isinstance(value, (list, tuple)) else [value])]
        if button["name"]:
            fields.append((button["name"], button["value"]))
        return self.post(form["action"] or page.path, fields, follow=follow)

    def until(self, path, holds, wait=20):
        """Ask for a page until `holds(answer)`, for what is read in the background."""
        ends = time.monotonic() + wait
        while True:
            a = self.get(path)
            if holds(a):
                return a
            if time.monotonic() > ends:
                raise AssertionError("it never came: " + a.text[:1500])
            time.sleep(0.2)

    def picture(self, wait=20):
        """Take the first page as it stands (all folders, the identities offered) and come to the picture."""
        page = self.get("/").page()
        if page.has_button(GO):
            self.press(page, GO)
        return self.until(PICTURE, lambda a: "<svg" in a.text, wait)

    def walk(self, start="/", most=60):
        """Every page that a link leads to, from `start`: {path: Answer}."""
        seen, waiting = {}, [start]
        while waiting and len(seen) < most:
            path = waiting.pop(0)
            if path in seen:
                continue
            a = self.get(path)
            seen[path] = a
            if a.header("Content-Type").startswith("text/html"):
                for link in a.page().links:
                    link = urllib.parse.urljoin(path, link).split("#")[0]
                    if link.startswith("/") and link not in seen and not link.startswith("/assets/"):
                        waiting.append(link)
        return seen


class Page(HTMLParser):
    """What a page holds: its text, links, forms."""

    VOID = {"input", "meta", "link", "br", "hr", "img", "col"}

    def __init__(self, answer):
        super().__init__(convert_charrefs=True)
        self.path, self.links, self.forms, self.lang, self.tables = answer.path, [], [], None, []
        self._form, self._button, self._select, self._cell, self._hidden, self._text = None, None, None, False, 0, []
        self.feed(answer.text)
        self.text = re.sub(r"\s+", " ", " ".join(self._text))

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "html":
            self.lang = a.get("lang")
        elif tag == "a" and a.get("href"):
            self.links.append(a["href"])
        elif tag == "form":
            self._form = {"action": a.get("action"), "method": (a.get("method") or "get").lower(), "fields": [], "buttons": []}
            self.forms.append(self._form)
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self.tables[-1][-1].append("")
            self._cell = True
        elif tag in ("style", "script"):
            self._hidden += 1
        elif self._form is not None:
            if tag == "input":
                kind = a.get("type", "text")
                if kind == "submit":
                    self._form["buttons"].append({"name": a.get("name"), "value": a.get("value", ""), "label": a.get("value", "")})
                elif kind not in ("checkbox", "radio") or "checked" in a:
                    self._form["fields"].append((a.get("name"), a.get("value", "on" if kind == "checkbox" else "")))
            elif tag == "button":
                self._button = {"name": a.get("name"), "value": a.get("value", ""), "label": ""}
                self._form["buttons"].append(self._button)
            elif tag == "textarea":
                self._form["fields"].append((a.get("name"), ""))
            elif tag == "select":
                self._select = a.get("name")
            elif tag == "option" and self._select and "selected" in a:
                self._form["fields"].append((self._select, a.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "select":
            self._select = None
        elif tag in ("td", "th"):
            self._cell = False
        elif tag in ("style", "script"):
            self._hidden -= 1

    def handle_data(self, data):
        if self._hidden:
            return
        self._text.append(data)
        if self._button is not None:
            self._button["label"] = (self._button["label"] + data).strip()
        if self._cell:
            row = self.tables[-1][-1]
            row[-1] = (row[-1] + data).strip()

    def button(self, label):
        for form in self.forms:
            for button in form["buttons"]:
                if re.search(label, button["label"], re.I):
                    return form, button
        raise AssertionError("no button %r among %r" % (label, [b["label"] for f in self.forms for b in f["buttons"]]))

    def has_button(self, label):
        return any(re.search(label, b["label"], re.I) for f in self.forms for b in f["buttons"])


def sha_dump(path):
    """All rows of all tables of a database as text, for comparing two moments."""
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        return "\n".join(db.iterdump())
    finally:
        db.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Result(unittest.TextTestResult):
    def __init__(self, *args):
        super().__init__(*args)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    if not os.access(RESPITE, os.X_OK):
        print("there is no program at %s\n0 passed, 1 failed" % RESPITE)
        sys.exit(1)
    names = [a for a in sys.argv[1:] if not a.startswith("-")]
    suite = unittest.defaultTestLoader.loadTestsFromNames(names, sys.modules["__main__"]) if names else \
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    began = time.monotonic()
    result = unittest.TextTestRunner(sys.stdout, verbosity=2 if "-v" in sys.argv else 0, resultclass=Result).run(suite)
    failed = len(result.failures) + len(result.errors)
    for test, why in result.skipped:
        print("skipped %s: %s" % (test.id().replace("__main__.", ""), why))
    print("%.1f s\n%d passed, %d failed, %d skipped" % (time.monotonic() - began, result.passed, failed, len(result.skipped)))
    sys.exit(1 if failed or not result.testsRun else 0)
