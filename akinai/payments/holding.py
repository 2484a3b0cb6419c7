"""個人データを持つ部屋としての入金: the names on the bank's lines are books of the shop; what we learned of them goes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from akinai.core.intake.models import IntakeFile
from akinai.core.money import yen
from akinai.party import intake_files, keeping
from akinai.party.erasing import GONE
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, keys_of, mentions, told
from akinai.payments.models import (
    BankLine,
    CreditBalance,
    Due,
    DunningAct,
    DunningPause,
    KeptCard,
    Match,
    PayerAlias,
    Payment,
    PaymentRequest,
)
from akinai.payments.services.cards import take_off
from akinai.payments.states import RequestState

UNFINISHED = (RequestState.REQUESTED, RequestState.AUTHORISED, RequestState.DISPUTED)


NO_CARD = {"brand": "", "last4": "", "expires_year": None, "expires_month": None}


class MoneyHeld:
    """入金・預り金・督促・振込名義."""

    code = "payments"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        paid = Payment.objects.filter(_mine(customer_ids)).order_by("pk")
        names = PayerAlias.objects.filter(customer__in=customer_ids).order_by("pk")
        return [
            Section("ご入金・ご返金", told(paid, "number", "received_on", "amount_yen")),
            Section("覚えた振込名義", told(names, "payer", "payer_key", "learned_at")),
            Section(
                "定期便のカード（決済会社がお預かり）",
                told(
                    _cards(customer_ids),
                    "brand",
                    "last4",
                    "expires_year",
                    "expires_month",
                    "kept_at",
                    "gone_at",
                ),
            ),
        ]

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        names = PayerAlias.objects.filter(customer__in=customer_ids).values_list("payer", "payer_key")
        return Traces(
            words=frozenset(word for row in names for word in row),
            rows=keys_of(Payment.objects.filter(_mine(customer_ids))),
        )

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return [*_owed(customer_ids), *_credit(customer_ids), *_unfinished(customer_ids)]

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mine = _mine(erasee.customer_ids)
        paid = Payment.objects.filter(mine)
        until = keeping.until_of(paid, "received_on")
        lines = BankLine.objects.filter(pk__in=Match.objects.filter(payments__in=paid).values("line"))
        files = IntakeFile.objects.filter(pk__in=lines.exclude(intake_file=None).values("intake_file"))
        chased = DunningAct.objects.filter(
            Q(order__customer__in=erasee.customer_ids) | Q(statement__customer__in=erasee.customer_ids)
        )
        pauses = DunningPause.objects.filter(mine)
        return [
            Share("覚えた振込名義", PayerAlias.objects.filter(customer__in=erasee.customer_ids)),
            Share("定期便のカード", _cards(erasee.customer_ids), NO_CARD, act=take_off),
            Share("督促を止めた理由", mentions(pauses, erasee.words, "reason"), {"reason": GONE}),
            Share("入金・返金の記録", paid, law=keeping.TAX_PAPERS, until=until, columns=["payments_payment.note", "payments_match.reasons"]),
            Share(
                "銀行の入金明細（振込名義）", lines, law=keeping.TAX_PAPERS, until=until,
                columns=[f"payments_bankline.{name}" for name in ("payer", "payer_key", "text", "edi", "memo", "raw")]
                + [f"payments_banklinestatus.{name}" for name in ("proposal", "note", "search_text", "search_grams")],
            ),
            *intake_files.shares("銀行から取り込んだ入金のファイル", files, law=keeping.TAX_DATA, until=until),
            Share(
                "督促の記録", chased, law="法人税法の帳簿書類（売掛金の回収の記録・7年）", until=until,
                columns=["payments_dunningact.sent_to", "payments_dunninganswer.note"],
            ),
        ]  # fmt: skip


def _cards(customer_ids: Sequence[int]) -> QuerySet[KeptCard]:
    return KeptCard.objects.filter(subscription__customer__in=customer_ids).order_by("pk")


def _mine(customer_ids: Sequence[int]) -> Q:
    return Q(order__customer__in=customer_ids) | Q(customer__in=customer_ids)


def _owed(customer_ids: Sequence[int]) -> list[Hindrance]:
    rows = Due.objects.filter(customer__in=customer_ids).select_related("order", "statement")
    return [
        Hindrance(
            f"{one.number} に未入金 {yen(one.owed_yen)} があります。", "入金の消込か、貸倒れ・値引の処理を済ませてください。", reverse("payments:dunning")
        )
        for one in rows.order_by("due_on")[:20]
    ]  # fmt: skip


def _credit(customer_ids: Sequence[int]) -> list[Hindrance]:
    rows = CreditBalance.objects.filter(customer__in=customer_ids, balance_yen__gt=0)
    return [
        Hindrance(
            f"預り金が {yen(one.balance_yen)} あります。", "お客様に返金してください。",
            reverse("payments:credit", args=[one.customer_id]),
        )
        for one in rows
    ]  # fmt: skip


def _unfinished(customer_ids: Sequence[int]) -> list[Hindrance]:
    rows = PaymentRequest.objects.filter(
        order__customer__in=customer_ids, state__in=UNFINISHED
    ).select_related("order")
    return [
        Hindrance(f"決済 {one.number} が終わっていません（{one.get_state_display()}）。", "確定・取消・異議の対応を済ませてください。",
                  reverse("orders:detail", args=[one.order.number]))
        for one in rows.order_by("pk")[:20]
    ]  # fmt: skip


def has_credit() -> Exists:
    """預り金 is owed to somebody: his name is needed."""
    return Exists(CreditBalance.objects.filter(pk=OuterRef("pk"), balance_yen__gt=0))
