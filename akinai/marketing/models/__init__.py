"""表: coupons and points."""

from akinai.marketing.models.coupons import Coupon, CouponCode, CouponTally, CouponUse
from akinai.marketing.models.points import PointBalance, PointDraw, PointEntry, PointLot, PointSettings

__all__ = [
    "Coupon",
    "CouponCode",
    "CouponTally",
    "CouponUse",
    "PointBalance",
    "PointDraw",
    "PointEntry",
    "PointLot",
    "PointSettings",
]
