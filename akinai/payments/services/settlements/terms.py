"""支払元: the providers as the shop knows them. The doors' own knowledge is where a row begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.kana import payer_key
from akinai.payments import settlement_ports as ports
from akinai.payments.models import PayoutTerms

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def add_usual(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: a row for every provider of the doors that has none."""
    PayoutTerms.objects.bulk_create(
        [
            PayoutTerms(
                code=one.code, title=one.title, finds=one.finds, covers=one.covers, payers=keys_of(one.payers),
                fee_rate=one.fee_rate, due_days=one.due_days,
            )
            for one in ports.PROVIDERS.values()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def keys_of(names: Sequence[str]) -> list[str]:
    """Names of payers as bank lines are compared."""
    return [key for name in names if (key := payer_key(name))]


def terms_of(code: str) -> PayoutTerms:
    """The provider of this code. Raises DomainError for one that nobody has entered."""
    found = PayoutTerms.objects.filter(code=code).first()
    if found is None:
        raise DomainError(
            f"支払元「{code}」は登録されていません。",
            way_out="「精算の支払元」の画面で登録してから取り込んでください。",
        )
    return found


def save_terms(
    terms: PayoutTerms | None,
    *,
    code: str,
    title: str,
    finds: str,
    covers: str,
    payers: Sequence[str],
    fee_rate: int,
    due_days: int,
    note: str,
    by: Staff | None,
) -> PayoutTerms:
    """支払元を登録・変更する. The code of one never changes."""
    fields = {
        "title": title, "finds": finds, "covers": covers, "payers": keys_of(payers), "fee_rate": fee_rate,
        "due_days": due_days, "note": note,
    }  # fmt: skip
    if terms is None:
        if PayoutTerms.objects.filter(code=code).exists():
            raise DomainError(
                f"支払元コード「{code}」は使われています。", way_out="別のコードにしてください。"
            )
        terms = PayoutTerms.objects.create(code=code, **fields)
        activity.record(terms, "create", by=by, summary=title)
        return terms
    for name, value in fields.items():
        setattr(terms, name, value)
    terms.save()
    activity.record(terms, "change", by=by, summary=title)
    return terms


def learn_payer(terms: PayoutTerms, name: str) -> None:
    """名義を覚える: a deposit that a person tied to a settlement of this provider was signed so."""
    key = payer_key(name)
    if key and key not in terms.payers:
        terms.payers = [*terms.payers, key]
        terms.save(update_fields=["payers"])
