"""在庫のファイルの読み取り: which SKU a row means, or why it means none."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.catalog import queries as catalog
from akinai.core import intake
from akinai.core.tables import EXCEL_WAY_OUT, Row, Table, dangerous_formula, is_excel_mangled, unwrap_text


class SkuReading(intake.Reading):
    """One look at files whose rows name a SKU by its code or JAN."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.skus = catalog.ids_by_code({unwrap_text(self.cell(row, "sku")) for _, row in self.rows})
        self.sets = catalog.set_words(self.skus.values())

    def sku(self, table: Table, row: Row) -> int | None:
        """Its id, or None with the problem noted."""
        text = unwrap_text(self.cell(row, "sku"))
        found = self.skus.get(text)
        if not text:
            self.wrong(table, row, "sku", "商品コードが空欄です。コードを書くか、行を削除してください。")
        elif is_excel_mangled(text) or dangerous_formula(text):
            self.wrong(table, row, "sku", f"商品コードがExcelで壊れています。{EXCEL_WAY_OUT}")
        elif found in self.sets:
            self.wrong(table, row, "sku", self.sets[found])
        elif found:
            return found
        else:
            message = "この商品コードは登録されていません。先に商品を登録するか、コードを直してください。"
            self.wrong(table, row, "sku", message)
        return None
