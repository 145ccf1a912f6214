"""What tests of the lab stand on: labs as processes, members as data folders with the real program, a listener between the two that
records, holds and alters, PostgreSQL of the test's own, and a server that answers badly. On top of house.py; everything started is
stopped at the end of the test (Test below)."""
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import house
import peer_member

PG = "/usr/lib/postgresql/15/bin/"
MONDAY = 1795392000       # 2026-11-23 00:00:00 UTC, the first second of 2026-W48


def has(*command):
    """Whether this program has a command."""
    return subprocess.run([house.RESPITE, *command, "-h"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def has_lab():
    return has("lab", "serve")


class Clock:
    """One clock for all processes of a test, those started later too: it goes on from `start` as time does. After go() processes
    have to be started again to notice."""

    def __init__(self, start=MONDAY + 10 * house.HOUR):
        self.shift = start - time.time()

    def now(self):
        return int(time.time() + self.shift)

    def go(self, seconds):
        self.shift += seconds

    def at(self, when):
        self.shift = when - time.time()


class Test(house.Test):
    """A house with labs and members in it."""

    def setUp(self):
        super().setUp()
        self.clock, self.ending, self.invited = Clock(), [], 0

    def tearDown(self):
        for thing in reversed(self.ending):
            thing.close()
        super().tearDown()

    def keep(self, thing):
        self.ending.append(thing)
        return thing

    def lab(self, **more):
        return self.keep(Lab(self, **more))

    def member(self, name, **more):
        return Member(self, name, **more)

    def listener(self, to, **more):
        return self.keep(Capture(to, **more))

    def postgres(self):
        if not os.path.isdir(PG):
            if os.environ.get("CI"):
                self.fail("PostgreSQL 15 is not installed: tools/setup test")
            self.skipTest("PostgreSQL 15 is not installed")
        return self.keep(Postgres())

    def members(self, names, others=10, tap=None, **more):
        """A trial lab that serves (self.of; heard by `tap`, a listener, if there is one), with `others` members of the second
        implementation (self.peers); and for each name the real program, joined, once the record says that all of them hold passes."""
        self.of = self.lab(**more, **({"front": tap.url} if tap else {}))
        one = self.of.serve()
        if tap:
            tap.to = one.url
        self.peers = self.python_members(self.of, others)
        found = [self.member(name) for name in names]
        for member, url in zip(found, self.of.invite(names)):
            member.join(url)
        self.of.until(lambda log: any(e["holders"] >= others + len(names) for _, e in log.all("open")))
        return found

    def comes(self, ask, holds, wait=60):
        """Ask again until `holds(answer)`: the answer."""
        ends = time.monotonic() + wait
        while True:
            found = ask()
            if holds(found):
                return found
            if time.monotonic() > ends:
                self.fail("it never came: " + repr(found)[:3000])
            time.sleep(0.1)

    def python_members(self, lab, n, passes=True):
        """`n` members of the second implementation, joined; with the passes of the running week. The record is followed by the
        first of them and shared, since reading it again for each is only slow."""
        names = ["Peer %d" % (self.invited + i) for i in range(n)]         # a name that left comes back with the next week alone
        self.invited += n
        members = [peer_member.Member(url, name, self.clock.now) for url, name in zip(lab.invite(names), names)]
        for m in members:
            m.join()
            m.log, m.board_log = members[0].log, members[0].board_log
        members[0].follow()
        for m in members if passes else ():
            m.withdraw()
        return members


# The lab ----------------------------------------------------------------------------------------------------------------------
class Process:
    """One `respite lab serve`."""

    def __init__(self, lab, port, args, data, db, env):
        self.lab, self.port, self.args, self.data, self.db, self.env = lab, port, args, data, db, env
        self.p = None

    def start(self, wait=60):
        test = self.lab.test
        self.errors = tempfile.TemporaryFile()
        env = {**test.env, "RESPITE_CLOCK": str(test.clock.now()), "ASAN_OPTIONS": "detect_leaks=0:exitcode=99", **self.env}
        argv = [house.RESPITE, "--data", self.data, "lab", "serve", "--port", str(self.port), *self.args, *(["--db", self.db] if self.db else [])]
        self.p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self.errors, stderr=self.errors, env=env, cwd=test.src,
                                  start_new_session=True, preexec_fn=house.end_with_us)
        if wait:
            self.ready(wait)
        return self

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def ready(self, wait=60):
        ends = time.monotonic() + wait
        wire = peer_member.Wire(self.url, timeout=5)
        while time.monotonic() < ends and self.p.poll() is None:
            try:
                if wire.ask("GET", "/v1/health").status == 204:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        self.lab.test.fail("the lab did not become ready (status %s):\n%s" % (self.p.poll(), self.err()))

    def err(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def kill(self):
        """As when the power goes: SIGKILL."""
        if self.p and self.p.poll() is None:
            os.killpg(self.p.pid, signal.SIGKILL)
            self.p.wait()
        self.heard()

    def stop(self, wait=30):
        """Ask it to end; its exit status."""
        if self.p and self.p.poll() is None:
            self.p.terminate()
            try:
                self.p.wait(wait)
            except subprocess.TimeoutExpired:
                self.lab.test.complaints.append("the lab did not stop when asked (AddressSanitizer had no part in it)")
                self.kill()
        self.heard()
        return self.p.returncode if self.p else None

    def heard(self):
        if self.p and not self.errors.closed:
            self.lab.test.listen_for_sanitizers(self.err())
            self.errors.close()

    def ended(self, wait=30):
        """Wait until it ends by itself: (status, what it said)."""
        self.p.wait(wait)
        said = self.err()
        self.heard()
        return self.p.returncode, said


class Lab:
    """`respite lab init`, and the processes that serve it. `batch`: seconds, in a trial; None for batches by slots. `front`: the
    address given to `init --url`, e.g. that of a Capture; without one the first process's."""

    def __init__(self, test, name="Lab of trees", trial=True, batch=1, db=None, front=None, args=(), data=None, init=True):
        self.test, self.name, self.trial, self.batch, self.db = test, name, trial, batch, db
        self.data = data or test.at("lab-%d" % len(test.ending))
        self.front, self.processes = front, []
        if init:
            done = self.run("lab", "init", "--json", "--name", name, *(["--trial"] if trial else []), *(["--url", front] if front else []), *args)
            test.assertEqual(done.status, 0, done.err)
            self.made = done.json()

    def run(self, *args, **more):
        """A command on the lab's machine, as who keeps it."""
        if self.db and args[:1] == ("lab",) and args[1:2] != ("init",):
            args = (*args, "--db", self.db)
        env = {"RESPITE_CLOCK": str(self.test.clock.now()), **more.pop("env", {})}
        return self.test.respite("--data", self.data, *args, env=env, **more)

    def serve(self, *args, port=None, data=None, wait=60, env=None):
        batch = ["--batch", str(self.batch)] if self.trial and self.batch else []
        one = Process(self, port or house.free_port(), [*batch, *args], data or self.data, self.db, env or {})
        self.processes.append(one)
        return one.start(wait)

    @property
    def url(self):
        return self.front or self.processes[0].url

    def wire(self, i=0):
        return peer_member.Wire(self.processes[i].url)

    def invite(self, names):
        done = self.run("lab", "invite", *names, "--json")
        self.test.assertEqual(done.status, 0, done.err)
        invites = done.json()["invites"]
        self.test.assertEqual([i["name"] for i in invites], list(names))
        return [i["url"] for i in invites]

    def again(self, kill=False):
        """Stop (or kill) every process and start each with its own port and options: on the clock of now."""
        for one in self.processes:
            one.kill() if kill else one.stop()
        for one in self.processes:
            one.start()

    def log(self, i=0):
        return peer_member.Log(self.wire(i)).follow()

    def until(self, holds, wait=30):
        """Follow the log until `holds(log)`; the log."""
        ends = time.monotonic() + wait
        log = self.log()
        while not holds(log):
            if time.monotonic() > ends:
                self.test.fail("it never stood in the record: " + repr([e for e in log.entries[-12:]]))
            time.sleep(0.2)
            log.follow()
        return log

    def close(self):
        for one in self.processes:
            one.stop()


# A member with the real program -----------------------------------------------------------------------------------------------
class Member:
    """A person's computer: home and data folder of its own. The commands of the program, as that person types them."""

    def __init__(self, test, name, clock=None):
        self.test, self.name, self.clock = test, name, clock or test.clock
        self.home = test.at("member-" + re.sub(r"\W", "-", name))
        os.makedirs(self.home, exist_ok=True)
        self.data = os.path.join(self.home, "data")
        self.env = {"HOME": self.home, "XDG_DATA_HOME": os.path.join(self.home, "xdg"), "XDG_CONFIG_HOME": os.path.join(self.home, "config"),
                    "XDG_RUNTIME_DIR": self.home, "XDG_STATE_HOME": os.path.join(self.home, "state")}

    def run(self, *args, env=None, **more):
        env = {**self.env, "RESPITE_CLOCK": str(self.clock.now()), **(env or {})}
        return self.test.respite("--data", self.data, *args, env=env, **more)

    def good(self, *args, **more):
        done = self.run(*args, **more)
        self.test.assertEqual(done.status, 0, "respite %s: %s" % (" ".join(args), done.err))
        return done

    def join(self, url, *args):
        return self.good("join", url, "--yes", *args)

    def post(self, text, *args, now=True):
        return self.good("post", *(["--now"] if now else []), *args, text)

    def board(self, *args):
        return self.good("board", "--json", *args).json()["threads"]

    def verify(self):
        """(exit status, the answer)."""
        done = self.run("verify", "--json")
        return done.status, done.json()

    def sent(self):
        return self.good("sent", "--json").json()["requests"]

    def tick(self):
        return self.good("tick")

    def copy(self, name):
        """The same data folder on another machine, or the same later."""
        other = Member(self.test, name, self.clock)
        shutil.copytree(self.data, other.data)
        return other

    def bytes(self):
        return b"".join(pathlib.Path(d, f).read_bytes() for d, _, files in os.walk(self.home) for f in files)


# Between node and lab ---------------------------------------------------------------------------------------------------------
class Exchange:
    """What went over one connection. `out`: from the client; `back`: what it was given."""

    def __init__(self, number):
        self.number, self.out, self.back = number, b"", b""

    @property
    def line(self):
        return self.out.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def method(self):
        return self.line.split(" ")[0]

    @property
    def path(self):
        return (self.line.split(" ") + [""])[1]

    @property
    def headers(self):
        lines = self.out.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")[1:]
        return [tuple(line.split(": ", 1)) for line in lines]

    def header(self, name):
        return ", ".join(v for n, v in self.headers if n.lower() == name.lower())

    @property
    def body(self):
        return self.out.partition(b"\r\n\r\n")[2]

    @property
    def reply(self):
        return peer_member.Reply(self.back)


class Capture:
    """A listener on loopback that passes connections on to `to` ("http://127.0.0.1:PORT", may be set later) and keeps every byte.
    `rules`: functions (exchange) -> what to do with a request once it is whole, the first that answers counts:
        None            nothing of its own
        "cut"           close without passing it on
        "swallow"       pass it on and close before the answer: the lab did it, the client never hears
        "hold"          pass it on and keep the answer until release()
        bytes           answer these instead, without passing it on
        a function      pass it on; the client gets function(answer bytes)
    One request a connection, as the protocol has it."""

    def __init__(self, to=None, port=0):
        self.to, self.exchanges, self.rules = to, [], []
        self.lock, self.released = threading.Lock(), threading.Event()
        self.socket = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self._accept, daemon=True).start()

    def rule(self, what, path=None, method=None, times=None):
        """Add a rule for requests of a path (a regular expression) and method; `times`: that often."""
        left = [times]

        def one(x):
            if (path and not re.search(path, x.path)) or (method and x.method != method) or left[0] == 0:
                return None
            if left[0]:
                left[0] -= 1
            return what
        self.rules.append(one)

    def release(self):
        self.released.set()

    def of(self, path, method=None):
        return [x for x in self.exchanges if re.search(path, x.path) and (not method or x.method == method)]

    def clear(self):
        self.exchanges = []

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client):
        x = Exchange(0)
        with self.lock:
            self.exchanges.append(x)
            x.number = len(self.exchanges)
        with client:
            client.settimeout(120)
            try:
                self._read_request(client, x)
                do = next((d for d in (rule(x) for rule in list(self.rules)) if d is not None), None)
                if do != "cut":
                    back = do if isinstance(do, bytes) else self._pass_on(x)
                    if do == "hold":
                        self.released.wait(120)
                    if do != "swallow":
                        back = do(back) if callable(do) else back
                        x.back = back
                        client.sendall(back)
            except OSError:
                pass

    @staticmethod
    def _read_request(client, x):
        wanted = None
        while wanted is None or len(x.out) < wanted:
            part = client.recv(65536)
            if not part:
                return
            x.out += part
            head = x.out.find(b"\r\n\r\n")
            if wanted is None and head >= 0:
                length = re.search(rb"(?im)^content-length: *(\d+)", x.out[:head])
                wanted = head + 4 + (int(length.group(1)) if length else 0)

    def _pass_on(self, x):
        host, port = self.to.split("//")[1].split(":")
        back = b""
        with socket.create_connection((host, int(port)), timeout=120) as lab:
            lab.sendall(x.out)
            while part := lab.recv(65536):
                back += part
        return back

    def close(self):
        self.released.set()
        self.socket.close()


