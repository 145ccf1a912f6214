"""The lab's protocol from outside, by the second implementation (peer_member.py): the whole road of one post, every refusal of
docs/PROTOCOL.md section 9 that a request can bring about, each route with each kind of credential, the forms of requests that are
let in. One trial lab serves all tests of a class; its members are many, so that tests do not need each other's."""
import json
import re
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm

LATER = ("/v1/surveys", "/v1/promises", "/v1/counsellors", "/v1/arena", "/v1/battles")
# Section 8: method, path (with what its part stands for), kind, an example of it. What later rooms bring is left out until then.
ROUTES = [
    ("GET", "/v1/lab", "P", "/v1/lab"),
    ("GET", "/v1/health", "P", "/v1/health"),
    ("GET", "/openapi.json", "P", "/openapi.json"),
    ("GET", pc.DIRECTORY, "P", pc.DIRECTORY),
    ("GET", "/log/checkpoint", "P", "/log/checkpoint"),
    ("GET", "/log/tile/", "P", "/log/tile/0/000.p/1"),
    ("GET", "/log/tile/entries/", "P", "/log/tile/entries/000.p/1"),
    ("POST", "/witness/add-checkpoint", "P", "/witness/add-checkpoint"),
    ("GET", "/witness/", "P", "/witness/" + "0" * 64 + "/checkpoint"),
    ("POST", "/v1/join", "P", "/v1/join"),
    ("GET", "/v1/member", "I", "/v1/member"),
    ("PATCH", "/v1/member", "I", "/v1/member"),
    ("POST", "/token-request", "I", "/token-request"),
    ("GET", "/v1/epochs/", "I", "/v1/epochs/{epoch}"),
    ("POST", "/v1/cosignatures", "I", "/v1/cosignatures"),
    ("GET", "/v1/rosters/", "C", "/v1/rosters/{epoch}"),
    ("POST", "/v1/acts", "A", "/v1/acts"),
    ("POST", "/v1/moderation", "P", "/v1/moderation"),
    ("GET", "/v1/batches/board/", "C", "/v1/batches/board/1"),
    ("GET", "/v1/batches/letters/", "C", "/v1/batches/letters/1"),
    ("GET", "/v1/batches/answers/", "C", "/v1/batches/answers/1"),
    ("GET", "/v1/batches", "C", "/v1/batches"),
    ("GET", "/v1/threads/", "C", "/v1/threads/" + "0" * 32),
    ("DELETE", "/v1/member", "I", "/v1/member"),
]
OF_KIND = ("mixed-kinds", "header-not-allowed", "no-bearer", "no-crowd", "no-pass")


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Shared(unittest.TestCase):
    """One trial lab, its members and their clock, for all tests of a class."""

    ARGS, MEMBERS = (), 12

    @classmethod
    def setUpClass(cls):
        cls.place = lab_house.Test()
        cls.place.setUp()
        try:
            cls.lab = cls.place.lab(args=cls.ARGS)
            cls.process = cls.lab.serve()
            cls.members = cls.place.python_members(cls.lab, cls.MEMBERS)
        except BaseException:
            cls.place.tearDown()
            raise
        cls.epoch = pm.epoch_text(cls.place.clock.now())
        cls.crowd = cls.members[0].crowd_key()
        cls.wire = cls.lab.wire()

    @classmethod
    def tearDownClass(cls):
        cls.place.tearDown()

    def member(self):
        """One that still has many passes."""
        return max(self.members, key=lambda m: len(m.passes.get(self.epoch, ())))

    def refused(self, a, status, name=None, where=None, padded=False):
        """`a` is that refusal, in its form; `where`: the header or field it names."""
        self.assertEqual((a.status, a.problem()), (status, name), a)
        said = json.loads(a.body)
        self.assertEqual(said["status"], status)
        self.assertTrue({"type", "title", "status", "detail"} <= set(said) <= {"type", "title", "status", "detail", "field", "header"}, said)
        self.assertRegex(said["title"], r"^[A-Z].*\.$")
        self.assertEqual(a.header("Set-Cookie") + a.header("Location") + a.header("Access-Control-Allow-Origin"), "")
        if where:
            self.assertEqual(said.get("header") or said.get("field"), where, a)
        if padded:
            self.assertEqual(len(a.body), 1024)
        if status in (425, 503):
            self.assertEqual(int(a.header("Retry-After")) % 60, 0)
        if status == 405:
            self.assertTrue(a.header("Allow"))
        return a


