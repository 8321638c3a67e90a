"""Tables of declared registers and their entries."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from huanzhi.library.places.models import Located, in_order
from huanzhi.library.records.model import Record
from huanzhi.library.registers import declaring


class Register(Record):
    """A declared register 登记簿; its revision is the version of the declaration."""

    KIND: ClassVar[str] = "register"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    schema = models.JSONField()

    class Meta:
        ordering: ClassVar = ["code"]

    def clean_fields(self, exclude: Any = None) -> None:
        """Take the names from the declaration, once it is checked, then check each field."""
        declaring.check(self.code, self.schema)
        self.name, self.name_en = self.schema["x-zh"], self.schema.get("x-en", "")
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check the dates."""
        in_order(self.valid_from, self.valid_to)


class RegisterEntry(Located):
    """An entry of a register: what every entry has, and the declared `values`.

    Attributes
    ----------
    due : date, optional
        Date by which something is due, as the declaration says where it stands.
    version : int
        Version of the declaration by which the values were last checked.
    """

    AMONG: ClassVar[tuple[str, ...]] = ("register_id",)

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    values = models.JSONField(default=dict, blank=True)
    geometry = models.JSONField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "code"], name="registers_entry_code")
        ]
        indexes: ClassVar = [
            models.Index(fields=["register", "region", "code"]),
            models.Index(fields=["register", "due"]),
        ]

    @property
    def KIND(self) -> str:  # type: ignore[override]  # noqa: N802
        """Return the kind in the eyes of rights and trail."""
        return kind_of(self.register.code)

    @property
    def SENSITIVE(self) -> dict[str, str]:  # noqa: N802
        """Return the fields that not everybody sees."""
        return declaring.sensitive(self.register.schema)

    def clean_fields(self, exclude: Any = None) -> None:
        """Check the values by the declaration, take the due date from them, then check each field."""
        schema = self.register.schema
        declaring.check_values(schema, self.values)
        self.version = self.register.revision
        stated = self.values.get(schema.get("x-due", ""))
        self.due = date.fromisoformat(stated) if stated else None
        super().clean_fields(exclude)


def kind_of(code: str) -> str:
    """Return the kind of a register's entries in the eyes of rights and trail."""
    return f"register:{code}"
