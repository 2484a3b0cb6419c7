"""商品の画面."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import matrix, queries, rules, services
from akinai.catalog.forms import (
    ImagesForm,
    ProductForm,
    axes_initial,
    axis_set,
    check_variants,
    sku_set,
    typed_axes,
    typed_rows,
)
from akinai.catalog.models import Category, PriceChange, PriceSchedule, Product, ProductImage, Sku
from akinai.catalog.services.attributes import answers_of, asked_of
from akinai.catalog.services.images import path_of, thumb_of
from akinai.catalog.services.manuals import current_manual, opened_token, speed_of
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.catalog.attribute_words import Asked
    from akinai.catalog.axes import Axis


def _product(number: str) -> Product:
    return get_object_or_404(Product.objects.select_related("category"), number=number)


@office("catalog.view_product")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """商品の詳細."""
    product = _product(number)
    skus = list(product.skus.prefetch_related("levels", "parts__part_sku__levels").order_by("id"))
    images = list(product.images.all())
    lacks = rules.lacks(queries.facts_of(product, skus, images, queries.unanswered_of(product)))
    context = {
        "object": product,
        "product": product,
        "panels_page": "catalog.detail",
        "skus": [_row(sku) for sku in skus],
        "images": images,
        "images_form": ImagesForm(),
        "lacks": lacks,
        "percent": rules.percent(lacks),
        "percent_text": f"{rules.percent(lacks)}%",
        "attributes": queries.attributes_of(product),
        "prices": _prices(skus),
        "schedules": PriceSchedule.objects.filter(sku__in=skus)
        .select_related("sku")
        .order_by("-starts_at")[:20],
    }
    return render(request, "catalog/detail.html", context)


def _row(sku: Sku) -> dict[str, Any]:
    """A SKU with its stock over all places; of a set what its parts make."""
    if sku.is_set:
        parts = list(sku.parts.all())
        made = [_pieces(part.part_sku) for part in parts]
        on_hand, free = (
            min((pieces[at] // part.quantity for pieces, part in zip(made, parts, strict=True)), default=0)
            for at in (0, 1)
        )
        return {"sku": sku, "on_hand": on_hand, "free": free, "parts": parts}
    on_hand, free = _pieces(sku)
    return {"sku": sku, "on_hand": on_hand, "free": free, "parts": []}


def _pieces(sku: Sku) -> tuple[int, int]:
    """(on hand, free) over all places."""
    levels = list(sku.levels.all())
    on_hand = sum(level.on_hand for level in levels)
    return on_hand, on_hand - sum(level.reserved for level in levels)


def _prices(skus: list[Sku]) -> list[PriceChange]:
    rows = PriceChange.objects.filter(sku__in=skus).select_related("sku", "by")
    return list(rows.order_by("-at", "-id")[:30])


@office("catalog.add_product")
@once
def create(request: HttpRequest) -> HttpResponse:
    """商品の登録."""
    if {"more", "build"} & set(request.POST):
        return _with_more_rows(request, reverse("catalog:list"))
    form = ProductForm(request.POST or None, asked=_asked(request))
    skus = sku_set(request.POST or None, extra=1)
    axes = axis_set(request.POST)
    if request.method == "POST" and _all_valid(form, skus, axes, []):
        code = form.cleaned_data["code"] or services.take_own_code(form.values()["category"])
        product = services.create_product(
            values=form.values() | {"code": code}, skus=skus.values(), axes=_axes(axes, []),
            attributes=form.attributes(), by=clerk(request),
        )  # fmt: skip
        _note_session(request, product, is_new=True, skus=len(skus.values()))
        messages.success(request, f"商品「{product.name}」を登録しました。")
        return redirect("catalog:detail", product.number)
    return _form(request, form, skus, axes, reverse("catalog:list"))


def _all_valid(form: ProductForm, skus: Any, axes: Any, known: Sequence[Axis]) -> bool:
    """All three parts are asked, so that one look shows every problem."""
    good = [form.is_valid(), skus.is_valid(), axes.is_valid() or not axes.is_bound]
    return all(good) and check_variants(skus, _axes(axes, known))


def _note_session(request: HttpRequest, product: Product, *, is_new: bool, skus: int) -> None:
    """How long this took, for the minutes per SKU of the manual."""
    token, active = request.POST.get("opened", "")[:200], request.POST.get("active_seconds", "")
    services.record_session(product, token=token, active=active, is_new=is_new, skus=skus, by=clerk(request))


def _manual(name: str) -> dict[str, Any]:
    """The manual beside the form, of the category that is written in it."""
    category = Category.objects.filter(name=name).first() if name else None
    manual = current_manual(category)
    return {"manual": manual, "speed": speed_of(category) if manual else None}


def _asked(request: HttpRequest, product: Product | None = None) -> list[Asked]:
    """The attributes of the category that is written in the form, else of the product's own."""
    own = product.category.name if product and product.category else None
    name = (
        request.POST.get("category", "").strip()[:100].replace("\0", "") if request.method == "POST" else own
    )
    return asked_of(name, product.pk if product else None)


