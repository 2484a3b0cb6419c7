"""在庫連携と照合: the mall is told what is free, and every number that differs comes to light with its cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from akinai.channels import drift, queries, services
from akinai.channels.drift import Cause
from akinai.channels.intake import MallStockKind
from akinai.channels.models import Channel, DriftAudit, FeedItem, StockFeed
from akinai.core import intake
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock import services as stock_services
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db


def mall() -> Channel:
    return queries.by_code("yahoo")


def export(stock: Mapping[str, int]) -> bytes:
    rows = "".join(f"{code.lower()},,{count},0\n" for code, count in stock.items())
    return f"code,sub-code,quantity,allow-overdraft\n{rows}".encode("cp932")


def compared(stock: Mapping[str, int]) -> DriftAudit:
    """The audit of a mall that shows these numbers."""
    row, plan = intake.preview(
        MallStockKind(), [intake.Upload("quantity.csv", export(stock))], options={}, by=None
    )
    assert not plan.refused, plan.errors
    expected = plan.exceptions
    intake.apply(row, by=None)
    made = DriftAudit.objects.latest("pk")
    assert made.differing == expected
    return made


def causes(audit: DriftAudit) -> dict[str, str]:
    return dict(audit.rows.values_list("item__key", "cause"))


def fed(**stock: int) -> None:
    """A mall that was told these numbers and shows them."""
    for code, count in stock.items():
        cast.sku(code, pieces=count)
    compared(stock)
    services.mark_sent(services.make_feed(mall(), kind="all", by=None), by=None)
    assert causes(compared(stock)) == {}


def test_the_first_export_teaches_the_items_and_the_first_feed_tells_what_is_free() -> None:
    cast.sku("TEA", pieces=10)
    cast.sku("CUP", pieces=2)
    found = compared({"TEA": 4, "CUP": 2, "NEU": 1})
    assert causes(found) == {"tea": Cause.NEVER_SENT, "neu": Cause.UNKNOWN}
    feed = services.make_feed(mall(), by=None)
    assert dict(feed.rows.values_list("item__key", "quantity")) == {"cup": 2, "tea": 10}
    assert b"tea,,10,0" in bytes(feed.data)
    assert FeedItem.objects.get(key="tea").last_sent is None  # written is not yet sent
    services.mark_sent(feed, by=None)
    assert FeedItem.objects.get(key="tea").last_sent == 10


def test_only_what_changed_since_is_told() -> None:
    fed(TEA=10, CUP=2)
    with pytest.raises(DomainError, match="送る在庫はありません"):
        services.make_feed(mall(), by=None)
    cast.place(cast.draft("R-1", ("TEA", 3, 1080)))
    feed = services.make_feed(mall(), by=None)
    assert list(feed.rows.values_list("item__key", "quantity", "was")) == [("tea", 7, 10)]


def test_the_channels_buffer_and_an_items_own_are_kept_back() -> None:
    fed(TEA=10, CUP=2)
    Channel.objects.filter(pk=mall().pk).update(feed_buffer=2)
    services.keep_back([FeedItem.objects.get(key="tea").pk], buffer=5, by=None)
    feed = services.make_feed(mall(), by=None)
    assert dict(feed.rows.values_list("item__key", "quantity")) == {"tea": 5, "cup": 0}


def test_the_last_pieces_go_to_the_channel_that_comes_first() -> None:
    fed(TEA=10)
    other = queries.by_code("amazon")
    Channel.objects.filter(pk=other.pk).update(feed_priority=1)
    Channel.objects.filter(pk=mall().pk).update(feed_last_units=3)
    FeedItem.objects.create(channel=other, key="TEA", keys={"sku": "TEA"}, sku=FeedItem.objects.get().sku)
    cast.place(cast.draft("R-1", ("TEA", 8, 1080)))
    assert services.make_feed(mall(), by=None).rows.get().quantity == 0
    assert services.make_feed(other, by=None).rows.get().quantity == 2


def test_every_cause_is_named_and_the_repair_leaves_out_what_orders_may_explain() -> None:
    fed(STALE=5, SOLD=5, RAISED=5, OLD=5, GONE=5, SAME=5)
    stale = FeedItem.objects.get(key="stale").sku_id
    assert stale
    cast.receive(stale, 4, key="more")
    old = FeedItem.objects.get(key="old").sku_id
    assert old
    cast.receive(old, 2, key="old")
    services.mark_sent(
        services.make_feed(mall(), by=None), by=None
    )  # stale 9, old 7: but the mall took only one
    cast.receive(stale, 1, key="again")
    found = compared({"STALE": 9, "SOLD": 3, "RAISED": 8, "OLD": 5, "SAME": 5})
    assert causes(found) == {
        "stale": Cause.STALE, "sold": Cause.SOLD_THERE, "raised": Cause.RAISED_THERE, "old": Cause.NOT_APPLIED,
        "gone": Cause.MISSING,
    }  # fmt: skip
    feed = services.repair(found, by=None)
    assert dict(feed.rows.values_list("item__key", "quantity")) == {"stale": 10, "raised": 5, "old": 7}
    assert set(drift.WAYS_OUT) == set(Cause)


class SeededDrifts(TestCase):
    """Whatever is changed in a mall's numbers, every change is found and nothing else."""

    @given(data=st.data())
    @settings(max_examples=12, deadline=None)
    def test_every_seeded_drift_is_found(self, data: Any) -> None:
        ours = data.draw(
            st.dictionaries(st.sampled_from([f"S{n}" for n in range(12)]), st.integers(0, 9), min_size=1)
        )
        fed(**ours)
        seeded = data.draw(st.dictionaries(st.sampled_from(sorted(ours)), st.none() | st.integers(-3, 12)))
        shown = {code: seeded.get(code, count) for code, count in ours.items()}
        found = compared({code: count for code, count in shown.items() if count is not None} or {"X": 0})
        really = {code.lower() for code, count in seeded.items() if count != ours[code]}
        assert set(causes(found)) - {"x"} == really


