"""領収書の照会."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from akinai.billing.models import CreditNote, ReceiptPaper, ReceiptTax, ReceiptVoid
from akinai.core.tax import RateTotal
from akinai.orders import queries as orders

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.staff.models import Staff

VALID = ~Exists(ReceiptVoid.objects.filter(receipt=OuterRef("pk")))
_GIVEN_BACK = Exists(
    CreditNote.objects.filter(
        order=OuterRef("order"), invoice__replaced_by=None, issued_at__gt=OuterRef("issued_at")
    )
)
# Money went back after the receipt was written: somebody has to look whether it still says what was paid.
OVERTAKEN = Q(is_valid=True) & (
    Q(order__payment_settled=False, order__paid_yen__lt=F("amount_yen")) | Q(given_back=True)
)


@dataclass(frozen=True, slots=True)
class Receivable:
    """領収書を発行できる金額: paid less given back, less what has a receipt."""

    paid_yen: int
    receipted_yen: int

    @property
    def left_yen(self) -> int:
        return max(self.paid_yen - self.receipted_yen, 0)


def receivable(order_id: int) -> Receivable:
    """How much of an order a receipt may still say; the database computes it as its guard does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT paid, receipted FROM akinai_receivable(%s)", [order_id])
        return Receivable(*(int(part) for part in cursor.fetchone()))


def receipts_seen_by(user: Staff | AnonymousUser) -> QuerySet[ReceiptPaper]:
    """領収書 with what a list row shows."""
    seen = (
        ReceiptPaper.objects.all()
        if user.has_perm("billing.view_receiptpaper")
        else ReceiptPaper.objects.none()
    )
    wide = [f"order__{name}" for name in orders.WIDE]
    return (
        seen.select_related("order__channel")
        .defer("issuer", *wide)
        .annotate(is_valid=VALID, given_back=_GIVEN_BACK)
    )


def receipt_by_number(number: str) -> ReceiptPaper | None:
    return (
        ReceiptPaper.objects.filter(number=number)
        .select_related("order__channel", "replaces", "void", "issued_by")
        .first()
    )


def receipts_of(order_id: int) -> list[ReceiptPaper]:
    """領収書 of one order, oldest first, void ones as well."""
    return list(ReceiptPaper.objects.filter(order_id=order_id).annotate(is_valid=VALID).order_by("pk"))


def receipted_taxes(order_id: int) -> list[RateTotal]:
    """税率別内訳 of what has a valid receipt already."""
    rows = (
        ReceiptTax.objects.filter(receipt__order_id=order_id, receipt__void=None)
        .values("rate")
        .annotate(net=Sum("net_yen"), tax=Sum("tax_yen"), gross=Sum("gross_yen"))
    )
    return [RateTotal(row["rate"], row["net"], row["tax"], row["gross"]) for row in rows]
