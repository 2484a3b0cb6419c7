"""内容の指紋と差分: what counts as the order itself and what is noise. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from akinai.orders import content
from akinai.orders.ports import Address, DestinationDraft, IssueDraft, OrderDraft
from tests.cast import AOKI, NOW, draft

TOLD = draft("A-1", ("TEA-001", 2, 1080), ("CUP-001", 1, 1650))


@pytest.mark.parametrize(
    "noise",
    [
        {"mall_status": "shipped"}, {"payment_settled": False}, {"paid_at": NOW}, {"tracking_no": "123456789012"},
        {"shipped_on": date(2026, 11, 25)}, {"shop_note": "楽天のひとことメモ"}, {"source_file": "b.csv"},
        {"source_line": 99}, {"raw": {"ステータス": "500"}}, {"issues": (IssueDraft("other", "…"),)},
        {"payment_label": "クレカ"}, {"carrier": "sagawa"},
    ],
)  # fmt: skip
def test_what_the_mall_does_to_an_order_is_not_its_content(noise: dict[str, Any]) -> None:
    assert content.digest(replace(TOLD, **noise)) == content.digest(TOLD)


@pytest.mark.parametrize(
    "change",
    [
        {"total_yen": 1}, {"payment": "cod"}, {"customer_note": "のしをお願いします"}, {"delivery_on": date(2026, 12, 1)},
        {"ship_to": replace(AOKI, line2="201号室")}, {"buyer": replace(AOKI, phone="03-1234-5678")},
        {"lines": TOLD.lines[:1]}, {"lines": (replace(TOLD.lines[0], quantity=3), TOLD.lines[1])}, {"points_yen": 10},
    ],
)  # fmt: skip
def test_what_the_buyer_ordered_is_the_content(change: dict[str, Any]) -> None:
    assert content.digest(replace(TOLD, **change)) != content.digest(TOLD)


def differences(before: OrderDraft, after: OrderDraft) -> list[tuple[str, str, str]]:
    found = content.differences(
        content.columns(before), [content.line_columns(line) for line in before.lines],
        content.columns(after), [content.line_columns(line) for line in after.lines],
    )  # fmt: skip
    return [(d.title, d.before, d.after) for d in found]


def test_differences_read_as_a_clerk_reads_them() -> None:
    after = replace(
        TOLD, ship_to=replace(AOKI, line1="神宮前5-1"), payment="cod", total_yen=4140, cod_fee_yen=330,
        delivery_on=date(2026, 12, 1),
        lines=(replace(TOLD.lines[0], quantity=1), replace(TOLD.lines[1], line_no=3)),
    )  # fmt: skip
    assert differences(TOLD, after) == [
        ("送付先番地", "神宮前4-12-3", "神宮前5-1"),
        ("支払方法", "クレジットカード", "代金引換"),
        ("代引手数料", "¥0", "¥330"),
        ("請求金額", "¥3,810", "¥4,140"),
        ("お届け希望日", "", "2026/12/01"),
        ("明細 1 数量", "2", "1"),
        ("明細 2", "CUP-001 商品 CUP-001 × 1", "（なくなりました）"),
        ("明細 3", "（ありません）", "CUP-001 商品 CUP-001 × 1"),
    ]


def test_the_same_telling_has_no_difference() -> None:
    assert differences(TOLD, TOLD) == []


def test_a_draft_comes_back_whole_from_json() -> None:
    told = replace(
        TOLD, paid_at=NOW, shipped_on=date(2026, 11, 25), delivery_on=date(2026, 12, 1), raw={"列": "値"},
        issues=(IssueDraft("other", "…", 1),), lines=(replace(TOLD.lines[0], alternative_codes=("a", "b")),),
        others=(DestinationDraft(Address("別 送先"), ((1, 1), (2, 3)), date(2026, 12, 2), "am", "2"), DestinationDraft(Address("次"), ())),
    )  # fmt: skip
    assert content.from_json(content.to_json(told)) == told


def test_texts_fit_their_columns() -> None:
    columns = content.columns(replace(TOLD, buyer=replace(AOKI, name="山" * 300), total_yen=-5))
    assert (len(columns["buyer_name"]), columns["total_yen"]) == (100, 0)


def test_search_finds_folded_names_digits_and_the_mall_number() -> None:
    assert content.search_text(TOLD) == "a-1 青木美咲 あおきみさき 09000001001 aoki@example.com"
