"""精算を取り込む: one payout, all or nothing, once. A changed file of the same payout is refused with the difference."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from akinai.core import activity, bulk, numbering
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.core.tax import share
from akinai.payments.models import (
    Payment,
    PayoutTerms,
    Settlement,
    SettlementEntry,
    SettlementLine,
    SettlementLineStatus,
    SettlementStatus,
)
from akinai.payments.services import ledger
from akinai.payments.services.settlements.explaining import Explained, explain_again
from akinai.payments.services.settlements.writing import Booked, Said, begin, say, tax_in, write_entries
from akinai.payments.settlement_ports import Payout, PayoutLine
from akinai.payments.settlement_states import LineKind, LineState, SettlementState, Why

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Taken:
    """取込の結果."""

    settlement: Settlement
    explained: Explained


@dataclass(frozen=True, slots=True)
class Difference:
    """違い of a line between what was taken and what the file says now."""

    source_line: int
    what: str
    before: str
    after: str


def payout_no(payout: Payout, channel_id: int | None) -> str:
    """The provider's number, else shop and day: some providers give none."""
    return payout.number[:60] or f"{payout.paid_on:%Y%m%d}{f'-{channel_id}' if channel_id else ''}"


def digest_of(payout: Payout) -> str:
    """指紋: everything of the lines that counts, in their order."""
    rows = [f"{p.kind}|{p.yen}|{p.reference}|{p.order_no}|{p.tracking_no}|{p.role}" for p in payout.lines]
    return hashlib.sha256("\n".join([str(payout.net_yen), *rows]).encode()).hexdigest()


def only_new(payout: Payout, terms: PayoutTerms) -> Payout:
    """Of a history, what no live settlement has told yet; what lay on the account before comes in as 繰越."""
    if not payout.is_history:
        return payout
    references = [line.reference for line in payout.lines if line.reference]
    known = set(
        SettlementLine.objects.filter(
            settlement__provider=terms,
            settlement__status__state=SettlementState.LIVE,
            reference__in=references,
        )
        .exclude(settlement__status__payout_no=payout.number)
        .values_list("reference", "kind", "yen")
    )
    lines = [line for line in payout.lines if (line.reference, line.kind, line.yen) not in known]
    rest = payout.net_yen - sum(line.yen for line in lines)
    if rest:
        text = "口座に残っていた額" if rest > 0 else "口座に残した額"
        lines.append(PayoutLine(LineKind.RESERVE, rest, text=text, on=payout.paid_on))
    return replace(payout, lines=tuple(lines))


def live(terms: PayoutTerms, number: str) -> Settlement | None:
    """The settlement that has taken this payout, if any."""
    return (
        Settlement.objects.filter(provider=terms, payout_no=number, status__state=SettlementState.LIVE)
        .select_related("provider")
        .first()
    )


def same_content(terms: PayoutTerms, digest: str) -> Settlement | None:
    """A live settlement of the same lines under another number."""
    found = Settlement.objects.filter(provider=terms, digest=digest, status__state=SettlementState.LIVE)
    return found.first()


def compare(found: Settlement, payout: Payout, *, most: int = 30) -> list[Difference]:
    """違い between what was taken and this file."""
    before = [
        (line.kind, line.yen, line.reference or line.order_no or line.text)
        for line in found.lines.order_by("nth")
    ]
    after = [
        (line.kind, line.yen, line.reference or line.order_no or line.text, line.source_line)
        for line in payout.lines
    ]
    gone, come = list(before), []
    for kind, amount, what, at in after:
        if (kind, amount, what) in gone:
            gone.remove((kind, amount, what))
        else:
            come.append((kind, amount, what, at))
    told = [
        Difference(at, f"{LineKind(kind).label} {what}", "なし", yen(amount))
        for kind, amount, what, at in come
    ]
    told += [
        Difference(0, f"{LineKind(kind).label} {what}", yen(amount), "なし") for kind, amount, what in gone
    ]
    if found.net_yen != payout.net_yen:
        told.insert(0, Difference(0, "差引入金額", yen(found.net_yen), yen(payout.net_yen)))
    return told[:most]


@transaction.atomic
def take(
    payout: Payout,
    terms: PayoutTerms,
    *,
    channel_id: int | None = None,
    intake_file: IntakeFile | None = None,
    by: Staff | None,
) -> Taken:
    """精算を計上する: the payout with its lines, the payments of the orders that are certain, fees and their tax.

    Raises DomainError when lines do not add up to the net or the payout was taken before; nothing is written then.
    """
    total = sum(line.yen for line in payout.lines)
    if total != payout.net_yen:
        raise DomainError(
            f"明細の合計 {yen(total)} が差引入金額 {yen(payout.net_yen)} と合いません。",
            way_out="支払元からダウンロードしたままのファイルを取り込んでください。",
        )
    settlement = _head(payout, terms, channel_id, intake_file, by)
    _lines(settlement, payout.lines, terms, by)
    explained = explain_again(settlement, by=by)
    activity.record(settlement, "take", by=by, summary=f"{settlement.title} {yen(settlement.net_yen)}")
    return Taken(settlement, explained)


