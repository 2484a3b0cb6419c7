"""送料表 as a page shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from akinai.shipping.fee_rules import Table

COLD = (("", "常温"), ("chilled", "冷蔵"), ("frozen", "冷凍"))


@dataclass(frozen=True, slots=True)
class FeeColumns:
    """送料表: titles of the temperatures that are sent, rows of (region, places, amounts or None)."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[int | None, ...]], ...]
    steps: tuple[tuple[int | None, int], ...] = ()


def fee_columns(fees: Table | None) -> FeeColumns | None:
    """None where no table is in force."""
    if fees is None or not fees.fees:
        return None
    sent = [(key, title) for key, title in COLD if any(key in fee.yen for fee in fees.fees)]
    rows = tuple(
        (fee.region, _places(fee.region, sorted(fee.prefectures, key=_order)), tuple(fee.yen.get(key) for key, _ in sent))
        for fee in fees.fees
    )  # fmt: skip
    return FeeColumns(tuple(title for _, title in sent), rows, tuple(fees.cod))


def _places(region: str, prefectures: Sequence[str]) -> str:
    """The prefectures, where the region's name does not say it."""
    if len(prefectures) == 47 or (len(prefectures) == 1 and prefectures[0].startswith(region)):
        return ""
    return "・".join(
        name.removesuffix("県").removesuffix("府") if name != "京都府" else "京都" for name in prefectures
    )


def _order(name: str) -> int:
    from akinai.core.postal import PREFECTURES

    return PREFECTURES.index(name) if name in PREFECTURES else 99
