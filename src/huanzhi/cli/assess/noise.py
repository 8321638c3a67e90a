"""``huanzhi assess noise``: levels against the limits of their zone 声环境功能区 by day and by night."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from huanzhi.assess import noise as assess
from huanzhi.assess.exact import MISSING
from huanzhi.assess.noise import EXCEEDED, MET, UNKNOWN, NoiseJudgement
from huanzhi.assess.readings import Readings, readings
from huanzhi.cli.assess.files import (
    Delivery,
    Judged,
    Refusals,
    deliver,
    delivery_options,
    find_column,
    need_column,
    open_sheet,
    read_values,
)
from huanzhi.cli.assess.item_columns import TIME, days_of, editions_of, not_in_force, times_of
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards import in_force, noise, standard
from huanzhi.standards.noise import DayPart, NoiseLimits

ZONE = ("zone", "功能区", "声环境功能区", "功能区类别", "声功能区")
PERIOD = ("period", "时段", "昼夜")
LEQ = ("leq", "laeq", "leq(dB(A))", "等效声级", "等效声级(dB(A))", "等效连续A声级")
LMAX = ("lmax", "lamax", "lmax(dB(A))", "最大声级", "最大A声级")
BACKGROUND = ("background", "背景噪声", "背景值")
EVENT = ("event", "噪声类型", "突发噪声类型")
INDOOR = ("indoor", "室内")
PARTS = {"day": DayPart.DAY, "昼间": DayPart.DAY, "昼": DayPart.DAY, "d": DayPart.DAY, "ld": DayPart.DAY} | {
    "night": DayPart.NIGHT,
    "夜间": DayPart.NIGHT,
    "夜": DayPart.NIGHT,
    "n": DayPart.NIGHT,
    "ln": DayPart.NIGHT,
}
EVENTS = {
    "频发": "frequent",
    "频发噪声": "frequent",
    "偶发": "sporadic",
    "偶发噪声": "sporadic",
    "突发": "sudden",
}
YES = ("1", "yes", "true", "y", "是", "室内", "indoor")
_CLOCK = re.compile(r"[:时]|[T ]\d|\d{10}")
NAMES = ("limit", "exceed_db", "verdict", "lmax_limit", "edition", "reason")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a file gives, one a row."""

    zones: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int8]
    leq: Readings
    lmax: Readings | None
    background: Readings | None
    events: list[str]
    indoor: npt.NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A judged file under one edition: verdicts, the levels judged, and where to measure again."""

    limits: NoiseLimits
    judged: NoiseJudgement
    leq: Readings
    repeat: npt.NDArray[np.bool_]


@click.command(name="noise", help=text("ground_cli.noise_help"))
@click.option(
    "--standard",
    "identity",
    type=click.Choice(noise.STANDARDS),
    default=noise.ZONES,
    help=text("ground_cli.standard"),
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("ground_cli.date"))
@delivery_options
@click.pass_context
def command(context: click.Context, /, identity: str, day: datetime | None, **where: Any) -> None:
    """Judge a file of noise levels."""
    sheet = open_sheet(where.pop("file"))
    refusals = Refusals(sheet)
    _, seconds = times_of(sheet, refusals)
    days = days_of(sheet, seconds, day.date() if day else None)
    newest = noise.limits_of(identity, standard(identity).editions[-1].id)
    inputs = read_inputs(sheet, refusals, newest, seconds)
    editions = editions_of(days, lambda on: in_force(identity, on))
    done = {e.id: _judge(noise.limits_of(identity, e.id), inputs, sheet) for e in editions.values() if e}
    found = {on: None if e is None else done[e.id] for on, e in editions.items()}
    lines = [_line(row, identity, days[row], found[days[row]], inputs, refusals) for row in range(len(sheet))]
    columns = {name: [line[place] for line in lines] for place, name in enumerate(NAMES)}
    context.exit(
        deliver(
            Judged(sheet, columns, refusals, _summary(columns["verdict"], inputs, newest)), Delivery(**where)
        )
    )


def read_inputs(
    sheet: Sheet, refusals: Refusals, limits: NoiseLimits, seconds: npt.NDArray[np.int64] | None
) -> Inputs:
    """Read zone, part of the day, levels and the rest of every row.

    Raises
    ------
    InputError
        If the column of the zone or of the level is missing.
    """
    return Inputs(
        zones=_zones(sheet, refusals, limits),
        parts=_parts(sheet, refusals, limits, seconds),
        leq=_levels(sheet, need_column(sheet, LEQ), refusals),
        lmax=_optional(sheet, LMAX, refusals),
        background=_optional(sheet, BACKGROUND, refusals),
        events=[EVENTS.get(word, word) for word in _cells(sheet, EVENT)],
        indoor=np.array([word.casefold() in YES for word in _cells(sheet, INDOOR)]),
    )


def _zones(sheet: Sheet, refusals: Refusals, limits: NoiseLimits) -> npt.NDArray[np.int64]:
    if len(limits.zones) == 1:
        return np.zeros(len(sheet), np.int64)
    heading = need_column(sheet, ZONE)
    numbers = [limits.zone(cell) for cell in sheet.cells[heading]]
    for index, number in enumerate(numbers):
        if number is None:
            error = _unknown_zone(limits, sheet.row(index), heading, sheet.cells[heading][index])
            refusals.found.setdefault(index, error)
    return np.array([-1 if number is None else number for number in numbers], dtype=np.int64)


def _unknown_zone(limits: NoiseLimits, row: int, column: str, value: str) -> InputError:
    known = "、".join(limits.zones)
    return InputError("ground_cli.noise_zone", row=row, column=column, value=value, expected=known)


def _parts(
    sheet: Sheet, refusals: Refusals, limits: NoiseLimits, seconds: npt.NDArray[np.int64] | None
) -> npt.NDArray[np.int8]:
    heading = find_column(sheet, PERIOD)
    told = np.full(len(sheet), -1, np.int8)
    if seconds is not None:
        told = np.where(_with_clock(sheet), assess.day_part(seconds, limits), told)
    if heading is None:
        return told
    for index, cell in enumerate(sheet.cells[heading]):
        if cell and cell.casefold() not in PARTS:
            refusals.add(index, "ground_cli.noise_period", heading, cell)
        elif cell:
            told[index] = PARTS[cell.casefold()]
    return told


def _with_clock(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Return which rows have a time of day; a bare date tells nothing of day or night."""
    cells = sheet.cells[need_column(sheet, TIME)]
    return np.array([_CLOCK.search(cell) is not None for cell in cells], dtype=np.bool_)


