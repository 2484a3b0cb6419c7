"""A real RMS file (people replaced, amounts as they were, saved again by Excel): every figure against the file itself."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, datetime

import pytest

from akinai.adapters.channels.rakuten import RakutenFormat
from akinai.adapters.channels.words.times import TOKYO
from akinai.core.tables import read_tables
from akinai.orders.ports import OrderDraft
from tests.samples import sample

Cells = dict[str, str]


@pytest.fixture(scope="module")
def real() -> tuple[list[OrderDraft], dict[str, list[Cells]]]:
    """(drafts, the file's own rows by order number, read by the csv module alone)."""
    data = sample("rakuten/orders_deidentified_a.csv")
    rows: dict[str, list[Cells]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(data.decode("cp932"), newline="")):
        rows[row["注文番号"]].append(row)
    table = read_tables(data, filename="20231212.csv")
    assert RakutenFormat().matches([table])
    return RakutenFormat().read([table]), rows


def number(text: str) -> int:
    return int(text or 0)


def test_no_order_no_line_and_no_yen_is_lost(real: tuple[list[OrderDraft], dict[str, list[Cells]]]) -> None:
    drafts, rows = real
    assert [draft.channel_order_no for draft in drafts] == list(rows)
    assert (len(drafts), sum(len(draft.lines) for draft in drafts)) == (40, 75)
    assert (
        sum(draft.total_yen for draft in drafts)
        == sum(number(own[0]["請求金額"]) for own in rows.values())
        == 219_622
    )


def test_every_amount_is_the_files_own(real: tuple[list[OrderDraft], dict[str, list[Cells]]]) -> None:
    drafts, rows = real
    for draft in drafts:
        own = rows[draft.channel_order_no]
        head = own[0]
        assert draft.goods_yen == number(head["商品合計金額"])
        assert draft.discount_yen == number(head["クーポン利用総額"])
        assert draft.points_yen == number(head["ポイント利用額"])
        assert draft.cod_fee_yen == number(head["代引料合計"])
        assert draft.goods_yen + draft.cod_fee_yen - draft.discount_yen - draft.points_yen == draft.total_yen
        assert [(line.unit_price_yen, line.quantity) for line in draft.lines] == [
            (number(row["単価"]), number(row["個数"])) for row in own
        ]
        assert [line.tax_rate for line in draft.lines] == [int(float(row["商品税率"]) * 100) for row in own]
        assert {tax.rate: (tax.charged_yen, tax.tax_yen) for tax in draft.taxes} == {
            rate: (number(head[f"{rate}%請求金額"]), number(head[f"{rate}%請求額に対する税額"]))
            for rate in (10, 8)
            if head[f"{rate}%請求金額"]
        }


def test_only_orders_whose_lines_are_told_twice_are_exceptions(
    real: tuple[list[OrderDraft], dict[str, list[Cells]]],
) -> None:
    """27 orders list their goods twice (two downloads joined into one file): 商品合計金額 is half of the lines.

    Shipping them as listed would send everything twice, so each says so; the 13 others say nothing at all.
    """
    drafts, rows = real
    doubled = {
        no
        for no, own in rows.items()
        if sum(number(row["単価"]) * number(row["個数"]) for row in own) == 2 * number(own[0]["商品合計金額"])
    }
    assert len(doubled) == 27
    said = {
        draft.channel_order_no: [issue.code for issue in draft.issues] for draft in drafts if draft.issues
    }
    assert all(codes == ["total_mismatch"] for codes in said.values())
    assert set(said) == doubled
    assert "ちょうど2倍" in drafts[0].issues[0].message


def test_what_excel_took_is_given_back(real: tuple[list[OrderDraft], dict[str, list[Cells]]]) -> None:
    drafts, _ = real
    first = drafts[0]
    assert first.ordered_at == datetime(2023, 12, 10, 10, 0, tzinfo=TOKYO)
    assert (first.buyer.postal_code, first.buyer.phone) == ("1000001", "090-0000-0001")
    assert first.ship_to.name == "見本 太郎1"
    assert first.shipped_on == date(2023, 12, 12)
    assert {draft.ship_to.postal_code for draft in drafts} == {"1000001"}


def test_codes_payment_and_delivery(real: tuple[list[OrderDraft], dict[str, list[Cells]]]) -> None:
    drafts, rows = real
    by = {draft.channel_order_no[-4:]: draft for draft in drafts}
    assert (by["0001"].lines[0].sku_code, by["0001"].lines[0].alternative_codes) == (
        "ITEM-0001",
        ("item0001",),
    )
    assert by["0003"].lines[0].sku_code == "sku0003-0"
    assert by["0010"].lines[2].sku_code == "SKU-0008-2"
    assert [d.payment for d in drafts].count("cod") == 1
    assert (by["0007"].payment, by["0007"].payment_settled, by["0007"].delivery_slot) == (
        "cod",
        False,
        "1921",
    )
    assert (by["0022"].payment, by["0022"].total_yen, by["0022"].points_yen) == ("points", 0, 3938)
    assert {draft.mall_status for draft in drafts} == {"shipped"}
    assert {draft.customer_note for draft in drafts} == {""}  # all comments are the empty template
    assert sum(draft.is_remote_island for draft in drafts) == 1
    slots = [rows[draft.channel_order_no][0]["お届け時間帯"] for draft in drafts]
    assert [draft.delivery_slot for draft in drafts] == ["am" if slot == "1" else slot for slot in slots]
    assert {draft.carrier for draft in drafts} == {"japanpost", "sagawa"}
