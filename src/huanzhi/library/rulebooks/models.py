"""The table of versions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from huanzhi import rules
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class State(models.TextChoices):
    """Standing of a version."""

    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    DROPPED = "dropped", "dropped"


class RulebookVersion(Record):
    """A version of a rulebook, for a region or for everywhere.

    Attributes
    ----------
    rulebook : str
        Id of the rulebook, shared by its versions.
    number : int
        Number of the version, rising within the rulebook; shipped versions come before.
    document : dict
        The rulebook as `rules.of_document` reads it.
    digest : str
        SHA-256 of what was published; empty for a draft.
    corrects : bool
        Whether it was published for days that were over, with a reason.
    """

    KIND: ClassVar[str] = "rulebook"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path")

    code = models.CharField(max_length=100, unique=True)
    rulebook = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    document = models.JSONField()
    digest = models.CharField(max_length=64, blank=True)
    author = models.CharField(max_length=60, blank=True)
    publisher = models.CharField(max_length=60, blank=True)
    published = models.DateTimeField(null=True, blank=True)
    corrects = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["rulebook", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rulebook", "number"], name="rulebooks_version_number")
        ]
        indexes: ClassVar = [models.Index(fields=["rulebook", "state", "region"])]

    @property
    def place(self) -> str:
        """Return the code of the region, empty for everywhere."""
        return self.region_id or ""

    def book(self) -> rules.Rulebook:
        """Return the rulebook.

        Raises
        ------
        InputError
            If the document is not one.
        """
        return rules.of_document(self.document)

    def clean(self) -> None:
        """Check the document."""
        try:
            book = self.book()
        except InputError as error:
            raise ValidationError({"document": str(error)}) from None
        if (book.id, book.place) != (self.rulebook, self.place):
            raise ValidationError({"document": f"{book.id} {book.place}".strip()})

    def clean_fields(self, exclude: Any = None) -> None:
        """Name the version, then check each field."""
        self.code = f"{self.rulebook}-{self.number}"
        super().clean_fields(exclude)
