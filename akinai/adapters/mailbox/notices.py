"""不達の知らせ: what a mail server says of mails that did not arrive — by multipart/report (RFC 3464) or in words.

The words are those of Postfix, sendmail, qmail, Exim, Exchange, Gmail and of the Japanese carriers. A notice in words alone
names its addresses near the reason; our own addresses in it are never taken for the one that failed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from akinai.adapters.mailbox import clean, envelope, failed, heads, parts
from akinai.adapters.mailbox.failed import DAEMON
from akinai.adapters.mailbox.heads import Heads
from akinai.adapters.mailbox.mail import Bounced
from akinai.adapters.mailbox.parts import Part

SUBJECTS = re.compile(
    r"undeliver|returned (?:mail|to sender)|delivery (?:status|failure|has failed|incomplete|report|problem|notification|warning)|mail delivery (?:failed|system)|failure (?:notice|delivery)|"
    r"could not be delivered|mail system error|warning: (?:could not send|message)|non[- ]?delivery|returned mail|mail (?:could not|failed)|failed mail|automatically rejected mail|processing error|"
    r"配信不能|配信(?:でき|エラー|失敗|不可)|不達|送信(?:エラー|できません|失敗|不可)|送達(?:でき|不能)|宛先不明|エラーメール|メールが届きません|配送(?:エラー|不能|できません)|未配信",
    re.IGNORECASE,
)  # fmt: skip
# How a machine begins the subject of its notice. A person who passes one on writes Fwd: before it.
OPENS = re.compile(
    r"\s*(?:\[?postmaster\]?\s*)?(?:undeliverable(?: mail)?\b|undelivered mail|returned mail\b|(?:mail |email )?delivery (?:status notification|failure|has failed|problem|notification)|"
    r"mail delivery (?:failed|problem)|failure notice|non-delivery|mail could not be delivered|mail system error|配信不能|配信エラー|送信エラー|エラーメール|不達通知|メール(?:配信|送信)?エラー)",
    re.IGNORECASE,
)  # fmt: skip
WORDS = re.compile(
    r"user (?:is )?(?:un|not )known|user not found|invalid mailbox|unknown user|no such user|(?:does not|doesn't) (?:exist|have an?)|mailbox (?:is )?full|over (?:disk )?quota|quota exceeded|exceed\w* (?:\w+ ){0,2}quota|mailbox unavailable|recipient (?:address )?rejected|"
    r"(?:could not|cannot|can't|can not|not able to|unable to|wasn't able to|has not yet been) (?:be )?deliver|(?:was|been) not (?:yet )?(?:been )?delivered|not delivered|not reach the following|delivery (?:to the following|of email|failed|has failed|attempts)|"
    r"undeliverable|invalid (?:final delivery|recipient|address)|host unknown|unknown host|domain (?:not|name) found|address(?:es)? (?:had|failed)|failed (?:address|recipient)|permanent (?:fatal )?error|automatically rejected|has been returned because|did not exactly match|"
    r"配信できません|配信されません|送信できません|届けられません|届けることができません|お届けできません|送達でき|宛先(?:不明|が見つかりません)|"
    r"(?:あて先|宛先|受信者).{0,20}(?:存在しません|見つかりません|エラー|不明)|メールボックス.{0,12}(?:いっぱい|一杯|容量)|受信拒否|ユーザー?.{0,6}存在しません",
    re.IGNORECASE,
)  # fmt: skip
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.-])([45]\d{2})(?:[ -]|$)")
DELAYED = re.compile(
    r"warning: could not send|delayed|will be retried|will keep trying|(?:has|have) not yet been delivered|has been postponed|delivery attempts will continue|continue to (?:try|attempt)|再送を(?:試み|続け)|遅延|配信が遅れ",
    re.IGNORECASE,
)
DELAYED_WORDS = "まだ届いていません。送信は続けられています。"
WHYS = (
    (re.compile(r"^5\.1\.[01236]|^5\.0\.0$"), "宛先のアドレスがありません。"),
    (re.compile(r"^[45]\.2\.2"), "相手の受信箱がいっぱいです。"),
    (re.compile(r"^5\.2\.1"), "相手の受信箱が使われていません。"),
    (re.compile(r"^[45]\.(?:2\.3|3\.4)"), "メールが大きすぎて受け付けられませんでした。"),
    (re.compile(r"^[45]\.1\.8|^[45]\.7\."), "相手のサーバーが受信を断りました（迷惑メール対策・受信拒否など）。"),
    (re.compile(r"^[45]\.4\.|^[45]\.1\.2"), "相手のサーバーにつながりませんでした。"),
    (re.compile(r"^4\."), DELAYED_WORDS),
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
    if head.raw("x-failed-recipients"):
        return True
    says = bool(WORDS.search(text[:4000]))
    if DAEMON.match(sender) or any(
        value.strip() in (b"<>", b"<MAILER-DAEMON>") for value in head.all("return-path")
    ):
        return (
            says
            or bool(SUBJECTS.search(subject))
            or (sender.lower().startswith("mailer-daemon@") and bool(failed.named(text, head, (), _says)))
        )
    # Some servers write under a name of their own: then subject and words must both be those of a notice that names an address.
    return says and bool(OPENS.match(subject)) and bool(failed.named(text, head, (), _says))


def bounced(root: Part, head: Heads, text: str, ours: Collection[str]) -> tuple[Bounced, ...]:
    """Every address a notice tells of, once each; one without an address when only the letter that came back is known."""
    copies = _copies(root, text)
    message_id, number = _returned(head, copies)
    found = list(_of_report(root)) or list(_in_words(head, text, ours))
    if not found:
        # It names nobody: to whom the letter that came back was written, else that letter alone.
        to = list(failed.written_to(copies, ours)) or ([""] if message_id or number is not None else [])
        said, is_final = clean.line(text[:300]), not _is_delay(head, text)
        found = [(address, "", said, is_final) for address in to]
    out: dict[str, Bounced] = {}
    for address, code, said, is_final in found[:MOST]:
        code = _code(code, said, is_final)
        why = _why(code, is_final)
        out.setdefault(address.lower(), Bounced(address, code, why, said[:300], is_final, message_id, number))
    return tuple(out.values())


def _why(code: str, is_final: bool) -> str:
    words = (
        words for pattern, words in WHYS if pattern.search(code) and not (is_final and words == DELAYED_WORDS)
    )
    return next(words, "相手のサーバーが受け付けませんでした。")


def _code(code: str, said: str, is_final: bool) -> str:
    """The extended code: told, else in the server's words, else guessed from them."""
    found = STATUS.search(code) or STATUS.search(said)
    told = found.group() if found else ""
    if told and not told.endswith(".0"):  # "other" of its kind: the words may tell more
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
            # "failed (Bad destination mailbox)" is failed, whatever its code: no other notice follows.
            action = re.match(r"[a-z-]*", told.text("action").lower()).group()  # type: ignore[union-attr]  # it matches nothing, too
            # Where the customer's mail is passed on, the original one is the address that we wrote to.
            address = _address(told.text("original-recipient")) or _address(told.text("final-recipient"))
            if address and action in ("failed", "delayed", ""):
                said = told.text("diagnostic-code")
                code = told.text("status")
                is_final = action == "failed" or (action == "" and not code.startswith("4"))
                yield address, code, said.partition(";")[2].strip() if ";" in said else said, is_final


