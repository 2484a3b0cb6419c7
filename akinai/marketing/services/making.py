"""1回限りのコードを作る: letters that nobody confuses, too many to be guessed."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from akinai.core.errors import DomainError
from akinai.marketing.models import Coupon, CouponCode

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L
LENGTH = 12  # 7.9e17: a million codes leave guessing hopeless
MOST = 100_000


def new_codes(count: int) -> list[str]:
    """`count` new codes, ABCD-2345-WXYZ."""
    found: set[str] = set()
    while len(found) < count:
        text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        found.add("-".join(text[at : at + 4] for at in range(0, LENGTH, 4)))
    return sorted(found)


@transaction.atomic
def make_batch(coupon_id: int, count: int, *, batch: str, expires_on: date | None = None) -> list[str]:
    """束を作る: so many codes of a coupon under the batch's name."""
    if not 1 <= count <= MOST:
        raise DomainError(
            f"コードの数 {count:,} は作れません。", way_out=f"1 から {MOST:,} までにしてください。"
        )
    coupon = Coupon.objects.get(pk=coupon_id)
    codes = new_codes(count)
    CouponCode.objects.bulk_create(
        [CouponCode(coupon=coupon, code=code, batch=batch[:60], expires_on=expires_on) for code in codes], batch_size=5000
    )  # fmt: skip
    return codes
