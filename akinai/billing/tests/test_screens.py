"""Screens of billing, as the browser asks for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from akinai.billing import services
from akinai.billing.models import CreditNote, Invoice
from akinai.core import paper_store as store
from akinai.core.models import OutgoingMail
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipped_order

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def suzuki(client: Client) -> Any:
    """鈴木 (経理), logged in."""
    factories.company()
    person = factories.staff("suzuki")
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=["billing", "orders", "party"])
    )
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return response.content.decode()


def issued(*lines: Any, **fields: Any) -> Invoice:
    return services.issue([shipped_order(*lines, **fields).pk], issued_on=DAY, by=None)[0]


def test_shipped_orders_are_invoiced_from_the_list_and_the_rest_is_told(client: Client, suzuki: Any) -> None:
    good, bad = shipped_order(), shipped_order(amounts_known=False)
    url = reverse("billing:to_invoice")
    assert good.number in text(client.get(url))
    alone = text(client.get(url, {"q": good.number}))
    assert [reverse("orders:detail", args=[one.number]) in alone for one in (good, bad)] == [True, False]
    done = client.post(
        url, {"action": "issue", "pk": [good.pk, bad.pk], "go": "1", "issued_on": "2026-11-24"}, follow=True
    )
    assert f"発行 1 件。1 件はできませんでした（{bad.number}: 金額の分からない受注です" in text(done)
    invoice = Invoice.objects.get()
    assert (invoice.order, invoice.issued_by) == (good, suzuki)


def test_the_page_shows_the_paper_and_gives_the_file_as_issued(client: Client, suzuki: Any) -> None:
    invoice = issued(line(3_300, name="南部鉄器"), line(1_080, rate=8, name="ほうじ茶"))
    page = text(client.get(reverse("billing:detail", args=[invoice.number])))
    assert "南部鉄器" in page and "ほうじ茶 ※" in page and "発行時のまま" in page
    pdf = client.get(reverse("billing:pdf", args=[invoice.number]))
    assert pdf.content == store.read(invoice.pdf_sha256) and pdf["Content-Disposition"].startswith("inline")
    assert client.get(reverse("billing:pdf", args=[invoice.number]) + "?download")[
        "Content-Disposition"
    ].startswith("attachment")
    assert client.get(reverse("billing:detail", args=["INV-2026-999999"])).status_code == 404


def test_day_amount_and_partner_are_searched_together_and_by_range(client: Client, suzuki: Any) -> None:
    small, large = issued(line(1_100), buyer_name="佐藤 一"), issued(line(50_000), buyer_name="佐藤 二")
    other = issued(line(50_000), buyer_name="鈴木 三")
    found = text(
        client.get(
            reverse("billing:list"),
            {"f.transaction": "2026-11-01~2026-11-30", "f.total": "10000~", "f.partner": "佐藤"},
        )
    )
    assert large.number in found and small.number not in found and other.number not in found
    assert small.number not in text(client.get(reverse("billing:list"), {"f.transaction": "~2026-11-21"}))
    assert other.number in text(client.get(reverse("billing:list"), {"q": "鈴木"}))


def test_invoices_are_sent_in_bulk_and_one_by_one(client: Client, suzuki: Any) -> None:
    one, two = issued(), issued(buyer_email="")
    done = client.post(reverse("billing:list"), {"action": "send", "pk": [one.pk, two.pk]}, follow=True)
    assert "送信待ちに入れた 1 件。" in text(
        done
    ) and f"{two.number} の送り先のメールアドレスがありません" in text(done)
    client.post(reverse("billing:send", args=[two.number]), {"to": "keiri@example.jp"})
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [
        "hanako@example.com",
        "keiri@example.jp",
    ]
    client.post(reverse("billing:printed", args=[two.number]))
    assert "同梱・印刷" in text(client.get(reverse("billing:detail", args=[two.number])))


def test_a_credit_note_is_looked_at_before_it_is_issued(client: Client, suzuki: Any) -> None:
    invoice = issued(line(3_300, quantity=2, name="南部鉄器"), discount_yen=600)
    url = reverse("billing:credit", args=[invoice.number])
    assert "¥6,000" in text(client.get(url))
    empty = client.post(url, {"reason": "返品", "returned_on": "2026-11-24", "preview": "1"})
    assert empty.status_code == 422 and "返還する明細の数量か金額を入力してください" in text(empty)
    much = client.post(
        url, {"reason": "返品", "returned_on": "2026-11-24", "a1": "６，００１", "preview": "1"}
    )
    assert much.status_code == 422 and "返還できる残り ¥6,000 を超えています" in text(much)
    asked = {"reason": "破損のため返品", "returned_on": "2026-11-24", "q1": "1"}
    looked = text(client.post(url, {**asked, "preview": "1"}))
    assert "¥272" in looked and "¥3,000" in looked and not CreditNote.objects.exists()
    done = client.post(url, {**asked, "issue": "1"}, follow=True)
    note = CreditNote.objects.get()
    assert (note.total_yen, note.tax_yen, note.issued_by) == (3_000, 272, suzuki) and note.number in text(
        done
    )
    assert client.get(reverse("billing:credit_note_pdf", args=[note.number])).content[:5] == b"%PDF-"


def test_the_whole_rest_is_given_back_by_one_tick(client: Client, suzuki: Any) -> None:
    invoice = issued()
    url = reverse("billing:credit", args=[invoice.number])
    fields = {"everything": "on", "reason": "出荷の取消", "returned_on": "2026-11-24"}
    assert "返還請求書の内容" in text(client.post(url, {**fields, "preview": "1"}))
    client.post(url, {**fields, "issue": "1"})
    assert factories.model("billing.CreditNote").objects.get().total_yen == invoice.total_yen
    refused = client.post(url, {**fields, "issue": "1"})
    assert refused.status_code == 422 and "返還する金額がありません" in text(refused)


def test_the_name_on_an_invoice_is_corrected_by_a_new_one(client: Client, suzuki: Any) -> None:
    invoice = issued()
    url = reverse("billing:replace", args=[invoice.number])
    assert "発行した請求書は書き換えません" in text(client.get(url))
    client.post(
        url, {"recipient_name": "株式会社山田商店 御中", "recipient_address": "", "reason": "宛名を会社名に"}
    )
    new = Invoice.objects.get(replaces=invoice)
    assert new.recipient_name == "株式会社山田商店 御中"
    assert new.number in text(client.get(reverse("billing:detail", args=[invoice.number])))


def test_an_outsider_sees_and_changes_nothing(client: Client) -> None:
    factories.company()
    invoice = issued()
    order = shipped_order()
    client.force_login(factories.staff("stranger"))
    pages = ["list", "to_invoice", "credit_notes"]
    named = ["detail", "pdf", "credit", "replace"]
    assert {client.get(reverse(f"billing:{name}")).status_code for name in pages} == {403}
    assert {client.get(reverse(f"billing:{name}", args=[invoice.number])).status_code for name in named} == {
        403
    }
    acts = [
        reverse("billing:issue", args=[order.number]),
        *(reverse(f"billing:{n}", args=[invoice.number]) for n in ("send", "printed", "credit", "replace")),
    ]
    assert {client.post(act).status_code for act in acts} == {403}
    assert Invoice.objects.count() == 1 and not OutgoingMail.objects.exists()
