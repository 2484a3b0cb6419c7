"""送料表の取込: one file is one table, read into a draft. 種別 says what a row is; the file that 書き出し writes is read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from akinai.channels import queries as channels
from akinai.core import clock, intake
from akinai.core.money import NotANumber, parse_yen
from akinai.core.postal import PREFECTURES
from akinai.core.tables import Row, Table
from akinai.shipping import services
from akinai.shipping.models import CodFee, FeeSurcharge, FeeTable, FreeLine, ShippingFee
from akinai.shipping.models.fees import EVERYWHERE, KINDS, MOST_YEN
from akinai.shipping.place_rows import PlaceReading
from akinai.shipping.services import FeeParts

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FEE, EXTRA, FREE, COD = "送料", "加算", "送料無料", "代引手数料"
FIELDS = (
    intake.Field("sort", "種別", names=("区分", "行の種別", "kind"), help="送料・加算・送料無料・代引手数料。空欄なら送料"),
    intake.Field("name", "地域", required=True, names=("地域・名前", "名前", "エリア", "region"), help="送料の地域、加算の名前"),
    intake.Field("prefectures", "都道府県", names=("お届け先", "prefecture", "prefectures"), help="「・」か空白で並べます。全国とも書けます"),
    intake.Field("postal_prefix", "郵便番号", names=("郵便番号の先頭", "〒", "zip"), help="先頭の 1〜7 桁"),
    intake.Field("is_island", "離島", names=("島", "island"), help="離島の加算・離島も無料なら 1 か「はい」"),
    intake.Field("service", "届け方", names=("配送方法", "サービス", "service"), help="宅配便・コンパクト・ポスト投函。空欄ならすべて"),
    intake.Field("normal", "常温", names=("常温（税込）", "送料（税込）", "通常"), help="円、税込"),
    intake.Field("chilled", "冷蔵", names=("冷蔵（税込）", "クール", "チルド"), help="送らないなら空欄"),
    intake.Field("frozen", "冷凍", names=("冷凍（税込）",), help="送らないなら空欄"),
    intake.Field("yen", "金額", names=("金額（税込）", "加算額", "手数料"), help="加算・代引手数料の額"),
    intake.Field("bound", "条件の金額", names=("商品代", "代引金額", "基準額"), help="送料無料は「以上」、代引手数料は「まで」。空欄なら上限なし"),
    intake.Field("channel", "店舗", names=("チャネル", "モール", "channel"), help="送料無料の店舗。空欄ならすべて"),
    intake.Field("when_free", "送料無料でも加算", names=("無料でも加算",), help="加算しないなら 0 か「いいえ」"),
)  # fmt: skip
COLUMNS = tuple(one.label for one in FIELDS)
type Part = ShippingFee | FeeSurcharge | FreeLine | CodFee


def prefectures_of(text: str) -> tuple[list[str], list[str]]:
    """「青森 岩手県」 → (prefectures, words that are none); 全国 is all of them."""
    if unicodedata.normalize("NFKC", text).strip() == EVERYWHERE:
        return list(PREFECTURES), []
    found, wrong = [], []
    for word in re.split(r"[\s、,・/]+", unicodedata.normalize("NFKC", text).strip()):
        name = next((one for one in PREFECTURES if word in (one, one[:-1]) and word != "北海"), "")
        if name and name not in found:
            found.append(name)
        elif word and not name:
            wrong.append(word)
    return found, wrong


class _Reading(PlaceReading):
    """Rows become parts of a table; problems gather by line and column."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.channels = {word: pk for pk, code, name in channels.every_id() for word in (code, name)}
        self.seen: dict[tuple[object, ...], int] = {}
        self.parts: list[Part] = []
        for table, row in self.rows:
            before = len(self.errors)
            part = self._part(table, row)
            if part is not None and len(self.errors) == before:
                self._once(table, row, part)
                self.parts.append(part)

    def of[T](self, sort: type[T]) -> list[T]:
        return [one for one in self.parts if isinstance(one, sort)]

    def _part(self, table: Table, row: Row) -> Part | None:
        sort = self.text(row, "sort") or FEE
        makers: dict[str, Callable[[Table, Row], Part]] = {
            FEE: self._fee, EXTRA: self._extra, FREE: self._free, COD: self._cod
        }  # fmt: skip
        make = makers.get(sort)
        if make is None:
            self.wrong(table, row, "sort", f"種別は {FEE}・{EXTRA}・{FREE}・{COD} のどれかで書いてください。")
            return None
        return make(table, row)

    def _fee(self, table: Table, row: Row) -> ShippingFee:
        places, prefix = self._prefectures(table, row), self.prefix(table, row)
        prices = [self._yen(table, row, name) for name in ("normal", "chilled", "frozen")]
        if not places and not prefix:
            self.wrong(table, row, "prefectures", "都道府県か郵便番号を書いてください。")
        if all(price is None for price in prices):
            self.wrong(table, row, "normal", "常温・冷蔵・冷凍のどれかの送料を書いてください。")
        name = self._name(table, row)
        return ShippingFee(
            region=name, prefectures=places, postal_prefix=prefix, service=self._service(table, row), normal_yen=prices[0],
            chilled_yen=prices[1], frozen_yen=prices[2],
        )  # fmt: skip

    def _extra(self, table: Table, row: Row) -> FeeSurcharge:
        places, prefix = self._prefectures(table, row), self.prefix(table, row)
        island = self.truth(table, row, "is_island", usual=False)
        if len(places) > 1:
            self.wrong(table, row, "prefectures", "加算は 1 行に 1 つの都道府県で書いてください。")
        if not (places or prefix or island):
            self.wrong(table, row, "prefectures", "都道府県・郵便番号・離島のどれかを書いてください。")
        return FeeSurcharge(
            name=self._name(table, row), is_island=island, prefecture=places[0] if places else "", postal_prefix=prefix,
            yen=self._must(table, row, "yen") or 0, even_when_free=self.truth(table, row, "when_free", usual=True),
        )  # fmt: skip

    def _free(self, table: Table, row: Row) -> FreeLine:
        text = self.text(row, "channel")
        if text and text not in self.channels:
            self.wrong(
                table, row, "channel", "この店舗は登録されていません。店舗・モールの名前で書いてください。"
            )
        return FreeLine(
            channel_id=self.channels.get(text), from_yen=self._must(table, row, "bound") or 0,
            covers_islands=self.truth(table, row, "is_island", usual=False),
        )  # fmt: skip

    def _cod(self, table: Table, row: Row) -> CodFee:
        return CodFee(up_to_yen=self._yen(table, row, "bound"), yen=self._must(table, row, "yen") or 0)

    def _once(self, table: Table, row: Row, part: Part) -> None:
        key: tuple[object, ...] = (type(part).__name__,)
        if isinstance(part, ShippingFee):
            key += (part.region, part.postal_prefix, part.service)
        elif isinstance(part, FeeSurcharge):
            key += (part.name,)
        else:
            key += (part.channel_id if isinstance(part, FreeLine) else part.up_to_yen,)
        if key in self.seen:
            self.wrong(
                table, row, "name", f"{self.seen[key]}行目と同じ内容の行です。どちらかを消してください。"
            )
        self.seen.setdefault(key, row.line)

    def _name(self, table: Table, row: Row) -> str:
        text = self.text(row, "name")
        if not text or len(text) > 30:
            self.wrong(table, row, "name", "地域・加算の名前を 30 文字までで書いてください。")
        return text

    def _prefectures(self, table: Table, row: Row) -> list[str]:
        found, wrong = prefectures_of(self.cell(row, "prefectures"))
        if wrong:
            self.wrong(
                table,
                row,
                "prefectures",
                f"「{wrong[0][:20]}」は都道府県の名前ではありません。例: 東京都・神奈川県",
            )
        return found

    def _service(self, table: Table, row: Row) -> str:
        text = self.text(row, "service")
        found = next((code for code, label in KINDS if text in (code, label)), None)
        if found is None:
            names = "・".join(label for _, label in KINDS)
            self.wrong(table, row, "service", f"届け方は {names} のどれかで書いてください。")
        return found or ""

    def _yen(self, table: Table, row: Row, name: str) -> int | None:
        text = self.text(row, name)
        if not text:
            return None
        try:
            amount = parse_yen(text)
        except NotANumber:
            amount = -1
        if not 0 <= amount <= MOST_YEN:
            self.wrong(table, row, name, f"0 から {MOST_YEN:,} までの円で書いてください。")
            return None
        return amount

    def _must(self, table: Table, row: Row, name: str) -> int | None:
        before = len(self.errors)
        amount = self._yen(table, row, name)
        if amount is None and len(self.errors) == before:
            self.wrong(table, row, name, "金額を書いてください。")
        return amount


