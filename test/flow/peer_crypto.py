"""The protocol's arithmetic a second time, after the RFCs and docs/PROTOCOL.md and not after the program: Ed25519 (RFC 8032), blind
RSA (RFC 9474), passes and batches (RFC 9577, RFC 9578, draft-ietf-privacypass-batched-tokens), canonical JSON, Merkle trees
(RFC 6962), tiles and signed notes (C2SP). Standard library alone, for tests: nothing here is in constant time."""
import base64
import hashlib
import json
import math
import secrets


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.b64encode(data).decode()


def b64u(data, pad=False):
    text = base64.urlsafe_b64encode(data).decode()
    return text if pad else text.rstrip("=")


def unb64(text):
    return base64.b64decode(text, validate=True)


def unb64u(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def canonical(value):
    """RFC 8785 for what the protocol allows: ASCII keys, integers, no reals, no null."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# Ed25519 ----------------------------------------------------------------------------------------------------------------------
P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
ZERO = (0, 1, 1, 0)


def _add(a, b):
    """Two points in extended coordinates (x, y, z, t)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(n, point):
    sum_ = ZERO
    while n:
        if n & 1:
            sum_ = _add(sum_, point)
        point, n = _add(point, point), n >> 1
    return sum_


def _x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _point(data):
    y, sign = int.from_bytes(data, "little") & 2 ** 255 - 1, data[31] >> 7
    x = _x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _bytes(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
TABLE = []                # TABLE[i][j] = j * 16^i * BASE: a signature is 64 additions


def _times_base(n):
    if not TABLE:
        step = BASE
        for _ in range(64):
            row = [ZERO]
            for _ in range(16):
                row.append(_add(row[-1], step))
            TABLE.append(row[:16])
            step = row[16]
    sum_ = ZERO
    for row in TABLE:
        sum_, n = _add(sum_, row[n & 15]), n >> 4
    return sum_


class SignKey:
    """An Ed25519 pair from its seed; a fresh one without."""

    def __init__(self, seed=None):
        self.seed = secrets.token_bytes(32) if seed is None else seed
        h = hashlib.sha512(self.seed).digest()
        self.a = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = h[32:]
        self.pk = _bytes(_times_base(self.a))

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % L
        big_r = _bytes(_times_base(r))
        k = int.from_bytes(hashlib.sha512(big_r + self.pk + message).digest(), "little") % L
        return big_r + ((r + k * self.a) % L).to_bytes(32, "little")


def signed(pk, message, sig):
    """True for a good signature by a key that is no point of small order."""
    if len(sig) != 64 or len(pk) != 32:
        return False
    a, r, s = _point(pk), _point(sig[:32]), int.from_bytes(sig[32:], "little")
    if a is None or r is None or s >= L or _same(_times(8, a), ZERO):
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + pk + message).digest(), "little") % L
    return _same(_times_base(s), _add(r, _times(k, a)))


# Blind RSA, RSABSSA-SHA384-PSS-Deterministic ----------------------------------------------------------------------------------
E = 65537


def os2ip(data):
    return int.from_bytes(data, "big")


