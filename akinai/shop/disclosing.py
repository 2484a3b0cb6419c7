"""開示: the membership of a person, with what he agreed to and kept on his page."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.party.ports import Section, told
from akinai.shop.erasing import MembersErased
from akinai.shop.models import Address, Consent, Favourite, Member


class MembersTold(MembersErased):
    """会員."""

    code = "shop"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        mine = {"member__customer__in": customer_ids}
        members = Member.objects.filter(customer__in=customer_ids).order_by("pk")
        places = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")
        return [
            Section(
                "会員登録",
                told(members, "name", "kana", "mail", "phone", "takes_news", "created_at", "last_login_at"),
            ),
            Section("お届け先の登録", told(Address.objects.filter(**mine).order_by("pk"), *places)),
            Section(
                "同意の記録",
                told(
                    Consent.objects.filter(**mine).order_by("pk"),
                    "kind",
                    "is_given",
                    "version",
                    "source",
                    "at",
                ),
            ),
            Section(
                "お気に入り",
                told(
                    Favourite.objects.filter(**mine).select_related("product").order_by("pk"), "product", "at"
                ),
            ),
        ]
