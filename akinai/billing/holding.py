"""個人データを持つ部屋としての請求: issued papers, which the law wants as they were issued, and the terms of billing, which it does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from akinai.billing.models import (
    BillingTerms,
    CreditNote,
    Invoice,
    PaperDelivery,
    ReceiptPaper,
    Statement,
)
from akinai.party import keeping
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, keys_of, told

TO = ("recipient_name", "recipient_address")
PAPERS: tuple[tuple[str, type[Any], tuple[str, ...]], ...] = (
    ("請求書・納品書", Invoice, (*TO, "search_text", "search_grams")),
    ("返還請求書", CreditNote, TO),
    ("合計請求書", Statement, (*TO, "search_text", "search_grams")),
    ("領収書", ReceiptPaper, ("recipient_name",)),
)


class PapersHeld:
    """請求書・領収書・請求条件."""

    code = "billing"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        terms = BillingTerms.objects.filter(customer__in=customer_ids).order_by("pk")
        found = [Section("請求条件", told(terms, "send_to", "recipient_name", "payer_kana"))] if terms else []
        for title, model, _columns in PAPERS:
            rows = model.objects.filter(customer__in=customer_ids).order_by("pk")
            amount = "amount_yen" if model is ReceiptPaper else "total_yen"
            if rows:
                found.append(Section(title, told(rows, "number", "recipient_name", "issued_on", amount)))
        return found

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        terms = BillingTerms.objects.filter(customer__in=customer_ids)
        mails = frozenset(terms.values_list("send_to", flat=True))
        words = {word for row in terms.values_list("recipient_name", "payer_kana") for word in row}
        papers = (model.objects.filter(customer__in=customer_ids) for _title, model, _columns in PAPERS)
        return Traces(mails, frozenset(words), keys_of(*papers))

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return []

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mine = {"customer__in": erasee.customer_ids}
        kept = [_kept(title, model.objects.filter(**mine), columns) for title, model, columns in PAPERS]
        numbers = [
            number for _t, model, _c in PAPERS for number in model.objects.filter(**mine).values_list("number", flat=True)
        ]  # fmt: skip
        sent = PaperDelivery.objects.filter(number__in=numbers)
        return [
            Share("請求条件（送り先・宛名・振込名義）", BillingTerms.objects.filter(**mine)),
            *kept,
            Share("書類をお送りした記録", sent, law=keeping.TAX_DATA, until=_last(kept), columns=["billing_paperdelivery.to"]),
        ]  # fmt: skip


def _kept(title: str, rows: QuerySet[Any], columns: Sequence[str]) -> Share:
    """Papers as they were issued: table, PDF and what the law wants them found by."""
    table = rows.model._meta.db_table
    where = [*(f"{table}.{name}" for name in columns), "billing_documententry.partner", "billing_documententry.partner_key", "files.papers"]  # fmt: skip
    return Share(
        title, rows, law=keeping.TAX_PAPERS, until=keeping.until_of(rows, "issued_on"), columns=where
    )


def _last(shares: Sequence[Share]) -> date | None:
    return max((one.until for one in shares if one.until), default=None)
