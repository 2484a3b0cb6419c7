"""Orders that are ready to ship, with their goods reserved, and a carrier that writes plain files."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps

from akinai.catalog.services import completeness
from akinai.core.tables import FileRefused, RowError
from akinai.shipping.ports import Label, LabelFile, LabelProblem, Setting, Tracking, TrackingFile
from akinai.stock import services as stock
from akinai.stock.services import Movement, Want

TOKYO = ZoneInfo("Asia/Tokyo")
counter = itertools.count(1)


def model(name: str) -> Any:
    return apps.get_model(name)


def staff(username: str = "takahashi", **fields: Any) -> Any:
    return model("staff.Staff").objects.get_or_create(
        username=username, defaults={"display_name": username, **fields}
    )[0]


def company(**fields: Any) -> Any:
    values = {
        "name": "商い商店株式会社", "shop_name": "あきない本舗", "registration_number": "T7123456789012",
        "postal_code": "6048001", "prefecture": "京都府", "city": "京都市中京区", "line1": "河原町通三条上る 1-1",
        "phone": "075-000-0000", "email": "shop@example.jp", "bank_text": "京都銀行 本店 普通 1234567",
        "tax_rounding": "down", **fields,
    }  # fmt: skip
    return model("party.Company").objects.update_or_create(pk=1, defaults=values)[0]


def channel(code: str = "generic", **fields: Any) -> Any:
    return model("channels.Channel").objects.update_or_create(
        code=code, defaults={"name": fields.pop("name", code), "kind": "generic", **fields}
    )[0]


def location() -> Any:
    return model("stock.Location").objects.filter(is_default=True).first() or model(
        "stock.Location"
    ).objects.create(code="MAIN", name="本社倉庫", is_default=True)


def sku(code: str = "", *, jan: str | None = None, shelf: str = "", name: str = "") -> Any:
    code = code or f"SKU-{next(counter):04}"
    found = model("catalog.Sku").objects.filter(code=code).first()
    if found:
        return found
    product = model("catalog.Product").objects.create(
        number=f"PR-{code}", code=f"P-{code}", name=name or f"商品 {code}"
    )
    made = model("catalog.Sku").objects.create(
        product=product, code=code, code_key=code, jan=jan, shelf=shelf
    )
    made.price_changes.create(price_yen=made.price_yen)
    completeness.refresh([product.pk])
    return made


def line(
    amount: int = 1100, *, quantity: int = 1, rate: int = 10, goods: Any = None, name: str = "", **more: Any
) -> dict[str, Any]:
    return {
        "sku": goods or sku(), "quantity": quantity, "unit_price_yen": amount, "tax_rate": rate,
        "name": name or f"商品 {rate}%", **more,
    }  # fmt: skip


def order(*lines: dict[str, Any], state: str = "ready", stocked: bool = True, **fields: Any) -> Any:
    """An order of the generic channel; `total_yen` defaults to what its parts add up to."""
    nth = next(counter)
    rows = list(lines) or [line()]
    goods_yen = sum(row["unit_price_yen"] * row["quantity"] for row in rows)
    values = {
        "number": f"SO-2026-9{nth:05}", "channel": fields.pop("channel", None) or channel(), "channel_order_no": f"W-{nth}",
        "state": state, "ordered_at": datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO), "location": location(),
        "buyer_name": "山田 花子", "buyer_email": "hanako@example.com", "buyer_postal_code": "1500001",
        "buyer_address": "東京都渋谷区神宮前1-2-3", "ship_name": "山田 花子", "ship_postal_code": "1500001",
        "ship_prefecture": "東京都", "ship_city": "渋谷区", "ship_line1": "神宮前1-2-3", "ship_phone": "03-0000-0000",
        "payment": "card", "payment_settled": True, "goods_yen": goods_yen, **fields,
    }  # fmt: skip
    values.setdefault("payment_progress", "done" if values["payment_settled"] else "none")
    if "total_yen" not in values:
        plus = (
            "shipping_yen",
            "cod_fee_yen",
            "payment_fee_yen",
            "wrapping_yen",
            "adjustment_yen",
            "outer_tax_yen",
        )
        values["total_yen"] = (
            goods_yen
            + sum(values.get(name, 0) for name in plus)
            - sum(values.get(name, 0) for name in ("discount_yen", "points_yen"))
        )
    made = model("orders.Order").objects.create(**values)
    for no, row in enumerate(rows, start=1):
        model("orders.OrderLine").objects.create(order=made, line_no=no, sku_code=row["sku"].code, **row)
    if stocked:
        reserve(made)
    return made


def reserve(made: Any) -> None:
    """Put the goods on the shelf and hold them for the order."""
    rows = list(made.lines.all())
    stock.post(
        [
            Movement(
                row.sku_id, made.location_id, "opening", row.quantity, "T", f"t:{made.number}/{row.line_no}"
            )
            for row in rows
        ],
        by=None,
    )
    stock.reserve_lines(
        [
            Want(f"{made.number}/{row.line_no}", row.sku_id, made.location_id, row.quantity, made.ordered_at)
            for row in rows
        ],
        by=None,
    )


def shipped_order(*lines: dict[str, Any], **fields: Any) -> Any:
    """An order that has left (no shipment rows): enough for billing."""
    at = fields.pop("shipped_at", datetime(2026, 11, 22, 15, 0, tzinfo=TOKYO))
    return order(*lines, state="shipped", stocked=False, shipped_at=at, shipment_progress="done", **fields)


def shipment_gone(*lines: dict[str, Any], numbers: Sequence[str] = (), **fields: Any) -> Any:
    """A shipment that went the whole way: goods reserved, instructed, shipped."""
    from akinai.shipping import services

    company()
    made = order(*lines, **fields)
    shipment = services.instruct([made.pk], ship_on=date(2026, 11, 24), by=None).shipments.get()
    services.add_tracking(shipment, numbers=numbers, by=None)
    services.ship([shipment.pk], by=None)
    return shipment


def on_hand(goods: Any) -> int:
    level = model("stock.StockLevel").objects.filter(sku=goods).first()
    return level.on_hand if level else 0


class PlainCarrier:
    """運送会社 for tests: one text line per label; results are `reference,number[,date]` after the word PLAIN."""

    code = "plain"
    title = "テスト運輸"
    tracking_url = "https://example.jp/track?no={no}"
    slots = ("am", "1416", "1618")
    settings = (
        Setting("customer_code", "顧客コード", pattern=r"\d{9}", form="9桁の数字", is_required=True),
        Setting("packing", "荷姿", default="box", choices=(("box", "箱"), ("bag", "袋"))),
    )

    def write_labels(self, labels: Sequence[Label], *, account: Mapping[str, str], today: date) -> LabelFile:
        bad = [label for label in labels if len(label.to.line1) > 16]
        good = [label for label in labels if label not in bad]
        text = "".join(
            f"{label.reference},{label.to.name},{label.cod_yen},{label.service}\r\n" for label in good
        )
        problems = tuple(
            LabelProblem(
                label.reference,
                "住所",
                label.to.line1,
                "住所が16文字を超えています。受注の住所を分けてください。",
            )
            for label in bad
        )
        return LabelFile(
            f"plain-{today:%Y%m%d}.csv",
            text.encode("cp932"),
            tuple(label.reference for label in good),
            problems,
        )

    def sniff_result(self, data: bytes, filename: str) -> bool:
        return data.startswith(b"PLAIN")

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        rows = data.decode().splitlines()[1:]
        if any("E+" in row for row in rows):
            raise FileRefused([RowError(filename, 2, "送り状番号", rows[0], "Excel で壊れた番号です。")])
        found = []
        for at, row in enumerate(rows, start=2):
            reference, number, *day = row.split(",")
            found.append(Tracking(reference, number, date.fromisoformat(day[0]) if day else None, at))
        return TrackingFile(tuple(found), ())

    def check_number(self, number: str) -> str:
        good = number.isdigit() and len(number) == 12 and int(number[:11]) % 7 == int(number[11])
        return "" if good else "チェックデジットが合いません。"


def number(base: int) -> str:
    """A tracking number with a right check digit."""
    return f"{base:011}{base % 7}"
