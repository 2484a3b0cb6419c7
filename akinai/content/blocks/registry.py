"""ブロックの登録: other parts of the room (アンケート, 動画) bring blocks of their own.

Registered in `AppConfig.ready()` or when the part's module is read, before the first page is opened. A block that needs
data for many of its kind gives `collect`; see `content.goods`.
"""

from __future__ import annotations

from typing import Any

from wagtail import blocks

_added: dict[str, blocks.Block] = {}


class Blocks(blocks.StreamBlock):
    """本文 with the blocks that were registered, whenever that was."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__(local_blocks, **kwargs)
        _bodies.append(self)
        for name, block in _added.items():
            self._take(name, block)

    def _take(self, name: str, block: blocks.Block) -> None:
        block.set_name(name)
        self.child_blocks[name] = block


_bodies: list[Blocks] = []


def add(name: str, block: blocks.Block) -> None:
    """`name` is what is kept in the pages: it never changes again. The same name twice is an error of ours."""
    if name in _added or any(name in body.child_blocks for body in _bodies):
        raise ValueError(f"block {name} is registered twice")
    _added[name] = block
    for body in _bodies:
        body._take(name, block)
