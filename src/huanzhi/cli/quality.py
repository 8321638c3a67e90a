"""``huanzhi quality``: run the checks, see and set marks, rates of transmission and validity, substitutes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click

from huanzhi import standards
from huanzhi.assess.exact import round_fraction
from huanzhi.assess.quality_flags import Finding
from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.errors import InputError
from huanzhi.library.devices import open_register
from huanzhi.library.reviews import Held, Ledger, Role, open_ledger
from huanzhi.library.reviews.tables import FILE
from huanzhi.library.series import Store, open_store
from huanzhi.messages import language, text
from huanzhi.network.quality import marking, running
from huanzhi.network.quality.checks import CHECKS
from huanzhi.network.quality.rates import Rate, rates
from huanzhi.network.quality.substituting import Gap, find_gaps
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.standards import parameters
from huanzhi.standards.periods import Period, from_china, start_of_day, to_china

Command = TypeVar("Command", bound=Callable[..., Any])
PERCENT_DECIMALS = 2
REGISTER = "register.sqlite"


@click.group(name="quality", help=text("quality_cli.help"))
def command() -> None:
    """Hold the commands of quality control."""


def _span_options(wrapped: Command) -> Command:
    periods = click.Choice(
        [str(period) for period in (Period.HOUR, Period.TEN_MINUTES, Period.MINUTE, Period.DAY)]
    )
    wrapped = json_option(wrapped)
    wrapped = click.option("--period", type=periods, default="hour", help=text("quality_cli.help_period"))(
        wrapped
    )
    wrapped = click.option("--feature", "features", multiple=True, help=text("quality_cli.help_feature"))(
        wrapped
    )
    return click.option("--span", required=True, help=text("quality_cli.help_span"))(wrapped)


@command.command(help=text("quality_cli.help_run"))
@_span_options
@click.option("--check", "checks", multiple=True, help=text("quality_cli.help_check"))
def run(span: str, features: tuple[str, ...], period: str, checks: tuple[str, ...], as_json: bool) -> None:
    """Run the checks over the store."""
    days = parse_span(span)
    with open_store("read") as store, open_ledger("write", store.home) as ledger:
        names = checks or tuple(CHECKS)
        permits = _permits(store.home)
        plan = running.Plan(days.start, days.end, Period(period), features or None, names, permits)
        outcome = running.run_checks(store, ledger, plan, _now())
        simulated = _simulated(store, features)
    found = [
        {"check": check, "finding": finding, "amount": amount}
        for (check, finding), amount in sorted(outcome.findings.items())
    ]
    renewal = outcome.renewal
    counts = {"found": renewal.found, "new": renewal.new, "kept": renewal.kept, "ended": renewal.ended}
    if as_json:
        told = {"version": outcome.version, "series": outcome.series, "simulated": simulated}
        emit_json({**told, **counts, "findings": found})
        return
    rows = [(row["check"], text(f"quality_cli.finding_{row['finding']}"), row["amount"]) for row in found]
    emit_table(_headings("check", "kind", "amount"), rows)
    click.echo(text("quality_cli.ran", version=outcome.version, series=outcome.series, **counts))
    _say_simulated(simulated)


@command.command(help=text("quality_cli.help_marks"))
@_span_options
@click.option("--ended", is_flag=True, help=text("quality_cli.help_ended"))
def marks(span: str, features: tuple[str, ...], period: str, ended: bool, as_json: bool) -> None:
    """List the marks."""
    days = parse_span(span)
    with open_store("read") as store, open_ledger("read", store.home) as ledger:
        found = ledger.marks(features or None, days.start, days.end, period, ended=ended)
        simulated = _simulated(store, {held.mark.feature for held in found})
    rows = [_plain_mark(held) for held in found]
    if as_json:
        emit_json({"simulated": simulated, "rows": rows})
        return
    keys = (
        "number",
        "feature",
        "parameter",
        "start",
        "end",
        "kind",
        "effect",
        "who",
        "at",
        "reason",
        "ended",
    )
    emit_table(_headings(*keys), [_mark_words(row, keys) for row in rows])
    _say_simulated(simulated)


@command.command(help=text("quality_cli.help_mark"))
@click.option("--feature", required=True, help=text("quality_cli.help_feature"))
@click.option("--parameter", default="", help=text("quality_cli.help_parameter"))
@click.option("--start", required=True, help=text("quality_cli.help_start"))
@click.option("--end", required=True, help=text("quality_cli.help_end"))
@click.option("--kind", required=True, help=text("quality_cli.help_kind"))
@click.option("--reason", required=True, help=text("quality_cli.help_reason"))
@click.option("--who", required=True, help=text("quality_cli.help_who"))
@click.option(
    "--role", type=click.Choice(("officer", "enterprise")), required=True, help=text("quality_cli.help_role")
)
@click.option(
    "--period",
    type=click.Choice([str(period) for period in Period]),
    default="hour",
    help=text("quality_cli.help_period"),
)
@json_option
def mark(as_json: bool, **given: str) -> None:
    """Mark a stretch of data."""
    with open_store("read") as store, open_ledger("write", store.home) as ledger:
        _known_feature(store, given["feature"])
        held = _add(ledger, given)
    if as_json:
        emit_json(_plain_mark(held))
        return
    key = "quality_cli.marked_late" if held.mark.late else "quality_cli.marked"
    limit = marking.deadline(to_china(held.mark.start).date())
    late = {"deadline": limit.isoformat(timespec="minutes")} if held.mark.late and limit else {}
    click.echo(text(key, number=held.id, **late))


def _add(ledger: Ledger, given: Mapping[str, str]) -> Held:
    return marking.add_mark(
        ledger,
        feature=given["feature"],
        parameter=_code(given["parameter"]),
        period=Period(given["period"]),
        start=_moment(given["start"]),
        end=_moment(given["end"]),
        kind=given["kind"],
        reason=given["reason"],
        who=given["who"],
        role=Role(given["role"]),
        at=_now(),
    )


@command.command(help=text("quality_cli.help_unmark"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=text("quality_cli.help_reason"))
@click.option("--who", required=True, help=text("quality_cli.help_who"))
@click.option(
    "--role", type=click.Choice(("officer", "enterprise")), required=True, help=text("quality_cli.help_role")
)
def unmark(number: int, reason: str, who: str, role: str) -> None:
    """End a mark."""
    with open_store("read") as store, open_ledger("write", store.home) as ledger:
        ledger.end_mark(number, who, Role(role), reason, _now())
    click.echo(text("quality_cli.unmarked", number=number))


@command.command(name="rates", help=text("quality_cli.help_rates"))
@_span_options
@click.option("--parameter", "names", multiple=True, help=text("quality_cli.help_parameter"))
def rates_command(
    span: str, features: tuple[str, ...], period: str, names: tuple[str, ...], as_json: bool
) -> None:
    """Print the rates."""
    days = parse_span(span)
    codes = [_code(name) for name in names] or None
    rows = []
    with open_store("read") as store, _ledger(store.home) as ledger:
        for month, start, end in _months(days):
            found = rates(
                store,
                ledger,
                start,
                end,
                features=features or None,
                parameters=codes,
                period=Period(period),
            )
            rows += [{"month": month, **_plain_rate(rate)} for rate in found]
        simulated = _simulated(store, {row["feature"] for row in rows})
    if as_json:
        emit_json({"span": span, "period": period, "simulated": simulated, "rows": rows})
        return
    keys = ("month", "feature", "parameter", "due", "received", "valid", "apart", *_RATES, "met")
    emit_table(_headings(*keys), [_rate_words(row, keys) for row in rows])
    _say_simulated(simulated)


@command.command(help=text("quality_cli.help_substitute"))
@click.option("--span", required=True, help=text("quality_cli.help_span"))
@click.option("--feature", "features", multiple=True, help=text("quality_cli.help_feature"))
@click.option("--propose", is_flag=True, help=text("quality_cli.help_propose"))
@click.option("--approve", is_flag=True, help=text("quality_cli.help_approve"))
@click.option("--who", default="", help=text("quality_cli.help_who"))
@json_option
def substitute(
    span: str, features: tuple[str, ...], propose: bool, approve: bool, who: str, as_json: bool
) -> None:
    """Find gaps and what is put in; propose it, or approve what another person has proposed."""
    days = parse_span(span)
    with open_store("read") as store, open_ledger("write", store.home) as ledger:
        if approve:
            number = _approve(ledger, features, days, who)
            told = text("quality_cli.approved", number=number)
            emit_json({"span": span, "approved": number}) if as_json else click.echo(told)
            return
        gaps = find_gaps(store, ledger, days.start, days.end, features or None)
        simulated = _simulated(store, {gap.feature for gap in gaps})
        if propose:
            proposed = [each for gap in gaps for each in gap.substitutes(days.start)]
            new, there = ledger.substitute(proposed, who, _now())
    rows = [_plain_gap(gap) for gap in gaps]
    if as_json:
        emit_json({"span": span, "simulated": simulated, "rows": rows})
        return
    keys = ("feature", "parameter", "start", "end", "value", "unit", "rule", "used", "capture")
    emit_table(_headings(*keys), [["—" if row[key] is None else row[key] for key in keys] for row in rows])
    _say_simulated(simulated)
    if propose:
        click.echo(text("quality_cli.proposed", new=new, there=there))


def _permits(home: Path) -> dict[str, Mapping[str, Any]]:
    """Return the permitted limits of the device register; none where there is no register."""
    if not (home / REGISTER).exists():
        return {}
    with open_register(home) as register:
        return {code: outlet.permits for code, outlet in register.outlets().items()}


def _approve(ledger: Ledger, features: tuple[str, ...], days: Span, who: str) -> int:
    waiting = [
        held.id for held in ledger.substitutes(features or None, days.start, days.end) if not held.approved_by
    ]
    return ledger.approve(waiting, who, _now())


@contextmanager
def _ledger(home: Path) -> Iterator[Ledger | None]:
    """Open the ledger to read it; None where there is none yet."""
    if not (home / FILE).exists():
        yield None
        return
    with open_ledger("read", home) as ledger:
        yield ledger


def _simulated(store: Store, codes: Collection[str]) -> bool:
    """Return whether any of the features, or of all where none is named, is of the test city."""
    return any(feature.simulated for feature in store.features(codes=list(codes) or None))


def _say_simulated(simulated: bool) -> None:
    if simulated:
        click.echo(text("quality_cli.simulated"))


@command.command(help=text("quality_cli.help_checks"))
@json_option
def checks(as_json: bool) -> None:
    """List the checks with their thresholds."""
    edition = standards.in_force(running.STANDARD, date.today())
    tables = [edition.table(name) for name in CHECKS]
    rows = [
        {"check": f"{table.id}/{edition.id}", "title": str(table.title), **row}
        for table in tables
        for row in table.rows
    ]
    if as_json:
        emit_json({"version": edition.id, "number": edition.number, "rows": rows})
        return
    shown = [(row["check"], row["title"], _thresholds(row)) for row in rows]
    emit_table(_headings("check", "kind", "threshold"), shown)
    confidence = edition.provenance.confidence.value
    click.echo(
        text("quality_cli.caution", table=edition.number, confidence=confidence, note=edition.notes[0])
    )


_RATES = ("transmission", "validity", "effective", "immediate")


def _thresholds(row: Mapping[str, object]) -> str:
    return ", ".join(f"{key}={value}" for key, value in row.items() if key not in ("check", "title"))


def _plain_rate(rate: Rate) -> dict[str, Any]:
    counts = rate.completed
    values = (counts.transmission, counts.validity, counts.effective, rate.immediate.effective)
    return {
        "feature": rate.feature,
        "parameter": rate.parameter,
        **{name: getattr(counts, name) for name in ("due", "received", "valid", "apart")},
        **{name: _percent(value) for name, value in zip(_RATES, values, strict=True)},
        "target": _percent(rate.target),
        "met": rate.met,
    }


def _plain_gap(gap: Gap) -> dict[str, Any]:
    return {
        "feature": gap.feature,
        "parameter": _parameter_words(gap.parameter),
        "start": to_china(gap.start).isoformat(timespec="minutes"),
        "end": to_china(gap.end).isoformat(timespec="minutes"),
        "quantity": gap.quantity,
        "value": None if gap.value is None else format(Decimal(gap.value).scaleb(-gap.decimals), "f"),
        "unit": gap.unit,
        "rule": f"{gap.number} {gap.rule}".strip(),
        "used": gap.used,
        "capture": _percent(gap.capture),
    }


def _months(days: Span) -> list[tuple[str, int, int]]:
    """Return the months of a span, cut at its ends: name, start, end."""
    found, first = [], days.first
    while first <= days.last:
        after = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        found.append((f"{first:%Y-%m}", start_of_day(first), min(start_of_day(after), days.end)))
        first = after
    return found


def _percent(value: Fraction | None) -> Decimal | None:
    """Return a rate in percent, rounded by GB/T 8170."""
    if value is None:
        return None
    return Decimal(round_fraction(value * 100, PERCENT_DECIMALS)).scaleb(-PERCENT_DECIMALS)


def _rate_words(row: Mapping[str, Any], keys: tuple[str, ...]) -> list[object]:
    met = {True: "yes", False: "no", None: "unknown"}[row["met"]]
    words = {**row, "parameter": _parameter_words(row["parameter"]), "met": text(f"quality_cli.{met}")}
    return ["—" if words[key] is None else words[key] for key in keys]


def _plain_mark(held: Held) -> dict[str, Any]:
    mark = held.mark
    return {
        "number": held.id,
        "feature": mark.feature,
        "parameter": mark.parameter,
        "period": mark.period,
        "start": to_china(mark.start).isoformat(timespec="minutes"),
        "end": to_china(mark.end).isoformat(timespec="minutes"),
        "kind": mark.kind,
        "effect": str(mark.effect),
        "check": mark.check,
        "who": held.who,
        "role": str(held.role),
        "at": to_china(int(held.at.timestamp())).isoformat(),
        "reason": mark.reason,
        "late": mark.late,
        "ended": None if held.ended is None else f"{held.ended.who} {held.ended.reason}".strip(),
    }


def _mark_words(row: Mapping[str, Any], keys: tuple[str, ...]) -> list[object]:
    words = {
        **row,
        "kind": _kind_words(row),
        "effect": text(f"quality_cli.effect_{row['effect']}"),
        "parameter": _parameter_words(row["parameter"]),
    }
    return [words[key] for key in keys]


def _kind_words(row: Mapping[str, Any]) -> str:
    if row["kind"] in Finding.__members__:
        return text(f"quality_cli.finding_{row['kind']}")
    known = marking.kinds(datetime.fromisoformat(row["start"]).date())
    return str(known[row["kind"]][language()]) if row["kind"] in known else str(row["kind"])


def _parameter_words(code: str) -> str:
    if not code:
        return text("quality_cli.all_parameters")
    known = parameters.all_parameters().get(code)
    return known.symbol if known else code


def _headings(*keys: str) -> list[str]:
    return [text(f"quality_cli.{key}") for key in keys]


def _code(name: str) -> str:
    found = parameters.find(name) if name else None
    return found.code if found else name


def _known_feature(store: Store, code: str) -> None:
    if not store.features(codes=[code]):
        raise InputError("quality.no_feature", value=code)


def _moment(given: str) -> int:
    try:
        return from_china(datetime.fromisoformat(given))
    except ValueError:
        raise InputError("store_cli.not_a_time", value=given, expected="2026-10-01T08:00") from None


def _now() -> datetime:
    return datetime.now(UTC)
