"""Who a visitor is when proxies stand between him and us."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from akinai.core.proxies import ProxyMiddleware, networks, visitor_of

OURS = networks(["10.0.0.0/8", "2001:db8::/32"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger writes the header himself
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1"),  # what the visitor himself claimed before
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "10.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "rubbish", "10.0.0.1"),
        ("10.0.0.1", "rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8::1", "[2001:db9::7]:443", "2001:db9::7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("", "198.51.100.1", ""),  # a socket without an address is no proxy of ours
    ],
)
def test_only_the_word_of_our_own_proxies_counts(peer: str, forwarded: str, visitor: str) -> None:
    assert visitor_of(peer, forwarded, OURS) == visitor


def _seen(settings: object, trusted: list[str], **meta: str) -> str:
    settings.TRUSTED_PROXIES = trusted  # type: ignore[attr-defined]
    request = HttpRequest()
    request.META.update(meta)
    ProxyMiddleware(lambda _request: HttpResponse())(request)
    return str(request.META["REMOTE_ADDR"])


def test_by_default_nobody_is_believed(settings: object) -> None:
    told = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert _seen(settings, [], **told) == "10.0.0.1"
    assert _seen(settings, ["10.0.0.1"], **told) == "198.51.100.1"


def test_a_network_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="AKINAI_TRUSTED_PROXIES"):
        networks(["10.0.0.0/99"])