class Road(Shared):
    """One post, from the invitation to the proof."""

    def test_a_post_goes_the_whole_road(self):
        author, reader = self.members[0], self.members[1]
        token, item = author.act(act={"title": "Ein Titel", "text": "Zeile eins\nZeile zwei, 说一说", "room": ""})
        a = author.spend(token, item)
        self.assertEqual(a.status, 200, a)
        self.assertEqual(a.header("Content-Type"), "application/json")
        self.assertEqual(a.header("Cache-Control"), "no-store")
        id_ = author.check_receipt(item, a.body)
        entry, leaf, _ = pc.act_leaf(item)
        log = self.lab.until(lambda log: leaf in log.leaves)
        log.check_tiles()
        place = log.leaves.index(leaf)
        self.assertEqual(pc.canonical(log.entries[place]), entry)
        self.assertTrue(pc.inclusion_holds(place, len(log.leaves), leaf, pc.inclusion(place, log.leaves), log.checkpoint.root))
        reader.follow()
        n = next(e["n"] for i, e in reversed(log.all("batch")) if i < place and e["series"] == "board")
        batch = reader.batch(n)
        self.assertIn(json.loads(item), batch["items"])
        self.assertEqual(pc.unb64u(batch["tokens"][place - batch["first"]].rstrip("=")), token)
        thread = reader.board.ask("GET", "/v1/threads/" + id_, [("Authorization", pm.crowd(self.crowd))])
        self.assertEqual(thread.status, 200, thread)
        self.assertIn("Ein Titel", thread.text)

    def test_lists_stand_in_the_record(self):
        m = self.members[2]
        self.lab.until(lambda log: log.last("open", epoch=self.epoch)[1] and log.last("open", epoch=self.epoch)[1]["holders"] == self.MEMBERS)
        m.follow()
        said = m.rosters()
        self.assertIn(m.leaf(self.epoch), said["rosters"][-1]["leaves"])
        self.assertIn(m.leaf(self.epoch, "holder"), said["opens"][-1]["leaves"])
        self.assertEqual(m.board.ask("GET", "/v1/rosters/" + self.epoch, [("Authorization", pm.crowd(self.crowd))]).body,
                         m.board.ask("GET", "/v1/rosters/" + self.epoch, [("Authorization", pm.crowd(self.crowd))]).body)

    def test_genesis_and_rules_say_what_was_asked_for(self):
        log = self.lab.log()
        genesis = log.entries[0]
        self.assertEqual((genesis["t"], genesis["trial"], genesis["lab"], genesis["protocol"]), ("genesis", True, self.lab.name, 1))
        rules = log.last("rules")[1]
        self.assertEqual((rules["batch"], rules["quota"], rules["floor"]), (self.lab.batch, 64, 10))
        for name in self.epoch, pm.epoch_text(self.place.clock.now() + 7 * house.DAY):
            key, entry = log.key(name)
            self.assertIsNotNone(key, name)
            self.assertEqual(entry["spend_to"] - entry["spend_from"], 7 * house.DAY + 12 * house.HOUR)
        self.assertEqual(self.wire.ask("GET", "/v1/lab").json()["trial"], True)

    def test_the_directory_names_the_keys_of_the_record(self):
        a = self.wire.ask("GET", pc.DIRECTORY)
        self.assertEqual(a.header("Content-Type"), "application/private-token-issuer-directory")
        found = {pc.unb64u(k["token-key"].rstrip("=")) for k in a.json()["token-keys"] if k["token-type"] == 2}
        self.assertIn(self.lab.log().key(self.epoch)[0].spki, found)

    def test_a_bare_act_gets_the_challenges(self):
        a = self.refused(self.wire.ask("POST", "/v1/acts", [("Content-Type", "application/json")], b" " * 4096), 401, "no-pass", padded=True)
        key = self.lab.log().key(self.epoch)[0]
        said = a.header("WWW-Authenticate")
        self.assertIn('PrivateToken challenge="%s", token-key="%s"' % (pc.b64u(key.challenge, pad=True), pc.b64u(key.spki, pad=True)), said)


