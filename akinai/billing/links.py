"""公開リンク: a signed address under which a customer finds the receipt of one order, for so many days and no more.

The link names the order and nothing else; whoever changes a letter of it has no link. How often a link or an address is
used is counted in the database, so that the limit holds over all processes.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from akinai.core import tries

SALT = "akinai.billing.receipt"
VALID_DAYS = 90
PER_LINK, PER_ADDRESS = 40, 120


class LinkOver(Exception):
    """The link was good once; its days are over."""


def token_of(order_number: str) -> str:
    """A link's secret part."""
    return signing.dumps(order_number, salt=SALT)


def path_of(order_number: str) -> str:
    """The customer's page of an order, as the office opens it to see what he sees."""
    return reverse("receipt_link", args=[token_of(order_number)])


def url_of(order_number: str) -> str:
    """領収書のリンク for mails; "" while the shop has not told its public address (AKINAI_PUBLIC_URL)."""
    base = settings.PUBLIC_URL.rstrip("/")
    return f"{base}{path_of(order_number)}" if base else ""


def order_number_of(token: str) -> str | None:
    """The order of a link; None for what is no link of ours. Raises LinkOver after its days."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=timedelta(days=VALID_DAYS)))
    except signing.SignatureExpired as over:
        raise LinkOver from over
    except signing.BadSignature:
        return None


def may_enter(token: str, address: str) -> bool:
    """回数の上限: is this visit within what one link and one address may do in ten minutes? Every visit counts."""
    link, visitor = tries.count(f"link:{token}"), tries.count(f"from:{address}")
    return link <= PER_LINK and visitor <= PER_ADDRESS
