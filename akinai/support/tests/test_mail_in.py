"""Real mails, from the file to the ticket: none is lost, none stops the others."""

from __future__ import annotations

import json
import re
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count

from akinai.core import paper_store
from akinai.support.models import MailReceipt, Message, Ticket
from akinai.support.services.receiving import RAW
from config import cli

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "mail"
pytestmark = pytest.mark.django_db


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample mails are not here")
def test_every_real_mail_is_a_ticket_or_has_its_reason_and_its_bytes_are_kept() -> None:
    files = sorted(SAMPLES.glob("*.eml"))
    call_command("mail_in", *map(str, files), stdout=StringIO())
    call_command("mail_in", *map(str, files), stdout=StringIO())
    digests = {one.digest for one in MailReceipt.objects.all()}
    assert len(digests) == len({path.read_bytes() for path in files})
    for receipt in MailReceipt.objects.all():
        assert receipt.ticket or receipt.why
        assert paper_store.read(receipt.digest, RAW)
    many = Message.objects.exclude(message_id="").values("message_id").annotate(n=Count("pk")).filter(n__gt=1)
    assert not many
    counted = Counter(MailReceipt.objects.values_list("outcome", flat=True))
    assert counted["ticket"] == Ticket.objects.count()


def test_a_japanese_mail_becomes_a_ticket_with_its_words(tmp_path: Path) -> None:
    body = "① 株式会社㈱やまだ です。荷物が届きません。".encode("iso2022_jp_ext", errors="replace")
    head = (
        "From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>\r\nTo: shop@example.jp\r\nMessage-ID: <1@example.jp>\r\n"
        "Subject: =?UTF-8?B?6I2354mp44GM5bGK44GN44G+44Gb44KT?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n"
    )
    path = tmp_path / "a.eml"
    path.write_bytes(head.encode() + body)
    out = StringIO()
    call_command("mail_in", str(path), stdout=out)
    ticket = Ticket.objects.get()
    assert (ticket.contact_name, ticket.contact_mail, ticket.subject) == (
        "山田",
        "yamada@example.jp",
        "荷物が届きません",
    )
    assert "荷物が届きません" in ticket.messages.get().text
    assert ticket.messages.get().message_id == "<1@example.jp>"
    assert re.search(r"問い合わせ 1 通", out.getvalue())


def test_a_folder_of_mails_is_taken_in_and_a_wrong_name_takes_none(
    tmp_path: Path,
) -> None:
    for nth in range(2):
        head = f"From: a{nth}@example.jp\r\nTo: shop@example.jp\r\nSubject: x\r\nMessage-ID: <{nth}@example.jp>\r\n\r\n"
        (tmp_path / f"{nth}.eml").write_bytes(f"{head}荷物が届きません".encode())
    with pytest.raises(SystemExit):
        call_command("mail_in", str(tmp_path), str(tmp_path / "none.eml"), "--json", stdout=StringIO())
    assert MailReceipt.objects.count() == 0
    out = StringIO()
    call_command("mail_in", str(tmp_path), "--json", stdout=out)
    told = json.loads(out.getvalue().splitlines()[-1])
    assert (told["ok"], told["mails"], told["outcomes"]) == (True, 2, {"ticket": 2})
    assert cli.OPERATORS[-1] == "mail-in"
