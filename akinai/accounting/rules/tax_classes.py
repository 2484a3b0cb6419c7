"""税区分: our codes and what they are called here. s = 売上, r = 売上の返還, p = 仕入; p10_70 = 経過措置 70 % 控除. Pure."""

from __future__ import annotations

SORTS = {"s": "課税売上", "r": "課税売上の返還", "p": "課税仕入"}
# Every code that the posting rules can give a line.
CODES = (
    "s10", "s8", "s0", "r10", "r8", "r0", "p10", "p8", "p0",
    *(f"p{rate}_{percent}" for percent in (80, 70, 50, 30, 0) for rate in (10, 8)),
)  # fmt: skip


def parts(code: str) -> tuple[str, int, int]:
    """(sort, rate, deductible percent). Nothing: ('', 0, 100)."""
    if not code:
        return "", 0, 100
    rate, _, percent = code[1:].partition("_")
    return code[0], int(rate), int(percent or 100)


def name_of(code: str) -> str:
    """課税売上 8%（軽）, 課税仕入 10%（70%控除）; empty for 対象外."""
    sort, rate, percent = parts(code)
    if not sort:
        return ""
    if rate == 0:
        return "非課税・対象外"
    return f"{SORTS[sort]} {rate}%{'（軽）' if rate == 8 else ''}{f'（{percent}%控除）' if percent < 100 else ''}"
