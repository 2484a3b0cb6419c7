"""受信の番人: a box that changes while it is read, a place that never goes back, and settings that could lose a mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError

from akinai.core.errors import DomainError
from akinai.staff.models import Staff
from akinai.support import mail_forms, ports, services
from akinai.support.mail_forms import MailFilesForm, MailSourceForm
from akinai.support.models import MailReceipt, MailSource
from akinai.support.ports import Place
from akinai.support.services import mailboxes, polling

pytestmark = pytest.mark.django_db


class Door:
    """A server with two mails; `meanwhile` happens when the first is asked for."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], Any] = lambda: None
        self.places = [Place(1, 5), Place(1, 6)]

    def look(self, box: ports.Box) -> ports.Looked:
        raise DomainError("つながりません。")

    def fetch_new(self, box: ports.Box, since: Place) -> Iterator[tuple[Place, bytes]]:
        for place in self.places:
            self.meanwhile()
            yield place, f"From: a@example.jp\r\nMessage-ID: <{place.last_uid}@x>\r\n\r\nx".encode()

    def claim(self, folder: Path) -> Iterator[ports.Dropped]:
        return iter(())


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Door:
    settings.AKINAI_HOME = tmp_path
    made = Door()
    monkeypatch.setattr(ports, "_mailboxes", [made])
    return made


@pytest.fixture
def box(door: Door) -> MailSource:
    source = MailSource.objects.create(name="窓口", host="imap.example.jp", user="support")
    mailboxes._keep(source.pk, "words")
    return source


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"folder": "Archive"}, {"host": "other.example.jp"}]
)
def test_a_box_that_was_stopped_or_turned_elsewhere_is_read_no_further(
    door: Door, box: MailSource, change: dict[str, Any]
) -> None:
    taken = iter([None, lambda: MailSource.objects.update(**change)])

    def meanwhile() -> None:
        if act := next(taken):
            act()

    door.meanwhile = meanwhile
    assert services.poll_one(box) == 1
    assert (MailReceipt.objects.count(), MailSource.objects.get().last_uid) == (1, 5)


def test_a_paused_box_is_not_asked(door: Door, box: MailSource) -> None:
    MailSource.objects.update(is_active=False)
    door.meanwhile = lambda: pytest.fail("asked")
    assert services.poll() == 0


def test_the_place_never_goes_back_behind_another_poll(door: Door, box: MailSource) -> None:
    door.meanwhile = lambda: MailSource.objects.update(uid_validity=1, last_uid=9)
    assert services.poll_one(box) == 2
    assert MailSource.objects.get().last_uid == 9


def test_a_mail_whose_place_cannot_be_written_is_not_taken_either(door: Door, box: MailSource) -> None:
    door.places = [Place(1, 2**70)]
    with pytest.raises((DataError, OverflowError)):
        services.poll_one(box)
    assert not MailReceipt.objects.exists()


def test_nobody_else_reads_the_drop_folder_and_a_box_goes_on_only_when_it_opens(
    door: Door, box: MailSource, kato: Staff
) -> None:
    assert polling.drop_folder().stat().st_mode & 0o777 == 0o700
    mailboxes.pause(box, by=kato)
    with pytest.raises(DomainError, match="つながりません"):
        mailboxes.resume(box, by=kato)
    assert not MailSource.objects.get().is_active
    mailboxes._path(box.pk).unlink()
    with pytest.raises(DomainError, match="パスワードがありません"):
        mailboxes.password_of(box)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"host": "https://imap.example.jp/"}, "host", "サーバー名だけ"), ({"user": "太郎"}, "user", "半角"), ({"password": "あいことば"}, "password", "半角"),
        ({"port": "70000"}, "port", "65535"), ({"after": "move"}, "after_folder", "移す先"),
        ({"after": "move", "after_folder": "INBOX"}, "after_folder", "別のフォルダー"),
    ],
)  # fmt: skip
def test_settings_that_would_fail_later_are_refused_now(wrong: dict[str, str], field: str, said: str) -> None:
    usual = {"name": "x", "host": "imap.example.jp", "port": "993", "security": "tls", "user": "x", "password": "x", "folder": "INBOX", "after": "leave"}  # fmt: skip
    form = MailSourceForm(usual | wrong)
    assert said in str(form.errors.get(field))
    assert MailSourceForm(usual).is_valid()


def test_a_mail_file_over_the_limit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_forms, "MOST_BYTES", 3)
    form = MailFilesForm({}, {"uploads": [SimpleUploadedFile("a.eml", b"four")]})
    assert "「a.eml」は大きすぎます" in str(form.errors)
