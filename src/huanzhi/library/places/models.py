"""Tables of places."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.records.model import Record


class Region(Record):
    """An administrative division 行政区划, keyed by GB/T 2260; townships and below by nine and twelve digits.

    ``path`` holds the codes from the top down, each followed by a slash, so that a subtree is a prefix.
    """

    KIND: ClassVar[str] = "region"

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering: ClassVar = ["code"]