def _levels(sheet: Sheet, heading: str, refusals: Refusals) -> Readings:
    column = read_values(sheet, heading, refusals, lowest=None)
    return readings(column.units, column.decimals, column.states)


def _optional(sheet: Sheet, spellings: Sequence[str], refusals: Refusals) -> Readings | None:
    heading = find_column(sheet, spellings)
    return None if heading is None else _levels(sheet, heading, refusals)


def _cells(sheet: Sheet, spellings: Sequence[str]) -> list[str]:
    heading = find_column(sheet, spellings)
    return [""] * len(sheet) if heading is None else sheet.cells[heading]


def _judge(limits: NoiseLimits, inputs: Inputs, sheet: Sheet) -> Found:
    leq, repeat = inputs.leq, np.zeros(len(inputs.leq), np.bool_)
    if inputs.background is not None:
        if not limits.corrections:
            raise InputError(
                "ground_cli.noise_no_background_rule", file=sheet.file, number=limits.edition.number
            )
        leq, repeat = assess.without_background(inputs.leq, inputs.background, limits)
    judged = assess.judge(limits, inputs.zones, inputs.parts, leq, inputs.lmax, inputs.events, inputs.indoor)
    return Found(limits, judged, leq, repeat)


def _line(
    row: int, identity: str, day: date, found: Found | None, inputs: Inputs, refusals: Refusals
) -> tuple[str, ...]:
    nothing = ("",) * (len(NAMES) - 1)
    if row in refusals.found:
        return (*nothing, str(refusals.found[row]))
    if found is None:
        return (*nothing, not_in_force(identity, day))
    judged = found.judged
    verdict = {MET: text("noise.met"), EXCEEDED: text("noise.exceeded"), UNKNOWN: ""}[
        int(judged.verdict[row])
    ]
    over = int(judged.exceed[row])
    return (
        _whole(int(judged.limit[row])),
        "" if over == MISSING else f"{Decimal(over).scaleb(-judged.decimals):f}",
        verdict,
        _whole(int(judged.maximum_limit[row])) if inputs.lmax is not None else "",
        found.limits.edition.number,
        text("assess_cli.sentence_separator").join(_why(found, inputs, row)),
    )


def _whole(limit: int) -> str:
    return "" if limit == MISSING else str(limit)


def _why(found: Found, inputs: Inputs, row: int) -> list[str]:
    reasons = []
    if inputs.parts[row] < 0:
        reasons.append(text("ground_cli.noise_period"))
    if found.repeat[row]:
        reasons.append(text("ground_cli.noise_repeat", least=found.limits.corrections[0].low))
    elif not found.leq.present[row]:
        reasons.append(text("ground_cli.noise_leq"))
    elif found.judged.leq[row] == UNKNOWN and inputs.parts[row] >= 0:
        reasons.append(text("ground_cli.noise_detection"))
    if found.leq.present[row] and found.leq.text(row) != inputs.leq.text(row):
        reasons.append(text("ground_cli.noise_corrected", leq=found.leq.text(row)))
    return reasons + _why_maximum(found, inputs, row)


def _why_maximum(found: Found, inputs: Inputs, row: int) -> list[str]:
    if inputs.lmax is None or not inputs.lmax.present[row] or inputs.parts[row] != DayPart.NIGHT:
        return []
    maximum, limit = inputs.lmax.text(row), int(found.judged.maximum_limit[row])
    if found.judged.maximum[row] == EXCEEDED:
        most = (
            int(found.judged.limit[row]) + max(found.limits.margins.values()) if limit == MISSING else limit
        )
        return [text("ground_cli.noise_maximum", maximum=maximum, limit=most)]
    if found.judged.maximum[row] == UNKNOWN and found.limits.margins:
        return [text("ground_cli.noise_maximum_open", maximum=maximum)]
    return []


def _summary(verdicts: Sequence[str], inputs: Inputs, limits: NoiseLimits) -> dict[str, object]:
    words = {text("noise.met"): MET, text("noise.exceeded"): EXCEEDED}
    codes = np.array([words.get(verdict, UNKNOWN) for verdict in verdicts], dtype=np.int8)
    counts = {"met": MET, "exceeded": EXCEEDED, "not_judged": UNKNOWN}
    rates = {
        f"{zone} {part.name.lower()}": rate
        for place, zone in enumerate(limits.zones)
        for part in DayPart
        if (rate := _rate(codes[(inputs.zones == place) & (inputs.parts == part)])) is not None
    }
    return {**{name: int((codes == code).sum()) for name, code in counts.items()}, "attainment": rates}


def _rate(verdicts: npt.NDArray[np.int8]) -> Decimal | None:
    return assess.attainment_rate(verdicts, standard(noise.EVALUATION).editions[-1])
