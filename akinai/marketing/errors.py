"""断るとき: what marketing refuses."""

from akinai.core.errors import DomainError


class CouponRefused(DomainError):
    """クーポンは使えない: used up, not for this person, over, or unknown."""

    code = "coupon_refused"


class NotEnoughPoints(DomainError):
    """ポイントが足りない."""

    code = "not_enough_points"
