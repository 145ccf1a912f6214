"""The second implementations that the lab is tested against, tested themselves: the Python one against published vectors, the
JavaScript peers (test/peer) against each other."""
import base64
import json
import os
import threading
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_js
import peer_lab
import peer_member


def vectors(name):
    with open(os.path.join(house.ROOT, "test", "data", "vectors", name + ".json"), encoding="utf-8") as f:
        return json.load(f)


def unhex(text):
    return bytes.fromhex(text)


class Ed25519(unittest.TestCase):
    # RFC 8032, section 7.1, tests 1, 2, 3 and SHA(abc): seed, public key, message, signature.
    CASES = (
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
        ("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
         "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
         "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
    )

    def test_rfc_8032(self):
        for seed, pk, message, sig in self.CASES:
            key = pc.SignKey(unhex(seed))
            self.assertEqual(key.pk.hex(), pk)
            self.assertEqual(key.sign(unhex(message)).hex(), sig)
            self.assertTrue(pc.signed(key.pk, unhex(message), unhex(sig)))
            self.assertFalse(pc.signed(key.pk, unhex(message) + b"x", unhex(sig)))
            for place in (0, 31, 32, 63):
                other = bytearray(unhex(sig))
                other[place] ^= 1
                self.assertFalse(pc.signed(key.pk, unhex(message), bytes(other)), place)

    def test_keys_of_small_order_sign_nothing(self):
        identity = (1).to_bytes(32, "little")
        self.assertFalse(pc.signed(identity, b"any message", identity + bytes(32)))
        self.assertFalse(pc.signed(bytes(32), b"any message", identity + bytes(32)))

    def test_a_signature_has_one_form(self):
        key = pc.SignKey()
        sig = key.sign(b"x")
        longer = sig[:32] + (int.from_bytes(sig[32:], "little") + pc.L).to_bytes(32, "little")
        self.assertFalse(pc.signed(key.pk, b"x", longer))


class Passes(unittest.TestCase):
    def test_rfc_9474(self):
        for case in vectors("rsabssa_rfc9474"):
            number = lambda name: int(case[name], 16)
            octets = lambda name: unhex((case[name] or "").removeprefix("0x"))
            n, salt, message = number("n"), octets("salt"), octets("input_msg")
            blinded, inverse = pc.rsa_blind(n, message, salt, pow(number("inv"), -1, n))
            self.assertEqual((blinded, inverse), (octets("blinded_msg"), number("inv")))
            self.assertEqual(pow(pc.os2ip(blinded), number("d"), n), number("blind_sig"))
            self.assertEqual(pc.rsa_finalize(n, message, octets("blind_sig"), inverse, len(salt)), octets("sig"))
            self.assertIsNone(pc.rsa_finalize(n, message + b"x", octets("blind_sig"), inverse, len(salt)))

    def test_rfc_9577_authenticator_input(self):
        for case in vectors("privacypass_token_input_rfc9577"):
            challenge = pc.challenge(unhex(case["issuer_name"]).decode(), unhex(case["redemption_context"]),
                                     unhex(case["origin_info"]).decode())
            made = b"\x00\x02" + unhex(case["nonce"]) + pc.sha256(challenge) + unhex(case["token_key_id"])
            self.assertEqual(made.hex(), case["token_authenticator_input"])

    def test_rfc_9578(self):
        for case in vectors("privacypass_type2_rfc9578_go") + vectors("privacypass_type2_rfc9578_rust"):
            key = pc.Key(unhex(case["pkS"]), unhex(case["token_challenge"]))
            one = pc.Pass(key, unhex(case["nonce"]), unhex(case["salt"]), int(case["blind"], 16))
            self.assertEqual(one.request.hex(), case["token_request"])
            self.assertEqual(one.finish(unhex(case["token_response"])).hex(), case["token"])
            self.assertTrue(pc.token_holds(key, one.token))
            self.assertFalse(pc.token_holds(key, one.token[:-1] + bytes([one.token[-1] ^ 1])))

    def test_batches_of_type_2(self):
        done = 0
        for case in vectors("privacypass_batched_draft06_go") + vectors("privacypass_batched_draft06_rust"):
            if any((item.get("type") or item.get("token_type")) != "0002" for item in case["issuance"]):
                continue
            passes = [pc.Pass(pc.Key(unhex(i["pkS"]), unhex(i["token_challenge"])), unhex(i["nonce"]), unhex(i["salt"]), int(i["blind"], 16))
                      for i in case["issuance"]]
            self.assertEqual(pc.batch_request(passes).hex(), case["token_request"])
            answers = pc.batch_answers(unhex(case["token_response"]))
            self.assertEqual([p.finish(a).hex() for p, a in zip(passes, answers)], [i["token"] for i in case["issuance"]])
            done += 1
        self.assertEqual(done, 2)

    def test_64_passes_are_16580_bytes(self):
        self.assertEqual(pc.varint(64 * 259).hex(), "800040c0")
        for n in (0, 63, 64, 16383, 16384, 2 ** 30 - 1, 2 ** 30):
            self.assertEqual(pc.varint_read(pc.varint(n) + b"x")[0], n)

    def test_a_key_is_its_342_bytes(self):
        good = unhex(vectors("privacypass_type2_rfc9578_go")[0]["pkS"])
        self.assertEqual(len(good), 342)
        self.assertEqual(pc.spki(pc.spki_modulus(good)), good)
        for place in (0, 40, 66, 70, 81, 336, 338, 341):
            with self.assertRaises(ValueError, msg=place):
                pc.spki_modulus(good[:place] + bytes([good[place] ^ 0x81]) + good[place + 1:])


class Trees(unittest.TestCase):
    def test_inclusion(self):
        refused = 0
        for case in vectors("merkle_inclusion")["cases"]:
            proof = [base64.b64decode(p) for p in case["proof"] or ()]
            holds = pc.inclusion_holds(case["leafIdx"], case["treeSize"], base64.b64decode(case["leafHash"] or ""), proof,
                                       base64.b64decode(case["root"] or ""))
            self.assertEqual(holds, not case["wantErr"], case["file"])
            refused += not holds
        self.assertEqual(refused, 92)

    def test_consistency(self):
        refused = 0
        for case in vectors("merkle_consistency")["cases"]:
            proof = [base64.b64decode(p) for p in case["proof"] or ()]
            holds = pc.consistency_holds(case["size1"], case["size2"], proof, base64.b64decode(case["root1"] or ""),
                                         base64.b64decode(case["root2"] or ""))
            self.assertEqual(holds, not case["wantErr"], case["file"])
            refused += not holds
        self.assertEqual(refused, 92)

    def test_roots_proofs_and_tiles(self):
        v = vectors("merkle_tiles")
        small = [pc.leaf_hash(unhex(e)) for e in v["leaf_inputs_hex"]]
        self.assertEqual([pc.root(small[:n]).hex() for n in range(9)], v["root_by_size_hex"])
        leaves = [pc.leaf_hash(b"entry %d" % i) for i in range(70000)]
        for size, wanted in v["entry_roots"].items():
            self.assertEqual(pc.root(leaves[:int(size)]).hex(), wanted, size)
        for case in v["entry_proofs"]:
            proof = pc.inclusion(case["index"], leaves[:case["size"]])
            self.assertEqual([p.hex() for p in proof], case["proof"])
            self.assertTrue(pc.inclusion_holds(case["index"], case["size"], leaves[case["index"]], proof, pc.root(leaves[:case["size"]])))
        for case in v["entry_consistency"]:
            proof = pc.consistency(case["size1"], leaves[:case["size2"]])
            self.assertEqual([p.hex() for p in proof], case["proof"])
        widths = pc.tile_widths(70000)
        bundle = b"".join(len(e).to_bytes(2, "big") + e for e in (b"entry %d" % i for i in range(256)))
        self.assertEqual(pc.sha256(bundle).hex(), v["tile_sha256"].pop("tile/entries/000"))
        self.assertEqual(pc.entries_of(bundle)[255], b"entry 255")
        for name, wanted in v["tile_sha256"].items():
            (level, n), width = next(t for t in widths.items() if pc.tile_path(t[0][0], t[0][1], t[1]) == "/log/" + name)
            self.assertEqual(pc.sha256(pc.tile_hashes(leaves, level, n, width)).hex(), wanted, name)
        for n, path in v["tile_path_examples"].items():
            self.assertEqual(pc.tile_path(0, int(n)), "/log/tile/0/" + path)

    def test_notes(self):
        for case in vectors("signed_note"):
            note, key = pc.Note(case["note"].encode()), pc.NoteKey(case["vkey"])
            self.assertTrue(note.by(key))
            with self.assertRaises(ValueError):
                pc.Note(case["note"].replace("\n\n", "x\n\n").encode()).by(key)
        self.assertTrue(note.by(pc.NoteKey(case["witness_vkey"])))
        point = pc.Checkpoint(case["note"].encode())
        self.assertEqual((point.origin, point.size), ("lab.example/respite-log", 70000))
        log, witness = (pc.SignKey(unhex(case[name])) for name in ("log_seed_hex", "witness_seed_hex"))
        self.assertEqual(case["note"], note.text + "\n" + pc.note_line(point.origin, log, note.text) +
                         pc.note_line("witness.example/w1", witness, note.text, 4, case["timestamp"]))
        self.assertEqual(pc.vkey(point.origin, log.pk), case["vkey"])


# The house of the lab ---------------------------------------------------------------------------------------------------------
class Listener(lab_house.Test):
    """Capture before a server of ours; the wire through it."""

    def setUp(self):
        super().setUp()
        self.server = self.keep(lab_house.Hostile(lab_house.answer(200, b'{"a":1}')))
        self.between = self.listener(self.server.url)
        self.wire = peer_member.Wire(self.between.url, timeout=10)

    def test_bytes_go_through_and_are_kept(self):
        a = self.wire.ask("POST", "/v1/x", [("Accept", "text/plain"), ("X-Odd", "1")], b"body")
        self.assertEqual((a.status, a.json()), (200, {"a": 1}))
        x = self.between.exchanges[0]
        self.assertEqual((x.method, x.path, x.body, x.reply.status), ("POST", "/v1/x", b"body", 200))
        self.assertEqual([n for n, _ in x.headers], ["Host", "User-Agent", "Accept", "Content-Length", "Connection", "X-Odd"])
        self.assertEqual(self.server.seen[0].out, x.out)

    def test_rules(self):
        self.between.rule("cut", "^/cut")
        self.between.rule("swallow", "^/swallow", times=1)
        self.between.rule(lab_house.answer(409, b"no"), "^/no")
        self.between.rule(lambda back: back.replace(b"1", b"2"), "^/alter")
        ask = lambda path: self.wire.ask("GET", path)
        self.assertEqual(ask("/cut").raw, b"")
        self.assertEqual(len(self.server.seen), 0)
        self.assertEqual(ask("/swallow").raw, b"")
        self.assertEqual(len(self.server.seen), 1)
        self.assertEqual(ask("/swallow").status, 200)
        self.assertEqual(ask("/no").status, 409)
        self.assertEqual(ask("/alter").json(), {"a": 2})

    def test_an_answer_is_held_until_released(self):
        self.between.rule("hold")
        got = []
        thread = threading.Thread(target=lambda: got.append(self.wire.ask("GET", "/")))
        thread.start()
        while not self.server.seen:
            time.sleep(0.01)
        thread.join(0.3)
        self.assertEqual(got, [])
        self.between.release()
        thread.join(10)
        self.assertEqual(got[0].status, 200)

    def test_bad_servers(self):
        server = self.keep(lab_house.Hostile(lab_house.huge(1 << 22), lab_house.redirect("http://127.0.0.1:1/"), lab_house.deep(50),
                                             lab_house.slow(0.001, lab_house.answer(200, b"x" * 50))))
        wire = peer_member.Wire(server.url, timeout=10)
        self.assertEqual(len(wire.ask("GET", "/").body), 1 << 22)
        self.assertEqual(wire.ask("GET", "/").header("Location"), "http://127.0.0.1:1/")
        self.assertEqual(wire.ask("GET", "/").body, b"[" * 50 + b"]" * 50)
        self.assertEqual(wire.ask("GET", "/").body, b"x" * 50)


class Database(lab_house.Test):
    def test_it_falls_and_comes_back(self):
        pg = self.postgres()
        name = pg.url().split("/")[-1]
        pg.psql("create table t(a integer); insert into t values (7)", name)
        pg.crash()
        pg.start()
        self.assertEqual(pg.psql("select a, 'x' from t", name), "7\tx\n")
        self.assertNotEqual(pg.url(), pg.url())


class Paper(lab_house.Test):
    """The Python member in the Python lab."""

    def setUp(self):
        super().setUp()
        self.lab = self.keep(peer_lab.Lab(self.clock.now))
        self.one = peer_member.Member(self.lab.invite("One"), "One", self.clock.now).join().follow().withdraw()

    def test_the_whole_road(self):
        self.lab.fill(9)
        self.one.follow()
        self.assertEqual(len(self.one.passes[self.one.log.last("open")[1]["epoch"]]), 64)
        id_ = self.one.post()
        self.one.follow().log.check_tiles()
        batch = self.one.batch(1)
        self.assertEqual(pc.act_leaf(pc.canonical(batch["items"][0]))[2], id_)
        epoch, said = batch_epoch(self.one), self.one.rosters()
        self.assertIn(self.one.leaf(epoch), said["rosters"][-1]["leaves"])
        self.assertIn(self.one.leaf(epoch, "holder"), said["opens"][-1]["leaves"])

    def test_lies_are_noticed(self):
        self.one.post()
        self.one.follow()
        token = self.lab.batches[0]["tokens"][0]
        self.lab.batches[0]["tokens"] = [token[:-4] + "AAA="]
        with self.assertRaises(AssertionError):
            self.one.batch(1)
        self.lab.batches[0]["tokens"] = [token]
        self.one.batch(1)
        self.lab.batches[0]["items"][0]["act"]["text"] += "."
        with self.assertRaises((AssertionError, ValueError)):
            self.one.batch(1)
        for lie in (lambda a: setattr(a, "body", a.body[:-1] + b"x"), lambda a: peer_lab.Answer(404)):
            self.lab.lie("^/log/tile/entries", lie)
            self.lab.add({"t": "done", "at": self.clock.now(), "text": "x"})
            self.lab.sign()
            with self.assertRaises((AssertionError, ValueError)):
                self.one.follow()
            self.lab.lies.clear()
        self.one.follow()
        self.lab.entries[1] = self.lab.entries[2]
        self.lab.add({"t": "done", "at": self.clock.now(), "text": "y"})
        self.lab.rebuild()
        with self.assertRaises(AssertionError):
            self.one.follow()

    def test_another_key_is_noticed(self):
        self.lab.sign(pc.SignKey())
        with self.assertRaises(AssertionError):
            self.one.follow()


def batch_epoch(member):
    return member.log.last("batch")[1]["keys"].popitem()[0]


@peer_js.needed
class JavaScript(unittest.TestCase):
    def setUp(self):
        self.peer = peer_js.Server()

    def tearDown(self):
        self.peer.close()

    def test_peers_understand_each_other(self):
        for more in ((), ("--batch", "2")):
            status, said = peer_js.client(self.peer.url, "-", "-", "--pass", *more)
            self.assertEqual(status, 0, said)
            self.assertIn("all as it should be", said)

    def test_peer_b_sees_another_challenge(self):
        status, said = peer_js.client(self.peer.url, "-", pc.b64(pc.challenge("elsewhere.example")), "--pass")
        self.assertEqual(status, 1)
        self.assertIn("the challenge is not the one of the record", said)

    def test_python_takes_passes_of_peer_a(self):
        wire = peer_member.Wire(self.peer.url)
        name = self.peer.url.split("//")[1]
        key = pc.Key(self.peer.spki, pc.challenge(name, b"", name))
        found = wire.ask("GET", pc.DIRECTORY).json()
        self.assertEqual(pc.unb64u(found["token-keys"][0]["token-key"].rstrip("=")), self.peer.spki)
        passes = [pc.Pass(key), pc.Pass(key)]
        a = wire.ask("POST", "/token-request", [("Content-Type", pc.BATCH_REQUEST_TYPE)], pc.batch_request(passes))
        self.assertEqual(a.status, 200, a.text)
        tokens = [p.finish(answer) for p, answer in zip(passes, pc.batch_answers(a.body))]
        self.assertTrue(all(pc.token_holds(key, t) for t in tokens))
        spend = lambda token: wire.ask("POST", "/", [("Authorization", peer_member.private_token(token))], b"").status
        self.assertEqual([spend(tokens[0]), spend(tokens[0]), spend(tokens[1])], [200, 401, 200])
        self.assertEqual(spend(tokens[1][:-1] + b"x"), 401)

    def test_peer_a_refuses_what_is_no_request(self):
        wire = peer_member.Wire(self.peer.url)
        name = self.peer.url.split("//")[1]
        good = pc.Pass(pc.Key(self.peer.spki, pc.challenge(name, b"", name)))
        above = good.request[:3] + b"\xff" * 256
        other = good.request[:2] + bytes([good.request[2] ^ 1]) + good.request[3:]
        ask = lambda body, type_=pc.REQUEST_TYPE: wire.ask("POST", "/token-request", [("Content-Type", type_)], body).status
        self.assertEqual([ask(above), ask(other), ask(good.request + b"x"), ask(good.request, "text/plain")], [422] * 4)
        self.assertEqual(ask(good.request), 200)


if __name__ == "__main__":
    house.main()
