"""Kept reports 报告存档: reports that were made, with their files, in the data folder."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx, write_xlsx
from huanzhi.library.home import home_folder
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store, open_store
from huanzhi.library.trail.chain import append
from huanzhi.library.work.worker import Run, Work
from huanzhi.messages import using
from huanzhi.programmes.spans import parse_span
from huanzhi.programmes.status_report import StatusReport, status_report
from huanzhi.standards.periods import CHINA
from huanzhi.web.status import report_page

_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
_FACTS = "report.json"


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made.

    Attributes
    ----------
    files : dict
        Form (``docx``, ``xlsx``, ``html``) → bytes in it.
    """

    id: str
    title: str
    region: str
    period: str
    edition: str
    language: str
    at: str
    by: str
    simulated: bool
    files: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form."""
        files = [{"form": form, "size": size} for form, size in self.files.items()]
        return {**asdict(self), "files": files}


class KeptReports:
    """The reports of a data folder."""

    def __init__(self, home: Path | None = None) -> None:
        self.folder = home_folder(home) / "reports"

    def all(self) -> Iterator[Made]:
        """Yield the reports, newest first."""
        if self.folder.is_dir():
            for folder in sorted(self.folder.iterdir(), reverse=True):
                if _ID.fullmatch(folder.name):
                    yield self.find(folder.name)

    def find(self, report: str) -> Made:
        """Return a report.

        Raises
        ------
        InputError
            If there is none of that id.
        """
        file = self.folder / report / _FACTS
        if not _ID.fullmatch(report) or not file.is_file():
            raise InputError("books_api.no_report", value=report)
        return Made(**json.loads(file.read_text(encoding="utf-8")))

    def file(self, report: str, form: str) -> tuple[Made, bytes]:
        """Return a report and the bytes of one of its files.

        Raises
        ------
        InputError
            If there is no such report or form.
        """
        made = self.find(report)
        if form not in made.files:
            raise InputError("books_api.no_report", value=f"{report}.{form}")
        return made, (self.folder / report / f"report.{form}").read_bytes()


def make_files(
    kept: KeptReports,
    build: Callable[[], StatusReport],
    report: StatusReport,
    about: Mapping[str, str],
    now: datetime,
) -> Made:
    """Write a report as Word file, workbook and page; whole or not at all."""
    identity = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    part = kept.folder / f".{identity}"
    part.mkdir(parents=True)
    write_docx(report.document, part / "report.docx")
    write_xlsx(report.document, part / "report.xlsx")
    _write_page(part / "report.html", build, report, now)
    made = Made(
        id=identity,
        title=report.document.title,
        at=now.isoformat(timespec="seconds"),
        simulated=bool(report.payload["simulated"]),
        files={file.suffix[1:]: file.stat().st_size for file in sorted(part.glob("report.*"))},
        **about,
    )
    (part / _FACTS).write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    part.rename(kept.folder / identity)
    return made


def make_status(
    store: Store, asked: Mapping[str, Any], who: Actor, now: datetime, tell: Callable[[float], None]
) -> Made:
    """Make the status report that is asked for, in its language, and keep it.

    Parameters
    ----------
    asked : mapping
        ``region``, ``period``, ``edition``, ``language``, ``issuer``, ``events`` (ISO dates).
    """
    build = partial(
        status_report,
        store,
        parse_span(str(asked["period"])),
        asked.get("region") or None,
        today=now.date(),
        edition=str(asked["edition"]),
        events=[date.fromisoformat(str(day)) for day in asked.get("events", ())],
        issuer=str(asked.get("issuer", "")),
    )
    with using(asked["language"]):
        report = build()
    tell(0.5)
    about = {name: str(asked[name]) for name in ("period", "edition", "language")}
    about |= {"region": str(report.payload["region"]), "by": who.code}
    return make_files(KeptReports(), build, report, about, now)


def enter(who: Actor, made: Made) -> None:
    """Enter a report that was made into the audit trail."""
    append(who, "create", "report", made.id, after={"title": made.title, "period": made.period})


def make_in_background(run: Run) -> dict[str, Any]:
    """Make a status report as background work; begun twice it is made twice, and both are kept."""
    run.tell(0.1, "books_api.making_report")
    with open_store("read") as store:
        who = Actor(str(run.arguments["by"]))
        made = make_status(store, run.arguments["asked"], who, datetime.now(CHINA), run.tell)
    enter(who, made)
    return made.as_dict()


KIND = "make_report"
KINDS: dict[str, Work] = {KIND: make_in_background}
"""Kinds of background work of this module."""


def _write_page(target: Path, build: Callable[[], StatusReport], report: StatusReport, now: datetime) -> None:
    """Write the page; an installation without the built screens has none."""
    try:
        target.write_text(report_page(build, now.date(), report), encoding="utf-8")
    except InputError as error:
        if error.key != "web.not_built":
            raise
