"""差出人・宛先・日時・Message-ID: the fields of a head that tell who, to whom, when and in answer to what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from akinai.adapters.mailbox import clean, heads
from akinai.adapters.mailbox.heads import Heads
from akinai.adapters.mailbox.mail import Address

TOKYO = timezone(timedelta(hours=9), "JST")
MOST_ADDRESSES = 500
MOST_REFERENCES = 100
ADDRESS = re.compile(
    r"""[^\s<>()\[\],;:"@\\]{1,200}@[^\s<>()\[\],;:"@\\]{1,200}|"[^"\s]{1,200}"@[^\s<>(),;:"@\\]{1,200}"""
)
ID = re.compile(r"<([^<>\s]{1,900})>")
BARE_ID = re.compile(r"[^<>\s@]{1,400}@[^<>\s@]{1,400}")
JAPANESE_DATE = re.compile(
    r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?(?:\s*[(（].[)）])?[\sT]+(午前|午後|AM|PM)?\s*(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d{1,9})?秒?"
    r"\s*(AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
# The zone that the writer told: the standard library takes a missing or unknown one for UTC.
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?")
OFFSET = re.compile(r"[+-]\d{4}\b")
NAMED_ZONE = re.compile(r"\b(?:GMT|UTC?|UCT|Z|[ECMP][SD]T)\b")
NAMED_TOKYO = re.compile(r"\b[JK]ST\b")
FIRST_YEAR, LAST_YEAR = 1980, 2100


def message_id(head: Heads) -> str:
    """Without the angle brackets, "" when there is none."""
    ids = _ids(head.raw("message-id"))
    return ids[0] if ids else ""


def in_reply_to(head: Heads) -> str:
    """The mail answered; some programs write a sentence round it."""
    said = head.text("in-reply-to")
    found = ID.search(said)
    # Without its brackets it is one as long as nothing else stands there.
    return found[1] if found else said[:900] if BARE_ID.fullmatch(said) else ""


def references(head: Heads) -> tuple[str, ...]:
    """The thread, oldest first; the first and the newest of a very long one."""
    found = ID.findall(" ".join(clean.line(heads.decode(raw)) for raw in head.all("references")))
    ids = list(dict.fromkeys(found))
    return tuple(ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]])


def _ids(raw: bytes) -> list[str]:
    text = clean.line(heads.decode(raw))
    return ID.findall(text) or [word.strip("<>")[:900] for word in text.split()[:1] if word.strip("<>")]


def sent_at(head: Heads, doubts: list[str]) -> datetime | None:
    """日時 with its zone. None with a doubt when it is missing or cannot be a date."""
    said = head.text("date")
    if not said:
        doubts.append("送信日時の記載がありません。")
        return None
    moment = _moment(said)
    if moment is None:
        doubts.append(f"送信日時「{said[:60]}」は日時として読めません。")
        return None
    if moment.tzinfo is None:
        doubts.append("送信日時に時差の記載がないため、日本時間とみなしました。")
        moment = moment.replace(tzinfo=TOKYO)
    return moment


def _moment(said: str) -> datetime | None:
    try:
        return _japanese(said) or _of_rfc(said)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _of_rfc(said: str) -> datetime | None:
    parsed = parsedate_tz(re.sub(r"\([^()]{0,100}\)", " ", said[:200]))
    if parsed is None or not FIRST_YEAR <= parsed[0] <= LAST_YEAR:
        return None
    at = datetime(*parsed[:5], second=min(parsed[5], 59))  # a leap second is told as :60
    tail = CLOCK.split(said)[-1]  # the zone stands behind the time: "27-Nov-2026" tells none
    if NAMED_TOKYO.search(tail) and not OFFSET.search(tail):
        return at.replace(tzinfo=TOKYO)
    # "-0000" tells the moment in UTC and keeps the writer's zone to itself.
    offset = 0 if "-0000" in tail else parsed[9]
    if offset is None or not (OFFSET.search(tail) or NAMED_ZONE.search(tail)) or abs(offset) > 14 * 3600:
        return at
    return at.replace(tzinfo=UTC if offset == 0 else timezone(timedelta(seconds=offset)))


def _japanese(said: str) -> datetime | None:
    found = JAPANESE_DATE.search(said[:100])
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year, month, day, hour, minute = (int(found[at]) for at in (1, 2, 3, 5, 6))
    half = (found[4] or found[8] or "").upper()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in ("午後", "PM") else 0)
    told = (found[9] or "").upper().replace(":", "")
    zone = None if not told else UTC if told == "Z" else datetime.strptime(told, "%z").tzinfo
    return datetime(year, month, day, hour, minute, min(int(found[7] or 0), 59), tzinfo=zone)


def addresses(head: Heads, name: str, doubts: list[str] | None = None) -> tuple[Address, ...]:
    """All mailboxes of the fields of this name; groups are opened, what has no address is left out."""
    found: list[Address] = []
    for raw in head.all(name):
        # Encoded words are opened after the commas were read: a name may hold one (=?…?= for 「山田, 太郎」).
        for chunk in _chunks(_with_words(raw, doubts)):
            found += _mailboxes(chunk, doubts)
            if len(found) >= MOST_ADDRESSES:
                return tuple(found[:MOST_ADDRESSES])
    return tuple(found)


# Letters of the private area stand for what an encoded word said, so that its commas and brackets mean nothing.
_SHIELDED = {ord(char): 0xF100 + at for at, char in enumerate(',;:<>()"@\\')}
_OPENED = {there: here for here, there in _SHIELDED.items()}


def _with_words(raw: bytes, doubts: list[str] | None) -> str:
    return "".join(
        text.translate(_SHIELDED) if is_word else text for text, is_word in heads.pieces(raw, doubts)
    )


def is_ours(address: str, ours: Collection[str]) -> bool:
    """One of our addresses, or one in a domain of ours? `ours` holds both."""
    folded = address.lower()
    return folded in ours or folded.rpartition("@")[2] in ours


def _chunks(text: str) -> Iterator[str]:
    """Cut at commas and semicolons outside of quotes, brackets and comments; a group's name is dropped."""
    chunk: list[str] = []
    quoted = escaped = False
    depth = angle = 0
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            depth += (char == "(") - (char == ")" and depth > 0)
            angle = (angle or char == "<") and char != ">"
            if not depth and not angle and char in ",;":
                yield "".join(chunk)
                chunk = []
                continue
            if not depth and not angle and char == ":" and "@" not in chunk:
                chunk = []
                continue
        chunk.append(char)
    yield "".join(chunk)