@office("catalog.view_product")
def attribute_fields(request: HttpRequest) -> HttpResponse:
    """The fields of a category's attributes, asked for when the category changes; what was typed stays."""
    name = request.GET.get("category", "").strip()[:100].replace("\0", "")
    form = ProductForm(initial=request.GET.dict(), asked=asked_of(name))
    return render(request, "catalog/asked.html", {"form": form, "is_swap": True} | _manual(name))


def _axes(axes: Any, known: Sequence[Axis]) -> Sequence[Axis]:
    """What the form says of axes; those known when it says nothing."""
    found: Sequence[Axis] = axes.axes() if axes.is_bound else known
    return found


@office("catalog.change_product")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """商品の変更."""
    product = _product(number)
    if {"more", "build"} & set(request.POST):
        return _with_more_rows(request, reverse("catalog:detail", args=[number]), product)
    asked = _asked(request, product)
    form = ProductForm(request.POST or None, product=product, asked=asked, initial=_initial(product))
    skus = sku_set(request.POST or None, initial=_sku_initial(product), extra=1)
    known = queries.axes_of(product)
    axes = axis_set(request.POST, initial=axes_initial(known))
    if request.method == "POST" and _all_valid(form, skus, axes, known):
        version = form.cleaned_data["version"] or 0
        services.update_product(
            product,
            version=version,
            values=form.values(),
            skus=skus.values(),
            axes=_axes(axes, known),
            attributes=form.attributes(),
            by=clerk(request),
        )
        _note_session(request, _product(number), is_new=False, skus=len(skus.values()) or 1)
        messages.success(request, f"商品「{form.cleaned_data['name']}」を保存しました。")
        return redirect("catalog:detail", product.number)
    return _form(request, form, skus, axes, reverse("catalog:detail", args=[number]), product)


def _with_more_rows(request: HttpRequest, cancel_url: str, product: Product | None = None) -> HttpResponse:
    """The form as it was typed so far, with empty rows or the rows of missing combinations behind it. No goods are
    written; only a number of the code rule may be taken."""
    form = ProductForm(initial=request.POST.dict(), product=product, asked=_asked(request, product))
    form.initial["is_public"] = "is_public" in request.POST
    if product is not None:
        form.initial["code"] = product.code
    rows = [row for row in typed_rows(request.POST) if any(row.values())]
    axes = axis_set(request.POST)
    if "build" in request.POST:
        rows = _built(request, form, rows, axes)
    else:
        axes = axis_set(initial=typed_axes(request.POST))
    return _form(
        request,
        form,
        sku_set(initial=rows, extra=0 if "build" in request.POST else 3),
        axes,
        cancel_url,
        product,
    )


def _built(
    request: HttpRequest, form: ProductForm, rows: list[dict[str, str]], axes: Any
) -> list[dict[str, str]]:
    """組み合わせからSKUの行を作る; what is wrong with the axes is told instead."""
    if not axes.is_valid() or not axes.axes():
        if axes.is_valid():
            messages.error(request, "軸と値を入れてから押してください（例: 色 に 赤、青）。")
        return rows
    if not str(form.initial.get("code") or "").strip():
        form.initial["code"] = services.take_own_code(str(form.initial.get("category") or "").strip() or None)
    made = matrix.rows_of(str(form.initial["code"]), axes.axes(), rows)
    messages.info(
        request,
        f"{sum(not any(row.get('variant') == old.get('variant') and row['code'] == old.get('code') for old in rows) for row in made)} 行を足しました。コードと価格を確かめて登録してください。",
    )
    return made


