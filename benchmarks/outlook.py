"""Outlook of a year: how far its method is off, beside two simpler ones, on city days of open data.

Every city and year with enough days is cut at the end of a month; the methods see the earlier years whole and
this year up to the cut. The figure is the mean absolute error of the annual mean of PM2.5 [µg/m³].

    python benchmarks/outlook.py ../shared/data/city_daily_aqi/open/city_daily.csv.gz
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import mean

from huanzhi.assess.outlook import CARRIED, YearParts, outlook

Days = dict[date, float]
FULL = 324
CUTS = ((3, 31), (6, 30), (9, 30), (11, 30))
METHODS = {"usual rest (0)": 0.0, f"ours ({CARRIED:g})": CARRIED, "whole difference (1)": 1.0}


def read(file: Path) -> dict[str, Days]:
    """Return the PM2.5 of every city by day; of several sources the first."""
    found: dict[str, Days] = defaultdict(dict)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["pm2_5"] and float(row["pm2_5"]) > 0:
                found[row["city"]].setdefault(date.fromisoformat(row["date"]), float(row["pm2_5"]))
    return found


def parts(days: Days, year: int, cut: date) -> YearParts:
    """Return a year cut at the same day."""
    mine = {day: value for day, value in days.items() if day.year == year}
    before = [value for day, value in mine.items() if (day.month, day.day) <= (cut.month, cut.day)]
    after = [value for day, value in mine.items() if (day.month, day.day) > (cut.month, cut.day)]
    return YearParts(mean(before) if before else 0, mean(after) if after else 0, len(before), len(after))


def errors(cities: dict[str, Days], month: int, day: int) -> dict[str, list[float]]:
    """Return the errors of each method over cities and years."""
    found: dict[str, list[float]] = defaultdict(list)
    for days in cities.values():
        counts: dict[int, int] = defaultdict(int)
        for one in days:
            counts[one.year] += 1
        years = sorted(year for year, count in counts.items() if count >= FULL)
        for year in years[2:]:
            cut = date(year, month, day)
            now = parts(days, year, cut)
            earlier = [parts(days, one, cut) for one in years if one < year]
            truth = (now.before * now.days_before + now.after * now.days_after) / counts[year]
            found["year so far"].append(abs(now.before - truth))
            for name, carried in METHODS.items():
                made = outlook(now.before, now.days_before, now.days_after, earlier, carried)
                if made is not None:
                    found[name].append(abs(made.central - truth))
                    if carried == CARRIED:
                        found["in range"].append(float(made.low <= truth <= made.high))
    return found


def main() -> None:
    """Print the table."""
    cities = read(Path(sys.argv[1]))
    names = ("year so far", *METHODS)
    print(f"{'cut':8}{'n':>5}" + "".join(f"{name:>22}" for name in names) + f"{'in range':>12}")
    for month, day in CUTS:
        found = errors(cities, month, day)
        shown = "".join(f"{mean(found[name]):22.2f}" for name in names)
        print(f"{month:02d}-{day:02d}{len(found[names[0]]):8}{shown}{mean(found['in range']):12.0%}")


if __name__ == "__main__":
    main()
