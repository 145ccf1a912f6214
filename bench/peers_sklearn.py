"""arxiv-sanity-lite's way with scikit-learn: peers_sklearn.py TSV LISTS PAST, as bench_taste. TF-IDF of 20,000 words and pairs of words
(in at least 5 papers and at most a tenth of them, sublinear), and for each reader a linear support vector machine (C .01, classes
balanced, all papers of the past against those kept), fitted anew for each view of a page; then all papers are ranked. CPU time, one
thread. Prints fitting and transforming in seconds and the peak of memory, then a line for each reader: milliseconds, and the best 25 of
those after the first PAST."""
import sys
import time

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from figures import peak_mb

BEST = 25
texts, lists, past = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(texts, encoding="utf-8", errors="replace") as lines:
    papers = [" ".join(line.rstrip("\n").split("\t")[:3]).replace(";", " ") for line in lines]  # title, abstract, authors, as it does
vectorizer = TfidfVectorizer(input="content", encoding="utf-8", decode_error="replace", strip_accents="unicode", lowercase=True,
                             analyzer="word", stop_words="english", token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b", ngram_range=(1, 2),
                             max_features=20000, norm="l2", use_idf=True, smooth_idf=True, sublinear_tf=True, max_df=.1, min_df=5)
start = time.process_time()
vectorizer.fit(papers)
fitted = time.process_time()
x = vectorizer.transform(papers).astype(numpy.float32)
print("%.2f\t%.2f\t%.0f" % (fitted - start, time.process_time() - fitted, peak_mb()))
with open(lists, encoding="ascii") as lines:
    for line in lines:
        y = numpy.zeros(past, dtype=numpy.float32)
        y[[int(paper) for paper in line.split()]] = 1
        start = time.process_time()
        machine = LinearSVC(class_weight="balanced", verbose=False, max_iter=10000, tol=1e-6, C=.01)
        machine.fit(x[:past], y)
        scores = machine.decision_function(x)
        order = numpy.argsort(-scores, kind="stable")
        took = (time.process_time() - start) * 1e3
        best = [int(paper) for paper in order if paper >= past][:BEST]
        print("%.1f\t%s" % (took, " ".join(map(str, best))))
