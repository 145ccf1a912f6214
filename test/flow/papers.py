"""Papers come in: from files of every form, twice, in another order, killed on the way; and from a server that plays arXiv, with
its manners: gaps, Retry-After, missed days, tokens that expire."""
import gzip
import http.server
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import house
from house import DAY, NOW

DATA = os.path.join(house.ROOT, "test", "data", "papers")


def day(epoch):
    return time.strftime("%Y-%m-%d", time.gmtime(epoch))


def rfc(epoch):
    return time.strftime("%a, %d %b %Y 00:00:00 -0500", time.gmtime(epoch))


def rss(epoch, papers):
    """The feed of one day; papers: (id, version, kind, title)."""
    items = "".join(
        "<item><title>%s</title><link>https://arxiv.org/abs/%s</link><description>arXiv:%sv%d Announce Type: %s\nAbstract: We look at "
        "%s.</description><guid isPermaLink=\"false\">oai:arXiv.org:%sv%d</guid><category>cs.LG</category><pubDate>%s</pubDate>"
        "<arxiv:announce_type>%s</arxiv:announce_type><dc:creator>Emmy Noether, Emanuel Lasker</dc:creator></item>"
        % (title, i, i, v, kind, title.lower(), i, v, rfc(epoch), kind) for i, v, kind, title in papers)
    return ("<?xml version='1.0' encoding='UTF-8'?><rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" "
            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"2.0\"><channel><title>cs.LG updates</title><pubDate>%s</pubDate>"
            "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>%s</channel></rss>" % (rfc(epoch), items))


