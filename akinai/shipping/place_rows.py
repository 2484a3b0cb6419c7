"""場所の列の読み取り: what files about places (お届け日数, 送料表) have in common: texts, the beginning of a postal code, yes and no."""

from __future__ import annotations

import re
import unicodedata

from akinai.core import intake
from akinai.core.tables import EXCEL_WAY_OUT, Row, Table, is_excel_mangled

YES = frozenset({"1", "はい", "あり", "可", "○", "true", "yes", "離島"})
NO = frozenset({"0", "いいえ", "なし", "不可", "×", "false", "no", "-"})


class PlaceReading(intake.Reading):
    """A reading of rows about places; problems gather by line and column."""

    def text(self, row: Row, name: str) -> str:
        return unicodedata.normalize("NFKC", self.cell(row, name)).strip()

    def prefix(self, table: Table, row: Row) -> str:
        """郵便番号の先頭 as digits, "" where none is written or it cannot be read."""
        if is_excel_mangled(self.cell(row, "postal_prefix")):
            self.wrong(table, row, "postal_prefix", f"Excelで値が壊れています。{EXCEL_WAY_OUT}")
            return ""
        digits = re.sub(r"[\s\-〒*＊…]", "", self.text(row, "postal_prefix"))
        if digits and not re.fullmatch(r"[0-9]{1,7}", digits):
            self.wrong(table, row, "postal_prefix", "郵便番号の先頭の 1〜7 桁の数字で書いてください。")
        return digits

    def truth(self, table: Table, row: Row, name: str, *, usual: bool) -> bool:
        text = self.text(row, name).lower()
        if not text:
            return usual
        if text not in YES | NO:
            self.wrong(table, row, name, "「はい」か「いいえ」（1 か 0）で書いてください。")
        return text in YES