def _address(text: str) -> str:
    found = envelope.ADDRESS.search(text.rpartition(";")[2])
    return found.group() if found else ""


def _in_words(head: Heads, text: str, ours: Collection[str]) -> Iterator[tuple[str, str, str, bool]]:
    """Addresses named above the returned mail, each with what is said near it."""
    is_final = not _is_delay(head, text)
    for address, said in failed.named(text, head, ours, _says):
        yield address, "", said, is_final
    for one in envelope.addresses(head, "x-failed-recipients"):
        yield one.address, "", clean.line(failed.above_the_copy(text)[:300]), is_final


def _says(near: str) -> bool:
    return bool(WORDS.search(near) or STATUS.search(near) or REPLY.search(near))


def _is_delay(head: Heads, text: str) -> bool:
    return bool(DELAYED.search(f"{head.text('subject')}\n{text[:2000]}"))


def _returned(head: Heads, copies: Sequence[Heads]) -> tuple[str, int | None]:
    """(Message-ID, our number) of the mail that came back: of its copy, else as the head of the notice names it."""
    for copy in copies:
        number = copy.text(OUR_NUMBER)
        message_id = envelope.message_id(copy)
        if message_id or number:
            return message_id, int(number) if number.isascii() and number.isdigit() and len(number) < 15 else None  # fmt: skip
    return envelope.in_reply_to(head) or next(iter(reversed(envelope.references(head))), ""), None


def _copies(root: Part, text: str) -> Sequence[Heads]:
    """The heads of the letters that are given back: as parts, or in the text."""
    parted = [
        heads.read(parts.content(part, []).lstrip(b"\r\n"))[0]
        for part in root.walk()
        if part.type
        in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global",
            "message/global-headers",
        )
    ]
    return [*parted, Heads([(name, value.encode()) for name, value in _in_text(text)])]


def _in_text(text: str) -> Iterator[tuple[bytes, str]]:
    """Fields of a copy that stands in the text, perhaps quoted."""
    for name, form in (
        ("Message-ID", r"(<[^<>\s]+>)"),
        (OUR_NUMBER, r"(\d{1,14})"),
        ("To", r"([^\n]{1,300}@[^\n]{1,300})"),
    ):
        if found := re.search(rf"(?mi)^[> ]{{0,4}}{name}:\s*{form}", text):
            yield name.lower().encode(), found[1]
