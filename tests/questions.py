"""How often a page asks the database."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def asked(client: Client, page: str) -> int:
    """Questions of the page once what is remembered for minutes was asked."""
    client.get(page)
    with CaptureQueriesContext(connection) as sent:
        answer = client.get(page)
    assert answer.status_code == 200, page
    return len(sent)
