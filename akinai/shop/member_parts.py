"""What members add to the pages of others: who looks, the button of お気に入り, and for sold-out goods the 再入荷のお知らせ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from akinai.catalog import public
from akinai.content import ports, public_parts
from akinai.shop import sessions
from akinai.shop.models import Consent
from akinai.shop.product_page import free_of
from akinai.shop.services import accounts
from akinai.shop.views.keeping import waits_for

if TYPE_CHECKING:
    from akinai.catalog.models import Product


def register() -> None:
    """Called from AppConfig.ready."""
    ports.keep_persons(person_of)
    ports.keep_consents(may_ask)
    public_parts.register("product_side", wishes_of, order=20)


def person_of(request: HttpRequest) -> ports.Person | None:
    """The member who looks, as content knows persons."""
    member = sessions.member_of(request)
    return ports.Person(f"c{member.customer_id}", member.customer_id, member.name) if member else None


def may_ask(mail: str) -> bool:
    """May we write to this address beyond what an order needs? Not to a member whose last word on it was no."""
    member = accounts.member_by_mail(mail)
    if member is None:
        return True
    last = member.consents.filter(kind=Consent.Kind.NEWS).order_by("-pk").first()
    return last is None or last.is_given


def wishes_of(request: HttpRequest, product: Product) -> SafeString:
    """お気に入り, and the SKUs of the product that are sold out with the way to be told. None beside those of the page for guests."""
    found = public.shown([product])
    if not found:
        return mark_safe("")
    shown = found[0]
    member = sessions.member_of(request)
    free = free_of(product, shown.sku_ids)
    gone = [] if shown.may_backorder else [pk for pk in shown.sku_ids if not free[pk]]
    context = {
        "key": shown.key,
        "is_favourite": member is not None and member.favourites.filter(product=product).exists(),
        "gone": sorted(
            (sku for sku in public.skus_of(product) if sku.pk in gone), key=lambda sku: sku.variant
        ),
        "waits": waits_for(member, gone) if member and gone else set(),
    }
    return render_to_string("shop/member/product_side.html", context, request)
