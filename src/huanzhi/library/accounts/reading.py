"""Reading 查账: what accounts held on a day, from the postings alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Sum

from huanzhi.library.accounts.models import FREE, Account, Posting


class Held(NamedTuple):
    """The two parts of a balance."""

    free: int
    frozen: int

    @property
    def whole(self) -> int:
        """Return both parts together."""
        return self.free + self.frozen


def balances(accounts: Iterable[Account], day: date | None = None) -> dict[int, Held]:
    """Return what accounts held at the end of a day, by their keys; now where no day is given."""
    rows = list(accounts)
    if day is None:
        return {one.pk: Held(one.free, one.frozen) for one in rows}
    held: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for key, part, units in _sums(rows, day):
        held[key][part != FREE] += units
    return {one.pk: Held(*held[one.pk]) for one in rows}


def _sums(rows: list[Account], day: date) -> Iterable[tuple[int, str, int]]:
    found: Any = Posting.objects.filter(account__in=[one.pk for one in rows], transaction__day__lte=day)
    summed = found.order_by().values("account_id", "part").annotate(sum=Sum("units"))
    return [(row["account_id"], row["part"], int(row["sum"])) for row in summed]
