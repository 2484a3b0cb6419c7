"""在庫の評価: 移動平均, 先入先出, 最終仕入原価. Pure; a life of movements in, pieces and yen out.

Values are kept to four decimals. Whoever leaves last takes what is left, so an empty shelf is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.0001")
ZERO = Decimal(0)
METHODS = {"average": "移動平均法", "fifo": "先入先出法", "last": "最終仕入原価法"}


def settled(amount: Decimal) -> Decimal:
    """Four decimals, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Move:
    """One movement of one SKU. `told` is the value its paper tells (a receipt's, an original's), None where the shelf decides.

    `pieces` 0 is value alone. `reverses` names the move that is taken back; `is_receipt` sets the last cost.
    """

    id: int
    pieces: int
    told: Decimal | None = None
    reference: str = ""
    reverses: int = 0
    is_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Worth:
    """残高: pieces and their value."""

    pieces: int = 0
    value: Decimal = ZERO

    @property
    def average(self) -> Decimal | None:
        """移動平均原価; None with nothing there."""
        return settled(self.value / self.pieces) if self.pieces else None

    @property
    def whole_yen(self) -> int:
        """Whole yen, half a yen up."""
        return int(self.value.to_integral_value(ROUND_HALF_UP))


def change(worth: Worth, pieces: int, told: Decimal | None, guess: Decimal = ZERO) -> Decimal:
    """移動平均: the value that a movement brings (＋) or takes (－).

    In: what the paper tells, else the present average, else `guess` a piece. Out: what the paper tells while the rest keeps
    a value, else the average; the last piece takes all that is left.
    """
    if pieces >= 0:
        unit = worth.value / worth.pieces if worth.pieces else guess
        return settled(pieces * unit) if told is None else settled(told)
    left = worth.pieces + pieces
    if left <= 0:
        return -worth.value
    if told is not None and worth.value + told > 0:
        return settled(told)
    return settled(worth.value / worth.pieces * pieces)


def average(moves: Iterable[Move]) -> Worth:
    """移動平均法 over a whole life, for those who want to check the ledger."""
    worth, gave = Worth(), dict[int, Decimal]()
    for move in moves:
        told = -gave[move.reverses] if move.reverses in gave else move.told
        value = settled(told or ZERO) if not move.pieces else change(worth, move.pieces, told)
        gave[move.id] = value
        worth = Worth(worth.pieces + move.pieces, worth.value + value)
    return worth


@dataclass(slots=True)
class Layer:
    """What one receipt left on the shelf."""

    id: int
    pieces: int
    value: Decimal
    reference: str


@dataclass(slots=True)
class _Shelf:
    layers: list[Layer] = field(default_factory=list)
    taken: dict[int, Decimal] = field(default_factory=dict)
    last_unit: Decimal = ZERO

    def put(self, move: Move) -> None:
        back = self.taken.pop(move.reverses, None)
        value = move.told if move.told is not None else move.pieces * self.last_unit
        layer = Layer(move.id, move.pieces, settled(value if back is None else back), move.reference)
        # What comes back had left first, so it lies in front again.
        self.layers.insert(0 if back is not None else len(self.layers), layer)
        self.last_unit = layer.value / layer.pieces

    def take(self, move: Move) -> None:
        need, gone = -move.pieces, ZERO
        own = [layer for layer in self.layers if layer.id == move.reverses]
        for layer in [*own, *(layer for layer in self.layers if layer not in own)]:
            pieces = min(need, layer.pieces)
            value = layer.value if pieces == layer.pieces else settled(layer.value / layer.pieces * pieces)
            layer.pieces, layer.value = layer.pieces - pieces, layer.value - value
            need, gone = need - pieces, gone + value
            if not need:
                break
        self.taken[move.id] = gone
        self.layers = [layer for layer in self.layers if layer.pieces]

    def load(self, move: Move) -> None:
        """Freight or a correction: on the layers of its paper, else on all that lie there, by pieces."""
        on = [layer for layer in self.layers if layer.reference == move.reference] or self.layers
        total, rest = sum(layer.pieces for layer in on), settled(move.told or ZERO)
        for layer in on:
            share = settled(rest * layer.pieces / total) if total else ZERO
            layer.value, rest, total = layer.value + share, rest - share, total - layer.pieces


def fifo(moves: Iterable[Move]) -> Worth:
    """先入先出法: what came first leaves first, so what lies there is what came last."""
    shelf = _Shelf()
    for move in moves:
        act = shelf.put if move.pieces > 0 else shelf.take if move.pieces < 0 else shelf.load
        act(move)
    return Worth(
        sum(layer.pieces for layer in shelf.layers), sum((layer.value for layer in shelf.layers), ZERO)
    )


def last_cost(moves: Sequence[Move]) -> Worth:
    """最終仕入原価法: all that lies there at the cost of the newest receipt that stands."""
    undone = {move.reverses for move in moves if move.reverses}
    pieces, unit = 0, ZERO
    for move in moves:
        pieces += move.pieces
        if move.is_receipt and move.pieces > 0 and move.told is not None and move.id not in undone:
            unit = move.told / move.pieces
    return Worth(pieces, settled(pieces * unit))
