"""消込 in a real browser: a bank's file comes in, sure money is posted, the rest is decided with single keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from akinai.payments.models import BankLineStatus, Payment
from akinai.payments.tests.factories import DAY, SUZUKI, YAMADA, again, balance, broken, cod, credit, transfer
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"


def told(page: Page) -> str:
    """The newest toast."""
    toast = page.locator(".toast").first
    expect(toast).to_be_visible()
    return toast.inner_text()


def test_a_morning_from_the_banks_file_to_an_empty_worklist(open_as: Open, tmp_path: Path) -> None:
    sure = transfer("P-1", 3240, YAMADA)
    family = transfer("P-2", 2160, SUZUKI)
    file = tmp_path / "meisai.csv"
    rows = '2026/11/24,振込１,ヤマダ　タロウ,,"3,240","1,003,240",,,入金\n2026/11/24,振込１,スズキ　ハナコ,,"2,160","1,005,400",,,入金\n'
    rows += '2026/11/24,振込１,カ）ラクテン,,"54,321","1,059,721",,,入金\n'
    file.write_bytes((HEAD + rows).encode("cp932"))

    page = open_as("鈴木", "/office/intake/new/bank/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.locator("#main")).to_contain_text("ヤマダ")
    page.get_by_role("button", name="取り込む").first.click()
    expect(page.locator("#main")).to_contain_text("明細 3 件を取り込みました")

    page.goto(page.url.split("/office/")[0] + "/office/bank/")
    page.get_by_role("button", name="自動消込を実行").click()
    assert "1 件（¥3,240）を消し込みました" in told(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("カ)ラクテン")
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page.locator("h1")).to_contain_text("スズキ ハナコ")
    page.wait_for_load_state()
    page.keyboard.press("1")
    expect(page.locator("h1")).to_contain_text("カ)ラクテン")
    page.locator(".ways summary", has_text="対象外にする").click()
    page.get_by_label("対象外のメモ").fill("楽天 11月分")
    page.locator(".ways button", has_text="対象外にする").click()
    expect(page.locator("h1")).to_have_text("入金・消込")
    assert [again(order).paid_yen for order in (sure, family)] == [3240, 2160]
    assert set(BankLineStatus.objects.values_list("state", flat=True)) == {"matched", "set_aside"}
    assert broken() == []


def test_orders_are_picked_by_hand_and_the_difference_runs_along(open_as: Open) -> None:
    first, second = transfer("P-1", 3000, YAMADA), transfer("P-2", 2000, YAMADA)
    line = credit(5500, "ｻﾄｳ ｶｲｹｲ")
    page = open_as("鈴木", f"/office/bank/{line.pk}/")
    page.locator("#hand-q").fill("やまだ")
    for order in (first, second):
        page.locator(".hand-found tr", has_text=order.number).get_by_role("button", name="選ぶ").click()
        expect(page.locator(".hand-picked")).to_contain_text(order.number)
    expect(page.locator("[data-rest]")).to_have_text("+500")
    page.get_by_label(f"{second.number} に充てる金額").fill("2,500")
    expect(page.locator("[data-taken]")).to_have_text("¥5,500")
    page.get_by_label(f"{second.number} に充てる金額").fill("3000")
    expect(page.locator("[data-match]")).to_be_disabled()
    page.get_by_label(f"{second.number} に充てる金額").fill("2000")
    page.locator("select[name=rest]").last.select_option("credit")
    page.locator("[data-match]").click()
    expect(page.locator("h1")).to_have_text("入金・消込")
    assert [again(order).paid_yen for order in (first, second)] == [3000, 2000]
    assert (balance(first), broken()) == (500, [])


def test_a_match_is_undone_with_its_reason(open_as: Open) -> None:
    order, line = transfer("P-1", 2160, YAMADA), credit(2160, "ﾔﾏﾀﾞ ﾀﾛｳ")
    from akinai.payments import services

    services.match_all(by=None)
    credit(777, "ｼﾗﾅｲ ﾋﾄ", on=DAY + timedelta(days=1))
    page = open_as("鈴木", f"/office/bank/{line.pk}/")
    page.locator(".undo summary").click()
    page.get_by_label("取り消す理由").fill("別の山田様")
    page.get_by_role("button", name="消込を取り消す").click()
    page.locator("dialog[open]").get_by_role("button", name="取り消す").click()
    expect(page.locator("#record")).to_contain_text("別の山田様")
    assert (again(order).paid_yen, again(line).state) == (0, "open")


def test_the_carriers_remittance_is_written_for_the_ticked_orders(open_as: Open) -> None:
    rows = [cod("R-1", 1000), cod("R-2", 2000)]
    page = open_as("鈴木", "/office/orders/?f.payment=cod")
    page.locator("[data-select-page]").check()
    page.get_by_role("button", name="入金を記録").click()
    page.get_by_label(f"{rows[0].number} の入金額").fill("900")
    expect(page.locator("[data-taken]")).to_have_text("¥2,900")
    page.locator("[name=total_yen]").fill("3,000")
    page.get_by_role("button", name="2 件の入金を記録する").click()
    expect(page.locator(".form")).to_contain_text("¥100 違います")
    page.get_by_label(f"{rows[0].number} の入金額").fill("1000")
    page.get_by_role("button", name="2 件の入金を記録する").click()
    expect(page.locator("h1")).to_have_text("入金一覧")
    assert list(Payment.objects.values_list("amount_yen", flat=True).order_by("id")) == [1000, 2000]
    page.goto(page.url.split("/office/")[0] + f"/office/orders/{rows[1].number}/")
    expect(page.locator("#payments")).to_contain_text("代引回収")
    page.locator("#payments .undo summary").click()
    page.locator("#payments").get_by_label("取り消す理由").fill("別の精算")
    page.locator("#payments .undo button").click()
    page.locator("dialog[open]").get_by_role("button", name="取り消す").click()
    expect(page.locator("#payments")).to_contain_text("取消済")
    assert again(rows[1]).paid_yen == 0
