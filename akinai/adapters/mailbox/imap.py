"""受信 (IMAP): new mails of one folder, oldest first, as they lie on the server. Nothing is changed there unless told.

    for position, raw in fetch_new(account, since):
        take it in and keep `position` in one transaction

`Position` is UIDVALIDITY and the last UID: with it the next call goes on where this one ended; when the server numbered the
folder anew, all mails come once more, and the digest of `read_mail` tells the known ones. A mail is marked or moved (`after`)
only when the next one is asked for: the caller has it by then. A line that breaks is opened again from where it was.

The connection is imap-tools'. Its `fetch` would write the mail anew, and its `flag` and `move` expunge what others marked as
deleted, so bytes and marks go through the client below it.
"""

from __future__ import annotations

import imaplib
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxStarttlsError,
)
from imap_tools.utils import encode_folder

from akinai.adapters.mailbox.mail import MOST_BYTES
from akinai.core.errors import DomainError

TIMEOUT = 30
BATCH = 100  # sizes asked for at once; the mails themselves come one by one
WAITS = (1, 3, 9)  # seconds before a broken line is opened again
BROKEN = (imaplib.IMAP4.abort, ConnectionError, TimeoutError, ssl.SSLEOFError, EOFError)


class Security(StrEnum):
    """通信の保護."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"  # on this machine only


class After(StrEnum):
    """読んだあと: what becomes of a mail on the server."""

    LEAVE = "leave"
    SEEN = "seen"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Account:
    """受信の設定. The password is not shown in any repr."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    security: Security = Security.TLS
    after: After = After.LEAVE
    move_to: str = ""
    timeout: float = TIMEOUT
    trust: ssl.SSLContext | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading stands: all mails up to `last_uid` of this numbering are known."""

    uid_validity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """接続の確認: the folder's mails, where its end is, and the folders there are."""

    mails: int
    newest: Position
    folders: tuple[str, ...]


class MailSourceError(DomainError):
    """受信の失敗: in Japanese, with the way out. `is_passing`: trying later may help, nothing needs to be changed."""

    code = "mail_source"

    def __init__(self, message: str, *, way_out: str, code: str, is_passing: bool = False) -> None:
        super().__init__(message, way_out=way_out, code=code)
        self.is_passing = is_passing


def look(account: Account) -> Look:
    """Log in and look, for the settings' screen and for "only what comes from now on". Raises MailSourceError."""
    with _Line(account) as line:
        validity, following, mails = line.open_folder(readonly=True)
        folders = tuple(folder.name for folder in line.box.folder.list())
        return Look(mails, Position(validity, following - 1), folders)


def fetch_new(
    account: Account, since: Position, *, most: int = 500, wait: Callable[[float], None] = time.sleep
) -> Iterator[tuple[Position, bytes]]:
    """(position after it, bytes) of each mail after `since`, oldest first, at most `most`. Raises MailSourceError.

    Of a mail over the limit only so much comes that `read_mail` refuses it; it stays where it is, whatever `after` says.
    """
    position, left, tries = since, most, 0
    while left > 0:
        try:
            with _Line(account) as line:
                for reached, raw in _through(line, account, position, left):
                    position, left, tries = reached, left - 1, 0
                    yield reached, raw
            return
        except MailSourceError as error:
            if not error.is_passing or tries >= len(WAITS):
                raise
        except BROKEN as error:
            if tries >= len(WAITS):
                raise _unreachable(account, error)
        wait(WAITS[tries])
        tries += 1


def _through(line: _Line, account: Account, since: Position, most: int) -> Iterator[tuple[Position, bytes]]:
    validity, _, _ = line.open_folder(readonly=account.after == After.LEAVE)
    known = since.last_uid if since.uid_validity == validity else 0
    # "n:*" always names the newest mail, also when it is older than n.
    uids = sorted(
        uid for text in line.box.uids(f"UID {known + 1}:*", charset=None) if (uid := int(text)) > known
    )
    for at in range(0, min(len(uids), most), BATCH):
        batch = uids[at : min(at + BATCH, most)]
        sizes = line.sizes(batch)
        for uid in batch:
            raw = line.raw(uid, sizes.get(uid, 0))
            if raw is None:
                continue  # somebody took it away meanwhile
            yield Position(validity, uid), raw
            if len(raw) <= MOST_BYTES:
                line.settle(uid)


