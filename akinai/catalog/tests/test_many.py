"""何千件でも: page files and labels by a worker that may die, a grid that pages, a choice that only its owner sees."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from akinai.catalog import chosen, jobs, labels
from akinai.catalog.models import ChosenSkus, Product, Sku
from akinai.catalog.tests.factories import make_sku
from akinai.core import job_files, long_jobs
from akinai.core.models import LongJob
from tests.cast import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def tanaka(client: Client) -> Client:
    client.force_login(staff("田中"))
    return client


def file_of(client: Client, job: LongJob) -> bytes:
    answer = client.get(reverse("jobs:download", args=[job.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(data: bytes, encoding: str = "cp932") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(encoding))))


def small_pieces(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    kind = long_jobs._kinds[code]
    monkeypatch.setitem(
        long_jobs._kinds,
        code,
        long_jobs.Kind(kind.code, kind.title, kind.work, kind.permission, 2, kind.finish),
    )


def test_a_page_file_of_any_number_is_made_in_pieces_and_downloaded(
    tanaka: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 3)
    small_pieces(monkeypatch, jobs.PAGES)
    for n in range(5):
        make_sku(f"a-{n}", name="①" * 200 if n == 3 else f"商品{n}", status="active")
    address = f"{reverse('catalog:pages')}?format=rakuten&status=all"
    assert "5 商品です" in tanaka.get(address).content.decode()
    answer = tanaka.post(address)
    job = LongJob.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.counts["書き出す商品"]) == ("finished", 5, 4)
    assert [number for number, _ in job.refused] == ["a-3"]
    told = [row["商品管理番号（商品URL）"] for row in rows_of(file_of(tanaka, job))]
    assert told == ["a-0", "a-0", "a-1", "a-1", "a-2", "a-2", "a-4", "a-4"]
    assert "ダウンロード" in tanaka.get(reverse("jobs:detail", args=[job.pk])).content.decode()


def test_the_file_of_pieces_is_the_file_of_one_piece(tanaka: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        sku = make_sku(f"a-{n}", status="active")
        for at in range(n):
            sku.product.images.create(source_url=f"https://example.jp/{n}-{at}.jpg", position=at + 1)
    ids = list(Product.objects.order_by("code").values_list("pk", flat=True))
    whole = jobs.start_pages("rakuten", ids, by=None, back="/")
    long_jobs.run(whole.pk)
    small_pieces(monkeypatch, jobs.PAGES)
    pieces = jobs.start_pages("rakuten", ids, by=None, back="/")
    long_jobs.run(pieces.pk)
    assert file_of(tanaka, pieces) == file_of(tanaka, whole)


def test_a_dead_worker_costs_nothing_of_the_file(tanaka: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch, jobs.PAGES)
    for n in range(4):
        make_sku(f"a-{n}", status="active")
    ids = list(Product.objects.order_by("code").values_list("pk", flat=True))
    job = jobs.start_pages("yahoo", ids, by=None, back="/")
    # The piece was kept, and the worker died before its note was committed: the piece is done again.
    jobs.look_at_pages(ids[:2], {**job.options, "job": job.pk, "at": 0}, None)
    long_jobs.run(job.pk)
    assert [row["code"] for row in rows_of(file_of(tanaka, job))] == ["a-0", "a-1", "a-2", "a-3"]


def test_without_one_good_product_there_is_a_reason_and_no_file(tanaka: Client) -> None:
    make_sku("a-1", name="①" * 200, status="active")
    job = jobs.start_pages("rakuten", [Product.objects.get().pk], by=None, back="/")
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert "書き出せる商品がありません" in job.refused[0][1]
    assert tanaka.get(reverse("jobs:download", args=[job.pk])).status_code == 404


def test_the_file_is_for_those_who_may_see_goods(client: Client) -> None:
    make_sku("a-1", status="active")
    job = jobs.start_pages("yahoo", [Product.objects.get().pk], by=None, back="/")
    long_jobs.run(job.pk)
    client.force_login(staff("部外者"))
    assert client.get(reverse("jobs:download", args=[job.pk])).status_code == 403


def test_labels_of_many_goods_are_one_file_with_every_label_once(
    tanaka: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SHEETS", 1)
    skus = [make_sku(f"L-{n}") for n in range(5)]
    wishes = [(sku.pk, 5) for sku in skus]
    options = {"kind": "product", "layout": "a4-12", "start": 4, "shows_price": True, "shift": [0, 0]}
    job = jobs.start_labels(wishes, options, by=None, back="/")
    assert job.total == 3  # 25 labels behind 3 used places: 28 places of 12
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.counts["ラベル"], job.refused) == (25, [])
    assert len(PdfReader(io.BytesIO(file_of(tanaka, job))).pages) == 3


def test_the_chunks_of_labels_hold_each_wish_exactly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SHEETS", 2)
    skus = [make_sku(f"L-{n}") for n in range(7)]
    wishes = [[sku.pk, n * 3 + 1] for n, sku in enumerate(skus)]
    options = {"layout": "a4-12", "start": 5, "wishes": wishes}
    counted: dict[int, int] = {}
    for chunk in range(4):
        found, start = jobs._wishes_of(chunk, options)
        assert start == (5 if chunk == 0 else 1)
        for wish in found:
            counted[wish.sku.pk] = counted.get(wish.sku.pk, 0) + wish.count
    assert counted == dict(map(tuple, wishes))


def test_a_large_choice_is_carried_in_a_row_that_only_its_owner_opens(
    tanaka: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "IN_ADDRESS", 2)
    monkeypatch.setattr(chosen, "PAGE", 2)
    for n in range(5):
        make_sku(f"G-{n}")
    answer = tanaka.post(reverse("catalog:list"), {"action": "grid", "all": "1", "pk": []})
    kept = ChosenSkus.objects.get()
    assert answer["Location"] == f"{reverse('catalog:grid')}?chosen={kept.pk}"
    page = tanaka.get(f"{answer['Location']}&page=3").content.decode()
    assert "G-4" in page and "G-3" not in page and "5 件のうち 1 件（3 / 3 頁）" in page
    other = Client()
    other.force_login(staff("伊藤"))
    assert other.get(answer["Location"]).status_code == 302


def test_a_page_of_the_grid_saves_its_changed_cells_and_stays(
    tanaka: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "PAGE", 2)
    skus = [make_sku(f"G-{n}") for n in range(3)]
    kept = ChosenSkus.objects.create(owner=staff("田中"), ids=[sku.pk for sku in skus])
    address = f"{reverse('catalog:grid')}?chosen={kept.pk}&page=2"
    last = skus[2].pk
    answer = tanaka.post(address, {f"{last}-price_yen": "1,500", f"{last}-price_yen-was": "1000"})
    assert answer["Location"] == address
    assert list(Sku.objects.order_by("code").values_list("price_yen", flat=True)) == [1000, 1000, 1500]
    # Somebody else was faster: told at the cell, nothing written over.
    answer = tanaka.post(address, {f"{last}-price_yen": "1800", f"{last}-price_yen-was": "1000"})
    assert answer.status_code == 422 and "開いている間に「1500」に変わりました" in answer.content.decode()
    assert Sku.objects.get(pk=last).price_yen == 1500


def test_labels_of_a_large_choice_leave_out_what_has_no_bar_code(tanaka: Client) -> None:
    skus = [make_sku("A-1"), make_sku("日本語")]
    kept = ChosenSkus.objects.create(owner=staff("田中"), ids=[sku.pk for sku in skus])
    address = f"{reverse('catalog:labels')}?chosen={kept.pk}"
    assert "SKUごとの枚数" in tanaka.get(address).content.decode()
    told = {"kind": "product", "layout": "a4-44", "start": "1", "shift_x": "0", "shift_y": "0", "each": "3"}
    tanaka.post(address, told)
    job = LongJob.objects.get()
    assert job.options["wishes"] == [[skus[0].pk, 3]]
    assert labels.LAYOUTS[job.options["layout"]].per_sheet == 44


def test_old_files_are_thrown_away(settings: Any) -> None:
    from datetime import timedelta

    from akinai.core import clock

    job_files.keep(7, "page-1", b"x")
    assert job_files.forget_old(clock.now()) == 0
    assert job_files.forget_old(clock.now() + timedelta(days=job_files.KEPT_DAYS, minutes=1)) == 1
    assert job_files.pieces(7, "page") == []
