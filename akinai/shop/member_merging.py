"""名寄せについていく会員. Of two members whose customers become one, both may go on logging in and come to the same page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from akinai.shop.models import MOST_ADDRESSES, Address, Favourite, Member, RestockNotice
from akinai.shop.models.mypage import OPEN

if TYPE_CHECKING:
    from akinai.staff.models import Staff

HELD: dict[str, type[Address] | type[Favourite] | type[RestockNotice]] = {
    "addresses": Address, "favourites": Favourite, "restock": RestockNotice,
}  # fmt: skip


class MembersFollow:
    """会員 of the customer."""

    code = "members"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        count = Member.objects.filter(customer_id=customer_id, withdrawn_at=None).count()
        return (
            [("会員登録", f"{count} 件（どちらのログインでも、まとめた後のマイページが開きます）")]
            if count
            else []
        )

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, Any]:
        """Every login of `gone` leads to the member of `kept`, who gets what was kept there."""
        rows = list(Member.objects.select_for_update(no_key=True).filter(customer_id=gone).order_by("pk"))
        main = _main(kept)
        moved: dict[str, Any] = {"members": {str(one.pk): one.joined_id for one in rows}}
        for one in rows:
            if one.withdrawn_at is None and main is not None:
                one.joined = main
            one.customer_id = kept
            one.save(update_fields=["joined", "customer"])
        if main is not None:
            ids = [one.pk for one in rows]
            moved |= {"from": _main_of(rows), **{name: _move(name, ids, main) for name in HELD}}
        return moved

    def go_back(self, kept: int, gone: int, moved: dict[str, Any], *, by: Staff | None) -> None:
        """What was moved then goes back, as far as it is still there."""
        back = {int(pk): joined for pk, joined in moved["members"].items()}
        for one in Member.objects.select_for_update(no_key=True).filter(pk__in=back, customer_id=kept):
            one.joined_id, one.customer_id = back[one.pk], gone
            one.save(update_fields=["joined", "customer"])
        owner = moved.get("from")
        if owner and Member.objects.filter(pk=owner, withdrawn_at=None).exists():
            for name, model in HELD.items():
                model._default_manager.filter(pk__in=moved.get(name, [])).update(member_id=owner)


def _main(customer_id: int) -> Member | None:
    return Member.objects.filter(customer_id=customer_id, joined=None, withdrawn_at=None).first()


def _main_of(rows: Sequence[Member]) -> int | None:
    """Whose page the things of `gone` were on."""
    mine = [one.pk for one in rows if one.withdrawn_at is None]
    return mine[0] if mine else None


def _move(name: str, ids: Sequence[int], main: Member) -> list[int]:
    """Give the main member what he has not got yet."""
    rows: Any = HELD[name]._default_manager.filter(member_id__in=ids)
    if name == "addresses":
        room = max(MOST_ADDRESSES - main.addresses.count(), 0)
        chosen = list(rows.order_by("-is_default", "-pk").values_list("pk", flat=True)[:room])
        Address.objects.filter(pk__in=chosen).update(member=main, is_default=False)
        return chosen
    if name == "favourites":
        rows = rows.exclude(product__in=main.favourites.values("product"))
    else:
        rows = rows.exclude(Q(OPEN) & Q(sku__in=main.restock_notices.filter(OPEN).values("sku")))
    chosen = list(rows.values_list("pk", flat=True))
    HELD[name]._default_manager.filter(pk__in=chosen).update(member=main)
    return chosen
