"""受注を直す: what a clerk may correct before the parcel is on its way: delivery, payment, amounts, the shop's memo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum

from akinai.core import activity, clock, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders import charging, content, gifts
from akinai.orders.models import Order, OrderIssue
from akinai.orders.ports import Address
from akinai.orders.services import rewriting, rows
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock, locked
from akinai.orders.services.progress import progress_of_money
from akinai.orders.states import PREPAID, WAITING, IssueCode, OrderState, PaymentKind, Progress

if TYPE_CHECKING:
    from akinai.staff.models import Staff

AMOUNTS = (
    "goods_yen", "shipping_yen", "cod_fee_yen", "payment_fee_yen", "wrapping_yen", "outer_tax_yen", "adjustment_yen",
    "discount_yen", "points_yen",
)  # fmt: skip
MINUS = ("discount_yen", "points_yen")


@transaction.atomic
def edit_delivery(
    order_id: int,
    *,
    ship_to: Address,
    delivery_on: date | None,
    delivery_slot: str,
    carrier: str,
    seen: str = "",
    by: Staff | None,
) -> None:
    """お届け先・お届け希望を直す. The 要確認 rules look again: what is right now is released, what is odd now is held.

    `seen`, here and below: the version of the order that the clerk saw; refused when it is another one by now.
    """
    order = locked(order_id, seen=seen)
    before, _ = rewriting.as_columns([order.pk])[order.pk]
    told = rewriting.draft_of(order)
    draft = replace(
        told, ship_to=ship_to, delivery_on=delivery_on, delivery_slot=delivery_slot, carrier=carrier, is_remote_island=False
    )  # fmt: skip
    columns = content.columns(draft)
    changed = content.differences(before, [], columns, [])
    names = [*(name for name in content.ADDRESS_COLUMNS if name.startswith("ship_")), "delivery_on", "delivery_slot",
             "carrier", "is_remote_island"]  # fmt: skip
    Order.objects.filter(pk=order.pk).update(**{name: columns[name] for name in names})
    rewriting.renew_search(order.pk)
    rewriting.judge_again(order, draft, by=by, note="お届け先を直して解消")
    titles = "、".join(dict.fromkeys(d.title for d in changed)) or "運送会社"
    activity.record(order, "edit_delivery", by=by, summary=f"お届け先を修正: {titles}")
    advance([order.pk], by=by)


@transaction.atomic
def edit_note(order_id: int, *, shop_note: str, before: str | None = None, by: Staff | None) -> None:
    """店舗メモを書く. Allowed in every state; customers never see it. `before`: the memo as the writer saw it."""
    order = lock(order_id)
    if order.shop_note == shop_note.strip():
        return
    if before is not None and _plain(before) != _plain(order.shop_note):
        raise ChangedMeanwhile(
            f"店舗メモは、この画面を開いたあとに書き換えられました（いま: 「{order.shop_note[:80]}」）。",
            way_out="今のメモを読んでから、書き足してください。",
        )
    Order.objects.filter(pk=order.pk).update(shop_note=shop_note.strip())
    activity.record(order, "edit_note", by=by, summary="店舗メモを修正")


def _plain(text: str) -> str:
    """Browsers send line ends their own way."""
    return "\n".join(text.strip().splitlines())


@transaction.atomic
def set_payment(order_id: int, *, payment: str, is_settled: bool, seen: str = "", by: Staff | None) -> None:
    """支払方法を決める, where the file did not say it clearly; with `is_settled` the money counts as seen elsewhere."""
    order = locked(order_id, seen=seen)
    kind = PaymentKind(payment)
    due = rows.due_on(order.ordered_at, kind) if kind in PREPAID and not is_settled else None
    Order.objects.filter(pk=order.pk).update(
        payment=kind,
        payment_settled=is_settled,
        payment_due_on=order.payment_due_on if due and order.payment_due_on else due,
    )
    progress_of_money([order.pk])
    order.payment, order.payment_settled = kind, is_settled
    rewriting.judge_again(order, rewriting.draft_of(order), by=by, note="支払方法を決めて解消")
    word = "（決済済み）" if is_settled else ""
    activity.record(order, "set_payment", by=by, summary=f"支払方法: {kind.label}{word}")
    advance([order.pk], by=by)


@transaction.atomic
def settle(order_id: int, *, note: str, by: Staff | None) -> None:
    """決済済みにする: the money was seen elsewhere (the mall's screen, the card company). The order goes on."""
    order = locked(order_id, begun=True)
    if order.payment_settled:
        raise DomainError(f"{order.number} はすでに決済済みです。", way_out="画面を開き直してください。")
    Order.objects.filter(pk=order.pk).update(payment_settled=True)
    progress_of_money([order.pk])
    activity.record(order, "settle", by=by, summary=f"決済済みにしました {note}".strip()[:500])
    advance([order.pk], by=by)


@transaction.atomic
def unsettle(order_id: int, *, note: str, by: Staff | None) -> bool:
    """決済が無効になった: an authorisation has run out or was taken back, a dispute was lost. The order waits for its money again.

    False once shipping has begun: then it goes on and owes the money, and a person must see to it. A completed one is open again.
    """
    order = lock(order_id)
    if order.state == OrderState.CANCELLED or not order.payment_settled:
        return False
    Order.objects.filter(pk=order.pk).update(payment_settled=False)
    progress_of_money([order.pk])
    activity.record(order, "unsettle", by=by, summary=f"決済済みを取り消しました {note}".strip()[:500])
    order.refresh_from_db()
    if order.state == OrderState.COMPLETED and order.payment_progress not in (
        Progress.DONE,
        Progress.NOT_NEEDED,
    ):
        transitions.apply(order, "reopen", by=by, note=note)
    advance([order.pk], by=by)
    return order.state in WAITING


@transaction.atomic
def extend_due(order_id: int, *, due_on: date, by: Staff | None) -> None:
    """入金期限を延ばす: the buyer asked for more time. Refused for days that are gone."""
    order = locked(order_id, begun=True)
    if order.payment not in PREPAID or order.payment_settled:
        raise DomainError(f"{order.number} は入金を待っていません。", way_out="受注を開き直してください。")
    if due_on < clock.today():
        raise DomainError("入金期限に過ぎた日は選べません。", way_out="今日より後の日を選んでください。")
    before = f"{order.payment_due_on:%Y/%m/%d}" if order.payment_due_on else "なし"
    Order.objects.filter(pk=order.pk).update(payment_due_on=due_on)
    activity.record(order, "extend_due", by=by, summary=f"入金期限: {before} → {due_on:%Y/%m/%d}")


@transaction.atomic
def correct_amounts(
    order_id: int, *, amounts: Mapping[str, int], reason: str, seen: str = "", by: Staff | None
) -> None:
    """金額を直す: the parts as they ought to be; goods are the sum of the lines, the total follows from the parts.

    Open questions about the amounts are answered by it. Refused below zero and below what is already paid.
    """
    order = locked(order_id, seen=seen)
    if not reason.strip():
        raise DomainError("金額を直す理由がありません。", way_out="理由を書いてください。")
    total = put_amounts(order, amounts, reason=reason, by=by)
    summary = f"請求金額 {yen(order.total_yen)} → {yen(total)}（{reason}）"
    activity.record(order, "correct_amounts", by=by, summary=summary[:500])
    advance([order.pk], by=by)


@transaction.atomic
def charge_by_table(order_id: int, *, by: Staff | None) -> None:
    """送料を送料表の額に直す, for the address and goods as they are. Refused where no table says it."""
    order = locked(order_id)
    charge = charging.of_order(order)
    if charge.yen is None:
        raise DomainError(f"送料が決まりません。{charge.told}。", way_out="送料を手で入力してください。")
    if charge.yen != order.shipping_yen:
        put_amounts(order, {"shipping_yen": charge.yen}, reason="送料表", by=by)
        summary = f"送料 {yen(order.shipping_yen)} → {yen(charge.yen)}（送料表: {charge.told}）"
        activity.record(order, "charge_shipping", by=by, summary=summary[:500])
        advance([order.pk], by=by)


def put_amounts(order: Order, amounts: Mapping[str, int], *, reason: str, by: Staff | None) -> int:
    """The parts as told, goods as the lines say, and the total of them. The caller holds the row. Out: the total."""
    lines = order.lines.aggregate(sum=Sum(F("quantity") * F("unit_price_yen")))["sum"] or 0
    parts = {name: int(amounts.get(name, getattr(order, name))) for name in AMOUNTS} | {"goods_yen": lines}
    total = _total(parts)
    _refuse_total(order, total)
    _refuse_below_gifts(order, parts["wrapping_yen"])
    # The mall's tax per rate belongs to the old amounts; the invoice computes its own.
    Order.objects.filter(pk=order.pk).update(**parts, total_yen=total, taxes=[], amounts_known=True)
    progress_of_money([order.pk])
    codes = [IssueCode.TOTAL_MISMATCH, IssueCode.TAX_MISMATCH, IssueCode.BAD_PRICE, IssueCode.CURRENCY]
    OrderIssue.objects.filter(order=order, resolved_at=None, code__in=codes, line_no=0).update(
        resolved_at=clock.now(), resolved_by=by, resolution=f"金額を修正: {reason}"[:200]
    )
    return total


def _refuse_below_gifts(order: Order, wrapping_yen: int) -> None:
    """ラッピング料 holds the price of every option that was chosen for a line."""
    chosen = gifts.charged(order.lines.exclude(gift={}))
    if wrapping_yen < chosen:
        raise DomainError(
            f"ラッピング料 {yen(wrapping_yen)} は、明細で選んだのし・ラッピングの {yen(chosen)} より少なくできません。",
            way_out="明細の「のし・ラッピング」を選び直すか、値引で引いてください。",
        )


def _total(parts: Mapping[str, int]) -> int:
    return sum(-value if name in MINUS else value for name, value in parts.items())


def parts_of(order: Order) -> int:
    """内訳の合計 of the order as it stands."""
    return _total({name: getattr(order, name) for name in AMOUNTS})


def _refuse_total(order: Order, total: int) -> None:
    if total < 0:
        raise DomainError(
            f"請求金額が {yen(total)} になります。", way_out="値引・ポイントを確かめてください。"
        )
    if total < order.paid_yen:
        raise DomainError(
            f"{order.number} は {yen(order.paid_yen)} 入金済みで、請求金額 {yen(total)} を超えます。",
            way_out=f"先に差額 {yen(order.paid_yen - total)} を返金するか預り金に移して（入金の欄）、もう一度変えてください。",
        )


@transaction.atomic
def note_refunded(order_id: int, *, note: str, by: Staff | None) -> None:
    """返金済みにする: the mall or card company gave the money of a cancelled order back, as the note says.

    Money that is in our own ledger is refunded in the payments room, never by a note.
    """
    if not note.strip():
        raise DomainError("返金の方法がありません。", way_out="いつ、どのように返金したかを書いてください。")
    if kept := Order.objects.filter(pk=order_id, paid_yen__gt=0).values_list("paid_yen", flat=True).first():
        raise DomainError(
            f"この受注には入金 {yen(kept)} が残っています。",
            way_out="「入金」の欄で返金を記録するか、預り金に移してください。",
        )
    cancelled = Order.objects.filter(
        pk=order_id, state=OrderState.CANCELLED, payment_progress=Progress.EXCEPTION, paid_yen=0
    )
    if not cancelled.update(payment_progress=Progress.NOT_NEEDED):
        raise DomainError("返金を待っている受注ではありません。", way_out="受注を開き直してください。")
    activity.record(Order.objects.get(pk=order_id), "note_refunded", by=by, summary=f"返金済み: {note}"[:500])
