"""What the bank's words say, and where the payer's name begins."""

from __future__ import annotations

import pytest

from akinai.adapters.banks.wording import classify, split_text


@pytest.mark.parametrize(
    ("text", "kind", "is_transfer", "payer"),
    [
        ("振込　ｶ)ﾔﾏﾀﾞ", "振込", True, "ｶ)ﾔﾏﾀﾞ"),
        ("振込＊ヤマダ　タロウ", "振込", True, "ヤマダ　タロウ"),
        ("振込１　ヤマダ", "振込", True, "ヤマダ"),
        ("振込入金　サトウ ハナコ", "振込", True, "サトウ ハナコ"),
        ("被振込 ｽｽﾞｷ", "振込", True, "ｽｽﾞｷ"),
        ("フリコミ ヤマダ", "振込", True, "ヤマダ"),
        ("ﾌﾘｺﾐ ﾔﾏﾀﾞ", "振込", True, "ﾔﾏﾀﾞ"),
        ("ことら送金 ヤマダ", "振込", True, "ヤマダ"),
        ("振込　リソクショウジ", "振込", True, "リソクショウジ"),
        ("振込　1234ヤマダタロウ", "振込", True, "1234ヤマダタロウ"),
        ("振込", "振込", True, ""),
        ("ヤマダ　タロウ", "その他", True, "ヤマダ　タロウ"),
        ("カ）ヤマタ゛シヨウシ゛", "その他", True, "カ）ヤマタ゛シヨウシ゛"),
        ("振込手数料", "手数料", False, ""),
        ("ATM手数料", "手数料", False, ""),
        ("ﾌﾘｺﾐﾃｽｳﾘﾖｳ", "手数料", False, ""),
        ("利息", "利息", False, ""),
        ("お利息", "利息", False, ""),
        ("決算お利息", "利息", False, ""),
        ("普通預金利息", "利息", False, ""),
        ("ﾘｿｸ", "利息", False, ""),
        ("口座振替　デンキ", "口座振替", False, ""),
        ("ｺｳｻﾞﾌﾘｶｴ ｽｲﾄﾞｳ", "口座振替", False, ""),
        ("ＡＴＭ　セブン銀行", "現金", False, ""),
        ("カ－ド", "現金", False, ""),
        ("現金", "現金", False, ""),
        ("小切手", "小切手", False, ""),
        ("振替　ＳＢＩ証券", "その他", False, ""),
        ("普通　代表口座", "その他", False, ""),
        ("ＳＢＩハイブリッド預金", "その他", False, ""),
        ("国税還付金", "その他", False, ""),
    ],
)
def test_money_in(text: str, kind: str, is_transfer: bool, payer: str) -> None:
    found = split_text(text, 1000)
    assert (found.kind, found.is_transfer, found.payer, found.is_cancellation) == (
        kind,
        is_transfer,
        payer,
        False,
    )


@pytest.mark.parametrize(
    "text", ["振込組戻　ヤマダ", "組戻資金", "ｸﾐﾓﾄﾞｼ", "振込取消", "取消", "訂正", "振込資金返却"]
)
def test_returned_transfers(text: str) -> None:
    found = split_text(text, 1000)
    assert (found.is_cancellation, found.is_transfer) == (True, False)


def test_money_out_is_never_a_customers_payment() -> None:
    assert not split_text("振込　ｶ)ﾔﾏﾀﾞ", -1000).is_transfer
    assert not split_text("ヤマダ　タロウ", -1000).is_transfer
    assert not classify("振込１", -1000).is_transfer


def test_words_in_their_own_column_leave_the_payer_alone() -> None:
    assert classify("振込９", 1000, "フリコミモト－アカウント").payer == "フリコミモト－アカウント"
    assert classify("水道", -3628).kind == "その他"
