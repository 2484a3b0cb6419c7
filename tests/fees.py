"""送料表 for tests: 関東 880, 北海道 1,480, elsewhere 1,100, 離島 +1,000, free from 3,980 but for islands, 代引 330 and 440."""

from __future__ import annotations

from datetime import date
from typing import Any

from akinai.shipping import services
from akinai.shipping.models import FeeTable
from akinai.shipping.services.fees import REGIONS

PRICES = dict.fromkeys([name for name, _ in REGIONS], 1_100) | {"関東": 880, "北海道": 1_480}


def publish(
    since: date = date(2026, 4, 1), *, island_yen: int = 1_000, cod: Any = ((9_999, 330), (999_999, 440))
) -> FeeTable:
    """The table, in force from a day on."""
    parts = services.usual_parts(
        PRICES,
        cool_yen=300,
        mail_yen=250,
        island_yen=island_yen,
        free_from_yen=3_980,
        cod=cod,
    )
    made = services.draft_fees(name="見本の送料", valid_from=since, parts=parts, by=None)
    return services.publish_fees(made.pk, by=None)
