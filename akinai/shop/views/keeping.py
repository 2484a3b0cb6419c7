"""マイページのもの: addresses, favourites, 再入荷のお知らせ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.catalog import public
from akinai.catalog import queries as catalog
from akinai.content.cards import cards
from akinai.core import tries
from akinai.core.errors import DomainError
from akinai.shop import sessions
from akinai.shop.member_forms import AddressForm, MailForm
from akinai.shop.models import MOST_ADDRESSES, Address, RestockNotice
from akinai.shop.models.mypage import OPEN
from akinai.shop.services import addresses, wishes
from akinai.shop.sessions import members_only
from akinai.shop.views.account import link_over
from akinai.stock import queries as stock
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.shop.models import Member

PAGE = require_http_methods(["GET", "HEAD", "POST"])


# ---- お届け先


@require_safe
@members_only
def address_list(request: HttpRequest, member: Member) -> HttpResponse:
    """お届け先の一覧."""
    context = {
        "member": member, "addresses": list(member.addresses.all()), "most": MOST_ADDRESSES, "here": "addresses",
        "title": "お届け先",
    }  # fmt: skip
    return render(request, "shop/member/addresses.html", context)


@PAGE
@members_only
@once
def address_edit(request: HttpRequest, member: Member, pk: int | None = None) -> HttpResponse:
    """お届け先の登録・変更."""
    address = (
        get_object_or_404(Address, pk=pk, member=member)
        if pk
        else Address(name=member.name, kana=member.kana, phone=member.phone)
    )
    form = AddressForm(request.POST or None, instance=address)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.save_address(
                member, form.save(commit=False), is_default=form.cleaned_data["is_default"]
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "お届け先を保存しました。")
            return redirect("shop:my_addresses")
    context = {
        "member": member, "form": form, "address": address, "here": "addresses",
        "title": "お届け先の変更" if pk else "お届け先の追加",
    }  # fmt: skip
    return render(request, "shop/member/address.html", context, status=422 if form.is_bound else 200)


@require_POST
@members_only
def address_usual(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    """いつものお届け先にする."""
    if not addresses.make_usual(member, pk):
        raise Http404
    messages.success(request, "いつものお届け先を変えました。")
    return redirect("shop:my_addresses")


@require_POST
@members_only
def address_remove(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    """お届け先の削除."""
    if not addresses.remove_address(member, pk):
        raise Http404
    messages.success(request, "お届け先を削除しました。")
    return redirect("shop:my_addresses")


# ---- お気に入り


@require_safe
@members_only
def favourite_list(request: HttpRequest, member: Member) -> HttpResponse:
    """お気に入り, the newest first; what is not sold any more is left out."""
    place = {
        pk: n
        for n, pk in enumerate(member.favourites.order_by("-at", "-pk").values_list("product_id", flat=True))
    }
    found = sorted(public.by_ids(place), key=lambda product: place[product.pk])
    context = {
        "member": member, "cards": cards(public.shown(found)), "here": "favourites", "title": "お気に入り",
        "gone": len(place) - len(found),
    }  # fmt: skip
    return render(request, "shop/member/favourites.html", context)


@require_POST
def favourite(request: HttpRequest, key: str) -> HttpResponseBase:
    """お気に入りに入れる・外す (`off`) from the page of the goods; a guest logs in first and comes back there."""
    product = public.find(key)
    if product is None:
        raise Http404
    page = reverse("shop:product", args=[key])
    member = sessions.member_of(request)
    if member is None:
        return redirect(f"{reverse('shop:login')}?next={page}")
    if request.POST.get("off"):
        wishes.remove_favourite(member, product.pk)
        messages.success(request, "お気に入りから外しました。")
    else:
        wishes.add_favourite(member, product.pk)
        messages.success(request, "お気に入りに追加しました。")
    return redirect(_back(request, page))


def _back(request: HttpRequest, page: str) -> str:
    """The page the button stood on, when it is ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith("/")
    return wanted if is_ours else page


# ---- 再入荷のお知らせ


@require_safe
@members_only
def restock_list(request: HttpRequest, member: Member) -> HttpResponse:
    """再入荷のお知らせ: what is waited for, and what was told."""
    rows = list(
        member.restock_notices.filter(stopped_at=None)
        .select_related("sku__product")
        .order_by("-asked_at", "-pk")[:100]
    )
    keys = {
        product.pk: public.key_of(product) for product in public.by_ids({row.sku.product_id for row in rows})
    }
    wanted = [(row, keys.get(row.sku.product_id, "")) for row in rows]
    context = {"member": member, "rows": wanted, "here": "restock", "title": "再入荷のお知らせ"}
    return render(request, "shop/member/restock.html", context)


@require_POST
@members_only
def restock_stop(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    """お知らせを取り消す."""
    if not wishes.stop(pk, member=member):
        raise Http404
    messages.success(request, "お知らせを取り消しました。")
    return redirect("shop:my_restock")


@PAGE
def restock_ask(request: HttpRequest, sku_id: int) -> HttpResponseBase:
    """再入荷したら知らせてほしい: a member by one press, a guest by mail address and a link."""
    if sku_id > 2**31 or not public.sold_skus([sku_id]):
        raise Http404
    sku = _goods(sku_id)
    member = sessions.member_of(request)
    form = MailForm(request.POST or None)
    if stock.levels([sku_id])[sku_id].free:
        messages.info(request, "この商品は、いまご購入いただけます。")
        return redirect("shop:product", sku["key"])
    if request.method == "POST":
        if member is not None:
            wishes.ask_as_member(member, sku_id)
            messages.success(request, "再入荷したら、メールでお知らせします。")
            return redirect("shop:my_restock")
        if form.is_valid():
            return _asked_by_guest(request, form, sku_id)
    context = {"form": form, "sku": sku, "member": member, "title": "再入荷のお知らせ"}
    page = render(request, "shop/member/restock_ask.html", context, status=422 if form.is_bound else 200)
    return sessions.private(page)


def _asked_by_guest(request: HttpRequest, form: MailForm, sku_id: int) -> HttpResponse:
    mail = form.cleaned_data["mail"]
    wishes.ask_as_guest(mail, sku_id, address=tries.address_of(request))
    context = {"mail": mail, "what": "ご確認のメール", "title": "メールをお送りしました"}
    return sessions.private(render(request, "shop/member/sent.html", context))


def _goods(sku_id: int) -> dict[str, str]:
    row = catalog.sku_rows([sku_id])[sku_id]
    product = catalog.products_of([sku_id])[sku_id]
    return {"title": row.title, "key": public.key_of(product)}


@PAGE
def restock_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """お知らせを受け取る: the guest's press on the page of the link."""
    wish = wishes.wish_of(token)
    if wish is None:
        return link_over(request)
    if request.method == "POST":
        wishes.confirm(wish)
    context = {
        "is_done": request.method == "POST" or wish.confirmed_at is not None, "sku": _goods(wish.sku_id),
        "title": "再入荷のお知らせ",
    }  # fmt: skip
    return sessions.private(render(request, "shop/member/restock_confirm.html", context))


def waits_for(member: Member, sku_ids: list[int]) -> set[int]:
    """Those of these SKUs that the member waits for; for the page of the goods."""
    rows = RestockNotice.objects.filter(OPEN, member=member, sku_id__in=sku_ids)
    return set(rows.values_list("sku_id", flat=True))
