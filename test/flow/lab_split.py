"""A lab of two operators: the issuer knows the members and signs blindly, the board keeps what is written; two processes on two
databases. A post goes through end to end, and neither database holds the other half."""
import json
import os
import sqlite3
import time
import unittest

import house
import lab_house
import peer_crypto as pc
import peer_member as pm


@unittest.skipUnless(lab_house.has_lab(), "this program keeps no lab")
class Split(lab_house.Test):
    NAME = "Annegret Wiesengrund"
    TEXT = "What nobody should be asked for."

    def start(self, board_db=None):
        ports = [house.free_port() for _ in range(2)]
        urls = ["http://127.0.0.1:%d" % port for port in ports]
        self.issuer = self.lab(front=urls[0], data=self.at("issuer"), args=("--role", "issuer", "--board", urls[1]))
        self.board = self.lab(front=urls[1], data=self.at("board"), db=board_db,
                              args=("--role", "board", "--issuer", urls[0], "--issuer-key", self.issuer.made["vkey"]))
        done = self.issuer.run("lab", "serve", "--port", str(ports[0]), "--batch", "1")
        self.assertEqual(done.status, 1, "an issuer without its board does not begin")
        self.plain(done.err, "pair")
        done = self.issuer.run("lab", "pair", self.board.made["vkey"], self.board.made["promise"])
        self.assertEqual(done.status, 0, done.err)
        self.issuer.serve(port=ports[0])
        self.board.serve(port=ports[1])

    def member(self, name=NAME):
        m = pm.Member(self.issuer.invite([name])[0], name, self.clock.now).join()
        self.board.until(lambda log: log.all("peer"), 90)     # the other log is asked for once a minute
        m.follow().withdraw()
        return m

    def test_a_post_goes_end_to_end(self):
        self.start()
        m = self.member()
        self.assertNotEqual(m.log.checkpoint.origin, m.board_log.checkpoint.origin)
        token, item = m.act(act={"title": "", "text": self.TEXT, "room": ""})
        a = m.spend(token, item)
        self.assertEqual(a.status, 200, a)
        id_ = m.check_receipt(item, a.body)
        self.board.until(lambda log: pc.act_leaf(item)[1] in log.leaves)
        m.follow()
        m.log.check_tiles()
        m.board_log.check_tiles()
        batch = m.batch(1)
        self.assertEqual([pc.act_leaf(pc.canonical(i))[2] for i in batch["items"]], [id_])

    def real(self, name="Wei Zhang"):
        """A member with the real program, whose computer has read both records, with this week in each."""
        m = lab_house.Member(self, name)
        m.join(self.issuer.invite([name])[0])
        self.board.until(lambda log: log.all("peer"), 90)
        m.tick()
        return m

    @unittest.skipUnless(lab_house.has("counsel"), "this program has no counsellors yet")
    def test_a_counsellor_collects_from_the_issuer(self):
        """Her entry stands in the board's record, which the issuer copies; letters come from the one, passes from the other."""
        self.start()
        hale = lab_house.Member(self, "counsellor")
        made = hale.good("counsel", "--key", "R. Hale", "--at", self.issuer.url, "--employer", "the union", "--where", "counsel.example", "--json").json()
        done = self.board.run("lab", "counsellor", made["line"], "--yes")
        self.assertEqual(done.status, 0, done.err)
        ends, passes = time.monotonic() + 150, 0
        while not passes:
            self.assertLess(time.monotonic(), ends, "the issuer never knew her")
            done = hale.run("counsel", "letters", "--look")
            self.assertEqual(done.status, 0, done.err)
            with sqlite3.connect("file:%s/respite.db?mode=ro" % hale.data, uri=True) as db:
                passes = db.execute("select count(*) from pass").fetchone()[0]
            time.sleep(2)
        self.assertEqual(passes % 64, 0, "as many as a member")
        with sqlite3.connect("file:%s/lab/lab.db?mode=ro" % self.issuer.data, uri=True) as db:
            self.assertGreaterEqual(db.execute("select count(*) from issued where member like 'counsellor/%'").fetchone()[0], 1)

    def test_members_cosign_the_heads_of_both_logs(self):
        """The board has no members: the line on its head goes to the issuer, who copies its log."""
        self.start()
        one = self.real()
        m = self.member()
        epoch = pm.epoch_text(self.clock.now())
        heads = {m.log.checkpoint.origin: m.log.head_lines(epoch), m.board_log.checkpoint.origin: m.board_log.head_lines(epoch, "peer")}
        a = m.issuer.ask("GET", "/v1/rosters/" + epoch, [("Authorization", pm.crowd(m.crowd_key()))])
        lines = a.json()["lines"]
        self.assertEqual({line["origin"] for line in lines}, set(heads), lines)
        origin = m.board_log.checkpoint.origin
        name = "%s/respite/m/%s" % (m.issuer.host, m.witness.pk[:4].hex())
        line = pc.note_line(name, m.witness, heads[origin], 4, self.clock.now())[:-1]
        said = lambda **more: pc.canonical({"epoch": epoch, "origin": origin, "line": line, **more})
        send = lambda body: m.named("POST", "/v1/cosignatures", body, "application/json").status
        later = pc.note_line(name, m.witness, "%s\n%d\n%s\n" % (origin, 1, pc.b64(pc.root(m.board_log.leaves[:1]))), 4, self.clock.now())[:-1]
        for bad in (said(line=later), said(origin=m.log.checkpoint.origin), said(epoch="2026-W40"), said(origin="elsewhere")):
            self.assertEqual(send(bad), 400, bad)
        self.assertEqual(send(said()), 204)
        self.assertEqual(send(said()), 409)
        self.assertEqual(one.verify()[0], 0, one.verify())

    def lose(self, lab):
        """Its database and what stands beside it, but for the key file, of which there is a copy."""
        lab.close()
        for name in os.listdir(os.path.join(lab.data, "lab")):
            if name != "lab.key":
                os.unlink(os.path.join(lab.data, "lab", name))

    def test_a_board_that_lost_everything_comes_back_from_a_members_computer(self):
        self.start()
        one, m = self.real(), self.member()
        token, item = m.act(act={"title": "", "text": self.TEXT, "room": ""})
        self.assertEqual(m.spend(token, item).status, 200)
        self.board.until(lambda log: pc.act_leaf(item)[1] in log.leaves)
        self.assertEqual(len(one.board()), 1)
        file = self.at("log.txt")
        said = one.good("export", "--log", file, "--json").json()
        self.assertEqual((said["logs"], said["batches"]), (2, 1))
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        self.assertEqual([l.split(" ")[3].strip() for l in open(file) if l.startswith("respite log 1 ")],
                         [m.log.checkpoint.origin, m.board_log.checkpoint.origin])
        for private in (self.NAME, one.name, m.said["member"]):
            self.assertNotIn(private, open(file).read())
        size = m.follow().board_log.checkpoint.size
        self.lose(self.board)
        done = self.board.run("lab", "recover", file, "--json")
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual((done.json()["batches"], done.json()["passes"]), (1, 1))
        self.assertGreaterEqual(done.json()["entries"], size)
        self.board.processes[0].start()
        self.assertEqual(m.spend(token, item).status, 200, "the receipt again")
        again = m.spend(token, m.act(token=token)[1])
        self.assertEqual((again.status, again.problem()), (409, "pass-spent"))
        id_ = m.post()
        log = self.board.until(lambda log: len(log.all("act")) == 2)
        self.assertEqual([e.get("epoch") for _, e in log.all("peer")].count(pm.epoch_text(self.clock.now())), 1, "the week's head stays where it was")
        m.follow()
        self.assertEqual([pc.act_leaf(pc.canonical(i))[2] for i in m.batch(2)["items"]], [id_])
        self.assertEqual(len(one.board()), 2)
        self.assertEqual(one.verify()[0], 0, one.verify())
        self.assertEqual(self.board.run("lab", "doctor").status, 0)

    def test_an_issuer_that_lost_everything_goes_on_with_the_next_key(self):
        """Keys of passes are in no copy, by design: those of the weeks in the record are gone, and no second one is made."""
        self.start()
        one, m = self.real(), self.member()
        self.issuer.until(lambda log: (log.last("open") or (0, {}))[1].get("holders") == 2)
        one.board()
        file = self.at("log.txt")
        one.good("export", "--log", file)
        weeks = [e["epoch"] for _, e in m.follow().log.all("key")]
        self.lose(self.issuer)
        done = self.issuer.run("lab", "recover", file, "--json")
        self.assertEqual(done.status, 0, done.err)
        self.issuer.processes[0].start()
        done = self.issuer.run("lab", "doctor", "--json")
        self.assertEqual(done.status, 1)
        self.plain(next(f["text"] for f in done.json()["findings"] if f["name"] == "passes"), *weeks)
        self.assertEqual(m.named("GET", "/v1/member").status, 401)
        done = one.run("board")
        self.assertEqual(one.verify()[0], 0, one.verify())
        size = m.follow().log.checkpoint.size
        self.assertEqual([e["t"] for e in m.log.entries[size:]], [])
        id_ = m.post()  # with a pass of before
        self.board.until(lambda log: log.all("act"))
        url = self.issuer.invite(["Wei Zhang"])[0]
        passes = lambda: sqlite3.connect("file:%s?mode=ro" % os.path.join(one.data, "respite.db"), uri=True).execute("select count(*) from pass").fetchone()[0]
        held = passes()
        self.assertEqual(held, 64)
        one.join(url)
        self.assertEqual(passes(), held, "what was here stays")
        self.assertEqual(len(one.board()), 1)
        done = lab_house.Member(self, "New").run("join", self.issuer.invite(["New"])[0], "--yes")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "You are a member now", "2026-W48", "lost")
        done = one.run("join", self.issuer.invite(["Wei"])[0], "--yes")
        self.assertEqual(done.status, 1)
        self.plain(done.err, "already")
        self.assertEqual(self.issuer.wire().ask("GET", pc.DIRECTORY).status, 503)
        self.clock.at(lab_house.MONDAY + 4 * house.DAY + 13 * house.HOUR)  # Friday: the next key
        self.issuer.again()
        self.board.again()  # it looks at the issuer as it starts
        log = self.issuer.until(lambda log: len(log.all("key")) == 3)
        week = log.last("key")[1]["epoch"]
        self.assertNotIn(week, weeks)
        self.assertEqual(one.verify()[0], 0, one.verify())
        self.plain(one.run("tick").err.replace("respite: ", ""), weeks[1], "lost")
        self.clock.at(lab_house.MONDAY + 14 * house.DAY + 10 * house.HOUR)
        self.issuer.again()
        self.board.again()  # it looks at the issuer as it starts
        one.tick()
        log = self.issuer.until(lambda log: (log.last("open", epoch=week)[1] or {}).get("holders") == 1)
        self.assertEqual([e for i, e in log.all("close") + log.all("open") if e["epoch"] in weeks and i >= size], [], "what it cannot know")
        one.board()
        self.assertEqual(one.verify()[0], 0, one.verify())
        self.assertEqual(self.issuer.run("lab", "doctor").status, 0)

    def test_a_file_without_this_log_changes_nothing(self):
        self.start()
        one = self.real()
        file = self.at("log.txt")
        one.good("export", "--log", file)
        lines = open(file).read().split("\n")
        second = next(i for i, l in enumerate(lines) if i and l.startswith("respite log 1 "))
        other = lines[:3] + [lines[3].split(" ")[0] + " " + pc.b64(pc.canonical({"at": 1, "t": "quiet"}))] + lines[4:]
        self.lose(self.board)
        for wrong in (lines[:second] + [""], other, lines[second:] + lines[second:-1] + [""], lines[:second - 1] + lines[second:]):
            open(file, "w").write("\n".join(wrong))
            done = self.board.run("lab", "recover", file)
            self.assertEqual(done.status, 1, done.out)
            self.plain(done.err.replace("respite: ", ""), ".")
        open(file, "w").write("\n".join(lines))
        self.assertEqual(self.board.run("lab", "recover", file).status, 0)

    def log_by_hand(self, lab, log, *entries):
        """Let `lab` log these entries: signed with its own key in a file that it then takes back."""
        lab.processes[0].stop()
        raw = [pc.canonical(e) for e in log.entries] + [pc.canonical(e) for e in entries]
        text = "%s\n%d\n%s\n" % (log.checkpoint.origin, len(raw), pc.b64(pc.root([pc.leaf_hash(e) for e in raw])))
        seed = pc.unb64(json.load(open(os.path.join(lab.data, "lab", "lab.key")))["log"])
        note = text + "\n" + pc.note_line(log.checkpoint.origin, pc.SignKey(seed), text)
        with open(self.at("by-hand.txt"), "w") as f:
            f.write("respite log 1 %s\n" % log.checkpoint.origin)
            f.writelines("%d %s\n" % (i, pc.b64(e)) for i, e in enumerate(raw))
            f.write("checkpoint %s\n" % pc.b64(note.encode()))
        done = lab.run("lab", "recover", self.at("by-hand.txt"), "--json")
        self.assertEqual((done.status, done.json()["entries"]), (0, len(entries)), done.err)
        lab.processes[0].start()
        return [pc.leaf_hash(pc.canonical(e))[:16].hex() for e in entries]

    def survey(self, log, opens, **other):
        index, roster = log.last("roster", epoch=pm.epoch_text(self.clock.now()))
        group = {"roster": index, "n": roster["members"], "root": roster["root"], "name": "all", **other}
        return {"t": "survey", "at": self.clock.now(), "question": "How is it?", "opens": opens, "closes": opens + 2 * house.DAY, "group": group}

    def survey_pass(self, m, entry):
        key = pc.Key(pc.unb64(entry["spki"]), pc.unb64(entry["challenge"]))
        one = pc.Pass(key)
        a = m.named("POST", "/token-request", one.request, pc.REQUEST_TYPE)
        return one.finish(a.body) if a.status == 200 else (a.status, a.problem())

    def test_a_survey_of_the_board_gets_its_key_from_the_issuer(self):
        self.start()
        one, m = self.real(), self.member()
        self.issuer.until(lambda log: log.last("roster")[1]["members"] == 2)
        m.follow()
        opens = self.clock.now() + 3 * house.DAY
        good, bad = self.survey(m.log, opens), self.survey(m.log, opens, root=pc.b64(bytes(32)))
        id_, other = self.log_by_hand(self.board, m.board_log, good, bad)
        self.clock.go(120)  # the other log is asked for once a minute
        self.board.again()
        self.issuer.again()
        log = self.issuer.until(lambda log: log.last("key", use="survey")[1])
        self.assertEqual([e["survey"] for _, e in log.all("key") if e["use"] == "survey"], [id_], "a group that is not in its record gets no key")
        _, entry = log.last("key", use="survey")
        self.assertEqual((entry["issue_to"], entry["spend_from"], entry["spend_to"]), (opens, opens, good["closes"]))
        late = pm.Member(self.issuer.invite(["Late"])[0], "Late", self.clock.now).join()
        token = self.survey_pass(m, entry)
        self.assertIsInstance(token, bytes, token)
        self.assertEqual(self.survey_pass(late, entry), (403, "not-in-group"))
        one.tick()
        self.assertEqual(one.verify()[0], 0, one.verify())
        self.clock.at(opens + 60)
        self.issuer.again()
        self.board.again()
        log = self.issuer.until(lambda log: log.last("close", survey=id_)[1])
        close = log.last("close", survey=id_)[1]
        self.assertEqual((close["members"], close["issued"]), (2, 2), "the real member fetched one too, wanted or not")
        self.assertEqual(self.survey_pass(late, entry), (409, "closed"))
        self.board.until(lambda log: len(log.all("peer")) >= 1)
        m.follow()
        said = {"survey": id_, "values": [1], "blind": pc.b64(bytes(32))}
        a = m.spend(*m.act(kind="answer", act=said, token=token))
        self.assertNotEqual(a.problem(), "bad-pass", "the board knows the key by its copy of the issuer's log")
        a = m.spend(*m.act(token=token))
        self.assertEqual((a.status, a.problem()), (422, "bad-pass"), "a survey's pass is for its answers alone")
        one.tick()
        self.assertEqual(one.verify()[0], 0, one.verify())

    def test_the_board_serves_the_lists_that_it_checked(self):
        self.start()
        m = self.member()
        self.issuer.until(lambda log: (log.last("open")[1] or {}).get("holders") == 1)  # then no list grows any more
        m.follow()
        self.assertEqual(m.rosters()["epoch"], pm.epoch_text(self.clock.now()))

    def test_neither_database_holds_the_other_half(self):
        self.start()
        m = self.member()
        token, item = m.act(act={"title": "", "text": self.TEXT, "room": ""})
        self.assertEqual(m.spend(token, item).status, 200)
        self.board.until(lambda log: pc.act_leaf(item)[1] in log.leaves)
        for lab in (self.issuer, self.board):
            lab.close()
        kept = [b"".join(open(os.path.join(d, f), "rb").read() for d, _, files in os.walk(lab.data) for f in files)
                for lab in (self.issuer, self.board)]
        for secret in (self.NAME.encode(), m.said["member"].encode(), m.tag, pc.sha256(m.secret)):
            self.assertNotIn(secret, kept[1], "the board knows no member")
        self.assertIn(self.NAME.encode(), kept[0])
        for secret in (self.TEXT.encode(), token, token[2:34], item, pc.sha256(item)):
            self.assertNotIn(secret, kept[0], "the issuer knows no act")
        self.assertIn(self.TEXT.encode(), kept[1])

    def test_each_serves_its_own_routes(self):
        self.start()
        m = self.member()
        issuer, board = self.issuer.wire(), self.board.wire()
        self.assertEqual(issuer.ask("POST", "/v1/acts", [], b" " * 4096).status, 404)
        self.assertEqual(issuer.ask("GET", "/v1/batches", [("Authorization", pm.crowd(m.crowd_key()))]).status, 404)
        for method, path in (("POST", "/v1/join"), ("GET", "/v1/member"), ("POST", "/token-request"), ("GET", pc.DIRECTORY), ("POST", "/v1/cosignatures")):
            self.assertEqual(board.ask(method, path, [], b"{}" if method == "POST" else None).status, 404, path)
        self.assertEqual(board.ask("GET", "/v1/batches", [("Authorization", pm.crowd(m.crowd_key()))]).status, 200)
        self.assertEqual(board.ask("GET", "/v1/batches", [("Authorization", pm.crowd(bytes(32)))]).status, 401)

    def test_the_board_on_postgresql(self):
        self.start(self.postgres().url())
        m = self.member()
        id_ = m.post()
        self.board.until(lambda log: log.all("act"))
        m.follow()
        self.assertEqual([pc.act_leaf(pc.canonical(i))[2] for i in m.batch(1)["items"]], [id_])


if __name__ == "__main__":
    house.main()
