"""コードを付ける: own codes by rule, in-store numbers, case numbers; nothing twice, whoever asks at once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from akinai.catalog import queries, services
from akinai.catalog.codes import jan_problem
from akinai.catalog.intake import ProductsKind
from akinai.catalog.models import Category, CodeAllocator, InStoreCode, Product, Sku
from akinai.catalog.services.own_codes import Rule
from akinai.catalog.tests.factories import make_sku
from akinai.core import intake
from akinai.core.errors import DomainError
from tests.cast import staff
from tests.together import together

pytestmark = pytest.mark.django_db


def test_in_store_numbers_are_thirteen_digits_with_a_right_check_digit() -> None:
    skus = [make_sku("A"), make_sku("B"), make_sku("C", jan="4901234567894")]
    assert services.give_in_store_codes(skus, by=staff("田中")) == 2
    codes = list(Sku.objects.order_by("code").values_list("jan", flat=True))
    assert codes == ["2000000000015", "2000000000022", "4901234567894"]
    assert not any(jan_problem(code) for code in codes if code)
    assert services.give_in_store_codes(skus, by=None) == 0


def test_a_number_is_never_given_again_even_when_its_sku_lost_it() -> None:
    first, second = make_sku("A"), make_sku("B")
    services.give_in_store_codes([first], by=None)
    Sku.objects.filter(pk=first.pk).update(jan=None)
    CodeAllocator.objects.update(next=1)  # even a counter set back by hand
    services.give_in_store_codes([second], by=None)
    second.refresh_from_db()
    assert second.jan == "2000000000022"


def test_a_number_that_came_in_by_file_is_passed_over() -> None:
    make_sku("OLD", jan="2000000000015")
    sku = make_sku("A")
    services.give_in_store_codes([sku], by=None)
    sku.refresh_from_db()
    assert sku.jan == "2000000000022"


def test_what_was_issued_cannot_be_changed_or_deleted() -> None:
    services.give_in_store_codes([make_sku("A")], by=None)
    for act in (InStoreCode.objects.all().delete, lambda: InStoreCode.objects.update(code="2000000000022")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_each_prefix_counts_for_itself_and_one_is_in_use() -> None:
    a, b, c = make_sku("A"), make_sku("B"), make_sku("C")
    services.give_in_store_codes([a], by=None)
    services.use_prefix("29", by=staff("田中"))
    services.give_in_store_codes([b], by=None)
    services.use_prefix("20", by=staff("田中"))
    services.give_in_store_codes([c], by=None)
    assert [str(code)[:12] for code in Sku.objects.order_by("code").values_list("jan", flat=True)] == [
        "200000000001", "290000000001", "200000000002",
    ]  # fmt: skip
    for wrong in ("19", "30", "2"):
        with pytest.raises(IntegrityError), transaction.atomic():
            CodeAllocator.objects.create(prefix=wrong)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_never_get_one_number() -> None:
    mine = [make_sku(f"A-{n}") for n in range(20)]
    yours = [make_sku(f"B-{n}") for n in range(20)]
    answers = together(
        lambda: services.give_in_store_codes(mine, by=None),
        lambda: services.give_in_store_codes(yours, by=None),
    )
    assert answers == [20, 20]
    assert Sku.objects.values("jan").distinct().count() == InStoreCode.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_clerks_asking_for_the_same_goods_give_each_one_number() -> None:
    skus = [make_sku(f"A-{n}") for n in range(10)]
    answers = together(*[lambda: services.give_in_store_codes(skus, by=None)] * 2)
    assert sorted(answers) == [0, 10] and InStoreCode.objects.count() == 10


def rule(digits: int = 3, next_number: int = 7) -> None:
    category = Category.objects.get_or_create(name="お茶")[0]
    services.write_rule(category, Rule("TEA-", digits, next_number), by=None)


def test_own_codes_count_up_by_category_and_pass_over_what_is_taken() -> None:
    rule()
    make_sku("TEA-008")
    assert [services.take_own_code("お茶") for _ in range(2)] == ["TEA-007", "TEA-009"]
    with pytest.raises(DomainError, match="商品コードが空欄"):
        services.take_own_code("器")
    services.write_rule(None, Rule("P", 5), by=None)
    assert services.take_own_code("器") == "P00001"


def test_a_rule_that_has_run_out_says_so() -> None:
    rule(digits=1, next_number=9)
    assert services.take_own_code("お茶") == "TEA-9"
    with pytest.raises(DomainError, match="使い切りました"):
        services.take_own_code("お茶")


@pytest.mark.django_db(transaction=True)
def test_two_products_registered_at_once_have_different_codes() -> None:
    rule()
    codes = together(*[lambda: services.take_own_code("お茶")] * 4)
    assert sorted(codes) == ["TEA-007", "TEA-008", "TEA-009", "TEA-010"]


def test_a_product_without_a_code_gets_the_next_one(client: Client) -> None:
    rule()
    client.force_login(staff("田中"))
    form = {
        "code": "", "name": "煎茶", "tax_kind": "reduced", "status": "active", "category": "お茶", "kana": "", "brand": "",
        "description": "", "axis-TOTAL_FORMS": "0", "axis-INITIAL_FORMS": "0", "sku-TOTAL_FORMS": "1", "sku-INITIAL_FORMS": "0",
        "sku-0-code": "SEN", "sku-0-price_yen": "1", "sku-0-is_active": "on",
    }  # fmt: skip
    answer = client.post(reverse("catalog:create"), form | {"category": "器"})
    assert answer.status_code == 422 and "自社コードの規則を決めると" in answer.content.decode()
    client.post(reverse("catalog:create"), form)
    assert Product.objects.get().code == "TEA-007"


def test_a_case_is_found_by_its_own_code_with_its_pieces() -> None:
    sku = make_sku("A", jan="4901234567894")
    row = {"id": sku.pk, "itf": "14901234567891", "pieces_per_case": 24}
    services.update_product(sku.product, version=1, values={}, skus=[row], by=None)
    found = queries.find_case("1 4901234 56789 1")
    assert found is not None and (found[0].code, found[1]) == ("A", 24)
    assert queries.find_scanned("14901234567891") is None  # a case is never counted as one piece
    for itf, pieces in (("14901234567891", None), ("04901234567894", 3), ("14901234567891", 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sku.objects.filter(pk=sku.pk).update(itf=itf, pieces_per_case=pieces)


def test_the_list_gives_in_store_numbers_to_chosen_goods(client: Client) -> None:
    sku = make_sku("A")
    client.force_login(staff("田中"))
    client.post(reverse("catalog:list"), {"action": "in_store", "pk": [sku.pk]})
    assert Sku.objects.get().jan == "2000000000015"


def test_the_rule_of_a_category_is_set_on_its_page(client: Client) -> None:
    category = Category.objects.create(name="お茶")
    address = reverse("catalog:category", args=[category.pk])
    client.force_login(staff("部外者"))
    assert client.post(address, {"name": "x"}).status_code == 403
    client.force_login(staff("田中"))
    wrong = client.post(address, {"name": "お茶", "head": "茶", "digits": "2", "next_number": "100"})
    assert (
        wrong.status_code == 422
        and "英数字と" in wrong.content.decode()
        and "2 桁に収まりません" in wrong.content.decode()
    )
    client.post(address, {"name": "日本茶", "head": "TEA-", "digits": "3", "next_number": "7"})
    assert services.take_own_code("日本茶") == "TEA-007"
    assert "TEA-008" in client.get(reverse("catalog:categories")).content.decode()
    client.post(address, {"name": "日本茶", "head": "", "digits": "", "next_number": ""})
    with pytest.raises(DomainError):
        services.take_own_code("日本茶")


def test_a_category_with_goods_stays(client: Client) -> None:
    sku = make_sku("A")
    category = Category.objects.create(name="お茶")
    Product.objects.filter(pk=sku.product_id).update(category=category)
    client.force_login(staff("田中"))
    page = client.post(reverse("catalog:delete_category", args=[category.pk]), follow=True).content.decode()
    assert "商品か登録マニュアルがあります" in page and Category.objects.exists()
    Product.objects.update(category=None)
    client.post(reverse("catalog:delete_category", args=[category.pk]))
    assert not Category.objects.exists()


def test_the_prefix_is_chosen_on_the_page_of_codes(client: Client) -> None:
    client.force_login(staff("田中"))
    client.post(reverse("catalog:set_prefix"), {"head": "29"})
    services.give_in_store_codes([make_sku("A")], by=None)
    page = client.get(reverse("catalog:codes")).content.decode()
    assert "2900000000018" in page or "290000000001" in page
    client.post(reverse("catalog:set_prefix"), {"head": "99"})
    assert CodeAllocator.objects.get(is_active=True).prefix == "29"


def test_a_file_gives_case_codes_with_their_pieces_only() -> None:
    make_sku("A"), make_sku("B")
    head = "SKUコード,ケースのコード（ITF）,ケース入数\n"
    for rows, words in (
        ("A,14901234567891,\n", "ケース入数も"),
        ("A,14901234567890,12\n", "検査数字"),
        ("A,4901234567894,12\n", "14桁"),
        ("A,14901234567891,0\n", "1〜100,000"),
        ("A,14901234567891,12\nB,14901234567891,24\n", "SKU A と同じケース"),
    ):
        _, plan = intake.preview(ProductsKind(), [intake.Upload("商品.csv", (head + rows).encode())], by=None)
        assert len(plan.errors) == 1 and words in plan.errors[0].message
    good = intake.Upload("商品.csv", (head + "A,14901234567891,12\n").encode())
    record, plan = intake.preview(ProductsKind(), [good], by=None)
    intake.apply(record, by=None, files=plan.files)
    assert queries.find_case("14901234567891") is not None
    intake.undo(record, by=None)
    assert queries.find_case("14901234567891") is None
