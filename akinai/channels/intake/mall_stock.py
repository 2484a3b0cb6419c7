"""モールの在庫の取込 (照合): a mall's own export is compared with the ledger. It changes no stock of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from akinai.channels import queries
from akinai.channels.drift import Cause
from akinai.channels.models import Channel, FeedItem
from akinai.channels.ports import STOCK_DOORS, MallRow
from akinai.channels.services import auditing
from akinai.core import intake
from akinai.core.tables import RowError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class _Work:
    channel: Channel
    rows: list[MallRow]
    skus: dict[str, int]


class MallStockKind(intake.Kind):
    """モールの在庫."""

    code: ClassVar[str] = "mall_stock"
    title: ClassVar[str] = "モールの在庫（照合）"
    permission: ClassVar[str] = "channels.add_driftaudit"
    about: ClassVar[str] = (
        "モールからダウンロードした在庫CSVを、出すべき数とくらべます。自社の在庫は変わりません。はじめての品目は在庫連携に登録されます。"
    )
    order: ClassVar[int] = 65
    done_url: ClassVar[str] = "channels:feeds"

    def formats(self) -> Sequence[intake.Format]:
        return [intake.Format(door.code, door.title) for door in STOCK_DOORS.values()]

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                "channel", "店舗・モール", "同じモールに店舗がいくつもあるときに選びます。", _channels
            ),
        )

    def accepts(self, files: Sequence[intake.Upload], options: intake.Options) -> str:
        for door in STOCK_DOORS.values():
            if all(door.sniff(file.table()) for file in files):
                return door.code
        return ""

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        door = STOCK_DOORS[options["format"]]
        channel = _channel(door.code, str(options.get("channel") or ""))
        if channel is None:
            message = f"{door.title} の店舗が決まりません。取り込みの指定で店舗・モールを選んでください。"
            return intake.Plan.refusal([RowError(files[0].filename, 0, "", "", message)])
        rows, errors = _read(door.code, files)
        plan = intake.Plan(rows=len(rows) + len(errors), errors=errors, refused=bool(errors))
        skus = _resolve(channel, rows)
        _foresee(plan, channel, rows, skus)
        plan.payload = _Work(channel, rows, skus)
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        work: _Work = plan.payload
        made = auditing.audit(work.channel, work.rows, work.skus, intake_file=plan.record, by=by)
        return intake.Result(
            message=f"{work.channel} の在庫 {made.compared:,} 品目を照合しました。違いは {made.differing:,} 件です。",
            exceptions=made.differing,
            data={"audit": made.pk},
        )


def _channels() -> Sequence[tuple[str, str]]:
    return [(one.code, one.name) for one in queries.active() if one.kind in STOCK_DOORS]


def _channel(kind: str, asked: str) -> Channel | None:
    """The channel asked for, else the only one of this kind."""
    of_kind = list(queries.active().filter(kind=kind))
    if asked:
        return next((one for one in of_kind if one.code == asked), None)
    return of_kind[0] if len(of_kind) == 1 else None


def _read(code: str, files: Sequence[intake.Upload]) -> tuple[list[MallRow], list[RowError]]:
    """All files together; an item that two files hold is told at its second place."""
    rows: dict[str, MallRow] = {}
    errors: list[RowError] = []
    for file in files:
        found = STOCK_DOORS[code].read(file.table())
        errors += found.errors
        for row in found.rows:
            if row.key in rows:
                message = "同じ品目がほかのファイルにもあります。ファイルを1つにしてください。"
                errors.append(RowError(file.filename, row.line, "", row.key, message))
            rows.setdefault(row.key, row)
    return list(rows.values()), errors


def _resolve(channel: Channel, rows: Sequence[MallRow]) -> dict[str, int]:
    """Key of a row → SKU id: by the best of its codes that somebody knows."""
    known = queries.resolve_skus(channel.pk, list({code for row in rows for code in row.codes}))
    found = {row.key: next((known[code] for code in row.codes if code in known), 0) for row in rows}
    return {key: pk for key, pk in found.items() if pk}


def _foresee(plan: intake.Plan, channel: Channel, rows: Sequence[MallRow], skus: dict[str, int]) -> None:
    """What applying would find, without writing."""
    stored = {
        item.key: item for item in FeedItem.objects.filter(channel=channel, key__in=[r.key for r in rows])
    }
    items = []
    for nth, row in enumerate(rows, 1):
        item = stored.get(row.key) or FeedItem(pk=-nth, channel=channel, key=row.key, title=row.title)
        item.sku_id = skus.get(row.key) or item.sku_id
        items.append(item)
    found = auditing.differences(channel, items, rows)
    plan.created = len(rows) - len(stored)
    plan.unchanged = len(stored)
    plan.exceptions = len(found)
    plan.columns = ("モール側の番号", "名前", "モールの数", "出すべき数", "最後に送った数", "原因")
    plan.preview = [
        (
            one.item.key, one.item.title, _number(one.mall), _number(one.now.quantity if one.now else None),
            _number(one.item.last_sent), str(one.cause.label),
        )
        for one in found[:200]
    ]  # fmt: skip
    counts = Counter(one.cause for one in found)
    plan.notes = [f"{cause.label}: {counts[cause]:,} 件" for cause in Cause if counts[cause]] or [
        "違いはありません。"
    ]


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
