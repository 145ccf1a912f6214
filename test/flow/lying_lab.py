"""A member's node and a lab that does not keep its word. The lab is the one on paper (peer_lab.py), which can be made to lie in one way
at a time; `respite verify` then exits 1 with a plain sentence, keeps what it has, and the node goes on saying so."""
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_lab
import peer_member as pm

JOINS, VERIFIES = lab_house.has("join"), lab_house.has("verify")


class Lied(lab_house.Test):
    def paper(self, crowd=9, **more):
        """A lab with a crowd and one member, whose computer has followed it."""
        self.lab = self.keep(peer_lab.Lab(self.clock.now, **more))
        self.one = self.member("one")
        self.one.join(self.lab.invite("One"))
        self.lab.fill(crowd)
        self.one.board()
        return self.lab

    def other(self):
        """A member of the second implementation, who posts what the test wants to stand there."""
        m = pm.Member(self.lab.invite("Other"), "Other", self.clock.now).join().follow().withdraw()
        m.epoch = pm.epoch_text(self.clock.now())
        return m

    def found(self, *words):
        """The node takes what is new and says what is wrong in a plain sentence; and says it again. Returns it."""
        self.one.run("board")
        done = self.one.run("verify")
        self.assertEqual(done.status, 1, done.out + done.err)
        self.plain(done.out or done.err, *words)
        status, said = self.one.verify()
        self.assertEqual((status, said["ok"]), (1, False), said)
        self.assertTrue(said["findings"], said)
        self.assertEqual(self.one.run("verify").status, 1)
        return said

    def fine(self):
        self.one.run("board")
        status, said = self.one.verify()
        self.assertEqual((status, said["ok"]), (0, True), said)


