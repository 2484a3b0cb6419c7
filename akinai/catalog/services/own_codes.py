"""コードを付ける: the shop's own codes by the category's rule, in-store numbers, case numbers. Never the same twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.catalog.codes import code_key
from akinai.catalog.models import Category, CodeAllocator, CodeRule, InStoreCode, Product, Sku
from akinai.catalog.models.codes import MAX_SERIAL
from akinai.catalog.services.batch import Batch, lock_products, write
from akinai.core import activity, barcodes, clock
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

TAKE = """
UPDATE catalog_coderule SET next = next + 1 WHERE id = %s AND next < power(10, digits)::bigint
RETURNING prefix || lpad((next - 1)::text, digits, '0')
"""
SERIALS = """
UPDATE catalog_codeallocator SET next = next + %s WHERE is_active AND next + %s <= %s RETURNING prefix, next - %s
"""


def rule_of(category: str | None) -> CodeRule | None:
    """自社コードの規則 of this category by name, else the one for all goods."""
    rules = CodeRule.objects.filter(category__name=category) if category else CodeRule.objects.none()
    return rules.first() or CodeRule.objects.filter(category=None).first()


def take_own_code(category: str | None) -> str:
    """次の自社コード. The counter's row is the guard: two callers never get the same. Raises DomainError without a rule."""
    rule = rule_of(category)
    if rule is None:
        raise DomainError(
            "商品コードが空欄です。",
            way_out="コードを入れるか、カテゴリの設定で自社コードの規則を決めてください。",
        )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [rule.pk])
            found = cursor.fetchone()
        if found is None:
            raise DomainError(
                f"自社コード「{rule.prefix}」の番号を使い切りました。",
                way_out="カテゴリの設定で桁数を増やすか、頭の文字を変えてください。",
            )
        code = str(found[0])
        taken = (
            Product.objects.filter(code=code).exists() or Sku.objects.filter(code_key=code_key(code)).exists()
        )
        if not taken:
            return code


@transaction.atomic
def give_in_store_codes(skus: Iterable[Sku], *, by: Staff | None) -> int:
    """インストアコードの発行 for those without a JAN. Returns how many were given.

    The allocator's row is locked by the UPDATE, and each number is written down for good, so none is given twice.
    """
    ids = [sku.pk for sku in skus]
    lock_products(Sku.objects.filter(pk__in=ids).values_list("product", flat=True))
    waiting = list(Sku.objects.filter(pk__in=ids, jan=None).select_related("product").order_by("pk"))
    if not waiting:
        return 0
    batch = Batch()
    codes = _free_numbers(len(waiting))
    for sku, code in zip(waiting, codes, strict=True):
        batch.edit(sku, "jan", code)
    write(batch, by=by, verb="update", created="", changed="インストアコードの発行: ")
    now = clock.now()
    InStoreCode.objects.bulk_create(
        [InStoreCode(code=code, sku=sku, at=now, by=by) for sku, code in zip(waiting, codes, strict=True)]
    )
    return len(waiting)


def _free_numbers(count: int) -> list[str]:
    """That many numbers that nobody has: neither issued nor taken in as the JAN of some SKU."""
    CodeAllocator.objects.get_or_create(prefix="20", defaults={"is_active": not _has_active()})
    found: list[str] = []
    while len(found) < count:
        wanted = count - len(found)
        with connection.cursor() as cursor:
            cursor.execute(SERIALS, [wanted, wanted, MAX_SERIAL, wanted])
            answer = cursor.fetchone()
        if answer is None:
            raise DomainError(
                "インストアコードの番号を使い切りました。",
                way_out="カテゴリの画面で別の頭の2桁を選んでください。",
            )
        prefix, first = answer
        made = [barcodes.in_store_code(serial, prefix=prefix) for serial in range(first, first + wanted)]
        taken = set(Sku.objects.filter(jan__in=made).values_list("jan", flat=True))
        taken |= set(InStoreCode.objects.filter(code__in=made).values_list("code", flat=True))
        found += [code for code in made if code not in taken]
    return found


def _has_active() -> bool:
    return CodeAllocator.objects.filter(is_active=True).exists()


@transaction.atomic
def use_prefix(prefix: str, *, by: Staff | None) -> CodeAllocator:
    """頭の2桁を選ぶ (20–29). Each prefix counts for itself, so coming back to one goes on where it stood."""
    CodeAllocator.objects.select_for_update().filter(is_active=True).exclude(prefix=prefix).update(
        is_active=False
    )
    allocator, _ = CodeAllocator.objects.update_or_create(prefix=prefix, defaults={"is_active": True})
    activity.record(allocator, "update", by=by, summary=f"インストアコードの頭を {prefix} にしました。")
    return allocator


@dataclass(frozen=True, slots=True)
class Rule:
    """自社コードの規則: TEA- and four digits, next 12."""

    prefix: str
    digits: int
    next_number: int = 1


@transaction.atomic
def write_rule(category: Category | None, rule: Rule | None, *, by: Staff | None) -> None:
    """自社コードの規則を決める (None: やめる) of a category, or of all goods without a rule of their own.

    Codes given so far stay, and a number that is taken is passed over, so setting the counter back does no harm.
    """
    there = CodeRule.objects.select_for_update().filter(category=category).first()
    known = Rule(there.prefix, there.digits, there.next) if there else None
    if known == rule:
        return
    if rule is None:
        CodeRule.objects.filter(category=category).delete()
    else:
        CodeRule.objects.update_or_create(
            category=category,
            defaults={"prefix": rule.prefix, "digits": rule.digits, "next": rule.next_number},
        )
    if category is not None:
        text = f"{rule.prefix}{rule.next_number:0{rule.digits}d} から" if rule else "なし"
        activity.record(category, "update", by=by, summary=f"自社コードの規則 {text}")
