"""請求書の送付: by mail with the PDF as issued, or printed and put into the box; each delivery is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string

from akinai.billing import store
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import CreditNote, Invoice, PaperDelivery
from akinai.core import activity, clock, mail
from akinai.orders import services as orders

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
    if not _is_address(address):
        raise NotInvoiceable(
            f"{paper.number} の送り先のメールアドレスがありません。",
            way_out="印刷して同梱するか、送り先を入力してください。",
        )
    store.read(paper.pdf_sha256)
    now = clock.now()
    key = f"{KEY}{paper.number}:{mail.tried(f'{KEY}{paper.number}:') + 1}"
    queued = mail.enqueue(
        to=address,
        subject=_subject(paper),
        body=_body(paper),
        key=key,
        reply_to=paper.issuer.get("email", ""),
        attachments=[(f"{paper.number}.pdf", store.path_of(paper.pdf_sha256))],
    )
    if queued.created_at < now:
        return False
    activity.record(paper, "queue_mail", by=by, summary=f"{queued.to} へのメールを送信待ちに入れました")
    return True


def send_many(papers: Sequence[Invoice], *, by: Staff | None) -> tuple[int, list[str]]:
    """まとめて送る: (queued, sentences for those that could not be)."""
    queued, refused = 0, []
    for paper in papers:
        try:
            queued += send(paper, by=by)
        except NotInvoiceable as refusal:
            refused.append(f"{refusal.message}{refusal.way_out}")
    return queued, refused


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _title(paper: Paper) -> str:
    return "返還請求書" if isinstance(paper, CreditNote) else "請求書"


def _subject(paper: Paper) -> str:
    shop = paper.issuer.get("shop_name") or paper.issuer.get("name", "")
    return " ".join(f"【{shop}】{_title(paper)} {paper.number} をお送りします".split())[:200]


def _body(paper: Paper) -> str:
    context = {"paper": paper, "order": paper.order, "title": _title(paper), "issuer": paper.issuer}
    return render_to_string("billing/mail/paper.txt", context)


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