def mgf1(seed, size):
    out = b""
    for i in range(-(-size // 48)):
        out += hashlib.sha384(seed + i.to_bytes(4, "big")).digest()
    return out[:size]


def pss_encode(message, bits, salt):
    """EMSA-PSS-ENCODE with emBits = bits of the modulus - 1 (RFC 8017, 8.1.1)."""
    size = (bits + 7) // 8
    h = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    db = bytes(size - len(salt) - 50) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(db, mgf1(h, len(db))))
    masked[0] &= 0xff >> 8 * size - bits
    return bytes(masked) + h + b"\xbc"


def pss_holds(n, message, sig, salt_size=48):
    size, s = (n.bit_length() + 7) // 8, os2ip(sig)
    if len(sig) != size or s >= n:
        return False
    bits = n.bit_length() - 1
    em = pow(s, E, n).to_bytes((bits + 7) // 8, "big")
    h = em[-49:-1]
    db = bytearray(a ^ b for a, b in zip(em[:-49], mgf1(h, len(em) - 49)))
    db[0] &= 0xff >> 8 * len(em) - bits
    salt = bytes(db[len(db) - salt_size:])
    return pss_encode(message, bits, salt) == em


def rsa_blind(n, message, salt=None, r=None):
    """(blinded, inverse of r)."""
    size = (n.bit_length() + 7) // 8
    m = os2ip(pss_encode(message, n.bit_length() - 1, secrets.token_bytes(48) if salt is None else salt))
    assert math.gcd(m, n) == 1
    if r is None:
        r = 1 + secrets.randbelow(n - 1)
    return (m * pow(r, E, n) % n).to_bytes(size, "big"), pow(r, -1, n)


def rsa_finalize(n, message, blind_sig, inverse, salt_size=48):
    """The signature, or None when the issuer's answer is none."""
    size = (n.bit_length() + 7) // 8
    sig = (os2ip(blind_sig) * inverse % n).to_bytes(size, "big")
    return sig if len(blind_sig) == size and pss_holds(n, message, sig, salt_size) else None


# Passes -----------------------------------------------------------------------------------------------------------------------
SPKI_PREFIX = bytes.fromhex("30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108300b0609"
                            "608648016503040202a203020130")
SPKI_MIDDLE = bytes.fromhex("0382010f003082010a0282010100")
SPKI_END = bytes.fromhex("0203010001")
REQUEST_TYPE, RESPONSE_TYPE = "application/private-token-request", "application/private-token-response"
BATCH_REQUEST_TYPE = "application/private-token-generic-batch-request"
BATCH_RESPONSE_TYPE = "application/private-token-generic-batch-response"
DIRECTORY = "/.well-known/private-token-issuer-directory"


def spki(n):
    return SPKI_PREFIX + SPKI_MIDDLE + n.to_bytes(256, "big") + SPKI_END


def spki_modulus(data):
    """n of an SPKI that is the protocol's byte for byte; else ValueError."""
    n = os2ip(data[81:337])
    if len(data) != 342 or data != spki(n) or n.bit_length() != 2048 or n % 2 == 0:
        raise ValueError("this is no key of type 2")
    return n


def challenge(issuer, context=b"", origins=""):
    return b"\x00\x02" + len(issuer).to_bytes(2, "big") + issuer.encode() + bytes([len(context)]) + context + \
        len(origins).to_bytes(2, "big") + origins.encode()


def varint(n):
    """A QUIC varint (RFC 9000, section 16), shortest form."""
    for size, bits in ((1, 6), (2, 14), (4, 30), (8, 62)):
        if n < 1 << bits:
            return (n | (size.bit_length() - 1) << size * 8 - 2).to_bytes(size, "big")
    raise ValueError(n)


def varint_read(data):
    """(number, size)."""
    size = 1 << (data[0] >> 6)
    return int.from_bytes(data[:size], "big") & (1 << size * 8 - 2) - 1, size


class Key:
    """An issuer's public key, with the digest of its challenge."""

    def __init__(self, spki_bytes, challenge_bytes):
        self.spki, self.challenge = spki_bytes, challenge_bytes
        self.n, self.id, self.digest = spki_modulus(spki_bytes), sha256(spki_bytes), sha256(challenge_bytes)


class Pass:
    """One pass on its way: asked for, then a token of 354 bytes. Everything drawn may be given, for vectors."""

    def __init__(self, key, nonce=None, salt=None, r=None):
        self.key = key
        self.input = b"\x00\x02" + (secrets.token_bytes(32) if nonce is None else nonce) + key.digest + key.id
        self.blinded, self.inverse = rsa_blind(key.n, self.input, salt, r)
        self.request = b"\x00\x02" + key.id[-1:] + self.blinded
        self.token = None

    def finish(self, answer):
        sig = rsa_finalize(self.key.n, self.input, answer, self.inverse)
        if sig is None:
            raise ValueError("the issuer's signature does not hold")
        self.token = self.input + sig
        return self.token


def batch_request(passes):
    body = b"".join(p.request for p in passes)
    return varint(len(body)) + body


def batch_answers(data):
    """The blind signatures of a batch response, as a list."""
    total, size = varint_read(data)
    body = data[size:]
    if total != len(body) or total % 259:
        raise ValueError("this is no batch response")
    items = [body[i:i + 259] for i in range(0, total, 259)]
    if any(item[:3] != b"\x01\x00\x02" for item in items):
        raise ValueError("the batch response lacks a pass")
    return [item[3:] for item in items]


def token_holds(key, token):
    """A token of this key and challenge, whose signature holds."""
    return len(token) == 354 and token[:2] == b"\x00\x02" and token[34:66] == key.digest and token[66:98] == key.id and \
        pss_holds(key.n, token[:98], token[98:])


# Acts -------------------------------------------------------------------------------------------------------------------------
SIZES = (4096, 8192, 24576)


def act_item(kind, lab, act, token, head_bytes, key=None, **other):
    """The canonical bytes of a signed act. `other` replaces members before signing; sig=… after it."""
    key = key or SignKey()
    item = {"v": 1, "kind": kind, "lab": lab, "salt": b64(secrets.token_bytes(16)), "pass": b64(sha256(token)), "head": b64(head_bytes),
            "act": act, "pk": b64(key.pk)}
    sig = other.pop("sig", None)
    item.update(other)
    item["sig"] = b64(key.sign(b"respite/act/v1\n" + canonical(item))) if sig is None else sig
    return canonical(item)


def act_signed(item):
    """Of the parsed item."""
    rest = {k: v for k, v in item.items() if k != "sig"}
    return signed(unb64(item["pk"]), b"respite/act/v1\n" + canonical(rest), unb64(item["sig"]))


def act_body(item, size=None):
    return item.ljust(size or next(s for s in SIZES if s >= len(item)))


def act_leaf(item):
    """(the leaf entry, its hash, the item's id)."""
    entry = canonical({"c": b64(sha256(item)), "t": "act"})
    leaf = leaf_hash(entry)
    return entry, leaf, leaf[:16].hex()


# Merkle trees (RFC 6962, section 2.1) and tiles -------------------------------------------------------------------------------
def leaf_hash(entry):
    return sha256(b"\x00", entry)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def _split(n):
    return 1 << (n - 1).bit_length() - 1


def root(leaves):
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def list_root(leaves):
    """Of a roster's or holders' list: its sorted 32-byte hashes are what the tree's leaves are made of."""
    return root([leaf_hash(leaf) for leaf in leaves])


def inclusion(index, leaves):
    """The path of leaf `index`, from the bottom."""
    if len(leaves) <= 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(size, leaves, whole=True):
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if size <= k:
        return consistency(size, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(size - k, leaves[k:], False) + [root(leaves[:k])]


def inclusion_holds(index, size, leaf, proof, wanted):
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size or len(leaf) != 32:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == wanted


def consistency_holds(size1, size2, proof, root1, root2):
    """RFC 9162, section 2.1.4.2. Nothing is proven of an empty tree; one with itself needs an empty proof."""
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    if size1 & size1 - 1 == 0:
        proof = [root1] + list(proof)
    if not proof:
        return False
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == root1 and sr == root2


def tile_path(level, n, width=256):
    """`level`: a number or "entries"."""
    parts = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        parts.insert(0, "x%03d" % (n % 1000))
    return "/log/tile/%s/%s" % (level, "/".join(parts)) + ("" if width == 256 else ".p/%d" % width)


def tile_hashes(leaves, level, n, width=256):
    """The 32-byte hashes of a tile, one after the other."""
    step = 256 ** level
    first = n * 256
    return b"".join(root(leaves[(first + i) * step:(first + i + 1) * step]) for i in range(width))


def tile_widths(size):
    """{(level, n): width} of every tile that a tree of this size has."""
    found, level = {}, 0
    while size:
        full, rest = divmod(size, 256)
        found.update({(level, n): 256 for n in range(full)})
        if rest:
            found[level, full] = rest
        size, level = full, level + 1
    return found


def entries_of(bundle):
    out = []
    while bundle:
        size = int.from_bytes(bundle[:2], "big")
        if len(bundle) < 2 + size:
            raise ValueError("an entry is cut off")
        out.append(bundle[2:2 + size])
        bundle = bundle[2 + size:]
    return out


# Signed notes -----------------------------------------------------------------------------------------------------------------
class NoteKey:
    """A vkey, read: name, key id, and the kind of signature (1 Ed25519, 4 cosignature/v1)."""

    def __init__(self, vkey):
        self.name, id_hex, data = vkey.split("+", 2)
        raw = unb64(data)
        self.kind, self.pk, self.id = raw[0], raw[1:], bytes.fromhex(id_hex)
        if self.id != sha256(self.name.encode(), b"\n", raw)[:4] or len(self.pk) != 32:
            raise ValueError("this vkey's id is not the hash of its key")


def vkey(name, pk, kind=1):
    raw = bytes([kind]) + pk
    return "%s+%s+%s" % (name, sha256(name.encode(), b"\n", raw)[:4].hex(), b64(raw))


class Note:
    """A signed note: the text with its last newline, and the signatures as (name, id, bytes)."""

    def __init__(self, data):
        text, mark, tail = data.decode().rpartition("\n\n")
        if not mark or not tail.endswith("\n"):
            raise ValueError("this is no signed note")
        self.text, self.signatures = text + "\n", []
        for line in tail[:-1].split("\n"):
            dash, name, raw = line.split(" ")
            raw = unb64(raw)
            if dash != "\u2014" or len(raw) < 5:
                raise ValueError("a signature line is none")
            self.signatures.append((name, raw[:4], raw[4:]))

    def by(self, key):
        """True when `key` signed it; ValueError when a signature under its name does not hold."""
        found = [s for name, id_, s in self.signatures if name == key.name and id_ == key.id]
        for s in found:
            if key.kind == 4:
                said = b"cosignature/v1\ntime %d\n" % int.from_bytes(s[:8], "big") + self.text.encode()
                good = len(s) == 72 and signed(key.pk, said, s[8:])
            else:
                good = signed(key.pk, self.text.encode(), s)
            if not good:
                raise ValueError("the signature of %s does not hold" % key.name)
        return bool(found)


def note_line(name, key, text, kind=1, time=0):
    """The signature line of `key` under a text."""
    if kind == 4:
        raw = time.to_bytes(8, "big") + key.sign(b"cosignature/v1\ntime %d\n" % time + text.encode())
    else:
        raw = key.sign(text.encode())
    id_ = sha256(name.encode(), b"\n", bytes([kind]), key.pk)[:4]
    return "\u2014 %s %s\n" % (name, b64(id_ + raw))


class Checkpoint:
    def __init__(self, data):
        self.note = Note(data)
        lines = self.note.text.split("\n")
        if len(lines) < 4 or str(int(lines[1])) != lines[1]:
            raise ValueError("this is no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), unb64(lines[2])
        if len(self.root) != 32:
            raise ValueError("the root has not 32 bytes")
