"""送料表を作り、公開し、取り下げる. What was published is never edited: a change is a new version from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.postal import PREFECTURES
from akinai.core.tax import rates_on
from akinai.shipping import fee_queries, fee_rules
from akinai.shipping.models import CodFee, FeeSurcharge, FeeTable, FreeLine, ShippingFee
from akinai.shipping.states import Service

if TYPE_CHECKING:
    from akinai.staff.models import Staff

ONE_DAY = timedelta(days=1)
# 地域 as Japanese carriers' tables are divided.
REGIONS: tuple[tuple[str, str], ...] = (
    ("北海道", "北海道"), ("北東北", "青森県 岩手県 秋田県"), ("南東北", "宮城県 山形県 福島県"),
    ("関東", "茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 山梨県"), ("信越", "新潟県 長野県"),
    ("北陸", "富山県 石川県 福井県"), ("中部", "岐阜県 静岡県 愛知県 三重県"),
    ("関西", "滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県"), ("中国", "鳥取県 島根県 岡山県 広島県 山口県"),
    ("四国", "徳島県 香川県 愛媛県 高知県"), ("九州", "福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県"), ("沖縄", "沖縄県"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeeParts:
    """送料表の中身, not saved yet and of no table."""

    fees: Sequence[ShippingFee] = ()
    surcharges: Sequence[FeeSurcharge] = ()
    free_lines: Sequence[FreeLine] = ()
    cod_fees: Sequence[CodFee] = field(default_factory=tuple)


def usual_parts(
    normal: Mapping[str, int], *, cool_yen: int, mail_yen: int, island_yen: int, free_from_yen: int, cod: Iterable[tuple[int, int]]
) -> FeeParts:  # fmt: skip
    """送料表の中身 by the carriers' regions: 常温 as told, 冷蔵・冷凍 `cool_yen` more, one price by post, islands more, a free line for all
    shops, `cod` (up to, fee)."""
    fees = [
        ShippingFee(
            region=name, prefectures=places.split(), normal_yen=normal[name], chilled_yen=normal[name] + cool_yen,
            frozen_yen=normal[name] + cool_yen,
        )
        for name, places in REGIONS
    ]  # fmt: skip
    fees.append(
        ShippingFee(
            region="全国（ポスト投函）",
            prefectures=list(PREFECTURES),
            service=Service.MAIL,
            normal_yen=mail_yen,
        )
    )
    return FeeParts(
        fees,
        [FeeSurcharge(name="離島・沖縄", is_island=True, yen=island_yen)],
        [FreeLine(from_yen=free_from_yen)],
        [CodFee(up_to_yen=up_to, yen=fee) for up_to, fee in cod],
    )


@transaction.atomic
def draft_fees(*, name: str, valid_from: date, parts: FeeParts, note: str = "", by: Staff | None) -> FeeTable:
    """送料表の下書きを作る."""
    table = FeeTable(created_by=by)
    return _write(table, name, valid_from, note, parts, by)


@transaction.atomic
def rewrite_fees(
    table_id: int, *, name: str, valid_from: date, parts: FeeParts, note: str = "", by: Staff | None
) -> FeeTable:
    """下書きを書き直す. Refused once it is published."""
    return _write(_draft(table_id), name, valid_from, note, parts, by)


def _draft(table_id: int) -> FeeTable:
    table = FeeTable.objects.select_for_update().get(pk=table_id)
    if table.state != FeeTable.State.DRAFT:
        raise DomainError(
            f"送料表「{table.name}」は「{table.get_state_display()}」なので直せません。",
            way_out="「写しを作る」で新しい送料表を作り、適用開始日を決めて公開してください。",
        )
    return table


def _write(
    table: FeeTable, name: str, valid_from: date, note: str, parts: FeeParts, by: Staff | None
) -> FeeTable:
    table.name, table.valid_from, table.note = name.strip(), valid_from, note.strip()
    table.tax_rate = rates_on(valid_from).standard
    table.save()
    try:
        with transaction.atomic():
            _put(table, parts)
    except IntegrityError as error:
        raise DomainError(
            "同じ地域・加算・店舗・代引の段が 2 行あります。", way_out="どちらかを消してください。"
        ) from error
    activity.record(table, "save", by=by, summary=f"送料表「{table.name}」を保存（{len(parts.fees)} 地域）")
    return table


def _put(table: FeeTable, parts: FeeParts) -> None:
    for position, fee in enumerate(parts.fees):
        fee.position = position
    _replace(ShippingFee, table, parts.fees)
    _replace(FeeSurcharge, table, parts.surcharges)
    _replace(FreeLine, table, parts.free_lines)
    _replace(CodFee, table, parts.cod_fees)


def _replace[P: (ShippingFee, FeeSurcharge, FreeLine, CodFee)](
    model: type[P], table: FeeTable, rows: Sequence[P]
) -> None:
    model._default_manager.filter(table=table).delete()
    for row in rows:
        row.pk, row.table = None, table
    model._default_manager.bulk_create(rows)


@transaction.atomic
def copy_fees(table_id: int, *, by: Staff | None) -> FeeTable:
    """写しを作る: a draft with the same content, from tomorrow on."""
    old = fee_queries.with_parts(FeeTable.objects.filter(pk=table_id)).get()
    parts = FeeParts(
        list(old.fees.all()), list(old.surcharges.all()), list(old.free_lines.all()), list(old.cod_fees.all())
    )
    return draft_fees(
        name=f"{old.name[:50]} の写し", valid_from=clock.today() + ONE_DAY, parts=parts, note=old.note, by=by
    )


@transaction.atomic
def discard_fees(table_id: int, *, by: Staff | None) -> None:
    """下書きを消す. What was published stays."""
    table = _draft(table_id)
    activity.record(table, "discard", by=by, summary=f"送料表の下書き「{table.name}」を削除")
    table.delete()


@transaction.atomic
def publish_fees(table_id: int, *, by: Staff | None) -> FeeTable:
    """公開する: in force from its first day on; the table before it ends the day before. Refused for days that are gone (but for
    the very first table), where a prefecture has no charge, and when another table begins on the same day."""
    table = _draft(table_id)
    _refuse_gaps(table)
    live = FeeTable.objects.select_for_update().filter(state=FeeTable.State.LIVE)
    before = live.filter(valid_from__lte=table.valid_from).order_by("-valid_from").first()
    after = live.filter(valid_from__gt=table.valid_from).order_by("valid_from").first()
    if before and table.valid_from <= clock.today():
        raise DomainError(
            f"適用開始日 {table.valid_from:%Y/%m/%d} はもう始まっています。",
            way_out="明日からの日にしてください。使われた送料表はさかのぼって変えられません。",
        )
    if before:
        if before.valid_from == table.valid_from:
            raise ChangedMeanwhile(
                f"{table.valid_from:%Y/%m/%d} からの送料表「{before.name}」がすでに公開されています。",
                way_out="適用開始日を変えるか、その送料表を取り下げてください。",
            )
        before.valid_until = table.valid_from - ONE_DAY
        before.save(update_fields=["valid_until"])
    _put_in_force(table, after.valid_from - ONE_DAY if after else None, by)
    return table


def _put_in_force(table: FeeTable, until: date | None, by: Staff | None) -> None:
    note = f"{table.valid_from:%Y/%m/%d} から"
    try:
        transitions.apply(table, "publish", by=by, note=note, set_fields={"valid_until": until})
    except IntegrityError as error:  # two first tables at once: neither saw the other
        raise ChangedMeanwhile(
            "ほかの送料表が同時に公開されました。", way_out="一覧を開き直して、適用の期間を確かめてください。"
        ) from error


def _refuse_gaps(table: FeeTable) -> None:
    told = fee_queries.as_rules(table)
    if missing := fee_rules.uncovered(told.fees, PREFECTURES):
        names = "、".join(missing[:5]) + ("…" if len(missing) > 5 else "")
        raise DomainError(
            f"常温の送料のない都道府県があります（{names}）。", way_out="どの都道府県も 1 つの地域に入れてください。"
        )  # fmt: skip
    if name := fee_rules.twice(told.fees):
        raise DomainError(
            f"{name} が 2 つの地域に入っています。", way_out="どちらかの地域から外してください。"
        )


@transaction.atomic
def withdraw_fees(table_id: int, *, by: Staff | None) -> FeeTable:
    """取り下げる, before its first day: the table before it goes on in its place."""
    table = FeeTable.objects.select_for_update().get(pk=table_id)
    if table.state == FeeTable.State.LIVE and table.valid_from <= clock.today():
        raise DomainError(
            f"送料表「{table.name}」はもう使われています。",
            way_out="新しい送料表を作り、明日からの日で公開してください。",
        )
    transitions.apply(table, "take_back", by=by, note="取り下げ")
    FeeTable.objects.filter(state=FeeTable.State.LIVE, valid_until=table.valid_from - ONE_DAY).update(
        valid_until=table.valid_until
    )
    return table
