"""Tables of the ledger; triggers refuse every change of a row."""

from __future__ import annotations

FILE = "reviews.sqlite"

MARK_COLUMNS = (
    "feature",
    "parameter",
    "period",
    "start",
    "end",
    "kind",
    "effect",
    "check",
    "reason",
    "late",
)
SUBSTITUTE_COLUMNS = (
    "feature",
    "parameter",
    "period",
    "time",
    "quantity",
    "value",
    "decimals",
    "unit",
    "rule",
    "reason",
)

_KEPT = ("run", "mark", "ending", "substitute", "approval")

TABLES = """
create table if not exists run (
  id integer primary key, at integer not null, period text not null, start integer not null,
  "end" integer not null, checks text not null, version text not null, revision integer not null,
  features integer not null, found integer not null);
create table if not exists mark (
  id integer primary key, feature text not null, parameter text not null, period text not null,
  start integer not null, "end" integer not null, kind text not null, effect text not null,
  "check" text not null, reason text not null, late integer not null, who text not null,
  role text not null, run integer not null, at integer not null);
create index if not exists mark_place on mark (feature, period, start);
create table if not exists ending (
  sort text not null, item integer not null, at integer not null, who text not null,
  reason text not null, run integer not null, primary key (sort, item));
create table if not exists substitute (
  id integer primary key, feature text not null, parameter text not null, period text not null,
  time integer not null, quantity text not null, value integer not null, decimals integer not null,
  unit text not null, rule text not null, reason text not null, who text not null, at integer not null);
create index if not exists substitute_place on substitute (feature, time);
create table if not exists approval (item integer primary key, at integer not null, who text not null);
""" + "".join(
    f"create trigger if not exists {table}_kept_{work} before {work} on {table}"
    " begin select raise(abort, 'rows are only added'); end;\n"
    for table in _KEPT
    for work in ("update", "delete")
)
