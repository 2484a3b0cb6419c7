"""消込: tie one bank line to orders, and untie it by reversal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When

from akinai.core import activity, closing, numbering
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.payments.errors import AlreadyMatched, AmountsDisagree
from akinai.payments.models import BankLine, BankLineStatus, Match
from akinai.payments.rules import Candidate, Owed, Part, Rest, Shortage, allocate
from akinai.payments.rules.parts import from_the_line
from akinai.payments.services import ledger
from akinai.payments.services.aside import set_aside_returned
from akinai.payments.services.ledger import Entry
from akinai.payments.services.names import learn_name
from akinai.payments.states import BankLineState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

# What a candidate of each kind does with the difference when nobody says otherwise.
USUAL: dict[str, tuple[Shortage, Rest]] = {
    "exact": (Shortage.WAIT, Rest.LEAVE),
    "group": (Shortage.WAIT, Rest.LEAVE),
    "fee": (Shortage.FEE, Rest.LEAVE),
    "short": (Shortage.WAIT, Rest.LEAVE),
    "over": (Shortage.WAIT, Rest.CREDIT),
}


@transaction.atomic
def match(
    line_id: int,
    parts: Sequence[Part],
    *,
    by: Staff | None,
    score: int = 100,
    reasons: Sequence[str] = (),
    learn: bool = False,
    is_automatic: bool = False,
) -> Match:
    """消込: use (part of) a bank line for these orders, all or nothing.

    One conditional UPDATE decides whether the money is still there, another (in orders) whether the order still owes,
    a third whether a customer's 預り金 moves. Raises a refusal and leaves every number as it was.
    """
    taken = from_the_line(parts)
    if taken <= 0 or any(part.amount_yen <= 0 for part in parts):
        raise AmountsDisagree(
            "消込の金額は 1 円以上にしてください。", way_out="内訳の金額を確かめてください。"
        )
    take_from_line(line_id, taken)
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
    entries = [Entry(p.source, p.amount_yen, p.order_id, p.customer_id, p.note) for p in parts]
    ledger.write(entries, on=closing.open_day(line.on), key=made.number, by=by, match=made)
    if learn and by:
        learn_name(line, parts, by)
    activity.record(line, "match", by=by, summary=f"{made.number} {yen(taken)} を消込")
    return made


def take_from_line(line_id: int, amount_yen: int) -> None:
    """The guard: of two clerks matching the same yen, one updates no row."""
    status = BankLineStatus.objects.filter(pk=line_id).exclude(state=BankLineState.SET_ASIDE)
    after = F("matched_yen") + amount_yen
    used = status.filter(matched_yen__lte=F("amount_yen") - amount_yen).update(
        matched_yen=after,
        state=Case(
            When(matched_yen=F("amount_yen") - amount_yen, then=Value(BankLineState.MATCHED)),
            default=Value(BankLineState.PARTIAL),
        ),
        proposal=[],
        score=0,
    )
    if not used:
        raise AlreadyMatched(
            "この入金はすでに消込されているか、残りの金額が足りません。",
            way_out="入金明細を開き直してください。",
        )


def accept(
    line_id: int,
    candidate: Candidate,
    *,
    by: Staff | None,
    shortage: Shortage | None = None,
    rest: Rest | None = None,
    note: str = "",
) -> Match:
    """候補を採る: turn a candidate into parts and post them. The difference goes as its kind says, or as told.

    Raises AmountsDisagree when the line or the orders have moved since the candidate was found.
    """
    usual_shortage, usual_rest = USUAL[candidate.kind]
    left = left_of(line_id)
    owed = owed_by(candidate.order_ids)
    if left - sum(order.owed_yen for order in owed) != candidate.difference_yen or not left:
        raise AmountsDisagree(
            "候補を出したあとに受注か入金の金額が変わりました。",
            way_out="「候補を探し直す」を押してください。",
        )
    parts = allocate(left, owed, shortage=shortage or usual_shortage, rest=rest or usual_rest, note=note)
    return match(line_id, parts, by=by, score=candidate.score, reasons=candidate.reasons, learn=True)


def left_of(line_id: int) -> int:
    """Yen of a line that no match has used."""
    return BankLineStatus.objects.values_list(F("amount_yen") - F("matched_yen"), flat=True).get(pk=line_id)


def owed_by(order_ids: Sequence[int]) -> list[Owed]:
    """These orders as `allocate` takes them, in their order."""
    owed = orders.owed(order_ids)
    return [Owed(pk, *owed[pk]) for pk in order_ids if pk in owed]


@transaction.atomic
def unmatch(match_id: int, *, by: Staff | None, note: str) -> Match:
    """消込の取消: reversing rows for the match and each of its payments; the money is open again, the orders owe again.

    Refused (NotEnoughCredit) when 預り金 made by it was used or given back meanwhile.
    """
    original = Match.objects.select_related("line").get(pk=match_id)
    if original.reverses_id:
        raise AmountsDisagree("取消の行は取り消せません。", way_out="元の消込を選んでください。")
    if not note.strip():
        raise AmountsDisagree("取り消す理由がありません。", way_out="理由を書いてください。")
    made = _mirror(original, note, by)
    after = F("matched_yen") - original.amount_yen
    BankLineStatus.objects.filter(pk=original.line_id).update(
        matched_yen=after,
        state=Case(
            When(Q(matched_yen=original.amount_yen), then=Value(BankLineState.OPEN)),
            default=Value(BankLineState.PARTIAL),
        ),
        proposal=[],
        score=0,
    )
    ledger.reverse(list(original.payments.order_by("id")), note=note, by=by, match=made)
    set_aside_returned(original.line_id)
    activity.record(original.line, "unmatch", by=by, summary=f"{original.number} を取消（{note}）"[:500])
    return made


def _mirror(original: Match, note: str, by: Staff | None) -> Match:
    """The reversing row. UNIQUE (reverses) lets one of two clerks write it."""
    try:
        with transaction.atomic():
            return Match.objects.create(
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
