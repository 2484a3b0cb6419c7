"""入金精算の取込: payout files of malls, card companies and carriers become settlements, each payout once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from akinai.channels import queries as channels
from akinai.core.errors import DomainError
from akinai.core.intake import GENERIC, Field, Format, Kind, Made, Option, Options, Plan, Result, Upload
from akinai.core.money import yen
from akinai.core.tables import FileRefused, RowError, refuse, refuse_all
from akinai.payments import settlement_ports as ports
from akinai.payments.models import PayoutTerms, Settlement
from akinai.payments.services import settlements
from akinai.payments.services.settlements.taking import (
    digest_of,
    live,
    only_new,
    payout_no,
    same_content,
)
from akinai.payments.settlement_states import LineKind

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Work:
    """One payout that is new."""

    payout: ports.Payout
    terms: PayoutTerms
    channel_id: int | None


class SettlementKind(Kind):
    code = "settlements"
    title = "入金精算"
    permission = "payments.add_settlement"
    about = (
        "モール・決済会社・運送会社の入金明細（精算）を読み、受注ごとの入金・返金・手数料に分けます。"
        "同じ精算をもう一度取り込んでも二重にはなりません。"
    )
    order = 55
    mixes = True
    done_url = "payments:settlements"

    def formats(self) -> Sequence[Format]:
        return [Format(code, door.title) for code, door in ports.FORMATS.items()]

    def fields(self) -> Sequence[Field]:
        door = ports.FORMATS.get(GENERIC)
        if not isinstance(door, ports.MappedSettlement):
            return ()
        return [Field(one.code, one.label, one.required, one.names, one.help) for one in door.fields]

    def options(self) -> Sequence[Option]:
        return [
            Option("provider", "支払元", "形式「汎用」のときに選びます。支払元ごとの手数料の税区分と名義は「精算の支払元」の画面で決めます。", choices=provider_choices),
            Option("channel", "店舗", "同じモールに店舗がいくつもあるときに選びます。", choices=channels.choices),
        ]  # fmt: skip

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        found = {door.code if (door := ports.format_for(file.data, file.filename)) else "" for file in files}
        return found.pop() if len(found) == 1 else ""

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        plan = Plan(
            format=str(options["format"]),
            columns=(
                "支払元",
                "番号",
                "入金日",
                "売上",
                "返金",
                "手数料",
                "そのほか",
                "入金額",
                "明細",
                "取込",
            ),
        )
        door = _door(files[0].filename, options)
        terms = _terms(files[0].filename, door, options)
        channel_id = _channel(files[0].filename, options)
        work: list[_Work] = []
        preview: list[list[str]] = []
        for payout in _read_all(door, files):
            state = _sort(payout, terms, channel_id, plan, work)
            preview.append(_shown(payout, terms, channel_id, state))
        plan.preview = preview[:SHOWN]
        plan.payload = work
        plan.refused = bool([error for error in plan.errors if error.column == CHANGED])
        return plan

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        made = explained = lines = open_yen = 0
        for one in plan.payload:
            taken = settlements.take(
                one.payout, one.terms, channel_id=one.channel_id, intake_file=plan.record, by=by
            )
            made, lines = made + 1, lines + taken.explained.looked
            explained, open_yen = explained + taken.explained.explained, open_yen + taken.explained.open_yen
            plan.progress(made, len(plan.payload))
        tied = settlements.tie_all(by=by) if made else 0
        rest = f"説明のつかない明細が {yen(open_yen)} あります。" if open_yen else "すべて説明がつきました。"
        return Result(
            message=f"精算 {made} 件（明細 {lines:,} 行のうち {explained:,} 行を説明）を計上しました。"
            f"入金明細と結び付いたのは {tied} 件です。{rest}",
            created=made,
            exceptions=lines - explained,
        )

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        count = Settlement.objects.filter(intake_file=intake_file).count()
        query = f"f.intake={intake_file.pk}"
        return [Made("この取込の精算", count, "payments:settlements", query)] if count else []


CHANGED = "取込済みの精算との違い"


def provider_choices() -> list[tuple[str, str]]:
    return list(PayoutTerms.objects.order_by("title").values_list("code", "title"))


def _door(file: str, options: Options) -> ports.SettlementFormat:
    door = ports.FORMATS[str(options["format"])]
    if isinstance(door, ports.MappedSettlement):
        columns: Mapping[str, str] = options.get("columns") or {}
        return door.with_columns(columns)
    return door


def _terms(file: str, door: ports.SettlementFormat, options: Options) -> PayoutTerms:
    code = door.provider or str(options.get("provider") or "")
    if not code:
        raise refuse(
            file,
            "どの支払元の精算か選ばれていません。「支払元」を選んでください（コマンドでは --option provider=コード）。",
        )
    try:
        return settlements.terms_of(code)
    except DomainError as error:
        raise refuse(file, str(error)) from None


def _channel(file: str, options: Options) -> int | None:
    code = str(options.get("channel") or "")
    if not code:
        return None
    found = {name: pk for pk, name, _title in channels.every_id()}
    if code not in found:
        raise refuse(file, f"店舗「{code}」はありません。店舗コードを確かめてください。")
    return found[code]


def _read_all(door: ports.SettlementFormat, files: Sequence[Upload]) -> list[ports.Payout]:
    """All payouts of all files. Raises FileRefused with what is wrong in each of them."""
    found: list[ports.Payout] = []
    errors: list[RowError] = []
    for file in files:
        try:
            found += door.read(file.data, file.filename)
        except FileRefused as refusal:
            errors += refusal.errors
    if errors:
        raise refuse_all(errors)
    return found


def _sort(
    payout: ports.Payout, terms: PayoutTerms, channel_id: int | None, plan: Plan, work: list[_Work]
) -> str:
    """Is this payout new, known, or known and different? Counts it and says what is odd."""
    plan.rows += len(payout.lines)
    plan.errors += payout.warnings
    number = payout_no(payout, channel_id)
    known = live(terms, number)
    fresh = only_new(payout, terms)
    if known is None and (twin := same_content(terms, digest_of(fresh))):
        plan.errors.append(
            RowError(
                payout.file, 0, CHANGED, number,
                f"同じ内容の精算を {twin.number}（{twin.payout_no}）として取り込んでいます。二重に計上しないよう取り込みません。",
            )
        )  # fmt: skip
        return "重複"
    if known is None:
        if not fresh.lines:
            plan.unchanged += 1
            return "新しい明細なし"
        plan.created += 1
        plan.total_yen += fresh.net_yen
        work.append(_Work(fresh, terms, channel_id))
        return "新規"
    if known.digest in (digest_of(payout), digest_of(fresh)):
        plan.unchanged += 1
        return "取込済み"
    way_out = f"直した精算を取り込むときは、先に {known.number} を取り消してください。"
    for one in settlements.compare(known, fresh):
        plan.errors.append(
            RowError(
                payout.file, one.source_line, CHANGED, one.what, f"{one.before} → {one.after}。{way_out}"
            )
        )
    return "内容が違う"


def _shown(payout: ports.Payout, terms: PayoutTerms, channel_id: int | None, state: str) -> list[str]:
    sums: dict[str, int] = {}
    for line in payout.lines:
        sums[line.kind] = sums.get(line.kind, 0) + line.yen
    sold = sums.pop(LineKind.SALE, 0) + sums.pop(LineKind.POINTS, 0)
    back = sums.pop(LineKind.REFUND, 0) + sums.pop(LineKind.CHARGEBACK, 0)
    fees = sums.pop(LineKind.FEE, 0)
    money = [yen(amount) for amount in (sold, back, fees, sum(sums.values()), payout.net_yen)]
    return [
        terms.title, payout_no(payout, channel_id), f"{payout.paid_on:%Y/%m/%d}", *money, f"{len(payout.lines):,} 行", state
    ]  # fmt: skip
