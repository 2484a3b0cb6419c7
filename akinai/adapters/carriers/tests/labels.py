"""A label to vary in tests: one parcel from the shop to 山田太郎."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from akinai.shipping.ports import Label, LabelProblem, Party

TODAY = date(2026, 11, 24)
SHOP = Party(
    "商店あきない", "1000005", "東京都", "千代田区", "丸の内1-9-1", "あきないビル3階", phone="03-1234-5678"
)
YAMADA = Party(
    "山田太郎", "5300001", "大阪府", "大阪市北区", "梅田3丁目1番3号", "梅田マンション502", phone="06-1234-5678", kana="ヤマダタロウ"
)  # fmt: skip


def label(**changes: Any) -> Label:
    """The label with some fields changed; `to` and `sender` may be given as dictionaries of changes."""
    base = Label("SH-2026-000123", YAMADA, SHOP, TODAY, ("りんごジュース 1L",))
    for name, party in (("to", YAMADA), ("sender", SHOP)):
        if isinstance(changes.get(name), dict):
            changes[name] = replace(party, **changes[name])
    return replace(base, **changes)


def fields(problems: tuple[LabelProblem, ...]) -> list[str]:
    return [problem.field for problem in problems]
