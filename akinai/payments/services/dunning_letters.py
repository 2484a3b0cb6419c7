"""督促の文面 of one due: the shop's text with what the order or the statement says now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.core import mail_texts
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.party import queries as party
from akinai.payments import queries
from akinai.payments.models import Due, DunningStep
from akinai.payments.rules.dunning import after
from akinai.payments.states import DunningWay
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.billing.models import BillingTerms
    from akinai.orders.models import Order


def address_of(due: Due, terms: Mapping[int, BillingTerms]) -> str:
    """送り先: the buyer of an order; for a statement where its bills go, else the customer's own address."""
    if due.order:
        return due.order.buyer_email
    agreed = terms.get(due.customer_id or 0)
    return (agreed.send_to if agreed else "") or (due.customer.email if due.customer else "")


def letter(due: Due, step: DunningStep, *, on: date) -> tuple[str, str]:
    """(件名, 本文) of one step for one due (a row of `queries.dues`), as it is sent on `on`."""
    return mail_texts.filled(step.subject, step.body, values_of(due, on=on))


def values_of(due: Due, *, on: date) -> dict[str, str]:
    """差し込み, each name of `dunning_texts.PLACEHOLDERS`."""
    company = party.company()
    issuer = party.issuer_of(company)
    return {
        "店舗名": company.shop_name or company.name, "金額": yen(due.owed_yen), "支払期限": jdate(due.due_on),
        "超過日数": str(max((on - due.due_on).days, 0)), "振込先": company.bank_text.strip(),
        "キャンセル日": _cancelled_on(due, on), "署名": party.signature(issuer), **_subject(due),
    }  # fmt: skip


def _subject(due: Due) -> dict[str, str]:
    if due.statement:
        closed = jdate(due.statement.closed_on)
        return {
            "宛名": due.statement.recipient_name, "番号": due.statement.number, "締め日": closed, "注文日": "", "商品一覧": "",
        }  # fmt: skip
    order = due.order
    if order is None:
        return dict.fromkeys(("宛名", "番号", "締め日", "注文日", "商品一覧"), "")
    ordered = jdate(timezone.localdate(order.ordered_at))
    return {
        "宛名": _to(order), "番号": order.channel_order_no, "締め日": "", "注文日": ordered, "商品一覧": orders.goods_in_words(order.pk),
    }  # fmt: skip


def _to(order: Order) -> str:
    name = order.buyer_name.strip() or order.ship_name.strip()
    company = order.buyer_company.strip()
    person = f"{name} 様" if name else ""
    if company and name != company:
        return f"{company} {person}" if person else f"{company} 御中"
    return person or "お客様"


def _cancelled_on(due: Due, on: date) -> str:
    """The day of 自動キャンセル when everything goes on as it is."""
    steps = queries.plain(queries.steps().get(due.kind, []))
    for step, day in after(steps, due_on=due.due_on, last=queries.last_of(due), today=on):
        if step.way == DunningWay.CANCEL:
            return jdate(day)
    return ""
