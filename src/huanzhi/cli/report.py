"""``huanzhi report``: reports from the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, json_option, say
from huanzhi.cli.rank import EDITIONS
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx, write_xlsx
from huanzhi.library.series import open_store
from huanzhi.messages import language, text, using
from huanzhi.programmes.spans import parse_span
from huanzhi.programmes.status_report import StatusReport, status_report
from huanzhi.standards.periods import CHINA
from huanzhi.web.status import report_page


@click.group(name="report", help=text("report.help"))
def command() -> None:
    """Hold the commands."""


@command.command(help=text("report.status_help"))
@click.option("--region", help=text("report.region_option"))
@click.option("--period", required=True, help=text("rankings.period_option"))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=text("report.output_option"),
)
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default="auto",
    show_default=True,
    help=text("rankings.edition_option"),
)
@click.option(
    "--exceptional",
    multiple=True,
    type=click.DateTime(("%Y-%m-%d",)),
    help=text("report.events_option"),
)
@click.option("--issuer", default="", help=text("report.issuer_option"))
@click.option("--page", is_flag=True, help=text("web.page_help"))
@click.option("--lang", type=click.Choice(("zh", "en")), help=text("report.lang_option"))
@json_option
def status(
    region: str | None,
    period: str,
    output: Path,
    edition: str,
    exceptional: tuple[datetime, ...],
    issuer: str,
    page: bool,
    lang: Any,
    as_json: bool,
) -> None:
    """Write the status report."""
    if output.suffix != ".docx":
        raise InputError("report.output_suffix", file=output, expected=".docx")
    made = today()
    with open_store("read") as store:
        build = partial(
            status_report,
            store,
            parse_span(period),
            region,
            today=made,
            edition=edition,
            events=[moment.date() for moment in exceptional],
            issuer=issuer,
        )
        with using(lang or language()):
            report = build()
        docx, xlsx = write_report(report, output)
        html = write_page(build, made, output, report) if page else None
    if as_json:
        emit_json({**report.payload, "docx": docx, "xlsx": xlsx, "page": html})
        return
    say("report.written", docx=docx, xlsx=xlsx)
    if html:
        say("web.page_written", file=html)


def today() -> date:
    """Return the China date on which the command runs."""
    return datetime.now(CHINA).date()


def write_page(build: Callable[[], StatusReport], made: date, output: Path, ready: StatusReport) -> Path:
    """Write a report, `ready` in one language, as a page beside the Word file `output`."""
    file = output.with_suffix(".html")
    file.write_text(report_page(build, made, ready), encoding="utf-8")
    return file


def write_report(report: StatusReport, output: Path) -> tuple[Path, Path]:
    """Write a report as Word file and workbook."""
    output.parent.mkdir(parents=True, exist_ok=True)
    return write_docx(report.document, output), write_xlsx(report.document, output.with_suffix(".xlsx"))
