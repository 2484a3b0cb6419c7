"""決済リンクのアドレス: signed, and made without asking anybody."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.payments.models import PaymentRequest

SALT = "akinai.payments.link"


def token_of(number: str) -> str:
    """A link's secret part."""
    return signing.dumps(number, salt=SALT)


def number_of(token: str) -> str | None:
    """The 決済番号 of a link; None for what is no link of ours. How long it is good stands in the 決済 itself."""
    try:
        return str(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None


def path_of(number: str) -> str:
    """決済リンク on our own host."""
    return reverse("payment_link", args=[token_of(number)])


def url_of(request: PaymentRequest, name: str = "payment_link") -> str:
    """決済リンク. Raises DomainError while the shop has not told its public address and real money would move."""
    base = settings.PUBLIC_URL.rstrip("/")
    if not base and request.is_live:
        raise DomainError(
            "お客様が開けるアドレスが設定されていないため、決済リンクを作れません。",
            way_out="AKINAI_PUBLIC_URL（例 https://shop.example.jp）を設定してください。",
        )
    return f"{base or settings.LOCAL_URL}{reverse(name, args=[token_of(request.number)])}"