@unittest.skipUnless(JOINS and VERIFIES, "this program verifies no lab")
class Verify(Lied):
    def test_a_lab_that_keeps_its_word(self):
        self.paper()
        self.one.post("Something true.")
        self.other().post()
        self.fine()

    def test_a_second_key_of_the_week(self):
        lab = self.paper()
        lab.add(peer_lab.EpochKey(lab.rsa.pop(), lab, lab.keys[0].epoch, lab.keys[0].start).entry(lab))
        lab.sign()
        self.found()

    def test_an_edited_post(self):
        lab = self.paper()
        self.other().post()
        lab.batches[0]["items"][0]["act"]["text"] = "Something else."
        self.found()

    def test_a_removed_post(self):
        """One's own: its leaf stands in the record, and nothing else does. (One that nobody here has read looks like an act that is
        a leaf alone.)"""
        lab = self.paper()
        self.one.post("It was there.")
        lab.batches[0]["items"] = []
        self.found()

    def test_a_second_history(self):
        lab = self.paper()
        self.other().post()
        self.one.board()
        lab.entries[-1] = pc.canonical({"t": "act", "c": pc.b64(bytes(32))})
        lab.add({"t": "promise", "at": self.clock.now(), "text": "x"})
        lab.rebuild()
        self.found()

    def test_a_shorter_log(self):
        lab = self.paper()
        self.other().post()
        self.one.board()
        del lab.entries[-1]
        lab.rebuild()
        self.found()

    def test_another_log_key(self):
        lab = self.paper()
        lab.sign(pc.SignKey())
        self.found()

    def test_another_head_in_an_item(self):
        lab = self.paper()
        m = self.other()
        token, item = m.act(head_bytes=bytes(32))
        lab.head = lambda epoch: bytes(32)
        self.assertEqual(m.spend(token, item).status, 200)
        self.found()

    def gone(self, lab, item, by):
        lab.batches[0]["items"] = [{"by": by, "gone": pc.b64(pc.sha256(item))}]

    def test_gone_needs_its_leaf(self):
        """A post that is shown as gone: nothing in the record says why; then a moderators' entry about another; then one about it."""
        lab = self.paper()
        m = self.other()
        token, item = m.act()
        self.assertEqual(m.spend(token, item).status, 200)
        self.gone(lab, item, 2)
        said = self.found()
        self.assertTrue(any("does not explain" in f for f in said["findings"]), said)

    def moderator(self, lab, key):
        """Put the key into the record, proven by its holder."""
        entry = {"t": "moderator", "name": "S. Okoro", "from": "2026-01-01", "to": "2026-12-31", "pk": pc.b64(key.pk)}
        proof = key.sign(b"respite/moderator/v1\n" + pc.canonical(entry))
        lab.add({**entry, "at": self.clock.now(), "proof": pc.b64(proof)})

    def decides(self, lab, key, do, target, prev=-1):
        """The entry of a decision; its index."""
        body = {"do": do, "target": target, "prev": prev, "reason": "x", "pk": pc.b64(key.pk)}
        sig = key.sign(b"respite/moderation/v1\n" + pc.canonical({**body, "lab": lab.host, "v": 1}))
        return lab.add({**body, "t": "moderation", "at": self.clock.now(), "sig": pc.b64(sig)})

    def posted(self, lab):
        m = self.other()
        token, item = m.act()
        self.assertEqual(m.spend(token, item).status, 200)
        return item

    def test_gone_by_the_moderators_is_explained(self):
        lab = self.paper()
        item, key = self.posted(lab), pc.SignKey()
        self.moderator(lab, key)
        by = self.decides(lab, key, "drop", pc.act_leaf(item)[2])
        lab.sign()
        self.gone(lab, item, by)
        self.fine()

    def test_a_decision_by_an_unknown_key(self):
        """The record holds one, and the post is hidden for nobody."""
        lab = self.paper()
        item = self.posted(lab)
        self.decides(lab, pc.SignKey(), "hide", pc.act_leaf(item)[2])
        lab.sign()
        said = self.found()
        self.assertTrue(any("no moderator's" in f for f in said["findings"]), said)
        self.assertNotIn("hidden", self.one.board("--offline")[0]["posts"][0])

    def test_a_decision_used_twice(self):
        lab = self.paper()
        item, key = self.posted(lab), pc.SignKey()
        self.moderator(lab, key)
        target = pc.act_leaf(item)[2]
        hidden = self.decides(lab, key, "hide", target)
        self.decides(lab, key, "show", target, hidden)
        lab.add(lab.entries[hidden])
        lab.sign()
        self.found()
        self.assertFalse(self.one.board("--offline")[0]["posts"][0].get("hidden"))

    def test_taken_back_by_its_writer(self):
        """The copy here goes too, and the record fits all the same; somebody else cannot take it back."""
        lab = self.paper()
        m = self.other()
        key = pc.SignKey()
        token, item = m.act(key=key, act={"title": "", "text": "It was said in haste.", "room": ""})
        self.assertEqual(m.spend(token, item).status, 200)
        self.assertIn("It was said in haste.", str(self.one.board()))
        target = pc.act_leaf(item)[2]
        self.assertEqual(m.spend(*m.act(kind="retract", act={"target": target})).status, 200)
        self.assertIn("It was said in haste.", str(self.one.board()))
        self.assertEqual(m.spend(*m.act(kind="retract", key=key, act={"target": target})).status, 200)
        self.assertNotIn("It was said in haste.", str(self.one.board()))
        self.fine()
        self.assertNotIn(b"said in haste", self.one.bytes())

    def test_a_missing_token(self):
        lab = self.paper()
        self.other().post()
        lab.batches[0]["tokens"] = []
        self.found()

    def test_a_token_of_another_key(self):
        lab = self.paper()
        m = self.other()
        m.post()
        token = bytearray(pc.unb64u(lab.batches[0]["tokens"][0].rstrip("=")))
        token[300] ^= 1
        lab.batches[0]["tokens"] = [pc.b64u(bytes(token), pad=True)]
        self.found()

    def test_a_token_twice(self):
        lab = self.paper()
        m = self.other()
        token, item = m.act()
        self.assertEqual(m.spend(token, item).status, 200)
        lab.spent.clear()
        self.assertEqual(m.spend(token, m.act(token=token)[1]).status, 200)
        self.found()

    def test_a_batch_that_is_withheld(self):
        lab = self.paper()
        self.one.post("It will not be shown.")
        lab.lie("^/v1/batches/board/", lambda a: peer_lab.Answer(404, {"type": "urn:respite:error:not-found", "title": "x", "status": 404,
                                                                        "detail": "x"}, "application/problem+json"))
        self.found()

    def test_a_promise_that_is_not_kept(self):
        lab = self.paper(batch_at_once=False)
        self.one.post("It will be lost.")
        lab.waiting.clear()
        self.clock.go(3 * house.DAY)
        lab.add({"t": "promise", "at": self.clock.now(), "text": "x"})
        lab.sign()
        self.found()

    def test_sums_that_cannot_be(self):
        lab = self.paper()
        epoch = lab.keys[0].epoch
        lab.add({"t": "close", "at": self.clock.now(), "epoch": epoch, "members": 10, "issued": 5})
        lab.add({"t": "close", "at": self.clock.now(), "epoch": epoch, "spent": 9})
        lab.sign()
        self.found()

    def test_a_list_of_holders_without_us(self):
        lab = self.paper()
        epoch = lab.keys[0].epoch
        leaves = sorted(pc.sha256(bytes([i])) for i in range(12))
        index = lab.add({"t": "open", "at": self.clock.now() + 120, "epoch": epoch, "holders": 12, "root": pc.b64(pc.list_root(leaves))})
        lab.lists["open"][epoch].append({"index": index, "leaves": leaves})
        lab.sign()
        self.clock.go(300)
        self.found()

    def test_a_roster_with_a_name_twice(self):
        lab = self.paper()
        epoch = lab.keys[0].epoch
        leaves = lab.lists["roster"][epoch][-1]["leaves"]
        leaves = sorted(leaves + leaves[:1])
        index = lab.add({"t": "roster", "at": self.clock.now(), "epoch": epoch, "members": len(leaves), "root": pc.b64(pc.list_root(leaves))})
        lab.lists["roster"][epoch].append({"index": index, "leaves": leaves})
        lab.sign()
        self.found()

    def test_a_roster_without_us(self):
        lab = self.paper()
        self.clock.go(120)
        epoch = lab.keys[0].epoch
        leaves = sorted(pc.sha256(bytes([i])) for i in range(12))
        index = lab.add({"t": "roster", "at": self.clock.now(), "epoch": epoch, "members": 12, "root": pc.b64(pc.list_root(leaves))})
        lab.lists["roster"][epoch].append({"index": index, "leaves": leaves})
        lab.sign()
        self.found()

    def test_an_entry_from_the_past(self):
        lab = self.paper()
        lab.add({"t": "promise", "at": self.clock.now() - 2 * house.DAY, "text": "x"})
        lab.sign()
        self.found()


