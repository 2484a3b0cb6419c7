"""What an unknown file is (見分け): PayPal, credit cards, orders, or a bank's file with a column missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akinai.adapters.banks.sheet import CsvBank, first_lines


@dataclass(frozen=True, slots=True)
class Stranger:
    """`at_least` of the column names tell that the file is `name`; `way_out` is what to do instead."""

    name: str
    columns: frozenset[str]
    at_least: int
    way_out: str


_NOT_HERE = "銀行口座の入出金明細ではないので、ここでは取り込めません。"
STRANGERS = (
    Stranger(
        "PayPalの取引履歴",
        frozenset({"タイムゾーン", "取引ID", "正味", "残高への影響", "送信者メールアドレス"}),
        3,
        "PayPalから銀行口座に引き出した入金は、銀行の明細で消し込みます。",
    ),
    Stranger(
        "クレジットカードの利用明細",
        frozenset(
            {
                "ご利用年月日", "ご利用箇所", "ご利用額", "利用日/キャンセル日", "利用店名・商品名", "支払区分", "支払区分(回数)",
                "支払総額", "当月支払金額", "今回回数", "利用店名", "ご利用店名", "利用金額", "ご利用金額", "支払方法", "ご利用日",
                "利用年月日", "会員番号", "対象カード",
            }
        ),
        2,
        "カードの支払いは、銀行の明細に引き落としとして現れます。銀行の入出金明細を選んでください。",
    ),
    Stranger(
        "受注のファイル",
        frozenset({"注文番号", "注文日", "注文ID", "商品名", "受注番号", "order-id", "Lineitem name", "配送先"}),
        2,
        "メニュー「受注の取込」から取り込んでください。",
    ),
    Stranger(
        "送り状のファイル",
        frozenset({"お客様管理番号", "送り状種類", "伝票番号", "お届け先名", "お問い合せ送り状No.", "お客様側管理番号"}),
        2,
        "メニュー「送り状番号の取込」から取り込んでください。",
    ),
)  # fmt: skip


def explain(data: bytes, filename: str, banks: Iterable[object] = ()) -> str:
    """A Japanese sentence with the way out, or "" when nothing is known. `banks` are compared by their columns."""
    lines = first_lines(data, filename)
    seen = {cell for cells in lines for cell in cells}
    for stranger in STRANGERS:
        if len(seen & stranger.columns) >= stranger.at_least:
            return f"これは{stranger.name}です。{_NOT_HERE}{stranger.way_out}"
    return _nearly(lines, banks)


def _nearly(lines: Sequence[tuple[str, ...]], banks: Iterable[object]) -> str:
    """The bank whose columns are nearly all there."""
    best: tuple[float, str, list[str]] = (0.0, "", [])
    for bank in banks:
        if isinstance(bank, CsvBank) and bank.required_columns():
            share, missing = _share(lines, bank.required_columns())
            best = max(best, (share, bank.title, missing))
    share, title, missing = best
    if share < 0.6:
        return ""
    names = "、".join(f"「{name}」" for name in missing)
    return (
        f"{title}の明細に似ていますが、列{names}がありません。列を削除したり名前を変えたりしていないか確かめ、"
        "銀行からダウンロードしたままのファイルを取り込んでください。"
    )


def _share(lines: Sequence[tuple[str, ...]], required: Sequence[str]) -> tuple[float, list[str]]:
    """(the largest part of the required columns that one line has, the missing ones)."""
    counted = [(sum(name in cells for name in required), cells) for cells in lines]
    most, cells = max(counted, default=(0, ()), key=lambda each: each[0])
    return most / len(required), [name for name in required if name not in cells]
