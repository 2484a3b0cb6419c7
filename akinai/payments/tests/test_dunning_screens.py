"""督促の画面: what the clerks of 経理 see and do; strangers are refused and change nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import Due, DunningAct, DunningAnswer, DunningLadder, DunningPause, DunningStep
from akinai.payments.tests.factories import YAMADA, transfer
from akinai.payments.tests.screens import client_of, get, plain, post, said
from akinai.payments.tests.test_dunning import at, run
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def begun(db: None) -> None:
    cast.company()
    services.take_usual("bank_transfer", by=None)
    services.set_ladder("bank_transfer", is_on=True, by=None)


def test_the_list_shows_age_and_next_step_and_finds_by_name() -> None:
    transfer("P-1", 5400)
    transfer("P-2", 1080, YAMADA)
    with at(DAY):
        page = plain(get(client_of("鈴木"), "payments:dunning"))
        found = plain(get(client_of("鈴木"), "payments:dunning", query="?q=山田"))
    assert "1日超過" in page and "12/02 お支払いのお願い" in page and "¥5,400" in page
    assert "1〜7日 ¥6,480 2 件" in page
    assert "山田 太郎" in found and "青木 美咲" not in found


def test_the_list_asks_the_database_a_small_constant_number_of_questions(
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(4):
        transfer(f"P-{n}", 1000 + n, cast.somebody(f"K{n}"))
    client = client_of("鈴木")
    with at(DAY), django_assert_max_num_queries(8):
        get(client, "payments:dunning")


def test_the_plan_names_everybody_and_does_it_once() -> None:
    transfer("P-1", 5400)
    client = client_of("鈴木")
    with at(DAY):
        page = plain(get(client, "payments:dunning_plan"))
        assert "青木 美咲" in page and "aoki@example.com" in page and "行う" in page
        response = post(client, "payments:run_dunning")
        assert "メール 1 件、電話・書面 0 件、自動キャンセル 0 件" in said(response)
        assert "メール 0 件" in said(post(client, "payments:run_dunning"))
    assert DunningAct.objects.get().by == cast.staff("鈴木")


def test_one_due_shows_the_letter_before_it_is_sent_and_what_comes_after() -> None:
    transfer("P-1", 5400)
    with at(DAY):
        page = plain(get(client_of("鈴木"), "payments:due", Due.objects.get().pk))
    assert "■ お支払金額 ¥5,400" in page
    assert "2026/12/02(水) お支払いのお願い" in page and "2026/12/11(金) 自動キャンセル" in page


def test_a_call_is_written_down_with_its_promise() -> None:
    order = transfer("P-1", 5400)
    Order.objects.filter(pk=order.pk).update(buyer_email="")
    run(DAY)
    client, act = client_of("鈴木"), DunningAct.objects.get()
    with at(DAY, 14):
        assert "ご注文番号 P-1" in plain(get(client, "payments:dunning_letter", act.pk))
        refused = post(client, "payments:answer_dunning", act.pk, result="promised")
        assert "約束の日を入れてください" in refused.content.decode() + said(refused)
        post(
            client,
            "payments:answer_dunning",
            act.pk,
            result="promised",
            promised_on="2026-12-09",
            note="9日に",
        )
        page = plain(get(client, "payments:due", order.pk * 2))
    assert DunningAnswer.objects.get().promised_on == date(2026, 12, 9)
    assert "督促を停止しています。 支払の約束 9日に（2026/12/09(水) まで）" in page


def test_many_dues_are_paused_at_once_with_a_reason() -> None:
    for n in (1, 2):
        transfer(f"P-{n}", 1000 + n, cast.somebody(f"K{n}"))
    client = client_of("鈴木")
    ids = list(Due.objects.values_list("pk", flat=True))
    with at(DAY):
        post(client, "payments:dunning", action="pause", pk=ids, reason="台風のため", go="1")
    assert [pause.reason for pause in DunningPause.objects.all()] == ["台風のため"] * 2


def test_a_ladder_is_built_read_and_begun() -> None:
    client = client_of("鈴木")
    post(client, "payments:take_usual_ladder", "statement")
    assert DunningLadder.objects.get(kind="statement").is_on is False
    step = DunningStep.objects.get(kind="statement", days=3)
    told = {
        "days": 5,
        "way": "mail",
        "title": "お願い",
        "subject": "【{店舗名}】{番号}",
        "body": "{宛名} {金額}",
    }
    shown = post(client, "payments:edit_dunning_step", step.pk, preview="1", **told).content.decode()
    assert "【茶と器 みほん】123456-20261124-0001" in shown
    assert DunningStep.objects.get(pk=step.pk).days == 3
    post(client, "payments:edit_dunning_step", step.pk, **told)
    assert DunningStep.objects.get(pk=step.pk).days == 5
    refused = post(client, "payments:edit_dunning_step", step.pk, **told | {"body": "{宛名} {住所}"})
    assert "「{住所}」という差し込みはありません" in refused.content.decode() + said(refused)
    post(client, "payments:ladder", "statement", is_on="on")
    assert DunningLadder.objects.get(kind="statement").is_on is True


def test_a_ladder_that_cancels_without_a_word_cannot_begin() -> None:
    for step in DunningStep.objects.filter(kind="bank_transfer", way="mail"):
        services.set_ladder("bank_transfer", is_on=False, by=None)
        services.retire_step(step.pk, by=None)
    client = client_of("鈴木")
    refused = post(client, "payments:ladder", "bank_transfer", is_on="on")
    assert "お知らせしないままキャンセル" in refused.content.decode() + said(refused)
    assert DunningLadder.objects.get(kind="bank_transfer").is_on is False


def test_a_stranger_sees_nothing_and_does_nothing() -> None:
    transfer("P-1")
    stranger, due = client_of("部外者"), Due.objects.get().pk
    with at(DAY):
        answers = [
            stranger.get(f"/office/dunning/{where}").status_code
            for where in ("", "plan/", "acts/", "ladders/", f"{due}/")
        ]
        assert answers == [403] * 5
        for name, args in (
            ("run_dunning", ()),
            ("pause_dunning", (due,)),
            ("take_usual_ladder", ("statement",)),
        ):
            assert post(stranger, f"payments:{name}", *args, reason="x").status_code == 403
    assert (DunningAct.objects.count(), DunningPause.objects.count()) == (0, 0)


def test_what_is_no_due_any_more_leads_back_to_the_list() -> None:
    order = transfer("P-1")
    Order.objects.filter(pk=order.pk).update(payment_settled=True)
    response = client_of("鈴木").get(f"/office/dunning/{order.pk * 2}/")
    assert (response.status_code, response.url) == (302, "/office/dunning/")
