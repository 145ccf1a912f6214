"""A member written a second time, in Python, from docs/PROTOCOL.md alone: raw HTTP with every byte in the test's hand, the record
read and hashed again, joining, 64 passes in one request, acts, receipts, batches. Tests of the lab stand on it."""
import json
import secrets
import socket
import time
import urllib.parse

import peer_crypto as pc

USER_AGENT = ("User-Agent", "respite")


def bearer(secret):
    return "Bearer " + pc.b64u(secret)


def crowd(key):
    return "Crowd " + pc.b64u(key)


def private_token(token):
    return 'PrivateToken token="%s"' % pc.b64u(token, pad=True)


class Reply:
    """An answer, with the bytes it came in."""

    def __init__(self, raw):
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100 "):
            head, _, self.body = self.body.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if lines[0].startswith("HTTP/") else 0  # 0: nothing came
        self.pairs = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if ":" in line]
        if "chunked" in self.header("Transfer-Encoding"):
            self.body = self._unchunked()
        self.text = self.body.decode("utf-8", "replace")

    def _unchunked(self):
        out, rest = b"", self.body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            n = int(size.split(b";")[0], 16)
            if n == 0:
                break
            out, rest = out + rest[:n], rest[n + 2:]
        return out

    def header(self, name):
        return ", ".join(v for n, v in self.pairs if n.lower() == name.lower())

    def json(self):
        return json.loads(self.body)

    def problem(self):
        """"quota-used" of a problem+json answer; None when it is none."""
        if self.header("Content-Type").split(";")[0] != "application/problem+json":
            return None
        return json.loads(self.body)["type"].removeprefix("urn:respite:error:")

    def __repr__(self):
        return "%d %s" % (self.status, self.text[:300].rstrip())


class Wire:
    """One base URL. Each request has a connection of its own; nothing is added that the caller cannot take away."""

    def __init__(self, url, timeout=60):
        self.url, self.timeout = url, timeout
        self.host = urllib.parse.urlsplit(url).netloc

    def connect(self):
        name, _, port = self.host.partition(":")
        return socket.create_connection((name, int(port or 80)), timeout=self.timeout)

    def raw(self, data):
        """Send bytes as they are, read to the end. A connection that is cut gives what came before."""
        with self.connect() as s:
            try:
                s.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
            out = b""
            try:
                while part := s.recv(65536):
                    out += part
            except ConnectionResetError:
                pass
        return Reply(out)

    def bytes_of(self, method, path, headers=(), body=None, host=None):
        """A request in the fixed order of the protocol. `headers`: pairs; those of the fixed set stand at their place, others at the
        end, and a pair whose value is None takes that header away."""
        fixed = ["Host", "User-Agent", "Accept", "Authorization", "Content-Type", "Content-Length", "Connection"]
        pairs = {"Host": host or self.host, "User-Agent": "respite", "Accept": "*/*", "Connection": "close"}
        if body is not None:
            pairs["Content-Length"] = str(len(body))
        others, given = [], set()
        for name, value in headers:
            if name in fixed and name not in given:
                pairs[name] = value
                given.add(name)
            else:
                others.append((name, value))
        lines = ["%s: %s" % (n, pairs[n]) for n in fixed if pairs.get(n) is not None] + ["%s: %s" % pair for pair in others]
        return ("%s %s HTTP/1.1\r\n%s\r\n\r\n" % (method, path, "\r\n".join(lines))).encode() + (body or b"")

    def ask(self, method, path, headers=(), body=None, **more):
        return self.raw(self.bytes_of(method, path, headers, body, **more))


