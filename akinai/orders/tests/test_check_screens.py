"""要確認の規則の画面: listed, written in rows, tested, put into force; who may and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.core import clock, long_jobs
from akinai.core.models import LongJob
from akinai.orders.models import CheckRule
from tests import cast
from tests.cast import draft, place, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
ROWS = {
    "c.0.join": "all", "c.0.0.subject": "total", "c.0.0.was": "total", "c.0.0.op": "ge", "c.0.0.value": "3,000",
    "c.0.1.subject": "payment", "c.0.1.was": "payment", "c.0.1.op": "in", "c.0.1.value": ["cod", "card"],
}  # fmt: skip
FORM = {"name": "高い代引", "action": "hold", "priority": "15", "reason": "【請求金額】の注文です", **ROWS}


@pytest.fixture
def sato(client: Client) -> Client:
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    return client


def page(name: str, rule: CheckRule | None = None) -> str:
    return reverse(f"orders:{name}", args=[rule.code] if rule else [])


def test_the_list_shows_own_and_built_in_rules_in_few_questions(sato: Client) -> None:
    sato.get(page("hold_rules"))
    with CaptureQueriesContext(connection) as captured:
        shown = sato.get(page("hold_rules"))
    assert shown.status_code == 200 and len(captured) <= 6
    text = shown.content.decode()
    assert "請求金額が 50,000円以上 のとき、止める" in text and "住所不備" in text
    found = sato.get(page("hold_rules") + "?q=離島&tab=used").content.decode()
    assert "離島の代引" in found and "高額の代引" not in found
    assert sato.get(page("hold_rules") + "?export=csv").status_code == 200


def test_a_rule_goes_from_the_rows_to_the_orders(sato: Client) -> None:
    cast.sku("TEA-001", pieces=10)
    place(draft("A-1", ("TEA-001", 3, 1080), buyer=somebody("A")))
    answer = sato.post(page("check_new"), FORM)
    rule = CheckRule.objects.get(name="高い代引")
    assert answer.headers["Location"] == page("check_rule", rule)
    assert (
        rule.draft.sentence
        == "請求金額が 3,000円以上 かつ 支払方法が 代金引換・クレジットカード のどれか のとき、止める"
    )
    today = clock.today()
    period = {"first_on": str(today - timedelta(days=30)), "last_on": str(today)}
    assert sato.post(page("check_test", rule), period).status_code == 302
    assert "順番待ち" in sato.get(page("check_rule", rule)).content.decode()
    long_jobs.run(LongJob.objects.latest("pk").pk)
    shown = sato.get(page("check_rule", rule)).content.decode()
    assert "<strong>1 件</strong></a>を止めていました" in shown and "この内容で使いはじめる" in shown
    hits = sato.get(page("check_hits", rule)).content.decode()
    assert "¥3,240の注文です" in hits
    test = rule.draft.backtests.get()
    sato.post(page("check_live", rule), {"version": rule.draft_id, "backtest": test.pk})
    (hold,) = place(draft("A-2", ("TEA-001", 3, 1080), buyer=somebody("B"))).holds.all()
    assert (hold.title, hold.reason) == ("高い代引", "¥3,240の注文です")
    assert "高い代引" in sato.get(reverse("orders:list") + f"?f.rule={rule.code}").content.decode()
    preview = sato.get(page("check_apply", rule)).content.decode()
    assert "1 件（¥3,240）" in preview
    sato.post(page("check_apply", rule), {"version": CheckRule.objects.get(pk=rule.pk).live_id})
    long_jobs.run(LongJob.objects.latest("pk").pk)
    assert sato.post(page("check_off", rule)).status_code == 302
    assert CheckRule.objects.get(pk=rule.pk).live is None


def test_the_rows_change_without_being_saved_with_a_script_and_without(sato: Client) -> None:
    before = CheckRule.objects.count()
    swapped = sato.post(page("check_compose"), {**FORM, "do": "group:0"}).content.decode()
    assert 'hx-swap-oob="true"' in swapped and 'name="c.0.2.1.subject"' in swapped
    whole = sato.post(page("check_new"), {**FORM, "do": "drop:0.1"})
    assert whole.status_code == 200 and 'value="高い代引"' in whole.content.decode()
    assert 'name="c.0.1.subject"' not in whole.content.decode()
    assert CheckRule.objects.count() == before


def test_bad_input_is_told_beside_its_row_and_nothing_is_lost(sato: Client) -> None:
    wrong = {**FORM, "c.0.0.value": "たくさん", "reason": "【おなまえ】の注文"}
    answer = sato.post(page("check_new"), wrong)
    text = answer.content.decode()
    assert answer.status_code == 422 and "「請求金額」の数を半角または全角の数字で入れてください。" in text
    assert 'value="たくさん"' in text and "【おなまえ】は使えません" in text
    for nonsense in (
        {},
        {"c.0.0.subject": "x"},
        {"c.0.0.0.0.0.0.subject": "total"},
        {**FORM, "c.0.0.subject": "\0"},
    ):
        assert sato.post(page("check_new"), nonsense).status_code == 422
        assert sato.post(page("check_compose"), nonsense).status_code == 200
    assert not CheckRule.objects.filter(name="高い代引").exists()


def test_a_period_turned_round_or_empty_is_refused_on_the_page(sato: Client) -> None:
    sato.post(page("check_new"), FORM)
    rule = CheckRule.objects.get(name="高い代引")
    turned = sato.post(page("check_test", rule), {"first_on": "2026-05-02", "last_on": "2026-05-01"})
    assert turned.status_code == 422 and "はじめと同じ日か後の日" in turned.content.decode()
    empty = sato.post(page("check_test", rule), {"first_on": "2020-05-01", "last_on": "2020-05-02"})
    assert empty.status_code == 422 and "受注はありません" in empty.content.decode()


@pytest.mark.parametrize(
    "name", ["check_test", "check_live", "check_off", "check_drop", "check_edit", "check_apply"]
)
def test_only_the_order_desk_and_the_manager_may_change_rules(client: Client, name: str) -> None:
    rule = CheckRule.objects.get(code="high_amount")
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    assert client.post(page(name, rule)).status_code == 403
    assert client.get(page("check_rule", rule)).status_code == 200
    client.force_login(cast.staff("部外者"), backend="akinai.staff.backends.StaffBackend")
    assert client.get(page("check_rule", rule)).status_code == 403
    assert CheckRule.objects.get(code="high_amount").live_id == rule.live_id


def test_the_version_that_held_an_order_can_still_be_read(sato: Client) -> None:
    rule = CheckRule.objects.get(code="high_amount")
    shown = sato.get(reverse("orders:check_version", args=[rule.code, 1]))
    assert "請求金額が 50,000円以上 のとき、止める" in shown.content.decode()
