"""How tests open the screens of payments."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests import cast


def client_of(name: str) -> Client:
    client = Client(headers={"host": "localhost", "referer": "http://localhost/office/bank/"})
    client.force_login(cast.staff(name))
    return client


def get(client: Client, name: str, *args: Any, query: str = "") -> str:
    """The page as text; anything but 200 fails."""
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response
    return response.content.decode()


def plain(page: str) -> str:
    """The words of a page's main part."""
    main = page.split('<main id="main"', 1)[-1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def post(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(name, args=args), data)


def said(response: Any) -> str:
    """What the person is told after a POST."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
