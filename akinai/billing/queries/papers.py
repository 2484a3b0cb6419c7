"""What others may ask of billing (請求の照会)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from akinai.billing.models import (
    CreditNote,
    Invoice,
    PaperDelivery,
    ReceiptPaper,
    ReceivedDocument,
    Statement,
)
from akinai.core import paper_store as store
from akinai.core.models import OutgoingMail
from akinai.core.search import looks_like_number, matching
from akinai.orders import queries as order_queries
from akinai.orders.states import Progress

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.orders.models import Order
    from akinai.staff.models import Staff


STORED = (Invoice, CreditNote, Statement, ReceiptPaper)  # papers whose file we keep


@dataclass(frozen=True, slots=True)
class WrongFile:
    """A stored paper whose file is missing or differs from what was issued."""

    number: str
    sha256: str


def invoices_seen_by(user: Staff | AnonymousUser) -> QuerySet[Invoice]:
    """Invoices this person may see, with what a list row shows."""
    found = Invoice.objects.all() if user.has_perm("billing.view_invoice") else Invoice.objects.none()
    wide = [f"order__{name}" for name in order_queries.WIDE]
    return found.select_related("order__channel", "replaced_by").defer(
        "issuer", "search_text", "search_grams", *wide
    )


def find(invoices: QuerySet[Invoice], text: str) -> QuerySet[Invoice]:
    """検索: what looks like a number by that number, else (or when there is none) by 宛名, buyer and the mall's number."""
    if not looks_like_number(text):
        return invoices.filter(matching(text))
    key = text.strip().upper()
    exact = [
        Invoice.objects.filter(one).order_by().values("pk") for one in (Q(number=key), Q(order__number=key))
    ]
    others = Invoice.objects.filter(matching(text), *(~Exists(one) for one in exact)).order_by().values("pk")
    return invoices.filter(pk__in=exact[0].union(exact[1], others, all=True))


def credit_notes_seen_by(user: Staff | AnonymousUser) -> QuerySet[CreditNote]:
    found = CreditNote.objects.all() if user.has_perm("billing.view_invoice") else CreditNote.objects.none()
    return found.select_related("invoice", "order__channel")


def by_number(number: str) -> Invoice | None:
    return (
        Invoice.objects.filter(number=number).select_related("order__channel", "customer", "replaces").first()
    )


def credit_note_by_number(number: str) -> CreditNote | None:
    return CreditNote.objects.filter(number=number).select_related("order__channel", "invoice").first()


def invoices_of(order_id: int) -> list[Invoice]:
    """請求書 of one order, oldest first (a corrected one stays in the list)."""
    return list(
        Invoice.objects.filter(order_id=order_id)
        .select_related("replaced_by")
        .annotate(credited=Sum("credit_notes__total_yen"))
        .order_by("pk")
    )


def invoice_ids_of(order_ids: Iterable[int]) -> list[int]:
    """請求書 of these orders, also those that were replaced."""
    return list(Invoice.objects.filter(order_id__in=list(order_ids)).values_list("pk", flat=True))


def current(order_id: int) -> Invoice | None:
    """有効な請求書 of one order: the one that nothing replaces."""
    return Invoice.objects.filter(order_id=order_id, replaced_by=None).first()


def current_of(order_ids: Sequence[int]) -> list[Invoice]:
    """有効な請求書 of these orders, each with `is_given_back`: credit notes have emptied it."""
    given = (
        CreditNote.objects.filter(invoice=OuterRef("pk"))
        .order_by()
        .values("invoice")
        .annotate(yen=Sum("total_yen"))
        .values("yen")
    )
    found = Invoice.objects.filter(order_id__in=list(order_ids), replaced_by=None)
    return list(
        found.annotate(given_yen=Coalesce(Subquery(given), 0)).annotate(
            is_given_back=Case(When(given_yen__gte=F("total_yen"), then=True), default=False)
        )
    )


def why_kept(order_ids: Sequence[int]) -> dict[int, str]:
    """Orders whose shipment cannot be taken back, because an invoice says that the goods were delivered."""
    return {
        invoice.order_id: f"請求書 {invoice.number} が発行されています。先に返還請求書で全額を返してください。"
        for invoice in current_of(order_ids)
        if not getattr(invoice, "is_given_back", False)
    }


