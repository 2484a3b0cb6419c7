"""What others may ask of marketing (クーポンとポイントの照会)."""

from akinai.marketing.queries.effect import (
    Effect,
    effect_of,
    perks_of_customer,
    perks_of_member,
    perks_of_order,
)

__all__ = ["Effect", "effect_of", "perks_of_customer", "perks_of_member", "perks_of_order"]