def _head(
    payout: Payout,
    terms: PayoutTerms,
    channel_id: int | None,
    intake_file: IntakeFile | None,
    by: Staff | None,
) -> Settlement:
    number = payout_no(payout, channel_id)
    settlement = Settlement.objects.create(
        number=numbering.take("settlement", on=payout.paid_on)[0], provider=terms, channel_id=channel_id, payout_no=number,
        since=payout.since, until=payout.until, paid_on=payout.paid_on, net_yen=payout.net_yen,
        fee_tax_yen=_fee_tax(payout.lines, terms), line_count=len(payout.lines), digest=digest_of(payout),
        intake_file=intake_file, by=by, **_sums(payout.lines),
    )  # fmt: skip
    try:
        with transaction.atomic():
            SettlementStatus.objects.create(settlement=settlement, provider=terms, payout_no=number)
    except IntegrityError as error:
        raise DomainError(
            f"{terms.title} の精算 {number} は取込済みです。",
            way_out="取り込み直すときは、先に取り込んだ精算を取り消してください。",
        ) from error
    return settlement


SUMS = {
    "gross_yen": (LineKind.SALE, LineKind.POINTS), "refund_yen": (LineKind.REFUND, LineKind.CHARGEBACK),
    "fee_yen": (LineKind.FEE,), "adjustment_yen": (LineKind.ADJUSTMENT, LineKind.TRANSFER), "reserve_yen": (LineKind.RESERVE,),
}  # fmt: skip


def _sums(lines: Sequence[PayoutLine]) -> dict[str, int]:
    return {name: sum(line.yen for line in lines if line.kind in kinds) for name, kinds in SUMS.items()}


def _fee_tax(lines: Sequence[PayoutLine], terms: PayoutTerms) -> int:
    return sum(tax for line, tax in zip(lines, taxes(lines, terms), strict=True) if line.kind == LineKind.FEE)


def taxes(lines: Sequence[PayoutLine], terms: PayoutTerms) -> list[int]:
    """消費税 in each line: as told, else the tax of all fees together, rounded once and shared out."""
    told = [line.tax_yen for line in lines]
    asked = [
        at
        for at, line in enumerate(lines)
        if line.tax_yen is None and (line.kind == LineKind.FEE or line.role)
    ]
    by_role: dict[str, list[int]] = {}
    for at in asked:
        by_role.setdefault(lines[at].role or "fees", []).append(at)
    found = [tax or 0 for tax in told]
    for role, places in by_role.items():
        whole = sum(lines[at].yen for at in places)
        tax = tax_in(whole, role, terms)
        same = [at for at in places if (lines[at].yen < 0) == (whole < 0)]
        for at, part in zip(same, share(tax, [abs(lines[at].yen) for at in same]), strict=True):
            found[at] = part
    return found


def _lines(settlement: Settlement, lines: Sequence[PayoutLine], terms: PayoutTerms, by: Staff | None) -> None:
    keys = bulk.insert(
        SettlementLine,
        [
            {
                "settlement_id": settlement.pk, "nth": nth, "kind": str(line.kind), "yen": line.yen, "tax_yen": tax,
                "reference": line.reference[:120], "order_no": line.order_no[:120], "refs": list(line.refs),
                "tracking_no": line.tracking_no[:30], "on": line.on, "text": line.text[:200], "role": line.role,
                "source_line": line.source_line, "detail": dict(line.detail),
            }
            for nth, (line, tax) in enumerate(zip(lines, taxes(lines, terms), strict=True), 1)
        ],
    )  # fmt: skip
    SettlementLineStatus.objects.bulk_create(
        [
            SettlementLineStatus(
                line_id=key, settlement=settlement, yen=line.yen, why=Why.UNKNOWN_KIND, by=by
            )
            for key, line in zip(keys, lines, strict=True)
        ],
        batch_size=2_000,
    )


@transaction.atomic
def reverse(settlement: Settlement, *, note: str, by: Staff | None, on: date | None = None) -> None:
    """精算の取消: every payment and entry it made is mirrored and its bank line is free again. Then its file may come anew."""
    if not note.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    status = begin(settlement)
    if status.bank_line_id:
        raise DomainError(
            f"{settlement.number} は入金明細と結び付いています。",
            way_out="先に入金明細との結び付きを外してください。",
        )
    rows = SettlementLineStatus.objects.filter(settlement=settlement, state=LineState.EXPLAINED)
    undo_payments(settlement, [row.pk for row in rows], note=note, by=by)
    undo_entries(settlement, SettlementEntry.objects.filter(settlement=settlement), note=note, by=by)
    say([Said(row.pk, why=Why.BY_HAND, note=note, turn=row.turn) for row in rows], by=by)
    SettlementStatus.objects.filter(pk=settlement.pk).update(state=SettlementState.REVERSED)
    activity.record(settlement, "reverse", by=by, summary=f"{settlement.title} を取消（{note}）"[:500])


def undo_payments(settlement: Settlement, line_ids: Sequence[int], *, note: str, by: Staff | None) -> None:
    """Mirror the payments that these lines have made, all at once, so that an order meets only what is left of them."""
    made = Payment.objects.filter(batch=settlement.number, reverses=None, reversed_by=None)
    wanted = {f"settlement-line:{pk}" for pk in line_ids}
    rows = [p for p in made.order_by("pk") if p.key.rsplit(":", 1)[0] in wanted]
    if rows:
        ledger.reverse(rows, note=note, by=by)


def undo_entries(
    settlement: Settlement, entries: QuerySet[SettlementEntry], *, note: str, by: Staff | None
) -> None:
    """Mirror these entries, once each."""
    rows = entries.filter(reverses=None, reversed_by=None).order_by("pk")
    write_entries(
        [Booked(e.line_id, e.role, -e.yen, -e.tax_yen, note, reverses_id=e.pk) for e in rows],
        settlement,
        by=by,
    )