# The record -------------------------------------------------------------------------------------------------------------------
class Log:
    """One log, read whole and hashed again. `vkey` pins its key; without one the key of its own genesis is taken."""

    def __init__(self, wire, vkey=None):
        self.wire, self.vkey = wire, vkey
        self.entries, self.leaves, self.checkpoint = [], [], None

    def follow(self):
        """Fetch what is new; AssertionError when it does not continue what was read, or its bytes do not fit."""
        raw = self.wire.ask("GET", "/log/checkpoint")
        assert raw.status == 200, raw
        point = pc.Checkpoint(raw.body)
        assert point.size >= len(self.leaves), "the log is shorter than before"
        self._entries(point.size)
        assert pc.root(self.leaves) == point.root, "the root is not that of the entries"
        if self.checkpoint:
            assert pc.root(self.leaves[:self.checkpoint.size]) == self.checkpoint.root, "another history"
        vkey = self.vkey or (self.all("genesis")[0][1]["log"][0])
        assert point.note.by(pc.NoteKey(vkey)), "the log's own signature is missing"
        self.vkey, self.checkpoint = vkey, point
        return self

    def _entries(self, size):
        while len(self.leaves) < size:
            n = len(self.leaves) // 256
            width = min(256, size - n * 256)
            raw = self.wire.ask("GET", pc.tile_path("entries", n, width))
            assert raw.status == 200, raw
            found = pc.entries_of(raw.body)
            assert len(found) == width, "a bundle of %d holds %d entries" % (width, len(found))
            for entry in found[len(self.leaves) - n * 256:]:
                assert len(entry) <= 65535
                self.entries.append(json.loads(entry))
                self.leaves.append(pc.leaf_hash(entry))
                assert entry == pc.canonical(self.entries[-1]), "an entry is not canonical: %r" % entry[:200]

    def check_tiles(self):
        """Every hash tile of this size is served and holds what the entries say; the widths beside it are not."""
        for (level, n), width in pc.tile_widths(self.checkpoint.size).items():
            raw = self.wire.ask("GET", pc.tile_path(level, n, width))
            assert raw.status == 200 and raw.body == pc.tile_hashes(self.leaves, level, n, width), (level, n, width, raw.status)

    def all(self, t):
        """[(index, entry)] of a type."""
        return [(i, e) for i, e in enumerate(self.entries) if e["t"] == t]

    def last(self, t, **members):
        found = [(i, e) for i, e in self.all(t) if all(e.get(k) == v for k, v in members.items())]
        return found[-1] if found else (None, None)

    def key(self, epoch):
        """The general key of an epoch, as (Key, entry)."""
        _, entry = self.last("key", use="general", epoch=epoch)
        return (pc.Key(pc.unb64(entry["spki"]), pc.unb64(entry["challenge"])), entry) if entry else (None, None)

    def head_lines(self, epoch, t="roster"):
        """The three lines of the epoch's head: up to its first `roster` entry (a split board's log: `peer`)."""
        size = next(i for i, e in self.all(t) if e.get("epoch") == epoch) + 1
        return "%s\n%d\n%s\n" % (self.checkpoint.origin, size, pc.b64(pc.root(self.leaves[:size])))


def epoch_text(at):
    """The ISO week of a moment, UTC: "2026-W48"."""
    return time.strftime("%G-W%V", time.gmtime(at))


# The member -------------------------------------------------------------------------------------------------------------------
class Refused(Exception):
    """An answer that the member cannot go on with."""

    def __init__(self, reply):
        super().__init__(repr(reply))
        self.reply = reply


