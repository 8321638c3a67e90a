"""Upkeep of the business database 数据库维护: what the planner of queries knows is kept fresh."""

from __future__ import annotations

from django.db import connection


def look_after_database() -> str:
    """Let the database measure its tables where they have changed much; return what was done.

    On SQLite ``PRAGMA optimize`` looks at samples of the tables; PostgreSQL measures by itself, and once more
    here after a night of imports.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("PRAGMA optimize=0x10002")
            return "PRAGMA optimize"
        cursor.execute("ANALYZE")
        return "ANALYZE"