def oai(records, token="", error=None):
    """A page; records: (id, datestamp epoch, title)."""
    if error:
        inside = "<error code=\"%s\">no</error>" % error
    else:
        inside = "<ListRecords>%s<resumptionToken>%s</resumptionToken></ListRecords>" % ("".join(
            "<record><header><identifier>oai:arXiv.org:%s</identifier><datestamp>%s</datestamp></header><metadata><arXivRaw "
            "xmlns=\"http://arxiv.org/OAI/arXivRaw/\"><id>%s</id><version version=\"v1\"><date>%s</date></version><title>%s</title>"
            "<authors>Emmy Noether, Emanuel Lasker</authors><categories>cs.LG</categories><abstract>We look at %s.</abstract></arXivRaw>"
            "</metadata></record>" % (i, day(at), i, rfc(at - DAY), title, title.lower()) for i, at, title in records), token)
    return ("<?xml version='1.0' encoding='UTF-8'?><OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">%s</OAI-PMH>" % inside)


class FakeArxiv:
    """Serves what it is told, one thread a connection, and notes when each request came and went."""

    def __init__(self):
        self.seen, self.open, self.most_open = [], 0, 0
        self.answers = {}          # path prefix -> list of (status, headers, body), the last one stays
        self.lock = threading.Lock()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with fake.lock:
                    fake.open += 1
                    fake.most_open = max(fake.most_open, fake.open)
                began = time.monotonic()
                for prefix, answers in fake.answers.items():
                    if self.path.startswith(prefix):
                        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
                        break
                else:
                    status, headers, body = 404, {}, ""
                if callable(body):
                    status, headers, body = body(self)
                raw = body.encode()
                if headers.get("Content-Encoding") == "gzip":
                    raw = gzip.compress(raw)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
                with fake.lock:
                    fake.seen.append((began, time.monotonic(), self.path, dict(self.headers)))
                    fake.open -= 1

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def paths(self):
        return [path for _, _, path, _ in self.seen]


class Papers(house.Test):
    def setUp(self):
        super().setUp()
        self.fake = None

    def tearDown(self):
        if self.fake:
            self.fake.stop()
        super().tearDown()

    def arxiv(self):
        self.fake = FakeArxiv()
        self.env["RESPITE_ARXIV"] = self.fake.url
        return self.fake

    def rows(self, sql):
        with self.db() as db:
            return db.execute(sql).fetchall()

    def dump(self, whole=False):
        """All tables of this room; without the numbers that only say what came first, unless `whole`."""
        with self.db() as db:
            if whole:
                return "\n".join(line for line in db.iterdump() if "paper" in line)
            ids = {}
            for paper, scheme, value in db.execute("select paper, scheme, value from paper_id order by scheme, value"):
                ids.setdefault(paper, []).append((scheme, value))
            keys, versions = {}, {}
            for paper, *rest in db.execute("select paper, fold, year, names from paper_key order by 2, 3, 4"):
                keys.setdefault(paper, []).append(rest)
            for paper, *rest in db.execute("select paper, number, day from paper_version order by 2"):
                versions.setdefault(paper, []).append(rest)
            return sorted(repr((ids.get(i), keys.get(i), versions.get(i), rest)) for i, *rest in db.execute("select * from paper"))

    def take_in(self, *files, status=0):
        done = self.respite("papers", "import", "--json", *files)
        self.assertEqual(done.status, status, done.err)
        return json.loads(done.out)["files"] if status == 0 else done

    # Files ----------------------------------------------------------------------------------------------------------------
    def test_every_form_gives_its_papers(self):
        forms = {"atom.xml": ("Atom", 2), "rss.xml": ("RSS", 2), "rss_empty.xml": ("RSS", 0), "oai_arxiv.xml": ("OAI-PMH", 3),
                 "oai_raw.xml": ("OAI-PMH", 1), "oai_dc.xml": ("OAI-PMH", 1), "library.bib": ("BibTeX", 3),
                 "snapshot.jsonl": ("arXiv snapshot", 2), "openreview1.json": ("OpenReview", 1), "openreview2.json": ("OpenReview", 2),
                 "s2.json": ("Semantic Scholar", 2), "hf.json": ("Hugging Face", 1), "rest2026.json": ("Paperlists", 2),
                 "lines.jsonl": ("JSON lines", 3), "ids.txt": ("ids", 3)}
        for file, (form, records) in forms.items():
            got = self.take_in(os.path.join(DATA, file))[0]
            self.assertEqual((got["form"], got["records"]), (form, records), file)
        title = dict(self.rows("select i.value, p.title from paper p join paper_id i on i.paper = p.id"))
        self.assertIn("Slow learning", title["2601.01234"])
        self.assertEqual(title["10.1234/slow.1"], title["2601.01234"], "one work by its DOI")
        withdrawn = [v for v, in self.rows("select i.value from paper p join paper_id i on i.paper = p.id where p.withdrawn")]
        self.assertEqual(sorted(w for w in withdrawn if "/" in w or w.startswith("26")), ["2609.00002", "cs/0112017"])
        self.assertEqual(self.rows("select day from paper p join paper_id i on i.paper = p.id where i.value = '0704.1000'"), [(None,)],
                         "a date that is none is not known")
        found = self.respite("papers", "search", "--json", "naps").json()
        self.assertEqual([h["title"] for h in found["hits"]], ["Naps and gradients"])

    def test_a_second_time_and_another_order_change_nothing(self):
        files = [os.path.join(DATA, f) for f in sorted(os.listdir(DATA)) if not f.endswith((".md", ".yml", ".opml", ".txt"))]
        self.take_in(*files)
        first, whole = self.dump(), self.dump(whole=True)
        for got in self.take_in(*files):
            self.assertEqual((got["added"], got["changed"]), (0, 0), got)
        self.assertEqual(self.dump(whole=True), whole)
        for seed in range(3):
            random.Random(seed).shuffle(files)
            self.data = self.at("data%d" % seed)
            done = self.respite("papers", "import", "--data", self.data, "--quiet", *files)
            self.assertEqual(done.status, 0, done.err)
            self.assertEqual(self.dump(), first)

    def test_bad_lines_are_named_and_the_rest_comes(self):
        path = self.at("mixed.jsonl.gz")
        with gzip.open(path, "wt") as f:
            f.write('{"venue":"r","year":2020,"title":"A first one of these","authors":"A. B","abstract":""}\n'
                    '{"venue":"r","year":2020,"title":\n[]\n'
                    '{"venue":"r","year":"soon","title":"No year at all here"}\n'
                    '{"venue":"r","year":2021,"id":"x-7","title":"A second one of these","authors":"C. D"}\n')
        done = self.respite("papers", "import", "--json", path)
        self.assertEqual(done.status, 0)
        got = json.loads(done.out)["files"][0]
        self.assertEqual((got["added"], got["bad"]), (2, 3))
        for number in (2, 3, 4):
            self.assertIn("line %d" % number, done.err)
        again = self.take_in(path)[0]
        self.assertEqual((again["added"], again["changed"], again["same"]), (0, 0, 2))

    def test_ids_of_no_paper_are_said_to_be_so(self):
        self.take_in(os.path.join(DATA, "atom.xml"))
        with open(self.at("mine.txt"), "w") as f:
            f.write("2601.01234\n2601.99999\nhttps://doi.org/10.5555/none\n")
        dry = json.loads(self.respite("papers", "import", "--dry-run", "--json", self.at("mine.txt")).out)["files"][0]
        self.assertEqual((dry["records"], dry["added"], dry["absent"], dry["same"]), (3, 0, 2, 1))
        said = self.respite("papers", "import", self.at("mine.txt")).out
        self.assertIn("3 records, 0 new", said)
        done = self.respite("papers", "search", "rest", "--data", self.at("none"))
        self.assertEqual((done.status, "no papers here yet" in done.out, "Nothing found" in done.out), (0, True, False), done.out)
        self.assertIn("2 ids are of no paper here", said)

    def test_a_dry_run_keeps_nothing(self):
        got = json.loads(self.respite("papers", "import", "--dry-run", "--json", os.path.join(DATA, "lines.jsonl")).out)["files"][0]
        self.assertEqual((got["added"], got["kept"]), (3, False))
        self.assertEqual(self.rows("select count(*) from paper"), [(0,)])

    def test_what_is_no_paper_is_refused_in_words(self):
        bad = {"a.pdf": b"%PDF-1.5\n\x00\x01", "empty": b"", "cut.gz": gzip.compress(b'{"year":2020,"title":"T"}\n' * 999)[:60],
               "bomb.xml": open(os.path.join(house.ROOT, "fuzz", "corpus", "feed", "bomb"), "rb").read(),
               "deep.xml": b"<opml>" + b"<outline>" * 100 + b"</outline>" * 100 + b"</opml>",
               "latin.xml": b"<?xml version='1.0' encoding='UTF-8'?><rss><channel><item><title>\xe9t\xe9</title></item></channel></rss>",
               "torn.xml": b"<rss><channel><item><title>A", "list.json": b'[{"title":"T","year":2020}, {"title":',
               "text.txt": b"Dear editor,\nthis is a letter.\n", "html.html": b"<html><body>Not found</body></html>"}
        for name, content in bad.items():
            with open(self.at(name), "wb") as f:
                f.write(content)
            done = self.respite("papers", "import", self.at(name))
            self.assertEqual(done.status, 1, name + done.out)
            self.plain(done.err.split(": ", 1)[1], name)

    def many(self, n):
        path = self.at("many.jsonl")
        rng = random.Random(4)
        with open(path, "w") as f:
            for i in range(n):
                f.write(json.dumps({"venue": "v%d" % (i % 7), "year": 2000 + i % 20, "id": "n%d" % i,
                                    "title": "Paper %d on %s" % (rng.randrange(n), " ".join(rng.choice("abcdefgh") * 5 for _ in range(4))),
                                    "authors": "A. %s; B. %s" % (rng.choice("xyz") * 4, rng.choice("uvw") * 4),
                                    "abstract": " ".join("w%d" % rng.randrange(5000) for _ in range(60))}) + "\n")
        return path

    def test_tex_in_titles_and_names_is_read(self):
        title = r"Schr\"odinger's $\mathcal{O}(n)$ {GAN}s and $k$-means from $5 to $10"
        with open(self.at("tex.jsonl"), "w") as f:
            f.write(json.dumps({"venue": "icml", "year": 2020, "id": "t1", "title": title, "authors": r"Andr\'e Gr\"unwald; Bo Li"}) + "\n"
                    + json.dumps({"venue": "icml", "year": 2020, "id": "t2", "title": "Profit from $5 to $10", "authors": ""}) + "\n")
        self.take_in(self.at("tex.jsonl"))
        out = self.respite("papers", "search", "schrödinger").out
        self.assertIn("Schrödinger's O(n) GANs and k-means", out)
        self.assertIn("André Grünwald, Bo Li", out)
        self.assertIn("from $5 to $10", self.respite("papers", "search", "profit").out)
        with open(self.at("line.jsonl"), "w") as f:
            f.write('{"venue":"eccv","year":2018,"title":"Names in one line","authors":"Ada Kova, Jo Brox, Lin Ito and Mara Lind"}\n')
        self.take_in(self.at("line.jsonl"))
        hits = self.respite("papers", "search", "--json", "author:Brox").json()["hits"]
        self.assertEqual([h["authors"] for h in hits], [["Ada Kova", "Jo Brox", "Lin Ito", "Mara Lind"]])
        hits = self.respite("papers", "search", "--json", "author:Grünwald").json()["hits"]
        self.assertEqual([h["title"] for h in hits], [title], "programs are told what the source wrote")

    def test_killed_anywhere_it_is_as_if_it_had_not_been(self):
        """Two lots and a kill in either. A folder in which all has come is compared and a new one begun, so that each kill falls into
        work and none into waiting."""
        papers, kills, folders = 11000, 50, 0
        path = self.many(papers)
        started = time.monotonic()
        self.take_in(path)
        took, whole = time.monotonic() - started, self.dump(whole=True)
        rng = random.Random(9)
        while kills:
            folders += 1
            self.data = self.at("killed%d" % folders)
            while kills:
                p = subprocess.Popen([house.RESPITE, "papers", "import", "--data", self.data, "--quiet", path], env=self.env,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    self.assertEqual(p.wait(timeout=rng.uniform(0, took)), 0)
                    break
                except subprocess.TimeoutExpired:
                    p.send_signal(signal.SIGKILL)
                    p.wait()
                    kills -= 1
            done = self.respite("papers", "import", "--data", self.data, "--quiet", path)
            self.assertEqual(done.status, 0, done.err)
            self.assertEqual(self.dump(whole=True), whole)
            if kills:
                shutil.rmtree(self.data)
        done = self.respite("papers", "import", "--data", self.data, "--json", path)
        self.assertEqual(json.loads(done.out)["files"][0]["same"], papers)
        self.assertEqual(self.dump(whole=True), whole)

    # The server -----------------------------------------------------------------------------------------------------------
    def test_manners(self):
        fake = self.arxiv()
        today = rss(NOW, [("2611.00001", 1, "new", "Rest and gradients"), ("2601.00002", 3, "replace", "An older one")])
        fake.answers = {"/rss/": [(429, {"Retry-After": "4"}, ""), (503, {}, ""),
                                  (200, {"Last-Modified": "Thu, 19 Nov 2026 05:00:11 GMT", "ETag": '"a1"', "Content-Encoding": "gzip"}, today),
                                  (304, {}, "")],
                        "/oai": [(200, {}, oai([], error="noRecordsMatch"))]}
        done = self.respite("papers", "fetch", "cs.LG", "--json")
        self.assertEqual(done.status, 0, done.err)
        got = done.json()
        self.assertEqual((got["day"], got["added"]), ("2026-11-19", 2))
        done = self.respite("papers", "fetch", "--json")
        self.assertEqual(done.status, 0, done.err)
        self.assertTrue(done.json()["unchanged"])
        self.assertEqual(fake.most_open, 1)
        gaps = [b[0] - a[1] for a, b in zip(fake.seen, fake.seen[1:])]
        self.assertTrue(all(gap >= 2.99 for gap in gaps), gaps)
        self.assertGreaterEqual(gaps[0], 3.99, "Retry-After")
        last = fake.seen[-1][3]
        self.assertEqual(last["If-Modified-Since"], "Thu, 19 Nov 2026 05:00:11 GMT")
        self.assertEqual(last["If-None-Match"], '"a1"')
        self.assertEqual(last["Accept-Encoding"], "gzip")
        self.assertRegex(last["User-Agent"], r"^respite/\d")
        sent = self.respite("sent", "--json").json()
        self.assertIn("verb=ListRecords", json.dumps(sent))
        self.assertEqual(self.rows("select count(*) from sent where address like '%/rss/cs.LG' and kind = 'feed'"), [(4,)])
        self.assertEqual(self.rows("select count(*) from sent"), [(len(fake.seen),)])

    def test_missed_days_come_once(self):
        fake = self.arxiv()
        monday = NOW - 3 * DAY
        fake.answers = {"/rss/": [(200, {}, rss(monday, [("2611.00010", 1, "new", "Of Monday")]))],
                        "/oai": [(200, {}, oai([], error="noRecordsMatch"))]}
        done = self.respite("papers", "fetch", "cs.LG", env={"RESPITE_CLOCK": str(monday)})
        self.assertEqual(done.status, 0, done.err)
        friday = NOW + DAY
        page = lambda n, at: [("2611.0%d%03d" % (n, i), at, "Of page %d, number %d" % (n, i)) for i in range(5)]
        fake.seen.clear()
        fake.answers = {"/rss/": [(200, {}, rss(friday, [("2611.00050", 1, "new", "Of Friday"), ("2611.01001", 1, "new", "Of page 1, number 1")]))],
                        "/oai": [(200, {}, oai(page(1, NOW - 2 * DAY), token="t1|1001")), (200, {}, oai([], error="badResumptionToken")),
                                 (200, {}, oai(page(1, NOW - 2 * DAY), token="t2|1001")), (200, {}, oai(page(2, NOW)))]}
        done = self.respite("papers", "fetch", "--json", env={"RESPITE_CLOCK": str(friday)})
        self.assertEqual(done.status, 0, done.err)
        asked = [p for p in fake.paths() if p.startswith("/oai")]
        self.assertEqual(len(asked), 4, asked)
        self.assertIn("from=%s&" % day(monday - 2 * DAY), asked[0])
        self.assertIn("set=cs:cs:LG", asked[0])
        self.assertEqual(asked[1], "/oai?verb=ListRecords&resumptionToken=t1%7C1001")
        self.assertEqual(asked[2], asked[0], "an expired token: from the day again")
        self.assertEqual(self.rows("select count(*) from paper"), [(1 + 1 + 10,)])
        self.assertEqual(self.rows("select count(*), count(distinct paper) from paper_id"), [(12, 12)])
        self.assertEqual(self.respite("papers", "search", "--json", "number").json()["hits"].__len__(), 10)
        listed = self.respite("papers", "fetch", "--list", "--json", env={"RESPITE_CLOCK": str(friday)}).json()
        self.assertEqual(listed["categories"], [{"category": "cs.LG", "day": "2026-11-20", "complete": True}])

    def test_a_failure_keeps_what_came_and_goes_on_there(self):
        fake = self.arxiv()
        fake.answers = {"/rss/": [(200, {}, rss(NOW, [("2611.00001", 1, "new", "Of today")]))],
                        "/oai": [(200, {}, oai([("2611.00002", NOW - DAY, "Of page one")], token="go")), (404, {}, "")]}
        done = self.respite("papers", "fetch", "cs.LG")
        self.assertEqual(done.status, 1)
        self.plain(done.err.strip().splitlines()[-1].split(": ", 1)[1])
        self.assertEqual(self.rows("select count(*) from paper"), [(2,)])
        fake.seen.clear()
        fake.answers["/oai"] = [(200, {}, oai([("2611.00003", NOW - DAY, "Of page two")]))]
        done = self.respite("papers", "fetch")
        self.assertEqual(done.status, 0)
        self.assertIn("1 paper new", done.out)
        self.assertEqual([p for p in fake.paths() if "oai" in p], ["/oai?verb=ListRecords&resumptionToken=go"])
        self.assertEqual(self.rows("select count(*) from paper"), [(3,)])

    def test_a_feed_that_repeats_itself_ends(self):
        fake = self.arxiv()
        fake.answers = {"/rss/": [(200, {}, rss(NOW, []))], "/oai": [(200, {}, oai([("2611.00002", NOW - DAY, "Again")], token="same"))]}
        done = self.respite("papers", "fetch", "cs.LG")
        self.assertEqual(done.status, 1)
        self.assertLessEqual(len(fake.seen), 4)
        self.plain(done.err.strip().splitlines()[-1].split(": ", 1)[1], "again and again")

    def test_by_itself_at_most_once_a_weekday_at_a_drawn_moment(self):
        fake = self.arxiv()
        fake.answers = {"/rss/": [(200, {}, rss(NOW, []))], "/oai": [(200, {}, oai([], error="noRecordsMatch"))]}
        tick = lambda at: self.respite("tick", env={"RESPITE_CLOCK": str(at), "RESPITE_MACHINE": "boot:0", "TZ": "UTC"})
        tick(NOW)
        self.assertEqual(fake.seen, [], "nothing is chosen")
        # Chosen as an import of a list of feeds does it: nothing is asked for by that.
        self.assertEqual(self.respite("papers", "import", os.path.join(DATA, "feeds.opml")).status, 0)
        self.assertEqual(fake.seen, [])
        monday = NOW - 3 * DAY - 12 * 3600 + 7 * DAY
        days = {}
        for hour in range(7 * 24):
            at = monday + hour * 3600
            before = len([p for p in fake.paths() if p.startswith("/rss")])
            tick(at)
            if len([p for p in fake.paths() if p.startswith("/rss")]) > before:
                days.setdefault((at - monday) // DAY, []).append((at - monday) % DAY // 3600)
        self.assertEqual(sorted(days), [0, 1, 2, 3, 4], days)
        for hours in days.values():
            self.assertEqual(len(hours), 1, days)
            self.assertTrue(10 <= hours[0] <= 16, days)
        self.assertGreater(len({h[0] for h in days.values()}), 1, "drawn anew each day")

    def test_days_to_come_are_not_believed(self):
        with open(self.at("later.xml"), "w") as f:
            f.write('<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2610.00004v2</id><title>Of a day to come'
                    '</title><summary>x</summary><published>2031-01-01T00:00:00Z</published><updated>2031-02-01T00:00:00Z</updated>'
                    '</entry></feed>')
        with open(self.at("later.jsonl"), "w") as f:
            f.write('{"venue":"icml","year":2077,"id":"z1","title":"Of a year to come","authors":"A. B"}\n'
                    '{"venue":"icml","year":2027,"id":"z2","title":"Of the next year","authors":"A. B"}\n')
        self.take_in(self.at("later.xml"), self.at("later.jsonl"))
        self.assertEqual(self.rows("select title, year, day, shown from paper order by title"),
                         [("Of a day to come", 0, None, None), ("Of a year to come", 0, None, None), ("Of the next year", 2027, None, None)])
        self.assertEqual(self.rows("select count(*) from paper_version"), [(0,)])
        found = lambda days: [h["title"] for h in self.respite("papers", "search", "--json", "--date", days, "of").json()["hits"]]
        self.assertEqual((found("2027"), found("2027-02")), (["Of the next year"], []), "a year that stands alone")
        fake = self.arxiv()
        fake.answers = {"/rss/": [(200, {}, rss(NOW + 4000 * DAY, [("2611.00001", 1, "new", "Of a clock that is wrong")])),
                                  (200, {}, rss(NOW, [("2611.00002", 1, "new", "Of today")]))],
                        "/oai": [(200, {}, oai([], error="noRecordsMatch"))]}
        done = self.respite("papers", "fetch", "cs.LG")
        self.assertEqual(done.status, 1)
        self.plain(done.err.strip().splitlines()[-1].split(": ", 1)[1], "a day to come")
        self.assertEqual(self.rows("select count(*) from paper"), [(3,)])
        done = self.respite("papers", "fetch", "--json")
        self.assertEqual((done.status, done.json()["day"], done.json()["added"]), (0, "2026-11-19", 1), "and nothing is in its way")

    def test_what_is_no_feed_is_named(self):
        fake = self.arxiv()
        cut = gzip.compress(rss(NOW, [("2611.00001", 1, "new", "Of today")]).encode())[:120]
        said = {"web page": (200, {"Content-Type": "text/html"}, "\n<!DOCTYPE html><html><body>Log in, please</body></html>"),
                "is empty": (200, {}, ""), "cannot be read": (200, {}, cut.decode("latin-1"))}
        for words, answer in said.items():
            fake.answers = {"/rss/": [answer]}
            done = self.respite("papers", "fetch", "cs.LG")
            self.assertEqual(done.status, 1, words)
            self.plain(done.err.strip().splitlines()[-1].split(": ", 1)[1], words)
        self.assertEqual(self.rows("select count(*) from paper"), [(0,)])

    def test_nobody_answers(self):
        self.env["RESPITE_ARXIV"] = "http://127.0.0.1:1"
        done = self.respite("papers", "fetch", "cs.LG", env={"RESPITE_PAPERS_TRIES": "1"})
        self.assertEqual(done.status, 1)
        self.plain(done.err.strip().splitlines()[-1].split(": ", 1)[1], "cannot be reached|did not answer")
        self.assertNotIn("asks to wait", done.err, "nobody asked")
        listed = self.respite("papers", "fetch", "--list").out
        self.assertIn("cs.LG", listed)
        self.assertIn("cannot be reached", listed)

    def test_categories_are_chosen_by_command(self):
        for bad in ("LG", "cs.LG;x", "../etc", "cs.", "CS.LG"):
            done = self.respite("papers", "fetch", bad)
            self.assertEqual(done.status, 2, bad)
            self.plain(done.err.split(": ", 1)[1])
        done = self.respite("papers", "fetch")
        self.assertEqual(done.status, 2)
        self.assertEqual(self.rows("select count(*) from sent"), [(0,)])


if __name__ == "__main__":
    house.main()
