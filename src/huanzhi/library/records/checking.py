"""Checking 校验: the fields of a row before it is kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from huanzhi.errors import InputError


def check(row: Any) -> None:
    """Check the fields of a row, its relations and what must be unique.

    Raises
    ------
    InputError
        ``records.field`` with the first field that is wrong.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise _told(row, error) from None


def check_fields(row: Any) -> None:
    """Check the fields of a row alone: what its relations name is known to exist.

    Raises
    ------
    InputError
        ``records.field`` with the first field that is wrong.
    """
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=relations)
        row.clean()
    except ValidationError as error:
        raise _told(row, error) from None


def _told(row: Any, error: ValidationError) -> InputError:
    field, faults = next(iter(error.message_dict.items()))
    return InputError("records.field", column=field, value=getattr(row, field, None), reason=faults[0])
