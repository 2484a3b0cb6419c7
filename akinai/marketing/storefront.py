"""What members see of their points on my page, and the coupons that other rooms give as thanks (店舗への登録)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from akinai.content import ports, public_parts
from akinai.marketing import queries
from akinai.marketing.services import coupons


def register() -> None:
    ports.keep_gifts(give)
    ports.keep_gift_choices(coupons.gift_choices)
    public_parts.register("mypage", for_member, order=20)


def give(coupon: str, key: str, customer_id: int | None) -> str:
    """Handler of `content.ports.keep_gifts`."""
    return coupons.give(coupon, key=key, customer_id=customer_id)


def for_member(_request: HttpRequest, member: Any) -> SafeString:
    """ポイント残高, what ends next, codes that wait to be used; nothing for who has neither."""
    if not getattr(member, "customer_id", None):
        return SafeString("")
    found = queries.perks_of_member(member.customer_id)
    has_any = found["balance"] or found["entries"] or found["codes"]
    return render_to_string("marketing/mypage.html", found) if has_any else SafeString("")
