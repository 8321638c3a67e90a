"""Triggers that let rows of the trail be added, each after the one before, and nothing else."""

from __future__ import annotations

from typing import Any

TABLES = ("trail_entry", "trail_anchor")

_SQLITE_STAY = """
create trigger {table}_{what}s before {what} on {table}
begin select raise(abort, 'the trail is append-only'); end
"""
_SQLITE_NEXT = """
create trigger trail_entry_next before insert on trail_entry
when new.seq <> (select coalesce(max(seq), 0) + 1 from trail_entry)
  or new.previous <> coalesce((select digest from trail_entry where seq = new.seq - 1), '{first}')
begin select raise(abort, 'the trail has no gaps'); end
"""
_POSTGRES = """
create function trail_stays() returns trigger language plpgsql as $$
begin raise exception 'the trail is append-only'; end $$;
create function trail_next() returns trigger language plpgsql as $$
begin
  if new.seq <> (select coalesce(max(seq), 0) + 1 from trail_entry)
    or new.previous <> coalesce((select digest from trail_entry where seq = new.seq - 1), '{first}') then
    raise exception 'the trail has no gaps';
  end if;
  return new;
end $$;
create trigger trail_entry_next before insert on trail_entry for each row execute function trail_next();
"""
_POSTGRES_STAY = """
create trigger {table}_updates before update on {table} for each row execute function trail_stays();
create trigger {table}_deletes before delete on {table} for each row execute function trail_stays();
create trigger {table}_truncates before truncate on {table} for each statement execute function trail_stays();
"""


def make(schema: Any) -> None:
    """Make the triggers in the database of a schema editor."""
    from huanzhi.library.trail.hashing import FIRST

    if schema.connection.vendor == "postgresql":
        schema.execute(_POSTGRES.replace("{first}", FIRST), params=None)
        for table in TABLES:
            schema.execute(_POSTGRES_STAY.replace("{table}", table), params=None)
        return
    schema.execute(_SQLITE_NEXT.replace("{first}", FIRST), params=None)
    for table in TABLES:
        for what in ("update", "delete"):
            schema.execute(_SQLITE_STAY.format(table=table, what=what), params=None)


def allow_removal(connection: Any) -> None:
    """Take away the triggers that forbid deletion; for databases of tests, which are emptied after each."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"drop trigger {table}_deletes on {table}")
                cursor.execute(f"drop trigger {table}_truncates on {table}")
            else:
                cursor.execute(f"drop trigger {table}_deletes")
