"""なぜ待っているか: every order says why it stands where it stands, and the single act that frees it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.channels.models import Channel
from akinai.core import events
from akinai.orders import queries, services
from akinai.orders.models import Order, OrderIssue
from akinai.orders.states import IssueCode, OrderState, PaymentKind, Progress
from akinai.orders.waiting import FIXES, Open, Waiting, why
from tests import cast
from tests.cast import NOW, draft, place, somebody

pytestmark = pytest.mark.usefixtures("that_day")
TODAY = date(2026, 11, 24)
S, P = OrderState, PaymentKind


def order(state: str, payment: str = P.CARD, **fields: Any) -> Order:
    channel = Channel(
        code="shop", name="本店", kind=fields.pop("channel_kind", "shopify"),
        sends_own_shipping_mail=fields.pop("own_mail", False),
    )  # fmt: skip
    given = {
        "number": "SO-2026-000001", "channel_order_no": "A-1", "total_yen": 3240, "buyer_email": "a@example.com",
        "payment_due_on": date(2026, 12, 1), **fields,
    }  # fmt: skip
    return Order(state=state, payment=payment, channel=channel, **given)


def at(name: str, *args: str) -> str:
    return reverse(name, args=args)


BANK, SHIPPING = at("payments:list") + "?tab=todo", at("shipping:list") + "?q=SO-2026-000001"


NOTHING = Open()


def told(row: Order, found: Open = NOTHING) -> Waiting:
    return why(row, found, today=TODAY)


# name, order, what is open, reasons, act, where the act leads
TABLE: list[tuple[str, Order, Open, tuple[str, ...], str, str]] = [
    ("an exception", order(S.ON_HOLD), Open(issues=["商品コード不明"], holds=[("note", "備考あり")]),
     ("商品コード不明", "備考あり"), "例外を解決する", "/office/orders/SO-2026-000001/#questions"),
    ("a note to read", order(S.ON_HOLD), Open(holds=[("note", "備考あり")]),
     ("備考あり",), "確認して解除する", "/office/orders/SO-2026-000001/#questions"),
    ("a bad address", order(S.ON_HOLD), Open(holds=[("note", "備考あり"), ("address", "住所不備")]),
     ("備考あり", "住所不備"), "お届け先を直す", "/office/orders/SO-2026-000001/delivery/"),
    ("a payment nobody knows", order(S.ON_HOLD, P.UNKNOWN), Open(holds=[("unknown_payment", "支払方法不明")]),
     ("支払方法不明",), "支払方法を決める", "/office/orders/SO-2026-000001/payment/"),
    ("deferred payment not yet approved", order(S.ON_HOLD, P.DEFERRED), Open(holds=[("deferred", "後払いです")]),
     ("後払いです",), "確認して解除する", "/office/orders/SO-2026-000001/#questions"),
    ("changed at the mall", order(S.ON_HOLD), Open(has_change=True),
     ("モールの内容が変わりました",), "変更を確かめる", "/office/orders/SO-2026-000001/#questions"),
    ("a hold and a change", order(S.ON_HOLD), Open(holds=[("note", "備考あり")], has_change=True),
     ("備考あり", "モールの内容が変わりました"), "確認して解除する", "/office/orders/SO-2026-000001/#questions"),
    ("every line taken out", order(S.ON_HOLD), Open(),
     ("出荷する明細がありません（すべて外されています）",), "明細を戻すか取り消す", "/office/orders/SO-2026-000001/#lines"),
    ("a card not yet authorised", order(S.AWAITING_PAYMENT, P.CARD), Open(),
     ("モール・決済会社で決済がまだです（クレジットカード）",), "決済済みにする", "/office/orders/SO-2026-000001/#money"),
    ("a wallet not yet settled", order(S.AWAITING_PAYMENT, P.WALLET), Open(),
     ("モール・決済会社で決済がまだです（ID・ウォレット決済）",), "決済済みにする", "/office/orders/SO-2026-000001/#money"),
    ("a card by telephone, whose buyer is sent a link", order(S.AWAITING_PAYMENT, P.CARD, channel_kind="phone"), Open(),
     ("お客様の決済がまだです（クレジットカード）",), "決済を進める", "/office/orders/SO-2026-000001/#requests"),
    ("convenience store, prepaid", order(S.AWAITING_PAYMENT, P.CONVENIENCE), Open(),
     ("¥3,240 のコンビニ・前払いを待っています（期限 2026/12/01）",), "入金を確かめる", "/office/orders/SO-2026-000001/#money"),
    ("a transfer", order(S.AWAITING_PAYMENT, P.BANK_TRANSFER), Open(),
     ("¥3,240 の振込を待っています（期限 2026/12/01）",), "入金を消し込む", BANK),
    ("a transfer without a day", order(S.AWAITING_PAYMENT, P.BANK_TRANSFER, payment_due_on=None), Open(),
     ("¥3,240 の振込を待っています",), "入金を消し込む", BANK),
    ("paid in part", order(S.AWAITING_PAYMENT, P.BANK_TRANSFER, paid_yen=2000), Open(),
     ("¥2,000 入金済み、のこり ¥1,240 の振込を待っています（期限 2026/12/01）",), "入金を消し込む", BANK),
    ("due today", order(S.AWAITING_PAYMENT, P.BANK_TRANSFER, payment_due_on=TODAY), Open(),
     ("¥3,240 の振込を待っています（期限 2026/11/24）",), "入金を消し込む", BANK),
    ("overdue", order(S.AWAITING_PAYMENT, P.BANK_TRANSFER, payment_due_on=TODAY - timedelta(days=1)), Open(),
     ("入金期限 2026/11/23 を過ぎています（¥3,240）",), "期限を延ばすか取り消す", "/office/orders/SO-2026-000001/#money"),
    ("overdue and paid in part",
     order(S.AWAITING_PAYMENT, P.CONVENIENCE, payment_due_on=TODAY - timedelta(days=1), paid_yen=240), Open(),
     ("入金期限 2026/11/23 を過ぎています（¥240 入金済み、のこり ¥3,000）",), "期限を延ばすか取り消す",
     "/office/orders/SO-2026-000001/#money"),
    ("short of goods", order(S.AWAITING_STOCK), Open(short=["TEA-001 あと2点"]),
     ("在庫が足りません（TEA-001 あと2点）。入荷すると自動で進みます",), "入荷を登録する", at("purchasing:create")),
    ("short of many goods", order(S.AWAITING_STOCK), Open(short=[f"T-{n} あと1点" for n in range(5)]),
     ("在庫が足りません（T-0 あと1点、T-1 あと1点、T-2 あと1点 ほか 2 商品）。入荷すると自動で進みます",), "入荷を登録する",
     at("purchasing:create")),
    ("ready", order(S.READY), Open(), ("出荷できます",), "出荷指示を出す", at("shipping:ready") + "?q=SO-2026-000001"),
    ("being picked", order(S.PICKING), Open(), ("出荷作業中です",), "出荷を進める", SHIPPING),
    ("changed after the instruction", order(S.PICKING), Open(has_change=True),
     ("モールの内容が変わりました。荷物を出す前に確かめてください",), "変更を確かめる",
     "/office/orders/SO-2026-000001/#questions"),
    ("shipped, nobody told", order(S.SHIPPED), Open(),
     ("出荷のお知らせがまだです",), "出荷を知らせる", SHIPPING),
    ("shipped, no address to tell", order(S.SHIPPED, buyer_email=""), Open(),
     ("出荷のお知らせがまだです（メールアドレスがありません。電話などで知らせてください）",), "出荷を知らせる",
     SHIPPING),
    ("shipped, told, no invoice", order(S.SHIPPED, notified_at=NOW), Open(),
     ("請求書がまだです",), "請求書を発行する", at("billing:to_invoice") + "?q=SO-2026-000001"),
    ("the mall tells, no invoice yet", order(S.SHIPPED, own_mail=True), Open(),
     ("請求書がまだです",), "請求書を発行する", at("billing:to_invoice") + "?q=SO-2026-000001"),
    ("invoice not sent", order(S.SHIPPED, notified_at=NOW, invoice_progress=Progress.DONE), Open(),
     ("請求書をまだ送っていません",), "請求書を送る", at("billing:list") + "?q=SO-2026-000001"),
    ("cash on delivery, the carrier has the money",
     order(S.SHIPPED, P.COD, notified_at=NOW, invoice_progress=Progress.SENT), Open(),
     ("¥3,240 の入金を待っています",), "入金を記録する", "/office/orders/SO-2026-000001/#payments"),
    ("credit terms, half paid",
     order(S.SHIPPED, P.CREDIT_TERMS, notified_at=NOW, invoice_progress=Progress.SENT, paid_yen=1000,
           payment_progress=Progress.PARTIAL), Open(),
     ("¥2,240 の入金を待っています",), "入金を消し込む", BANK),
    ("paid by card, all done", order(S.SHIPPED, P.CARD, notified_at=NOW, invoice_progress=Progress.SENT, payment_settled=True), Open(), (), "", ""),
    ("the card was lost after shipping", order(S.SHIPPED, P.CARD, notified_at=NOW, invoice_progress=Progress.SENT), Open(),
     ("出荷のあとに決済が無効になりました。¥3,240 をいただいていません",), "代金をいただく", "/office/orders/SO-2026-000001/#requests"),
    ("changed after it left", order(S.SHIPPED), Open(has_change=True),
     ("モールの内容が変わりました（出荷済）",), "変更を確かめる", "/office/orders/SO-2026-000001/#questions"),
    ("shipped elsewhere", order(S.SHIPPED, shipped_outside=True), Open(), (), "", ""),
    ("shipped elsewhere, sums wrong", order(S.SHIPPED, shipped_outside=True), Open(issues=["合計が合いません"]),
     ("合計が合いません",), "例外を解決する", "/office/orders/SO-2026-000001/#questions"),
    ("complete", order(S.COMPLETED), Open(), (), "", ""),
    ("cancelled", order(S.CANCELLED), Open(), (), "", ""),
    ("cancelled after payment", order(S.CANCELLED, payment_progress=Progress.EXCEPTION), Open(),
     ("受け取った代金をお返ししていません",), "返金を記録する", "/office/orders/SO-2026-000001/#money"),
    ("cancelled here, changed there", order(S.CANCELLED), Open(has_change=True),
     ("モールの内容が変わりました（キャンセル）",), "変更を確かめる", "/office/orders/SO-2026-000001/#questions"),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_an_order_says_why_it_waits_and_what_frees_it(row: Any) -> None:
    _, subject, found, reasons, act, url = row
    waiting = told(subject, found)
    assert (waiting.reasons, waiting.act, waiting.url) == (reasons, act, url)


def test_every_act_leads_to_a_page_that_opens(tea: int, admin_client: Client) -> None:
    """An act is a link: what only answers a button would be a dead end."""
    row = place(draft("A-1", ("TEA-001", 1, 1080)))
    urls = {url.partition("#")[0].replace("SO-2026-000001", row.number) for *_, url in TABLE if url}
    assert {url: admin_client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


AT_WORK = (S.ON_HOLD, S.AWAITING_PAYMENT, S.AWAITING_STOCK, S.READY, S.PICKING)
OPENS = (
    Open(), Open(issues=["例外"]), Open(holds=[("note", "備考")]), Open(holds=[("manual", "手で")]), Open(has_change=True),
    Open(issues=["例外"], holds=[("gift", "のし")], has_change=True), Open(short=["T あと1点"]),
)  # fmt: skip


@pytest.mark.parametrize("payment", PaymentKind.values)
def test_every_order_at_work_has_one_act_that_can_be_pressed(payment: str) -> None:
    """All states, payments, progresses and open questions: never silent, never without a way on."""
    for state, found, paid, settled in itertools.product(AT_WORK, OPENS, (0, 240, 3240), (False, True)):
        waiting = told(order(state, payment, paid_yen=paid, payment_settled=settled), found)
        assert waiting.reasons and all(waiting.reasons)
        assert waiting.act and waiting.url and waiting.next.permission


@pytest.mark.parametrize("payment", PaymentKind.values)
def test_every_order_that_left_or_was_cancelled_is_at_rest_or_has_one_act(payment: str) -> None:
    for state, found, invoice, money in itertools.product(
        (S.SHIPPED, S.COMPLETED, S.CANCELLED), OPENS[:2] + OPENS[4:5], Progress.values, Progress.values
    ):
        row = order(state, payment, invoice_progress=invoice, payment_progress=money)
        waiting = told(row, found)
        assert bool(waiting.reasons) == bool(waiting.act)
        if found.issues or found.has_change:
            assert waiting.act in ("例外を解決する", "変更を確かめる")


def test_every_fix_is_a_rule() -> None:
    from akinai.orders.rules import RULES

    assert set(FIXES) <= set(RULES)


# ---- and it advances by itself when that happens


@pytest.fixture
def tea(db: None) -> int:
    return cast.sku("TEA-001", pieces=5)


def reload(row: Order) -> Order:
    return Order.objects.select_related("channel").get(pk=row.pk)


def now(row: Order) -> tuple[str, str]:
    """(state, act) as the list shows it."""
    shown = queries.for_list(cast.staff("佐藤")).get(pk=row.pk)
    assert queries.why_waiting(shown) == queries.why_waiting(reload(row))  # list and page say the same
    return shown.state, queries.why_waiting(shown).act


# what the channel tells, where the order begins, what happens, where it is then
FLOWS = [
    ("card", {"payment": "card", "payment_settled": False}, ("awaiting_payment", "決済済みにする"), "settle"),
    ("convenience", {"payment": "convenience", "payment_settled": False}, ("awaiting_payment", "入金を確かめる"), "settle"),
    ("transfer", {"payment": "bank_transfer", "payment_settled": False}, ("awaiting_payment", "入金を消し込む"), "pay"),
    ("transfer, settled by hand", {"payment": "bank_transfer", "payment_settled": False},
     ("awaiting_payment", "入金を消し込む"), "settle"),
    ("deferred", {"payment": "deferred", "payment_settled": False}, ("on_hold", "確認して解除する"), "release"),
    ("unknown", {"payment": "unknown", "payment_settled": False}, ("on_hold", "支払方法を決める"), "set_payment"),
    ("points that do not cover it", {"payment": "points", "payment_settled": False}, ("on_hold", "支払方法を決める"),
     "set_payment"),
    ("a note", {"customer_note": "急ぎです"}, ("on_hold", "確認して解除する"), "release"),
]  # fmt: skip


@pytest.mark.parametrize("flow", FLOWS, ids=[flow[0] for flow in FLOWS])
def test_the_order_goes_on_by_itself_when_that_happens(tea: int, flow: Any) -> None:
    _, changes, first, act = flow
    row = place(draft("A-1", ("TEA-001", 1, 1080), **changes))
    assert now(row) == first
    acts: dict[str, Any] = {
        "settle": lambda: services.settle(row.pk, note="画面で確認", by=None),
        "pay": lambda: services.note_paid(row.pk, 1080, by=None),
        "release": lambda: services.release_all(row, by=None),
        "set_payment": lambda: services.set_payment(row.pk, payment="cod", is_settled=False, by=None),
    }
    acts[act]()
    assert now(row) == ("ready", "出荷指示を出す")


@pytest.mark.parametrize("payment", ["cod", "credit_terms", "deferred"])
def test_what_is_paid_later_does_not_wait_for_money(tea: int, payment: str) -> None:
    row = place(draft("A-1", ("TEA-001", 1, 1080), payment=payment, payment_settled=payment == "deferred"))
    assert now(row) == ("ready", "出荷指示を出す")


def test_an_order_paid_wholly_by_points_goes_on_and_owes_nothing(tea: int) -> None:
    told = draft(
        "A-1", ("TEA-001", 1, 1080), payment="points", points_yen=1080, total_yen=0, payment_settled=True
    )
    row = place(told)
    assert now(row) == ("ready", "出荷指示を出す")
    assert reload(row).payment_progress == "not_needed"


def test_half_of_the_money_says_how_much_is_left_and_the_rest_frees_it(tea: int) -> None:
    row = place(
        draft(
            "A-1",
            ("TEA-001", 1, 1080),
            payment="bank_transfer",
            payment_settled=False,
            ordered_at=NOW,
        )
    )
    services.note_paid(row.pk, 80, by=None)
    assert queries.why_waiting(reload(row)).reasons[0].startswith("¥80 入金済み、のこり ¥1,000 の振込")
    services.note_paid(row.pk, 1000, by=None)
    assert now(row) == ("ready", "出荷指示を出す")


def test_an_overdue_order_waits_again_when_the_day_is_moved(tea: int) -> None:
    row = place(
        draft(
            "A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False,
            ordered_at=NOW - timedelta(days=9),
        )
    )  # fmt: skip
    assert now(row) == ("awaiting_payment", "期限を延ばすか取り消す")
    day = NOW.date() + timedelta(days=3)
    services.extend_due(row.pk, due_on=day, by=cast.staff("佐藤"))
    assert now(row) == ("awaiting_payment", "入金を消し込む")
    assert f"期限 {day:%Y/%m/%d}" in queries.why_waiting(reload(row)).reasons[0]


def test_a_short_order_names_what_is_missing_and_goes_on_when_it_arrives(tea: int) -> None:
    cup = cast.sku("CUP-001", pieces=1)
    row = place(draft("A-1", ("TEA-001", 1, 1080), ("CUP-001", 3, 1650)))
    assert now(row) == ("awaiting_stock", "入荷を登録する")
    assert queries.why_waiting(reload(row)).reasons == (
        "在庫が足りません（CUP-001 あと2点）。入荷すると自動で進みます",
    )
    cast.receive(cup, 1, key="GR-1")
    events.drain()
    assert "CUP-001 あと1点" in queries.why_waiting(reload(row)).reasons[0]
    cast.receive(cup, 1, key="GR-2")
    events.drain()
    assert now(row) == ("ready", "出荷指示を出す")


def test_an_order_whose_lines_were_all_taken_out_waits_for_a_person(tea: int) -> None:
    row = place(draft("A-1", ("TEA-001", 1, 1080)))
    services.edit_line(row.pk, line_no=1, quantity=0, unit_price_yen=1080, by=None)
    services.accept_issue(row.issues.get().pk, reason="お客様と合意", by=None)
    assert now(row) == ("on_hold", "明細を戻すか取り消す")
    services.restore_line(row.pk, line_no=1, by=None)
    assert now(row) == ("ready", "出荷指示を出す")
    assert cast.level(tea) == (5, 1)


def test_a_cancelled_order_that_was_paid_asks_for_the_refund_and_rests_after_it(tea: int) -> None:
    row = place(draft("A-1", ("TEA-001", 1, 1080)))
    services.cancel(row.pk, reason="お客様都合", by=None)
    assert now(row) == ("cancelled", "返金を記録する")
    services.note_refunded(row.pk, note="楽天で返金", by=None)
    assert now(row) == ("cancelled", "")


@pytest.mark.parametrize("code", IssueCode.values)
def test_every_kind_of_exception_holds_the_order_until_it_is_answered(tea: int, code: str) -> None:
    row = place(draft("A-1", ("TEA-001", 1, 1080)))
    OrderIssue.objects.create(order=row, code=code, message="確かめてください")
    services.advance([row.pk], by=None)
    assert now(row) == ("on_hold", "例外を解決する")
    services.accept_issue(row.issues.get().pk, reason="確かめた", by=None)
    assert now(row) == ("ready", "出荷指示を出す")


def test_the_list_tells_why_in_one_query(tea: int, django_assert_num_queries: Any) -> None:
    for n in range(6):
        place(
            draft(
                f"A-{n}", ("TEA-001", 2, 1080), buyer=somebody(f"P{n}"), customer_note="至急" if n % 2 else ""
            )
        )
    sato = cast.staff("佐藤")
    sato.has_perm("orders.view_order")
    with django_assert_num_queries(1):
        assert [queries.why_waiting(row).act for row in queries.for_list(sato)]
