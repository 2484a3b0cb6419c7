"""返品の受付から検品まで: request → arrive → inspect. Nothing of stock or money moves before the settlement (flows).

How many pieces may come back is decided by one conditional statement per request on the shipped lines, so two clerks who
take the same box back meet there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.kana import search_key
from akinai.shipping import queries
from akinai.shipping.models import ReturnCase, ReturnLine, Shipment, ShipmentLine
from akinai.shipping.states import Condition, Outcome, Remedy, ReturnReason, ShippingPayer

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Asked:
    """返品したい明細: so many pieces of one shipped line."""

    shipment_line_id: int
    quantity: int
    reason: str = ReturnReason.MIND
    detail: str = ""
    remedy: str = Remedy.REFUND
    exchange_sku_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """検品の結果 of one line."""

    condition: str
    outcome: str
    remedy: str
    exchange_sku_id: int | None = None


@transaction.atomic
def request_return(
    shipment_id: int,
    *,
    asked: Sequence[Asked],
    pays_shipping: str = ShippingPayer.CUSTOMER,
    note: str = "",
    carrier: str = "",
    tracking_no: str = "",
    on: date | None = None,
    by: Staff | None,
) -> ReturnCase:
    """返品の受付. Raises DomainError for what has not left, for no pieces, or for more than left and is not back yet."""
    shipment = Shipment.objects.select_for_update(no_key=True).select_related("order").get(pk=shipment_id)
    if shipment.state not in queries.GONE:
        raise DomainError(
            f"{shipment.number} は「{shipment.get_state_display()}」なので、返品を受け付けられません。",
            way_out="出荷した荷物の画面から受け付けてください。",
        )
    wanted = [one for one in asked if one.quantity > 0]
    if not wanted:
        raise DomainError("返品する数量が入力されていません。", way_out="1 点以上の数量を入力してください。")
    _claim(shipment.pk, _pieces(wanted))
    case = ReturnCase(
        number=numbering.take("return")[0], shipment=shipment, order=shipment.order, pays_shipping=ShippingPayer(pays_shipping),
        note=note.strip()[:500], carrier=carrier[:40], tracking_no=tracking_no.replace("-", "").strip()[:30],
        requested_on=on or clock.today(), created_by=by,
    )  # fmt: skip
    _make_findable(case)
    case.save(force_insert=True)
    ReturnLine.objects.bulk_create([_line(case, one) for one in wanted])
    pieces = sum(one.quantity for one in wanted)
    activity.record(
        case, "request_return", by=by, summary=f"{shipment.number} の {pieces} 点", to_state=case.state
    )
    activity.record(shipment.order, "request_return", by=by, summary=f"{case.number}（{pieces} 点）")
    return case


def _line(case: ReturnCase, one: Asked) -> ReturnLine:
    remedy = Remedy(one.remedy)
    return ReturnLine(
        case=case, shipment_line_id=one.shipment_line_id, quantity=one.quantity, reason=ReturnReason(one.reason),
        detail=one.detail.strip()[:200], remedy=remedy,
        exchange_sku_id=one.exchange_sku_id if remedy == Remedy.EXCHANGE else None,
    )  # fmt: skip


def _make_findable(case: ReturnCase) -> None:
    order = case.order
    said = (case.number, case.shipment.number, order.number, order.channel_order_no, case.tracking_no, order.buyer_name,
            case.shipment.to.name, order.buyer_kana, case.shipment.to.phone)  # fmt: skip
    case.search_text = search_key(" ".join(dict.fromkeys(word for word in said if word)))


def _pieces(lines: Sequence[Any]) -> Counter[int]:
    count: Counter[int] = Counter()
    for line in lines:
        count[line.shipment_line_id] += line.quantity
    return count


CLAIM = """
UPDATE shipping_shipmentline l SET returned = l.returned + w.quantity
FROM (SELECT * FROM unnest(%s::bigint[], %s::int[]) AS w(id, quantity) ORDER BY id) w
WHERE l.id = w.id AND l.shipment_id = %s AND l.returned + w.quantity BETWEEN 0 AND l.quantity RETURNING l.id
"""


def _claim(shipment_id: int, pieces: Mapping[int, int]) -> None:
    """戻ると約束された数 (negative: given up). The statement decides; who comes second updates nothing and is refused."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [list(pieces), list(pieces.values()), shipment_id])
        done = {pk for (pk,) in cursor.fetchall()}
    missed = [pk for pk in pieces if pk not in done]
    if not missed:
        return
    line = (
        ShipmentLine.objects.select_related("sku", "shipment")
        .filter(pk=missed[0], shipment_id=shipment_id)
        .first()
    )
    if line is None:
        raise DomainError("この出荷にない明細です。", way_out="画面を開き直してください。")
    raise DomainError(
        f"{line.sku.code} は {line.quantity} 点出荷し、{line.returned} 点はすでに返品を受け付けています。"
        f"あと {line.quantity - line.returned} 点です。",
        way_out="数量を直すか、先に受け付けた返品を確かめてください。",
    )


