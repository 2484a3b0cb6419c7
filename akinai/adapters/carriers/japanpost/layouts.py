"""ゆうプリR 発送予定データ: columns by name. Which ones, and in which order, each shop has set up in ゆうプリR itself.

A column is a name of `STANDARD`, a fixed value (`=0`), or "" (left blank). `STANDARD` is the layout ゆうプリR offers;
`WITH_118` has one column more that nobody fills, `V3` is 標準フォーマットV3. A shop with its own layout writes its
columns into the settings. Limits in bytes. Source: 「ゆうパックプリントR 発送予定データ入出力項目レイアウト」.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.core.tables import normal_header

_ADDRESS = ("郵便番号", "住所１", "住所２", "住所３", "名称１", "名称２")
_TEN = ("０１", "０２", "０３", "０４", "０５", "０６", "０７", "０８", "０９", "１０")

STANDARD: tuple[str, ...] = (
    "お客様側管理番号", "発送予定日", "発送予定時間区分", "出荷期限日", "到着期限日", "郵便種別", "保冷種別", "元／着払／代引",
    "書留／セキュリティ／特定記録種別", "配達時間帯指定郵便種別", "送り状種別",
    "お届け先 コード", *(f"お届け先 {name}" for name in _ADDRESS), "お届け先 敬称区分", "お届け先 電話番号",
    "お届け先 メールアドレス１", "お届け先 局留め区分", "お届け先 局留め郵便局名", "お届け先 局留めメール使用区分",
    "お届け先 局留め郵便番号", "お届け先 配達予告メール使用区分", "お届け先 再配達予告メール使用区分",
    "ご依頼主 コード", "ご依頼主 集荷先と同一区分", *(f"ご依頼主 {name}" for name in _ADDRESS), "ご依頼主 敬称",
    "ご依頼主 電話番号", "ご依頼主 メールアドレス１", "ご依頼主 荷送人指図区分", "ご依頼主 お届け通知メール使用区分",
    "ご依頼主 お届け通知はがき使用区分",
    "集荷先 コード", "集荷先 連携可否区分", "集荷先 会社コード", "集荷先 依頼先店所コード",
    *(f"集荷先 {name}" for name in _ADDRESS), "集荷先 敬称", "集荷先 電話番号",
    "受注番号", "こわれもの区分", "なまもの区分", "ビン類区分", "逆さま厳禁区分", "下積み厳禁区分", "商品サイズ区分",
    "重量合計（ｇ）", "25kg超重量物区分", "損害要償額", "速達・配達日指定種別", "配達指定日／希望日", "配達時間帯区分",
    "差出方法区分", "ゆうパック複数個割引", "ゆうパック同一割引", "セット商品コード", "セット品名ラベル印字区分", "複数個口数",
    "記事名１", "記事名２", *(f"フリー項目{at}" for at in _TEN),
    "空港利用区分", "空港・局／支店名", "航空会社名", "利用便名", "レジャー区分", "プレー・搭乗日", "プレー・搭乗時間",
    "クラブ本数", "復路集貨日", "出荷先登録名", "集荷希望区分", "集荷日付", "集荷時間帯区分", "支店連携先選択用名称",
    "代引金額", "代引消費税金額", "送り状発行年月日", "商品番号", "品名", "個数", "重量（ｇ）", "単価", "金額",
    *(f"商品備考{at}" for at in _TEN),
)  # fmt: skip

_EXTRA = STANDARD.index("複数個口数")
WITH_118: tuple[str, ...] = (*STANDARD[:_EXTRA], "", *STANDARD[_EXTRA:])

# Known from files that ゆうプリR took and printed, not from the maker's own list: columns nobody filled stay blank.
_TWO_LINES = ("郵便番号", "住所１", "住所２", "名称１", "名称２")
V3: tuple[str, ...] = (
    "お客様側管理番号", "", "=0", "", "", "発送予定日", "", "", "郵便種別", "保冷種別", "元／着払／代引", "=0", "送り状種別",
    "お届け先 コード", *(f"お届け先 {name}" for name in _TWO_LINES), "お届け先 敬称区分", "お届け先 電話番号",
    "お届け先 メールアドレス１", "=0", "", "", "=0", "=0", "=0",
    "ご依頼主 コード", *(f"ご依頼主 {name}" for name in _ADDRESS), "ご依頼主 敬称", "ご依頼主 電話番号", "ご依頼主 メールアドレス１",
    "=0", "", "受注番号", "", "こわれもの区分", "=0", "=0", "=0", "=0", "商品サイズ区分", "", "", "=0",
    "配達指定日／希望日", "配達時間帯区分", "=0", "=0", "複数個口数", "記事名１", "記事名２", *(f"フリー項目{at}" for at in _TEN),
    "代引金額", "代引消費税金額", *[""] * 13, "品名", "=1", "=0", "", "", *[""] * 12,
)  # fmt: skip

LAYOUTS: Mapping[str, tuple[str, ...]] = {"117": STANDARD, "118": WITH_118, "100": V3}


def _folded(name: str) -> str:
    return normal_header(name).replace(" ", "")


_BY_FOLDED = {_folded(name): name for name in STANDARD}


def own_layout(text: str) -> tuple[str, ...]:
    """One column a line (or parted by "|"): a name as ゆうプリR writes it, `=値`, or nothing. Unknown names stay as written."""
    lines = [line.strip() for line in text.replace("|", "\n").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return tuple(line if line.startswith("=") else _BY_FOLDED.get(_folded(line), line) for line in lines)


def unknown_columns(columns: Sequence[str]) -> list[str]:
    """Names in a layout that are no column of ゆうプリR."""
    return [name for name in columns if name and not name.startswith("=") and name not in STANDARD]


def why_not(text: str) -> str:
    """'' or the reason why ゆうプリR labels cannot be written by this layout."""
    columns = own_layout(text)
    if unknown := unknown_columns(columns):
        return f"列「{unknown[0]}」が分かりません。ゆうプリRの取込項目の名前で書いてください。"
    if lacking := [name for name in MUST if name not in columns]:
        return f"列「{lacking[0]}」がありません。送り状に必要です。"
    return ""


MUST = ("お客様側管理番号", "お届け先 郵便番号", "お届け先 住所１", "お届け先 名称１", "お届け先 電話番号")
REFERENCE, ADDRESS, NAME, PHONE, GOODS, NOTE = 15, 50, 50, 20, 50, 30
COD_MAX = 300_000
