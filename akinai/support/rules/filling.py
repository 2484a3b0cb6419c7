"""定型文を埋める: words in braces become what the live order says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FIELD = re.compile(r"[{｛]([^{}｛｝\n]{1,30})[}｝]")


@dataclass(frozen=True, slots=True)
class Filled:
    """埋めた文. What could not be filled stays in its braces: `missing` is known but empty, `unknown` is no field."""

    text: str
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.unknown

    @property
    def doubts(self) -> list[str]:
        """Why it cannot be sent, in Japanese sentences."""
        told = [f"{{{name}}} に入れるものがありません。" for name in self.missing]
        return [*told, *(f"{{{name}}} という項目はありません。" for name in self.unknown)]


def fields(text: str) -> list[str]:
    """Names in braces, in their order, without doubles."""
    return list(dict.fromkeys(name.strip() for name in _FIELD.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Fill what is known and not empty. A value is put in as it is: braces inside it are never filled again."""
    named = fields(text)
    missing = tuple(name for name in named if name in values and not values[name].strip())
    unknown = tuple(name for name in named if name not in values)

    def put(found: re.Match[str]) -> str:
        name = found.group(1).strip()
        return values.get(name, "").strip() or f"{{{name}}}"

    return Filled(_FIELD.sub(put, text), missing, unknown)
