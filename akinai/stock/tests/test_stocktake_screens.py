"""棚卸の画面: counted on a phone, blind until it is closed."""

from __future__ import annotations

import pytest

from akinai.stock.models import Stocktake
from akinai.stock.tests.test_screens import browser
from tests import cast

pytestmark = pytest.mark.django_db
TOLD = {
    "kind": "full",
    "location": "MAIN",
    "is_blind": "on",
    "recount_pieces": "5",
    "recount_yen": "0",
    "name": "月末",
}


def test_a_shelf_is_counted_closed_and_posted() -> None:
    tea, seen = cast.sku("TEA-1", pieces=7), browser("高橋")
    cast.sku("CUP-1", pieces=3)
    assert seen.get("/office/stock/takes/new/").status_code == 200
    assert seen.post("/office/stock/takes/new/", TOLD | {"kind": "spot"}).status_code == 422
    assert seen.post("/office/stock/takes/new/", TOLD).status_code == 302
    page = f"/office/stock/takes/{Stocktake.objects.get().number}/"
    for code in ("tea-1", "TEA-1*5"):
        text = seen.post(f"{page}count/", {"code": code}).content.decode()
    assert "<b>6</b>" in text and "帳簿 7" not in text
    assert seen.post(f"{page}count/", {"code": "NOPE"}).status_code == 422
    assert seen.post(f"{page}count/", {"code": "CUP-1", "total": "x"}).status_code == 422
    seen.post(f"{page}count/", {"code": "CUP-1", "total": "３"})
    assert "差のある品目" not in seen.get(page).content.decode()
    assert seen.get(f"{page}report/").status_code == 302
    seen.post(f"{page}close/", {"uncounted": "refuse"})
    assert "差のある品目" in seen.get(page).content.decode()
    lines = seen.get(f"{page}lines/?tab=different").content.decode()
    assert "TEA-1" in lines and "CUP-1" not in lines
    seen.post(f"{page}post/")
    assert cast.level(tea) == (7, 0)  # no cause yet
    line = Stocktake.objects.get().lines.get(sku_id=tea)
    told = {"action": "cause", "pk": line.pk, "go": "1", "cause": "loss", "note": ""}
    assert seen.post(f"{page}lines/", told).status_code == 302
    seen.post(f"{page}post/")
    assert cast.level(tea) == (6, 0)
    for paper in ("sheet", "report"):
        assert seen.get(f"{page}{paper}/").content.startswith(b"%PDF")
    assert seen.get("/office/stock/takes/?tab=posted").status_code == 200
    seen.post(f"{page}reverse/", {"reason": "誤り"})
    assert cast.level(tea) == (7, 0)


@pytest.mark.parametrize("name", ["鈴木", "部外者"])
def test_others_count_and_post_nothing(name: str) -> None:
    cast.sku("TEA-1", pieces=7)
    browser("高橋").post("/office/stock/takes/new/", TOLD)
    page = f"/office/stock/takes/{Stocktake.objects.get().number}/"
    other = browser(name)
    for act in ("count", "close", "again", "post", "reverse", "cancel"):
        assert other.post(f"{page}{act}/", {"code": "TEA-1", "reason": "x"}).status_code == 403
    assert Stocktake.objects.get().state == "open"
