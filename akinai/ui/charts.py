"""Charts drawn on the server (図): plain SVG, coloured by the page's CSS, printable, no script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from akinai.ui import formats

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 200, 48, 24, 12
type Form = Callable[[int], str]
FORMS: dict[str, Form] = {"yen": formats.yen, "number": formats.number}


@dataclass(frozen=True, slots=True)
class Scale:
    """From 0 to a round number above the largest value."""

    top: int
    step: int

    def y(self, value: int) -> float:
        usable = HEIGHT - TOP - BOTTOM
        return round(HEIGHT - BOTTOM - usable * max(value, 0) / self.top, 2)


def scale_for(largest: int) -> Scale:
    """2 to 5 lines at 1, 2 or 5 times a power of ten."""
    if largest <= 0:
        return Scale(1, 1)
    magnitude = 10 ** (len(str(largest)) - 1)
    step = next(
        m * magnitude // 10 or 1 for m in (2, 5, 10, 20, 50) if largest <= 5 * (m * magnitude // 10 or 1)
    )
    return Scale(-(-largest // step) * step, step)


def bar_chart(
    rows: Sequence[tuple[str, int]], *, form: str = "number", label: str = "", width: int = WIDTH
) -> SafeString:
    """Upright bars with a grid; each bar tells its value on hover and to screen readers. Empty rows draw nothing."""
    if not rows:
        return SafeString("")
    scale = scale_for(max(value for _, value in rows))
    show = FORMS[form]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT, width, y, y, LEFT - 8, y + 4, short(value, form)) for value in range(0, scale.top + 1, scale.step)
         for y in (scale.y(value),)),
    )  # fmt: skip
    bars = format_html_join(
        "", "{}", ((_bar(i, row, len(rows), scale, show, width),) for i, row in enumerate(rows))
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width, HEIGHT, label or "棒グラフ", grid, bars,
    )  # fmt: skip


def _bar(index: int, row: tuple[str, int], count: int, scale: Scale, show: Form, whole: int) -> SafeString:
    slot = (whole - LEFT) / count
    width = min(slot * 0.62, 40)
    x = LEFT + slot * (index + 0.5) - width / 2
    y = scale.y(row[1])
    height = max(HEIGHT - BOTTOM - y, 0)
    # Every label where there is room, else every n-th.
    every = max(1, -(-count * 46 // (whole - LEFT)))
    text = row[0] if index % every == 0 else ""
    return format_html(
        '<g class="bar"><title>{} {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text></g>',
        row[0], show(row[1]), round(x, 1), round(y, 1), round(width, 1), round(height, 1), round(x + width / 2, 1),
        HEIGHT - 6, text,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A bar with what it is compared with: `before` (a mark across, 前年) and `aim` (a dashed one, 目標); None for neither."""

    label: str
    value: int
    before: int | None = None
    aim: int | None = None
    before_word: str = "前年"


def compare_chart(
    rows: Sequence[Compared], *, form: str = "yen", label: str = "", width: int = WIDTH
) -> SafeString:
    """Bars of this time beside pale ones of last time, with a dash for the aim. Empty rows draw nothing."""
    if not rows:
        return SafeString("")
    scale = scale_for(max(max(row.value, row.before or 0, row.aim or 0) for row in rows))
    show = FORMS[form]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT, width, y, y, LEFT - 8, y + 4, short(value, form)) for value in range(0, scale.top + 1, scale.step)
         for y in (scale.y(value),)),
    )  # fmt: skip
    bars = format_html_join(
        "", "{}", ((_compared(at, row, len(rows), scale, show, width),) for at, row in enumerate(rows))
    )
    return format_html(
        '<svg class="chart compare" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width, HEIGHT, label or "比較の棒グラフ", grid, bars,
    )  # fmt: skip


def _compared(index: int, row: Compared, count: int, scale: Scale, show: Form, whole: int) -> SafeString:
    slot = (whole - LEFT) / count
    width = min(slot * 0.4, 26)
    left, middle = LEFT + slot * index, LEFT + slot * (index + 0.5)
    every = max(1, -(-count * 46 // (whole - LEFT)))
    told = f"{row.label} {show(row.value)}"
    told += f" {row.before_word} {show(row.before)}" if row.before is not None else ""
    told += f" 目標 {show(row.aim)}" if row.aim is not None else ""
    return format_html(
        '<g class="bar"><title>{}</title>{}{}{}<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text></g>',
        told, _upright("before", middle - width, row.before or 0, width, scale) if row.before is not None else "",
        _upright("now", middle if row.before is not None else middle - width / 2, row.value, width, scale),
        format_html('<line class="aim" x1="{}" x2="{}" y1="{}" y2="{}"/>', round(left + slot * 0.05, 1),
                    round(left + slot * 0.95, 1), scale.y(row.aim), scale.y(row.aim)) if row.aim is not None else "",
        round(middle, 1), HEIGHT - 6, row.label if index % every == 0 else "",
    )  # fmt: skip


def _upright(name: str, x: float, value: int, width: float, scale: Scale) -> SafeString:
    y = scale.y(value)
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
        name, round(x, 1), y, round(width, 1), max(round(HEIGHT - BOTTOM - y, 2), 0),
    )  # fmt: skip


def short(value: int, form: str = "number") -> str:
    """12万 · 3億 for axes, as Japanese charts are read."""
    for unit, word in ((10**8, "億"), (10**4, "万")):
        if value >= unit:
            return f"{value / unit:g}{word}"
    return FORMS[form](value)


def spark(values: Sequence[int], *, label: str = "") -> SafeString:
    """A small line of values, 96 by 24."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    span = (high - low) or 1
    points = [
        (round(2 + 92 * i / (len(values) - 1), 1), round(21 - 18 * (value - low) / span, 1))
        for i, value in enumerate(values)
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 96 24" role="img" aria-label="{}"><polygon class="area" points="2,23 {} 94,23"/>'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        label or "推移", line, line, *points[-1],
    )  # fmt: skip


def progress(done: int, total: int, *, tone: str = "", label: str = "") -> SafeString:
    """A bar of done / total. The width is an SVG attribute, which the CSP allows."""
    share = 0.0 if total <= 0 else min(max(done / total, 0.0), 1.0)
    return format_html(
        '<span class="progress" data-tone="{}"><svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" '
        'aria-label="{} {}/{}"><rect class="track" width="100" height="4"/><rect width="{}" height="4"/></svg>'
        '<span class="progress-text">{}</span></span>',
        tone, label, done, total, round(share * 100, 1), label or f"{done:,} / {total:,}",
    )  # fmt: skip
