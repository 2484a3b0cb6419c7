"""失敗した宛先: which addresses a notice in words says it could not reach, and what it says of each.

Servers name the address in a line of its own, or behind a label, or behind "to"; what else stands in such a mail (the
postmaster to write to, the letter that is given back, ourselves) did not fail. Only when no line names one are the words
near an address asked, then to whom the letter that came back was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from akinai.adapters.mailbox import clean, envelope
from akinai.adapters.mailbox.heads import Heads

Told = tuple[str, str]  # (address, what is said of it)

DAEMON = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon|mail[._-]delivery[._-](?:system|subsystem)|microsoftexchange[0-9a-f]*|bounces?)@",
    re.IGNORECASE,
)
MARKS = r"[\s>*・●■\-–—|\"'<＜(（【\[]*"
CLOSES = r"[>＞\"')）\]】]*"
AFTER = r"(?:\s*(?:[:：;,.、。]|\.\.\.).*|\s*[(（\[<].*|\s+on\s+\w{3},.*|\s*=20|\s*)$"
LABEL = re.compile(
    r"(?:recipient(?:\s+(?:address|name))?|failed (?:recipient|address)|undeliverable (?:address|to)|original(?:ly)? address(?:ed to)?|"
    r"intended recipient|final delivery userid|mailbox|user|rcpt to|addressed? to(?: email address)?|address to which your message was addressed,?|"
    r"your (?:message|mail|e-?mail) to|(?:message|mail|e-?mail) for|delivery to|deliver(?:ed)? (?:(?:your |the )?(?:message|mail) )?to|unable to deliver (?:message )?to|undeliverable|dda:(?:smtp=)?|"
    r"(?:did )?not reach the following recipient|宛先(?:アドレス)?|あて先|送信先|受信者|配信先|メールアドレス|お届け先)"
    rf"\s*(?:[:：=,]|は|が|\s)?\s*{MARKS}$",
    re.IGNORECASE,
)
EXPANDED = re.compile(r"expanded from|alias(?:ed)? (?:from|of)|forwarded (?:from|by)|転送元", re.IGNORECASE)
CONTACT = re.compile(
    r"contact|reply to|assistance|questions?|お問い合わせ|問合せ|ご連絡ください|try emailing", re.IGNORECASE
)
CUT = re.compile(
    r"(?m)^.{0,12}(?:-{2,}.{0,40}(?:copy of|original|message (?:header|text|follows)|returned (?:mail|message)|unsent message|header|元の|メッセージ).{0,60}|"
    r"Return-Path:|Received: )|(?:Below (?:this|the next) line is a copy|this is a copy of your message|(?:Original|Old) message(?: follows)?\s*[.:]?\s*$|"
    r"Message header follows|(?:Original|Your) message (?:headers|as received|reads)|header and top \d+ lines|first \d+ lines of your)",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
LATER = 400  # letters behind an address that may say why


def named(text: str, head: Heads, ours: Collection[str], says: Callable[[str], bool]) -> list[Told]:
    """The addresses that failed, each with the words behind it. `says`: do these words tell of a failure?"""
    told, parties = above_the_copy(text), _parties(head)
    strangers = [
        found
        for found in envelope.ADDRESS.finditer(told)
        if not _is_known(_bare(found), parties, ours) and not _is_contact(told, found)
    ]
    chosen = [found for found in strangers if _is_labelled(told, found)]
    if not chosen:
        chosen = [found for found in strangers if says(_near(told, found))]
    ends = [found.start() for found in chosen[1:]] + [len(told)]
    return [(_bare(found), _said(told, found, end)) for found, end in zip(chosen, ends, strict=False)]


def written_to(copies: Sequence[Heads], ours: Collection[str]) -> Iterator[str]:
    """To whom the letter that came back was written."""
    for copy in copies:
        for name in ("x-actual-recipient", "to"):
            for one in envelope.addresses(copy, name):
                if not envelope.is_ours(one.address, ours):
                    yield one.address


def above_the_copy(text: str) -> str:
    """Without the mail that is given back, whose own addresses mean nothing here."""
    cut = next((found for found in CUT.finditer(text[:20_000]) if found.start() > 40), None)
    return text[: cut.start()] if cut else text[:8000]


def _is_labelled(text: str, found: re.Match[str]) -> bool:
    """Does the line name it as one that failed: alone (or first, with a colon or a remark behind), or behind a label?"""
    begin = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    before = text[begin : found.start()]
    after = text[found.end() : end if end >= 0 else len(text)]
    if LABEL.search(before[-100:]):
        return True
    is_first = re.fullmatch(MARKS, before) is not None and re.match(CLOSES + AFTER, after) is not None
    return is_first or (
        not before.strip() and LABEL.search(text[max(0, begin - 80) : found.start()]) is not None
    )


def _is_contact(text: str, found: re.Match[str]) -> bool:
    begin = text.rfind("\n", 0, found.start()) + 1
    before = text[begin : found.start()]
    return bool(CONTACT.search(before) or EXPANDED.search(text[max(0, found.start() - 40) : found.start()]))


def _near(text: str, found: re.Match[str]) -> str:
    return clean.line(text[max(0, found.start() - 120) : found.end() + LATER])


def _said(text: str, found: re.Match[str], end: int) -> str:
    """What stands behind an address up to the next one; when that says nothing, what stands before it."""
    behind = clean.line(text[found.end() : min(end, found.end() + LATER)]).strip("<>:;,\"'() .")
    before = clean.line(text[max(0, found.start() - 120) : found.start()])
    return (behind if len(behind) > 3 else f"{before} {behind}".strip())[:300]


def _bare(found: re.Match[str]) -> str:
    """An address without what a sentence put behind it: "taro@x.jp...User unknown" is taro@x.jp."""
    return re.sub(r"(?i)^smtp[=:]", "", found.group().partition("...")[0]).strip(".'`*")


def _is_known(address: str, parties: Collection[str], ours: Collection[str]) -> bool:
    """A server, ourselves, or one of the parties of the notice."""
    domain = address.rpartition("@")[2]
    if DAEMON.match(address) or envelope.is_ours(address, ours):
        return True
    return ("." not in domain and not domain.startswith("[")) or address.lower() in parties


def _parties(head: Heads) -> set[str]:
    """Who sends and who gets the notice."""
    names = ("from", "sender", "to", "reply-to")
    return {one.folded for name in names for one in envelope.addresses(head, name)}
