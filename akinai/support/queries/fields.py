"""定型文の項目: what a letter may say of a ticket and one of its own orders, read anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.orders import queries as orders
from akinai.orders.states import DELIVERY_SLOTS
from akinai.party import queries as party
from akinai.shipping import queries as shipping
from akinai.shipping import return_queries
from akinai.support.models import Ticket
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.shipping.models import ReturnCase, Shipment
    from akinai.staff.models import Staff

OF_TICKET: Mapping[str, str] = {
    "お名前": "お客様のお名前（「様」は付きません）",
    "問い合わせ番号": "この問い合わせの番号",
    "件名": "お客様が書いた件名",
    "担当者": "返信を書いている人",
    "店舗名": "自社情報の店舗名",
    "店舗の電話": "自社情報の電話番号",
    "店舗のメール": "自社情報のメールアドレス",
    "今日": "今日の日付",
}
OF_ORDER: Mapping[str, str] = {
    "受注番号": "受注番号",
    "モール注文番号": "モールの注文番号（お客様の画面の番号）",
    "注文日": "ご注文の日",
    "商品一覧": "商品名と数量、1 行ずつ",
    "合計金額": "請求金額",
    "支払方法": "支払方法",
    "入金期限": "入金期限（銀行振込など）",
    "お届け先": "お届け先のお名前と住所",
    "お届け予定": "お届け希望日と時間帯",
    "出荷日": "出荷した日",
    "配送会社": "運送会社",
    "送り状番号": "送り状番号",
    "返品番号": "いちばん新しい返品の番号",
}
FIELDS: Mapping[str, str] = {**OF_TICKET, **OF_ORDER}


def values_for(ticket: Ticket, order: Order | None, *, by: Staff) -> dict[str, str]:
    """項目の名前 → 値, "" where there is none. Without an order its fields are all empty."""
    told = dict.fromkeys(FIELDS, "") | _of_ticket(ticket, by)
    return told | _of_order(order) if order is not None else told


def _of_ticket(ticket: Ticket, by: Staff) -> dict[str, str]:
    company = party.company()
    customer = party.customer_by_id(ticket.customer_id) if ticket.customer_id else None
    return {
        "お名前": customer.name if customer else ticket.contact_name, "問い合わせ番号": ticket.number, "件名": ticket.subject,
        "担当者": str(by), "店舗名": company.shop_name or company.name, "店舗の電話": company.phone, "店舗のメール": company.email,
        "今日": jdate(clock.today()),
    }  # fmt: skip


def _of_order(order: Order) -> dict[str, str]:
    gone = [one for one in shipping.shipments_of(order.pk) if one.state in shipping.GONE]
    cases = [one for one in return_queries.cases_of(order.pk) if one.order_id == order.pk]
    return {
        "受注番号": order.number, "モール注文番号": order.channel_order_no, "注文日": jdate(order.ordered_at),
        "商品一覧": orders.goods_in_words(order.pk),
        "合計金額": f"{order.total_yen:,}円" if order.amounts_known else "", "支払方法": order.get_payment_display(),
        "入金期限": jdate(order.payment_due_on), "お届け先": _place(order), "お届け予定": _due(order),
        "出荷日": jdate(order.shipped_at), **_parcels(gone), "返品番号": _last(cases),
    }  # fmt: skip


def _place(order: Order) -> str:
    street = "".join([order.ship_prefecture, order.ship_city, order.ship_line1, order.ship_line2])
    return f"{order.ship_name} 様（{street}）" if order.ship_name and street else ""


def _due(order: Order) -> str:
    slot = DELIVERY_SLOTS.get(order.delivery_slot, "")
    return f"{jdate(order.delivery_on)} {slot}".strip() if order.delivery_on else ""


def _parcels(gone: list[Shipment]) -> dict[str, str]:
    parcels = [parcel for one in gone for parcel in (one.rides_with or one).parcels.all()]
    carriers = dict.fromkeys(shipping.name_of(parcel.carrier) for parcel in parcels)
    numbers = dict.fromkeys(parcel.tracking_no for parcel in parcels)
    return {"配送会社": "・".join(carriers), "送り状番号": "、".join(numbers)}


def _last(cases: list[ReturnCase]) -> str:
    return cases[-1].number if cases else ""
