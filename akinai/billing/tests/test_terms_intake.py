"""請求条件の取込: a list agrees to what a clerk could type, row by row, all or nothing."""

from __future__ import annotations

import io
from datetime import date

import pytest

from akinai.billing.models import BillingTerms
from akinai.billing.tests.monthly import customer, terms
from akinai.core import intake
from akinai.core.business_days import END_OF_MONTH
from tests.cast import company

pytestmark = pytest.mark.django_db


def take(text: str) -> tuple[intake.Plan, list[str]]:
    kind = intake.kind_of("billing_terms")
    assert kind is not None
    row, plan = intake.preview(
        kind, [intake.Upload("請求条件.csv", text.encode("utf-8-sig"))], options={}, by=None
    )
    if not plan.refused:
        intake.apply(row, by=None)
    return plan, [f"{error.line} {error.column} {error.value}: {error.message}" for error in plan.errors]


def test_new_terms_are_agreed_and_what_is_left_empty_stays() -> None:
    company()
    one, two = customer(), customer("カフエ")
    terms(two, closing_day=20, credit_limit_yen=300_000)
    plan, errors = take(
        "顧客番号,締め日,支払月,支払日,与信限度額,適用開始日\n"
        f'{one.number},末日,翌月,末,"５００,０００",2026/11/01\n'
        f"{two.number},,,10,,\n"
    )
    assert (errors, plan.created, plan.changed) == ([], 1, 1)
    new = BillingTerms.objects.get(customer=one)
    assert (new.closing_day, new.months, new.paying_day, new.credit_limit_yen, new.since) == (
        END_OF_MONTH, 1, END_OF_MONTH, 500_000, date(2026, 11, 1),
    )  # fmt: skip
    kept = BillingTerms.objects.get(customer=two)
    assert (kept.closing_day, kept.paying_day, kept.credit_limit_yen) == (20, 10, 300_000)


def test_every_wrong_cell_is_named_and_nothing_is_written() -> None:
    company()
    one, two = customer(), customer("カフエ")
    plan, errors = take(
        "顧客番号,締め日,支払月,支払日,与信限度額,適用開始日\n"
        f"{one.number},30,翌月,末日,-1,2026-11-01\n"
        "CU-9,末日,翌月,末日,,2026-11-01\n"
        f"{two.number},20,当月,10,,2026-11-01\n"
        f"{two.number},20,翌月,10,,2026-11-01\n"
    )
    assert plan.refused
    assert [error.split(":")[0] for error in errors] == [
        "2 締め日 30", "3 顧客番号 CU-9", "4 支払日 10", f"5 顧客番号 {two.number}",
    ]  # fmt: skip
    assert not BillingTerms.objects.exists()


def test_a_list_taken_out_comes_in_again_and_changes_nothing() -> None:
    import csv

    from django.test import Client
    from django.urls import reverse

    from tests.cast import staff

    company()
    terms(customer(), closing_day=20, credit_limit_yen=300_000)
    client = Client()
    client.force_login(staff("伊藤"))
    answer = client.get(reverse("billing:terms"), {"export": "csv"})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 2
    plan, errors = take(text)
    assert (errors, plan.unchanged, plan.changed) == ([], 1, 0)
