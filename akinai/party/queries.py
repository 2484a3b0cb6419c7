"""What others may ask of parties (取引先の照会)."""

from __future__ import annotations

from akinai.party.models import Company, Supplier


def company() -> Company:
    """自社: the issuer of papers and the sender of parcels; an empty one while nobody has filled it in."""
    return Company.objects.first() or Company(pk=1)


def supplier_choices() -> list[tuple[int, str]]:
    """取引中の仕入先 for selections."""
    return list(Supplier.objects.filter(is_active=True).order_by("code").values_list("pk", "name"))


def supplier_ids() -> dict[str, int]:
    """仕入先コード (upper case) → id, of those we deal with."""
    rows = Supplier.objects.filter(is_active=True).values_list("code", "pk")
    return {code.upper(): pk for code, pk in rows}
