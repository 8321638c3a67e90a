"""``huanzhi import``: files of monitoring data into the store, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from glob import glob, has_magic
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, progress, report_error
from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.series import open_store
from huanzhi.messages import text
from huanzhi.network.feeds.importing import Imported, Plan, import_file
from huanzhi.network.feeds.reading import Options
from huanzhi.network.feeds.refused import SUFFIX
from huanzhi.network.feeds.registry import IMPORTERS
from huanzhi.network.feeds.template_book import write_template
from huanzhi.standards.periods import CHINA

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".json", ".xml", ".gz")
REFUSED = 1
WRONG_INPUT = 3
PATIENCE = 10.0
"""Seconds to wait for another writer of the store, such as a running service, to let go. Ours."""

FIGURES = ("rows", "received", "new", "revised", "unchanged", "repeated", "refused")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to import; `named` tells that the user named it and did not only name its folder."""

    file: Path
    named: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: imported, wrong, or of no layout that is known and only met in a folder."""

    file: Path
    imported: Imported | None = None
    error: HuanzhiError | None = None
    skipped: bool = False


def _show_formats(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        rows = [(one.name, one.title(), one.convention()) for one in IMPORTERS.values()]
        emit_table([text(f"import_cli.{name}") for name in ("format", "title", "convention")], rows)
        context.exit()


def _make_template(context: click.Context, _: click.Parameter, target: Path | None) -> None:
    if target is not None and not context.resilient_parsing:
        write_template(target)
        click.echo(text("import_cli.template_written", file=target))
        context.exit()


@click.command(name="import", help=text("import_cli.help"))
@click.argument("files", nargs=-1, required=True)
@click.option("--as", "format_name", metavar="FORMAT", default="", help=text("import_cli.as"))
@click.option("--year", type=click.IntRange(1970, 2200), help=text("import_cli.year"))
@click.option("--dry-run", is_flag=True, help=text("import_cli.dry_run"))
@click.option("--strict", is_flag=True, help=text("import_cli.strict"))
@click.option("--simulated", is_flag=True, help=text("import_cli.simulated"))
@click.option("--rejects", type=click.Path(file_okay=False, path_type=Path), help=text("import_cli.rejects"))
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help=text("import_cli.home"))
@click.option(
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_formats,
    help=text("import_cli.formats"),
)
@click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_make_template,
    help=text("import_cli.template"),
)
@json_option
def command(
    files: tuple[str, ...],
    format_name: str,
    year: int | None,
    dry_run: bool,
    strict: bool,
    simulated: bool,
    rejects: Path | None,
    home: Path | None,
    as_json: bool,
) -> int:
    """Import files; return the exit code."""
    if format_name and format_name not in IMPORTERS:
        raise InputError("feeds.unknown_format", value=format_name, expected=", ".join(IMPORTERS))
    options = Options(year=year, today=datetime.now(CHINA).date())
    plan = Plan(format_name, options, strict, rejects, simulated)
    outcomes = import_all(candidates(files), plan, home, dry_run=dry_run)
    show(outcomes, as_json=as_json, dry_run=dry_run)
    return exit_code(outcomes)


def candidates(names: Iterable[str]) -> list[Candidate]:
    """Return the files that the arguments mean: files, folders (searched through) and patterns.

    Raises
    ------
    InputError
        If an argument means no file.
    """
    found: dict[Path, Candidate] = {}
    for name in names:
        for path in _paths(name):
            for one in _files(path):
                found.setdefault(one.file, one)
    return list(found.values())


def _paths(name: str) -> list[Path]:
    """Return what a pattern matches where no shell has done so; a plain name as it is."""
    if not has_magic(name) or Path(name).exists():
        return [Path(name)]
    return [Path(match) for match in sorted(glob(name, recursive=True))] or [Path(name)]  # noqa: PTH207


def _files(path: Path) -> list[Candidate]:
    if not path.is_dir():
        if not path.exists():
            raise InputError("import_cli.no_file", file=path)
        return [Candidate(path, named=True)]
    inside = sorted(file for file in path.rglob("*") if _is_table(file))
    if not inside:
        raise InputError("import_cli.empty_folder", file=path, expected=" ".join(ENDINGS))
    return [Candidate(file, named=False) for file in inside]


def _is_table(file: Path) -> bool:
    hidden = file.name.startswith((".", "~$")) or file.name.endswith(SUFFIX)
    return file.is_file() and not hidden and file.suffix.lower() in ENDINGS


def import_all(files: Sequence[Candidate], plan: Plan, home: Path | None, *, dry_run: bool) -> list[Outcome]:
    """Import every file; a wrong one does not stop the others, unless it is the only one."""
    outcomes = []
    with (
        nullcontext() if dry_run else open_store("write", home, PATIENCE) as store,
        progress(text("import_cli.reading")) as bar,
    ):
        task = bar.add_task("", total=len(files))
        for candidate in files:
            try:
                outcomes.append(Outcome(candidate.file, import_file(candidate.file, plan, store)))
            except InputError as error:
                skipped = error.key in UNKNOWN and not candidate.named
                outcomes.append(Outcome(candidate.file, error=error, skipped=skipped))
            bar.advance(task)
        if store is not None:
            store.keep_compact()
    if len(outcomes) == 1 and outcomes[0].error is not None:
        raise outcomes[0].error
    return outcomes


UNKNOWN = ("feeds.no_format", "feeds.no_records")
"""Errors that mean: this file is of another trade."""


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return 3 if a file was wrong, 1 if rows were refused, else 0."""
    if any(one.error and not one.skipped for one in outcomes) or all(one.skipped for one in outcomes):
        return WRONG_INPUT
    return REFUSED if any(one.imported and one.imported.reading.rejects for one in outcomes) else 0


