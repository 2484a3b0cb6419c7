"""取引先の操作: customers are gathered by identity as orders come in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import ProtectedError

from akinai.core import activity, clock, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.kana import payer_key, search_key
from akinai.party import masking
from akinai.party.errors import SomebodyElse
from akinai.party.models import Company, Customer, CustomerIdentity, Supplier

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Person:
    """注文者 as an order names them."""

    name: str
    kana: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    postal_code: str = ""
    address: str = ""

    @property
    def identity(self) -> str:
        """識別キー: the mail address, else phone and name, else name and postal code; "" when that says nobody."""
        if "@" in self.email:
            return f"mail:{self.email.strip().lower()}"[:200]
        name = search_key(self.name)
        digits = re.sub(r"\D", "", self.phone)
        if len(digits) >= 9 and name:
            return f"tel:{digits}:{name}"[:200]
        return f"name:{name}:{self.postal_code}"[:200] if name and self.postal_code else ""


INSERT = """
INSERT INTO party_customer (number, identity, name, kana, company, payer_key, email, phone, postal_code, address, note,
                            created_at, search_text)
SELECT number, identity, name, kana, company, payer_key, email, phone, postal_code, address,
       '', %s, search FROM (
  SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[])
    AS p(number, identity, name, kana, company, payer_key, email, phone, postal_code, address, search)
) p
ON CONFLICT (identity) DO NOTHING RETURNING identity, id
"""


# A corrected identity counts more than the row that first came under it.
# Under contact data of a customer who went into another (名寄せ) orders come to the other.
KNOWN = """
SELECT identity, coalesce(merged_into_id, id) FROM party_customer WHERE identity = ANY(%s)
UNION ALL SELECT i.identity, coalesce(c.merged_into_id, c.id) FROM party_customeridentity i
JOIN party_customer c ON c.id = i.customer_id WHERE i.identity = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Customers:
    """顧客 of a call: identity → id, and who among them is new."""

    ids: dict[str, int]
    new: frozenset[int]


def ensure_customers(people: Sequence[Person]) -> Customers:
    """顧客 for these people. New ones are added; two callers at once add each person once.

    Who cannot be told apart from others (no mail, no phone and no address) is left out of the answer.
    """
    wanted: dict[str, Person] = {}
    for person in people:
        if identity := person.identity:
            wanted.setdefault(identity, person)
    known = _ids(list(wanted)) if wanted else {}
    # In rising order, so that two transactions with the same new people never wait for each other in a ring.
    fresh = [wanted[identity] for identity in sorted(wanted) if identity not in known]
    if fresh:
        numbers = numbering.take("customer", len(fresh))
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [clock.now(), *_columns(numbers, fresh)])
            made = dict(cursor.fetchall())
        if len(made) < len(fresh):  # another process added some of them in between
            known |= _ids([person.identity for person in fresh])
        return Customers(known | made, frozenset(made.values()))
    return Customers(known, frozenset())


def _columns(numbers: Sequence[str], people: Sequence[Person]) -> list[list[str]]:
    rows = [
        (
            number, p.identity, p.name[:100], p.kana[:100], p.company[:100],
            payer_key(p.kana or p.name)[:100], p.email[:254], p.phone[:30], p.postal_code[:10],
            p.address[:300], _search_text(p, number),
        )
        for number, p in zip(numbers, people, strict=True)
    ]  # fmt: skip
    return [list(column) for column in zip(*rows, strict=True)]


def _search_text(who: Person | Customer, number: str) -> str:
    """What a customer is looked for by."""
    digits = re.sub(r"[^0-9]", "", who.phone)
    return search_key(f"{who.name} {who.kana} {who.company} {who.email} {digits} {number}")


def _ids(identities: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [identities, identities])
        return dict(cursor.fetchall())


def found_company(**fields: str) -> bool:
    """自社情報を初めて登録する. Out: False when there is one already; it is left as it is."""
    _company, created = Company.objects.get_or_create(pk=1, defaults=fields)
    return created


@transaction.atomic
def save_supplier(supplier: Supplier, *, by: Staff | None) -> Supplier:
    """仕入先の登録・変更, with a number for a new one and a row in its history."""
    is_new = supplier.pk is None
    if is_new:
        supplier.number = numbering.take("supplier")[0]
    supplier.save()
    activity.record(supplier, "create" if is_new else "change", by=by, summary=supplier.name)
    return supplier


def add_supplier(*, by: Staff | None, **fields: str) -> int:
    """仕入先の登録 from plain values (code, name, kana …). Out: its id."""
    return save_supplier(Supplier(**fields), by=by).pk


