"""出品の対応表の取込: which code of a channel is which of our SKUs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from akinai.catalog import queries as catalog
from akinai.channels import services
from akinai.channels.models import Channel, Listing
from akinai.core import intake
from akinai.core.tables import Row, RowError, dangerous_formula, is_excel_mangled

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row: on this channel, `code` shall mean `sku_id`."""

    channel: Channel
    code: str
    sku_id: int


class ListingsKind(intake.Kind):
    """出品（モールの商品コードの対応）."""

    code: ClassVar[str] = "listings"
    title: ClassVar[str] = "出品（商品コードの対応）"
    permission: ClassVar[str] = "channels.add_listing"
    about: ClassVar[str] = (
        "モールの商品コードと自社のSKUコードの対応表を読み、受注の取り込みで使えるようにします。"
    )
    order: ClassVar[int] = 60
    done_url: ClassVar[str] = "channels:listings"

    def fields(self) -> Sequence[intake.Field]:
        return (
            intake.Field(
                "code",
                "チャネル側の商品コード",
                required=True,
                names=("モール商品コード", "モールの商品コード", "出品コード"),
            ),
            intake.Field(
                "sku", "SKUコード", required=True, names=("SKU", "商品コード", "自社コード", "品番", "JAN")
            ),
            intake.Field("channel", "チャネル", names=("モール", "店舗", "チャネルコード")),
        )

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                "channel", "チャネル", "ファイルに「チャネル」の列がないときに使います。", _choices
            ),
        )

    def accepts(self, files: Sequence[intake.Upload], options: intake.Options) -> str:
        return ""

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        columns = options.get("columns") or {}
        plan = intake.Plan(columns=("チャネル", "チャネル側の商品コード", "SKUコード"), payload=[])
        known = {name: channel for channel in Channel.objects.all() for name in (channel.code, channel.name)}
        default = known.get(str(options.get("channel") or ""))
        for upload in files:
            table = upload.table()
            plan.rows += len(table.rows)
            found = catalog.ids_by_code([row.get(columns["sku"]) for row in table.rows])
            for row in table.rows:
                _row(plan, upload.filename, row, columns, known, default, found)
        plan.refused = bool(plan.errors)
        _compare(plan)
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        for wanted in plan.payload:
            services.list_sku(wanted.channel, wanted.code, wanted.sku_id, by=by)
        return intake.Result(
            message=f"新規 {plan.created:,} 件、変更 {plan.changed:,} 件の対応を登録しました。"
        )


def _choices() -> Sequence[tuple[str, str]]:
    from akinai.channels import queries

    return queries.choices()


def _row(
    plan: intake.Plan,
    file: str,
    row: Row,
    columns: intake.Options,
    known: dict[str, Channel],
    default: Channel | None,
    skus: dict[str, int],
) -> None:
    """One row into the payload, or its errors."""
    name = row.get(columns["channel"]) if columns.get("channel") else ""
    channel = known.get(name) if name else default
    code, sku = row.get(columns["code"]), row.get(columns["sku"])
    problems = []
    if channel is None:
        text = f"チャネル「{name}」は登録されていません。チャネルの設定にある名前かコードにしてください。"
        problems.append(
            (
                columns.get("channel", "チャネル"),
                name,
                text if name else "チャネルが分かりません。取り込みの指定でチャネルを選んでください。",
            )
        )
    if not catalog.code_key(code) or len(catalog.code_key(code)) > 120:
        problems.append(
            (columns["code"], code, "チャネル側の商品コードが空欄か、長すぎます（120文字まで）。")
        )
    elif dangerous_formula(code) or is_excel_mangled(code):
        problems.append(
            (
                columns["code"],
                code,
                "値が計算式か、Excelで壊れた数字になっています。元のコードに直してください。",
            )
        )
    if sku not in skus:
        problems.append(
            (
                columns["sku"],
                sku,
                "このSKUコードは登録されていません。先に商品を登録するか、コードを確かめてください。",
            )
        )
    plan.errors += [RowError(file, row.line, column, value, text) for column, value, text in problems]
    if not problems and channel is not None:
        plan.payload.append(Wanted(channel, code, skus[sku]))


def _compare(plan: intake.Plan) -> None:
    """New, changed, or the same already; the same code twice with two SKUs is refused."""
    rows = Listing.objects.filter(channel__in={w.channel.pk for w in plan.payload}).select_related("sku")
    now = {(one.channel_id, one.code_key): one for one in rows}
    titles = catalog.sku_rows({w.sku_id for w in plan.payload})
    seen: dict[tuple[int, str], int] = {}
    fresh = []
    for wanted in plan.payload:
        key = (wanted.channel.pk, catalog.code_key(wanted.code))
        if seen.setdefault(key, wanted.sku_id) != wanted.sku_id:
            text = "同じチャネル・同じ商品コードに2つのSKUが書かれています。どちらかを消してください。"
            plan.errors.append(RowError("", 0, "", wanted.code, text))
            plan.refused = True
        there = now.get(key)
        if there and there.sku_id == wanted.sku_id:
            plan.unchanged += 1
            continue
        fresh.append(wanted)
        plan.created += there is None
        plan.changed += there is not None
        if there:
            change = intake.Change(
                f"{wanted.channel.name} {wanted.code}", "SKU", there.sku.code, titles[wanted.sku_id].code
            )
            plan.changes = [*plan.changes, change]
    plan.preview = [(w.channel.name, w.code, titles[w.sku_id].code) for w in fresh[:50]]
    plan.payload = fresh
