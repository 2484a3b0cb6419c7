"""受信箱の設定: where mails are fetched from. The password lies in a file of the home that only its owner reads, and is never shown."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.support import ports
from akinai.support.models import MailSource

if TYPE_CHECKING:
    from akinai.staff.models import Staff

FOLDER = "secrets"


def box_of(source: MailSource, password: str = "") -> ports.Box:
    """The box to open, by the told password, else the kept one. Raises DomainError where there is none."""
    return ports.Box(
        host=source.host, port=source.port, security=source.security, user=source.user,
        password=password or password_of(source), folder=source.folder, after=source.after, move_to=source.after_folder,
    )  # fmt: skip


def try_connection(source: MailSource, password: str = "") -> ports.Looked:
    """接続を試す. Raises DomainError in words for the person at the settings."""
    return ports.mailboxes().look(box_of(source, password))


@transaction.atomic
def save(source: MailSource, *, password: str, anew: bool, by: Staff) -> MailSource:
    """受信箱の登録・変更. An active box is tried first, so that what is saved works.

    `anew`: another server, user or folder than before, so reading begins there from the start, or from its end (`only_new`).
    """
    if anew:
        source.uid_validity = source.last_uid = 0
    if source.is_active:
        _begin(source, password)
    is_new = source.pk is None
    source.save()
    if password:
        _keep(source.pk, password)
    activity.record(source, "create" if is_new else "change", by=by, summary=source.name)
    return source


def _begin(source: MailSource, password: str) -> None:
    """Log in; a box that was never read and wants only what is new begins after its newest mail."""
    seen = try_connection(source, password)
    if source.only_new and not source.uid_validity:
        source.uid_validity, source.last_uid = seen.newest.uid_validity, seen.newest.last_uid
    source.failures, source.last_error = 0, ""


@transaction.atomic
def pause(source: MailSource, *, by: Staff) -> None:
    """一時停止: nothing is fetched, the place is kept."""
    if MailSource.objects.filter(pk=source.pk, is_active=True).update(is_active=False):
        activity.record(source, "pause", by=by, summary=source.name)


@transaction.atomic
def resume(source: MailSource, *, by: Staff) -> None:
    """再開: goes on where it stood. Raises DomainError when the box cannot be opened."""
    held = MailSource.objects.select_for_update(no_key=True).get(pk=source.pk)
    if held.is_active:
        return
    _begin(held, "")
    held.is_active = True
    held.save()
    activity.record(held, "resume", by=by, summary=held.name)


@transaction.atomic
def remove(source: MailSource, *, by: Staff) -> None:
    """受信箱の削除. Its mails and tickets stay; the password goes."""
    pk = source.pk
    activity.record(source, "delete", by=by, summary=source.name)
    source.delete()
    transaction.on_commit(lambda: _path(pk).unlink(missing_ok=True))


def password_of(source: MailSource) -> str:
    """Raises DomainError when there is none, or others of the machine could read it."""
    path = _path(source.pk)
    if source.pk is None or not path.is_file():
        raise DomainError(
            f"受信箱「{source.name}」のパスワードがありません。", way_out="受信箱の設定で入れ直してください。"
        )
    if path.stat().st_mode & 0o077:
        raise DomainError(
            f"受信箱「{source.name}」のパスワードのファイルを、ほかの利用者も読めます。",
            way_out="受信箱の設定でパスワードを入れ直してください。",
        )
    return path.read_text(encoding="utf-8")


def has_password(source: MailSource) -> bool:
    return source.pk is not None and _path(source.pk).is_file()


def _path(pk: int | None) -> Path:
    return Path(settings.AKINAI_HOME) / FOLDER / f"mail_source_{pk}"


def _keep(pk: int, password: str) -> None:
    """Whole or not at all, and from its first byte readable by the owner only (mkstemp makes 0600)."""
    path = _path(pk)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
