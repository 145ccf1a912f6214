"""What the scripts of bench/ share: a table of figures with their bars, and a PostgreSQL that lives as long as one run. Python's standard
library alone."""
import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys

PG = "/usr/lib/postgresql/15/bin/"


def option(name, otherwise):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


def peers_python(module):
    """The interpreter that has a peer's module, as words of a command, or None: $PEERS_PYTHON ("chroot DIR python3") when it is set, else
    this one or Debian's."""
    named = os.environ.get("PEERS_PYTHON")
    for words in [named.split()] if named else [[sys.executable], ["/usr/bin/python3"]]:
        if shutil.which(words[0]) and subprocess.run([*words, "-c", "import " + module], stderr=subprocess.DEVNULL).returncode == 0:
            return words
    return None


def peak_mb():
    """The most memory that this program has held."""
    with open("/proc/self/status") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) / 1024


class Table:
    """Rows of (what, here, bar, met, note); `missed` once a bar was not met."""

    def __init__(self):
        self.rows, self.missed = [], False

    def row(self, what, got, bar, met, note=""):
        self.rows.append((what, got, bar, "-" if met is None else "met" if met else "NOT MET", note))
        self.missed = self.missed or met is False

    def say(self, again, also=""):
        heads = ("what", "here", "bar", "", "")
        wide = [max(len(r[i]) for r in self.rows + [heads]) for i in range(4)]
        for r in [heads, tuple("-" * w for w in wide) + ("",)] + self.rows:
            print(("  ".join(r[i].ljust(wide[i]) for i in range(4)) + "  " + r[4]).rstrip())
        with open("/proc/cpuinfo") as f:
            model = re.search(r"model name\s*: (.*)", f.read())
        print("\n%s, %d cores, %s%s" % (model.group(1) if model else "unknown processor", os.cpu_count(), os.uname().release, also))
        print("Again: " + again)


@contextlib.contextmanager
def postgres(folder):
    """The address of a new database in a server of its own, or None where PostgreSQL 15 is not installed. It refuses to run as root."""
    if not os.path.exists(PG):
        yield None
        return
    data, user = os.path.join(folder, "pg"), []
    if os.geteuid() == 0:
        who = pwd.getpwnam("postgres")
        os.chown(folder, who.pw_uid, who.pw_gid)
        user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = str(s.getsockname()[1])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(user + [PG + "initdb", "-D", data, "-U", "respite", "-A", "trust", "--no-locale", "-E", "UTF8"], check=True, **quiet)
    control = user + [PG + "pg_ctl", "-D", data, "-w"]
    subprocess.run(control + ["-l", data + "/log", "-o", "-p %s -c listen_addresses=127.0.0.1 -k %s" % (port, folder), "start"], check=True, **quiet)
    try:
        subprocess.run([PG + "createdb", "-h", "127.0.0.1", "-p", port, "-U", "respite", "lab"], check=True, **quiet)
        yield "postgresql://respite@127.0.0.1:%s/lab" % port
    finally:
        subprocess.run(control + ["-m", "fast", "stop"], check=True, **quiet)
