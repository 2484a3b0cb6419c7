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
from akinai.support.models import Complaint, Ticket
from tests import cast
from tests.browser.conftest import Open
from tests.samples import sample

pytestmark = pytest.mark.django_db(transaction=True)
HANAKO = replace(cast.AOKI, name="山田 花子", kana="ヤマダ ハナコ", email="hanako@example.jp")
# A letter that nobody here wrote: ISO-2022-JP in seven bits, without a Message-ID, and not a word of an order.
REAL, ITS_SENDER, ITS_WORDS = (
    "mail/multi_charset__japanese_iso_2022.eml",
    "raasdnil@gmail.com",
    "すみません。",
)
PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def sold_to(address: str) -> Order:
    """One cup of two sold, shipped and invoiced."""
    cast.company()
    cast.sku("CUP-1", pieces=2)
    buyer = replace(HANAKO, email=address)
    made = cast.place(cast.draft("R-1", ("CUP-1", 1, 2200), buyer=buyer, ship_to=buyer))
    shipment = shipping.instruct([made.pk], ship_on=clock.today(), by=None).shipments.get()
    shipping.ship([shipment.pk], by=None)
    billing.issue_what_can_be([made.pk], by=None)
    support.take_usual(by=cast.staff("伊藤"))
    return made


def letter(order: Order) -> bytes:
    """The letter as her mail program wrote it: ISO-2022-JP, with a photo."""
    mail = EmailMessage()
    mail["From"] = "山田 花子 <hanako@example.jp>"
    mail["To"] = "shop@example.jp"
    mail["Subject"] = "湯のみが欠けていました"
    mail["Message-ID"] = "<cup-1@example.jp>"
    text = f"注文番号 {order.number} の湯のみが欠けていました。\n返品して、返金していただけますか。\n\n山田"
    mail.set_content(text, charset="iso-2022-jp")
    mail.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename="写真.jpg")
    return bytes(mail)


def confirm(page: Page) -> None:
    """Say yes to the dialog."""
    page.locator("dialog[open]").get_by_role("button").last.click()


def back(page: Page) -> None:
    """By the way back to the ticket."""
    page.get_by_role("navigation", name="戻り道").get_by_role("link").click()


def record(page: Page) -> None:
    """クレームにする: what happened, why, and what she wants."""
    page.get_by_role("link", name="クレームにする").click()
    page.get_by_text("中", exact=True).click()
    page.locator("[name=cause]").select_option(index=1)
    page.locator("[name=side]").select_option("warehouse")
    page.locator("[name=facts]").fill("届いた湯のみが欠けていた。箱に傷はない。")
    page.locator("[name=wish]").fill("返品と返金")
    page.get_by_role("button", name="クレームとして記録する").click()
    expect(page.get_by_role("heading", name="決着までに要ること")).to_be_visible()
    page.get_by_role("link", name=re.compile("^TK-")).first.click()


def settle(page: Page) -> None:
    """決着: he says sorry by telephone and writes how it ended."""
    page.get_by_role("link", name=re.compile("^CL-")).first.click()
    page.get_by_role("button", name="でお詫びした").click()
    page.get_by_role("button", name="事実確認を始める").click()
    page.get_by_role("link", name="内容を書く").click()
    page.locator("[name=outcome]").fill("返品と返金で、ご納得いただいた。")
    page.get_by_role("button", name="保存").first.click()
    page.get_by_role("button", name="決着にする").click()
    expect(page.locator("main")).to_contain_text("決着")
    page.get_by_role("link", name=re.compile("^TK-")).first.click()


@pytest.mark.parametrize("is_real", [False, True], ids=["with a photo and the number", "a real one"])
def test_a_complaint_goes_from_its_letter_to_the_money_the_stock_and_the_end(
    is_real: bool, open_as: Open, tmp_path: Path
) -> None:
    written = sample(REAL) if is_real else b""
    order = sold_to(ITS_SENDER if is_real else HANAKO.email)
    path = tmp_path / "complaint.eml"
    path.write_bytes(written or letter(order))
    call_command("mail_in", str(path))
    ticket = Ticket.objects.get()
    where = f"/office/support/tickets/{ticket.number}/"

    kato = open_as("加藤", where)  # サポート reads, and sees the photo and whose order it is
    expect(kato.locator(".said").first).to_contain_text(ITS_WORDS if is_real else "湯のみが欠けていました")
    if not is_real:
        expect(kato.get_by_role("link", name="写真.jpg")).to_be_visible()
    suzuki = open_as("鈴木", f"/office/orders/{order.number}/")
    ito = open_as("伊藤", where)  # a colleague opens the same ticket and is warned
    expect(ito.locator("[data-here]")).to_contain_text("加藤 さんがこの画面を開いています")

    if is_real:  # she names no order, so he asks her and picks it
        kato.get_by_role("button", name=f"{order.number} を結び付ける").click()
    record(kato)
    ways = kato.locator("#ways")
    ways.get_by_role("link", name="返品・交換・再送を受け付ける").click()
    kato.locator("input.amount[name^=q]").fill("1")
    kato.get_by_role("button", name="返品を受け付ける").click()
    expect(kato.locator("h1")).to_contain_text("RT-")
    back(kato)
    expect(kato.locator('.said[data-direction="act"]').last).to_contain_text("返品")

    kato.locator("select[name=letter]").select_option(label="返品の受付")
    expect(kato.locator("[name=text]")).to_have_value(re.compile(rf"{order.number} の返品を承りました"))
    kato.get_by_role("button", name="確かめる").click()
    expect(kato.locator("#letter-shown")).to_contain_text("この内容で送信できます")
    kato.get_by_role("button", name="送信する").click()
    expect(kato.locator('.said[data-direction="out"]')).to_contain_text("返品番号 RT-")
    sent = OutgoingMail.objects.get(key__startswith="ticket:")
    assert (sent.to, f"[{ticket.number}]" in sent.subject) == (ITS_SENDER if is_real else HANAKO.email, True)

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
    settle(kato)
    assert Complaint.objects.get().state == "settled"
    kato.get_by_role("button", name="解決にする").click()
    kato.get_by_role("button", name="完了にする").click()
    expect(kato.locator("h1")).to_contain_text("完了")
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert [found.name for found in proofs.run_all() if found.broken] == []
