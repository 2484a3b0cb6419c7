"""消込: tie one bank line to orders, and untie it by reversal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from akinai.core import activity, numbering
from akinai.core.kana import payer_key
from akinai.orders import queries as orders
from akinai.orders import services as order_services
from akinai.payments.errors import AlreadyMatched, AmountsDisagree
from akinai.payments.models import BankLine, BankLineStatus, Match, PayerAlias, Payment
from akinai.payments.rules import Candidate
from akinai.payments.states import BankLineState, PaymentSource

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Part:
    """入金の内訳: `amount_yen` for one order (None: kept for the customer). `source` says what kind of yen it is.

    BANK and CREDIT come out of the bank line; FEE and SHORT are given up by the shop and only close the order.
    """

    order_id: int | None
    amount_yen: int
    source: str = PaymentSource.BANK
    customer_id: int | None = None


FROM_THE_LINE = frozenset({PaymentSource.BANK, PaymentSource.CREDIT})


@transaction.atomic
def match(
    line_id: int,
    parts: Sequence[Part],
    *,
    by: Staff | None,
    score: int = 100,
    reasons: Sequence[str] = (),
    is_automatic: bool = False,
    learn: bool = False,
) -> Match:
    """消込: use (part of) a bank line for these orders, all or nothing.

    One conditional UPDATE decides whether the money is still there, another (in orders) whether the order still owes.
    Raises AlreadyMatched or the order's refusal and leaves every number as it was.
    """
    taken = sum(part.amount_yen for part in parts if part.source in FROM_THE_LINE)
    if taken <= 0 or any(part.amount_yen <= 0 for part in parts):
        raise AmountsDisagree(
            "消込の金額は 1 円以上にしてください。", way_out="内訳の金額を確かめてください。"
        )
    _take_from_line(line_id, taken)
    line = BankLine.objects.get(pk=line_id)
    made = Match.objects.create(
        number=numbering.take("match", on=line.on)[0],
        line=line,
        amount_yen=taken,
        score=score,
        reasons=list(reasons),
        is_automatic=is_automatic,
        by=by,
    )
    numbers = numbering.take("payment", len(parts), on=line.on)
    Payment.objects.bulk_create(
        Payment(
            number=number, order_id=part.order_id, customer_id=part.customer_id, match=made, source=part.source,
            amount_yen=part.amount_yen, received_on=line.on, key=f"{made.number}/{index}", by=by,
        )
        for index, (number, part) in enumerate(zip(numbers, parts, strict=True), 1)
    )  # fmt: skip
    for order_id in sorted({part.order_id for part in parts if part.order_id}):
        amount = sum(part.amount_yen for part in parts if part.order_id == order_id)
        order_services.note_paid(order_id, amount, by=by)
    if learn and by:
        _learn_name(line, parts, by)
    activity.record(line, "match", by=by, summary=f"{made.number} {taken:,} 円を消込")
    return made


def _take_from_line(line_id: int, amount_yen: int) -> None:
    """The guard: of two clerks matching the same yen, one updates no row."""
    status = BankLineStatus.objects.filter(pk=line_id).exclude(state=BankLineState.SET_ASIDE)
    used = status.filter(matched_yen__lte=F("amount_yen") - amount_yen).update(
        matched_yen=F("matched_yen") + amount_yen, state=BankLineState.PARTIAL, proposal=[], score=0
    )
    if not used:
        raise AlreadyMatched(
            "この入金はすでに消込されているか、残りの金額が足りません。",
            way_out="入金明細を開き直してください。",
        )
    BankLineStatus.objects.filter(pk=line_id, matched_yen=F("amount_yen")).update(state=BankLineState.MATCHED)


def _learn_name(line: BankLine, parts: Sequence[Part], by: Staff) -> None:
    """A person said that this payer is this customer: next time the name counts as known."""
    key = line.payer_key or payer_key(line.payer)
    customers = {c for c in orders.customer_ids([p.order_id for p in parts if p.order_id]) if c}
    if key and len(customers) == 1:
        PayerAlias.objects.get_or_create(
            customer_id=customers.pop(), payer_key=key, defaults={"learned_by": by}
        )


def accept(line_id: int, candidate: Candidate, *, by: Staff | None, is_automatic: bool = False) -> Match:
    """候補を採る: turn a candidate into parts by its kind and post them."""
    owed = orders.owed(candidate.order_ids)
    left = BankLineStatus.objects.values_list(F("amount_yen") - F("matched_yen"), flat=True).get(pk=line_id)
    parts = parts_of(candidate, left, owed)
    return match(
        line_id, parts, by=by, score=candidate.score, reasons=candidate.reasons, is_automatic=is_automatic,
        learn=not is_automatic,
    )  # fmt: skip


def parts_of(candidate: Candidate, left_yen: int, owed: dict[int, tuple[int, int | None]]) -> list[Part]:
    """The parts of a candidate. `owed`: order → (yen still owed, customer). Raises AmountsDisagree when they moved."""
    total = sum(owed.get(pk, (0, None))[0] for pk in candidate.order_ids)
    if left_yen - total != candidate.difference_yen or not total:
        raise AmountsDisagree(
            "候補を出したあとに受注か入金の金額が変わりました。",
            way_out="もう一度「候補を探す」を押してください。",
        )
    if candidate.kind in ("exact", "group"):
        return [Part(pk, owed[pk][0], customer_id=owed[pk][1]) for pk in candidate.order_ids]
    (order_id,) = candidate.order_ids
    amount, customer = owed[order_id]
    if candidate.kind == "fee":
        fee = Part(order_id, amount - left_yen, PaymentSource.FEE, customer)
        return [Part(order_id, left_yen, customer_id=customer), fee]
    if candidate.kind == "over":
        kept = Part(None, left_yen - amount, PaymentSource.CREDIT, customer)
        return [Part(order_id, amount, customer_id=customer), kept]
    return [Part(order_id, left_yen, customer_id=customer)]


@transaction.atomic
def unmatch(match_id: int, *, by: Staff | None, note: str) -> Match:
    """消込の取消: reversing rows for the match and each of its payments; the money is open again, the orders owe again."""
    original = Match.objects.select_related("line").get(pk=match_id)
    if original.reverses_id or not note.strip():
        raise AmountsDisagree(
            "取消の行は取り消せません。理由も必要です。", way_out="理由を書いて、元の消込を選んでください。"
        )
    try:
        with transaction.atomic():
            made = Match.objects.create(
                number=numbering.take("match")[0],
                line=original.line,
                amount_yen=-original.amount_yen,
                reasons=[note],
                reverses=original,
                by=by,
            )
    except IntegrityError as error:
        raise AlreadyMatched(
            "この消込はすでに取り消されています。", way_out="入金明細を開き直してください。"
        ) from error
    BankLineStatus.objects.filter(pk=original.line_id).update(
        matched_yen=F("matched_yen") - original.amount_yen,
        state=BankLineState.OPEN,
    )
    BankLineStatus.objects.filter(Q(pk=original.line_id), matched_yen__gt=0).update(
        state=BankLineState.PARTIAL
    )
    _reverse_payments(list(original.payments.order_by("id")), made, by, note)
    activity.record(original.line, "unmatch", by=by, summary=f"{original.number} を取消（{note}）")
    return made


def _reverse_payments(payments: list[Payment], made: Match, by: Staff | None, note: str) -> None:
    numbers = numbering.take("payment", len(payments))
    Payment.objects.bulk_create(
        Payment(
            number=number, order_id=p.order_id, customer_id=p.customer_id, match=made, source=p.source,
            amount_yen=-p.amount_yen, received_on=p.received_on, reverses=p, note=note, key=f"reverse:{p.number}", by=by,
        )
        for number, p in zip(numbers, payments, strict=True)
    )  # fmt: skip
    for order_id in sorted({p.order_id for p in payments if p.order_id}):
        amount = sum(p.amount_yen for p in payments if p.order_id == order_id)
        order_services.note_unpaid(order_id, amount, by=by)
