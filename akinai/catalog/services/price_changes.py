"""価格をいま変える, for many SKUs at once, and bring them back as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog.models import Sku
from akinai.catalog.services.batch import Batch, lock_products, write
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def set_prices(prices: Mapping[int, int], *, reason: str, by: Staff | None) -> dict[int, int]:
    """SKU id → yen (税込). Out: what stood before. Raises DomainError for a SKU that is gone or a price below one yen."""
    skus = _held(prices)
    if wrong := [skus[pk].code for pk, yen in prices.items() if yen < 1]:
        raise DomainError(f"{wrong[0]} の価格が 1 円より小さくなります。", way_out="価格を直してください。")
    if low := [
        sku.code
        for pk, sku in skus.items()
        if sku.list_price_yen is not None and sku.list_price_yen <= prices[pk]
    ]:
        raise DomainError(
            f"{low[0]} の新しい価格が表示価格より安くありません。", way_out="商品の表示価格を先に直してください。"
        )  # fmt: skip
    before = {pk: skus[pk].price_yen for pk in prices}
    _write(skus, prices, reason, by)
    return before


@transaction.atomic
def put_back(changed: Sequence[tuple[int, int, int]], *, reason: str, by: Staff | None) -> None:
    """(SKU id, yen now, yen before) → before. Raises ChangedMeanwhile, and changes nothing, where a price is another by now."""
    skus = _held({pk: before for pk, _now, before in changed})
    for pk, now, _before in changed:
        if skus[pk].price_yen != now:
            raise ChangedMeanwhile(
                f"{skus[pk].code} の価格は、そのあと ¥{skus[pk].price_yen:,} に変えられています。",
                way_out="商品の画面で価格を直してください。",
            )
    _write(skus, {pk: before for pk, _now, before in changed}, reason, by)


def _held(prices: Mapping[int, int]) -> dict[int, Sku]:
    """The SKUs as they stand, their products held until the end of the transaction."""
    lock_products(set(Sku.objects.filter(pk__in=prices).values_list("product_id", flat=True)))
    skus = Sku.objects.select_related("product").in_bulk(list(prices))
    if gone := prices.keys() - skus.keys():
        raise DomainError(f"商品（SKU {min(gone)}）がありません。", way_out="束から外してください。")
    return skus


def _write(skus: Mapping[int, Sku], prices: Mapping[int, int], reason: str, by: Staff | None) -> None:
    batch = Batch()
    for pk, yen in prices.items():
        batch.edit(skus[pk], "price_yen", yen)
    write(batch, by=by, verb="price_start", created="", changed=f"{reason}: ")
