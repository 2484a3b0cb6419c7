"""Faults planted by somebody who holds the database's own password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

GUARDS = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'A'"


@contextmanager
def behind_the_triggers(table: str) -> Iterator[Any]:
    """A cursor for which the guards of this table sleep. Afterwards each is as it was: one that hears even a replica does so again."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS, [table])
        always = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # a table with checks still to come takes no change of its triggers
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield cursor
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            for name in always:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
