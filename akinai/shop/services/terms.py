"""購入手続きを決める: ways of paying with their limits, and the texts that the law wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.money import yen
from akinai.shop.models import CheckoutTerms, PayingWay

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_way(way: PayingWay, *, by: Staff | None) -> None:
    """支払方法の案内を変える. Orders that are placed keep what they were told."""
    way.save()
    state = f"{yen(way.min_yen)}〜{yen(way.max_yen)}・手数料 {yen(way.fee_yen)}" if way.is_on else "使わない"
    activity.record(way, "save", by=by, summary=f"{way}: {state}")


@transaction.atomic
def save_terms(terms: CheckoutTerms, *, by: Staff | None) -> None:
    """購入手続きの文を変える."""
    terms.pk = 1
    terms.save()
    activity.record(terms, "save", by=by, summary="購入手続きの文を変更")
