"""手前のプロキシ: whose word we take for the address a visitor comes from.

Behind a proxy every request comes from the proxy, and the visitor's address stands in X-Forwarded-For. Anybody can write
that header, so it is believed only from the networks of AKINAI_TRUSTED_PROXIES; by default from nobody. What our own proxies
added is read from the right, and the first address that is none of theirs is the visitor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

log = logging.getLogger("akinai.proxies")
type Network = IPv4Network | IPv6Network


class ProxyMiddleware:
    """REMOTE_ADDR becomes the visitor's address, before anything counts or logs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)
        self.is_told = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            told = request.META.get("REMOTE_ADDR", "")
            if self.trusted:
                request.META["REMOTE_ADDR"] = visitor_of(told, forwarded, self.trusted)
            else:
                self._tell_once()
        return self.get_response(request)

    def _tell_once(self) -> None:
        if not self.is_told:
            self.is_told = True
            log.warning("X-Forwarded-For is not read: AKINAI_TRUSTED_PROXIES names no proxy")


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks as written (10.0.0.0/8, 203.0.113.7). Raises ImproperlyConfigured for what is none."""
    try:
        return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())
    except ValueError as wrong:
        raise ImproperlyConfigured(f"AKINAI_TRUSTED_PROXIES: {wrong}") from wrong


def visitor_of(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Who speaks. `peer`: who opened the connection; `forwarded`: the header, the nearest proxy's word last.

    Of a peer that is no proxy of ours the header is worth nothing. What is no address ends the reading.
    """
    found = peer
    for told in reversed(forwarded.split(",")):
        if not _is_in(found, trusted):
            break
        here = _bare(told.strip())
        if not here:
            break
        found = here
    return found


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in network for network in trusted)


def _bare(text: str) -> str:
    """The address alone, without a port; "" for what is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
