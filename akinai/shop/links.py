"""ご注文のページのリンク: a signed address under which a buyer sees his order, without logging in."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from akinai.content.addresses import absolute

SALT = "akinai.shop.order"
VALID = timedelta(days=180)


def token_of(order_number: str) -> str:
    """The secret part."""
    return signing.dumps(order_number, salt=SALT)


def number_of(token: str) -> str | None:
    """The 受注番号 of a link; None for what is no link of ours, and after half a year."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=VALID))
    except signing.BadSignature:
        return None


def path_of(order_number: str) -> str:
    return reverse("shop:order", args=[token_of(order_number)])


def url_of(order_number: str) -> str:
    """For mails."""
    return absolute(path_of(order_number))
