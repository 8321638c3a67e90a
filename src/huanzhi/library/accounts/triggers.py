"""Triggers that let transactions and postings be added and nothing else."""

from __future__ import annotations

from typing import Any

TABLES = ("accounts_transaction", "accounts_posting")

_SQLITE = """
create trigger {table}_{what}s before {what} on {table}
begin select raise(abort, 'accounts are append-only'); end
"""
_POSTGRES = """
create function accounts_stay() returns trigger language plpgsql as $$
begin raise exception 'accounts are append-only'; end $$;
"""
_POSTGRES_STAY = """
create trigger {table}_updates before update on {table} for each row execute function accounts_stay();
create trigger {table}_deletes before delete on {table} for each row execute function accounts_stay();
create trigger {table}_truncates before truncate on {table}
for each statement execute function accounts_stay();
"""


def make(schema: Any) -> None:
    """Make the triggers in the database of a schema editor."""
    if schema.connection.vendor == "postgresql":
        schema.execute(_POSTGRES, params=None)
        for table in TABLES:
            schema.execute(_POSTGRES_STAY.replace("{table}", table), params=None)
        return
    for table in TABLES:
        for what in ("update", "delete"):
            schema.execute(_SQLITE.format(table=table, what=what), params=None)


def allow_removal(connection: Any) -> None:
    """Take away the triggers that forbid deletion; for databases of tests, which are emptied after each."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"drop trigger {table}_deletes on {table}")
                cursor.execute(f"drop trigger {table}_truncates on {table}")
            else:
                cursor.execute(f"drop trigger {table}_deletes")
