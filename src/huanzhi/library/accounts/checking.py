"""Checking 核对: recount every balance from its postings, and every commodity from all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from huanzhi.library.accounts.models import FREE, Account, Posting


@dataclass(frozen=True, slots=True)
class Report:
    """What a recount found.

    Attributes
    ----------
    sums : dict
        What all accounts of a commodity hold together; always 0.
    faults : list of str
        Accounts and transactions that do not agree; empty where all is well.
    """

    accounts: int
    transactions: int
    postings: int
    sums: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Return whether everything agrees."""
        return not self.faults and not any(self.sums.values())


def check(scheme: str) -> Report:
    """Recount a scheme: each transaction and commodity sums to nothing, each balance is that of its postings.

    Balances are followed posting by posting in the order in which they were entered: none was ever negative.
    """
    accounts = {one.pk: one for one in Account.objects.filter(scheme=scheme)}
    held: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    sums: dict[str, int] = defaultdict(int)
    faults: list[str] = []
    rows = list(_groups(scheme))
    for number, postings in rows:
        own: dict[str, int] = defaultdict(int)
        for one in postings:
            account = accounts[one.account_id]
            held[one.account_id][one.part != FREE] += one.units
            own[account.commodity] += one.units
            sums[account.commodity] += one.units
        faults += [number] if any(own.values()) else []
        touched = {one.account_id for one in postings}
        faults += [accounts[key].code for key in touched if _wrong(accounts[key], held[key], postings)]
    faults += [one.code for one in accounts.values() if [one.free, one.frozen] != held[one.pk]]
    count = sum(len(postings) for _, postings in rows)
    return Report(len(accounts), len(rows), count, dict(sums), list(dict.fromkeys(faults)))


def _wrong(account: Account, held: list[int], postings: list[Posting]) -> bool:
    """Return whether an account was negative after a transaction, or was told to hold something else."""
    negative = min(held) < 0 and not account.open_ended
    told = [[one.free_after, one.frozen_after] for one in postings if one.account_id == account.pk]
    return negative or any(one != held for one in told)


def _groups(scheme: str) -> list[tuple[str, list[Posting]]]:
    found: dict[str, list[Posting]] = {}
    rows = Posting.objects.filter(transaction__scheme=scheme).select_related("transaction").order_by("pk")
    for one in rows:
        found.setdefault(one.transaction.number, []).append(one)
    return list(found.items())
