"""What answers may be tied to, as each room offers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Facts:
    """根拠の今の内容: what an answer may speak of, in words that can be compared and shown. `url`: its screen in the office."""

    label: str
    facts: Mapping[str, str]
    url: str = ""


class Ground(Protocol):
    """根拠の種類 (SKU, ページ, 送料表, 決まり): what answers are tied to, so that a change of it asks for the answer."""

    code: str
    title: str

    def choices(self) -> Sequence[tuple[str, str]]:
        """(ref, label) to choose from; none when it is written by hand and found by `find`."""

    def find(self, told: str) -> str:
        """The ref of what a person wrote, "" when there is none."""

    def read(self, refs: Sequence[str]) -> Mapping[str, Facts]:
        """What stands there now, in one or two queries. What is gone is left out."""


_grounds: dict[str, Ground] = {}


def keep_ground(ground: Ground) -> None:
    """A room offers what answers may be tied to (called from its AppConfig.ready)."""
    _grounds[ground.code] = ground


def grounds() -> Mapping[str, Ground]:
    """All kinds of grounds by code."""
    return _grounds
