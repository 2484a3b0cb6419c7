"""督促状: what is printed is the shop's own text, to the right address, for what is still owed today."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pypdf
import pytest
from django.utils import timezone

from akinai.core import clock
from akinai.payments import queries, services
from akinai.payments.models import Due, DunningAct, DunningStep
from akinai.payments.papers import parts_of
from akinai.payments.tests.factories import transfer
from akinai.payments.tests.screens import client_of, get, post
from tests import cast

pytestmark = pytest.mark.django_db


def at(day: date) -> Any:
    return clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, 10)))


def letter_of(order: Any, on: date) -> DunningAct:
    """書面 is due for this order: one step of the ladder, done."""
    step, _ = DunningStep.objects.get_or_create(
        kind="bank_transfer", days=3, way="letter", title="督促状",
        defaults={"subject": "お支払いのお願い", "body": "{宛名}\n\n督促状\n\nお支払期限を {超過日数} 日過ぎました。\n\n────\n■ ご注文番号　{番号}\n■ お支払金額　{金額}\n■ お振込先　　{振込先}\n────\n\n行き違いのときはご容赦ください。\n\n{署名}\n"},
    )  # fmt: skip
    due = Due.objects.get(order=order)
    return DunningAct.objects.create(
        order=order,
        step=step,
        kind=due.kind,
        days=3,
        way="letter",
        on=on,
        due_on=due.due_on,
        owed_yen=due.owed_yen,
    )


def text(pdf: bytes) -> list[str]:
    """The words of each page, without spaces."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_a_letter_has_the_address_the_amount_and_the_shops_text_once() -> None:
    cast.company()
    act = letter_of(transfer("P-1", 5400), date(2026, 12, 4))
    with at(date(2026, 12, 7)):
        response = client_of("鈴木").get(f"/office/dunning/acts/{act.pk}/letter.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    (page,) = text(response.content)
    for words in ("〒150-0001", "東京都渋谷区神宮前4-12-3", "青木美咲様", "督促状", "¥5,400", "2026年12月1日", "（6日経過）",
                  "2026年12月7日", "ご注文番号P-1", "行き違いのときはご容赦ください。", "株式会社見本茶舗", "03-0000-1234"):  # fmt: skip
        assert words in page, words
    assert (page.count("青木美咲様"), page.count("督促状"), page.count("03-0000-1234")) == (1, 1, 1)


def test_all_that_wait_are_printed_at_once_and_who_has_paid_is_left_out() -> None:
    cast.company()
    first, second, paid = (transfer(f"P-{n}", 1000 * n, cast.somebody(f"P{n}")) for n in (1, 2, 3))
    acts = [letter_of(order, date(2026, 12, 4)) for order in (first, second, paid)]
    services.receive_otherwise(
        order_id=paid.pk, amount_yen=3000, source="cash", received_on=date(2026, 12, 5), key="k", by=None
    )
    with at(date(2026, 12, 7)):
        client = client_of("鈴木")
        assert "督促状をまとめて印刷（2 通）" in get(client, "payments:dunning_acts")
        pages = text(client.get("/office/dunning/letters.pdf").content)
        assert [("¥1,000" in page, "¥2,000" in page) for page in pages] == [(True, False), (False, True)]
        post(client, "payments:answer_dunning", acts[0].pk, result="reached", note="投函", promised_on="")
        assert len(queries.letters_waiting(cast.staff("鈴木"))) == 1
        post(client, "payments:answer_dunning", acts[1].pk, result="reached", note="投函", promised_on="")
        assert client.get("/office/dunning/letters.pdf").status_code == 302
        assert client_of("部外者").get("/office/dunning/letters.pdf").status_code == 403


def test_twenty_letters_cost_no_more_questions_to_find_than_one(django_assert_max_num_queries: Any) -> None:
    cast.company()
    for n in range(5):
        letter_of(transfer(f"P-{n}", 1000, cast.somebody(f"P{n}")), date(2026, 12, 4))
    suzuki = cast.staff("鈴木")
    suzuki.has_perm("payments.view_due")
    with django_assert_max_num_queries(3):
        assert len(queries.letters_waiting(suzuki)) == 5


def test_what_the_sheet_says_already_is_not_said_twice() -> None:
    body = "青木 様\n\n督促状\n\n一行目\n二行目\n\n───\n■ 番号　A-1\n■ 振込先　見本銀行\n普通 1\n───\n終わり\n\n株式会社 見本\n電話 1\n"
    assert parts_of(body, drop=("青木 様", "督促状"), signature="株式会社 見本\n電話 1") == [
        {"kind": "text", "text": "一行目\n二行目"},
        {"kind": "facts", "rows": [["番号", "A-1"], ["振込先", "見本銀行\n普通 1"]]},
        {"kind": "text", "text": "終わり"},
    ]
