"""The table of map sources, so that the trail tells who put which map there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huanzhi.library.records.model import Record


class MapSource(Record):
    """A map source of the base map 底图来源; its features lie in a file of the data folder.

    Attributes
    ----------
    code : str
        Name of the source: boundaries, rivers, coast, lakes, parks.
    datum : str
        Datum of the file that was taken in; kept is CGCS2000.
    approval : str
        Approval number of the map 审图号.
    sha256 : str
        Of the file kept.
    """

    KIND: ClassVar[str] = "map"

    code = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=300, blank=True)
    datum = models.CharField(max_length=20)
    day = models.DateField(null=True, blank=True)
    approval = models.CharField(max_length=100, blank=True)
    features = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["code"]
