"""公開リンク: a signed address under which a customer finds the receipt of one order, for so many days and no more.

The link names the order and nothing else; whoever changes a letter of it has no link. How often a link or an address is
used is counted in the database, so that the limit holds over all processes.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import connection
from django.urls import reverse

from akinai.core import clock

SALT = "akinai.billing.receipt"
VALID_DAYS = 90
WINDOW = timedelta(minutes=10)
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


KNOCK = """
INSERT INTO billing_publicknock (key, since, count) VALUES (%s, %s, 1)
ON CONFLICT (key, since) DO UPDATE SET count = billing_publicknock.count + 1 RETURNING count
"""
FORGET = "DELETE FROM billing_publicknock WHERE since < %s"


def may_enter(token: str, address: str) -> bool:
    """回数の上限: is this visit within what one link and one address may do in ten minutes? Every visit counts."""
    link, visitor = knock(f"link:{token}"), knock(f"from:{address}")
    return link <= PER_LINK and visitor <= PER_ADDRESS


def knock(text: str) -> int:
    """数える: how often this text has knocked in these ten minutes, this time with it. Only its fingerprint is kept."""
    since = _window(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(KNOCK, [_digest(text), since])
        count: int = cursor.fetchone()[0]
        if count == 1:  # somebody new: a good moment to forget the old ones
            cursor.execute(FORGET, [since - timedelta(days=1)])
    return count


def _window(now: datetime) -> datetime:
    seconds = int(now.timestamp()) // int(WINDOW.total_seconds()) * int(WINDOW.total_seconds())
    return datetime.fromtimestamp(seconds, tz=now.tzinfo)


def _digest(text: str) -> str:
    """No address is kept, only a fingerprint that nobody can read back without the shop's key."""
    return hashlib.sha256(f"{settings.SECRET_KEY}{text}".encode()).hexdigest()
