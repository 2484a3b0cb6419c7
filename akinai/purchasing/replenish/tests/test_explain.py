"""説明: the sentence's own numbers, read back from the text, multiply out."""

from __future__ import annotations

import dataclasses
import re
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings

from akinai.purchasing.replenish import Forecasts, Goods, Method, Recommendation, explain, recommend
from akinai.purchasing.replenish.tests.shelves import one, rates, shelves

N = r"(-?[\d,]+(?:\.\d+)?)"


def found(pattern: str, text: str) -> list[Decimal]:
    match = re.search(pattern.replace("N", N), text)
    assert match, f"{pattern} is not in {text}"
    return [Decimal(number.replace(",", "")) for number in match.groups()]


def half_up(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def check_order(row: Recommendation, text: str) -> None:
    """pace × days = expected; expected + safety = point; on hand − promised + incoming = now; boxes × size = order."""
    if row.need.pace.pieces and row.need.history_days:
        if row.need.pace.days == 1:
            pace, stretch, expected = found("1日平均 N 個 × N 日（.*?）= N 個。", text)
            assert half_up(pace * stretch) == expected
        else:
            pieces, days, stretch, expected = found("30日に N 個 ÷ N × N 日（.*?）= N 個。", text)
            assert half_up(pieces * stretch / days) == expected
        lead, wait = found("（納期 N 日 \\+ 見直し待ち N 日）", text)
        assert lead + wait == stretch
        if "安全在庫" in text:
            safety, point = found("安全在庫 N 個を足して、発注点は N 個", text)
            assert expected + safety == point
    now, hand, promised, incoming = found("いま N 個（手元 N − 約束済み N \\+ 入荷予定 N）", text)
    assert now == hand - promised + incoming
    if "を発注します" in text:
        ordered = found("、N 個(?:（.*?）)?を発注します", text)[0]
        assert ordered == row.level.order
        if "× " in text.split("を発注します")[0].rsplit("、", 1)[1]:
            size, boxes = found("（(?:ケース )?N 個 × N）を発注します", text)
            assert size * boxes == ordered


def check_cost(text: str) -> None:
    stock, each, parts, held = re.search(f"平均 {N} 個 × {N} 円（(.*?)）= {N} 円", text).groups()  # type: ignore[union-attr]
    causes = [Decimal(number.replace(",", "")) for number in re.findall(N, parts)]
    stock, each, held = (Decimal(number.replace(",", "")) for number in (stock, each, held))
    assert sum(causes) == each
    assert half_up(stock * each) == held
    orders, yen, ordering = found("発注 N 回 × N 円 = N 円", text)
    assert half_up(orders * yen) == ordering
    lost, margin, missed = found("欠品 N 個 × 粗利 N 円 = N 円", text)
    assert half_up(lost * margin) == missed
    assert found("合計 N 円", text) == [held + ordering + missed]
    pieces, cost, tied_up = found("寝ているお金は N 個 × N 円 = N 円", text)
    assert half_up(pieces * cost) == tied_up


@given(shelves())
@settings(max_examples=80)
def test_the_numbers_in_the_sentences_multiply_out(shelf: tuple[Forecasts, list[Goods]]) -> None:
    for row in recommend(*shelf):
        told = explain(row)
        check_order(row, told.order)
        check_cost(told.cost)
        assert "None" not in told.text and "E+" not in told.text and "e-" not in told.text


def test_a_recommendation_reads_like_a_colleague_would_say_it() -> None:
    (row,) = recommend(rates([3.2]), [one(on_hand=20, promised=2, lot=12, moq=12)])
    level = row.level
    assert explain(row).order == (
        "1日平均 3.2 個 × 10.5 日（納期 7 日 + 見直し待ち 3.5 日）= 34 個。"
        f"ばらつき ±{row.need.spread} 個に備える安全在庫 {level.safety} 個を足して、発注点は {level.reorder_point} 個。"
        f"いま 18 個（手元 20 − 約束済み 2 + 入荷予定 0）で、{'発注点まで' if level.order > level.quantity else '発注点以下なので'}"
        f"、{level.order} 個（12 個 × {level.order // 12}）を発注します。"
    )


def test_enough_stock_says_for_how_many_days() -> None:
    (row,) = recommend(rates([2]), [one(on_hand=500)])
    above = 500 - row.level.reorder_point
    assert (
        f"は発注点より {above} 個多いので、まだ発注しません（あと約 {above // 2} 日）。" in explain(row).order
    )


def test_less_than_the_mean_is_explained() -> None:
    (row,) = recommend(rates([3]), [one(price_yen=601)])
    assert row.level.reorder_point < row.need.expected
    assert "平均まで持つより少ないほうが得です" in explain(row).order


def test_nothing_known_and_nothing_sold_are_told_apart() -> None:
    new = dataclasses.replace(rates([0], days=0), method=(Method.NONE,))
    assert "記録がないので" in explain(recommend(new, [one()])[0]).order
    assert "90 日のあいだほとんど売れていないので" in explain(recommend(rates([0]), [one()])[0]).order
    waiting = explain(recommend(rates([0]), [one(promised=7)])[0]).order
    assert waiting.endswith("お待ちのお客様に 7 個足りないので、12 個（6 個 × 2）を発注します。")
