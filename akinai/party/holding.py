"""個人データを持つ部屋としての取引先: the customer himself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from akinai.core import clock
from akinai.party.erasing import GONE
from akinai.party.models import Customer, CustomerIdentity, CustomerMerge
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, told

WORDS = ("name", "kana", "company", "payer_key", "email", "phone", "address")
BLANK = dict.fromkeys((*WORDS, "postal_code", "note", "search_text"), "")


class CustomersHeld:
    """顧客. The row stays with its number, for papers and ledgers name it; nothing on it tells who it was."""

    code = "party"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        rows = Customer.objects.filter(pk__in=customer_ids).order_by("pk")
        return [Section("お客様の登録", told(rows, "number", *(w for w in WORDS if w != "payer_key"), "postal_code", "created_at"))]  # fmt: skip

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        rows = list(Customer.objects.filter(pk__in=customer_ids))
        others = CustomerIdentity.objects.filter(customer__in=customer_ids).values_list("identity", flat=True)
        keys = [one.identity for one in rows] + list(others)
        mails = {one.email for one in rows} | {
            key.removeprefix("mail:") for key in keys if key.startswith("mail:")
        }
        words = {getattr(one, name) for one in rows for name in WORDS} - {""}
        return Traces(frozenset(mails), frozenset(words), {Customer._meta.label_lower: list(customer_ids)})

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return []

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mine = erasee.customer_ids
        merges = CustomerMerge.objects.filter(kept__in=mine) | CustomerMerge.objects.filter(gone__in=mine)
        return [
            Share(
                "名寄せの控え", merges.exclude(reason=""), {"moved": {}, "reason": GONE, "undone_reason": ""}
            ),
            Share("別の連絡先", CustomerIdentity.objects.filter(customer__in=mine)),
            Share(
                "お客様の登録（氏名・連絡先・住所・メモ）",
                Customer.objects.filter(pk__in=mine, erased_at=None),
                act=_blank,
            ),
        ]


def _blank(rows: QuerySet[Customer]) -> None:
    rows.update(
        **{**BLANK, "name": GONE},
        identity=Concat(Value("erased:"), F("number")),
        erased_at=clock.now(),
    )
