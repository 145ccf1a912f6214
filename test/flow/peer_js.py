"""The JavaScript peers of test/peer as processes: peer A, an issuer and origin, and peer B, a client (docs/PROTOCOL.md, section 13)."""
import base64
import os
import re
import shutil
import subprocess
import unittest

import house

PEER = os.path.join(house.ROOT, "test", "peer")
NODE = shutil.which("node")


def node_version():
    if not NODE:
        return 0
    said = subprocess.run([NODE, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return int(re.match(r"v(\d+)", said).group(1))


class Server:
    """A running peer A. `name`: what issuer and origin are called, when a lab stands before them."""

    def __init__(self, name=None):
        self.p = subprocess.Popen([NODE, os.path.join(PEER, "peer_server.mjs"), "0", *([name] if name else [])], stdout=subprocess.PIPE, preexec_fn=house.end_with_us)
        self.url = self.p.stdout.readline().decode().split()[1]
        self.spki = base64.b64decode(self.p.stdout.readline())

    def close(self):
        self.p.terminate()
        self.p.wait(20)
        self.p.stdout.close()


def client(*args, timeout=300):
    """Peer B: (status, what it said)."""
    p = subprocess.run([NODE, os.path.join(PEER, "peer_client.mjs"), *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    return p.returncode, p.stdout.decode("utf-8", "replace")


WANTED = "there is no Node.js 18 or newer, or test/peer has no packages: tools/setup test"
needed = unittest.skipUnless(node_version() >= 18 and os.path.isdir(os.path.join(PEER, "node_modules")), WANTED)
