"""入金精算の画面: the number on the first screen leads to the line, and each line to its act."""

from __future__ import annotations

import pytest
from django.urls import reverse

from akinai.payments.models import PayoutTerms, Settlement, SettlementLineStatus
from akinai.payments.tests.factories import again, credit
from akinai.payments.tests.screens import client_of, get, plain, post, said
from akinai.payments.tests.settling import PAID_ON, fee, line_of, mall, sale, take

pytestmark = pytest.mark.django_db
PAGES = (
    "settlements",
    "settlement_lines",
    "payout_deposits",
    "payout_overdue",
    "payout_terms",
    "unexplained",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_screen_opens_for_accounting_and_not_for_the_warehouse(page: str) -> None:
    mall("R-1")
    take(sale("R-1"), sale("R-404", 500), fee(38, "R-1"))
    get(client_of("鈴木"), f"payments:{page}")
    assert client_of("高橋").get(reverse(f"payments:{page}")).status_code == 403


def test_the_first_screen_shows_what_nothing_explains() -> None:
    mall("R-1")
    take(sale("R-404", 500), fee(38))
    page = plain(get(client_of("鈴木"), "home:index"))
    assert "説明のつかない金額 ¥962" in page
    assert "説明のつかない金額" not in plain(get(client_of("高橋"), "home:index"))


def test_the_way_from_the_number_to_zero() -> None:
    order = mall("R-1", 1000)
    made = take(sale("R-1", 1100), fee(38, "R-1"))
    credit(1062, "ﾗｸﾃﾝｸﾞﾙ-ﾌﾟ", PAID_ON)
    client = client_of("鈴木")
    page = plain(get(client, "payments:unexplained"))
    assert "説明のつかない精算明細 ¥1,100" in page and "銀行で見えない精算 ¥1,062" in page
    line = line_of(made)
    page = plain(get(client, "payments:settlement_line", line))
    assert "受注の金額より多い" in page and f"{order.number} の請求 ¥1,000" in page
    answer = post(client, "payments:explain_line", line, "accept", note="送料の差")
    assert answer.headers["Location"] == reverse("payments:settlement", args=[made.number])
    assert again(order).paid_yen == 1000
    assert "1 件" in said(post(client, "payments:tie_settlements"))
    assert "¥0 すべて説明がついています" in plain(get(client, "payments:unexplained"))


def test_a_refused_act_says_why_and_changes_nothing() -> None:
    made = take(sale("R-404", 500))
    client = client_of("鈴木")
    answer = post(client, "payments:explain_line", line_of(made), "tie", order="SO-2026-999999")
    assert "見つかりません" in said(answer)
    assert SettlementLineStatus.objects.get(settlement=made).state == "open"


def test_an_outsider_changes_nothing() -> None:
    made = take(sale("R-404", 500))
    client = client_of("佐藤")
    for name, args in (("explain_line", (line_of(made), "book")), ("reverse_settlement", (made.number,))):
        assert (
            client.post(reverse(f"payments:{name}", args=args), {"role": "gain", "note": "x"}).status_code
            == 403
        )
    assert SettlementLineStatus.objects.get(settlement=made).state == "open"


def test_a_settlement_is_tied_by_hand_untied_and_reversed() -> None:
    mall("R-1")
    made = take(sale("R-1"))
    deposit = credit(1080, "ﾐﾎﾝｹﾂｻｲ", PAID_ON)
    client = client_of("鈴木")
    assert "金額が一致・入金日が一致" in plain(get(client, "payments:settlement", made.number))
    post(client, "payments:tie_settlement", made.number, line=deposit.pk)
    post(client, "payments:untie_settlement", made.number, note="間違い")
    post(client, "payments:reverse_settlement", made.number, note="違うファイル")
    assert Settlement.objects.get().status.state == "reversed"
    assert "取り消した精算です" in plain(get(client, "payments:settlement", made.number))


def test_a_deposit_without_a_file_is_explained_on_its_page() -> None:
    deposit = credit(5000, "ﾗｸﾃﾝｸﾞﾙ-ﾌﾟ", PAID_ON)
    client = client_of("鈴木")
    assert "楽天市場の精算" in plain(get(client, "payments:payout_deposit", deposit.pk))
    post(client, "payments:payout_deposit", deposit.pk, provider="rakuten", role="gain", note="協賛金")
    assert Settlement.objects.get().net_yen == 5000
    assert client.get(reverse("payments:payout_deposit", args=[deposit.pk])).status_code == 404


def test_a_provider_is_registered_and_changed() -> None:
    client = client_of("鈴木")
    told = {
        "code": "gmo",
        "title": "GMOペイメント",
        "finds": "request",
        "payers": "ｼﾞ-ｴﾑｵ-",
        "fee_rate": "10",
        "due_days": "40",
    }
    post(client, "payments:add_payout_terms", **told)
    made = PayoutTerms.objects.get(code="gmo")
    assert made.payers == ["ジエムオ"]
    post(client, "payments:edit_payout_terms", "gmo", **told | {"code": "other", "due_days": "30"})
    made.refresh_from_db()
    assert (made.code, made.due_days) == ("gmo", 30)
    assert "1 以上" in get_422(client, told | {"code": "x", "due_days": "0"})


def get_422(client: object, told: dict[str, str]) -> str:
    response = client.post(reverse("payments:add_payout_terms"), told)  # type: ignore[attr-defined]
    assert response.status_code == 422
    return response.content.decode()


def test_the_orders_page_tells_of_its_settlement() -> None:
    order = mall("R-1")
    take(sale("R-1"))
    page = plain(get(client_of("鈴木"), "orders:detail", order.number))
    assert "楽天市場 R-2026-11" in page


def test_lists_ask_a_small_number_of_queries(django_assert_max_num_queries: object) -> None:
    for nth in range(5):
        mall(f"R-{nth}")
        take(sale(f"R-{nth}"), sale(f"R-40{nth}", 500), number=f"N-{nth}")
    client = client_of("鈴木")
    for page, most in (("settlements", 8), ("settlement_lines", 8), ("unexplained", 8)):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            client.get(reverse(f"payments:{page}"))
