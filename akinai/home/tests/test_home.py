"""ホーム: a new shop is shown its first steps, a working shop its day; each duty sees its own part."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from akinai.core.intake.models import IntakeFile
from akinai.home import queries
from akinai.orders.models import Order
from tests import cast


def page_for(name: str) -> str:
    client = Client()
    client.force_login(cast.staff(name))
    answer = client.get("/office/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_is_led_to_the_login(client: Client) -> None:
    assert client.get("/office/")["Location"] == "/accounts/login/?next=/office/"


@pytest.mark.django_db
def test_a_new_shop_is_told_the_first_steps() -> None:
    html = page_for("伊藤")
    assert [
        word in html for word in ("自社情報を登録する", "商品を登録する", "在庫を入れる", "受注を取り込む")
    ] == [True] * 4
    assert "今日の流れ" not in html and "受注の突き合わせ" not in html


@pytest.mark.django_db
def test_who_may_not_take_a_step_gets_no_button_for_it() -> None:
    assert 'class="button primary" href="/office/company/"' in page_for("伊藤")
    assert 'href="/office/company/"' not in page_for("佐藤")


@pytest.mark.django_db
def test_steps_that_are_done_are_ticked() -> None:
    cast.sku("TEA-1", pieces=5)
    start = queries.first_steps()
    assert [step.is_done for step in start.steps] == [False, True, True, False]
    cast.company()
    assert [step.is_done for step in queries.first_steps().steps] == [True, True, True, False]
    assert not start.is_done


@pytest.mark.django_db
def test_a_working_shop_sees_its_queue_with_pieces_and_yen() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    cast.place(cast.draft("R-1", ("TEA-1", 2, 1080)))
    cast.place(cast.draft("R-2", ("TEA-1", 9, 1080), buyer=cast.somebody("B"), ship_to=cast.somebody("B")))
    stages = {stage.title: (stage.count, stage.yen) for stage in queries.day(cast.NOW.date()).pipeline}
    assert list(stages) == ["受付", "確認待ち", "入金待ち", "引当待ち", "出荷待ち", "出荷作業中", "出荷済"]
    assert stages["出荷待ち"] == (1, 2_160)
    assert stages["引当待ち"] == (1, 9_720)
    assert stages["出荷済"] == (0, 0)


@pytest.mark.django_db
def test_received_is_what_was_shipped_waits_is_held_or_was_cancelled() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    cast.place(cast.draft("R-1", ("TEA-1", 2, 1080)))
    html = page_for("佐藤")
    assert "合っています" in html and "差があります" not in html
    checked = queries.day(cast.NOW.date()).leaks
    assert (checked.total["received"], checked.total["received_yen"], checked.balanced) == (1, 2_160, True)
    assert {item["name"]: item["count"] for item in checked.lists}["paid_not_shipped"] == 1
    assert 'href="/office/orders/?tab=paid_not_shipped"' in html


@pytest.mark.django_db
def test_an_order_in_no_known_state_shows_as_a_difference() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    cast.place(cast.draft("R-1", ("TEA-1", 2, 1080)))
    Order.objects.update(state="nowhere")
    html = page_for("佐藤")
    assert "差があります" in html and "受注の数が合いません" in html


@pytest.mark.django_db
def test_an_outsider_sees_no_number_of_the_shop() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    cast.place(cast.draft("R-1", ("TEA-1", 2, 1080)))
    html = page_for("部外者")
    assert "今日の流れ" not in html and "受注の突き合わせ" not in html and "¥2,160" not in html


@pytest.mark.django_db
def test_the_first_screen_costs_the_same_however_many_orders(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    cast.company()
    cast.sku("TEA-1", pieces=50)
    for n in range(5):
        cast.place(cast.draft(f"R-{n}", ("TEA-1", 1, 1080)))
    client = Client()
    client.force_login(cast.staff("伊藤"))
    with django_assert_max_num_queries(15):
        client.get("/office/")


@pytest.mark.django_db
def test_each_duty_is_led_only_to_pages_it_may_open() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    cast.place(cast.draft("R-1", ("TEA-1", 2, 1080)))
    IntakeFile.objects.create(kind="orders", filename="rakuten.csv")
    IntakeFile.objects.create(kind="stock", filename="zaiko.csv")
    for name in ("伊藤", "佐藤", "田中", "高橋", "鈴木", "加藤"):
        client = Client()
        client.force_login(cast.staff(name))
        main = client.get("/office/").content.decode().partition("<main")[2]
        links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/office/[^"]*)"', main)}
        assert {link: client.get(link.replace("&amp;", "&")).status_code for link in links} == dict.fromkeys(
            links, 200
        )
    assert "zaiko.csv" not in page_for("佐藤") and "rakuten.csv" in page_for("佐藤")
