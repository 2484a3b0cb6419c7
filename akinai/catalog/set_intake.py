"""セットの中身の取込: one row per part; a set that is named is made of just the parts the file says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from akinai.catalog import ports, queries, services, sets
from akinai.catalog.services.sets import MOST_PIECES, problem_of
from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.tables import EXCEL_WAY_OUT, Row, Table, dangerous_formula, is_excel_mangled, unwrap_text

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field(
        "set", "セットの商品コード", required=True, names=("セット商品コード", "セット", "親商品コード", "セットSKU")
    ),
    intake.Field(
        "part", "中身の商品コード", required=True, names=("構成商品コード", "内訳商品コード", "子商品コード", "商品コード", "SKU")
    ),
    intake.Field("quantity", "数量", required=True, names=("構成数", "個数", "入数")),
)  # fmt: skip


class _Reading(intake.Reading):
    """One look at the rows: set → part → pieces, and where each set was first named."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        codes = {unwrap_text(self.cell(row, name)) for _, row in self.rows for name in ("set", "part")}
        self.skus = queries.ids_by_code(codes)
        self.first: dict[int, tuple[Table, Row]] = {}

    def sets(self) -> dict[int, dict[int, int]]:
        found: dict[int, dict[int, int]] = {}
        for table, row in self.rows:
            before = len(self.errors)
            whole, part, pieces = (
                self._sku(table, row, "set"),
                self._sku(table, row, "part"),
                self._pieces(table, row),
            )
            if len(self.errors) > before or whole is None or part is None or pieces is None:
                continue
            self.first.setdefault(whole, (table, row))
            if part in found.setdefault(whole, {}):
                self.wrong(
                    table,
                    row,
                    "part",
                    "同じセットに同じ商品が2行あります。数量を足して1行にまとめてください。",
                )
            found[whole][part] = pieces
        return found

    def _sku(self, table: Table, row: Row, name: str) -> int | None:
        text = unwrap_text(self.cell(row, name))
        if is_excel_mangled(text) or dangerous_formula(text):
            self.wrong(table, row, name, f"商品コードがExcelで壊れています。{EXCEL_WAY_OUT}")
            return None
        if text not in self.skus:
            message = "この商品コードは登録されていません。先に商品を登録するか、コードを直してください。"
            self.wrong(
                table, row, name, message if text else "商品コードが空欄です。コードを書いてください。"
            )
            return None
        return self.skus[text]

    def _pieces(self, table: Table, row: Row) -> int | None:
        text = self.cell(row, "quantity")
        try:
            pieces = parse_quantity(text)
        except NotANumber as problem:
            self.wrong(table, row, "quantity", f"{problem}1セットに入る数を書いてください。")
            return None
        if not 1 <= pieces <= MOST_PIECES:
            self.wrong(table, row, "quantity", f"数量は 1～{MOST_PIECES:,} にしてください。")
            return None
        return pieces

    def judge(self, wanted: dict[int, dict[int, int]], now: dict[int, dict[int, int]]) -> None:
        """What the catalogue and the shelf say against a set, at the row that names it first."""
        parts = {part for inside in wanted.values() for part in inside}
        for whole, inside in wanted.items():
            table, row = self.first[whole]
            if problem := problem_of(whole, inside):
                self.wrong(table, row, "set", "".join(problem))
            elif whole in parts:
                self.wrong(
                    table,
                    row,
                    "set",
                    "このファイルで別のセットの中身にもなっています。セットの中にセットは入れられません。",
                )
            elif whole not in now and (kept := ports.why_kept(whole)):
                self.wrong(
                    table,
                    row,
                    "set",
                    f"{kept}ため、セット商品にできません。セット用の商品コードを登録してください。",
                )


class SetsKind(intake.Kind):
    """セットの中身."""

    code: ClassVar[str] = "sets"
    title: ClassVar[str] = "セットの中身"
    permission: ClassVar[str] = "catalog.change_product"
    about: ClassVar[str] = (
        "セット商品と中身の商品の一覧を読み、セットを組みます。受けた注文の中身は変わりません。"
    )
    order: ClassVar[int] = 25
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "catalog:list"
    generic: ClassVar[str] = "セットの中身の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        wanted = reading.sets()
        now = _now(wanted)
        reading.judge(wanted, now)
        plan = intake.Plan(columns=("セット", "中身"), rows=len(reading.rows), errors=reading.errors)
        plan.refused = bool(plan.errors)
        codes = {
            pk: row.code
            for pk, row in queries.sku_rows({*wanted, *(p for one in wanted.values() for p in one)}).items()
        }
        words = {pk: _words(inside, codes) for pk, inside in wanted.items()}
        fresh = {pk: inside for pk, inside in wanted.items() if inside != now.get(pk)}
        plan.created, plan.changed = sum(pk not in now for pk in fresh), sum(pk in now for pk in fresh)
        plan.unchanged = len(wanted) - len(fresh)
        old = queries.parts_of(pk for pk in fresh if pk in now)
        plan.changes = [
            intake.Change(codes[pk], "中身", sets.in_words(old[pk]), words[pk]) for pk in fresh if pk in old
        ]
        plan.preview = [(codes[pk], words[pk]) for pk in list(fresh)[:50]]
        plan.payload = fresh
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        before = _now(plan.payload)
        for whole, inside in plan.payload.items():
            services.compose_set(whole, inside, by=by)
        data = {
            "sets": [[pk, _pairs(before.get(pk, {})), _pairs(inside)] for pk, inside in plan.payload.items()]
        }
        return intake.Result(message=f"{len(plan.payload):,} 件のセットの中身を登録しました。", data=data)

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = len(intake_file.result.get("data", {}).get("sets", ()))
        return [intake.Made("セット商品", count, "catalog:list", "tab=sets")] if count else ()

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        rows = intake_file.result["data"]["sets"]
        now = _now(pk for pk, _, _ in rows)
        changed = [pk for pk, _, after in rows if _pairs(now.get(pk, {})) != after]
        if changed:
            code = queries.sku_rows(changed[:1])[changed[0]].code
            raise DomainError(
                f"{code} の中身は、取込のあとに変えられています（ほか {len(changed) - 1} 件）。",
                way_out="セットの画面で1件ずつ直してください。",
            )
        for pk, earlier, _ in rows:
            services.compose_set(pk, {int(part): int(pieces) for part, pieces in earlier}, by=by)
        return f"{len(rows):,} 件のセットの中身を取込の前に戻しました。"


def _now(set_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    found = queries.parts_of(set_ids)
    return {pk: {part.sku_id: part.quantity for part in parts} for pk, parts in found.items()}


def _pairs(inside: dict[int, int]) -> list[list[int]]:
    return [[part, inside[part]] for part in sorted(inside)]


def _words(inside: dict[int, int], codes: dict[int, str]) -> str:
    return "、".join(
        f"{code} × {pieces:,}" for code, pieces in sorted((codes[pk], n) for pk, n in inside.items())
    )
