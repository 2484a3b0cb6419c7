"""What others may ask of parties (取引先の照会)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet, Subquery
from django.shortcuts import get_object_or_404

from akinai.core.kana import search_key
from akinai.core.remembering import once
from akinai.core.search import search
from akinai.party.models import Company, Customer, CustomerIdentity, Supplier


def company() -> Company:
    """自社: the issuer of papers and the sender of parcels; an empty one, that demands nothing, while nobody has filled it in."""
    return once("company", lambda: company_of(company_row()))


def company_row() -> QuerySet[Company]:
    """自社 as a question, for pages that gather it with others."""
    return Company.objects.order_by("pk")[:1]


def company_of(rows: Sequence[Company] | QuerySet[Company]) -> Company:
    """自社 of what `company_row` found."""
    return next(iter(rows), None) or Company(pk=1, slip_totals=Company.SlipTotals.OPTIONAL)


def issuer_of(company: Company) -> dict[str, str]:
    """自社 as papers and mails name it."""
    postal = company.postal_code
    return {
        "name": company.name,
        "shop_name": company.shop_name,
        "registration_number": company.registration_number,
        "postal_code": f"{postal[:3]}-{postal[3:]}" if len(postal) == 7 else postal,
        "address": " ".join(f"{company.prefecture}{company.city}{company.line1} {company.line2}".split()),
        "phone": company.phone,
        "email": company.email,
    }


def signature(issuer: Mapping[str, str], *, with_number: bool = False) -> str:
    """署名 under a mail; with the 登録番号 under those that carry an invoice."""
    shop = issuer.get("shop_name", "")
    lines = [
        f"{issuer['name']}（{shop}）" if shop and shop != issuer["name"] else issuer["name"],
        " ".join(
            f"{'〒' if issuer['postal_code'] else ''}{issuer['postal_code']} {issuer['address']}".split()
        ),
        f"電話 {issuer['phone']}" if issuer["phone"] else "",
        issuer["email"],
        f"登録番号 {issuer['registration_number']}" if with_number and issuer["registration_number"] else "",
    ]
    return "\n".join(line for line in lines if line)


def find_customers(text: str, *, limit: int = 8) -> list[Customer]:
    """顧客 by name, kana, company, mail, number or phone (with or without hyphens); none for an empty text."""
    if not text.strip():
        return []
    plain = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[^0-9]", "", plain)
    is_phone = len(digits) >= 4 and not re.search(r"[^0-9()+\-‐‑–—―−ー－\s]", plain)
    found = search(Customer.objects.filter(merged_into=None), digits if is_phone else text)
    return list(found.order_by("kana", "id")[:limit])


def id_of_customer(number: str) -> Subquery:
    """The customer's id as a part of a query, so that the index of a table by customer is used."""
    return Subquery(Customer.objects.filter(number=number.strip().upper()).values("pk")[:1])


def customer_id_by_mail(mail: str) -> int | None:
    """The customer under whom orders with this mail address come, if there is one."""
    identity = f"mail:{mail.strip().lower()}"[:200]
    known = CustomerIdentity.objects.filter(identity=identity).select_related("customer").first()
    found = known.customer if known else Customer.objects.filter(identity=identity).first()
    return (found.merged_into_id or found.pk) if found else None


def customer_by_id(pk: int) -> Customer | None:
    return Customer.objects.filter(pk=pk).first()


def customer_by_number(number: str) -> Customer | None:
    return Customer.objects.filter(number=number.strip().upper()).first()


def customers_by_number(numbers: Iterable[str]) -> list[Customer]:
    """These customers, by their 顧客番号."""
    return list(Customer.objects.filter(number__in=set(numbers)))


def supplier_choices(*, stopped_too: bool = False) -> list[tuple[int, str]]:
    """取引中の仕入先 for selections; with those we no longer deal with for looking back."""
    rows = Supplier.objects.order_by("code")
    return list((rows if stopped_too else rows.filter(is_active=True)).values_list("pk", "name"))


def supplier_or_404(pk: int) -> Supplier:
    """仕入先 for a page. Raises Http404."""
    return get_object_or_404(Supplier, pk=pk)


def suppliers(ids: Iterable[int]) -> dict[int, Supplier]:
    """仕入先 by id, one query."""
    return Supplier.objects.in_bulk(set(ids))


def supplier_ids() -> dict[str, int]:
    """仕入先コード (upper case) → id, of those we deal with."""
    rows = Supplier.objects.filter(is_active=True).values_list("code", "pk")
    return {code.upper(): pk for code, pk in rows}


def supplier_ids_by_words(text: str) -> list[int]:
    """Suppliers whose code, name or kana holds every word, whatever the width, case or kana. A shop has few of them."""
    words = [key for word in text.split() if (key := search_key(word))]
    rows = Supplier.objects.values_list("pk", "code", "name", "kana") if words else []
    return [pk for pk, *names in rows if all(word in search_key("|".join(names)) for word in words)]


def customer_numbered(number: str) -> int | None:
    """The customer's id by number."""
    found = Customer.objects.filter(number=number.strip().upper()).values_list("pk", flat=True)
    return found.first()