class _Line:
    """One connection, logged in; every refusal of the server becomes a MailSourceError."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __enter__(self) -> _Line:
        self.box = _connected(self.account)
        try:
            self.box.login(self.account.user, self.account.password, initial_folder=None)
        except UnicodeEncodeError:  # IMAP4rev1 knows ASCII alone here
            raise MailSourceError(
                f"「{self.account.user}」のユーザー名かパスワードに、全角などの使えない文字が入っています。",
                way_out="半角の英数字と記号で入れ直してください。", code="login",
            ) from None  # fmt: skip
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, BROKEN):
                raise
            raise MailSourceError(
                f"メールサーバー {self.account.host} に「{self.account.user}」でログインできません。",
                way_out="ユーザー名とパスワード（アプリ用パスワード）を確かめてください。", code="login",
            )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None or kind is GeneratorExit:
                self.box.logout()
            else:
                self.box.client.shutdown()
        except (*BROKEN, OSError, imaplib.IMAP4.error, ImapToolsError):
            pass

    def open_folder(self, *, readonly: bool) -> tuple[int, int, int]:
        """(UIDVALIDITY, UIDNEXT, how many mails)."""
        folder = self.account.folder
        try:
            self.box.folder.set(folder, readonly=readonly)
        except (MailboxFolderSelectError, imaplib.IMAP4.error) as error:
            if isinstance(error, BROKEN):
                raise
            raise MailSourceError(
                f"メールサーバーにフォルダー「{folder}」がありません。",
                way_out="フォルダーの名前を確かめてください。", code="folder",
            )  # fmt: skip
        said = self.box.client.untagged_responses
        return _number(said, "UIDVALIDITY", 1), _number(said, "UIDNEXT", 1), _number(said, "EXISTS", 0)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for row in self._uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"):
            text = (row if isinstance(row, bytes) else row[0] if row else b"").decode("ascii", "replace")
            uid, size = re.search(r"UID (\d+)", text), re.search(r"RFC822\.SIZE (\d+)", text)
            if uid and size:
                found[int(uid[1])] = int(size[1])
        return found

    def raw(self, uid: int, size: int) -> bytes | None:
        """The very bytes, without marking the mail as read."""
        part = f"<0.{MOST_BYTES + 1}>" if size > MOST_BYTES else ""
        rows = self._uid("FETCH", str(uid), f"(UID BODY.PEEK[]{part})")
        return next((row[1] for row in rows if isinstance(row, tuple) and b"BODY[" in row[0].upper()), None)

    def settle(self, uid: int) -> None:
        """What `after` says for one mail that the caller has."""
        if self.account.after == After.SEEN:
            self._uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        elif self.account.after == After.MOVE:
            self._move(str(uid))

    def _move(self, uid: str) -> None:
        target = encode_folder(self.account.move_to).decode("ascii")
        if "MOVE" in self.box.client.capabilities:
            self._uid("MOVE", uid, target, about=self.account.move_to)
            return
        self._uid("COPY", uid, target, about=self.account.move_to)
        self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.box.client.capabilities:
            # Never a plain EXPUNGE: it would take away what other people marked.
            self._uid("EXPUNGE", uid)

    def _uid(self, command: str, *words: str, about: str = "") -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            state, rows = self.box.client.uid(command, *words)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            state, rows = "NO", [str(error).encode()]
        if state == "OK":
            return rows
        if about:
            raise MailSourceError(
                f"読んだメールを移すフォルダー「{about}」がメールサーバーにありません。",
                way_out="フォルダーを作るか、設定の「読んだあと」を変えてください。", code="move_to",
            )  # fmt: skip
        raise MailSourceError(
            f"メールサーバーが断りました（{command}）。", way_out="しばらくして、もう一度試してください。",
            code="refused", is_passing=True,
        )  # fmt: skip


def _number(said: Mapping[str, Sequence[object]], name: str, usual: int) -> int:
    rows = [row for row in said.get(name, []) if isinstance(row, bytes)]
    return int(rows[-1]) if rows and rows[-1].isdigit() else usual


def _connected(account: Account) -> BaseMailBox:
    """A connection that is protected as the settings say. Raises MailSourceError."""
    if account.security == Security.PLAIN and not _is_this_machine(account.host):
        raise MailSourceError(
            f"{account.host} へ暗号化せずに接続する設定です。パスワードが見えてしまうため、接続しません。",
            way_out="TLS か STARTTLS を選んでください。", code="plain",
        )  # fmt: skip
    trust = account.trust or ssl.create_default_context()
    try:
        if account.security == Security.PLAIN:
            return MailBoxUnencrypted(account.host, account.port, timeout=account.timeout)
        if account.security == Security.STARTTLS:
            return MailBoxStartTls(account.host, account.port, timeout=account.timeout, ssl_context=trust)
        return MailBox(account.host, account.port, timeout=account.timeout, ssl_context=trust)
    except ssl.SSLCertVerificationError as error:
        raise MailSourceError(
            f"メールサーバー {account.host} の証明書を確かめられません（{error.verify_message}）。",
            way_out="サーバー名が証明書の名前と合っているか、期限が切れていないか確かめてください。", code="certificate",
        )  # fmt: skip
    except (ssl.SSLError, MailboxStarttlsError, ValueError):
        raise MailSourceError(
            f"メールサーバー {account.host}:{account.port} と暗号化の約束ができません。",
            way_out="ポート番号と通信の保護（TLS は 993、STARTTLS は 143）を確かめてください。", code="tls",
        )  # fmt: skip
    except socket.gaierror:
        raise MailSourceError(
            f"メールサーバー「{account.host}」が見つかりません。", way_out="サーバー名を確かめてください。",
            code="host", is_passing=True,
        )  # fmt: skip
    except (OSError, imaplib.IMAP4.error) as error:
        raise _unreachable(account, error)


def _unreachable(account: Account, error: BaseException) -> MailSourceError:
    what = "時間内に答えません" if isinstance(error, TimeoutError) else "つながりません"
    return MailSourceError(
        f"メールサーバー {account.host}:{account.port} に{what}。",
        way_out="サーバー名とポート番号を確かめて、しばらくして、もう一度試してください。", code="unreachable", is_passing=True,
    )  # fmt: skip


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
