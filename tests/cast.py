"""The cast of every test: 佐藤 (受注), 鈴木 (経理), 高橋 (倉庫), 加藤 (サポート), 部外者, and drafts they work on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from akinai.catalog.services import StubSku, create_stub_skus
from akinai.channels import queries as channels
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft
from akinai.party.services import found_company
from akinai.staff.models import Staff
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

ROLES = {"佐藤": "受注", "鈴木": "経理", "高橋": "倉庫", "田中": "商品", "伊藤": "店長", "加藤": "サポート"}
NOW = timezone.make_aware(datetime(2026, 11, 24, 9, 0))


def staff(name: str) -> Staff:
    """A member of the cast; 部外者 has no role at all."""
    person, made = Staff.objects.get_or_create(username=f"user-{name}", defaults={"display_name": name})
    if made and name in ROLES:
        person.groups.set(Group.objects.filter(name=ROLES[name]))
    return person


def company() -> None:
    found_company(
        name="株式会社 見本茶舗", registration_number="T4011001098993", postal_code="1010051", prefecture="東京都",
        city="千代田区", line1="神田神保町1-2-3", phone="03-0000-1234", email="shop@example.jp",
    )  # fmt: skip


def sku(code: str, *, pieces: int = 0, price: int = 1080, rate: int = 8) -> int:
    """A SKU with so many pieces on the shelf."""
    pk = create_stub_skus([StubSku(code, f"商品 {code}", price, rate)], by=None)[code]
    if pieces:
        receive(pk, pieces, key=f"opening:{code}")
    return pk


def receive(sku_id: int, pieces: int, *, key: str) -> None:
    place = stock.default_location_id()
    stock_services.post([stock_services.Movement(sku_id, place, "receipt", pieces, "GR-TEST", key)], by=None)


def level(sku_id: int) -> tuple[int, int]:
    """(on hand, reserved)."""
    found = stock.levels([sku_id])[sku_id]
    return found.on_hand, found.reserved


AOKI = Address(
    name="青木 美咲", kana="アオキ ミサキ", postal_code="1500001", prefecture="東京都", city="渋谷区", line1="神宮前4-12-3",
    phone="090-0000-1001", email="aoki@example.com",
)  # fmt: skip


def somebody(mark: str) -> Address:
    """Another customer at the same address, told apart by the mail address and the name."""
    return replace(AOKI, name=f"見本 {mark}", kana=f"ミホン {mark}", email=f"{mark.lower()}@example.com")


def draft(no: str, *wanted: tuple[str, int, int], **changes: Any) -> OrderDraft:
    """An order of (code, quantity, unit price 税込 8 %) lines that nothing is wrong with."""
    lines = tuple(
        LineDraft(n, code, f"商品 {code}", count, price, 8)
        for n, (code, count, price) in enumerate(wanted, 1)
    )
    goods = sum(line.subtotal_yen for line in lines)
    told: dict[str, Any] = {
        "channel_order_no": no, "ordered_at": NOW - timedelta(hours=2), "buyer": AOKI, "ship_to": AOKI, "lines": lines,
        "payment": "card", "payment_label": "クレジットカード", "payment_settled": True, "total_yen": goods,
        "goods_yen": goods, "taxes": (TaxDraft(8, goods, goods * 8 // 108),),
    }  # fmt: skip
    return OrderDraft(**{**told, **changes})


def place(told: OrderDraft, *, channel: str = "rakuten", **options: Any) -> Order:
    """The order that a draft became (or already was)."""
    found = channels.by_code(channel)
    orders.place(told, channel=found, by=None, **options)
    return Order.objects.get(channel=found, channel_order_no=told.channel_order_no)
