"""発注書を送る: the PDF as issued, by mail through the outbox or by fax and telephone; and asking again when no reply comes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from akinai.core import activity, clock, mail, mail_texts, paper_store, transitions
from akinai.core.business_days import add_business_days
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.party import queries as party
from akinai.purchasing import papers
from akinai.purchasing.mail_texts import CHASE, ORDER
from akinai.purchasing.models import PurchaseOrder
from akinai.purchasing.queries import terms
from akinai.purchasing.states import OrderState
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.staff.models import Staff

KEY, CHASE_KEY = "po:", "po-chase:"


@transaction.atomic
def send(order: PurchaseOrder, *, by: Staff | None, to: str = "", by_mail: bool = True) -> PurchaseOrder:
    """発注: the order leaves. By mail its PDF is queued in the same transaction; else it was faxed, called or handed over.

    Raises DomainError without a usable address, ImpossibleMove unless it is approved. Sending twice at once sends once.
    """
    found = PurchaseOrder.objects.select_related("supplier", "location").get(pk=order.pk)
    conditions = terms.terms_of(found.supplier_id)
    now, today = clock.now(), clock.today()
    fields = {
        "sent_at": now, "ordered_on": today, "reply_by": add_business_days(today, conditions.reply_days),
    }  # fmt: skip
    transitions.apply(found, "send", by=by, note="メール" if by_mail else "FAX・電話など", set_fields=fields)
    sha256 = paper_store.keep(papers.order_pdf(found))
    PurchaseOrder.objects.filter(pk=found.pk).update(pdf_sha256=sha256)
    found.pdf_sha256 = sha256
    if by_mail:
        _mail(found, ORDER, to=to, key=f"{KEY}{found.number}:1", by=by)
    return found


@transaction.atomic
def send_again(order: PurchaseOrder, *, by: Staff | None, to: str = "") -> bool:
    """もう一度メールで送る, the paper as issued. False when a mail of it waits already."""
    found = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    if not found.pdf_sha256:
        raise DomainError(f"{found.number} はまだ発注していません。", way_out="先に発注してください。")
    sent = mail.tried(f"{KEY}{found.number}:")
    key = f"{KEY}{found.number}:{sent + 1}"
    if mail.is_waiting(key):
        return False
    _mail(found, ORDER, to=to, key=key, by=by)
    return True


@transaction.atomic
def chase(order: PurchaseOrder, *, by: Staff | None, to: str = "") -> PurchaseOrder:
    """催促: no reply came by the day it was waited for; ask once more and wait as long again. Once a day."""
    found = PurchaseOrder.objects.select_for_update(no_key=True).select_related("supplier").get(pk=order.pk)
    if found.state != OrderState.SENT:
        raise DomainError(f"{found.number} は「{found.get_state_display()}」なので、返事を待っていません。")
    today = clock.today()
    if found.chased_at and timezone.localdate(found.chased_at) == today:
        raise DomainError(
            f"{found.number} には今日もう催促しました。", way_out="明日まで待つか、電話してください。"
        )
    _mail(found, CHASE, to=to, key=f"{CHASE_KEY}{found.number}:{today:%Y%m%d}", by=by)
    days = terms.terms_of(found.supplier_id).reply_days
    wait_until = add_business_days(today, max(days, 1))
    PurchaseOrder.objects.filter(pk=found.pk).update(chased_at=clock.now(), reply_by=wait_until)
    return found


def address_of(order: PurchaseOrder) -> str:
    """発注先のメールアドレス: of the terms, else of the supplier."""
    return terms.terms_of(order.supplier_id).order_email or order.supplier.email


def _mail(order: PurchaseOrder, text: mail_texts.Declared, *, to: str, key: str, by: Staff | None) -> None:
    address = to.strip() or address_of(order)
    if not mail.is_address(address):
        raise DomainError(
            f"{order.supplier.name} の発注先メールアドレスがありません。",
            way_out="仕入条件に登録するか、FAX・電話で発注した場合は「送付済みにする」を選んでください。",
        )
    subject, body = mail_texts.compose(text.code, _values(order))
    queued = mail.enqueue(
        to=address, subject=subject, body=body, key=key, reply_to=party.company().email,
        attachments=[(f"{order.number}.pdf", paper_store.path_of(order.pdf_sha256))],
    )  # fmt: skip
    activity.record(order, "queue_mail", by=by, summary=f"{queued.to} へのメールを送信待ちに入れました")


def _values(order: PurchaseOrder) -> dict[str, str]:
    company = party.company()
    contact = terms.terms_of(order.supplier_id).contact
    return {
        "宛名": f"{order.supplier.name} {contact + ' 様' if contact else '御中'}",
        "自社名": company.name,
        "番号": order.number,
        "発注日": _day(order.ordered_on),
        "希望納期": _day(order.due_on),
        "金額": yen(order.net_yen),
        "返事の期限": _day(order.reply_by),
        "連絡": order.note,
        "署名": party.signature(party.issuer_of(company)),
    }


def _day(day: date | None) -> str:
    return jdate(day) if day else ""


@transaction.atomic
def on_mail_given_up(*, key: str, **_: object) -> None:
    """Event mail.given_up: the supplier has not got it; the order stands among those without a reply. Safe to run twice."""
    if not key.startswith(KEY):
        return
    number = key.removeprefix(KEY).partition(":")[0]
    for order in PurchaseOrder.objects.filter(number=number, state=OrderState.SENT):
        PurchaseOrder.objects.filter(pk=order.pk).update(reply_by=clock.today())
        activity.record(
            order, "note", by=None, summary="発注のメールを送れませんでした。送信メールを確かめてください。"
        )
