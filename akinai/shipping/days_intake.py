"""お届け日数の取込: the carrier's days by prefecture or postal code, from a file. The same file again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from akinai.core import intake
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.postal import PREFECTURES
from akinai.core.tables import Row, Table
from akinai.shipping import queries, services
from akinai.shipping.models import CarrierDays
from akinai.shipping.models.delivery import LONGEST_DAYS
from akinai.shipping.place_rows import PlaceReading
from akinai.shipping.services.delivery import DaysTold

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("days", "お届け日数", required=True, names=("日数", "所要日数", "リードタイム", "days", "lead time"), help="出荷の翌日に届くなら 1"),
    intake.Field("prefecture", "都道府県", names=("お届け先", "届け先", "地域", "prefecture")),
    intake.Field("postal_prefix", "郵便番号", names=("郵便番号の先頭", "〒", "zip", "postal code"), help="先頭の 1〜7 桁"),
    intake.Field("is_island", "離島", names=("島", "island"), help="離島だけの日数なら 1 か「はい」"),
    intake.Field("carrier", "運送会社", names=("配送会社", "配送業者", "carrier"), help="空欄ならすべての運送会社"),
    intake.Field("has_slots", "時間帯指定", names=("時間指定", "時間帯", "slots"), help="できないなら 0 か「いいえ」"),
    intake.Field("note", "メモ", names=("備考", "note")),
)  # fmt: skip
COLUMNS = ("区分", "運送会社", "お届け先", "お届け日数", "時間帯指定")
type Key = tuple[str, str, str, bool]


class _Reading(PlaceReading):
    """Rows become what they tell; problems gather by line and column."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.carriers = {name.upper(): code for code, title in queries.carrier_choices() for name in (code, title, title.split()[0])}  # fmt: skip
        self.seen: dict[Key, int] = {}
        self.told = [told for table, row in self.rows if (told := self._told(table, row))]

    def _told(self, table: Table, row: Row) -> DaysTold | None:
        before = len(self.errors)
        carrier, prefecture = self._carrier(table, row), self._prefecture(table, row)
        prefix = self.prefix(table, row)
        is_island = self.truth(table, row, "is_island", usual=False)
        told = DaysTold(
            carrier, prefecture, prefix, is_island, self._days(table, row),
            self.truth(table, row, "has_slots", usual=True), self.text(row, "note")[:100],
        )  # fmt: skip
        if len(self.errors) == before and not (prefecture or prefix or is_island):
            self.wrong(table, row, "prefecture", "都道府県か郵便番号を書いてください。")
        key = (carrier, prefecture, prefix, is_island)
        if len(self.errors) == before and key in self.seen:
            self.wrong(
                table,
                row,
                "prefecture",
                f"{self.seen[key]}行目に同じお届け先があります。どちらかを消してください。",
            )
        self.seen.setdefault(key, row.line)
        return told if len(self.errors) == before else None

    def _carrier(self, table: Table, row: Row) -> str:
        text = self.text(row, "carrier")
        if text and text.upper() not in self.carriers:
            self.wrong(
                table,
                row,
                "carrier",
                "この運送会社は登録されていません。運送会社の設定の名前で書いてください。",
            )
        return self.carriers.get(text.upper(), "")

    def _prefecture(self, table: Table, row: Row) -> str:
        text = self.text(row, "prefecture")
        found = next((name for name in PREFECTURES if text in (name, name[:-1]) and text), "")
        if text == "北海":
            found = ""
        if text and not found:
            self.wrong(table, row, "prefecture", "都道府県の名前ではありません。例: 東京都")
        return found

    def _days(self, table: Table, row: Row) -> int:
        text = self.text(row, "days").removesuffix("日").removesuffix("営業").strip()
        try:
            days = parse_quantity(text) if text else 0
        except NotANumber:
            days = 0
        if not 1 <= days <= LONGEST_DAYS:
            self.wrong(table, row, "days", f"1 から {LONGEST_DAYS} までの日数を書いてください。")
        return days


class CarrierDaysKind(intake.Kind):
    """お届け日数."""

    code: ClassVar[str] = "carrier-days"
    title: ClassVar[str] = "お届け日数"
    permission: ClassVar[str] = "shipping.change_carrierdays"
    about: ClassVar[str] = (
        "都道府県・郵便番号ごとのお届け日数を読み、登録・訂正します。書かれていないお届け先は変えません。"
    )
    order: ClassVar[int] = 90
    can_undo: ClassVar[bool] = False
    done_url: ClassVar[str] = "shipping:days"
    generic: ClassVar[str] = "お届け日数の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        names = ("carrier", "prefecture", "postal_prefix", "is_island", "days", "has_slots", "is_estimate")
        known = {row[:4]: row[4:] for row in CarrierDays.objects.values_list(*names)}
        sorts = [_sort(told, known) for told in reading.told]
        return intake.Plan(
            rows=len(reading.rows), created=sorts.count("新規"), changed=sorts.count("変更"), columns=COLUMNS,
            unchanged=sorts.count("変更なし"),
            preview=[_shown(told, sort) for told, sort in zip(reading.told[:50], sorts, strict=False)],
            payload=[told for told, sort in zip(reading.told, sorts, strict=True) if sort != "変更なし"],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        services.take_days(plan.payload, by=by)
        return intake.Result(
            message=f"お届け日数を登録しました（新規 {plan.created:,} 件、変更 {plan.changed:,} 件、変更なし {plan.unchanged:,} 件）。"
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("お届け日数", intake_file.created + intake_file.changed, "shipping:days"),)


def _sort(told: DaysTold, known: dict[Key, tuple[int, bool, bool]]) -> str:
    have = known.get((told.carrier, told.prefecture, told.postal_prefix, told.is_island))
    if have is None:
        return "新規"
    return "変更なし" if have == (told.days, told.has_slots, False) else "変更"


def _shown(told: DaysTold, sort: str) -> tuple[str, ...]:
    place = " ".join(filter(None, (told.prefecture, told.postal_prefix, "離島" if told.is_island else "")))
    carrier = queries.name_of(told.carrier) if told.carrier else "すべて"
    return sort, carrier, place, f"{told.days} 日", "できる" if told.has_slots else "できない"
