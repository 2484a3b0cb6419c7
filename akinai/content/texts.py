"""ページのことば: every text of a page with the place where an editor finds it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.rich_text import RichText

_BREAK = re.compile(r"</(p|li|h\d|tr|div|blockquote)>|<(br|hr)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
NAMES = {"title": "題名", "seo_title": "検索結果の見出し", "search_description": "検索結果の説明"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, the field it belongs to, and the place in words (本文 3 番目「商品をひとつ」の おすすめのことば)."""

    field: str
    place: str
    text: str


def plain(markup: str) -> str:
    """Rich text as it is read: a word that is half bold is still one word."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).strip()


def of_page(page: Any) -> list[Passage]:
    """Every text of a page as it stands."""
    return of_values(page, {name: getattr(page, name) for name in page.said})


def of_values(page: Any, values: Mapping[str, Any]) -> list[Passage]:
    """The same of what somebody is about to save."""
    return [one for name in page.said for one in _of_field(page, name, values.get(name)) if one.text.strip()]


def _of_field(page: Any, name: str, value: Any) -> Iterator[Passage]:
    label = NAMES.get(name) or str(page._meta.get_field(name).verbose_name)
    if isinstance(value, blocks.StreamValue):
        for nth, child in enumerate(value, 1):
            place = f"{label} {nth} 番目「{child.block.label}」"
            for inner, text in _inside(child.block, child.value, ""):
                yield Passage(name, f"{place}の {inner}" if inner else place, text)
    elif isinstance(value, str):
        yield Passage(name, label, value)


def _inside(block: blocks.Block, value: Any, place: str) -> Iterator[tuple[str, str]]:
    """(place inside the block, text), whatever blocks are nested in it."""
    if isinstance(value, RichText):
        yield place, plain(value.source)
    elif isinstance(value, blocks.StreamValue):
        for nth, child in enumerate(value, 1):
            yield from _inside(child.block, child.value, _join(place, f"{nth} 番目「{child.block.label}」"))
    elif isinstance(value, blocks.StructValue):
        for name, child in value.block.child_blocks.items():
            yield from _inside(child, value.get(name), _join(place, str(child.label)))
    elif isinstance(value, blocks.list_block.ListValue):
        for nth, child in enumerate(value.bound_blocks, 1):
            yield from _inside(child.block, child.value, _join(place, f"{nth} 番目"))
    elif isinstance(value, str) and isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
        yield place, value


def _join(place: str, inner: str) -> str:
    return f"{place} {inner}".strip()


def walk(value: Any, block: blocks.Block | None = None) -> Iterator[tuple[blocks.Block, Any]]:
    """Every (block, value) of a stream, a struct or a list, the outer before the inner."""
    if block is not None:
        yield block, value
    if isinstance(value, blocks.StreamValue):
        for child in value:
            yield from walk(child.value, child.block)
    elif isinstance(value, blocks.StructValue):
        if block is None:
            yield value.block, value
        for name, child in value.block.child_blocks.items():
            yield from walk(value.get(name), child)
    elif isinstance(value, blocks.list_block.ListValue):
        for child in value.bound_blocks:
            yield from walk(child.value, child.block)
