"""Targets of sections 断面水质目标: the class to be kept on a day, dated ones before the section's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from huanzhi.library.places.models import Section, SectionTarget


def targets_on(day: date, codes: Iterable[str] | None = None) -> dict[str, str]:
    """Return the target class of sections on a day, by code; a section without one is not named.

    Parameters
    ----------
    codes : iterable of str, optional
        Sections; all by default.
    """
    wanted = None if codes is None else list(codes)
    sections = Section.objects.all() if wanted is None else Section.objects.filter(code__in=wanted)
    found = {
        one.code: one.target
        for one in sections.only("code", "target", "target_year")
        if one.target and (one.target_year is None or one.target_year == day.year)
    }
    dated = SectionTarget.objects.select_related("section")
    rows = dated.all() if wanted is None else dated.filter(section__code__in=wanted)
    return found | {one.section.code: one.target for one in rows if one.holds(day)}
