"""在庫の出し方 and 違いの原因: numbers in, numbers out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.channels.drift import Cause, cause_of
from akinai.channels.sharing import Offer, share_out

offers = st.lists(
    st.builds(
        Offer, channel=st.integers(1, 6), priority=st.integers(1, 3), buffer=st.integers(0, 5),
        cap=st.none() | st.integers(0, 30), last_units=st.integers(0, 10),
    ),
    unique_by=lambda offer: offer.channel, max_size=6,
)  # fmt: skip


def test_plenty_is_shown_everywhere_less_each_buffer_up_to_the_cap() -> None:
    found = share_out(50, [Offer(1, 1), Offer(2, 2, buffer=3), Offer(3, 3, cap=20, last_units=5)])
    assert found == {1: 50, 2: 47, 3: 20}


def test_the_last_pieces_are_shown_by_the_first_channel_alone() -> None:
    wanted = [Offer(1, 20, last_units=3), Offer(2, 10, last_units=3), Offer(3, 20, last_units=2)]
    assert share_out(3, wanted) == {1: 0, 2: 3, 3: 3}
    assert share_out(2, wanted) == {1: 0, 2: 2, 3: 0}


@given(free=st.integers(-5, 60), wanted=offers)
def test_no_channel_ever_shows_more_than_is_free_nor_less_than_nothing(
    free: int, wanted: list[Offer]
) -> None:
    found = share_out(free, wanted)
    assert set(found) == {offer.channel for offer in wanted}
    assert all(0 <= pieces <= max(free, 0) for pieces in found.values())


@given(free=st.integers(0, 60), wanted=offers)
def test_the_first_channel_always_shows_what_its_buffer_leaves(free: int, wanted: list[Offer]) -> None:
    if wanted:
        first = min(wanted, key=lambda offer: (offer.priority, offer.channel))
        most = free if first.cap is None else first.cap
        assert share_out(free, wanted)[first.channel] == min(max(free - first.buffer, 0), most)


@pytest.mark.parametrize(
    ("mall", "ours", "sent", "before", "cause"),
    [
        (5, 5, None, None, None),
        (5, 5, 9, 8, None),
        (5, 7, None, None, Cause.NEVER_SENT),
        (5, 3, 5, 8, Cause.STALE),
        (8, 5, 5, 8, Cause.NOT_APPLIED),
        (4, 5, 5, 8, Cause.SOLD_THERE),
        (9, 5, 5, 8, Cause.RAISED_THERE),
        (0, 5, 5, None, Cause.SOLD_THERE),
    ],
)
def test_each_difference_has_its_cause(
    mall: int, ours: int, sent: int | None, before: int | None, cause: Cause | None
) -> None:
    assert cause_of(mall=mall, ours=ours, sent=sent, sent_before=before) == cause
