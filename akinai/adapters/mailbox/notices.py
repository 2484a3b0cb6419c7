"""不達の知らせ: what a mail server says of mails that did not arrive — by multipart/report (RFC 3464) or in words.

The words are those of Postfix, sendmail, qmail, Exim, Exchange, Gmail and of the Japanese carriers. A notice in words alone
names its addresses near the reason; our own addresses in it are never taken for the one that failed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from akinai.adapters.mailbox import clean, envelope, heads, parts
from akinai.adapters.mailbox.heads import Heads
from akinai.adapters.mailbox.mail import Bounced
from akinai.adapters.mailbox.parts import Part

DAEMON = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange[0-9a-f]*|bounces?)@", re.IGNORECASE
)
SUBJECTS = re.compile(
    r"undeliver|returned (?:mail|to sender)|delivery (?:status|failure|has failed|incomplete|report)|mail delivery (?:failed|system)|failure notice|"
    r"could not be delivered|mail system error|warning: could not send|non-?delivery|returned mail|mail could not|"
    r"配信不能|配信(?:でき|エラー|失敗|不可)|不達|送信(?:エラー|できません|失敗|不可)|送達(?:でき|不能)|宛先不明|エラーメール|メールが届きません|配送(?:エラー|不能|できません)|未配信",
    re.IGNORECASE,
)  # fmt: skip
WORDS = re.compile(
    r"user unknown|unknown user|no such user|does not exist|mailbox (?:is )?full|over quota|mailbox unavailable|recipient address rejected|"
    r"could not be delivered|was not delivered|delivery (?:to the following|failed)|i'm afraid i wasn't able to deliver|"
    r"host unknown|domain (?:not|name) found|address(?:es)? (?:had|failed)|permanent (?:fatal )?error|"
    r"配信できません|配信されません|送信できません|届けられません|届けることができません|お届けできません|送達でき|宛先(?:不明|が見つかりません)|"
    r"(?:あて先|宛先|受信者).{0,20}(?:存在しません|見つかりません|エラー|不明)|メールボックス.{0,12}(?:いっぱい|一杯|容量)|受信拒否|ユーザー?.{0,6}存在しません",
    re.IGNORECASE,
)  # fmt: skip
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.-])([45]\d{2})(?:[ -]|$)")
DELAYED = re.compile(
    r"warning: could not send|delayed|will be retried|will keep trying|再送を(?:試み|続け)|遅延|配信が遅れ",
    re.IGNORECASE,
)
WHYS = (
    (re.compile(r"^5\.1\.[01236]|^5\.0\.0$"), "宛先のアドレスがありません。"),
    (re.compile(r"^[45]\.2\.2"), "相手の受信箱がいっぱいです。"),
    (re.compile(r"^5\.2\.1"), "相手の受信箱が使われていません。"),
    (re.compile(r"^[45]\.(?:2\.3|3\.4)"), "メールが大きすぎて受け付けられませんでした。"),
    (re.compile(r"^[45]\.1\.8|^[45]\.7\."), "相手のサーバーが受信を断りました（迷惑メール対策・受信拒否など）。"),
    (re.compile(r"^[45]\.4\.|^[45]\.1\.2"), "相手のサーバーにつながりませんでした。"),
    (re.compile(r"^4\."), "まだ届いていません。送信は続けられています。"),
)  # fmt: skip
SAID = (
    (re.compile(r"full|quota|いっぱい|一杯|容量", re.IGNORECASE), "5.2.2"),
    (re.compile(r"user unknown|unknown user|no such|does ?n[o']t exist|not exist|invalid recipient|unknown address|recipient .{0,20}not found|存在しません|見つかりません|宛先不明|不明", re.IGNORECASE), "5.1.1"),
    (re.compile(r"too (?:large|big)|size|大きすぎ", re.IGNORECASE), "5.3.4"),
    (re.compile(r"host unknown|domain|name service|dns|timed? ?out|connection|つながり|接続", re.IGNORECASE), "5.4.0"),
    (re.compile(r"rejected|denied|blocked|spam|policy|refused|拒否", re.IGNORECASE), "5.7.1"),
)  # fmt: skip
REPLIES = {"550": "5.1.1", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3", "554": "5.7.1", "450": "4.2.0", "452": "4.2.2", "421": "4.4.2"}  # fmt: skip
OUR_NUMBER = "X-Akinai-Mail"  # core.bounces.HEADER, which a door of bytes cannot import
MOST = 100


def is_report(root: Part) -> bool:
    """multipart/report about a delivery, whether or not its head says so rightly."""
    told = root.params.get("report-type", "").lower()
    if root.type == "multipart/report" and told in ("delivery-status", ""):
        return any(part.type == "message/delivery-status" for part in root.walk()) or told != ""
    return any(part.type == "message/delivery-status" for part in root.children)


def is_in_words(head: Heads, sender: str, subject: str, text: str) -> bool:
    """A notice without the form: a server wrote it, and it says what servers say."""
    by_server = bool(DAEMON.match(sender)) or head.raw("x-failed-recipients") != b""
    is_null = any(value.strip() == b"<>" for value in head.all("return-path"))
    if head.raw("x-failed-recipients"):
        return True
    return (by_server or is_null) and bool(SUBJECTS.search(subject) or WORDS.search(text[:4000]))


def bounced(root: Part, head: Heads, text: str, ours: Collection[str]) -> tuple[Bounced, ...]:
    """Every address a notice tells of, once each."""
    message_id, number = _returned(root, text)
    found = list(_of_report(root)) or list(_in_words(head, text, ours))
    out: dict[str, Bounced] = {}
    for address, code, said, is_final in found[:MOST]:
        code = _code(code, said, is_final)
        why = next(
            (words for pattern, words in WHYS if pattern.search(code)),
            "相手のサーバーが受け付けませんでした。",
        )
        out.setdefault(address.lower(), Bounced(address, code, why, said[:300], is_final, message_id, number))
    return tuple(out.values())


def _code(code: str, said: str, is_final: bool) -> str:
    """The extended code: told, else in the server's words, else guessed from them."""
    found = STATUS.search(code) or STATUS.search(said)
    told = found.group() if found else ""
    if told and not told.endswith(".0.0"):
        return told
    if word := next((guess for pattern, guess in SAID if pattern.search(said)), ""):
        return word if is_final else f"4{word[1:]}"
    reply = REPLY.search(said)
    return told or (REPLIES.get(reply[1], f"{reply[1][0]}.0.0") if reply else "5.0.0" if is_final else "4.0.0")  # fmt: skip


