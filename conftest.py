"""Tests run on real PostgreSQL: the embedded one of AKINAI_HOME unless DATABASE_URL is set."""

import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import hypothesis
import pytest
import pytest_django
from playwright.sync_api import Browser, expect, sync_playwright

# A busy machine is no failure.
hypothesis.settings.register_profile("akinai", deadline=None)
hypothesis.settings.load_profile("akinai")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
CHROMIUM = shutil.which("chromium")

USED = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname <> 'django_migrations' AND pg_relation_size(c.oid) > 0
"""
EMPTYING = (
    "IF TG_OP = 'TRUNCATE' AND current_setting('akinai.emptying', true) = 'on' THEN RETURN NULL; END IF;"
)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Instead of pytest-django's own: migrations are run once, not by every process and every run."""
    from django.db import connection

    from tests import database

    real = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = database.copy_from_template()
    yield
    with django_db_blocker.unblock():
        database.drop(name, real)


@pytest.fixture(autouse=True, scope="session")
def ledgers_may_be_emptied_between_tests() -> Iterator[None]:
    """Tests with real commits end by TRUNCATE, which our ledgers refuse: that one refusal is lifted meanwhile.

    Only tables that hold something are emptied: most of two hundred are untouched, and each costs its files.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    from akinai.core.guards import FUNCTION

    lets_us_empty = FUNCTION.replace("BEGIN\n", f"BEGIN\n  {EMPTYING}\n", 1)
    assert EMPTYING in lets_us_empty
    flush = DatabaseOperations.execute_sql_flush

    def lifted(self: DatabaseOperations, sql_list: Sequence[str]) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(USED)
            if tables := [row[0] for row in cursor.fetchall()]:
                cursor.execute(lets_us_empty)
                cursor.execute("SET akinai.emptying = on")
                cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
                cursor.execute("RESET akinai.emptying")

    DatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked `browser` needs Chromium; where there is none, it says so."""
    for item in items:
        if not CHROMIUM and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium がありません"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a process. Its loop runs in this thread, so Django is told that this is no server."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
