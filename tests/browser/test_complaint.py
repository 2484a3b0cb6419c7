"""クレームの一通 in a real browser: a letter with a photo, the answer, the cup that comes back, the money, and the end of the matter."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from akinai.billing import services as billing
from akinai.billing.models import CreditNote
from akinai.core import clock, proofs
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase
from akinai.support import services as support
from akinai.support.models import Ticket
from tests import cast
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
HANAKO = replace(cast.AOKI, name="山田 花子", kana="ヤマダ ハナコ", email="hanako@example.jp")
PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


@pytest.fixture
def order() -> Order:
    """One cup of two sold, shipped and invoiced."""
    cast.company()
    cast.sku("CUP-1", pieces=2)
    made = cast.place(cast.draft("R-1", ("CUP-1", 1, 2200), buyer=HANAKO, ship_to=HANAKO))
    shipment = shipping.instruct([made.pk], ship_on=clock.today(), by=None).shipments.get()
    shipping.ship([shipment.pk], by=None)
    billing.issue_what_can_be([made.pk], by=None)
    support.take_usual(by=cast.staff("伊藤"))
    return made


def letter(order: Order, path: Path) -> Path:
    """The letter as her mail program wrote it: ISO-2022-JP, with a photo."""
    mail = EmailMessage()
    mail["From"] = "山田 花子 <hanako@example.jp>"
    mail["To"] = "shop@example.jp"
    mail["Subject"] = "湯のみが欠けていました"
    mail["Message-ID"] = "<cup-1@example.jp>"
    text = f"注文番号 {order.number} の湯のみが欠けていました。\n返品して、返金していただけますか。\n\n山田"
    mail.set_content(text, charset="iso-2022-jp")
    mail.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename="写真.jpg")
    path.write_bytes(bytes(mail))
    return path


def confirm(page: Page) -> None:
    """Say yes to the dialog."""
    page.locator("dialog[open]").get_by_role("button").last.click()


def back(page: Page) -> None:
    """By the way back to the ticket."""
    page.get_by_role("navigation", name="戻り道").get_by_role("link").click()


def test_a_complaint_goes_from_its_letter_to_the_money_the_stock_and_the_end(
    order: Order, open_as: Open, tmp_path: Path
) -> None:
    call_command("mail_in", str(letter(order, tmp_path / "complaint.eml")))
    ticket = Ticket.objects.get()
    where = f"/office/support/tickets/{ticket.number}/"

    kato = open_as("加藤", where)  # サポート reads, and sees the photo and whose order it is
    expect(kato.locator(".said").first).to_contain_text("湯のみが欠けていました")
    expect(kato.get_by_role("link", name="写真.jpg")).to_be_visible()
    suzuki = open_as("鈴木", f"/office/orders/{order.number}/")
    ito = open_as("伊藤", where)  # a colleague opens the same ticket and is warned
    expect(ito.locator("[data-here]")).to_contain_text("加藤 さんがこの画面を開いています")

    ways = kato.locator("#ways")
    ways.get_by_role("link", name="返品・交換・再送を受け付ける").click()
    kato.locator("input.amount[name^=q]").fill("1")
    kato.get_by_role("button", name="返品を受け付ける").click()
    expect(kato.locator("h1")).to_contain_text("RT-")
    back(kato)
    expect(kato.locator('.said[data-direction="act"]')).to_contain_text("返品")

    kato.locator("select[name=letter]").select_option(label="返品の受付")
    expect(kato.locator("[name=text]")).to_have_value(re.compile(rf"{order.number} の返品を承りました"))
    kato.get_by_role("button", name="確かめる").click()
    expect(kato.locator("#letter-shown")).to_contain_text("この内容で送信できます")
    kato.get_by_role("button", name="送信する").click()
    expect(kato.locator('.said[data-direction="out"]')).to_contain_text("返品番号 RT-")
    sent = OutgoingMail.objects.get(key__startswith="ticket:")
    assert (sent.to, f"[{ticket.number}]" in sent.subject) == ("hanako@example.jp", True)

    number = ReturnCase.objects.get().number
    takahashi = open_as("高橋", f"/office/returns/{number}/")  # 倉庫: the cup is there, and whole
    takahashi.get_by_role("button", name="到着を登録").click()
    takahashi.get_by_role("link", name="検品する").click()
    takahashi.get_by_role("button", name="検品").last.click()
    expect(takahashi.locator("h1")).to_contain_text("検品済")

    suzuki.goto(
        suzuki.url.split("/office/")[0] + f"/office/returns/{number}/settle/"
    )  # 経理: money, paper and stock at once
    suzuki.locator("[name=refund_way]").select_option("channel")
    suzuki.get_by_role("button", name="精算する").click()
    expect(suzuki.locator("h1")).to_contain_text("完了")
    assert cast.level(order.lines.get().sku_id or 0) == (2, 0)
    case = ReturnCase.objects.get()
    assert (case.given_back_yen, case.refunded_yen) == (2200, 2200)
    assert CreditNote.objects.get().number == case.credit_note_no

    kato.goto(kato.url)
    told = [
        text.split("\n")[-1]
        for text in kato.locator('.said[data-direction="act"] .said-text').all_inner_texts()
    ]
    assert [word for word in ("受付", "到着", "検品", "精算") if not any(word in one for one in told)] == []
    kato.get_by_role("button", name="解決にする").click()
    kato.get_by_role("button", name="完了にする").click()
    expect(kato.locator("h1")).to_contain_text("完了")
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert [found.name for found in proofs.run_all() if found.broken] == []
