"""入金精算の一か月: sales of a mall, a card company and a carrier, their payouts and the bank, down to 0 unexplained and a closed month.

Everything comes in by the command that the night runs; what is left is worked off on the screens.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.accounting.queries.checks import checks_of
from akinai.accounting.tests import life
from akinai.adapters.banks.mufg import writer
from akinai.adapters.settlements.tests import files
from akinai.billing import services as billing
from akinai.billing.services import CreditAsk
from akinai.core import clock, proofs
from akinai.orders.models import Order
from akinai.payments import queries, services
from akinai.payments.models import Settlement, SettlementLineStatus
from akinai.payments.ports import AccountHint, Statement, StatementLine
from akinai.payments.queries import settlements
from akinai.payments.tests.screens import client_of, get, plain, post
from tests.cast import company, staff

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    company()
    with clock.told(timezone.make_aware(datetime(2026, 11, 25, 10))):
        life.goods("TEA-1", cost="600")
        yield


def take(tmp_path: Path, kind: str, name: str, data: bytes, *more: str) -> dict[str, Any]:
    """`akinai intake KIND FILE --json`."""
    path = tmp_path / name
    path.write_bytes(data)
    out = io.StringIO()
    call_command("intake", kind, str(path), "--json", *more, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    return answer


def bank(*lines: tuple[date, int, str]) -> bytes:
    """The shop's account at the bank, with its balance."""
    balance, rows = 1_000_000, []
    for on, yen, payer in lines:
        balance += yen
        rows.append(StatementLine(on, yen, payer, "振込", balance, kind="振込", is_transfer=True))
    return writer.write(Statement(AccountHint(), tuple(rows)))


def sold(no: str, channel: str, **changes: Any) -> Order:
    order = life.order(no, ("TEA-1", 1, 1080), channel=channel, **changes)
    life.ship(order, on=date(2026, 11, 10))
    return order


def unexplained() -> dict[str, int]:
    return {part.name: part.yen for part in queries.unexplained(clock.today()).parts if part.count}


def test_from_the_payout_files_to_zero_and_a_month_that_can_be_closed(tmp_path: Path) -> None:
    mall = [sold(f"R-{n}", "rakuten") for n in (1, 2)]
    card = sold("W-1", "phone", payment="card", payment_settled=True)
    cod = sold("D-1", "phone", payment="cod", payment_settled=False)
    billing.credit(
        life.invoice(card),
        asks=[CreditAsk(500, 1, 1)],
        reason="値引",
        returned_on=life.DAY,
        issued_on=life.DAY,
        by=None,
    )
    life.drain()

    # 精算: the mall pays one order short, and one that is not ours. The card company gives part of an order back.
    rakuten = files.rakuten(
        ("R-1", 1080, "", 50, 1030), ("R-2", 980, "", 45, 935), ("R-99", 300, "", 10, 290)
    )
    answer = take(tmp_path, "settlements", "rakuten.csv", rakuten)
    assert (answer["ok"], answer["created"], answer["exceptions"]) == (True, 1, 2)
    assert take(tmp_path, "settlements", "again.csv", rakuten)["unchanged"] == 1
    take(
        tmp_path, "settlements", "stripe.csv",
        files.stripe(("t1", "charge", 1080, 39, "pi_1", card.number), ("t2", "refund", -500, 0, "pi_1", card.number)),
    )  # fmt: skip
    take(
        tmp_path,
        "settlements",
        "yamato.csv",
        files.collect("送り状番号", ("1234-5678-9013", 1080, 330, 0, cod.number)),
    )
    assert unexplained() == {"lines": 1280, "not_at_bank": 2255 + 541 + 750}

    # 銀行: the three deposits, and one of a mall that has sent no file.
    statement = bank(
        (date(2026, 11, 20), 2255, "ラクテングルーフ゜（カ"), (date(2026, 11, 20), 541, "ストライフ゜シ゛ヤハ゜ン（カ"),
        (date(2026, 11, 20), 750, "ヤマトウンユ（カ"), (date(2026, 11, 24), 5000, "アマソ゛ンシ゛ヤハ゜ン（ト゛"),
    )  # fmt: skip
    assert take(tmp_path, "bank", "bank.csv", statement)["created"] == 4
    client = client_of("鈴木")
    post(client, "payments:tie_settlements")
    assert unexplained() == {"lines": 1280, "deposits": 5000}
    for order, paid in ((mall[0], 1080), (card, 1080), (cod, 1080), (mall[1], 0)):
        order.refresh_from_db()
        assert order.paid_yen == paid

    # 経理: from the number on the first screen through every list, until nothing is left.
    assert "説明のつかない金額 ¥6,280" in plain(get(client, "home:index"))
    short, stranger = SettlementLineStatus.objects.filter(state="open").order_by("line__nth")
    assert "受注の金額より少ない" in plain(get(client, "payments:settlement_line", short.pk))
    post(client, "payments:explain_line", short.pk, "accept", note="楽天のクーポン分")
    post(client, "payments:explain_line", stranger.pk, "book", role="suspense", note="楽天に問い合わせ中")
    (deposit,) = settlements.payout_deposits(staff("鈴木"))
    post(client, "payments:payout_deposit", deposit.pk, provider="amazon", role="gain", note="在庫の補填")
    assert unexplained() == {}
    assert "精算と入金はすべて説明がついています" in plain(get(client, "home:index"))

    # 会計: 未収入金 is empty, the bank has what came, and nothing stands in the way of the month.
    accounting.post_upto()
    assert [life.balance(role) for role in ("collectors", "bank", "receivable")] == [0, 8546, 0]
    assert life.balance("fees") + life.balance("tax_paid") == 50 + 45 + 10 + 39 + 330
    waiting = {check.name: check.count for check in checks_of(NOVEMBER) if check.count and check.must}
    assert waiting == {}
    assert [finding.name for finding in proofs.run_all() if finding.broken] == []

    # 取消: the whole payout back, and in again.
    made = Settlement.objects.get(provider__code="rakuten")
    post(client, "payments:untie_settlement", made.number, note="違うファイル")
    post(client, "payments:reverse_settlement", made.number, note="違うファイル")
    accounting.post_upto()
    assert life.balance("receivable") == 2160
    take(tmp_path, "settlements", "rakuten.csv", rakuten)
    assert [finding.name for finding in proofs.run_all() if finding.broken] == []


def test_a_foreign_payout_is_refused_by_the_command_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        take(
            tmp_path,
            "settlements",
            "usd.csv",
            files.stripe(("t1", "charge", 10, 0, "pi_1", ""), currency="usd"),
        )
    assert not Settlement.objects.exists()
    assert services.match_all(by=None).auto == 0