class Refusals(Shared):
    def test_mixed_kinds_table(self):
        self.lab.until(lambda log: log.last("batch")[0] is not None or self.members[0].post())
        thrown = self.place.python_members(self.lab, 1)[0]
        token = thrown.passes[self.epoch][0]
        credentials = {
            "none": [], "bearer": [pm.bearer(thrown.secret)], "stranger": [pm.bearer(bytes(32))], "crowd": [pm.crowd(self.crowd)],
            "other crowd": [pm.crowd(bytes(32))], "pass": [pm.private_token(token)], "basic": ["Basic dTpw"],
            "bearer and pass": [pm.bearer(thrown.secret), pm.private_token(token)],
            "pass and crowd": [pm.private_token(token), pm.crowd(self.crowd)], "bearer twice": [pm.bearer(thrown.secret)] * 2,
        }
        mixed, bearer, crowd, no_pass = (400, "mixed-kinds"), (401, "no-bearer"), (401, "no-crowd"), (401, "no-pass")
        wanted = {  # None: let in, the route itself answers
            "P": {"none": None, "bearer": mixed, "stranger": mixed, "crowd": None, "other crowd": None, "pass": mixed, "basic": mixed},
            "C": {"none": crowd, "bearer": mixed, "stranger": mixed, "crowd": None, "other crowd": crowd, "pass": mixed, "basic": crowd},
            "I": {"none": bearer, "bearer": None, "stranger": bearer, "crowd": mixed, "other crowd": mixed, "pass": mixed, "basic": bearer},
            "A": {"none": no_pass, "bearer": mixed, "stranger": mixed, "crowd": mixed, "other crowd": mixed, "pass": None, "basic": no_pass},
        }
        for method, _, kind, example in ROUTES:
            path = example.format(epoch=self.epoch)
            for name, values in credentials.items():
                with self.subTest(route="%s %s" % (method, path), credential=name):
                    body = b"{}" if method in ("POST", "PATCH") else None
                    a = self.wire.ask(method, path, [("Authorization", v) for v in values], body)
                    want = mixed if len(values) == 2 else wanted[kind][name]
                    if want:
                        self.refused(a, *want, padded=kind == "A")
                    else:
                        self.assertNotIn(a.problem(), OF_KIND, a)
                        self.assertNotEqual(a.status, 503, a)

    def test_route_table(self):
        served = self.wire.ask("GET", "/openapi.json").json()["paths"]
        said = {(method.upper(), re.sub(r"\{[^}]*\}", "", path)) for path, methods in served.items() for method in methods}
        said = {r for r in said if not r[1].startswith(LATER)}
        wanted = {r[:2] for r in ROUTES if r[1] != "/log/tile/entries/"}     # a part of /log/tile/
        self.assertEqual(wanted - said, set(), "routes of section 8 that are not served")
        self.assertEqual(said - wanted, set(), "routes that section 8 does not have")

    def test_foreign_headers_on_anonymous_and_public_routes(self):
        foreign = ("X-Forwarded-For", "Via", "Forwarded", "X-Real-IP", "Accept-Encoding", "Accept-Language", "Origin", "Referer", "Cookie",
                   "Cache-Control", "If-None-Match", "Range", "DNT", "X-Request-Id", "Traceparent", "Proxy-Authorization", "Upgrade")
        m = self.member()
        token, item = m.act()
        for header in foreign:
            for method, path, values, body in (("POST", "/v1/acts", [pm.private_token(token)], pc.act_body(item)),
                                               ("GET", "/log/checkpoint", [], None), ("GET", "/v1/lab", [], None),
                                               ("GET", "/v1/batches", [pm.crowd(self.crowd)], None)):
                with self.subTest(header=header, path=path):
                    a = self.wire.ask(method, path, [("Authorization", v) for v in values] + [(header, "1")], body)
                    self.refused(a, 400, "header-not-allowed", header, padded=path == "/v1/acts")
        self.assertEqual(m.spend(token, item).status, 200, "nothing of it was counted")

    def test_headers_that_no_route_takes(self):
        m = self.member()
        for header, value in (("Cookie", "a=b"), ("Expect", "100-continue"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")):
            for method, path, values in (("GET", "/v1/member", [pm.bearer(m.secret)]), ("GET", "/v1/lab", []), ("POST", "/v1/acts", [])):
                with self.subTest(header=header, path=path):
                    body = b"0\r\n\r\n" if header.startswith("Transfer") else b"x"
                    take = [("Content-Length", None)] if header.startswith("Transfer") else []
                    a = self.wire.ask(method, path, [("Authorization", v) for v in values] + take + [(header, value)],
                                      body if method == "POST" or take else None)
                    self.assertEqual(a.status, 400, a)

    def test_two_headers_of_one_name(self):
        m = self.member()
        for method, path, values in (("GET", "/v1/member", [pm.bearer(m.secret)]), ("GET", "/v1/lab", []), ("GET", "/v1/batches", [pm.crowd(self.crowd)])):
            a = self.wire.ask(method, path, [("Authorization", v) for v in values] + [("Accept", "*/*"), ("accept", "*/*")])
            self.refused(a, 400, "header-not-allowed")
        twice = self.wire.ask("GET", "/v1/lab", [("Host", self.wire.host), ("Host", "evil.example")])
        self.assertEqual(twice.status, 400)

    def test_two_lengths_or_none(self):
        token, item = self.member().act()
        pairs = [("Authorization", pm.private_token(token)), ("Content-Type", "application/json")]
        body = pc.act_body(item)
        self.assertEqual(self.wire.ask("POST", "/v1/acts", pairs + [("content-length", "4096")], body).status, 400)
        self.assertIn(self.wire.ask("POST", "/v1/acts", pairs + [("Content-Length", None)], body).status, (400, 411))
        self.assertIn(self.wire.ask("POST", "/v1/acts", pairs + [("Content-Length", "-1")], body).status, (0, 400))

    def test_query_string_on_acts(self):
        m = self.member()
        token, item = m.act()
        pairs = [("Authorization", pm.private_token(token)), ("Content-Type", "application/json")]
        for query in ("?x=1", "?x", "?a=b&c=d"):
            self.refused(self.wire.ask("POST", "/v1/acts" + query, pairs, pc.act_body(item)), 400, "bad-request", padded=True)
        self.assertEqual(m.spend(token, item).status, 200)

    def test_unknown_paths_and_methods(self):
        for path in ("/", "/v1", "/v1/nothing", "/v1/acts/", "/log/tile/9/000", "/log/tile/0/000.p/0", "/log/tile/0/x001/000", "/log/tile/0/1",
                     "/log/tile/entries/x000/000", "/index.html", "/v1/epochs", "/log/tile/0/000.p/256"):
            with self.subTest(path=path):
                self.refused(self.wire.ask("GET", path), 404, "not-found")
        for method, path in (("POST", "/v1/lab"), ("DELETE", "/log/checkpoint"), ("GET", "/v1/acts"), ("PUT", "/v1/member"), ("GET", "/v1/join")):
            with self.subTest(method=method, path=path):
                self.refused(self.wire.ask(method, path, [], b"" if method in ("POST", "PUT") else None), 405, "method")

    def test_no_answer_is_a_page(self):
        for _, _, _, example in ROUTES:
            a = self.wire.ask("GET", example.format(epoch=self.epoch))
            self.assertNotIn("html", a.header("Content-Type"))
            self.assertEqual(a.header("Set-Cookie"), "")


class Acts(Shared):
    def refuse_item(self, item_bytes, token, status, name, field=None, size=None):
        m = self.member()
        return self.refused(m.spend(token, item_bytes, size), status, name, field, padded=True)

    def test_three_sizes_only(self):
        m = self.member()
        token, item = m.act()
        for size in (0, 1, len(item), 4095, 4097, 8191, 8193, 16384, 24575, 24577, 32768):
            with self.subTest(size=size):
                body = item.ljust(size)[:size]
                a = self.wire.ask("POST", "/v1/acts", [("Authorization", pm.private_token(token)), ("Content-Type", "application/json")], body)
                self.refused(a, 400, "bad-size", padded=True)
        a = self.wire.ask("POST", "/v1/acts", [("Authorization", pm.private_token(token)), ("Content-Type", "application/json")], item.ljust(32769))
        self.assertEqual(a.status, 413, a)
        self.assertEqual(m.spend(token, item, 4096).status, 200)
        for size in (8192, 24576):
            token, item = m.act(act={"title": "", "text": "x" * (size - 3000), "room": ""} if size < 20000 else
                                {"title": "", "text": "y" * 15900, "room": ""})
            self.assertEqual(m.spend(token, item, size).status, 200)

    def test_padding_is_blanks_alone(self):
        m = self.member()
        token, item = m.act()
        for pad in (b"\n", b"\t", b"\0", b"x"):
            a = self.wire.ask("POST", "/v1/acts", [("Authorization", pm.private_token(token))], item + pad * (4096 - len(item)))
            self.refused(a, 400, "bad-json", padded=True)
        self.refused(self.wire.ask("POST", "/v1/acts", [("Authorization", pm.private_token(token))], (b" " + item).ljust(4096)), 400, "bad-json", padded=True)

    def test_the_canonical_bytes_and_no_others(self):
        m = self.member()
        token, item = m.act(act={"title": "é", "text": "a/b", "room": ""})
        plain = json.loads(item)
        other = {
            "blank": item.replace(b'"v":1', b'"v": 1'),
            "escaped letter": item.replace("é".encode(), b"\\u00e9"),
            "escaped slash": item.replace(b"a/b", b"a\\/b"),
            "other order": b'{"v":1,' + item[1:].replace(b',"v":1}', b"}"),
            "twice": item.replace(b'"v":1}', b'"v":1,"v":1}'),
            "real": item.replace(b'"v":1', b'"v":1.0'),
            "exponent": item.replace(b'"v":1', b'"v":1e0'),
            "plus": item.replace(b'"v":1', b'"v":+1'),
            "null": item.replace(b'"room":""', b'"room":null'),
            "unknown member": pc.canonical({**plain, "w": 1}),
            "cut off": item[:-1],
            "two objects": item + item[:0] + b"{}",
            "array": b"[" + item + b"]",
            "no utf-8": item.replace("é".encode(), b"\xe9"),
            "deep": item.replace(b'"room":""', b'"room":' + b"[" * 9 + b"]" * 9),
            "bomb": b"[" * 4000,
            "empty": b"",
            "byte order mark": b"\xef\xbb\xbf" + item,
            "large integer": item.replace(b'"room":""', b'"room":9007199254740993'),
        }
        for name, body in other.items():
            with self.subTest(name=name):
                self.assertNotEqual(body, item)
                self.refuse_item(body, token, 400, "bad-json")
        self.assertEqual(m.spend(token, item).status, 200)

    def test_fields_of_the_wrong_form(self):
        m = self.member()
        for field, value in (("v", 2), ("kind", "nothing"), ("kind", 1), ("lab", "elsewhere.example"), ("salt", "AAAA"), ("pass", "x"),
                             ("head", pc.b64(bytes(31))), ("pk", ""), ("sig", "AAAA"), ("act", "text"), ("salt", pc.b64(bytes(16))[:-1])):
            token, item = m.act(**{field: value} if field != "act" else {}, act=None if field != "act" else "text")
            with self.subTest(field=field, value=value):
                a = m.spend(token, item)
                self.assertEqual((a.status, len(a.body)), (400, 1024), a)
                self.assertIn(a.problem(), ("bad-field", "bad-json"), a)

    def test_text_that_can_carry_marks(self):
        m = self.member()
        marks = ["\u200b", "\u00ad", "\ufe0f", "\u3164", "\uffa0", "\U000e0041", "\u202e", "\u2066", "\u0007", "\u007f", "\u0085", "\ue000", "e\u0301",
                 "\ufeff", "\u115f", "\u180e"]
        for mark in marks:
            token, item = m.act(act={"title": "", "text": "a%sb" % mark, "room": ""})
            with self.subTest(mark="U+%04X" % ord(mark[-1])):
                self.refuse_item(item, token, 400, "bad-json" if mark == "\u0007" else "bad-field")

    def test_signature(self):
        m = self.member()
        token, item = m.act()
        plain = json.loads(item)
        sig = bytearray(pc.unb64(plain["sig"]))
        sig[3] ^= 1
        self.refuse_item(pc.canonical({**plain, "sig": pc.b64(bytes(sig))}), token, 400, "bad-sig")
        self.refuse_item(pc.canonical({**plain, "salt": pc.b64(bytes(16))}), token, 400, "bad-sig")
        identity = (1).to_bytes(32, "little")
        self.refuse_item(pc.canonical({**plain, "pk": pc.b64(identity), "sig": pc.b64(identity + bytes(32))}), token, 400, "bad-sig")
        self.assertEqual(m.spend(token, item).status, 200)

    def test_a_retry_gets_the_same_bytes(self):
        m = self.member()
        token, item = m.act()
        first = m.spend(token, item)
        self.assertEqual(first.status, 200, first)
        self.assertEqual([m.spend(token, item).body for _ in range(3)], [first.body] * 3)
        self.lab.until(lambda log: pc.act_leaf(item)[1] in log.leaves)
        self.assertEqual(m.spend(token, item).body, first.body, "after its batch too")
        self.assertEqual(self.lab.log().leaves.count(pc.act_leaf(item)[1]), 1)

    def test_a_pass_with_another_item(self):
        m = self.member()
        token, item = m.act()
        self.assertEqual(m.spend(token, item).status, 200)
        self.refuse_item(m.act(token=token)[1], token, 409, "pass-spent")
        other, mine = m.act()[0], m.act()[1]
        self.refuse_item(mine, other, 422, "bad-pass")
        self.assertEqual(m.spend(other, m.act(token=other)[1]).status, 200)

    def test_passes_that_are_none(self):
        m = self.member()
        token, item = m.act()
        key = m.log.key(self.epoch)[0]
        flip = lambda i: token[:i] + bytes([token[i] ^ 1]) + token[i + 1:]
        foreign = pc.Key(key.spki, pc.challenge("elsewhere.example", b"", "elsewhere.example"))
        for name, bad in (("authenticator", flip(353)), ("first byte of it", flip(98)), ("nonce", flip(2)), ("digest", flip(34)), ("key", flip(97)),
                          ("type", flip(1)), ("digest of a foreign challenge", token[:34] + foreign.digest + token[66:]),
                          ("cut", token[:353]), ("longer", token + b"\0"), ("zeros", bytes(354)), ("signature of zero", token[:98] + bytes(256)),
                          ("signature above n", token[:98] + b"\xff" * 256)):
            with self.subTest(name=name):
                self.refuse_item(m.act(token=bad)[1], bad, 422, "bad-pass")
        for name, text in (("no padding", pc.b64u(token)), ("ordinary base64", pc.b64(token)), ("nothing", ""), ("blanks", " " * 472)):
            if text == pc.b64u(token, pad=True):
                continue
            with self.subTest(name=name):
                a = self.wire.ask("POST", "/v1/acts", [("Authorization", 'PrivateToken token="%s"' % text)], pc.act_body(item))
                self.assertIn(a.problem(), ("bad-pass", "no-pass"), a)
        self.assertEqual(m.spend(token, item).status, 200)

    def test_an_answer_needs_a_survey_pass(self):
        m = self.member()
        token, item = m.act("answer", {"survey": "0" * 32, "values": [1], "blind": pc.b64(bytes(32))})
        a = m.spend(token, item)
        self.assertIn((a.status, a.problem()), ((422, "bad-pass"), (400, "bad-field")), a)

    def test_another_history(self):
        m = self.member()
        token = m.passes[self.epoch].pop()
        self.refuse_item(m.act(token=token, head_bytes=bytes(32))[1], token, 409, "other-history")
        self.assertEqual(m.spend(token, m.act(token=token)[1]).status, 200, "a refused act changes nothing on the board")


class Issuing(Shared):
    MEMBERS = 2

    def fresh(self):
        return self.place.python_members(self.lab, 1, passes=False)[0]

    def test_the_same_body_again_and_another(self):
        m = self.fresh()
        m.log = self.members[0].log
        passes, type_, body = m.ask_passes(self.epoch)
        first = m.named("POST", "/token-request", body, type_)
        self.assertEqual((first.status, len(first.body), len(body)), (200, 16580, 16580), first)
        self.assertEqual(first.header("Content-Type"), pc.BATCH_RESPONSE_TYPE)
        self.assertEqual(first.body[:4].hex(), "800040c0")
        for one, sig in zip(passes, pc.batch_answers(first.body)):
            one.finish(sig)
        self.assertEqual(m.named("POST", "/token-request", body, type_).body, first.body)
        self.refused(m.named("POST", "/token-request", m.ask_passes(self.epoch)[2], type_), 409, "quota-used")
        self.assertEqual(m.named("POST", "/token-request", body, type_).body, first.body)

    def test_requests_that_are_none_cost_nothing(self):
        m = self.fresh()
        m.log = self.members[0].log
        passes, type_, body = m.ask_passes(self.epoch)
        n = passes[0].key.n
        item = lambda i, new: body[:4 + 259 * i] + new + body[4 + 259 * (i + 1):]
        bad = {
            "a message of n": item(63, passes[63].request[:3] + n.to_bytes(256, "big")),
            "a message above n": item(5, passes[5].request[:3] + b"\xff" * 256),
            "another key byte": item(0, b"\0\2" + bytes([passes[0].request[2] ^ 0x55]) + passes[0].request[3:]),
            "type 1": item(0, b"\0\1" + passes[0].request[2:]),
            "63 of them": pc.batch_request(passes[:63]),
            "65 of them": pc.batch_request(passes + passes[:1]),
            "none": pc.varint(0),
            "a longer length": b"\x80\x00\x40\xc1" + body[4:],
            "a length of eight bytes": b"\xc0\0\0\0\0\0\x40\xc0" + body[4:],
            "one byte more": body + b"\0",
            "one byte less": body[:-1],
            "empty": b"",
        }
        for name, request in bad.items():
            with self.subTest(name=name):
                self.refused(m.named("POST", "/token-request", request, type_), 422, "bad-token-request")
        self.refused(m.named("POST", "/token-request", passes[0].request, pc.REQUEST_TYPE), 422, "bad-token-request")
        for other in ("application/json", pc.BATCH_RESPONSE_TYPE, None):
            a = m.named("POST", "/token-request", body, other)
            self.assertIn(a.status, (400, 422), a)
        self.assertEqual(m.named("POST", "/token-request", body, type_).status, 200, "a refusal must not burn the quota")

    def test_too_early(self):
        m = self.members[0]
        following = pm.epoch_text(self.place.clock.now() + 7 * house.DAY)
        self.refused(m.named("POST", "/token-request", m.ask_passes(following)[2], pc.BATCH_REQUEST_TYPE), 425, "not-yet")

    def test_codes(self):
        url, other = self.lab.invite(["Once", "Twice"])
        m = pm.Member(url, "Once", self.place.clock.now)
        ask = lambda body: self.wire.ask("POST", "/v1/join", [("Content-Type", "application/json")], body)
        body = m.join_body()
        unknown = m.join_body(code=pc.b64u(bytes(16)))
        self.refused(ask(unknown), 403, "bad-code")
        first = ask(body)
        self.assertEqual(first.status, 201, first)
        again = ask(body)
        self.assertEqual((again.status, again.body), (200, first.body))
        m2 = pm.Member(url, "Other", self.place.clock.now)
        self.refused(ask(m2.join_body()), 409, "code-used")
        m3 = pm.Member(other, "Same tag", self.place.clock.now)
        a = ask(m3.join_body(tag=pc.b64(m.tag)))
        self.assertEqual(a.status, 400, "a tag that is there already: %r" % a)
        for name, bad in (("no json", b"x"), ("empty", b""), ("array", b"[]"), ("no code", pc.canonical({"v": 1})), ("deep", b"[" * 9000),
                          ("not canonical", m3.join_body().replace(b'"v":1', b'"v": 1') if False else m3.join_body(v=2)),
                          ("short tag", m3.join_body(tag=pc.b64(bytes(31)))), ("long name", m3.join_body(name="x" * 5000)),
                          ("a witness that is none", m3.join_body(witness="x"))):
            with self.subTest(name=name):
                a = ask(bad)
                self.assertEqual(a.status, 400, a)
        self.assertEqual(ask(m3.join_body()).status, 201, "the code is still good")

    def test_member(self):
        m = self.fresh()
        a = m.named("GET", "/v1/member")
        self.assertEqual(a.status, 200, a)
        self.assertEqual(set(a.json()), {"member", "name", "joined_week", "tag"})
        self.assertEqual((a.json()["joined_week"], pc.unb64(a.json()["tag"])), (self.epoch, m.tag))
        self.assertEqual(a.header("Cache-Control"), "no-store")
        patch = lambda body: m.named("PATCH", "/v1/member", pc.canonical(body), "application/json")
        self.assertEqual(patch({"name": "Another name"}).status, 200)
        self.assertEqual(m.named("GET", "/v1/member").json()["name"], "Another name")
        for bad in ({}, {"name": 1}, {"nothing": 1}, {"secret_sha256": "x"}):
            self.assertEqual(patch(bad).status, 400, bad)
        old, new = m.secret, bytes(range(32))
        self.assertEqual(patch({"secret_sha256": pc.b64(pc.sha256(new))}).status, 200)
        self.assertEqual(m.named("GET", "/v1/member").status, 401)
        m.secret = new
        self.assertEqual(m.named("GET", "/v1/member").status, 200)
        self.assertEqual(m.named("DELETE", "/v1/member").status, 204)
        for secret in (old, new):
            m.secret = secret
            a = m.named("GET", "/v1/member")
            self.refused(a, 401, "no-bearer")
            self.assertIn('error="invalid_token"', a.header("WWW-Authenticate"))
        self.assertEqual(self.wire.ask("GET", "/v1/member").header("WWW-Authenticate"), 'Bearer realm="respite"')

    def test_who_left_still_spends(self):
        m = self.place.python_members(self.lab, 1)[0]
        m.log = m.board_log = self.members[0].log.follow()
        token, item = m.act()
        self.assertEqual(m.named("DELETE", "/v1/member").status, 204)
        self.assertEqual(m.spend(token, item).status, 200)
        self.refused(m.named("POST", "/token-request", m.ask_passes(self.epoch)[2], pc.BATCH_REQUEST_TYPE), 401, "no-bearer")

    def test_crowd_keys(self):
        m = self.fresh()
        m.log = self.members[0].log
        a = m.named("GET", "/v1/epochs/" + self.epoch)
        self.assertEqual((a.status, len(a.body)), (200, 1024), a)
        self.assertEqual(m.crowd_key(), self.crowd, "one value for all")
        for epoch in ("2020-W01", "2026-W99", "x", "2026-W48x", "", "2026-W480"):
            with self.subTest(epoch=epoch):
                self.refused(m.named("GET", "/v1/epochs/" + epoch), 404, "not-found")

    def test_cosignatures(self):
        m = self.fresh()
        m.log = self.members[0].log.follow()
        text = m.log.head_lines(self.epoch)
        name = "%s/m/%s" % (m.log.checkpoint.origin, m.witness.pk[:4].hex())
        line = pc.note_line(name, m.witness, text, 4, self.place.clock.now())[:-1]
        said = lambda **more: pc.canonical({"epoch": self.epoch, "origin": m.log.checkpoint.origin, "line": line, **more})
        send = lambda body: m.named("POST", "/v1/cosignatures", body, "application/json")
        for bad in (said(line="x"), said(epoch="x"), said(origin="elsewhere"), said(line=line[:-4] + "AAA="), b"", b"[]"):
            self.assertEqual(send(bad).status, 400, bad)
        self.assertEqual(send(said()).status, 204)
        self.assertIn(send(said()).status, (204, 409))

    def test_witness(self):
        log = self.lab.log()
        point = self.wire.ask("GET", "/log/checkpoint").body
        ask = lambda body: self.wire.ask("POST", "/witness/add-checkpoint", [("Content-Type", "text/plain")], body)
        foreign = pc.SignKey()
        text = "elsewhere.example/respite\n1\n%s\n" % pc.b64(bytes(32))
        note = (text + "\n" + pc.note_line("elsewhere.example/respite", foreign, text)).encode()
        self.refused(ask(b"old 0\n\n" + note), 404, "not-found")
        for bad in (b"", b"old\n\n" + note, b"old x\n\n" + note, b"old 0\n" + b"A" * 44 + b"\n" * 70 + note, note, b"old 0\n\n" + note[:40],
                    b"old 2\n\n" + note):
            with self.subTest(bad=bad[:20]):
                self.assertIn(ask(bad).status, (400, 404), bad[:40])
        self.assertEqual(len(log.leaves) > 0, bool(point))

    def test_large_bodies(self):
        m = self.fresh()
        a = m.named("POST", "/token-request", b"x" * 40000, pc.BATCH_REQUEST_TYPE)
        self.assertIn(a.status, (0, 413), a)
        huge = self.wire.bytes_of("POST", "/v1/join", [("Content-Length", str(1 << 40))], b"x")
        self.assertIn(self.wire.raw(huge).status, (0, 400, 413))


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Weeks(lab_house.Test):
    """One lab through two weeks of driven clock: what each window lets in."""

    def test_windows(self):
        self.clock.at(lab_house.MONDAY + 2 * house.DAY + 10 * house.HOUR)
        lab = self.lab()
        lab.serve()
        m = self.python_members(lab, 1)[0]
        this, following = (pm.epoch_text(self.clock.now() + days * house.DAY) for days in (0, 7))
        m.withdraw(following)
        early, old, older, late = m.passes[following].pop(), m.passes[this].pop(), m.passes[this].pop(), m.passes[this].pop()
        said = lambda a: (a.status, a.problem())
        self.assertEqual(said(m.spend(early, m.act(token=early)[1])), (422, "bad-pass"), "a pass of the next week")
        item = m.act(token=old)[1]
        first = m.spend(old, item)
        self.assertEqual(first.status, 200, first)
        m.crowd_key()
        self.clock.at(lab_house.MONDAY + 7 * house.DAY + 10 * house.HOUR)
        lab.again()
        m.follow()
        lab.until(lambda log: log.last("open", epoch=following)[1])
        m.follow()
        token = m.passes[following].pop()
        for pass_, epoch in ((token, following), (older, this)):
            self.assertEqual(m.spend(pass_, m.act(token=pass_, epoch=epoch)[1]).status, 200, epoch)
        other = m.act(token=m.passes[following][0], epoch=this)[1]
        self.assertEqual(said(m.spend(m.passes[following][0], other)), (409, "other-history"), "a head of another week")
        asked = m.ask_passes(this)[2]
        self.assertEqual(said(m.named("POST", "/token-request", asked, pc.BATCH_REQUEST_TYPE)), (409, "closed"))
        self.clock.at(lab_house.MONDAY + 8 * house.DAY + 10 * house.HOUR)
        lab.again()
        m.follow()
        self.assertEqual(said(m.spend(late, m.act(token=late, epoch=this)[1])), (422, "bad-pass"), "a pass of the week before")
        self.assertEqual(m.spend(old, item).body, first.body, "a retry after the window gets what it got")
        closed = lambda log: [e for _, e in log.all("close") if e.get("epoch") == this]
        log = lab.until(lambda log: any("spent" in e for e in closed(log)))
        close = closed(log)
        self.assertEqual(([e["issued"] for e in close if "issued" in e], [e["spent"] for e in close if "spent" in e]), ([64], [2]))
        log.check_tiles()


if __name__ == "__main__":
    house.main()
