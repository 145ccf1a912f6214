"""Nothing leaves the machine: under strace, commands make no socket but AF_UNIX, and a node none but that and its loopback listener;
neither connects anywhere. What the sandbox forbids is tried for real by test/io."""
import glob
import os
import re
import time

import house

CALLS = "connect,sendto,sendmsg,sendmmsg,bind,socket,socketpair,listen"


class Road(house.Test):
    def setUp(self):
        super().setUp()
        self.two_weeks()
        self.trace = self.at("trace")
        # A traced process cannot be searched for leaks.
        self.strace = ["strace", "-f", "-qq", "-e", "trace=" + CALLS, "-o", self.trace]

    def calls(self):
        with open(self.trace, errors="replace") as f:
            return [line.strip() for line in f if re.search(r"\b(%s)\(" % CALLS.replace(",", "|"), line)]

    def outside(self, listener=None):
        """Calls that are neither local nor the listener's."""
        found = []
        for line in self.calls():
            if re.search(r"\bsocket(pair)?\(AF_(UNIX|NETLINK)|sun_family|sa_family=AF_(UNIX|UNSPEC)|bind\(\d+, \{sa_family=AF_NETLINK", line):
                continue
            if listener:
                if re.search(r'\bbind\(\d+, \{sa_family=AF_INET, sin_port=htons\(\d+\), sin_addr=inet_addr\("127\.0\.0\.1"\)\}', line):
                    continue
                if re.search(r"\bsocket\(AF_INET6?, SOCK_STREAM|\blisten\(|\bsend(to|msg)\(\d+, .*(NULL, 0|msg_name=NULL)", line):
                    continue
                if re.search(r'\bbind\(\d+, \{sa_family=AF_INET6.*"::1"', line):
                    continue
            found.append(line)
        return found

    def test_the_watch_sees_what_it_should(self):
        house.run([*self.strace, "python3", "-c", "import socket; s = socket.socket(); s.setblocking(0); s.connect_ex(('127.0.0.1', 9))"])
        self.assertTrue([line for line in self.outside(True) if "connect(" in line], self.calls())

    def test_commands(self):
        for args in (["hours"], ["week"], ["hours", "--json"], ["doctor"], ["paths"], ["rest", "quiet", "2026-12-01..2026-12-05"],
                     ["export", self.at("out")], ["backup", self.at("backup")], ["tick"], ["--help"]):
            done = self.respite(*args, wrap=self.strace, env={"ASAN_OPTIONS": "detect_leaks=0"})
            if args[0] != "tick":
                self.assertEqual(done.status, 0, (args, done.err))
            self.assertEqual(self.outside(), [], args)

    def test_a_node_through_a_whole_visit(self):
        node = self.node(wrap=self.strace)
        browser = node.browser()
        browser.picture()
        browser.walk()
        time.sleep(2 if not os.environ.get("RESPITE_LONG") else 300)
        children = [int(p) for p in open("/proc/%d/task/%d/children" % (node.pid, node.pid)).read().split()]
        for pid in children:
            os.kill(pid, 15)
        node.p.wait(20)
        self.assertTrue(any("bind(" in line for line in self.calls()), "the listener is seen")
        self.assertEqual(self.outside(listener=True), [])

    def test_no_page_names_another_host(self):
        pages = self.node().browser().walk()
        for path, page in pages.items():
            for attribute in re.findall(r'(?:src|action|srcset|data|poster)="([^"]*)"', page.text) + re.findall(r"url\(([^)]*)\)", page.text):
                self.assertTrue(attribute.startswith("/"), (path, attribute))
            self.assertNotRegex(page.text, r"<(link|iframe|object|embed)[^>]*https?:")

    def test_the_room_asks_only_for_files(self):
        """`respite rest` and `hours` by their symbols: the objects of rest call no network (tools/check asks nm; here the program's
        own list of libraries holds none that could)."""
        needed = house.run(["readelf", "-d", house.RESPITE]).stdout.decode()
        self.assertNotRegex(needed, r"NEEDED.*(libcurl|libssl|libpq|libnghttp)")


class Sandbox(house.Test):
    def test_the_serving_process_is_under_seccomp(self):
        self.two_weeks()
        node = self.node()
        node.browser().picture()
        pids = [node.pid] + [int(os.path.basename(os.path.dirname(p))) for p in glob.glob("/proc/[0-9]*/stat")
                             if self.session_of(p) == node.pid]
        serving = [p for p in set(pids) if self.listens(p, node.port)]
        self.assertTrue(serving, pids)
        for pid in serving:
            status = open("/proc/%d/status" % pid).read()
            self.assertRegex(status, r"Seccomp:\s+2", "process %d serves without seccomp" % pid)
            self.assertRegex(status, r"NoNewPrivs:\s+1")

    def session_of(self, stat):
        try:
            return int(open(stat).read().rsplit(")", 1)[1].split()[3])
        except OSError:
            return None

    def listens(self, pid, port):
        """Whether the process holds the listening socket and is in charge of it now (not a parent that waits)."""
        inodes = set()
        for line in open("/proc/net/tcp").read().split("\n")[1:]:
            f = line.split()
            if f and f[3] == "0A" and int(f[1].split(":")[1], 16) == port:
                inodes.add("socket:[%s]" % f[9])
        try:
            held = {os.readlink(p) for p in glob.glob("/proc/%d/fd/*" % pid) if os.path.islink(p)}
        except OSError:
            return False
        return bool(inodes & held) and len(os.listdir("/proc/%d/task" % pid)) > 0 and not self.waits(pid)

    def waits(self, pid):
        return bool(open("/proc/%d/task/%d/children" % (pid, pid)).read().split())


if __name__ == "__main__":
    house.main()
