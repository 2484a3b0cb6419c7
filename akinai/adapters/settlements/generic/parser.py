"""汎用: never detected by itself, because money is read only when a person has chosen this format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.adapters.settlements.sheet import SheetDoor
from akinai.core.tables import refuse
from akinai.payments.ports import MappedField
from akinai.payments.settlement_ports import Payout

# field → (label, names that mean it without asking, help).
FIELDS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "paid_on": ("入金日", ("入金日", "振込日", "支払日", "送金日", "入金予定日", "振込予定日"), ""),
    "amount": ("金額（売上）", ("決済金額", "売上金額", "取引金額", "金額", "請求金額", "代引金額"), "返金はマイナスか、「区分」に返金とある行です。"),
    "order_no": ("注文番号", ("注文番号", "受注番号", "注文ID", "オーダーID", "取引先注文番号", "店舗取引ID"), "注文番号・決済の番号・送り状番号の、どれか 1 つは必要です。"),
    "reference": ("決済の番号", ("決済番号", "取引番号", "取引ID", "決済ID", "トランザクションID"), ""),
    "tracking_no": ("送り状番号", ("送り状番号", "伝票番号", "お問い合わせ番号"), ""),
    "refund": ("返金額", ("返金額", "キャンセル金額"), ""),
    "points": ("ポイント・クーポン", ("ポイント利用額", "クーポン利用額"), "モールが負担する分だけを選びます。"),
    "fee": ("手数料", ("手数料", "決済手数料", "手数料(税込)", "加盟店手数料"), ""),
    "fee_tax": ("手数料の消費税", ("消費税", "消費税額"), ""),
    "net": ("差引金額", ("差引金額", "入金額", "振込額", "精算金額"), ""),
    "item": ("項目", ("項目", "利用項目", "明細項目"), "1 行 1 項目（商品代金・手数料など）のファイルのときだけ選びます。"),
    "text": ("区分", ("区分", "取引区分", "取引種別", "ステータス", "摘要"), ""),
    "payout_no": ("精算番号", ("精算番号", "振込番号", "支払番号", "入金番号"), "なければ入金日で 1 回の精算と見ます。"),
    "payout_yen": ("振込合計額", ("振込金額", "振込合計額"), ""),
    "on": ("取引日", ("取引日", "決済日", "売上日", "注文日", "取引日時"), ""),
}  # fmt: skip


class GenericSettlement(SheetDoor):
    code = "generic"
    title = "汎用（列を指定）"
    provider = ""
    fields = tuple(
        MappedField(field, label, names, field in ("paid_on", "amount"), help_text)
        for field, (label, names, help_text) in FIELDS.items()
    )

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        chosen = {field: name for field, name in (columns or {}).items() if name}
        self.columns = {field: (name,) for field, name in chosen.items()}
        self.needs = tuple(chosen)

    def with_columns(self, columns: Mapping[str, str]) -> GenericSettlement:
        """The format for a file whose columns a person has named: field (see FIELDS) → header text."""
        return GenericSettlement(columns)

    def sniff(self, data: bytes, filename: str) -> bool:
        return False

    def read(self, data: bytes, filename: str) -> Sequence[Payout]:
        lacking = [FIELDS[name][0] for name in ("paid_on", "amount") if name not in self.columns]
        if not {"order_no", "reference", "tracking_no"} & set(self.columns):
            lacking.append("注文番号・決済の番号・送り状番号のどれか")
        if lacking:
            names = "、".join(f"「{label}」" for label in lacking)
            raise refuse(
                filename,
                f"{names}の列が決まっていません。取込の画面の「列の対応」で選んでください"
                "（コマンドでは --column amount=決済金額 のように指定します）。",
            )
        return super().read(data, filename)
