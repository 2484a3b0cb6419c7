"""長い在庫表: made by a worker, volume by volume, kept, adding up to one total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from akinai.core import long_jobs, paper_store
from akinai.stock import inventory_job, papers, queries, services
from akinai.stock.models import InventoryPaper, inventories
from akinai.stock.services import Movement
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a volume, and no room for more in one request."""
    for module in (inventories, inventory_job):
        monkeypatch.setattr(module, "VOLUME", 2)
    monkeypatch.setattr("akinai.stock.views.valuation.VOLUME", 2)


def test_a_long_paper_is_made_by_a_job_and_all_its_volumes_are_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[tuple[int, int], int, int]] = []
    real = papers.inventory_volume

    def noted(lines: list[dict[str, object]], **more: object) -> bytes:
        drawn.append((more["volume"], sum(int(str(line["whole"])) for line in lines), more["total"]))  # type: ignore[arg-type]
        return real(lines, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(papers, "inventory_volume", noted)
    place = queries.default_location_id()
    for code, cost in (("A", 100), ("B", 200), ("C", 300)):
        move = Movement(cast.sku(code), place, "receipt", 1, "GR-1", code, Decimal(cost))
        services.post([move], by=None)
    client.force_login(cast.staff("鈴木"))
    answer = client.get("/office/stock/valuation/file/pdf/")
    paper = InventoryPaper.objects.get()
    assert (answer.status_code, paper.rows, paper.total_yen, paper.of) == (302, 3, 600, 2)
    cast.receive(cast.sku("D"), 1, key="later")
    long_jobs.run(paper.job_id or 0)
    long_jobs.run(paper.job_id or 0)
    paper.refresh_from_db()
    assert drawn == [((1, 2), 300, 600), ((2, 2), 300, 600)]
    assert (paper.made, all(paper_store.is_whole(one) for one in paper.volumes.values())) == ([1, 2], True)
    page = client.get(f"/office/jobs/{paper.job_id}/").content.decode()
    assert f"/office/stock/valuation/kept/{paper.pk}/2/" in page
    assert client.get(f"/office/stock/valuation/kept/{paper.pk}/2/").content.startswith(b"%PDF")
    assert client.get(f"/office/stock/valuation/kept/{paper.pk}/3/").status_code == 404
    assert f"/kept/{paper.pk}/1/" in client.get("/office/stock/valuation/").content.decode()
    client.force_login(cast.staff("部外者"))
    assert client.get(f"/office/stock/valuation/kept/{paper.pk}/1/").status_code == 403
