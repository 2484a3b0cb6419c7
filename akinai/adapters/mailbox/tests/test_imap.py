"""受信 (IMAP) over real sockets: every mail once and byte for byte, the server left as it was, refusals in Japanese."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from akinai.adapters.mailbox import imap, read_mail
from akinai.adapters.mailbox.imap import Account, After, MailSourceError, Position, Security
from akinai.adapters.mailbox.mail import Code, Mail, Refusal
from akinai.adapters.mailbox.tests.letters import jis, mail
from tests.imap_server import Folder, ImapServer

USER, PASSWORD = "support@shop.example.com", 'pa"ss\\word'


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer({USER: PASSWORD}) as running:
        yield running


def account(server: ImapServer, **changes: object) -> Account:
    usual: dict[str, object] = {
        "host": "127.0.0.1", "port": server.port, "user": USER, "password": PASSWORD, "security": Security.PLAIN, "timeout": 5,
    }  # fmt: skip
    return Account(**(usual | changes))  # type: ignore[arg-type]


def letters(count: int) -> list[bytes]:
    return [mail(jis(f"{at}通目です①"), kind="text/plain; charset=iso-2022-jp") for at in range(1, count + 1)]


def test_new_mails_come_oldest_first_and_byte_for_byte(server: ImapServer) -> None:
    for raw in letters(3):
        server.add("INBOX", raw)
    got = list(imap.fetch_new(account(server), Position()))
    assert [raw for _, raw in got] == letters(3)
    assert [position for position, _ in got] == [Position(1, 1), Position(1, 2), Position(1, 3)]
    read = read_mail(got[2][1])
    assert isinstance(read, Mail)
    assert read.text == "3通目です①"


def test_nothing_comes_twice_and_nothing_changes_on_the_server(server: ImapServer) -> None:
    server.add("INBOX", letters(1)[0])
    ((position, _),) = imap.fetch_new(account(server), Position())
    assert list(imap.fetch_new(account(server), position)) == []
    server.add("INBOX", letters(2)[1])
    assert [raw for _, raw in imap.fetch_new(account(server), position)] == [letters(2)[1]]
    assert all(not kept.flags for kept in server.folders["INBOX"].mails)
    assert not {"SELECT", "UID STORE", "UID MOVE", "EXPUNGE", "UID EXPUNGE"} & set(server.commands)


def test_a_folder_numbered_anew_is_read_from_its_beginning(server: ImapServer) -> None:
    server.folders["INBOX"] = Folder(uid_validity=9)
    server.add("INBOX", letters(1)[0])
    got = list(imap.fetch_new(account(server), Position(8, 500)))
    assert [position for position, _ in got] == [Position(9, 1)]


def test_a_line_that_breaks_is_opened_again_and_no_mail_is_lost_or_doubled() -> None:
    waited: list[float] = []
    with ImapServer({USER: PASSWORD}, drop_after=3) as server:
        for raw in letters(5):
            server.add("INBOX", raw)
        got = list(imap.fetch_new(account(server), Position(), wait=waited.append))
    assert [raw for _, raw in got] == letters(5)
    assert waited == [1]


def test_a_mail_is_marked_only_when_the_next_one_is_asked_for(server: ImapServer) -> None:
    for raw in letters(2):
        server.add("INBOX", raw)
    coming = imap.fetch_new(account(server, after=After.SEEN), Position())
    next(coming)
    assert [kept.flags for kept in server.folders["INBOX"].mails] == [set(), set()]
    next(coming)
    assert [kept.flags for kept in server.folders["INBOX"].mails] == [{"\\Seen"}, set()]
    coming.close()
    assert [kept.flags for kept in server.folders["INBOX"].mails] == [{"\\Seen"}, set()]


@pytest.mark.parametrize("can_move", [True, False])
def test_moved_mails_lie_in_the_other_folder_and_others_marks_are_left_alone(can_move: bool) -> None:
    with ImapServer({USER: PASSWORD}, can_move=can_move) as server:
        server.folders["INBOX"].add(b"From: other@x.jp\r\n\r\nkeep me", {"\\Deleted"})
        for raw in letters(2):
            server.add("INBOX", raw)
        server.folders["Done"] = Folder()
        list(imap.fetch_new(account(server, after=After.MOVE, move_to="Done"), Position(1, 1)))
        assert [kept.raw for kept in server.folders["Done"].mails] == letters(2)
        assert [kept.raw for kept in server.folders["INBOX"].mails] == [b"From: other@x.jp\r\n\r\nkeep me"]


def test_a_missing_folder_to_move_to_stops_without_losing_the_mail(server: ImapServer) -> None:
    server.add("INBOX", letters(1)[0])
    coming = imap.fetch_new(account(server, after=After.MOVE, move_to="済"), Position())
    assert next(coming)[1] == letters(1)[0]
    with pytest.raises(MailSourceError, match="フォルダー「済」がメールサーバーにありません"):
        next(coming)
    assert len(server.folders["INBOX"].mails) == 1


def test_only_so_many_come_at_once(server: ImapServer) -> None:
    for raw in letters(5):
        server.add("INBOX", raw)
    got = list(imap.fetch_new(account(server), Position(), most=2))
    assert [position.last_uid for position, _ in got] == [1, 2]


def test_a_mail_over_the_limit_is_refused_and_stays(server: ImapServer) -> None:
    server.add("INBOX", mail("a" * (26 * 1024 * 1024)))
    ((_, raw),) = imap.fetch_new(account(server, after=After.SEEN), Position())
    got = read_mail(raw)
    assert isinstance(got, Refusal)
    assert (got.code, len(raw)) == (Code.TOO_LARGE, 25 * 1024 * 1024 + 1)
    assert server.folders["INBOX"].mails[0].flags == set()


def test_the_settings_screen_can_look_without_reading(server: ImapServer) -> None:
    server.add("INBOX", letters(1)[0])
    server.folders["Done"] = Folder()
    found = imap.look(account(server))
    assert (found.mails, found.newest, found.folders) == (1, Position(1, 1), ("INBOX", "Done"))
    assert list(imap.fetch_new(account(server), found.newest)) == []


def test_refusals_say_what_to_do(server: ImapServer) -> None:
    def code(**changes: object) -> tuple[str, bool]:
        with pytest.raises(MailSourceError) as refused:
            list(imap.fetch_new(account(server, **changes), Position(), wait=lambda _: None))
        assert PASSWORD not in str(refused.value)
        assert str(refused.value).endswith("。")
        return refused.value.code, refused.value.is_passing

    assert code(password="wrong") == ("login", False)
    assert code(folder="Nowhere") == ("folder", False)
    assert code(security=Security.TLS) == ("tls", False)
    assert code(port=1) == ("unreachable", True)
    assert code(host="192.0.2.1") == ("plain", False)
    assert PASSWORD not in repr(account(server))


def test_a_server_that_does_not_answer_is_left_after_the_timeout(server: ImapServer) -> None:
    server.is_silent = True
    with pytest.raises(MailSourceError, match="時間内に答えません"):
        imap.look(account(server, timeout=0.3))


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's context, one that trusts it) for a certificate we signed ourselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = signed.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())  # fmt: skip
    (folder / "both.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, ssl.create_default_context(cadata=pem.decode())


def test_tls_is_spoken_and_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, trust = certificate(tmp_path, "localhost")
    with ImapServer({USER: PASSWORD}, context=context) as server:
        server.add("INBOX", letters(1)[0])
        safe = account(server, host="localhost", security=Security.TLS, trust=trust)
        assert [raw for _, raw in imap.fetch_new(safe, Position())] == letters(1)
        with pytest.raises(MailSourceError, match="証明書を確かめられません") as refused:
            imap.look(account(server, host="localhost", security=Security.TLS))
        assert (refused.value.code, refused.value.is_passing) == ("certificate", False)
        assert server.commands.count("LOGIN") == 1


def test_a_line_that_breaks_again_and_again_is_left_after_three_tries(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ConnectionResetError

    waited: list[float] = []
    monkeypatch.setattr(imap, "_through", broken)
    with pytest.raises(MailSourceError, match="つながりません"):
        list(imap.fetch_new(account(server), Position(), wait=waited.append))
    assert waited == [1, 3, 9]
