"""決済の結果の取込: 審査結果, 収納結果, 取引履歴 of 後払い, コンビニ and wallets move their 決済; money is told by settlements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from akinai.core.business_days import written_day
from akinai.core.intake import (
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
from akinai.core.money import NotANumber, parse_yen
from akinai.core.tables import Row, RowError, normal_header
from akinai.orders.payment_methods import METHODS, PaymentKind
from akinai.payments import queries, services
from akinai.payments.models import PaymentRequest
from akinai.payments.models.requests import KINDS
from akinai.payments.provider_ports import LAYOUTS, ResultLayout
from akinai.payments.rules.results import WORDS, Meaning, Standing, Step, meaning_of, step_of
from akinai.payments.services.results import ResultStep
from akinai.payments.states import RequestState

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Told:
    """結果 1 行 as it was read."""

    file: str
    row: Row
    key: str
    meaning: Meaning
    ref: str
    yen: int | None
    until: date | None


@dataclass(slots=True)
class _Seen:
    """決済 (or the order that will get one) while the rows are thought over."""

    order: Order
    request: PaymentRequest | None
    now: Standing
    kind: str
    rows: int = field(default=0)


class ResultKind(Kind):
    code = "payment_results"
    title = "決済の結果"
    permission = "payments.change_paymentrequest"
    about = (
        "後払いの審査・入金、コンビニの収納、PayPay などの取引の結果を読み、決済の状態を進めます。"
        "入金そのものは「入金精算」で取り込みます。"
    )
    order = 54
    done_url = "payments:requests"

    def formats(self) -> Sequence[Format]:
        return [Format(layout.code, layout.shown) for layout in LAYOUTS.values()]

    def fields(self) -> Sequence[Field]:
        return (
            Field("order", "注文番号", True, ("受注番号", "オーダーID", "加盟店取引ID", "決済番号(PQ)"), "注文番号、Akinai の受注番号・決済番号のどれか"),
            Field("result", "結果", True, ("審査結果", "状態", "ステータス", "取引ステータス", "収納状況"), f"読める言葉: {_words()}"),
            Field("ref", "決済会社の番号", False, ("取引ID", "決済ID", "受付番号"), "あとの精算で受注を見つけるのに使います"),
            Field("amount", "金額", False, ("取引金額", "決済金額", "請求金額", "利用金額"), "あれば決済の金額と照らし合わせます。返金では、返金した合計です"),
            Field("until", "与信期限", False, ("有効期限", "オーソリ期限"), "空欄なら支払方法ごとの日数"),
        )  # fmt: skip

    def options(self) -> Sequence[Option]:
        kinds = lambda: [one for one in KINDS if one[0] != PaymentKind.CARD]  # noqa: E731
        return [
            Option(
                "kind", "支払方法", "まだ決済の記録がない受注は、この支払方法で記録します。", choices=kinds
            ),
            Option(
                "skip_unknown",
                "Akinai のものでない行を読み飛ばす",
                "ほかの店の取引が混ざっているときに選びます。",
            ),
        ]

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        found = {_layout_of(file) for file in files}
        return found.pop() if len(found) == 1 else ""

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        layout = LAYOUTS.get(str(options["format"]))
        columns = _columns(layout, options)
        told, errors = _read(files, columns)
        plan = Plan(format=str(options["format"]), rows=len(told) + len({(e.file, e.line) for e in errors}))
        plan.columns = ("行", "注文番号", "結果", "決済", "いま", "あと", "金額")
        plan.payload = _think(plan, told, columns, errors, layout, options)
        plan.errors = sorted(errors, key=lambda error: (error.file, error.line))
        plan.refused = bool(errors)
        if layout is not None and not layout.is_proved:
            plan.notes = [
                *plan.notes,
                f"「{layout.title}」の列は実物のファイルで確かめていません。内容をよく見てから取り込んでください。",
            ]
        return plan

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        made: dict[int, PaymentRequest] = {}
        for done, one in enumerate(plan.payload, 1):
            services.take_result(one, made=made, by=by)
            plan.progress(done, len(plan.payload))
        return Result(
            message=f"決済 {plan.changed:,} 件の状態を進めました（{len(made):,} 件は新しく記録）。{plan.unchanged:,} 件は変わりありません。",
            created=len(made),
        )

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        return (Made("決済", intake_file.changed + intake_file.created, "payments:requests"),)


def _words() -> str:
    return "、".join(f"{words[0]}（{meaning.value}）" for meaning, words in WORDS.items())


def _layout_of(file: Upload) -> str:
    names = file.table().columns()
    fits = [
        one for one in LAYOUTS.values() if {normal_header(name) for name in one.columns.values()} <= names
    ]
    return fits[0].code if len(fits) == 1 else ""


def _columns(layout: ResultLayout | None, options: Options) -> Mapping[str, str]:
    if layout is not None:
        return {name: normal_header(column) for name, column in layout.columns.items()}
    return dict(options.get("columns") or {})


def _read(files: Sequence[Upload], columns: Mapping[str, str]) -> tuple[list[_Told], list[RowError]]:
    """All rows of all files, and what cannot be read in them."""
    told: list[_Told] = []
    errors: list[RowError] = []
    for file in files:
        for row in file.table().rows:
            found = _row(file.filename, row, columns)
            if isinstance(found, _Told):
                told.append(found)
            else:
                errors += found
    return told, errors


def _row(file: str, row: Row, columns: Mapping[str, str]) -> _Told | list[RowError]:
    errors: list[RowError] = []

    def odd(name: str, message: str) -> None:
        errors.append(RowError(file, row.line, columns[name], row.get(columns[name]), message))

    def cell(name: str) -> str:
        return row.get(columns[name]) if columns.get(name) else ""

    key, word, yen, until = cell("order"), cell("result"), None, None
    meaning = meaning_of(word)
    if not key:
        odd("order", "注文番号が空欄です。番号を入れるか、行を消してください。")
    if meaning is None:
        odd("result", f"この言葉の意味が分かりません。読める言葉に直してください（{_words()}）。")
    if cell("amount"):
        try:
            yen = parse_yen(cell("amount"))
        except NotANumber as error:
            odd("amount", str(error))
    if cell("until"):
        try:
            until = written_day(cell("until"))
        except ValueError:
            odd("until", "日付を読めません。2026/11/24 のように書いてください。")
    if errors or meaning is None:
        return errors
    return _Told(file, row, key, meaning, cell("ref")[:120], yen, until)


def _think(
    plan: Plan, told: Sequence[_Told], columns: Mapping[str, str], errors: list[RowError], layout: ResultLayout | None,
    options: Options,
) -> list[ResultStep]:  # fmt: skip
    """What each row does, the rows of one 決済 after each other."""
    known = _known(told)
    kind = layout.kind if layout else str(options.get("kind") or "")
    provider = layout.title.split(" ")[0] if layout else "決済会社"
    steps: list[ResultStep] = []
    preview: list[list[str]] = []
    for one in told:
        seen = _find(one, known, kind)
        if isinstance(seen, str):
            if options.get("skip_unknown") and seen == STRANGER:
                plan.exceptions += 1
            else:
                errors.append(RowError(one.file, one.row.line, columns["order"], one.key, seen))
            continue
        step = step_of(one.meaning, seen.now, yen=one.yen)
        if isinstance(step, str):
            errors.append(
                RowError(one.file, one.row.line, columns["result"], one.row.get(columns["result"]), step)
            )
            continue
        preview.append(_shown(one, seen, step))
        _count(plan, one, seen, step)
        if step.verb or (one.ref and seen.request is not None and not seen.request.provider_ref):
            steps.append(_step(one, seen, step, provider))
        refunded = seen.now.refunded_yen + step.yen
        seen.now = replace(seen.now, state=step.state, refunded_yen=refunded)
    plan.preview = preview[:SHOWN]
    return steps


def _count(plan: Plan, one: _Told, seen: _Seen, step: Step) -> None:
    if not step.verb:
        plan.unchanged += 1
        return
    plan.changed += 1
    plan.total_yen += seen.now.amount_yen if step.verb == "capture" else 0
    name = seen.request.number if seen.request else seen.order.number
    before, after = RequestState(seen.now.state).label, RequestState(step.state).label
    plan.changes = [*plan.changes, Change(name, "状態", before, after, one.file, one.row.line)][:SHOWN]


def _step(one: _Told, seen: _Seen, step: Step, provider: str) -> ResultStep:
    request = seen.request
    return ResultStep(
        step, seen.now.state, request.pk if request else None, seen.order.pk, seen.kind,
        request.provider if request else provider, one.ref, seen.now.amount_yen, one.until,
    )  # fmt: skip


STRANGER = "この番号の決済も受注もありません。番号を確かめるか、「Akinai のものでない行を読み飛ばす」を選んでください。"


@dataclass(slots=True)
class _Known:
    """What the keys of the file name: 決済 by every number they go by, and orders."""

    requests: dict[str, list[PaymentRequest]]
    orders: dict[str, list[Order]]
    seen: dict[tuple[str, int], _Seen] = field(default_factory=dict)


def _known(told: Sequence[_Told]) -> _Known:
    keys = sorted({one.key for one in told} | {one.key.upper() for one in told})
    refs = sorted({one.ref for one in told if one.ref})
    return _Known(_by_key(queries.requests_named([*keys, *refs])), queries.orders_named(keys))


def _by_key(rows: Iterable[PaymentRequest]) -> dict[str, list[PaymentRequest]]:
    """Newest first under each number."""
    found: dict[str, list[PaymentRequest]] = defaultdict(list)
    for row in rows:
        for name in {row.number, row.provider_ref, row.order.number, row.order.channel_order_no} - {""}:
            found[name].append(row)
    return found


def _find(one: _Told, known: _Known, kind: str) -> _Seen | str:
    """The 決済 of a row, or why there is none. An open attempt comes before one that is over, the newest first."""
    named = known.requests.get(one.ref, []) if one.ref else []
    rows = named or known.requests.get(one.key) or known.requests.get(one.key.upper()) or []
    orders = {row.order_id: row.order for row in rows} or {
        order.pk: order for order in known.orders.get(one.key) or known.orders.get(one.key.upper()) or []
    }
    if not orders:
        return STRANGER
    if len(orders) > 1:
        return "この番号の受注がいくつもあります。Akinai の受注番号か決済番号を入れてください。"
    if rows:
        request = next((row for row in rows if row.is_open), rows[0])
        if request.door:
            return f"{request.number} は決済会社とつながっていて、知らせで動きます。この行を消してください。"
        now = Standing(request.state, request.amount_yen, request.refunded_yen)
        return known.seen.setdefault(
            ("request", request.pk), _Seen(request.order, request, now, request.kind)
        )
    (order,) = orders.values()
    usual = order.payment if METHODS[PaymentKind(order.payment)].has_request else kind
    if order.owed_yen <= 0 or order.state == "cancelled" or not usual:
        return f"{order.number} に未入金はないか、支払方法が決まっていません。受注の「決済」の欄で記録してください。"
    now = Standing(RequestState.REQUESTED, order.owed_yen)
    return known.seen.setdefault(("order", order.pk), _Seen(order, None, now, usual))


def _shown(one: _Told, seen: _Seen, step: Step) -> list[str]:
    name = seen.request.number if seen.request else "（新しく記録）"
    before, after = RequestState(seen.now.state).label, RequestState(step.state).label
    change = after if step.verb else "変わりなし"
    return [
        str(one.row.line),
        one.key,
        one.meaning.value,
        name,
        before,
        change,
        f"{step.yen or seen.now.amount_yen:,}",
    ]
