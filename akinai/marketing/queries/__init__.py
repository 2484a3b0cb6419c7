"""What others may ask of marketing (クーポンとポイントの照会)."""

from akinai.marketing.queries.effect import (
    Effect,
    coupons_to_give,
    effect_of,
    perks_of_customer,
    perks_of_member,
    perks_of_order,
)

__all__ = ["Effect", "coupons_to_give", "effect_of", "perks_of_customer", "perks_of_member", "perks_of_order"]
