"""What shipping asks of the malls' doors (モールへの出荷報告): parcels out, refusals in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """出荷した明細 under the mall's own line number."""

    line_no: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipped:
    """出荷の報告 1 件."""

    reference: str  # our shipment number
    order_no: str  # the mall's order number
    carrier: str  # "yamato", "sagawa", "japanpost", …
    carrier_name: str  # ヤマト運輸
    numbers: tuple[str, ...]  # 送り状番号, digits only
    shipped_on: date
    ship_to_id: str = ""  # 楽天 送付先ID, EC-CUBE 出荷ID
    lines: tuple[ShippedLine, ...] = ()
    tracking_url: str = ""


@dataclass(frozen=True, slots=True)
class TellingFile:
    """The file for the mall. `left_out`: our shipment number → why it is not in the file, with the way out."""

    data: bytes
    left_out: Mapping[str, str] = field(default_factory=dict)


class TellingDoor(Protocol):
    """モールの出荷報告ファイル. `code` is the kind of the channels it serves."""

    code: str
    title: str
    filename: str  # with {day}
    media_type: str
    upload_hint: str
    most: int  # shipments in one file, 0 = no limit known
    is_awaited: bool  # the mall asks to be told of every parcel; else only what is chosen is written

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        """Every shipment that the mall can take; the rest is told."""
        ...


TELLING: dict[str, TellingDoor] = {}


def register_telling(door: TellingDoor) -> None:
    """Bring a door into use (called from akinai.adapters.apps.ready)."""
    TELLING[door.code] = door
