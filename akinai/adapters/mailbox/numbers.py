"""番号: our ticket numbers and the order numbers of the malls in subjects and texts, also in full-width letters.

Only numbers that can be nothing else: Shopify's #1001 and au PAY マーケット's nine digits fit any number, so the shop's rules
look for those among the orders they know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

TICKET = re.compile(r"(?<![A-Z0-9-])TK-(\d{4})-(\d{6})(?![0-9-])", re.IGNORECASE)
MARK = re.compile(r"\s*[\[［【(（]\s*(?:ＴＫ|TK)[-－ー](?:[0-9０-９]{4})[-－ー](?:[0-9０-９]{6})\s*[\]］】)）]", re.IGNORECASE)  # fmt: skip
ORDERS = (
    re.compile(r"(?<![A-Z0-9-])(SO-\d{4}-\d{6})(?![0-9-])", re.IGNORECASE),
    re.compile(r"(?<![0-9-])(\d{6}-20\d{6}-\d{6,10})(?![0-9-])"),  # 楽天: shop-day-number
    re.compile(r"(?<![0-9-])(\d{3}-\d{7}-\d{7})(?![0-9-])"),  # Amazon
    re.compile(r"(?<![a-z0-9-])([a-z][a-z0-9-]{2,30}-1\d{7})(?![0-9-])"),  # Yahoo!: store account-number
)
DASH = re.compile(r"(?<=[0-9A-Za-z])[‐‑‒–—―−ー─](?=[0-9])")
OURS = re.compile(
    r"tk-\d{4}-\d{6}\."
)  # how the Message-IDs of our answers begin: tk-2026-000123.….@shop.example.jp
SEARCHED = 200_000
MOST = 50


def tickets(*texts: str) -> tuple[str, ...]:
    """Our ticket numbers in the order they appear."""
    found = (f"TK-{year}-{number}" for text in texts for year, number in TICKET.findall(_plain(text)))
    return tuple(dict.fromkeys(found))[:MOST]


def of_thread(ids: Iterable[str], ours: Collection[str]) -> tuple[str, ...]:
    """The tickets that Message-IDs of our own name (In-Reply-To, References): the surest sign of a ticket."""
    found = [number for each in ids if is_ours(each, ours) for number in tickets(each)]
    return tuple(dict.fromkeys(found))


def is_ours(message_id: str, ours: Collection[str]) -> bool:
    """Did we give this Message-ID? `ours` holds domains, or addresses whose domain counts."""
    local, _, domain = message_id.lower().rpartition("@")
    return OURS.match(local) is not None and domain in {each.rpartition("@")[2] for each in ours}


def orders(*texts: str) -> tuple[str, ...]:
    """Order numbers that can be told by their form, in the order of the patterns."""
    found = [number for text in texts for pattern in ORDERS for number in pattern.findall(_plain(text))]
    return tuple(dict.fromkeys(number.upper() if number[:3].upper() == "SO-" else number for number in found))[:MOST]  # fmt: skip


def without_mark(subject: str) -> str:
    """A subject without our [TK-…]."""
    return " ".join(MARK.sub(" ", subject).split())


def _plain(text: str) -> str:
    """Full-width digits and dashes as phones write them. A long vowel is a dash only between letters and digits."""
    return DASH.sub("-", unicodedata.normalize("NFKC", text[:SEARCHED]))