@transaction.atomic
def arrive(case: ReturnCase, *, on: date | None = None, by: Staff | None) -> ReturnCase:
    """到着: the box is here; what is in it is looked at next."""
    return _move(case, "arrive", by=by, arrived_on=on or clock.today())


@transaction.atomic
def undo_arrival(case: ReturnCase, *, by: Staff | None) -> ReturnCase:
    """到着の取消: it was another box."""
    return _move(case, "unarrive", by=by, arrived_on=None)


@transaction.atomic
def inspect(case: ReturnCase, *, found: Mapping[int, Found], by: Staff | None) -> ReturnCase:
    """検品: condition, where the goods go and what the customer gets, for every line.

    Raises DomainError when a line is left out, or an exchange names no goods.
    """
    _move(case, "inspect", by=by, inspected_at=clock.now())
    _write_found(case, found)
    return case


@transaction.atomic
def waive(case: ReturnCase, *, by: Staff | None) -> ReturnCase:
    """返送不要: the customer keeps (or throws away) the goods; they are settled without coming back."""
    _move(case, "waive", by=by, inspected_at=clock.now(), note_text="返送不要")
    case.lines.update(condition=Condition.GONE, outcome=Outcome.NOTHING)
    return case


@transaction.atomic
def reinspect(case: ReturnCase, *, by: Staff | None) -> ReturnCase:
    """検品のやり直し."""
    return _move(case, "reinspect", by=by, inspected_at=None)


def _write_found(case: ReturnCase, found: Mapping[int, Found]) -> None:
    lines = list(case.lines.select_related("shipment_line__sku"))
    for line in lines:
        told = found.get(line.pk)
        if told is None:
            raise DomainError(
                f"{line.shipment_line.sku.code} の検品結果がありません。",
                way_out="すべての明細に入力してください。",
            )
        if told.remedy == Remedy.EXCHANGE and not told.exchange_sku_id:
            raise DomainError(
                f"{line.shipment_line.sku.code} と交換する商品が選ばれていません。",
                way_out="交換する商品の商品コードを入力してください。",
            )
        line.condition, line.outcome = Condition(told.condition), Outcome(told.outcome)
        line.remedy = Remedy(told.remedy)
        line.exchange_sku_id = told.exchange_sku_id if line.remedy == Remedy.EXCHANGE else None
    ReturnLine.objects.bulk_update(lines, ["condition", "outcome", "remedy", "exchange_sku"])


@transaction.atomic
def split_line(case: ReturnCase, line_id: int, *, pieces: int, by: Staff | None) -> ReturnLine:
    """明細を分ける: `pieces` of a line get a fate of their own. Raises DomainError when nothing would be left."""
    _lock_open(case)
    line = case.lines.get(pk=line_id)
    if not case.lines.filter(pk=line_id, quantity__gt=pieces).exists() or pieces < 1:
        raise DomainError(
            f"{line.quantity} 点の明細から {pieces} 点は分けられません。",
            way_out="1 点以上、全部より少ない数を入力してください。",
        )
    ReturnLine.objects.filter(pk=line_id).update(quantity=line.quantity - pieces)
    line.pk, line.quantity = None, pieces
    line.save(force_insert=True)
    activity.record(case, "split_line", by=by, summary=f"明細から {pieces} 点を分けました")
    return line


@transaction.atomic
def set_quantity(case: ReturnCase, line_id: int, *, quantity: int, by: Staff | None) -> None:
    """実際に届いた数: fewer or more pieces than were told. 0 takes the line out unless it is the last one."""
    _lock_open(case)
    line = case.lines.select_related("shipment_line__sku").get(pk=line_id)
    if quantity == line.quantity:
        return
    if quantity == 0 and case.lines.count() == 1:
        raise DomainError(
            "明細が 1 行だけなので外せません。", way_out="返品を取り消すか、お断りにしてください。"
        )
    _claim(case.shipment_id, {line.shipment_line_id: quantity - line.quantity})
    if quantity:
        ReturnLine.objects.filter(pk=line_id).update(quantity=quantity)
    else:
        line.delete()
    said = f"{line.shipment_line.sku.code}: {line.quantity} 点 → {quantity} 点"
    activity.record(case, "set_quantity", by=by, summary=said)