def test_a_switched_off_item_is_neither_told_nor_compared() -> None:
    fed(TEA=10)
    services.switch([FeedItem.objects.get().pk], on=False, by=None)
    assert causes(compared({"TEA": 1})) == {}
    with pytest.raises(DomainError, match="品目がまだありません"):
        services.make_feed(mall(), kind="all", by=None)


def test_two_files_never_wait_at_once_and_a_sent_one_is_not_sent_again() -> None:
    fed(TEA=10)
    cast.place(cast.draft("R-1", ("TEA", 3, 1080)))
    feed = services.make_feed(mall(), by=None)
    with pytest.raises(ChangedMeanwhile, match="まだ送っていない"):
        services.make_feed(mall(), kind="all", by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockFeed.objects.create(number="SF-X", channel=mall(), kind="all", filename="x", data=b"", count=0)
    services.discard(feed, by=None)
    with pytest.raises(ChangedMeanwhile, match="破棄"):
        services.mark_sent(feed, by=None)
    assert FeedItem.objects.get().last_sent == 10


@pytest.mark.django_db(transaction=True)
def test_one_of_two_people_sends_a_file() -> None:
    fed(TEA=10)
    cast.place(cast.draft("R-1", ("TEA", 3, 1080)))
    feed = services.make_feed(mall(), by=None)
    outcomes = together(
        lambda: services.mark_sent(StockFeed.objects.get(pk=feed.pk), by=None),
        lambda: services.discard(StockFeed.objects.get(pk=feed.pk), by=None),
    )
    assert sum(isinstance(one, ChangedMeanwhile) for one in outcomes) == 1
    feed.refresh_from_db()
    assert (FeedItem.objects.get().last_sent == 7) == (feed.state == "sent")


def test_goods_that_are_on_hold_or_negative_are_not_offered() -> None:
    pk = cast.sku("TEA", pieces=3)
    compared({"TEA": 3})
    place = stock_services  # the shelf is emptied by a correction
    from akinai.stock import queries as stock

    place.post([place.Movement(pk, stock.default_location_id(), "adjustment", -3, "ADJ", "adj:1")], by=None)
    assert services.make_feed(mall(), kind="all", by=None).rows.get().quantity == 0


def test_a_clerk_makes_sends_and_repairs_and_a_stranger_does_nothing(client: Client) -> None:
    fed(TEA=10, CUP=2)
    cast.place(cast.draft("R-1", ("TEA", 3, 1080)))
    client.force_login(cast.staff("部外者"))
    assert client.get(reverse("channels:feeds")).status_code == 403
    assert client.post(reverse("channels:make_feed", args=["yahoo"])).status_code == 403
    client.force_login(cast.staff("田中"))
    page = client.get(reverse("channels:feeds")).content.decode()
    assert "Yahoo!ショッピング" in page and "変わった分を作る" in page
    made = client.post(reverse("channels:make_feed", args=["yahoo"]))
    feed = StockFeed.objects.latest("pk")
    assert made["Location"] == reverse("channels:feed", args=[feed.number])
    assert "quantity.csv" in client.get(made["Location"]).content.decode()
    file = client.get(reverse("channels:download_feed", args=[feed.number]))
    assert file.content.endswith(b"tea,,7,0\r\n") and "quantity.csv" in file["Content-Disposition"]
    client.post(reverse("channels:feed_sent", args=[feed.number]))
    audit = compared({"TEA": 10, "CUP": 9})
    page = client.get(reverse("channels:audit", args=[audit.pk])).content.decode()
    assert "モール側で増やした" in page and "修正ファイルを作る（2 件）" in page
    repaired = client.post(reverse("channels:repair", args=[audit.pk]))
    assert StockFeed.objects.latest("pk").count == 2 and repaired.status_code == 302
    for name in ("feed_items", "feed_files", "audits"):
        assert client.get(reverse(f"channels:{name}")).status_code == 200
