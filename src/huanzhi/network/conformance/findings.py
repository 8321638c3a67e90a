"""What a check found: one finding a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from huanzhi.messages import text
from huanzhi.network.hj212 import Edition


class Verdict(StrEnum):
    """How a rule came out."""

    KEPT = "kept"
    BROKEN = "broken"
    NOTED = "noted"
    """Not what the standard says, but nothing that harms; or a matter that it leaves open."""
    SKIPPED = "skipped"
    """Could not be tried, because something before it failed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule and how it came out.

    Attributes
    ----------
    rule : str
        Name of the rule, the message ``conformance.rule_…``.
    clause : str
        Standard and clause.
    heard : str
        What was heard, or not.
    """

    rule: str
    verdict: Verdict
    clause: str
    heard: str

    @property
    def sentence(self) -> str:
        """The rule in the reader's language."""
        return text(f"conformance.rule_{self.rule}")


def finding(rule: str, edition: Edition, subject: str, kept: bool | None, heard: str) -> Finding:
    """Return a finding; `kept` is None for one that is only noted."""
    verdict = Verdict.NOTED if kept is None else Verdict.KEPT if kept else Verdict.BROKEN
    return Finding(rule, verdict, edition.clause(subject), heard)


def conforms(findings: Iterable[Finding]) -> bool:
    """Whether no rule was broken."""
    return not any(found.verdict is Verdict.BROKEN for found in findings)
