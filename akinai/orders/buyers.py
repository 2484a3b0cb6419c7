"""お客様を探す: who is on the phone, with what the shop knows of them, ready to be put into the form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from akinai.core import postal
from akinai.orders.models import Order
from akinai.party import queries as party

SHOWN, ADDRESSES, LOOKED_AT = 8, 3, 200
SHIP = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")


@dataclass(frozen=True, slots=True)
class Buyer:
    """顧客 as the order by phone needs it. `fields`: what goes into the form; `others`: where else we have sent to."""

    number: str
    name: str
    about: str
    memo: str
    fields: dict[str, str]
    others: tuple[dict[str, str], ...]
    orders: int = 0
    last_at: datetime | None = None


def find(text: str) -> list[Buyer]:
    """Buyers by name, kana, phone, mail or number. Three queries, however many there are."""
    customers = party.find_customers(text, limit=SHOWN)
    ids = [customer.pk for customer in customers]
    counted = {
        row["customer_id"]: row
        for row in Order.objects.filter(customer_id__in=ids)
        .values("customer_id")
        .annotate(count=Count("pk"), last=Max("ordered_at"))
    }
    sent_to = _sent_to(ids)
    return [_buyer(customer, counted.get(customer.pk, {}), sent_to[customer.pk]) for customer in customers]


def _buyer(customer: Any, counted: Any, sent_to: Sequence[dict[str, str]]) -> Buyer:
    prefecture, city, line1 = postal.split(customer.address, customer.postal_code)
    fields = {
        "name": customer.name, "kana": customer.kana, "company": customer.company, "phone": customer.phone,
        "email": customer.email, "postal_code": postal.formatted(customer.postal_code), "prefecture": prefecture,
        "city": city, "line1": line1, "line2": "",
    }  # fmt: skip
    own = next((one for one in sent_to if _is_same_place(one, fields)), None)
    if own:  # the order keeps the parts of the address apart
        fields |= {name: own[name] for name in ("prefecture", "city", "line1", "line2")}
    others = tuple(one for one in sent_to if one is not own)[:ADDRESSES]
    about = "・".join(part for part in (customer.kana, customer.phone, customer.address[:24]) if part)
    return Buyer(
        customer.number, customer.name, about, customer.note.strip(), fields, others,
        counted.get("count", 0), counted.get("last"),
    )  # fmt: skip


def _is_same_place(sent_to: dict[str, str], fields: dict[str, str]) -> bool:
    same = ("name", "postal_code")
    whole = f"{sent_to['prefecture']}{sent_to['city']}{sent_to['line1']}"
    return all(sent_to[name] == fields[name] for name in same) and whole.startswith(
        f"{fields['prefecture']}{fields['city']}"
    )


def _sent_to(customer_ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """Where the newest orders of these customers went, each place once, newest first."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = (
        Order.objects.filter(customer_id__in=customer_ids)
        .order_by("-ordered_at", "-id")
        .values("customer_id", *(f"ship_{name}" for name in SHIP))[:LOOKED_AT]
    )
    for row in rows:
        place = {name: row[f"ship_{name}"] for name in SHIP}
        place["postal_code"] = postal.formatted(place["postal_code"])
        if place not in found[row["customer_id"]]:
            found[row["customer_id"]].append(place)
    return found
