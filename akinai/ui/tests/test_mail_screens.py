"""The outbox and the texts of mails, as the browser asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from akinai.core import mail, mail_texts
from akinai.core.errors import DomainError
from akinai.core.models import MailText, OutgoingMail
from akinai.shipping.mail_texts import SHIPPED
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
CODE = SHIPPED.code


@pytest.fixture
def ito(client: Client) -> Any:
    """伊藤 (店長), logged in."""
    person = factories.staff("ito")
    person.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["core", "party"]))
    client.force_login(person)
    return person


def queued(key: str = "shipped:SH-2026-000001", **fields: Any) -> OutgoingMail:
    content = {"to": "hanako@example.com", "subject": "発送しました", "body": "本文 <b>です</b>\n", **fields}
    return mail.enqueue(key=key, **content)


def failed(key: str = "shipped:SH-2026-000001") -> OutgoingMail:
    one = queued(key)
    OutgoingMail.objects.filter(pk=one.pk).update(state="failed", last_error="550 no such user")
    return one


def text(response: Any) -> str:
    return response.content.decode()


def test_what_failed_is_listed_with_its_reason_and_sent_again_to_another_address(
    client: Client, ito: Any
) -> None:
    one, other = failed(), queued("paper:INV-2026-000001:1", subject="見えないはずの件名")
    shown = text(client.get(reverse("mail:list") + "?tab=failed"))
    assert "550 no such user" in shown and "出荷のお知らせ" in shown and other.subject not in shown
    page = text(client.get(reverse("mail:detail", args=[one.pk])))
    assert "送れませんでした" in page and "本文 &lt;b&gt;です&lt;/b&gt;" in page
    refused = client.post(reverse("mail:again", args=[one.pk]), {"to": "a@b\nBcc: c@example.com"})
    assert refused.status_code == 302 and OutgoingMail.objects.get(pk=one.pk).state == "failed"
    client.post(reverse("mail:again", args=[one.pk]), {"to": "new@example.com"})
    mail.send_due()
    assert "new@example.com" in [message.to[0] for message in outbox.outbox]


def test_many_are_sent_again_or_cancelled_from_the_list(client: Client, ito: Any) -> None:
    ones = [failed(f"shipped:SH-2026-00000{at}") for at in range(3)]
    ids = [one.pk for one in ones]
    client.post(reverse("mail:list"), {"action": "again", "pk": ids[:2], "go": "1"})
    client.post(reverse("mail:list"), {"action": "cancel", "pk": ids[2:], "go": "1"})
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == [
        "queued", "queued", "cancelled",
    ]  # fmt: skip


def test_an_attachment_is_given_out_only_from_the_shops_files(
    client: Client, ito: Any, tmp_path: Path, settings: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    inside, outside = tmp_path / "files" / "a.pdf", tmp_path / "secret_key"
    inside.parent.mkdir()
    inside.write_bytes(b"%PDF")
    outside.write_bytes(b"secret")
    one = queued(attachments=[("a.pdf", inside), ("b.pdf", outside)])
    given = client.get(reverse("mail:attachment", args=[one.pk, 0]))
    assert b"".join(given.streaming_content) == b"%PDF"
    for at in (1, 2):
        assert client.get(reverse("mail:attachment", args=[one.pk, at])).status_code == 404


def test_a_text_is_rewritten_seen_with_samples_and_put_back(client: Client, ito: Any) -> None:
    url = reverse("mail:text", args=[CODE])
    assert "茶と器 みほん" in text(client.get(url))
    new = {
        "subject": "{店舗名}より発送のお知らせ",
        "body": "{お名前}\n\n発送しました。\n■ お届け希望日　{お届け希望}\n",
    }
    seen = text(client.post(url, new | {"preview": "1"}))
    assert "茶と器 みほんより発送のお知らせ" in seen and not MailText.objects.exists()
    client.post(url, new)
    assert mail_texts.compose(CODE, {"店舗名": "みほん", "お名前": "山田 様", "お届け希望": ""}) == (
        "みほんより発送のお知らせ", "山田 様\n\n発送しました。\n",
    )  # fmt: skip
    assert "書き換え済" in text(client.get(reverse("mail:texts")))
    client.post(reverse("mail:reset", args=[CODE]))
    assert mail_texts.compose(CODE, SHIPPED.samples)[0].startswith("【茶と器 みほん】商品を発送しました")


def test_an_unknown_placeholder_is_refused_by_its_name(client: Client, ito: Any) -> None:
    answer = client.post(reverse("mail:text", args=[CODE]), {"subject": "件名", "body": "{配送料}です"})
    assert answer.status_code == 422 and "「{配送料}」という差し込みはありません" in text(answer)
    with pytest.raises(DomainError, match="配送料"):
        mail_texts.save(CODE, subject="件名", body="{配送料}です", by=None)
    with pytest.raises(DomainError, match="件名（1 行）"):
        mail_texts.save(CODE, subject="件名\nBcc: x", body="本文", by=None)


def test_what_customers_write_is_never_taken_for_a_placeholder() -> None:
    values = SHIPPED.samples | {"お名前": "{署名} 様", "商品一覧": "・{代引金額}\r\n"}
    subject, body = mail_texts.filled("{お名前}\n{注文番号}", "{お名前}\n{商品一覧}", values)
    assert (subject, body) == ("{署名} 様 123456-20261124-0001", "{署名} 様\n・{代引金額}\n")


def test_lines_without_anything_to_say_are_left_out_and_free_lines_stay() -> None:
    _, body = mail_texts.filled(
        "x", "前\n■ 代引　{代引金額}（配達員に）\n\n\n\n{送り状}\n後", {"代引金額": "", "送り状": ""}
    )
    assert body == "前\n\n後\n"


@pytest.mark.parametrize("name", ["mail:list", "mail:texts"])
def test_others_do_not_see_the_mails(client: Client, name: str) -> None:
    client.force_login(factories.staff("stranger"))
    one = queued()
    assert client.get(reverse(name)).status_code == 403
    assert client.get(reverse("mail:detail", args=[one.pk])).status_code == 403
    assert client.post(reverse("mail:cancel", args=[one.pk])).status_code == 403
    one.refresh_from_db()
    assert one.state == "queued"
