"""転送: an address that nobody answers any more leads where the shop says, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from akinai.content.forward_forms import ForwardForm
from akinai.content.forward_intake import ForwardsKind
from akinai.content.forwards import key_of
from akinai.content.models import FeaturePage, Forward
from akinai.content.services import forwards, publishing
from akinai.content.tests import writers
from akinai.core import clock, intake
from akinai.core.errors import DomainError
from akinai.core.models import IntakeFile
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def _led(old: str, target: str = "/law/", **told: object) -> Forward:
    return forwards.save(Forward(old_path=key_of(old), target=target, **told), by=None)


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("https://old.example.jp/shopdetail/000123/", "/shopdetail/000123"),
        ("/detail.php?b=2&a=1", "/detail.php?a=1&b=2&utm_source=mail"),
        ("/商品/茶.html", "/%E5%95%86%E5%93%81/%E8%8C%B6.html"),
        ("/?pid=123", "/?pid=123"),
        ("/products/gone/", "/products/gone/"),
    ],
)
def test_an_old_address_leads_on_however_it_is_written_and_is_counted(
    client: Client, kept: str, asked: str
) -> None:
    row = _led(kept)
    answer = client.get(asked)
    assert answer.status_code == 301 and answer.headers["Location"].startswith("/law/")
    assert ("utm_source=mail" in answer.headers["Location"]) == ("utm_source" in asked)
    row.refresh_from_db()
    assert row.hits == 1 and row.last_hit_at is not None


def test_what_is_public_hides_its_forward_until_it_ends_at_its_minute(client: Client) -> None:
    page = writers.feature("歳末の茶")
    _led(page.url, kind="for_now")
    assert client.get(page.url).status_code == 200
    FeaturePage.objects.filter(pk=page.pk).update(expire_at=clock.now() + timedelta(minutes=5))
    assert publishing.run_due(clock.now() + timedelta(minutes=4)) == 0
    assert publishing.run_due(clock.now() + timedelta(minutes=5)) == 1
    answer = client.get(page.url)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/law/")
    Forward.objects.update(is_active=False)
    gone = client.get(page.url)
    assert gone.status_code == 410 and "掲載は終わりました" in gone.text and "ほかの特集を見る" in gone.text


def test_a_draft_that_nobody_has_read_is_not_spoken_of(client: Client) -> None:
    page = writers.feature("秘密の福袋", publish=False)
    answer = client.get(page.get_url() or "")
    assert answer.status_code == 404 and "掲載は終わりました" not in answer.text


def test_forwards_go_in_no_circle_not_even_by_a_query(client: Client) -> None:
    _led("/a/", "/b/")
    for old, target in (("/b/", "/a/"), ("/b/", "/a/?x=1"), ("/c/", "/c/?x=1")):
        with pytest.raises(DomainError, match="ひと回り"):
            _led(old, target)
    _led("/b/", "/law/")
    with pytest.raises(DomainError, match="もうあります"):
        _led("/a", "/guide/")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "javascript:alert(1)", "http://plain.example/", "/office/"],
)
def test_a_forward_leads_to_pages_alone(target: str) -> None:
    form = ForwardForm({"old_path": "/a/", "target": target, "kind": "for_good"})
    assert "target" in form.errors
    if not target.startswith("/o"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Forward.objects.create(old_path="/a", target=target)


def test_a_forward_to_what_is_not_there_is_refused(client: Client) -> None:
    page = writers.feature("新茶")
    for target in (page.url, "/law/", "/search/?q=茶", "https://example.com/x"):
        assert not ForwardForm({"old_path": "/a/", "target": target, "kind": "for_good"}).errors, target
    form = ForwardForm({"old_path": "/office/x/", "target": "/products/nothing/", "kind": "for_good"})
    assert set(form.errors) == {"old_path", "target"} and isinstance(
        form.errors.as_data()["target"][0], ValidationError
    )


def _plan(text: str) -> tuple[IntakeFile, intake.Plan]:
    by = writers.staff("店の長", "店長")
    return intake.preview(ForwardsKind(), [intake.Upload("old.csv", text.encode())], options={}, by=by)


def test_a_file_of_old_addresses_is_taken_and_taken_back(client: Client) -> None:
    _led("/shopdetail/1/", "/law/")
    row, plan = _plan(
        "Redirect from,Redirect to\nhttps://old.example/shopdetail/1/,/guide/\n/shopdetail/2/,/guide/\n"
    )
    assert (plan.created, plan.changed, plan.errors) == (1, 1, [])
    by = writers.staff("店の長", "店長")
    intake.apply(row, by=by)
    assert client.get("/shopdetail/1/").headers["Location"] == "/guide/"
    intake.undo(IntakeFile.objects.get(pk=row.pk), by=by)
    assert client.get("/shopdetail/1/").headers["Location"] == "/law/"
    assert client.get("/shopdetail/2/").status_code == 404


def test_a_wrong_row_of_the_file_is_told_and_nothing_is_taken() -> None:
    _row, plan = _plan(
        "昔のアドレス,行き先,種類\n/,/law/,ずっと\n/x/,/nothing/,\n/y/,/law/,だめ\n/y,/law/,302\n"
    )
    assert plan.refused and {(one.line, one.column) for one in plan.errors} == {
        (2, "昔のアドレス"), (3, "行き先"), (4, "種類"), (5, "昔のアドレス"),
    }  # fmt: skip
