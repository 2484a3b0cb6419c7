"""出荷報告ファイルの共通部分: what every mall refuses, and the cut into what is in the file and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.shipping.telling_ports import Shipped

NO_NUMBER = "送り状番号がありません。出荷の画面で番号を登録してください。"


def left_out_without_number(shipped: Sequence[Shipped]) -> dict[str, str]:
    """Shipments whose parcels have no number, which the mall would refuse."""
    return {one.reference: NO_NUMBER for one in shipped if not one.numbers}


def unknown_carrier(shipped: Sequence[Shipped], codes: Mapping[str, str], *, where: str) -> dict[str, str]:
    """Shipments of a carrier that the mall's list does not know."""
    return {
        one.reference: f"運送会社「{one.carrier_name}」のコードが{where}にありません。{where}の画面で登録してください。"
        for one in shipped
        if one.carrier not in codes
    }


def rest(shipped: Sequence[Shipped], left_out: Mapping[str, str]) -> list[Shipped]:
    """What the file holds."""
    return [one for one in shipped if one.reference not in left_out]
