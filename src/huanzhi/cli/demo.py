"""``huanzhi demo``: the main job in one command, on the simulated sample or on a folder of real data."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from huanzhi.city import sample
from huanzhi.cli.output import emit_json, emit_table, json_option, progress
from huanzhi.cli.rank import print_table
from huanzhi.cli.report import today, write_page
from huanzhi.errors import InputError
from huanzhi.library.series import Store, open_store
from huanzhi.messages import text
from huanzhi.programmes.main_job import JobResult, run_job
from huanzhi.programmes.main_job.job import Written, files_in
from huanzhi.programmes.rankings.tables import air_payload, air_table
from huanzhi.programmes.rankings.water_tables import water_payload, water_table
from huanzhi.programmes.status_report import StatusReport, status_report

MARKER = ".huanzhi-demo"
MOST_CITIES = 20


@click.command(name="demo", help=text("demo.help"))
@click.option("--data", type=click.Path(exists=True, path_type=Path), help=text("demo.data_option"))
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var"),
    help=text("demo.home_option"),
)
@click.option("--fresh/--keep", default=True, help=text("demo.fresh_option"))
@json_option
def command(data: Path | None, home: Path, fresh: bool, as_json: bool) -> None:
    """Run the main job."""
    began = time.monotonic()
    folder = prepare(home / ("sample" if data is None else "real"), fresh=fresh)
    if data is None:
        sample.make(folder / "data")
        data = folder / "data"
    result = _with_progress(data, folder)
    pages = write_pages(result)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        emit_json({**payload(result), "pages": [str(page) for page in pages], "seconds": seconds})
    else:
        show(result, data, pages)
        click.echo(text("demo.seconds", seconds=seconds))


def prepare(folder: Path, *, fresh: bool) -> Path:
    """Return the folder of the job, emptied where asked; only one that this job made is ever emptied.

    Raises
    ------
    InputError
        If the folder holds something else.
    """
    if fresh and folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            raise InputError("demo.not_ours", file=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    return folder


def _with_progress(data: Path, folder: Path) -> JobResult:
    number = len(files_in(data))
    with progress("[progress.description]{task.description}") as bar:
        task = bar.add_task("", total=number)

        def tell(step: str, what: str) -> None:
            bar.update(task, description=f"{text(f'demo.step_{step}')} {what}", advance=step == "import")

        return run_job(data, folder / "store", folder / "reports", today(), tell)


def write_pages(result: JobResult) -> list[Path]:
    """Write every report of the job as a page too; return the pages."""
    with open_store("read", result.home) as store:
        return [write_page(_again(store, one), today(), one.docx, one.report) for one in result.reports]


def _again(store: Store, one: Written) -> Callable[[], StatusReport]:
    """Return what builds a report of the job once more, in another language."""
    return partial(status_report, store, one.span, one.region or None, today=today())


def show(result: JobResult, data: Path, pages: Sequence[Path]) -> None:
    """Print what was done and where everything is."""
    _show_imports(result, data)
    _show_agreement(result)
    for ranking in result.rankings:
        table = air_table(ranking)
        print_table(table, text("rankings.mark_simulated") if ranking.simulated else "", rows=MOST_CITIES)
    if not result.rankings:
        click.echo(text("demo.no_ranking"))
    if result.water is not None:
        mark = text("rankings.mark_simulated") if result.water.simulated else ""
        print_table(water_table(result.water), mark, rows=MOST_CITIES)
    rows = [(text("demo.store"), result.home.resolve())]
    for one, page in zip(result.reports, pages, strict=True):
        rows += [(text("demo.report"), one.docx.resolve()), (text("demo.figures"), one.xlsx.resolve())]
        rows.append((text("demo.page"), page.resolve()))
    emit_table(("", ""), [[str(cell) for cell in row] for row in rows], text("demo.where_title"))
    if result.simulated:
        click.echo(text("demo.simulated_notice"))


def _show_imports(result: JobResult, data: Path) -> None:
    headings = ("file", "format", "values", "places", "refused", "simulated")
    rows = [
        (
            _relative(one.reading.file, data),
            one.reading.format,
            one.reading.table.num_rows,
            len(one.reading.features),
            len(one.reading.rejects),
            text("report.yes" if one.reading.simulated else "report.no"),
        )
        for one in result.imported
    ]
    emit_table([text(f"demo.{name}") for name in headings], rows, text("demo.imported_title"))
    unknown = [one for one in result.skipped if one.unknown]
    wrong = [one for one in result.skipped if not one.unknown]
    if unknown:
        emit_table((text("demo.file"),), [(_relative(one.file, data),) for one in unknown], _title("skipped"))
    if wrong:
        lines = [(_relative(one.file, data), str(one.error)) for one in wrong]
        emit_table((text("demo.file"), text("demo.reason")), lines, _title("wrong"))


def _title(name: str) -> str:
    return text(f"demo.{name}_title")


def _relative(file: Path, data: Path) -> str:
    return str(file.relative_to(data)) if file != data and file.is_relative_to(data) else file.name


def _show_agreement(result: JobResult) -> None:
    if not result.agreements:
        click.echo(text("demo.no_answers"))
        return
    headings = ("file", "what", "compared", "agreed", "percent", "left_out")
    rows = [
        (
            one.file,
            text(f"demo.what_{one.what}"),
            one.compared,
            one.agreed,
            f"{one.percent:.2f}",
            one.left_out,
        )
        for one in result.agreements
    ]
    emit_table([text(f"demo.{name}") for name in headings], rows, text("demo.agreement_title"))


def payload(result: JobResult) -> dict[str, Any]:
    """Return what was done for programs."""
    return {
        "store": str(result.home),
        "simulated": result.simulated,
        "imported": [
            {
                "file": str(one.reading.file),
                "format": one.reading.format,
                "values": one.reading.table.num_rows,
                "places": len(one.reading.features),
                "refused": len(one.reading.rejects),
            }
            for one in result.imported
        ],
        "skipped": [{"file": str(one.file), **one.error.as_dict()} for one in result.skipped],
        "agreement": [
            {"file": a.file, "what": a.what, "compared": a.compared, "agreed": a.agreed, "percent": a.percent}
            for a in result.agreements
        ],
        "rankings": [air_payload(ranking) for ranking in result.rankings],
        "water_ranking": water_payload(result.water) if result.water else None,
        "reports": [
            {"period": one.span.code(), "region": one.region, "docx": str(one.docx), "xlsx": str(one.xlsx)}
            for one in result.reports
        ],
    }
