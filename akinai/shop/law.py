"""特定商取引法に基づく表示 (第11条): what a mail-order shop must tell, each from where it is kept, and what is still missing.

Who we are comes from 自社情報, charges from the 送料表 in force, the days from the 出荷の暦, the rest from the shop's own settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.core.money import yen
from akinai.shipping import fee_queries
from akinai.shipping.delivery_queries import shop_days
from akinai.shop.conditions import Conditions

if TYPE_CHECKING:
    from akinai.content.context import Frame
    from akinai.shipping.fee_rules import Table

ON_REQUEST = "ご請求があったときに、遅れることなく開示いたします。お問い合わせください。"


@dataclass(frozen=True, slots=True)
class LawItem:
    """表示事項. `lacks`: where to write what is missing, "" when nothing is. `place`: the address of that screen."""

    code: str
    title: str
    lines: tuple[str, ...]
    lacks: str = ""
    place: str = ""


def fees_in_force() -> Table | None:
    """送料表 of today."""
    today = clock.today()
    return next((one for one in fee_queries.live_tables(today, today) if one.holds_on(today)), None)


def items(frame: Frame, told: Conditions, fees: Table | None) -> list[LawItem]:
    """Every item of the law in its order; one that must be there and is empty says what lacks."""
    found = [*_who(frame), *_money(frame, told, fees), *_terms(frame, told)]
    return [one for one in found if one.lines or one.lacks]


def missing(found: Sequence[LawItem]) -> list[LawItem]:
    """What staff has to fill in before the page keeps the law."""
    return [one for one in found if one.lacks]


def _item(code: str, title: str, lines: Sequence[str], lacks: str = "", place: str = "") -> LawItem:
    filled = tuple(line for line in lines if line.strip())
    return LawItem(code, title, filled, "" if filled else lacks, "" if filled else place)


def _who(frame: Frame) -> list[LawItem]:
    company, row = frame.company, frame.row
    own = "party:company"
    address = " ".join(f"{company.prefecture}{company.city}{company.line1} {company.line2}".split())
    code = company.postal_code
    where = f"〒{code[:3]}-{code[3:]} {address}" if len(code) == 7 and address else address
    phone = f"{company.phone}（{row.phone_hours}）" if company.phone and row.phone_hours else company.phone
    return [
        _item("seller", "販売業者", [company.name], "自社情報の事業者名", own),
        _item("manager", "運営責任者", [row.manager or company.representative], "自社情報の代表者か、店舗の設定の運営責任者", own),
        _item("address", "所在地", [ON_REQUEST if row.hides_address and address else where], "自社情報の住所", own),
        _item("phone", "電話番号", [ON_REQUEST if row.hides_address and phone else phone], "自社情報の電話番号", own),
        _item("mail", "メールアドレス", [company.email], "自社情報のメールアドレス", own),
        _item("registration", "適格請求書発行事業者の登録番号", [company.registration_number]),
    ]  # fmt: skip


def _money(frame: Frame, told: Conditions, fees: Table | None) -> list[LawItem]:
    charges = (
        [f"{low_to_high(fees)}（お届け先の地域により異なります。下の表をご覧ください）"]
        if fees and fees.fees
        else []
    )
    free = [
        f"{yen(one.from_yen)}以上のお買い上げで送料無料です。"
        for one in (fees.frees if fees else ())
        if one.channel in ("", "own")
    ]
    besides = [
        *frame.row.other_fees.splitlines(),
        *(["代金引換をご利用のときは代引手数料（下の表）。"] if fees and fees.cod else []),
        *([f"{title} 手数料 {yen(fee)}" for title, _, fee in told.payments if fee]),
        *(["銀行振込の振込手数料はお客様のご負担です。"] if any("振込" in title for title, *_ in told.payments) else []),
    ]  # fmt: skip
    return [
        _item("price", "販売価格", ["各商品のページに、消費税を含む価格で表示しています。"]),
        _item("shipping", "送料", [*charges, *free], "送料表（公開されたもの）", "shipping:fees"),
        _item("besides", "商品代金・送料のほかに必要な料金", besides or ["ありません（インターネットの通信料を除きます）。"]),
        _item("payment", "支払方法・支払時期", [f"{title}：{text}" for title, text, _ in told.payments], "支払方法の案内", ""),
    ]  # fmt: skip


def _terms(frame: Frame, told: Conditions) -> list[LawItem]:
    row = frame.row
    texts = "shop_office:checkout"
    return [
        _item("delivery", "商品の引渡時期", [*told.delivery.splitlines(), when_it_leaves()], "お届けの時期の説明", texts),
        _item("validity", "申込みの有効期限", [*told.application.splitlines(), *unpaid(told)]),
        _item("returns", "返品・交換", told.returns.splitlines(), "返品・交換の条件", texts),
        _item("cancel", "ご注文の取り消し・解約", told.cancel.splitlines(), "キャンセルの条件", texts),
        _item("liability", "商品に不備があったときの責任", row.liability_text.splitlines()),
        _item("conditions", "販売数量の制限・特別な販売条件", row.conditions.splitlines()),
    ]  # fmt: skip


def unpaid(told: Conditions) -> list[str]:
    """An order that waits for its money lapses after so many days."""
    return [f"前払いのご注文は、ご注文日から{told.pay_within_days}日以内にご入金がないとき、申込みがなかったものとします。"] if told.pay_within_days else []  # fmt: skip


def when_it_leaves() -> str:
    """The shop's calendar in one sentence."""
    days = shop_days()
    closed = "・".join("月火水木金土日"[one] for one in sorted(days.weekdays))
    rest = "、".join(filter(None, [f"{closed}曜日" if closed else "", "祝日" if days.on_holidays else ""]))
    prepare = f"準備に{days.prepare_days}営業日いただき、" if days.prepare_days else ""
    return f"在庫のある商品は、{prepare}{days.cutoff:%H:%M}までのご注文を当日に出荷します" + (f"（{rest}は出荷を休みます）。" if rest else "。")  # fmt: skip


def low_to_high(fees: Table) -> str:
    """全国 ¥700〜¥1,500."""
    amounts = [amount for fee in fees.fees for amount in fee.yen.values()]
    low, high = min(amounts), max(amounts)
    return f"{yen(low)}〜{yen(high)}" if low != high else yen(low)
