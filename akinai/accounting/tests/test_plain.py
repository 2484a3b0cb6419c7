"""ふつうの受注: the one statement that writes many orders says, row by row, what the rules of earning say of each."""

from __future__ import annotations

from typing import Any
from unittest import mock

from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as LawCase

from akinai.accounting import services
from akinai.accounting.models import RevenueEntry
from akinai.accounting.services import plain
from akinai.accounting.tests import life
from akinai.core.tax import Rounding
from akinai.orders.models import Order, OrderLine
from akinai.party.models import Company
from tests.cast import company

CODES = ("TEA-1", "CUP-1", "POT-1")
RATES = st.sampled_from([10, 8, 8, 0])
LINE = st.fixed_dictionaries({
    "unit_price_yen": st.integers(0, 9999), "quantity": st.integers(0, 3), "tax_rate": RATES,
    "price_includes_tax": st.sampled_from([True] * 9 + [False]), "sku": st.integers(0, 5),
})  # fmt: skip
YEN = st.sampled_from([0, 0, 0, 1, 99, 330, 777, 5000])
ORDER = st.fixed_dictionaries({
    "lines": st.lists(LINE, min_size=3, max_size=3), "shipping_yen": YEN, "cod_fee_yen": YEN, "payment_fee_yen": YEN,
    "wrapping_yen": YEN, "adjustment_yen": st.sampled_from([0, 0, 0, 50, -3, -700]), "discount_yen": YEN, "points_yen": YEN,
    "outer_tax_yen": st.sampled_from([0] * 9 + [10]), "gap": st.sampled_from([0] * 9 + [7]),
    "by_mall": st.sampled_from(["no", "no", "cut", "paid"]), "off": st.integers(0, 400),
})  # fmt: skip
COLUMNS = (
    "order_id", "order_line_id", "sku_id", "channel_id", "category", "on", "event", "kind", "slip", "turn", "counts", "quantity",
    "rate", "net_yen", "tax_yen", "gross_yen", "cost_yen", "line_no", "reverses_id",
)  # fmt: skip


def _usual(rates: tuple[int, ...], **changes: Any) -> dict[str, Any]:
    """One piece for 1,080 yen at each rate; the lines that are left have none."""
    lines = [
        {
            "unit_price_yen": 1080,
            "quantity": int(n < len(rates)),
            "tax_rate": (*rates, 8)[n],
            "price_includes_tax": True,
            "sku": n,
        }
        for n in range(3)
    ]
    charges = (
        "shipping",
        "cod_fee",
        "payment_fee",
        "wrapping",
        "adjustment",
        "discount",
        "points",
        "outer_tax",
    )
    return {
        "lines": lines,
        **dict.fromkeys([f"{name}_yen" for name in charges], 0),
        "gap": 0,
        "by_mall": "no",
        "off": 9,
        **changes,
    }


class Charged:
    """Four orders charged in every way."""

    def setUp(self) -> None:
        few = mock.patch.object(plain, "MANY", 1)
        few.start()
        self.addCleanup(few.stop)  # type: ignore[attr-defined]
        company()
        self.skus = [
            life.goods(code, cost=cost)
            for code, cost in zip(CODES, ("600.3333", "0.0001", "12"), strict=True)
        ]
        self.orders = [life.order(f"P-{n}", *((code, 1, 1080) for code in CODES)) for n in range(4)]

    def _charge(self, made: Order, one: dict[str, Any]) -> None:
        """The order as if it had been placed so, gone from elsewhere."""
        lines, gap, by_mall, off = (one.pop(name) for name in ("lines", "gap", "by_mall", "off"))
        gross: dict[int, int] = {
            10: sum(one[f"{name}_yen"] for name in ("shipping", "cod_fee", "payment_fee", "wrapping"))
        }
        for row, line in zip(made.lines.order_by("line_no"), lines, strict=True):
            gross[line["tax_rate"]] = (
                gross.get(line["tax_rate"], 0) + line["unit_price_yen"] * line["quantity"]
            )
            sku = (*self.skus, None, self.skus[0], self.skus[1])[line["sku"]]
            OrderLine.objects.filter(pk=row.pk).update(**{**line, "sku": sku}, instructed=0)
        cuts = one["discount_yen"] + one["points_yen"]
        total = max(sum(gross.values()) + one["adjustment_yen"] + one["outer_tax_yen"] - cuts, 0)
        taxes: list[dict[str, int]] = []
        if by_mall != "no":
            taxes = [
                {
                    "rate": rate,
                    "charged_yen": max(yen - off, 0),
                    "tax_yen": max(yen - off, 0) * rate // (100 + rate),
                }
                for rate, yen in gross.items()
            ]
            total = sum(tax["charged_yen"] for tax in taxes) - (one["points_yen"] if by_mall == "paid" else 0)
        Order.objects.filter(pk=made.pk).update(
            **one,
            taxes=taxes,
            total_yen=max(total + gap, 0),
            state="completed",
            shipped_outside=True,
            shipped_at="2026-11-24T10:00+09:00",
        )

    def _recorded(self) -> list[tuple[Any, ...]]:
        with transaction.atomic():
            services.record([made.pk for made in self.orders])
            rows = list(RevenueEntry.objects.order_by("order_id", "line_no").values_list(*COLUMNS))
            transaction.set_rollback(True)
        return rows


class Laws(Charged, LawCase):
    """However orders are charged."""

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(ORDER, min_size=4, max_size=4), st.sampled_from(list(Rounding)))
    def test_it_writes_what_the_rules_say(self, told: list[dict[str, Any]], rounding: Rounding) -> None:
        Company.objects.update(tax_rounding=rounding)
        for made, one in zip(self.orders, told, strict=True):
            self._charge(made, dict(one))
        with mock.patch.object(plain, "write", return_value=(set(), 0)):
            by_rules = self._recorded()
        self.assertEqual(self._recorded(), by_rules)


class Plain(Charged, TestCase):
    """As most orders are charged."""

    def test_an_order_as_most_are_is_not_left_to_the_rules(self) -> None:
        for made, by_mall in zip(self.orders, ("no", "cut", "paid", "no"), strict=True):
            self._charge(made, _usual((8, 10, 8), by_mall=by_mall, discount_yen=101, points_yen=13))
        ids = {made.pk for made in self.orders}
        done, rows = plain.write(dict.fromkeys(ids, 1), Rounding.DOWN, open_on=None)
        self.assertEqual((done, rows), (ids, RevenueEntry.objects.count()))

    def test_the_odd_yen_of_a_cut_goes_to_the_higher_rate(self) -> None:
        for made in self.orders:
            self._charge(made, _usual((10, 8), discount_yen=99))
        plain.write({made.pk: 1 for made in self.orders}, Rounding.DOWN, open_on=None)
        cuts = RevenueEntry.objects.filter(order=self.orders[0], kind="discount").order_by("-rate")
        self.assertEqual(list(cuts.values_list("rate", "gross_yen")), [(10, -50), (8, -49)])
