"""引用と署名: where in a text the quoted mail begins, and where the signature does. Folds only what stands at the end.

Answers written between quoted lines stay open: what is folded holds nothing the writer wrote now. Nothing is folded when
nothing would be left to read (a forwarded mail).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

QUOTED = re.compile(r"\s{0,3}[>＞|｜》]")
LONGEST = 400  # letters of a line that are looked at
NAME_AND_ADDRESS = r".{0,120}[<＜(（\[]?[^\s<>＜＞@]{1,80}@[^\s<>＜＞()（）]{1,80}[>＞)）\]]?"
WEEKDAY = r"(?:\s?[(（][月火水木金土日][)）])?"
DAY = rf"(?:\d{{4}}[年/.-]\s?\d{{1,2}}[月/.-]\s?\d{{1,2}}日?{WEEKDAY}(?:\s?[月火水木金土日]曜日)?)"
TIME = r"(?:(?:午前|午後|AM|PM)?\s?\d{1,2}[:時]\d{2}(?:[:分]\d{0,2}秒?)?(?:\s?(?:AM|PM))?(?:\s?(?:JST|\+0900|[+-]\d{4}))?)"
HEADLINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\s*On\b.{5,300}\b(?:wrote|writes|said)\s*[:：]?\s*$",
        rf"\s*On\s+{DAY}.{{0,200}}[:：]\s*$",
        rf"\s*[(（]?{DAY}[、,]?\s*{TIME}[)）]?[、,]?\s*{NAME_AND_ADDRESS}\s*(?:のメール|のメッセージ|wrote|さんは書きました|からのメール)?\s*[:：]\s*$",
        rf"\s*[(（]?{DAY}[、,]?\s*{TIME}[)）]?[、,]?\s*.{{1,80}}(?:のメール|のメッセージ|wrote|(?:さん|様|氏)?[はが](?:書|か)きました|:|：)\s*[:：]?\s*$",
        r".{1,120}(?:さん|様|さま|氏)?[はが](?:次のように|以下のように)?(?:書|か)きました\s*[:：。]?\s*$",
        r".{1,120}(?:さん|様|さま)\s*(?:からの|の)(?:メール|メッセージ)\s*[:：]\s*$",
        r"\s*(?:Le|Am|El|Il)\s.{8,200}(?:a écrit|schrieb|escribió|ha scritto)\s*[:：]\s*$",
    )
)
RULED = re.compile(
    r"\s*[-_=*ー―─━＿＝]{2,}\s*(?:Original\s?(?:Message|Appointment|Mail)|Forwarded\s?(?:message|by.{0,80})|Reply\s?Message|"
    r"Begin forwarded message|元のメッセージ|元のメール|オリジナル\s?メッセージ|転送(?:された)?メッセージ|返信元メッセージ|引用元|メッセージ)"
    r"\s*[-_=*ー―─━＿＝]{2,}\s*$",
    re.IGNORECASE,
)  # fmt: skip
FORWARDED = re.compile(r"\s*Begin forwarded message\s*[:：]?\s*$", re.IGNORECASE)
FIRST_FIELD = re.compile(r"\s*\*?(?:差出人|送信者|送信元|From|Von|De)\*?\s*[:：]\s*\*?\s*\S", re.IGNORECASE)
NEXT_FIELD = re.compile(
    r"\s*\*?(?:送信日時|送信日|日時|日付|受信日時|宛先|件名|CC|BCC|Sent|Date|To|Subject|Gesendet|Reply-To)\*?\s*[:：]",
    re.IGNORECASE,
)  # fmt: skip
UNDERLINE = re.compile(r"\s*[_＿]{8,}\s*$")
SIGN = re.compile(r"--\s?$")
RULE = re.compile(
    r"\s*[-=*+~#_━─═―＝＊☆★■□◆◇●○・･～＿‐…。.:┏┓┗┛┃┌└┐┘][-\s=*+~#_━─═―＝＊☆★■□◆◇●○・･～＿‐…。.:┏┓┗┛┃┌└┐┘]{4,}$"
)
CONTACT = re.compile(
    r"(?:TEL|FAX|電話|携帯|〒|E-?mail|メール|https?://|[^\s@]{1,64}@[^\s@]{1,64}\.[a-z]|株式会社|有限会社|合同会社|\d{2,4}-\d{2,4}-\d{4})",
    re.IGNORECASE,
)  # fmt: skip
DEVICE = re.compile(
    r"\s*(?:Sent from (?:my|Mail for|Yahoo|Outlook).{0,60}|(?:私の)?(?:iPhone|iPad|Android|スマートフォン|スマホ|携帯).{0,10}から送信.{0,10}|"
    r"Outlook for .{0,40}を入手.{0,10}|Get Outlook for .{0,60}|Yahoo!メール.{0,30}から送信.{0,10})\s*$",
    re.IGNORECASE,
)  # fmt: skip
SIGNATURE_LINES = 15
MOST_LINES = 20_000
MOST_TRIES = 500  # lines that are looked at closely: a text of thousands of headlines is no letter
# What any line has that begins a quotation: cheap to look for in every line.
HINT = re.compile(r"[:：]\s*$|^\s*(?:On\b|[(（]?\d{4}[年/.-])|[-_=*ー―─━＿＝]{2}|(?:書|か)きました|From|差出人|送信|forwarded", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folds:
    """Offsets into the text, None for none."""

    quoted_from: int | None
    signature_from: int | None


def find(text: str) -> Folds:
    """Where to fold a text whose lines end in LF."""
    rows = text.split("\n")[:MOST_LINES]
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    cut = [row[:LONGEST] for row in rows]
    quoted = _quoted(cut)
    if quoted is not None and not any(row.strip() for row in cut[:quoted]):
        quoted = None
    signed = _signed(cut[:quoted] if quoted is not None else cut)
    return Folds(
        None if quoted is None else starts[quoted],
        None if signed is None else starts[signed],
    )


def _quoted(rows: Sequence[str]) -> int | None:
    """The first line of what is quoted at the end."""
    tail = _tail_of_marks(rows)
    tries = 0
    for at, row in enumerate(rows):
        if not row.strip() or not HINT.search(row):
            continue
        tries += 1
        begin = _headline(rows, at) if tries <= MOST_TRIES else None
        if begin is None:
            continue
        after = at + begin
        is_marked = any(
            QUOTED.match(row) for row in [row for row in rows[after : after + 12] if row.strip()][:2]
        )
        # Below "On … wrote:" marked lines with words between them are an answer line by line: that stays open.
        if is_marked and (tail is None or _has_own_words(rows, after, tail)):
            continue
        return at
    return tail


def _headline(rows: Sequence[str], at: int) -> int | None:
    """How many lines the headline takes that begins at `at`, None when none does."""
    row = rows[at]
    if not row.strip() or QUOTED.match(row):
        return None
    if RULED.match(row) or FORWARDED.match(row):
        return 1
    if FIRST_FIELD.match(row) and sum(1 for next_ in rows[at + 1 : at + 8] if NEXT_FIELD.match(next_)) >= 2:
        return 1
    if UNDERLINE.match(row):
        below = next((n for n in range(at + 1, min(at + 4, len(rows))) if rows[n].strip()), None)
        return 1 if below is not None and FIRST_FIELD.match(rows[below]) and _headline(rows, below) else None
    for several in (1, 2, 3):
        if at + several > len(rows):
            break
        joined = " ".join(part.strip() for part in rows[at : at + several])[:LONGEST]
        if any(pattern.match(joined) for pattern in HEADLINES) and _is_followed(rows, at, several):
            return several
    return None


def _is_followed(rows: Sequence[str], at: int, several: int) -> bool:
    """A headline of two lines must begin like one: "…" and a line that ends in a colon are no headline by themselves."""
    if several == 1:
        return any(row.strip() for row in rows[at + 1 :])
    return bool(re.match(rf"\s*(?:On\b|[(（]?{DAY})", rows[at], re.IGNORECASE)) and any(
        row.strip() for row in rows[at + several :]
    )


def _tail_of_marks(rows: Sequence[str]) -> int | None:
    """The first of the marked lines that the text ends with; blank lines and a signature below them are passed over."""
    at = len(rows)
    signed = _signed(rows)
    if signed is not None and any(QUOTED.match(row) for row in rows[:signed][-2:]):
        at = signed
    begin = None
    while at:
        at -= 1
        if QUOTED.match(rows[at]):
            begin = at
        elif rows[at].strip():
            break
    return begin


def _has_own_words(rows: Sequence[str], begin: int, tail: int) -> bool:
    return any(row.strip() and not QUOTED.match(row) for row in rows[begin:tail])


def _signed(rows: Sequence[str]) -> int | None:
    """The line the signature begins with: "-- ", a ruled line with an address below it, or what a phone adds."""
    last = len(rows)
    while last and not rows[last - 1].strip():
        last -= 1
    first = max(0, last - SIGNATURE_LINES)
    own = next((at for at in range(last) if rows[at].strip()), last)
    marks = [at for at in range(max(first, own + 1), last) if SIGN.match(rows[at]) or DEVICE.match(rows[at])]
    return marks[0] if marks else _ruled(rows, max(first, own + 1), last)


def _ruled(rows: Sequence[str], first: int, last: int) -> int | None:
    """The last block below a ruled line; a second line that closes it belongs to it. It must hold an address of some kind."""
    rules = [at for at in range(first, last) if RULE.match(rows[at])]
    if rules and not any(row.strip() and not RULE.match(row) for row in rows[rules[-1] : last]):
        closing = rules[-1]
        rules = [at for at in rules if any(row.strip() and not RULE.match(row) for row in rows[at:closing])]
    if not rules:
        return None
    begin = rules[-1]
    while begin - 1 in rules:
        begin -= 1
    return begin if any(CONTACT.search(row) for row in rows[begin + 1 : last]) else None
