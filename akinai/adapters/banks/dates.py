"""Dates as banks write them (日付): with or without a year, western or 和暦. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_SEP = r"\s*[/.\-年]\s*"
_TIME = r"(?:[\sT].*)?"
_WESTERN = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}})\s*[/.\-月]\s*(\d{{1,2}})日?{_TIME}")
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_TIME}")
_ERA = re.compile(
    rf"(令和|平成|R|H)\.?\s*(元|\d{{1,2}}){_SEP}(\d{{1,2}})\s*[/.\-月]\s*(\d{{1,2}})日?{_TIME}", re.IGNORECASE
)
_NO_YEAR = re.compile(r"(\d{1,2})\s*[/.\-月]\s*(\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Period:
    """照会期間, both ends included."""

    since: date
    until: date


def read_date(text: str, *, period: Period | None = None, year: int | None = None) -> date:
    """A bank's date. One without a year takes it from the period, else from `year`.

    Raises ValueError with a Japanese reason: no such day, no year to be had, or two possible years.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _WESTERN.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _ERA.fullmatch(plain):
        count = 1 if found[2] == "元" else int(found[2])
        return _day(_ERAS[found[1].upper()] + count, int(found[3]), int(found[4]), text)
    if found := _NO_YEAR.fullmatch(plain):
        return _with_year(int(found[1]), int(found[2]), text, period, year)
    raise ValueError(f"「{text}」を日付として読めません。")


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"「{text}」という日はありません。") from None


def _with_year(month: int, day: int, text: str, period: Period | None, year: int | None) -> date:
    if period is None:
        if year is None:
            raise ValueError(
                f"「{text}」に年がなく、ファイルにも期間がありません。"
                "取込のときに年を指定してください（コマンドでは --option year=西暦）。"
            )
        return _day(year, month, day, text)
    possible = []
    for candidate in range(period.since.year, period.until.year + 1):
        try:
            on = date(candidate, month, day)
        except ValueError:  # 2月29日 of another year
            continue
        if period.since <= on <= period.until:
            possible.append(on)
    if len(possible) == 1:
        return possible[0]
    why = "に収まりません" if not possible else "では2通りの年になります"
    raise ValueError(
        f"「{text}」は期間 {period.since:%Y/%m/%d}〜{period.until:%Y/%m/%d} {why}。期間を1年以内にしてください。"
    )


def period_of_year(texts: Iterable[str], year: int) -> Period | None:
    """期間 that gives dates without a year theirs, when a person says `year`. None when the year is simply that one.

    A file over the turn of the year holds months of both ends and none of the middle; `year` is then the later one.
    """
    found = (_NO_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip()) for text in texts)
    months = {int(each[1]) for each in found if each}
    if months & {10, 11, 12} and months & {1, 2, 3} and not months & {5, 6, 7, 8}:
        return Period(date(year - 1, 7, 1), date(year, 6, 30))
    return None


_DATES = re.compile(
    r"\d{4}\s*[/.\-年]\s*\d{1,2}\s*[/.\-月]\s*\d{1,2}日?|(?:令和|平成|R|H)\.?\s*(?:元|\d{1,2})\s*[/.\-年]\s*\d{1,2}\s*[/.\-月]\s*\d{1,2}日?"
    r"|(?<!\d)20\d{6}(?!\d)"
)


def find_period(lines: list[str]) -> Period | None:
    """The first 期間 in the lines above the header: 「照会期間,2026年4月1日～2026年4月30日」."""
    for line in lines:
        plain = unicodedata.normalize("NFKC", line)
        if "期間" not in plain and "開始日" not in plain and "対象" not in plain:
            continue
        found = _DATES.findall(plain)
        if len(found) >= 2:
            since, until = read_date(found[0]), read_date(found[1])
            if since <= until:
                return Period(since, until)
    return None
