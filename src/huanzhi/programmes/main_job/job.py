"""Running the main job over a folder: import, compare, rank, report.

What is not recognised is listed and does not stop the job; neither does a file that is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.compute as pc

from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.documents import write_docx, write_xlsx
from huanzhi.library.series import Store, open_store
from huanzhi.network.feeds.importing import Imported, Plan, import_file
from huanzhi.network.feeds.reading import Options
from huanzhi.programmes.main_job.agreement import Agreement, agreements
from huanzhi.programmes.rankings import AirRanking, WaterRanking, rank_air, rank_water
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.programmes.status_report import StatusReport, status_report
from huanzhi.programmes.water_sections import KINDS
from huanzhi.standards import in_force
from huanzhi.standards.air import Item, validity
from huanzhi.standards.periods import Period, china_date

ENDINGS = (".csv", ".csv.gz", ".tsv", ".xlsx", ".xls", ".parquet", ".json", ".jsonl", ".xml", ".geojson.gz")
UNKNOWN = ("feeds.no_format", "feeds.no_records", "feeds.no_parameters")
OTHER_TRADES = (".jsonl",)
"""Endings that no feed has."""

SOURCES = (("city", Period.DAY), ("air_station", Period.HOUR))
"""Kinds of places with air, and the period in which they report."""

OLDEST = date(2013, 1, 1)
"""No edition of HJ 663 judges an earlier day."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not imported: of no known layout, or refused with an error."""

    file: Path
    error: HuanzhiError

    @property
    def unknown(self) -> bool:
        """Whether the file is of another trade rather than wrong."""
        return self.error.key in UNKNOWN or self.file.suffix in OTHER_TRADES


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written."""

    region: str
    span: Span
    docx: Path
    xlsx: Path
    report: StatusReport


@dataclass(frozen=True, slots=True)
class JobResult:
    """What the main job did."""

    home: Path
    imported: tuple[Imported, ...]
    skipped: tuple[Skipped, ...]
    agreements: tuple[Agreement, ...]
    rankings: tuple[AirRanking, ...]
    water: WaterRanking | None
    reports: tuple[Written, ...]

    @property
    def simulated(self) -> bool:
        """Whether any imported file is simulated."""
        return any(one.reading.simulated for one in self.imported)


Tell = Callable[[str, str], None]
"""Called with the name of a step and what it works on, for a progress display."""


def run_job(
    data: Path, home: Path, reports: Path, today: date, tell: Tell = lambda step, what: None
) -> JobResult:
    """Run the main job.

    Parameters
    ----------
    data : Path
        Folder searched through for files, or one file.
    home : Path
        Folder of the store.
    reports : Path
        Folder of the reports.
    today : date
        Date of the reports.

    Raises
    ------
    InputError
        If nothing in `data` could be imported.
    """
    imported, skipped, answers = _import(data, home, today, tell)
    if not imported:
        raise InputError("demo.nothing_imported", file=data)
    with open_store("read", home) as store:
        tell("rank", "")
        rankings = tuple(_rankings(store))
        water = _water_ranking(store)
        written = tuple(_reports(store, rankings, reports, today, tell))
    return JobResult(home, imported, skipped, answers, rankings, water, written)


def files_in(data: Path) -> list[Path]:
    """Return the files of a folder that may be tables, in the order of their paths."""
    if data.is_file():
        return [data]
    found = (file for file in data.rglob("*") if file.is_file() and not file.name.startswith("."))
    return sorted(file for file in found if file.name.lower().endswith(ENDINGS))


def _import(
    data: Path, home: Path, today: date, tell: Tell
) -> tuple[tuple[Imported, ...], tuple[Skipped, ...], tuple[Agreement, ...]]:
    plan = Plan(options=Options(today=today), rejects=home / "refused")
    imported: list[Imported] = []
    skipped: list[Skipped] = []
    answers: list[Agreement] = []
    with open_store("write", home) as store:
        for file in files_in(data):
            tell("import", file.name)
            try:
                done = import_file(file, plan, store)
            except InputError as error:
                skipped.append(Skipped(file, error))
                continue
            imported.append(done)
            answers += agreements(done.reading)
    return tuple(imported), tuple(skipped), tuple(answers)


def _rankings(store: Store) -> Iterator[AirRanking]:
    """Return the rankings of the fullest months, one for each kind of source."""
    spans = [span for kind, period in SOURCES if (span := fullest_month(store, kind, period)) is not None]
    for span in dict.fromkeys(spans):
        yield rank_air(store, span, improvement=True)


def fullest_month(store: Store, kind: str, period: Period) -> Span | None:
    """Return the month in which the most places of a kind have enough values, the newest among equals."""
    codes = [feature.code for feature in store.features(kind=kind)]
    if not codes:
        return None
    fine = Item.PM25.parameter.code
    table = store.aggregate([fine], period, by="feature", step="month", features=codes)
    number: dict[Span, int] = {}
    for start, count in zip(table["time"].to_pylist(), table["count"].to_pylist(), strict=True):
        span = parse_span(f"{china_date(start):%Y-%m}")
        number[span] = number.get(span, 0) + (count >= _enough(span, period))
    return max(number, key=lambda span: (number[span], span.first)) if any(number.values()) else None


def _enough(span: Span, period: Period) -> int:
    """Return the values that a month needs: days by HJ 663, or as many hours as those days need."""
    rule = validity(in_force("HJ 663", max(span.last, OLDEST), early=True))
    days = rule.month_days(span.first.month)
    return days * rule.day if period is Period.HOUR else days


def water_month(store: Store) -> Span | None:
    """Return the newest month with surface water."""
    last = newest(store, KINDS)
    return None if last is None else parse_span(f"{china_date(last):%Y-%m}")


def _water_ranking(store: Store) -> WaterRanking | None:
    """Return the ranking of that month by city, or by province where no section has a city."""
    span = water_month(store)
    if span is None:
        return None
    cities = rank_water(store, span)
    return cities if cities.rows else rank_water(store, span, by="province")


def _reports(
    store: Store, rankings: Sequence[AirRanking], folder: Path, today: date, tell: Tell
) -> Iterator[Written]:
    """Write the reports of the ranked months and of the newest month with surface water."""
    spans = [ranking.span for ranking in rankings]
    water = water_month(store)
    if water is not None:
        spans.append(water)
    region = common_region(store)
    folder.mkdir(parents=True, exist_ok=True)
    for span in sorted(set(spans), key=lambda one: one.first):
        tell("report", span.code())
        report = status_report(store, span, region, today=today)
        docx = write_docx(report.document, folder / f"status-{span.code()}.docx")
        xlsx = write_xlsx(report.document, docx.with_suffix(".xlsx"))
        yield Written(region or "", span, docx, xlsx, report)


def newest(store: Store, kinds: Sequence[str]) -> int | None:
    """Return the newest time of any value at places of some kinds, None where there is none."""
    codes = [feature.code for feature in store.features() if feature.kind in kinds]
    times = store.last(codes).column("time") if codes else []
    return int(pc.max(times).as_py()) if len(times) else None


def common_region(store: Store) -> str | None:
    """Return the province or city that all places lie in, None where they lie in several."""
    features = store.features()
    for names in ({f.province for f in features}, {f.region for f in features}):
        if len(names) == 1 and (name := names.pop()):
            return name
    return None
