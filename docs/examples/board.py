#!/usr/bin/env python3
"""A board from a file of votes, in plain Python: board.py votes.csv"""
import json, subprocess, sys

out = subprocess.run(["respite", "arena", "rank", *sys.argv[1:], "--json"], check=True, capture_output=True, text=True).stdout
board = json.loads(out)
for m in board["models"]:
    if m["rank_low"] is not None:  # null: no place can be given
        print("%d-%d  %-30s %.0f (%.0f to %.0f)" % (m["rank_low"], m["rank_high"], m["name"], m["rating"], m["low"], m["high"]))
print(*board["warnings"], sep="\n")
