"""見本の会社の今日: the working day that is going on, with something open on every desk. All moments have passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from akinai.core import clock
from akinai.flows.demo import (
    beyond,
    cards,
    desk,
    gifts,
    lots,
    malls,
    offers,
    parted,
    quotes,
    receipts,
    returns,
    settling,
    shop_perks,
    subscriptions,
)
from akinai.flows.demo.bank import Line, as_payer
from akinai.flows.demo.days import Shop
from akinai.flows.demo.desk import take_in
from akinai.flows.demo.goods import BY_CODE, SOLD_OUT
from akinai.flows.demo.orders import COD_FEE, SHIPPING, build, files_of
from akinai.flows.demo.people import OKINAWA, person
from akinai.orders import services as orders
from akinai.orders.ports import OrderDraft
from akinai.purchasing import services as purchasing
from akinai.purchasing.services import LineInput

RAKUTEN_CARD = ("rakuten", "card", "クレジットカード")
SHOPIFY_CARD = ("shopify", "card", "Shopify Payments")
ECCUBE_BANK = ("eccube", "bank_transfer", "銀行振込")
RAKUTEN_BANK = ("rakuten", "bank_transfer", "銀行振込")
LEFT_OPEN = ("note", "gift", "island", "duplicate", "high_amount", "address")


def live(shop: Shop, now: datetime) -> None:
    """From the morning's files to this moment."""

    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    with clock.told(ago(178)):
        purchasing.propose()
        told = malls.tell(shop)
    first = shop.desk.some(11, ago(22 * 60), ago(170), {})
    transfers = _transfers(shop, ago(26 * 60))
    with clock.told(ago(160)):
        take_in("orders", files_of([*first, *transfers], ago(162)), by=shop.team.sato)
    with clock.told(ago(140)):
        desk.release_holds(shop.team.sato, but=LEFT_OPEN)
    with clock.told(ago(125)):
        take_in("bank", [shop.account.statement(shop.today, _credits(shop, transfers))], by=shop.team.suzuki)
        desk.match(shop.team.suzuki, decide=False)
    settling.pay_today(shop, ago(118))
    subscriptions.agree(shop, ago(112))
    _ship_some(shop, ago(110), ago(60))
    odd = _odd(shop, ago(150))
    late = shop.desk.some(5, ago(150), ago(25), {})
    with clock.told(ago(20)):
        take_in("orders", files_of([*odd, *late], ago(22)), by=shop.team.sato)
    with clock.told(ago(15)):
        take_in("orders", files_of([_changed(odd[0])], ago(16)), by=shop.team.sato)
        _by_phone(shop, ago(15))
        offers.offer(shop, ago(15))
    quotes.quote(shop, ago(14))
    gifts.give(shop, ago(13))
    gifts.send_round(shop, ago(12))
    receipts.hand_out(shop, ago(11))
    with clock.told(ago(40)):
        _draft_slips(shop)
    with clock.told(ago(35)):
        lots.end(shop.skus, today=shop.today, warehouse=shop.team.takahashi, books=shop.team.suzuki)
    returns.take_back(shop, ago(32))
    cards.today(shop, now)
    shop_perks.give(shop, ago(10))
    with clock.told(ago(30)):
        malls.compare(shop, told)
    with clock.told(ago(10)):
        _pick_the_rest(shop)
        desk.handle()
    parted.split(shop, ago(9))
    parted.pair(shop, ago(8))
    beyond.add_all(shop, ago(7))


def _transfers(shop: Shop, at: datetime) -> list[OrderDraft]:
    """Orders by bank transfer whose money comes in as odd as money does."""
    wanted = (
        ([("TEA-001", 2)], ECCUBE_BANK), ([("POT-001", 1)], ECCUBE_BANK), ([("SWT-001", 2), ("TEA-004", 1)], RAKUTEN_BANK),
        ([("CUP-001", 4)], ECCUBE_BANK), ([("GFT-001", 2)], RAKUTEN_BANK), ([("TOL-004", 1), ("TEA-003", 2)], ECCUBE_BANK),
        ([("POT-002", 1)], ECCUBE_BANK),
    )  # fmt: skip
    buyers = [person(700 + n) for n in range(len(wanted))]
    buyers[4] = buyers[3]  # one customer, two orders, one transfer
    return [
        shop.desk.one(at + timedelta(minutes=7 * n), {}, way=way, codes=codes, buyer=buyer, note="")
        for n, ((codes, way), buyer) in enumerate(zip(wanted, buyers, strict=True))
    ]


def _credits(shop: Shop, drafts: list[OrderDraft]) -> list[Line]:
    """今日の入金: two certain, the transfer fee taken off, two orders at once, a firm's name, a stranger, interest."""
    name = [as_payer(draft.buyer.kana) for draft in drafts]
    yen = [draft.total_yen for draft in drafts]
    due = [Line(draft.total_yen, shop.payer(draft)) for on, draft in shop.transfers if on <= shop.today]
    shop.transfers = [(on, draft) for on, draft in shop.transfers if on > shop.today]
    return [
        *due, Line(yen[0], name[0]), Line(yen[1] - 330, name[1]), Line(yen[2], name[2]), Line(yen[3] + yen[4], name[3]),
        Line(yen[5], "カ）アオバキカク"), Line(12_480, "ヤマシタ　ケイコ"), Line(3_000, "フクシマ　ヒロシ"),
        Line(-39_600, "シズオカチヤギヨウ（カ", "振込"), Line(14, "", "利息"),
    ]  # fmt: skip


