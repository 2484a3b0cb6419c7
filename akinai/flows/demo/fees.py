"""送料表 of the demo shop: 60 サイズ by region from 東京, cool on top, 3,980 円 and more is free but for islands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from akinai.shipping import services

if TYPE_CHECKING:
    from akinai.staff.models import Staff

NORMAL = {
    "北海道": 1_460, "北東北": 1_060, "南東北": 940, "関東": 940, "信越": 940, "北陸": 940, "中部": 940, "関西": 1_060,
    "中国": 1_190, "四国": 1_190, "九州": 1_460, "沖縄": 1_460,
}  # fmt: skip
COD = ((9_999, 330), (29_999, 440), (99_999, 660), (300_000, 1_100))


def publish_fees(since: date, by: Staff) -> None:
    """The table in force from `since` on."""
    parts = services.usual_parts(
        NORMAL, cool_yen=275, mail_yen=250, island_yen=1_100, free_from_yen=3_980, cod=COD
    )
    name = f"{since.year}年の送料"
    table = services.draft_fees(
        name=name, valid_from=since, parts=parts, note="宅急便 60 サイズ、東京から", by=by
    )
    services.publish_fees(table.pk, by=by)
