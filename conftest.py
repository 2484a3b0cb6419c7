"""Tests run on real PostgreSQL: the embedded one of AKINAI_HOME unless DATABASE_URL is set."""

import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest
import pytest_django
from playwright.sync_api import Browser, expect, sync_playwright

# A busy machine is no failure.
hypothesis.settings.register_profile("akinai", deadline=None)
hypothesis.settings.load_profile("akinai")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
CHROMIUM = shutil.which("chromium")


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
def only_what_a_test_touched_is_put_back() -> Iterator[None]:
    """Tests with real commits end with the tables as the migrations left them, instead of with empty ones."""
    from django.test import TransactionTestCase

    from tests import database

    emptied = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: database.put_back()
    yield
    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(scope="module")
def common_ground(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """Rows that all tests of a module begin with are made once, by a fixture of the module that asks for this one.

    Every test undoes its own doings as ever; the ground goes after the module's last. `now()` of the database stands
    still meanwhile, and a test that commits cannot be in such a module.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def that_day() -> Iterator[None]:
    """It is the day of the cast's stories (`cast.NOW`), whenever the tests are run: for what has a year, a limit or an age."""
    from akinai.core import clock
    from tests import cast

    with clock.told(cast.NOW):
        yield


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
