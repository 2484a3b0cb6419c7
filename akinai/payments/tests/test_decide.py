"""消込の決定: what is certain, and everything that must never be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.payments.rules import Book, Candidate, Credit, Decision, Due, Ghost, decide, name_keys
from akinai.payments.tests.factories import DAY, due, money, order_ids


def look(credit: Credit, *dues: Due, **book: Any) -> Decision:
    (decision,) = decide([credit], Book.of(dues, **book))
    return decision


def best(decision: Decision) -> Candidate:
    assert decision.certain is None
    return decision.candidates[0]


# What is certain -------------------------------------------------------------------------------------------------


def test_name_and_amount_are_certain() -> None:
    found = look(money(1), due(1))
    assert found.certain == Candidate((1,), 97, ("金額が一致", "名義が一致"))


def test_with_the_order_number_beside_the_name_it_is_more_so() -> None:
    found = look(money(1, payer="2026000001 ﾔﾏﾀﾞ ﾀﾛｳ"), due(1))
    assert found.certain and (found.certain.score, found.certain.reasons[-1]) == (99, "注文番号が一致")


def test_a_whole_order_number_is_certain_whoever_pays() -> None:
    found = look(money(1, payer="SO-2026-000001 ﾔﾏﾀﾞ ﾊﾅｺ"), due(1))
    assert found.certain == Candidate((1,), 93, ("金額が一致", "注文番号が一致"))


def test_the_number_in_the_edi_field_counts_as_well() -> None:
    assert look(money(1, payer="ｶ)ｶﾞｲｼﾔ", edi="2026-000001"), due(1)).certain


def test_a_learned_name_is_certain() -> None:
    found = look(money(1, payer="ﾔﾏﾀﾞ ﾊﾅｺ"), due(1, aliases=name_keys("ヤマダ ハナコ")))
    assert found.certain == Candidate((1,), 95, ("金額が一致", "覚えた名義と一致"))


def test_the_written_number_chooses_among_equal_orders() -> None:
    found = look(money(1, payer="000002 ﾔﾏﾀﾞ ﾀﾛｳ"), due(1, customer=7), due(2, customer=7))
    assert found.certain and found.certain.order_ids == (2,)


def test_as_many_payments_as_equal_orders_of_one_customer_pay_them_all_oldest_first() -> None:
    dues = [due(1, customer=7), due(2, customer=7, on=DAY - timedelta(days=3))]
    first, second = decide([money(1), money(2, on=DAY + timedelta(days=1))], Book.of(dues))
    assert first.certain and second.certain
    assert (first.certain.order_ids, second.certain.order_ids) == ((2,), (1,))


# What never is ---------------------------------------------------------------------------------------------------


def test_two_customers_of_one_name_and_amount() -> None:
    found = look(money(1), due(1), due(2))
    assert best(found).score == 70
    assert "同じ名義・金額の受注が 2 件" in best(found).reasons
    assert order_ids(found.candidates) == [(1,), (2,)]


def test_two_equal_orders_of_one_customer_and_one_payment() -> None:
    assert best(look(money(1), due(1, customer=7), due(2, customer=7))).score == 70


def test_two_payments_for_one_order() -> None:
    for decision in decide([money(1), money(2)], Book.of([due(1)])):
        assert best(decision) == Candidate(
            (1,), 70, ("金額が一致", "名義が一致", "この受注に合う入金がほかにもある")
        )


def test_of_two_payments_the_numbered_one_is_meant_and_the_other_waits() -> None:
    numbered, bare = decide([money(1, payer="2026000001 ﾔﾏﾀﾞﾀﾛｳ"), money(2)], Book.of([due(1)]))
    assert numbered.certain and bare.certain is None


def test_a_numbered_payment_leaves_the_other_equal_order_to_a_person() -> None:
    dues = [due(1, customer=7), due(2, customer=7)]
    numbered, bare = decide([money(1, payer="2026000001 ﾔﾏﾀﾞﾀﾛｳ"), money(2)], Book.of(dues))
    assert numbered.certain and numbered.certain.order_ids == (1,)
    assert bare.certain is None


def test_a_name_written_beside_anothers_order_number() -> None:
    found = look(money(1, payer="SO-2026-000001 ｻﾄｳ ｼﾞﾛｳ"), due(1), due(2, 9999, "サトウ ジロウ"))
    assert best(found).score == 85
    assert "名義は別のお客様" in best(found).reasons


def test_a_name_beside_a_number_that_is_not_this_orders() -> None:
    found = look(money(1, payer="5555 ﾔﾏﾀﾞ ﾀﾛｳ"), due(1))
    assert best(found) == Candidate(
        (1,), 80, ("金額が一致", "名義が一致", "書かれた番号はこの受注の番号ではない")
    )


def test_the_end_of_a_number_alone_is_anybodys() -> None:
    found = look(money(1, payer="5001 ﾀﾅｶ"), due(1))
    assert best(found) == Candidate((1,), 80, ("金額が一致", "注文番号の一部が一致"))


def test_a_name_contained_in_another() -> None:
    found = look(money(1, payer="ﾔﾏﾀﾞ ﾀﾛｳﾏﾙ"), due(1))
    assert best(found).score <= 65


def test_a_namesake_who_paid_the_same_amount_before_may_have_paid_twice() -> None:
    ghost = Ghost("SO-2026-000009", 99, 3000, name_keys("ヤマダ タロウ"), is_cancelled=False)
    found = look(money(1), due(1), ghosts=[ghost])
    assert best(found).score == 80
    assert "入金済みの受注 SO-2026-000009" in best(found).reasons[-1]
    own = Ghost("SO-2026-000009", 1, 3000, name_keys("ヤマダ タロウ"), is_cancelled=False)
    assert look(money(1), due(1), ghosts=[own]).certain  # the same customer's order of last month


def test_a_namesake_whose_order_was_cancelled_meanwhile() -> None:
    ghost = Ghost("SO-2026-000009", 99, 3000, name_keys("ヤマダ タロウ"), is_cancelled=True)
    assert "キャンセル済みの受注" in best(look(money(1), due(1), ghosts=[ghost])).reasons[-1]


def test_a_learned_name_tied_to_two_customers() -> None:
    alias = name_keys("ヤマダ ハナコ")
    found = look(money(1, payer="ﾔﾏﾀﾞ ﾊﾅｺ"), due(1, aliases=alias), shared_aliases=alias)
    assert best(found).score == 80


def test_money_that_came_before_the_order() -> None:
    found = look(money(1, on=DAY - timedelta(days=1)), due(1))
    assert best(found).score == 40


def test_what_a_person_left_of_a_line() -> None:
    assert best(look(money(1, is_rest=True), due(1))).score == 85


def test_a_line_that_is_no_transfer() -> None:
    assert best(look(money(1, is_transfer=False), due(1))).score == 80


def test_a_company_without_its_legal_form() -> None:
    found = look(money(1, payer="ｶ)ﾔﾏﾀﾞ"), due(1, kana="ヤマダ"))
    assert best(found).score == 85


def test_a_name_the_bank_has_cut() -> None:
    found = look(
        money(1, payer="ｶ)ｱｵｿﾞﾗｼﾖｳﾃﾝﾄｳｷﾖｳ"), due(1, kana="株式会社アオゾラショウテントウキョウシテン")
    )
    assert best(found) == Candidate((1,), 82, ("金額が一致", "名義の先頭が一致（銀行で途中まで）"))


def test_the_family() -> None:
    assert best(look(money(1, payer="ﾔﾏﾀﾞ ﾊﾅｺ"), due(1))).reasons[-1] == "姓が一致（ご家族かもしれません）"


def test_whom_the_parcel_goes_to() -> None:
    found = look(money(1, payer="ｻﾄｳ ｼﾞﾛｳ"), due(1, other_names=name_keys("サトウ ジロウ")))
    assert best(found).score == 75


def test_nothing_but_the_amount() -> None:
    assert best(look(money(1, payer="ﾀﾅｶ"), due(1))) == Candidate(
        (1,), 55, ("金額が一致する受注は 1 件だけ", "名義は一致しない")
    )
    many = look(money(1, payer=""), *(due(n, kana=f"ナナシ {n}") for n in range(1, 6)))
    assert order_ids(many.candidates) == [(1,), (2,), (3,)]
    assert best(many).reasons == ("金額が一致する受注が 5 件", "名義が空欄")


@pytest.mark.parametrize(("fee", "score"), [(440, 80), (880, 80), (500, 60)])
def test_a_transfer_fee_taken_off(fee: int, score: int) -> None:
    found = look(money(1, 3000 - fee), due(1))
    assert (best(found).score, best(found).kind, best(found).difference_yen) == (score, "fee", -fee)


def test_a_fee_of_a_namesake_makes_the_exact_order_doubtful() -> None:
    found = look(money(1), due(1), due(2, 3440))
    assert best(found).score == 85
    assert "手数料を引いた額でもある" in best(found).reasons[-1]


def test_too_much_and_too_little() -> None:
    assert best(look(money(1, 3500), due(1))) == Candidate(
        (1,), 45, ("名義が一致", "500 円多い（過入金）"), 500, "over"
    )
    assert best(look(money(1, 1000), due(1))) == Candidate(
        (1,), 40, ("名義が一致", "2,000 円足りない（一部入金）"), -2000, "short"
    )


def test_several_orders_at_once() -> None:
    dues = [due(1, 3000, customer=7), due(2, 2000, customer=7), due(3, 500, customer=7)]
    whole = best(look(money(1, 5500), *dues))
    assert (whole.order_ids, whole.score, whole.kind) == ((1, 2, 3), 85, "group")
    some = best(look(money(1, 3500), *dues))
    assert (some.order_ids, some.score) == ((1, 3), 65)
    less_fee = best(look(money(1, 5060), *dues))
    assert (less_fee.order_ids, less_fee.kind, less_fee.difference_yen) == ((1, 2, 3), "fee", -440)


def test_orders_of_two_namesakes_are_never_added_up() -> None:
    found = look(money(1, 5000), due(1, 3000), due(2, 2000))
    assert "group" not in {candidate.kind for candidate in found.candidates}


def test_an_amount_that_is_also_the_sum_of_two_others() -> None:
    dues = [due(1, 3000, customer=7), due(2, 2000, customer=7), due(3, 1000, customer=7)]
    found = look(money(1, 3000), *dues)
    assert best(found).score == 85
    assert order_ids(found.candidates)[:2] == [(1,), (2, 3)]


def test_a_stranger_has_no_candidates() -> None:
    assert look(money(1, 1234, "ｼﾗﾅｲ ﾋﾄ"), due(1)) == Decision(money(1, 1234, "ｼﾗﾅｲ ﾋﾄ"), ())


def test_there_are_never_more_candidates_than_keys() -> None:
    found = look(money(1), *(due(n, customer=n) for n in range(1, 30)))
    assert len(found.candidates) == 6


# What holds whatever comes ---------------------------------------------------------------------------------------

NAMES = ["ヤマダ タロウ", "ヤマダ ハナコ", "タロウ ヤマダ", "カ)ヤマダ", "ヤマダ", "スズキ イチロウ"]
PAYERS = [*NAMES, "000001 ヤマダ タロウ", "2026000002", "SO-2026-000003 スズキ イチロウ", "9999 ヤマダ", ""]
DUES = st.lists(
    st.tuples(
        st.sampled_from([1000, 2000, 3000]), st.sampled_from(NAMES), st.integers(1, 3), st.integers(0, 2)
    ),
    max_size=7,
)
CREDITS = st.lists(
    st.tuples(st.sampled_from([1000, 2000, 3000, 5000, 2560]), st.sampled_from(PAYERS), st.integers(0, 3), st.booleans()),
    min_size=1, max_size=7,
)  # fmt: skip


@settings(max_examples=300)
@given(DUES, CREDITS)
def test_what_is_certain_is_exact_and_names_each_order_and_line_once(
    dues: list[tuple[int, str, int, int]], credits: list[tuple[int, str, int, bool]]
) -> None:
    book = [
        due(pk, amount, name, customer=customer, on=DAY + timedelta(days=days))
        for pk, (amount, name, customer, days) in enumerate(dues, 1)
    ]
    lines = [
        money(pk, amount, payer, DAY + timedelta(days=days), is_rest=rest)
        for pk, (amount, payer, days, rest) in enumerate(credits, 1)
    ]
    decisions = decide(lines, Book.of(book))
    assert [d.credit.line_id for d in decisions] == [line.line_id for line in lines]
    by_id = {one.order_id: one for one in book}
    sure = [d for d in decisions if d.certain]
    chosen = [d.certain.order_ids for d in sure if d.certain]
    assert len(set(chosen)) == len(chosen)
    for decision in sure:
        assert decision.certain
        (order_id,) = decision.certain.order_ids
        assert decision.certain.score >= 90 and decision.certain.kind == "exact"
        assert by_id[order_id].owed_yen == decision.credit.left_yen
        assert by_id[order_id].ordered_on <= decision.credit.on
        assert decision.credit.payer and not decision.credit.is_rest
    for decision in decisions:
        assert len(decision.candidates) <= 6
        assert all(c.difference_yen == decision.credit.left_yen - sum(by_id[o].owed_yen for o in c.order_ids)
                   for c in decision.candidates)  # fmt: skip


@settings(max_examples=150)
@given(DUES, CREDITS)
def test_the_order_in_which_things_are_listed_decides_nothing(
    dues: list[tuple[int, str, int, int]], credits: list[tuple[int, str, int, bool]]
) -> None:
    book = [
        due(pk, amount, name, customer=c, on=date(2026, 11, 20))
        for pk, (amount, name, c, _) in enumerate(dues, 1)
    ]
    lines = [money(pk, amount, payer, is_rest=rest) for pk, (amount, payer, _, rest) in enumerate(credits, 1)]
    forth = {d.credit.line_id: d.certain for d in decide(lines, Book.of(book))}
    back = {d.credit.line_id: d.certain for d in decide(lines[::-1], Book.of(book[::-1]))}
    assert forth == back