def _ship_some(shop: Shop, instructed: datetime, shipped: datetime) -> None:
    """The morning's boxes have left; of the last ones the invoice is not out yet."""
    with clock.told(instructed):
        labels = desk.instruct(shop.team.takahashi, most=9)
    if not labels:
        return
    with clock.told(shipped):
        issued = shop.depot.issue(labels, f"発行済データ_{shop.today:%Y%m%d}.csv")
        take_in("tracking", [issued], by=shop.team.takahashi)
    with clock.told(shipped + timedelta(minutes=10)):
        desk.send_mails()
        desk.invoice(shop.team.suzuki, all_but=3)
        desk.send_mails()


def _odd(shop: Shop, at: datetime) -> list[OrderDraft]:
    """What stops at the desk: each for another reason."""
    one = shop.desk.one
    moments = [at + timedelta(minutes=9 * n) for n in range(9)]
    twin = person(731)
    return [
        one(moments[0], {}, way=RAKUTEN_CARD, codes=[("TEA-002", 1)], buyer=person(720), note=""),
        one(moments[1], {}, way=RAKUTEN_CARD, codes=[("TEA-005", 2), ("SWT-003", 1)], buyer=person(721),
            note="のし「内祝」、名入れは「青木」でお願いします。"),
        one(moments[2], {}, way=SHOPIFY_CARD, codes=[("TEA-003", 1)], buyer=replace(person(722), line1="吉祥寺本町"), note=""),
        one(moments[3], {}, way=SHOPIFY_CARD, codes=[("GFT-001", 1)], buyer=person(723, place=OKINAWA), note=""),
        one(moments[4], {}, way=RAKUTEN_CARD, codes=[("CUP-003", 5)], buyer=person(724), note=""),
        one(moments[5], {}, way=SHOPIFY_CARD, codes=[("TEA-099", 1)], buyer=person(725), note=""),
        one(moments[6], {}, way=SHOPIFY_CARD, codes=[(SOLD_OUT, 8)], buyer=person(726), note=""),
        one(moments[7], {}, way=SHOPIFY_CARD, codes=[("SWT-002", 1)], buyer=twin, note=""),
        one(moments[8], {}, way=SHOPIFY_CARD, codes=[("SWT-002", 1)], buyer=twin, note=""),
    ]  # fmt: skip


def _changed(draft: OrderDraft) -> OrderDraft:
    """The mall tells the same order again: one piece more."""
    fresh = build(
        draft.channel_order_no, draft.ordered_at, draft.buyer, [("TEA-002", 2)], {}, payment=draft.payment,
        label=draft.payment_label, channel="rakuten",
    )  # fmt: skip
    return fresh


def _by_phone(shop: Shop, now: datetime) -> None:
    """A regular customer rings."""
    buyer = person(740)
    entry = orders.Entry(
        buyer=buyer, ship_to=buyer, payment="cod", shipping_yen=SHIPPING, cod_fee_yen=COD_FEE,
        lines=[orders.EntryLine(shop.skus["TEA-004"], 2), orders.EntryLine(shop.skus["SWT-004"], 1)],
        shop_note="いつものお客様。午後の早い時間に。",
    )  # fmt: skip
    orders.enter(entry, by=shop.team.sato, now=now)
    desk.handle()


def _draft_slips(shop: Shop) -> None:
    """Two slips on the warehouse's desk: one as it should be, one with a slip of the finger."""
    lines = [
        (code, pieces, BY_CODE[code].cost)
        for code, pieces in (("TEA-001", 24), ("TEA-002", 24), ("GFT-001", 12))
    ]
    right = [LineInput(shop.skus[code], pieces, Decimal(cost)) for code, pieces, cost in lines]
    purchasing.create_draft(
        lines=right,
        received_on=shop.today, supplier_id=shop.suppliers["YAME"], supplier_slip_no="Y-5007", totals=purchasing.printed_totals(right), by=shop.team.takahashi,
    )  # fmt: skip
    meant = [
        LineInput(shop.skus["SWT-001"], 60, Decimal(580)),
        LineInput(shop.skus["SWT-002"], 12, Decimal(690)),
    ]
    purchasing.create_draft(
        lines=lots.dated(
            [LineInput(shop.skus["SWT-001"], 600, Decimal(580)), LineInput(shop.skus["SWT-002"], 12, Decimal(69))],
            shop.skus, shop.today,
        ),
        received_on=shop.today, supplier_id=shop.suppliers["KASH"], supplier_slip_no="K-5011", totals=purchasing.printed_totals(meant), by=shop.team.takahashi,
    )  # fmt: skip


def _pick_the_rest(shop: Shop) -> None:
    """A batch is being picked right now."""
    desk.instruct(shop.team.takahashi, most=4)
