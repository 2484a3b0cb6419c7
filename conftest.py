"""Tests run on real PostgreSQL: the embedded one of AKINAI_HOME unless DATABASE_URL is set."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import hypothesis
import pytest

# A busy machine is no failure.
hypothesis.settings.register_profile("akinai", deadline=None)
hypothesis.settings.load_profile("akinai")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


@pytest.fixture(autouse=True, scope="session")
def ledgers_may_be_emptied_between_tests() -> Iterator[None]:
    """Tests with real commits end by TRUNCATE, which our ledgers refuse: that one trigger is lifted meanwhile."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def lifted(self: DatabaseOperations, sql_list: Sequence[str]) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'akinai_no_truncate'"
            )
            tables = [row[0] for row in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER akinai_no_truncate")
            try:
                return flush(self, sql_list)
            finally:
                for table in tables:
                    cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_no_truncate")

    DatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
