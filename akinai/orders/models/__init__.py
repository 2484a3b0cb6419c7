"""Tables of 受注, by concern: the order, what must be judged about it, what holds it."""

from akinai.orders.models.addresses import OrderAddress, OrderAddressLine
from akinai.orders.models.check_rules import (
    CheckBacktest,
    CheckBacktestHit,
    CheckRule,
    CheckRuleVersion,
    CheckWarning,
)
from akinai.orders.models.exceptions import OrderChange, OrderIssue
from akinai.orders.models.gifts import GiftOption
from akinai.orders.models.holds import Hold, HoldRule, ReleaseRule
from akinai.orders.models.orders import Order, OrderLine
from akinai.orders.models.quotes import Quote, QuoteLine
from akinai.orders.models.subscriptions import (
    Subscription,
    SubscriptionLine,
    SubscriptionNotice,
    SubscriptionTurn,
)

__all__ = [
    "CheckBacktest",
    "CheckBacktestHit",
    "CheckRule",
    "CheckRuleVersion",
    "CheckWarning",
    "GiftOption",
    "Hold",
    "HoldRule",
    "Order",
    "OrderAddress",
    "OrderAddressLine",
    "OrderChange",
    "OrderIssue",
    "OrderLine",
    "Quote",
    "QuoteLine",
    "ReleaseRule",
    "Subscription",
    "SubscriptionLine",
    "SubscriptionNotice",
    "SubscriptionTurn",
]
