"""採番: what stands on papers says by its letters which kind of paper it is."""

from __future__ import annotations

from akinai.core.numbering import PREFIXES


def test_no_two_kinds_of_papers_share_their_letters() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
