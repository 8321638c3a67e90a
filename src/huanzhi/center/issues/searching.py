"""Searching 检索: words are looked for in a narrow table, so that it is quick over many issues.

What is found is exact on SQLite and PostgreSQL alike: any part of any word, letters folded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from huanzhi.center.issues.models import Issue, Wording

SEARCHED = ("number", "title", "place", "place_name", "enterprise_name", "source_ref")
"""Fields in which words are looked for."""

FEW = 2000
"""So many that are found are named one by one; of more, rows that fit otherwise are asked for them. Ours."""


def folded(text: str) -> str:
    """Return a text as it is searched: full width as half width, without capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(issue: Any) -> str:
    """Return the words of an issue, line by line, so that no search spans two fields."""
    return folded("\n".join(str(getattr(issue, name)) for name in SEARCHED if getattr(issue, name)))


def note_words(issue: Issue) -> None:
    """Keep the words of an issue that was saved."""
    Wording.objects.update_or_create(pk=issue.pk, defaults={"folded": words_of(issue)})


def note_all(issues: Iterable[Issue]) -> None:
    """Keep the words of many issues that have none yet."""
    made: Sequence[Wording] = [Wording(pk=one.pk, folded=words_of(one)) for one in issues]
    Wording.objects.bulk_create(made, batch_size=2000)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Rows that mention some words; `every` are the wordings that do, where nothing else was asked for."""

    rows: Any
    every: Any = None

    def count(self, rows: Any) -> int:
        """Count the rows, filtered further; exact."""
        plain = self.every is not None and len(rows.query.where.children) == 1
        return (self.every if plain else rows).count()  # type: ignore[no-any-return]


def mentioning(rows: Any, words: str) -> Mentioned:
    """Find the rows that mention every one of some words."""
    wanted = folded(words.replace("\x00", "")).split()
    if not wanted:
        return Mentioned(rows)
    found = Wording.objects.all()
    for word in wanted:
        found = found.filter(folded__contains=word)
    few = list(found.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Mentioned(rows.filter(pk__in=few))
    unasked = not rows.query.where.children
    return Mentioned(rows.filter(Exists(found.filter(pk=OuterRef("pk")))), found if unasked else None)
