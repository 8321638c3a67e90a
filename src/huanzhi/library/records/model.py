"""What every business record has: a revision, dates of validity, and whether it is simulated."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models


class Record(models.Model):
    """A row that people answer for.

    Attributes
    ----------
    revision : int
        Rises with every change; a change that names an older one is refused.
    valid_from, valid_to : date, optional
        First day on which the row holds, first day on which it no longer does; None where open.
    simulated : bool
        True for the test city.
    KIND : str
        Word for this kind of record in rights, trail and addresses.
    KEY : str
        Field that names the row to people and other systems.
    """

    KIND: ClassVar[str] = ""
    KEY: ClassVar[str] = "code"

    revision = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """Return what names the row."""
        return str(getattr(self, self.KEY))

    def holds(self, day: date) -> bool:
        """Return whether the row is valid on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)

    def as_row(self) -> dict[str, Any]:
        """Return the stored fields by name, for history and trail."""
        return {
            field.attname: field.value_from_object(self)
            for field in self._meta.concrete_fields
            if field.name not in HIDDEN
        }


HIDDEN = ("id", "password", "last_login", "digest")
"""Fields that are in no history."""
