"""のし・ラッピング: what a clerk chooses for one line, in words and in yen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

NOSHI = {
    "": "のしなし", "cho": "蝶結び（紅白・何度あってもよいお祝い）", "musubi10": "結び切り（紅白10本・結婚）", "musubi5": "結び切り（紅白5本・快気・お見舞い）",
    "kiji": "結び切り（黒白・弔事）", "ki": "結び切り（黄白・関西の弔事）", "plain": "水引なし（のし紙だけ）",
}  # fmt: skip
SIDES = {"outer": "外のし", "inner": "内のし"}
OMOTE = ("御祝", "内祝", "御礼", "御歳暮", "御中元", "御年賀", "寿", "快気祝", "志", "御供", "粗供養")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option as it was priced when it was chosen."""

    name: str
    yen: int
    count: int

    @property
    def total_yen(self) -> int:
        return self.yen * self.count


@dataclass(frozen=True, slots=True)
class Gift:
    """のし・ラッピング of one line. `message`: the text of the card."""

    noshi: str = ""
    side: str = "outer"
    omote: str = ""
    name: str = ""
    options: tuple[Chosen, ...] = field(default=())
    message: str = ""

    @property
    def yen(self) -> int:
        return sum(one.total_yen for one in self.options)

    def to_json(self) -> dict[str, Any]:
        """As it is kept on the line; {} for nothing."""
        return asdict(self) | {"options": [asdict(one) for one in self.options]} if self != Gift() else {}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Gift:
        """The gift of what a line keeps."""
        known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        known["options"] = tuple(Chosen(**one) for one in kept.get("options", ()))
        return cls(**known)

    def words(self, *, with_message: bool = True) -> str:
        """「外のし 蝶結び（…） 表書き「御礼」 名入れ「佐藤」 / 包装紙 × 2 / カード「…」」, "" for nothing."""
        noshi = " ".join(
            filter(None, (
                SIDES.get(self.side, "") if self.noshi else "", NOSHI.get(self.noshi, self.noshi) if self.noshi else "",
                f"表書き「{self.omote}」" if self.omote else "", f"名入れ「{self.name}」" if self.name else "",
            ))
        )  # fmt: skip
        wrapped = "・".join(f"{one.name} × {one.count}" for one in self.options)
        card = f"カード「{self.message}」" if self.message and with_message else ""
        return " / ".join(filter(None, (noshi, wrapped, card)))


class Line(Protocol):
    """受注明細, as far as its gift is told."""

    @property
    def line_no(self) -> int: ...
    @property
    def gift(self) -> Any: ...


def told(note: str, lines: Iterable[Line], *, with_message: bool = True) -> str:
    """のし・ラッピング of an order: what the buyer wrote, then line by line; "" for nothing."""
    of_lines = [
        f"{line.line_no}. {words}" for line in lines if line.gift and (words := Gift.of(line.gift).words(with_message=with_message))
    ]  # fmt: skip
    return "\n".join(filter(None, (note.strip(), *of_lines)))


def charged(lines: Iterable[Line]) -> int:
    """What the chosen options of these lines cost together: as much as that the ラッピング料 of their order is at least."""
    return sum(Gift.of(line.gift).yen for line in lines if line.gift)


def is_gift(note: str, lines: Sequence[Line]) -> bool:
    """Is anything of the order a present?"""
    return bool(note.strip()) or any(line.gift for line in lines)
