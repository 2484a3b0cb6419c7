"""請求書の送付: by mail with the PDF as issued, or printed and put into the box; each delivery is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.billing.errors import NotInvoiceable
from akinai.billing.mail_texts import CREDIT_NOTE, INVOICE
from akinai.billing.models import CreditNote, Invoice, PaperDelivery
from akinai.billing.services.issue import lock_papers
from akinai.core import activity, clock, mail, mail_texts
from akinai.core import paper_store as store
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import services as orders
from akinai.party import queries as party
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.staff.models import Staff

KEY = "paper:"
type Paper = Invoice | CreditNote


@transaction.atomic
def send(paper: Paper, *, by: Staff | None, to: str = "") -> bool:
    """メールで送る: queue one mail with the stored PDF. False when this mail waits already.

    Sending once more after a delivery is a new mail. Raises NotInvoiceable without a usable address, PaperLost when
    the file is not what was issued.
    """
    address = to.strip() or paper.order.buyer_email
    if not mail.is_address(address):
        raise NotInvoiceable(
            f"{paper.number} の送り先のメールアドレスがありません。",
            way_out="印刷して同梱するか、送り先を入力してください。",
        )
    store.read(paper.pdf_sha256)
    type(paper)._default_manager.select_for_update(no_key=True).get(pk=paper.pk)
    key = f"{KEY}{paper.number}:{mail.tried(f'{KEY}{paper.number}:') + 1}"
    if mail.is_waiting(key):
        return False
    subject, body = _letter(paper)
    queued = mail.enqueue(
        to=address,
        subject=subject,
        body=body,
        key=key,
        reply_to=paper.issuer.get("email", ""),
        attachments=[(f"{paper.number}.pdf", store.path_of(paper.pdf_sha256))],
    )
    activity.record(paper, "queue_mail", by=by, summary=f"{queued.to} へのメールを送信待ちに入れました")
    return True


def send_many(papers: Sequence[Invoice], *, by: Staff | None) -> tuple[int, list[tuple[str, str]]]:
    """まとめて送る: (queued, number and reason of those that could not be)."""
    queued = 0
    refused = []
    for paper in papers:
        try:
            queued += send(paper, by=by)
        except DomainError as refusal:
            refused.append((paper.number, f"{refusal.message}{refusal.way_out}"))
    return queued, refused


def _letter(paper: Paper) -> tuple[str, str]:
    """(件名, 本文) by the shop's own text."""
    issuer = paper.issuer
    values = {
        "宛名": paper.recipient_name,
        "店舗名": issuer.get("shop_name") or issuer["name"],
        "番号": paper.number,
        "発行日": jdate(paper.issued_on),
        "注文番号": paper.order.channel_order_no,
        "金額": yen(paper.total_yen),
        "支払期限": jdate(paper.due_on) if isinstance(paper, Invoice) else "",
        "振込先": _where_to_pay(paper),
        "元の請求番号": paper.invoice.number if isinstance(paper, CreditNote) else "",
        "理由": paper.reason if isinstance(paper, CreditNote) else "",
        "署名": party.signature(issuer, with_number=True),
    }
    text = CREDIT_NOTE if isinstance(paper, CreditNote) else INVOICE
    return mail_texts.compose(text.code, {name: values[name] for name in text.samples})


def _where_to_pay(paper: Paper) -> str:
    """振込先, for those who still have to transfer the money."""
    asks = isinstance(paper, Invoice) and paper.due_on is not None
    return party.company().bank_text.strip() if asks else ""


@transaction.atomic
def on_mail_sent(*, key: str, at: str, to: str = "", **_: object) -> None:
    """Event mail.sent: the paper has left. Safe to run twice: the moment of the sending names the delivery."""
    if not key.startswith(KEY):
        return
    number = key.removeprefix(KEY).rpartition(":")[0]
    moment = datetime.fromisoformat(at)
    if not PaperDelivery.objects.filter(number=number, way=PaperDelivery.Way.MAIL, at=moment).exists():
        _delivered([number], PaperDelivery.Way.MAIL, to=to, at=moment, by=None)


@transaction.atomic
def mark_printed(invoices: Sequence[Invoice], *, by: Staff | None) -> int:
    """同梱・印刷で渡した: logged once per paper; the orders count as 送付済."""
    lock_papers()
    numbers = [invoice.number for invoice in invoices]
    printed = set(
        PaperDelivery.objects.filter(number__in=numbers, way=PaperDelivery.Way.PRINT).values_list(
            "number", flat=True
        )
    )
    fresh = [number for number in numbers if number not in printed]
    _delivered(fresh, PaperDelivery.Way.PRINT, to="", at=clock.now(), by=by)
    return len(fresh)


def _delivered(numbers: Sequence[str], way: str, *, to: str, at: datetime, by: Staff | None) -> None:
    PaperDelivery.objects.bulk_create(
        [PaperDelivery(number=number, way=way, to=to, at=at, by=by) for number in numbers]
    )
    found = Invoice.objects.filter(number__in=numbers)
    orders.note_invoice_sent([invoice.order_id for invoice in found], by=by)
    summary = "メールで送付しました" if way == PaperDelivery.Way.MAIL else "印刷して渡しました"
    activity.record_many([activity.Fact(invoice, "deliver", summary=summary) for invoice in found], by=by)
