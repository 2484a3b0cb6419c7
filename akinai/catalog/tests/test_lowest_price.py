"""最低価格: whatever is done to SKUs by whom, the lists by price read what stands on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.catalog import public
from akinai.catalog.models import LowestPrice, Product, Sku
from akinai.core import proofs
from tests import cast
from tests.together import overlapping

type Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["price", "active", "review", "move", "gone", "new", "all"]),
        st.integers(0, 5), st.integers(0, 4),
    ),
    max_size=12,
)  # fmt: skip


def lowest() -> dict[str, int | None]:
    return dict(LowestPrice.objects.order_by("product__code").values_list("product__code", "price_yen"))


def broken() -> list[dict[str, object]]:
    return proofs.run_all("lowest_prices")[0].broken


def two_goods() -> tuple[list[int], list[Product]]:
    made = [cast.sku(code, price=price) for code, price in (("A", 500), ("B", 600), ("C", 700))]
    Sku.objects.update(needs_review=False)
    goods = list(Product.objects.order_by("code")[:2])
    Sku.objects.filter(code="C").update(product=goods[0])
    return made, goods


def do(act: Act, goods: list[Product]) -> None:
    name, at, value = act
    skus = Sku.objects.order_by("pk")
    picked = skus.filter(pk__in=[pk for n, pk in enumerate(skus.values_list("pk", flat=True)) if n % 6 == at])
    if name == "price":
        picked.update(price_yen=value * 100)
    elif name == "active":
        picked.update(is_active=bool(value % 2))
    elif name == "review":
        picked.update(needs_review=bool(value % 2))
    elif name == "move":
        picked.update(product=goods[value % 2])
    elif name == "gone":
        with connection.cursor() as cursor:  # what no service does, a hand at the database might
            cursor.execute("DELETE FROM catalog_sku WHERE id = ANY(%s)", [list(picked.filter(code__startswith="N").values_list("pk", flat=True))])  # fmt: skip
    elif name == "new":
        code = f"N{Sku.objects.count()}-{at}-{value}"
        Sku.objects.bulk_create([Sku(product=goods[at % 2], code=f"{code}-{n}", code_key=f"{code}-{n}", price_yen=value * 50, option_key=f"{code}-{n}") for n in (1, 2)], ignore_conflicts=True)  # fmt: skip
    else:
        skus.update(price_yen=value * 10)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_to_skus_the_lowest_price_is_of_those_that_are_sold(
    acts: list[Act],
) -> None:
    with transaction.atomic():
        _, goods = two_goods()
        for act in acts:
            do(act, goods)
            assert broken() == [], act
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_goods_without_a_sold_sku_are_not_shown_and_come_back_with_one() -> None:
    two_goods()
    assert lowest() == {"A": 500, "B": 600, "C": None}
    Sku.objects.filter(code="B").update(price_yen=0)
    assert [one.code for one in public.products().order_by("code")] == ["A"]
    Sku.objects.filter(code="B").update(price_yen=450)
    assert [one.code for one in public.cheapest_first(public.products())] == ["B", "A"]


@pytest.mark.django_db
def test_new_goods_stand_without_a_price_until_a_sku_is_sold() -> None:
    Product.objects.bulk_create(
        [Product(number=f"PR-{at}", code=f"NEW-{at}", name="新しい品") for at in (1, 2)]
    )
    assert lowest() == {"NEW-1": None, "NEW-2": None} and broken() == []
    LowestPrice.objects.all().delete()
    assert [row["number"] for row in broken()] == ["PR-1", "PR-2"]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_change_two_skus_of_one_product_at_once_leave_the_lower_price() -> None:
    two_goods()

    def change(code: str, price: int) -> Callable[[], int]:
        return lambda: Sku.objects.filter(code=code).update(price_yen=price)

    change("C", 200)()
    assert overlapping(change("A", 300), change("C", 400)) == [
        1,
        1,
    ]  # the first one changes nothing of the lowest price
    assert lowest()["A"] == 300
