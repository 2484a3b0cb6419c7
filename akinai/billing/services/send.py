"""請求書の送付: by mail with the PDF as issued, or printed and put into the box; each delivery is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.billing import links, queries
from akinai.billing.errors import NotInvoiceable
from akinai.billing.mail_texts import CREDIT_NOTE, INVOICE, STATEMENT
from akinai.billing.models import CreditNote, Invoice, PaperDelivery, Statement, StatementVoid
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
type Paper = Invoice | CreditNote | Statement


@transaction.atomic
def send(paper: Paper, *, by: Staff | None, to: str = "") -> bool:
    """メールで送る: queue one mail with the stored PDF. False when this mail waits already.

    Sending once more after a delivery is a new mail. Raises NotInvoiceable without a usable address, PaperLost when
    the file is not what was issued.
    """
    address = to.strip() or address_for(paper)
    if not mail.is_address(address):
        raise NotInvoiceable(
            f"{paper.number} の送り先のメールアドレスがありません。",
            way_out="印刷して同梱するか、送り先を入力してください。",
        )
    if isinstance(paper, Statement) and StatementVoid.objects.filter(statement=paper).exists():
        raise NotInvoiceable(
            f"{paper.number} は取り消されています。", way_out="取り消していない合計請求書を送ってください。"
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


def address_for(paper: Paper) -> str:
    """送り先 when nobody names another: of the customer's terms, else the buyer's or the customer's own."""
    if not isinstance(paper, Statement):
        return paper.order.buyer_email
    terms = queries.terms_of([paper.customer_id]).get(paper.customer_id)
    return (terms.send_to if terms else "") or paper.customer.email


def send_many(papers: Sequence[Paper], *, by: Staff | None) -> tuple[int, list[tuple[str, str]]]:
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
    if isinstance(paper, Statement):
        return _statement_letter(paper)
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
        "領収書": links.url_of(paper.order.number),
        "理由": paper.reason if isinstance(paper, CreditNote) else "",
        "署名": party.signature(issuer, with_number=True),
    }
    text = CREDIT_NOTE if isinstance(paper, CreditNote) else INVOICE
    return mail_texts.compose(text.code, {name: values[name] for name in text.samples})


def _statement_letter(paper: Statement) -> tuple[str, str]:
    asks = paper.asked_yen > 0
    values = {
        "宛名": paper.recipient_name,
        "店舗名": paper.issuer.get("shop_name") or paper.issuer["name"],
        "番号": paper.number,
        "締め日": jdate(paper.closed_on),
        "前回請求額": yen(paper.previous_yen),
        "入金額": yen(paper.received_yen),
        "今回お買上額": yen(paper.total_yen),
        "金額": yen(paper.asked_yen),
        "支払期限": jdate(paper.due_on) if asks else "",
        "振込先": party.company().bank_text.strip() if asks else "",
        "署名": party.signature(paper.issuer, with_number=True),
    }
    return mail_texts.compose(STATEMENT.code, {name: values[name] for name in STATEMENT.samples})


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
def mark_printed(papers: Sequence[Paper], *, by: Staff | None) -> int:
    """同梱・印刷で渡した: logged once per paper; the orders count as 送付済."""
    lock_papers()
    numbers = [paper.number for paper in papers]
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
    found = list(Invoice.objects.filter(number__in=numbers))
    orders.note_invoice_sent([invoice.order_id for invoice in found], by=by)
    others = [*CreditNote.objects.filter(number__in=numbers), *Statement.objects.filter(number__in=numbers)]
    summary = "メールで送付しました" if way == PaperDelivery.Way.MAIL else "印刷して渡しました"
    activity.record_many(
        [activity.Fact(paper, "sent", summary=summary) for paper in [*found, *others]], by=by
    )