def show(outcomes: Sequence[Outcome], *, as_json: bool, dry_run: bool) -> None:
    """Print the receipts."""
    if as_json:
        emit_json(
            {"dry_run": dry_run, "files": [document(one) for one in outcomes], "total": total(outcomes)}
        )
        return
    done = [one.imported for one in outcomes if one.imported]
    if done:
        headings = [text(f"import_cli.{name}") for name in ("file", "format", *FIGURES)]
        emit_table(headings, [_table_row(one) for one in done], text(f"import_cli.title_{_kind(dry_run)}"))
    for one in done:
        _show_notes(one)
    for outcome in outcomes:
        if outcome.skipped:
            click.echo(text("import_cli.skipped", file=outcome.file), err=True)
        elif outcome.error is not None:
            report_error(outcome.error, as_json=False)


def _kind(dry_run: bool) -> str:
    return "trial" if dry_run else "done"


def _table_row(one: Imported) -> list[object]:
    numbers = figures(one)
    return [one.reading.file.name, one.reading.format, *(numbers[name] for name in FIGURES)]


def _show_notes(one: Imported) -> None:
    click.echo(f"\n{one.reading.file}")
    for note in one.reading.notes:
        click.echo(f"  {note.sentence()}")
    if one.reading.simulated:
        click.echo(f"  {text('import_cli.is_simulated')}")
    if one.reading.rejects:
        first = one.reading.rejects[0]
        click.echo("  " + text("import_cli.refused_first", number=len(one.reading.rejects), row=first.row,
                               column=first.column, value=first.value, reason=first.reason()))  # fmt: skip
    if one.rejects:
        click.echo(f"  {text('import_cli.rejects_written', file=one.rejects)}")


def figures(one: Imported) -> dict[str, int]:
    """Return the figures of a receipt; in a trial what would be received."""
    names = ("received", "new", "revised", "unchanged", "repeated")
    found = {name: getattr(one.receipt, name) if one.receipt else 0 for name in names}
    if one.receipt is None:
        found["received"] = len(one.reading.table)
    return {"rows": one.reading.rows, **found, "refused": len(one.reading.rejects)}


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the machine form of what became of a file."""
    if outcome.imported is None:
        error = outcome.error.as_dict() if outcome.error else {}
        return {"file": str(outcome.file), "skipped": outcome.skipped, **error}
    one = outcome.imported
    return {
        "file": str(outcome.file),
        "format": one.reading.format,
        "features": len(one.reading.features),
        **figures(one),
        "batch": one.receipt.batch if one.receipt else None,
        "revision": one.receipt.revision if one.receipt else None,
        "simulated": one.reading.simulated,
        "conventions": [note.sentence() for note in one.reading.notes],
        "rejects": str(one.rejects) if one.rejects else None,
        "first_refused": [
            {"row": r.row, "column": r.column, "value": r.value, "reason": r.reason()}
            for r in one.reading.rejects[:20]
        ],
    }


def total(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return the sums of the figures over all files."""
    done = [figures(one.imported) for one in outcomes if one.imported]
    sums = {name: sum(one[name] for one in done) for name in FIGURES}
    wrong = sum(1 for one in outcomes if one.error and not one.skipped)
    return {"files": len(done), "wrong": wrong, "skipped": sum(one.skipped for one in outcomes), **sums}
