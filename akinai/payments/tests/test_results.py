"""決済の結果ファイル: each row moves its 決済 once, says why it cannot, and nothing is taken in by half."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from akinai.core import intake
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import PaymentRequest
from akinai.payments.rules.results import MEANS, WORDS, Meaning, Standing, Step, meaning_of, step_of
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.providers import card_order, fresh, held, linked
from akinai.payments.tests.screens import client_of
from tests import cast

pytestmark = pytest.mark.django_db


def file(*rows: str, header: str = "注文番号,結果,決済会社の番号,金額,与信期限") -> intake.Upload:
    return intake.Upload("結果.csv", "\r\n".join([header, *rows]).encode("cp932"))


def take(*files: intake.Upload, by: str = "鈴木", **options: Any) -> tuple[Any, Any]:
    """(record, plan) of a preview that was applied where nothing was refused."""
    kind = intake.kind_of("payment_results")
    assert kind is not None
    row, plan = intake.preview(kind, list(files), options=options, by=cast.staff(by))
    if not plan.refused:
        intake.apply(row, by=cast.staff(by), files=plan.files)
        row.refresh_from_db()
    return row, plan


def ask(order: Order, **more: Any) -> PaymentRequest:
    told: dict[str, Any] = {
        "kind": order.payment,
        "provider": "見本後払い",
        "amount_yen": order.owed_yen,
        "by": None,
    }
    return services.request_payment(order.pk, **told | more)


def open_holds(order: Order) -> list[str]:
    return list(order.holds.filter(released_at=None).values_list("rule", flat=True))


def test_a_deferred_payment_goes_through_its_results() -> None:
    order = card_order("D-1", payment="deferred")
    made = ask(order)
    assert "audit" in open_holds(order)
    row, _ = take(file("D-1,与信OK,NP-1,1080,2026/12/20"))
    assert "audit" not in open_holds(order)
    assert (
        row.result["message"] == "決済 1 件の状態を進めました（0 件は新しく記録）。0 件は変わりありません。"
    )
    assert (fresh(made).state, fresh(made).provider_ref, fresh(made).expires_on) == (
        "authorised",
        "NP-1",
        date(2026, 12, 20),
    )
    take(file("D-1,立替確定,NP-1,1080,"))
    assert (fresh(made).state, again(order).paid_yen) == (
        "captured",
        0,
    )  # the money itself comes with the settlement
    take(file("D-1,一部返金,NP-1,80,"))
    assert (fresh(made).state, fresh(made).refunded_yen) == ("partly_refunded", 80)
    _, plan = take(file("D-1,一部返金,NP-1,80,", "D-1,立替確定,NP-1,1080,"))
    assert (plan.changed, plan.unchanged) == (0, 2)
    assert broken() == []


def test_a_refused_deferred_order_is_held_until_another_way_is_found() -> None:
    order = card_order("D-1", payment="deferred")
    made = ask(order)
    for one in order.holds.filter(released_at=None).exclude(rule="audit"):
        orders.release(one.pk, by=None)  # 後払い of a new customer is looked at anyway
    assert (again(order).state, open_holds(order)) == ("on_hold", ["audit"])
    take(file("D-1,審査NG,,,"))
    assert (fresh(made).state, again(order).state) == ("failed", "on_hold")
    assert "審査が通りませんでした" in order.holds.get(released_at=None).reason


def test_an_order_without_a_record_gets_one_from_its_result() -> None:
    order = card_order("K-1", payment="convenience")
    _, plan = take(file("K-1,入金待ち,55501,1080,", "K-1,速報,55501,1080,"))
    assert (plan.rows, plan.changed, plan.unchanged, plan.total_yen) == (2, 1, 1, 1080)
    made = order.payment_requests.get()
    assert (made.state, made.provider_ref, made.amount_yen, again(order).state) == (
        "captured",
        "55501",
        1080,
        "ready",
    )


def test_what_cannot_be_is_told_by_line_and_column_and_nothing_is_written() -> None:
    order = card_order("D-1", payment="deferred")
    ask(order)
    _, plan = take(
        file(
            "D-1,与信OK,,999,", ",与信OK,,,", "D-1,たぶんOK,,,", "X-9,与信OK,,,", "D-1,与信OK,,百円,", "D-1,与信OK,,,あした", "D-1,返金,,,",
        )
    )  # fmt: skip
    assert plan.refused
    assert [(e.line, e.column, e.value) for e in plan.errors] == [
        (2, "結果", "与信OK"), (3, "注文番号", ""), (4, "結果", "たぶんOK"), (5, "注文番号", "X-9"), (6, "金額", "百円"),
        (7, "与信期限", "あした"), (8, "結果", "返金"),
    ]  # fmt: skip
    assert "1,080 円ですが、ファイルでは 999 円" in plan.errors[0].message
    assert order.payment_requests.get().state == "requested"


def test_rows_of_other_shops_are_skipped_when_a_person_says_so() -> None:
    order = card_order("D-1", payment="deferred")
    made = ask(order)
    _, plan = take(file("X-9,与信OK,,,", "D-1,与信OK,,,"), skip_unknown=True)
    assert (plan.refused, plan.exceptions, fresh(made).state) == (False, 1, "authorised")


def test_a_layout_that_was_never_proved_says_so() -> None:
    order = card_order("W-1", payment="wallet")
    made = ask(order)
    _row, plan = take(file("W-1,取引完了,P-1,1080", header="加盟店決済ID,取引ステータス,決済番号,取引金額"))
    assert (plan.format, fresh(made).state, fresh(made).provider_ref) == ("paypay", "captured", "P-1")
    assert "実物のファイルで確かめていません" in plan.notes[0]
    kind = intake.kind_of("payment_results")
    assert kind is not None and all("未確認" in one.title for one in kind.formats())


def test_a_payment_behind_a_door_is_not_moved_by_a_file() -> None:
    made = held(linked(card_order("C-1")))
    _, plan = take(file("C-1,売上確定,,,"))
    assert plan.refused and "決済会社とつながっていて" in plan.errors[0].message
    assert fresh(made).state == "authorised"


def test_who_may_not_move_payments_takes_no_results_in() -> None:
    page = reverse("intake:upload", args=["payment_results"])
    assert (client_of("佐藤").get(page).status_code, client_of("鈴木").get(page).status_code) == (403, 200)


def test_a_word_is_known_or_not_and_means_one_thing() -> None:
    words = [word for many in WORDS.values() for word in many]
    assert len(words) == len(set(words)) == len(MEANS)
    assert (meaning_of(" 与信ＯＫ "), meaning_of("与信OKかも"), meaning_of("")) == (
        Meaning.AUTHORISED,
        None,
        None,
    )


def test_refunds_are_told_as_a_whole_so_that_a_file_twice_adds_nothing() -> None:
    taken = Standing("captured", 1000, 0)
    assert step_of(Meaning.REFUNDED, taken, yen=300) == Step("refund", "partly_refunded", 300)
    assert step_of(Meaning.REFUNDED, Standing("partly_refunded", 1000, 300), yen=300) == Step(
        "", "partly_refunded"
    )
    assert step_of(Meaning.REFUNDED, Standing("partly_refunded", 1000, 300), yen=None) == Step(
        "refund", "refunded", 700
    )
    assert isinstance(step_of(Meaning.REFUNDED, taken, yen=1001), str)
    assert isinstance(step_of(Meaning.PAID, Standing("cancelled", 1000), yen=None), str)