@unittest.skipUnless(JOINS and lab_house.has("post"), "this program posts to no lab")
class Post(Lied):
    def refused(self, text="It stays here.", *words):
        done = self.one.run("post", "--now", text)
        self.assertEqual(done.status, 1, done.out + done.err)
        self.plain(done.err, *words)
        return done

    def test_nine_are_too_few(self):
        lab = self.paper(crowd=8)
        self.refused("It stays here.", "9")
        self.assertEqual(lab.waiting + lab.batches, [])
        lab.fill(1)
        self.one.post("With ten it goes.")

    def test_a_lower_floor_changes_nothing(self):
        self.paper(crowd=3, floor=2)
        self.refused("It stays here.", "4")

    def test_an_answer_withheld_is_the_same_bytes_again(self):
        between = self.listener(None)
        lab = self.keep(peer_lab.Lab(self.clock.now, front=between.url))
        between.to, self.lab = lab.at, lab
        self.one = self.member("one")
        self.one.join(lab.invite("One"))
        lab.fill(9)
        between.rule("swallow", "^/v1/acts", times=1)
        self.one.run("post", "--now", "It is said once.")
        for _ in range(4):
            self.clock.go(house.DAY)
            self.one.run("tick")
        sent = between.of("^/v1/acts")
        self.assertGreaterEqual(len(sent), 2)
        self.assertEqual(len({x.out for x in sent}), 1, "another try is the same bytes")
        self.assertEqual(len(lab.spent), 1)

    def test_a_refused_pass_is_never_used_again(self):
        lab = self.paper()
        lab.lie("^/v1/acts", lambda a: peer_lab.Answer(503, {"type": "urn:respite:error:busy", "title": "x", "status": 503, "detail": "x"},
                                                       "application/problem+json", pad=1024))
        for text in ("First.", "Second."):
            self.one.run("post", "--now", text)
        tokens = [h["Authorization"] for m, path, h, b in lab.seen if path == "/v1/acts"]
        bodies = [b for m, path, h, b in lab.seen if path == "/v1/acts"]
        self.assertEqual(len(set(tokens)), len(set(bodies)))

    def test_what_the_board_refuses_has_not_left(self):
        """A refused post, flag or answer is said to be refused, also to a script; what could not be handed over is tried again."""
        lab = self.paper()
        self.other().post()
        post = self.one.board()[0]["id"]
        refused = lambda status: lambda a: peer_lab.Answer(status, {"type": "urn:respite:error:x", "title": "x", "status": status, "detail": "x"},
                                                           "application/problem+json", pad=1024)
        lab.lie("^/v1/acts", refused(403))
        for args in (("post", "--now", "Refused."), ("post", "--now", "--reply", post, "Refused."), ("flag", "--now", post, "spam")):
            done = self.one.run(*args)
            self.assertEqual(done.status, 1, done.out + done.err)
            self.assertIn("--resend", done.err)
            self.assertNotIn("has left", done.out)
        done = self.one.run("post", "--now", "--json", "Refused.")
        self.assertEqual((done.status, done.json()["ok"], done.json()["state"]), (1, False, "refused"))
        lab.lie("^/v1/acts", refused(503))
        done = self.one.good("flag", "--now", post, "harm")
        self.assertIn("tried again", done.out)
        self.assertEqual({a["state"] for a in self.one.good("post", "--waiting", "--json").json()["acts"]}, {"refused", "tried"})

    def test_a_challenge_never_spends(self):
        """A 401 with a challenge, at any place: the node sends no pass because of it."""
        lab = self.paper()
        lab.lie("^/v1/batches", lambda a: lab._needs_pass())
        self.one.run("board")
        self.assertEqual([path for m, path, h, b in lab.seen if "PrivateToken" in h.get("Authorization", "")], [])

    def test_key_that_is_not_in_the_log(self):
        lab = self.paper()
        other = peer_lab.EpochKey(lab.rsa.pop(), lab, lab.keys[0].epoch, lab.keys[0].start)
        lab.lie(pc.DIRECTORY.replace(".", r"\."), lambda a: setattr(a, "body", pc.canonical({
            "issuer-request-uri": "/token-request", "token-keys": [{"token-type": 2, "token-key": pc.b64u(other.spki, pad=True)}]})))
        two = self.member("two")
        two.join(lab.invite("Two"))
        asked = [b for m, path, h, b in lab.seen if path == "/token-request"]
        self.assertTrue(all(b[6] != other.id[-1] for b in asked))


