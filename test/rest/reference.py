#!/usr/bin/env python3
"""Hours from commit times, worked out a second way: an independent reference for test/rest.

    reference.py [FOLDER [PERSON]]     default: test/data/hours of this tree, 2
    reference.py --check [FOLDER]      compare with published numbers; the last line is "N passed, N failed"

FOLDER holds gt_personN_commits.tsv, gt_personN_hours.csv and perhaps tinygrad_events.tsv.gz. Printed as TSV:

    block       NUMBER  FIRST-DAY  LOGGED  S          7-day blocks from the first logged day
    estimate    NAME    TOTAL  RATIO  WEEK-ERROR  MONTH-ERROR
    estimate_block  NAME  NUMBER  HOURS
    figure      NAME    VALUE

S is the number of distinct local clock hours that hold a commit. LOGGED is what somebody wrote down. Commits
outside the logged days are left out; local time is the commit's own zone. Error: the sum of |estimate - logged|
over blocks (of 28 days for a month), divided by all that was logged.
"""
import collections
import csv
import datetime
import gzip
import math
import os
import sys

EPOCH = datetime.date(1970, 1, 1).toordinal()
LEVEL = 0.8


def day_number(text):
    return datetime.date.fromisoformat(text).toordinal() - EPOCH


def read_person(folder, person):
    """Logged hours by day number, and the commits of those days as sorted (epoch, local second)."""
    with open(os.path.join(folder, f"gt_person{person}_hours.csv"), newline="") as file:
        hours = {day_number(row["date"]): float(row["hours"]) for row in csv.DictReader(file)}
    first, last = min(hours), max(hours)
    commits = []
    with open(os.path.join(folder, f"gt_person{person}_commits.tsv"), newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            at = int(row["author_time"])
            local = at + int(row["tz_offset_s"])
            if first <= local // 86400 <= last:
                commits.append((at, local))
    return hours, sorted(commits), first, last


# ---- the five estimators: hours by local day ----

def git_hours(commits):
    """git-hours 1.5.0: a gap of less than two hours counts, any other is two hours; on the commit's day."""
    out = collections.Counter()
    for before, (at, local) in zip([None] + commits, commits):
        gap = at - before[0] if before else None
        out[local // 86400] += gap / 3600 if before and gap < 7200 else 2
    return out


def per_commit(commits):
    out = collections.Counter()
    for _, local in commits:
        out[local // 86400] += 1
    return out


def gap_and_lead(most_gap, lead):
    """Work goes on between commits at most `most_gap` apart and begins `lead` earlier; cut at midnights."""
    def estimate(commits):
        out = collections.Counter()
        sessions = []
        for at, local in commits:
            if sessions and at - sessions[-1][2] <= most_gap:
                sessions[-1][1:] = [local, at]
            else:
                sessions.append([local - lead, local, at])
        for start, end, _ in sessions:
            while start < end:
                day = start // 86400
                stop = min(end, (day + 1) * 86400)
                out[day] += (stop - start) / 3600
                start = stop
        return out
    return estimate


def clock_hours(commits):
    out = collections.Counter()
    for hour in {local // 3600 for _, local in commits}:
        out[hour // 24] += 1
    return out


ESTIMATORS = [
    ("git_hours", git_hours),
    ("per_commit", per_commit),
    ("gap_3h_lead_60", gap_and_lead(3 * 3600, 3600)),
    ("gap_2h_lead_30", gap_and_lead(2 * 3600, 1800)),
    ("clock_hours", clock_hours),
]


def in_blocks(by_day, first, last, days):
    out = [0.0] * ((last - first) // days + 1)
    for day, value in by_day.items():
        out[min(max(day - first, 0) // days, len(out) - 1)] += value
    return out


def error(estimated, logged, first, last, days):
    pairs = zip(in_blocks(estimated, first, last, days), in_blocks(logged, first, last, days))
    return sum(abs(a - b) for a, b in pairs) / sum(logged.values())


# ---- ranges ----

def conformal_q(weeks):
    scores = sorted(abs(true - s) / math.sqrt(s + 1) for true, s in weeks)
    return scores[min(math.ceil(round((len(scores) + 1) * LEVEL, 9)), len(scores)) - 1]


def active_weeks(hours, commits, first, last):
    logged = in_blocks(hours, first, last, 7)
    signs = in_blocks(clock_hours(commits), first, last, 7)
    return [(true, s) for true, s in zip(logged, signs) if true > 0 or s > 0]


def covered(weeks, q):
    inside, width = 0, 0.0
    for true, s in weeks:
        low, high = max(0, s - q * math.sqrt(s + 1)), s + q * math.sqrt(s + 1)
        inside += low <= true <= high
        width += high - low
    return inside, width / len(weeks)


# ---- facts about days ----

def weekday(day):
    return (day + 3) % 7  # 1970-01-01 was a Thursday; 0 is Monday


def night_gaps(commits):
    """For neighbouring local days that begin at 04:00 and both hold commits: seconds from the last one to the
    first one. Below 0 where a change of zone makes the days overlap."""
    days = {}
    for at, local in commits:
        days.setdefault((local - 4 * 3600) // 86400, []).append(at)
    return [min(days[d + 1]) - max(days[d]) for d in days if d + 1 in days]


def short(gaps):
    """Rests of less than 11 hours; where days overlap there was none to measure."""
    return sum(0 <= gap < 11 * 3600 for gap in gaps)


def person_facts(hours, commits):
    seen = {local // 86400 for _, local in commits}
    worked = {day for day, h in hours.items()}
    weekend = {day for day in worked if weekday(day) >= 5}
    gaps = night_gaps(commits)
    return {
        "days_logged": len(worked),
        "days_seen": len(worked & seen),
        "weekend_days_logged": len(weekend),
        "weekend_days_seen": len(weekend & seen),
        "evenings": len({local // 86400 for _, local in commits if local % 86400 >= 19 * 3600}),
        "sundays": len({day for day in seen if weekday(day) == 6}),
        "night_pairs": len(gaps),
        "nights_under_11h": short(gaps),
    }


# ---- a large public history ----

def read_events(path):
    out = []
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            zone = row["author_tz"]
            east = (int(zone[1:3]) * 60 + int(zone[3:5])) * 60 * (-1 if zone[0] == "-" else 1)
            at = int(row["author_time"])
            out.append({"at": at, "local": at + east, "zone": zone, "id": row["author_id"],
                        "parents": int(row["parents"]), "github": row["committed_by_github"] == "1"})
    return out


def event_facts(events):
    n = len(events)
    share = lambda test: sum(map(test, events)) / n
    hour = lambda e: e["local"] % 86400 // 3600
    weekend = lambda e: weekday(e["local"] // 86400) >= 5
    place = lambda e: (e["id"], e["local"] // 3600)
    facts = {
        "events": n,
        "ids": len({e["id"] for e in events}),
        "zones": len({e["zone"] for e in events}),
        "zone_0000": sum(e["zone"] == "+0000" for e in events),
        "github": sum(e["github"] for e in events),
        "two_parents": sum(e["parents"] == 2 for e in events),
        "weekend": share(weekend),
        "night": share(lambda e: hour(e) >= 22 or hour(e) < 6),
        "office": share(lambda e: not weekend(e) and 10 <= hour(e) < 18),
        "hours": len({place(e) for e in events}),
        "hours_without_github": len({place(e) for e in events if not e["github"]}),
    }
    most = [who for who, _ in collections.Counter(e["id"] for e in events).most_common(20)]
    facts.update(busy_facts(events, most))
    return facts


def busy_facts(events, ids):
    weeks = collections.defaultdict(set)   # (id, Monday) -> local hours
    days = collections.defaultdict(set)    # (id, Monday) -> local days
    gaps = []
    for who in ids:
        own = [e for e in events if e["id"] == who]
        for e in own:
            day = e["local"] // 86400
            weeks[who, day - weekday(day)].add(e["local"] // 3600)
            days[who, day - weekday(day)].add(day)
        gaps += night_gaps([(e["at"], e["local"]) for e in own])
    return {
        "busy_weeks": len(weeks),
        "busy_weeks_all_seven_days": sum(len(d) == 7 for d in days.values()),
        "busy_week_most_hours": max(map(len, weeks.values())),
        "busy_night_pairs": len(gaps),
        "busy_nights_under_11h": short(gaps),
    }


# ---- printing and checking ----

def number(value):
    return str(value) if isinstance(value, (int, str)) else f"{value:.6f}"


def line(*fields):
    print("\t".join(map(number, fields)))


def print_person(folder, person):
    hours, commits, first, last = read_person(folder, person)
    logged, signs = in_blocks(hours, first, last, 7), in_blocks(clock_hours(commits), first, last, 7)
    for i, (h, s) in enumerate(zip(logged, signs)):
        line("block", i, datetime.date.fromordinal(first + 7 * i + EPOCH).isoformat(), h, int(s))
    total = sum(hours.values())
    for name, estimate in ESTIMATORS:
        days = estimate(commits)
        value = float(sum(days.values()))
        line("estimate", name, value, value / total, error(days, hours, first, last, 7),
             error(days, hours, first, last, 28))
    for name, estimate in ESTIMATORS:
        for i, value in enumerate(in_blocks(estimate(commits), first, last, 7)):
            line("estimate_block", name, i, value)
    weeks = active_weeks(hours, commits, first, last)
    line("figure", "logged", total)
    line("figure", "commits", len(commits))
    line("figure", "active_weeks", len(weeks))
    line("figure", "q", conformal_q(weeks))
    for name, value in person_facts(hours, commits).items():
        line("figure", name, value)


def print_events(folder):
    path = os.path.join(folder, "tinygrad_events.tsv.gz")
    if os.path.exists(path):
        for name, value in event_facts(read_events(path)).items():
            line("figure", "tinygrad_" + name, value)


PUBLISHED = {
    1: {"logged": 283, "git_hours": (464.3569, 1.6408, .6967, .6408),
        "per_commit": (303, 1.0707, .6148, .6078),
        "gap_3h_lead_60": (247.8883, .8759, .4310, .4136), "gap_2h_lead_30": (132.8569, .4695, .6122, .6015),
        "clock_hours": (240, .8481, .4276, .4134), "signs": [7, 9, 11, 12, 8, 8, 11, 6, 9, 9, 9, 9],
        "hours": [17, 12, 23, 17, 18, 12, 18, 14, 18, 16, 10, 11], "active_weeks": 31, "q": 2.3238,
        "facts": (118, 113, 10, 9, 41, 3, 95, 0)},
    2: {"logged": 156, "git_hours": (258.0033, 1.6539, .7308, .6860),
        "per_commit": (331, 2.1218, 1.1987, 1.1474),
        "gap_3h_lead_60": (186.6000, 1.1962, .3609, .2539), "gap_2h_lead_30": (129.0033, .8269, .3289, .2496),
        "clock_hours": (165, 1.0577, .3013, .2115), "signs": [15, 10, 6, 5, 4, 18, 2, 0, 1, 0, 0, 1],
        "hours": [14, 8, 3, 2, 8, 17, 1, 0, 5, 0, 0, 2], "active_weeks": 22, "q": 1.3416,
        "facts": (56, 55, 23, 23, 48, 14, 35, 0)},
}
PUBLISHED_EVENTS = {
    "events": 14431, "ids": 518, "zones": 23, "zone_0000": 168, "github": 12387, "two_parents": 23,
    "weekend": .2106, "night": .1900, "office": .3858, "hours": 12325, "hours_without_github": 1225,
    "busy_weeks": 1435, "busy_weeks_all_seven_days": 151,
    "busy_week_most_hours": 54, "busy_night_pairs": 3378, "busy_nights_under_11h": 363,
}


class Check:
    passed = failed = 0

    def same(self, what, value, published):
        near = lambda a, b: a == b if isinstance(b, int) and isinstance(a, int) else abs(a - b) <= 0.0005
        pairs = list(zip(value, published)) if isinstance(published, (tuple, list)) else [(value, published)]
        if all(near(a, b) for a, b in pairs):
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: {value}, published {published}")


def check_person(check, folder, person):
    hours, commits, first, last = read_person(folder, person)
    known, total = PUBLISHED[person], sum(hours.values())
    check.same(f"person {person} logged", total, known["logged"])
    for name, estimate in ESTIMATORS:
        days = estimate(commits)
        value = sum(days.values())
        got = (value, value / total, error(days, hours, first, last, 7), error(days, hours, first, last, 28))
        check.same(f"person {person} {name}", got, known[name])
    check.same(f"person {person} signs", in_blocks(clock_hours(commits), first, last, 7), known["signs"])
    check.same(f"person {person} hours", in_blocks(hours, first, last, 7), known["hours"])
    weeks = active_weeks(hours, commits, first, last)
    check.same(f"person {person} active weeks", len(weeks), known["active_weeks"])
    check.same(f"person {person} q", conformal_q(weeks), known["q"])
    check.same(f"person {person} facts", tuple(person_facts(hours, commits).values()), known["facts"])
    return weeks


def check_all(folder):
    check, weeks = Check(), {}
    for person in PUBLISHED:
        if os.path.exists(os.path.join(folder, f"gt_person{person}_hours.csv")):
            weeks[person] = check_person(check, folder, person)
    if len(weeks) == 2:
        check.same("q of both", conformal_q(weeks[1] + weeks[2]), 2.0207)
        check.same("q of 1 on 2", covered(weeks[2], conformal_q(weeks[1])), (21, 11.918))
        check.same("q of 2 on 1", covered(weeks[1], conformal_q(weeks[2])), (21, 7.740))
    path = os.path.join(folder, "tinygrad_events.tsv.gz")
    if os.path.exists(path):
        facts = event_facts(read_events(path))
        for name, published in PUBLISHED_EVENTS.items():
            value = facts[name]
            check.same(f"tinygrad {name}", round(value, 4) if isinstance(value, float) else value, published)
    print(f"{check.passed} passed, {check.failed} failed")
    return check.failed != 0 or check.passed == 0


def main(arguments):
    checking = "--check" in arguments
    arguments = [a for a in arguments if a != "--check"]
    here = os.path.dirname(os.path.abspath(__file__))
    folder = arguments[0] if arguments else os.path.join(here, "../data/hours")
    if checking:
        return check_all(folder)
    print_person(folder, int(arguments[1]) if len(arguments) > 1 else 2)
    print_events(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
