"""Any bank (汎用): the clerk says which column is what, or the column names say it themselves.

Never detected by itself: money is read only when a person has chosen this format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, classify, split_text
from akinai.core.tables import FileRefused, Row, read_tables, refuse
from akinai.payments.ports import MappedField, Statement

# field → (label, names that mean it without asking); all names as `normal_header` leaves them.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "date": ("日付", ("日付", "取引日", "年月日", "取扱日", "取扱日付", "勘定日", "入出金日", "お取引日", "入金日", "振込日")),
    "paid_in": ("入金額", ("入金額", "入金金額", "入金金額(円)", "お預入れ", "お預り金額", "お預入金額", "預かり金額", "預入金額", "受入金額", "お預り", "入金", "受入金額(円)")),
    "paid_out": ("出金額", ("出金額", "出金金額", "出金金額(円)", "お引出し", "お支払金額", "お引出金額", "支払い金額", "支払金額", "払出金額", "お支払い", "出金", "払出金額(円)")),
    "amount": ("入出金額（出金はマイナス）", ("入出金額", "入出金", "入出金(円)", "金額", "取引金額", "振込金額")),
    "text": ("摘要", ("摘要", "内容", "お取引内容", "取引内容", "お取り扱い内容", "入出金内容", "詳細", "詳細1", "取引区分")),
    "payer": ("振込人", ("振込人", "振込依頼人", "依頼人名", "振込依頼人名", "振込名義", "名義", "摘要内容", "詳細2", "依頼人")),
    "balance": ("残高", ("残高", "差引残高", "取引後残高", "残高(円)", "取引後残高(円)", "現在高", "現在(貸付)高")),
    "memo": ("メモ", ("メモ", "備考")),
    "ref": ("照会番号", ("照会番号", "明細番号", "明細通番", "番号", "取引順番号", "入出金明細ID")),
}  # fmt: skip


def guess(header: Sequence[str]) -> dict[str, str]:
    """field → column for columns called by a name that means it. Each column is used once."""
    found: dict[str, str] = {}
    for field, (_, names) in FIELDS.items():
        column = next((name for name in names if name in header and name not in found.values()), "")
        if column:
            found[field] = column
    if "paid_in" in found:
        found.pop("amount", None)
    return found


def _help(field: str) -> str:
    if field == "amount":
        return "入金と出金が 1 つの列にあるとき。「入金額」か、これのどちらかを選びます。"
    return "「摘要」か「振込人」のどちらかは必要です。" if field == "payer" else ""


class GenericBank(CsvBank):
    code = "generic"
    title = "汎用（列を指定）"
    fields = tuple(
        MappedField(field, label, names, field == "date", _help(field))
        for field, (label, names) in FIELDS.items()
    )

    def __init__(self, columns: Mapping[str, str] | None = None, *, year: int | None = None) -> None:
        super().__init__(year=year)
        self.columns = dict(columns or {})
        self._use(self.columns)

    def with_columns(self, columns: Mapping[str, str]) -> GenericBank:
        """The format for a file whose columns a person has named. `columns`: field (see FIELDS) → header text."""
        return GenericBank({field: name for field, name in columns.items() if name}, year=self.year)

    def for_year(self, year: int) -> GenericBank:
        return GenericBank(self.columns, year=year)

    def sniff(self, data: bytes, filename: str) -> bool:
        return False

    def read(self, data: bytes, filename: str) -> Sequence[Statement]:
        if not self.columns:
            table = read_tables(data, filename=filename, find_header=_is_known)
            return GenericBank(guess(table.header), year=self.year).read(data, filename)
        if lacking := _lacking(self.columns):
            raise _not_enough(filename, lacking)
        return super().read(data, filename)

    def _use(self, columns: Mapping[str, str]) -> None:
        """The frame's column names, from the mapping."""
        self.required = tuple(dict.fromkeys(columns.values()))
        self.day = columns.get("date", "")
        self.paid_in, self.paid_out = columns.get("paid_in", ""), columns.get("paid_out", "")
        self.signed = "" if self.paid_in else columns.get("amount", "")
        self.balance, self.memo = columns.get("balance", ""), columns.get("memo", "")
        self.ref = columns.get("ref", "")
        self.texts = tuple(columns[name] for name in ("text", "payer") if columns.get(name))

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        text = row.get(self.columns.get("text", ""))
        payer = row.get(self.columns.get("payer", ""))
        if not payer:
            return split_text(text, amount_yen)
        found = classify(text, amount_yen) if text else Wording("振込", is_transfer=amount_yen > 0)
        named = found.kind in ("振込", "その他") and not found.is_cancellation
        return Wording(found.kind, named and amount_yen > 0, found.is_cancellation, payer if named else "")


def _is_known(cells: tuple[str, ...]) -> bool:
    return not _lacking(guess(cells))


def _lacking(columns: Mapping[str, str]) -> list[str]:
    """Labels of what a statement cannot do without."""
    lacking = [FIELDS[name][0] for name in ("date",) if not columns.get(name)]
    if not columns.get("paid_in") and not columns.get("amount"):
        lacking.append(FIELDS["paid_in"][0])
    if not columns.get("text") and not columns.get("payer"):
        lacking.append(FIELDS["text"][0])
    return lacking


def _not_enough(file: str, lacking: list[str]) -> FileRefused:
    names = "、".join(f"「{label}」" for label in lacking)
    return refuse(
        file,
        f"{names}の列が決まっていません。取込の画面の「列の対応」で、どの列かを選んでください"
        "（コマンドでは --column amount=金額 のように指定します）。",
    )
