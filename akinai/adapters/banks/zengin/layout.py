"""Where each field stands in a Zengin record (全銀レコードの桁). Pure data, shared by parser and writer.

Source: 全国銀行協会「適用業務およびレコード・フォーマット」, 種別 01 振込入金通知 and 03 入出金取引明細, 200 bytes a record.
"""

from __future__ import annotations

from dataclasses import dataclass

RECORD = 200
NOTICE, DETAIL = "01", "03"
# Files that pay out. They look alike and are often picked by mistake.
OUTGOING = {
    "21": "総合振込",
    "11": "給与振込",
    "12": "賞与振込",
    "71": "給与振込",
    "72": "賞与振込",
    "91": "口座振替",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `digits` means N (right-aligned, 0-filled), otherwise C (left-aligned, space-filled)."""

    name: str
    start: int
    length: int
    digits: bool

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Layout:
    """All fields of one kind of record, in order, 200 bytes together."""

    fields: tuple[Field, ...]

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)


def _layout(text: str, record: int = RECORD) -> Layout:
    """Build a layout from "name:N6 name:C15 …"; the lengths must make one whole record."""
    fields: list[Field] = []
    at = 0
    for piece in text.split():
        name, size = piece.split(":")
        fields.append(Field(name, at, int(size[1:]), size[0] == "N"))
        at += int(size[1:])
    if at != record:
        raise ValueError(f"{at} bytes instead of {record}: {text[:40]}")
    return Layout(tuple(fields))


_ACCOUNT = "データ区分:N1 種別コード:N2 コード区分:N1 作成日:N6 勘定日自:N6 勘定日至:N6 銀行コード:N4 銀行名:C15 支店コード:N3 支店名:C15"
_SENDER = "依頼人コード:N10 依頼人名:C48 仕向銀行名:C15 仕向支店名:C15"

HEADER = {
    NOTICE: _layout(f"{_ACCOUNT} 預金種目:N1 口座番号:N7 口座名:C40 ダミー:C93"),
    DETAIL: _layout(
        f"{_ACCOUNT} ダミー1:N3 預金種目:N1 口座番号:N10 口座名:C40 貸越区分:N1 通帳区分:N1 取引前残高:N14 ダミー2:C71"
    ),
}
_NOTICE_HEAD = f"データ区分:N1 照会番号:N6 勘定日:N6 起算日:N6 金額:N10 他店券金額:N10 {_SENDER} 取消区分:C1"
DATA_A = _layout(f"{_NOTICE_HEAD} EDI情報:C20 ダミー:C52")
DATA_B = _layout(f"{_NOTICE_HEAD} 金額2:N12 他店券金額2:N12 EDI情報:C20 ダミー:C28")
DATA_DETAIL = _layout(
    "データ区分:N1 照会番号:N8 勘定日:N6 預入払出日:N6 入払区分:N1 取引区分:N2 金額:N12 他店券金額:N12 交換呈示日:N6 "
    f"不渡返還日:N6 手形区分:N1 手形番号:N7 僚店番号:N3 {_SENDER} 摘要:C20 EDI情報:C20 ダミー:C1"
)
TRAILER = {
    NOTICE: _layout("データ区分:N1 振込件数:N6 振込金額:N12 取消件数:N6 取消金額:N12 ダミー:C163"),
    DETAIL: _layout(
        "データ区分:N1 入金件数:N6 入金金額:N13 出金件数:N6 出金金額:N13 貸越区分:N1 取引後残高:N14 データ件数:N7 ダミー:C139"
    ),
}
END = {
    NOTICE: _layout("データ区分:N1 ダミー:C199"),
    DETAIL: _layout("データ区分:N1 レコード総件数:N10 口座数:N5 ダミー:C184"),
}
FORM_B_DIGITS = slice(128, 152)  # bytes 129-152: 金額2 and 他店券金額2 in form B, EDI or blank in form A

DEPOSIT_KINDS = {"1": "普通", "2": "当座", "4": "貯蓄", "5": "通知", "6": "定期", "9": "その他"}
DEAL_KINDS = {
    "10": "現金", "11": "振込", "12": "小切手", "13": "小切手", "14": "振替", "18": "その他", "19": "訂正",
}  # fmt: skip

# 総合振込: what we pay out. 新規コード is left 0 (その他).
TRANSFER_RECORD = 120
TRANSFER_HEADER = _layout(
    "データ区分:N1 種別コード:N2 コード区分:N1 依頼人コード:N10 依頼人名:C40 取組日:N4 銀行コード:N4 銀行名:C15 支店コード:N3 支店名:C15 "
    "預金種目:N1 口座番号:N7 ダミー:C17",
    TRANSFER_RECORD,
)
TRANSFER_DATA = _layout(
    "データ区分:N1 銀行コード:N4 銀行名:C15 支店コード:N3 支店名:C15 手形交換所番号:N4 預金種目:N1 口座番号:N7 受取人名:C30 金額:N10 "
    "新規コード:N1 顧客コード1:N10 顧客コード2:N10 振込指定区分:N1 識別表示:C1 ダミー:C7",
    TRANSFER_RECORD,
)
TRANSFER_TRAILER = _layout("データ区分:N1 合計件数:N6 合計金額:N12 ダミー:C101", TRANSFER_RECORD)
TRANSFER_END = _layout("データ区分:N1 ダミー:C119", TRANSFER_RECORD)
