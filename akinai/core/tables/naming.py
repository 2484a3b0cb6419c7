"""Which column is meant (列名の照合): names without case, spaces and remarks, so that 単価（円） is 単価."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from akinai.core.tables.cells import normal_header

_NOISE = re.compile(
    r"[\s_\-・./:#]|[(（](?:円|税込|税込み|消費税込|税込円|必須|任意|半角|全角|name|yen|jpy|個|名称)[)）]"
)


def fold_name(name: str) -> str:
    """ "Order_No." and "order no" are one; so are 単価（円）, 単価(税込) and 単価."""
    return _NOISE.sub("", normal_header(name).casefold())


def guess_columns(wanted: Mapping[str, Sequence[str]], header: Sequence[str]) -> dict[str, str]:
    """field → column of this header, for fields → names that mean them, best first. Names that fit as written go
    before names that fit folded; a column is used once; nothing else is guessed.
    """
    found: dict[str, str] = {}
    for fold in (str.casefold, fold_name):
        at = {fold(name): name for name in reversed(header) if name not in found.values()}
        for field, names in wanted.items():
            if field in found:
                continue
            for name in names:
                column = at.get(fold(normal_header(name)))
                if column and column not in found.values():
                    found[field] = column
                    break
    return found
