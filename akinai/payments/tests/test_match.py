"""消込と取消: one line, its orders, and every number beside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.errors import AlreadyMatched, AmountsDisagree, NotEnoughCredit
from akinai.payments.models import BankLineStatus, CreditBalance, Match, PayerAlias, Payment
from akinai.payments.rules import Candidate
from akinai.payments.services import Part, Rest, Shortage
from akinai.payments.tests.factories import DAY, SUZUKI, YAMADA, again, balance, broken, credit, transfer
from tests.cast import staff

pytestmark = pytest.mark.django_db


def numbers(line: BankLineStatus, *rows: Order) -> tuple[object, ...]:
    now = again(line)
    return (now.state, now.matched_yen, *(again(order).paid_yen for order in rows))


def test_one_line_pays_one_order() -> None:
    order, line = transfer("P-1"), credit(1080)
    made = services.match(line.pk, [Part(order.pk, 1080, customer_id=order.customer_id)], by=staff("鈴木"))
    assert numbers(line, order) == ("matched", 1080, 1080)
    assert again(order).state == "awaiting_stock"
    payment = Payment.objects.get()
    assert (payment.source, payment.amount_yen, payment.received_on, payment.match) == (
        "bank",
        1080,
        DAY,
        made,
    )
    assert broken() == []


def test_one_line_is_split_over_orders_and_the_rest_waits() -> None:
    first, second, line = transfer("P-1"), transfer("P-2", 2160), credit(5000)
    services.match(line.pk, [Part(first.pk, 1080), Part(second.pk, 2000)], by=None)
    assert numbers(line, first, second) == ("partial", 3080, 1080, 2000)
    assert again(second).payment_progress == "partial"
    services.match(line.pk, [Part(second.pk, 160)], by=None)
    assert numbers(line, first, second) == ("partial", 3240, 1080, 2160)
    assert broken() == []


def test_a_fee_the_shop_bears_closes_the_order_without_touching_the_line() -> None:
    order, line = transfer("P-1"), credit(640)
    services.match(line.pk, [Part(order.pk, 640), Part(order.pk, 440, "fee")], by=None)
    assert numbers(line, order) == ("matched", 640, 1080)
    assert Match.objects.get().amount_yen == 640
    assert broken() == []


def test_too_much_is_kept_for_the_customer_and_taken_back_with_the_match() -> None:
    order, line = transfer("P-1"), credit(1500)
    parts = [
        Part(order.pk, 1080, customer_id=order.customer_id),
        Part(None, 420, "credit", order.customer_id),
    ]
    made = services.match(line.pk, parts, by=None)
    assert (numbers(line, order), balance(order)) == (("matched", 1500, 1080), 420)
    services.unmatch(made.pk, by=None, note="別の方")
    assert (numbers(line, order), balance(order)) == (("open", 0, 0), 0)
    assert broken() == []


def test_a_match_is_not_undone_once_the_money_it_kept_was_used() -> None:
    order, other, line = transfer("P-1"), transfer("P-2", 400), credit(1500)
    parts = [
        Part(order.pk, 1080, customer_id=order.customer_id),
        Part(None, 420, "credit", order.customer_id),
    ]
    made = services.match(line.pk, parts, by=None)
    services.use_credit(order_id=other.pk, amount_yen=400, on=DAY, key="k", by=None)
    with pytest.raises(NotEnoughCredit, match="預り金の残りは ¥20 です"):
        services.unmatch(made.pk, by=None, note="別の方")
    assert (numbers(line, order, other), balance(order)) == (("matched", 1500, 1080, 400), 20)
    assert broken() == []


@pytest.mark.parametrize(
    "parts",
    [[], [(0, 0, "bank")], [(0, -5, "bank"), (0, 10, "bank")], [(0, 440, "fee")], [(0, 100, "short")]],
)
def test_a_match_takes_at_least_one_yen_out_of_the_line(parts: list[tuple[int, int, str]]) -> None:
    order, line = transfer("P-1"), credit(1080)
    with pytest.raises(AmountsDisagree):
        services.match(line.pk, [Part(order.pk, amount, source) for _, amount, source in parts], by=None)
    assert numbers(line, order) == ("open", 0, 0)


def test_more_than_the_line_holds_is_refused_and_nothing_changes() -> None:
    order, line = transfer("P-1", 3000), credit(1080)
    with pytest.raises(AlreadyMatched, match="残りの金額が足りません"):
        services.match(line.pk, [Part(order.pk, 1081)], by=None)
    assert (numbers(line, order), Payment.objects.count()) == (("open", 0, 0), 0)


def test_more_than_the_order_owes_is_refused_and_the_line_keeps_its_money() -> None:
    order, line = transfer("P-1"), credit(3000)
    with pytest.raises(DomainError, match="未入金は ¥1,080"):
        services.match(line.pk, [Part(order.pk, 1000), Part(order.pk, 81, "fee")], by=None)
    assert (numbers(line, order), Match.objects.count()) == (("open", 0, 0), 0)


def test_a_cancelled_order_takes_no_money() -> None:
    order, line = transfer("P-1"), credit(1080)
    orders.cancel(order.pk, reason="お客様都合", by=None)
    with pytest.raises(DomainError, match="キャンセル"):
        services.match(line.pk, [Part(order.pk, 1080)], by=None)
    assert numbers(line, order) == ("open", 0, 0)


def test_money_set_aside_is_not_matched_until_it_is_brought_back() -> None:
    order, line = transfer("P-1"), credit(1080)
    services.set_aside(line.pk, by=None, note="自社の移動", reason="own_transfer")
    with pytest.raises(AlreadyMatched):
        services.match(line.pk, [Part(order.pk, 1080)], by=None)
    services.bring_back(line.pk, by=None)
    services.match(line.pk, [Part(order.pk, 1080)], by=None)
    assert numbers(line, order) == ("matched", 1080, 1080)


def test_unmatching_needs_a_reason_and_is_a_row_of_its_own() -> None:
    order, line = transfer("P-1"), credit(1080)
    made = services.match(line.pk, [Part(order.pk, 1080)], by=None)
    with pytest.raises(AmountsDisagree, match="理由"):
        services.unmatch(made.pk, by=None, note=" ")
    mirror = services.unmatch(made.pk, by=staff("鈴木"), note="別の青木様")
    assert (mirror.amount_yen, mirror.reverses, mirror.reasons) == (-1080, made, ["別の青木様"])
    assert list(Payment.objects.order_by("id").values_list("amount_yen", flat=True)) == [1080, -1080]
    assert (numbers(line, order), again(order).state) == (("open", 0, 0), "awaiting_payment")
    with pytest.raises(AmountsDisagree, match="取消の行は取り消せません"):
        services.unmatch(mirror.pk, by=None, note="もう一度")
    with pytest.raises(AlreadyMatched):
        services.unmatch(made.pk, by=None, note="もう一度")
    assert broken() == []


def test_one_of_two_matches_of_a_line_is_undone_and_the_other_stays() -> None:
    first, second, line = transfer("P-1"), transfer("P-2"), credit(2160)
    one = services.match(line.pk, [Part(first.pk, 1080)], by=None)
    services.match(line.pk, [Part(second.pk, 1080)], by=None)
    services.unmatch(one.pk, by=None, note="誤り")
    assert numbers(line, first, second) == ("partial", 1080, 0, 1080)


# 候補を採る -------------------------------------------------------------------------------------------------------


def test_accepting_a_candidate_posts_it_and_remembers_the_name() -> None:
    order, line = transfer("P-1", buyer=YAMADA), credit(1080, "ﾔﾏﾀﾞ ﾊﾅｺ")
    services.accept(line.pk, Candidate((order.pk,), 65, ("姓が一致",)), by=staff("鈴木"))
    assert numbers(line, order) == ("matched", 1080, 1080)
    alias = PayerAlias.objects.get()
    assert (alias.customer_id, alias.payer_key, alias.payer) == (order.customer_id, "ヤマダハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ")


def test_the_customers_own_name_need_not_be_remembered() -> None:
    order, line = transfer("P-1", buyer=YAMADA), credit(1080, "000001 ﾔﾏﾀﾞ ﾀﾛｳ")
    services.accept(line.pk, Candidate((order.pk,), 97, ()), by=staff("鈴木"))
    assert not PayerAlias.objects.exists()


def test_a_name_that_pays_for_two_customers_is_not_remembered() -> None:
    first, second, line = (
        transfer("P-1", buyer=YAMADA),
        transfer("P-2", buyer=SUZUKI),
        credit(2160, "ｻﾄｳ ｶｲｹｲ"),
    )
    parts = [
        Part(first.pk, 1080, customer_id=first.customer_id),
        Part(second.pk, 1080, customer_id=second.customer_id),
    ]
    services.match(line.pk, parts, by=staff("鈴木"), learn=True)
    assert not PayerAlias.objects.exists()


@pytest.mark.parametrize(
    ("money", "kind", "told", "paid", "left", "kept"),
    [
        (640, "fee", {}, 1080, 0, 0),
        (640, "fee", {"shortage": Shortage.WAIT}, 640, 0, 0),
        (640, "fee", {"shortage": Shortage.SHORT, "note": "値引の約束"}, 1080, 0, 0),
        (80, "short", {}, 80, 0, 0),
        (80, "short", {"shortage": Shortage.FEE}, 1080, 0, 0),
        (1500, "over", {}, 1080, 0, 420),
        (1500, "over", {"rest": Rest.LEAVE}, 1080, 420, 0),
    ],
)
def test_the_difference_of_a_candidate_goes_as_usual_or_as_told(
    money: int, kind: str, told: dict[str, object], paid: int, left: int, kept: int
) -> None:
    order, line = transfer("P-1"), credit(money)
    candidate = Candidate((order.pk,), 80, ("名義が一致",), money - 1080, kind)
    services.accept(line.pk, candidate, by=None, **told)  # type: ignore[arg-type]
    assert again(order).paid_yen == paid
    assert again(line).amount_yen - again(line).matched_yen == left
    assert (balance(order), broken()) == (kept, [])


def test_a_candidate_is_refused_when_its_order_was_paid_in_part_meanwhile() -> None:
    order, line = transfer("P-1"), credit(1080)
    services.receive_otherwise(
        order_id=order.pk, amount_yen=80, source="cash", received_on=DAY, key="k", by=None
    )
    with pytest.raises(AmountsDisagree, match="金額が変わりました"):
        services.accept(line.pk, Candidate((order.pk,), 97, ()), by=None)
    assert numbers(line, order) == ("open", 0, 80)


class AnyDayOfMatching(TestCase):
    """Whatever is matched, kept, used and undone: line = matches = payments, and nothing is spent twice."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(0, 2),
                st.integers(1, 2500),
                st.sampled_from(["bank", "fee", "credit", "undo", "use"]),
            ),
            max_size=12,
        )
    )
    def test_the_ledgers_agree(self, acts: list[tuple[int, int, int, str]]) -> None:
        lines = [credit(amount, f"ｱｵｷ {amount}") for amount in (1080, 2000, 3240)]
        rows = [transfer(f"P-{n}", amount) for n, amount in enumerate((1080, 1500, 2160))]
        for at, to, amount, act in acts:
            try:
                one_act(lines[at].pk, rows[to], amount, act)
            except DomainError:
                pass
            assert_true_numbers()
        assert broken() == []