@transaction.atomic
def take_back_suppliers(
    new: Sequence[int], changed: Mapping[str, Mapping[str, Sequence[str]]], *, by: Staff | None
) -> tuple[int, int]:
    """仕入先の取込の取消: `new` go, `changed` (id → field → before, after) get their old words back. Out: how many of each.

    Raises DomainError where a new supplier has papers or terms by now, or a changed field was changed again; then
    nothing is taken back.
    """
    found = Supplier.objects.select_for_update().in_bulk([*new, *map(int, changed)])
    for pk, fields in changed.items():
        supplier = found.get(int(pk))
        if supplier is None or any(getattr(supplier, name) != after for name, (_, after) in fields.items()):
            name = supplier.name if supplier else pk
            raise DomainError(
                f"仕入先「{name}」は、取り込んだあとに変えられました。",
                way_out="取り込みは取り消せません。仕入先の画面で直してください。",
            )
        for name, (before, _) in fields.items():
            setattr(supplier, name, before)
        save_supplier(supplier, by=by)
    for added in new:
        try:
            if supplier := found.get(added):
                supplier.delete()
        except ProtectedError as error:
            raise DomainError(
                f"仕入先「{found[added].name}」には、発注・入荷・仕入先商品などがあります。",
                way_out="取り込みは取り消せません。使わない仕入先は、そのままにしても害はありません。",
            ) from error
    return len(new), len(changed)


@transaction.atomic
def save_company(company: Company, *, by: Staff | None) -> Company:
    """自社情報の保存. Papers already issued keep what they said."""
    company.pk = 1
    company.save()
    activity.record(company, "change", by=by, summary=company.name)
    return company


CONTACT = ("name", "kana", "company", "email", "phone", "postal_code", "address")


def _refuse_erased(customer: Customer) -> None:
    if customer.erased_at:
        raise DomainError(
            f"{customer.number} は個人情報を消去しました。",
            way_out="新しいお取引の方は、新しい顧客として登録されます。",
        )


@transaction.atomic
def correct_customer(
    customer: Customer, *, by: Staff | None, seen: Mapping[str, str], **fields: str
) -> list[str]:
    """顧客の連絡先を直す. Out: what was changed, one line each; papers and orders that exist keep what they say.

    `seen`: the fields as the clerk had them before the eyes. Orders that come under the new mail address (or telephone
    and name) are gathered here as well as those under the old one. Raises ChangedMeanwhile when somebody else was
    faster, SomebodyElse when another customer has that address already.
    """
    kept = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    _refuse_erased(kept)
    if any(getattr(kept, name) != seen.get(name, getattr(kept, name)) for name in CONTACT):
        raise ChangedMeanwhile(
            f"{kept.number} の連絡先は、ほかの人が直しました。",
            way_out="画面を開き直して、今の内容を確かめてください。",
        )
    changed = [name for name in CONTACT if fields[name] != getattr(kept, name)]
    if not changed:
        return []
    told = [_told(kept, name, fields[name]) for name in changed]
    # The history is kept for ever and shown to everybody: contact data stand there masked, names not at all.
    noted = [_noted(kept, name, fields[name]) for name in changed]
    for name in changed:
        setattr(kept, name, fields[name])
    _gather_here(kept)
    kept.payer_key = payer_key(kept.kana or kept.name)[:100]
    kept.search_text = _search_text(kept, kept.number)
    kept.save(update_fields=[*changed, "payer_key", "search_text"])
    activity.record(kept, "change", by=by, summary="\n".join(noted))
    return told


def _told(customer: Customer, name: str, new: str) -> str:
    title = Customer._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return f"{title}: {getattr(customer, name) or '（なし）'} → {new or '（なし）'}"


MASKED = {"email": masking.mail, "phone": masking.phone, "address": masking.address}


def _noted(customer: Customer, name: str, new: str) -> str:
    title = Customer._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    if name not in MASKED:
        return f"{title}を直しました"
    rule = MASKED[name]
    return f"{title}: {rule(getattr(customer, name)) or '（なし）'} → {rule(new) or '（なし）'}"


def _gather_here(customer: Customer) -> None:
    """The identity of the corrected data leads here. UNIQUE and the customers' own keys refuse a second owner."""
    person = Person(
        customer.name, customer.kana, customer.company, customer.email, customer.phone, customer.postal_code
    )
    identity = person.identity
    if not identity or identity == customer.identity:
        return
    owner = _ids([identity]).get(identity)
    if owner is None:
        CustomerIdentity.objects.create(identity=identity, customer=customer)
    elif owner != customer.pk:
        number = Customer.objects.values_list("number", flat=True).get(pk=owner)
        raise SomebodyElse(
            f"この連絡先は、顧客 {number} のものとして登録されています。",
            way_out=f"同じ方かどうか {number} を開いて確かめてください。",
        )


@transaction.atomic
def note_customer(customer: Customer, *, note: str, by: Staff | None) -> None:
    """顧客のメモ."""
    _refuse_erased(customer)
    customer.note = note.strip()
    customer.save(update_fields=["note"])
    activity.record(customer, "note", by=by)
