"""店舗の表. One file per concern; everybody imports the names from here."""

from akinai.shop.models.members import (
    Consent,
    Member,
    MemberLink,
    MemberSession,
    MemberTerms,
    MemberTry,
)
from akinai.shop.models.mypage import MOST_ADDRESSES, Address, Favourite, RestockNotice

__all__ = [
    "MOST_ADDRESSES",
    "Address",
    "Consent",
    "Favourite",
    "Member",
    "MemberLink",
    "MemberSession",
    "MemberTerms",
    "MemberTry",
    "RestockNotice",
]
