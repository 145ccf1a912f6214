"""Xapian over the same papers and queries: peers_xapian.py FOLDER TSV QUERIES. Stems, no positions (ours has none either), a title's
words three times. Prints name, tab, figure, as bench_papers does."""
import os
import sys
import time

import xapian

from figures import peak_mb

FLUSH = 50000
folder, texts, queries = sys.argv[1:4]
path = os.path.join(folder, "xapian")
bytes_in, papers = 0, 0
stem = xapian.Stem("en")
generator = xapian.TermGenerator()
generator.set_stemmer(stem)
generator.set_stemming_strategy(xapian.TermGenerator.STEM_ALL)
base = peak_mb()
with open(texts, encoding="utf-8", errors="replace") as lines:
    rows = [line.rstrip("\n").split("\t") for line in lines]
with_texts = peak_mb()
start = time.process_time()
db = xapian.WritableDatabase(path, xapian.DB_CREATE_OR_OVERWRITE)
for row in rows:
    document = xapian.Document()
    generator.set_document(document)
    generator.index_text_without_positions(row[0], 3)
    generator.index_text_without_positions(row[1])
    bytes_in += len(row[0].encode()) + len(row[1].encode())
    db.add_document(document)
    papers += 1
    if papers % FLUSH == 0:
        db.commit()
db.commit()
took = time.process_time() - start
print("build_s\t%.3f\nbuild_mb_s\t%.2f\nrss_mb\t%.0f" % (took, bytes_in / 1e6 / took, peak_mb() - with_texts + base))
db.close()

enquire = xapian.Enquire(xapian.Database(path))
times = {}
with open(queries, encoding="utf-8") as lines:
    for line in lines:
        kind, words = line.rstrip("\n").split("\t")
        begin = time.perf_counter()
        terms = [stem(word) for word in words.split()]
        enquire.set_query(xapian.Query(xapian.Query.OP_AND if kind == "and2" else xapian.Query.OP_OR, terms))
        for match in enquire.get_mset(0, 10):
            match.docid
        times.setdefault(kind, []).append((time.perf_counter() - begin) * 1e3)
for kind, each in times.items():
    each.sort()
    print("%s_p50\t%.4f\n%s_p99\t%.4f" % (kind, each[len(each) // 2], kind, each[len(each) * 99 // 100]))
print("file_mb\t%.1f" % (sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path)) / 1e6))
