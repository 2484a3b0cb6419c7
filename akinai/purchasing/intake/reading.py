"""仕入のファイルの読み取り: cells that every supplier's list has, each refused in words that say the way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from akinai.catalog import queries as catalog
from akinai.core import intake
from akinai.core.business_days import written_day
from akinai.core.money import NotANumber, parse_quantity, parse_unit_cost
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    Row,
    Table,
    is_excel_mangled,
    unwrap_text,
)
from akinai.party import queries as party
from akinai.purchasing.queries import terms


class SupplierReading(intake.Reading):
    """One look at files that name suppliers and SKUs. A cell that cannot be read is noted, and None is given."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.suppliers = party.supplier_ids()
        codes = {unwrap_text(self.cell(row, "sku")) for _, row in self.rows}
        self.skus = catalog.ids_by_code(codes)
        self.sets = catalog.set_words(self.skus.values())
        self._theirs: dict[int, dict[str, int]] = {}

    def is_plain(self, table: Table, row: Row) -> bool:
        """No formulas, and nothing that Excel has broken."""
        before = len(self.errors)
        for name in self.columns:
            if not self.refuse_formula(table, row, name) and is_excel_mangled(self.cell(row, name)):
                self.wrong(table, row, name, f"Excelで値が壊れています。{EXCEL_WAY_OUT}")
        return len(self.errors) == before

    def supplier(self, table: Table, row: Row) -> int | None:
        found = self.suppliers.get(self.cell(row, "supplier").upper())
        if found is None:
            self.wrong(
                table, row, "supplier", "この仕入先コードは登録されていません。先に仕入先を登録してください。"
            )
        return found

    def sku(self, table: Table, row: Row) -> int | None:
        found = self.skus.get(unwrap_text(self.cell(row, "sku")))
        if found is None:
            self.wrong(
                table, row, "sku",
                "この商品コードは登録されていません。先に商品を登録するか、コードを直してください。",
            )  # fmt: skip
        elif found in self.sets:
            self.wrong(table, row, "sku", self.sets[found])
            return None
        return found

    def supplier_sku(self, table: Table, row: Row, supplier: int) -> int | None:
        """By our code, else by the supplier's own code for it."""
        if self.cell(row, "sku"):
            return self.sku(table, row)
        if supplier not in self._theirs:
            codes = {unwrap_text(self.cell(one, "supplier_code")) for _, one in self.rows}
            self._theirs[supplier] = terms.skus_by_supplier_code(supplier, codes)
        found = self._theirs[supplier].get(unwrap_text(self.cell(row, "supplier_code")))
        if found is None:
            self.wrong(
                table, row, "supplier_code",
                "この仕入先の商品コードは登録されていません。仕入先商品を登録するか、自社の商品コードを書いてください。",
            )  # fmt: skip
        return found

    def text(self, table: Table, row: Row, field: str, *, most: int, needed: str = "") -> str | None:
        """Text up to `most` letters; `needed` is the sentence for an empty cell."""
        text = unwrap_text(self.cell(row, field))
        if needed and not text:
            self.wrong(table, row, field, needed)
            return None
        if len(text) > most:
            self.wrong(table, row, field, f"長すぎます（{most}文字まで）。短くしてください。")
            return None
        return text

    def day(self, table: Table, row: Row, field: str) -> date | None:
        try:
            return written_day(self.cell(row, field))
        except ValueError:
            self.wrong(
                table, row, field,
                "日付を読めません。2026/11/24 のように年から書いてください（Excelでは、セルの表示形式を日付にしてから保存してください）。",
            )  # fmt: skip
            return None

    def pieces(self, table: Table, row: Row, field: str, way_out: str) -> int | None:
        """A whole number of 1 or more."""
        try:
            if pieces := parse_quantity(self.cell(row, field)):
                return pieces
            problem = "数量が0です。"
        except NotANumber as refusal:
            problem = str(refusal)
        self.wrong(table, row, field, f"{problem}{way_out}")
        return None

    def cost(self, table: Table, row: Row, field: str = "cost") -> Decimal | None:
        """単価; None also when the cell is empty."""
        text = self.cell(row, field)
        try:
            return parse_unit_cost(text) if text else None
        except NotANumber as problem:
            self.wrong(table, row, field, f"{problem}税抜の円で書いてください。")
            return None
