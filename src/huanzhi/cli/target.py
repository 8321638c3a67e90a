"""``huanzhi target``: how the targets of a document stand by the data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.cli.report import today
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.messages import text
from huanzhi.programmes.indicators.files import Answer, Asked, judge_files
from huanzhi.programmes.indicators.reports import data_words, target_report, target_words

_FILE = click.Path(dir_okay=False, path_type=Path)
_DAY = click.DateTime(("%Y-%m-%d",))


@click.group("target", help=text("indicators.cli_targets_help"))
def command() -> None:
    """Group the commands."""


@command.command("judge", help=text("indicators.cli_judge_help"))
@click.option("--plan", "plan", required=True, type=_FILE, help=text("indicators.cli_plan"))
@click.option("--data", "data", multiple=True, required=True, type=_FILE, help=text("indicators.cli_data"))
@click.option("--data-region", default="", help=text("indicators.cli_data_region"))
@click.option("--day", type=_DAY, default=None, help=text("indicators.cli_day"))
@click.option("--year", type=click.IntRange(2013, 2100), default=None, help=text("indicators.cli_year"))
@click.option("--bind", "chosen", multiple=True, metavar="CODE=NAME", help=text("indicators.cli_bind"))
@click.option("-o", "--output", type=_FILE, default=None, help=text("indicators.cli_output"))
@json_option
def judge(
    plan: Path,
    data: tuple[Path, ...],
    data_region: str,
    day: datetime | None,
    year: int | None,
    chosen: tuple[str, ...],
    output: Path | None,
    as_json: bool,
) -> None:
    """Judge the targets of a document from data files."""
    pairs = (one.partition("=") for one in chosen)
    names = {name: code for code, _, name in pairs if name}
    asked = Asked(plan, data, day.date() if day else None, year, data_region, names)
    answer = judge_files(asked, today())
    if output is not None:
        if output.suffix != ".docx":
            raise InputError("report.output_suffix", file=output, expected=".docx")
        write_docx(target_report(answer.lines, answer.region, answer.day, today()), output)
    if as_json:
        emit_json({**answer.as_dict(), "docx": output})
        return
    _print(answer)
    if output is not None:
        say("indicators.cli_written", file=output)


def _print(answer: Answer) -> None:
    told = {"unbound": len(answer.unbound), "by_hand": len(answer.by_hand)}
    say("indicators.cli_bound", number=len(answer.lines), **told)
    heads = [text(f"indicators.report_{name}") for name in ("indicator", "target", "value", "gap", "verdict")]
    rows = [
        [
            line.judged.measured.definition.name.text(),
            target_words(line.judged),
            "—" if line.judged.measured.value is None else f"{line.judged.measured.value:f}",
            "—" if line.judged.gap is None else f"{line.judged.gap:f}",
            line.judged.verdict.text(),
        ]
        for line in answer.lines
    ]
    emit_table(heads, rows)
    for line in answer.lines:
        click.echo(line.judged.measured.definition.name.text())
        said = [line.written.words() if line.written else "", data_words(line.judged.measured.basis)]
        if line.judged.allowance:
            said.append(str(line.judged.allowance.words))
        for words in dict.fromkeys([*said, *map(str, line.judged.reasons)]):
            click.echo(f"  {words}")