def deliveries_of(number: str) -> QuerySet[PaperDelivery]:
    """送付記録 of one paper, oldest first."""
    return PaperDelivery.objects.filter(number=number).select_related("by").order_by("at", "pk")


def mails_not_delivered(number: str) -> list[OutgoingMail]:
    """不達: mails of one paper that the server refused or that were given up, newest first."""
    failed = OutgoingMail.objects.filter(key__startswith=f"paper:{number}:", state=OutgoingMail.State.FAILED)
    return list(failed.order_by("-pk")[:5])


def to_invoice() -> QuerySet[Order]:
    """出荷済・未請求: shipped by us, and no invoice is out."""
    return (
        order_queries.unfinished("shipped_not_invoiced").select_related("channel").defer(*order_queries.WIDE)
    )


def search(
    *,
    issued_from: object = None,
    issued_to: object = None,
    least_yen: int | None = None,
    most_yen: int | None = None,
    partner: str = "",
) -> QuerySet[Invoice]:
    """電子帳簿保存法の検索: 取引年月日, 取引金額 (ranges) and 取引先, any of them together (AND)."""
    found = Invoice.objects.all()
    if issued_from:
        found = found.filter(transaction_on__gte=issued_from)
    if issued_to:
        found = found.filter(transaction_on__lte=issued_to)
    if least_yen is not None:
        found = found.filter(total_yen__gte=least_yen)
    if most_yen is not None:
        found = found.filter(total_yen__lte=most_yen)
    for word in partner.split():
        found = found.filter(recipient_name__icontains=word)
    return found.order_by("-issued_on", "-pk")


def papers_with_wrong_files() -> list[WrongFile]:
    """電帳法の真実性: every issued paper whose file is not, byte for byte, what was issued. Reads all files."""
    rows = [row for kind in STORED for row in kind.objects.order_by("pk").values_list("number", "pdf_sha256")]
    rows += ReceiptPaper.objects.order_by("pk").values_list("number", "copy_sha256")
    wrong = [WrongFile(number, sha256) for number, sha256 in rows if not store.is_whole(sha256)]
    received = ReceivedDocument.objects.order_by("pk").values_list("number", "sha256", "suffix")
    return wrong + [
        WrongFile(number, sha256) for number, sha256, suffix in received if not store.is_whole(sha256, suffix)
    ]


def paper_count() -> int:
    """How many papers `papers_with_wrong_files` looks at."""
    return sum(kind.objects.count() for kind in (*STORED, ReceivedDocument))


def sent_badge(invoice: Invoice) -> tuple[str, str]:
    """(word, tone) of how far the paper got: what the order knows of its valid invoice."""
    if getattr(invoice, "replaced_by", None) is not None:
        return "訂正済", "mute"
    if invoice.kind == Invoice.Kind.SLIP:
        return "月締め", "info"
    progress = invoice.order.invoice_progress
    if progress == Progress.SENT:
        return "送付済", "good"
    return ("未送付", "warn") if progress == Progress.DONE else ("返還済", "mute")


def orders_of_invoices(invoice_ids: Sequence[int]) -> list[int]:
    """The orders that these invoices are of."""
    return list(Invoice.objects.filter(pk__in=invoice_ids).values_list("order_id", flat=True).distinct())


def orders_of_credit_notes(note_ids: Sequence[int]) -> list[int]:
    """The orders that these credit notes are of."""
    return list(CreditNote.objects.filter(pk__in=note_ids).values_list("order_id", flat=True).distinct())


def given_back(order_ids: Sequence[int]) -> dict[int, int]:
    """order → yen of its 返還請求書. Those of an invoice that was corrected give nothing back: the new one asks for it again."""
    corrected = Invoice.objects.filter(replaces__isnull=False, order_id__in=list(order_ids)).values(
        "replaces"
    )
    rows = (
        CreditNote.objects.filter(order_id__in=list(order_ids))
        .exclude(invoice__in=corrected)
        .values_list("order_id")
    )
    return dict(rows.annotate(sum=Sum("total_yen")).order_by())