def one_act(line: int, order: Order, amount: int, act: str) -> None:
    owner = order.customer_id
    if act == "undo":
        made = Match.objects.filter(line_id=line, reverses=None, reversed_by=None).first()
        if made:
            services.unmatch(made.pk, by=None, note="やり直し")
    elif act == "use":
        services.use_credit(
            order_id=order.pk, amount_yen=amount, on=DAY, key=f"{Payment.objects.count()}", by=None
        )
    elif act == "credit":
        services.match(line, [Part(None, amount, "credit", owner)], by=None)
    else:
        fee = [Part(order.pk, 110, "fee", owner)] if act == "fee" else []
        services.match(line, [Part(order.pk, amount, "bank", owner), *fee], by=None)


def assert_true_numbers() -> None:
    for status in BankLineStatus.objects.all():
        matched = sum(Match.objects.filter(line_id=status.pk).values_list("amount_yen", flat=True))
        assert 0 <= matched == status.matched_yen <= status.amount_yen
    for order in Order.objects.all():
        paid = sum(Payment.objects.filter(order=order).values_list("amount_yen", flat=True))
        assert 0 <= paid == order.paid_yen <= order.total_yen
    kept = sum(Payment.objects.filter(order=None).values_list("amount_yen", flat=True))
    assert 0 <= kept == sum(CreditBalance.objects.values_list("balance_yen", flat=True))