def answer(status, body=b"", type_="application/json", headers=()):
    """The bytes of an answer."""
    lines = ["HTTP/1.1 %d X" % status, "Content-Type: " + type_, "Content-Length: %d" % len(body), "Connection: close"]
    return "\r\n".join(lines + ["%s: %s" % pair for pair in headers]).encode() + b"\r\n\r\n" + body


class Hostile:
    """A server that answers each connection with what `script` says, in turn (the last again and again). A step is bytes, or a
    function (socket, request bytes) that does what it likes, as those below."""

    def __init__(self, *script, port=0):
        self.script, self.seen = list(script), []
        self.socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            step = self.script[min(len(self.seen), len(self.script) - 1)]
            x = Exchange(len(self.seen) + 1)
            self.seen.append(x)
            threading.Thread(target=self._one, args=(client, step, x), daemon=True).start()

    def _one(self, client, step, x):
        with client:
            client.settimeout(60)
            try:
                Capture._read_request(client, x)
                client.sendall(step) if isinstance(step, bytes) else step(client, self.over)
            except OSError:
                pass

    def close(self):
        self.over.set()
        self.socket.close()


def huge(size=1 << 30, type_="application/json", announced=True):
    """A body of `size` bytes, sent as fast as it is taken."""
    def step(client, over):
        length = "Content-Length: %d\r\n" % size if announced else ""
        client.sendall(("HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sConnection: close\r\n\r\n" % (type_, length)).encode())
        part, left = b" " * (1 << 20), size
        while left > 0 and not over.is_set():
            client.sendall(part)
            left -= len(part)
    return step


