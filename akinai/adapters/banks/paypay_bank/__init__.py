"""PayPay銀行: 操作日(年),操作日(月),操作日(日),…,取引順番号,摘要,お支払金額,お預り金額,残高,メモ"""

from akinai.adapters.banks.paypay_bank.parser import PayPayBank

__all__ = ["PayPayBank"]
