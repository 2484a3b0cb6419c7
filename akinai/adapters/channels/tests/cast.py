"""Made-up orders for the doors' tests: one ordinary order, and strategies for many different ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from hypothesis import strategies as st

from akinai.adapters.channels.words.places import PREFECTURES
from akinai.adapters.channels.words.times import TOKYO
from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft

SATO = Address(
    name="佐藤 花子", kana="サトウ ハナコ", postal_code="1000001", prefecture="東京都", city="千代田区",
    line1="千代田1-1", phone="090-1234-5678", email="hanako@example.com",
)  # fmt: skip
KOBAYASHI = Address(
    name="小林 一郎", kana="コバヤシ イチロウ", postal_code="0600001", prefecture="北海道", city="札幌市中央区",
    line1="北一条西2-1", phone="011-222-3333",
)  # fmt: skip
LABELS = {
    "card": "クレジットカード", "cod": "代金引換", "bank_transfer": "銀行振込", "convenience": "コンビニ決済",
    "wallet": "Amazon Pay", "deferred": "NP後払い",
}  # fmt: skip


@dataclass(frozen=True)
class Can:
    """What a mall's file can carry."""

    points: bool = True
    discount: bool = True
    cod_fee: bool = True
    fee: bool = True
    wrapping: bool = False
    prices: bool = True


def order(no: str = "A-1001", **changes: object) -> OrderDraft:
    """Two lines, 3 pieces, 4,500 yen with 500 yen 送料; everything else as `changes` say."""
    lines = (
        LineDraft(1, "APPLE-1", "りんごジュース 1L", 2, 1000, channel_line_no="501"),
        LineDraft(2, "TOWEL-W", "タオル 白", 1, 2000, channel_line_no="502"),
    )
    draft = OrderDraft(
        channel_order_no=no, ordered_at=datetime(2026, 11, 20, 10, 30, 5, tzinfo=TOKYO), buyer=SATO, ship_to=KOBAYASHI,
        lines=lines, payment="card", payment_label="クレジットカード", total_yen=4500, goods_yen=4000, shipping_yen=500,
        payment_settled=True, taxes=(TaxDraft(10, 4500, 409),),
    )  # fmt: skip
    return replace(draft, **changes)  # type: ignore[arg-type]


_names = st.sampled_from(["見本 太郎", "髙﨑 はなこ", "O'Neil 健", "森,カンマ 二郎", '"引用" 符子', "単名"])
_notes = st.sampled_from(
    [
        "",
        "玄関前に置いてください",
        "1行目\n2行目",
        "熨斗は「御礼」、名入れ",
        "領収書, 希望",
        "電話 03-1234-5678",
    ]
)
_phones = st.sampled_from(["090-1234-5678", "03-1234-5678", "011-222-3333", "0120-123-456", "050-1111-0002"])


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    return Address(
        name=draw(_names),
        kana=draw(st.sampled_from(["", "ミホン タロウ"])),
        postal_code=f"{draw(st.integers(10000, 9999999)):07d}",
        prefecture=draw(st.sampled_from(PREFECTURES)),
        city=draw(st.sampled_from(["見本市", "見本郡見本町"])),
        line1=draw(st.sampled_from(["1-2-3", "字見本10番地", "１丁目２－３"])),
        phone=draw(_phones),
    )


@st.composite
def drafts(draw: st.DrawFn, can: Can, rates: tuple[int, ...] = (10, 8)) -> OrderDraft:
    """An order whose amounts add up, with only what the mall can carry."""
    lines = tuple(
        LineDraft(
            line_no=at,
            sku_code=draw(st.sampled_from(["A-1", "ZZ_9", "4901234567894", "00012", "くつ-24"])) + f"-{at}",
            name=draw(
                st.sampled_from(
                    ["りんご", "【見本】箱, 大", "タオル\u301c".replace("\u301c", "～"), 'サイズ"L"']
                )
            ),
            quantity=draw(st.integers(1, 9_999)),
            unit_price_yen=draw(st.integers(0, 99_999)) if can.prices else 0,
            tax_rate=draw(st.sampled_from(rates)) if can.prices else 10,
            channel_line_no=str(700 + at),
        )
        for at in range(1, draw(st.integers(1, 4)) + 1)
    )
    money = st.integers(0, 3_000)
    goods = sum(line.subtotal_yen for line in lines)
    payment = draw(st.sampled_from(["card", "cod", "bank_transfer"]))
    parts = {
        "goods_yen": goods,
        "shipping_yen": draw(money) if can.prices else 0,
        "cod_fee_yen": draw(money) if can.cod_fee and payment == "cod" else 0,
        "payment_fee_yen": draw(money) if can.fee and payment != "cod" else 0,
        "wrapping_yen": draw(money) if can.wrapping else 0,
        "discount_yen": draw(st.integers(0, min(goods, 500))) if can.discount else 0,
        "points_yen": draw(st.integers(0, min(goods, 500) // 2)) if can.points else 0,
    }
    less = parts["discount_yen"] + parts["points_yen"]
    total = sum(parts.values()) - 2 * less
    return OrderDraft(
        channel_order_no=f"R-{draw(st.integers(1, 10**9))}",
        ordered_at=datetime(2026, draw(st.integers(1, 12)), 3, draw(st.integers(0, 23)), 5, 9, tzinfo=TOKYO),
        buyer=replace(draw(addresses()), email="sato@example.com"),
        ship_to=draw(addresses()),
        lines=lines,
        payment="points" if total == 0 and less else payment,
        payment_label=LABELS[payment],
        total_yen=total,
        payment_settled=(payment == "card") or (total == 0 and less > 0),
        delivery_on=draw(st.sampled_from([None, date(2026, 12, 24)])),
        delivery_slot=draw(st.sampled_from(["", "am", "1416", "1820", "1921"])),
        customer_note=draw(_notes),
        **parts,
    )
