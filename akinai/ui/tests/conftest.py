from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from akinai.ui.tests.people import logged_in, sato, stranger


@pytest.fixture
def office(db: None) -> Iterator[Client]:
    """佐藤's browser, on an address plan that also has the mails of the tests."""
    with override_settings(ROOT_URLCONF="akinai.ui.tests.mails"):
        yield logged_in(sato())


@pytest.fixture
def outsider(db: None) -> Iterator[Client]:
    """部外者's browser."""
    with override_settings(ROOT_URLCONF="akinai.ui.tests.mails"):
        yield logged_in(stranger())