def _lock_open(case: ReturnCase) -> None:
    state = ReturnCase.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=case.pk)
    if state not in ("requested", "arrived"):
        raise ChangedMeanwhile(
            f"{case.number} の明細はもう変えられません。", way_out="検品をやり直してから変えてください。"
        )


@transaction.atomic
def refuse_return(case: ReturnCase, *, reason: str, by: Staff | None) -> ReturnCase:
    """お断り: the goods are sent back to the customer or not taken. The pieces may be asked for again."""
    return _give_up(case, "refuse", _told(reason, "お断りの理由"), by)


@transaction.atomic
def cancel_return(case: ReturnCase, *, reason: str, by: Staff | None) -> ReturnCase:
    """返品の取消, before anything arrived."""
    return _give_up(case, "cancel", _told(reason, "取り消す理由"), by)


@transaction.atomic
def reopen_return(case: ReturnCase, *, by: Staff | None) -> ReturnCase:
    """受付に戻す what was refused or cancelled, if the pieces have not been asked for by another return."""
    _move(case, "reopen", by=by, arrived_on=None, inspected_at=None)
    _claim(case.shipment_id, _pieces(list(case.lines.all())))
    return case


def _give_up(case: ReturnCase, verb: str, reason: str, by: Staff | None) -> ReturnCase:
    _move(case, verb, by=by, note_text=reason)
    _claim(case.shipment_id, {pk: -n for pk, n in _pieces(list(case.lines.all())).items()})
    return case


def _told(reason: str, what: str) -> str:
    if not reason.strip():
        raise DomainError(f"{what}が入力されていません。", way_out="理由を入力してください。")
    return reason.strip()[:200]


def _move(case: ReturnCase, verb: str, *, by: Staff | None, note_text: str = "", **fields: Any) -> ReturnCase:
    return transitions.apply(
        case, verb, by=by, note=note_text, set_fields={"waits_since": clock.now(), **fields}
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """精算の結果, as the flow tells it."""

    refund_way: str = ""
    shipping_back_yen: int = 0
    given_back: Mapping[int, int] | None = None  # line → yen
    refunded_yen: int = 0
    kept_yen: int = 0
    credit_note_no: str = ""
    reship_order_id: int | None = None


@transaction.atomic
def begin_settlement(case: ReturnCase, *, by: Staff | None) -> None:
    """精算の始め: of two who settle at once the second is refused here, before anything has moved."""
    _move(case, "settle", by=by, settled_at=clock.now())


def note_settled(case: ReturnCase, settled: Settled) -> None:
    """What the settlement came to, written in its transaction."""
    given = settled.given_back or {}
    lines = list(case.lines.all())
    for line in lines:
        line.given_back_yen = given.get(line.pk, 0)
    ReturnLine.objects.bulk_update(lines, ["given_back_yen"])
    case.refund_way, case.shipping_back_yen = settled.refund_way, settled.shipping_back_yen
    case.given_back_yen = sum(given.values()) + settled.shipping_back_yen
    case.refunded_yen, case.kept_yen = settled.refunded_yen, settled.kept_yen
    case.credit_note_no, case.reship_order_id = settled.credit_note_no, settled.reship_order_id
    case.save(
        update_fields=[
            "refund_way", "shipping_back_yen", "given_back_yen", "refunded_yen", "kept_yen", "credit_note_no", "reship_order",
        ]
    )  # fmt: skip


@transaction.atomic
def undo_settlement(case: ReturnCase, *, reason: str, by: Staff | None) -> None:
    """精算の取消 of a case without a paper; what it moved is taken back by the flow in the same transaction."""
    if case.credit_note_no or case.given_back_yen:
        raise DomainError(
            f"{case.credit_note_no or '返金'} を計上済みのため、精算を取り消せません。",
            way_out="在庫は調整で、金額は新しい請求で直してください。",
        )
    _move(
        case,
        "unsettle",
        by=by,
        note_text=_told(reason, "取り消す理由"),
        settled_at=None,
        reship_order=None,
        refund_way="",
    )


def why_kept(order_ids: Sequence[int]) -> dict[int, str]:
    """order → why its shipment stays shipped: goods of it are coming back or have come back."""
    rows = ReturnCase.objects.filter(order_id__in=list(order_ids)).exclude(state__in=["refused", "cancelled"])
    return {
        order_id: f"返品 {number} を受け付けています。返品として処理するか、先に返品を取り消してください。"
        for order_id, number in rows.values_list("order_id", "number")
    }
