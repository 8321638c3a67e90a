"""The watch 值守: all rules over one board; signs become warnings, warnings become issues.

One problem is one issue: what is seen at the same enterprise while an issue is fresh joins it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from huanzhi.center.watching.board import MINUTE, Board
from huanzhi.center.watching.facts import Facts
from huanzhi.center.watching.rules import RULES, Rule, Sign, Waste


@dataclass(slots=True)
class Warned:
    """A warning 预警: one rule at one place, from its first sign to its release [s UTC]."""

    sign: Sign
    since: int
    last: int
    ended: int | None = None


@dataclass(slots=True)
class Issue:
    """A problem that was found.

    Attributes
    ----------
    at : int
        When it was opened [s UTC].
    place : str
        Where it was seen first.
    suspects : tuple of str
        Codes, the likeliest first.
    """

    number: int
    at: int
    place: str
    suspects: tuple[str, ...]
    warnings: list[Warned] = field(default_factory=list)

    @property
    def last(self) -> int:
        """When a sign of it was seen last."""
        return max(warned.last for warned in self.warnings)


class Watch:
    """Watches one board.

    A warning stays in `open`, once for each rule and subject, until its rule has seen no sign for as long as
    its table says (hysteresis).

    Parameters
    ----------
    facts : Facts
    joining : int
        Seconds after the last sign during which a new sign joins an issue. Ours.
    """

    def __init__(self, facts: Facts, board: Board | None = None, joining: int = 3 * 3600) -> None:
        self.board = board or Board()
        self.facts, self.joining = facts, joining
        self.rules: list[Rule] = [rule(self.board, facts) for rule in RULES]
        self.open: dict[tuple[str, str], Warned] = {}
        self.ended: list[Warned] = []
        self.issues: list[Issue] = []
        self._by_subject: dict[str, Issue] = {}

    def take(self, table: pa.Table, arrived: int) -> None:
        """Put observations on the board."""
        self.board.take(table, arrived)

    def declare(self, entries: Iterable[object]) -> None:
        """Take declared waste of a day."""
        for rule in self.rules:
            if isinstance(rule, Waste):
                rule.declare(entries)

    def step(self, moment: int) -> list[Warned]:
        """Look with every rule whose time it is; return those warnings that rose, keep in `ended` the ended.

        Parameters
        ----------
        moment : int
            Now [s UTC].
        """
        now = moment // MINUTE
        risen: list[Warned] = []
        for rule in self.rules:
            if now % rule.table["every"] == 0:
                for sign in rule.look(now):
                    risen += self._seen(sign, moment)
        self._release(moment)
        return risen

    def _seen(self, sign: Sign, moment: int) -> list[Warned]:
        key = (sign.rule, sign.subject or sign.place)
        held = self.open.get(key)
        if held is not None:
            held.last = moment
            if sign.facts.get("explained", 0.0) > held.sign.facts.get("explained", 0.0):
                held.sign = sign
            return []
        warned = self.open[key] = Warned(sign, moment, moment)
        self._issue(warned)
        return [warned]

    def suspects(self, warned: Warned) -> tuple[str, ...]:
        """Return who may have caused what a warning tells of, the likeliest first."""
        sign = warned.sign
        known = self.facts.places.get(sign.place)
        return (sign.subject or (known.enterprise if known and known.enterprise else sign.place),)

    def _issue(self, warned: Warned) -> None:
        place, suspects = warned.sign.place, self.suspects(warned)
        subject = suspects[0]
        issue = self._by_subject.get(subject)
        if issue is None or warned.since - issue.last > self.joining:
            issue = Issue(len(self.issues) + 1, warned.since, place, suspects)
            self.issues.append(issue)
            self._by_subject[subject] = issue
        issue.warnings.append(warned)

    def _release(self, moment: int) -> None:
        limits = {rule.name: rule.table["release"] * MINUTE for rule in self.rules}
        self.ended = []
        for key, warned in list(self.open.items()):
            if moment - warned.last > limits[key[0]]:
                warned.ended = moment
                self.ended.append(warned)
                del self.open[key]
