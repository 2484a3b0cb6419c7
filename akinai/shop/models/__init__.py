"""店舗の表. One file per concern; everybody imports the names from here."""

from akinai.shop.models.cart import Cart, CartLine
from akinai.shop.models.checkout import CheckoutAttempt, CheckoutTerms, PayingWay
from akinai.shop.models.inquiries import Inquiry, InquiryFile
from akinai.shop.models.members import (
    Consent,
    Member,
    MemberLink,
    MemberSession,
    MemberTerms,
    TermsText,
)
from akinai.shop.models.mypage import MOST_ADDRESSES, Address, Favourite, RestockNotice
from akinai.shop.models.plans import PlanOffer

__all__ = [
    "MOST_ADDRESSES",
    "Address",
    "Cart",
    "CartLine",
    "CheckoutAttempt",
    "CheckoutTerms",
    "Consent",
    "Favourite",
    "Inquiry",
    "InquiryFile",
    "Member",
    "MemberLink",
    "MemberSession",
    "MemberTerms",
    "PayingWay",
    "PlanOffer",
    "RestockNotice",
    "TermsText",
]
