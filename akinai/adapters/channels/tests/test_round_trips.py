"""What a writer writes, its door reads back: every field that the mall's file can carry."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.adapters.channels.tests import doors
from akinai.adapters.channels.tests.cast import SATO, Can, drafts, order
from akinai.adapters.channels.tests.doors import DOORS, Door
from akinai.orders.ports import TOLD, Address, OrderDraft

CAN = {
    "rakuten": Can(wrapping=True),
    "shopify": Can(points=False, cod_fee=False, fee=False),
    "amazon": Can(points=False, discount=False, cod_fee=False, fee=False, prices=False),
    "yahoo": Can(wrapping=True),
    "eccube": Can(),
    "base": Can(points=False, discount=False, fee=False),
}
LOST = {  # what the file has no column for
    "rakuten": (),
    "shopify": ("kana", "channel_line_no", "options", "tax_rate"),
    "amazon": ("ship_phone", "kana", "buyer_place", "one_line", "flat_note", "settled", "slot_needs_day"),
    "yahoo": (),
    "eccube": ("one_line", "note", "settled"),
    "base": ("kana", "one_line", "channel_line_no"),
}


def carried(draft: OrderDraft, lost: tuple[str, ...]) -> OrderDraft:
    """The draft without places in files, verbatim columns, and what is lost on the way."""
    lines = tuple(replace(line, raw={}, source_line=0, tax_rate_is=TOLD) for line in draft.lines)
    draft = replace(draft, lines=lines, raw={}, source_file="", source_line=0, taxes=(), ship_to_id="")
    draft = replace(
        draft, buyer=_place(draft.buyer, lost), ship_to=_place(replace(draft.ship_to, email=""), lost)
    )
    if "buyer_place" in lost:
        draft = replace(
            draft, buyer=Address(name=draft.buyer.name, phone=draft.buyer.phone, email=draft.buyer.email)
        )
    if "ship_phone" in lost:
        draft = replace(draft, ship_to=replace(draft.ship_to, phone=""))
    if "channel_line_no" in lost:
        draft = replace(draft, lines=tuple(replace(line, channel_line_no="") for line in draft.lines))
    if "tax_rate" in lost:
        draft = replace(draft, lines=tuple(replace(line, tax_rate=10) for line in draft.lines))
    if "flat_note" in lost or "note" in lost:
        draft = replace(draft, customer_note="")
    if "settled" in lost:
        draft = (
            replace(draft, payment_settled=False, payment="", total_yen=0, shipping_yen=0, amounts_known=True)
            if ("flat_note" in lost)
            else replace(draft, payment_settled=False)
        )
    if "slot_needs_day" in lost:
        draft = replace(draft, delivery_slot=draft.delivery_slot if draft.delivery_on else "")
    return draft


def _place(address: Address, lost: tuple[str, ...]) -> Address:
    if "kana" in lost:
        address = replace(address, kana="")
    if "one_line" in lost:
        address = replace(address, city="", line1=address.city + address.line1)
    return address


def _differences(found: OrderDraft, wanted: OrderDraft) -> list[tuple[str, object, object]]:
    names = [item.name for item in fields(OrderDraft)]
    return [
        (n, getattr(found, n), getattr(wanted, n)) for n in names if getattr(found, n) != getattr(wanted, n)
    ]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.code)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_door_reads_what_its_writer_wrote(door: Door, data: st.DataObject) -> None:
    rates = (10,) if door is doors.SHOPIFY else (10, 8)
    wanted = data.draw(
        st.lists(
            drafts(CAN[door.code], rates), min_size=1, max_size=3, unique_by=lambda d: d.channel_order_no
        )
    )
    found = door.read(door.write(wanted))
    assert [issue for draft in found for issue in draft.issues] == []
    lost = LOST[door.code]
    assert len(found) == len(wanted)
    pairs = zip([carried(d, lost) for d in found], [carried(d, lost) for d in wanted], strict=True)
    assert [difference for pair in pairs for difference in _differences(*pair)] == []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.code)
def test_states_of_the_mall_come_through(door: Door) -> None:
    if door is doors.AMAZON:
        pytest.skip("the report lists unshipped orders only")
    states = ["open", "hold", "shipped", "cancelled"]
    wanted = [order(f"N-{at}", mall_status=state) for at, state in enumerate(states)]
    assert [draft.mall_status for draft in door.read(door.write(wanted))] == states


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.code)
def test_each_door_knows_its_own_files_and_no_other(door: Door) -> None:
    tables = door.tables(door.write([order()]))
    assert [other.code for other in DOORS if other.format.matches(tables)] == [door.code]
    assert not door.format.matches([])


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.code)
def test_unknown_columns_are_kept_verbatim(door: Door) -> None:
    files = []
    for data in door.write([order()]):
        grid = door.grid(data)
        grid[0].append("店舗独自の列")
        for row in grid[1:]:
            row.append(" そのまま ")
        files.append(door.bytes(grid))
    (draft,) = door.read(files)
    assert draft.raw["店舗独自の列"] == " そのまま "


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.code)
def test_columns_may_come_in_any_order(door: Door) -> None:
    files = [door.bytes([row[::-1] for row in door.grid(data)]) for data in door.write([order()])]
    (draft,) = door.read(files)
    assert (draft.channel_order_no, draft.ship_to.name, draft.lines[1].sku_code) == (
        "A-1001",
        "小林 一郎",
        "TOWEL-W",
    )
    assert SATO.name in (draft.buyer.name, draft.ship_to.name)
