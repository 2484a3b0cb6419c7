"""Amazon's reports of many orders by the command: every figure that the report tells is what was sold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.amazon.tests import realistic
from akinai.adapters.channels.amazon.writer import HEADER
from akinai.adapters.channels.tests import files, taken
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, ordinary, sales

pytestmark = pytest.mark.django_db
CAN = Can(pays=("card", "cod", "convenience"), points=False, mall_coupon=False, fee=False)
KINDS = {"card": "mall", "cod": "cod", "convenience": "convenience"}
TOLD = {
    "payment": lambda sale: KINDS[sale.pay],
    "settled": lambda sale: sale.pay != "cod",
    "note": lambda sale: "",
    "slot": lambda sale: sale.slot if sale.on else "",
    "lines": lambda sale: [(li.code, li.name, li.quantity, li.price, li.rate, "") for li in sale.lines],
    "taxes": lambda sale: {},
}  # fmt: skip
NO_PRICES = TOLD | {
    "lines": lambda sale: [(li.code, li.name, li.quantity, 0, 10, "") for li in sale.lines],
    "goods": lambda sale: 0, "shipping": lambda sale: 0, "discount": lambda sale: 0,
    "cod_fee": lambda sale: sale.cod_fee, "total": lambda sale: sale.total if sale.pay == "cod" else 0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def amazons(sold: list[Sale]) -> list[Sale]:
    """Whom and what Amazon can write in CP932: no kana, no companies; a free line has no tax to tell a rate by."""
    plain = {p: replace(p, company="", last=p.last.replace("𠮷", "吉")) for p in PEOPLE}
    return [
        replace(
            sale,
            buyer=plain[sale.buyer],
            to=plain[sale.to],
            lines=tuple(replace(line, price=max(line.price, 33), rate=line.rate) for line in sale.lines),
        )
        for sale in sold
    ]


def check(sold: list[Sale], changed: dict[str, Any]) -> None:
    assert taken.differences(sold, lacks=["buyer", "to"], changed=changed) == []
    rows = taken.orders()
    for sale in sold:
        row = rows[sale.number]
        assert (row.buyer_name, row.ship_name, row.ship_prefecture) == (
            sale.buyer.name,
            sale.to.name,
            sale.to.prefecture,
        )
        street = f"{sale.to.city}{sale.to.street}{sale.to.building}"
        assert (row.ship_postal_code, f"{row.ship_city}{row.ship_line1}{row.ship_line2}") == (
            sale.to.postal,
            street,
        )


@pytest.mark.parametrize(
    "how",
    [{}, {"encoding": "utf-8"}, {"encoding": "utf-8-sig"}, {"newline": "\n"},
     {"header": (*HEADER, "verge-of-cancellation", "verge-of-lateShipment")}, {"header": HEADER[::-1]}],
    ids=str,
)  # fmt: skip
def test_the_unshipped_report(tmp_path: Path, how: dict[str, Any]) -> None:
    sold = amazons(sales(40, CAN, seed=2, prefix="250-1234567-"))
    answer = taken.intake(tmp_path, {"未出荷.txt": realistic.unshipped(sold, **how)})
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("amazon", 40, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold if sale.pay == "cod")
    check(sold, NO_PRICES)
    again = taken.intake(tmp_path, {"again.txt": realistic.unshipped(sold, **how)})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 40)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_the_new_orders_report(tmp_path: Path, encoding: str) -> None:
    sold = [replace(sale, cod_fee=0) for sale in amazons(sales(40, CAN, seed=2, prefix="250-1234567-"))]
    answer = taken.intake(tmp_path, {"新規.txt": realistic.new_orders(sold, encoding=encoding)})
    assert (answer["created"], answer["exceptions"]) == (40, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    check(sold, TOLD)


def test_a_report_that_excel_saved_as_csv(tmp_path: Path) -> None:
    sold = amazons(sales(10, CAN, seed=9, prefix="250-1234567-"))
    data = files.csv_file(HEADER, realistic.rows(sold))
    answer = taken.intake(tmp_path, {"a.csv": data})
    assert (answer["created"], answer["exceptions"]) == (10, 0), taken.issues()
    check(sold, NO_PRICES)


def test_a_quote_in_a_name_is_a_letter_even_at_the_beginning_of_a_cell(tmp_path: Path) -> None:
    first = ordinary(number="250-1", lines=(replace(ordinary().lines[0], name='"特価" 24" モニター'),))
    second = ordinary(number="250-2", lines=(replace(ordinary().lines[0], name='"開いたまま'),))
    third = ordinary(number="250-3", lines=(replace(ordinary().lines[0], name='終わり"'),))
    answer = taken.intake(tmp_path, {"a.txt": realistic.unshipped([first, second, third])})
    assert (answer["created"], answer["exceptions"]) == (3, 0)
    names = {number: row.lines.get().name for number, row in taken.orders().items()}
    assert names == {"250-1": '"特価" 24" モニター', "250-2": '"開いたまま', "250-3": '終わり"'}


def test_an_order_of_which_a_part_has_left_waits_for_the_rest(tmp_path: Path) -> None:
    rows = realistic.order_rows(ordinary(number="250-1"))
    rows[0] |= {"quantity-purchased": 5, "quantity-shipped": 3, "quantity-to-ship": 2}
    answer = taken.intake(tmp_path, {"a.txt": files.plain_tsv(HEADER, rows)})
    assert answer["exceptions"] == 1 and "3点は出荷済み" in answer["errors"][0]["message"]


def test_the_unshipped_report_after_the_new_orders_leaves_the_prices_alone(tmp_path: Path) -> None:
    sold = [
        replace(sale, cod_fee=0, buyer=sale.to)
        for sale in amazons(sales(20, CAN, seed=2, prefix="250-1234567-"))
    ]
    taken.intake(tmp_path, {"new.txt": realistic.new_orders(sold)})
    answer = taken.intake(tmp_path, {"unshipped.txt": realistic.unshipped(sold)})
    assert (answer["created"], answer["changed"], answer["unchanged"]) == (0, 0, 20)
    check(sold, TOLD)


def test_both_reports_in_one_call_make_one_order_with_its_prices(tmp_path: Path) -> None:
    sold = [
        replace(sale, cod_fee=0, buyer=sale.to)
        for sale in amazons(sales(20, CAN, seed=2, prefix="250-1234567-"))
    ]
    both = {"unshipped.txt": realistic.unshipped(sold), "new.txt": realistic.new_orders(sold)}
    answer = taken.intake(tmp_path, both)
    assert (answer["created"], answer["exceptions"]) == (20, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    check(sold, TOLD)


def test_a_further_promotion_of_an_item_is_no_item(tmp_path: Path) -> None:
    sale = ordinary(number="250-1", coupon=100)
    rows = realistic.order_rows(sale)
    more = {"order-id": "250-1", "order-item-id": rows[0]["order-item-id"], "item-promotion-discount": "-50"}
    data = files.plain_tsv(realistic.NEW_ORDERS, [*rows, more])
    answer = taken.intake(tmp_path, {"new.txt": data})
    assert (answer["exceptions"], answer["total_yen"]) == (0, sale.total - 50), taken.issues()
    assert taken.orders()["250-1"].lines.count() == 2
