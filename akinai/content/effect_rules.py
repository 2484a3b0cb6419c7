"""閲覧の見分け方: who is a program, where a visitor comes from, what he looks through, and how an order's yen are shared. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from akinai.core.tax import share

SOURCES = {
    "direct": "直接", "search": "検索", "social": "SNS", "mail": "メール", "ad": "広告", "site": "ほかのサイト",
}  # fmt: skip
DEVICES = {"phone": "スマートフォン", "tablet": "タブレット", "pc": "パソコン"}
# Where nobody reads, or where an address would say who somebody is.
PRIVATE = (
    "/office/", "/cms/", "/accounts/", "/mypage/", "/checkout/", "/pay/", "/receipts/", "/webhooks/", "/media/", "/static/", "/documents/", "/b/",
)  # fmt: skip
# Steps of buying: counted as pages, but nothing there has talked anybody into buying.
BUYING = ("/cart/",)
PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|preview|headless|lighthouse|monitor|uptime|curl|wget|python|java/|go-http|axios|node|phantom|scan", re.I
)  # fmt: skip
SEARCH = re.compile(r"(^|\.)(google|bing|yahoo|duckduckgo|ecosia|baidu|yandex|goo|naver)\.", re.I)
SOCIAL = re.compile(
    r"(^|\.)(x|twitter|t|facebook|instagram|line|pinterest|tiktok|youtube|threads|note|hatena|reddit|linkedin)\.(com|co|me|jp|net|ne\.jp)$", re.I
)  # fmt: skip
MAIL = re.compile(r"(^|\.)(mail|outlook|webmail)\.", re.I)
ADS = {"cpc", "ppc", "ad", "ads", "paid", "display", "banner", "affiliate", "retargeting"}
MAILS = {"email", "mail", "mailmag", "newsletter", "step"}
SOCIALS = {"social", "sns", "line"}


def is_program(agent: str) -> bool:
    """ロボット by its own word; nobody's browser says nothing."""
    return len(agent) < 20 or bool(PROGRAMS.search(agent))


def is_private(path: str) -> bool:
    """Never counted."""
    return not path.startswith("/") or path.startswith(PRIVATE) or len(path) > 200


def device_of(agent: str) -> str:
    if re.search(r"iPad|Tablet|Android(?!.*Mobile)", agent):
        return "tablet"
    return "phone" if re.search(r"Mobi|iPhone|Android", agent) else "pc"


def source_of(referrer: str, query: str, own_host: str) -> tuple[str, str]:
    """(流入元, キャンペーン) of a page view. What the address says by utm_ counts more than the page it came from."""
    told = parse_qs(query[:2000].lstrip("?"), max_num_fields=40)
    medium, name = (told.get(f"utm_{key}", [""])[0].strip().lower() for key in ("medium", "source"))
    campaign = (told.get("utm_campaign", [""])[0].strip() or name)[:60].replace("\0", "")
    if medium or name:
        return _by_medium(medium, name), campaign
    host = (_host(referrer) or "").lower()
    if not host or host == own_host.partition(":")[0].lower():
        return "direct", ""
    kind = next(
        (
            word
            for word, known in (("mail", MAIL), ("search", SEARCH), ("social", SOCIAL))
            if known.search(host)
        ),
        "site",
    )
    return kind, ""


def _by_medium(medium: str, name: str) -> str:
    if medium in ADS or medium.startswith("paid"):
        return "ad"
    if medium in MAILS:
        return "mail"
    if medium in SOCIALS or SOCIAL.search(f"{name}.com"):
        return "social"
    return "search" if medium == "organic" else "site"


def _host(referrer: str) -> str | None:
    try:
        return urlsplit(referrer[:500]).hostname
    except ValueError:
        return None


def shares(paths: Sequence[str], yen: int) -> list[tuple[str, int, int]]:
    """貢献 (page, place, yen) of the pages seen before an order, in the order in which they were first seen: 40 % to the first,
    40 % to the last, the rest evenly to those between; of two each has half. The parts add up exactly."""
    seen = [path for path in dict.fromkeys(paths) if not path.startswith(BUYING)]
    if not seen:
        return []
    between = len(seen) - 2
    weights = [1] * len(seen) if between <= 0 else [2 * between, *[1] * between, 2 * between]
    return [
        (path, at, part) for at, (path, part) in enumerate(zip(seen, share(yen, weights), strict=True), 1)
    ]


def ratio(part: int | None, whole: int | None) -> float | None:
    """% with one place, None where there is nothing to measure."""
    return round((part or 0) * 100 / whole, 1) if whole else None


def kind_of(path: str, starts: Mapping[str, str]) -> str:
    """種類 of a page by the beginning of its address."""
    return next(
        (kind for start, kind in starts.items() if path.startswith(start)), "home" if path == "/" else "other"
    )
