"""店舗の表. One file per concern; everybody imports the names from here."""

from akinai.shop.models.cart import Cart, CartLine
from akinai.shop.models.checkout import CheckoutAttempt, CheckoutTerms, PayingWay
from akinai.shop.models.inquiries import Inquiry

__all__ = ["Cart", "CartLine", "CheckoutAttempt", "CheckoutTerms", "Inquiry", "PayingWay"]
