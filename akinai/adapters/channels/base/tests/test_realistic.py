"""BASE exports of many orders by the command: every figure of every order is what was sold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.base.tests import realistic
from akinai.adapters.channels.tests import taken
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, ordinary, sales

pytestmark = pytest.mark.django_db
CAN = Can(points=False, mall_coupon=False, fee=False)


def _bare(who: tuple[str, ...], phone: int) -> tuple[str, ...]:
    """No kana, no company, digits alone in the phone."""
    return (who[0], "", "", *who[3:phone], who[phone].replace("-", ""), *who[phone + 1 :])


CHANGED = {
    "discount": lambda sale: 0,
    "taxes": lambda sale: {},
    "settled": lambda sale: sale.total == 0 or (sale.settled and sale.pay not in ("cod", "deferred")),
    "buyer": lambda sale: _bare(taken.expected(sale)["buyer"], 4),
    "to": lambda sale: _bare(taken.expected(sale)["to"], 3),
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def in_cp932(sold: list[Sale]) -> list[Sale]:
    plain = {p: replace(p, last=p.last.replace("𠮷", "吉")) for p in PEOPLE}
    return [replace(sale, buyer=plain[sale.buyer], to=plain[sale.to]) for sale in sold]


@pytest.mark.parametrize(
    "how",
    [{}, {"encoding": "utf-8-sig"}, {"quote_all": False}, {"shuffle": 2}, {"delimiter": "\t"}, {"extra": ("クーポン名",), "blank_lines": 1}],
    ids=str,
)  # fmt: skip
def test_what_was_sold_is_what_is_taken_in(tmp_path: Path, how: dict[str, Any]) -> None:
    sold = in_cp932(sales(40, CAN, seed=3, prefix="B0"))
    data = realistic.file(sold, **how)
    answer = taken.intake(tmp_path, {"orders.csv": data})
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("base", 40, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    assert taken.differences(sold, changed=CHANGED) == []
    again = taken.intake(tmp_path, {"again.csv": data})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 40)


def test_an_older_export_knows_goods_by_their_ids(tmp_path: Path) -> None:
    sold = in_cp932(sales(20, CAN, seed=3, prefix="B0"))
    answer = taken.intake(tmp_path, {"orders.csv": realistic.file(sold, header=realistic.OLDER)})
    assert (answer["created"], answer["exceptions"]) == (20, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    changed = CHANGED | {"lines": lambda sale: [
        (str(9_000_000 + at), li.name, li.quantity, li.price, li.rate, li.options) for at, li in enumerate(sale.lines)
    ]}  # fmt: skip
    assert taken.differences(sold, changed=changed) == []


@pytest.mark.parametrize(
    ("status", "state"),
    [("open", "awaiting_stock"), ("hold", "on_hold"), ("shipped", "shipped"), ("cancelled", "cancelled")],
)
def test_states(tmp_path: Path, status: str, state: str) -> None:
    taken.intake(tmp_path, {"a.csv": realistic.file([ordinary(status=status)])})
    assert taken.orders()["R-1"].state == state


def test_every_destination_is_kept(tmp_path: Path) -> None:
    answer = taken.intake(tmp_path, {"a.csv": realistic.file([ordinary(others=(PEOPLE[6],))])})
    assert answer["exceptions"] == 1 and "佐藤 花子、渡邉 美咲" in answer["errors"][0]["message"]
    _first, second = taken.orders()["R-1"].lines.all()
    assert (second.raw["氏(配送先)"], second.raw["住所(配送先)"]) == ("渡邉", "横浜市中区港町1-1")
