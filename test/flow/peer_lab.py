"""A trial lab written a second time, in Python and in memory, from docs/PROTOCOL.md: for our node to talk to. It can lie: whatever it
keeps (entries, keys, batches, lists) can be changed from the test, and `lies` alters answers on their way. It holds no secrets worth
keeping: its RSA keys are those of the published vectors."""
import http.server
import json
import os
import re
import secrets
import threading
import time
import urllib.parse

import house
import peer_crypto as pc
import peer_member as pm

VECTORS = os.path.join(house.ROOT, "test", "data", "vectors")
WEEK = 7 * house.DAY


def der_numbers(data):
    """All integers of a DER structure, outer octet strings opened: enough for a PKCS #8 RSA key."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            n = size & 0x7f
            size, at = int.from_bytes(data[at:at + n], "big"), at + n
        body, at = data[at:at + size], at + size
        if tag == 2:
            found.append(int.from_bytes(body, "big"))
        elif tag == 0x30 or (tag == 4 and body[:1] == b"\x30"):
            found += der_numbers(body)
    return found


class SignRsa:
    """A private key of the vectors, signing by CRT and looking at what it made."""

    def __init__(self, pem):
        lines = pem.decode().strip().split("\n")
        numbers = [n for n in der_numbers(pc.unb64("".join(lines[1:-1]))) if n.bit_length() > 64]
        self.n, self.d, self.p, self.q = numbers[0], numbers[1], numbers[2], numbers[3]
        assert self.p * self.q == self.n

    def sign(self, blinded):
        m = pc.os2ip(blinded)
        s1, s2 = pow(m % self.p, self.d % (self.p - 1), self.p), pow(m % self.q, self.d % (self.q - 1), self.q)
        s = s2 + self.q * ((s1 - s2) * pow(self.q, -1, self.p) % self.p)
        assert pow(s, pc.E, self.n) == m
        return s.to_bytes(256, "big")


def vector_keys():
    found = {}
    for name in ("go", "rust"):
        with open(os.path.join(VECTORS, "privacypass_type2_rfc9578_%s.json" % name), encoding="utf-8") as f:
            for case in json.load(f):
                found.setdefault(case["pkS"], bytes.fromhex(case["skS"]))
    return [SignRsa(pem) for pem in found.values()]


class BorrowedKey:
    """In the place of a SignRsa: the key of another issuer and origin, who issues and redeems (peer A)."""

    def __init__(self, server):
        self.server, self.n = server, pc.spki_modulus(server.spki)

    def issue(self, type_, body):
        a = pm.Wire(self.server.url, timeout=120).ask("POST", "/token-request", [("Content-Type", type_)], body)
        if a.status != 200:
            raise No(a.status, "bad-token-request")
        return a.body

    def redeem(self, token):
        return pm.Wire(self.server.url).ask("POST", "/", [("Authorization", pm.private_token(token))], b"").status == 200


class No(Exception):
    def __init__(self, status, name, **more):
        super().__init__(name)
        self.status, self.name, self.more = status, name, more


class Answer:
    def __init__(self, status, body=b"", type_="application/json", headers=(), pad=0):
        body = pc.canonical(body) if not isinstance(body, bytes) else body
        self.status, self.body, self.type, self.headers = status, body.ljust(pad), type_, list(headers)


class EpochKey:
    def __init__(self, rsa, lab, epoch, start):
        self.rsa, self.epoch, self.start = rsa, epoch, start
        self.crowd = secrets.token_bytes(32)
        self.spki = pc.spki(rsa.n)
        self.challenge = pc.challenge(lab.host, b"", lab.host)
        self.id, self.digest = pc.sha256(self.spki), pc.sha256(self.challenge)
        self.issued = {}          # member: (request, answer)

    def entry(self, lab):
        return {"t": "key", "at": lab.now(), "use": "general", "epoch": self.epoch, "spki": pc.b64(self.spki), "challenge": pc.b64(self.challenge),
                "crowd": pc.b64(pc.sha256(b"respite/crowd/v1\n", self.crowd)), "issue_from": self.start - 6 * house.DAY,
                "issue_to": self.start + WEEK, "spend_from": self.start, "spend_to": self.start + WEEK + 12 * house.HOUR}


class Lab:
    """`now`: its clock, a function. Publishing is by publish(), or by each request when `batch_at_once`. `borrow`: a function of
    this lab's host; it gives the server whose key the running week has. `front`: the address it goes by, when a Capture stands before
    it; `at` is where it listens itself."""

    def __init__(self, now, name="Lab of paper", quota=64, floor=10, batch_at_once=True, borrow=None, front=None):
        self.now, self.name, self.quota, self.floor, self.batch_at_once = now, name, quota, floor, batch_at_once
        self.lock = threading.RLock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads, self.server.lab = True, self
        self.at = "http://127.0.0.1:%d" % self.server.server_address[1]
        self.url = front or self.at
        self.host = self.url.split("//")[1]
        self.origin = self.host + "/respite"
        self.log_key, self.promise_key = pc.SignKey(), pc.SignKey()
        self.vkey, self.promise_vkey = pc.vkey(self.origin, self.log_key.pk), pc.vkey(self.origin + "/promise", self.promise_key.pk)
        self.members, self.codes, self.spent, self.waiting = {}, {}, {}, []
        self.entries, self.leaves, self.batches, self.lists, self.lies, self.seen = [], [], [], {"roster": {}, "open": {}}, [], []
        self.lines, self.since = {}, None
        self.rsa = vector_keys()
        self.borrowed = BorrowedKey(borrow(self.host)) if borrow else None
        self._begin()
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # The record -----------------------------------------------------------------------------------------------------------
    def _begin(self):
        now = self.now()
        start = now - (now - 345600) % WEEK          # Monday 00:00 UTC
        rsa = [self.borrowed or self.rsa.pop(), self.rsa.pop()]
        self.keys = [EpochKey(rsa[i], self, pm.epoch_text(start + i * WEEK), start + i * WEEK) for i in (0, 1)]
        self.add({"t": "genesis", "at": now, "lab": self.name, "by": "", "trial": True, "roles": "both", "issuer": [self.url], "board": [self.url],
                  "zone": "UTC", "origin_info": self.host, "log": [self.vkey], "promise": self.promise_vkey, "vouchers": [], "protocol": 1})
        self.add({"t": "rules", "at": now, "batch": 1, "fetch": [600, 960], "floor": self.floor, "letters": 4, "policy": pc.b64(bytes(32)),
                  "quota": self.quota, "retention": 14, "send": [540, 1080], "witnesses": []})
        for key in self.keys:
            self.add(key.entry(self))
        self.log_lists()
        self.sign()

    def add(self, entry):
        """Append an entry (an object, or bytes): its index. sign() makes it seen."""
        data = entry if isinstance(entry, bytes) else pc.canonical(entry)
        self.entries.append(data)
        self.leaves.append(pc.leaf_hash(data))
        return len(self.entries) - 1

    def sign(self, key=None):
        text = "%s\n%d\n%s\n" % (self.origin, len(self.leaves), pc.b64(pc.root(self.leaves)))
        self.checkpoint = (text + "\n" + pc.note_line(self.origin, key or self.log_key, text)).encode()

    def rebuild(self):
        """After entries were changed by hand: hash them all again and sign."""
        self.leaves = [pc.leaf_hash(e) for e in self.entries]
        self.sign()

    def log_lists(self):
        """Rosters of the live epochs and `open` of the running one, where they changed."""
        changed = False
        for key in self.keys:
            roster = sorted(pc.sha256(b"respite/member/v1\n", key.epoch.encode(), m["tag"]) for m in self.members.values() if m["epoch"] <= key.epoch)
            holders = sorted(pc.sha256(b"respite/holder/v1\n", key.epoch.encode(), self.members[m]["tag"]) for m in key.issued if m in self.members)
            for t, count, leaves in (("roster", "members", roster), ("open", "holders", holders)):
                lists = self.lists[t].setdefault(key.epoch, [])
                if (lists and lists[-1]["leaves"] == leaves) or (t == "open" and (key is not self.keys[0] or not leaves)):
                    continue
                index = self.add({"t": t, "at": self.now(), "epoch": key.epoch, count: len(leaves), "root": pc.b64(pc.list_root(leaves))})
                lists.append({"index": index, "leaves": leaves})
                changed = True
        return changed

    def publish(self):
        """What waits, as one batch; lists that changed."""
        with self.lock:
            changed = self.log_lists()
            if self.waiting:
                self._batch()
            if self.waiting or changed:
                self.waiting = []
                self.sign()

    def _batch(self):
        acts = sorted(self.waiting, key=lambda a: a["id"])
        counts = {}
        for a in acts:
            counts[a["epoch"]] = counts.get(a["epoch"], 0) + 1
        n, day = len(self.batches) + 1, self.day()
        first = 1 + self.add({"t": "batch", "series": "board", "n": n, "day": day, "slot": 0, "count": len(acts), "keys": counts})
        for a in acts:
            self.add({"t": "act", "c": pc.b64(a["c"])})
        self.batches.append({"v": 1, "series": "board", "n": n, "day": day, "first": first, "items": [json.loads(a["item"]) for a in acts],
                             "tokens": [pc.b64u(a["token"], pad=True) for a in acts], "metoo": {}})

    def day(self, ahead=0):
        return time.strftime("%Y-%m-%d", time.gmtime(self.now() + ahead * house.DAY))

    def invite(self, name):
        code = pc.b64u(secrets.token_bytes(16))
        self.codes[code] = None
        pin = pc.b64u(pc.sha256(self.vkey.encode(), b"\n", self.vkey.encode()))
        return "%s/join#%s.%s" % (self.url, code, pin)

    def fill(self, n):
        """`n` invented members with their passes: a crowd at once, without their 64 signatures each."""
        with self.lock:
            for _ in range(n):
                name = secrets.token_hex(4)
                self.members[name] = {"tag": secrets.token_bytes(32), "epoch": self.keys[0].epoch, "secret": b"", "name": name}
                self.keys[0].issued[name] = (b"", b"")
            self.publish()

    # Requests -------------------------------------------------------------------------------------------------------------
    def lie(self, path, change):
        """Answers at `path` (a regular expression) go through `change` (an Answer; may alter it, or return another)."""
        self.lies.append((re.compile(path), change))

    def answer(self, method, path, headers, body):
        with self.lock:
            self.seen.append((method, path, headers, body))
            try:
                a = self._route(method, path, headers, body)
            except No as no:
                said = {"type": "urn:respite:error:" + no.name, "title": "Refused.", "status": no.status, "detail": "Refused.", **no.more}
                a = Answer(no.status, said, "application/problem+json", pad=1024 if path == "/v1/acts" else 0)
            if self.batch_at_once and method != "GET":
                self.publish()
            for pattern, change in self.lies:
                if pattern.search(path):
                    a = change(a) or a
            return a

    def _route(self, method, path, headers, body):
        for m, pattern, serve in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and m == method:
                return serve(self, headers, body, *found.groups())
        raise No(404, "not-found")

    def _member(self, headers):
        found = re.fullmatch(r"Bearer ([\w-]{43})", headers.get("Authorization", ""))
        secret = pc.sha256(pc.unb64u(found.group(1))) if found else None
        for name, m in self.members.items():
            if secret and m["secret"] == secret:
                return name, m
        raise No(401, "no-bearer")

    def _crowd(self, headers):
        found = re.fullmatch(r"Crowd ([\w-]{43})", headers.get("Authorization", ""))
        if not found or pc.unb64u(found.group(1)) not in [k.crowd for k in self.keys if k.start <= self.now()]:
            raise No(401, "no-crowd")

    def _lab(self, headers, body):
        return Answer(200, {"protocol": 1, "roles": "both", "trial": True, "origin": self.origin, "vkey": self.vkey, "issuer": [self.url],
                            "board": [self.url], "now_day": self.day()})

    def _health(self, headers, body):
        return Answer(204)

    def _directory(self, headers, body):
        keys = [{"token-type": 2, "token-key": pc.b64u(k.spki, pad=True), "not-before": k.start} for k in self.keys]
        return Answer(200, {"issuer-request-uri": "/token-request", "token-keys": keys}, "application/private-token-issuer-directory")

    def _checkpoint(self, headers, body):
        return Answer(200, self.checkpoint, "text/plain; charset=utf-8")

    def _size(self):
        return pc.Checkpoint(self.checkpoint).size

    def _tile(self, headers, body, level, name, width):
        n, width = int(name.replace("x", "").replace("/", "")), int(width or 256)
        step = 1 if level == "entries" else 256 ** int(level)
        if not 0 < width <= 256 or (n * 256 + width) * step > self._size():
            raise No(404, "not-found")
        if level != "entries":
            return Answer(200, pc.tile_hashes(self.leaves, int(level), n, width), "application/octet-stream")
        bundle = b"".join(len(e).to_bytes(2, "big") + e for e in self.entries[n * 256:n * 256 + width])
        return Answer(200, bundle, "application/octet-stream")

    def _join(self, headers, body):
        said = json.loads(body)
        if said["code"] not in self.codes:
            raise No(403, "bad-code")
        before = self.codes[said["code"]]
        if before not in (None, body):
            raise No(409, "code-used")
        member = pc.sha256(said["code"].encode()).hex()[:32]
        if before is None:
            self.codes[said["code"]] = body
            self.members[member] = {"tag": pc.unb64(said["tag"]), "secret": pc.unb64(said["secret_sha256"]), "name": said["name"],
                                    "epoch": self.keys[0].epoch, "witness": said["witness"]}
        return Answer(200 if before else 201, {"member": member, "logs": [{"origin": self.origin, "vkey": self.vkey}], "issuer": [self.url],
                                               "board": [self.url], **({"since": self.since, "passes": self.since} if self.since else {})})

    def _me(self, headers, body):
        name, m = self._member(headers)
        return Answer(200, {"member": name, "name": m["name"], "joined_week": m["epoch"], "tag": pc.b64(m["tag"])})

    def _leave(self, headers, body):
        del self.members[self._member(headers)[0]]
        return Answer(204)

    def _tokens(self, headers, body):
        name, _ = self._member(headers)
        plain = headers.get("Content-Type") == pc.REQUEST_TYPE
        items = [body] if plain else [body[pc.varint_read(body)[1]:][i:i + 259] for i in range(0, pc.varint_read(body)[0], 259)]
        if len(items) != self.quota or any(len(i) != 259 or i[:2] != b"\0\2" for i in items):
            raise No(422, "bad-token-request")
        key = next((k for k in self.keys if k.id[-1] == items[0][2]), None)
        if not key or any(i[2] != key.id[-1] or pc.os2ip(i[3:]) >= key.rsa.n for i in items):
            raise No(422, "bad-token-request")
        if name not in key.issued and key.rsa is self.borrowed:
            key.issued[name] = (body, key.rsa.issue(headers.get("Content-Type"), body))
        if name not in key.issued:
            signed = [key.rsa.sign(i[3:]) for i in items]
            rest = b"".join(b"\1\0\2" + s for s in signed)
            key.issued[name] = (body, signed[0] if plain else pc.varint(len(rest)) + rest)
        if key.issued[name][0] != body:
            raise No(409, "quota-used")
        return Answer(200, key.issued[name][1], pc.RESPONSE_TYPE if plain else pc.BATCH_RESPONSE_TYPE)

    def _epoch(self, headers, body, epoch):
        self._member(headers)
        for key in self.keys:
            if key.epoch == epoch:
                return Answer(200, {"crowd": pc.b64(key.crowd)}, pad=1024)
        raise No(404, "not-found")

    def _cosign(self, headers, body):
        name, _ = self._member(headers)
        said = json.loads(body)
        self.lines.setdefault(said["epoch"], {})[name] = {"origin": said["origin"], "line": said["line"]}
        return Answer(204)

    def _rosters(self, headers, body, epoch):
        self._crowd(headers)
        shown = lambda t: [{"index": x["index"], "leaves": [pc.b64u(leaf, pad=True) for leaf in x["leaves"]]} for x in self.lists[t].get(epoch, [])]
        return Answer(200, {"v": 1, "epoch": epoch, "rosters": shown("roster"), "opens": shown("open"), "groups": [],
                            "lines": list(self.lines.get(epoch, {}).values())})

    def head(self, epoch):
        size = self.lists["roster"][epoch][0]["index"] + 1
        return pc.sha256(("%s\n%d\n%s\n" % (self.origin, size, pc.b64(pc.root(self.leaves[:size])))).encode())

    def _needs_pass(self):
        live = [k for k in self.keys if k.start <= self.now()]
        said = ", ".join('PrivateToken challenge="%s", token-key="%s"' % (pc.b64u(k.challenge, pad=True), pc.b64u(k.spki, pad=True)) for k in live)
        problem = {"type": "urn:respite:error:no-pass", "title": "A pass.", "status": 401, "detail": "A pass."}
        return Answer(401, problem, "application/problem+json", [("WWW-Authenticate", said)], pad=1024)

    def _act(self, headers, body):
        found = re.fullmatch(r'PrivateToken token="([\w=-]{472})"', headers.get("Authorization", ""))
        if not found:
            return self._needs_pass()
        if len(body) not in pc.SIZES:
            raise No(400, "bad-size")
        token, item = pc.unb64u(found.group(1).rstrip("=")), body.rstrip(b" ")
        said = json.loads(item)
        if pc.canonical(said) != item:
            raise No(400, "bad-json")
        key = next((k for k in self.keys if k.id == token[66:98]), None)
        if not key or not pc.token_holds(pc.Key(key.spki, key.challenge), token):
            raise No(422, "bad-pass")
        before = self.spent.get(token[2:34])
        if before and before[0] != item:
            raise No(409, "pass-spent")
        if not pc.act_signed(said) or pc.unb64(said["pass"]) != pc.sha256(token):
            raise No(400, "bad-sig")
        if pc.unb64(said["head"]) != self.head(key.epoch):
            raise No(409, "other-history")
        if key.rsa is self.borrowed and not before and not key.rsa.redeem(token):
            raise No(422, "bad-pass")
        return Answer(200, self._receipt(token, item, key, before), pad=1024)

    def _receipt(self, token, item, key, before):
        _, leaf, id_ = pc.act_leaf(item)
        if not before:
            self.spent[token[2:34]] = before = (item, self.day(2))
            self.waiting.append({"id": id_, "c": pc.sha256(item), "item": item, "token": token, "epoch": key.epoch})
        text = "%s/promise\npromise %s\n%s\n" % (self.origin, before[1], pc.b64(leaf))
        return {"id": id_, "promise": text + "\n" + pc.note_line(self.origin + "/promise", self.promise_key, text)}

    def _batches(self, headers, body):
        self._crowd(headers)
        nothing = {"first": 1, "last": 0}
        return Answer(200, {"board": {"first": 1, "last": len(self.batches)}, "letters": nothing, "answers": nothing})

    def _one_batch(self, headers, body, n):
        self._crowd(headers)
        if not 0 < int(n) <= len(self.batches):
            raise No(404, "not-found")
        return Answer(200, self.batches[int(n) - 1])


ROUTES = [
    ("GET", "/v1/lab", Lab._lab), ("GET", "/v1/health", Lab._health), ("GET", re.escape(pc.DIRECTORY), Lab._directory),
    ("GET", "/log/checkpoint", Lab._checkpoint), ("GET", r"/log/tile/(\d+|entries)/((?:x\d{3}/)*\d{3})(?:\.p/(\d+))?", Lab._tile),
    ("POST", "/v1/join", Lab._join), ("GET", "/v1/member", Lab._me), ("DELETE", "/v1/member", Lab._leave), ("POST", "/token-request", Lab._tokens),
    ("GET", r"/v1/epochs/([\w-]+)", Lab._epoch), ("POST", "/v1/cosignatures", Lab._cosign), ("GET", r"/v1/rosters/([\w-]+)", Lab._rosters),
    ("POST", "/v1/acts", Lab._act), ("GET", "/v1/batches", Lab._batches), ("GET", r"/v1/batches/board/(\d+)", Lab._one_batch),
]


class Handler(http.server.BaseHTTPRequestHandler):
    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        a = self.server.lab.answer(self.command, urllib.parse.urlsplit(self.path).path, self.headers, body)
        self.send_response(a.status)
        for name, value in [("Content-Type", a.type), ("Content-Length", str(len(a.body))), ("Connection", "close"), *a.headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(a.body)

    do_GET = do_POST = do_PATCH = do_DELETE = serve

    def date_time_string(self, timestamp=None):
        return super().date_time_string(timestamp or self.server.lab.now())

    def log_message(self, *args):
        pass
