"""Picking list and packing slips, read back from the PDF."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from akinai.shipping import papers, queries, services
from akinai.shipping.models import Shipment
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, order, sku

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def pages(pdf: bytes) -> list[str]:
    """The text of each page without white space."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def instructed(*orders: Any) -> list[Shipment]:
    factories.company()
    batch = services.instruct([one.pk for one in orders], ship_on=DAY, by=None)
    return queries.with_papers(queries.open_in(batch))


def test_papers_lie_in_the_order_of_the_shelves_and_equal_boxes_together() -> None:
    far, near, nowhere = sku(shelf="B-02"), sku(shelf="A-01"), sku(shelf="")
    orders = [
        order(line(goods=nowhere)), order(line(goods=far)), order(line(goods=near)), order(line(goods=far), line(goods=near)),
        order(line(goods=near)),
    ]  # fmt: skip
    found = [shipment.order for shipment in instructed(*orders)]
    assert found == [orders[2], orders[4], orders[3], orders[1], orders[0]]


def test_a_slip_says_whose_it_is_and_long_ones_count_their_pages() -> None:
    many = order(*[line(name=f"商品その{at}", quantity=1) for at in range(1, 61)])
    shipments = instructed(order(), many)
    texts = pages(papers.slips_pdf(shipments))
    numbers = {shipment.order_id: shipment.number for shipment in shipments}
    long = [text for text in texts if numbers[many.pk] in text]
    assert len(long) == 2 and len(texts) == 3
    assert [text.endswith(f"{numbers[many.pk]}{at}/2") for at, text in enumerate(long, 1)] == [True, True]
    short = next(text for text in texts if numbers[many.pk] not in text)
    assert short.count("SH-") == 2 and not short.endswith("1/1")
    assert all("".join(long).count(f"商品その{at}") >= 1 for at in range(1, 61))


def test_a_present_shows_no_prices_and_who_sent_it() -> None:
    gift = order(
        line(5_432, name="ギフト"), buyer_name="山田 花子", ship_name="鈴木 一郎", gift_note="のし: 御歳暮"
    )
    (text,) = pages(papers.slips_pdf(instructed(gift)))
    assert "鈴木一郎様" in text and "ご注文者山田花子様" in text and "のし:御歳暮" in text
    for secret in ("5,432", "単価", "合計", gift.channel_order_no):
        assert secret not in text


def test_a_picking_list_of_a_long_order_runs_over_the_page_and_loses_nothing() -> None:
    many = order(
        *[line(name=f"商品その{at}の長い名前です", goods=sku(shelf=f"A-{at:02}")) for at in range(1, 71)]
    )
    texts = pages(papers.picking_of(instructed(many), name="WV-1"))
    sorting = "".join(texts[texts.index(next(text for text in texts if text.startswith("仕分け"))) :])
    assert all(sorting.count(f"商品その{at}の長い名前です") == 1 for at in range(1, 71))
    assert all(f"{at}/{len(texts)}" in text for at, text in enumerate(texts, 1))


def test_the_picking_list_adds_up_what_all_boxes_need_by_shelf() -> None:
    apple, tea = sku("APPLE", shelf="B-1", name="りんご"), sku("TEA", shelf="A-1", name="お茶")
    shipments = instructed(order(line(goods=apple, quantity=2), line(goods=tea)), order(line(goods=apple)))
    picks = queries.picks([shipment.pk for shipment in shipments])
    assert [(pick.shelf, pick.code, pick.quantity) for pick in picks] == [
        ("A-1", "TEA", 1),
        ("B-1", "APPLE", 3),
    ]
    first = pages(papers.picking_of(shipments, name="WV-1"))[0]
    assert "2品目・4点" in first and first.index("A-1") < first.index("B-1")
