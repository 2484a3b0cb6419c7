"""名寄せについていく入金: 預り金 by two rows of the ledger, the payer's names, and who is not chased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from akinai.core import clock, numbering
from akinai.core.money import yen
from akinai.payments.models import CreditBalance, DunningPause, PayerAlias
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from akinai.payments.states import PaymentSource

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class MoneyFollows:
    """預り金と名義の覚え of the customer."""

    code = "payments"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        kept = _credit(customer_id)
        names = PayerAlias.objects.filter(customer_id=customer_id).count()
        found = [("預り金", yen(kept))] if kept else []
        return found + ([("名義の覚え", f"{names:,} 件")] if names else [])

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, Any]:
        amount = _credit(gone)
        if amount:
            _move(amount, gone, kept, "名寄せ", by)
        known = PayerAlias.objects.filter(customer_id=kept).values("payer_key")
        names = list(
            PayerAlias.objects.filter(customer_id=gone)
            .exclude(payer_key__in=known)
            .values_list("pk", flat=True)
        )
        PayerAlias.objects.filter(pk__in=names).update(customer_id=kept)
        pauses: list[int] = []
        if not DunningPause.objects.filter(customer_id=kept, ended_at=None).exists():
            pauses = list(
                DunningPause.objects.filter(customer_id=gone, ended_at=None).values_list("pk", flat=True)
            )
            DunningPause.objects.filter(pk__in=pauses).update(customer_id=kept)
        return {"yen": amount, "names": names, "pauses": pauses}

    def go_back(self, kept: int, gone: int, moved: dict[str, Any], *, by: Staff | None) -> None:
        """As much 預り金 as is left of it; what was used since is used."""
        if amount := min(moved["yen"], _credit(kept)):
            _move(amount, kept, gone, "名寄せの取消", by)
        PayerAlias.objects.filter(pk__in=moved["names"], customer_id=kept).update(customer_id=gone)
        DunningPause.objects.filter(pk__in=moved["pauses"], customer_id=kept).update(customer_id=gone)


def _credit(customer_id: int) -> int:
    rows = CreditBalance.objects.filter(pk=customer_id).values_list("balance_yen", flat=True)
    return rows.first() or 0


def _move(amount: int, source: int, target: int, note: str, by: Staff | None) -> None:
    ledger.write(
        [
            Entry(PaymentSource.CREDIT, -amount, customer_id=source, note=note),
            Entry(PaymentSource.CREDIT, amount, customer_id=target, note=note),
        ],
        on=clock.today(), key=f"merge:{numbering.take('payment')[0]}", by=by,
    )  # fmt: skip
