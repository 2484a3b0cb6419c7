"""根拠 of answers: the promises that the shop makes (返品・キャンセル・お届け, 支払方法, 会員の規約), as サポート ties answers to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.urls import reverse

from akinai.core.money import yen
from akinai.shop.conditions import Conditions, conditions
from akinai.shop.services import consents
from akinai.support.ground_ports import Facts

TITLES = {
    "delivery": "お届けの時期", "returns": "返品・交換の条件", "cancel": "キャンセルの条件", "payments": "支払方法と手数料",
    "terms": "会員規約", "privacy": "個人情報の取り扱い",
}  # fmt: skip
OF_MEMBERS = ("terms", "privacy")


class PolicyGround:
    """お店の決まり."""

    code, title = "policy", "お店の決まり"

    def choices(self) -> Sequence[tuple[str, str]]:
        return list(TITLES.items())

    def find(self, told: str) -> str:
        return told if told in TITLES else ""

    def read(self, refs: Sequence[str]) -> Mapping[str, Facts]:
        told = conditions() if set(refs) - set(OF_MEMBERS) else Conditions()
        return {ref: Facts(TITLES[ref], _facts(ref, told), _place(ref)) for ref in refs if ref in TITLES}


def _facts(ref: str, told: Conditions) -> dict[str, str]:
    if ref in OF_MEMBERS:
        row = consents.terms()
        return {"版": row.terms_version if ref == "terms" else row.privacy_version}
    if ref == "payments":
        return {way: f"{text}（手数料 {yen(fee)}）" for way, text, fee in told.payments}
    text = getattr(told, ref)
    return {"文": text, "印": hashlib.sha256(text.encode()).hexdigest()[:12]} if text else {"文": "（なし）"}


def _place(ref: str) -> str:
    return reverse("shop_office:member_terms") if ref in OF_MEMBERS else reverse("shop_office:checkout")