def slow(seconds=1, of=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + b" " * 100000):
    """One byte at a time, a pause after each."""
    def step(client, over):
        for i in range(len(of)):
            client.sendall(of[i:i + 1])
            if over.wait(seconds):
                return
    return step


def silent(client, over):
    """Takes the request and says nothing."""
    over.wait(120)


def redirect(to):
    return answer(302, headers=[("Location", to)])


def deep(levels=100000):
    return answer(200, b"[" * levels + b"]" * levels)


# PostgreSQL -------------------------------------------------------------------------------------------------------------------
class Postgres:
    """A PostgreSQL of this test alone: it refuses to run as root, then the user postgres runs it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="respite-pg-")
        self.user = []
        if os.geteuid() == 0:
            os.chown(self.dir, pwd.getpwnam("postgres").pw_uid, -1)
            self.user = ["runuser", "-u", "postgres", "--"]
        self.data, self.port = os.path.join(self.dir, "data"), house.free_port()
        self._run("initdb", "-D", self.data, "-U", "respite", "-A", "trust", "--no-locale", "-E", "UTF8", "-N")
        self.running, self.databases = False, 0
        self.start()

    def _run(self, program, *args, check=True):
        return subprocess.run([*self.user, PG + program, *args], check=check, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, cwd="/")

    def start(self):
        options = "-p %d -c listen_addresses=127.0.0.1 -k %s" % (self.port, self.dir)
        self._run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.data, "log"), "-o", options, "start")
        self.running = True

    def stop(self, how="fast"):
        if self.running:
            self._run("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")
        self.running = False

    def crash(self):
        """It falls: no checkpoint; the next start recovers from its log."""
        self.stop("immediate")

    def url(self):
        """A new empty database."""
        self.databases += 1
        name = "lab%d" % self.databases
        self.psql("create database " + name, "postgres")
        return "postgresql://respite@127.0.0.1:%d/%s" % (self.port, name)

    def psql(self, sql, database):
        """Rows as text, a tab between columns."""
        p = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "respite", "-At", "-F", "\t", "-c", sql, database],
                           check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return p.stdout.decode()

    def close(self):
        self.stop("immediate")
        shutil.rmtree(self.dir, ignore_errors=True)
