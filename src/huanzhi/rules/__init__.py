"""Rulebooks 规则簿: decision tables and score cards as data, with dates, basis, confidence and worked
examples.

A rulebook says what follows from stated facts: a colour from a month's mean, a clock from a kind of
letter, an amount from a fine. `load` finds the one in force on a day for a place among the shipped
ones, `evaluate` answers with the row that hit, its clause and the reasons. What no document says is
marked as ours and never as law.
"""

from huanzhi.rules.evaluating import Answer, failures, run_examples
from huanzhi.rules.evaluating import evaluate as evaluate
from huanzhi.rules.model import Band, Example, Hit, Input, Output, Reason, Result, Row, Rulebook
from huanzhi.rules.reading import as_document, digest, of_document
from huanzhi.rules.shipped import load, places_of, shipped, versions

__all__ = [
    "Answer",
    "Band",
    "Example",
    "Hit",
    "Input",
    "Output",
    "Reason",
    "Result",
    "Row",
    "Rulebook",
    "as_document",
    "digest",
    "evaluate",
    "failures",
    "load",
    "of_document",
    "places_of",
    "run_examples",
    "shipped",
    "versions",
]
