"""なぜこの数か: a recommendation as arithmetic in plain words. Pure.

The sentences only repeat numbers of the recommendation, and those were computed from each other as shown, so a clerk with
a calculator gets the same result.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from akinai.purchasing.replenish.methods import Method
from akinai.purchasing.replenish.pace import Pace
from akinai.purchasing.replenish.result import Level, Need, Notice, Recommendation, Yearly


@dataclass(frozen=True, slots=True)
class Explanation:
    """説明: `order` why so many now, `cost` yen per year, `service` what may be expected, `forecast` what it rests on."""

    order: str
    cost: str
    service: str
    forecast: str
    notices: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((self.order, self.service, self.cost, self.forecast, *self.notices))


def explain(one: Recommendation) -> Explanation:
    """A recommendation in Japanese sentences."""
    return Explanation(
        order=order_sentence(one),
        cost=cost_sentence(one.yearly),
        service=service_sentence(one),
        forecast=forecast_sentence(one.need),
        notices=tuple(notice.label for notice in one.notices),
    )


def order_sentence(one: Recommendation) -> str:
    """「1日平均 3.2 個 × 7.5 日 … = 24 個 … 発注点は 33 個。いま 18 個 … なので 24 個（12 個 × 2）を発注します。」"""
    if Notice.NO_HISTORY in one.notices:
        return f"売れ方の記録がないので、発注点を計算できません。{now(one.level)}{act(one)}"
    if one.need.pace.pieces == 0:
        return f"{one.need.history_days} 日のあいだほとんど売れていないので、発注点は 0 個です。{now(one.level)}{act(one)}"
    return f"{need(one.need)}{point(one)}{now(one.level)}{act(one)}"


def need(of: Need) -> str:
    """Pace × stretch = expected pieces."""
    wait = f" + 見直し待ち {number(of.wait)} 日" if of.wait else ""
    days = f"{number(of.stretch)} 日（納期 {number(of.lead_days)} 日{wait}）"
    return f"{speed(of.pace)} × {days}= {of.expected:,} 個。"


def speed(pace: Pace) -> str:
    """「1日平均 3.2 個」, 「30日に 1.24 個 ÷ 30」."""
    if pace.days == 1:
        return f"1日平均 {number(pace.pieces)} 個"
    return f"{pace.days}日に {number(pace.pieces)} 個 ÷ {pace.days}"


def point(one: Recommendation) -> str:
    """Expected + safety = reorder point; or why less than the expected pieces is right."""
    level, spread = one.level, number(one.need.spread)
    if level.reorder_point < one.need.expected:
        return (
            f"ただし、まとめて売れる・粗利が小さい・期限が短いなどで、平均まで持つより少ないほうが得です（ばらつき ±{spread} 個）。"
            f"発注点は {level.reorder_point:,} 個。"
        )
    return f"ばらつき ±{spread} 個に備える安全在庫 {level.safety:,} 個を足して、発注点は {level.reorder_point:,} 個。"


def now(level: Level) -> str:
    """「いま 18 個（手元 20 − 約束済み 2 + 入荷予定 0）」."""
    parts = f"手元 {level.on_hand:,} − 約束済み {level.promised:,} + 入荷予定 {level.incoming:,}"
    return f"いま {level.position:,} 個（{parts}）"


def act(one: Recommendation) -> str:
    """What to do now."""
    level = one.level
    if level.order:
        return f"で{_why(one)}、{pieces(level)}を発注します。"
    if one.need.pace.pieces == 0:
        return "なので、発注しません。"
    left = (level.position - level.reorder_point) * one.need.pace.days / one.need.pace.pieces
    return f"は発注点より {level.position - level.reorder_point:,} 個多いので、まだ発注しません（あと約 {int(left):,} 日）。"


def _why(one: Recommendation) -> str:
    level = one.level
    missing = level.reorder_point - level.position
    if one.need.pace.pieces == 0:
        return f"、お待ちのお客様に {missing:,} 個足りないので"
    if missing + 1 > level.quantity:
        return f"、発注点を上回るまで {missing + 1:,} 個足りないので"
    return "、発注点以下なので"


def pieces(level: Level) -> str:
    """「24 個（12 個 × 2）」 in cartons or lots where there are such."""
    for size, name in ((level.case, "ケース "), (level.lot, "")):
        if size > 1 and level.order % size == 0:
            return f"{level.order:,} 個（{name}{size:,} 個 × {level.order // size:,}）"
    return f"{level.order:,} 個"


def cost_sentence(of: Yearly) -> str:
    """Holding, ordering and lost margin per year, each a product, and their sum."""
    held = of.carrying
    parts = (
        f"保管 {number(held.storage)} + 金利 {number(held.interest)} + 税 {number(held.tax)} "
        f"+ 値下がり・破損 {number(held.decay)}"
    )
    return (
        f"1年の費用: 在庫 平均 {number(of.mean_stock)} 個 × {number(held.total)} 円（{parts}）= {of.holding_yen:,} 円、"
        f"発注 {number(of.orders)} 回 × {number(of.order_yen)} 円 = {of.ordering_yen:,} 円、"
        f"欠品 {number(of.lost)} 個 × 粗利 {number(of.margin)} 円 = {of.lost_yen:,} 円、合計 {of.total_yen:,} 円。"
        f"在庫に寝ているお金は {number(of.mean_stock)} 個 × {number(of.unit_cost)} 円 = {of.tied_up_yen:,} 円。"
    )


def service_sentence(one: Recommendation) -> str:
    """Chance of no stock-out, fill rate, stock-outs a year, turns."""
    turns = one.yearly.turns
    tail = "" if turns is None else f"、在庫は年 {number(turns)} 回転"
    return (
        f"入荷 1 回あたり欠品しない率 {number(one.level.service)}%、充足率 {number(one.level.fill)}%、"
        f"欠品は年 {number(one.yearly.stockouts)} 回の見込み{tail}。"
    )


def forecast_sentence(of: Need) -> str:
    """What the pace rests on."""
    if of.method is Method.NONE:
        return "予測: 記録がありません。"
    return (
        f"予測: 記録 {of.history_days:,} 日から「{of.method.label}」で求めました。"
        f"納期は {number(of.lead_days)} 日 ± {number(of.lead_spread)} 日、見直しは {of.review_days:,} 日ごとです。"
    )


def number(value: Decimal) -> str:
    """1,234.5 without idle zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