class FeeTableKind(intake.Kind):
    """送料表."""

    code: ClassVar[str] = "shipping-fees"
    title: ClassVar[str] = "送料表"
    permission: ClassVar[str] = "shipping.change_feetable"
    about: ClassVar[str] = (
        "1 つのファイルを 1 つの送料表の下書きにします。公開するまでは、どの受注の送料も変わりません。"
    )
    order: ClassVar[int] = 91
    can_undo: ClassVar[bool] = False
    done_url: ClassVar[str] = "shipping:fees"
    generic: ClassVar[str] = "送料表（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        parts = FeeParts(
            reading.of(ShippingFee), reading.of(FeeSurcharge), reading.of(FreeLine), reading.of(CodFee)
        )
        return intake.Plan(
            rows=len(reading.rows), created=len(reading.parts), columns=COLUMNS,
            preview=[row for _, row in zip(range(50), rows_of(parts), strict=False)],
            payload=(files[0].filename.rsplit(".", 1)[0][:60], parts),
            notes=("適用開始日は明日になります。下書きを開いて決め、公開してください。",),
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        name, parts = plan.payload
        table = services.draft_fees(
            name=name, valid_from=clock.today() + timedelta(days=1), parts=parts, by=by
        )
        return intake.Result(
            message=f"送料表の下書き「{table.name}」を作りました。中を確かめて公開してください。"
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("送料表の行", intake_file.created, "shipping:fees", "tab=draft"),)


def rows_of(parts: FeeParts) -> Iterator[tuple[str, ...]]:
    """送料表 as rows of the file, in the order of COLUMNS."""
    for fee in parts.fees:
        kind = dict(KINDS)[fee.service] if fee.service else ""
        yield (
            FEE, fee.region, fee.places, fee.postal_prefix, "", kind, _cell(fee.normal_yen),
            _cell(fee.chilled_yen), _cell(fee.frozen_yen), "", "", "", "",
        )  # fmt: skip
    for one in parts.surcharges:
        yield (
            EXTRA, one.name, one.prefecture, one.postal_prefix, "はい" if one.is_island else "", "", "", "", "",
            str(one.yen), "", "", "はい" if one.even_when_free else "いいえ",
        )  # fmt: skip
    for line in parts.free_lines:
        shop = line.channel.name if line.channel else ""
        covers = "はい" if line.covers_islands else "いいえ"
        yield FREE, shop or "すべての店舗", "", "", covers, "", "", "", "", "", str(line.from_yen), shop, ""
    for step in parts.cod_fees:
        name = f"{step.up_to_yen:,} 円まで" if step.up_to_yen is not None else "それより上"
        yield COD, name, "", "", "", "", "", "", "", str(step.yen), _cell(step.up_to_yen), "", ""


def _cell(amount: int | None) -> str:
    return "" if amount is None else str(amount)


def parts_of(table: FeeTable) -> FeeParts:
    """送料表の中身. In: a table with its parts fetched."""
    return FeeParts(
        list(table.fees.all()), list(table.surcharges.all()), list(table.free_lines.all()), list(table.cod_fees.all())
    )  # fmt: skip