def _mailboxes(chunk: str, doubts: list[str] | None) -> list[Address]:
    """Mostly one: 「山田 <a@b>」「a@b (山田)」「a@b」; several when the commas between them were forgotten."""
    chunk = chunk.replace("＠", "@")  # as some phones write it
    before, _, after = chunk.rpartition("<")
    inside = ADDRESS.search(after.replace(" ", "")) if "<" in chunk else None
    if inside:
        return [Address(_opened(inside.group()), _name(before))]
    if before.strip() and after.strip(" >") and doubts is not None:
        doubts.append(f"「{clean.line(_opened(chunk))[:60]}」の < > の中がメールアドレスではありません。")
    found = list(ADDRESS.finditer(chunk))
    if not found:
        if (said := clean.line(_opened(chunk))) and doubts is not None:
            doubts.append(f"「{said[:60]}」にはメールアドレスがありません。")
        return []
    if len(found) > 1:
        if doubts is not None:
            doubts.append(f"アドレスの区切りがありません（{clean.line(_opened(chunk))[:80]}）。")
        return [Address(_opened(each.group())) for each in found]
    rest = "" if "<" in chunk else chunk[: found[0].start()] + " " + chunk[found[0].end() :]
    return [Address(_opened(found[0].group()), _name(rest))]


def _opened(text: str) -> str:
    return clean.line(text.translate(_OPENED))


def _name(text: str) -> str:
    """A display name: quotes, comment brackets and escapes off, encoded words in quotes opened."""
    text = re.sub(r"\\(.)", r"\1", text.strip().strip("<>").strip())
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    name = _opened(text.replace('"', " "))
    return name.strip("' ") if name[:1] == "'" == name[-1:] else name