def _form(
    request: HttpRequest,
    form: ProductForm,
    skus: Any,
    axes: Any,
    cancel_url: str,
    product: Product | None = None,
) -> HttpResponse:
    context = {
        "form": form, "skus": skus, "axes": axes, "product": product, "categories": form.categories(),
        "cancel_url": cancel_url, "submit_label": "保存する" if product else "登録する",
        "opened": request.POST.get("opened") or opened_token(), "active": request.POST.get("active_seconds", "0")[:6],
    }  # fmt: skip
    context |= _manual(str(form["category"].value() or "").strip())
    return render(request, "catalog/form.html", context, status=422 if form.is_bound else 200)


def _initial(product: Product) -> dict[str, Any]:
    names = (
        "code",
        "name",
        "kana",
        "tax_kind",
        "temperature",
        "status",
        "brand",
        "description",
        "slug",
        "is_public",
        "version",
    )
    answers = {f"attribute-{pk}": value for pk, value in answers_of(product.pk).items()}
    return (
        {name: getattr(product, name) for name in names}
        | answers
        | {"category": product.category.name if product.category else ""}
    )


def _sku_initial(product: Product) -> list[dict[str, Any]]:
    names = ("id", "code", "variant", "jan", "price_yen", "shelf", "weight_g", "is_active")
    return [
        {name: getattr(sku, name) for name in names}
        | {"cost": f"{sku.cost.normalize():f}" if sku.cost is not None else ""}
        for sku in product.skus.order_by("id")
    ]


@office_post("catalog.change_product")
@once
def add_images(request: HttpRequest, number: str) -> HttpResponse:
    """画像の追加: each file stands for itself; what is refused is told by name, the others are kept."""
    product = _product(number)
    form = ImagesForm(request.POST, request.FILES)
    if not form.is_valid():
        raise DomainError(next(iter(form.errors.values()))[0], way_out="画像を選び直してください。")  # type: ignore[arg-type]
    added = 0
    for file in form.cleaned_data["files"]:
        try:
            services.add_image(product, data=file.read(), filename=file.name, by=clerk(request))
            added += 1
        except DomainError as refusal:
            messages.error(request, f"{refusal.message}{refusal.way_out}")
    if added:
        messages.success(request, f"画像を {added} 枚追加しました。")
    return redirect("catalog:detail", number)


@office_post("catalog.change_product")
def change_image(request: HttpRequest, pk: int) -> HttpResponse:
    """画像の削除・並べ替え."""
    image = get_object_or_404(ProductImage.objects.select_related("product"), pk=pk)
    act = request.POST.get("act")
    if act == "remove":
        services.remove_image(image, by=clerk(request))
    elif act in ("before", "after"):
        order = list(image.product.images.values_list("pk", flat=True))
        place = order.index(image.pk) + 1 + (1 if act == "after" else -1)
        services.move_image(image, position=place, by=clerk(request))
    elif act == "describe":
        services.describe_image(
            image, request.POST.get("alt", "")[:1000].replace("\0", ""), by=clerk(request)
        )
    return redirect("catalog:detail", image.product.number)


@office_post("catalog.change_product")
def order_images(request: HttpRequest, number: str) -> HttpResponse:
    """画像の並べ替え: ids in their new order, with commas between."""
    told = request.POST.get("order", "")[:1000].split(",")
    ids = [int(pk) for pk in told if pk.isascii() and pk.isdigit() and len(pk) < 19]
    services.order_images(_product(number), ids, by=clerk(request))
    return redirect("catalog:detail", number)


@office("catalog.view_product")
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an image (`?small` for the small one). Only staff who may see goods get it."""
    image = get_object_or_404(ProductImage, pk=pk)
    path = path_of(thumb_of(image.file) if "small" in request.GET else image.file)
    if not image.file or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
