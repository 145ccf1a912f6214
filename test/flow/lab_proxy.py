"""The examples of docs/lab: what they say, and a lab behind the real nginx and Caddy made from them, where those are installed. A proxy
in front may add nothing to a request and write nothing down about it."""
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

import house
import lab_house
import peer_member

DOCS = os.path.join(house.ROOT, "docs", "lab")


def example(name):
    with open(os.path.join(DOCS, name), encoding="utf-8") as f:
        return f.read()


def bare(text):
    return re.sub(r"^\s*#.*$", "", text, flags=re.M)


class Examples(unittest.TestCase):
    def test_nginx_says_nothing_of_who_asked(self):
        conf = bare(example("nginx.conf"))
        self.assertRegex(conf, r"access_log off;")
        self.assertRegex(conf, r"error_log /dev/null")
        self.assertEqual(set(re.findall(r"proxy_set_header (\S+)", conf)), {"Host", "Connection"})
        self.assertNotRegex(conf, r"remote_addr|(?i:forwarded|via|x-real-ip)")

    def test_caddy_says_nothing_of_who_asked(self):
        conf = bare(example("Caddyfile"))
        self.assertEqual(re.findall(r"header_up (\S+)", conf), ["-X-Forwarded-For", "-X-Forwarded-Host", "-X-Forwarded-Proto", "-Via"])
        self.assertNotIn("{remote", conf)
        self.assertRegex(conf, r"exclude http\.log\.access http\.log\.error")
        self.assertRegex(conf, r"compression off")

    def test_tor_finds_its_lines_good(self):
        if not shutil.which("tor"):
            self.skipTest("tor is not installed")
        lines = re.sub(r"/var/lib/tor", "/tmp/respite-tor-%d" % os.getpid(), example("torrc"))
        path = "/tmp/respite-torrc-%d" % os.getpid()
        self.addCleanup(lambda: (os.path.exists(path) and os.unlink(path), shutil.rmtree("/tmp/respite-tor-%d" % os.getpid(), True)))
        with open(path, "w") as f:
            f.write(lines + "DataDirectory /tmp/respite-tor-%d\n" % os.getpid())
        done = subprocess.run(["tor", "--verify-config", "-f", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout.decode())


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Behind(lab_house.Test):
    def start(self, argv, port):
        log = open(self.at("proxy.log"), "wb")
        p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.dir, preexec_fn=house.end_with_us,
                             env={"PATH": os.environ["PATH"], "HOME": self.home, "XDG_DATA_HOME": self.at("caddy")})
        self.addCleanup(log.close)
        self.addCleanup(p.wait)
        self.addCleanup(p.send_signal, signal.SIGTERM)
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            try:
                peer_member.Wire("http://127.0.0.1:%d" % port).connect().close()
                return
            except OSError:
                time.sleep(0.05)
        self.fail("the proxy did not start:\n" + open(self.at("proxy.log")).read())

    def holds(self, lab, port):
        """Every kind of request means the same through the proxy, and a whole post goes through."""
        lab.front = "http://127.0.0.1:%d" % port
        wire = peer_member.Wire(lab.front)
        for method, path, headers, body in (
                ("GET", "/v1/lab", [], None), ("GET", "/log/checkpoint", [], None), ("POST", "/v1/acts", [], b" " * 4096),
                ("GET", "/v1/member", [("Authorization", "Bearer " + "A" * 43)], None), ("GET", "/v1/batches", [], None),
                ("GET", "/v1/lab", [("X-Other", "1.2.3.4")], None), ("DELETE", "/v1/lab", [], None)):
            straight, through = lab.wire().ask(method, path, headers, body), wire.ask(method, path, headers, body)
            self.assertEqual((through.status, through.body), (straight.status, straight.body), "%s %s" % (method, path))
        self.assertEqual(wire.ask("GET", "/v1/lab").status, 200)
        said = open(self.at("proxy.log")).read()
        self.assertNotIn("127.0.0.1:", said.replace("127.0.0.1:%d" % port, "").replace("127.0.0.1:%d" % lab.processes[0].port, ""))
        self.assertNotIn("/v1/", said)

    def test_nginx(self):
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if not program:
            self.skipTest("nginx is not installed")
        lab, port = self.lab(), house.free_port()
        lab.serve()
        server = re.sub(r"listen 443 ssl;\n\s*listen .*", "listen 127.0.0.1:%d;" % port, example("nginx.conf"))
        server = re.sub(r"\n\s*ssl_\w+ [^\n]*", "", server).replace("127.0.0.1:7465", "127.0.0.1:%d" % lab.processes[0].port)
        with open(self.at("nginx.conf"), "w") as f:
            f.write("daemon off; master_process off; pid %s; error_log stderr warn; events {}\nhttp { %s\n%s }\n" % (
                self.at("pid"), " ".join("%s_temp_path %s;" % (n, self.at("t-" + n)) for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
                server))
        self.start([program, "-p", self.dir, "-c", self.at("nginx.conf")], port)
        self.holds(lab, port)
        for name in ("access.log", "logs"):
            self.assertFalse(os.path.exists(self.at(name)), name)

    def test_caddy(self):
        program = shutil.which("caddy")
        if not program:
            self.skipTest("Caddy is not installed")
        lab, port = self.lab(), house.free_port()
        lab.serve()
        conf = re.sub(r"\n\ttls \{.*?\n\t\}", "", example("Caddyfile"), flags=re.S).replace("lab.example {", "http://127.0.0.1:%d {" % port)
        conf = conf.replace("127.0.0.1:7465", "127.0.0.1:%d" % lab.processes[0].port).replace("{\n\tservers", "{\n\tadmin off\n\tservers", 1)
        with open(self.at("Caddyfile"), "w") as f:
            f.write(conf)
        self.start([program, "run", "--config", self.at("Caddyfile"), "--adapter", "caddyfile"], port)
        self.holds(lab, port)


if __name__ == "__main__":
    house.main()
