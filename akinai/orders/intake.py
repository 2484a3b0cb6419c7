"""受注の取込: mall files become orders through the doors; what is odd becomes a visible exception, never a lost row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.intake import (
    GENERIC,
    Change,
    Field,
    Format,
    Kind,
    Made,
    Option,
    Options,
    Plan,
    Result,
    Upload,
)
from akinai.core.money import yen
from akinai.core.tables import FileRefused, HeaderNotFound, RowError, Table
from akinai.orders import ports, services, tellings
from akinai.orders.ports import IssueDraft, OrderDraft
from akinai.orders.rules import HoldDraft
from akinai.orders.services import cases
from akinai.orders.services.lookups import known_orders
from akinai.orders.services.rating import rated
from akinai.orders.states import PaymentKind

if TYPE_CHECKING:
    from akinai.channels.models import Channel
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class _Work:
    """The plan's payload."""

    drafts: list[OrderDraft]
    channel: Channel
    create_skus: bool
    accept_changes: bool


class OrdersKind(Kind):
    code = "orders"
    title = "受注"
    permission = "orders.add_order"
    about = "モール・カートの受注CSVを読みます。形式と文字コードは自動で見分けます。Yahoo!は注文と商品の2つを一緒に。"
    order = 10
    mixes = True
    done_url = "orders:list"

    def formats(self) -> Sequence[Format]:
        return [Format(code, door.title) for code, door in ports.FORMATS.items()]

    def fields(self) -> Sequence[Field]:
        door: Any = ports.FORMATS.get(GENERIC)
        return [Field(**given) for given in door.fields()] if door else ()

    def options(self) -> Sequence[Option]:
        return [
            Option("create_skus", "未登録の商品コードを作成する", "仮登録した商品は「要確認」になります。"),
            Option("channel", "店舗・モール", "ふつうは形式から決まります。", choices=_channels),
            Option("accept_changes", "変更された注文をそのまま反映する"),
            Option(
                "treat_shipped_as_open",
                "出荷済みの注文も出荷待ちとして受け入れる",
                "練習や引っ越しのときだけ選びます。",
            ),
        ]

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        tables = [_table(file) for file in files]
        return next(
            (code for code, door in ports.FORMATS.items() if code != GENERIC and door.matches(tables)), ""
        )

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        tables = [_table(file) for file in files]
        code = str(options["format"])
        channel = _channel(str(options.get("channel") or ports.FORMATS[code].channel))
        drafts = rated(_read(ports.FORMATS[code], files, tables, options), channel.pk)
        plan = Plan(rows=sum(len(table.rows) for table in tables), format=code)
        _look(plan, drafts, channel, options, told_by=frozenset(file.sha256 for file in files))
        return plan

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        work: _Work = plan.payload
        placed = services.place_many(
            work.drafts, channel=work.channel, by=by, intake_file=plan.record, create_skus=work.create_skus
        )
        accepted = services.accept_pending(placed.changed, by=by) if work.accept_changes else 0
        parts = [
            f"新規 {len(placed.created):,} 件",
            f"変更 {len(placed.changed):,} 件",
            f"変更なし {len(placed.unchanged):,} 件",
        ]
        return Result(
            message=f"受注を取り込みました（{'、'.join(parts)}）。",
            created=len(placed.created),
            changed=len(placed.changed),
            unchanged=len(placed.unchanged),
            exceptions=placed.exceptions - accepted,
            data={"created": placed.created, "changed": placed.changed},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        told = len(intake_file.result.get("data", {}).get("changed", ()))
        return (
            Made("この取込の受注", intake_file.created, "orders:list", f"f.intake={intake_file.pk}"),
            Made("変更の申し出のある受注", told, "orders:list", f"f.told={intake_file.pk}"),
        )


def _table(file: Upload) -> Table:
    """The table that a mall's door knows by its header, wherever it stands; else the one that looks like a table."""
    try:
        return file.table(find_header=_is_a_malls)
    except HeaderNotFound:
        return file.table()


def _is_a_malls(names: tuple[str, ...]) -> bool:
    return any(door.is_header(names) for door in ports.FORMATS.values())


def _channels() -> list[tuple[str, str]]:
    return channels.choices()


def _channel(code: str) -> Channel:
    if code not in dict(channels.choices()):
        text = f"店舗・モール「{code}」は登録されていません。「店舗・モール」の画面で登録するか、別のコードを選んでください。"
        raise FileRefused([RowError("", 0, "", code, text)])
    return channels.by_code(code)


def _read(
    door: ports.OrderFormat, files: Sequence[Upload], tables: Sequence[Table], options: Options
) -> list[OrderDraft]:
    """What the files tell. Read once however often it is planned."""
    columns = dict(options.get("columns") or {}) if door.code == GENERIC else None
    what = ("orders", door.code, tuple(file.sha256 for file in files), str(columns))
    drafts = files[0].remember(what, lambda: _drafts(door, tables, columns))
    if options.get("treat_shipped_as_open"):
        drafts = [replace(d, mall_status="open") if d.mall_status == "shipped" else d for d in drafts]
    return tellings.once(drafts)


def _drafts(
    door: ports.OrderFormat, tables: Sequence[Table], columns: dict[str, str] | None
) -> list[OrderDraft]:
    if columns is None:
        return door.read(tables)
    reader: Any = door
    drafts: list[OrderDraft] = reader.read(tables, mapping=columns)
    return drafts


def _look(
    plan: Plan, drafts: list[OrderDraft], channel: Channel, options: Options, *, told_by: frozenset[str]
) -> None:
    """Compare with what is here; count; write nothing."""
    first, again = _first_tellings(drafts)
    plan.total_yen = sum(draft.total_yen for draft in first)
    known = known_orders(channel.pk, [draft.channel_order_no for draft in first])
    fresh = [draft for draft in first if draft.channel_order_no not in known]
    create_skus = bool(options.get("create_skus"))
    foreseen = cases.foresee(fresh, channel=channel, create_skus=create_skus, now=clock.now())
    found = {draft.channel_order_no: seen for draft, seen in zip(fresh, foreseen, strict=True)}
    pairs = [(known[d.channel_order_no], d) for d in first if d.channel_order_no in known]
    news = services.foresee_changes(pairs, told_by=told_by)
    plan.created, plan.changed, plan.unchanged = len(fresh), len(news), len(pairs) - len(news)
    plan.exceptions = sum(1 for issues, _holds in foreseen if issues) + len(news) + len(again)
    plan.errors = [_error(issue, draft) for draft in fresh for issue in found[draft.channel_order_no][0]]
    plan.errors += [_error(_told_twice(draft), draft) for draft in again]
    plan.changes = [
        Change(row.number, d.title, d.before, d.after, draft.source_file, draft.source_line)
        for row, draft, differences in news
        for d in differences
    ]
    plan.notes = _notes(drafts, foreseen)
    plan.columns = ("注文番号", "注文日時", "注文者", "商品", "請求金額", "支払方法", "例外・要確認")
    plan.preview = [_shown(draft, *found.get(draft.channel_order_no, ([], []))) for draft in drafts[:200]]
    plan.payload = _Work(drafts, channel, create_skus, bool(options.get("accept_changes")))


def _first_tellings(drafts: Sequence[OrderDraft]) -> tuple[list[OrderDraft], list[OrderDraft]]:
    """(each order's first telling, the other ones)."""
    first: dict[str, OrderDraft] = {}
    again = [draft for draft in drafts if first.setdefault(draft.channel_order_no, draft) is not draft]
    return list(first.values()), again


def _told_twice(draft: OrderDraft) -> IssueDraft:
    text = "同じ注文番号が違う内容で2回出てきます。後の内容は「変更の申し出」になります。どちらが正しいか確かめてください。"
    return IssueDraft(
        "duplicate_row", text, 0, draft.source_file, draft.source_line, "注文番号", draft.channel_order_no
    )


def _notes(
    drafts: Sequence[OrderDraft], foreseen: Sequence[tuple[list[IssueDraft], list[HoldDraft]]]
) -> list[str]:
    """What the clerk should know before taking the file in."""
    sent = sum(1 for draft in drafts if draft.mall_status == "shipped")
    gone = sum(1 for draft in drafts if draft.mall_status in ("cancelled", "returned"))
    held = sum(1 for _issues, holds in foreseen if holds)
    told = (
        (sent, f"{sent:,} 件はモールで出荷済みです。出荷済みとして取り込み、引当も出荷指示もしません。"),
        (gone, f"{gone:,} 件はモールでキャンセル・返品されています。"),
        (held, f"{held:,} 件は要確認の規則に当たり、確認待ちになります。"),
    )
    return [text for count, text in told if count]


def _error(issue: IssueDraft, draft: OrderDraft) -> RowError:
    return RowError(
        issue.source_file or draft.source_file,
        issue.source_line or draft.source_line,
        issue.column,
        issue.value,
        f"{draft.channel_order_no}: {issue.message}",
    )


def _shown(draft: OrderDraft, issues: Sequence[IssueDraft], holds: Sequence[HoldDraft]) -> list[str]:
    first = draft.lines[0].name if draft.lines else ""
    more = f" ほか{len(draft.lines) - 1}点" if len(draft.lines) > 1 else ""
    return [
        draft.channel_order_no, f"{draft.ordered_at:%Y/%m/%d %H:%M}", draft.buyer.name, f"{first[:40]}{more}",
        yen(draft.total_yen), str(PaymentKind(draft.payment).label), "、".join([*(i.message for i in issues), *(h.reason for h in holds)])[:200],
    ]  # fmt: skip