class Member:
    """Joins by an invitation's address. `now`: what the clock of the lab says (RESPITE_CLOCK)."""

    def __init__(self, url, name="", now=None):
        parts = urllib.parse.urlsplit(url)
        base = url.split("/join")[0]
        self.code, _, self.pin = parts.fragment.partition(".")
        self.issuer = self.board = Wire(base)
        self.name, self.clock = name, now
        self.secret, self.tag, self.witness = secrets.token_bytes(32), secrets.token_bytes(32), pc.SignKey()
        self.epoch, self.passes, self.used = None, {}, []
        self.receipts = {}

    def now(self):
        return self.clock() if callable(self.clock) else self.clock or int(time.time())

    def join_body(self, **other):
        witness = pc.vkey("%s/respite/m/%s" % (self.issuer.host, self.witness.pk[:4].hex()), self.witness.pk, 4)
        return pc.canonical({"v": 1, "code": self.code, "name": self.name, "tag": pc.b64(self.tag),
                             "secret_sha256": pc.b64(pc.sha256(self.secret)), "witness": witness, **other})

    def join(self):
        a = self.issuer.ask("POST", "/v1/join", [("Content-Type", "application/json")], self.join_body())
        if a.status not in (200, 201):
            raise Refused(a)
        self.said = a.json()
        vkeys = [log["vkey"] for log in self.said["logs"]]
        assert pc.b64u(pc.sha256(vkeys[0].encode(), b"\n", vkeys[-1].encode())) == self.pin, "the logs are not those of the invitation"
        self.issuer, self.board = Wire(self.said["issuer"][0]), Wire(self.said["board"][0])
        self.log = Log(self.issuer, vkeys[0])
        self.board_log = self.log if len(set(vkeys)) == 1 else Log(self.board, vkeys[-1])
        return self

    def named(self, method, path, body=None, type_=None, headers=()):
        """An identified request."""
        pairs = [("Authorization", bearer(self.secret))] + ([("Content-Type", type_)] if type_ else []) + list(headers)
        return self.issuer.ask(method, path, pairs, body)

    def follow(self):
        self.log.follow()
        if self.board_log is not self.log:
            self.board_log.follow()
        return self

    def crowd_key(self, epoch=None):
        epoch = epoch or epoch_text(self.now())
        a = self.named("GET", "/v1/epochs/" + epoch)
        if a.status != 200:
            raise Refused(a)
        key = pc.unb64(a.json()["crowd"])
        hash_ = self.log.last("key", use="general", epoch=epoch)[1]["crowd"]
        assert pc.b64(pc.sha256(b"respite/crowd/v1\n", key)) == hash_, "the crowd key is not that of the record"
        return key

    def ask_passes(self, epoch, quota=64):
        """(the passes asked for, media type, body)."""
        key, _ = self.log.key(epoch)
        passes = [pc.Pass(key) for _ in range(quota)]
        if quota == 1:
            return passes, pc.REQUEST_TYPE, passes[0].request
        return passes, pc.BATCH_REQUEST_TYPE, pc.batch_request(passes)

    def withdraw(self, epoch=None, quota=None):
        epoch = epoch or epoch_text(self.now())
        quota = quota or self.log.last("rules")[1]["quota"]
        passes, type_, body = self.ask_passes(epoch, quota)
        a = self.named("POST", "/token-request", body, type_)
        if a.status != 200:
            raise Refused(a)
        answers = [a.body] if quota == 1 else pc.batch_answers(a.body)
        assert len(answers) == quota
        self.passes[epoch] = [p.finish(answer) for p, answer in zip(passes, answers)]
        return self

    def head(self, epoch):
        text = self.log.head_lines(epoch)
        if self.board_log is not self.log:
            text += self.board_log.head_lines(epoch, "peer")
        return pc.sha256(text.encode())

    def lab_name(self):
        """The board's origin: "lab" of acts."""
        return self.board.host

    def act(self, kind="thread", act=None, epoch=None, token=None, **other):
        """(token, canonical item) with a pass of this member that is used up by it."""
        epoch = epoch or epoch_text(self.now())
        token = token or self.passes[epoch].pop()
        act = {"title": "", "text": "Something said " + secrets.token_hex(4), "room": ""} if act is None else act
        lab = other.pop("lab", self.lab_name())
        head = other.pop("head_bytes", None) or self.head(epoch)
        return token, pc.act_item(kind, lab, act, token, head, **other)

    def spend(self, token, item, size=None, headers=()):
        pairs = [("Accept", "application/json"), ("Authorization", private_token(token)), ("Content-Type", "application/json")]
        return self.board.ask("POST", "/v1/acts", pairs + list(headers), pc.act_body(item, size))

    def post(self, **more):
        """Spend on an act and check the receipt: the item's id."""
        token, item = self.act(**more)
        a = self.spend(token, item)
        if a.status != 200:
            raise Refused(a)
        return self.check_receipt(item, a.body)

    def check_receipt(self, item, body):
        """A receipt of 1,024 bytes that names the item, with a promise signed by the key of genesis."""
        assert len(body) == 1024 and body == body.rstrip(b" ").ljust(1024), "a receipt has 1,024 bytes"
        receipt = json.loads(body)
        _, leaf, id_ = pc.act_leaf(item)
        note = pc.Note(receipt["promise"].encode())
        genesis = self.board_log.all("genesis")[0][1]
        assert note.by(pc.NoteKey(genesis["promise"])), "the promise is not signed"
        lines = note.text.split("\n")
        assert receipt["id"] == id_ and lines[2] == pc.b64(leaf) and lines[1].startswith("promise 20"), receipt
        assert lines[0] == self.board_log.checkpoint.origin + "/promise", lines[0]
        self.receipts[id_] = (lines[1].split()[1], item)
        return id_

    def batch(self, n, series="board", key=None):
        """A batch, checked as a node has to: leaves, order, signatures, tokens."""
        a = self.board.ask("GET", "/v1/batches/%s/%d" % (series, n), [("Authorization", crowd(key or self.crowd_key()))])
        if a.status != 200:
            raise Refused(a)
        batch = a.json()
        index, entry = self.board_log.last("batch", series=series, n=n)
        assert batch["first"] == index + 1 and batch["n"] == n and batch["series"] == series and batch["day"] == entry["day"], batch
        assert len(batch["tokens"]) == entry["count"] == sum(entry["keys"].values())
        self._check_items(batch, entry["count"])
        return batch

    def _check_items(self, batch, count):
        leaves = self.board_log.leaves[batch["first"]:batch["first"] + count]
        ids = [leaf[:16].hex() for leaf in leaves]
        assert ids == sorted(ids), "the leaves of a batch stand in the order of their ids"
        by_pass = {pc.b64(pc.sha256(pc.unb64u(t.rstrip("=")))): i for i, t in enumerate(batch["tokens"])}
        assert len(by_pass) == count, "a token stands twice in one batch"
        places = []
        for item in batch["items"]:
            if "gone" in item:
                continue
            _, leaf, _ = pc.act_leaf(pc.canonical(item))
            place = leaves.index(leaf)
            assert pc.act_signed(item) and by_pass.get(item["pass"]) == place, "an item and the token beside it differ"
            places.append(place)
        assert places == sorted(places)
        keys = [pc.Key(pc.unb64(e["spki"]), pc.unb64(e["challenge"])) for _, e in self.log.all("key")]
        for text in batch["tokens"]:
            assert any(pc.token_holds(key, pc.unb64u(text.rstrip("="))) for key in keys), "a token of no key of the record"
        assert sum(batch["metoo"].values()) <= count - len(batch["items"])

    def rosters(self, epoch=None, key=None):
        """The lists of an epoch, checked against the record; our own leaf must be in the last."""
        epoch = epoch or epoch_text(self.now())
        a = self.board.ask("GET", "/v1/rosters/" + epoch, [("Authorization", crowd(key or self.crowd_key()))])
        if a.status != 200:
            raise Refused(a)
        said = a.json()
        for name, t, count in (("rosters", "roster", "members"), ("opens", "open", "holders")):
            logged = [(i, e) for i, e in self.log.all(t) if e["epoch"] == epoch]
            assert [i for i, _ in logged] == [e["index"] for e in said[name]], (name, logged)
            for (_, entry), shown in zip(logged, said[name]):
                leaves = [pc.unb64u(leaf.rstrip("=")) for leaf in shown["leaves"]]
                assert leaves == sorted(set(leaves)) and len(leaves) == entry[count], name
                assert pc.b64(pc.list_root(leaves)) == entry["root"], "root of " + name
        return said

    def leaf(self, epoch, what="member"):
        return pc.b64u(pc.sha256(b"respite/%s/v1\n" % what.encode(), epoch.encode(), self.tag), pad=True)
