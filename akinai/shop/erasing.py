"""消去: the membership, with addresses, favourites and wishes, what was typed at the checkout, and what was asked in the form.

The ledger of consents stays: it names the member by number only, and says that he wants no more news.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from akinai.party.erasing import GONE
from akinai.party.ports import Erasee, Hindrance, Share, Traces, keys_of, mentions
from akinai.shop.models import (
    Address,
    Cart,
    CheckoutAttempt,
    Consent,
    Favourite,
    Inquiry,
    Member,
    MemberLink,
    RestockNotice,
)
from akinai.shop.services import leaving

# What becomes of an inquiry whose words are no longer to be held.
NO_INQUIRY = {"name": GONE, "email": "", "order_number": "", "text": GONE, "search_text": ""}
CONSENTS = "会員番号だけの同意・配信停止の記録（特定電子メール法 第4条。お断りを守り続けるため）"


class MembersErased:
    """会員・お問い合わせフォーム."""

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        mine = Member.objects.filter(customer__in=customer_ids)
        words: set[str] = set()
        for row in mine.values_list("name", "kana", "phone"):
            words |= set(row)
        for place in Address.objects.filter(member__in=mine).values_list("name", "kana", "phone", "line1"):
            words |= set(place)
        return Traces(
            frozenset(mine.values_list("mail", flat=True)),
            frozenset(words),
            keys_of(mine, Inquiry.objects.filter(order__customer__in=customer_ids)),
        )

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        rows = Inquiry.objects.filter(order__customer__in=customer_ids, state=Inquiry.State.OPEN)
        return [
            Hindrance(
                f"フォームのお問い合わせ {one.number} に、まだ対応していません。",
                "対応済みにしてください。",
                reverse("shop_office:inquiry", args=[one.number]),
            )
            for one in rows.order_by("pk")[:20]
        ]

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        members = Member.objects.filter(customer__in=erasee.customer_ids)
        mails = erasee.mails
        numbers = list(members.values_list("pk", flat=True))
        asked = Inquiry.objects.alias(low=Lower("email")).filter(
            Q(order__customer__in=erasee.customer_ids) | Q(low__in=mails)
        )
        typed = CheckoutAttempt.objects.filter(order=None)
        return [
            Share("お問い合わせフォームの内容", asked.exclude(text=GONE), NO_INQUIRY),
            Share("お届け先の登録", Address.objects.filter(member__in=numbers)),
            Share("お気に入り", Favourite.objects.filter(member__in=numbers)),
            Share("購入手続きの途中の入力", typed.filter(
                Q(cart__member_id__in=numbers) | Q(pk__in=mentions(typed, mails, "data").values("pk")))),
            Share("カート", Cart.objects.filter(member_id__in=numbers)),
            Share("再入荷のお知らせの希望", RestockNotice.objects.filter(Q(member__in=numbers) | Q(mail__in=mails))),
            Share("会員に送ったリンク", MemberLink.objects.filter(Q(member__in=numbers) | Q(mail__in=mails))),
            Share("会員登録（退会の扱いになります）", members.filter(withdrawn_at=None), act=_leave),
            Share("会員の同意の記録", Consent.objects.filter(member__in=numbers), law=CONSENTS),
        ]  # fmt: skip


def _leave(rows: QuerySet[Member]) -> None:
    for one in rows.select_for_update().order_by("pk"):
        leaving.leave_for_good(one)