@unittest.skipUnless(JOINS, "this program joins no lab")
class Hostile(lab_house.Test):
    """huge, slow, deep, redirect: one plain sentence, no harm, soon."""

    def join(self, *script):
        server = self.keep(lab_house.Hostile(*script))
        one = self.member("one")
        done = one.run("join", "%s/join#%s.%s" % (server.url, pc.b64u(bytes(16)), pc.b64u(bytes(32))), "--yes", timeout=100)
        self.assertEqual(done.status, 1, done.out + done.err)
        self.plain(done.err)
        return server

    def test_redirects_are_not_followed(self):
        away = self.keep(lab_house.Hostile(lab_house.answer(200, b"{}")))
        self.join(lab_house.redirect(away.url + "/v1/join"))
        self.assertEqual(away.seen, [])

    def test_a_huge_answer(self):
        self.join(lab_house.huge())
        self.join(lab_house.huge(announced=False))

    def test_deep_json(self):
        self.join(lab_house.deep())

    def test_a_slow_answer(self):
        self.join(lab_house.slow())

    def test_silence(self):
        self.join(lab_house.silent)

    def test_other_answers(self):
        for bad in (b"", b"\0" * 1000, b"HTTP/1.1 200 OK\r\n\r\n", lab_house.answer(201, b"{}"), lab_house.answer(201, b"[]"),
                    lab_house.answer(500, b"oops"), lab_house.answer(201, b"\xff\xfe"), lab_house.answer(204)):
            with self.subTest(bad=bad[:60]):
                self.join(bad)

    def test_a_server_that_is_not_there(self):
        one = self.member("one")
        done = one.run("join", "http://127.0.0.1:%d/join#%s.%s" % (house.free_port(), pc.b64u(bytes(16)), pc.b64u(bytes(32))), "--yes")
        self.assertEqual(done.status, 1)
        self.plain(done.err)

    def test_addresses_that_are_none(self):
        one = self.member("one")
        for url in ("http://lab.example/join#a.b", "https://lab.example/join", "ftp://lab.example/join#a.b", "x", "https:///join#a.b",
                    "https://lab.example/join#%s.%s" % ("A" * 22, "B" * 42)):
            with self.subTest(url=url):
                done = one.run("join", url, "--yes")
                self.assertIn(done.status, (1, 2))
                self.plain(done.err)


if __name__ == "__main__":
    house.main()