def _of_report(root: Part) -> Iterator[tuple[str, str, str, bool]]:
    for part in root.walk():
        if part.type != "message/delivery-status":
            continue
        for block in re.split(rb"\r?\n[ \t]*\r?\n", parts.content(part, [])):
            told, _ = heads.read(block.lstrip(b"\r\n"))
            action = told.text("action").lower()
            address = _address(told.text("final-recipient")) or _address(told.text("original-recipient"))
            if address and action in ("failed", "delayed", ""):
                said = told.text("diagnostic-code")
                code = told.text("status")
                yield address, code, said.partition(";")[2].strip() if ";" in said else said, action != "delayed" and not code.startswith("4")  # fmt: skip


def _address(text: str) -> str:
    found = envelope.ADDRESS.search(text.rpartition(";")[2])
    return found.group() if found else ""


def _in_words(head: Heads, text: str, ours: Collection[str]) -> Iterator[tuple[str, str, str, bool]]:
    """Addresses named above the returned mail, each with what is said near it."""
    is_final = not DELAYED.search(f"{head.text('subject')}\n{text[:2000]}")
    named = [each.address for each in envelope.addresses(head, "x-failed-recipients")]
    told = _above_the_copy(text)
    for found in envelope.ADDRESS.finditer(told):
        address = found.group().strip(".'`")
        if not DAEMON.match(f"{address}@") and not DAEMON.match(address) and not _is_ours(address, ours):
            near = clean.line(told[max(0, found.start() - 120) : found.end() + 400])
            if WORDS.search(near) or STATUS.search(near) or REPLY.search(near):
                yield address, "", near[:300], is_final
    for address in named:
        yield address, "", clean.line(told[:300]), is_final


def _above_the_copy(text: str) -> str:
    """Without the mail that is given back, whose own addresses mean nothing here."""
    cut = re.search(
        r"(?m)^.{0,6}(?:-{2,}.{0,40}(?:copy of|original|message|header|元の|メッセージ).{0,60}|Return-Path:|Received: )|Below this line is a copy",
        text,
        re.IGNORECASE,
    )
    return text[: cut.start()] if cut and cut.start() > 40 else text[:8000]


def _is_ours(address: str, ours: Collection[str]) -> bool:
    domain = address.lower().rpartition("@")[2]
    return address.lower() in ours or domain in ours


def _returned(root: Part, text: str) -> tuple[str, int | None]:
    """(Message-ID, our number) of the mail that came back."""
    for head in _copies(root, text):
        number = head.text(OUR_NUMBER)
        message_id = envelope.message_id(head)
        if message_id or number:
            return message_id, int(number) if number.isascii() and number.isdigit() and len(number) < 15 else None  # fmt: skip
    return "", None


def _copies(root: Part, text: str) -> Sequence[Heads]:
    parted = [
        heads.read(parts.content(part, []).lstrip(b"\r\n"))[0]
        for part in root.walk()
        if part.type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
    ]
    found = re.search(r"(?mi)^[> ]{0,4}Message-ID:\s*(<[^<>\s]+>)", text)
    number = re.search(rf"(?mi)^[> ]{{0,4}}{OUR_NUMBER}:\s*(\d{{1,14}})", text)
    told = [(b"message-id", found[1].encode())] if found else []
    if number:
        told.append((OUR_NUMBER.lower().encode(), number[1].encode()))
    return [*parted, Heads(told)]
